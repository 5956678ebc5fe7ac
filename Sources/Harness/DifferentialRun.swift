import class Machine.Machine

/// Runs a program in the machine and in the reference evaluator, in step, by random calls.
public enum DifferentialRun {
    /// What happened, for statistics and reports.
    public struct Outcome: Sendable {
        /// In words, with what was done before; nil when both sides agreed throughout.
        public var disagreement: String?
        public var succeeded = 0
        public var failed = 0
        /// Failures by name.
        public var failures: [String: Int] = [:]
        /// Settlements that were run at once and in batches.
        public var settlements = SettlementBatches.Tally()
    }

    /// Lines of the log that a disagreement shows.
    private static let logLimit = 80
    /// Loops of hostile length would make a run slow.
    private static let gasLimit: Int64 = 50_000_000

    /// Deploys every contract and makes `calls` random calls, each held to its gas bound if `checksBounds`, and to what
    /// following it gives as `following` says; then runs every settlement at once and in batches. Equal seeds draw
    /// equal calls.
    public static func run(
        _ project: CompiledProject, on machine: Machine, seed: UInt64, calls: Int, checksBounds: Bool = true,
        following: BoundFollowing = .none
    ) -> Outcome {
        let world = PairedWorld(project: project, chainID: TestRunner.chainID, gasLimit: gasLimit, machine: machine)
        world.machine.checksBounds = checksBounds
        world.machine.following = following
        var run = RandomCalls(project.program, in: world, seed: seed)
        run.prepare()
        for _ in 0..<calls where world.disagreement == nil { run.step() }
        let batches = SettlementBatches.run(&run, of: project.program, in: world)
        let disagreement = world.disagreement ?? batches.difference
        return Outcome(
            disagreement: disagreement.map { ([$0] + run.log.suffix(logLimit)).joined(separator: "\n") },
            succeeded: run.succeeded, failed: run.failed, failures: run.failures, settlements: batches.tally)
    }
}
