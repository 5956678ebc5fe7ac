import CSodium

/// SHA-256 and SHA-512 (FIPS 180-4).
public enum Sha2 {
    /// The 32 bytes of SHA-256.
    public static func sha256(_ message: [UInt8]) -> Hash {
        message.withUnsafeBytes { sha256($0) }
    }

    /// The 32 bytes of SHA-256.
    public static func sha256(_ message: UnsafeRawBufferPointer) -> Hash {
        Sodium.prepare()
        var digest = Hash.zero
        withUnsafeMutableBytes(of: &digest) { output in
            _ = crypto_hash_sha256(
                output.baseAddress!.assumingMemoryBound(to: UInt8.self),
                message.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? emptyMessage, UInt64(message.count))
        }
        return digest
    }

    /// The 64 bytes of SHA-512.
    public static func sha512(_ message: [UInt8]) -> [UInt8] {
        Sodium.prepare()
        var digest = [UInt8](repeating: 0, count: 64)
        _ = crypto_hash_sha512(&digest, message, UInt64(message.count))
        return digest
    }

    /// A readable address for messages without bytes, which may come without any.
    private static var emptyMessage: UnsafePointer<UInt8> {
        UnsafePointer(bitPattern: 1)!
    }
}
