/// Binary logarithms of fixed-point numbers by fractions of two to eight limbs: no division, no allocation.
///
/// X is the raw value, E its bits, m = X / 2^E with 1/2 <= m < 1, F = 64 n fraction bits for n limbs, and *units* of
/// 2^-F:
///
/// 1. T / 65536 is -log2 m cut to 16 bits: the chord over one of 256 cells of m. A chord lies above the convex -log2 by
///    less than (2^-9)^2 / 8 * 4 / ln 2 * 65536 < 0.181 units of T; cut bits of m and the table's own error add less
///    than 0.007. So T is taken 0.2 lower: never too large, and too small by less than 1.21 (zero, where that would be
///    negative, has a remainder below 0.2).
/// 2. T = 256 i + j. g = m 2^(i/256) 2^(j/65536) lies in 1 - 2^-16.2 < g <= 1. Each table entry, half its power, errs
///    by less than 1.01 units, so their product by less than n + 2.6, and g / 4, with m cut by less than a unit, by
///    less than 2 n + 4.1. r = 1 - g errs by less than 8 n + 16.4.
/// 3. -log2(1 - r) = r + r (c_1 - 1 + r (c_2 + r (...))) with c_k = 1 / (k ln 2), up to order N = 4 n - 1, by Horner's
///    rule on L limbs, the fewest with 64 L + 16 k >= F + 8, as in `ExponentialKernel`. Beyond order N there is less
///    than 2^(-16.2 (N + 1)) / (N + 1) * 1.45, below 0.2 units for each n. The result errs by less than
///    (8 n + 16.4) 1.443 + (n + 1) + 0.3 units.
/// 4. log2 of the number is E - T / 65536 - that - log2(10^18), the constant cut by less than two units: an error
///    below 12.6 n + 27 <= 128 units for n <= 8.
enum LogarithmKernel {
    private static let limbCount = ExponentialConstants.limbCount
    /// Limbs of working memory.
    static let memoryLimbs = 4 * ExponentialConstants.limbCount
    /// Bits of the error of `approximate`, in units.
    static let errorBits = 7
    /// 0.2 of a unit of T, on 16 more bits.
    private static let bias: Int64 = 13_107

    /// Writes |log2 x| of the number x with raw value X > 0 and gives its sign: the fraction in the upper `limbs` of
    /// the first eight limbs, the integer part in the limb that follows.
    @inline(__always)
    static func approximate(_ memory: UnsafeMutablePointer<UInt64>, _ raw: Magnitude256, limbs: Int) -> Bool {
        let constants = LogarithmConstants.shared
        let powers = ExponentialConstants.shared
        let unused = limbCount - limbs
        let (width, mantissa) = normalised(raw)
        memory.update(repeating: 0, count: limbCount - 4)
        memory[limbCount - 4] = mantissa.limb0
        memory[limbCount - 3] = mantissa.limb1
        memory[limbCount - 2] = mantissa.limb2
        memory[limbCount - 1] = mantissa.limb3

        let cell = Int(mantissa.limb3 >> 55 & 255)
        let position = Int64(truncatingIfNeeded: mantissa.limb3 >> 39 & 0xFFFF)
        let (upper, lower) = (constants.cells[cell], constants.cells[cell + 1])
        let chord = upper &- ((upper &- lower) &* position) >> 16
        let steps = Int(truncatingIfNeeded: max(0, chord &- bias) >> 16)

        let power = memory + limbCount
        let sum = memory + 2 * limbCount
        FractionProduct.multiply(
            power + unused, powers.coarsePowers + limbCount * (steps >> 8) + unused,
            powers.finePowers + limbCount * (steps & 255) + unused, count: limbs)
        FractionProduct.multiply(power + unused, power + unused, memory + unused, count: limbs)
        complement(power + unused, count: limbs)
        // r = 4 (1/4 - g/4), the multiples of 4 falling away.
        _ = Limbs.shiftLeft(power + unused, power + unused, limbs, bits: 2)
        series(sum, power, constants.coefficients, limbs: limbs)

        // T / 65536 + the series + log2(10^18), then E minus that.
        let fraction = memory + unused
        fraction.update(from: sum + unused, count: limbs)
        var whole = 0
        let (top, carry) = fraction[limbs - 1].addingReportingOverflow(UInt64(truncatingIfNeeded: steps) << 48)
        fraction[limbs - 1] = top
        if carry { whole += 1 }
        if addWithCarry(fraction, constants.logarithmOfUnit + unused, count: limbs) { whole += 1 }
        whole = width - LogarithmConstants.wholeLogarithmOfUnit - whole
        // whole - fraction: negative unless whole is positive or both are zero.
        let isNegative = whole <= 0
        if isNegative {
            fraction[limbs] = UInt64(truncatingIfNeeded: -whole)
        } else {
            let isZero = complement(fraction, count: limbs)
            fraction[limbs] = UInt64(truncatingIfNeeded: whole - (isZero ? 0 : 1))
        }
        return isNegative
    }

