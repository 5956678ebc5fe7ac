import Numerics

/// e^x for Fixed numbers, correctly rounded, by interval arithmetic: slow and obvious.
enum FixedExponential {
    /// The raw value of e^(raw / 10^18); nil when it does not fit a signed 256-bit integer.
    static func exponential(raw: BigInt, rounding: Rounding) -> BigInt? {
        if raw.isZero { return FixedPoint.scale }
        // 2^255 / 10^18 is below e^136, and e^-50 is far below half a unit in the last place.
        if raw > 136 * FixedPoint.scale { return nil }
        if raw < -50 * FixedPoint.scale { return rounding == .ceiling ? .one : .zero }
        var precisionBits = 512
        while true {
            let one = BigInt.one << precisionBits
            let (low, high) = interval(
                down(raw * one, FixedPoint.scale), up(raw * one, FixedPoint.scale), precisionBits: precisionBits)
            let scale = BigInt.one << precisionBits
            let lowResult = Ratio(low * FixedPoint.scale, scale)?.rounded(rounding)
            let highResult = Ratio(high * FixedPoint.scale, scale)?.rounded(rounding)
            // Off zero the exponential is irrational, so the bounds agree at some precision.
            if let lowResult, lowResult == highResult { return lowResult.fitsSigned(bits: 256) ? lowResult : nil }
            precisionBits *= 2
        }
    }

    /// Bounds of e^v for v between two numbers below 256 in size; all are times 2^precisionBits.
    static func interval(_ low: BigInt, _ high: BigInt, precisionBits: Int) -> (low: BigInt, high: BigInt) {
        (positive(low, precisionBits: precisionBits).low, positive(high, precisionBits: precisionBits).high)
    }

    /// Bounds of e^v, by way of e^|v|.
    private static func positive(_ argument: BigInt, precisionBits: Int) -> (low: BigInt, high: BigInt) {
        let one = BigInt.one << precisionBits
        let halvings = 16
        let divisor = BigInt.one << halvings
        var (low, high) = series(down(argument.magnitude, divisor), up(argument.magnitude, divisor), one: one)
        for _ in 0..<halvings {
            low = down(low * low, one)
            high = up(high * high, one)
        }
        if argument.isNegative { (low, high) = (down(one * one, high), up(one * one, low)) }
        return (low, high)
    }

    /// The Taylor series for arguments in 0 ..< 1/100; its tail is less than twice the first term left out.
    private static func series(_ lowArgument: BigInt, _ highArgument: BigInt, one: BigInt) -> (BigInt, BigInt) {
        var (low, high) = (one, one)
        var (lowTerm, highTerm) = (one, one)
        var index = 1
        while highTerm > 1 {
            lowTerm = down(lowTerm * lowArgument, one * BigInt(index))
            highTerm = up(highTerm * highArgument, one * BigInt(index))
            low += lowTerm
            high += highTerm
            index += 1
        }
        return (low, high + highTerm + highTerm)
    }

    static func down(_ dividend: BigInt, _ divisor: BigInt) -> BigInt { dividend.floorDivide(divisor) ?? .zero }
    static func up(_ dividend: BigInt, _ divisor: BigInt) -> BigInt { dividend.ceilDivide(divisor) ?? .zero }
}
