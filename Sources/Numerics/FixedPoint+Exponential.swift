extension FixedPoint {
    /// Arguments from here up overflow: 135.4, where the limit is ln(2^255 / 10^18) = 135.30...
    static let overflowThreshold: UInt128 = 135_400_000_000_000_000_000
    /// Arguments from here down give less than half a unit: -42.2, where ln(10^-18 / 2) = -42.13...
    static let underflowThreshold: UInt128 = 42_200_000_000_000_000_000
    /// Arguments v up to this many units have v^2 / 2 + v^3 / 6 + ... below a quarter of a unit: e^v rounds as 1 + v
    /// and a little more.
    private static let linearLimit: UInt128 = 500_000_000

    /// The exponential of a signed raw value; nil for overflow.
    static func exponential(_ magnitude: UInt128, negative: Bool, rounding: Rounding) -> Magnitude256? {
        if magnitude <= linearLimit {
            let low = negative ? UInt128(unit) &- magnitude : UInt128(unit) &+ magnitude
            return Magnitude256(low: magnitude != 0 && rounding == .ceiling ? low &+ 1 : low, high: 0)
        }
        if negative && magnitude >= underflowThreshold {
            return Magnitude256(low: rounding == .ceiling ? 1 : 0, high: 0)
        }
        if !negative && magnitude >= overflowThreshold { return nil }
        let decided =
            ExponentialKernel.evaluate(magnitude, negative: negative, rounding: rounding)
            ?? ExponentialKernel.evaluateFully(magnitude, negative: negative, rounding: rounding)
        if let decided { return decided.limb3 >> 63 == 0 ? decided : nil }
        return exponentialByWidening(magnitude, negative: negative, rounding: rounding)
    }

    /// The same by intervals of growing precision.
    ///
    /// e^v is irrational for rational v other than zero, so it is never on a boundary and some precision decides.
    @inline(never)
    static func exponentialByWidening(_ magnitude: UInt128, negative: Bool, rounding: Rounding) -> Magnitude256? {
        let argument = BigInt(
            negative: negative,
            limbs: [UInt64(truncatingIfNeeded: magnitude), UInt64(truncatingIfNeeded: magnitude >> 64)])
        var precision = 448
        while true {
            let scaled = (argument << precision).floorDivide(BigInt(unit)) ?? .zero
            if let result = WideInterval.exponential(from: scaled, to: scaled + 1, precision: precision)
                .rounded(rounding)
            {
                return result > maximum ? nil : try? Magnitude256(result)
            }
            precision *= 2
        }
    }
}
