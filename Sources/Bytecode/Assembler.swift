import Numerics

/// Reads assembler text into functions of a module.
///
///     function name(Type, …) -> Type readonly during ROUND PHASE
///     registers Type, …
///     label:
///         mnemonic operand, …
///     end
///
/// Operands stand in the order of the instruction table: registers `r0`, case indices, then the immediate: a number, a
/// label, a rounding, a direction or the name of a built-in failure. `word N` is a word of code as it stands, for what
/// no instruction is. `;` begins a comment. Types are spelt as in
/// contracts; `#3` is type 3 of the module, `Token#0` a token of its asset 0, and the names of structs and enums of the
/// module stand for these. Lines outside of functions fill the other tables (`AssemblerTables.swift`).
public struct Assembler {
    var builder: ModuleBuilder
    private var line = 0

    private init(builder: ModuleBuilder) { self.builder = builder }

    /// Appends the functions of the text to the builder's module.
    public static func assemble(_ text: String, into builder: inout ModuleBuilder) throws(CodingError) {
        var assembler = Assembler(builder: builder)
        try assembler.read(text)
        builder = assembler.builder
    }

    func failure(_ message: String, _ code: CodingError.Code = .assemblerSyntax) -> CodingError {
        CodingError(code, message, at: line)
    }

    private struct Draft {
        var name: String
        var parameterCount: Int
        var registers: [TypeIndex]
        var result: TypeIndex?
        var isReadOnly: Bool
        var during: FunctionDescriptor.During?
        var code: [UInt64] = []
        var labels: [String: Int] = [:]
        var fixups: [(word: Int, label: String, role: ImmediateRole, line: Int)] = []
    }

    private mutating func read(_ text: String) throws(CodingError) {
        var draft: Draft?
        for rawLine in text.split(separator: "\n", omittingEmptySubsequences: false) {
            line += 1
            let content = trimmed(rawLine.prefix { $0 != ";" })
            if content.isEmpty { continue }
            if draft == nil {
                guard content.hasPrefix("function ") else {
                    try table(content)
                    continue
                }
                draft = try header(content.dropFirst("function ".count))
            } else if content == "end" {
                if let finished = draft { builder.module.functions.append(try finish(finished)) }
                draft = nil
            } else if content.hasPrefix("registers ") {
                for part in splitTypes(content.dropFirst("registers ".count)) {
                    draft?.registers.append(try type(part))
                }
            } else if content.hasSuffix(":") {
                let label = String(content.dropLast())
                guard draft?.labels[label] == nil else { throw failure("Label \(label) stands twice", .assemblerName) }
                let word = draft?.code.count
                draft?.labels[label] = word
            } else if var current = draft {
                try instruction(content, into: &current)
                draft = current
            }
        }
        guard draft == nil else { throw failure("The last function has no \"end\"") }
    }

    func trimmed(_ text: Substring) -> Substring {
        let tail = text.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
        guard let last = tail.lastIndex(where: { $0 != " " && $0 != "\t" && $0 != "\r" }) else { return "" }
        return tail[...last]
    }

    private mutating func header(_ text: Substring) throws(CodingError) -> Draft {
        guard let open = text.firstIndex(of: "("), let close = text.lastIndex(of: ")"), open < close else {
            throw failure("Expected name(types)")
        }
        var draft = Draft(
            name: String(trimmed(text[..<open])), parameterCount: 0, registers: [], result: nil, isReadOnly: false)
        for part in splitTypes(text[text.index(after: open)..<close]) { draft.registers.append(try type(part)) }
        draft.parameterCount = draft.registers.count
        var rest = trimmed(text[text.index(after: close)...])
        if let range = rest.firstRange(of: "during ") {
            let numbers = rest[range.upperBound...].split(separator: " ").map { Int($0) }
            guard numbers.count == 2, let round = numbers[0], let phase = numbers[1] else {
                throw failure("Expected \"during ROUND PHASE\"")
            }
            draft.during = FunctionDescriptor.During(round: round, phase: phase)
            rest = trimmed(rest[..<range.lowerBound])
        }
        if rest.hasSuffix("readonly") {
            draft.isReadOnly = true
            rest = trimmed(rest.dropLast("readonly".count))
        }
        if rest.hasPrefix("->") {
            draft.result = try type(rest.dropFirst(2))
        } else if !rest.isEmpty {
            throw failure("Unexpected \"\(rest)\"")
        }
        return draft
    }

