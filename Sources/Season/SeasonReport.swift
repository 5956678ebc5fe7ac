import Numerics

/// The figures of a season, each read from the chain by a query.
public struct SeasonReport: Sendable {
    public struct NodeRow: Sendable {
        public let name: String
        public let address: String
        /// Layer sizes, such as "64-32-10".
        public let architecture: String
        /// The consensus score, raw Fixed (× 10^18); 0 for a copy, which nobody scores.
        public let accuracy: BigInt
        /// 1 for the best; 0 for a copy, which takes no place.
        public let rank: Int
        /// In units, as are all amounts here.
        public let stake: BigInt
        public let reward: BigInt

        public init(
            name: String, address: String, architecture: String, accuracy: BigInt, rank: Int, stake: BigInt,
            reward: BigInt
        ) {
            self.name = name
            self.address = address
            self.architecture = architecture
            self.accuracy = accuracy
            self.rank = rank
            self.stake = stake
            self.reward = reward
        }
    }

    public struct ValidatorRow: Sendable {
        public let name: String
        public let address: String
        /// Mean distance from the consensus, raw Fixed; nil when its ballot did not count.
        public let distance: BigInt?
        public let stake: BigInt
        public let reward: BigInt
        /// What of its bond was lost.
        public let forfeited: BigInt
        /// The nodes whose models it was to score, in the order of its ballot.
        public var models: [String] = []

        public init(
            name: String, address: String, distance: BigInt?, stake: BigInt, reward: BigInt, forfeited: BigInt
        ) {
            self.name = name
            self.address = address
            self.distance = distance
            self.stake = stake
            self.reward = reward
            self.forfeited = forfeited
        }
    }

    public struct DelegatorRow: Sendable {
        public let name: String
        public let address: String
        public let behind: String
        public let stake: BigInt
        public let claimed: BigInt

        public init(
            name: String, address: String, behind: String, stake: BigInt, claimed: BigInt
        ) {
            self.name = name
            self.address = address
            self.behind = behind
            self.stake = stake
            self.claimed = claimed
        }
    }

    public var rule: String
    /// Text addresses of the contracts, by their role.
    public var contracts: [(role: String, address: String)]
    public var task: Int
    public var nodes: [NodeRow]
    public var validators: [ValidatorRow]
    public var delegators: [DelegatorRow]
    public var usedFallback: Bool
    /// The task's pot with forfeited bonds.
    public var potIn: BigInt
    /// What of it was paid to whoever pushed the settlement on.
    public var upkeep: BigInt
    /// What arrived in accounts.
    public var paidOut: BigInt
    /// What is still in the arena to be claimed, indivisible rests included.
    public var remaining: BigInt
    public var transactionCount: Int
    public var queryCount: Int
    public var blockHeight: UInt64
    public var stateRoot: String
    /// Gas of all transactions, and of the settlement alone.
    public var gasUsed: UInt64
    public var settlementGas: UInt64
    public var seconds: Double

    public init(
        rule: String, contracts: [(role: String, address: String)], task: Int, nodes: [NodeRow],
        validators: [ValidatorRow], delegators: [DelegatorRow], usedFallback: Bool, potIn: BigInt,
        upkeep: BigInt, paidOut: BigInt, remaining: BigInt, transactionCount: Int, queryCount: Int, blockHeight: UInt64,
        stateRoot: String,
        gasUsed: UInt64, settlementGas: UInt64, seconds: Double
    ) {
        self.rule = rule
        self.contracts = contracts
        self.task = task
        self.nodes = nodes
        self.validators = validators
        self.delegators = delegators
        self.usedFallback = usedFallback
        self.potIn = potIn
        self.upkeep = upkeep
        self.paidOut = paidOut
        self.remaining = remaining
        self.transactionCount = transactionCount
        self.queryCount = queryCount
        self.blockHeight = blockHeight
        self.stateRoot = stateRoot
        self.gasUsed = gasUsed
        self.settlementGas = settlementGas
        self.seconds = seconds
    }

    /// Whether pot in = paid out + remaining, exactly.
    public var isConserved: Bool { potIn == paidOut + remaining }

