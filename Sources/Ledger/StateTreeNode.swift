import Crypto

/// A node of the state tree.
///
/// The tree is a compressed binary trie over 32-byte keys: an inner node stands where two keys first differ and
/// nowhere else, so a set of entries has exactly one tree. A node's hash is BLAKE2b-256 of its record; the first byte
/// keeps leaves and inner nodes apart, and no domain prefix of the ledger begins with it.
public enum StateTreeNode: Hashable, Sendable {
    /// An entry: its key and the digest of its value. Record: 0, key, digest.
    case leaf(key: Bytes32, valueHash: Hash)
    /// A fork at a bit, counted from the most significant; `prefix` holds the bits above it that all keys below share,
    /// the rest zero. Record: 1, bit, prefix, left, right.
    case inner(bit: UInt8, prefix: Bytes32, left: Hash, right: Hash)

    /// The bytes that are hashed and stored.
    public var record: [UInt8] {
        switch self {
        case .leaf(let key, let valueHash):
            return [0] + key.bytes + valueHash.bytes
        case .inner(let bit, let prefix, let left, let right):
            return [1, bit] + prefix.bytes + left.bytes + right.bytes
        }
    }

    /// The node's hash.
    public var hash: Hash { Blake2b.hash(record) }

    /// Reads a record; nil for bytes that are none.
    public init?(record: [UInt8]) {
        switch (record.first, record.count) {
        case (0, 65):
            guard let key = Bytes32(record[1..<33]), let valueHash = Bytes32(record[33...]) else { return nil }
            self = .leaf(key: key, valueHash: valueHash)
        case (1, 98):
            guard let prefix = Bytes32(record[2..<34]), let left = Bytes32(record[34..<66]),
                let right = Bytes32(record[66...])
            else { return nil }
            self = .inner(bit: record[1], prefix: prefix, left: left, right: right)
        default:
            return nil
        }
    }

    /// The digest of a value, under a domain of its own.
    public static func hash(ofValue value: [UInt8]) -> Hash {
        Blake2b.hash(domain: .stateValue, value)
    }
}

extension Bytes32 {
    /// The leading bits, as many as given, with the rest zero.
    func prefix(bitCount: Int) -> Bytes32 {
        var result = self
        result.word0 &= Bytes32.mask(bitCount)
        result.word1 &= Bytes32.mask(bitCount - 64)
        result.word2 &= Bytes32.mask(bitCount - 128)
        result.word3 &= Bytes32.mask(bitCount - 192)
        return result
    }

    private static func mask(_ bitCount: Int) -> UInt64 {
        if bitCount <= 0 { return 0 }
        if bitCount >= 64 { return .max }
        return (UInt64.max << UInt64(64 - bitCount)).bigEndian
    }
}
