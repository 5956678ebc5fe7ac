import Bytecode
import Diagnostics

/// A register while its function is being written. The final numbers are known at the end: first the parameters and
/// ordinary registers, then blocks of consecutive operands, then the windows of calls, which must lie above everything
/// live.
struct Register: Hashable {
    enum Zone: Hashable { case ordinary, block, window }
    let zone: Zone
    let index: Int
}

/// A place in the code that branches lead to.
struct CodeLabel { let index: Int }

/// Collects the instructions of one function and hands out its registers.
struct CodeBuilder {
    private struct Item {
        var opcode: Opcode
        var operands: [Register?]
        /// Third byte operands that are no registers.
        var literal: Int
        var immediate: Int
        var registerImmediate: Register?
        var label: Int?
        var span: Span
    }
    private enum Entry {
        case instruction(Item)
        case label(Int)
        /// Loads of constants that a loop needs, placed before it.
        case preheader(Int)
    }
    /// Types and occupation of a run of block registers.
    private struct Block {
        var base: Int
        var types: [TypeIndex]
        var isFree: Bool
    }

    private var entries: [Entry] = []
    private var labelUses: [Int] = []
    private var preheaders: [[Item]] = []
    private var ordinaryTypes: [TypeIndex] = []
    private var blockTypes: [TypeIndex] = []
    private var windowTypes: [TypeIndex] = []
    private var blocks: [Block] = []
    /// Free ordinary registers by type; the last one freed is taken first.
    private var freeRegisters: [TypeIndex: [Int]] = [:]
    /// Whether control can reach the next instruction.
    private(set) var isReachable = true
    /// Opcodes written so far, for what they say about the function.
    private(set) var effects: Set<Opcode> = []

    // MARK: Registers

    /// A register that no other value has used before.
    mutating func newRegister(_ type: TypeIndex) -> Register {
        ordinaryTypes.append(type)
        return Register(zone: .ordinary, index: ordinaryTypes.count - 1)
    }

    mutating func temporary(_ type: TypeIndex) -> Register {
        if let index = freeRegisters[type]?.popLast() { return Register(zone: .ordinary, index: index) }
        return newRegister(type)
    }

    mutating func free(_ register: Register) {
        guard register.zone == .ordinary else { return }
        freeRegisters[ordinaryTypes[register.index], default: []].append(register.index)
    }

    /// Consecutive registers of these types, kept until `freeBlock`.
    mutating func block(_ types: [TypeIndex]) -> [Register] {
        for index in blocks.indices where blocks[index].isFree && blocks[index].types == types {
            blocks[index].isFree = false
            return types.indices.map { Register(zone: .block, index: blocks[index].base + $0) }
        }
        blocks.append(Block(base: blockTypes.count, types: types, isFree: false))
        blockTypes += types
        return types.indices.map { Register(zone: .block, index: blockTypes.count - types.count + $0) }
    }

    mutating func freeBlock(_ registers: [Register]) {
        guard let first = registers.first, first.zone == .block else { return }
        for index in blocks.indices where blocks[index].base == first.index { blocks[index].isFree = true }
    }

    /// The window of a call: registers of these types, at the lowest place where such types stand already.
    mutating func window(_ types: [TypeIndex]) -> [Register] {
        var start = 0
        while start < windowTypes.count {
            let present = windowTypes[start...].prefix(types.count)
            if present.elementsEqual(types.prefix(present.count)) { break }
            start += 1
        }
        windowTypes += types.dropFirst(windowTypes.count - start)
        return types.indices.map { Register(zone: .window, index: start + $0) }
    }

    var registerCount: Int { ordinaryTypes.count + blockTypes.count + windowTypes.count }
    var registerTypes: [TypeIndex] { ordinaryTypes + blockTypes + windowTypes }

    /// Whether the registers follow one another whatever the final numbers are.
    func areConsecutive(_ registers: [Register]) -> Bool {
        zip(registers, registers.dropFirst()).allSatisfy { $0.zone == $1.zone && $0.index + 1 == $1.index }
    }

