import Foundation
import Numerics

/// The figures of a demonstration of the Brain, each read from the chain by a query or from its receipts.
public struct BrainReport: Sendable, Encodable {
    /// An amount in units of the coin; in JSON a decimal string.
    public struct Units: Sendable, Encodable {
        public let value: BigInt

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode(value.description)
        }
    }

    public struct Request: Sendable, Encodable {
        public let id: Int
        public let model: String
        public let fee: Units
        public let status: String
        public let members: Int
        public let committed: Int
        public let revealed: Int
        public let votes: Int
        /// The agreed classes, as the consumer was given them.
        public let output: [Int]
        /// How many of them are the true labels.
        public let rightCount: Int
        /// From its beginning to its end.
        public let blocks: UInt64
    }

    public struct Node: Sendable, Encodable {
        public let name: String
        public let behaviour: String
        public let committees: Int
        public let earned: Units
        public let stake: Units
        public let lost: Units
    }

    public struct Entry: Sendable, Encodable {
        public let name: String
        public let calls: Int
        public let least: UInt64
        public let mean: UInt64
        public let most: UInt64
        /// Whole-transaction gas of the comparable operation of the published contracts (EVM gas), and its name.
        public let published: Int?
        public let publishedName: String?
    }

    public var requests: [Request]
    public var nodes: [Node]
    public var entries: [Entry]
    public var commitQuorum: Int
    /// What the Brain's contract address is.
    public var brain: String
    public var issued: Units
    public var inAccounts: Units
    public var inStakes: Units
    public var inFees: Units
    public var inReserve: Units
    public var transactionCount: Int
    public var queryCount: Int
    public var gasUsed: UInt64
    public var blockHeight: UInt64
    public var stateRoot: String
    public var seconds: Double = 0

    /// The tables and lines that the command prints.
    public var text: String {
        let misbehaving = nodes.filter { $0.behaviour != "honest" }.map { "\($0.name) (\($0.behaviour))" }
        var lines = [
            "Requests for the output of classifiers, the highest fee first. For each, \(commitQuorum) of "
                + "\(nodes.count) nodes "
                + "that drew a lot run the model",
            "outside of the chain, seal their answers and reveal them; what more than half of them say is the output, "
                + "and the",
            "requester's contract is called with it. Not honest: \(misbehaving.joined(separator: ", ")). Fees and "
                + "penalties go to",
            "those who agreed; `right` counts the images that the model classified as they are labelled. Amounts are "
                + "tokens.",
            "",
        ]
        lines += Table.lines(
            ["served", "model", "fee", "committee", "revealed", "agree", "right", "blocks", "output"],
            requests.map { row in
                [
                    "\(row.id)", row.model, TokenAmount.text(row.fee.value, decimals: 0), "\(row.committed)",
                    "\(row.revealed)", "\(row.votes)", "\(row.rightCount)/\(row.output.count)", "\(row.blocks)",
                    row.status == "served" ? row.output.map(String.init).joined(separator: " ") : row.status,
                ]
            }, textColumns: 2)
        lines.append("")
        lines += Table.lines(
            ["node", "behaviour", "committees", "earned", "stake", "lost"],
            nodes.map { row in
                [
                    row.name, row.behaviour, "\(row.committees)", TokenAmount.text(row.earned.value, decimals: 6),
                    TokenAmount.text(row.stake.value, decimals: 2), TokenAmount.text(row.lost.value, decimals: 2),
                ]
            }, textColumns: 2)
        lines.append("")
        lines += Table.lines(
            ["entry", "calls", "least", "mean", "most", "published", "of"],
            entries.map { row in
                [
                    row.name, "\(row.calls)", TokenAmount.grouped("\(row.least)"), TokenAmount.grouped("\(row.mean)"),
                    TokenAmount.grouped("\(row.most)"), row.published.map { TokenAmount.grouped("\($0)") } ?? "-",
                    row.publishedName ?? "",
                ]
            }, textColumns: 1)
        lines.append("")
        lines.append("brain        \(brain)")
        let parts = [inAccounts, inStakes, inFees, inReserve].map { exact($0.value) }
        lines.append(
            "balance      issued \(exact(issued.value)) = accounts \(parts[0]) + stakes \(parts[1]) + fees \(parts[2])"
                + " + reserve \(parts[3])" + (isConserved ? ", exactly" : ": NOT CONSERVED"))
        let lost = nodes.map(\.lost.value).reduce(.zero, +)
        lines.append("penalties    \(exact(lost)), taken from the stakes of those who lied or hid their answers")
        lines.append(
            "gas          \(TokenAmount.grouped(String(gasUsed))) in \(transactionCount) transactions")
        let hundredths = Int((seconds * 100).rounded())
        lines.append(
            "time         \(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10) s, \(queryCount) queries, "
                + "height \(blockHeight), state root \(stateRoot)")
        return lines.joined(separator: "\n")
    }

    /// Whether every unit that was issued is somewhere.
    public var isConserved: Bool {
        issued.value == inAccounts.value + inStakes.value + inFees.value + inReserve.value
    }

    private func exact(_ units: BigInt) -> String { TokenAmount.text(units, decimals: 18) }

    /// The report as JSON text.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
