import Bytecode
import Crypto
import Ledger
import Node
import Numerics

/// Runs a whole season of the arena with real transactions: nodes and validators stake, models are sealed and revealed,
/// validators measure them through a contract's view and seal their scores, the arena settles, everyone is paid.
public struct SeasonRunner {
    /// What a season runs on.
    public struct Terms: Sendable {
        /// In whole tokens.
        public var pot = 100_000
        /// Raw Fixed (× 10^18).
        public var gamma: BigInt = 250_000_000_000_000_000
        public var delegationFactor: BigInt = 1_000_000_000_000_000_000
        public var strictness: BigInt = 20_000_000_000_000_000_000
        /// What operators keep of their delegators' reward.
        public var operatorShare: BigInt = 400_000_000_000_000_000
        public var minimumStake = 1_000
        public var bond = 500
        /// How many validators score each model.
        public var reviews = 5
        /// How long each phase of the task lasts, and over how long nodes' rewards vest, in blocks.
        public var phaseBlocks = 40
        public var vestingBlocks = 100
        /// What a lazy validator says of every model.
        public var lazyScore: BigInt = 750_000_000_000_000_000

        public init() {}
    }

    /// The name in the genesis of a season's chain.
    public static let chainName = "agon-season"

    /// The number of the season's task.
    public static let task = 1

    let data: SeasonData
    let contracts: SeasonContracts
    let terms: Terms
    let progress: (SeasonProgress) -> Void

    public init(
        data: SeasonData, contracts: SeasonContracts, terms: Terms = Terms(),
        progress: @escaping (SeasonProgress) -> Void = { _ in }
    ) {
        self.data = data
        self.contracts = contracts
        self.terms = terms
        self.progress = progress
    }

    /// The key under which the season's chain proves its blocks' randomness.
    public static let producerKey = Participant(name: "producer").key

    /// The start of a chain on which everyone of the season can pay its transactions.
    public func genesis() throws -> Genesis {
        // 10^24 units of the native coin each: far more than all fees and deposits of a season.
        let balance = Amount("1000000000000000000000000") ?? .max
        let names = [SeasonRun.treasuryName] + data.names
        return try Genesis(
            parameters: ChainParameters(name: Self.chainName, producerKey: Self.producerKey.publicKey),
            accounts: names.map { Genesis.Account(address: Participant(name: $0).address, balance: balance) })
    }

    /// Runs the season on a chain that was made from `genesis()` and returns the figures; the chain stays open.
    /// - Throws: `SeasonError` with what was refused and why; also when the figures do not add up.
    public func run(on chain: Chain) throws -> SeasonReport {
        let clock = ContinuousClock()
        let started = clock.now
        var run = SeasonRun(self, SeasonChain(chain))
        var report = try run.perform()
        let elapsed = (clock.now - started).components
        report.seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
        return report
    }
}

extension SeasonData {
    /// Everyone's name, each once.
    public var names: [String] { nodes.map(\.name) + validators.map(\.name) + delegators.map(\.name) }
}
