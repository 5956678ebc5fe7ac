import CSodium

/// Separates the uses of one hash function: digests under different domains never stand for each other.
///
/// The hashed message begins with the count of the name's bytes (one byte) and the name itself.
public struct HashDomain: Hashable, Sendable {
    /// The bytes that begin the message.
    public let prefix: [UInt8]

    /// Makes a domain; only the first 255 bytes of the name count.
    public init(_ name: String) {
        let bytes = Array(name.utf8.prefix(255))
        prefix = [UInt8(bytes.count)] + bytes
    }
}

/// BLAKE2b with a digest of 256 bits and no key (RFC 7693).
public enum Blake2b {
    /// Hashes a message held in an array.
    public static func hash(_ message: [UInt8]) -> Hash {
        message.withUnsafeBytes { hash($0) }
    }

    /// Hashes a message held in memory.
    public static func hash(_ message: UnsafeRawBufferPointer) -> Hash {
        Sodium.prepare()
        var digest = Hash.zero
        withUnsafeMutableBytes(of: &digest) { output in
            _ = crypto_generichash(
                output.baseAddress!.assumingMemoryBound(to: UInt8.self), Hash.byteCount,
                message.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(message.count), nil, 0)
        }
        return digest
    }

    /// Hashes the parts one after the other under a domain.
    ///
    /// The parts are not delimited: at most one of them may vary in size, or the caller writes sizes as parts.
    public static func hash(domain: HashDomain, _ parts: [UInt8]...) -> Hash {
        hash(domain: domain) { hasher in
            for part in parts {
                hasher.update(part)
            }
        }
    }

    /// Hashes what `body` feeds to the hasher, under a domain, without allocating.
    public static func hash(domain: HashDomain, _ body: (borrowing Blake2bStream) -> Void) -> Hash {
        stream { stream in
            stream.update(domain.prefix)
            body(stream)
        }
    }

    /// Hashes what `body` feeds to the hasher, without allocating.
    public static func stream(_ body: (borrowing Blake2bStream) -> Void) -> Hash {
        Sodium.prepare()
        return withUnsafeTemporaryAllocation(
            byteCount: crypto_generichash_statebytes(), alignment: 64
        ) { memory in
            let state = OpaquePointer(memory.baseAddress!)
            _ = crypto_generichash_init(state, nil, 0, Hash.byteCount)
            let stream = Blake2bStream(state: state)
            body(stream)
            return stream.finish()
        }
    }
}

/// A BLAKE2b-256 computation under way; lives only inside the closures of ``Blake2b`` and in ``Blake2bHasher``.
public struct Blake2bStream: ~Copyable {
    let state: OpaquePointer

    /// Appends bytes to the message.
    public func update(_ bytes: UnsafeRawBufferPointer) {
        _ = crypto_generichash_update(
            state, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
    }

    /// Appends bytes to the message.
    public func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Appends 32 bytes to the message.
    public func update(_ value: Bytes32) {
        value.withUnsafeBytes { update($0) }
    }

    /// Appends eight little-endian bytes to the message.
    public func update(_ value: UInt64) {
        withUnsafeBytes(of: value.littleEndian) { update($0) }
    }

    fileprivate func finish() -> Hash {
        var digest = Hash.zero
        withUnsafeMutableBytes(of: &digest) { output in
            _ = crypto_generichash_final(
                state, output.baseAddress!.assumingMemoryBound(to: UInt8.self), Hash.byteCount)
        }
        return digest
    }
}

/// An incremental BLAKE2b-256 computation whose pieces arrive over time.
public final class Blake2bHasher {
    private let memory: UnsafeMutableRawPointer
    private let stream: Blake2bStream
    private var digest: Hash?

    /// Begins a message without a domain.
    public init() {
        Sodium.prepare()
        memory = UnsafeMutableRawPointer.allocate(
            byteCount: crypto_generichash_statebytes(), alignment: 64)
        stream = Blake2bStream(state: OpaquePointer(memory))
        _ = crypto_generichash_init(stream.state, nil, 0, Hash.byteCount)
    }

    /// Begins a message under a domain.
    public convenience init(domain: HashDomain) {
        self.init()
        update(domain.prefix)
    }

    deinit {
        memory.deallocate()
    }

    /// Appends bytes to the message; ignored once the digest was taken.
    public func update(_ bytes: [UInt8]) {
        guard digest == nil else { return }
        stream.update(bytes)
    }

    /// Appends 32 bytes to the message; ignored once the digest was taken.
    public func update(_ value: Bytes32) {
        guard digest == nil else { return }
        stream.update(value)
    }

    /// The digest of all that was appended; the same one at every call.
    public func finish() -> Hash {
        if let digest { return digest }
        let result = stream.finish()
        digest = result
        return result
    }
}
