/// The fast path of the exponential: fractions of two to five limbs, no division, no allocation.
///
/// With v the argument, F = 64 n fraction bits for n limbs, and *units* of 2^-F:
///
/// 1. t = v / ln 2 = k + f, k an integer and 0 <= f < 1. The constant 2^(F+123) / (10^18 ln 2) is cut by less than 2,
///    and the raw argument is below 2^68, so cutting the product to F bits leaves an error below 1.01 units.
/// 2. f = i / 256 + j / 65536 + g with g < 2^-16, exactly. w = g ln 2 < 2^-16.5, an error below n + 1.1 units
///    (`FractionProduct`: n + 1).
/// 3. e^w - 1 = w + w^2 (1/2! + w (1/3! + ...)) by Horner's rule up to order N. The sum p_m = 1/m! + w p_(m+1) is held
///    on L limbs, the fewest with 64 L + 16 m >= F + 8. It errs by less than L + 3 <= 8 units of 2^(-64 L), which
///    reaches the result times w^m < 2^(-16.5 m): over all m less than 0.1 unit. The terms beyond order N are less than
///    2 w^(N+1) / (N+1)!, below 2^-5 units for each n. The last product adds n + 1, so e^w - 1 errs by less
///    than 2 n + 2.3 units.
/// 4. Table entries 2^(i/256) / 2 and 2^(j/65536) / 2 err by less than 1.01 units each; so their product, between 1/4
///    and 1/2, by less than n + 3.1. Times e^w it is m = 2^f / 4, and errs by less than
///    1.01 (n + 3.1) + (2 n + 2.3) / 2 + n + 1 + 0.4 (from step 1) <= 21 units for n <= 5. We count 32.
/// 5. The raw result is m 10^18 2^(k+2): the integer N = m 10^18 2^F, in error by less than 32 * 10^18 < 2^65, shifted
///    right by s = F - 2 - k. The limbs are chosen so that s >= 105. The 64 bits that follow the binary point then
///    err by less than 2^24 and the cut, and decide the rounding unless they lie within 2^25 of a boundary.
enum ExponentialKernel {
    private static let limbCount = ExponentialConstants.limbCount
    /// Limbs of working memory for `approximate`.
    static let memoryLimbs = 32

    /// Largest arguments, raw, for which k <= 64 n - 107 for n = 2, 3, 4 limbs.
    private static let twoLimbLimit: UInt128 = 14_900_000_000_000_000_000
    private static let threeLimbLimit: UInt128 = 59_200_000_000_000_000_000
    private static let fourLimbLimit: UInt128 = 103_600_000_000_000_000_000

    /// The rounded result, or nil when the precision does not decide it. The argument is not zero and lies between the
    /// thresholds of `FixedPoint`; the result may be as large as 2^256.
    static func evaluate(_ magnitude: UInt128, negative: Bool, rounding: Rounding) -> Magnitude256? {
        if negative || magnitude < twoLimbLimit {
            return evaluate(magnitude, negative: negative, rounding: rounding, limbs: 2, order: 7)
        }
        if magnitude < threeLimbLimit {
            return evaluate(magnitude, negative: false, rounding: rounding, limbs: 3, order: 10)
        }
        if magnitude < fourLimbLimit {
            return evaluate(magnitude, negative: false, rounding: rounding, limbs: 4, order: 13)
        }
        return evaluate(magnitude, negative: false, rounding: rounding, limbs: 5, order: 16)
    }

