import Bytecode
import Numerics

/// Changes a valid module at one place or a few: any field of any instruction, any entry of any table. Each change
/// names the field that it made, so that what became of mutants can be told field by field.
struct Mutator {
    static let several = "several changes"

    var generator: SplitMix64

    /// The field that was changed, or that there are several; nil when nothing could be.
    mutating func mutate(_ module: inout Module) -> String? {
        let changes = generator.chance(1, of: 4) ? 2 + generator.below(3) : 1
        var field: String?
        for _ in 0..<changes {
            let changed = generator.chance(3, of: 5) ? mutateCode(&module) : mutateTables(&module)
            guard let changed else { continue }
            field = field == nil ? changed : Mutator.several
        }
        return field
    }

    /// Changes bytes of an artefact.
    mutating func mutate(_ bytes: inout [UInt8]) -> String {
        for _ in 0..<(1 + generator.below(3)) where !bytes.isEmpty {
            let index = generator.below(bytes.count)
            switch generator.below(6) {
            case 0: bytes.remove(at: index)
            case 1: bytes.insert(UInt8(truncatingIfNeeded: generator.next()), at: index)
            case 2: bytes[index] ^= 1 << UInt8(generator.below(8))
            case 3: bytes[index] &+= 1
            case 4: bytes.removeLast(min(bytes.count, 1 + generator.below(20)))
            default: bytes[index] = UInt8(truncatingIfNeeded: generator.next())
            }
        }
        return "bytes of the artefact"
    }

    // MARK: Code

    /// The words at which instructions begin.
    private func starts(_ code: [UInt64]) -> [Int] {
        var (starts, word): ([Int], Int) = ([], 0)
        while word < code.count {
            starts.append(word)
            word += Instruction(word: code[word]).opcode.map { OpcodeTable[$0].words } ?? 1
        }
        return starts
    }

    private mutating func mutateCode(_ module: inout Module) -> String? {
        guard !module.functions.isEmpty else { return nil }
        let function = generator.below(module.functions.count)
        var code = module.functions[function].code
        guard let start = generator.pick(starts(code)) else { return nil }
        let value = code[start]
        let field: String
        switch generator.below(16) {
        case 0:
            field = "code: a whole word"
            code[start] = generator.next()
        case 1, 2:
            field = "code: opcode"
            code[start] = value & ~0xFF | UInt64(generator.below(Opcode.allCases.count + 3))
        case 3, 4:
            field = "code: operand a"
            code[start] = with(value, byte: 1)
        case 5, 6:
            field = "code: operand b"
            code[start] = with(value, byte: 2)
        case 7, 8:
            field = "code: operand c"
            code[start] = with(value, byte: 3)
        case 9, 10:
            field = "code: immediate"
            let changed = UInt32(truncatingIfNeeded: generator.number(near: Int(Instruction(word: value).immediate)))
            code[start] = value & 0xFFFF_FFFF | UInt64(changed) << 32
        case 11:
            field = "code: a bit"
            code[start] = value ^ 1 << UInt64(generator.below(64))
        case 12:
            field = "code: second word"
            let wide = starts(code).filter { $0 + 1 < code.count && !starts(code).contains($0 + 1) }
            guard let word = generator.pick(wide) else { return nil }
            code[word + 1] = generator.chance(1, of: 2) ? generator.next() : UInt64(generator.below(3))
        case 13:
            field = "code: instructions exchanged"
            code.swapAt(start, generator.pick(starts(code)) ?? start)
        case 14:
            field = "code: word removed"
            code.remove(at: start)
        default:
            field = "code: word inserted"
            code.insert(value, at: generator.below(code.count))
        }
        module.functions[function].code = code
        return field
    }

    private mutating func with(_ value: UInt64, byte: UInt64) -> UInt64 {
        let old = Int(value >> (8 * byte) & 0xFF)
        let new = generator.chance(2, of: 3) ? generator.below(12) : generator.number(near: old)
        return value & ~(0xFF << (8 * byte)) | UInt64(UInt8(truncatingIfNeeded: new)) << (8 * byte)
    }
}
