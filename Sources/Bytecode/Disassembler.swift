import Numerics

// Functions as assembler text: what `Assembler` reads back, with comments that resolve names and give the gas of
// blocks.

extension Module {
    /// All functions, the lowest number first.
    public func disassembly() -> String {
        functions.indices.map { disassembly(ofFunction: $0) }.joined(separator: "\n")
    }

    /// One function; empty when there is none of that number.
    public func disassembly(ofFunction index: Int) -> String {
        guard functions.indices.contains(index) else { return "" }
        return Disassembler(module: self, index: index, function: functions[index]).text()
    }
}

/// Where the blocks of a function begin and what they cost: a block starts at the entry, at a branch target, and after
/// a branch (Documentation/machine.md). Word index and gas, ascending; code that cannot be decoded ends the list.
public func blockCosts(of code: [UInt64]) -> [(word: Int, gas: Int)] {
    var starts: Set<Int> = [0]
    for (word, instruction, row) in decodedInstructions(of: code) {
        guard let offset = branchOffset(of: instruction, row: row) else { continue }
        starts.insert(word + offset)
        starts.insert(word + row.words)
    }
    var blocks: [(word: Int, gas: Int)] = []
    for (word, _, row) in decodedInstructions(of: code) {
        if starts.contains(word) || blocks.isEmpty { blocks.append((word, 0)) }
        blocks[blocks.count - 1].gas += Int(row.cost)
    }
    return blocks
}

/// The instructions up to the first word that holds none.
func decodedInstructions(of code: [UInt64]) -> [(word: Int, instruction: Instruction, row: OpcodeRow)] {
    var result: [(word: Int, instruction: Instruction, row: OpcodeRow)] = []
    var word = 0
    while word < code.count {
        let instruction = Instruction(word: code[word])
        guard let opcode = instruction.opcode else { break }
        let row = OpcodeTable[opcode]
        result.append((word, instruction, row))
        word += row.words
    }
    return result
}

/// The offset of the target, for branches.
func branchOffset(of instruction: Instruction, row: OpcodeRow) -> Int? {
    switch row.immediate {
    case .offset: Int(instruction.immediate)
    case .methodOffset, .functionOffset: Int(instruction.immediate >> 16)
    default: nil
    }
}

private struct Disassembler {
    let module: Module
    let index: Int
    let function: FunctionDescriptor

    func text() -> String {
        let coding = ABICoding(types: module.types)
        func types(_ list: some Sequence<TypeIndex>) -> String {
            list.map { assemblerTypeText($0, coding: coding) }.joined(separator: ", ")
        }
        var lines: [String] = []
        var header = "function \(function.name)(\(types(function.registers.prefix(function.parameterCount))))"
        if let result = function.result { header += " -> \(types([result]))" }
        if function.isReadOnly { header += " readonly" }
        if let during = function.during { header += " during \(during.round) \(during.phase)" }
        lines.append(header + "  ; #\(index)")
        let others = function.registers.dropFirst(function.parameterCount)
        if !others.isEmpty { lines.append("registers \(types(others))") }

        let instructions = decodedInstructions(of: function.code)
        var targets: Set<Int> = []
        for (word, instruction, row) in instructions {
            if let offset = branchOffset(of: instruction, row: row) { targets.insert(word + offset) }
        }
        let gas = blockCosts(of: function.code)
        var nextBlock = 0
        for (word, instruction, row) in instructions {
            if targets.contains(word) { lines.append("L\(word):") }
            var line = "    " + operands(of: instruction, row: row, at: word)
            var comments: [String] = []
            if nextBlock < gas.count, gas[nextBlock].word == word {
                comments.append("gas \(gas[nextBlock].gas)")
                nextBlock += 1
            }
            if let note = note(on: instruction, row: row) { comments.append(note) }
            if !comments.isEmpty { line += "  ; " + comments.joined(separator: ", ") }
            lines.append(line)
        }
        lines.append("end")
        return lines.joined(separator: "\n") + "\n"
    }

    private func operands(of instruction: Instruction, row: OpcodeRow, at word: Int) -> String {
        var parts: [String] = []
        for (role, value) in [(row.a, instruction.a), (row.b, instruction.b), (row.c, instruction.c)] {
            switch role {
            case .none: break
            case .caseIndex: parts.append(String(value))
            default: parts.append("r\(value)")
            }
        }
        let immediate = instruction.immediate
        switch row.immediate {
        case .none: break
        case .offset: parts.append("L\(word + Int(immediate))")
        case .methodOffset, .functionOffset:
            parts.append(String(immediate & 0xFFFF))
            parts.append("L\(word + Int(immediate >> 16))")
        case .rounding: parts.append(roundingName(Int(immediate)))
        case .direction: parts.append(immediate == 0 ? "ascending" : "descending")
        case .register: parts.append("r\(immediate & 0xFF)")
        case .registerRounding:
            parts.append("r\(immediate & 0xFF)")
            parts.append(roundingName(Int(immediate >> 8)))
        case .builtinError:
            let failure = UInt8(exactly: immediate).flatMap(BuiltinFailure.init(rawValue:))
            parts.append(failure?.name ?? String(immediate))
        case .phases, .roundPhase:
            parts.append(String(immediate >> 16))
            parts.append(String(immediate & 0xFFFF))
        default: parts.append(String(immediate))
        }
        let mnemonic = String(describing: row.opcode)
        return parts.isEmpty ? mnemonic : mnemonic + " " + parts.joined(separator: ", ")
    }

    private func roundingName(_ value: Int) -> String {
        UInt8(exactly: value).flatMap(Rounding.init(rawValue:)).map { String(describing: $0) } ?? String(value)
    }

    /// The name behind an index.
    private func note(on instruction: Instruction, row: OpcodeRow) -> String? {
        func name<Element>(_ list: [Element], _ path: (Element) -> String) -> String? {
            let index = Int(instruction.immediate)
            return list.indices.contains(index) ? path(list[index]) : nil
        }
        switch row.immediate {
        case .function: return name(module.functions) { $0.name }
        case .constant:
            return name(module.constants) {
                switch $0 {
                case .integer(let value): value.description
                case .bytes32(let bytes): ABIJSON.hexadecimal(bytes)
                case .bytes(let bytes): "\(bytes.count) bytes"
                case .tensor(let element, let dimensions, _): "Tensor<\(element), \(dimensions)>"
                }
            }
        case .type: return name(Array(module.types.indices)) { ABICoding(types: module.types).typeText($0) }
        case .slot: return name(module.slots) { $0.name }
        case .error: return name(module.errors) { $0.name }
        case .event: return name(module.events) { $0.name }
        case .asset: return name(module.assets) { $0.name }
        case .sealed: return name(module.sealed) { $0.name }
        case .round: return name(module.rounds) { $0.name }
        case .roundPhase:
            let (round, phase) = (Int(instruction.immediate >> 16), Int(instruction.immediate & 0xFFFF))
            guard module.rounds.indices.contains(round), module.rounds[round].phases.indices.contains(phase) else {
                return nil
            }
            return "\(module.rounds[round].name).\(module.rounds[round].phases[phase].name)"
        case .interface: return name(module.interfaces) { $0.name }
        default: return nil
        }
    }
}

/// The type as assembler text: structs and enums by their number, everything else spelt out.
func assemblerTypeText(_ type: TypeIndex, coding: ABICoding) -> String {
    guard coding.types.indices.contains(type) else { return "#\(type)" }
    switch coding.types[type] {
    case .list, .option, .structure, .enumeration: return "#\(type)"
    default: return coding.typeText(type)
    }
}
