/// Thirty-two bytes: an address, a hash, an asset id, a state key, a seed.
///
/// The four words hold the bytes in memory order, so the raw memory of a value *is* its bytes and a machine
/// register's 32-byte home can be copied to and from it as it stands.
@frozen
public struct Bytes32: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The bytes 0…7, 8…15, 16…23 and 24…31, each as the little-endian word that memory holds.
    public var word0: UInt64
    public var word1: UInt64
    public var word2: UInt64
    public var word3: UInt64

    /// The number of bytes.
    public static let byteCount = 32

    /// Thirty-two zero bytes.
    public static let zero = Bytes32(0, 0, 0, 0)

    /// Makes a value of four words in memory order.
    @inlinable
    public init(_ word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
        self.word3 = word3
    }

    /// Takes exactly 32 bytes; nil for any other count.
    @inlinable
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Bytes32.byteCount else { return nil }
        self.init(0, 0, 0, 0)
        withUnsafeMutableBytes(of: &self) { raw in
            var index = 0
            for byte in bytes {
                raw[index] = byte
                index += 1
            }
        }
    }

    /// Copies 32 bytes from memory; nil when fewer are given.
    @inlinable
    public init?(loading memory: UnsafeRawBufferPointer) {
        guard memory.count >= Bytes32.byteCount else { return nil }
        self.init(
            memory.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
            memory.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
            memory.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
            memory.loadUnaligned(fromByteOffset: 24, as: UInt64.self))
    }

    /// Parses 64 hexadecimal digits of either case; nil for anything else.
    public init?(hex: String) {
        guard let bytes = Hexadecimal.decode(hex) else { return nil }
        self.init(bytes)
    }

    /// The bytes as an array.
    public var bytes: [UInt8] {
        withUnsafeBytes { Array($0) }
    }

    /// Lends the 32 bytes.
    @inlinable
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var copy = self
        return try Swift.withUnsafeBytes(of: &copy, body)
    }

    /// Sixty-four lower-case hexadecimal digits.
    public var hex: String {
        Hexadecimal.encode(bytes)
    }

    public var description: String { hex }

    /// Whether every byte is zero.
    @inlinable
    public var isZero: Bool {
        word0 | word1 | word2 | word3 == 0
    }

    /// The bit at a depth, counted from the most significant bit of the first byte; `depth` is taken modulo 256.
    @inlinable
    public func bit(at depth: Int) -> Bool {
        let word: UInt64 =
            switch (depth >> 6) & 3 {
            case 0: word0
            case 1: word1
            case 2: word2
            default: word3
            }
        return (word.bigEndian >> UInt64(63 - (depth & 63))) & 1 == 1
    }

    /// How many leading bits two values share: 0…256.
    @inlinable
    public func commonPrefixBitCount(with other: Bytes32) -> Int {
        let first = (word0 ^ other.word0).bigEndian
        if first != 0 { return first.leadingZeroBitCount }
        let second = (word1 ^ other.word1).bigEndian
        if second != 0 { return 64 + second.leadingZeroBitCount }
        let third = (word2 ^ other.word2).bigEndian
        if third != 0 { return 128 + third.leadingZeroBitCount }
        let fourth = (word3 ^ other.word3).bigEndian
        return 192 + fourth.leadingZeroBitCount
    }

    /// Orders by the bytes, the first one weighing most.
    @inlinable
    public static func < (left: Bytes32, right: Bytes32) -> Bool {
        if left.word0 != right.word0 { return left.word0.bigEndian < right.word0.bigEndian }
        if left.word1 != right.word1 { return left.word1.bigEndian < right.word1.bigEndian }
        if left.word2 != right.word2 { return left.word2.bigEndian < right.word2.bigEndian }
        return left.word3.bigEndian < right.word3.bigEndian
    }
}

/// The address of an account or of a contract.
public typealias Address = Bytes32

/// A BLAKE2b-256 digest.
public typealias Hash = Bytes32

/// Names an asset; the native fee coin is ``AssetID/nativeCoin``.
public typealias AssetID = Bytes32

extension Bytes32 {
    /// The asset id of the native fee coin: thirty-two zero bytes, which no hash is expected to equal.
    public static let nativeCoin = Bytes32.zero
}
