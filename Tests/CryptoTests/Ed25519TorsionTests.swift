import CSodium
import Crypto
import TestSupport
import Testing

/// Keys and commitments with a part of small order, on which libraries disagree: the equation with cofactor accepts all
/// of them, the equation without it accepts those whose small parts cancel. Consensus is the latter.
@Suite struct Ed25519TorsionTests {
    /// A point of order 8.
    static let torsionPoint = SmallOrder.points[4]

    private func add(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
        var sum = [UInt8](repeating: 0, count: 32)
        #expect(crypto_core_ed25519_add(&sum, left, right) == 0)
        return sum
    }

    private func timesBase(_ scalar: [UInt8]) -> [UInt8] {
        var point = [UInt8](repeating: 0, count: 32)
        #expect(crypto_scalarmult_ed25519_base_noclamp(&point, scalar) == 0)
        return point
    }

    private func reduce(_ wide: [UInt8]) -> [UInt8] {
        var scalar = [UInt8](repeating: 0, count: 32)
        crypto_core_ed25519_scalar_reduce(&scalar, wide)
        return scalar
    }

    @Test func smallPartsMustCancel() throws {
        let seed: UInt64 = 12
        var generator = SplitMix64(seed: seed)
        let torsion = try #require(Hexadecimal.decode(Self.torsionPoint))
        var identity = [UInt8](repeating: 0, count: 32)
        identity[0] = 1
        var multiples = [identity]
        for _ in 1..<8 { multiples.append(add(multiples[multiples.count - 1], torsion)) }
        #expect(add(multiples[7], torsion) == identity)

        var acceptedCount = 0
        for keyPart in 0..<8 {
            for commitmentPart in 0..<8 {
                for _ in 0..<4 {
                    let secret = reduce(generator.bytes(count: 64))
                    let nonce = reduce(generator.bytes(count: 64))
                    let key = add(timesBase(secret), multiples[keyPart])
                    let commitment = add(timesBase(nonce), multiples[commitmentPart])
                    let message = generator.bytes(count: 20)
                    let challenge = reduce(Sha2.sha512(commitment + key + message))
                    var product = [UInt8](repeating: 0, count: 32)
                    var response = [UInt8](repeating: 0, count: 32)
                    crypto_core_ed25519_scalar_mul(&product, challenge, secret)
                    crypto_core_ed25519_scalar_add(&response, product, nonce)

                    let cancels = (commitmentPart + Int(challenge[0] & 7) * keyPart) % 8 == 0
                    let signature = try #require(Signature(commitment + response))
                    let publicKey = PublicKey(try #require(Bytes32(key)))
                    #expect(
                        publicKey.verifies(signature, of: message) == cancels,
                        "key part \(keyPart), commitment part \(commitmentPart), seed \(seed)")
                    if cancels { acceptedCount += 1 }
                }
            }
        }
        #expect((20..<100).contains(acceptedCount))
    }
}
