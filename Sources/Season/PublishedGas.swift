/// Gas that others published for comparable operations on the Ethereum virtual machine: whole transactions, by the
/// entry of ours that they stand beside. EVM gas is a price list and ours a time; the two columns do not say which is
/// faster.
public struct PublishedGas: Sendable {
    /// What was published: a figure, or the least and the most.
    public let figure: String
    /// The operation, and the letter of its source.
    public let operation: String
    public let source: Source

    public enum Source: String, CaseIterable, Sendable {
        case brain = "B"
        case frain = "F"
        case synthetix = "S"
        case tally = "T"
        case uniswap = "U"
        case olas = "O"
        case token = "E"

        /// Where the figures stand.
        public var reference: String {
            switch self {
            case .brain:
                "BRAIN-chain/queue-contract, hash-contract and vrf-solidity, READMEs of 2023: solc 0.6.12, 200 runs"
            case .frain: "FRAIN, arXiv 2505.04223, table 2: gas within the transaction"
            case .synthetix:
                "tommyrharper/rareskills-work, week15/staking-rewards.md: StakingRewards of Synthetixio/synthetix, "
                    + "measured "
                    + "by that repository's own tests with its gas reporter"
            case .tally: "withtally/staker at f31b5d0, test/gas-reports/staker-gas-report.json"
            case .uniswap: "Uniswap/v3-staker at 0577037 and 1ef569d, test/unit/__snapshots__"
            case .olas:
                "valory-xyz/autonolas-governance at 04ba040, audits/internal5/README.md: OpenZeppelin's Governor 4.9"
            case .token: "Eddy3129/L2_Benchmark at aa63f77, hardhat/output/markdowns/gas-report-polygon.md: ERC-20"
            }
        }
    }

    private init(_ figure: String, _ operation: String, _ source: Source) {
        self.figure = figure
        self.operation = operation
        self.source = source
    }

    /// The comparison for an entry; nil when nothing comparable was found.
    public static func beside(_ contract: String, _ entry: String) -> PublishedGas? { table["\(contract).\(entry)"] }

    /// Every "Contract.entry" that has one.
    public static var entries: [String] { table.keys.sorted() }

    private static let stake = PublishedGas("146,866", "stake", .synthetix)
    private static let unstake = PublishedGas("99,038–175,723", "withdraw", .synthetix)
    private static let reward = PublishedGas("138,477–189,444", "getReward", .synthetix)
    private static let notify = PublishedGas("67,293–119,112", "notifyRewardAmount", .synthetix)
    private static let commit = PublishedGas("44,895", "commit of a hash", .brain)
    private static let reveal = PublishedGas("87,124", "reveal", .brain)
    private static let revealHash = PublishedGas("47,389", "reveal of a hash", .brain)
    private static let draw = PublishedGas("150,715", "VRF fastVerify, whose parameters are computed off chain", .brain)

    private static let table: [String: PublishedGas] = [
        "ArenaToken.issue": PublishedGas("36,693–53,817", "mint", .token),
        "ArenaToken.transfer": PublishedGas("34,486–51,610", "transfer", .token),
        "AIArena.stake": stake,
        "AIArena.unstake": unstake,
        "AIArena.delegate": PublishedGas("198,620", "stake for a delegatee", .tally),
        "AIArena.undelegate": PublishedGas("118,338", "withdraw a part", .tally),
        "AIArena.claim": reward,
        "AIArena.withdraw": reward,
        "AIArena.emitRewards": notify,
        "AIArena.createTask": PublishedGas("57,942", "createIncentive", .uniswap),
        "AIArena.enterAsNode": PublishedGas("115,792", "stakeToken", .uniswap),
        "AIArena.enterAsValidator": PublishedGas("115,792", "stakeToken", .uniswap),
        "AIArena.commit_models": commit,
        "AIArena.commit_ballots": commit,
        "AIArena.reveal_models": revealHash,
        "AIArena.reveal_ballots": reveal,
        "Arena.stake": stake,
        "Arena.unstake": unstake,
        "Arena.claim": reward,
        "Arena.commit_models": commit,
        "Arena.commit_ballots": commit,
        "Arena.reveal_models": revealHash,
        "Arena.reveal_ballots": reveal,
        "Brain.request": PublishedGas("91,699", "priority queue push", .brain),
        "Brain.requestFor": PublishedGas("91,699", "priority queue push", .brain),
        "Brain.begin": PublishedGas("100,861", "priority queue pop", .brain),
        "Brain.join": draw,
        "Brain.commit_answers": commit,
        "Brain.reveal_answers": reveal,
        "Training.join": draw,
        "Training.commit_scores": commit,
        "Training.reveal_scores": revealHash,
        "Training.conclude": PublishedGas("53,190–63,479", "median and decay", .frain),
        "LiquidVoting.deposit": PublishedGas("95,257", "stake more", .tally),
        "LiquidVoting.withdraw": PublishedGas("118,338", "withdraw a part", .tally),
        "LiquidVoting.delegate": PublishedGas("67,216", "alter the delegatee", .tally),
        "LiquidVoting.propose": PublishedGas("262,997–349,638", "propose", .olas),
        "LiquidVoting.vote": PublishedGas("98,428–116,096", "castVote", .olas),
        "LiquidVoting.execute": PublishedGas("160,706–164,023", "execute", .olas),
        "Farm.deposit": stake,
        "Farm.withdraw": unstake,
        "Farm.claim": reward,
        "StreamingRewards.deposit": stake,
        "StreamingRewards.withdraw": unstake,
        "StreamingRewards.claim": reward,
        "StreamingRewards.fund": notify,
    ]
}
