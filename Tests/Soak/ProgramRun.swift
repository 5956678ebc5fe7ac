import Glibc
import Harness

import class Machine.Machine

/// Generated programs in the machine and in the reference evaluator, in step.
struct ProgramRun {
    /// The seed of the first program.
    let firstSeed: UInt64
    /// Programs to run at most.
    let limit: Int
    /// Seconds after which no further program is begun.
    let timeLimitSeconds: Int

    private(set) var programCount = 0
    private(set) var callCount = 0
    private(set) var failedCallCount = 0
    private(set) var boundedProgramCount = 0
    private(set) var sourceBytes = 0
    private(set) var settlements = SettlementBatches.Tally()
    private(set) var failureNames: Set<String> = []
    private(set) var census = InstructionCensus()
    private(set) var failureCount = 0

    /// A small program is called less often.
    private static let callLimit = 25
    private static let callsPerEntry = 2
    /// Of so many programs one has every call held to its gas bound, which takes longer than all else together.
    private static let boundsInterval: UInt64 = 12
    /// Of so many one has every call held to what following it gives, too; a multiple of the other.
    private static let followedInterval: UInt64 = 48
    /// What fails so often says nothing new.
    private static let failureLimit = 20
    private static let progressSeconds = 30

    init(firstSeed: UInt64, limit: Int, timeLimitSeconds: Int) {
        self.firstSeed = firstSeed
        self.limit = limit
        self.timeLimitSeconds = timeLimitSeconds
    }

    /// Programs of the seeds from the first on; `isStopped` is asked before each. What fails is printed with its seed.
    mutating func run(until isStopped: () -> Bool) {
        guard let machine = Machine() else {
            failureCount += 1
            return print("there is no memory for a machine")
        }
        let disk = DiskSources()
        let clock = ContinuousClock()
        let start = clock.now
        var lastProgress = start
        for seed in firstSeed..<firstSeed + UInt64(limit) {
            guard !isStopped(), failureCount < Self.failureLimit else { return }
            if let failure = runProgram(seed, on: machine, disk) {
                failureCount += 1
                print("seed \(seed) \(failure)")
            }
            let now = clock.now
            guard now - start < .seconds(timeLimitSeconds) else { return }
            guard now - lastProgress > .seconds(Self.progressSeconds) else { continue }
            lastProgress = now
            print("progress: \(programCount) programs, next seed \(seed + 1), \((now - start).components.seconds) s")
            fflush(nil)
        }
    }

    /// In words what is wrong, with the program; nil when nothing is.
    private mutating func runProgram(_ seed: UInt64, on machine: Machine, _ disk: DiskSources) -> String? {
        let source = ProgramGenerator.source(seed: seed)
        sourceBytes += source.utf8.count
        switch CompiledProject.compile(text: source, disk: disk) {
        case .failure(let failure):
            let reasons = failure.diagnostics.map { "\($0.primary.span.location) \($0.code.rawValue) \($0.message)" }
            return "does not compile: \((reasons + [failure.internalError ?? ""]).joined(separator: "; "))\n\(source)"
        case .success(let project):
            let checksBounds = seed % Self.boundsInterval == 0
            let entryCount = project.modules.reduce(0) { $0 + $1.entries.count }
            let outcome = DifferentialRun.run(
                project, on: machine, seed: seed, calls: min(Self.callLimit, 4 + Self.callsPerEntry * entryCount),
                checksBounds: checksBounds, following: seed % Self.followedInterval == 0 ? .all : .none)
            programCount += 1
            boundedProgramCount += checksBounds ? 1 : 0
            callCount += outcome.succeeded + outcome.failed
            failedCallCount += outcome.failed
            failureNames.formUnion(outcome.failures.keys)
            census.add(project)
            settlements.add(outcome.settlements)
            return outcome.disagreement.map { "disagrees: \($0)\n\(source)" }
        }
    }

    /// Numbers that several runs add up, and what each reached.
    var tally: String {
        let numbers = [
            programCount, callCount, callCount - failedCallCount, boundedProgramCount, failureCount, sourceBytes,
            settlements.settlements, settlements.elements, settlements.elementsSetAside, settlements.pushes,
            settlements.pushesOutOfGas,
        ]
        return "tally: " + numbers.map { "\($0)" }.joined(separator: " ")
    }

    var summary: String {
        let share = callCount == 0 ? 0 : (callCount - failedCallCount) * 100 / callCount
        let missing = census.missing.map { "\($0)" }
        return "\(programCount) generated programs (\(census.foundCount) of \(census.instructionCount) instructions"
            + (missing.isEmpty ? "" : ", all but \(missing.joined(separator: ", "))")
            + "; \(failureNames.count) kinds of failure), \(callCount) calls of which \(share) % succeeded; "
            + "gas bounds at every call of \(boundedProgramCount) programs; \(settlements.summary); "
            + "\(failureCount) disagree"
    }
}
