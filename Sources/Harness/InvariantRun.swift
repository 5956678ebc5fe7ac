import Crypto
import Diagnostics
import Numerics
import Reference
import Semantics

/// Runs one `invariant`: random sequences of its steps from the same set-up; a failing one is made as short and small
/// as it gets.
final class InvariantRun {
    /// Runs, and steps in each, where the command names no number.
    static let defaultRuns = 40
    static let defaultSteps = 40
    /// Gas after which an invariant without a given number of runs ends early, and the runs it makes at least.
    static let gasBudget: Int64 = 400_000_000
    static let leastRuns = 5
    /// Shorter sequences tried.
    static let shrinkLimit = 600

    struct Outcome {
        var runCount = 0
        var steps: [StepCount] = []
        var failure: Failure?
        /// The smallest failing sequence, as the source of a test.
        var source: [String] = []
        var search: SearchResult?
    }

    private typealias Payload = (failure: Failure, taken: [StepMaker.Taken], isInAlways: Bool)

    private let bed: TestBed
    private let steps: [TestStep]
    private let always: [TestBlock]
    private var world: PairedWorld
    private var base = 0
    /// The locals after the set-up.
    private var locals: [Value?] = []
    private var candidates: [StepMaker.Candidate] = []
    private var counts: [StepCount] = []
    private var isCounting = true
    /// Of the last run that ended well: the greatest value of `maximise`, and its steps.
    private var lastMaximum: BigInt?
    private var lastTaken: [StepMaker.Taken] = []

    init(bed: TestBed, steps: [TestStep], always: [TestBlock]) {
        self.bed = bed
        self.steps = steps
        self.always = always
        world = bed.world()
    }

    func run() -> Outcome {
        var outcome = Outcome()
        if let failure = setUp() {
            outcome.failure = failure
            return outcome
        }
        counts = candidates.map { StepCount(name: $0.name) }
        let wanted = bed.runner.cases ?? InvariantRun.defaultRuns
        var climb = Climb<[StepMaker.Taken]>()
        while outcome.runCount < wanted, outcome.failure == nil {
            var source = ChoiceSource(random: bed.random(case: outcome.runCount))
            outcome.runCount += 1
            if let payload = play(&source) {
                shrink(&outcome, payload, source)
            } else {
                climb.offer(lastMaximum, source, lastTaken)
            }
            if bed.runner.cases == nil, bed.gasUsed > Self.gasBudget, outcome.runCount >= Self.leastRuns { break }
        }
        if outcome.failure == nil { search(&climb, &outcome) }
        outcome.steps = counts
        return outcome
    }

    /// Looks for sequences with a greater value of `maximise`.
    private func search(_ climb: inout Climb<[StepMaker.Taken]>, _ outcome: inout Outcome) {
        guard climb.greatest != nil else { return }
        isCounting = false
        var random = bed.random(case: Climb<Void>.randomCase)
        var attempts = 0
        while attempts < bed.runner.searchAttempts {
            attempts += 1
            var source = ChoiceSource(playing: climb.neighbour(&random))
            if let payload = play(&source) {
                shrink(&outcome, payload, source)
                return
            }
            climb.offer(lastMaximum, source, lastTaken)
        }
        let shrinks = attempts > 0 && bed.runner.shrinksGreatest
        let taken = shrinks ? shortest(climb) : climb.best
        outcome.search = SearchResult(
            greatest: climb.text, attempts: attempts,
            source: taken.map { self.source((Failure(.expectation), $0, true)) } ?? [])
    }

    /// The shortest sequence found with the same greatest value.
    private func shortest(_ climb: Climb<[StepMaker.Taken]>) -> [StepMaker.Taken]? {
        guard let best = climb.best else { return nil }
        let first = Shrinker<[StepMaker.Taken]>.Trial(
            choices: climb.bestChoices, spans: climb.bestSpans, payload: best)
        let limit = min(Self.shrinkLimit, bed.runner.searchAttempts)
        var shrinker = Shrinker(first, attemptLimit: limit) { [self] indices in
            var source = ChoiceSource(playing: indices)
            guard play(&source) == nil, lastMaximum == climb.greatest else { return nil }
            return .init(choices: source.choices, spans: source.spans, payload: lastTaken)
        }
        shrinker.run()
        return shrinker.best.payload
    }

    private func shrink(_ outcome: inout Outcome, _ payload: Payload, _ source: ChoiceSource) {
        isCounting = false
        let first = Shrinker<Payload>.Trial(choices: source.choices, spans: source.spans, payload: payload)
        var shrinker = Shrinker(first, attemptLimit: Self.shrinkLimit) { [self] indices in
            var source = ChoiceSource(playing: indices)
            guard let smaller = play(&source), smaller.failure.kind == payload.failure.kind else { return nil }
            return .init(choices: source.choices, spans: source.spans, payload: smaller)
        }
        shrinker.run()
        outcome.failure = shrinker.best.payload.failure
        outcome.source = self.source(shrinker.best.payload)
    }

    // MARK: The set-up

