import Crypto
import TestSupport
import Testing

@Suite struct HashTests {
    @Test func publishedDigests() {
        let abc = Array("abc".utf8)
        #expect(
            Sha2.sha256(abc).hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            Sha2.sha256([]).hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            Hexadecimal.encode(Sha2.sha512(abc))
                == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")
        // From Python's hashlib.blake2b(digest_size=32).
        #expect(Blake2b.hash(abc).hex == "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319")
        #expect(
            Blake2b.hash([UInt8]()).hex == "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8")
    }

    @Test func piecesHashLikeTheWhole() {
        var generator = SplitMix64(seed: 4)
        for size in [0, 1, 63, 64, 65, 127, 128, 129, 1000] {
            let message = generator.bytes(count: size)
            let whole = Blake2b.hash(message)
            let cut = size == 0 ? 0 : Int(generator.next() % UInt64(size))
            let hasher = Blake2bHasher()
            hasher.update(Array(message[..<cut]))
            hasher.update(Array(message[cut...]))
            #expect(hasher.finish() == whole)
            hasher.update([1])
            #expect(hasher.finish() == whole)
            #expect(Blake2b.stream { $0.update(message) } == whole)
            let domain = HashDomain("test")
            #expect(Blake2b.hash(domain: domain, message) == Blake2b.hash([4] + Array("test".utf8) + message))
        }
    }

    @Test func domainsSeparate() {
        #expect(
            Blake2b.hash(domain: HashDomain("ab"), Array("c".utf8))
                != Blake2b.hash(domain: HashDomain("a"), Array("bc".utf8)))
        let key = SigningKey(seed: .zero).publicKey
        #expect(Addresses.account(of: key) != Blake2b.hash(key.encoded.bytes))
        #expect(
            Addresses.contract(deployer: key.address, nonce: 0) != Addresses.contract(deployer: key.address, nonce: 1))
        #expect(
            Addresses.contract(deployer: key.address, nonce: 0) != Addresses.asset(issuer: key.address, name: "A"))
    }
}
