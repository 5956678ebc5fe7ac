import Bytecode
import Crypto
import Machine
import Numerics
import Testing
import Verifier

@Suite struct AdversaryValueTests {
    private let contract = address(50)

    /// A register of a larger capacity may name the same list, so the list outgrows what the slot takes.
    @Test func stateHoldsNoListPastItsCapacity() throws {
        let chain = try TestChain()
        let source = """
            function grow(Int)
            registers List<Int, 2>, List<Int, 8>, Int
                newList r1, 1
                move r2, r1
                loadInteger r3, 0
            again:
                listAppend r2, r3
                loop r3, r0, again
                statePut r1, r0, 0
                returnNothing
            end
            function emitted(Int)
            registers List<Int, 2>, List<Int, 8>, Int
                newList r1, 1
                move r2, r1
                loadInteger r3, 0
            again:
                listAppend r2, r3
                loop r3, r0, again
                emit r1, 0
                returnNothing
            end
            function count() -> Int readonly
            registers Int, List<Int, 2>
                stateGet r1, r0, 0
                listCount r0, r1
                return r0
            end
            """
        try chain.deploy(
            try assemble(source) { builder in
                let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
                let list = builder.type(.list(integer, capacity: 2))
                builder.module.slots = [Slot(name: "s", kind: .plain, keys: [], type: list, capacity: nil)]
                builder.module.events = [SignatureDescriptor(name: "E", parameters: [.init(name: "x", type: list)])]
            }, at: contract)
        #expect(chain.failure(contract, "grow", encode(2)) == nil)
        #expect(chain.failure(contract, "grow", encode(5)) == "CapacityExceeded")
        #expect(chain.failure(contract, "emitted", encode(5)) == "CapacityExceeded")
        #expect(chain.call(contract, "count").integer == 2)
    }

    /// Registers of one element and rank may hold any sizes; state keeps the declared ones.
    @Test func stateHoldsNoTensorOfOtherSizes() throws {
        let chain = try TestChain()
        let source = """
            function put(Tensor<i8, [0]>)
            registers Tensor<i8, [2]>
                move r1, r0
                statePut r1, r1, 0
                returnNothing
            end
            function size() -> Int readonly
            registers Int, Tensor<i8, [2]>
                stateFind r2, r0, 0
                getPayload r1, r2, 1, 0
                tensorSize r0, r1, 0
                return r0
            end
            """.replacing("registers Int, Tensor<i8, [2]>", with: "registers Int, Tensor<i8, [2]>, Tensor<i8, [2]>?")
        try chain.deploy(
            try assemble(source) { builder in
                let tensor = builder.type(.tensor(.i8, dimensions: [2]))
                builder.module.slots = [Slot(name: "s", kind: .plain, keys: [], type: tensor, capacity: nil)]
            }, at: contract)
        #expect(chain.failure(contract, "put", [2, 1, 1]) == nil)
        #expect(chain.failure(contract, "put", [3, 1, 1, 1]) == "ShapeMismatch")
        #expect(chain.call(contract, "size").integer == 2)
    }

    /// A struct without fields takes no bytes, and a list of such takes only its count.
    @Test func listsOfEmptyStructsAreReadBack() throws {
        let chain = try TestChain()
        try chain.deploy(
            try assemble(
                """
                function put(Int)
                registers #0, List<#0, 9>
                    newObject r1, r0, 0, 0
                    listRepeat r2, r1, r0, 1
                    statePut r2, r0, 0
                    returnNothing
                end
                function pass(List<#0, 9>) -> List<#0, 9>
                    return r0
                end
                function count() -> Int readonly
                registers Int, List<#0, 9>
                    stateGet r1, r0, 0
                    listCount r0, r1
                    return r0
                end
                """
            ) { builder in
                let empty = builder.type(.structure(name: "Empty", fields: []))
                let list = builder.type(.list(empty, capacity: 9))
                builder.module.slots = [Slot(name: "s", kind: .plain, keys: [], type: list, capacity: nil)]
            }, at: contract)
        #expect(chain.failure(contract, "put", encode(7)) == nil)
        #expect(chain.call(contract, "count").integer == 7)
        #expect(chain.call(contract, "pass", [9]).bytes == [9])
        #expect(chain.failure(contract, "pass", [10]) == "InvalidArgument")
        #expect(chain.failure(contract, "pass", [9, 0]) == "InvalidArgument")
    }

    /// A long integer is encoded and compared limb by limb, however often a list names it.
    @Test func longIntegersArePaidByTheByte() throws {
        let chain = try TestChain()
        let source = """
            function put(Int, Int)
            registers Int<4096>, List<Int<4096>, 1000>, List<Int<4096>, 1000>, Bool
                loadInteger r2, 2
                branchEqual r0, r1, done
            again:
                multiply r2, r2, r2
                loop r0, r1, again
            done:
                loadInteger r0, 1000
                listRepeat r3, r2, r0, #LIST
                addImmediate r2, r2, 1
                addImmediate r2, r2, -1
                listRepeat r4, r2, r0, #LIST
                #WORK
                returnNothing
            end
            """
        for (work, least) in [("statePut r3, r0, 0", 60_000), ("equalValue r5, r3, r4", 30_000)] {
            let text = source.replacing("#WORK", with: work)
            var list = 0
            let module = try assemble(text.replacing("#LIST", with: "1")) { builder in
                let integer = builder.type(.integer(.int, bits: 4_096, isSigned: true))
                list = builder.type(.list(integer, capacity: 1_000))
                builder.module.slots = [Slot(name: "s", kind: .plain, keys: [], type: list, capacity: nil)]
            }
            #expect(list == 1)
            try chain.deploy(module, at: contract)
            let short = chain.call(contract, "put", encode(0) + encode(3))
            let long = chain.call(contract, "put", encode(0) + encode(11))
            #expect(short.failureName == nil && long.failureName == nil)
            #expect(long.gasUsed - short.gasUsed >= least, "\(work): \(short.gasUsed), \(long.gasUsed)")
            chain.state = [:]
        }
    }

    /// The trace of a failure costs no gas, so it is short.
    @Test func tracesAreShort() throws {
        let chain = try TestChain()
        var text = "function _f0()\nfailBuiltin Overflow\nend\n"
        for index in 1..<900 { text += "function _f\(index)()\ncall r0, \(index - 1)\nreturnNothing\nend\n" }
        text += "function deep()\ncall r0, 899\nreturnNothing\nend\n"
        try chain.deploy(try assemble(text), at: contract)
        guard case .failure(let failure) = chain.call(contract, "deep").outcome else {
            Issue.record("the call succeeds")
            return
        }
        #expect(failure.code == .builtin(.overflow))
        #expect(failure.trace.first?.function == "_f0")
        #expect(failure.trace.count <= 64)
    }
}
