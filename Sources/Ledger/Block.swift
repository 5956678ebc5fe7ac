import Crypto

/// What a block commits to.
public struct BlockHeader: Hashable, Sendable {
    /// The chain.
    public var chainID: Hash
    /// The count of blocks before it, the genesis block being number 0.
    public var height: UInt64
    /// The hash of the header before it; zero for the genesis block.
    public var parentHash: Hash
    /// When it was made, in milliseconds since 1970, never before its parent. Contracts cannot see it.
    public var timestampMilliseconds: UInt64
    /// Who receives its fees.
    public var producer: Address
    /// The gas that its transactions used.
    public var gasUsed: UInt64
    /// The root over the transactions' ids.
    public var transactionsRoot: Hash
    /// The root over the receipts' digests.
    public var receiptsRoot: Hash
    /// The root of the state after it.
    public var stateRoot: Hash
    /// The block's randomness; nil for the genesis block, and on a chain whose genesis names no producer key.
    public var randomness: BlockRandomness?

    /// A header of its parts.
    public init(
        chainID: Hash, height: UInt64, parentHash: Hash, timestampMilliseconds: UInt64, producer: Address,
        gasUsed: UInt64, transactionsRoot: Hash, receiptsRoot: Hash, stateRoot: Hash,
        randomness: BlockRandomness? = nil
    ) {
        self.chainID = chainID
        self.height = height
        self.parentHash = parentHash
        self.timestampMilliseconds = timestampMilliseconds
        self.producer = producer
        self.gasUsed = gasUsed
        self.transactionsRoot = transactionsRoot
        self.receiptsRoot = receiptsRoot
        self.stateRoot = stateRoot
        self.randomness = randomness
    }

    /// Names the block.
    public var hash: Hash {
        Blake2b.hash(domain: .block, encoded())
    }

    /// The canonical encoding.
    public func encoded() -> [UInt8] {
        var writer = CanonicalWriter()
        encode(into: &writer)
        return writer.bytes
    }

    func encode(into writer: inout CanonicalWriter) {
        writer.write(byte: randomness == nil ? BlockHeader.plainVersion : BlockHeader.randomVersion)
        writer.write(chainID)
        writer.write(count: height)
        writer.write(parentHash)
        writer.write(count: timestampMilliseconds)
        writer.write(producer)
        writer.write(count: gasUsed)
        writer.write(transactionsRoot)
        writer.write(receiptsRoot)
        writer.write(stateRoot)
        if let randomness {
            writer.write(randomness.output)
            writer.write(raw: randomness.proof)
        }
    }

    /// Reads exactly one header.
    public static func decode(_ bytes: [UInt8]) throws(DecodingError) -> BlockHeader {
        var reader = CanonicalReader(bytes)
        let header = try decode(from: &reader)
        try reader.requireEnd()
        return header
    }

    static func decode(from reader: inout CanonicalReader) throws(DecodingError) -> BlockHeader {
        let version = try reader.readByte()
        guard version == plainVersion || version == randomVersion else {
            throw .unknownKind("block version", UInt64(version))
        }
        let chainID = try reader.readBytes32()
        let height = try reader.readUnsigned("the height")
        let parentHash = try reader.readBytes32()
        let timestamp = try reader.readUnsigned("the timestamp")
        let producer = try reader.readBytes32()
        let gasUsed = try reader.readUnsigned("the gas used")
        let transactionsRoot = try reader.readBytes32()
        let receiptsRoot = try reader.readBytes32()
        let stateRoot = try reader.readBytes32()
        var randomness: BlockRandomness?
        if version == randomVersion {
            let output = try reader.readBytes32()
            randomness = BlockRandomness(
                output: output, proof: try reader.readRaw(count: VerifiableRandom.proofByteCount))
        }
        return BlockHeader(
            chainID: chainID, height: height, parentHash: parentHash, timestampMilliseconds: timestamp,
            producer: producer, gasUsed: gasUsed, transactionsRoot: transactionsRoot, receiptsRoot: receiptsRoot,
            stateRoot: stateRoot, randomness: randomness)
    }

    /// A header without randomness.
    private static let plainVersion: UInt8 = 1
    /// A header with the randomness and its proof at the end.
    private static let randomVersion: UInt8 = 2

    /// The root that a header has for these transactions.
    public static func transactionsRoot(of transactions: [SignedTransaction]) -> Hash {
        ListRoot.of(transactions.map(\.id))
    }

    /// The root that a header has for these receipts.
    public static func receiptsRoot(of receipts: [Receipt]) -> Hash {
        ListRoot.of(receipts.map(\.hash))
    }
}

/// A header and the transactions that it commits to.
public struct Block: Hashable, Sendable {
    /// The header.
    public var header: BlockHeader
    /// The transactions in order.
    public var transactions: [SignedTransaction]

    /// A block of its parts.
    public init(header: BlockHeader, transactions: [SignedTransaction]) {
        self.header = header
        self.transactions = transactions
    }

    /// The canonical encoding.
    public func encoded() -> [UInt8] {
        var writer = CanonicalWriter()
        header.encode(into: &writer)
        writer.write(count: transactions.count)
        for transaction in transactions {
            writer.write(counted: transaction.encoded())
        }
        return writer.bytes
    }

    /// Reads exactly one block; whether header and transactions fit is not checked.
    public static func decode(_ bytes: [UInt8]) throws(DecodingError) -> Block {
        guard bytes.count <= Limits.blockByteCount else {
            throw .tooLarge("the block", limit: Limits.blockByteCount)
        }
        var reader = CanonicalReader(bytes)
        let header = try BlockHeader.decode(from: &reader)
        var transactions: [SignedTransaction] = []
        for _ in 0..<(try reader.readCount("the count of transactions", limit: Limits.blockTransactionCount)) {
            let encoded = try reader.readCounted("the transaction", limit: Limits.transactionByteCount)
            transactions.append(try SignedTransaction.decode(encoded))
        }
        try reader.requireEnd()
        return Block(header: header, transactions: transactions)
    }
}