    /// The bits of a number and the number shifted until its top bit is that of the upper limb.
    @inline(__always)
    private static func normalised(_ raw: Magnitude256) -> (width: Int, mantissa: Magnitude256) {
        var (high, low) = (raw.high, raw.low)
        var width = 256
        if high == 0 {
            (high, low) = (low, 0)
            width = 128
        }
        let zeros = high.leadingZeroBitCount
        if zeros > 0 {
            high = high << UInt128(truncatingIfNeeded: zeros) | low >> UInt128(truncatingIfNeeded: 128 - zeros)
            low <<= UInt128(truncatingIfNeeded: zeros)
        }
        return (width - zeros, Magnitude256(low: low, high: high))
    }

    /// `sum = -log2(1 - r)` for `r` in the upper limbs of `small`.
    @inline(__always)
    private static func series(
        _ sum: UnsafeMutablePointer<UInt64>, _ small: UnsafePointer<UInt64>, _ coefficients: UnsafePointer<UInt64>,
        limbs: Int
    ) {
        sum.update(repeating: 0, count: limbCount - 1)
        sum[limbCount - 1] = coefficients[limbCount * (4 * limbs - 1) + limbCount - 1]
        var next = 4 * limbs - 2
        next = horner(sum, small, coefficients, from: next, limbs: limbs, count: 1)
        next = horner(sum, small, coefficients, from: next, limbs: limbs, count: 2)
        if limbs >= 3 { next = horner(sum, small, coefficients, from: next, limbs: limbs, count: 3) }
        if limbs >= 4 { next = horner(sum, small, coefficients, from: next, limbs: limbs, count: 4) }
        if limbs >= 5 { next = horner(sum, small, coefficients, from: next, limbs: limbs, count: 5) }
        if limbs >= 6 { next = horner(sum, small, coefficients, from: next, limbs: limbs, count: 6) }
        if limbs >= 7 { next = horner(sum, small, coefficients, from: next, limbs: limbs, count: 7) }
        if limbs >= 8 { next = horner(sum, small, coefficients, from: next, limbs: limbs, count: 8) }
        let unused = limbCount - limbs
        FractionProduct.multiply(sum + unused, sum + unused, small + unused, count: limbs)
        FractionProduct.add(sum + unused, small + unused, count: limbs)
    }

    /// Steps of Horner's rule on the upper `count` limbs; returns the order that comes next.
    @inline(__always)
    private static func horner(
        _ sum: UnsafeMutablePointer<UInt64>, _ small: UnsafePointer<UInt64>, _ coefficients: UnsafePointer<UInt64>,
        from first: Int, limbs: Int, count: Int
    ) -> Int {
        let unused = limbCount - count
        let last = 4 * (limbs - count) + 1
        var order = first
        while order >= last {
            FractionProduct.multiply(sum + unused, sum + unused, small + unused, count: count)
            FractionProduct.add(sum + unused, coefficients + (limbCount * order + unused), count: count)
            order -= 1
        }
        return order
    }

    /// One minus the fraction, modulo one; whether that is zero.
    @inline(__always)
    @discardableResult
    static func complement(_ fraction: UnsafeMutablePointer<UInt64>, count: Int) -> Bool {
        var borrow = true
        var index = 0
        while index < count {
            let (limb, overflow) = (~fraction[index]).addingReportingOverflow(borrow ? 1 : 0)
            fraction[index] = limb
            borrow = overflow
            index += 1
        }
        return borrow
    }

    /// Adds in place and gives the carry.
    @inline(__always)
    private static func addWithCarry(
        _ target: UnsafeMutablePointer<UInt64>, _ addend: UnsafePointer<UInt64>, count: Int
    ) -> Bool {
        var carry = false
        var index = 0
        while index < count {
            let (partial, first) = target[index].addingReportingOverflow(addend[index])
            let (sum, second) = partial.addingReportingOverflow(carry ? 1 : 0)
            target[index] = sum
            carry = first || second
            index += 1
        }
        return carry
    }
}
