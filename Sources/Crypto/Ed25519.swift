import CSodium

/// An Ed25519 signature: the point R and the scalar S.
@frozen
public struct Signature: Hashable, Sendable, CustomStringConvertible {
    /// The encoded point R.
    public var commitment: Bytes32
    /// The scalar S, little-endian.
    public var response: Bytes32

    /// The number of bytes.
    public static let byteCount = 64

    /// Makes a signature of its two halves.
    public init(commitment: Bytes32, response: Bytes32) {
        self.commitment = commitment
        self.response = response
    }

    /// Takes exactly 64 bytes; nil for any other count.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Signature.byteCount,
            let commitment = Bytes32(bytes[..<32]), let response = Bytes32(bytes[32...])
        else { return nil }
        self.init(commitment: commitment, response: response)
    }

    /// The 64 bytes.
    public var bytes: [UInt8] { commitment.bytes + response.bytes }

    public var description: String { commitment.hex + response.hex }
}

/// An Ed25519 public key as its 32 bytes; whether they are a key is only known at verification.
@frozen
public struct PublicKey: Hashable, Sendable, CustomStringConvertible {
    /// The encoded point.
    public var encoded: Bytes32

    /// Wraps the encoded point.
    public init(_ encoded: Bytes32) {
        self.encoded = encoded
    }

    /// Verifies a signature by libsodium's strict rule, which is the rule of consensus.
    ///
    /// Refused beyond a wrong equation: S not below the group order, A or R of small order, A not canonically
    /// encoded. The equation is the one without cofactor. RFC 8032 leaves these points open and libraries differ.
    public func verifies(_ signature: Signature, of message: [UInt8]) -> Bool {
        Sodium.prepare()
        return encoded.withUnsafeBytes { key in
            withUnsafeBytes(of: signature) { signatureBytes in
                crypto_sign_verify_detached(
                    signatureBytes.baseAddress!.assumingMemoryBound(to: UInt8.self),
                    message, UInt64(message.count),
                    key.baseAddress!.assumingMemoryBound(to: UInt8.self)) == 0
            }
        }
    }

    /// The address of the account that this key controls.
    public var address: Address { Addresses.account(of: self) }

    public var description: String { encoded.hex }
}

/// An Ed25519 key pair, made from a 32-byte seed (RFC 8032 section 5.1.5).
public struct SigningKey: Sendable {
    /// The seed: the whole secret.
    public let seed: Bytes32
    /// The public half.
    public let publicKey: PublicKey

    /// Derives the pair from a seed.
    public init(seed: Bytes32) {
        Sodium.prepare()
        self.seed = seed
        var publicBytes = Bytes32.zero
        var secret = [UInt8](repeating: 0, count: 64)
        seed.withUnsafeBytes { seedBytes in
            withUnsafeMutableBytes(of: &publicBytes) { output in
                _ = crypto_sign_seed_keypair(
                    output.baseAddress!.assumingMemoryBound(to: UInt8.self), &secret,
                    seedBytes.baseAddress!.assumingMemoryBound(to: UInt8.self))
            }
        }
        sodium_memzero(&secret, secret.count)
        publicKey = PublicKey(publicBytes)
    }

    /// A pair from the system's random source; nil when there is none.
    public static func generate() -> SigningKey? {
        guard Sodium.ready else { return nil }
        var seed = Bytes32.zero
        withUnsafeMutableBytes(of: &seed) { randombytes_buf($0.baseAddress!, $0.count) }
        return SigningKey(seed: seed)
    }

    /// The address of the account that this key controls.
    public var address: Address { publicKey.address }

    /// Signs a message; the same message always gets the same signature.
    public func sign(_ message: [UInt8]) -> Signature {
        var secret = seed.bytes + publicKey.encoded.bytes
        var bytes = [UInt8](repeating: 0, count: Signature.byteCount)
        _ = crypto_sign_detached(&bytes, nil, message, UInt64(message.count), secret)
        sodium_memzero(&secret, secret.count)
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: Signature.self) }
    }
}