    /// `limbs` and `order` are constants at every call, so each becomes a function of its own without inner branches.
    @inline(__always)
    private static func evaluate(
        _ magnitude: UInt128, negative: Bool, rounding: Rounding, limbs: Int, order: Int
    ) -> Magnitude256? {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: memoryLimbs) { buffer -> Magnitude256? in
            guard let memory = buffer.baseAddress else { return nil }
            let shift = approximate(memory, magnitude, negative: negative, limbs: limbs, order: order)
            return round(memory, shift: shift, rounding: rounding)
        }
    }

    /// Writes N on `limbs + 1` limbs, then zeros up to eight, and returns the shift s.
    @inline(__always)
    static func approximate(
        _ memory: UnsafeMutablePointer<UInt64>, _ magnitude: UInt128, negative: Bool, limbs: Int, order: Int
    ) -> Int {
        let constants = ExponentialConstants.shared
        // Fractions are five limbs long and use the upper `limbs` of them.
        let unused = limbCount - limbs
        let fraction = memory + unused
        let exponent = reduce(fraction, magnitude, negative: negative, constants, limbs: limbs)
        let top = fraction[limbs - 1]
        let coarse = constants.coarsePowers + limbCount * Int(top >> 56) + unused
        let fine = constants.finePowers + limbCount * Int(top >> 48 & 255) + unused
        fraction[limbs - 1] = top & (1 << 48 - 1)

        let small = memory + 8
        FractionProduct.multiply(small + unused, fraction, constants.logarithm + unused, count: limbs)
        let sum = memory + 16
        sum.update(repeating: 0, count: limbCount)
        taylor(sum, small, constants.inverseFactorials, limbs: limbs, order: order)

        // m = t + t (e^w - 1), t the product of the table entries.
        let power = memory + 24
        FractionProduct.multiply(power + unused, coarse, fine, count: limbs)
        FractionProduct.multiply(sum + unused, sum + unused, power + unused, count: limbs)
        FractionProduct.add(power + unused, sum + unused, count: limbs)
        scale(memory, power + unused, limbs: limbs)
        return 64 * limbs - 2 - exponent
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
        var next = order - 1
        next = horner(sum, small, inverseFactorials, from: next, through: 4 * (limbs - 1) + 1, count: 1)
        next = horner(sum, small, inverseFactorials, from: next, through: max(2, 4 * (limbs - 2) + 1), count: 2)
        if limbs >= 3 {
            next = horner(sum, small, inverseFactorials, from: next, through: max(2, 4 * (limbs - 3) + 1), count: 3)
        }
        if limbs >= 4 {
            next = horner(sum, small, inverseFactorials, from: next, through: max(2, 4 * (limbs - 4) + 1), count: 4)
        }
        if limbs >= 5 {
            next = horner(sum, small, inverseFactorials, from: next, through: 2, count: 5)
        }
        let unused = limbCount - limbs
        FractionProduct.multiply(sum + unused, sum + unused, small + unused, count: limbs)
        FractionProduct.multiply(sum + unused, sum + unused, small + unused, count: limbs)
        FractionProduct.add(sum + unused, small + unused, count: limbs)
    }

    /// Steps of Horner's rule on the upper `count` limbs; returns the order that comes next.
    @inline(__always)
    private static func horner(
        _ sum: UnsafeMutablePointer<UInt64>, _ small: UnsafePointer<UInt64>, _ inverseFactorials: UnsafePointer<UInt64>,
        from first: Int, through last: Int, count: Int
    ) -> Int {
        let unused = limbCount - count
        var order = first
        while order >= last {
            FractionProduct.multiply(sum + unused, sum + unused, small + unused, count: count)
            FractionProduct.add(sum + unused, inverseFactorials + (limbCount * order + unused), count: count)
            order -= 1
        }
        return order
    }

    /// `target = m * 10^18` on `limbs + 1` limbs, then zeros up to eight.
    @inline(__always)
    private static func scale(_ target: UnsafeMutablePointer<UInt64>, _ m: UnsafePointer<UInt64>, limbs: Int) {
        var carry: UInt64 = 0
        var index = 0
        while index < limbs {
            let product = m[index].product(FixedPoint.unit) &+ UInt128(truncatingIfNeeded: carry)
            target[index] = UInt64(truncatingIfNeeded: product)
            carry = UInt64(truncatingIfNeeded: product >> 64)
            index += 1
        }
        target[limbs] = carry
        index = limbs + 1
        while index < 8 {
            target[index] = 0
            index += 1
        }
    }

    /// The integer part of `scaled / 2^shift` rounded by the 64 bits below it, or nil; `105 <= shift < 192`.
    @inline(__always)
    private static func round(
        _ scaled: UnsafePointer<UInt64>, shift: Int, rounding: Rounding
    ) -> Magnitude256? {
        let margin: UInt64 = 1 << 25
        let fraction = window(scaled, shift - 64)
        let up: Bool
        if rounding == .halfEven {
            let half: UInt64 = 1 << 63
            if fraction > half - margin && fraction < half + margin { return nil }
            up = fraction > half
        } else {
            if fraction < margin || fraction > UInt64.max - margin { return nil }
            up = rounding == .ceiling
        }
        let result = Magnitude256(
            limb0: window(scaled, shift), limb1: window(scaled, shift + 64), limb2: window(scaled, shift + 128),
            limb3: window(scaled, shift + 192))
        return up ? result.adding(Magnitude256(low: 1, high: 0)).0 : result
    }

    /// The 64 bits that start at `bit`.
    @inline(__always)
    private static func window(_ limbs: UnsafePointer<UInt64>, _ bit: Int) -> UInt64 {
        let (index, offset) = (bit >> 6, UInt64(bit & 63))
        return limbs[index] >> offset | limbs[index + 1] << (64 - offset)
    }
}
