import Diagnostics
import Numerics
import Syntax

/// Correctly rounded functions of Fixed numbers, and the integer square root.
extension BodyChecker {
    private static let roundings: [String: Rounding] = ["down": .floor, "up": .ceiling, "nearest": .halfEven]

    /// `exp(x, r)`, `ln(x, r)`, `log2(x, r)`, `sqrt(x, r)`, `pow(x, y, r)`.
    func mathematics(_ function: BuiltinFunction, _ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        let name = function.rawValue
        let count = function == .pow ? 3 : 2
        let example = function == .pow ? "pow(x, y, .nearest)" : "\(name)(x, .nearest)"
        guard hasCount(arguments, count, name, example, span) else { return skipped(arguments, span) }
        let operands = arguments.dropLast().map { converted(value($0.value, expecting: .fixed), to: .fixed) }
        let direction = arguments[count - 1].value
        guard case .implicitMember(let word) = direction.kind, let rounding = Self.roundings[word.name] else {
            report(
                .wrongArguments, "\(name) wants to know how to round", at: direction.span,
                hint: "one of .down, .up, .nearest")
            return invalid(span)
        }
        guard operands.allSatisfy({ !$0.isInvalid }) else { return invalid(span) }
        let builtin: Builtin
        let range: ValueRange
        let isOutside: Bool
        let high = operands[0].reach.high
        switch function {
        case .ln:
            (builtin, range) = (.ln(rounding), Self.wholes(-42, 136))
            isOutside = high <= BigInt.zero
        case .log2:
            (builtin, range) = (.log2(rounding), Self.wholes(-60, 196))
            isOutside = high <= BigInt.zero
        case .sqrt:
            // The root of 2^255 * 10^18 lies below 2^158.
            (builtin, range) = (.sqrt(rounding), ValueRange(BigInt.zero, BigInt.one << 158))
            isOutside = high.isNegative
        case .pow:
            (builtin, range) = (.pow(rounding), ValueRange(BigInt.zero, ValueRange.fixed.high))
            isOutside = high.isNegative
        default:
            (builtin, range) = (.exp(rounding), ValueRange(BigInt.zero, ValueRange.fixed.high))
            isOutside = false
        }
        if isOutside {
            let wanted = function == .ln || function == .log2 ? "a positive number" : "a number that is not negative"
            report(.constantOutOfRange, "\(name) wants \(wanted), and this never is one", at: arguments[0].value.span)
            return invalid(span)
        }
        return Checked(Expression(.builtin(builtin, operands.map(\.expression)), .fixed, span), range: range)
    }

    /// Raw values between two whole numbers.
    private static func wholes(_ low: Int, _ high: Int) -> ValueRange { ValueRange(low, high).scaledToFixed }

    /// `isqrt(n)`.
    func integerSquareRoot(_ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        guard hasCount(arguments, 1, "isqrt", "isqrt(n)", span) else { return skipped(arguments, span) }
        let operand = someValue(arguments[0].value)
        guard !operand.isInvalid else { return invalid(span) }
        guard operand.type.isInteger else {
            if operand.type.isRatio {
                reportRoundingNeeded(operand)
            } else {
                report(
                    .typeMismatch, "isqrt wants an integer, found \(name(operand.type))",
                    at: arguments[0].value.span,
                    hint: operand.type.isFixed ? "of a Fixed: sqrt(x, .nearest)" : nil)
            }
            return invalid(span)
        }
        guard let root = operand.reach.high.squareRoot else {
            report(
                .constantOutOfRange, "isqrt wants a number that is not negative, and this never is one",
                at: arguments[0].value.span)
            return invalid(span)
        }
        let range = ValueRange(operand.reach.low.squareRoot ?? BigInt.zero, root)
        return numberNode(.builtin(.integerSquareRoot, [operand.expression]), range, like: operand.type, span)
    }
}
