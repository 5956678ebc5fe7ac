import Crypto
import Ledger

/// Transactions that wait for a block, in the order of their arrival.
struct TransactionQueue {
    private(set) var transactions: [SignedTransaction] = []
    private var ids: Set<Hash> = []

    /// The most transactions that may wait.
    static let capacity = 1 << 14

    mutating func append(_ transaction: SignedTransaction) throws(TransactionError) {
        let id = transaction.id
        guard !ids.contains(id) else { throw .alreadySubmitted }
        guard transactions.count < TransactionQueue.capacity else { throw .queueFull(limit: TransactionQueue.capacity) }
        ids.insert(id)
        transactions.append(transaction)
    }

    /// Keeps these, in their order.
    mutating func replace(by remaining: [SignedTransaction]) {
        transactions = remaining
        ids = Set(remaining.map(\.id))
    }
}
