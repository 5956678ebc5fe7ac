import Numerics

/// The figures of a season at scale.
public struct CrowdReport: Sendable {
    public let size: CrowdSeason.Size
    /// Models that were no copies.
    public let submissions: Int
    /// Elements of settlements that failed.
    public let setAside: Int
    /// Units of the asset: all there are, in accounts, in the arena's vaults, and what the tasks paid.
    public let issued: BigInt
    public let inAccounts: BigInt
    public let inArena: BigInt
    public let rewards: BigInt
    /// What was laid by for whoever pushes the settlements.
    public let upkeep: BigInt
    /// What each call used, by "Contract.entry".
    public let gasByEntry: [String: [UInt64]]
    public let transactionCount: Int
    public let gasUsed: UInt64
    public let blockHeight: UInt64
    public let stateRoot: String
    public var seconds: Double

    /// The table and lines that the command prints.
    public var text: String {
        let head = ["entry", "calls", "gas, least", "mean", "most", "EVM", "for"]
        let tenths = Int((seconds * 10).rounded())
        let time = "time         \(tenths / 10).\(tenths % 10) s, state root \(stateRoot)"
        return (Table.lines(head, rows, textColumns: 1) + [""] + figures + [time]).joined(separator: "\n")
    }

    /// The same for documents, without time and state root.
    public var markdown: String {
        var lines = ["| entry | calls | gas, mean | most | EVM | for |", "|---|---|---|---|---|---|"]
        for row in rows {
            lines.append("| `\(row[0])` | \(row[1]) | \(row[3]) | \(row[4]) | \(row[5]) | \(row[6]) |")
        }
        return (lines + [""] + figures.map { "    " + $0 }).joined(separator: "\n")
    }

    private var rows: [[String]] {
        gasByEntry.keys.sorted().map { name in
            let gas = gasByEntry[name] ?? []
            let mean = gas.isEmpty ? 0 : gas.reduce(0, +) / UInt64(gas.count)
            let parts = name.split(separator: ".").map(String.init)
            let other = parts.count == 2 ? PublishedGas.beside(parts[0], parts[1]) : nil
            return [
                name, TokenAmount.grouped(String(gas.count)), Self.grouped(gas.min() ?? 0), Self.grouped(mean),
                Self.grouped(gas.max() ?? 0), other?.figure ?? "",
                other.map { "\($0.operation) [\($0.source.rawValue)]" } ?? "",
            ]
        }
    }

    private var figures: [String] {
        [
            "season       \(size.nodes) nodes with \(submissions) models of their own, \(size.validators) validators, "
                + "\(size.delegators) delegators, \(size.tasks) tasks",
            "conservation issued \(exact(issued)) = in accounts \(exact(inAccounts)) + in the arena \(exact(inArena)), "
                + "exactly",
            "rewards      \(exact(rewards)) to nodes, validators and delegators; \(exact(upkeep)) to whoever pushed "
                + "the "
                + "settlements; \(setAside) elements set aside",
            "gas          \(Self.grouped(gasUsed)) in \(TokenAmount.grouped(String(transactionCount))) transactions "
                + "and "
                + "\(blockHeight) blocks of at most \(Self.grouped(CrowdSeason.blockGasLimit))",
        ]
    }

    private static func grouped(_ gas: UInt64) -> String { TokenAmount.grouped(String(gas)) }
    private func exact(_ units: BigInt) -> String { TokenAmount.text(units, decimals: 18) }
}