    // MARK: Instructions

    /// Appends an instruction, unless control cannot get here.
    mutating func emit(
        _ opcode: Opcode, _ a: Register? = nil, _ b: Register? = nil, _ c: Register? = nil, literal: Int = 0,
        immediate: Int = 0, registerImmediate: Register? = nil, to label: CodeLabel? = nil, at span: Span
    ) {
        guard isReachable else { return }
        if let label { labelUses[label.index] += 1 }
        effects.insert(opcode)
        entries.append(
            .instruction(
                Item(
                    opcode: opcode, operands: [a, b, c], literal: literal, immediate: immediate,
                    registerImmediate: registerImmediate, label: label?.index, span: span)))
        switch opcode {
        case .jump, .return, .returnNothing, .fail, .failBuiltin: isReachable = false
        default: break
        }
    }

    mutating func newLabel() -> CodeLabel {
        labelUses.append(0)
        return CodeLabel(index: labelUses.count - 1)
    }

    /// Forward branches to the label lead here.
    mutating func place(_ label: CodeLabel) {
        if labelUses[label.index] > 0 { isReachable = true }
        entries.append(.label(label.index))
    }

    /// A place before a loop for what `hoist` loads.
    mutating func newPreheader() -> Int {
        preheaders.append([])
        entries.append(.preheader(preheaders.count - 1))
        return preheaders.count - 1
    }

    mutating func hoist(_ opcode: Opcode, _ register: Register, immediate: Int, before preheader: Int, at span: Span) {
        preheaders[preheader].append(
            Item(
                opcode: opcode, operands: [register, nil, nil], literal: 0, immediate: immediate,
                registerImmediate: nil, label: nil, span: span))
    }

    // MARK: The finished code

    /// Words and positions; nil when a `tryCall` would have to jump too far.
    func finish(source: (String) -> Int) -> (code: [UInt64], positions: [FunctionDescriptor.Position])? {
        var items: [Item] = []
        var labelItems = [Int](repeating: 0, count: labelUses.count)
        for entry in entries {
            switch entry {
            case .instruction(let item): items.append(item)
            case .label(let index): labelItems[index] = items.count
            case .preheader(let index): items += preheaders[index]
            }
        }
        var words: [Int] = []
        var total = 0
        for item in items {
            words.append(total)
            total += OpcodeTable[item.opcode].words
        }
        words.append(total)

        var code: [UInt64] = []
        var positions: [FunctionDescriptor.Position] = []
        for (index, item) in items.enumerated() {
            let row = OpcodeTable[item.opcode]
            var immediate = item.immediate
            if let register = item.registerImmediate { immediate |= number(register) }
            if let label = item.label {
                let offset = words[labelItems[label]] - words[index]
                if row.immediate != .offset {
                    guard let short = Int16(exactly: offset) else { return nil }
                    immediate |= Int(short) << 16
                } else {
                    immediate = offset
                }
            }
            let operands = item.operands.map { $0.map(number) }
            let instruction = Instruction(
                item.opcode, a: operands[0] ?? 0, b: operands[1] ?? 0, c: operands[2] ?? item.literal,
                immediate: Int32(truncatingIfNeeded: immediate))
            note(item.span, at: code.count, source: source, in: &positions)
            code.append(instruction.word)
            for _ in 1..<row.words { code.append(0) }
        }
        return (code, positions)
    }

    private func note(
        _ span: Span, at word: Int, source: (String) -> Int, in positions: inout [FunctionDescriptor.Position]
    ) {
        let (line, column) = span.file.position(of: span.start)
        let file = source(span.file.path)
        if let last = positions.last, last.file == file, last.line == line, last.column == column { return }
        positions.append(.init(word: word, file: file, line: line, column: column))
    }

    private func number(_ register: Register) -> Int {
        switch register.zone {
        case .ordinary: register.index
        case .block: ordinaryTypes.count + register.index
        case .window: ordinaryTypes.count + blockTypes.count + register.index
        }
    }
}
