import Bytecode
import Crypto
import Numerics
import Verifier

/// The second lock on conservation.
///
/// It knows nothing of tokens in flight, and trusts no running total: it compares what balances, vaults and supplies
/// hold at the end with the bytes that the state held before, which were put aside as they were read.
extension Machine {
    /// What the state held of an amount before the transaction.
    struct Opening {
        /// Index of the overlay's entry; openings ascend.
        var index: Int
        var bytes: [UInt8]
    }

    /// What a transaction changed of one asset.
    private struct AssetChange {
        /// Of all balances and vaults.
        var held = BigInt(0)
        var supply = BigInt(0)
        /// As the counters of `mint` and `burn` have it.
        var issued = BigInt(0)
    }

    /// A part of the equation "the vaults of a contract changed by as much as its holding".
    private struct VaultChange {
        /// Contract in the high half, asset in the low half.
        var key: UInt64
        var amount: BigInt
    }

    /// Whether for every asset the changes of balances and holdings add up to minted − burned and to the change of its
    /// supply, and for every contract the changes of its vaults to that of its holding.
    ///
    /// The work is paid: a changed entry has cost its first write.
    func isBalanced() -> Bool {
        var assets = [AssetChange](repeating: AssetChange(), count: context.pointee.assetCount)
        var vaults: [VaultChange] = []
        var nextOpening = 0
        let count = context.pointee.overlay.count
        for index in 0..<count {
            let entry = context.pointee.overlay.entries + index
            var opening: [UInt8]?
            if nextOpening < openings.count, openings[nextOpening].index == index {
                opening = openings[nextOpening].bytes
                nextOpening += 1
            }
            if entry.pointee.contract != 0 {
                guard isVault(entry), entry.pointee.flags & OverlayEntry.dirty != 0 else { continue }
                guard let change = change(of: entry, since: opening) else { return false }
                // An empty vault may be removed without its asset being asked for.
                if change.isZero { continue }
                guard let key = vaultKey(entry) else { return false }
                vaults.append(VaultChange(key: key, amount: change))
                continue
            }
            let kind = entry.pointee.slot & 0xFF
            let asset = Int(entry.pointee.slot >> 8)
            switch kind {
            case Book.minted: assets[asset].issued = assets[asset].issued + CellInteger.toBigInt(entry.operand)
            case Book.burned: assets[asset].issued = assets[asset].issued - CellInteger.toBigInt(entry.operand)
            case Book.balance, Book.supply, Book.holding:
                guard entry.pointee.flags & OverlayEntry.dirty != 0 else { continue }
                guard let change = change(of: entry, since: opening) else { return false }
                if kind == Book.supply {
                    assets[asset].supply = assets[asset].supply + change
                } else {
                    assets[asset].held = assets[asset].held + change
                }
                if kind == Book.holding {
                    guard let number = context.pointee.overlay.find(0, Book.contract, entry.pointee.key) else {
                        return false
                    }
                    let contract = UInt32(truncatingIfNeeded: number.pointee.word)
                    vaults.append(VaultChange(key: vaultKey(contract, Int32(asset)), amount: -change))
                }
            default: break
            }
        }
        return nextOpening == openings.count && assets.allSatisfy { $0.held == $0.issued && $0.supply == $0.issued }
            && areSettled(&vaults)
    }

    /// Whether the amounts under every key add up to nothing.
    private func areSettled(_ vaults: inout [VaultChange]) -> Bool {
        vaults.sort { $0.key < $1.key }
        var (sum, index) = (BigInt(0), 0)
        while index < vaults.count {
            sum = sum + vaults[index].amount
            index += 1
            let isLast = index == vaults.count || vaults[index].key != vaults[index - 1].key
            if isLast && !sum.isZero { return false }
        }
        return true
    }

    private func isVault(_ entry: Entry) -> Bool {
        guard StateKeys.Part(rawValue: entry.pointee.slot >> 24) == .value else { return false }
        let record = context.pointee.contracts + Int(entry.pointee.contract)
        return record.pointee.module.slots[Int(entry.pointee.slot & 0xFF_FFFF)].kind == .vault
    }

    /// Nil when the asset of a changed vault cannot be told, which must not happen.
    private func vaultKey(_ entry: Entry) -> UInt64? {
        let number = entry.pointee.contract
        let record = context.pointee.contracts + Int(number)
        let slot = record.pointee.module.slots[Int(entry.pointee.slot & 0xFF_FFFF)]
        // What moved was resolved, so this looks up at most; the audit costs no gas.
        let gas = context.pointee.gas
        context.pointee.gas = Int64.max / 2
        let asset = context.asset(Int(slot.asset), of: record, number)
        context.pointee.gas = gas
        return asset.map { vaultKey(number, $0) }
    }

    private func vaultKey(_ contract: UInt32, _ asset: Int32) -> UInt64 {
        UInt64(contract) << 32 | UInt64(UInt32(bitPattern: asset))
    }

    /// What an amount has become more; nil when a stored one is no amount.
    private func change(of entry: Entry, since opening: [UInt8]?) -> BigInt? {
        let now = entry.isPresent ? CellInteger.toBigInt(entry.operand) : BigInt(0)
        guard !now.isNegative else { return nil }
        guard let opening else { return now }
        guard let header = opening.first, header & 1 == 0, opening.count == 1 + Int(header) / 2 else { return nil }
        return now - BigInt(negative: false, bigEndianMagnitude: Array(opening.dropFirst()))
    }
}
