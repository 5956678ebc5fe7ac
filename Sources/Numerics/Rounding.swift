/// How a value that lies between two integers becomes one of them.
///
/// The raw values are part of the bytecode format.
@frozen
public enum Rounding: UInt8, Sendable, Hashable, CaseIterable {
    /// Toward negative infinity.
    case floor = 0
    /// Toward positive infinity.
    case ceiling = 1
    /// To the nearest integer, a tie to the even one.
    case halfEven = 2
    /// Toward zero.
    case towardZero = 3
}

/// Outcome of a cell operation. On anything but `ok` the destination is unchanged.
@frozen
public enum ArithmeticStatus: UInt8, Error, Hashable, CaseIterable {
    case ok = 0
    /// A divisor or modulus is zero, or the weights of an apportionment sum to zero.
    case divisionByZero = 1
    /// The result would pass `NumericLimits.integerBits` bits of magnitude.
    case integerTooWide = 2
    /// The arena has no room for the result.
    case arenaExhausted = 3
    /// The gas left does not pay the variable part of the operation; the counter is left as it was.
    case outOfGas = 4
    /// An operand lies outside the operation's domain, such as a negative weight or the root of a negative number.
    case domainError = 5
    /// A fixed-point result does not fit its 256-bit signed container.
    case overflow = 6
}
