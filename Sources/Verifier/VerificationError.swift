/// Why a module was refused.
public struct VerificationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of defect; the raw value is the stable code.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// A table has more entries than allowed, or a size is out of bounds.
        case limit = "V0101"
        /// An index points outside its table.
        case index = "V0102"
        /// A type that contains itself, is too deep, or may not stand where it does.
        case type = "V0103"
        /// A slot, round, sealed value or asset is ill-formed.
        case state = "V0104"
        /// An entry point or an interface is ill-formed.
        case entry = "V0105"
        /// An unknown opcode, a missing second word, or a field that must be zero.
        case encoding = "V0106"
        /// A jump to a place that is not an instruction of the function, or backward by anything but `loop`.
        case target = "V0107"
        /// A register out of range or of the wrong type.
        case operand = "V0108"
        /// A register that is read before it is written on some path.
        case unassigned = "V0109"
        /// A token that would be copied, dropped or used twice.
        case linearity = "V0110"
        /// A call to a function that is not before the caller, or a stack that grows too deep.
        case call = "V0111"
        /// A change of state in a function that promises not to make one.
        case readOnly = "V0112"
        /// A phase guard or a seal out of place.
        case phase = "V0113"
        /// Code that runs past the end of its function.
        case end = "V0114"
        /// More work than the verifier is allowed.
        case budget = "V0115"
        /// A gas schedule that this machine does not have.
        case schedule = "V0116"
    }

    public var code: Code
    /// The function at fault; nil for a table.
    public var function: Int?
    /// The word of the function's code.
    public var word: Int?
    public var message: String

    public init(_ code: Code, function: Int? = nil, word: Int? = nil, _ message: String) {
        self.code = code
        self.function = function
        self.word = word
        self.message = message
    }

    public var description: String {
        var place = ""
        if let function { place += " in function \(function)" }
        if let word { place += " at word \(word)" }
        return "\(code.rawValue): \(message)\(place)"
    }
}
