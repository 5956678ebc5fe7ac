/// Powers of fixed-point numbers by fractions of two to eight limbs: x^y = 2^(y log2 x).
///
/// With Y the raw exponent, b = max(0, bits of Y - 59), so that |y| < 2^b, n limbs and *units* of 2^(-64 n):
///
/// 1. L = |log2 x| errs by less than 2^7 units (`LogarithmKernel`).
/// 2. t = L |Y| / 10^18, cut: less than 2^(7 + b) + 1 units. With its sign t = k + f, 0 <= f < 1.
/// 3. m = 2^f / 4 errs by less than 30 units (`ExponentialKernel`, steps 2 to 4) and by (2^(7 + b) + 1) ln 2 / 2:
///    less than 2^(7 + b).
/// 4. The raw result is the integer N = m 10^18 2^(64 n), in error by less than 2^(67 + b), shifted right by
///    64 n - 2 - k.
///
/// |L| is at least log2(1 + 10^-18) > 2^-59.5 for x other than 1. So two limbs give t with a relative error below
/// 2^-60, and where |t| < 512 they tell k within one and b < 70.
enum PowerKernel {
    private static let limbCount = ExponentialConstants.limbCount
    /// Kernel memory, then room for the product of nine limbs by four.
    private static let memoryLimbs = ExponentialKernel.memoryLimbs + 16
    /// Bits that stay known after the point, at least, where `evaluate` chooses the limbs.
    private static let guardBits = 43

    enum Outcome {
        case decided(Magnitude256)
        case overflow
        case undecided
    }

    /// Where y log2 x lies; its fraction is in memory.
    private enum Position {
        case whole(Int)
        /// 512 and beyond.
        case far(negative: Bool)
    }

    /// The rounded power with as many limbs as its size and the exponent's ask for. Base and exponent are not zero, the
    /// base is not one.
    static func evaluate(
        _ base: Magnitude256, _ exponent: Magnitude256, negative: Bool, rounding: Rounding
    ) -> Outcome {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: memoryLimbs) { buffer -> Outcome in
            guard let memory = buffer.baseAddress else { return .undecided }
            let whole: Int
            switch locate(memory, base, exponent, negative: negative, limbs: 2) {
            case .far(let isSmall): return isSmall ? tiny(rounding) : .overflow
            case .whole(let estimate): whole = estimate
            }
            // 10^18 2^197 passes 2^255; 10^18 2^-65 is below 1/32.
            if whole >= 197 { return .overflow }
            if whole <= -66 { return tiny(rounding) }
            let limbs = (67 + guardBits + 2 + max(whole, -62) + excessBits(exponent) + 63) / 64
            if limbs <= 2 {
                return finish(memory, whole: whole, exponent, rounding: rounding, limbs: 2)
            }
            return evaluate(memory, base, exponent, negative: negative, rounding: rounding, limbs: limbs)
        }
    }

    /// The same with all eight limbs, for powers that `evaluate` leaves open.
    @inline(never)
    static func evaluateFully(
        _ base: Magnitude256, _ exponent: Magnitude256, negative: Bool, rounding: Rounding
    ) -> Outcome {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: memoryLimbs) { buffer -> Outcome in
            guard let memory = buffer.baseAddress else { return .undecided }
            return evaluate(memory, base, exponent, negative: negative, rounding: rounding, limbs: limbCount)
        }
    }

    @inline(never)
    private static func evaluate(
        _ memory: UnsafeMutablePointer<UInt64>, _ base: Magnitude256, _ exponent: Magnitude256, negative: Bool,
        rounding: Rounding, limbs: Int
    ) -> Outcome {
        switch locate(memory, base, exponent, negative: negative, limbs: limbs) {
        case .far(let isSmall): return isSmall ? tiny(rounding) : .overflow
        case .whole(let whole): return finish(memory, whole: whole, exponent, rounding: rounding, limbs: limbs)
        }
    }

    /// Less than half a unit, but more than nothing.
    private static func tiny(_ rounding: Rounding) -> Outcome {
        .decided(Magnitude256(low: rounding == .ceiling ? 1 : 0, high: 0))
    }

    /// b above.
    @inline(__always)
    static func excessBits(_ exponent: Magnitude256) -> Int {
        let width = exponent.high == 0
            ? 128 - exponent.low.leadingZeroBitCount : 256 - exponent.high.leadingZeroBitCount
        return max(0, width - 59)
    }

    /// Writes f into the upper `limbs` of the first eight limbs and gives k.
    @inline(__always)
    private static func locate(
        _ memory: UnsafeMutablePointer<UInt64>, _ base: Magnitude256, _ exponent: Magnitude256, negative: Bool,
        limbs: Int
    ) -> Position {
        let unused = limbCount - limbs
        let isBelow = LogarithmKernel.approximate(memory, base, limbs: limbs) != negative
        let product = memory + ExponentialKernel.memoryLimbs
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 4) { buffer in
            guard let factor = buffer.baseAddress else { return }
            factor[0] = exponent.limb0
            factor[1] = exponent.limb1
            factor[2] = exponent.limb2
            factor[3] = exponent.limb3
            let count = Limbs.normalisedCount(factor, 4)
            Limbs.multiply(product, memory + unused, limbs + 1, factor, count)
            (product + limbs + 1 + count).update(repeating: 0, count: 4 - count)
            _ = Limbs.divide(product, product, limbs + 1 + count, by: FixedPoint.unit)
        }
        let beyond = product[limbs + 1] | product[limbs + 2] | product[limbs + 3] | product[limbs + 4]
        if product[limbs] >= 512 || beyond != 0 { return .far(negative: isBelow) }
        let fraction = memory + unused
        fraction.update(from: product, count: limbs)
        let whole = Int(truncatingIfNeeded: product[limbs])
        if !isBelow { return .whole(whole) }
        let isZero = LogarithmKernel.complement(fraction, count: limbs)
        return .whole(isZero ? -whole : -whole - 1)
    }

    /// The power from k and the fraction in memory.
    @inline(__always)
    private static func finish(
        _ memory: UnsafeMutablePointer<UInt64>, whole: Int, _ exponent: Magnitude256, rounding: Rounding, limbs: Int
    ) -> Outcome {
        // Reached by full precision alone, and only by a hair: the two limbs of the estimate saw the other side.
        if whole >= 198 { return .overflow }
        if whole <= -67 { return tiny(rounding) }
        ExponentialKernel.power(memory, limbs: limbs)
        let shift = 64 * limbs - 2 - whole
        guard
            let result = ExponentialKernel.round(
                memory, shift: shift, errorBit: 67 + excessBits(exponent), rounding: rounding)
        else { return .undecided }
        if result.limb3 >> 63 != 0 || FractionRounding.window(memory, shift + 255) != 0 { return .overflow }
        return .decided(result)
    }
}
