import Diagnostics

// The tree that the parser builds. Every node keeps its span; the token list of the file keeps everything else
// (comments, white space).

public struct Identifier: Sendable {
    public let name: String
    public let span: Span
    public init(_ name: String, _ span: Span) {
        self.name = name
        self.span = span
    }
}

public struct FileSyntax: Sendable {
    public var source: SourceFile
    public var imports: [ImportSyntax]
    public var declarations: [DeclarationSyntax]
    /// What the tree lacks because it could not be read.
    public var gaps: SyntaxGaps
    public init(
        source: SourceFile, imports: [ImportSyntax], declarations: [DeclarationSyntax], gaps: SyntaxGaps = SyntaxGaps()
    ) {
        self.source = source
        self.imports = imports
        self.declarations = declarations
        self.gaps = gaps
    }
}

/// What of a file could not be read and was skipped, so that what follows from it alone is not reported as well.
public struct SyntaxGaps: Sendable {
    /// Every name in skipped text: it may have been a declaration.
    public var names: Set<String> = []
    /// Declarations or members are missing, not only statements of bodies.
    public var lacksDeclarations = false
    /// Names are missing that nothing tells of: of an unreadable import, or in a comment that does not end.
    public var hidesNames = false
    /// How often something was skipped or guessed.
    public var count = 0
    /// Lines, counted from 1, with an error of the parser.
    public var lines: Set<Int> = []
    public init() {}
}

public struct ImportSyntax: Sendable {
    public var path: String
    public var span: Span
    public init(path: String, span: Span) {
        self.path = path
        self.span = span
    }
}

/// Top-level declarations and contract members share one enum: most occur in both places.
public enum DeclarationSyntax: Sendable {
    case structure(StructSyntax)
    case enumeration(EnumSyntax)
    case interface(InterfaceSyntax)
    case contract(ContractSyntax)
    case component(ComponentSyntax)
    case constant(ConstantSyntax)
    case function(FunctionSyntax)
    case test(TestSyntax)
    case suite(SuiteSyntax)
    case suiteUse(SuiteUseSyntax)
    // Members of contracts only.
    case asset(AssetSyntax)
    case state(StateSyntax)
    case role(RoleSyntax)
    case event(EventSyntax)
    case error(EventSyntax)
    case round(RoundSyntax)
    case use(UseSyntax)
}

public struct ParameterSyntax: Sendable {
    public var name: Identifier
    public var type: TypeSyntax
    public init(name: Identifier, type: TypeSyntax) {
        self.name = name
        self.type = type
    }
}

public struct StructSyntax: Sendable {
    public var name: Identifier
    public var fields: [ParameterSyntax]
    public var span: Span
    public init(name: Identifier, fields: [ParameterSyntax], span: Span) {
        self.name = name
        self.fields = fields
        self.span = span
    }
}

public struct EnumSyntax: Sendable {
    public struct Case: Sendable {
        public var name: Identifier
        public var payload: [ParameterSyntax]
        public init(name: Identifier, payload: [ParameterSyntax]) {
            self.name = name
            self.payload = payload
        }
    }
    public var name: Identifier
    public var cases: [Case]
    public var span: Span
    public init(name: Identifier, cases: [Case], span: Span) {
        self.name = name
        self.cases = cases
        self.span = span
    }
}

public struct InterfaceSyntax: Sendable {
    public struct Method: Sendable {
        public var isView: Bool
        public var name: Identifier
        public var parameters: [ParameterSyntax]
        public var result: TypeSyntax?
        public init(isView: Bool, name: Identifier, parameters: [ParameterSyntax], result: TypeSyntax?) {
            self.isView = isView
            self.name = name
            self.parameters = parameters
            self.result = result
        }
    }
    public var name: Identifier
    public var methods: [Method]
    public var span: Span
    public init(name: Identifier, methods: [Method], span: Span) {
        self.name = name
        self.methods = methods
        self.span = span
    }
}

public struct ConstantSyntax: Sendable {
    public var name: Identifier
    public var type: TypeSyntax?
    public var value: ExpressionSyntax
    public init(name: Identifier, type: TypeSyntax?, value: ExpressionSyntax) {
        self.name = name
        self.type = type
        self.value = value
    }
}

