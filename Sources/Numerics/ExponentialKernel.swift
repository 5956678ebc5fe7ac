/// Powers of two and of e by fractions of two to eight limbs: no division, no allocation.
///
/// With v the argument, F = 64 n fraction bits for n limbs, and *units* of 2^-F:
///
/// 1. t = v / ln 2 = k + f, k an integer and 0 <= f < 1. The constant 2^(F+123) / (10^18 ln 2) is cut by less than 2,
///    and the raw argument is below 2^68, so cutting the product to F bits leaves an error below 1.01 units.
/// 2. f = i / 256 + j / 65536 + g with g < 2^-16, exactly. w = g ln 2 < 2^-16.5, an error below n + 1.1 units
///    (`FractionProduct`: n + 1).
/// 3. e^w - 1 = w + w^2 (1/2! + w (1/3! + ...)) by Horner's rule up to order N. The sum p_m = 1/m! + w p_(m+1) is held
///    on L limbs, the fewest with 64 L + 16 m >= F + 8. It errs by less than L + 3 <= 11 units of 2^(-64 L), which
///    reaches the result times w^m < 2^(-16.5 m): over all m less than 0.1 unit. The terms beyond order N are less than
///    2 w^(N+1) / (N+1)!, below 2^-5 units for each n. The last product adds n + 1, so e^w - 1 errs by less
///    than 2 n + 2.3 units.
/// 4. Table entries 2^(i/256) / 2 and 2^(j/65536) / 2 err by less than 1.01 units each; so their product, between 1/4
///    and 1/2, by less than n + 3.1. Times e^w it is m = 2^f / 4, and errs by less than
///    1.01 (n + 3.1) + (2 n + 2.3) / 2 + n + 1 + 0.4 (from step 1) <= 30 units for n <= 8. We count 32.
/// 5. The raw result is m 10^18 2^(k+2): the integer N = m 10^18 2^F, in error by less than 32 * 10^18 < 2^65, shifted
///    right by s = F - 2 - k. The limbs are chosen so that s >= 105: the 40 bits after the point decide the rounding
///    of all but one argument in about 2^38. Eight limbs, which leave at least 249 bits, decide those.
enum ExponentialKernel {
    private static let limbCount = ExponentialConstants.limbCount
    /// Limbs of working memory for `approximate` and `power`.
    static let memoryLimbs = 4 * ExponentialConstants.limbCount
    /// Bit of N that its error stays below.
    static let errorBit = 65

    /// Largest arguments, raw, for which k <= 64 n - 107 for n = 2, 3, 4 limbs.
    private static let twoLimbLimit: UInt128 = 14_900_000_000_000_000_000
    private static let threeLimbLimit: UInt128 = 59_200_000_000_000_000_000
    private static let fourLimbLimit: UInt128 = 103_600_000_000_000_000_000

    /// The rounded result, or nil when the precision does not decide it. The argument is not zero and lies between the
    /// thresholds of `FixedPoint`; the result may be as large as 2^256.
    static func evaluate(_ magnitude: UInt128, negative: Bool, rounding: Rounding) -> Magnitude256? {
        if negative || magnitude < twoLimbLimit {
            return evaluate(magnitude, negative: negative, rounding: rounding, limbs: 2)
        }
        if magnitude < threeLimbLimit {
            return evaluate(magnitude, negative: false, rounding: rounding, limbs: 3)
        }
        if magnitude < fourLimbLimit {
            return evaluate(magnitude, negative: false, rounding: rounding, limbs: 4)
        }
        return evaluate(magnitude, negative: false, rounding: rounding, limbs: 5)
    }

    /// The same with all eight limbs, for what `evaluate` leaves open.
    @inline(never)
    static func evaluateFully(_ magnitude: UInt128, negative: Bool, rounding: Rounding) -> Magnitude256? {
        evaluate(magnitude, negative: negative, rounding: rounding, limbs: limbCount)
    }

