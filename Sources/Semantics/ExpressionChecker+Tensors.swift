import Diagnostics
import Numerics
import Syntax

extension TensorElement {
    var range: ValueRange {
        let bits: Int =
            switch self {
            case .i8: 8
            case .i16: 16
            case .i32: 32
            case .i64: 64
            }
        return ValueRange(IntegerType(name: .int, bits: bits, isSigned: true))
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

    func tensorCall(_ function: BuiltinFunction, _ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        switch function {
        case .matmul: return matmul(arguments, span)
        case .add: return tensorAdd(arguments, span)
        case .requantize: return requantize(arguments, span)
        case .countEqual:
            guard let (one, other) = tensorPair(arguments, "countEqual", span) else { return invalid(span) }
            guard one.element == other.element, agree(one.sizes, other.sizes) else {
                return shapeMismatch("countEqual wants tensors of one type", one, other, span)
            }
            return counted(.builtin(.tensorCountEqual, [one.expression, other.expression]), 1 << 24, span)
        case .relu:
            guard let operand = tensor(arguments, 1, "relu", "relu(t)", span) else { return invalid(span) }
            return Checked(
                Expression(.builtin(.tensorRelu, [operand.expression]), .tensor(operand.element, operand.sizes), span))
        default:
            guard let operand = tensor(arguments, 1, "argmax", "argmax(t)", span) else { return invalid(span) }
            let sizes = operand.sizes.count > 1 ? Array(operand.sizes.dropLast()) : [.constant(1)]
            return Checked(Expression(.builtin(.tensorArgmax, [operand.expression]), .tensor(.i32, sizes), span))
        }
    }

    private struct Operand {
        var expression: Expression
        var element: TensorElement
        var sizes: [TensorDimension]
    }

    private func tensor(_ syntax: ExpressionSyntax) -> Operand? {
        let checked = value(syntax)
        guard !checked.isInvalid else { return nil }
        guard case .tensor(let element, let sizes) = checked.type else {
            report(.typeMismatch, "expected a tensor, found \(name(checked.type))", at: syntax.span)
            return nil
        }
        return Operand(expression: checked.expression, element: element, sizes: sizes)
    }

    private func tensor(
        _ arguments: [ArgumentSyntax], _ count: Int, _ callee: String, _ usage: String, _ span: Span
    ) -> Operand? {
        guard hasCount(arguments, count, callee, usage, span) else {
            _ = skipped(arguments, span)
            return nil
        }
        return tensor(arguments[0].value)
    }

    private func tensorPair(_ arguments: [ArgumentSyntax], _ callee: String, _ span: Span) -> (Operand, Operand)? {
        guard let one = tensor(arguments, 2, callee, "\(callee)(a, b)", span), let other = tensor(arguments[1].value)
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
        guard let (one, other) = tensorPair(arguments, "matmul", span) else { return invalid(span) }
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
        guard let (one, other) = tensorPair(arguments, "add", span) else { return invalid(span) }
        let isRow = one.sizes.count == 2 && other.sizes.count == 1 && one.sizes[1] == other.sizes[0]
        guard one.element == other.element, one.sizes == other.sizes || isRow else {
            return shapeMismatch("add wants two tensors of one shape, or a row for each row", one, other, span)
        }
        return Checked(
            Expression(.builtin(.tensorAdd, [one.expression, other.expression]), .tensor(one.element, one.sizes), span))
    }

    private func requantize(_ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        guard let operand = tensor(arguments, 3, "requantize", "requantize(t, multiplier, shift)", span) else {
            return invalid(span)
        }
        guard operand.element == .i32 else {
            report(
                .typeMismatch,
                "requantize wants a tensor of i32, found \(name(.tensor(operand.element, operand.sizes)))",
                at: arguments[0].value.span)
            return invalid(span)
        }
        let factors = arguments.dropFirst().map { value($0.value, as: .integer(.int)) }
        guard factors.allSatisfy({ !$0.type.isInvalid }) else { return invalid(span) }
        return Checked(
            Expression(.builtin(.tensorRequantize, [operand.expression] + factors), .tensor(.i8, operand.sizes), span))
    }
}
