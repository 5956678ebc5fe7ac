import Diagnostics
import Numerics
import Syntax

extension BodyChecker {
    /// The expression as a value of a declared type, with the conversions and checks that takes made explicit.
    func converted(_ value: Checked, to type: Type, also: [Label] = []) -> Checked {
        if value.isInvalid || type.isInvalid {
            return Checked(Expression(value.expression.kind, .invalid, value.expression.span))
        }
        switch type {
        case .integer(let wanted): return convertedToInteger(value, wanted, also)
        case .fixed: return convertedToFixed(value, also)
        case .option(let wrapped):
            if case .option = value.type { break }
            let inner = converted(value, to: wrapped, also: also)
            if inner.isInvalid { return inner }
            return Checked(Expression(.some(inner.expression), type, value.expression.span))
        case .address:
            if case .interface = value.type {
                return Checked(Expression(.interfaceAddress(value.expression), .address, value.expression.span))
            }
        case .bytes(let capacity):
            if case .bytes(let given) = value.type, given <= capacity { return retyped(value, type) }
        case .text(let capacity):
            if case .text(let given) = value.type, given <= capacity { return retyped(value, type) }
        case .list(let element, let capacity):
            if case .list(element, let given) = value.type, given <= capacity { return value }
        default: break
        }
        if value.type == type { return value }
        if value.type.isRatio || type.isRatio {
            if value.type.isRatio { reportRoundingNeeded(value) }
            return invalid(value.expression.span)
        }
        reportMismatch(value, type, also)
        return invalid(value.expression.span)
    }

    /// Literals take the wider type; other values keep their own, which fits.
    private func retyped(_ value: Checked, _ type: Type) -> Checked {
        guard case .bytes = value.expression.kind else { return value }
        return Checked(Expression(value.expression.kind, type, value.expression.span))
    }

    private func convertedToInteger(_ value: Checked, _ wanted: IntegerType, _ also: [Label]) -> Checked {
        let span = value.expression.span
        let type = Type.integer(wanted)
        if value.type.isFixed || value.type.isRatio {
            reportRoundingNeeded(value)
            return invalid(span)
        }
        guard value.type.isInteger else {
            reportMismatch(value, type, also)
            return invalid(span)
        }
        let target = ValueRange(wanted)
        let reach = value.reach
        if reach.isOutside(target) {
            report(
                .constantOutOfRange,
                reach.constant.map { "\(short($0)) does not fit \(name(type))" }
                    ?? "the value can never fit \(name(type))",
                at: span, label: reach.high < target.low && target.low.isZero ? "below zero" : "never fits", also: also,
                hint: reach.high < target.low && target.low.isZero
                    ? "\(name(type)) begins at 0; what may be below zero is an Int" : nil)
            return invalid(span)
        }
        if case .integer(let constant) = value.expression.kind {
            return Checked(Expression(.integer(constant), type, span), range: reach)
        }
        if reach.isInside(target) { return value }
        let low = max(reach.low, target.low)
        let high = min(reach.high, target.high)
        return Checked(Expression(.check(value.expression), type, span), range: ValueRange(low, high))
    }

    private func convertedToFixed(_ value: Checked, _ also: [Label]) -> Checked {
        let span = value.expression.span
        if value.type.isRatio {
            reportRoundingNeeded(value)
            return invalid(span)
        }
        guard value.type.isFixed || value.type.isInteger else {
            reportMismatch(value, .fixed, also)
            return invalid(span)
        }
        let fixed = value.type.isInteger ? toFixed(value) : value
        let reach = fixed.reach
        if reach.isOutside(.fixed) {
            report(.constantOutOfRange, "the value can never fit Fixed", at: span, label: "never fits", also: also)
            return invalid(span)
        }
        if case .fixed = fixed.type { return fixed }
        if case .integer(let constant) = fixed.expression.kind {
            return Checked(Expression(.integer(constant), .fixed, span), range: reach)
        }
        if reach.isInside(.fixed) { return fixed }
        return Checked(
            Expression(.check(fixed.expression), .fixed, span),
            range: ValueRange(max(reach.low, ValueRange.fixed.low), min(reach.high, ValueRange.fixed.high)))
    }

    /// An integer as exact Fixed; literals are scaled at once.
    func toFixed(_ value: Checked) -> Checked {
        let range = value.reach.scaledToFixed
        let type = Type.exactFixed(bits: max(range.bits, 1))
        let span = value.expression.span
        if case .integer(let constant) = value.expression.kind {
            return Checked(Expression(.integer(constant * ValueRange.fixedUnit), type, span), range: range)
        }
        return Checked(Expression(.toFixed(value.expression), type, span), range: range)
    }

    func short(_ value: BigInt) -> String {
        value.bitWidth <= 512 ? "\(value)" : "a number of \(value.bitWidth) bits"
    }

    func reportRoundingNeeded(_ value: Checked) {
        let span = value.expression.span
        let what = value.type.isRatio ? "a Ratio" : "a Fixed"
        // Of `x -= y` the value is written nowhere: the span is the statement's.
        let isWritten = !["+=", "-=", "*="].contains { span.text.contains($0) }
        report(
            .roundingNeeded, "\(what) does not become a number without rounding", at: span,
            label: "exact, maybe not whole",
            hint: isWritten
                ? "say which way: floor(…), ceil(…) or round(…)"
                : "write the sum out and say which way: x = floor(x + …)",
            fixIt: isWritten ? FixIt(span, "floor(\(span.text))") : nil)
    }

    func reportMismatch(_ value: Checked, _ wanted: Type, _ also: [Label] = []) {
        let span = value.expression.span
        if case .token(let one) = value.type, case .token(let other) = wanted, one != other {
            report(
                .wrongAsset, "expected \(name(wanted)), found \(name(value.type))", at: span,
                label: "the wrong asset", also: also)
            return
        }
        if case .tensor(let one, _) = value.type, case .tensor(let other, _) = wanted, one == other {
            report(
                .shapeMismatch, "expected \(name(wanted)), found \(name(value.type))", at: span,
                label: "another shape", also: also)
            return
        }
        var hint: String?
        var fixIt: FixIt?
        var found = name(value.type)
        if value.type.isInteger, let constant = value.range?.constant { found = "the number \(short(constant))" }
        switch (value.type, wanted) {
        case (_, .address) where value.type.isInteger: hint = "there is no address of zero: an Address? may be none"
        case (.option, _): hint = value.type.optionHint
        case (.address, .interface(let id)):
            hint = "convert with a check: \(program.interfaces[id].name)(\(span.text))"
        case (.contract, .interface(let id)):
            hint = "convert with a check: \(program.interfaces[id].name)(…)"
            fixIt = FixIt(span, "\(program.interfaces[id].name)(\(span.text))")
        case (.contract, .address): hint = "write \(span.text).address"
        case (.bytes, _) where wanted.isInteger && span.text.hasPrefix("0x"):
            hint = "numbers are written in decimal digits; 0x… are bytes, and fromBigEndian(0x…) reads them as a number"
        case (_, .boolean) where value.type.isInteger: hint = "compare it: \(span.text) != 0"
        case (.list(let one, _), .list(let other, let capacity)) where one == other:
            hint = "it may hold more than \(capacity) elements: declare it as List<\(name(one)), \(capacity)>"
        default: break
        }
        report(
            .typeMismatch, "expected \(name(wanted)), found \(found)", at: span, label: "this is \(found)", also: also,
            hint: hint, fixIt: fixIt)
    }
}
