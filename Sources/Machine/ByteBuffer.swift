/// Bytes that grow at one end, up to a limit.
struct ByteBuffer {
    private(set) var base: UnsafeMutableRawPointer
    var count = 0
    private var capacity: Int
    private let limit: Int

    init(limit: Int) {
        capacity = 4_096
        base = .allocate(byteCount: capacity, alignment: 16)
        self.limit = limit
    }

    func deallocate() { base.deallocate() }

    /// Room for more bytes; false beyond the limit.
    @inline(__always)
    mutating func reserve(_ bytes: Int) -> Bool {
        count &+ bytes <= capacity || grow(bytes)
    }

    @inline(never)
    private mutating func grow(_ bytes: Int) -> Bool {
        let wanted = count + bytes
        if wanted > limit { return false }
        let size = max(wanted, min(limit, 2 * capacity))
        let grown = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
        grown.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = grown
        capacity = size
        return true
    }

    /// Appends where room has been reserved.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count &+= 1
    }

    /// Appends where room has been reserved.
    @inline(__always)
    mutating func append(_ source: UnsafeRawPointer, _ bytes: Int) {
        (base + count).copyMemory(from: source, byteCount: bytes)
        count &+= bytes
    }

    func bytes(from start: Int, count: Int) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: base + start, count: count))
    }

    func buffer(from start: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base + start, count: count - start)
    }
}
