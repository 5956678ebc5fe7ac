import Crypto
import Glibc
import Ledger

/// A block just made.
public struct ProducedBlock: Sendable {
    /// A transaction that was dropped, since it can never be included any more.
    public struct Rejection: Sendable {
        /// The transaction.
        public var transactionID: Hash
        /// Why.
        public var error: TransactionError
    }

    /// The block.
    public var block: Block
    /// The receipts of its transactions, in order; failures carry their traces.
    public var receipts: [Receipt]
    /// What was dropped from the queue.
    public var rejections: [Rejection]
}

/// A chain with one writer: its state, its blocks, its queue, in a data directory or in memory.
///
/// A block is committed as a whole in one change of the disk, and only then seen. When a commit fails, the chain
/// refuses everything further; opened anew it stands at a committed block. Not for use from several threads at once.
public final class Chain {
    /// The start of the chain.
    public let genesis: Genesis
    /// The header of the last committed block.
    public private(set) var head: BlockHeader

    private let store: BlockStore
    private let engine: any ExecutionEngine
    private let clock: any Clock
    private let producerKey: SigningKey?
    private let lock: DirectoryLock?
    private(set) var queue = TransactionQueue()
    private var hasFailed = false

    /// The chain's id.
    public let chainID: Hash

    /// The chain's rules.
    public var parameters: ChainParameters { genesis.parameters }

    private init(
        genesis: Genesis, head: BlockHeader, store: BlockStore, engine: any ExecutionEngine, clock: any Clock,
        producerKey: SigningKey?, lock: DirectoryLock?
    ) {
        self.genesis = genesis
        self.head = head
        self.store = store
        self.engine = engine
        self.clock = clock
        self.producerKey = producerKey
        self.lock = lock
        chainID = head.chainID
    }

    // MARK: Creating and opening

    /// The file that holds the chain in a data directory.
    public static let databaseName = "chain.sqlite"

    /// Makes a chain in a directory, which is made when it is missing.
    ///
    /// - Parameter producerKey: the key that the genesis names; without it no block can be made, only appended.
    public static func create(
        directory: String, genesis: Genesis, engine: any ExecutionEngine, clock: any Clock = SystemClock(),
        producerKey: SigningKey? = nil
    ) throws -> Chain {
        try makeDirectory(directory)
        let lock = try DirectoryLock(directory: directory)
        let disk = try SQLiteDisk(path: directory + "/" + databaseName, creates: true)
        do {
            return try create(
                disk: disk, genesis: genesis, engine: engine, clock: clock, producerKey: producerKey, lock: lock)
        } catch StoreError.chainExists {
            throw StoreError.chainExists(directory: directory)
        }
    }

    /// Opens the chain in a directory at its last committed block.
    public static func open(
        directory: String, engine: any ExecutionEngine, clock: any Clock = SystemClock(),
        producerKey: SigningKey? = nil
    ) throws -> Chain {
        guard access(directory + "/" + databaseName, F_OK) == 0 else {
            throw StoreError.noChain(directory: directory)
        }
        let lock = try DirectoryLock(directory: directory)
        let disk = try SQLiteDisk(path: directory + "/" + databaseName, creates: false)
        do {
            return try open(disk: disk, engine: engine, clock: clock, producerKey: producerKey, lock: lock)
        } catch StoreError.noChain {
            throw StoreError.noChain(directory: directory)
        }
    }

    /// Makes a chain that lives in memory.
    public static func inMemory(
        genesis: Genesis, engine: any ExecutionEngine, clock: any Clock = SystemClock(),
        producerKey: SigningKey? = nil
    ) throws -> Chain {
        try create(disk: MemoryDisk(), genesis: genesis, engine: engine, clock: clock, producerKey: producerKey)
    }

    /// Makes a chain on a disk without one.
    public static func create(
        disk: any Disk, genesis: Genesis, engine: any ExecutionEngine, clock: any Clock,
        producerKey: SigningKey? = nil
    ) throws -> Chain {
        try create(
            disk: disk, genesis: genesis, engine: engine, clock: clock, producerKey: producerKey, lock: nil)
    }

    /// Opens the chain on a disk.
    public static func open(
        disk: any Disk, engine: any ExecutionEngine, clock: any Clock, producerKey: SigningKey? = nil
    ) throws -> Chain {
        try open(disk: disk, engine: engine, clock: clock, producerKey: producerKey, lock: nil)
    }

