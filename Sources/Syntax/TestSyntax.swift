import Diagnostics

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
