/// Sizes that bound every integer.
public enum NumericLimits {
    /// Largest magnitude of an integer in a register, in bits.
    public static let integerBits = 4_096
    /// The same in 64-bit limbs.
    public static let integerLimbs = integerBits / 64
    /// Largest product held inside `mulDiv` and `mulMod`, in bits.
    public static let intermediateBits = 8_192
    /// Limbs that fit a cell's home.
    public static let homeLimbs = 4
    /// Longest list that the list operations take, in elements.
    public static let listCount = 65_536
}

/// Gas for the variable part of integer operations. One unit is meant to be a nanosecond on the reference machine.
///
/// Operations whose operands all have at most `freeLimbs` limbs are paid by their instruction's base cost. Wider ones
/// pay the sums below, computed from operand sizes alone and taken before any work is done.
public enum NumericCosts {
    /// Operands up to this many limbs add nothing to the base cost.
    public static let freeLimbs = NumericLimits.homeLimbs
    /// For each limb read or written, the arena bytes of the result included.
    public static let perLimb: Int64 = 2
    /// For each pair of limbs that a product multiplies.
    public static let perProductPair: Int64 = 1
    /// For each pair of a quotient limb and a divisor limb.
    public static let perQuotientPair: Int64 = 2

    /// Addition, subtraction, negation of operands of `left` and `right` limbs.
    @inlinable
    public static func linear(_ left: Int, _ right: Int) -> Int64 {
        perLimb * Int64(left + right + max(left, right))
    }

    /// Product of `left` by `right` limbs.
    @inlinable
    public static func product(_ left: Int, _ right: Int) -> Int64 {
        2 * perLimb * Int64(left + right) + perProductPair * Int64(left * right)
    }

    /// Quotient or remainder of `dividend` by `divisor` limbs.
    @inlinable
    public static func quotient(_ dividend: Int, _ divisor: Int) -> Int64 {
        let quotientLimbs = max(0, dividend - divisor) + 1
        return 2 * perLimb * Int64(dividend + divisor) + perQuotientPair * Int64(quotientLimbs * divisor)
    }

    /// Integer square root of `limbs` limbs.
    @inlinable
    public static func squareRoot(_ limbs: Int) -> Int64 {
        2 * perLimb * Int64(limbs) + perQuotientPair * Int64(limbs * limbs)
    }

    /// Ordering `count` integers of which those beyond the home have `wideLimbs` limbs in all; nothing without such.
    @inlinable
    public static func order(wideLimbs: Int, count: Int) -> Int64 {
        let levels = Int.bitWidth - max(0, count - 1).leadingZeroBitCount
        return perLimb * Int64(wideLimbs) * Int64(levels)
    }
}
