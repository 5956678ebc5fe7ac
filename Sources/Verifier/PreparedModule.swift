import Bytecode

/// A type of a verified module, flat, for the machine.
public struct PreparedType {
    public enum Kind: UInt8, Sendable {
        case boolean, integer, bytes32, bytes, text, list, option, structure, enumeration, tensor, token, tokenList
    }

    public var kind: Kind
    /// Integers: negative values allowed.
    public var isSigned = false
    /// Values are arena objects.
    public var isObject = false
    /// Lists: the elements are objects. Structs, enums, options: always set.
    public var holdsObjects = false
    /// Tensors: the bytes of an element and the number of dimensions.
    public var elementBytes: UInt8 = 0
    public var rank: UInt8 = 0
    /// Integers: bits of the container.
    public var bits: Int32 = 0
    /// Most elements or bytes.
    public var capacity: Int32 = 0
    /// List, option: the type inside. Struct: its fields in `children`. Enum: its cases in `cases`. Token: the asset.
    /// Interface: its index, for other 32-byte values -1.
    public var first: Int32 = -1
    public var count: Int32 = 0
    /// Declared dimensions; 0 is any size.
    public var dimensions: (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    /// Bytes of the longest encoding, at most `Int64.max / 4`.
    public var encodedBytesLimit: Int64 = 0
    /// Cell of the zero value in `zeros`; -1 without one.
    public var zero: Int32 = -1
}

/// A run of type indices in `children`.
public struct PreparedRange {
    public var first: Int32
    public var count: Int32
}

/// A place for state, flat.
public struct PreparedSlot {
    public enum Kind: UInt8, Sendable { case plain, vault, sealedCommitment, sealedValue, phase }
    public var kind: Kind
    public var keyCount: UInt8
    public var isIterable: Bool
    /// One key whose encoding, padded, is the overlay key.
    public var isPadded: Bool
    /// One key of 32 bytes, which is the overlay key as it stands.
    public var isBytes32Key: Bool
    /// Names a bound asset: written once.
    public var isAssetBinding: Bool
    public var type: Int32
    public var keys: (Int32, Int32, Int32)
    /// Vaults: the asset.
    public var asset: Int32
    /// Most entries under the leading keys.
    public var capacity: Int64
}

/// A function, flat.
public struct PreparedFunction {
    /// Words from the module's first word of code.
    public var codeOffset: UInt32
    public var wordCount: UInt32
    /// Gas of the first block.
    public var entryGas: UInt32
    /// Registers that it and what it calls may use.
    public var stackRegisters: UInt32
    /// Frames that it and what it calls may use, its own included.
    public var stackFrames: UInt32
    public var parameterCount: Int32
    /// -1 without a result.
    public var result: Int32
    /// The types of its registers, in `children`; the parameters come first.
    public var registers: PreparedRange
    public var isReadOnly: Bool
}

/// A method of another contract, flat.
public struct PreparedImport {
    public var interface: Int32
    public var method: Int32
    public var parameters: PreparedRange
    /// -1 without a result.
    public var result: Int32
    public var isView: Bool
}

/// A phase of a round, flat.
public struct PreparedPhase {
    public enum Duration: UInt8, Sendable { case none, blocks, milliseconds, slot }
    public var duration: Duration
    public var hasCondition: Bool
    /// -1 without one.
    public var successor: Int32
    /// Blocks, milliseconds, or the slot that keeps the blocks.
    public var length: Int64
}

/// A round, flat.
public struct PreparedRound {
    public var phaseSlot: Int32
    public var enteredSlot: Int32
    /// In `phases`.
    public var phases: PreparedRange
}

/// A sealed value, flat.
public struct PreparedSealed {
    public var round: Int32
    public var commitPhase: Int32
    public var revealPhase: Int32
    public var commitmentSlot: Int32
    public var valueSlot: Int32
    public var keyType: Int32
    public var valueType: Int32
    /// The canonical encoding of "Round.field" in `texts`.
    public var name: PreparedRange
}

/// What the machine reads of a verified module: addresses that live as long as the `VerifiedModule`.
public struct PreparedModule {
    public var code: UnsafePointer<UInt64>
    public var functions: UnsafePointer<PreparedFunction>
    public var types: UnsafePointer<PreparedType>
    public var children: UnsafePointer<Int32>
    public var cases: UnsafePointer<PreparedRange>
    /// Cells of five words.
    public var constants: UnsafePointer<UInt64>
    public var zeros: UnsafePointer<UInt64>
    public var slots: UnsafePointer<PreparedSlot>
    public var events: UnsafePointer<PreparedRange>
    public var errors: UnsafePointer<PreparedRange>
    public var imports: UnsafePointer<PreparedImport>
    public var sealed: UnsafePointer<PreparedSealed>
    public var rounds: UnsafePointer<PreparedRound>
    public var phases: UnsafePointer<PreparedPhase>
    public var texts: UnsafePointer<UInt8>
    public var functionCount: Int
    public var importCount: Int
    public var assetCount: Int
}

/// The most a module may use of the machine.
public enum MachineLimits {
    /// Registers that the functions of one contract may have on the stack together.
    public static let stackRegisters = ModuleLimits.stackRegisters
    /// Functions of one contract that may be active together.
    public static let stackFrames = 1_024
    /// Contracts that may be active together.
    public static let callDepth = 8
    /// Attempts within attempts (`tryLocal`) of one contract: each takes host stack.
    public static let attempts = ModuleLimits.attempts
    /// Elements of a list.
    public static let listElements = 65_536
    /// Levels of types within types.
    public static let typeDepth = ModuleLimits.typeDepth
    /// Elements of a tensor.
    public static let tensorElements = 1 << 24
}
