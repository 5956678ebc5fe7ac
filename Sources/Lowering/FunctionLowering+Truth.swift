import Bytecode
import Diagnostics
import Numerics
import Semantics

extension FunctionLowering {
    /// A truth value in a register.
    func truth(_ expression: Expression, into target: Register?) -> Operand {
        let span = expression.span
        switch expression.kind {
        case .not(let inner):
            let operand = value(inner)
            return result(.not, expression, operand.register, freeing: [operand], into: target)
        case .compare(let comparison, let left, let right):
            let (one, other) = numbers(left, right, isOrdered: true, at: span)
            let isStrict = comparison == .less || comparison == .greater
            let isSwapped = comparison == .greater || comparison == .greaterOrEqual
            return result(
                isStrict ? .less : .lessOrEqual, expression, (isSwapped ? other : one).register,
                (isSwapped ? one : other).register, freeing: [one, other], into: target)
        case .equal(let left, let right):
            if Self.isNumber(left.type) {
                let (one, other) = numbers(left, right, isOrdered: false, at: span)
                return result(
                    .equalInteger, expression, one.register, other.register, freeing: [one, other], into: target)
            }
            let (one, other) = wideFirst(left, right)
            return result(
                equality(left.type), expression, one.register, other.register, freeing: [one, other], into: target)
        case .and, .or:
            let other = code.newLabel()
            let end = code.newLabel()
            branch(expression, on: false, to: other)
            let register = destination(target, .boolean)
            code.emit(.loadBoolean, register, immediate: 1, at: span)
            code.emit(.jump, to: end, at: span)
            code.place(other)
            code.emit(.loadBoolean, register, immediate: 0, at: span)
            code.place(end)
            return Operand(register, isTemporary: target == nil)
        default: return value(expression, into: target)
        }
    }

    static func isNumber(_ type: Type) -> Bool {
        if case .integer = type { return true }
        return isFixed(type) || isRatio(type)
    }

    private func equality(_ type: Type) -> Opcode {
        switch type {
        case .boolean: .equalBoolean
        case .address, .hash, .asset, .interface, .contract: .equalBytes32
        default: .equalValue
        }
    }

    /// Operands of a comparison as two integers.
    private func numbers(
        _ left: Expression, _ right: Expression, isOrdered: Bool, at span: Span
    ) -> (Operand, Operand) {
        if Self.isRatio(left.type) || Self.isRatio(right.type) {
            return crossProducts(left, right, isOrdered: isOrdered, at: span)
        }
        let one = value(left)
        return (one, value(right))
    }

    /// Both values, the one of the larger capacity first, which the other's type fits.
    private func wideFirst(_ left: Expression, _ right: Expression) -> (Operand, Operand) {
        let one = value(left)
        let other = value(right)
        return capacity(left.type) >= capacity(right.type) ? (one, other) : (other, one)
    }

    private func capacity(_ type: Type) -> Int {
        switch type {
        case .bytes(let capacity), .text(let capacity), .list(_, let capacity): capacity
        default: 0
        }
    }

    // MARK: Branches

    /// Goes to the label when the condition is `wanted`, else on.
    func branch(_ condition: Expression, on wanted: Bool, to label: CodeLabel) {
        let span = condition.span
        switch condition.kind {
        case .boolean(let flag):
            if flag == wanted { code.emit(.jump, to: label, at: span) }
        case .not(let inner): branch(inner, on: !wanted, to: label)
        case .and(let left, let right): branch(left, right, decidedBy: false, on: wanted, to: label)
        case .or(let left, let right): branch(left, right, decidedBy: true, on: wanted, to: label)
        case .compare(let comparison, let left, let right):
            let (one, other) = numbers(left, right, isOrdered: true, at: span)
            compareAndBranch(comparison, one.register, other.register, on: wanted, to: label, at: span)
            free([one, other])
        case .equal(let left, let right) where Self.isNumber(left.type):
            let (one, other) = numbers(left, right, isOrdered: false, at: span)
            code.emit(
                wanted ? .branchEqual : .branchNotEqual, one.register, other.register, to: label, at: span)
            free([one, other])
        default:
            let operand = value(condition)
            code.emit(wanted ? .branchTrue : .branchFalse, operand.register, to: label, at: span)
            free(operand)
        }
    }

    /// `&&` is decided by a false side, `||` by a true one.
    private func branch(
        _ left: Expression, _ right: Expression, decidedBy decisive: Bool, on wanted: Bool, to label: CodeLabel
    ) {
        if wanted == decisive {
            branch(left, on: wanted, to: label)
            branch(right, on: wanted, to: label)
        } else {
            let skip = code.newLabel()
            branch(left, on: decisive, to: skip)
            branch(right, on: wanted, to: label)
            code.place(skip)
        }
    }

    private func compareAndBranch(
        _ comparison: ComparisonOperator, _ left: Register, _ right: Register, on wanted: Bool, to label: CodeLabel,
        at span: Span
    ) {
        // a > b is b < a, and the opposite of a < b is b <= a.
        let isStrict = comparison == .less || comparison == .greater
        let isSwapped = comparison == .greater || comparison == .greaterOrEqual
        let (one, other) = isSwapped == wanted ? (right, left) : (left, right)
        code.emit(
            isStrict == wanted ? .branchLess : .branchLessOrEqual, one, other, to: label, at: span)
    }
}