    /// The tables and lines that the command prints.
    public var text: String {
        var lines = [
            "One task of the arena: \(nodes.count) nodes seal a model each and reveal it; each is drawn for some of "
                + "the "
                + "\(validators.count) validators,",
            "who measure it on data of their own and seal what they find. The stake-weighted mean of their scores is "
                + "its",
            "accuracy, by which the rule pays nodes; validators are paid by how near they came to the mean (distance), "
                + "and",
            "lose a bond for scores they hide. \(delegators.count) delegators share in what those earn behind whom "
                + "they "
                + "stand. Amounts are tokens.", "",
        ]
        lines += Table.lines(
            ["node", "model", "accuracy", "rank", "stake", "reward", "share"],
            nodes.sorted { ($0.rank == 0 ? Int.max : $0.rank) < ($1.rank == 0 ? Int.max : $1.rank) }.map { row in
                [
                    row.name, row.architecture,
                    row.rank == 0 ? "-" : TokenAmount.percentage(row.accuracy, of: TokenAmount.unit),
                    row.rank == 0 ? "copy" : String(row.rank), TokenAmount.text(row.stake, decimals: 0),
                    TokenAmount.text(row.reward, decimals: 6), TokenAmount.percentage(row.reward, of: potIn),
                ]
            }, textColumns: 2)
        lines.append("")
        lines += Table.lines(
            ["validator", "distance", "stake", "reward", "share", "forfeited"],
            validators.map { row in
                [
                    row.name, row.distance.map { TokenAmount.text($0, decimals: 4) } ?? "-",
                    TokenAmount.text(row.stake, decimals: 0), TokenAmount.text(row.reward, decimals: 6),
                    TokenAmount.percentage(row.reward, of: potIn), TokenAmount.text(row.forfeited, decimals: 0),
                ]
            }, textColumns: 1)
        lines.append("")
        lines += Table.lines(
            ["delegator", "behind", "stake", "claimed"],
            delegators.map { row in
                [
                    row.name, row.behind, TokenAmount.text(row.stake, decimals: 0),
                    TokenAmount.text(row.claimed, decimals: 6),
                ]
            }, textColumns: 2)
        lines.append("")
        lines.append("rule         \(rule)\(usedFallback ? " (unusable: stakes alone decided)" : "")")
        for contract in contracts {
            lines.append(contract.role.padding(to: 13) + contract.address)
        }
        lines.append(
            "inspect      the arena's views submissionsOf, outcomeOf, assignmentOf, settlementOf, stageOf, task \(task)"
        )
        lines.append(
            "conservation pot in \(exact(potIn)) = paid out \(exact(paidOut)) + remaining \(exact(remaining))"
                + (isConserved ? ", exactly" : ": NOT CONSERVED"))
        lines.append("upkeep       \(exact(upkeep)) of it to whoever pushed the settlement, by the element")
        lines.append(
            "gas          \(TokenAmount.grouped(String(gasUsed))) in \(transactionCount) transactions, of which "
                + "\(TokenAmount.grouped(String(settlementGas))) for the settlement")
        let hundredths = Int((seconds * 100).rounded())
        lines.append(
            "time         \(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10) s, \(queryCount) queries, "
                + "height \(blockHeight), state root \(stateRoot)")
        return lines.joined(separator: "\n")
    }

    private func exact(_ units: BigInt) -> String { TokenAmount.text(units, decimals: 18) }
}

/// Plain-text tables: text columns to the left, figures to the right.
enum Table {
    static func lines(_ head: [String], _ rows: [[String]], textColumns: Int) -> [String] {
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        func line(_ cells: [String]) -> String {
            let padded = cells.enumerated().map { column, cell in
                column < textColumns
                    ? cell.padding(to: widths[column])
                    : String(repeating: " ", count: max(0, widths[column] - cell.count)) + cell
            }
            return String(padded.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
        }
        let rule = widths.map { String(repeating: "-", count: $0) }.joined(separator: "  ")
        return [line(head), rule] + rows.map(line)
    }
}

extension String {
    /// The text with spaces behind it up to a width.
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
