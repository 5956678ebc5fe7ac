import Crypto
import Ledger

/// Transactions that wait for a block, in the order of their arrival. All of them were checked when they came.
struct TransactionQueue {
    /// A transaction with what is often asked of it.
    struct Element {
        let transaction: SignedTransaction
        let id: Hash
        let sender: Address

        init(_ transaction: SignedTransaction) {
            self.transaction = transaction
            id = transaction.id
            sender = transaction.transaction.sender.address
        }
    }

    private(set) var elements: [Element] = []
    private var ids: Set<Hash> = []

    /// The most transactions that may wait.
    static let capacity = 1 << 14

    mutating func append(_ element: Element) throws(TransactionError) {
        guard !ids.contains(element.id) else { throw .alreadySubmitted }
        guard elements.count < TransactionQueue.capacity else { throw .queueFull(limit: TransactionQueue.capacity) }
        ids.insert(element.id)
        elements.append(element)
    }

    /// Keeps these, in their order.
    mutating func replace(by remaining: [Element]) {
        elements = remaining
        ids = Set(remaining.map(\.id))
    }

    /// The nonce after those that wait in unbroken order from the account's next one.
    func nonce(of sender: Address, startingAt nonce: UInt64) -> UInt64 {
        var next = nonce
        for element in elements where element.sender == sender && element.transaction.transaction.nonce == next {
            next &+= 1
        }
        return next
    }
}
