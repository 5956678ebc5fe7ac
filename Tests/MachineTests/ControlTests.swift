import Bytecode
import Crypto
import Machine
import Numerics
import TestSupport
import Testing
import Verifier

@Suite struct ControlTests {
    @Test func sumsInALoop() throws {
        let chain = try TestChain()
        let module = try assemble(
            """
            function sum(Int) -> Int readonly
            registers Int, Int, Int
                loadInteger r1, 0
                loadInteger r2, 0
            again:
                multiply r3, r2, r2
                moduloImmediate r3, r3, 1000003
                add r1, r1, r3
                loop r2, r0, again
                return r1
            end
            """)
        try chain.deploy(module, at: address(50))
        let expected = (0..<1000).reduce(0) { $0 + $1 * $1 % 1_000_003 }
        #expect(chain.call(address(50), "sum", encode(1000)).integer == BigInt(expected))
    }

    @Test func callsPassArgumentsAndResults() throws {
        let chain = try TestChain()
        let module = try assemble(
            """
            function _twice(Int) -> Int readonly
            registers Int
                add r1, r0, r0
                return r1
            end
            function _fourTimes(Int) -> Int readonly
            registers Int, Int, Int
                move r2, r0
                call r2, 0
                move r1, r3
                move r2, r1
                call r2, 0
                return r3
            end
            function run(Int, Int) -> Int readonly
            registers Int, Int
                move r2, r0
                call r2, 1
                add r3, r3, r1
                return r3
            end
            """)
        try chain.deploy(module, at: address(50))
        #expect(chain.call(address(50), "run", encode(10) + encode(3)).integer == 43)
    }

    @Test func wideIntegersGrowAndShrink() throws {
        let chain = try TestChain()
        let module = try assemble(
            """
            function square(Int<2000>, Int<2000>) -> Int<4000> readonly
            registers Int<4000>
                multiply r2, r0, r1
                return r2
            end
            """)
        try chain.deploy(module, at: address(50))
        var generator = SplitMix64(seed: 7)
        for round in 0..<200 {
            let bits = Int(generator.next() % 1990)
            let left = BigInt(1) << bits - BigInt(Int(generator.next() % 1000))
            let right = -(BigInt(1) << Int(generator.next() % 1990)) + BigInt(Int(generator.next() % 1000))
            let result = chain.call(address(50), "square", encode(left) + encode(right))
            #expect(result.integer == left * right, "seed 7, round \(round)")
        }
    }

    @Test func failuresCarryPositionAndTrace() throws {
        let chain = try TestChain()
        var module = try assemble(
            """
            function _inner(Int) -> Int readonly
            registers Int, Int
                loadInteger r1, 0
                divide r2, r0, r1, floor
                return r2
            end
            function run(Int) -> Int readonly
            registers Int, Int
                move r1, r0
                call r1, 0
                return r2
            end
            """)
        module.sourceNames = ["a.agon"]
        module.functions[0].positions = [.init(word: 1, file: 0, line: 12, column: 3)]
        module.functions[1].positions = [.init(word: 0, file: 0, line: 20, column: 1)]
        try chain.deploy(module, at: address(50))
        guard case .failure(let failure) = chain.call(address(50), "run", encode(1)).outcome else {
            Issue.record("division by zero passed")
            return
        }
        #expect(failure.code == .builtin(.divisionByZero))
        #expect(failure.position == SourcePosition(file: "a.agon", line: 12, column: 3))
        #expect(failure.trace.map(\.function) == ["_inner", "run"])
        #expect(failure.trace.map(\.word) == [1, 1])
    }

    @Test func argumentsAreCanonicalOrRefused() throws {
        let chain = try TestChain()
        let module = try assemble(
            """
            function run(Int<8>) -> Int readonly
                return r0
            end
            """)
        try chain.deploy(module, at: address(50))
        #expect(chain.call(address(50), "run", encode(-128)).integer == -128)
        for bytes: [UInt8] in [[], [2], [2, 0], [1], [2, 128], [4, 1, 0], [2, 1, 1], [128, 0]] {
            #expect(chain.failure(address(50), "run", bytes) == "InvalidArgument", "\(bytes)")
        }
        #expect(chain.failure(address(50), "nothing") == "NoSuchEntry")
        #expect(chain.failure(address(51), "run") == "NoSuchContract")
        #expect(chain.failure(address(50), "init") == "NoSuchEntry")
    }
}
