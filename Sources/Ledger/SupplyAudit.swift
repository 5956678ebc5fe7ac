import Crypto

/// The second lock on conservation: for every asset, what balances and vaults hold before, plus what was minted,
/// equals what they hold after, plus what was burned.
///
/// It sees only the changes of records, never how the machine came to them.
struct SupplyAudit {
    /// Both sides of the equation for one asset; nil after a sum that passes 2^256 − 1.
    private struct Sides {
        let asset: AssetID
        var before: Amount? = .zero
        var after: Amount? = .zero
    }

    /// In the order of first change; a transaction touches few assets.
    private var sides: [Sides] = []

    /// A balance or a vault changed.
    mutating func recordChange(asset: AssetID, before: Amount, after: Amount) {
        let index = index(of: asset)
        sides[index].before = sides[index].before?.adding(before)
        sides[index].after = sides[index].after?.adding(after)
    }

    /// The supply changed: a growth joins the side before, a shrinkage the side after.
    mutating func recordSupply(asset: AssetID, before: Amount, after: Amount) {
        let index = index(of: asset)
        if let minted = after.subtracting(before) {
            sides[index].before = sides[index].before?.adding(minted)
        } else if let burned = before.subtracting(after) {
            sides[index].after = sides[index].after?.adding(burned)
        }
    }

    /// The first asset whose sides differ.
    func unbalancedAsset() -> AssetID? {
        sides.first { side in
            guard let before = side.before, let after = side.after else { return true }
            return before != after
        }?.asset
    }

    private mutating func index(of asset: AssetID) -> Int {
        if let index = sides.firstIndex(where: { $0.asset == asset }) { return index }
        sides.append(Sides(asset: asset))
        return sides.count - 1
    }
}