    private func finish(_ draft: Draft) throws(CodingError) -> FunctionDescriptor {
        var code = draft.code
        for fixup in draft.fixups {
            guard let target = draft.labels[fixup.label] else {
                throw CodingError(.assemblerName, "There is no label \(fixup.label)", at: fixup.line)
            }
            let offset = target - fixup.word
            if fixup.role != .offset {
                guard let short = Int16(exactly: offset) else {
                    throw CodingError(.assemblerRange, "The target is too far away", at: fixup.line)
                }
                code[fixup.word] |= UInt64(UInt16(bitPattern: short)) << 48
            } else {
                code[fixup.word] |= UInt64(UInt32(bitPattern: Int32(truncatingIfNeeded: offset))) << 32
            }
        }
        return FunctionDescriptor(
            name: draft.name, parameterCount: draft.parameterCount, registers: draft.registers, result: draft.result,
            isReadOnly: draft.isReadOnly, during: draft.during, code: code, positions: [])
    }

    // MARK: Instructions

    private static let opcodes = Dictionary(
        uniqueKeysWithValues: Opcode.allCases.map { (String(describing: $0), $0) })

    private func instruction(_ text: Substring, into draft: inout Draft) throws(CodingError) {
        let parts = text.split(separator: " ", maxSplits: 1)
        if parts[0] == "word" {
            guard parts.count > 1, let word = UInt64(trimmed(parts[1])) else {
                throw failure("Expected a word's value")
            }
            draft.code.append(word)
            return
        }
        guard let opcode = Self.opcodes[String(parts[0])] else {
            throw failure("There is no instruction \(parts[0])", .assemblerName)
        }
        let row = OpcodeTable[opcode]
        var operands = parts.count > 1 ? parts[1].split(separator: ",").map { trimmed($0) }[...] : []
        var bytes: [Int] = []
        for role in [row.a, row.b, row.c] {
            switch role {
            case .none: bytes.append(0)
            case .caseIndex: bytes.append(try number(&operands, in: 0...255))
            default: bytes.append(try register(&operands))
            }
        }
        let word = draft.code.count
        var immediate = 0
        switch row.immediate {
        case .none: break
        case .offset, .methodOffset, .functionOffset:
            if row.immediate != .offset { immediate = try number(&operands, in: 0...0xFFFF) }
            guard let label = operands.popFirst() else { throw failure("Expected a label") }
            draft.fixups.append((word, String(label), row.immediate, line))
        case .rounding: immediate = try rounding(&operands)
        case .direction: immediate = try choice(&operands, ["ascending", "descending"])
        case .register: immediate = try register(&operands)
        case .registerRounding: immediate = try register(&operands) | rounding(&operands) << 8
        case .builtinError: immediate = try choice(&operands, BuiltinFailure.allCases.map(\.name))
        case .phases, .roundPhase:
            immediate = try number(&operands, in: 0...0x7FFF) << 16 | number(&operands, in: 0...0xFFFF)
        default: immediate = try number(&operands, in: Int(Int32.min)...Int(Int32.max))
        }
        guard operands.isEmpty else { throw failure("Too many operands") }
        let encoded = Instruction(
            opcode, a: bytes[0], b: bytes[1], c: bytes[2], immediate: Int32(truncatingIfNeeded: immediate))
        draft.code.append(encoded.word)
        for _ in 1..<row.words { draft.code.append(0) }
    }

    private func register(_ operands: inout ArraySlice<Substring>) throws(CodingError) -> Int {
        guard let text = operands.popFirst(), text.hasPrefix("r"), let index = Int(text.dropFirst()),
            (0...255).contains(index)
        else { throw failure("Expected a register r0 … r255") }
        return index
    }

    private func number(_ operands: inout ArraySlice<Substring>, in range: ClosedRange<Int>) throws(CodingError) -> Int
    {
        guard let text = operands.popFirst(), let value = Int(text) else { throw failure("Expected a number") }
        guard range.contains(value) else { throw failure("\(value) does not fit its operand", .assemblerRange) }
        return value
    }

    private func rounding(_ operands: inout ArraySlice<Substring>) throws(CodingError) -> Int {
        try choice(&operands, Rounding.allCases.map { String(describing: $0) })
    }

