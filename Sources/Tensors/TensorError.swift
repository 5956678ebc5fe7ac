/// Why a tensor operation was refused. The raw value is the stable code.
public enum TensorError: UInt16, Error, Equatable, Sendable, CaseIterable {
    /// The dimensions of the operands do not fit the operation.
    case shapeMismatch = 1
    /// A rank above four, or more than `TensorShape.elementCountLimit` elements.
    case tooLarge = 2
    /// The inner dimension of a matrix product could make a 32-bit sum overflow.
    case innerDimensionTooLarge = 3
    /// The multiplier of a requantisation is negative, or its shift is outside 0...62.
    case invalidScale = 4
    /// A checked sum does not fit its element type.
    case elementOverflow = 5
    /// The axis over which the greatest element is sought has no elements.
    case emptyAxis = 6
}
