import Crypto
import Diagnostics
import Numerics
import Reference
import Semantics

import class Machine.Machine

/// What the runs of one test share: the program, the machine, and what was measured.
final class TestBed {
    let project: CompiledProject
    let test: Test
    let runner: TestRunner
    private let machine: Machine?
    private(set) var gas: [GasMeasure] = []
    private var gasIndex: [String: Int] = [:]
    /// Gas of all calls and deployments.
    private(set) var gasUsed: Int64 = 0
    /// Did the reference evaluator follow every run to its end?
    private(set) var isCompared = true
    /// All that the runs of the machine have yielded.
    private(set) var transcript = Transcript()

    init(_ test: Test, of project: CompiledProject, runner: TestRunner, machine: Machine?) {
        self.test = test
        self.project = project
        self.runner = runner
        self.machine = machine
    }

    var program: Program { project.program }

    func world() -> PairedWorld {
        let world = PairedWorld(
            project: project, chainID: TestRunner.chainID, gasLimit: runner.gasLimit, machine: machine,
            stepLimit: runner.stepLimit)
        world.machine.following = runner.following
        world.machine.onCall = { [unowned self] call in count(call) }
        world.machine.onExecution = { [unowned self] execution in
            transcript.add(execution.result)
            runner.onExecution?(execution)
        }
        if case .invariant = test.kind { return world }
        if !runner.comparesReference { world.dropReference() }
        return world
    }

    private func count(_ call: MeasuredCall) {
        gasUsed += call.gasUsed
        let bound = project.bounds[call.contract].entry(call.entry)
        let measure = GasMeasure(call, contract: program.contracts[call.contract].name, bound: bound)
        let key = "\(call.contract).\(call.entry)"
        if let index = gasIndex[key] { return gas[index].add(measure) }
        gasIndex[key] = gas.count
        gas.append(measure)
    }

    func evaluator(_ world: PairedWorld) -> Evaluator {
        Evaluator(program: program, world: world, steps: runner.stepLimit)
    }

    /// Runs what acts on a world. A disagreement of its two halves outranks every outcome but a failure of the host.
    func failure(in world: PairedWorld, _ body: () throws(Failure) -> Void) -> Failure? {
        var failure: Failure?
        do throws(Failure) {
            try body()
        } catch {
            failure = error
        }
        if world.isReferenceDropped { isCompared = false }
        if failure == nil || failure?.cause == .expectation, let disagreement = world.disagreement {
            failure = Failure(.fault, detail: "machine and reference disagree: \(disagreement)", span: test.span)
        }
        failure?.notes = setAside(in: world)
        return failure
    }

    /// The elements that settlements have set aside: a push succeeds all the same, and only events tell of them.
    private func setAside(in world: PairedWorld) -> [String] {
        var lines: [String] = []
        var count = 0
        for event in world.events {
            let contract = program.contracts[event.contract]
            for round in contract.rounds {
                guard let settlement = round.settlements.first(where: { $0.setAsideEvent == event.index })
                else { continue }
                count += 1
                if count > Self.setAsideLimit { continue }
                let values = zip(contract.events[event.index].parameters, event.values).map { parameter, value in
                    "\(parameter.name) \(sourceText.text(value, as: parameter.type))"
                }
                lines.append("by \(contract.name).\(settlement.name): \(values.joined(separator: ", "))")
            }
        }
        if count > lines.count { lines.append("and \(count - lines.count) more") }
        return lines
    }
    private static let setAsideLimit = 8

    /// The command that runs this test alone, in the same way.
    func command(seed: UInt64? = nil) -> String {
        var command = "agon test \(Self.shellQuoted(test.span.file.path)) --filter \(Self.shellQuoted(test.name))"
        if let seed { command += " --seed \(seed)" }
        if let cases = runner.cases { command += " --cases \(cases)" }
        if let steps = runner.steps { command += " --steps \(steps)" }
        return command
    }

