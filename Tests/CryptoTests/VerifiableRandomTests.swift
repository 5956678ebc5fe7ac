import Crypto
import TestSupport
import Testing

@Suite struct VerifiableRandomTests {
    struct Example: Sendable {
        let secret: String
        let publicKey: String
        let input: String
        let proof: String
        let output: String
    }

    /// RFC 9381 appendix B.3, examples 16, 17 and 18.
    static let examples = [
        Example(
            secret: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            input: "",
            proof: "8657106690b5526245a92b003bb079ccd1a92130477671f6fc01ad16f26f723f"
                + "26f8a57ccaed74ee1b190bed1f479d9727d2d0f9b005a6e456a35d4fb0daab12"
                + "68a1b0db10836d9826a528ca76567805",
            output: "90cf1df3b703cce59e2a35b925d411164068269d7b2d29f3301c03dd757876ff"
                + "66b71dda49d2de59d03450451af026798e8f81cd2e333de5cdf4f3e140fdd8ae"),
        Example(
            secret: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            input: "72",
            proof: "f3141cd382dc42909d19ec5110469e4feae18300e94f304590abdced48aed593"
                + "3bf0864a62558b3ed7f2fea45c92a465301b3bbf5e3e54ddf2d935be3b67926d"
                + "a3ef39226bbc355bdc9850112c8f4b02",
            output: "eb4440665d3891d668e7e0fcaf587f1b4bd7fbfe99d0eb2211ccec90496310eb"
                + "5e33821bc613efb94db5e5b54c70a848a0bef4553a41befc57663b56373a5031"),
        Example(
            secret: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            input: "af82",
            proof: "9bc0f79119cc5604bf02d23b4caede71393cedfbb191434dd016d30177ccbf80"
                + "96bb474e53895c362d8628ee9f9ea3c0e52c7a5c691b6c18c9979866568add7a"
                + "2d41b00b05081ed0f58ee5e31b3a970e",
            output: "645427e5d00c62a23fb703732fa5d892940935942101e456ecca7bb217c61c45"
                + "2118fec1219202a0edcf038bb6373241578be7217ba85a2687f7a0310b2df19f"),
    ]

    @Test(arguments: examples.indices)
    func publishedExamples(index: Int) throws {
        let example = Self.examples[index]
        let key = SigningKey(seed: try #require(Bytes32(hex: example.secret)))
        #expect(key.publicKey.encoded.hex == example.publicKey)
        let input = try #require(Hexadecimal.decode(example.input))
        let proof = try #require(VerifiableRandom.prove(input, key: key))
        #expect(Hexadecimal.encode(proof) == example.proof)
        let output = try #require(VerifiableRandom.verify(proof: proof, input: input, key: key.publicKey))
        #expect(Hexadecimal.encode(output) == example.output)
        #expect(VerifiableRandom.output(ofTrustedProof: proof) == output)
    }

    @Test func everyChangedBitIsRefused() throws {
        let key = SigningKey(seed: try #require(Bytes32([UInt8](repeating: 7, count: 32))))
        let input = Array("round 12".utf8)
        let proof = try #require(VerifiableRandom.prove(input, key: key))
        for bit in stride(from: 0, to: 640, by: 3) {
            var changed = proof
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(VerifiableRandom.verify(proof: changed, input: input, key: key.publicKey) == nil, "bit \(bit)")
        }
        #expect(VerifiableRandom.verify(proof: proof, input: input + [0], key: key.publicKey) == nil)
        let other = SigningKey(seed: .zero).publicKey
        #expect(VerifiableRandom.verify(proof: proof, input: input, key: other) == nil)
    }

    @Test func badBytesAreRefused() throws {
        let key = SigningKey(seed: .zero)
        let proof = try #require(VerifiableRandom.prove([], key: key))
        for count in [0, 1, 79, 81, 200] {
            let bytes = [UInt8](repeating: 1, count: count)
            #expect(VerifiableRandom.verify(proof: bytes, input: [], key: key.publicKey) == nil)
            #expect(VerifiableRandom.output(ofTrustedProof: bytes) == nil)
        }
        // The response plus the group order means the same scalar, but is not canonical.
        var raised = proof
        var carry = 0
        for (index, byte) in SmallOrder.groupOrder.enumerated() {
            carry += Int(raised[48 + index]) + Int(byte)
            raised[48 + index] = UInt8(carry & 0xff)
            carry >>= 8
        }
        #expect(VerifiableRandom.verify(proof: raised, input: [], key: key.publicKey) == nil)
        // Points of small order: as the key, and as Gamma.
        for point in SmallOrder.points {
            let encoded = try #require(Bytes32(hex: point))
            #expect(VerifiableRandom.verify(proof: proof, input: [], key: PublicKey(encoded)) == nil)
            var changed = proof
            changed.replaceSubrange(0..<32, with: encoded.bytes)
            #expect(VerifiableRandom.verify(proof: changed, input: [], key: key.publicKey) == nil)
        }
        var generator = SplitMix64(seed: 8)
        for _ in 0..<50 {
            #expect(VerifiableRandom.verify(proof: generator.bytes(count: 80), input: [], key: key.publicKey) == nil)
        }
    }
}
