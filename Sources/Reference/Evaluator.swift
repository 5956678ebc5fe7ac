import Crypto
import Diagnostics
import Numerics
import Semantics

/// Walks the typed tree and does what it says: the slow, obvious meaning of the language.
///
/// One evaluator is one activation: the body of a test, of a function, or a REPL session. In tests and the REPL it acts
/// on a `World`; inside contracts on the `ReferenceWorld` that called it.
public final class Evaluator {
    /// The checked program; a REPL replaces it by one that extends it.
    public var program: Program
    /// Values of the locals so far; nil before their binding.
    public internal(set) var locals: [Value?] = []
    /// Types of the locals, by the function or test that runs.
    var declarations: [Local] = []

    /// Where tests act; nil inside contracts.
    let world: (any World)?
    /// The contract that runs; nil in tests and free functions.
    let activation: Activation?
    let budget: Budget

    /// A contract's function at work.
    struct Activation {
        let chain: ReferenceWorld
        let contract: ContractID
        let address: Bytes32
        let caller: Bytes32
    }

    /// Gas of the calls inside `measure` so far.
    public internal(set) var measuredGas: Int64 = 0

    /// The greatest value that `maximise` has met, times 10^18.
    public internal(set) var maximum: BigInt?

    /// What all activations of one run share.
    final class Budget {
        var stepsLeft: Int
        /// Calls under way. The call graph is acyclic, but a long chain of calls would still exhaust the host's stack.
        var nesting = 0
        static let nestingLimit = 256

        init(steps: Int) { stepsLeft = steps }
    }

    /// How a statement ended.
    enum Completion {
        case normal, breakLoop, continueLoop
        case result(Value)
    }

    /// Steps that a test or transaction may take.
    public static let defaultSteps = 20_000_000

    /// An evaluator for tests and the REPL.
    public init(program: Program, world: any World, steps: Int = Evaluator.defaultSteps) {
        self.program = program
        self.world = world
        activation = nil
        budget = Budget(steps: steps)
    }

    init(program: Program, world: (any World)?, activation: Activation?, budget: Budget) {
        self.program = program
        self.world = world
        self.activation = activation
        self.budget = budget
    }

    /// Runs statements whose locals are `declarations`; values bound before stay. Ends early at a `return`.
    /// After a failure the locals are as before.
    public func run(_ statements: [Statement], locals declarations: [Local]) throws(Failure) {
        let before = locals
        declare(declarations)
        do throws(Failure) {
            _ = try execute(statements)
        } catch {
            locals = before
            throw error
        }
    }

    /// The value of one expression whose locals are `declarations`.
    public func value(of expression: Expression, locals declarations: [Local]) throws(Failure) -> Value {
        declare(declarations)
        return try evaluate(expression)
    }

    /// Gives all locals the values they had before.
    public func restore(_ locals: [Value?]) { self.locals = locals }

    private func declare(_ declarations: [Local]) {
        self.declarations = declarations
        while locals.count < declarations.count { locals.append(nil) }
    }

    /// Runs a whole test; its failures carry the test's name at the end of their trace.
    public static func run(
        _ test: Test, of program: Program, in world: any World, steps: Int = Evaluator.defaultSteps
    ) throws(Failure) {
        let evaluator = Evaluator(program: program, world: world, steps: steps)
        try evaluator.run(test.body, locals: test.locals, named: "test \"\(test.name)\"")
    }

    /// As `run`; the trace of a failure ends with the name of what was run.
    public func run(_ statements: [Statement], locals declarations: [Local], named name: String) throws(Failure) {
        do throws(Failure) {
            try run(statements, locals: declarations)
        } catch {
            var failure = error
            failure.trace.append(.init(name: name, span: failure.trace.isEmpty ? failure.span : nil))
            throw failure
        }
    }

    // MARK: Functions

    /// Runs a function of the program in a new activation.
    func invoke(
        _ id: FunctionID, _ arguments: [Value], activation: Activation?, at span: Span?
    ) throws(Failure) -> Value {
        guard program.functions.indices.contains(id) else { throw .fault("no function \(id)", at: span) }
        let function = program.functions[id]
        guard budget.nesting < Budget.nestingLimit else {
            throw Failure(.limit, detail: "calls nested too deeply", span: span)
        }
        budget.nesting += 1
        defer { budget.nesting -= 1 }
        let callee = Evaluator(program: program, world: world, activation: activation, budget: budget)
        do throws(Failure) {
            return try callee.body(of: function, arguments)
        } catch {
            var failure = error
            let owner = function.contract.map { program.contracts[$0].name + "." } ?? ""
            failure.trace.append(.init(name: owner + function.name, span: callee.lastSpan ?? failure.span))
            throw failure
        }
    }

