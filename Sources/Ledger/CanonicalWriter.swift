import Crypto

/// Writes values in the canonical encoding of Documentation/machine.md.
public struct CanonicalWriter: Sendable {
    /// What was written.
    public private(set) var bytes: [UInt8] = []

    /// An empty writer.
    public init() {}

    /// One byte.
    public mutating func write(byte: UInt8) {
        bytes.append(byte)
    }

    /// An unsigned count in minimal LEB128: seven bits a byte, least significant first.
    public mutating func write(count: UInt64) {
        var rest = count
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// The count of a collection.
    public mutating func write(count: Int) {
        write(count: UInt64(max(0, count)))
    }

    /// Thirty-two bytes.
    public mutating func write(_ value: Bytes32) {
        value.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    /// Bytes as they are, without their count.
    public mutating func write(raw: [UInt8]) {
        bytes.append(contentsOf: raw)
    }

    /// A count and the bytes.
    public mutating func write(counted: [UInt8]) {
        write(count: counted.count)
        bytes.append(contentsOf: counted)
    }

    /// A text: the count of its UTF-8 bytes and the bytes.
    public mutating func write(_ text: String) {
        write(count: text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    /// An amount as an integer: twice the count of its magnitude's bytes, then the magnitude.
    public mutating func write(_ amount: Amount) {
        let magnitude = amount.magnitudeBytes
        write(count: 2 * magnitude.count)
        bytes.append(contentsOf: magnitude)
    }
}

extension Amount {
    /// The canonical encoding of the amount as an integer.
    public var canonicalBytes: [UInt8] {
        var writer = CanonicalWriter()
        writer.write(self)
        return writer.bytes
    }

    /// Reads exactly one canonical non-negative integer; nil for any other bytes.
    public init?(canonicalBytes: [UInt8]) {
        var reader = CanonicalReader(canonicalBytes)
        guard let value = try? reader.readAmount(), reader.isAtEnd else { return nil }
        self = value
    }
}
