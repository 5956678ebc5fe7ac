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

    /// Gas of a comparable operation on the Ethereum virtual machine, and where the figure comes from.
    struct Comparison {
        let operation: String
        let gas: Int
    }

    /// Transfers from the price list of the protocol (EIP-2028, EIP-2929, EIP-3529: 21,000 for the transaction, 22,100
    /// for a slot that was empty, 5,000 for one that was not, 1,756 for the event, about 900 for the data), see
    /// `contracts/aiarena.md`; commit, reveal and queue from the published measurements of a comparable system of
    /// contracts.
    static let comparisons: [String: Comparison] = [
        "ArenaToken.issue": Comparison(operation: "token transfer to a new holder", gas: 50_756),
        "AIArena.stake": Comparison(operation: "token transfer to a holder", gas: 33_656),
        "AIArena.delegate": Comparison(operation: "token transfer to a holder", gas: 33_656),
        "AIArena.claim": Comparison(operation: "token transfer to a holder", gas: 33_656),
        "AIArena.commit_models": Comparison(operation: "commit", gas: 45_732),
        "AIArena.commit_ballots": Comparison(operation: "commit", gas: 45_732),
        "AIArena.reveal_models": Comparison(operation: "reveal, by hash", gas: 47_389),
        "AIArena.reveal_ballots": Comparison(operation: "reveal", gas: 87_124),
    ]

    /// The table and lines that the command prints.
    public var text: String {
        let rows = gasByEntry.keys.sorted().map { name -> [String] in
            let gas = gasByEntry[name] ?? []
            let mean = gas.isEmpty ? 0 : gas.reduce(0, +) / UInt64(gas.count)
            let other = Self.comparisons[name]
            return [
                name, String(gas.count), Self.grouped(gas.min() ?? 0), Self.grouped(mean), Self.grouped(gas.max() ?? 0),
                other.map { TokenAmount.grouped(String($0.gas)) } ?? "", other?.operation ?? "",
            ]
        }
        var lines = Table.lines(
            ["entry", "calls", "gas, least", "mean", "most", "EVM", "for"], rows, textColumns: 1)
        lines.append("")
        lines.append(
            "season       \(size.nodes) nodes with \(submissions) models of their own, \(size.validators) validators, "
                + "\(size.delegators) delegators, \(size.tasks) tasks")
        lines.append(
            "conservation issued \(exact(issued)) = in accounts \(exact(inAccounts)) + in the arena \(exact(inArena)), exactly")
        lines.append("rewards      \(exact(rewards)) to nodes, validators and delegators; \(exact(upkeep)) for "
                + "whoever pushed the settlements; \(setAside) elements set aside")
        lines.append(
            "gas          \(Self.grouped(gasUsed)) in \(TokenAmount.grouped(String(transactionCount))) transactions and "
                + "\(blockHeight) blocks of at most \(Self.grouped(CrowdSeason.blockGasLimit))")
        let tenths = Int((seconds * 10).rounded())
        lines.append("time         \(tenths / 10).\(tenths % 10) s, state root \(stateRoot)")
        return lines.joined(separator: "\n")
    }

    private static func grouped(_ gas: UInt64) -> String { TokenAmount.grouped(String(gas)) }
    private func exact(_ units: BigInt) -> String { TokenAmount.text(units, decimals: 18) }
}
