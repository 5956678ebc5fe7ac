import Bytecode
import Crypto
import Machine
import Numerics
import Testing
import Verifier

/// Counts gas over bytecode as the normative text says, from the instruction table and a trace alone.
///
/// A trace with plenty of gas tells which instructions run and what each takes beside block costs. From that the
/// outcome at any smaller limit follows: the run is the same until a block or a variable part cannot be paid.
private struct NaiveCounter {
    /// What is taken, in order.
    private(set) var charges: [Int64] = []

    private func blockCost(_ function: FunctionDescriptor, from start: Int) -> Int64 {
        var (cost, word): (Int64, Int) = (0, start)
        while word < function.code.count, let opcode = Instruction(word: function.code[word]).opcode {
            let row = OpcodeTable[opcode]
            cost += Int64(row.cost)
            switch opcode {
            case .jump, .branchTrue, .branchFalse, .branchLess, .branchLessOrEqual, .branchEqual, .branchNotEqual,
                .loop, .`return`, .returnNothing, .fail, .failBuiltin, .tryCall:
                return cost
            default: word += row.words
            }
        }
        return cost
    }

    /// - Parameter total: gas used with plenty.
    init(module: Module, steps: [TraceStep], limit: Int64, total: Int64) {
        guard let first = steps.first else { return }
        let entry = blockCost(module.functions[first.function], from: 0)
        // Reading the call and its arguments comes before the first block.
        charges = [limit - first.gas - entry, entry]
        for (index, step) in steps.enumerated() {
            let function = module.functions[step.function]
            guard let opcode = Instruction(word: function.code[step.word]).opcode else { continue }
            let isLast = index + 1 == steps.count
            let left = isLast ? limit - total : steps[index + 1].gas
            let taken = step.gas - left
            var block: Int64 = 0
            if !isLast {
                let next = steps[index + 1]
                switch opcode {
                case .jump, .branchTrue, .branchFalse, .branchLess, .branchLessOrEqual, .branchEqual, .branchNotEqual,
                    .loop:
                    block = blockCost(function, from: next.word)
                case .call: block = blockCost(module.functions[next.function], from: 0)
                default: break
                }
            }
            // The variable part comes before the block that a branch enters.
            charges += [taken - block, block]
        }
    }

    var total: Int64 { charges.reduce(0, +) }
    var isSound: Bool { charges.allSatisfy { $0 >= 0 } }
}

@Suite struct GasTests {
    private static let programs: [(name: String, text: String, arguments: [[UInt8]])] = [
        (
            "loop",
            """
            function run(Int) -> Int
            registers Int, Int, Int
                loadInteger r1, 0
                loadInteger r2, 0
            again:
                multiply r3, r2, r2
                moduloImmediate r3, r3, 1003
                add r1, r1, r3
                loop r2, r0, again
                return r1
            end
            """, [encode(1), encode(9)]
        ),
        (
            "calls and branches",
            """
            function _step(Int, Int) -> Int
            registers Int, Int
                branchLess r0, r1, less
                subtract r2, r0, r1
                return r2
            less:
                multiply r2, r0, r1
                loadInteger r3, 1000
                branchLess r2, r3, small
                failBuiltin RequirementFailed
            small:
                return r2
            end
            function run(Int) -> Int
            registers Int, Int, Int, Int, Int
                loadInteger r1, 7
                loadInteger r2, 0
            again:
                move r3, r1
                addImmediate r4, r2, 3
                call r3, 0
                move r1, r5
                loop r2, r0, again
                return r1
            end
            """, [encode(1), encode(5), encode(30)]
        ),
        (
            "wide integers",
            """
            function run(Int) -> Int<4000>
            registers Int<4000>, Int, Int
                loadInteger r1, 3
                loadInteger r2, 0
            again:
                multiply r1, r1, r1
                addImmediate r1, r1, 1
                loop r2, r0, again
                return r1
            end
            """, [encode(3), encode(9), encode(12), encode(14)]
        ),
        (
            "objects",
            """
            function run(Int) -> List<Int, 12>
            registers List<Int, 12>, Int, Int, List<Int, 12>
                newList r1, 1
                loadInteger r2, 0
            again:
                multiply r3, r2, r2
                listAppend r1, r3
                loop r2, r0, again
                listSort r4, r1, descending
                listSum r3, r4
                splitAmount r4, r3, r1
                return r4
            end
            """, [encode(1), encode(9), encode(14)]
        ),
        (
            "state",
            """
            function run(Int) -> Int
            registers Int, Int, Int
                loadInteger r1, 0
            again:
                stateGet r2, r1, 0
                addImmediate r2, r2, 5
                statePut r2, r1, 0
                moduloImmediate r3, r1, 2
                stateGet r2, r3, 0
                emit r2, 0
                loop r1, r0, again
                return r2
            end
            """, [encode(1), encode(4)]
        ),
    ]