    /// `limbs` is a constant at every call, so each becomes a function of its own without inner branches.
    @inline(__always)
    private static func evaluate(
        _ magnitude: UInt128, negative: Bool, rounding: Rounding, limbs: Int
    ) -> Magnitude256? {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: memoryLimbs) { buffer -> Magnitude256? in
            guard let memory = buffer.baseAddress else { return nil }
            let shift = approximate(memory, magnitude, negative: negative, limbs: limbs)
            return round(memory, shift: shift, errorBit: errorBit, rounding: rounding)
        }
    }

    /// Writes N on `limbs + 1` limbs, then zeros, and returns the shift s.
    @inline(__always)
    static func approximate(
        _ memory: UnsafeMutablePointer<UInt64>, _ magnitude: UInt128, negative: Bool, limbs: Int
    ) -> Int {
        let exponent = reduce(
            memory + (limbCount - limbs), magnitude, negative: negative, ExponentialConstants.shared, limbs: limbs)
        power(memory, limbs: limbs)
        return 64 * limbs - 2 - exponent
    }

    /// The order of the Taylor polynomial.
    @inline(__always)
    private static func order(limbs: Int) -> Int { limbs < 7 ? 3 * limbs + 1 : 3 * limbs + 2 }

    /// Replaces the fraction f in the upper `limbs` of the first eight limbs by N = 2^f / 4 * 10^18 * 2^(64 limbs), as
    /// step 5 has it: `limbs + 1` limbs from `memory` on, then zeros.
    @inline(__always)
    static func power(_ memory: UnsafeMutablePointer<UInt64>, limbs: Int) {
        let constants = ExponentialConstants.shared
        // Fractions are eight limbs long and use the upper `limbs` of them.
        let unused = limbCount - limbs
        let fraction = memory + unused
        let top = fraction[limbs - 1]
        let coarse = constants.coarsePowers + limbCount * Int(top >> 56) + unused
        let fine = constants.finePowers + limbCount * Int(top >> 48 & 255) + unused
        fraction[limbs - 1] = top & (1 << 48 - 1)

        let small = memory + limbCount
        FractionProduct.multiply(small + unused, fraction, constants.logarithm + unused, count: limbs)
        let sum = memory + 2 * limbCount
        sum.update(repeating: 0, count: limbCount)
        taylor(sum, small, constants.inverseFactorials, limbs: limbs, order: order(limbs: limbs))

        // m = t + t (e^w - 1), t the product of the table entries.
        let power = memory + 3 * limbCount
        FractionProduct.multiply(power + unused, coarse, fine, count: limbs)
        FractionProduct.multiply(sum + unused, sum + unused, power + unused, count: limbs)
        FractionProduct.add(power + unused, sum + unused, count: limbs)
        FractionRounding.multiply(memory, power + unused, count: limbs, by: FixedPoint.unit)
        // Exponents down to -66 put the point at most 64 bits above the fraction's 64 n, and 256 bits follow.
        (memory + limbs + 1).update(repeating: 0, count: 6)
    }

    /// Writes the fraction f of the argument divided by ln 2 and returns its integer part k.
    @inline(__always)
    private static func reduce(
        _ fraction: UnsafeMutablePointer<UInt64>, _ magnitude: UInt128, negative: Bool,
        _ constants: ExponentialConstants, limbs: Int
    ) -> Int {
        let low = UInt64(truncatingIfNeeded: magnitude)
        let high = UInt64(truncatingIfNeeded: magnitude >> 64)
        let scale = constants.scaleOfArgument + (limbCount - limbs)
        // Product limbs 1... shifted right by 59, as they come; limb 0 only gives a carry.
        var carry: UInt128 = low.product(scale[0]) >> 64
        var previous: UInt64 = 0
        var integer: UInt64 = 0
        var index = 1
        while index <= limbs + 2 {
            let lowPart = index <= limbs ? low.product(scale[index]) : 0
            let highPart = index <= limbs + 1 ? high.product(scale[index - 1]) : 0
            // high < 16, so the sums stay below 2^128.
            let sum = lowPart &+ (carry & UInt128(truncatingIfNeeded: UInt64.max))
            let low64 = UInt128(truncatingIfNeeded: UInt64(truncatingIfNeeded: sum))
            let next = low64 &+ (highPart & UInt128(truncatingIfNeeded: UInt64.max))
            let limb = UInt64(truncatingIfNeeded: next)
            carry = (sum >> 64) &+ (highPart >> 64) &+ (next >> 64) &+ (carry >> 64)
            if index >= 2 {
                let shifted = previous >> 59 | limb << 5
                if index <= limbs + 1 {
                    fraction[index - 2] = shifted
                } else {
                    integer = shifted
                }
            }
            previous = limb
            index += 1
        }
        if !negative { return Int(truncatingIfNeeded: integer) }
        var borrow = true
        index = 0
        while index < limbs {
            let (limb, overflow) = (~fraction[index]).addingReportingOverflow(borrow ? 1 : 0)
            fraction[index] = limb
            borrow = overflow
            index += 1
        }
        return Int(truncatingIfNeeded: ~integer &+ (borrow ? 1 : 0))
    }

    /// `sum = e^w - 1` for `w` in the upper limbs of `small`; `sum` starts as zero.
    @inline(__always)
    private static func taylor(
        _ sum: UnsafeMutablePointer<UInt64>, _ small: UnsafePointer<UInt64>, _ inverseFactorials: UnsafePointer<UInt64>,
        limbs: Int, order: Int
    ) {
        let first = inverseFactorials + limbCount * order
        sum[limbCount - 1] = first[limbCount - 1]
        sum[limbCount - 2] = first[limbCount - 2]
        // Order m needs the fewest limbs L with 64 L + 16 m >= 64 n + 8: L limbs serve m >= 4 (n - L) + 1.
        // The steps are spelt out so that each has a constant count.
        var next = order - 1
        next = horner(sum, small, inverseFactorials, from: next, limbs: limbs, count: 1)
        next = horner(sum, small, inverseFactorials, from: next, limbs: limbs, count: 2)
        if limbs >= 3 { next = horner(sum, small, inverseFactorials, from: next, limbs: limbs, count: 3) }
        if limbs >= 4 { next = horner(sum, small, inverseFactorials, from: next, limbs: limbs, count: 4) }
        if limbs >= 5 { next = horner(sum, small, inverseFactorials, from: next, limbs: limbs, count: 5) }
        if limbs >= 6 { next = horner(sum, small, inverseFactorials, from: next, limbs: limbs, count: 6) }
        if limbs >= 7 { next = horner(sum, small, inverseFactorials, from: next, limbs: limbs, count: 7) }
        if limbs >= 8 { next = horner(sum, small, inverseFactorials, from: next, limbs: limbs, count: 8) }
        let unused = limbCount - limbs
        FractionProduct.multiply(sum + unused, sum + unused, small + unused, count: limbs)
        FractionProduct.multiply(sum + unused, sum + unused, small + unused, count: limbs)
        FractionProduct.add(sum + unused, small + unused, count: limbs)
    }

    /// Steps of Horner's rule on the upper `count` limbs; returns the order that comes next.
    @inline(__always)
    private static func horner(
        _ sum: UnsafeMutablePointer<UInt64>, _ small: UnsafePointer<UInt64>, _ inverseFactorials: UnsafePointer<UInt64>,
        from first: Int, limbs: Int, count: Int
    ) -> Int {
        let unused = limbCount - count
        let last = max(2, 4 * (limbs - count) + 1)
        var order = first
        while order >= last {
            FractionProduct.multiply(sum + unused, sum + unused, small + unused, count: count)
            FractionProduct.add(sum + unused, inverseFactorials + (limbCount * order + unused), count: count)
            order -= 1
        }
        return order
    }

    /// The integer part of `scaled / 2^shift`, taken modulo 2^256 and rounded; nil when the error leaves the rounding
    /// open.
    @inline(__always)
    static func round(
        _ scaled: UnsafePointer<UInt64>, shift: Int, errorBit: Int, rounding: Rounding
    ) -> Magnitude256? {
        guard
            let up = FractionRounding.roundsUp(
                scaled, point: shift, errorBit: errorBit, rounding: rounding, negative: false)
        else { return nil }
        let result = Magnitude256(
            limb0: FractionRounding.window(scaled, shift), limb1: FractionRounding.window(scaled, shift + 64),
            limb2: FractionRounding.window(scaled, shift + 128), limb3: FractionRounding.window(scaled, shift + 192))
        return up ? result.adding(Magnitude256(low: 1, high: 0)).0 : result
    }
}
