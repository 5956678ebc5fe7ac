/// The variable gas of tensor operations: one unit is one nanosecond at the slowest supported level, SSE2.
///
/// Each operation costs `fixed + elements · perElement / 32`. A matrix product counts its multiply-adds after rounding
/// its dimensions up to the kernel's tile, because a partly filled tile costs as much as a full one, and besides them
/// the elements that are packed and stored.
public struct TensorCosts: Equatable, Sendable {
    /// Charged once an operation.
    public let fixed: UInt64
    /// Charged for each element worked on, in thirty-seconds.
    public let perElement32nds: UInt64

    /// Addition, with or without broadcast, checked or saturating; counts the result's elements.
    public static let add = TensorCosts(fixed: 20, perElement32nds: 32)
    /// Requantisation; counts elements.
    public static let requantise = TensorCosts(fixed: 20, perElement32nds: 48)
    /// Rectification of either width; counts elements.
    public static let map = TensorCosts(fixed: 20, perElement32nds: 8)
    /// Index of the greatest element; counts the elements read.
    public static let argmax = TensorCosts(fixed: 20, perElement32nds: 32)
    /// Equality count; counts the positions compared.
    public static let equalCount = TensorCosts(fixed: 20, perElement32nds: 16)

    /// The gas for `elements` elements, at most `TensorShape.elementCountLimit`.
    public func gas(elements: Int) -> UInt64 {
        fixed + (UInt64(elements) * perElement32nds + 31) / 32
    }

    /// The gas of `[m, k] × [k, n]`, for shapes that `TensorShape.matrixProduct` accepts.
    ///
    /// Rows are rounded up to a multiple of 4, columns to one of 16, the depth to an even number. With at most 2^24
    /// elements an operand no product here reaches 2^60.
    public static func gasOfMatrixProduct(_ left: TensorShape, _ right: TensorShape) -> UInt64 {
        let rows = (UInt64(left[0]) + 3) & ~3
        let depth = (UInt64(left[1]) + 1) & ~1
        let columns = (UInt64(right[1]) + 15) & ~15
        let work32nds = rows * depth * columns + 8 * depth * columns + 10 * rows * columns
        return 60 + (work32nds + 31) / 32
    }
}
