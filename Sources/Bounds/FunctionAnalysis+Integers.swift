import Bytecode
import Machine
import Numerics

// Integers: bits, limits, and what operands wider than 256 bits add.
extension FunctionAnalysis {
    func arithmetic(_ opcode: Opcode, _ instruction: Instruction, _ state: inout PathState) {
        let (a, b, c) = (instruction.a, instruction.b, instruction.c)
        let immediate = Int(instruction.immediate)
        let small = Number(bits: 32, low: immediate, high: Polynomial(immediate))
        func operand(_ register: Int) -> (Number, TermID) {
            let value = value(register, state)
            var number = number(value)
            if number.high == nil { number.high = state.highs[value.term] }
            return (number, value.term)
        }
        func define(
            _ bits: Int, _ low: Int?, _ high: Polynomial?, _ opcode: Opcode, _ terms: [TermID], immediate: Int = 0
        ) {
            state.registers[a] = integer(
                bits: bits, low: low, high: high,
                term: algebra.operation(opcode, terms, immediate: immediate))
        }
        func low(_ first: Int?, _ second: Int?, _ join: (Int, Int) -> Int) -> Int? {
            if let first, let second { join(first, second) } else { nil }
        }
        func sum(_ left: Number, _ right: Number) -> Polynomial? {
            if let first = left.high, let second = right.high { algebra.condensed(first + second) } else { nil }
        }
        func checked(_ value: AbstractValue) {
            var number = number(value)
            number.bits = min(number.bits, immediate)
            let isUnsigned =
                opcode == .addUnsigned || opcode == .subtractUnsigned || opcode == .multiplyUnsigned
                || opcode == .checkUnsigned
            if isUnsigned { number.low = max(0, number.low ?? 0) }
            var result = value
            result.shape = .integer(number)
            state.registers[a] = result
        }
        switch opcode {
        case .add, .addSigned, .addUnsigned:
            let ((left, one), (right, other)) = (operand(b), operand(c))
            state.cost += linear(left, right)
            define(
                max(left.bits, right.bits) + 1, low(left.low, right.low, Saturating.add), sum(left, right), .add,
                [one, other])
        case .subtract, .subtractSigned, .subtractUnsigned:
            var ((left, one), (right, other)) = (operand(b), operand(c))
            state.cost += linear(left, right)
            // What follows from the call says more than a type, and the difference itself does not follow from it.
            if algebra.termFacts[one].isExact, !algebra.termFacts[other].isExact {
                left.high = self.high(of: one, state) ?? left.high
            }
            let high = left.high.flatMap { high in right.low.map { high + (-$0) } }
            var least: Int?
            if let low = left.low, let high = right.high, high.isConstant {
                least = Saturating.add(low, -high.constant)
            }
            define(max(left.bits, right.bits) + 1, least, high, .subtract, [one, other])
        case .addImmediate:
            let (left, one) = operand(b)
            state.cost += linear(left, small)
            define(
                max(left.bits, 32) + 1, low(left.low, immediate, Saturating.add), left.high.map { $0 + immediate },
                .addImmediate, [one], immediate: immediate)
        case .multiply, .multiplySigned, .multiplyUnsigned, .multiplyImmediate:
            let (left, one) = operand(b)
            let (right, other) =
                opcode == .multiplyImmediate ? (small, algebra.term(.integer(immediate))) : operand(c)
            state.cost += product(left, right)
            let isPositive = (left.low ?? -1) >= 0 && (right.low ?? -1) >= 0
            var high: Polynomial?
            if isPositive, let first = left.high, let second = right.high { high = algebra.product(first, second) }
            define(
                left.bits + right.bits, isPositive ? low(left.low, right.low, Saturating.multiply) : nil, high,
                .multiply, [one, other])
        case .divide:
            let ((left, one), (right, other)) = (operand(b), operand(c))
            if left.isWide || right.isWide { state.cost += quotient(left.limbs, right.limbs) }
            let isPositive = (left.low ?? -1) >= 0 && (right.low ?? -1) >= 0
            // However it is rounded, a quotient of integers is no larger than the dividend.
            let high = isPositive ? left.high.map { algebra.share($0, max(1, right.low ?? 1)) } : nil
            define(left.bits, isPositive ? 0 : nil, high, .divide, [one, other], immediate: immediate)
        case .modulo:
            let ((left, one), (right, other)) = (operand(b), operand(c))
            if left.isWide || right.isWide { state.cost += quotient(left.limbs, right.limbs) }
            let isPositive = (right.low ?? -1) >= 0
            define(right.bits, isPositive ? 0 : nil, isPositive ? right.high : nil, .modulo, [one, other])
        case .moduloImmediate:
            let (left, one) = operand(b)
            if left.isWide { state.cost += quotient(left.limbs, 1) }
            define(32, 0, Polynomial(immediate - 1), .moduloImmediate, [one], immediate: immediate)
        case .negate, .absolute:
            let (left, one) = operand(b)
            if left.isWide { state.cost += Int(NumericCosts.linear(left.limbs, 0)) }
            define(left.bits, opcode == .absolute ? 0 : nil, nil, opcode, [one])
        case .minimum, .maximum:
            let ((left, one), (right, other)) = (operand(b), operand(c))
            if left.isWide || right.isWide { state.cost += Int(MachineCosts.wideComparison) }
            var high: Polynomial?
            if let first = left.high, let second = right.high {
                high = opcode == .minimum ? algebra.minimum(first, second) : algebra.maximum(first, second)
            } else if opcode == .minimum {
                high = left.high ?? right.high
            }
            let least =
                opcode == .minimum
                ? low(left.low, right.low, min) : (left.low.map { max($0, right.low ?? $0) } ?? right.low)
            define(max(left.bits, right.bits), least, high, opcode, [one, other])
        case .mulDiv, .mulMod:
            let ((left, one), (right, other)) = (operand(b), operand(c))
            let (divisor, last) = operand(immediate & 255)
            state.cost += productQuotient(left, right, divisor)
            let isPositive = (left.low ?? -1) >= 0 && (right.low ?? -1) >= 0 && (divisor.low ?? -1) >= 0
            let bits = opcode == .mulDiv ? Self.quotientBits(left, right, divisor) : divisor.bits
            let rounding = opcode == .mulDiv ? immediate >> 8 : 0
            define(bits, isPositive ? 0 : nil, nil, opcode, [one, other, last], immediate: rounding)
        case .exp, .sqrt, .pow: state.registers[a] = integer(bits: 256, low: 0)
        case .ln, .log2: state.registers[a] = integer(bits: 256, low: nil)
        case .isqrt:
            let (left, one) = operand(b)
            if left.isWide { state.cost += Int(NumericCosts.squareRoot(left.limbs)) }
            // No root of an integer is larger than the integer.
            define((left.bits + 1) / 2 + 1, 0, left.high, .isqrt, [one])
        case .checkSigned, .checkUnsigned: checked(value(a, state))
        default: break
        }
        switch opcode {
        case .addSigned, .addUnsigned, .subtractSigned, .subtractUnsigned, .multiplySigned, .multiplyUnsigned:
            checked(value(a, state))
        default: break
        }
    }

    /// Bits of a product divided: a factor from 0 to the divisor makes nothing larger.
    private static func quotientBits(_ left: Number, _ right: Number, _ divisor: Number) -> Int {
        guard let least = divisor.low, least > 0 else { return left.bits + right.bits }
        func isFraction(_ factor: Number) -> Bool {
            guard let low = factor.low, low >= 0, let high = factor.high else { return false }
            return high.isConstant && high.constant <= least
        }
        if isFraction(right) { return left.bits }
        if isFraction(left) { return right.bits }
        // Rounded away from zero it may be one, however small the product.
        return max(2, left.bits + right.bits - (Int.bitWidth - least.leadingZeroBitCount) + 2)
    }
}
