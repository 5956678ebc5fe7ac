import Bytecode
import Crypto
import Ledger
import Node
import Numerics

/// The compiled contracts of `contracts/brain` that the demonstration deploys.
public struct BrainContracts: Sendable {
    public let coin: Module
    public let brain: Module
    public let inference: Module
    public let log: Module

    public init(coin: Module, brain: Module, inference: Module, log: Module) {
        self.coin = coin
        self.brain = brain
        self.inference = inference
        self.log = log
    }
}

/// Requests for the output of real classifiers, served on a real chain by committees that choose themselves with real
/// proofs: each member runs the model itself, one of the nodes lies, one never reveals.
public struct BrainDemo {
    /// What the demonstration runs with; where the publication names a default, that default (journal version: 21
    /// nodes, d = 128/256, Q_C = 11, reveal timeout 30, execute timeout 1000).
    public struct Terms: Sendable {
        public var epochBlocks = 8
        /// Of 256.
        public var difficulty = 128
        public var commitQuorum = 11
        public var revealQuorum = 8
        /// 0: never; the requests of the demonstration wait for each other.
        public var requestBlocks = 0
        public var commitBlocks = 64
        public var revealBlocks = 30
        public var executeBlocks = 1_000
        public var retries = 2
        /// In whole tokens.
        public var minimumStake = 1_000
        public var registrationBlocks = 1
        public var minimumFee = 1
        public var feePerPriority = 1
        /// In basis points of the stake.
        public var invalidProofPenalty = 500
        public var missedCommitPenalty = 100
        public var missedRevealPenalty = 100
        public var mismatchPenalty = 2_000
        /// In basis points of the fee.
        public var executorShare = 100
        public var callbackGas = 500_000

        public init() {}

        /// The terms as the contract takes them.
        var value: ABIValue {
            let beginning = [
                epochBlocks, difficulty, commitQuorum, revealQuorum, requestBlocks, commitBlocks, revealBlocks,
                executeBlocks, retries,
            ]
            let end = [
                invalidProofPenalty, missedCommitPenalty, missedRevealPenalty, mismatchPenalty, executorShare,
                callbackGas,
            ]
            return .structure(
                beginning.map { .integer($0) }
                    + [
                        .tokens(minimumStake), .integer(registrationBlocks), .tokens(minimumFee),
                        .tokens(feePerPriority),
                    ] + end.map { .integer($0) })
        }
    }

    public static let chainName = "agon-brain"
    /// Of each node, in whole tokens.
    static let stake = 10_000
    /// The first requests' fees in whole tokens: not in the order in which they will be served.
    static let fees = [40, 250, 120, 120, 75]
    static let feeBudget = 2_000
    static let imagesPerRequest = 8
    /// More requests follow until both the liar and the silent node have been on a committee, up to so many.
    static let requestLimit = 16

    let data: SeasonData
    let contracts: BrainContracts
    let terms: Terms
    let progress: (SeasonProgress) -> Void

    /// - Throws: `invalidManifest` unless there are nodes enough for a quorum, and two more.
    public init(
        data: SeasonData, contracts: BrainContracts, terms: Terms = Terms(),
        progress: @escaping (SeasonProgress) -> Void = { _ in }
    ) throws(SeasonError) {
        guard data.nodes.count >= terms.commitQuorum + 2 else {
            throw SeasonError(
                .invalidManifest, "\(data.nodes.count) nodes are too few for a quorum of \(terms.commitQuorum)")
        }
        self.data = data
        self.contracts = contracts
        self.terms = terms
        self.progress = progress
    }

    /// The key under which the chain proves its blocks' randomness.
    public static let producerKey = Participant(name: "producer").key

    /// The start of a chain on which everybody can pay its transactions.
    public func genesis() throws -> Genesis {
        let balance = Amount("1000000000000000000000000") ?? .max
        let people = data.nodes.map { Participant(name: $0.name) } + BrainRun.others
        return try Genesis(
            parameters: ChainParameters(name: Self.chainName, producerKey: Self.producerKey.publicKey),
            accounts: people.map { Genesis.Account(address: $0.address, balance: balance) })
    }

    /// Runs it on a chain that was made from `genesis()` with `producerKey`; the chain stays open.
    /// - Throws: `SeasonError` with what was refused and why; also when the figures do not add up.
    public func run(on chain: Chain) throws -> BrainReport {
        let clock = ContinuousClock()
        let started = clock.now
        var run = BrainRun(self, SeasonChain(chain))
        var report = try run.perform()
        let elapsed = (clock.now - started).components
        report.seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
        return report
    }
}
