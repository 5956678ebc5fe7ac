import Bytecode
import Numerics

/// What instructions make of known values.
enum TermArithmetic {
    /// Nil for what is not followed.
    static func apply(_ opcode: Opcode, _ immediate: Int, _ operands: [ABIValue]) -> ABIValue? {
        switch (opcode, operands.count) {
        case (.not, 1):
            guard case .boolean(let flag) = operands[0] else { return nil }
            return .boolean(!flag)
        case (.equalValue, 2), (.equalBytes32, 2), (.equalBoolean, 2):
            return .boolean(areEqual(operands[0], operands[1]))
        case (.getField, 1):
            guard case .structure(let fields) = operands[0], fields.indices.contains(immediate) else { return nil }
            return fields[immediate]
        case (.getPayload, 1): return payload(operands[0], immediate & 255)
        case (.tag, 1):
            switch operands[0] {
            case .option(let content): return .integer(content == nil ? .zero : .one)
            case .enumeration(let index, _): return .integer(BigInt(index))
            default: return nil
            }
        case (.listCount, 1):
            guard case .list(let items) = operands[0] else { return nil }
            return .integer(BigInt(items.count))
        case (.listContains, 2):
            guard case .list(let items) = operands[0] else { return nil }
            return .boolean(items.contains { areEqual($0, operands[1]) })
        case (.listSum, 1):
            guard case .list(let items) = operands[0] else { return nil }
            var total = BigInt.zero
            for item in items {
                guard case .integer(let number) = item else { return nil }
                total = total + number
            }
            return .integer(total)
        case (.byteCount, 1):
            switch operands[0] {
            case .bytes(let bytes): return .integer(BigInt(bytes.count))
            case .text(let text): return .integer(BigInt(text.utf8.count))
            default: return nil
            }
        case (.tensorSize, 1):
            guard case .tensor(let sizes, _) = operands[0], sizes.indices.contains(immediate) else { return nil }
            return .integer(BigInt(sizes[immediate]))
        default:
            var numbers: [BigInt] = []
            for operand in operands {
                guard case .integer(let number) = operand else { return nil }
                numbers.append(number)
            }
            return integers(opcode, immediate, numbers)
        }
    }

    /// Texts are equal when their bytes are.
    static func areEqual(_ left: ABIValue, _ right: ABIValue) -> Bool {
        func all(_ one: [ABIValue], _ other: [ABIValue]) -> Bool {
            one.count == other.count && zip(one, other).allSatisfy { areEqual($0, $1) }
        }
        switch (left, right) {
        case (.text(let one), .text(let other)): return one.utf8.elementsEqual(other.utf8)
        case (.option(let one?), .option(let other?)): return areEqual(one, other)
        case (.list(let one), .list(let other)), (.structure(let one), .structure(let other)): return all(one, other)
        case (.enumeration(let one, let parts), .enumeration(let other, let rest)):
            return one == other && all(parts, rest)
        default: return left == right
        }
    }

    private static func payload(_ value: ABIValue, _ index: Int) -> ABIValue? {
        switch value {
        case .option(let content): index == 0 ? content : nil
        case .enumeration(_, let parts): parts.indices.contains(index) ? parts[index] : nil
        default: nil
        }
    }

    /// Wider results than a register holds fail in the machine, so they are not followed.
    private static func integers(_ opcode: Opcode, _ immediate: Int, _ numbers: [BigInt]) -> ABIValue? {
        func number(_ value: BigInt?) -> ABIValue? {
            value.flatMap { $0.bitWidth <= NumericLimits.integerBits ? .integer($0) : nil }
        }
        switch (opcode, numbers.count) {
        case (.addImmediate, 1): return number(numbers[0] + BigInt(immediate))
        case (.negate, 1): return number(-numbers[0])
        case (.absolute, 1): return number(numbers[0].magnitude)
        case (.moduloImmediate, 1): return number(remainder(numbers[0], BigInt(immediate)))
        case (.add, 2): return number(numbers[0] + numbers[1])
        case (.subtract, 2): return number(numbers[0] - numbers[1])
        case (.multiply, 2): return number(numbers[0] * numbers[1])
        case (.modulo, 2): return number(remainder(numbers[0], numbers[1]))
        case (.divide, 2):
            return rounding(immediate).flatMap { number(numbers[0].divided(by: numbers[1], rounding: $0)) }
        case (.mulDiv, 3):
            return rounding(immediate).flatMap {
                number((numbers[0] * numbers[1]).divided(by: numbers[2], rounding: $0))
            }
        case (.mulMod, 3): return number(remainder(numbers[0] * numbers[1], numbers[2]))
        case (.minimum, 2): return number(numbers[1] < numbers[0] ? numbers[1] : numbers[0])
        case (.maximum, 2): return number(numbers[0] < numbers[1] ? numbers[1] : numbers[0])
        case (.less, 2): return .boolean(numbers[0] < numbers[1])
        case (.lessOrEqual, 2): return .boolean(!(numbers[1] < numbers[0]))
        case (.equalInteger, 2): return .boolean(numbers[0] == numbers[1])
        default: return nil
        }
    }

    private static func rounding(_ immediate: Int) -> Rounding? {
        UInt8(exactly: immediate).flatMap { Rounding(rawValue: $0) }
    }

    private static func remainder(_ dividend: BigInt, _ divisor: BigInt) -> BigInt? {
        dividend.floorDivide(divisor).map { dividend - $0 * divisor }
    }
}
