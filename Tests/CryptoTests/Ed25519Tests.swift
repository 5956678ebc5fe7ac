import Crypto
import TestSupport
import Testing

@Suite struct Ed25519Tests {
    /// RFC 8032 section 7.1, tests 1 and 2.
    @Test func publishedSignatures() throws {
        let first = SigningKey(
            seed: try #require(
                Bytes32(hex: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")))
        #expect(first.publicKey.encoded.hex == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        #expect(
            Hexadecimal.encode(first.sign([]).bytes)
                == "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
                + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")
        let second = SigningKey(
            seed: try #require(
                Bytes32(hex: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")))
        #expect(
            Hexadecimal.encode(second.sign([0x72]).bytes)
                == "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
    }

    @Test func signaturesBindKeyAndMessage() throws {
        var generator = SplitMix64(seed: 9)
        for _ in 0..<20 {
            let key = SigningKey(seed: try #require(Bytes32(generator.bytes(count: 32))))
            let message = generator.bytes(count: Int(generator.next() % 200))
            let signature = key.sign(message)
            #expect(key.publicKey.verifies(signature, of: message))
            #expect(!key.publicKey.verifies(signature, of: message + [0]))
            #expect(Signature(signature.bytes) == signature)
            var changed = signature.bytes
            let bit = Int(generator.next() % 512)
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!key.publicKey.verifies(try #require(Signature(changed)), of: message))
            let other = SigningKey(seed: try #require(Bytes32(generator.bytes(count: 32))))
            #expect(!other.publicKey.verifies(signature, of: message))
        }
        #expect(Signature([UInt8](repeating: 0, count: 63)) == nil)
        #expect(SigningKey.generate()?.seed != SigningKey.generate()?.seed)
    }

    /// S plus the group order satisfies the same equation; consensus refuses it.
    @Test func responseMustBeCanonical() throws {
        let key = SigningKey(seed: .zero)
        let message = Array("pay".utf8)
        var bytes = key.sign(message).bytes
        var carry = 0
        for (index, byte) in SmallOrder.groupOrder.enumerated() {
            carry += Int(bytes[32 + index]) + Int(byte)
            bytes[32 + index] = UInt8(carry & 0xff)
            carry >>= 8
        }
        #expect(!key.publicKey.verifies(try #require(Signature(bytes)), of: message))
    }

    /// With a key of small order and S = 0, the equation R = −kA holds for one R in at most eight, so other
    /// libraries accept some of these; consensus accepts none, for any message.
    @Test func smallOrderPointsAreRefused() throws {
        for keyPoint in SmallOrder.points {
            let key = PublicKey(try #require(Bytes32(hex: keyPoint)))
            for commitment in SmallOrder.points {
                let signature = Signature(commitment: try #require(Bytes32(hex: commitment)), response: .zero)
                for message in [UInt8](0..<16) {
                    #expect(!key.verifies(signature, of: [message]))
                }
            }
        }
        // A proper key with R of small order.
        let key = SigningKey(seed: .zero)
        let signature = key.sign([1])
        for commitment in SmallOrder.points {
            let changed = Signature(
                commitment: try #require(Bytes32(hex: commitment)), response: signature.response)
            #expect(!key.publicKey.verifies(changed, of: [1]))
        }
    }

    @Test func bytesThatAreNoKeyVerifyNothing() throws {
        let signature = SigningKey(seed: .zero).sign([])
        var generator = SplitMix64(seed: 10)
        for _ in 0..<200 {
            #expect(!PublicKey(try #require(Bytes32(generator.bytes(count: 32)))).verifies(signature, of: []))
        }
    }
}