/// A free function, or a contract's function, action, view or initializer.
public struct FunctionSyntax: Sendable {
    public enum Kind: Sendable { case function, action, view, initializer }
    public struct During: Sendable {
        public var round: Identifier
        public var key: ExpressionSyntax
        public var phase: Identifier
        public init(round: Identifier, key: ExpressionSyntax, phase: Identifier) {
            self.round = round
            self.key = key
            self.phase = phase
        }
    }
    public var kind: Kind
    /// `init` for an initializer.
    public var name: Identifier
    public var parameters: [ParameterSyntax]
    public var result: TypeSyntax?
    public var role: Identifier?
    public var during: During?
    /// Of a component: called by the component's own functions only.
    public var isPrivate = false
    public var body: BlockSyntax
    public var documentation: String?
    public init(
        kind: Kind, name: Identifier, parameters: [ParameterSyntax], result: TypeSyntax?, role: Identifier?,
        during: During?,
        body: BlockSyntax, documentation: String?
    ) {
        self.kind = kind
        self.name = name
        self.parameters = parameters
        self.result = result
        self.role = role
        self.during = during
        self.body = body
        self.documentation = documentation
    }
}

/// A `test`, `property`, `invariant` or `bench`.
public struct TestSyntax: Sendable {
    public enum Kind: Sendable {
        case test
        case property([GeneratedSyntax])
        /// The test's body is the set-up.
        case invariant(steps: [StepSyntax], always: [BlockSyntax])
        /// `size` takes each value of the list `sizes`.
        case bench(size: Identifier, sizes: ExpressionSyntax)
    }
    public var kind: Kind
    public var name: String
    public var nameSpan: Span
    public var body: BlockSyntax
    public init(kind: Kind, name: String, nameSpan: Span, body: BlockSyntax) {
        self.kind = kind
        self.name = name
        self.nameSpan = nameSpan
        self.body = body
    }
}

/// `suite Name(parameters) { … }`: tests to be used for many contracts.
public struct SuiteSyntax: Sendable {
    public var name: Identifier
    public var parameters: [ParameterSyntax]
    public var tests: [TestSyntax]
    public var documentation: String?
    public init(name: Identifier, parameters: [ParameterSyntax], tests: [TestSyntax], documentation: String?) {
        self.name = name
        self.parameters = parameters
        self.tests = tests
        self.documentation = documentation
    }
}

/// `test Name(arguments)`: the tests of a suite.
public struct SuiteUseSyntax: Sendable {
    public var suite: Identifier
    public var arguments: [ArgumentSyntax]
    public var span: Span
    public init(suite: Identifier, arguments: [ArgumentSyntax], span: Span) {
        self.suite = suite
        self.arguments = arguments
        self.span = span
    }
}

/// A parameter whose values are generated, between limits where they are given.
public struct GeneratedSyntax: Sendable {
    public var name: Identifier
    public var type: TypeSyntax
    /// `in from..<to`
    public var range: (from: ExpressionSyntax, to: ExpressionSyntax)?
    public init(name: Identifier, type: TypeSyntax, range: (from: ExpressionSyntax, to: ExpressionSyntax)?) {
        self.name = name
        self.type = type
        self.range = range
    }
}

public enum StepSyntax: Sendable {
    case step(name: Identifier, parameters: [GeneratedSyntax], body: BlockSyntax)
    /// Every action of a deployed contract, called by one of the actors.
    case explore(contract: Identifier, actors: ExpressionSyntax)
}

public struct ContractSyntax: Sendable {
    public var name: Identifier
    public var interfaces: [Identifier]
    public var members: [DeclarationSyntax]
    public var span: Span
    public var documentation: String?
    public init(
        name: Identifier, interfaces: [Identifier], members: [DeclarationSyntax], span: Span, documentation: String?
    ) {
        self.name = name
        self.interfaces = interfaces
        self.members = members
        self.span = span
        self.documentation = documentation
    }
}

