import Bytecode
import Diagnostics
import Numerics
import Semantics

/// An exact quotient in registers: the product of the factors / (denominator × 10^(18 × scale)).
struct RatioOperand {
    /// One or two; their product waits, for a `mulDiv` can take both.
    var factors: [Operand]
    /// Nil: 1.
    var denominator: Operand?
    var isDenominatorPositive: Bool
    var scale: Int
}

extension FunctionLowering {
    // MARK: Rounding

    /// The ratio or Fixed as an integer or Fixed number.
    func round(_ inner: Expression, _ rounding: Rounding, _ expression: Expression, into target: Register?) -> Operand {
        let isFixed = Self.isFixed(expression.type)
        if isFixed && Self.isFixed(inner.type) { return value(inner, into: target) }
        let span = expression.span
        var ratio = ratio(inner, isZeroCheckedLater: true)
        if isFixed { ratio.scale -= 1 }
        while ratio.scale < 0 {
            let unit = constant(Self.fixedUnit, at: span)
            ratio.factors = [product(ratio.factors, at: span), unit]
            ratio.scale += 1
        }
        if ratio.scale > 0 {
            let unit = constant(power(Self.fixedUnit, ratio.scale), at: span)
            ratio.denominator = ratio.denominator.map { multiply($0, unit, at: span) } ?? unit
        }
        guard let denominator = ratio.denominator else {
            let whole = product(ratio.factors, at: span)
            guard let target else { return whole }
            code.emit(.move, target, whole.register, at: span)
            free(whole)
            return Operand(target, isTemporary: false)
        }
        if ratio.factors.count == 2 {
            return result(
                .mulDiv, expression, ratio.factors[0].register, ratio.factors[1].register,
                immediate: Int(rounding.rawValue) << 8, registerImmediate: denominator.register,
                freeing: ratio.factors + [denominator], into: target)
        }
        return result(
            .divide, expression, ratio.factors[0].register, denominator.register, immediate: Int(rounding.rawValue),
            freeing: ratio.factors + [denominator], into: target)
    }

    private func power(_ base: BigInt, _ exponent: Int) -> BigInt {
        (1..<exponent).reduce(base) { product, _ in product * base }
    }

    static func isFixed(_ type: Type) -> Bool {
        switch type {
        case .fixed, .exactFixed: true
        default: false
        }
    }

    static func isRatio(_ type: Type) -> Bool { if case .ratio = type { true } else { false } }

    // MARK: Building

    /// Any number as a quotient. A zero divisor fails where the quotient is formed, unless the division to come checks
    /// it.
    func ratio(_ expression: Expression, isZeroCheckedLater: Bool = false) -> RatioOperand {
        guard Self.isRatio(expression.type) else { return whole(expression) }
        let span = expression.span
        switch expression.kind {
        case .arithmetic(.divide, let left, let right):
            return quotient(left, right, isZeroCheckedLater: isZeroCheckedLater, at: span)
        case .arithmetic(.multiply, let left, let right):
            let one = ratio(left)
            let other = ratio(right)
            var factors = one.factors + other.factors
            if factors.count > 2 { factors = [product(one.factors, at: span), product(other.factors, at: span)] }
            return RatioOperand(
                factors: factors, denominator: multiply(one.denominator, other.denominator, at: span),
                isDenominatorPositive: one.isDenominatorPositive && other.isDenominatorPositive,
                scale: one.scale + other.scale)
        case .arithmetic(let operation, let left, let right):
            return sum(operation == .subtract ? .subtract : .add, ratio(left), ratio(right), at: span)
        case .negate(let inner):
            var operand = ratio(inner)
            let numerator = product(operand.factors, at: span)
            operand.factors = [unary(.negate, numerator, at: span)]
            return operand
        default: return whole(expression)
        }
    }

    /// An integer or Fixed; a product stays in two factors.
    private func whole(_ expression: Expression) -> RatioOperand {
        let scale = Self.isFixed(expression.type) ? 1 : 0
        if case .arithmetic(.multiply, let left, let right) = expression.kind, !Self.isRatio(expression.type) {
            let one = value(left)
            return RatioOperand(
                factors: [one, value(right)], denominator: nil, isDenominatorPositive: true, scale: scale)
        }
        return RatioOperand(
            factors: [value(expression)], denominator: nil, isDenominatorPositive: true, scale: scale)
    }

    private func quotient(
        _ left: Expression, _ right: Expression, isZeroCheckedLater: Bool, at span: Span
    ) -> RatioOperand {
        if case .integer(let number) = right.kind, !Self.isFixed(right.type), number == .one { return ratio(left) }
        let dividend = ratio(left)
        let divisor = ratio(right)
        let divisorNumerator = product(divisor.factors, at: span)
        if !isZeroCheckedLater { failOnZero(divisorNumerator, unless: right, at: span) }
        var factors = dividend.factors
        if let inverted = divisor.denominator { factors = [product(factors, at: span), inverted] }
        return RatioOperand(
            factors: factors, denominator: multiply(dividend.denominator, divisorNumerator, at: span),
            isDenominatorPositive: dividend.isDenominatorPositive && isNeverNegative(right),
            scale: dividend.scale - divisor.scale)
    }

