import Crypto
import Ledger

/// A chain's blocks and state on a disk: what a commit writes, and reads that check what they find.
final class BlockStore: StateSource, StateTreeReader {
    private let disk: any Disk
    private var forkCache = ForkCache()
    /// Committed values read or written before, the absent ones too; dropped as a whole when they grow too large.
    private var valueCache: [Bytes32: [UInt8]?] = [:]
    private var cachedValueByteCount = 0
    private static let cachedValueByteLimit = 64 << 20

    private enum Fact {
        static let genesis = Array("genesis".utf8)
        static let head = Array("head".utf8)
    }

    init(disk: any Disk) {
        self.disk = disk
    }

    func close() {
        disk.close()
    }

    // MARK: Committing

    /// Everything that one block adds.
    struct Commit {
        var block: Block
        var receipts: [Receipt]
        var writes: [EngineResult.Write]
        var tree: StateTreeUpdate
        /// The genesis file's text, with block 0 alone.
        var genesis: [UInt8]?
    }

    /// Writes a block and its state in one change of the disk.
    func commit(_ commit: Commit) throws {
        let forks = commit.tree.puts.map { (position: $0.position, record: $0.record) }
        do {
            try disk.begin()
            try write(commit, forks: forks)
            try disk.commit()
        } catch {
            // The error that stopped the commit is the one to report.
            try? disk.rollback()
            throw error
        }
        for change in commit.writes { keep(change.value, for: change.key) }
        for position in commit.tree.removals { forkCache.remove(position) }
        for fork in forks { forkCache.keep(fork.record, at: fork.position) }
    }

    private func write(_ commit: Commit, forks: [(position: StateTreePosition, record: [UInt8])]) throws {
        let header = commit.block.header
        let height = BlockStore.key(height: header.height)
        if let genesis = commit.genesis {
            try disk.put(genesis, in: .facts, for: Fact.genesis)
        }
        try disk.put(header.encoded(), in: .headers, for: height)
        if !commit.block.transactions.isEmpty {
            try disk.put(commit.block.encoded(), in: .blocks, for: height)
            var receipts = CanonicalWriter()
            receipts.write(count: commit.receipts.count)
            for (index, receipt) in commit.receipts.enumerated() {
                receipts.write(counted: receipt.encoded())
                var place = CanonicalWriter()
                place.write(count: header.height)
                place.write(count: index)
                try disk.put(place.bytes, in: .transactions, for: receipt.transactionID.bytes)
            }
            try disk.put(receipts.bytes, in: .receipts, for: height)
        }
        for change in commit.writes {
            if let value = change.value {
                try disk.put(value, in: .state, for: change.key.bytes)
            } else {
                try disk.remove(change.key.bytes, from: .state)
            }
        }
        for position in commit.tree.removals {
            try disk.remove(position.bytes, from: .forks)
        }
        for fork in forks {
            try disk.put(fork.record, in: .forks, for: fork.position.bytes)
        }
        if let root = commit.tree.rootBranch {
            try disk.put(root.record, in: .forks, for: BlockStore.rootKey)
        } else {
            try disk.remove(BlockStore.rootKey, from: .forks)
        }
        try disk.put(height + header.hash.bytes, in: .facts, for: Fact.head)
    }

    // MARK: State

    func stateValue(for key: Bytes32) throws -> [UInt8]? {
        if let known = valueCache[key] { return known }
        let value = try disk.value(in: .state, for: key.bytes)
        keep(value, for: key)
        return value
    }

    private func keep(_ value: [UInt8]?, for key: Bytes32) {
        // A generous estimate of what an entry takes; what it replaces is not taken off.
        cachedValueByteCount += 128 + (value?.count ?? 0)
        if cachedValueByteCount > BlockStore.cachedValueByteLimit {
            valueCache.removeAll()
            cachedValueByteCount = 128 + (value?.count ?? 0)
        }
        valueCache.updateValue(value, forKey: key)
    }

    func stateTreeRootRecord() throws -> [UInt8]? {
        try disk.value(in: .forks, for: BlockStore.rootKey)
    }

    func stateTreeForkRecord(at position: StateTreePosition) throws -> [UInt8]? {
        if let record = forkCache.record(at: position) { return record }
        guard let record = try disk.value(in: .forks, for: position.bytes) else { return nil }
        forkCache.keep(record, at: position)
        return record
    }

    /// Makes the state's tree anew from all entries and compares it with the root and with the stored tree.
    func verifyState(root: Hash) throws {
        var expected = RecordSum()
        var builder = StateTreeBuilder { expected.add(key: $0.position.bytes, record: $0.record) }
        try disk.forEach(in: .state) { key, value in
            guard let key = Bytes32(key), builder.add(key: key, value: value) else {
                throw StoreError.damaged("an entry of the state has a wrong key")
            }
        }
        let rootBranch = builder.finish()
        let found = rootBranch?.hash ?? StateTree.emptyRoot
        guard found == root else {
            throw StoreError.damaged("the state's root is \(found), the last block has \(root)")
        }
        if let rootBranch { expected.add(key: BlockStore.rootKey, record: rootBranch.record) }
        var stored = RecordSum()
        try disk.forEach(in: .forks) { stored.add(key: $0, record: $1) }
        guard stored == expected else { throw StoreError.damaged("the stored forks of the state tree") }
    }

