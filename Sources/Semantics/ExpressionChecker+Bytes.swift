import Diagnostics
import Numerics
import Syntax

// Values as bytes.

extension BodyChecker {
    /// `encode(value)`: the canonical encoding.
    func encoding(_ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        guard hasCount(arguments, 1, "encode", "encode(value)", span) else { return skipped(arguments, span) }
        guard let declared = encodable(arguments[0].value, "encoded") else { return invalid(span) }
        guard let limit = program.encodedBytesLimit(declared.type), limit <= Checker.capacityLimit else {
            report(
                .limitExceeded, "the encoding can be longer than \(Checker.capacityLimit) bytes", at: span,
                hint: "encode its parts, or take its hash")
            return invalid(span)
        }
        return Checked(Expression(.builtin(.encode, [declared.expression]), .bytes(capacity: limit), span))
    }

    /// A value that has a canonical encoding; nil after a report.
    func encodable(_ syntax: ExpressionSyntax, _ participle: String) -> Checked? {
        let operand = someValue(syntax)
        guard !operand.isInvalid else { return nil }
        guard program.isCopyable(operand.type) else {
            if operand.type.isRatio {
                reportRoundingNeeded(operand)
            } else {
                report(.typeMismatch, "\(name(operand.type)) cannot be \(participle)", at: syntax.span)
            }
            return nil
        }
        // An exact intermediate has no encoding of its own: it counts as the type that a binding would get.
        return converted(operand, to: operand.type.bindingType)
    }

    /// `bigEndian(n, count)` and `littleEndian(n, count)`.
    func integerBytes(_ function: BuiltinFunction, _ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        guard hasCount(arguments, 2, function.rawValue, "\(function.rawValue)(n, count)", span) else {
            return skipped(arguments, span)
        }
        let operand = someValue(arguments[0].value)
        let size = someValue(arguments[1].value)
        guard !operand.isInvalid, !size.isInvalid else { return invalid(span) }
        guard operand.type.isInteger else {
            _ = converted(operand, to: .integer(.int))
            return invalid(span)
        }
        guard let count = size.expression.constantInteger?.asInt64, (1...Int64(CellInteger.bytesLimit)).contains(count)
        else {
            report(
                .constantOutOfRange, "how many bytes is a constant from 1 to \(CellInteger.bytesLimit)",
                at: arguments[1].value.span)
            return invalid(span)
        }
        guard !operand.reach.isOutside(ValueRange(BigInt.zero, (BigInt.one << (8 * Int(count))) - BigInt.one)) else {
            report(
                .constantOutOfRange, "the number never fits \(count) bytes", at: arguments[0].value.span,
                hint: "bytes hold numbers that are not negative")
            return invalid(span)
        }
        let builtin = Builtin.toBytes(count: Int(count), isLittleEndian: function == .littleEndian)
        return Checked(
            Expression(.builtin(builtin, [operand.expression]), .bytes(capacity: Int(count)), span))
    }

    /// `fromBigEndian(bytes)` and `fromLittleEndian(bytes)`.
    func integerFromBytes(_ function: BuiltinFunction, _ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        guard hasCount(arguments, 1, function.rawValue, "\(function.rawValue)(bytes)", span) else {
            return skipped(arguments, span)
        }
        let operand = someValue(arguments[0].value)
        guard !operand.isInvalid else { return invalid(span) }
        guard case .bytes(let capacity) = operand.type, capacity <= CellInteger.bytesLimit else {
            report(
                .typeMismatch,
                "\(function.rawValue) wants at most \(CellInteger.bytesLimit) bytes, found \(name(operand.type))",
                at: arguments[0].value.span)
            return invalid(span)
        }
        let range = ValueRange(BigInt.zero, (BigInt.one << (8 * capacity)) - BigInt.one)
        let builtin = Builtin.fromBytes(isLittleEndian: function == .fromLittleEndian)
        return numberNode(.builtin(builtin, [operand.expression]), range, like: .integer(.int), span)
    }
}

extension Program {
    /// The most bytes that the canonical encoding of a value of the type takes; nil when it has none, or more than a
    /// million.
    func encodedBytesLimit(_ type: Type) -> Int? {
        func count(_ value: Int) -> Int { value < 128 ? 1 : value < 16_384 ? 2 : 3 }
        func sum(_ types: [Type]) -> Int? {
            var total = 0
            for type in types {
                guard let limit = encodedBytesLimit(type), total + limit <= 1_000_000 else { return nil }
                total += limit
            }
            return total
        }
        switch type {
        case .boolean: return 1
        case .integer(let integer):
            let bytes = (integer.bits + 7) / 8
            return count(2 * bytes + 1) + bytes
        case .fixed: return 33
        case .address, .hash, .asset, .interface: return 32
        case .bytes(let capacity), .text(let capacity): return count(capacity) + capacity
        case .option(let wrapped): return encodedBytesLimit(wrapped).map { $0 + 1 }
        case .list(let element, let capacity):
            guard let limit = encodedBytesLimit(element), limit * capacity <= 1_000_000 else { return nil }
            return count(capacity) + limit * capacity
        case .structure(let id): return sum(structs[id].fields.map(\.type))
        case .enumeration(let id):
            var most = 0
            for item in enums[id].cases {
                guard let limit = sum(item.payload.map(\.type)) else { return nil }
                most = max(most, limit)
            }
            return most + 2
        default: return nil
        }
    }
}
