/// The sizes beyond which a module is refused, by the decoder and by the verifier alike.
public enum ModuleLimits {
    /// A whole artefact.
    public static let artefactBytes = 1 << 20
    public static let nameBytes = 256
    public static let documentationBytes = 16_384
    public static let constantBytes = 65_536
    public static let types = 4_096
    /// Fields of a struct, cases of an enum, payloads of a case, parameters, methods.
    public static let members = 256
    public static let constants = 16_384
    public static let assets = 64
    public static let slots = 512
    public static let slotKeys = 3
    public static let rounds = 64
    /// A set of phases is a 16-bit mask.
    public static let phases = 16
    public static let sealed = 64
    /// Events and errors, each.
    public static let signatures = 256
    public static let interfaces = 64
    public static let imports = 512
    public static let functions = 1_024
    public static let registers = 250
    public static let functionWords = 65_536
    public static let sources = 256
    public static let tensorRank = 4
    /// Elements of a list; bytes of bytes and text.
    public static let capacity = 1 << 20
    /// Entries of an iterable map, blocks of a phase: any positive 48-bit number.
    public static let number = 1 << 48
    /// Levels of types within types.
    public static let typeDepth = 16
    /// Registers that the functions of one contract may have on the stack together.
    public static let stackRegisters = 16_384
    /// Attempts within attempts (`tryLocal`) of one contract: each takes host stack.
    public static let attempts = 8
}