    /// The statement or call that is being evaluated.
    var lastSpan: Span?

    private func body(of function: Function, _ arguments: [Value]) throws(Failure) -> Value {
        guard arguments.count == function.parameterCount, function.parameterCount <= function.locals.count else {
            throw .fault("\(function.name) called with \(arguments.count) arguments", at: function.span)
        }
        declare(function.locals)
        for (index, argument) in arguments.enumerated() { locals[index] = argument }
        try checkShapes(function)
        if case .result(let value) = try execute(function.body) { return value }
        return .nothing
    }

    /// Constant dimensions are met, and sizes named more than once are the same everywhere.
    private func checkShapes(_ function: Function) throws(Failure) {
        var sizes: [String: Int] = [:]
        for (index, parameter) in function.parameters.enumerated() {
            guard case .tensor(_, let dimensions) = parameter.type, case .tensor(let tensor)? = locals[index] else {
                continue
            }
            guard dimensions.count == tensor.dimensions.count else { throw .builtin(.shapeMismatch, at: function.span) }
            for (dimension, size) in zip(dimensions, tensor.dimensions) {
                switch dimension {
                case .constant(let wanted):
                    guard wanted == size else { throw .builtin(.shapeMismatch, at: function.span) }
                case .named(let name):
                    guard sizes[name] ?? size == size else { throw .builtin(.shapeMismatch, at: function.span) }
                    sizes[name] = size
                }
            }
        }
    }

    func step(at span: Span) throws(Failure) {
        budget.stepsLeft -= 1
        guard budget.stepsLeft > 0 else { throw Failure(.limit, detail: "too many steps", span: span) }
    }

    // MARK: Context

    /// The contract at work, or a fault: the checker keeps state out of tests and free functions.
    func contract(at span: Span) throws(Failure) -> Activation {
        guard let activation else { throw .fault("contract context outside a contract", at: span) }
        return activation
    }

    func testWorld(at span: Span) throws(Failure) -> any World {
        guard let world else { throw .fault("test construct inside a contract", at: span) }
        return world
    }

    /// The chain around the contract or test.
    func surroundings(at span: Span) throws(Failure) -> any World {
        if let activation { return activation.chain }
        return try testWorld(at: span)
    }

    func local(_ id: LocalID, at span: Span) throws(Failure) -> Value {
        guard locals.indices.contains(id), let value = locals[id] else {
            throw .fault("local \(id) is not bound", at: span)
        }
        return value
    }

    /// Gives a local its value, as a binding does.
    public func bind(_ id: LocalID, _ value: Value) {
        while locals.count <= id { locals.append(nil) }
        locals[id] = value
    }

    // MARK: Typed access to values

    func integer(_ expression: Expression) throws(Failure) -> BigInt {
        guard case .integer(let value) = try evaluate(expression) else {
            throw .fault("an integer was expected", at: expression.span)
        }
        return value
    }

    func boolean(_ expression: Expression) throws(Failure) -> Bool {
        guard case .boolean(let value) = try evaluate(expression) else {
            throw .fault("a Bool was expected", at: expression.span)
        }
        return value
    }

    func bytes32(_ expression: Expression) throws(Failure) -> Bytes32 {
        guard case .bytes32(let value) = try evaluate(expression) else {
            throw .fault("32 bytes were expected", at: expression.span)
        }
        return value
    }

    func bytes(_ expression: Expression) throws(Failure) -> [UInt8] {
        guard case .bytes(let value) = try evaluate(expression) else {
            throw .fault("bytes were expected", at: expression.span)
        }
        return value
    }

    func list(_ expression: Expression) throws(Failure) -> [Value] {
        guard case .list(let value) = try evaluate(expression) else {
            throw .fault("a list was expected", at: expression.span)
        }
        return value
    }

    func token(_ expression: Expression) throws(Failure) -> (asset: Bytes32, amount: BigInt) {
        guard case .token(let asset, let amount) = try evaluate(expression) else {
            throw .fault("a token was expected", at: expression.span)
        }
        return (asset, amount)
    }

    func evaluate(all expressions: [Expression]) throws(Failure) -> [Value] {
        var values: [Value] = []
        for expression in expressions { values.append(try evaluate(expression)) }
        return values
    }
}