    private static func shellQuoted(_ text: String) -> String {
        let plain = text.utf8.allSatisfy { byte in
            byte == 0x2D || byte == 0x2E || byte == 0x2F || byte == 0x5F || (0x30...0x39).contains(byte)
                || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
        return plain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }

    // MARK: Generated cases

    /// What all random choices of the test follow from: given, or made from the test's name.
    var seed: UInt64 {
        if let seed = runner.seed { return seed }
        return Blake2b.hash(Array("agon.test.seed \(test.name)".utf8)).bytes.prefix(4).reduce(0) {
            $0 << 8 | UInt64($1)
        }
    }

    /// The generator of one case: cases do not depend on how much the ones before them drew.
    func random(case number: Int) -> SplitMix64 {
        var mixed = SplitMix64(seed: seed &+ UInt64(number) &* 0xD1B5_4A32_D192_ED03)
        return SplitMix64(seed: mixed.next())
    }

    /// Names that `actor("…")` in the test's blocks gives to addresses; some others when there are none.
    lazy var actorNames: [String] = {
        var names: [String] = []
        visitTestExpressions(test) { expression in
            if case .actor(let name, nil) = expression.kind, !names.contains(name) { names.append(name) }
        }
        return names.isEmpty ? ["alice", "bob", "carol"] : names
    }()

    /// Actors with a number that values are shown by.
    private static let numberedActorCount = 64

    lazy var sourceText: SourceText = {
        var text = SourceText(program: program)
        for name in actorNames.reversed() {
            text.addressNames[Actors.address(named: name)] = "actor(\(ValueText.quoted(name)))"
        }
        visitTestExpressions(test) { expression in
            guard case .actor(let name, .some) = expression.kind else { return }
            for number in 0..<Self.numberedActorCount {
                text.addressNames[Actors.address(named: "\(name)\(number)")] =
                    "actor(\(ValueText.quoted(name)), \(number))"
            }
        }
        return text
    }()

    /// The limits of a parameter, where it has some.
    func limits(
        of parameter: Generated, _ evaluator: Evaluator
    ) throws(Failure) -> CaseGenerator.Limits? {
        guard let range = parameter.range else { return nil }
        var numbers: [BigInt] = []
        for expression in [range.from, range.to] {
            switch try evaluator.value(of: expression, locals: test.locals) {
            case .integer(let number), .fixed(let number): numbers.append(number)
            default: throw Failure(.fault, detail: "a limit is no number", span: expression.span)
            }
        }
        return (numbers[0], numbers[1])
    }

    /// Gives generated parameters their values, in order, and says which.
    func bind(
        _ parameters: [Generated], _ generator: inout CaseGenerator, _ source: inout ChoiceSource,
        _ evaluator: Evaluator
    ) throws(Failure) -> [Value] {
        var values: [Value] = []
        for parameter in parameters {
            let local = test.locals[parameter.local]
            let limits = try limits(of: parameter, evaluator)
            guard let value = generator.value(local.type, limits, from: &source) else {
                throw Failure(
                    .language(.builtin(.invalidArgument)), detail: "no value can be made for \(local.name)",
                    span: parameter.range.map { $0.from.span.joined($0.to.span) } ?? test.span)
            }
            evaluator.bind(parameter.local, value)
            values.append(value)
        }
        return values
    }

    /// `var name: Type = value` for each parameter: of a `let` the compiler would know the value, and refuse what is
    /// to fail.
    func bindings(_ parameters: [Generated], _ values: [Value], _ text: SourceText? = nil) -> [String] {
        let text = text ?? sourceText
        return zip(parameters, values).map { parameter, value in
            let local = test.locals[parameter.local]
            return "var \(local.name): \(program.name(local.type, in: test.contract)) = "
                + text.text(value, as: local.type)
        }
    }
}

extension Failure {
    /// Two cases fail in the same way when these agree.
    struct Kind: Hashable {
        let cause: Cause
        let start: Int?
        let path: String?
    }
    var kind: Kind { Kind(cause: cause, start: cause == .fault ? nil : span?.start, path: span?.file.path) }
}
