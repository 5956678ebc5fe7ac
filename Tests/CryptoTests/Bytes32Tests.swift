import Crypto
import TestSupport
import Testing

@Suite struct Bytes32Tests {
    @Test func bytesAndHexRoundTrip() {
        var generator = SplitMix64(seed: 1)
        for _ in 0..<200 {
            let bytes = generator.bytes(count: 32)
            let value = Bytes32(bytes)
            #expect(value?.bytes == bytes)
            #expect(value.flatMap { Bytes32(hex: $0.hex) } == value)
            #expect(value.flatMap { Bytes32(hex: $0.hex.uppercased()) } == value)
        }
        #expect(Bytes32([UInt8](repeating: 1, count: 31)) == nil)
        #expect(Bytes32([UInt8](repeating: 1, count: 33)) == nil)
        #expect(Bytes32(hex: String(repeating: "0", count: 63)) == nil)
        #expect(Bytes32(hex: String(repeating: "g", count: 64)) == nil)
        #expect(Bytes32(hex: "") == nil)
    }

    @Test func orderIsTheOrderOfTheBytes() throws {
        var generator = SplitMix64(seed: 2)
        for round in 0..<500 {
            let left = generator.bytes(count: 32)
            var right = generator.bytes(count: 32)
            // Equal prefixes make every word decide in turn.
            let shared = round % 33
            right.replaceSubrange(0..<shared, with: left[0..<shared])
            let first = try #require(Bytes32(left))
            let second = try #require(Bytes32(right))
            #expect((first < second) == left.lexicographicallyPrecedes(right))
        }
    }

    @Test func bitsAndCommonPrefix() throws {
        var generator = SplitMix64(seed: 3)
        for _ in 0..<200 {
            let bytes = generator.bytes(count: 32)
            let value = try #require(Bytes32(bytes))
            let depth = Int(generator.next() % 256)
            #expect(value.bit(at: depth) == (bytes[depth / 8] >> UInt8(7 - depth % 8) & 1 == 1))
            var changed = bytes
            changed[depth / 8] ^= 1 << UInt8(7 - depth % 8)
            let other = try #require(Bytes32(changed))
            #expect(value.commonPrefixBitCount(with: other) == depth)
            #expect(value.commonPrefixBitCount(with: value) == 256)
        }
    }
}
