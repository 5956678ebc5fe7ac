import Numerics
import Semantics

/// Tensor operations as their definitions read, element by element.
enum TensorMath {
    static func product(_ left: TensorValue, _ right: TensorValue) throws(Failure) -> TensorValue {
        guard left.dimensions.count == 2, right.dimensions.count == 2, left.dimensions[1] == right.dimensions[0] else {
            throw .builtin(.shapeMismatch)
        }
        let (rows, inner, columns) = (left.dimensions[0], left.dimensions[1], right.dimensions[1])
        var elements: [Int64] = []
        for row in 0..<rows {
            for column in 0..<columns {
                var sum: Int64 = 0
                for index in 0..<inner {
                    sum += left.elements[row * inner + index] * right.elements[index * columns + column]
                }
                elements.append(sum)
            }
        }
        return try tensor(.i32, [rows, columns], elements)
    }

    /// Equal shapes, or a vector added to every row.
    static func sum(_ left: TensorValue, _ right: TensorValue) throws(Failure) -> TensorValue {
        let isRow = right.dimensions.count == 1 && right.dimensions.last == left.dimensions.last
        guard left.dimensions == right.dimensions || isRow else { throw .builtin(.shapeMismatch) }
        var elements: [Int64] = []
        for (index, element) in left.elements.enumerated() {
            let (sum, overflow) = element.addingReportingOverflow(right.elements[index % right.elements.count])
            guard !overflow else { throw .builtin(.overflow) }
            elements.append(sum)
        }
        return try tensor(left.element, left.dimensions, elements)
    }

    static func map(
        _ operand: TensorValue, to element: TensorElement, _ change: (Int64) -> Int64
    ) throws(Failure) -> TensorValue {
        try tensor(element, operand.dimensions, operand.elements.map(change))
    }

    /// Along the last axis; of equal elements the first.
    static func greatestIndices(_ operand: TensorValue) throws(Failure) -> TensorValue {
        guard let length = operand.dimensions.last, length > 0 else { throw .builtin(.shapeMismatch) }
        var indices: [Int64] = []
        for start in stride(from: 0, to: operand.elements.count, by: length) {
            let row = operand.elements[start..<start + length]
            let greatest = row.max() ?? 0
            indices.append(Int64((row.firstIndex(of: greatest) ?? start) - start))
        }
        let outer = Array(operand.dimensions.dropLast())
        return try tensor(.i32, outer.isEmpty ? [1] : outer, indices)
    }

    /// Each element times multiplier / 2^shift, rounded half to even, saturated to `i8`.
    static func requantize(_ operand: TensorValue, multiplier: BigInt, shift: BigInt) throws(Failure) -> TensorValue {
        guard !multiplier.isNegative, multiplier.fitsSigned(bits: 32), let shiftBits = shift.asInt64,
            0...62 ~= shiftBits
        else { throw .builtin(.invalidArgument) }
        let divisor = BigInt.one << Int(shiftBits)
        var elements: [Int64] = []
        for element in operand.elements {
            let scaled = (BigInt(element) * multiplier).roundDivide(divisor) ?? .zero
            elements.append(min(127, max(-128, scaled.asInt64 ?? (scaled.isNegative ? -128 : 127))))
        }
        return try tensor(.i8, operand.dimensions, elements)
    }

    private static func tensor(
        _ element: TensorElement, _ dimensions: [Int], _ elements: [Int64]
    ) throws(Failure) -> TensorValue {
        guard let result = TensorValue(element: element, dimensions: dimensions, elements: elements) else {
            throw .builtin(.overflow)
        }
        return result
    }
}
