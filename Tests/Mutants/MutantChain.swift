import Bytecode
import Crypto
import Machine
import Numerics
import Verifier

/// State in memory, with an audit of its own: what is in balances and vaults changes only by what is minted and burned.
final class MutantChain: StateReader {
    static let contract = Bytes32(1, 1, 1, 1)
    static let neighbour = OpcodeAddresses.callee
    static let caller = Bytes32(3, 3, 3, 3)

    private var state: [Bytes32: [UInt8]] = [:]
    private var modules: [Address: VerifiedModule] = [:]
    private var books: [Bytes32: BigInt] = [:]

    init(_ module: VerifiedModule, neighbour: VerifiedModule) {
        modules[MutantChain.contract] = module
        modules[MutantChain.neighbour] = neighbour
        let start: [UInt8] = [4, 3, 232]
        for holder in [MutantChain.caller, MutantChain.contract] {
            let key = StateKeys.balance(asset: .nativeCoin, address: holder)
            state[key] = start
            books[key] = 1_000
        }
    }

    func read(_ key: Bytes32) -> [UInt8]? { state[key] }
    func module(at address: Address) -> VerifiedModule? { modules[address] }
    func randomness(at height: UInt64) -> Bytes32? { height == 3 ? nil : Bytes32(height, 1, 1, 1) }

    /// Applies a result; false when it breaks conservation.
    func apply(_ result: ExecutionResult) -> Bool {
        for write in result.writes { state[write.key] = write.value }
        var held: [AssetID: BigInt] = [:]
        var supply: [AssetID: BigInt] = [:]
        for entry in result.bookEntries {
            let key: Bytes32
            switch entry.kind {
            case .balance: key = StateKeys.balance(asset: entry.asset, address: entry.holder)
            case .supply: key = StateKeys.supply(asset: entry.asset)
            case .holding: key = StateKeys.holding(contract: entry.holder, asset: entry.asset)
            }
            let amount = BigInt(negative: false, bigEndianMagnitude: entry.amount)
            if amount.bitWidth > 256 { return false }
            let change = amount - (books[key] ?? 0)
            if entry.kind == .supply {
                supply[entry.asset, default: 0] += change
            } else {
                held[entry.asset, default: 0] += change
            }
            books[key] = amount
            state[key] = entry.amount.isEmpty ? nil : [UInt8(2 * entry.amount.count)] + entry.amount
        }
        var minted: [AssetID: BigInt] = [:]
        for change in result.supplyChanges {
            minted[change.asset] =
                BigInt(negative: false, bigEndianMagnitude: change.minted)
                - BigInt(negative: false, bigEndianMagnitude: change.burned)
        }
        for asset in Set(held.keys).union(supply.keys).union(minted.keys) {
            let wanted = minted[asset] ?? 0
            if held[asset] ?? 0 != wanted || supply[asset] ?? 0 != wanted { return false }
        }
        return true
    }
}
