import Bytecode
import Crypto
import Machine
import Numerics
import Testing
import Verifier

/// Slot 0 holds an integer, slot 1 lists by integer, slot 2 integers of 4,096 bits by integer.
private func tables(_ builder: inout ModuleBuilder) {
    let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
    let wide = builder.type(.integer(.int, bits: 4096, isSigned: true))
    let list = builder.type(.list(integer, capacity: 1_000))
    let amount = builder.type(.integer(.amount, bits: 256, isSigned: false))
    builder.module.assets = [AssetDescriptor(name: "A", origin: .issued)]
    builder.module.slots = [
        Slot(name: "plain", kind: .plain, keys: [], type: integer, capacity: nil),
        Slot(name: "lists", kind: .plain, keys: [integer], type: list, capacity: nil),
        Slot(name: "wide", kind: .plain, keys: [integer], type: wide, capacity: nil),
        Slot(name: "pot", kind: .vault(asset: 0), keys: [], type: amount, capacity: nil),
    ]
}

@Suite struct TryLocalTests {
    private let contract = address(70)

    /// In the text, LIST stands for the type of lists.
    private func module(_ text: String) throws -> Module {
        var builder = ModuleBuilder(name: "Types")
        tables(&builder)
        let list = builder.type(.list(builder.type(.integer(.int, bits: 256, isSigned: true)), capacity: 1_000))
        return try assemble(text.replacing("LIST", with: "\(list)"), configure: tables)
    }

    private func chain(_ text: String, _ machine: Machine? = Machine(seed: 1)) throws -> TestChain {
        let chain = try TestChain(machine: machine)
        try chain.deploy(try module(text), at: contract)
        return chain
    }

    /// Writes slot 0, then fails for odd arguments.
    private static let picky = """
        function _picky(Int) -> Int
        registers Int, Int
            statePut r0, r0, 0
            moduloImmediate r1, r0, 2
            loadInteger r2, 0
            branchNotEqual r1, r2, odd
            addImmediate r1, r0, 100
            return r1
        odd:
            failBuiltin RequirementFailed
        end
        function run(Int, Int) -> Int
        registers Int, Int, Int
            move r3, r0
            tryLocal r3, r1, 0, failed
            return r4
        failed:
            loadInteger r2, -1
            return r2
        end
        function get() -> Int readonly
        registers Int
            stateGet r0, r0, 0
            return r0
        end
        """

    @Test func aFailureIsUndoneAndASuccessStays() throws {
        let chain = try chain(Self.picky)
        #expect(chain.call(contract, "run", encode(4) + encode(20_000)).integer == 104)
        #expect(chain.call(contract, "get").integer == 4)
        #expect(chain.call(contract, "run", encode(5) + encode(20_000)).integer == -1)
        #expect(chain.call(contract, "get").integer == 4)
        // Its own gas, and no more.
        #expect(chain.call(contract, "run", encode(6) + encode(50)).integer == -1)
        #expect(chain.call(contract, "get").integer == 4)
        #expect(chain.failure(contract, "run", encode(6) + encode(2_000_000)) == "InsufficientGas")
        #expect(chain.failure(contract, "run", encode(6) + encode(-1)) == "Overflow")
        #expect(chain.failure(contract, "run", encode(6) + encode(BigInt(1) << 200)) == "InsufficientGas")
    }

    /// Fills a list of 1,000 and fails, so many times; what is in r1 says whether it reads a list of state first.
    private static let hungry = """
        function _fill(Int, Int)
        registers List<Int, 1000>, Int, Int
            newList r2, LIST
            loadInteger r3, 0
            loadInteger r4, 999
        again:
            listAppend r2, r3
            loop r3, r4, again
            statePut r2, r0, 1
            statePut r2, r1, 1
            failBuiltin RequirementFailed
        end
        function run(Int, Int) -> Int
        registers Int, Int, Int, Int, Int, Int
            loadInteger r2, 0
            loadInteger r3, 0
        again:
            loadInteger r4, 2000000
            move r6, r2
            move r7, r1
            tryLocal r6, r4, 0, failed
        failed:
            addImmediate r3, r3, 1
            loop r2, r0, again
            return r3
        end
        """

    @Test func memoryOfAFailedAttemptIsGivenBack() throws {
        // One list takes 40 KB and more while it grows: a thousand of them would never fit into a megabyte.
        let chain = try chain(Self.hungry, Machine(seed: 1, arenaBytes: 1 << 20))
        let result = chain.call(contract, "run", encode(1_000) + encode(5), gas: 2_000_000_000)
        #expect(result.integer == 1_000)
        #expect(result.writes.isEmpty)
    }

    @Test func memoryThatStateHoldsStays() throws {
        // Lists that are read within a failing attempt are kept for the rest of the transaction.
        let text = """
            function _read(Int)
            registers List<Int, 1000>
                stateGet r1, r0, 1
                failBuiltin RequirementFailed
            end
            function _junk(Int)
            registers List<Int, 1000>, Int, Int
                newList r1, LIST
                loadInteger r2, 0
                loadInteger r3, 900
            again:
                listAppend r1, r0
                loop r2, r3, again
                failBuiltin RequirementFailed
            end
            function put(Int)
            registers List<Int, 1000>
                newList r1, LIST
                listAppend r1, r0
                addImmediate r0, r0, 1
                listAppend r1, r0
                statePut r1, r0, 1
                returnNothing
            end
            function run(Int) -> Int
            registers Int, List<Int, 1000>, Int, Int
                loadInteger r1, 100000
                move r4, r0
                tryLocal r4, r1, 0, next
            next:
                loadInteger r4, 77
                tryLocal r4, r1, 1, after
            after:
                stateGet r2, r0, 1
                listSum r3, r2
                return r3
            end
            """
        let module = try module(text)
        for isExact in [false, true] {
            let chain = try TestChain(machine: Machine(seed: 1, isExact: isExact))
            try chain.deploy(module, at: contract)
            #expect(chain.call(contract, "put", encode(41)).bytes == [])
            #expect(chain.call(contract, "run", encode(42)).integer == 83)
        }
    }

