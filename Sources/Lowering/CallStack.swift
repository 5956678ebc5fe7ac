import Bytecode

/// What a function and all that it calls need of the machine's stack at most.
struct CallStack {
    let registers: Int
    let attempts: Int

    /// - Parameter callees: by number, those of the functions before this one.
    init(of function: FunctionDescriptor, over callees: [CallStack]) {
        var (registers, attempts) = (function.registers.count, 0)
        var word = 0
        while word < function.code.count {
            let instruction = Instruction(word: function.code[word])
            guard let opcode = instruction.opcode else { break }
            let isAttempt = opcode == .tryLocal
            if isAttempt || opcode == .call {
                // The arguments are the callee's first registers.
                let number = Int(instruction.immediate) & (isAttempt ? 0xFFFF : .max)
                if callees.indices.contains(number) {
                    registers = max(registers, instruction.a + callees[number].registers)
                    attempts = max(attempts, (isAttempt ? 1 : 0) + callees[number].attempts)
                }
            }
            word += OpcodeTable[opcode].words
        }
        self.registers = registers
        self.attempts = attempts
    }
}

extension Module {
    /// The most levels in which its types stand in one another; 0 without types.
    var typeDepth: Int {
        var depths: [Int] = []
        for type in types {
            let parts: [TypeIndex] =
                switch type {
                case .list(let element, _): [element]
                case .option(let wrapped): [wrapped]
                case .structure(_, let fields): fields.map(\.type)
                case .enumeration(_, let cases): cases.flatMap { $0.payload.map(\.type) }
                case .boolean, .integer, .bytes32, .bytes, .text, .tensor, .token, .tokenList: []
                }
            depths.append(1 + (parts.filter { depths.indices.contains($0) }.map { depths[$0] }.max() ?? 0))
        }
        return depths.max() ?? 0
    }
}
