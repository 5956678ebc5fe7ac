extension FixedPoint {
    /// `base` to the power of a signed exponent, all raw; `overflow` or `domainError` in place of a result.
    static func power(
        _ base: Magnitude256, _ exponent: Magnitude256, negative: Bool, rounding: Rounding
    ) -> Result<Magnitude256, ArithmeticStatus> {
        let one = Magnitude256(low: UInt128(unit), high: 0)
        if exponent.isZero { return .success(one) }
        if base.isZero { return negative ? .failure(.domainError) : .success(base) }
        if base.isUnit { return .success(one) }
        switch PowerKernel.evaluate(base, exponent, negative: negative, rounding: rounding) {
        case .decided(let result): return .success(result)
        case .overflow: return .failure(.overflow)
        case .undecided: break
        }
        if let twice = PowerBoundary.twiceExactPower(base, exponent, negative: negative) {
            let result = twice.divided(by: 2, rounding: rounding) ?? .zero
            return bounded(result)
        }
        switch PowerKernel.evaluateFully(base, exponent, negative: negative, rounding: rounding) {
        case .decided(let result): return .success(result)
        case .overflow: return .failure(.overflow)
        case .undecided:
            return bounded(powerByWidening(BigInt(base), exponent, negative: negative, rounding: rounding))
        }
    }

    private static func bounded(_ result: BigInt) -> Result<Magnitude256, ArithmeticStatus> {
        guard result <= maximum, let magnitude = try? Magnitude256(result) else { return .failure(.overflow) }
        return .success(magnitude)
    }

    /// The power by intervals of growing precision. It is on no boundary (`PowerBoundary`), so some precision decides.
    @inline(never)
    static func powerByWidening(
        _ base: BigInt, _ exponent: Magnitude256, negative: Bool, rounding: Rounding
    ) -> BigInt {
        let exponent = negative ? -BigInt(exponent) : BigInt(exponent)
        var precision = 1_024
        while true {
            let (low, high) = WideInterval.naturalLogarithm(base, precision: precision)
            let (one, other) = (low * exponent, high * exponent)
            let lower = min(one, other).floorDivide(BigInt(unit)) ?? .zero
            let upper = max(one, other).ceilDivide(BigInt(unit)) ?? .zero
            let interval = WideInterval.exponential(from: lower, to: upper, precision: precision)
            if let result = interval.rounded(rounding) { return result }
            precision *= 2
        }
    }
}
