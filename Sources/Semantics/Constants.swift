import Diagnostics
import Numerics
import Syntax

extension Checker {
    /// The value of a constant, checked and folded at first use. Those that it depends on come first, kept in a list
    /// and not on the call stack, so that long chains are no danger.
    func constantValue(_ index: Int) -> Checked {
        if case .done(let value) = constants[index].state { return value }
        guard !isEvaluatingConstant else {
            // All that the one being evaluated needs is known, unless needing goes round in a circle.
            let name = constants[index].syntax.name
            report(.recursion, "the constant \(name.name) is defined by itself", at: name.span)
            return .invalid(name.span)
        }
        var open = [index]
        while let current = open.last {
            let record = constants[current]
            switch record.state {
            case .waiting:
                record.state = .visited
                open += dependencies(of: record).filter {
                    if case .waiting = constants[$0].state { true } else { false }
                }
            case .visited:
                isEvaluatingConstant = true
                record.state = .done(evaluate(record))
                isEvaluatingConstant = false
            case .done: open.removeLast()
            }
        }
        return constantValue(index)
    }

    /// The constants that a constant's type and value name.
    private func dependencies(of record: ConstantRecord) -> [Int] {
        var result: [Int] = []
        func add(_ name: String) {
            if case .constant(let index)? = record.scope.find(name)?.symbol { result.append(index) }
        }
        record.syntax.type?.visitNames(add)
        record.syntax.value.visitNames(add)
        return result
    }

    private func evaluate(_ record: ConstantRecord) -> Checked {
        let span = record.syntax.value.span
        let body = BodyChecker(self, kind: .constant, scope: record.scope, contract: record.contract)
        let wanted = record.syntax.type.map { resolve($0, in: record.scope, contract: record.contract) }
        var value = body.value(record.syntax.value, expecting: wanted)
        if let wanted { value = body.converted(value, to: wanted) }
        let result: Checked
        if value.isInvalid {
            result = .invalid(span)
        } else if value.type.isRatio {
            body.reportRoundingNeeded(value)
            result = .invalid(span)
        } else if let folded = ConstantFolder().fold(value.expression) {
            result = folded
            checkConstantFits(folded, value.type, at: span)
        } else {
            report(
                .notConstant, "the value of a constant must be known when compiling", at: span,
                hint: "use literals, other constants and arithmetic; division by zero has no value")
            result = .invalid(span)
        }
        return result
    }

    private func checkConstantFits(_ value: Checked, _ type: Type, at span: Span) {
        guard let range = value.range else { return }
        switch type {
        case .integer(let integer) where !range.isInside(ValueRange(integer)):
            report(.constantOutOfRange, "the value does not fit \(typeName(type, in: nil))", at: span)
        case .fixed where !range.isInside(.fixed):
            report(.constantOutOfRange, "the value does not fit Fixed", at: span)
        default: break
        }
    }

    /// A constant that must be a machine-size integer, such as a capacity.
    func constantInteger(_ index: Int, at span: Span) -> Int? {
        let value = constantValue(index)
        guard !value.isInvalid else { return nil }
        guard value.type.isInteger, let integer = value.range?.constant?.asInt64 else {
            report(
                .notConstant, "\(constants[index].syntax.name.name) is not an integer of ordinary size", at: span,
                also: [Label(constants[index].syntax.name.span, "declared here")])
            return nil
        }
        return Int(integer)
    }
}

extension Checked {
    static func invalid(_ span: Span) -> Checked { Checked(Expression(.boolean(false), .invalid, span)) }
}

/// Evaluates typed expressions that hang on nothing but literals.
struct ConstantFolder {
    enum Value {
        case integer(BigInt)
        case fixed(BigInt)
        case ratio(Ratio)
        case boolean(Bool)
    }

    /// The expression as a literal of its own type; nil when it is not constant or has no value.
    func fold(_ expression: Expression) -> Checked? {
        switch expression.kind {
        case .bytes, .bytes32, .tensor, .none: return Checked(expression)
        case .some(let inner):
            return fold(inner).map { Checked(Expression(.some($0.expression), expression.type, expression.span)) }
        case .makeList(let items):
            return fold(items).map { Checked(Expression(.makeList($0), expression.type, expression.span)) }
        case .makeStruct(let id, let items):
            return fold(items).map { Checked(Expression(.makeStruct(id, $0), expression.type, expression.span)) }
        case .makeEnum(let id, let index, let items):
            return fold(items).map {
                Checked(Expression(.makeEnum(id, caseIndex: index, $0), expression.type, expression.span))
            }
        default: break
        }
        switch value(expression) {
        case .integer(let value):
            return Checked(Expression(.integer(value), expression.type, expression.span), range: ValueRange(value))
        case .fixed(let value):
            return Checked(Expression(.integer(value), expression.type, expression.span), range: ValueRange(value))
        case .boolean(let value): return Checked(Expression(.boolean(value), .boolean, expression.span))
        case .ratio, nil: return nil
        }
    }

    private func fold(_ expressions: [Expression]) -> [Expression]? {
        var result: [Expression] = []
        for expression in expressions {
            guard let folded = fold(expression) else { return nil }
            result.append(folded.expression)
        }
        return result
    }