    private func module(_ text: String) throws -> Module {
        return try assemble(text) { builder in
            let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
            _ = builder.type(.list(integer, capacity: 12))
            builder.module.slots = [Slot(name: "m", kind: .plain, keys: [integer], type: integer, capacity: nil)]
            builder.module.events = [SignatureDescriptor(name: "E", parameters: [.init(name: "x", type: integer)])]
        }
    }

    /// At every limit from nothing to plenty the machine and the naive counter agree on outcome and gas.
    @Test(arguments: GasTests.programs.indices) func machineAndNaiveCounterAgreeAtEveryLimit(index: Int) throws {
        let program = GasTests.programs[index]
        let module = try module(program.text)
        let function = try #require(module.entry(named: "run")).function
        for arguments in program.arguments {
            let chain = try TestChain()
            try chain.deploy(module, at: address(50))
            let request = CallRequest(
                contract: address(50), entry: "run", arguments: arguments, caller: address(1), gasLimit: 1_000_000)
            let (full, steps) = chain.machine.trace(request, in: chain.block, state: chain)
            let counter = NaiveCounter(module: module, steps: steps, limit: 1_000_000, total: full.gasUsed)
            #expect(steps.first?.function == function)
            #expect(counter.isSound, "\(program.name): a negative charge")
            #expect(counter.total == full.gasUsed, "\(program.name)")

            // Beyond the charges one by one, what a call costs is the same each time.
            var limits = Set<Int64>(0...min(full.gasUsed + 3, 3_000))
            var sum: Int64 = 0
            for charge in counter.charges {
                sum += charge
                limits.formUnion([sum - 1, sum, sum + 1])
            }
            for limit in limits.sorted() where limit >= 0 {
                var twin = request
                twin.gasLimit = limit
                let result = chain.machine.execute(twin, in: chain.block, state: chain)
                if limit < full.gasUsed {
                    #expect(result.failureName == "OutOfGas", "\(program.name) at \(limit)")
                    #expect(result.gasUsed == limit, "\(program.name) at \(limit)")
                    #expect(result.writes.isEmpty && result.events.isEmpty)
                } else {
                    #expect(result == full, "\(program.name) at \(limit)")
                }
                if result.gasUsed != min(limit, full.gasUsed) { return }
            }
        }
    }

    /// A trap keeps its whole block and returns the rest; with less than the block, gas runs out first.
    @Test func outOfGasWinsOverATrapLaterInTheBlock() throws {
        let module = try module(
            """
            function run(Int) -> Int
            registers Int
                loadInteger r1, 0
                divide r0, r0, r1, floor
                exp r0, r0, floor
                return r0
            end
            """)
        let chain = try TestChain()
        try chain.deploy(module, at: address(50))
        let full = chain.call(address(50), "run", encode(1))
        #expect(full.failureName == "DivisionByZero")
        let block = [Opcode.loadInteger, .divide, .exp, .`return`].reduce(0) { $0 + Int64(OpcodeTable[$1].cost) }
        #expect(full.gasUsed > block)
        let less = chain.call(address(50), "run", encode(1), gas: full.gasUsed - 1)
        #expect(less.failureName == "OutOfGas")
        #expect(less.gasUsed == full.gasUsed - 1)
    }
}
