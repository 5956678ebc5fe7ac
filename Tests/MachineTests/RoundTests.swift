import Bytecode
import Crypto
import Machine
import Numerics
import Testing
import Verifier

/// What the machine makes of phases, whatever the code around them claims.
@Suite struct RoundTests {
    /// Opened with two lengths: first (condition) → middle (length a) → timed (20 seconds) → last; `second` of round 0
    /// may be of no blocks.
    private func module() throws -> Module {
        try assemble(
            """
            function open(Int, Int<32>, Int<32>)
                roundOpen r0, 0
                returnNothing
            end
            function phase(Int) -> Int readonly
                roundPhase r0, r0, 0
                return r0
            end
            function leave(Int)
                roundLeave r0, 0, 0
                returnNothing
            end
            function claim(Int, Int) readonly
                phaseGuard r0, r1, 0, 15
                returnNothing
            end
            function last(Int, Int) readonly
                phaseGuard r0, r1, 0, 8
                returnNothing
            end
            """
        ) { builder in
            let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
            let length = builder.type(.integer(.int, bits: 32, isSigned: true))
            let height = builder.type(.integer(.height, bits: 63, isSigned: false))
            builder.module.slots = [integer, height, length, length].enumerated().map { number, type in
                Slot(name: "s\(number)", kind: .phase(round: 0), keys: [integer], type: type, capacity: nil)
            }
            builder.module.rounds = [
                RoundDescriptor(
                    name: "R", key: integer,
                    phases: [
                        .init(name: "first", duration: .slot(2), hasCondition: true, successor: 1),
                        .init(name: "middle", duration: .slot(3), successor: 2),
                        .init(name: "timed", duration: .time(count: 20, .seconds), successor: 3),
                        .init(name: "last", duration: nil, successor: nil),
                    ], phaseSlot: 0, enteredSlot: 1)
            ]
        }
    }

    private func opened(_ first: Int, _ middle: Int) throws -> TestChain {
        let chain = try TestChain()
        try chain.deploy(try module(), at: address(50))
        #expect(chain.failure(address(50), "open", encode(7) + encode(first) + encode(middle)) == nil)
        return chain
    }

    private func phases(_ chain: TestChain, _ heights: [UInt64]) -> [BigInt?] {
        heights.map { height in
            chain.height = height
            return chain.call(address(50), "phase", encode(7)).integer
        }
    }

    /// Blocks of six seconds: twenty seconds are four of them. Opened at 10.
    @Test func timeMovesAlongTheChainOfPhases() throws {
        #expect(phases(try opened(3, 2), [10, 12, 13, 14, 15, 18, 19, 9_999]) == [0, 0, 1, 1, 2, 2, 3, 3])
        #expect(phases(try opened(0, 2), [10, 11, 12]) == [1, 1, 2])
        #expect(phases(try opened(-5, 0), [10, 13, 14]) == [2, 2, 3])
        let far = try opened(Int(Int32.max), 1)
        #expect(phases(far, [10, 1 << 31, UInt64.max]) == [0, 0, 3])
        #expect(far.failure(address(50), "open", encode(8) + encode(1) + encode(1)) == nil)
        #expect(far.call(address(50), "phase", encode(8)).integer == 0)
        #expect(far.failure(address(50), "phase", encode(9)) == "NoSuchRound")
    }

    @Test func leavingBeginsTheNextWindow() throws {
        let chain = try opened(30, 2)
        chain.height = 20
        #expect(chain.failure(address(50), "leave", encode(7)) == nil)
        #expect(phases(chain, [20, 21, 22]) == [1, 1, 2])
        let skipping = try opened(30, 0)
        skipping.height = 20
        #expect(skipping.failure(address(50), "leave", encode(7)) == nil)
        #expect(phases(skipping, [20, 23, 24]) == [2, 2, 3])
    }

    /// A claim must be where time is, or where the one condition leads.
    @Test func claimsOfPhasesAreChecked() throws {
        func claims(_ chain: TestChain, at height: UInt64) -> [Int] {
            chain.height = height
            return (-1...5).filter { chain.failure(address(50), "claim", encode($0) + encode(7)) == nil }
        }
        let chain = try opened(3, 2)
        #expect(claims(chain, at: 10) == [0, 1])
        #expect(claims(chain, at: 13) == [1])
        #expect(claims(chain, at: 15) == [2])
        #expect(claims(chain, at: 19) == [3])
        // A window of no blocks is passed over when a condition leads to it.
        #expect(claims(try opened(3, 0), at: 10) == [0, 1, 2])
        #expect(chain.failure(address(50), "claim", encode(BigInt(1) << 80) + encode(7)) == "WrongPhase")
        #expect(chain.failure(address(50), "claim", encode(0) + encode(8)) == "NoSuchRound")
        #expect(chain.failure(address(50), "last", encode(2) + encode(7)) == "WrongPhase")
        #expect(chain.failure(address(50), "last", encode(3) + encode(7)) == nil)
    }

    @Test func passingPhasesCostsGas() throws {
        let chain = try opened(1, 1)
        chain.height = 10
        let before = chain.call(address(50), "phase", encode(7)).gasUsed
        chain.height = 100
        let after = chain.call(address(50), "phase", encode(7)).gasUsed
        #expect(after > before)
        for gas in 0..<after {
            let result = chain.call(address(50), "phase", encode(7), gas: gas)
            #expect(result.integer == nil && result.gasUsed <= gas)
        }
    }
}