    private func value(_ expression: Expression) -> Value? {
        switch expression.kind {
        case .integer(let value): return expression.type.isFixed ? .fixed(value) : .integer(value)
        case .boolean(let value): return .boolean(value)
        case .not(let operand):
            guard case .boolean(let value) = value(operand) else { return nil }
            return .boolean(!value)
        case .negate(let operand): return value(operand).flatMap(negated)
        case .arithmetic(let op, let left, let right):
            guard let left = value(left), let right = value(right) else { return nil }
            return arithmetic(op, left, right)
        case .toFixed(let operand):
            guard case .integer(let value) = value(operand) else { return nil }
            return .fixed(value * ValueRange.fixedUnit)
        case .check(let operand): return value(operand)
        case .round(let rounding, let operand):
            return value(operand).flatMap { rounded($0, rounding, toFixed: expression.type.isFixed) }
        case .compare(let op, let left, let right):
            guard let left = value(left).flatMap(ratio), let right = value(right).flatMap(ratio) else { return nil }
            let order = left.compare(right)
            switch op {
            case .less: return .boolean(order < 0)
            case .lessOrEqual: return .boolean(order <= 0)
            case .greater: return .boolean(order > 0)
            case .greaterOrEqual: return .boolean(order >= 0)
            }
        case .equal(let left, let right):
            guard let left = value(left), let right = value(right) else { return nil }
            if case .boolean(let one) = left, case .boolean(let other) = right { return .boolean(one == other) }
            guard let one = ratio(left), let other = ratio(right) else { return nil }
            return .boolean(one.compare(other) == 0)
        case .and(let left, let right):
            guard case .boolean(let one) = value(left), case .boolean(let other) = value(right) else { return nil }
            return .boolean(one && other)
        case .or(let left, let right):
            guard case .boolean(let one) = value(left), case .boolean(let other) = value(right) else { return nil }
            return .boolean(one || other)
        case .choose(let condition, let yes, let no):
            guard case .boolean(let holds) = value(condition) else { return nil }
            return value(holds ? yes : no)
        case .builtin(.minimum, let operands): return extreme(operands) { $0.compare($1) <= 0 }
        case .builtin(.maximum, let operands): return extreme(operands) { $0.compare($1) >= 0 }
        case .builtin(.absolute, let operands):
            switch operands.first.flatMap(value) {
            case .integer(let value): return .integer(value.magnitude)
            case .fixed(let value): return .fixed(value.magnitude)
            default: return nil
            }
        case .builtin(let builtin, let operands): return mathematics(builtin, operands.map(value))
        default: return nil
        }
    }

    /// A function of mathematics with a value; outside its domain it is no constant.
    private func mathematics(_ builtin: Builtin, _ operands: [Value?]) -> Value? {
        if case .integerSquareRoot = builtin, case .integer(let value)? = operands.first {
            return value.squareRoot.map { .integer($0) }
        }
        guard case .fixed(let x)? = operands.first else { return nil }
        let result: BigInt?
        switch builtin {
        case .exp(let rounding): result = FixedPoint.exp(x, rounding: rounding)
        case .ln(let rounding): result = try? FixedPoint.ln(x, rounding: rounding)
        case .log2(let rounding): result = try? FixedPoint.log2(x, rounding: rounding)
        case .sqrt(let rounding): result = try? FixedPoint.sqrt(x, rounding: rounding)
        case .pow(let rounding):
            guard operands.count == 2, case .fixed(let y)? = operands[1] else { return nil }
            result = try? FixedPoint.pow(x, y, rounding: rounding)
        default: result = nil
        }
        return result.map { .fixed($0) }
    }

    private func negated(_ value: Value) -> Value? {
        switch value {
        case .integer(let value): .integer(-value)
        case .fixed(let value): .fixed(-value)
        case .ratio(let value): .ratio(-value)
        case .boolean: nil
        }
    }

    private func ratio(_ value: Value) -> Ratio? {
        switch value {
        case .integer(let value): Ratio(value)
        case .fixed(let value): Ratio(value, ValueRange.fixedUnit)
        case .ratio(let value): value
        case .boolean: nil
        }
    }

    private func arithmetic(_ op: ArithmeticOperator, _ left: Value, _ right: Value) -> Value? {
        switch (op, left, right) {
        case (.add, .integer(let left), .integer(let right)): return .integer(left + right)
        case (.subtract, .integer(let left), .integer(let right)): return .integer(left - right)
        case (.multiply, .integer(let left), .integer(let right)): return .integer(left * right)
        case (.remainder, .integer(let left), .integer(let right)): return left.floorModulo(right).map { .integer($0) }
        case (.add, .fixed(let left), .fixed(let right)): return .fixed(left + right)
        case (.subtract, .fixed(let left), .fixed(let right)): return .fixed(left - right)
        case (.multiply, .fixed(let left), .integer(let right)): return .fixed(left * right)
        default: break
        }
        guard let left = ratio(left), let right = ratio(right) else { return nil }
        let result: Ratio? =
            switch op {
            case .add: left + right
            case .subtract: left - right
            case .multiply: left * right
            case .divide: left.divided(by: right)
            case .remainder: nil
            }
        // The checker's width limits keep operands small; a chain of ratios is cut off here.
        guard let result, result.numerator.bitWidth <= 8_192, result.denominator.bitWidth <= 8_192 else { return nil }
        return .ratio(result)
    }

    private func rounded(_ value: Value, _ rounding: Rounding, toFixed: Bool) -> Value? {
        guard let ratio = ratio(value) else { return nil }
        return toFixed
            ? .fixed((ratio * Ratio(ValueRange.fixedUnit)).rounded(rounding)) : .integer(ratio.rounded(rounding))
    }

    private func extreme(_ operands: [Expression], _ isFirst: (Ratio, Ratio) -> Bool) -> Value? {
        guard operands.count == 2, let left = value(operands[0]), let right = value(operands[1]),
            let one = ratio(left), let other = ratio(right)
        else { return nil }
        return isFirst(one, other) ? left : right
    }
}
