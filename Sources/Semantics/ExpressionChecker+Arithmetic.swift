import Diagnostics
import Numerics
import Syntax

extension BodyChecker {
    func unary(_ op: UnaryOperator, _ operand: ExpressionSyntax, _ wanted: Type?, _ span: Span) -> Checked {
        switch op {
        case .not:
            let value = value(operand, as: .boolean)
            return Checked(Expression(.not(value), value.type, span))
        case .negate:
            if case .decimal(let digits) = operand.kind { return decimal(digits, span, isNegative: true) }
            let value = someValue(operand, expecting: wanted)
            guard isNumber(value, "-") else { return invalid(span) }
            let range = -value.reach
            if case .integer(let constant) = value.expression.kind {
                return numberNode(.integer(-constant), range, like: value.type, span)
            }
            return numberNode(.negate(value.expression), range, like: value.type, span)
        }
    }

    private func isNumber(_ value: Checked, _ op: String) -> Bool {
        if value.isInvalid { return false }
        guard value.type.isNumber else {
            report(
                .typeMismatch, "\(op) wants numbers, found \(name(value.type))", at: value.expression.span,
                label: "this is \(name(value.type))", hint: value.type.optionHint)
            return false
        }
        return true
    }

    func binary(
        _ op: BinaryOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax, _ wanted: Type?, _ span: Span
    ) -> Checked {
        switch op {
        case .or, .and:
            let one = value(left, as: .boolean)
            let other = value(right, as: .boolean)
            return Checked(Expression(op == .or ? .or(one, other) : .and(one, other), .boolean, span))
        case .equal, .notEqual: return equality(left, right, isNegated: op == .notEqual, span)
        case .less: return comparison(.less, left, right, span)
        case .lessOrEqual: return comparison(.lessOrEqual, left, right, span)
        case .greater: return comparison(.greater, left, right, span)
        case .greaterOrEqual: return comparison(.greaterOrEqual, left, right, span)
        case .fallback: return fallback(left, right, wanted, span)
        case .add, .subtract:
            let one = someValue(left, expecting: wanted)
            let other = someValue(right, expecting: wanted)
            return arithmetic(op == .add ? .add : .subtract, one, other, op.rawValue, span)
        case .multiply, .divide, .remainder:
            let one = someValue(left)
            let other = someValue(right)
            let typed: ArithmeticOperator =
                op == .multiply ? .multiply : op == .divide ? .divide : .remainder
            return arithmetic(typed, one, other, op.rawValue, span)
        }
    }

    func arithmetic(
        _ op: ArithmeticOperator, _ left: Checked, _ right: Checked, _ symbol: String, _ span: Span
    ) -> Checked {
        if op == .add, let joined = concatenation(left, right, span) { return joined }
        let isLeftNumber = isNumber(left, symbol)
        guard isNumber(right, symbol), isLeftNumber else { return invalid(span) }
        switch op {
        case .add, .subtract: return sum(op, left, right, span)
        case .multiply: return product(left, right, span)
        case .divide: return quotient(left, right, span)
        case .remainder:
            guard left.type.isInteger, right.type.isInteger else {
                let wrong = left.type.isInteger ? right : left
                report(
                    .typeMismatch, "% wants integers, found \(name(wrong.type))", at: wrong.expression.span,
                    hint: "a Fixed becomes an integer by floor(…), ceil(…) or round(…)")
                return invalid(span)
            }
            if right.reach.constant?.isZero == true { return divisionByZero(right) }
            return node(.remainder, left, right, left.reach.remainder(by: right.reach), isFixed: false, span)
        }
    }

    private func divisionByZero(_ divisor: Checked) -> Checked {
        report(.constantOutOfRange, "the divisor is zero", at: divisor.expression.span, label: "always zero")
        return invalid(divisor.expression.span)
    }

    private func concatenation(_ left: Checked, _ right: Checked, _ span: Span) -> Checked? {
        let capacity: Int
        switch (left.type, right.type) {
        case (.bytes(let one), .bytes(let other)), (.text(let one), .text(let other)): capacity = one + other
        default: return nil
        }
        guard capacity <= Checker.capacityLimit else {
            report(.limitExceeded, "this could need \(capacity) bytes, more than \(Checker.capacityLimit)", at: span)
            return invalid(span)
        }
        var type = Type.bytes(capacity: capacity)
        if case .text = left.type { type = .text(capacity: capacity) }
        return Checked(Expression(.builtin(.byteConcatenate, [left.expression, right.expression]), type, span))
    }

