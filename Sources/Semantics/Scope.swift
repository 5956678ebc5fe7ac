import Diagnostics
import Syntax

/// What a declared name stands for.
enum Symbol {
    case structure(StructID)
    case enumeration(EnumID)
    case interface(InterfaceID)
    case contract(ContractID)
    /// Index into the checker's constants.
    case constant(Int)
    case function(FunctionID)
    case asset(AssetIndex)
    case field(FieldIndex)
    /// Index into the roles of the contract.
    case role(Int)
    case event(Int)
    case error(Int)
    case round(Int)
    case component
    case suite(Int)
    /// Index into the uses of the contract.
    case use(Int)
    /// A name in a component, outside of any use.
    case componentMember
    /// Two imported files both declare the name.
    case ambiguous

    /// Could the name stand where a value does (if only to be told that it is none)?
    var isValue: Bool {
        switch self {
        case .function, .event, .error, .role, .ambiguous, .componentMember: false
        default: true
        }
    }

    /// How something that is no function is used where it was called.
    func usage(_ name: String) -> String? {
        switch self {
        case .event: "events are told of by 'emit \(name)(…)'"
        case .error: "errors are raised by 'fail \(name)', or named behind 'else'"
        case .round: "name an instance: \(name)[key]"
        case .role: "a role stands in the head of an action: 'by \(name)'"
        default: nil
        }
    }

    /// The word that such a call lacks.
    var statementWord: String? {
        switch self {
        case .event: "emit"
        case .error: "fail"
        default: nil
        }
    }

    var isFunction: Bool { if case .function = self { true } else { false } }

    /// For messages: "a struct".
    var kindName: String {
        switch self {
        case .structure: "a struct"
        case .enumeration: "an enum"
        case .interface: "an interface"
        case .contract: "a contract"
        case .constant: "a constant"
        case .function: "a function"
        case .asset: "an asset"
        case .field: "state"
        case .role: "a role"
        case .event: "an event"
        case .error: "an error"
        case .round: "a round"
        case .component: "a component"
        case .suite: "a suite"
        case .use: "a component in use"
        case .componentMember: "known to the component's functions only"
        case .ambiguous: "declared in two imported files"
        }
    }
}

struct DeclaredName {
    var symbol: Symbol
    var span: Span
}

/// The names of a file, and inside it those of a contract.
final class NameScope {
    var names: [String: DeclaredName] = [:]
    /// Of a file: what its imports declare.
    var imported: [String: DeclaredName] = [:]
    let parent: NameScope?

    init(parent: NameScope?) { self.parent = parent }

    func find(_ name: String) -> DeclaredName? {
        names[name] ?? imported[name] ?? parent?.find(name)
    }

    var visibleNames: [String] {
        (Array(names.keys) + Array(imported.keys)).sorted() + (parent?.visibleNames ?? [])
    }
}

/// Words with a meaning of their own in expressions: nothing may take their place.
enum ContextName: String, CaseIterable {
    case caller, `self`, height, chain
    // Tests and the REPL only.
    case gasUsed

    var builtin: Builtin {
        switch self {
        case .caller: .caller
        case .self: .selfAddress
        case .height: .height
        case .chain: .chain
        case .gasUsed: .gasUsed
        }
    }

    var type: Type {
        switch self {
        case .caller, .self: .address
        case .height: .integer(.height)
        case .gasUsed: .integer(.amount)
        case .chain: .hash
        }
    }
}

/// Functions of the language itself.
enum BuiltinFunction: String, CaseIterable {
    case floor, ceil, round, mulMod, min, max, abs
    case exp, ln, log2, sqrt, pow, isqrt
    case encode, bigEndian, littleEndian, fromBigEndian, fromLittleEndian
    case hash, sha256, verifySignature, verifyVRF, commitment
    case repeating, zip, enumerated, sample
    case empty, mint, burn, send
    case matmul, add, requantize, relu, argmax, countEqual
    // Tests and the REPL only.
    case actor, grant, balance, holdings, vrfKey, vrfProof

    var isTestOnly: Bool {
        switch self {
        case .actor, .grant, .balance, .holdings, .vrfKey, .vrfProof: true
        default: false
        }
    }
}

/// Names of the types that the language itself has.
enum BuiltinType: String, CaseIterable {
    case Bool, Int, Amount, Height, Fixed, Address, Hash, Asset, Bytes, Text, List, Tensor, Token, Vault, Map, Ratio
}