    private func choice(_ operands: inout ArraySlice<Substring>, _ names: [String]) throws(CodingError) -> Int {
        guard let text = operands.popFirst(), let index = names.firstIndex(of: String(text)) else {
            throw failure("Expected one of \(names.joined(separator: ", "))", .assemblerName)
        }
        return index
    }

    // MARK: Types

    /// Splits at the commas that no bracket encloses.
    func splitTypes(_ text: Substring) -> [Substring] {
        var parts: [Substring] = []
        var depth = 0
        var start = text.startIndex
        var previous: Character = " "
        for index in text.indices {
            defer { previous = text[index] }
            switch text[index] {
            case "<", "[", "(": depth += 1
            case ">" where previous == "-": break
            case ">", "]", ")": depth -= 1
            case "," where depth == 0:
                parts.append(trimmed(text[start..<index]))
                start = text.index(after: index)
            default: break
            }
        }
        let last = trimmed(text[start...])
        if !last.isEmpty || !parts.isEmpty { parts.append(last) }
        return parts
    }

    /// - Parameter anyIndex: may `#n` name a type that the module does not have (yet)?
    mutating func type(_ text: Substring, depth: Int = 0, anyIndex: Bool = false) throws(CodingError) -> TypeIndex {
        let text = trimmed(text)
        guard depth <= ABILimits.depth else { throw failure("The type is nested too deep", .assemblerRange) }
        if text.hasSuffix("?") {
            return builder.type(.option(try type(text.dropLast(), depth: depth + 1, anyIndex: anyIndex)))
        }
        if text.hasPrefix("#"), let index = Int(text.dropFirst()),
            anyIndex || builder.module.types.indices.contains(index)
        {
            return index
        }
        for (name, make) in Self.indexedTypes where text.hasPrefix(name) {
            if let index = Int(text.dropFirst(name.count)), index >= 0 { return builder.type(make(index)) }
        }
        guard let open = text.firstIndex(of: "<") else {
            if let descriptor = Self.plainTypes[String(text)] { return builder.type(descriptor) }
            guard let index = builder.module.types.firstIndex(where: { $0.declaredName == String(text) }) else {
                throw failure("There is no type \(text)", .assemblerName)
            }
            return index
        }
        guard text.hasSuffix(">") else { throw failure("Expected >") }
        let arguments = splitTypes(text[text.index(after: open)...].dropLast())
        let number = arguments.last.flatMap { Int($0) }
        switch (text[..<open], arguments.count) {
        case ("Int", 1): if let number { return builder.type(.integer(.int, bits: number, isSigned: true)) }
        case ("UInt", 1): if let number { return builder.type(.integer(.int, bits: number, isSigned: false)) }
        case ("Bytes", 1): if let number { return builder.type(.bytes(capacity: number)) }
        case ("Text", 1): if let number { return builder.type(.text(capacity: number)) }
        case ("List", 2):
            if let number {
                return builder.type(
                    .list(try type(arguments[0], depth: depth + 1, anyIndex: anyIndex), capacity: number))
            }
        case ("Tensor", 2):
            let element = TypeDescriptor.TensorElement.allCases.first { $0.name == String(arguments[0]) }
            let sizes = arguments[1].dropFirst().dropLast().split(separator: ",").map { Int(trimmed($0)) }
            if let element, arguments[1].hasPrefix("["), !sizes.contains(nil) {
                return builder.type(.tensor(element, dimensions: sizes.compactMap { $0 }))
            }
        default: break
        }
        throw failure("There is no type \(text)", .assemblerName)
    }

    private static let indexedTypes: [(String, @Sendable (Int) -> TypeDescriptor)] = [
        ("Interface#", { .bytes32(.interface($0)) }), ("Token#", { .token($0) }), ("TokenList#", { .tokenList($0) }),
    ]

    private static let plainTypes: [String: TypeDescriptor] = [
        "Bool": .boolean, "Int": .integer(.int, bits: 256, isSigned: true),
        "Amount": .integer(.amount, bits: 256, isSigned: false), "Height": .integer(.height, bits: 63, isSigned: false),
        "Fixed": .integer(.fixed, bits: 256, isSigned: true), "Address": .bytes32(.address), "Hash": .bytes32(.hash),
        "Asset": .bytes32(.asset),
    ]
}

extension TypeDescriptor {
    /// The name of a struct or an enum.
    fileprivate var declaredName: String? {
        switch self {
        case .structure(let name, _), .enumeration(let name, _): name
        default: nil
        }
    }
}