    /// The place of the root among the forks, whose own keys are longer.
    private static let rootKey: [UInt8] = []

    /// Of the blocks asked for before; all of it is dropped when it grows too large.
    private var randomnessCache: [UInt64: Hash] = [:]

    func blockRandomness(at height: UInt64) throws -> Hash? {
        if let known = randomnessCache[height] { return known }
        guard let output = try header(at: height)?.randomness?.output else { return nil }
        if randomnessCache.count >= BlockStore.cachedRandomnessCount { randomnessCache.removeAll() }
        randomnessCache[height] = output
        return output
    }

    private static let cachedRandomnessCount = 1 << 14

    // MARK: Blocks

    /// The genesis file's text.
    func genesis() throws -> [UInt8]? {
        try disk.value(in: .facts, for: Fact.genesis)
    }

    /// The header of the last committed block; nil on a disk without a chain.
    func head() throws -> BlockHeader? {
        guard let fact = try disk.value(in: .facts, for: Fact.head) else { return nil }
        guard fact.count == 40 else { throw StoreError.damaged("the record of the head") }
        let height = fact[..<8].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let header = try header(at: height), header.hash == Bytes32(fact[8...]) else {
            throw StoreError.damaged("the head's header")
        }
        return header
    }

    func header(at height: UInt64) throws -> BlockHeader? {
        guard let bytes = try disk.value(in: .headers, for: BlockStore.key(height: height)) else { return nil }
        guard let header = try? BlockHeader.decode(bytes), header.height == height else {
            throw StoreError.damaged("the header of block \(height)")
        }
        return header
    }

    func block(at height: UInt64) throws -> Block? {
        guard let header = try header(at: height) else { return nil }
        guard let bytes = try disk.value(in: .blocks, for: BlockStore.key(height: height)) else {
            guard header.transactionsRoot == BlockHeader.transactionsRoot(of: []) else {
                throw StoreError.damaged("block \(height) lacks its transactions")
            }
            return Block(header: header, transactions: [])
        }
        guard let block = try? Block.decode(bytes), block.header == header,
            BlockHeader.transactionsRoot(of: block.transactions) == header.transactionsRoot
        else { throw StoreError.damaged("block \(height)") }
        return block
    }

    func receipts(at height: UInt64) throws -> [Receipt]? {
        guard let header = try header(at: height) else { return nil }
        var receipts: [Receipt] = []
        if let bytes = try disk.value(in: .receipts, for: BlockStore.key(height: height)) {
            var reader = CanonicalReader(bytes)
            do {
                let count = try reader.readCount("the count of receipts", limit: Limits.blockTransactionCount)
                for _ in 0..<count {
                    let encoded = try reader.readCounted("the receipt", limit: Limits.receiptByteCount)
                    receipts.append(try Receipt.decode(encoded))
                }
                try reader.requireEnd()
            } catch {
                throw StoreError.damaged("the receipts of block \(height)")
            }
        }
        guard BlockHeader.receiptsRoot(of: receipts) == header.receiptsRoot else {
            throw StoreError.damaged("the receipts of block \(height)")
        }
        return receipts
    }

    /// Where a transaction was included.
    func place(of transactionID: Hash) throws -> (height: UInt64, index: Int)? {
        guard let bytes = try disk.value(in: .transactions, for: transactionID.bytes) else { return nil }
        var reader = CanonicalReader(bytes)
        guard let height = try? reader.readUnsigned("a height"),
            let index = try? reader.readCount("an index", limit: Limits.blockTransactionCount), reader.isAtEnd
        else { throw StoreError.damaged("the place of transaction \(transactionID)") }
        return (height, index)
    }

    /// Big-endian, so that the order of keys is that of heights.
    private static func key(height: UInt64) -> [UInt8] {
        withUnsafeBytes(of: height.bigEndian) { Array($0) }
    }
}

/// Records of forks read or written lately, in two generations: when the younger is full it becomes the older, whose
/// records that nobody asked for since are dropped. So the forks near the root, which every block needs, always stay.
private struct ForkCache {
    private static let generationCount = 1 << 17
    private var younger: [StateTreePosition: [UInt8]] = [:]
    private var older: [StateTreePosition: [UInt8]] = [:]

    mutating func record(at position: StateTreePosition) -> [UInt8]? {
        if let record = younger[position] { return record }
        guard let record = older[position] else { return nil }
        keep(record, at: position)
        return record
    }

    mutating func keep(_ record: [UInt8], at position: StateTreePosition) {
        if younger.count >= Self.generationCount {
            older = younger
            younger = Dictionary(minimumCapacity: Self.generationCount)
        }
        younger[position] = record
    }

    mutating func remove(_ position: StateTreePosition) {
        younger[position] = nil
        older[position] = nil
    }
}

/// Tells whether two sets of records are equal, whatever the order in which they come: the sum of their digests. It is
/// meant for damage; against forgery every fork is checked by its hash when it is used.
private struct RecordSum: Equatable {
    private var count = 0
    private var words: SIMD4<UInt64> = .zero

    mutating func add(key: [UInt8], record: [UInt8]) {
        let digest = Blake2b.stream { stream in
            stream.update(UInt64(key.count))
            stream.update(key)
            stream.update(record)
        }
        count += 1
        words &+= SIMD4(digest.word0, digest.word1, digest.word2, digest.word3)
    }
}
