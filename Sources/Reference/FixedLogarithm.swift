import Numerics

/// Logarithms of Fixed numbers, correctly rounded, by interval arithmetic: slow and obvious.
enum FixedLogarithm {
    /// The raw value of ln(raw / 10^18) for raw > 0.
    static func natural(raw: BigInt, rounding: Rounding) -> BigInt {
        if raw == FixedPoint.scale { return .zero }
        return decided(rounding) { precisionBits in interval(raw: raw, precisionBits: precisionBits) }
    }

    /// The raw value of log2(raw / 10^18) for raw > 0.
    static func binary(raw: BigInt, rounding: Rounding) -> BigInt {
        if let exponent = powerOfTwo(raw) { return BigInt(exponent) * FixedPoint.scale }
        return decided(rounding) { precisionBits in
            let (low, high) = interval(raw: raw, precisionBits: precisionBits)
            let two = interval(raw: 2 * FixedPoint.scale, precisionBits: precisionBits)
            let one = BigInt.one << precisionBits
            return (
                down(low * one, low.isNegative ? two.low : two.high),
                up(high * one, high.isNegative ? two.high : two.low)
            )
        }
    }

    /// k when raw / 10^18 is 2^k: in lowest terms one side is 1 and the other a power of two.
    private static func powerOfTwo(_ raw: BigInt) -> Int? {
        guard let value = Ratio(raw, FixedPoint.scale) else { return nil }
        let (over, under) = (value.numerator, value.denominator)
        if under == 1, over == BigInt.one << (over.bitWidth - 1) { return over.bitWidth - 1 }
        if over == 1, under == BigInt.one << (under.bitWidth - 1) { return 1 - under.bitWidth }
        return nil
    }

    /// Asks for bounds, times 2^precisionBits, until both round to one raw value. They do at some precision, for these
    /// logarithms are irrational.
    private static func decided(_ rounding: Rounding, _ bounds: (Int) -> (low: BigInt, high: BigInt)) -> BigInt {
        var precisionBits = 256
        while true {
            let (low, high) = bounds(precisionBits)
            let scale = BigInt.one << precisionBits
            if let lowResult = Ratio(low * FixedPoint.scale, scale)?.rounded(rounding),
                lowResult == Ratio(high * FixedPoint.scale, scale)?.rounded(rounding)
            {
                return lowResult
            }
            precisionBits *= 2
        }
    }

    /// Bounds of ln(raw / 10^18), both times 2^precisionBits.
    ///
    /// The number is halved or doubled into 1 ..< 2, eight square roots bring it near one, and
    /// ln m = 2 artanh((m - 1) / (m + 1)).
    static func interval(raw: BigInt, precisionBits: Int) -> (low: BigInt, high: BigInt) {
        let one = BigInt.one << precisionBits
        let scale = FixedPoint.scale
        var exponent = 0
        while raw >= scale << (exponent + 1) { exponent += 1 }
        while raw << -exponent < scale { exponent -= 1 }
        let mantissa = exponent < 0 ? (raw << -exponent) * one : raw * one
        let divisor = exponent < 0 ? scale : scale << exponent
        let roots = 8
        var (low, high) = (down(mantissa, divisor), up(mantissa, divisor))
        for _ in 0..<roots {
            low = IntegerRoot.floor(low * one, degree: 2)
            high = IntegerRoot.floor(high * one, degree: 2) + 1
        }
        let part = artanh(down((low - one) * one, low + one), up((high - one) * one, high + one), one: one)
        let two = artanh(down(one, 3), up(one, 3), one: one)
        let factor = BigInt(exponent)
        let wholes = (factor * two.low, factor * two.high)
        return (
            (part.low << (roots + 1)) + 2 * min(wholes.0, wholes.1),
            (part.high << (roots + 1)) + 2 * max(wholes.0, wholes.1)
        )
    }

    /// The series z + z^3 / 3 + z^5 / 5 + ... for 0 <= z <= 1/3; its tail is less than an eighth of the last power.
    private static func artanh(_ lowArgument: BigInt, _ highArgument: BigInt, one: BigInt) -> (
        low: BigInt, high: BigInt
    ) {
        let (lowSquare, highSquare) = (down(lowArgument * lowArgument, one), up(highArgument * highArgument, one))
        var (low, high) = (lowArgument, highArgument)
        var (lowPower, highPower) = (lowArgument, highArgument)
        var index = 1
        while highPower > 1 {
            lowPower = down(lowPower * lowSquare, one)
            highPower = up(highPower * highSquare, one)
            index += 2
            low += down(lowPower, BigInt(index))
            high += up(highPower, BigInt(index))
        }
        return (low, high + 1)
    }

    private static func down(_ dividend: BigInt, _ divisor: BigInt) -> BigInt { dividend.floorDivide(divisor) ?? .zero }
    private static func up(_ dividend: BigInt, _ divisor: BigInt) -> BigInt { dividend.ceilDivide(divisor) ?? .zero }
}
