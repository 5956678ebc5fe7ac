import Bytecode
import Diagnostics
import Numerics
import Semantics

extension FunctionLowering {
    /// Integers and Fixed values: one integer register, for Fixed the raw value.
    func number(_ expression: Expression, into target: Register?) -> Operand {
        switch expression.kind {
        case .arithmetic(let operation, let left, let right):
            return arithmetic(operation, left, right, expression, into: target)
        case .negate(let inner):
            let operand = value(inner)
            return result(.negate, expression, operand.register, freeing: [operand], into: target)
        case .toFixed(let inner):
            let operand = value(inner)
            let unit = constant(Self.fixedUnit, at: expression.span)
            return result(
                .multiply, expression, operand.register, unit.register, freeing: [operand, unit], into: target)
        case .round(let rounding, let inner): return round(inner, rounding, expression, into: target)
        case .check(let inner): return check(inner, expression, into: target)
        default: return value(expression, into: target)
        }
    }

    /// 10^18.
    static let fixedUnit: BigInt = 1_000_000_000_000_000_000

    /// The number as a 32-bit immediate.
    private func immediate(_ expression: Expression) -> Int? {
        guard case .integer(let number) = expression.kind, let small = number.asInt64,
            let immediate = Int32(exactly: small)
        else { return nil }
        return Int(immediate)
    }

    private func arithmetic(
        _ operation: ArithmeticOperator, _ left: Expression, _ right: Expression, _ expression: Expression,
        into target: Register?
    ) -> Operand {
        func withImmediate(_ opcode: Opcode, _ operand: Expression, _ number: Int) -> Operand {
            let source = value(operand)
            return result(
                opcode, expression, source.register, immediate: number, freeing: [source], into: target)
        }
        let opcode: Opcode
        switch operation {
        case .add:
            if let number = immediate(right) { return withImmediate(.addImmediate, left, number) }
            if let number = immediate(left) { return withImmediate(.addImmediate, right, number) }
            opcode = .add
        case .subtract:
            if let number = immediate(right), let negated = Int32(exactly: -number) {
                return withImmediate(.addImmediate, left, Int(negated))
            }
            opcode = .subtract
        case .multiply:
            if let number = immediate(right) { return withImmediate(.multiplyImmediate, left, number) }
            if let number = immediate(left) { return withImmediate(.multiplyImmediate, right, number) }
            opcode = .multiply
        case .remainder:
            if let number = immediate(right), number > 0 { return withImmediate(.moduloImmediate, left, number) }
            opcode = .modulo
        case .divide:
            // A quotient is a ratio and never a number by itself.
            opcode = .divide
        }
        return binary(opcode, left, right, expression, into: target)
    }

    func binary(
        _ opcode: Opcode, _ left: Expression, _ right: Expression, _ expression: Expression, immediate: Int = 0,
        into target: Register?
    ) -> Operand {
        let one = value(left)
        let other = value(right)
        return result(
            opcode, expression, one.register, other.register, immediate: immediate, freeing: [one, other],
            into: target)
    }

    // MARK: Width checks

    private func check(_ inner: Expression, _ expression: Expression, into target: Register?) -> Operand {
        let span = expression.span
        switch expression.type {
        case .integer(let type):
            let bits = type.name == .exact && type.isSigned ? type.bits + 1 : type.bits
            return check(inner, bits: bits, isSigned: type.isSigned, expression, into: target)
        case .fixed: return check(inner, bits: 256, isSigned: true, expression, into: target)
        case .bytes(let capacity), .text(let capacity):
            let bytes = value(inner)
            let count = code.temporary(tables.wideInteger())
            code.emit(.byteCount, count, bytes.register, at: span)
            failAbove(capacity, count, at: span)
            let start = constant(.zero, at: span)
            code.free(count)
            return result(
                .byteSlice, expression, bytes.register, start.register, registerImmediate: count,
                freeing: [bytes, start], into: target)
        default: return value(inner, into: target)
        }
    }

    private func failAbove(_ capacity: Int, _ count: Register, at span: Span) {
        let limit = constant(BigInt(capacity), at: span)
        let fits = code.newLabel()
        code.emit(.branchLessOrEqual, count, limit.register, to: fits, at: span)
        failBuiltin(.capacityExceeded, at: span)
        code.place(fits)
        free(limit)
    }

    private func check(
        _ inner: Expression, bits: Int, isSigned: Bool, _ expression: Expression, into target: Register?
    ) -> Operand {
        if let opcode = fusedOpcode(inner, bits: bits, isSigned: isSigned),
            case .arithmetic(_, let left, let right) = inner.kind
        {
            return binary(opcode, left, right, expression, immediate: bits, into: target)
        }
        let operand = value(inner, into: target)
        code.emit(
            isSigned ? .checkSigned : .checkUnsigned, operand.register, immediate: bits, at: expression.span)
        return operand
    }

    /// The instruction that computes and checks at once.
    private func fusedOpcode(_ expression: Expression, bits: Int, isSigned: Bool) -> Opcode? {
        guard case .arithmetic(let operation, let left, let right) = expression.kind, bits >= 64 else { return nil }
        // Outside loops a constant costs an instruction of its own, and then an immediate is as good.
        if constants == nil, immediate(left) != nil || immediate(right) != nil { return nil }
        switch operation {
        case .add: return isSigned ? .addSigned : .addUnsigned
        case .subtract: return isSigned ? .subtractSigned : .subtractUnsigned
        case .multiply: return isSigned ? .multiplySigned : .multiplyUnsigned
        case .divide, .remainder: return nil
        }
    }
}
