import Diagnostics
import Semantics

/// Why an evaluation ended without a value.
public struct Failure: Error, Sendable {
    public enum Cause: Sendable, Hashable {
        /// A failure that the language defines.
        case language(ErrorReference)
        /// An `expect` of a test did not hold.
        case expectation
        /// An `assume` of a test did not hold.
        case assumption
        /// The evaluation passed a limit that protects the host: steps or call nesting.
        case limit
        /// The typed tree or a world broke its promise; never the fault of a program.
        case fault
    }

    /// A function that was running when the failure happened.
    public struct TraceEntry: Sendable {
        /// `Contract.function`, or the name of a free function or test.
        public let name: String
        /// Where in that function the failure or the call that led to it stands.
        public let span: Span?

        public init(name: String, span: Span?) {
            self.name = name
            self.span = span
        }
    }

    /// One side of a comparison that an `expect` found false.
    public struct Operand: Sendable {
        public let expression: Expression
        public let value: Value

        public init(expression: Expression, value: Value) {
            self.expression = expression
            self.value = value
        }
    }

    public var cause: Cause
    /// Arguments of a declared error.
    public var payload: [Value]
    /// What an error value cannot say: faults, limits, and what an expectation wanted.
    public var detail: String
    public var span: Span?
    /// Innermost first.
    public var trace: [TraceEntry]
    public var operands: [Operand]
    /// What a reader should know beside, a line each.
    public var notes: [String] = []

    public init(
        _ cause: Cause, payload: [Value] = [], detail: String = "", span: Span? = nil, trace: [TraceEntry] = [],
        operands: [Operand] = []
    ) {
        self.cause = cause
        self.payload = payload
        self.detail = detail
        self.span = span
        self.trace = trace
        self.operands = operands
    }

    static func builtin(_ error: BuiltinError, at span: Span? = nil) -> Failure {
        Failure(.language(.builtin(error)), span: span)
    }

    static func fault(_ detail: String, at span: Span? = nil) -> Failure {
        Failure(.fault, detail: detail, span: span)
    }

    /// The same failure, with the place where it happened if it had none.
    func placed(at place: Span) -> Failure {
        guard span == nil else { return self }
        var failure = self
        failure.span = place
        return failure
    }
}

extension Failure {
    /// The stable name of the failure: that of the built-in or declared error, or of the other causes.
    public func name(in program: Program) -> String {
        switch cause {
        case .language(.builtin(let error)): error.rawValue
        case .language(.declared(let contract, let index)):
            program.contracts.indices.contains(contract) && program.contracts[contract].errors.indices.contains(index)
                ? program.contracts[contract].errors[index].name : "UnknownError"
        case .expectation: "ExpectationFailed"
        case .assumption: "AssumptionFailed"
        case .limit: "EvaluationLimit"
        case .fault: "InternalFault"
        }
    }
}