/// State and functions that contracts put into themselves by `use`.
public struct ComponentSyntax: Sendable {
    public var name: Identifier
    /// Names of assets that each use gives.
    public var assets: [Identifier]
    public var members: [DeclarationSyntax]
    public var span: Span
    public var documentation: String?
    public init(
        name: Identifier, assets: [Identifier], members: [DeclarationSyntax], span: Span, documentation: String?
    ) {
        self.name = name
        self.assets = assets
        self.members = members
        self.span = span
        self.documentation = documentation
    }
}

/// `use name: Component<ASSET>`
public struct UseSyntax: Sendable {
    public var name: Identifier
    public var component: Identifier
    public var assets: [Identifier]
    public var span: Span
    public init(name: Identifier, component: Identifier, assets: [Identifier], span: Span) {
        self.name = name
        self.component = component
        self.assets = assets
        self.span = span
    }
}

public struct AssetSyntax: Sendable {
    public enum Origin: Sendable { case issued, native, bound }
    public var name: Identifier
    public var origin: Origin
    public init(name: Identifier, origin: Origin) {
        self.name = name
        self.origin = origin
    }
}

public struct StateSyntax: Sendable {
    /// `let`: set once, in the declaration or in `init`.
    public var isConstant: Bool
    public var name: Identifier
    public var type: TypeSyntax
    public var initial: ExpressionSyntax?
    public init(isConstant: Bool, name: Identifier, type: TypeSyntax, initial: ExpressionSyntax?) {
        self.isConstant = isConstant
        self.name = name
        self.type = type
        self.initial = initial
    }
}

public struct RoleSyntax: Sendable {
    public var name: Identifier
    public var predicate: ExpressionSyntax
    public init(name: Identifier, predicate: ExpressionSyntax) {
        self.name = name
        self.predicate = predicate
    }
}

/// An event or an error: a name and its payload.
public struct EventSyntax: Sendable {
    public var name: Identifier
    public var parameters: [ParameterSyntax]
    public init(name: Identifier, parameters: [ParameterSyntax]) {
        self.name = name
        self.parameters = parameters
    }
}

public struct RoundSyntax: Sendable {
    public var name: Identifier
    public var keyName: Identifier
    public var keyType: TypeSyntax
    public var state: [StateSyntax]
    public var sealed: [SealedSyntax]
    public var beacons: [BeaconSyntax]
    public var settlements: [SettlementSyntax]
    public var phases: [PhaseSyntax]
    public var span: Span
    public init(
        name: Identifier, keyName: Identifier, keyType: TypeSyntax, state: [StateSyntax], sealed: [SealedSyntax],
        beacons: [BeaconSyntax], settlements: [SettlementSyntax], phases: [PhaseSyntax], span: Span
    ) {
        self.name = name
        self.keyName = keyName
        self.keyType = keyType
        self.state = state
        self.sealed = sealed
        self.beacons = beacons
        self.settlements = settlements
        self.phases = phases
        self.span = span
    }
}

public struct SealedSyntax: Sendable {
    public enum Unrevealed: Sendable {
        case keep
        case forfeit(from: ExpressionSyntax, to: ExpressionSyntax)
    }
    public var name: Identifier
    public var type: TypeSyntax
    public var maximum: ExpressionSyntax
    public var role: Identifier?
    public var commitPhase: Identifier
    public var revealPhase: Identifier
    public var unrevealed: Unrevealed
    public init(
        name: Identifier, type: TypeSyntax, maximum: ExpressionSyntax, role: Identifier?, commitPhase: Identifier,
        revealPhase: Identifier, unrevealed: Unrevealed
    ) {
        self.name = name
        self.type = type
        self.maximum = maximum
        self.role = role
        self.commitPhase = commitPhase
        self.revealPhase = revealPhase
        self.unrevealed = unrevealed
    }
}

/// A seed that nobody can know before a phase is entered.
public struct BeaconSyntax: Sendable {
    public var name: Identifier
    /// Fields of the round that stay as they are from when parts of the seed are known.
    public var frozen: [Identifier]
    /// The phase in which there is a seed.
    public var phase: Identifier
    /// The place of its contributions among the round's sealed values.
    public var contributions: Int?
    public init(name: Identifier, frozen: [Identifier], phase: Identifier, contributions: Int?) {
        self.name = name
        self.frozen = frozen
        self.phase = phase
        self.contributions = contributions
    }
}

