internal import CGMP

/// Natural numbers as little-endian arrays of 64-bit limbs, on GMP's `mpn` layer.
///
/// Every function documents nothing that GMP does not: sizes are positive unless said otherwise, the longer operand
/// comes first, and only the overlaps that GMP permits are used.
enum Limbs {
    typealias Source = UnsafePointer<UInt64>
    typealias Target = UnsafeMutablePointer<UInt64>

    /// GMP's limb is C's `unsigned long`, which Swift calls `UInt`; on every supported platform that is 64 bits.
    @inline(__always)
    private static func gmp(_ pointer: Source) -> UnsafePointer<UInt> {
        UnsafeRawPointer(pointer).assumingMemoryBound(to: UInt.self)
    }

    @inline(__always)
    private static func gmp(_ pointer: Target) -> UnsafeMutablePointer<UInt> {
        UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: UInt.self)
    }

    /// `count` without leading zero limbs.
    @inline(__always)
    static func normalisedCount(_ limbs: Source, _ count: Int) -> Int {
        var count = count
        while count > 0 && limbs[count - 1] == 0 {
            count -= 1
        }
        return count
    }

    /// Bits of a number without leading zero limbs; 0 for none.
    @inline(__always)
    static func bitWidth(_ limbs: Source, _ count: Int) -> Int {
        count == 0 ? 0 : 64 * count - limbs[count - 1].leadingZeroBitCount
    }

    /// Compares two numbers without leading zero limbs: -1, 0 or 1.
    @inline(__always)
    static func compare(_ left: Source, _ leftCount: Int, _ right: Source, _ rightCount: Int) -> Int {
        if leftCount != rightCount { return leftCount < rightCount ? -1 : 1 }
        var index = leftCount
        while index > 0 {
            index -= 1
            if left[index] != right[index] { return left[index] < right[index] ? -1 : 1 }
        }
        return 0
    }

    /// `target = left + right`, `leftCount >= rightCount >= 0`; returns the carry limb.
    @inline(__always)
    static func add(
        _ target: Target, _ left: Source, _ leftCount: Int, _ right: Source, _ rightCount: Int
    ) -> UInt64 {
        if rightCount == 0 {
            target.update(from: left, count: leftCount)
            return 0
        }
        return UInt64(__gmpn_add(gmp(target), gmp(left), leftCount, gmp(right), rightCount))
    }

    /// `target = left - right` for `left >= right`, `leftCount >= rightCount >= 0`.
    @inline(__always)
    static func subtract(_ target: Target, _ left: Source, _ leftCount: Int, _ right: Source, _ rightCount: Int) {
        if rightCount == 0 {
            target.update(from: left, count: leftCount)
            return
        }
        _ = __gmpn_sub(gmp(target), gmp(left), leftCount, gmp(right), rightCount)
    }

    /// Adds one in place; the caller has room for the carry, which is returned.
    @inline(__always)
    static func increment(_ target: Target, _ count: Int) -> UInt64 {
        var index = 0
        while index < count {
            target[index] &+= 1
            if target[index] != 0 { return 0 }
            index += 1
        }
        return 1
    }

    /// `target = left * right` on `leftCount + rightCount` limbs; sizes positive in either order, no overlap.
    @inline(__always)
    static func multiply(_ target: Target, _ left: Source, _ leftCount: Int, _ right: Source, _ rightCount: Int) {
        if leftCount == rightCount {
            if left == right {
                __gmpn_sqr(gmp(target), gmp(left), leftCount)
            } else {
                __gmpn_mul_n(gmp(target), gmp(left), gmp(right), leftCount)
            }
        } else if leftCount > rightCount {
            _ = __gmpn_mul(gmp(target), gmp(left), leftCount, gmp(right), rightCount)
        } else {
            _ = __gmpn_mul(gmp(target), gmp(right), rightCount, gmp(left), leftCount)
        }
    }

    /// Quotient (`dividendCount - divisorCount + 1` limbs) and remainder (`divisorCount` limbs);
    /// `dividendCount >= divisorCount > 0`, the divisor's top limb is not zero, no overlap.
    @inline(__always)
    static func divide(
        quotient: Target, remainder: Target, _ dividend: Source, _ dividendCount: Int, _ divisor: Source,
        _ divisorCount: Int
    ) {
        __gmpn_tdiv_qr(gmp(quotient), gmp(remainder), 0, gmp(dividend), dividendCount, gmp(divisor), divisorCount)
    }

    /// `target = source << bits`, `0 < bits < 64`; returns the bits shifted out. Overlap upward is fine.
    @inline(__always)
    static func shiftLeft(_ target: Target, _ source: Source, _ count: Int, bits: Int) -> UInt64 {
        UInt64(__gmpn_lshift(gmp(target), gmp(source), count, UInt32(truncatingIfNeeded: bits)))
    }

    /// `target = source >> bits`, `0 < bits < 64`. Overlap downward is fine.
    @inline(__always)
    static func shiftRight(_ target: Target, _ source: Source, _ count: Int, bits: Int) {
        _ = __gmpn_rshift(gmp(target), gmp(source), count, UInt32(truncatingIfNeeded: bits))
    }

    /// Floor of the square root on `(count + 1) / 2` limbs; the top limb of the source is not zero, no overlap.
    @inline(__always)
    static func squareRoot(_ target: Target, _ source: Source, _ count: Int) {
        _ = __gmpn_sqrtrem(gmp(target), nil, gmp(source), count)
    }

    /// The same, with the remainder on as many limbs as the result says; the remainder's target has `count` limbs.
    @inline(__always)
    static func squareRoot(_ target: Target, remainder: Target, _ source: Source, _ count: Int) -> Int {
        __gmpn_sqrtrem(gmp(target), gmp(remainder), gmp(source), count)
    }

    /// `target = source / divisor` on `count` limbs, the divisor not zero; returns the remainder. In place is fine.
    @inline(__always)
    static func divide(_ target: Target, _ source: Source, _ count: Int, by divisor: UInt64) -> UInt64 {
        UInt64(__gmpn_divrem_1(gmp(target), 0, gmp(source), count, UInt(divisor)))
    }

    /// Greatest common divisor of two odd numbers without leading zeros, `leftCount >= rightCount` and left at least as
    /// wide as right; both are destroyed. Returns the limb count of the result.
    static func greatestCommonDivisor(
        _ target: Target, _ left: Target, _ leftCount: Int, _ right: Target, _ rightCount: Int
    ) -> Int {
        __gmpn_gcd(gmp(target), gmp(left), leftCount, gmp(right), rightCount)
    }

    /// Digit values, most significant first, of a number that the call destroys; `source` has a spare limb at its end.
    static func digits(_ output: UnsafeMutablePointer<UInt8>, radix: Int, _ source: Target, _ count: Int) -> Int {
        __gmpn_get_str(output, Int32(truncatingIfNeeded: radix), gmp(source), count)
    }

    /// Reads digit values, most significant first; returns the limbs written.
    static func read(_ target: Target, digits: UnsafePointer<UInt8>, _ count: Int, radix: Int) -> Int {
        __gmpn_set_str(gmp(target), digits, count, Int32(truncatingIfNeeded: radix))
    }
}
