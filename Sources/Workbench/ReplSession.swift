import Crypto
import Diagnostics
import Harness
import Numerics
import Reference
import Semantics
import Syntax

/// An interactive session: statements and expressions of the test language over a world of its own, in which every call
/// runs on the machine and on the reference evaluator.
public final class ReplSession {
    /// What came of one input.
    public struct Reply: Sendable {
        /// Results, for standard output.
        public var results: [String] = []
        /// Costs, events and errors, for standard error.
        public var notes: [String] = []
        public var isError = false
        /// The input needs more lines.
        public var isIncomplete = false
        public var isEnd = false
    }

    let checker = InteractiveChecker()
    let sources: DiskSources
    var world: PairedWorld
    var project: CompiledProject
    var evaluator: Evaluator
    var showsGas = true
    var snapshots: [Int] = []
    private var inputCount = 0
    private var seenEventCount = 0
    private let usesColour: Bool

    public init(sources: DiskSources = DiskSources(), usesColour: Bool = false) {
        self.sources = sources
        self.usesColour = usesColour
        project = CompiledProject.empty
        world = PairedWorld(project: project, chainID: TestRunner.chainID)
        evaluator = Evaluator(program: project.program, world: world)
    }

    /// Takes one input: a command that begins with a colon, declarations, statements or an expression.
    public func enter(_ text: String) -> Reply {
        LargeStack.run { self.respond(to: text) }
    }

    private func respond(to text: String) -> Reply {
        let trimmed = text.drop { $0 == " " || $0 == "\t" || $0 == "\n" }
        if trimmed.hasPrefix(":") { return runCommand(String(trimmed.dropFirst())) }
        if let command = commandMeant(String(trimmed).trimmedSpaces) {
            return Reply(notes: ["error: write `:\(command)`"], isError: true)
        }
        inputCount += 1
        let source = SourceFile(path: "input \(inputCount)", text: text)
        let bag = DiagnosticBag()
        let syntax = parseStatements(source, into: bag)
        if syntax.isIncomplete { return Reply(isIncomplete: true) }
        if bag.hasErrors { return refused(bag) }
        var reply = Reply()
        for imported in syntax.imports {
            let part = load(imported.path)
            reply.notes += part.notes
            if part.isError { return part }
        }
        if !syntax.declarations.isEmpty {
            guard checker.add(syntax.declarations, of: source, into: bag), adoptProgram(bag) else {
                return refused(bag)
            }
        }
        guard let steps = checker.check(syntax.statements, into: bag) else { return refused(bag) }
        for step in steps {
            perform(step, &reply)
            if reply.isError { break }
        }
        return reply
    }

    /// Runs one step; its result, cost and events go into the reply.
    private func perform(_ step: InteractiveStep, _ reply: inout Reply) {
        let gasBefore = world.machine.totalGasUsed
        do throws(Failure) {
            switch step {
            case .statement(let statement): try evaluator.run([statement], locals: checker.locals)
            case .value(let expression):
                let value = try evaluator.value(of: expression, locals: checker.locals)
                if value != .nothing {
                    reply.results.append(ValueText(program: project.program).text(value, as: expression.type))
                }
            }
            try world.checkAgreement()
        } catch {
            describe(error, &reply)
        }
        for event in world.events.dropFirst(seenEventCount) { reply.notes.append("event \(text(of: event))") }
        seenEventCount = world.events.count
        let gas = world.machine.totalGasUsed - gasBefore
        if showsGas, gas > 0 { reply.notes.append("gas \(gas)") }
    }

    func text(of event: EventRecord) -> String {
        let signature = project.program.contracts[event.contract].events[event.index]
        return ValueText(program: project.program).text(name: signature.name, event.values, signature.parameters)
    }

    private func describe(_ failure: Failure, _ reply: inout Reply) {
        reply.isError = true
        var line = "error: \(failure.name(in: project.program))"
        if case .language(.declared(let contract, let index)) = failure.cause {
            let signature = project.program.contracts[contract].errors[index]
            line =
                "error: "
                + ValueText(program: project.program).text(name: signature.name, failure.payload, signature.parameters)
        }
        if !failure.detail.isEmpty { line += ": \(failure.detail)" }
        reply.notes.append(line)
        for operand in failure.operands where !operand.expression.isLiteral {
            reply.notes.append(
                "  \(operand.expression.span.text) is "
                    + "\(ValueText(program: project.program).text(operand.value, as: operand.expression.type))"
            )
        }
        for entry in failure.trace {
            reply.notes.append("  at \(entry.name)\(entry.span.map { " \($0.location)" } ?? "")")
        }
    }

    /// `help`, `quit` and `exit` as other shells have them, unless something is so named.
    private func commandMeant(_ text: String) -> String? {
        let word = text.hasSuffix("()") ? String(text.dropLast(2)) : text
        let isTaken =
            checker.locals.contains { $0.name == word } || project.program.functions.contains { $0.name == word }
        guard !isTaken else { return nil }
        return ["help": "help", "quit": "quit", "exit": "quit"][word]
    }

    func refused(_ bag: DiagnosticBag) -> Reply {
        Reply(notes: [TextRenderer(usesColour: usesColour).render(bag.sorted)], isError: true)
    }

    /// Lowers what has been declared and lets the worlds know it. The contracts keep their numbers.
    func adoptProgram(_ bag: DiagnosticBag) -> Bool {
        switch CompiledProject.lower(checker.program) {
        case .failure(let failure):
            for diagnostic in failure.diagnostics { bag.report(diagnostic) }
            return false
        case .success(let extended):
            project = extended
            world.extend(to: extended)
            evaluator.program = extended.program
            return true
        }
    }

    func load(_ path: String) -> Reply {
        let bag = DiagnosticBag()
        let loaded = loadProgram(entryPaths: [path], provider: sources, into: bag)
        guard !bag.hasErrors, checker.add(loaded, into: bag), adoptProgram(bag) else { return refused(bag) }
        return Reply(notes: ["loaded \(path)"])
    }
}

extension Expression {
    /// Written out already: showing its value says nothing new.
    fileprivate var isLiteral: Bool {
        switch kind {
        case .integer, .boolean, .bytes, .bytes32, .none: true
        default: false
        }
    }
}