    /// Runs the set-up in a new world, and what must hold always on its result.
    private func setUp() -> Failure? {
        world = bed.world()
        let evaluator = bed.evaluator(world)
        let failure = bed.failure(in: world) { () throws(Failure) in
            try evaluator.run(bed.test.body, locals: bed.test.locals, named: name)
            locals = evaluator.locals
            candidates = try candidates(evaluator)
            try checkAlways(evaluator)
        }
        locals = evaluator.locals
        base = world.checkpoint()
        return failure
    }

    private var name: String { "invariant \"\(bed.test.name)\"" }

    private func candidates(_ evaluator: Evaluator) throws(Failure) -> [StepMaker.Candidate] {
        var candidates: [StepMaker.Candidate] = []
        for step in steps {
            switch step {
            case .step(let name, let parameters, let body, let source):
                candidates.append(
                    .init(name: name, kind: .step(parameters: parameters, body: body, source: source.text)))
            case .explore(let local, let contract, let expression):
                guard case .list(let list) = try evaluator.value(of: expression, locals: bed.test.locals),
                    case .contract(_, let address)? = evaluator.locals[local]
                else { throw Failure(.fault, detail: "nothing to explore", span: expression.span) }
                var actors: [Bytes32] = []
                for case .bytes32(let actor) in list { actors.append(actor) }
                guard !actors.isEmpty else {
                    throw Failure(.expectation, detail: "nobody acts: the list is empty", span: expression.span)
                }
                let receiver = bed.test.locals[local].name
                for function in bed.program.contracts[contract].functions {
                    guard case .action = bed.program.functions[function].kind else { continue }
                    candidates.append(
                        .init(
                            name: "\(receiver).\(bed.program.functions[function].name)",
                            kind: .action(function, of: contract, at: address, receiver: receiver, actors: actors)))
                }
            }
        }
        return candidates
    }

    private func checkAlways(_ evaluator: Evaluator) throws(Failure) {
        for block in always { try evaluator.run(block.statements, locals: bed.test.locals, named: name) }
    }

    // MARK: One run

    /// One sequence of steps from the set-up; nil when nothing failed that must hold.
    private func play(_ source: inout ChoiceSource) -> Payload? {
        if world.disagreement != nil || world.isReferenceDropped {
            // A world whose halves have parted stays parted.
            if let failure = setUp() { return (failure, [], false) }
        }
        world.rollBack(to: base)
        base = world.checkpoint()
        let evaluator = bed.evaluator(world)
        evaluator.restore(locals)
        let addresses = bed.actorNames.map { Actors.address(named: $0) } + world.machine.deployed.map(\.address)
        var maker = StepMaker(program: bed.program, world: world, addresses: addresses)
        var taken: [StepMaker.Taken] = []
        let wanted = bed.runner.steps ?? Self.defaultSteps
        while true {
            let start = source.choices.count
            let hasMore = source.choose(below: taken.count < wanted ? 2 : 1) { _ in 1 } == 1
            guard hasMore else {
                (lastMaximum, lastTaken) = (evaluator.maximum, taken)
                return nil
            }
            let blocks = maker.blocks(&source)
            let index = source.choose(below: candidates.count) { [count = candidates.count] in $0.below(count) }
            if let failure = pass(blocks) {
                taken.append(.init(candidate: index, blocks: blocks, arguments: [], actor: .zero, isUndone: true))
                return (failure, taken, false)
            }
            let failure = take(index, blocks, &maker, &taken, evaluator, &source)
            source.closeSpan(from: start)
            if let failure { return (failure, taken, false) }
            guard taken.last?.isUndone == false || !blocks.isZero else { continue }
            let broken = bed.failure(in: world) { () throws(Failure) in try checkAlways(evaluator) }
            if let broken { return (broken, taken, true) }
        }
    }

    private func pass(_ blocks: BigInt) -> Failure? {
        guard !blocks.isZero else { return nil }
        return bed.failure(in: world) { () throws(Failure) in try world.advance(blocks: blocks) }
    }

    /// Takes a step; gives what fails although it must hold.
    private func take(
        _ index: Int, _ blocks: BigInt, _ maker: inout StepMaker, _ taken: inout [StepMaker.Taken],
        _ evaluator: Evaluator, _ source: inout ChoiceSource
    ) -> Failure? {
        let candidate = candidates[index]
        let checkpoint = world.checkpoint()
        let before = evaluator.locals
        let plan = CasePlan(
            case: CasePlan.edgeCount + taken.count,
            of: CasePlan.edgeCount + 4 * (bed.runner.steps ?? Self.defaultSteps))
        var arguments: [Value] = []
        var actor = Bytes32.zero
        var sealed: StepMaker.Sealed?
        var failure: Failure?
        switch candidate.kind {
        case .step(let parameters, let body, _):
            failure = bed.failure(in: world) { () throws(Failure) in
                var generator = CaseGenerator(program: bed.program, plan: plan, addresses: maker.addresses)
                arguments = try bed.bind(parameters, &generator, &source, evaluator)
                try evaluator.run(body, locals: bed.test.locals, named: "step \(candidate.name)")
            }
        case .action(let function, let contract, let address, _, let actors):
            actor = actors[source.choose(below: actors.count) { $0.below(actors.count) }]
            let made = maker.arguments(function, of: contract, at: address, actor: actor, plan: plan, &source)
            arguments = made?.values ?? []
            sealed = made?.sealed
            failure = bed.failure(in: world) { () throws(Failure) in
                guard made != nil else { throw Failure(.assumption, detail: "no argument") }
                _ = try world.call(function, of: contract, at: address, arguments: arguments, actor: actor)
            }
        }
        var step = StepMaker.Taken(
            candidate: index, blocks: blocks, arguments: arguments, actor: actor, sealed: sealed)
        step.isUndone = failure != nil
        if failure == nil { maker.remember(step) }
        taken.append(step)
        return settle(failure, index, checkpoint, before, evaluator)
    }

