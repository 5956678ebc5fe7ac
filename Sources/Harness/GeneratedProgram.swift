import Numerics

/// Types that generated programs use.
indirect enum GeneratedType: Hashable {
    case boolean
    /// `Int<bits>`; 256 is written `Int`.
    case int(bits: Int)
    case amount
    case fixed
    case address
    case hash
    case bytes(capacity: Int)
    case text(capacity: Int)
    case list(GeneratedType, capacity: Int)
    case option(GeneratedType)
    case structure(Int)
    case enumeration(Int)

    var text: String {
        switch self {
        case .boolean: "Bool"
        case .int(256): "Int"
        case .int(let bits): "Int<\(bits)>"
        case .amount: "Amount"
        case .fixed: "Fixed"
        case .address: "Address"
        case .hash: "Hash"
        case .bytes(let capacity): "Bytes<\(capacity)>"
        case .text(let capacity): "Text<\(capacity)>"
        case .list(let element, let capacity): "List<\(element.text), \(capacity)>"
        case .option(let wrapped): "\(wrapped.text)?"
        case .structure(let index): "Shape\(index)"
        case .enumeration(let index): "Kind\(index)"
        }
    }

    /// Bits of the largest magnitude; nil unless an integer.
    var integerBits: Int? {
        switch self {
        case .int(let bits): bits
        case .amount: 256
        default: nil
        }
    }
}

/// A name that generated code can use.
struct GeneratedName {
    var name: String
    var type: GeneratedType
    var isVariable: Bool
    /// A parameter: the compiler cannot know its value.
    var isParameter = false
}

/// Declarations that the code of a generated program draws on.
struct GeneratedDeclarations {
    struct Member {
        var name: String
        var type: GeneratedType
    }
    struct Callable {
        var name: String
        var parameters: [GeneratedType]
        var result: GeneratedType
        /// Does it read or write state?
        var usesState: Bool
        var writesState: Bool
    }
    struct Map {
        var name: String
        var key: GeneratedType
        var value: GeneratedType
        var capacity: Int?
    }
    var structures: [[Member]] = []
    var enumerations: [[(name: String, payload: [Member])]] = []
    /// Named constants, integers of at most 65 bits.
    var constants: [String] = []
    var callables: [Callable] = []
    var state: [GeneratedName] = []
    /// State that can only be read.
    var readable: [GeneratedName] = []
    var maps: [Map] = []
    var vaults: [String] = []
    var events: [(name: String, parameters: [GeneratedType])] = []
    var errors: [(name: String, parameters: [GeneratedType])] = []
    /// A state field of interface type, its contract's view and action.
    var peer: String?
    var component = Component()

    /// The component that the contract uses.
    struct Component {
        var isDeclared = false
        var uses: [String] = []
        var functions: [Callable] = []
        var privateFunction: String?
        var state: [GeneratedName] = []
    }
}
