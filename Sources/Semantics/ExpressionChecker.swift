import Diagnostics
import Numerics
import Syntax

extension BodyChecker {
    /// The value of an expression; `wanted` guides literals and rounding, it does not convert.
    func value(_ syntax: ExpressionSyntax, expecting wanted: Type? = nil) -> Checked {
        switch syntax.kind {
        case .integer, .decimal, .text, .hexBytes, .boolean, .none: literal(syntax, wanted)
        case .name, .member, .index: rvalue(entity(syntax, wanted), syntax)
        case .implicitMember(let name): enumValue(named: name, [], wanted, syntax.span)
        case .list(let items): listLiteral(items, wanted, syntax.span)
        case .call(let callee, let arguments): call(callee, arguments, wanted, syntax.span, actor: nil)
        case .unary(let op, let operand): unary(op, operand, wanted, syntax.span)
        case .binary(let op, let left, let right): binary(op, left, right, wanted, syntax.span)
        case .ternary(let condition, let yes, let no): ternary(condition, yes, no, wanted, syntax.span)
        case .split(let whole, let weights, let remainder): misplacedSplit(whole, weights, remainder, syntax.span)
        case .draw(let count, let members, let beacon): draw(count, members, beacon, wanted, syntax.span)
        case .deploy(let contract, let arguments, let actor): deployment(contract, arguments, actor, syntax.span)
        case .asActor(let call, let actor): callAsActor(call, actor, wanted, syntax.span)
        case .invalid: invalid(syntax.span)
        }
    }

    /// The value of an expression as a value of the type.
    func value(_ syntax: ExpressionSyntax, as type: Type, also: [Label] = []) -> Expression {
        converted(value(syntax, expecting: type), to: type, also: also).expression
    }

    func condition(_ syntax: ExpressionSyntax) -> Expression { value(syntax, as: .boolean) }

    /// A value that some type is inferred from: it must be one.
    func someValue(_ syntax: ExpressionSyntax, expecting wanted: Type? = nil) -> Checked {
        let checked = value(syntax, expecting: wanted)
        if case .nothing = checked.type {
            report(.typeMismatch, "this has no value", at: syntax.span)
            return invalid(syntax.span)
        }
        return checked
    }

    // MARK: Literals

    private func literal(_ syntax: ExpressionSyntax, _ wanted: Type?) -> Checked {
        let span = syntax.span
        switch syntax.kind {
        case .integer(let digits):
            guard digits.utf8.count <= 1_240, let value = BigInt(digits, radix: 10), value.bitWidth <= 4_096 else {
                report(.integerTooWide, "an integer has at most 4096 bits", at: span)
                return invalid(span)
            }
            return number(value, span)
        case .decimal(let digits): return decimal(digits, span)
        case .text(let text):
            let bytes = Array(text.utf8)
            guard bytes.count <= Checker.capacityLimit else {
                report(.limitExceeded, "a text has at most \(Checker.capacityLimit) bytes", at: span)
                return invalid(span)
            }
            return Checked(Expression(.bytes(bytes), .text(capacity: max(bytes.count, 1)), span))
        case .hexBytes(let bytes): return hexBytes(bytes, wanted?.unwrapped, span)
        case .boolean(let value): return Checked(Expression(.boolean(value), .boolean, span))
        case .none:
            guard let wanted, case .option = wanted else {
                if wanted?.isInvalid == true { return invalid(span) }
                report(
                    .cannotInferType, "what is none of here?", at: span,
                    hint: "annotate the type: `let x: Amount? = none`")
                return invalid(span)
            }
            return Checked(Expression(.none, wanted, span))
        default: return invalid(span)
        }
    }

    func number(_ value: BigInt, _ span: Span) -> Checked {
        let range = ValueRange(value)
        return Checked(Expression(.integer(value), .integer(range.exactType), span), range: range)
    }

