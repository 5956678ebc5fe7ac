import Crypto

/// Why bytes are not a canonical encoding.
public enum DecodingError: CodedError, Equatable {
    /// The bytes end inside a value.
    case truncated
    /// Bytes follow the last value.
    case trailingBytes(count: Int)
    /// A value is written in a longer way than needed, or not as its type is written.
    case notCanonical(String)
    /// A size passes its limit.
    case tooLarge(String, limit: Int)
    /// A kind or version that does not exist.
    case unknownKind(String, UInt64)

    public var code: String {
        switch self {
        case .truncated: "encoding.truncated"
        case .trailingBytes: "encoding.trailing"
        case .notCanonical: "encoding.canonical"
        case .tooLarge: "encoding.size"
        case .unknownKind: "encoding.kind"
        }
    }

    public var message: String {
        switch self {
        case .truncated: "the bytes end inside a value"
        case .trailingBytes(let count): "\(count) bytes follow the end of the value"
        case .notCanonical(let what): "\(what) is not written in its one canonical form"
        case .tooLarge(let what, let limit): "\(what) is larger than the limit of \(limit)"
        case .unknownKind(let what, let value): "there is no \(what) number \(value)"
        }
    }
}

/// Reads values in the canonical encoding; total on any bytes, and refuses all that a writer would not have written.
public struct CanonicalReader: Sendable {
    private let bytes: [UInt8]
    private var position = 0

    /// Reads from the start of these bytes.
    public init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Whether everything was read.
    public var isAtEnd: Bool { position == bytes.count }

    /// The bytes not yet read.
    public var remainingByteCount: Int { bytes.count - position }

    /// One byte.
    public mutating func readByte() throws(DecodingError) -> UInt8 {
        guard position < bytes.count else { throw .truncated }
        position += 1
        return bytes[position - 1]
    }

    /// An unsigned number in minimal LEB128.
    public mutating func readUnsigned(_ what: String) throws(DecodingError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let byte = try readByte()
            let part = UInt64(byte & 0x7f)
            guard shift < 63 || part <= 1, shift <= 63 else { throw .notCanonical(what) }
            value |= part << shift
            if byte < 0x80 {
                guard part != 0 || shift == 0 else { throw .notCanonical(what) }
                return value
            }
            shift += 7
        }
    }

    /// A count that may not pass a limit.
    public mutating func readCount(_ what: String, limit: Int) throws(DecodingError) -> Int {
        let value = try readUnsigned(what)
        guard value <= UInt64(limit) else { throw .tooLarge(what, limit: limit) }
        return Int(value)
    }

    /// Thirty-two bytes.
    public mutating func readBytes32() throws(DecodingError) -> Bytes32 {
        guard let value = Bytes32(try readRaw(count: Bytes32.byteCount)) else { throw .truncated }
        return value
    }

    /// So many bytes.
    public mutating func readRaw(count: Int) throws(DecodingError) -> [UInt8] {
        guard count >= 0, count <= remainingByteCount else { throw .truncated }
        position += count
        return Array(bytes[position - count..<position])
    }

    /// A count and the bytes.
    public mutating func readCounted(_ what: String, limit: Int) throws(DecodingError) -> [UInt8] {
        try readRaw(count: try readCount(what, limit: limit))
    }

    /// A text of UTF-8 bytes.
    public mutating func readText(_ what: String, limit: Int) throws(DecodingError) -> String {
        let raw = try readCounted(what, limit: limit)
        guard let text = String(validating: raw, as: UTF8.self) else { throw .notCanonical(what) }
        return text
    }

    /// A non-negative integer of at most 256 bits.
    public mutating func readAmount() throws(DecodingError) -> Amount {
        let head = try readCount("an amount", limit: 2 * Amount.magnitudeByteCount)
        guard head.isMultiple(of: 2) else { throw .notCanonical("an amount") }
        guard let amount = Amount(magnitudeBytes: try readRaw(count: head / 2)) else {
            throw .notCanonical("an amount")
        }
        return amount
    }

    /// Refuses bytes left over.
    public func requireEnd() throws(DecodingError) {
        guard isAtEnd else { throw .trailingBytes(count: remainingByteCount) }
    }
}