    private func sum(_ op: ArithmeticOperator, _ left: Checked, _ right: Checked, _ span: Span) -> Checked {
        if left.type.isRatio || right.type.isRatio {
            let one = toRatio(left)
            let other = toRatio(right)
            let (numerator, denominator) = ratioBits(one)
            let (otherNumerator, otherDenominator) = ratioBits(other)
            let range = op == .add ? one.reach + other.reach : one.reach - other.reach
            return ratioNode(
                op, one, other, numerator: max(numerator + otherDenominator, otherNumerator + denominator) + 1,
                denominator: denominator + otherDenominator, range, span)
        }
        let isFixed = left.type.isFixed || right.type.isFixed
        let one = isFixed && left.type.isInteger ? toFixed(left) : left
        let other = isFixed && right.type.isInteger ? toFixed(right) : right
        let range = op == .add ? one.reach + other.reach : one.reach - other.reach
        return node(op, one, other, range, isFixed: isFixed, span)
    }

    private func product(_ left: Checked, _ right: Checked, _ span: Span) -> Checked {
        if left.type.isInteger, right.type.isInteger {
            return node(.multiply, left, right, left.reach * right.reach, isFixed: false, span)
        }
        if left.type.isFixed, right.type.isInteger {
            return node(.multiply, left, right, left.reach * right.reach, isFixed: true, span)
        }
        if left.type.isInteger, right.type.isFixed {
            return node(.multiply, right, left, left.reach * right.reach, isFixed: true, span)
        }
        if let joined = quotientProduct(left, right, span) ?? quotientProduct(right, left, span) { return joined }
        if left.type.isFixed, right.type.isFixed {
            let range = left.reach * right.reach
            let whole = ValueRange(
                range.low.floorDivide(ValueRange.fixedUnit * ValueRange.fixedUnit) ?? range.low,
                range.high.ceilDivide(ValueRange.fixedUnit * ValueRange.fixedUnit) ?? range.high)
            return ratioNode(.multiply, left, right, numerator: range.bits, denominator: 120, whole, span)
        }
        let one = toRatio(left)
        let other = toRatio(right)
        let (numerator, denominator) = ratioBits(one)
        let (otherNumerator, otherDenominator) = ratioBits(other)
        return ratioNode(
            .multiply, one, other, numerator: numerator + otherNumerator, denominator: denominator + otherDenominator,
            one.reach * other.reach, span)
    }

    /// (a / b) * c is (a * c) / b, the form that one mulDiv computes; nil when `left` is no plain quotient.
    private func quotientProduct(_ left: Checked, _ right: Checked, _ span: Span) -> Checked? {
        guard case .arithmetic(.divide, let numerator, let denominator) = left.expression.kind,
            !numerator.type.isRatio, !denominator.type.isRatio, !right.type.isRatio,
            numerator.type.isInteger || right.type.isInteger
        else { return nil }
        let whole = product(Checked(numerator), right, span)
        guard !whole.isInvalid else { return whole }
        let result = quotient(whole, Checked(denominator), span)
        guard !result.isInvalid else { return result }
        let factor = right.type.isFixed ? right.reach.wholeFromFixed : right.reach
        return Checked(result.expression, range: left.reach * factor)
    }

    private func quotient(_ left: Checked, _ right: Checked, _ span: Span) -> Checked {
        if !right.type.isRatio, right.reach.constant?.isZero == true { return divisionByZero(right) }
        let (numerator, denominator) = ratioBits(left)
        let (otherNumerator, otherDenominator) = ratioBits(right)
        let range: ValueRange
        switch (left.type.isRatio, right.type.isRatio) {
        case (false, false):
            // Over a common denominator.
            let one = left.type.isFixed || !right.type.isFixed ? left.reach : left.reach.scaledToFixed
            let other = right.type.isFixed || !left.type.isFixed ? right.reach : right.reach.scaledToFixed
            range = one.quotient(by: other)
        case (true, false):
            let scaled = right.type.isFixed ? left.reach.scaledToFixed : left.reach
            range = scaled.quotient(by: right.reach)
        case (_, true):
            let reach = numerator + otherDenominator
            range = ValueRange(magnitudeBits: min(reach, 4_096), isSigned: true)
        }
        return ratioNode(
            .divide, left, right, numerator: numerator + otherDenominator, denominator: denominator + otherNumerator,
            range, span)
    }

    /// Bits that numerator and denominator of a number may need.
    private func ratioBits(_ value: Checked) -> (Int, Int) {
        if case .ratio(let numerator, let denominator) = value.type { return (numerator, denominator) }
        return (value.reach.bits, value.type.isFixed ? 60 : 1)
    }

    private func toRatio(_ value: Checked) -> Checked {
        guard !value.type.isRatio else { return value }
        let span = value.expression.span
        let (numerator, denominator) = ratioBits(value)
        let type = Type.ratio(numeratorBits: numerator, denominatorBits: denominator)
        let range = value.type.isFixed ? value.reach.wholeFromFixed : value.reach
        return Checked(
            Expression(.arithmetic(.divide, value.expression, integer(1, nil, span)), type, span), range: range)
    }