/// A fold over a map of the round, in batches.
public struct SettlementSyntax: Sendable {
    /// `splits pot by weight of total as share else remainder`
    public struct Splitting: Sendable {
        public var pot: ExpressionSyntax
        public var weight: ExpressionSyntax
        public var total: ExpressionSyntax
        public var share: Identifier
        public var remainder: ExpressionSyntax
        public init(
            pot: ExpressionSyntax, weight: ExpressionSyntax, total: ExpressionSyntax, share: Identifier,
            remainder: ExpressionSyntax
        ) {
            self.pot = pot
            self.weight = weight
            self.total = total
            self.share = share
            self.remainder = remainder
        }
    }
    /// `fee amount from vault`
    public struct Fee: Sendable {
        public var amount: ExpressionSyntax
        public var vault: ExpressionSyntax
        public init(amount: ExpressionSyntax, vault: ExpressionSyntax) {
            self.amount = amount
            self.vault = vault
        }
    }
    public var name: Identifier
    public var map: Identifier
    public var keyName: Identifier
    public var valueName: Identifier
    public var splitting: Splitting?
    public var phase: Identifier
    /// Of each element.
    public var gas: ExpressionSyntax
    /// Elements of one push.
    public var maximum: ExpressionSyntax
    public var fee: Fee?
    public var frozen: [Identifier]
    public var body: BlockSyntax
    public var documentation: String?
    public init(
        name: Identifier, map: Identifier, keyName: Identifier, valueName: Identifier, splitting: Splitting?,
        phase: Identifier, gas: ExpressionSyntax, maximum: ExpressionSyntax, fee: Fee?, frozen: [Identifier],
        body: BlockSyntax, documentation: String?
    ) {
        self.name = name
        self.map = map
        self.keyName = keyName
        self.valueName = valueName
        self.splitting = splitting
        self.phase = phase
        self.gas = gas
        self.maximum = maximum
        self.fee = fee
        self.frozen = frozen
        self.body = body
        self.documentation = documentation
    }
}

public struct PhaseSyntax: Sendable {
    /// `for length unit`.
    public struct Duration: Sendable {
        public enum Unit: String, CaseIterable, Sendable { case blocks, seconds, minutes, hours, days }
        public var length: ExpressionSyntax
        public var unit: Unit
        public init(length: ExpressionSyntax, unit: Unit) {
            self.length = length
            self.unit = unit
        }
    }
    public var name: Identifier
    public var duration: Duration?
    public var condition: ExpressionSyntax?
    public var successor: Identifier?
    public init(
        name: Identifier, duration: Duration?, condition: ExpressionSyntax?, successor: Identifier?
    ) {
        self.name = name
        self.duration = duration
        self.condition = condition
        self.successor = successor
    }
}

public struct TypeSyntax: Sendable {
    public enum Argument: Sendable {
        /// A type, or the name of a constant: only the checker can tell.
        case type(TypeSyntax)
        case integer(String, Span)
        case dimensions([Dimension], Span)
    }
    public enum Dimension: Sendable {
        case name(Identifier)
        case integer(String, Span)
    }
    public var name: Identifier
    public var arguments: [Argument]
    public var isOptional: Bool
    public var span: Span
    public init(name: Identifier, arguments: [Argument], isOptional: Bool, span: Span) {
        self.name = name
        self.arguments = arguments
        self.isOptional = isOptional
        self.span = span
    }
}

public struct BlockSyntax: Sendable {
    public var statements: [StatementSyntax]
    public var span: Span
    /// Some of its statements could not be read: nothing can be said of the rest.
    public var isBroken: Bool
    public init(statements: [StatementSyntax], span: Span, isBroken: Bool = false) {
        self.statements = statements
        self.span = span
        self.isBroken = isBroken
    }
}

