import Diagnostics
import Numerics
import Syntax

extension TensorElement {
    var byteCount: Int {
        switch self {
        case .i8: 1
        case .i16: 2
        case .i32: 4
        case .i64: 8
        }
    }

    var range: ValueRange { ValueRange(IntegerType(name: .int, bits: 8 * byteCount, isSigned: true)) }
}

extension ExpressionSyntax {
    /// How many lists are inside each other, by the first elements.
    fileprivate var nestedLists: Int {
        var depth = 0
        var syntax = self
        while case .list(let items) = syntax.kind {
            depth += 1
            guard let first = items.first else { break }
            syntax = first
        }
        return depth
    }
}

extension BodyChecker {
    /// `t.at(i, j)`
    func tensorElement(_ base: Checked, _ element: TensorElement, _ indices: [ExpressionSyntax], _ span: Span)
        -> Checked
    {
        guard case .tensor(_, let dimensions) = base.type else { return invalid(span) }
        var operands = [base.expression]
        for (index, dimension) in zip(indices, dimensions) {
            var size = 1 << 24
            if case .constant(let known) = dimension { size = known }
            operands.append(indexValue(index, below: size))
        }
        guard operands.allSatisfy({ !$0.type.isInvalid }) else { return invalid(span) }
        return numberNode(.builtin(.tensorAt, operands), element.range, like: .integer(.int), span)
    }

    /// A list of constant integers, or of such lists, where a tensor is wanted: its sizes are those of the lists.
    func tensorLiteral(_ items: [ExpressionSyntax], _ element: TensorElement, rank: Int, _ span: Span) -> Checked {
        guard rank <= 4 else {
            report(.shapeMismatch, "a tensor has one to four dimensions", at: span)
            return invalid(span)
        }
        var sizes: [Int] = []
        var rows = [(items: items, span: span)]
        for axis in 0..<rank {
            let size = rows[0].items.count
            for row in rows where row.items.count != size || size == 0 {
                report(
                    .shapeMismatch,
                    size == 0 ? "a tensor has no empty rows" : "expected \(size) elements, found \(row.items.count)",
                    at: row.span, label: "another length",
                    also: size == 0 ? [] : [Label(rows[0].span, "the first has \(size)")])
                return invalid(span)
            }
            sizes.append(size)
            guard axis < rank - 1 else { break }
            var inner: [(items: [ExpressionSyntax], span: Span)] = []
            for item in rows.flatMap(\.items) {
                guard case .list(let items) = item.kind else {
                    report(.shapeMismatch, "a tensor of \(rank) dimensions: a list is wanted here", at: item.span)
                    return invalid(span)
                }
                inner.append((items, item.span))
            }
            rows = inner
        }
        let syntaxes = rows.flatMap(\.items)
        guard syntaxes.count * element.byteCount <= Self.tensorLiteralBytes else {
            report(
                .limitExceeded, "the elements of a written tensor have at most \(Self.tensorLiteralBytes) bytes",
                at: span)
            return invalid(span)
        }
        let elements = syntaxes.map { tensorLiteralElement($0, element, rank) }
        guard !elements.contains(nil) else { return invalid(span) }
        return Checked(
            Expression(.tensor(elements.compactMap(\.self)), .tensor(element, sizes.map { .constant($0) }), span))
    }

    /// The most that a constant of a module may have.
    private static var tensorLiteralBytes: Int { 65_536 }

    private func tensorLiteralElement(_ syntax: ExpressionSyntax, _ element: TensorElement, _ rank: Int) -> Int64? {
        if case .list = syntax.kind {
            report(.shapeMismatch, "a tensor of \(rank) dimensions: a number is wanted here", at: syntax.span)
            return nil
        }
        let hint = "the elements of a written tensor are constants; one of other numbers comes as an argument"
        guard let number = constant(syntax, hint: hint) else { return nil }
        guard let value = number.asInt64, ValueRange(number).isInside(element.range) else {
            report(.constantOutOfRange, "\(short(number)) does not fit \(element.rawValue)", at: syntax.span)
            return nil
        }
        return value
    }

    func tensorCall(_ function: BuiltinFunction, _ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        switch function {
        case .matmul: return matmul(arguments, span)
        case .add: return tensorAdd(arguments, span)
        case .requantize: return requantize(arguments, span)
        case .countEqual:
            guard let (one, other) = tensorPair(arguments, "countEqual", span),
                hasElements(one, [.i8, .i32], "countEqual")
            else { return invalid(span) }
            guard one.element == other.element, agree(one.sizes, other.sizes) else {
                return shapeMismatch("countEqual wants tensors of one type", one, other, span)
            }
            return counted(.builtin(.tensorCountEqual, [one.expression, other.expression]), 1 << 24, span)
        case .relu:
            guard let operand = tensor(arguments, 1, "relu", "relu(t)", span),
                hasElements(operand, [.i8, .i32], "relu")
            else { return invalid(span) }
            return Checked(
                Expression(.builtin(.tensorRelu, [operand.expression]), .tensor(operand.element, operand.sizes), span))
        default:
            guard let operand = tensor(arguments, 1, "argmax", "argmax(t)", span),
                hasElements(operand, [.i8, .i32], "argmax")
            else { return invalid(span) }
            let sizes = operand.sizes.count > 1 ? Array(operand.sizes.dropLast()) : [.constant(1)]
            return Checked(Expression(.builtin(.tensorArgmax, [operand.expression]), .tensor(.i32, sizes), span))
        }
    }

