import Crypto
import Diagnostics
import Numerics
import Reference
import Semantics

/// How many generated cases were discarded by an `assume`.
public struct Discard: Sendable, Codable, Hashable {
    /// `path:line:column` of the assumption.
    public var location: String
    public var count: Int
}

/// Runs one `property`: edge values first, then random cases; a failing one is made as small as it gets.
struct PropertyRun {
    let bed: TestBed
    let parameters: [Generated]

    /// Cases where the command names no number.
    static let defaultCases = 200
    /// Gas after which a property without a given number of cases ends early, and the cases it runs at least.
    static let gasBudget: Int64 = 100_000_000
    static let leastCases = 25
    /// Smaller cases tried.
    static let shrinkLimit = 1_000

    struct Outcome {
        var caseCount = 0
        var discards: [Discard] = []
        var failure: Failure?
        /// Set when too many cases were discarded.
        var exhaustion: String?
        /// The smallest failing case, as the source of a test.
        var source: [String] = []
        /// Smaller cases found on the way.
        var shrinkCount = 0
        var search: SearchResult?
    }

    private enum Verdict {
        /// With the greatest value of `maximise`.
        case passed(BigInt?, values: [Value])
        case discarded(Span?)
        case failed(Failure, values: [Value], maximum: BigInt?)
    }

    func run() -> Outcome {
        var outcome = Outcome()
        let wanted = bed.runner.cases ?? Self.defaultCases
        var seen: Set<[BigInt]> = []
        var number = 0
        var climb = Climb<[Value]>()
        // Edge cases of few values repeat themselves; cases that were run are not run again.
        while outcome.caseCount < wanted, number < 10 * wanted {
            defer { number += 1 }
            let plan = CasePlan(
                case: number < CasePlan.edgeCount ? number : CasePlan.edgeCount + outcome.caseCount, of: wanted)
            var source = ChoiceSource(random: bed.random(case: number))
            let verdict = verdict(&source, plan, seen: &seen)
            switch verdict {
            case nil: continue
            case .passed(let maximum, let values):
                outcome.caseCount += 1
                climb.offer(maximum, source, values)
            case .discarded(let span): outcome.discards.count(span)
            case .failed(let failure, let values, let maximum):
                outcome.caseCount += 1
                climb.offer(maximum, source, values)
                shrink(&outcome, failure, values, source)
                tell(climb, attempts: 0, &outcome)
                return outcome
            }
            if bed.runner.cases == nil, bed.gasUsed > Self.gasBudget, outcome.caseCount >= Self.leastCases { break }
        }
        search(&climb, &outcome)
        let discardCount = outcome.discards.reduce(0) { $0 + $1.count }
        if discardCount >= 20, outcome.caseCount * 9 < discardCount {
            outcome.exhaustion =
                "only \(outcome.caseCount) of \(outcome.caseCount + discardCount) cases met the assumptions"
        }
        return outcome
    }

    /// Looks for cases with a greater value of `maximise`; a case that fails on the way is a failure like any other.
    private func search(_ climb: inout Climb<[Value]>, _ outcome: inout Outcome) {
        guard climb.greatest != nil else { return }
        var seen: Set<[BigInt]> = []
        var random = bed.random(case: Climb<Void>.randomCase)
        var attempts = 0
        while attempts < bed.runner.searchAttempts {
            attempts += 1
            var source = ChoiceSource(playing: climb.neighbour(&random))
            let plan = CasePlan(case: CasePlan.edgeCount, of: CasePlan.edgeCount)
            switch verdict(&source, plan, seen: &seen) {
            case .passed(let maximum, let values): climb.offer(maximum, source, values)
            case .failed(let failure, let values, let maximum):
                climb.offer(maximum, source, values)
                shrink(&outcome, failure, values, source)
                tell(climb, attempts: attempts, &outcome)
                return
            case .discarded, nil: climb.reject()
            }
        }
        tell(climb, attempts: attempts, &outcome)
    }

