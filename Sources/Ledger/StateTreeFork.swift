import Crypto

/// A subtree as the fork above it, or the tree's root, holds it.
public enum StateTreeBranch: Hashable, Sendable {
    /// An entry: its key and the digest of its value.
    case leaf(key: Bytes32, valueHash: Hash)
    /// A fork: where it is kept, and its hash.
    case fork(StateTreePosition, hash: Hash)

    /// BLAKE2b-256 over 0, key and digest for a leaf; see ``StateTreeFork/hash`` for a fork. The first byte keeps the
    /// two apart, and no domain prefix of the ledger begins with it.
    public var hash: Hash {
        switch self {
        case .leaf(let key, let valueHash):
            return Blake2b.stream { stream in
                stream.update([0])
                stream.update(key)
                stream.update(valueHash)
            }
        case .fork(_, let hash):
            return hash
        }
    }

    /// The bytes that are stored: for a leaf 0, key, digest; for a fork 1, bit, prefix, hash.
    public var record: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.recordBytesLimit)
        append(to: &bytes)
        return bytes
    }

    static let recordBytesLimit = 66

    func append(to bytes: inout [UInt8]) {
        func append(_ value: Bytes32) { withUnsafeBytes(of: value) { bytes.append(contentsOf: $0) } }
        switch self {
        case .leaf(let key, let valueHash):
            bytes.append(0)
            append(key)
            append(valueHash)
        case .fork(let position, let hash):
            bytes.append(1)
            bytes.append(position.bit)
            append(position.prefix)
            append(hash)
        }
    }

    /// Reads a record from the front of the bytes and takes it off; nil for bytes that begin with none.
    init?(takingFrom bytes: inout ArraySlice<UInt8>) {
        let start = bytes.startIndex
        switch bytes.first {
        case 0 where bytes.count >= 65:
            guard let key = Self.bytes32(bytes, start + 1), let valueHash = Self.bytes32(bytes, start + 33) else {
                return nil
            }
            self = .leaf(key: key, valueHash: valueHash)
            bytes = bytes[(start + 65)...]
        case 1 where bytes.count >= 66:
            guard let prefix = Self.bytes32(bytes, start + 2), let hash = Self.bytes32(bytes, start + 34) else {
                return nil
            }
            self = .fork(StateTreePosition(bit: bytes[start + 1], prefix: prefix), hash: hash)
            bytes = bytes[(start + 66)...]
        default:
            return nil
        }
    }

    private static func bytes32(_ bytes: ArraySlice<UInt8>, _ start: Int) -> Bytes32? {
        bytes.withUnsafeBytes { memory in
            let offset = start - bytes.startIndex
            return Bytes32(loading: UnsafeRawBufferPointer(rebasing: memory[offset..<offset + Bytes32.byteCount]))
        }
    }

    /// Reads a whole record; nil for bytes that are none.
    public init?(record: [UInt8]) {
        var rest = record[...]
        self.init(takingFrom: &rest)
        guard rest.isEmpty else { return nil }
    }
}

/// Where a fork stands: the bit at which it decides, counted from the most significant, and the bits above it that all
/// keys below share, the rest being zero.
public struct StateTreePosition: Hashable, Sendable {
    /// The bit.
    public var bit: UInt8
    /// The shared bits.
    public var prefix: Bytes32

    /// The position of a fork at a bit on the way to a key.
    init(bit: Int, onTheWayTo key: Bytes32) {
        self.bit = UInt8(truncatingIfNeeded: bit)
        prefix = key.prefix(bitCount: bit)
    }

    init(bit: UInt8, prefix: Bytes32) {
        self.bit = bit
        self.prefix = prefix
    }

    /// The bytes under which the fork is stored: prefix, then bit, so that neighbours in the tree are neighbours there.
    public var bytes: [UInt8] { prefix.bytes + [bit] }
}

/// A fork of the state tree: it stands where two keys first differ and nowhere else, so equal states have equal trees.
public struct StateTreeFork: Hashable, Sendable {
    /// Where it stands.
    public var position: StateTreePosition
    /// The keys with a zero at its bit.
    public var left: StateTreeBranch
    /// The keys with a one.
    public var right: StateTreeBranch

    /// BLAKE2b-256 over 1, bit, prefix and the hashes of both sides.
    public var hash: Hash {
        StateTreeFork.hash(position, left: left.hash, right: right.hash)
    }

    static func hash(_ position: StateTreePosition, left: Hash, right: Hash) -> Hash {
        Blake2b.stream { stream in
            stream.update([1, position.bit])
            stream.update(position.prefix)
            stream.update(left)
            stream.update(right)
        }
    }

    init(position: StateTreePosition, left: StateTreeBranch, right: StateTreeBranch) {
        self.position = position
        self.left = left
        self.right = right
    }

    /// The bytes that are stored under the position: both sides' records.
    public var record: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(2 * StateTreeBranch.recordBytesLimit)
        left.append(to: &bytes)
        right.append(to: &bytes)
        return bytes
    }

    /// Reads the record stored under a position; nil for bytes that are none.
    public init?(position: StateTreePosition, record: [UInt8]) {
        var rest = record[...]
        guard let left = StateTreeBranch(takingFrom: &rest), let right = StateTreeBranch(takingFrom: &rest),
            rest.isEmpty
        else { return nil }
        self.init(position: position, left: left, right: right)
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
