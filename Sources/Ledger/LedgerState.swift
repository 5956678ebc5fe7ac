import Crypto
import Machine

/// Where committed state is read.
public protocol StateSource {
    /// The value under a key; nil when there is none. Throws when the store cannot tell.
    func stateValue(for key: Bytes32) throws -> [UInt8]?
    /// The randomness of a committed block; nil when it has none, or is not there. Throws when the store cannot tell.
    func blockRandomness(at height: UInt64) throws -> Hash?
}

/// The state as a block under way sees it: the committed state, the block's changes so far, and those of the
/// transaction being executed, which can be undone.
///
/// A fault of the store makes every later read return nothing; whoever drives the state looks at ``fault`` before
/// anything is committed.
public final class LedgerState: EngineState {
    /// A changed entry; nil inside means removed.
    private struct Entry {
        var value: [UInt8]?
    }

    private let source: any StateSource
    private var blockChanges: [Bytes32: Entry] = [:]
    private var transactionChanges: [Bytes32: Entry] = [:]
    private var audit = SupplyAudit()

    /// The first fault met, if any.
    public private(set) var fault: LedgerFault?

    /// The state over a committed one.
    public init(source: any StateSource) {
        self.source = source
    }

    // MARK: Records

    public func value(for key: Bytes32) -> [UInt8]? {
        if let entry = transactionChanges[key] { return entry.value }
        if let entry = blockChanges[key] { return entry.value }
        guard fault == nil else { return nil }
        do {
            return try source.stateValue(for: key)
        } catch {
            record(.unreadableState("\(error)"))
            return nil
        }
    }

    public func randomness(at height: UInt64) -> Hash? {
        guard fault == nil else { return nil }
        do {
            return try source.blockRandomness(at: height)
        } catch {
            record(.unreadableState("\(error)"))
            return nil
        }
    }

    /// Changes an entry; nil removes it.
    func setValue(_ value: [UInt8]?, for key: Bytes32) {
        transactionChanges[key] = Entry(value: value)
    }

    public func balance(of address: Address, asset: AssetID) -> Amount {
        amount(at: StateKeys.balance(asset: asset, address: address))
    }

    /// Sets a balance and tells the audit.
    func setBalance(_ amount: Amount, of address: Address, asset: AssetID) {
        let key = StateKeys.balance(asset: asset, address: address)
        audit.recordChange(asset: asset, before: self.amount(at: key), after: amount)
        setAmount(amount, at: key)
    }

    /// Sets what a contract's vaults hold and tells the audit.
    func setHolding(_ amount: Amount, of contract: Address, asset: AssetID) {
        let key = StateKeys.holding(contract: contract, asset: asset)
        audit.recordChange(asset: asset, before: self.amount(at: key), after: amount)
        setAmount(amount, at: key)
    }

    public func holding(of contract: Address, asset: AssetID) -> Amount {
        amount(at: StateKeys.holding(contract: contract, asset: asset))
    }

    public func supply(of asset: AssetID) -> Amount {
        amount(at: StateKeys.supply(asset: asset))
    }

    /// Sets a supply and tells the audit what came into being or ceased to be.
    func setSupply(_ amount: Amount, of asset: AssetID) {
        audit.recordSupply(asset: asset, before: supply(of: asset), after: amount)
        setAmount(amount, at: StateKeys.supply(asset: asset))
    }

    public func artefact(of contract: Address) -> [UInt8]? {
        value(for: LedgerKeys.code(of: contract))
    }

    /// How many transactions of an account were included.
    public func nonce(of address: Address) -> UInt64 {
        count(at: LedgerKeys.account(address))
    }

    func setNonce(_ nonce: UInt64, of address: Address) {
        setCount(nonce, at: LedgerKeys.account(address))
    }

    /// The bytes that the deposits stand for.
    public var storedByteCount: UInt64 { count(at: LedgerKeys.storedByteCount) }

    func setStoredByteCount(_ count: UInt64) {
        setCount(count, at: LedgerKeys.storedByteCount)
    }

    public func report(fault reason: String) {
        record(.engine(reason))
    }

    // MARK: Transactions and blocks

    /// The first asset whose balances, holdings and supply do not add up over the changes since the last merge.
    func unbalancedAsset() -> AssetID? {
        audit.unbalancedAsset()
    }

    /// Makes the transaction's changes part of the block.
    func mergeTransaction() {
        blockChanges.merge(transactionChanges) { _, new in new }
        discardTransaction()
    }

    /// Forgets the transaction's changes.
    func discardTransaction() {
        transactionChanges.removeAll(keepingCapacity: true)
        audit = SupplyAudit()
    }

    /// The changes of the whole block in ascending order of their keys, without those that change nothing.
    func changes() throws -> [EngineResult.Write] {
        var writes: [EngineResult.Write] = []
        for key in blockChanges.keys.sorted() {
            guard let entry = blockChanges[key] else { continue }
            if try source.stateValue(for: key) != entry.value {
                writes.append(EngineResult.Write(key: key, value: entry.value))
            }
        }
        return writes
    }

    // MARK: Encodings

    private func amount(at key: Bytes32) -> Amount {
        guard let bytes = value(for: key) else { return .zero }
        guard let amount = Amount(canonicalBytes: bytes) else {
            record(.damagedRecord(key))
            return .zero
        }
        return amount
    }

    private func setAmount(_ amount: Amount, at key: Bytes32) {
        setValue(amount.isZero ? nil : amount.canonicalBytes, for: key)
    }

    private func count(at key: Bytes32) -> UInt64 {
        guard let bytes = value(for: key) else { return 0 }
        var reader = CanonicalReader(bytes)
        guard let count = try? reader.readUnsigned("a count"), reader.isAtEnd else {
            record(.damagedRecord(key))
            return 0
        }
        return count
    }

    private func setCount(_ count: UInt64, at key: Bytes32) {
        var writer = CanonicalWriter()
        writer.write(count: count)
        setValue(count == 0 ? nil : writer.bytes, for: key)
    }

    private func record(_ newFault: LedgerFault) {
        if fault == nil { fault = newFault }
    }
}
