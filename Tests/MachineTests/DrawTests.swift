import Bytecode
import Crypto
import Machine
import Numerics
import TestSupport
import Testing
import Verifier

@Suite struct DrawTests {
    private let contract = address(50)

    private func chain() throws -> TestChain {
        let chain = try TestChain()
        let text = """
            function draw(Hash, Int, Int) -> #1
            registers #1
                drawIndices r3, r0, r1, r2
                return r3
            end
            function randomness(Int) -> Hash
            registers Hash
                blockRandomness r1, r0
                return r1
            end
            """
        try chain.deploy(
            try assemble(text) { builder in
                let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
                _ = builder.type(.list(integer, capacity: 4_096))
            }, at: contract)
        return chain
    }

    /// The definition, on an array that holds the whole population.
    private func shuffle(_ seed: Bytes32, _ population: Int, _ count: Int) -> [Int] {
        var words: [UInt64] = []
        var counter: UInt64 = 0
        func number(below bound: UInt64) -> Int {
            while true {
                if words.isEmpty {
                    let digest = Blake2b.hash(seed.bytes + (0..<8).map { UInt8(counter >> (8 * $0) & 255) }).bytes
                    for word in 0..<4 {
                        words.append((0..<8).reduce(0) { $0 | UInt64(digest[8 * word + $1]) << UInt64(8 * $1) })
                    }
                    counter += 1
                }
                let word = words.removeFirst()
                if bound == 1 { return 0 }
                // Below the largest multiple of the bound that 2^64 holds, which may be 2^64 itself.
                let multiple = bound.dividingFullWidth((1, 0)).quotient.multipliedReportingOverflow(by: bound)
                if multiple.overflow || word < multiple.partialValue { return Int(word % bound) }
            }
        }
        var places = Array(0..<population)
        for index in 0..<min(count, population) {
            places.swapAt(index, index + number(below: UInt64(population - index)))
        }
        return Array(places.prefix(count))
    }

    @Test func drawsAreTheDefinition() throws {
        let chain = try chain()
        let seed: UInt64 = 1_207
        var generator = SplitMix64(seed: seed)
        for round in 0..<300 {
            let bytes = Bytes32(generator.next(), generator.next(), generator.next(), generator.next())
            let population = round < 40 ? round % 8 : Int(generator.next() % 3_000)
            let count = round % 3 == 0 ? population : Int(generator.next() % 60)
            let result = chain.call(
                contract, "draw", bytes.bytes + encode(population) + encode(count), gas: 100_000_000)
            let expected = listBytes(shuffle(bytes, population, count))
            #expect(result.bytes == expected, "round \(round) of seed \(seed): \(count) of \(population)")
        }
    }

    private func listBytes(_ numbers: [Int]) -> [UInt8] {
        var count = numbers.count
        var bytes: [UInt8] = []
        repeat {
            bytes.append(UInt8(count & 127) | (count > 127 ? 128 : 0))
            count >>= 7
        } while count > 0
        return bytes + numbers.flatMap { encode($0) }
    }

    /// Every ordered pair out of five comes up equally often: 20 pairs, 20,000 draws, chi-squared with 19 degrees of
    /// freedom below its 99.99th percentile of 50.8.
    @Test func pairsAreEquallyLikely() throws {
        let chain = try chain()
        var counts: [[UInt8]: Int] = [:]
        let draws = 20_000
        for number in 0..<UInt64(draws) {
            let seed = Bytes32(number, 0, 0, 9)
            let bytes = try #require(
                chain.call(contract, "draw", seed.bytes + encode(5) + encode(2)).bytes)
            counts[bytes, default: 0] += 1
        }
        #expect(counts.count == 20)
        let expected = Double(draws) / 20
        let statistic = counts.values.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
        #expect(statistic < 50.8)
    }

    @Test func whatIsRefused() throws {
        let chain = try chain()
        let seed = address(7).bytes
        func failure(_ population: BigInt, _ count: BigInt, gas: Int64 = 1_000_000) -> String? {
            chain.failure(contract, "draw", seed + encode(population) + encode(count), gas: gas)
        }
        #expect(failure(-1, 1) == "InvalidArgument")
        #expect(failure(1, -1) == "InvalidArgument")
        #expect(failure(BigInt(1) << 31, 1) == "InvalidArgument")
        #expect(failure((BigInt(1) << 31) - 1, 3) == nil)
        #expect(failure(BigInt(1) << 80, 1) == "InvalidArgument")
        #expect(failure(4, BigInt(1) << 80) == "InvalidArgument")
        // More than the list's type holds is found where the result is encoded.
        #expect(failure(5_000, 5_000, gas: 100_000_000) == "CapacityExceeded")
        #expect(failure(BigInt(1) << 30, BigInt(1) << 30) == "OutOfGas")
        #expect(failure(1_000, 100, gas: 4_000) == "OutOfGas")
    }

    @Test func randomnessOfPastBlocksOnly() throws {
        let chain = try chain()
        #expect(chain.height == 10)
        #expect(chain.call(contract, "randomness", encode(9)).bytes == Bytes32(9, 1, 1, 1).bytes)
        for height in [BigInt(10), 11, -1, 3, BigInt(1) << 70, -(BigInt(1) << 70)] {
            #expect(chain.failure(contract, "randomness", encode(height)) == "SeedNotReady", "\(height)")
        }
    }

    @Test func operandsAreVerified() throws {
        func code(_ registers: String, _ line: String) throws -> VerificationError.Code? {
            try refusal("function f(Hash, Int, Int)\nregisters \(registers)\n\(line)\nreturnNothing\nend") {
                let integer = $0.type(.integer(.int, bits: 256, isSigned: true))
                let hash = $0.type(.bytes32(.hash))
                _ = $0.type(.list(integer, capacity: 8))
                _ = $0.type(.list(hash, capacity: 8))
            }
        }
        #expect(try code("#2", "drawIndices r3, r0, r1, r2") == nil)
        #expect(try code("#3", "drawIndices r3, r0, r1, r2") != nil)
        #expect(try code("#2", "drawIndices r3, r1, r1, r2") != nil)
        #expect(try code("#2", "drawIndices r3, r0, r0, r2") != nil)
        #expect(try code("#2", "drawIndices r3, r0, r1, r0") != nil)
        #expect(try code("#2", "drawIndices r3, r0, r1, r9") != nil)
        #expect(try code("Hash", "blockRandomness r3, r1") == nil)
        #expect(try code("Hash", "blockRandomness r3, r0") != nil)
        #expect(try code("Int", "blockRandomness r3, r1") != nil)
    }
}
