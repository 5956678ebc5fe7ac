/// The variable gas of tensor operations: one unit is one nanosecond at the slowest supported level, SSE2.
///
/// Each operation costs `fixed + elements · perElement / 16`, and a matrix product counts its multiply-adds after
/// rounding its dimensions up to the kernel's tile, because a partly filled tile costs as much as a full one.
public struct TensorCosts: Equatable, Sendable {
    /// Charged once an operation.
    public let fixed: UInt64
    /// Charged for each element worked on, in sixteenths.
    public let sixteenthsPerElement: UInt64

    /// Sixteenths of gas for each multiply-add of a matrix product; other operations count elements.
    public static let matrixProduct = TensorCosts(fixed: 60, sixteenthsPerElement: 1)
    /// Addition, with or without broadcast, checked or saturating; counts the result's elements.
    public static let add = TensorCosts(fixed: 20, sixteenthsPerElement: 16)
    /// Requantisation; counts elements.
    public static let requantise = TensorCosts(fixed: 20, sixteenthsPerElement: 40)
    /// Rectification of either width, and widening; counts elements.
    public static let map = TensorCosts(fixed: 20, sixteenthsPerElement: 8)
    /// Index of the greatest element; counts the elements read.
    public static let argmax = TensorCosts(fixed: 20, sixteenthsPerElement: 32)
    /// Equality count; counts the positions compared.
    public static let equalCount = TensorCosts(fixed: 20, sixteenthsPerElement: 16)
    /// Transposition; counts elements.
    public static let transpose = TensorCosts(fixed: 20, sixteenthsPerElement: 32)

    /// The gas for `elements` elements, at most `TensorShape.elementCountLimit`.
    public func gas(elements: Int) -> UInt64 {
        fixed + (UInt64(elements) * sixteenthsPerElement + 15) / 16
    }

    /// The gas of `[m, k] × [k, n]`, for shapes that `TensorShape.matrixProduct` accepts.
    ///
    /// With rows to a multiple of 4, columns to a multiple of 16 and depth to an even number the multiply-adds are
    /// below 2^25 · 2^18 · 2^4, so nothing overflows. Packing counts each element of the right operand once.
    public static func gasOfMatrixProduct(_ left: TensorShape, _ right: TensorShape) -> UInt64 {
        let rows = (UInt64(left[0]) + 3) & ~3
        let depth = (UInt64(left[1]) + 1) & ~1
        let columns = (UInt64(right[1]) + 15) & ~15
        let multiplications = rows * depth * columns
        let packed = depth * columns
        let stored = rows * columns
        return matrixProduct.fixed + (multiplications * matrixProduct.sixteenthsPerElement + 15) / 16 + packed + stored
    }
}