    private static func create(
        disk: any Disk, genesis: Genesis, engine: any ExecutionEngine, clock: any Clock, producerKey: SigningKey?,
        lock: DirectoryLock?
    ) throws -> Chain {
        let store = BlockStore(disk: disk)
        do {
            try require(producerKey, of: genesis)
            guard try store.head() == nil else { throw StoreError.chainExists(directory: "") }
            let entries = genesis.stateEntries()
            let tree = try StateTree.update(
                root: StateTree.emptyRoot, changes: entries.map(treeChange), tree: store)
            let header = genesis.header(stateRoot: tree.root)
            try store.commit(
                BlockStore.Commit(
                    block: Block(header: header, transactions: []), receipts: [], writes: entries, tree: tree,
                    genesis: Array(genesis.json.text(pretty: true).utf8)))
            return Chain(
                genesis: genesis, head: header, store: store, engine: engine, clock: clock, producerKey: producerKey,
                lock: lock)
        } catch {
            store.close()
            throw error
        }
    }

    private static func open(
        disk: any Disk, engine: any ExecutionEngine, clock: any Clock, producerKey: SigningKey?, lock: DirectoryLock?
    ) throws -> Chain {
        let store = BlockStore(disk: disk)
        do {
            guard let text = try store.genesis(), let head = try store.head() else {
                throw StoreError.noChain(directory: "")
            }
            guard let genesis = try? Genesis.parse(text), genesis.chainID == head.chainID else {
                throw StoreError.damaged("the genesis file")
            }
            try require(producerKey, of: genesis)
            try store.verifyState(root: head.stateRoot)
            return Chain(
                genesis: genesis, head: head, store: store, engine: engine, clock: clock, producerKey: producerKey,
                lock: lock)
        } catch {
            store.close()
            throw error
        }
    }

    /// A key that is given must be the one that the genesis names, when it names one.
    private static func require(_ producerKey: SigningKey?, of genesis: Genesis) throws(LedgerFault) {
        guard let expected = genesis.parameters.producerKey, let producerKey, producerKey.publicKey != expected
        else { return }
        throw .producerKey(expected: expected)
    }

    /// Releases the files. Nothing else may be called afterwards.
    public func close() {
        hasFailed = true
        store.close()
        lock?.release()
    }

    // MARK: Transactions

    /// Checks a transaction and puts it into the queue; returns its id.
    @discardableResult
    public func submit(_ transaction: SignedTransaction) throws -> Hash {
        let session = try session()
        try session.check(transaction)
        let element = TransactionQueue.Element(transaction)
        guard try store.place(of: element.id) == nil else { throw TransactionError.alreadySubmitted }
        try queue.append(element)
        return element.id
    }

    /// Reads, checks and queues an encoded transaction; returns its id.
    @discardableResult
    public func submit(encoded: [UInt8]) throws -> Hash {
        let transaction: SignedTransaction
        do {
            transaction = try SignedTransaction.decode(encoded)
        } catch {
            throw TransactionError.malformed(error)
        }
        return try submit(transaction)
    }

    /// The transactions that wait, in the order of their arrival.
    public var pendingTransactions: [SignedTransaction] { queue.elements.map(\.transaction) }

    /// What a transaction would do at the head; neither signature nor queue play a part. A gas price of zero leaves
    /// the fee out.
    public func simulate(_ transaction: Transaction) throws -> Receipt {
        try requireUsable()
        return try BlockSession.simulate(
            transaction, parameters: parameters, parent: head, source: store, engine: engine)
    }

    // MARK: Blocks

    /// Makes and commits the next block from the queue; an empty one when nothing waits.
    @discardableResult
    public func produceBlock() throws -> ProducedBlock {
        try produceBlock(timestampMilliseconds: max(head.timestampMilliseconds, clock.nowMilliseconds))
    }

    /// Makes the blocks that the block interval has made due by the clock, empty ones too, so that deadlines pass: the
    /// first block at once, each further one an interval after its parent. Returns how many were made, at most the
    /// limit.
    @discardableResult
    public func produceDueBlocks(atMost limit: Int) throws -> Int {
        let now = clock.nowMilliseconds
        var count = 0
        while count < limit {
            let parentTime = head.timestampMilliseconds
            if head.height == 0 {
                try produceBlock(timestampMilliseconds: now)
            } else {
                guard now >= parentTime, now - parentTime >= parameters.blockIntervalMilliseconds else { break }
                try produceBlock(timestampMilliseconds: parentTime + parameters.blockIntervalMilliseconds)
            }
            count += 1
        }
        return count
    }