    @Test func aCalleeCannotReachTheCallersObjects() throws {
        // It changes its argument in place and fails: the caller's list is another one.
        let text = """
            function _spoil(List<Int, 1000>)
            registers Int
                loadInteger r1, 9
                listAppend r0, r1
                failBuiltin RequirementFailed
            end
            function run() -> Int
            registers List<Int, 1000>, Int, Int, List<Int, 1000>
                newList r0, LIST
                loadInteger r1, 3
                listAppend r0, r1
                loadInteger r2, 5000
                move r3, r0
                tryLocal r3, r2, 0, next
            next:
                listSum r1, r0
                return r1
            end
            """
        let chain = try chain(text)
        #expect(chain.call(contract, "run").integer == 3)
    }

    @Test func theVerifierRefusesWhatCouldLoseTokensOrStack() throws {
        func expect(
            _ code: VerificationError.Code?, _ text: String, _ location: SourceLocation = #_sourceLocation
        ) throws {
            #expect(try refusal(text, configure: tables) == code, sourceLocation: location)
        }
        let caller = """
            function f()\nregisters Int, Int\nloadInteger r0, 5\ntryLocal r1, r0, 0, next
            next:\nreturnNothing\nend
            """
        try expect(nil, "function _g()\nreturnNothing\nend\n" + caller)
        // Tokens, in and out.
        try expect(
            .linearity,
            """
            function _g(Token#0)\nburn r0\nreturnNothing\nend
            function f()\nregisters Int, Token#0\nloadInteger r0, 5\ntokenEmpty r1, 0\ntryLocal r1, r0, 0, next
            next:\nreturnNothing\nend
            """)
        try expect(
            .linearity, "function _g() -> Token#0\nregisters Token#0\ntokenEmpty r0, 0\nreturn r0\nend\n" + caller)
        // A token within the callee's window.
        try expect(
            .linearity,
            """
            function _g()\nreturnNothing\nend
            function f()\nregisters Int, Token#0\nloadInteger r0, 5\ntokenEmpty r1, 0\ntryLocal r1, r0, 0, next
            next:\ntokenClose r1\nreturnNothing\nend
            """)
        // No result where the call has failed.
        try expect(
            .unassigned,
            """
            function _g() -> Int\nregisters Int\nloadInteger r0, 1\nreturn r0\nend
            function f() -> Int\nregisters Int, Int\nloadInteger r0, 5\ntryLocal r1, r0, 0, next
            next:\nreturn r1\nend
            """)
        // Neither itself nor a later function, no change in a view.
        try expect(
            .call, "function f()\nregisters Int\nloadInteger r0, 5\ntryLocal r0, r0, 0, next\nnext:\nreturnNothing\nend"
        )
        try expect(
            .readOnly,
            """
            function _g()\nregisters Int\nloadInteger r0, 1\nstatePut r0, r0, 0\nreturnNothing\nend
            function f() readonly\nregisters Int, Int\nloadInteger r0, 5\ntryLocal r1, r0, 0, next
            next:\nreturnNothing\nend
            """)
        try expect(.index, caller.replacing("r0, 0, next", with: "r0, 9, next"))
        // Attempts within attempts take host stack: eight are allowed.
        func nest(_ depth: Int) -> String {
            var text = "function _f0()\nreturnNothing\nend\n"
            for level in 1...depth {
                text += """
                    function _f\(level)()
                    registers Int
                    loadInteger r0, 500
                    tryLocal r1, r0, \(level - 1), next
                    next:
                    returnNothing
                    end

                    """
            }
            return text
        }
        try expect(nil, nest(MachineLimits.attempts))
        try expect(.call, nest(MachineLimits.attempts + 1))
    }

    @Test func theMachineTellsWhichAttemptsLackedGas() throws {
        let text = """
            function _spin(Int)
            registers Int
                loadInteger r1, 0
            again:
                loop r1, r0, again
                returnNothing
            end
            function run() -> Int
            registers Int, Int, Int, Int, Int
                loadInteger r0, 0
                loadInteger r1, 8
            again:
                loadInteger r2, 300
                moduloImmediate r4, r0, 3
                multiplyImmediate r4, r4, 1000
                addImmediate r4, r4, 1
                tryLocal r4, r2, 0, next
            next:
                loop r0, r1, again
                return r0
            end
            """
        let chain = try chain(text)
        chain.machine.notesAttempts = true
        #expect(chain.call(contract, "run").integer == 8)
        #expect(chain.machine.attemptsWithoutMeans == [1, 2, 4, 5, 7])
        chain.machine.notesAttempts = false
        #expect(chain.call(contract, "run").integer == 8)
        #expect(chain.machine.attemptsWithoutMeans == [])
    }
}