    private func ratioNode(
        _ op: ArithmeticOperator, _ left: Checked, _ right: Checked, numerator: Int, denominator: Int,
        _ range: ValueRange, _ span: Span
    ) -> Checked {
        let bits = max(numerator, denominator)
        guard bits <= 4_096 else {
            reportTooWide(bits, span)
            return invalid(span)
        }
        let type = Type.ratio(numeratorBits: max(numerator, 1), denominatorBits: max(denominator, 1))
        return Checked(Expression(.arithmetic(op, left.expression, right.expression), type, span), range: range)
    }

    /// An exact integer or Fixed operation; on literals its result.
    private func node(
        _ op: ArithmeticOperator, _ left: Checked, _ right: Checked, _ range: ValueRange, isFixed: Bool, _ span: Span
    ) -> Checked {
        guard range.bits <= 4_096 else {
            reportTooWide(range.bits, span)
            return invalid(span)
        }
        let like: Type = isFixed ? .fixed : .integer(.int)
        if case .integer(let one) = left.expression.kind, case .integer(let other) = right.expression.kind {
            let result: BigInt? =
                switch op {
                case .add: one + other
                case .subtract: one - other
                case .multiply: one * other
                case .remainder: one.floorModulo(other)
                case .divide: nil
                }
            if let result { return numberNode(.integer(result), ValueRange(result), like: like, span) }
        }
        return numberNode(.arithmetic(op, left.expression, right.expression), range, like: like, span)
    }

    /// A number whose type is as wide as its range needs.
    func numberNode(_ kind: Expression.Kind, _ range: ValueRange, like type: Type, _ span: Span) -> Checked {
        let exact: Type =
            switch type {
            case .integer: .integer(range.exactType)
            case .fixed, .exactFixed: .exactFixed(bits: max(range.bits, 1))
            default: type
            }
        return Checked(Expression(kind, exact, span), range: range)
    }

    // MARK: Comparison

    private func comparison(
        _ op: ComparisonOperator, _ left: ExpressionSyntax, _ right: ExpressionSyntax, _ span: Span
    ) -> Checked {
        let one = someValue(left)
        let other = someValue(right)
        let isLeftNumber = isNumber(one, "comparison")
        guard isNumber(other, "comparison"), isLeftNumber else { return invalid(span) }
        let (first, second) = aligned(one, other)
        return Checked(Expression(.compare(op, first.expression, second.expression), .boolean, span))
    }

    /// Operands of a comparison: both integers, both Fixed, or one a Ratio.
    private func aligned(_ one: Checked, _ other: Checked) -> (Checked, Checked) {
        if one.type.isRatio || other.type.isRatio || one.type.isInteger == other.type.isInteger { return (one, other) }
        return (one.type.isInteger ? toFixed(one) : one, other.type.isInteger ? toFixed(other) : other)
    }

    private func equality(
        _ left: ExpressionSyntax, _ right: ExpressionSyntax, isNegated: Bool, _ span: Span
    ) -> Checked {
        func result(_ expression: Expression) -> Checked {
            Checked(isNegated ? Expression(.not(expression), .boolean, span) : expression)
        }
        if let phase = phaseComparison(left, right, span) ?? phaseComparison(right, left, span) {
            return phase.isInvalid ? phase : result(phase.expression)
        }
        let needsContext = left.needsContext && !right.needsContext
        var one = needsContext ? Checked.invalid(left.span) : someValue(left)
        let other = someValue(right, expecting: needsContext ? nil : one.type)
        if needsContext { one = someValue(left, expecting: other.type) }
        guard !one.isInvalid, !other.isInvalid else { return invalid(span) }
        if one.type.isNumber, other.type.isNumber {
            let (first, second) = aligned(one, other)
            return result(Expression(.equal(first.expression, second.expression), .boolean, span))
        }
        for side in [one, other] where !program.isCopyable(side.type) {
            report(.typeMismatch, "\(name(side.type)) cannot be compared", at: side.expression.span)
            return invalid(span)
        }
        switch (one.type, other.type) {
        case (.bytes, .bytes), (.text, .text), (.tensor, .tensor):
            return result(Expression(.equal(one.expression, other.expression), .boolean, span))
        case (.list(let element, _), .list(let otherElement, _)) where element == otherElement:
            return result(Expression(.equal(one.expression, other.expression), .boolean, span))
        default: break
        }
        var first = one
        var second = other
        if case .option = other.type {
            first = converted(one, to: other.type)
        } else {
            second = converted(other, to: one.type)
        }
        if case .interface = one.type, case .address = other.type {
            first = converted(one, to: .address)
            second = other
        }
        guard !first.isInvalid, !second.isInvalid else { return invalid(span) }
        return result(Expression(.equal(first.expression, second.expression), .boolean, span))
    }
}
