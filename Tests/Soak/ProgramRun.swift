import Harness

import class Machine.Machine

/// Generated programs in the machine and in the reference evaluator, in step.
struct ProgramRun {
    var programCount = 0
    var callCount = 0
    var failedCallCount = 0
    /// What does not compile, or does not agree, with the seed that makes it again.
    var failures: [String] = []

    static let callsPerProgram = 25

    /// Programs of the seeds from `firstSeed` on; ends at the first that does not agree.
    mutating func run(_ count: Int, firstSeed: UInt64) {
        guard let machine = Machine() else {
            failures.append("there is no memory for a machine")
            return
        }
        for seed in firstSeed..<firstSeed + UInt64(count) {
            let source = ProgramGenerator.source(seed: seed)
            switch LargeStack.run({ CompiledProject.compile(text: source) }) {
            case .failure(let failure):
                let reasons = failure.diagnostics.map { "\($0.primary.span.location) \($0.code.rawValue) \($0.message)" }
                failures.append("seed \(seed) does not compile: \(reasons.joined(separator: "; "))")
                return
            case .success(let project):
                let outcome = LargeStack.run {
                    DifferentialRun.run(project, on: machine, seed: seed, calls: Self.callsPerProgram)
                }
                programCount += 1
                callCount += outcome.succeeded + outcome.failed
                failedCallCount += outcome.failed
                if let disagreement = outcome.disagreement {
                    failures.append("seed \(seed): \(disagreement)\n\(source)")
                    return
                }
            }
        }
    }

    var summary: String {
        let share = callCount == 0 ? 0 : (callCount - failedCallCount) * 100 / callCount
        return "\(programCount) generated programs, \(callCount) calls of which \(share) % succeeded, "
            + "machine and reference agree on all"
    }
}
