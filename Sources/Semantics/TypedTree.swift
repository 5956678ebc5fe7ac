import Diagnostics
import Numerics

// The checked program. Names are resolved, conversions and width checks are explicit, rounds, sealed values, roles and phases are
// lowered to state fields, functions and the few statements below, so that lowering and the reference evaluator see one small core.

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

/// A piece of state. Map levels and round keys are key types: `Task[id].bonds: Map<Address, Vault<A>>` is a field with keys
/// [Int, Address] and the kind `vault`.
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

/// Units of time in which a phase may be measured.
public enum TimeUnit: String, CaseIterable, Sendable {
    case seconds, minutes, hours, days
    public var milliseconds: Int {
        switch self {
        case .seconds: 1_000
        case .minutes: 60_000
        case .hours: 3_600_000
        case .days: 86_400_000
        }
    }
}

public struct Round: Sendable {
    /// The type of a phase's length in blocks where a field keeps it: `Int<32>`.
    public static let durationType = IntegerType(name: .int, bits: 32, isSigned: true)
    /// The time from block to block in tests and the REPL.
    public static let testBlockIntervalMilliseconds = 6_000
    /// How long a phase lasts at most.
    public enum Duration: Hashable, Sendable {
        case blocks(Int)
        /// As many blocks as the chain needs for that time, a part of a block being a block.
        case time(count: Int, TimeUnit)
        /// As many blocks as this field says; none when it is not above zero. Set by `openRound`.
        case field(FieldIndex)
    }
    public struct Phase: Sendable {
        public var name: String
        public var duration: Duration?
        public var successor: Int?
        public var hasCondition: Bool
        public init(name: String, duration: Duration?, successor: Int?, hasCondition: Bool) {
            self.name = name
            self.duration = duration
            self.successor = successor
            self.hasCondition = hasCondition
        }
    }
    public struct Sealed: Sendable {
        public var name: String
        public var valueType: Type
        public var capacity: Int
        public var commitmentField: FieldIndex
        public var valueField: FieldIndex
        public var commitPhase: Int
        public var revealPhase: Int
        public var commitFunction: FunctionID
        public var revealFunction: FunctionID
        public var expireFunction: FunctionID
        public init(
            name: String, valueType: Type, capacity: Int, commitmentField: FieldIndex, valueField: FieldIndex,
            commitPhase: Int, revealPhase: Int, commitFunction: FunctionID, revealFunction: FunctionID,
            expireFunction: FunctionID
        ) {
            self.name = name
            self.valueType = valueType
            self.capacity = capacity
            self.commitmentField = commitmentField
            self.valueField = valueField
            self.commitPhase = commitPhase
            self.revealPhase = revealPhase
            self.commitFunction = commitFunction
            self.revealFunction = revealFunction
            self.expireFunction = expireFunction
        }
    }
    /// A seed that is fixed when a phase is entered.
    public struct Beacon: Sendable {
        public var name: String
        /// In which there is a seed, and after which.
        public var phase: Int
        /// From which on the fields stay as they are.
        public var frozenFrom: Int
        public var frozenFields: [FieldIndex]
        /// Its contributions.
        public var sealedIndex: Int?
        /// Height at which the phase was entered, once it is stored; else 0. Key: the round's key.
        public var heightField: FieldIndex
        /// (key) -> Height: that height, computed where it is not stored; 0 before the phase.
        public var heightFunction: FunctionID
        /// (key) -> Hash: the seed; fails WrongPhase, SeedNotReady.
        public var seedFunction: FunctionID
        public init(
            name: String, phase: Int, frozenFrom: Int, frozenFields: [FieldIndex], sealedIndex: Int?,
            heightField: FieldIndex, heightFunction: FunctionID, seedFunction: FunctionID
        ) {
            self.name = name
            self.phase = phase
            self.frozenFrom = frozenFrom
            self.frozenFields = frozenFields
            self.sealedIndex = sealedIndex
            self.heightField = heightField
            self.heightFunction = heightFunction
            self.seedFunction = seedFunction
        }
    }
    /// A fold over an iterable map of the round that anybody may push forward.
    public struct Settlement: Sendable {
        public var name: String
        public var mapField: FieldIndex
        public var phase: Int
        /// Gas of each element, and elements of one push.
        public var elementGas: Int
        /// Where the gas is written.
        public var gasSpan: Span?
        public var maximum: Int
        /// (key, count) -> elements handled.
        public var pushFunction: FunctionID
        /// Of the contract's events: (key, element, amount).
        public var setAsideEvent: Int
        public init(
            name: String, mapField: FieldIndex, phase: Int, elementGas: Int, maximum: Int, pushFunction: FunctionID,
            setAsideEvent: Int
        ) {
            self.name = name
            self.mapField = mapField
            self.phase = phase
            self.elementGas = elementGas
            self.maximum = maximum
            self.pushFunction = pushFunction
            self.setAsideEvent = setAsideEvent
        }
    }
    public var name: String
    public var keyType: Type
    public var phases: [Phase]
    public var sealed: [Sealed]
    public var beacons: [Beacon] = []
    public var settlements: [Settlement] = []
    /// The `let` fields, in order: what an instance is opened with.
    public var parameters: [FieldIndex] = []
    /// (key, parameters…): opens an instance; fails RoundExists.
    public var openFunction: FunctionID
    /// Stored phase: 0 not open, else index in `phases` plus one. Key: the round's key.
    public var phaseField: FieldIndex
    /// Height at which the stored phase was entered.
    public var enteredField: FieldIndex
    /// (key) -> Int: brings the stored phase up to date and gives its index in `phases`; fails NoSuchRound.
    public var advanceFunction: FunctionID
    /// (key) -> Int: the same without storing, for views.
    public var currentFunction: FunctionID
    public init(
        name: String, keyType: Type, phases: [Phase], sealed: [Sealed], phaseField: FieldIndex, enteredField: FieldIndex,
        openFunction: FunctionID, advanceFunction: FunctionID, currentFunction: FunctionID
    ) {
        self.name = name
        self.keyType = keyType
        self.phases = phases
        self.sealed = sealed
        self.phaseField = phaseField
        self.enteredField = enteredField
        self.openFunction = openFunction
        self.advanceFunction = advanceFunction
        self.currentFunction = currentFunction
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

/// A parameter of a property or step whose values are generated.
public struct Generated: Sendable {
    /// Its name and type.
    public var local: LocalID
    /// Half open; limits the number, or the numbers in the list. May use the parameters before it.
    public var range: (from: Expression, to: Expression)?
    public init(local: LocalID, range: (from: Expression, to: Expression)?) {
        self.local = local
        self.range = range
    }
}

/// What an invariant may do next.
public enum TestStep: Sendable {
    case step(name: String, parameters: [Generated], body: [Statement], source: Span)
    /// Every action of the contract in the local, by one of the actors, a list of addresses.
    case explore(LocalID, contract: ContractID, actors: Expression)
}

/// A block of a test with the place of its source text.
public struct TestBlock: Sendable {
    public var statements: [Statement]
    public var span: Span
    public init(statements: [Statement], span: Span) {
        self.statements = statements
        self.span = span
    }
}

/// Which suite a test comes from, and for what.
public struct SuiteUse: Sendable, Hashable {
    public var name: String
    public var arguments: [String]
    /// The name of the suite's first parameter.
    public var subject: String?
}

public struct Test: Sendable {
    public enum Kind: Sendable {
        case test
        case property([Generated])
        /// The body sets up; then steps are taken, and after each one the `always` blocks are run.
        case invariant(steps: [TestStep], always: [TestBlock])
        /// The body is run for each of `sizes`, a list of integers.
        case bench(size: LocalID, sizes: Expression)
    }
    public var kind: Kind
    public var name: String
    /// The contract it stands in: its constants, errors and types are visible.
    public var contract: ContractID?
    public var locals: [Local]
    public var body: [Statement]
    /// Its name.
    public var span: Span
    /// Its body as it stands in the source, braces included; of an invariant: from the brace to the end of the set-up.
    public var bodySpan: Span
    /// Of a suite's test: lines that give the suite's parameters their values.
    public var preface: [String] = []
    /// Of a suite's test: the suite, and the arguments as they stand in the source.
    public var suite: SuiteUse?
    public init(
        kind: Kind, name: String, contract: ContractID?, locals: [Local], body: [Statement], span: Span, bodySpan: Span
    ) {
        self.kind = kind
        self.name = name
        self.contract = contract
        self.locals = locals
        self.body = body
        self.span = span
        self.bodySpan = bodySpan
    }
}

/// Failures the language itself can raise; the raw values are part of the ABI.
public enum BuiltinError: String, CaseIterable, Sendable, Hashable {
    case overflow = "Overflow", divisionByZero = "DivisionByZero", indexOutOfRange = "IndexOutOfRange"
    case capacityExceeded = "CapacityExceeded", loopBound = "LoopBound", lengthMismatch = "LengthMismatch"
    case requirementFailed = "RequirementFailed", notAuthorized = "NotAuthorized"
    case insufficientAmount = "InsufficientAmount", tokenNotEmpty = "TokenNotEmpty", vaultNotEmpty = "VaultNotEmpty"
    case negativeWeight = "NegativeWeight", roundExists = "RoundExists", noSuchRound = "NoSuchRound"
    case wrongPhase = "WrongPhase", alreadyCommitted = "AlreadyCommitted", notCommitted = "NotCommitted"
    case alreadyRevealed = "AlreadyRevealed", commitmentMismatch = "CommitmentMismatch", reentrancy = "Reentrancy"
    case callDepth = "CallDepth", insufficientGas = "InsufficientGas", interfaceMismatch = "InterfaceMismatch"
    case noSuchContract = "NoSuchContract", assetMismatch = "AssetMismatch", shapeMismatch = "ShapeMismatch"
    case outOfGas = "OutOfGas", outOfMemory = "OutOfMemory", integerTooWide = "IntegerTooWide"
    case invalidArgument = "InvalidArgument", assetNotBound = "AssetNotBound", seedNotReady = "SeedNotReady"
    case outOfDomain = "OutOfDomain"
}

public enum ErrorReference: Sendable, Hashable {
    case builtin(BuiltinError)
    /// Index into the errors of the contract.
    case declared(contract: ContractID, index: Int)
}

public struct Statement: Sendable {
    public indirect enum Kind: Sendable {
        /// First value of a local (`let`, `var`, loop temporaries).
        case bind(LocalID, Expression)
        case assign(Place, Expression)
        /// Run for its effect; the value, never a token, is dropped.
        case evaluate(Expression)
        case conditional(Expression, then: [Statement], otherwise: [Statement])
        /// Binds the payload of an option when there is one.
        case conditionalBinding(LocalID, Expression, then: [Statement], otherwise: [Statement])
        /// `from..<to`; `maximum` nil: statically known to be bounded. Fails LoopBound before the first round when to − from > maximum.
        case forRange(LocalID, from: Expression, to: Expression, maximum: Int?, body: [Statement])
        /// Lists of equal length in step (else LengthMismatch); `index` counts from 0.
        case forLists([(local: LocalID, list: Expression)], index: LocalID?, body: [Statement])
        /// Entries of an iterable map in insertion order; `keys` are those before the last. `value` nil: keys alone are wanted.
        case forMap(key: LocalID, value: LocalID?, field: FieldIndex, keys: [Expression], body: [Statement])
        /// Revealed values of a sealed field in order of commitment.
        case forSealed(author: LocalID, value: LocalID, roundIndex: Int, sealedIndex: Int, key: Expression, body: [Statement])
        /// `for (part, x, …) in zip(split token by weights else vault, xs, …)`: the token is split and its parts handed over one by
        /// one; lengths must agree (LengthMismatch). With no positive weight the whole goes to the vault and parts are empty.
        case forTokens(
            part: LocalID, token: Expression, weights: Expression, remainder: VaultPlace,
            lists: [(local: LocalID, list: Expression)], body: [Statement])
        case match(Expression, cases: [MatchCase], otherwise: [Statement]?)
        case result(Expression?)
        case fail(ErrorReference, [Expression])
        /// Index into the contract's events.
        case emit(Int, [Expression])
        case breakLoop
        case continueLoop
        /// Adds to a `var` list.
        case append(Place, Expression)
        case mapRemove(FieldIndex, keys: [Expression])
        case vaultPut(VaultPlace, Expression)
        case tokenJoin(LocalID, Expression)
        case tokenClose(Expression)
        case burn(Expression)
        case send(Expression, to: Expression)
        /// Stores the commitment of `keys.last` (author); AlreadyCommitted, CapacityExceeded.
        case sealCommit(roundIndex: Int, sealedIndex: Int, keys: [Expression], commitment: Expression)
        /// Checks and stores the value of `keys.last`; NotCommitted, AlreadyRevealed, CommitmentMismatch.
        case sealReveal(roundIndex: Int, sealedIndex: Int, keys: [Expression], value: Expression, salt: Expression)
        /// Opens the instance of the key in its first phase at the current height, with the lengths of the phases whose
        /// duration is a field, in order; fails RoundExists.
        case openRound(roundIndex: Int, key: Expression, durations: [Expression])
        /// Moves the instance from the phase, in which it must be by time (else WrongPhase) and which has a condition,
        /// to the phase's successor, entered at the current height.
        case leavePhase(roundIndex: Int, key: Expression, phase: Int)
        /// Fails WrongPhase unless `phase` is among these, and is one that the instance of the key can be in: the one
        /// in which it is by time, or one to which conditions alone lead from there.
        case phaseGuard(roundIndex: Int, key: Expression, phase: Expression, allowed: [Int])
        /// `call` is an `interfaceCall`, or a `call` that neither takes nor gives a token.
        case attempt(result: LocalID?, call: Expression, gas: Expression, then: [Statement], failed: [Statement])
        // Tests and the REPL only.
        case advance(Expression)
        case expect(Expression)
        /// Nil: any failure. The payload, where given, must be equal.
        case expectFailure(ErrorReference?, [Expression], body: [Statement])
        /// `grant(address, amount)` of the native coin.
        case grant(Expression, Expression)
        /// Ends the case as one that says nothing.
        case assume(Expression)
        /// The gas of the calls inside is what a bench reports.
        case measure([Statement])
        /// What a search makes as great as it can: a number.
        case maximise(Expression)
    }
    public var kind: Kind
    public var span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }
}

public struct MatchCase: Sendable {
    /// Index of the case; for options 0 is none, 1 is some.
    public var index: Int
    public var bindings: [LocalID]
    public var body: [Statement]
    public init(index: Int, bindings: [LocalID], body: [Statement]) {
        self.index = index
        self.bindings = bindings
        self.body = body
    }
}

/// Something that can be assigned to.
public struct Place: Sendable {
    public enum Base: Sendable {
        case local(LocalID)
        /// An entry of state, all keys given.
        case state(FieldIndex, keys: [Expression])
    }
    public enum Step: Sendable {
        case field(Int)
        case index(Expression)
    }
    public var base: Base
    public var steps: [Step]
    public init(base: Base, steps: [Step]) {
        self.base = base
        self.steps = steps
    }
}

public struct VaultPlace: Sendable {
    public var field: FieldIndex
    public var keys: [Expression]
    public init(field: FieldIndex, keys: [Expression]) {
        self.field = field
        self.keys = keys
    }
}

public enum ArithmeticOperator: Sendable, Hashable { case add, subtract, multiply, divide, remainder }
public enum ComparisonOperator: Sendable, Hashable { case less, lessOrEqual, greater, greaterOrEqual }
public enum SortDirection: Sendable, Hashable { case ascending, descending }

public struct Expression: Sendable {
    public indirect enum Kind: Sendable {
        /// Integers, and Fixed as raw value (× 10^18).
        case integer(BigInt)
        case boolean(Bool)
        /// Text (UTF-8) or Bytes.
        case bytes([UInt8])
        /// Address, Hash or Asset literal: 32 bytes.
        case bytes32([UInt8])
        /// Elements of a tensor in row-major order, within the range of its type, whose dimensions are constants.
        case tensor([Int64])
        case none
        case some(Expression)
        case local(LocalID)
        /// A state entry; the zero value when absent.
        case stateGet(FieldIndex, keys: [Expression])
        case stateFind(FieldIndex, keys: [Expression])
        case stateContains(FieldIndex, keys: [Expression])
        /// The index of the phase in which the instance of the key is by time, conditions left aside; fails NoSuchRound.
        case roundPhase(roundIndex: Int, key: Expression)
        /// The height at which the instance of the key entered the phase by time, from the stored phase on; 0 when it has
        /// not, or when a later phase is stored. Fails NoSuchRound.
        case phaseEntered(roundIndex: Int, key: Expression, phase: Int)
        /// Entries under `keys` (all but the last) of an iterable map, or commitments of a sealed field.
        case mapCount(FieldIndex, keys: [Expression])
        /// The last keys at these places (a list of integers) in the order of an iterable map under `keys`; the places
        /// are evaluated first.
        case mapKeys(FieldIndex, keys: [Expression], Expression)
        /// The key at an index of an iterable map, in its order; fails IndexOutOfRange.
        case mapKeyAt(FieldIndex, keys: [Expression], index: Expression)
        case vaultAmount(VaultPlace)
        case vaultTake(VaultPlace, Expression)
        case vaultTakeAll(VaultPlace)
        case tokenAmount(LocalID)
        case tokenTake(LocalID, Expression)
        case emptyToken(AssetIndex)
        case mint(AssetIndex, Expression)
        case assetID(AssetIndex)
        /// Operands have the same kind (integer, fixed, ratio) as the result, save fixed × integer (left fixed, right integer) and
        /// divide, whose operands are integers, fixed or ratios and whose result is a ratio; fixed × fixed is a ratio.
        case arithmetic(ArithmeticOperator, Expression, Expression)
        case negate(Expression)
        case not(Expression)
        /// Both sides integers, both fixed, or at least one ratio (then the other may be integer or fixed).
        case compare(ComparisonOperator, Expression, Expression)
        /// Structural; for numbers as `compare`.
        case equal(Expression, Expression)
        case and(Expression, Expression)
        case or(Expression, Expression)
        case choose(Expression, Expression, Expression)
        /// `option ?? value`; the right side is evaluated only when needed.
        case fallback(Expression, Expression)
        /// Integer to Fixed: exact.
        case toFixed(Expression)
        /// A Ratio or Fixed to the integer or Fixed that the type of this expression says.
        case round(Rounding, Expression)
        /// Fails Overflow unless the value fits the (declared) type of this expression.
        case check(Expression)
        case call(FunctionID, [Expression])
        /// On a contract whose address is the first expression.
        case interfaceCall(InterfaceID, method: Int, Expression, [Expression])
        /// Address to interface: fails NoSuchContract or InterfaceMismatch.
        case toInterface(InterfaceID, Expression)
        /// Interface to Address.
        case interfaceAddress(Expression)
        case makeStruct(StructID, [Expression])
        case makeEnum(EnumID, caseIndex: Int, [Expression])
        case makeList([Expression])
        case field(Expression, Int)
        /// List element, or byte of Bytes as integer.
        case index(Expression, Expression)
        case builtin(Builtin, [Expression])
        /// split an amount: the list of parts (all zero when no weight is positive).
        case splitAmount(Expression, weights: Expression)
        // Tests and the REPL only.
        case deploy(ContractID, [Expression], actor: Expression?)
        case contractCall(ContractID, FunctionID, Expression, [Expression], actor: Expression?)
        case contractAddress(Expression)
        /// The address of a name; with a number, of the name with the number's digits behind it.
        case actor(String, number: Expression?)
        case balance(Expression, asset: Expression)
        /// What all vaults of the contract at an address hold of an asset.
        case holdings(Expression, asset: Expression)
        /// The id of an asset of a deployed contract.
        case contractAsset(Expression, ContractID, AssetIndex)
        /// The public key under which an address proves in tests.
        case testKey(Expression)
        /// The address' proof for an input of the verifiable random function.
        case testProof(Expression, input: Expression)
        /// Contract value, then as `commitment`.
        case contractCommitment(Expression, ContractID, roundIndex: Int, sealedIndex: Int, [Expression])
    }
    public var kind: Kind
    public var type: Type
    public var span: Span
    public init(_ kind: Kind, _ type: Type, _ span: Span) {
        self.kind = kind
        self.type = type
        self.span = span
    }
}

public enum Builtin: Hashable, Sendable {
    // Context.
    case caller, selfAddress, height, chain
    /// Tests: gas of the last call.
    case gasUsed
    // Numbers.
    case minimum, maximum, absolute, mulMod
    case exp(Rounding), ln(Rounding), log2(Rounding), sqrt(Rounding)
    /// (base, exponent)
    case pow(Rounding)
    /// The floor of an integer's square root.
    case integerSquareRoot
    // Lists.
    case listCount, listSum, listContains
    case listSorted(SortDirection), listOrder(SortDirection), listRanks(SortDirection)
    /// (value, count)
    case repeating
    // Bytes and Text.
    case byteCount, byteSlice, byteConcatenate
    /// The canonical encoding of any copyable value.
    case encode
    /// An integer, not negative, in exactly so many bytes; Overflow.
    case toBytes(count: Int, isLittleEndian: Bool)
    case fromBytes(isLittleEndian: Bool)
    // Hashes and signatures.
    /// BLAKE2b-256 of the canonical encoding; of Bytes: of the bytes.
    case hash
    case sha256
    /// (height) -> Hash; fails SeedNotReady.
    case blockRandomness
    /// (seed, population, count): so many distinct numbers below the population, or all when it is less, every ordered
    /// choice being equally likely. Fails CapacityExceeded when the count passes the result's capacity, InvalidArgument.
    case sample
    /// (publicKey, message, signature)
    case verifySignature
    /// (publicKey, input, proof) -> Hash?
    case verifyVRF
    /// (key, author, value, salt) -> Hash, inside the contract.
    case commitment(roundIndex: Int, sealedIndex: Int)
    // Tensors.
    case tensorMatmul, tensorAdd, tensorRelu, tensorArgmax, tensorCountEqual
    /// (tensor, multiplier, shift)
    case tensorRequantize
    /// (tensor, indices…)
    case tensorAt
    /// (tensor, axis constant folded as integer) -> size
    case tensorSize(axis: Int)
}
