/// What a transaction costs before and beside the machine's own gas. One unit is meant to be one nanosecond.
public enum LedgerCosts {
    /// Every transaction: its signature, its sender's records, its receipt.
    public static let transactionGas: UInt64 = 100_000
    /// Every byte of its encoding: hashing, storing, keeping.
    public static let byteGas: UInt64 = 20
    /// A transfer: the records of two balances.
    public static let transferGas: UInt64 = 40_000
    /// Every byte of an artefact: decoding and verification, which are linear in its size.
    public static let artefactByteGas: UInt64 = 400

    /// The gas that a transaction uses whatever it does.
    public static func intrinsicGas(of transaction: Transaction, encodedByteCount: Int) -> UInt64 {
        var gas = transactionGas + byteGas * UInt64(encodedByteCount)
        if case .transfer = transaction.body { gas += transferGas }
        return gas
    }

    /// The bytes that a stored entry counts for: its key and its value.
    public static func storedByteCount(ofValue value: [UInt8]?) -> UInt64 {
        guard let value else { return 0 }
        return UInt64(32 + value.count)
    }
}
