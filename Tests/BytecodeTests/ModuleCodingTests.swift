import Bytecode
import TestSupport
import Testing

struct ModuleCodingTests {
    @Test func decodingUndoesEncoding() throws {
        let module = try sampleModule()
        let bytes = try module.encoded()
        let decoded = try Module(decoding: bytes)
        #expect(decoded == module)
        #expect(try decoded.encoded() == bytes)
    }

    @Test func everyPrefixIsRefused() throws {
        let bytes = try sampleModule().encoded()
        for count in 0..<bytes.count {
            #expect(throws: CodingError.self) { try Module(decoding: Array(bytes[..<count])) }
        }
    }

    @Test func trailingBytesAreRefused() throws {
        let bytes = try sampleModule().encoded() + [0]
        #expect { try Module(decoding: bytes) } throws: { ($0 as? CodingError)?.code == .trailingBytes }
    }

    @Test func whatDecodesIsCanonical() throws {
        let bytes = try sampleModule().encoded()
        var accepted = 0
        for seed in 0..<4_000 {
            var random = SplitMix64(seed: UInt64(seed))
            var mutant = bytes
            for _ in 0...random.below(3) {
                switch random.below(4) {
                case 0: mutant[random.below(mutant.count)] = UInt8(truncatingIfNeeded: random.next())
                case 1: mutant[random.below(mutant.count)] ^= 1 << UInt8(random.below(8))
                case 2: mutant.remove(at: random.below(mutant.count))
                default: mutant.insert(UInt8(truncatingIfNeeded: random.next()), at: random.below(mutant.count))
                }
            }
            guard let module = try? Module(decoding: mutant) else { continue }
            accepted += 1
            #expect(try module.encoded() == mutant, "seed \(seed)")
        }
        #expect(accepted > 100)
    }

    @Test func randomBytesAreRefused() {
        for seed in 0..<2_000 {
            var random = SplitMix64(seed: UInt64(seed))
            var bytes: [UInt8] = Array("AGON".utf8) + [1, 1]
            for _ in 0..<random.below(200) { bytes.append(UInt8(truncatingIfNeeded: random.next() >> 3)) }
            if let module = try? Module(decoding: bytes) {
                #expect((try? module.encoded()) == bytes, "seed \(seed)")
            }
        }
    }

    @Test func aCountBeyondItsLimitIsRefusedBeforeAnythingIsAllocated() {
        let bytes: [UInt8] = Array("AGON".utf8) + [1, 1, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F]
        #expect { try Module(decoding: bytes) } throws: { ($0 as? CodingError)?.code == .limitExceeded }
    }

    @Test func modulesBeyondTheLimitsAreNotEncoded() {
        var module = Module(name: "Wrong")
        module.types = [.list(-1, capacity: 3)]
        #expect(throws: CodingError.self) { try module.encoded() }
        module.types = []
        module.constants = [.bytes32([1])]
        #expect(throws: CodingError.self) { try module.encoded() }
        for (dimensions, count) in [([], 1), ([0], 0), ([3], 2), ([1, 1, 1, 1, 1], 1), ([65_537], 65_537)] {
            module.constants = [.tensor(.i8, dimensions: dimensions, data: [UInt8](repeating: 0, count: count))]
            #expect(throws: CodingError.self) { try module.encoded() }
        }
    }

    @Test func constantTensorsAreCoded() throws {
        var module = Module(name: "M")
        module.constants = [.tensor(.i16, dimensions: [1, 2], data: [1, 2, 3, 4])]
        let bytes = try module.encoded()
        #expect(try Module(decoding: bytes) == module)
        let place = try #require((0..<bytes.count - 9).first { bytes[$0..<$0 + 5] == [3, 1, 2, 1, 2] })
        // No such element, five dimensions, an empty dimension, elements beyond the end.
        for (offset, byte) in [(1, 9), (2, 5), (3, 0), (4, 120)] {
            var wrong = bytes
            wrong[place + offset] = UInt8(byte)
            #expect(throws: CodingError.self, "byte \(offset)") { try Module(decoding: wrong) }
        }
    }
}