    /// - Parameter isNegative: does a minus stand before it? The least Fixed has no positive counterpart.
    func decimal(_ digits: String, _ span: Span, isNegative: Bool = false) -> Checked {
        let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].count <= 18, digits.utf8.count <= 1_240,
            let magnitude = BigInt(
                String(parts[0]) + parts[1] + String(repeating: "0", count: 18 - parts[1].count), radix: 10)
        else {
            report(.invalidNumber, "a decimal number has at most 18 digits after the point", at: span)
            return invalid(span)
        }
        let raw = isNegative ? -magnitude : magnitude
        let range = ValueRange(raw)
        guard range.isInside(.fixed) else {
            report(.constantOutOfRange, "the number does not fit Fixed", at: span)
            return invalid(span)
        }
        return Checked(Expression(.integer(raw), .fixed, span), range: range)
    }

    private func hexBytes(_ bytes: [UInt8], _ wanted: Type?, _ span: Span) -> Checked {
        switch wanted {
        case .address, .hash, .asset:
            guard bytes.count == 32 else {
                report(
                    .constantOutOfRange, "\(name(wanted ?? .hash)) has 32 bytes, not \(bytes.count)", at: span)
                return invalid(span)
            }
            return Checked(Expression(.bytes32(bytes), wanted ?? .hash, span))
        default:
            guard bytes.count <= Checker.capacityLimit else {
                report(.limitExceeded, "Bytes have at most \(Checker.capacityLimit) bytes", at: span)
                return invalid(span)
            }
            return Checked(Expression(.bytes(bytes), .bytes(capacity: max(bytes.count, 1)), span))
        }
    }

    private func listLiteral(_ items: [ExpressionSyntax], _ wanted: Type?, _ span: Span) -> Checked {
        if case .tensor(let element, let dimensions)? = wanted?.unwrapped {
            return tensorLiteral(items, element, rank: dimensions.count, span)
        }
        if let wanted = wanted?.unwrapped, case .list(let element, let capacity) = wanted {
            guard items.count <= capacity else {
                report(
                    .constantOutOfRange, "\(items.count) elements do not fit \(name(wanted))", at: span,
                    label: "too many")
                return invalid(span)
            }
            let values = items.map { value($0, as: element) }
            guard values.allSatisfy({ !$0.type.isInvalid }) else { return invalid(span) }
            return Checked(Expression(.makeList(values), wanted, span))
        }
        guard let first = items.first else {
            if wanted?.isInvalid == true { return invalid(span) }
            report(
                .cannotInferType, "what is in this list?", at: span,
                hint: "annotate the type: `var xs: List<Amount, 16> = []`")
            return invalid(span)
        }
        guard items.count <= Checker.capacityLimit else {
            report(.limitExceeded, "a list has at most \(Checker.capacityLimit) elements", at: span)
            return invalid(span)
        }
        let sample = someValue(first)
        guard !sample.isInvalid else {
            for item in items.dropFirst() { _ = value(item) }
            return invalid(span)
        }
        let element = sample.type.bindingType
        guard isElement(element, at: first.span) else { return invalid(span) }
        var values = [converted(sample, to: element).expression]
        for item in items.dropFirst() { values.append(value(item, as: element)) }
        guard values.allSatisfy({ !$0.type.isInvalid }) else { return invalid(span) }
        return Checked(Expression(.makeList(values), .list(element, capacity: items.count), span))
    }

    func isElement(_ type: Type, at span: Span) -> Bool {
        if type.isRatio {
            report(.roundingNeeded, "a Ratio cannot be kept", at: span, hint: "round it: floor(…), ceil(…) or round(…)")
            return false
        }
        guard program.isCopyable(type) else {
            report(
                type.isToken ? .tokenNotAllowedHere : .typeMismatch, "\(name(type)) cannot be an element", at: span)
            return false
        }
        return true
    }

    // MARK: Operators that are not arithmetic

    private func ternary(
        _ conditionSyntax: ExpressionSyntax, _ yesSyntax: ExpressionSyntax, _ noSyntax: ExpressionSyntax,
        _ wanted: Type?,
        _ span: Span
    ) -> Checked {
        let condition = condition(conditionSyntax)
        guard let (yes, no, type) = alternatives(yesSyntax, noSyntax, wanted, span) else { return invalid(span) }
        let range = yes.range.flatMap { one in no.range.map { one.union($0) } }
        return Checked(Expression(.choose(condition, yes.expression, no.expression), type, span), range: range)
    }

    /// Two expressions of which one is taken, with the type that serves both.
    private func alternatives(
        _ first: ExpressionSyntax, _ second: ExpressionSyntax, _ wanted: Type?, _ span: Span
    ) -> (Checked, Checked, Type)? {
        let needsContext = first.needsContext && wanted == nil
        var one = needsContext ? Checked.invalid(first.span) : someValue(first, expecting: wanted)
        let other = someValue(second, expecting: wanted ?? (needsContext ? nil : one.type))
        if needsContext { one = someValue(first, expecting: other.type) }
        guard !one.isInvalid, !other.isInvalid else { return nil }
        for side in [one, other] where side.type.isToken {
            report(
                .tokenNotAllowedHere, "a token cannot be chosen by an expression", at: side.expression.span,
                hint: "use an if statement")
            return nil
        }
        if one.type.isNumber, other.type.isNumber { return joinedNumbers(one, other) }
        if let wanted, !wanted.isInvalid {
            let left = converted(one, to: wanted)
            let right = converted(other, to: wanted)
            return left.isInvalid || right.isInvalid ? nil : (left, right, wanted)
        }
        if case .option = other.type, one.type != other.type {
            let left = converted(one, to: other.type)
            return left.isInvalid ? nil : (left, other, other.type)
        }
        let target = widerText(one.type, other.type)
        let left = converted(one, to: target)
        let right = converted(other, to: target)
        return left.isInvalid || right.isInvalid ? nil : (left, right, target)
    }

    private func widerText(_ one: Type, _ other: Type) -> Type {
        switch (one, other) {
        case (.bytes(let left), .bytes(let right)): .bytes(capacity: max(left, right))
        case (.text(let left), .text(let right)): .text(capacity: max(left, right))
        default: one
        }
    }

    /// Numbers of one kind: equal types stay, others become exact.
    func joinedNumbers(_ one: Checked, _ other: Checked) -> (Checked, Checked, Type)? {
        for side in [one, other] where side.type.isRatio {
            reportRoundingNeeded(side)
            return nil
        }
        if one.type == other.type, !one.type.isExact { return (one, other, one.type) }
        if one.type.isInteger, other.type.isInteger {
            return (one, other, .integer(one.reach.union(other.reach).exactType))
        }
        let left = one.type.isInteger ? toFixed(one) : one
        let right = other.type.isInteger ? toFixed(other) : other
        let reach = left.reach.union(right.reach)
        guard reach.bits <= 4_096 else {
            reportTooWide(reach.bits, one.expression.span.joined(other.expression.span))
            return nil
        }
        let type = reach.isInside(.fixed) ? Type.fixed : .exactFixed(bits: max(reach.bits, 1))
        return (left, right, type)
    }

    func reportTooWide(_ bits: Int, _ span: Span) {
        report(
            .integerTooWide, "this could need \(bits) bits, more than 4096", at: span,
            hint:
                "bind a part with a type: `let part: Int = …` checks its width, and the exact calculation goes on from "
                    + "there"
        )
    }

    func fallback(_ left: ExpressionSyntax, _ right: ExpressionSyntax, _ wanted: Type?, _ span: Span) -> Checked {
        let option = someValue(left, expecting: wanted.map { .option($0) })
        guard !option.isInvalid else {
            _ = value(right, expecting: wanted)
            return invalid(span)
        }
        guard case .option(let wrapped) = option.type else {
            report(
                .typeMismatch, "?? wants an option on its left, found \(name(option.type))", at: left.span,
                hint: "the value is always there: leave out the ??")
            return invalid(span)
        }
        let other = value(right, expecting: wrapped)
        if case .option = other.type, !other.isInvalid {
            let chained = converted(other, to: option.type)
            guard !chained.isInvalid else { return invalid(span) }
            report(.typeMismatch, "?? wants a plain \(name(wrapped)) on its right", at: right.span)
            return invalid(span)
        }
        let converted = converted(other, to: wrapped)
        guard !converted.isInvalid else { return invalid(span) }
        return Checked(Expression(.fallback(option.expression, converted.expression), wrapped, span))
    }

    private func misplacedSplit(
        _ whole: ExpressionSyntax, _ weights: ExpressionSyntax, _ remainder: ExpressionSyntax, _ span: Span
    ) -> Checked {
        report(
            .notAllowedHere, "a split is the whole value of a binding, an assignment or a loop", at: span,
            hint: "let parts = split pot by weights else rest")
        return invalid(span)
    }
}

extension ExpressionSyntax {
    /// Has no type of its own.
    var needsContext: Bool {
        switch kind {
        case .none, .implicitMember: true
        case .list(let items): items.isEmpty || items.allSatisfy(\.needsContext)
        case .call(let callee, _): if case .implicitMember = callee.kind { true } else { false }
        default: false
        }
    }
}

extension Type {
    /// The type itself, or what an option wraps.
    var unwrapped: Type { if case .option(let wrapped) = self { wrapped } else { self } }
}
