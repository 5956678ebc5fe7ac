import Diagnostics

// The checked program. Names are resolved, conversions and width checks are explicit, rounds, sealed values, roles and
// phases are lowered to state fields, functions and the few kinds of TypedStatement.swift, so that lowering and the
// reference evaluator see one small core.

public struct Program: Sendable {
    public var structs: [StructType] = []
    public var enums: [EnumType] = []
    public var interfaces: [InterfaceType] = []
    public var contracts: [Contract] = []
    /// Every function of every contract and every free function, tests excluded.
    public var functions: [Function] = []
    public var tests: [Test] = []
    public init() {}
}

public struct NamedType: Hashable, Sendable {
    public var name: String
    public var type: Type
    public init(name: String, type: Type) {
        self.name = name
        self.type = type
    }
}

public struct StructType: Sendable {
    public var name: String
    public var fields: [NamedType]
    public init(name: String, fields: [NamedType]) {
        self.name = name
        self.fields = fields
    }
}

public struct EnumType: Sendable {
    public struct Case: Sendable {
        public var name: String
        public var payload: [NamedType]
        public init(name: String, payload: [NamedType]) {
            self.name = name
            self.payload = payload
        }
    }
    public var name: String
    public var cases: [Case]
    public init(name: String, cases: [Case]) {
        self.name = name
        self.cases = cases
    }
}

public struct InterfaceType: Sendable {
    public struct Method: Sendable {
        public var name: String
        public var isView: Bool
        public var parameters: [NamedType]
        public var result: Type
        public init(name: String, isView: Bool, parameters: [NamedType], result: Type) {
            self.name = name
            self.isView = isView
            self.parameters = parameters
            self.result = result
        }
    }
    public var name: String
    public var methods: [Method]
    public init(name: String, methods: [Method]) {
        self.name = name
        self.methods = methods
    }
}

public struct Asset: Sendable {
    public enum Origin: Sendable {
        /// Its id is BLAKE2b-256("agon.asset.1" ‖ contract address ‖ asset name).
        case issued
        /// 32 zero bytes.
        case native
        /// Set in `init`; kept in this state field of type `asset`.
        case bound(FieldIndex)
    }
    public var name: String
    public var origin: Origin
    public init(name: String, origin: Origin) {
        self.name = name
        self.origin = origin
    }
}

/// A piece of state. Map levels and round keys are key types: `Task[id].bonds: Map<Address, Vault<A>>` is a field with
/// keys [Int, Address] and the kind `vault`.
public struct StateField: Sendable {
    public enum Kind: Sendable {
        case plain
        case vault(AssetIndex)
        /// The commitments of a sealed field: written by `sealCommit` alone. Value type `hash`.
        case sealedCommitment(roundIndex: Int)
        /// The revealed values: written by `sealReveal` alone.
        case sealedValue(roundIndex: Int)
        /// A round's stored phase, the height of its entry, the length of a phase: written by `openRound` and
        /// `leavePhase` alone.
        case phase(roundIndex: Int)
    }
    public var name: String
    public var kind: Kind
    public var keyTypes: [Type]
    /// Type of the entry. Vault: `.integer(.amount)`.
    public var valueType: Type
    /// Iterable maps: the most keys at the last level.
    public var capacity: Int?
    /// The round it belongs to; then the first key is the round's key.
    public var roundIndex: Int?
    /// `let` state.
    public var isConstant: Bool
    public init(
        name: String, kind: Kind, keyTypes: [Type], valueType: Type, capacity: Int?, roundIndex: Int?, isConstant: Bool
    ) {
        self.name = name
        self.kind = kind
        self.keyTypes = keyTypes
        self.valueType = valueType
        self.capacity = capacity
        self.roundIndex = roundIndex
        self.isConstant = isConstant
    }
}

public struct Signature: Sendable {
    public var name: String
    public var parameters: [NamedType]
    public init(name: String, parameters: [NamedType]) {
        self.name = name
        self.parameters = parameters
    }
}

public struct Contract: Sendable {
    public var name: String
    public var span: Span
    public var documentation: String?
    /// Interfaces met, with the functions that meet their methods, in method order.
    public var interfaces: [(interface: InterfaceID, functions: [FunctionID])] = []
    public var assets: [Asset] = []
    public var fields: [StateField] = []
    public var rounds: [Round] = []
    public var events: [Signature] = []
    public var errors: [Signature] = []
    /// Functions, actions, views, synthesised ones; callees before callers.
    public var functions: [FunctionID] = []
    /// Always present; sets initial values, then runs the source's `init`.
    public var initializer: FunctionID = -1
    public init(name: String, span: Span, documentation: String?) {
        self.name = name
        self.span = span
        self.documentation = documentation
    }
}

public struct Local: Sendable {
    public var name: String
    public var type: Type
    public var isVariable: Bool
    public init(name: String, type: Type, isVariable: Bool) {
        self.name = name
        self.type = type
        self.isVariable = isVariable
    }
}

public struct Function: Sendable {
    public enum Kind: Sendable { case function, action, view, initializer }
    public var name: String
    public var kind: Kind
    /// Nil: a free function.
    public var contract: ContractID?
    /// The first locals.
    public var parameterCount: Int
    public var locals: [Local]
    public var result: Type
    public var body: [Statement]
    /// May it write state (directly or through calls)? False for views and pure functions.
    public var writesState: Bool
    /// `during`: checked by a `phaseGuard` at the head of the body; kept for ABI and verifier.
    public var during: (roundIndex: Int, phase: Int)?
    public var roleName: String?
    public var span: Span
    public var documentation: String?
    public init(
        name: String, kind: Kind, contract: ContractID?, parameterCount: Int, locals: [Local], result: Type,
        body: [Statement], writesState: Bool, during: (roundIndex: Int, phase: Int)?, roleName: String?, span: Span,
        documentation: String?
    ) {
        self.name = name
        self.kind = kind
        self.contract = contract
        self.parameterCount = parameterCount
        self.locals = locals
        self.result = result
        self.body = body
        self.writesState = writesState
        self.during = during
        self.roleName = roleName
        self.span = span
        self.documentation = documentation
    }

    public var parameters: [NamedType] { locals.prefix(parameterCount).map { NamedType(name: $0.name, type: $0.type) } }
}
