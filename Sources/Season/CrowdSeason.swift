import Bytecode
import Crypto
import Ledger
import Node
import Numerics

/// A season of the whole arena at the size of its public deployment, with real transactions on a chain whose blocks
/// have a gas limit: tasks run side by side, settle in batches, and everybody collects what it earned. Scores are made
/// up; nothing else is.
public struct CrowdSeason {
    public struct Size: Sendable {
        public var nodes: Int
        public var validators: Int
        public var delegators: Int
        public var tasks: Int

        /// - Throws: `invalidManifest` when a task would have more nodes or validators than the contract takes, or
        /// none.
        public init(nodes: Int, validators: Int, delegators: Int, tasks: Int) throws(SeasonError) {
            guard (1...64).contains(tasks), (tasks...256 * tasks).contains(nodes),
                (tasks...1_024 * tasks).contains(validators), (0...1_000_000).contains(delegators)
            else {
                throw SeasonError(
                    .invalidManifest,
                    "1 to 64 tasks, each with 1 to 256 nodes and 1 to 1,024 validators, and up to 1,000,000 delegators")
            }
            self.nodes = nodes
            self.validators = validators
            self.delegators = delegators
            self.tasks = tasks
        }
    }

    /// The most gas of one block: about a second of the reference machine, for blocks a second apart.
    public static let blockGasLimit: UInt64 = 1_000_000_000
    /// Elements that one push of a settlement asks for.
    static let batch = 64
    static let bounty = 10_000
    static let emissions = 10

    let size: Size
    let token: Module
    let arena: Module
    let crowd: Crowd
    let progress: (SeasonProgress) -> Void

    public init(
        size: Size, token: Module, arena: Module, progress: @escaping (SeasonProgress) -> Void = { _ in }
    ) {
        self.size = size
        self.token = token
        self.arena = arena
        self.progress = progress
        crowd = Crowd(size)
    }

    /// The start of a chain on which everyone can pay its transactions.
    public func genesis() throws -> Genesis {
        let balance = Amount("1000000000000000000000000") ?? .max
        let everybody =
            [Participant(name: SeasonRun.treasuryName)] + crowd.operators + crowd.delegators.map(\.participant)
        return try Genesis(
            parameters: ChainParameters(
                name: "agon-crowd", blockGasLimit: Self.blockGasLimit, producerKey: SeasonRunner.producerKey.publicKey),
            accounts: everybody.map { Genesis.Account(address: $0.address, balance: balance) })
    }

    /// Runs the season on a chain made from `genesis()`.
    /// - Throws: `SeasonError`; `notConserved` when a single unit is missing in the end.
    public func run(on chain: Chain) throws -> CrowdReport {
        let clock = ContinuousClock()
        let started = clock.now
        var run = CrowdRun(self, SeasonChain(chain))
        var report = try run.perform()
        let elapsed = (clock.now - started).components
        report.seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
        return report
    }
}