    /// Counts what became of a step, and undoes it where it failed.
    private func settle(
        _ failure: Failure?, _ index: Int, _ checkpoint: Int, _ before: [Value?], _ evaluator: Evaluator
    ) -> Failure? {
        guard let failure else {
            if isCounting { counts[index].calls += 1 }
            world.discard(checkpoint: checkpoint)
            return nil
        }
        switch failure.cause {
        case .language:
            if isCounting {
                counts[index].calls += 1
                counts[index].countFailure(failure.name(in: bed.program), at: failure.placeToShow)
            }
        case .assumption: if isCounting { counts[index].discards += 1 }
        case .expectation, .limit, .fault:
            if isCounting { counts[index].calls += 1 }
            return failure
        }
        world.rollBack(to: checkpoint)
        evaluator.restore(before)
        return nil
    }

    // MARK: The sequence as source

    private func source(_ payload: Payload) -> [String] {
        var text = bed.sourceText
        for statement in bed.test.body.reversed() {
            guard case .bind(let local, _) = statement.kind, locals.indices.contains(local) else { continue }
            let name = bed.test.locals[local].name
            switch locals[local] {
            case .bytes32(let address) where bed.test.locals[local].type == .address: text.addressNames[address] = name
            case .contract(_, let address): text.addressNames[address] = name + ".address"
            default: break
            }
        }
        var lines = bed.test.preface + SourceText.lines(inside: bed.test.bodySpan.text + "}")
        for (position, step) in payload.taken.enumerated() {
            let isLast = position == payload.taken.count - 1
            if !step.blocks.isZero { lines.append("advance \(step.blocks) blocks") }
            // What failed and was undone left nothing behind; the last one may be what must not fail.
            guard !step.isUndone || (isLast && !payload.isInAlways) else { continue }
            lines += self.lines(step, number: position + 1, text)
        }
        if payload.isInAlways {
            for block in always { lines += self.block(SourceText.lines(inside: block.span.text), "always") }
        }
        return ["test \(ValueText.quoted(bed.test.name)) {"] + lines.map { $0.isEmpty ? "" : "    " + $0 } + ["}"]
    }

    private func block(_ lines: [String], _ comment: String) -> [String] {
        ["// \(comment)", "if true {"] + lines.map { $0.isEmpty ? "" : "    " + $0 } + ["}"]
    }

    private func lines(_ step: StepMaker.Taken, number: Int, _ text: SourceText) -> [String] {
        let candidate = candidates[step.candidate]
        switch candidate.kind {
        case .step(let parameters, _, let source):
            let bindings = bed.bindings(parameters, step.arguments, text)
            return block(bindings + SourceText.lines(inside: source), "step \(candidate.name)")
        case .action(let function, _, _, let receiver, _):
            let declaration = bed.program.functions[function]
            var arguments = zip(declaration.parameters, step.arguments).map { parameter, value in
                "\(parameter.name): \(text.text(value, as: parameter.type))"
            }
            if let sealed = step.sealed, arguments.count == 2 {
                arguments[1] = "commitment: " + commitment(sealed, receiver, text)
            }
            let call =
                "\(receiver).\(declaration.name)(\(arguments.joined(separator: ", "))) as "
                + text.address(step.actor)
            return [declaration.result == .nothing ? call : "let result\(number) = \(call)"]
        }
    }

    private func commitment(_ sealed: StepMaker.Sealed, _ receiver: String, _ text: SourceText) -> String {
        let types = bed.program.functions[sealed.reveal].parameters.map(\.type)
        let values = zip(sealed.arguments, types).map { text.text($0, as: $1) }
        return "commitment(\(receiver), \(sealed.field), \(values.joined(separator: ", ")))"
    }
}

extension Failure {
    /// Where it happened, of errors of the language that may come from anywhere in a contract; the others name what
    /// they are about.
    fileprivate var placeToShow: String? {
        guard case .language(.builtin(let error)) = cause else { return nil }
        switch error {
        case .overflow, .divisionByZero, .indexOutOfRange, .capacityExceeded, .loopBound, .lengthMismatch,
            .requirementFailed, .tokenNotEmpty, .vaultNotEmpty, .negativeWeight, .shapeMismatch, .outOfGas,
            .outOfMemory, .integerTooWide, .invalidArgument, .outOfDomain:
            return (trace.first?.span ?? span)?.location
        default: return nil
        }
    }
}
