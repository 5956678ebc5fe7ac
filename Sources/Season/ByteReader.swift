/// Reads little-endian values from bytes; nothing is read past the end.
struct ByteReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= bytes.count - position else { return nil }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type) -> Value? {
        guard let slice = take(MemoryLayout<Value>.size) else { return nil }
        return slice.reversed().reduce(0) { ($0 << 8) | Value(truncatingIfNeeded: $1) }
    }

    mutating func integers<Value: FixedWidthInteger>(_ type: Value.Type, count: Int) -> [Value]? {
        guard let slice = take(count * MemoryLayout<Value>.size) else { return nil }
        var inner = ByteReader(Array(slice))
        return (0..<count).compactMap { _ in inner.integer(type) }
    }
}
