/// A two-limb divisor prepared for repeated division: shifted until its top bit is set, with the reciprocal
/// `floor((2^192 - 1) / divisor) - 2^64`.
///
/// The method is the division of three limbs by two of N. Möller and T. Granlund, "Improved division by invariant
/// integers", IEEE Transactions on Computers 60 (2011), algorithms 4 and 6.
struct TwoLimbDivisor {
    /// The divisor shifted left by `shift` bits.
    let high: UInt64
    let low: UInt64
    let reciprocal: UInt64
    let shift: Int

    /// `divisor` is not zero. One of a single limb is scaled up to two as well.
    @inline(__always)
    init(_ divisor: UInt128) {
        shift = divisor.leadingZeroBitCount
        let scaled = divisor << UInt128(truncatingIfNeeded: shift)
        high = UInt64(truncatingIfNeeded: scaled >> 64)
        low = UInt64(truncatingIfNeeded: scaled)
        // Reciprocal of the top limb: floor((2^128 - 1) / high) - 2^64.
        var reciprocal = high.dividingFullWidth((~high, UInt64.max)).quotient
        // Corrections for the low limb.
        var partial = high &* reciprocal &+ low
        if partial < low {
            reciprocal &-= 1
            if partial >= high {
                reciprocal &-= 1
                partial &-= high
            }
            partial &-= high
        }
        let cross = reciprocal.product(low)
        let crossHigh = UInt64(truncatingIfNeeded: cross >> 64)
        partial = partial &+ crossHigh
        if partial < crossHigh {
            reciprocal &-= 1
            let crossLow = UInt128(truncatingIfNeeded: UInt64(truncatingIfNeeded: cross))
            if UInt128(truncatingIfNeeded: partial) << 64 | crossLow >= scaled {
                reciprocal &-= 1
            }
        }
        self.reciprocal = reciprocal
    }

    @inline(__always)
    var scaled: UInt128 { UInt128(truncatingIfNeeded: high) << 64 | UInt128(truncatingIfNeeded: low) }

    /// One quotient limb of `(rest, limb)` by the scaled divisor, `rest` below it.
    @inline(__always)
    func step(_ rest: UInt128, _ limb: UInt64) -> (quotient: UInt64, rest: UInt128) {
        let top = UInt64(truncatingIfNeeded: rest >> 64)
        let estimate = top.product(reciprocal) &+ rest
        var quotient = UInt64(truncatingIfNeeded: estimate >> 64)
        let estimateLow = UInt64(truncatingIfNeeded: estimate)
        let partial = UInt64(truncatingIfNeeded: rest) &- quotient &* high
        var remainder = UInt128(truncatingIfNeeded: partial) << 64 | UInt128(truncatingIfNeeded: limb)
        remainder = remainder &- quotient.product(low) &- scaled
        quotient &+= 1
        if UInt64(truncatingIfNeeded: remainder >> 64) >= estimateLow {
            quotient &-= 1
            remainder = remainder &+ scaled
        }
        if remainder >= scaled {
            quotient &+= 1
            remainder = remainder &- scaled
        }
        return (quotient, remainder)
    }

    /// Quotient of a value below `2^128` times the scaled divisor that already carries the shift.
    @inline(__always)
    func quotientOfScaled(_ dividend: Magnitude256) -> (quotient: UInt128, remainder: UInt128) {
        let (upper, rest) = step(dividend.high, dividend.limb1)
        let (lower, remainder) = step(rest, dividend.limb0)
        return (UInt128(truncatingIfNeeded: upper) << 64 | UInt128(truncatingIfNeeded: lower), remainder)
    }

    /// Quotient and remainder of any 256-bit value; the divisor has two limbs, so `shift < 64`.
    @inline(__always)
    func divide(_ dividend: Magnitude256) -> (quotient: Magnitude256, remainder: UInt128) {
        let bits = UInt64(truncatingIfNeeded: shift)
        // Swift's smart shift by 64 yields zero, as wanted for `shift == 0`.
        let limb4 = dividend.limb3 >> (64 - bits)
        let limb3 = dividend.limb3 << bits | dividend.limb2 >> (64 - bits)
        let limb2 = dividend.limb2 << bits | dividend.limb1 >> (64 - bits)
        let limb1 = dividend.limb1 << bits | dividend.limb0 >> (64 - bits)
        let limb0 = dividend.limb0 << bits
        // (limb4, limb3) is below the scaled divisor, whose top bit is set, unless the shift is zero.
        var rest = UInt128(truncatingIfNeeded: limb4) << 64 | UInt128(truncatingIfNeeded: limb3)
        var quotient = Magnitude256(limb0: 0, limb1: 0, limb2: 0, limb3: 0)
        (quotient.limb2, rest) = limb4 | limb3 == 0 ? (0, UInt128(truncatingIfNeeded: limb2)) : step(rest, limb2)
        (quotient.limb1, rest) = step(rest, limb1)
        (quotient.limb0, rest) = step(rest, limb0)
        return (quotient, rest >> UInt128(truncatingIfNeeded: shift))
    }
}
