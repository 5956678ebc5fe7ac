extension FixedPoint {
    /// Limbs that settle all but the logarithms within about 2^-58 units of a rounding boundary.
    private static let shortLogarithmLimbs = 2

    /// The logarithm of a raw value above zero, to base 2 or e.
    ///
    /// Large numbers lie so dense that some of them have a logarithm as near to any boundary as 2^-196 units: eight
    /// limbs leave more than 380 bits after the point.
    static func logarithm(
        _ raw: Magnitude256, isBinary: Bool, rounding: Rounding
    ) -> (magnitude: UInt128, negative: Bool) {
        if raw.isUnit { return (0, false) }
        if let decided = shortLogarithm(raw, isBinary: isBinary, rounding: rounding) { return decided }
        if isBinary, let exponent = exactBinaryLogarithm(raw) {
            return (UInt128(exponent.magnitude) * UInt128(unit), exponent < 0)
        }
        return fullLogarithm(raw, isBinary: isBinary, rounding: rounding)
            ?? logarithmByWidening(raw, isBinary: isBinary, rounding: rounding)
    }

    /// k for 2^k * 10^18 = 2^(k + 18) 5^18. Every other rational number has an irrational logarithm: 2^(p / q) is
    /// rational only for whole p / q.
    private static func exactBinaryLogarithm(_ raw: Magnitude256) -> Int? {
        let fives: UInt64 = unit >> 18
        let value = BigInt(raw)
        let twos = value.trailingZeroBitCount
        return value >> twos == BigInt(fives) ? twos - 18 : nil
    }

    @inline(never)
    private static func shortLogarithm(
        _ raw: Magnitude256, isBinary: Bool, rounding: Rounding
    ) -> (magnitude: UInt128, negative: Bool)? {
        isBinary
            ? logarithm(raw, isBinary: true, rounding: rounding, limbs: shortLogarithmLimbs)
            : logarithm(raw, isBinary: false, rounding: rounding, limbs: shortLogarithmLimbs)
    }

    @inline(never)
    private static func fullLogarithm(
        _ raw: Magnitude256, isBinary: Bool, rounding: Rounding
    ) -> (magnitude: UInt128, negative: Bool)? {
        logarithm(raw, isBinary: isBinary, rounding: rounding, limbs: ExponentialConstants.limbCount)
    }

    /// The logarithm by fractions of `limbs` limbs; nil when their precision leaves the rounding open.
    @inline(__always)
    private static func logarithm(
        _ raw: Magnitude256, isBinary: Bool, rounding: Rounding, limbs: Int
    ) -> (magnitude: UInt128, negative: Bool)? {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: LogarithmKernel.memoryLimbs) { buffer in
            guard let memory = buffer.baseAddress else { return nil }
            let negative = scaledLogarithm(memory, raw, isBinary: isBinary, limbs: limbs)
            let point = 64 * limbs
            guard
                let up = FractionRounding.roundsUp(
                    memory, point: point, errorBit: logarithmErrorBit(isBinary: isBinary), rounding: rounding,
                    negative: negative)
            else { return nil }
            let magnitude = UInt128(memory[limbs + 1]) << 64 | UInt128(memory[limbs])
            return (up ? magnitude &+ 1 : magnitude, negative)
        }
    }

    /// Bit of `scaledLogarithm` that its error stays below.
    ///
    /// To base e the error shrinks by ln 2 and gains n + 2 units for the product of the fraction, and one for each of
    /// up to 196 times the constant: below 2^9 units. Either is multiplied by 10^18 < 2^60.
    @inline(__always)
    static func logarithmErrorBit(isBinary: Bool) -> Int { LogarithmKernel.errorBits + (isBinary ? 60 : 62) }

    /// Writes the magnitude of the logarithm, raw and times 2^(64 limbs), on `limbs + 2` limbs; whether it is negative.
    @inline(__always)
    static func scaledLogarithm(
        _ memory: UnsafeMutablePointer<UInt64>, _ raw: Magnitude256, isBinary: Bool, limbs: Int
    ) -> Bool {
        let limbCount = ExponentialConstants.limbCount
        let unused = limbCount - limbs
        let negative = LogarithmKernel.approximate(memory, raw, limbs: limbs)
        if isBinary {
            FractionRounding.multiply(memory, memory + unused, count: limbs + 1, by: unit)
            return negative
        }
        let logarithmOfTwo = ExponentialConstants.shared.logarithm + unused
        // The integer part has been read when the product takes its limb.
        let (whole, product) = (memory + 2 * limbCount, memory + limbCount)
        FractionRounding.multiply(whole, logarithmOfTwo, count: limbs, by: memory[limbCount])
        FractionProduct.multiply(product, memory + unused, logarithmOfTwo, count: limbs)
        _ = Limbs.add(whole, whole, limbs + 1, product, limbs)
        FractionRounding.multiply(memory, whole, count: limbs + 1, by: unit)
        return negative
    }

    /// The logarithm by intervals of growing precision. ln x is irrational for rational x other than 1, and so is log2
    /// x where `exactBinaryLogarithm` finds none, so some precision decides.
    @inline(never)
    static func logarithmByWidening(
        _ raw: Magnitude256, isBinary: Bool, rounding: Rounding
    ) -> (magnitude: UInt128, negative: Bool) {
        var precision = 1_024
        while true {
            let interval = WideInterval.logarithm(BigInt(raw), isBinary: isBinary, precision: precision)
            if let result = interval.rounded(rounding) {
                let limbs = result.magnitudeLimbs + [0, 0]
                return (UInt128(limbs[1]) << 64 | UInt128(limbs[0]), result.isNegative)
            }
            precision *= 2
        }
    }
}
