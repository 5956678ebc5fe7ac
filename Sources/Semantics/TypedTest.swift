import Diagnostics

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