public struct StatementSyntax: Sendable {
    public indirect enum Kind: Sendable {
        case binding(isVariable: Bool, name: Identifier, type: TypeSyntax?, value: ExpressionSyntax)
        case assignment(target: ExpressionSyntax, op: AssignmentOperator, value: ExpressionSyntax)
        /// A call for its effect.
        case expression(ExpressionSyntax)
        case conditional(condition: ConditionSyntax, then: BlockSyntax, otherwise: BlockSyntax?)
        case loop(names: [Identifier], sequence: SequenceSyntax, maximum: ExpressionSyntax?, body: BlockSyntax)
        case match(subject: ExpressionSyntax, cases: [MatchCaseSyntax], otherwise: BlockSyntax?)
        case result(ExpressionSyntax?)
        case require(condition: ConditionSyntax, failure: FailureSyntax?)
        case fail(FailureSyntax)
        case emit(name: Identifier, arguments: [ArgumentSyntax])
        case breakLoop
        case continueLoop
        case open(round: Identifier, key: ExpressionSyntax, arguments: [ArgumentSyntax])
        case attempt(
            result: Identifier?, call: ExpressionSyntax, gas: ExpressionSyntax, then: BlockSyntax, failed: BlockSyntax)
        case advance(ExpressionSyntax, PhaseSyntax.Duration.Unit)
        case expect(ExpressionSyntax)
        case expectFailure(FailureSyntax?, body: BlockSyntax)
        case assume(ExpressionSyntax)
        case measure(BlockSyntax)
        case maximise(ExpressionSyntax)
    }
    public var kind: Kind
    public var span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }
}

public enum AssignmentOperator: String, Sendable {
    case set = "="
    case add = "+="
    case subtract = "-="
    case multiply = "*="
}

public enum ConditionSyntax: Sendable {
    case expression(ExpressionSyntax)
    case binding(name: Identifier, value: ExpressionSyntax)
}

public enum SequenceSyntax: Sendable {
    case range(from: ExpressionSyntax, to: ExpressionSyntax)
    case elements(ExpressionSyntax)
}

public struct MatchCaseSyntax: Sendable {
    public var name: Identifier
    public var bindings: [Identifier]
    public var body: BlockSyntax
    public init(name: Identifier, bindings: [Identifier], body: BlockSyntax) {
        self.name = name
        self.bindings = bindings
        self.body = body
    }
}

public struct FailureSyntax: Sendable {
    /// `Name`, or `use.Name` for an error of a component.
    public var name: Identifier
    public var arguments: [ArgumentSyntax]
    public init(name: Identifier, arguments: [ArgumentSyntax]) {
        self.name = name
        self.arguments = arguments
    }
}

public struct ArgumentSyntax: Sendable {
    public var label: Identifier?
    public var value: ExpressionSyntax
    public init(label: Identifier?, value: ExpressionSyntax) {
        self.label = label
        self.value = value
    }
}

public enum BinaryOperator: String, Sendable {
    case or = "||"
    case and = "&&"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case fallback = "??"
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case remainder = "%"
}

public enum UnaryOperator: String, Sendable {
    case negate = "-"
    case not = "!"
}

public struct ExpressionSyntax: Sendable {
    public indirect enum Kind: Sendable {
        /// Digits without underscores.
        case integer(String)
        /// Digits with one point, without underscores.
        case decimal(String)
        /// The text's value, escapes resolved.
        case text(String)
        case hexBytes([UInt8])
        case boolean(Bool)
        case none
        case name(Identifier)
        /// `.name`: an enum case or option whose type comes from the context.
        case implicitMember(Identifier)
        case list([ExpressionSyntax])
        case member(ExpressionSyntax, Identifier)
        case call(ExpressionSyntax, [ArgumentSyntax])
        case index(ExpressionSyntax, ExpressionSyntax)
        case unary(UnaryOperator, ExpressionSyntax)
        case binary(BinaryOperator, ExpressionSyntax, ExpressionSyntax)
        case ternary(ExpressionSyntax, ExpressionSyntax, ExpressionSyntax)
        case split(whole: ExpressionSyntax, weights: ExpressionSyntax, remainder: ExpressionSyntax)
        case draw(count: ExpressionSyntax, members: ExpressionSyntax, beacon: ExpressionSyntax)
        case deploy(contract: Identifier, arguments: [ArgumentSyntax], actor: ExpressionSyntax?)
        /// `call as actor`
        case asActor(ExpressionSyntax, actor: ExpressionSyntax)
        /// Where the parser could not make sense of the text; already reported.
        case invalid
    }
    public var kind: Kind
    public var span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }
}