    private struct Operand {
        var expression: Expression
        var element: TensorElement
        var sizes: [TensorDimension]
    }

    /// The machine has each operation for some elements only.
    private func hasElements(_ operand: Operand, _ elements: [TensorElement], _ callee: String) -> Bool {
        if elements.contains(operand.element) { return true }
        report(
            .typeMismatch,
            "\(callee) wants a tensor of \(elements.map(\.rawValue).joined(separator: " or ")), found "
                + name(.tensor(operand.element, operand.sizes)), at: operand.expression.span)
        return false
    }

    /// - Parameter literal: of what elements a literal is here; nil where that is not known.
    private func tensor(_ syntax: ExpressionSyntax, literal: TensorElement? = nil) -> Operand? {
        let checked =
            if let literal, case .list(let items) = syntax.kind {
                tensorLiteral(items, literal, rank: syntax.nestedLists, syntax.span)
            } else {
                value(syntax)
            }
        guard !checked.isInvalid else { return nil }
        guard case .tensor(let element, let sizes) = checked.type else {
            report(.typeMismatch, "expected a tensor, found \(name(checked.type))", at: syntax.span)
            return nil
        }
        return Operand(expression: checked.expression, element: element, sizes: sizes)
    }

    private func tensor(
        _ arguments: [ArgumentSyntax], _ count: Int, _ callee: String, _ usage: String, _ span: Span,
        literal: TensorElement? = nil
    ) -> Operand? {
        guard hasCount(arguments, count, callee, usage, span) else {
            _ = skipped(arguments, span)
            return nil
        }
        return tensor(arguments[0].value, literal: literal)
    }

    /// A literal on the right has elements like the left, on the left those that the function wants, if it does.
    private func tensorPair(
        _ arguments: [ArgumentSyntax], _ callee: String, _ span: Span, literal: TensorElement? = nil
    ) -> (Operand, Operand)? {
        guard let one = tensor(arguments, 2, callee, "\(callee)(a, b)", span, literal: literal),
            let other = tensor(arguments[1].value, literal: one.element)
        else {
            return nil
        }
        return (one, other)
    }

    private func agree(_ one: [TensorDimension], _ other: [TensorDimension]) -> Bool { one == other }

    private func shapeMismatch(_ message: String, _ one: Operand, _ other: Operand, _ span: Span) -> Checked {
        report(
            .shapeMismatch, message, at: span, label: "shapes do not fit",
            also: [
                Label(one.expression.span, name(.tensor(one.element, one.sizes))),
                Label(other.expression.span, name(.tensor(other.element, other.sizes))),
            ])
        return invalid(span)
    }

    private func matmul(_ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        guard let (one, other) = tensorPair(arguments, "matmul", span, literal: .i8) else { return invalid(span) }
        guard one.element == .i8, other.element == .i8, one.sizes.count == 2, other.sizes.count == 2,
            one.sizes[1] == other.sizes[0]
        else { return shapeMismatch("matmul wants Tensor<i8, [n, k]> and Tensor<i8, [k, m]>", one, other, span) }
        return Checked(
            Expression(
                .builtin(.tensorMatmul, [one.expression, other.expression]),
                .tensor(.i32, [one.sizes[0], other.sizes[1]]),
                span))
    }

    private func tensorAdd(_ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        guard let (one, other) = tensorPair(arguments, "add", span),
            hasElements(one, [.i32], "add"), hasElements(other, [.i32], "add")
        else { return invalid(span) }
        let isRow = one.sizes.count == 2 && other.sizes.count == 1 && one.sizes[1] == other.sizes[0]
        guard one.sizes == other.sizes || isRow else {
            return shapeMismatch("add wants two tensors of one shape, or a row for each row", one, other, span)
        }
        return Checked(
            Expression(.builtin(.tensorAdd, [one.expression, other.expression]), .tensor(one.element, one.sizes), span))
    }

    private func requantize(_ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        guard let operand = tensor(arguments, 3, "requantize", "requantize(t, multiplier, shift)", span, literal: .i32)
        else {
            return invalid(span)
        }
        guard hasElements(operand, [.i32], "requantize") else { return invalid(span) }
        let factors = arguments.dropFirst().map { value($0.value, as: .integer(.int)) }
        guard factors.allSatisfy({ !$0.type.isInvalid }) else { return invalid(span) }
        return Checked(
            Expression(.builtin(.tensorRequantize, [operand.expression] + factors), .tensor(.i8, operand.sizes), span))
    }
}
