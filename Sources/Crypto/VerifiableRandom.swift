import CSodium

/// The verifiable random function ECVRF-EDWARDS25519-SHA512-TAI (RFC 9381, suite 0x03).
///
/// Stricter than the RFC in two points, which every engine must share: a proof whose point Gamma lies outside the
/// subgroup of prime order is refused (so proofs cannot be altered and stay valid), and so is one in which a scalar
/// or an intermediate point vanishes. The key must be a point of the subgroup of prime order, canonically encoded.
public enum VerifiableRandom {
    /// The bytes of a proof: Gamma (32), challenge (16), response (32).
    public static let proofByteCount = 80
    /// The bytes of an output.
    public static let outputByteCount = 64

    private static let suite: UInt8 = 0x03
    private static let challengeByteCount = 16

    /// Whether proofs can be verified under a key: it is a point of the subgroup of prime order, canonically encoded.
    public static func accepts(key: PublicKey) -> Bool {
        Sodium.prepare()
        return crypto_core_ed25519_is_valid_point(key.encoded.bytes) == 1
    }

    /// The proof for an input under a key; nil when no point can be derived from the input (odds below 2^-200).
    public static func prove(_ input: [UInt8], key: SigningKey) -> [UInt8]? {
        Sodium.prepare()
        // RFC 8032 section 5.1.5: the hashed seed gives the clamped scalar and the nonce prefix.
        let expanded = Sha2.sha512(key.seed.bytes)
        var secret = Array(expanded[..<32])
        secret[0] &= 248
        secret[31] = secret[31] & 127 | 64
        let publicKey = key.publicKey.encoded.bytes

        guard let point = encodeToCurve(input, salt: publicKey),
            let gamma = multiply(point, by: secret)
        else { return nil }
        let nonce = reduce(Sha2.sha512(Array(expanded[32...]) + point))
        guard let nonceBase = multiplyBase(by: nonce), let noncePoint = multiply(point, by: nonce) else { return nil }
        let challenge = challenge(publicKey, point, gamma, nonceBase, noncePoint)

        var product = [UInt8](repeating: 0, count: 32)
        var response = [UInt8](repeating: 0, count: 32)
        crypto_core_ed25519_scalar_mul(&product, widen(challenge), reduce(secret + [UInt8](repeating: 0, count: 32)))
        crypto_core_ed25519_scalar_add(&response, nonce, product)
        return gamma + challenge + response
    }

    /// The output that a proof stands for, when the proof is valid for key and input; nil otherwise.
    public static func verify(proof: [UInt8], input: [UInt8], key: PublicKey) -> [UInt8]? {
        Sodium.prepare()
        let publicKey = key.encoded.bytes
        guard proof.count == proofByteCount, crypto_core_ed25519_is_valid_point(publicKey) == 1 else { return nil }
        let gamma = Array(proof[..<32])
        let challenge = Array(proof[32..<48])
        let response = Array(proof[48...])
        guard isBelowOrder(response),
            let point = encodeToCurve(input, salt: publicKey),
            let responseBase = multiplyBase(by: response),
            let challengeKey = multiply(publicKey, by: widen(challenge)),
            let responsePoint = multiply(point, by: response),
            let challengeGamma = multiply(gamma, by: widen(challenge)),
            let left = subtract(responseBase, challengeKey),
            let right = subtract(responsePoint, challengeGamma),
            self.challenge(publicKey, point, gamma, left, right) == challenge
        else { return nil }
        return output(gamma: gamma)
    }

    /// The output of a proof that the caller made or already verified; nil when its bytes are not a proof.
    public static func output(ofTrustedProof proof: [UInt8]) -> [UInt8]? {
        guard proof.count == proofByteCount else { return nil }
        return output(gamma: Array(proof[..<32]))
    }

    // MARK: Steps of RFC 9381

    /// Section 5.4.1.1, try and increment.
    private static func encodeToCurve(_ input: [UInt8], salt: [UInt8]) -> [UInt8]? {
        for counter in UInt8.min...UInt8.max {
            let digest = Sha2.sha512([suite, 0x01] + salt + input + [counter, 0x00])
            let candidate = Array(digest[..<32])
            if isCanonicalOrdinate(candidate), let point = timesCofactor(candidate), !isIdentity(point) {
                return point
            }
        }
        return nil
    }

    /// Section 5.4.3.
    private static func challenge(
        _ key: [UInt8], _ point: [UInt8], _ gamma: [UInt8], _ left: [UInt8], _ right: [UInt8]
    ) -> [UInt8] {
        let digest = Sha2.sha512([suite, 0x02] + key + point + gamma + left + right + [0x00])
        return Array(digest[..<challengeByteCount])
    }

    /// Section 5.2.
    private static func output(gamma: [UInt8]) -> [UInt8]? {
        guard isCanonicalOrdinate(gamma), let cleared = timesCofactor(gamma) else { return nil }
        return Sha2.sha512([suite, 0x03] + cleared + [0x00])
    }

    // MARK: Group operations

    /// Eight times a point; nil when the bytes are not on the curve.
    private static func timesCofactor(_ encoded: [UInt8]) -> [UInt8]? {
        var point = encoded
        for _ in 0..<3 {
            var doubled = [UInt8](repeating: 0, count: 32)
            guard crypto_core_ed25519_add(&doubled, point, point) == 0 else { return nil }
            point = doubled
        }
        return point
    }

    private static func multiply(_ point: [UInt8], by scalar: [UInt8]) -> [UInt8]? {
        var product = [UInt8](repeating: 0, count: 32)
        return crypto_scalarmult_ed25519_noclamp(&product, scalar, point) == 0 ? product : nil
    }

    private static func multiplyBase(by scalar: [UInt8]) -> [UInt8]? {
        var product = [UInt8](repeating: 0, count: 32)
        return crypto_scalarmult_ed25519_base_noclamp(&product, scalar) == 0 ? product : nil
    }

    private static func subtract(_ left: [UInt8], _ right: [UInt8]) -> [UInt8]? {
        var difference = [UInt8](repeating: 0, count: 32)
        return crypto_core_ed25519_sub(&difference, left, right) == 0 ? difference : nil
    }

    private static func isIdentity(_ point: [UInt8]) -> Bool {
        point[0] == 1 && point[1...].allSatisfy { $0 == 0 }
    }

    // MARK: Scalars and ordinates

    private static func reduce(_ wide: [UInt8]) -> [UInt8] {
        var scalar = [UInt8](repeating: 0, count: 32)
        crypto_core_ed25519_scalar_reduce(&scalar, wide)
        return scalar
    }

    private static func widen(_ challenge: [UInt8]) -> [UInt8] {
        challenge + [UInt8](repeating: 0, count: 32 - challenge.count)
    }

    /// Whether y, the low 255 bits, is below p = 2^255 − 19, which libsodium's addition does not check.
    private static func isCanonicalOrdinate(_ encoded: [UInt8]) -> Bool {
        if encoded[31] & 127 != 127 { return true }
        if encoded[1..<31].contains(where: { $0 != 255 }) { return true }
        return encoded[0] < 0xed
    }

    /// Whether a little-endian scalar is below the order 2^252 + 27742317777372353535851937790883648493.
    private static func isBelowOrder(_ scalar: [UInt8]) -> Bool {
        let order: [UInt8] = [
            0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ]
        for index in stride(from: 31, through: 0, by: -1) where scalar[index] != order[index] {
            return scalar[index] < order[index]
        }
        return false
    }
}
