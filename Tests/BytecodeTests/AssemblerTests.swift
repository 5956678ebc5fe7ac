import Bytecode
import Testing

struct AssemblerTests {
    @Test func disassemblyAssemblesToTheSameCode() throws {
        let module = try sampleModule()
        var builder = ModuleBuilder(extending: module)
        builder.module.functions = []
        try Assembler.assemble(module.disassembly(), into: &builder)
        #expect(builder.module.functions.map(\.code) == module.functions.map(\.code))
        #expect(builder.module.functions.map(\.registers) == module.functions.map(\.registers))
        #expect(builder.module.functions.map(\.during) == module.functions.map(\.during))
        #expect(builder.module.functions.map(\.isReadOnly) == module.functions.map(\.isReadOnly))
        #expect(builder.module.types == module.types)
    }

    @Test func everyInstructionGoesThroughText() throws {
        var code: [UInt64] = []
        for opcode in Opcode.allCases {
            let row = OpcodeTable[opcode]
            var immediate: Int32 = 1
            if case .offset = row.immediate { immediate = Int32(row.words) }
            if row.immediate == .methodOffset || row.immediate == .functionOffset { immediate = Int32(row.words) << 16 }
            if row.immediate == .none { immediate = 0 }
            func operand(_ role: OperandRole, _ value: Int) -> Int {
                if case .none = role { 0 } else { value }
            }
            code.append(
                Instruction(
                    opcode, a: operand(row.a, 1), b: operand(row.b, 2), c: operand(row.c, 3), immediate: immediate
                ).word)
            code += [UInt64](repeating: 0, count: row.words - 1)
        }
        code.append(Instruction(.returnNothing).word)
        var module = Module(name: "All")
        module.functions = [
            FunctionDescriptor(
                name: "all", parameterCount: 0, registers: [], result: nil, isReadOnly: false, during: nil, code: code,
                positions: [])
        ]
        var builder = ModuleBuilder(name: "All")
        try Assembler.assemble(module.disassembly(), into: &builder)
        #expect(builder.module.functions[0].code == code)
    }

    @Test func blocksCostTheSumOfTheirInstructions() throws {
        let module = try sampleModule()
        let cost = { (opcodes: [Opcode]) in opcodes.reduce(0) { $0 + Int(OpcodeTable[$1].cost) } }
        let blocks = blockCosts(of: module.functions[1].code)
        #expect(blocks.map(\.word) == [0, 4, 9, 11])
        #expect(
            blocks.map(\.gas) == [
                cost([.loadInteger, .loadInteger, .branchLessOrEqual]),
                cost([.multiply, .moduloImmediate, .add, .loop]), cost([.mulDiv, .mulMod]), cost([.return]),
            ])
    }

    @Test(arguments: [
        "add r1, r2, r3", "function f\nend", "function f()\n add r1\nend", "function f()\n bogus\nend",
        "function f()\n jump nowhere\nend", "function f(Strange)\nend", "function f()\nx:\nx:\nend", "function f()",
        "function f()\n move r1, r256\nend", "function f()\n loadInteger r1, 9999999999\nend",
        "function f(List<Int>)\nend", "function f(\(String(repeating: "List<", count: 100)))\nend",
        "function f()\n returnNothing r1\nend", "function f() -> \nend", "function f(,)\nend",
    ])
    func malformedTextsAreRefused(_ text: String) {
        var builder = ModuleBuilder(name: "Wrong")
        #expect(throws: CodingError.self) { try Assembler.assemble(text, into: &builder) }
    }

    @Test func theTableIsInEncodingOrder() {
        #expect(OpcodeTable.rows.map(\.opcode) == Opcode.allCases)
    }

    @Test func builtInFailuresHaveTheirNames() {
        #expect(BuiltinFailure.divisionByZero.name == "DivisionByZero")
        #expect(BuiltinFailure(name: "WrongPhase") == .wrongPhase)
        #expect(BuiltinFailure(name: "wrongPhase") == nil)
    }
}
