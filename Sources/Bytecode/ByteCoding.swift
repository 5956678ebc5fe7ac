/// Writes the primitive forms of the canonical encodings.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }
    mutating func raw(_ value: some Collection<UInt8>) { bytes.append(contentsOf: value) }

    /// LEB128, minimal.
    mutating func count(_ value: Int) {
        var rest = UInt64(bitPattern: Int64(value))
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func word(_ value: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}

/// Reads what `ByteWriter` writes; fails rather than reads past the end.
struct ByteReader {
    enum Fault: Error { case truncated, nonCanonical }

    let bytes: [UInt8]
    private(set) var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var remaining: Int { bytes.count - offset }

    mutating func byte() throws(Fault) -> UInt8 {
        guard offset < bytes.count else { throw .truncated }
        offset += 1
        return bytes[offset - 1]
    }

    mutating func raw(_ count: Int) throws(Fault) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw .truncated }
        offset += count
        return bytes[(offset - count)..<offset]
    }

    /// A minimal LEB128 number of at most 63 bits.
    mutating func count() throws(Fault) -> Int {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while true {
            let next = try byte()
            guard shift < 63 else { throw .nonCanonical }
            value |= UInt64(next & 0x7F) << shift
            if next & 0x80 == 0 {
                if next == 0 && shift > 0 { throw .nonCanonical }
                return Int(value)
            }
            shift += 7
        }
    }

    mutating func word() throws(Fault) -> UInt64 {
        var value: UInt64 = 0
        for (index, byte) in try raw(8).enumerated() { value |= UInt64(byte) << UInt64(8 * index) }
        return value
    }
}