    /// Whether a divisor, once known not to be zero, is positive.
    private func isNeverNegative(_ expression: Expression) -> Bool {
        if case .integer(let number) = expression.kind { return !number.isNegative }
        if case .integer(let type) = expression.type { return !type.isSigned }
        return false
    }

    private func failOnZero(_ operand: Operand, unless expression: Expression, at span: Span) {
        if case .integer(let number) = expression.kind, !number.isZero { return }
        let zero = constant(.zero, at: span)
        let nonzero = code.newLabel()
        code.emit(.branchNotEqual, operand.register, zero.register, to: nonzero, at: span)
        failBuiltin(.divisionByZero, at: span)
        code.place(nonzero)
        free(zero)
    }

    private func sum(_ opcode: Opcode, _ left: RatioOperand, _ right: RatioOperand, at span: Span) -> RatioOperand {
        var one = product(left.factors, at: span)
        var other = product(right.factors, at: span)
        let scale = max(left.scale, right.scale)
        one = scaled(one, by: scale - left.scale, at: span)
        other = scaled(other, by: scale - right.scale, at: span)
        if let denominator = right.denominator { one = multiply(one, keeping: denominator, at: span) }
        if let denominator = left.denominator { other = multiply(other, keeping: denominator, at: span) }
        free([one, other])
        let total = code.temporary(tables.wideInteger())
        code.emit(opcode, total, one.register, other.register, at: span)
        return RatioOperand(
            factors: [Operand(total, isTemporary: true)],
            denominator: multiply(left.denominator, right.denominator, at: span),
            isDenominatorPositive: left.isDenominatorPositive && right.isDenominatorPositive, scale: scale)
    }

    // MARK: Comparison

    /// Two numbers that stand to each other as the two expressions do. `isOrdered`: signs matter.
    func crossProducts(_ one: Expression, _ other: Expression, isOrdered: Bool, at span: Span) -> (Operand, Operand) {
        var (left, right) = (ratio(one), ratio(other))
        if isOrdered {
            left = withPositiveDenominator(left, at: span)
            right = withPositiveDenominator(right, at: span)
        }
        var one = product(left.factors, at: span)
        var other = product(right.factors, at: span)
        let scale = max(left.scale, right.scale)
        one = scaled(one, by: scale - left.scale, at: span)
        other = scaled(other, by: scale - right.scale, at: span)
        if let denominator = right.denominator { one = multiply(one, denominator, at: span) }
        if let denominator = left.denominator { other = multiply(other, denominator, at: span) }
        return (one, other)
    }

    private func withPositiveDenominator(_ ratio: RatioOperand, at span: Span) -> RatioOperand {
        guard let denominator = ratio.denominator, !ratio.isDenominatorPositive else { return ratio }
        let numerator = product(ratio.factors, at: span)
        let type = tables.wideInteger()
        let numeratorCopy = code.temporary(type)
        let denominatorCopy = code.temporary(type)
        code.emit(.move, numeratorCopy, numerator.register, at: span)
        code.emit(.move, denominatorCopy, denominator.register, at: span)
        free([numerator, denominator])
        let zero = constant(.zero, at: span)
        let isPositive = code.newLabel()
        code.emit(.branchLess, zero.register, denominatorCopy, to: isPositive, at: span)
        code.emit(.negate, numeratorCopy, numeratorCopy, at: span)
        code.emit(.negate, denominatorCopy, denominatorCopy, at: span)
        code.place(isPositive)
        free(zero)
        return RatioOperand(
            factors: [Operand(numeratorCopy, isTemporary: true)],
            denominator: Operand(denominatorCopy, isTemporary: true), isDenominatorPositive: true, scale: ratio.scale)
    }

    // MARK: Products

    /// One register with the product of the factors.
    private func product(_ factors: [Operand], at span: Span) -> Operand {
        factors.count == 1 ? factors[0] : multiply(factors[0], factors[1], at: span)
    }

    private func multiply(_ left: Operand, _ right: Operand, at span: Span) -> Operand {
        free([left, right])
        let register = code.temporary(tables.wideInteger())
        code.emit(.multiply, register, left.register, right.register, at: span)
        return Operand(register, isTemporary: true)
    }

    private func multiply(_ left: Operand, keeping right: Operand, at span: Span) -> Operand {
        multiply(left, Operand(right.register, isTemporary: false), at: span)
    }

    /// The product of what there is.
    private func multiply(_ left: Operand?, _ right: Operand?, at span: Span) -> Operand? {
        guard let left else { return right }
        guard let right else { return left }
        return multiply(left, right, at: span)
    }

    /// Times 10^18, so many times.
    private func scaled(_ operand: Operand, by steps: Int, at span: Span) -> Operand {
        steps <= 0 ? operand : multiply(operand, constant(power(Self.fixedUnit, steps), at: span), at: span)
    }

    private func unary(_ opcode: Opcode, _ operand: Operand, at span: Span) -> Operand {
        free(operand)
        let register = code.temporary(tables.wideInteger())
        code.emit(opcode, register, operand.register, at: span)
        return Operand(register, isTemporary: true)
    }
}
