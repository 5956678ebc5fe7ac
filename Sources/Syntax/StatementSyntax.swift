import Diagnostics

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