    private func tell(_ climb: Climb<[Value]>, attempts: Int, _ outcome: inout Outcome) {
        guard climb.greatest != nil, let best = climb.best else { return }
        outcome.search = SearchResult(
            greatest: climb.text, attempts: attempts,
            source: source(attempts > 0 && bed.runner.shrinksGreatest ? smallest(climb) ?? best : best))
    }

    /// The smallest case found with the same greatest value.
    private func smallest(_ climb: Climb<[Value]>) -> [Value]? {
        guard let best = climb.best else { return nil }
        let first = Shrinker<[Value]>.Trial(choices: climb.bestChoices, spans: climb.bestSpans, payload: best)
        let limit = min(Self.shrinkLimit, bed.runner.searchAttempts)
        var shrinker = Shrinker(first, attemptLimit: limit) { [self] indices in
            var source = ChoiceSource(playing: indices)
            var seen: Set<[BigInt]> = []
            let plan = CasePlan(case: CasePlan.edgeCount, of: CasePlan.edgeCount)
            switch verdict(&source, plan, seen: &seen) {
            case .passed(let maximum, let values), .failed(_, let values, let maximum):
                guard maximum == climb.greatest else { return nil }
                return .init(choices: source.choices, spans: source.spans, payload: values)
            case .discarded, nil: return nil
            }
        }
        shrinker.run()
        return shrinker.best.payload
    }

    private func shrink(_ outcome: inout Outcome, _ failure: Failure, _ values: [Value], _ source: ChoiceSource) {
        typealias Payload = (failure: Failure, values: [Value])
        let first = Shrinker<Payload>.Trial(
            choices: source.choices, spans: source.spans, payload: (failure, values))
        var shrinker = Shrinker(first, attemptLimit: Self.shrinkLimit) { [self] indices in
            var source = ChoiceSource(playing: indices)
            var seen: Set<[BigInt]> = []
            guard
                case .failed(let smaller, let values, _)? = verdict(
                    &source, CasePlan(case: CasePlan.edgeCount, of: CasePlan.edgeCount), seen: &seen),
                smaller.kind == failure.kind
            else { return nil }
            return .init(choices: source.choices, spans: source.spans, payload: (smaller, values))
        }
        shrinker.run()
        outcome.failure = shrinker.best.payload.failure
        outcome.shrinkCount = shrinker.successCount
        outcome.source = self.source(shrinker.best.payload.values)
    }

    /// Nil: the case was run before.
    private func verdict(_ source: inout ChoiceSource, _ plan: CasePlan, seen: inout Set<[BigInt]>) -> Verdict? {
        let world = bed.world()
        let evaluator = bed.evaluator(world)
        var generator = CaseGenerator(
            program: bed.program, plan: plan, addresses: bed.actorNames.map { Actors.address(named: $0) })
        var values: [Value] = []
        do throws(Failure) {
            values = try bed.bind(parameters, &generator, &source, evaluator)
        } catch {
            return .failed(error, values: values, maximum: nil)
        }
        guard seen.insert(source.choices.map(\.index)).inserted else { return nil }
        let failure = bed.failure(in: world) { () throws(Failure) in
            try evaluator.run(bed.test.body, locals: bed.test.locals, named: "property \"\(bed.test.name)\"")
        }
        guard let failure else { return .passed(evaluator.maximum, values: values) }
        if failure.cause == .assumption { return .discarded(failure.span) }
        return .failed(failure, values: values, maximum: evaluator.maximum)
    }

    /// The case as a test.
    private func source(_ values: [Value]) -> [String] {
        let lines =
            bed.test.preface + bed.bindings(parameters, values) + SourceText.lines(inside: bed.test.bodySpan.text)
        return ["test \(ValueText.quoted(bed.test.name)) {"] + lines.map { $0.isEmpty ? "" : "    " + $0 } + ["}"]
    }
}

extension [Discard] {
    mutating func count(_ span: Span?) {
        let location = span?.location ?? ""
        if let index = firstIndex(where: { $0.location == location }) {
            self[index].count += 1
        } else {
            append(Discard(location: location, count: 1))
        }
    }
}