    @discardableResult
    private func produceBlock(timestampMilliseconds: UInt64) throws -> ProducedBlock {
        let session = try session()
        let randomness = try nextRandomness()
        var remaining: [TransactionQueue.Element] = []
        var rejections: [ProducedBlock.Rejection] = []
        for element in queue.elements {
            do {
                try session.apply(element.transaction, isSignatureChecked: true)
            } catch let error as TransactionError {
                switch error {
                case .nonceAhead, .blockFull:
                    remaining.append(element)
                default:
                    rejections.append(ProducedBlock.Rejection(transactionID: element.id, error: error))
                }
            }
        }
        let block = try commit(session, timestampMilliseconds: timestampMilliseconds, randomness: randomness)
        queue.replace(by: remaining)
        return ProducedBlock(block: block, receipts: session.receipts, rejections: rejections)
    }

    /// What the producer's key gives for the next block; nil on a chain without block randomness.
    private func nextRandomness() throws(LedgerFault) -> BlockRandomness? {
        guard let expected = parameters.producerKey else { return nil }
        guard let producerKey, let randomness = BlockRandomness.make(after: head, key: producerKey) else {
            throw .producerKey(expected: expected)
        }
        return randomness
    }

    /// Makes and commits so many blocks, the queue going into the first of them; returns the last header.
    @discardableResult
    public func advance(by blockCount: Int) throws -> BlockHeader {
        for _ in 0..<max(0, blockCount) {
            try produceBlock()
        }
        return head
    }

    /// Checks a block made elsewhere against this chain by executing it, and commits it.
    public func append(_ block: Block) throws {
        let session = try session()
        if let key = parameters.producerKey {
            guard let randomness = block.header.randomness, randomness.isValid(after: head, key: key) else {
                throw LedgerFault.wrongBlock("its randomness is not the producer's")
            }
        }
        for transaction in block.transactions {
            do {
                try session.apply(transaction)
            } catch let error as TransactionError {
                throw LedgerFault.wrongBlock(error.message)
            }
        }
        guard block.header.timestampMilliseconds >= head.timestampMilliseconds else {
            throw LedgerFault.wrongBlock("it is older than its parent")
        }
        try commit(
            session, timestampMilliseconds: block.header.timestampMilliseconds,
            randomness: parameters.producerKey == nil ? nil : block.header.randomness, expected: block.header)
    }

    /// The one place where the chain grows.
    @discardableResult
    private func commit(
        _ session: BlockSession, timestampMilliseconds: UInt64, randomness: BlockRandomness?,
        expected: BlockHeader? = nil
    ) throws -> Block {
        let writes = try session.finish()
        let tree = try StateTree.update(root: head.stateRoot, changes: writes.map(Chain.treeChange), tree: store)
        let header = BlockHeader(
            chainID: chainID, height: session.context.height, parentHash: head.hash,
            timestampMilliseconds: timestampMilliseconds, producer: parameters.producer, gasUsed: session.gasUsed,
            transactionsRoot: BlockHeader.transactionsRoot(of: session.transactions),
            receiptsRoot: BlockHeader.receiptsRoot(of: session.receipts), stateRoot: tree.root,
            randomness: randomness)
        if let expected, expected != header {
            throw LedgerFault.wrongBlock("its header does not follow from its parent and its transactions")
        }
        let block = Block(header: header, transactions: session.transactions)
        do {
            try store.commit(
                BlockStore.Commit(block: block, receipts: session.receipts, writes: writes, tree: tree))
        } catch {
            hasFailed = true
            throw error
        }
        head = header
        return block
    }

    // MARK: Reading

    /// Reads of committed state; see the extensions.
    func readState() throws -> LedgerState {
        try requireUsable()
        return LedgerState(source: store)
    }

    func readStore() throws -> BlockStore {
        try requireUsable()
        return store
    }

    func session() throws -> BlockSession {
        try requireUsable()
        return BlockSession(parameters: parameters, parent: head, source: store, engine: engine)
    }

    private func requireUsable() throws(StoreError) {
        guard !hasFailed else { throw .failedBefore }
    }

    private static func treeChange(_ write: EngineResult.Write) -> StateTree.Change {
        StateTree.Change(key: write.key, valueHash: write.value.map { StateTree.hash(ofValue: $0) })
    }

    private static func makeDirectory(_ directory: String) throws(StoreError) {
        var path = directory.hasPrefix("/") ? "/" : ""
        for component in directory.split(separator: "/") {
            path += component + "/"
            guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
                throw .unavailable("\(path): \(String(cString: strerror(errno)))")
            }
        }
    }
}
