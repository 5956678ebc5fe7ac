/// Bounds of a fixed-point result, both raw and times `2^scaleBits`, computed with integers of any precision: what
/// decides when the kernels' fractions do not.
struct WideInterval {
    let lower: BigInt
    let upper: BigInt
    let scaleBits: Int

    /// The raw value that both bounds round to; nil when they differ.
    func rounded(_ rounding: Rounding) -> BigInt? {
        let scale = BigInt.one << scaleBits
        guard let low = lower.divided(by: scale, rounding: rounding) else { return nil }
        return low == upper.divided(by: scale, rounding: rounding) ? low : nil
    }

    /// 10^18 e^v for v between two numbers times `2^precision`, |v| < 256.
    static func exponential(from low: BigInt, to high: BigInt, precision: Int) -> WideInterval {
        let (lower, lowBits) = exponential(low, precision: precision)
        let (upper, highBits) = exponential(high, precision: precision)
        let error = BigInt(2 * precision + 32) << 11
        // The scales differ when a multiple of ln 2 lies between; the finer one holds both.
        let bits = max(lowBits, highBits)
        return WideInterval(
            lower: ((lower - error) * BigInt(FixedPoint.unit)) << (bits - lowBits),
            upper: ((upper + error) * BigInt(FixedPoint.unit)) << (bits - highBits), scaleBits: bits)
    }

    /// `e^v * 2^scaleBits` for `v = argument / 2^precision`, in error by less than `2^11 * (2 * precision + 32)`.
    ///
    /// With `u` for `2^-precision`: ln 2 errs by less than 2u, and |k| <= 370, so r = v - k ln 2 errs by less than
    /// 741u, and r / 256 by less than 4u. |r| < 0.35, so term i of the Taylor series inherits a vanishing part of the
    /// error of term i - 1 and is cut by less than 2u; with fewer than `precision` terms the sum errs by less than
    /// (2 * precision + 6) u, the tail included. Eight squarings, of numbers below 1.5, multiply that by less than
    /// 256 * 1.5 and add less than 256 * 1.5 u: less than `2^11 * (2 * precision + 32)` u.
    private static func exponential(_ argument: BigInt, precision: Int) -> (value: BigInt, scaleBits: Int) {
        let logarithm = ExponentialConstants.naturalLogarithmOfTwo(precision: precision)
        let exponent = argument.roundDivide(logarithm) ?? .zero
        let reduced = (argument - exponent * logarithm) >> 8
        var term = BigInt.one << precision
        var sum = term
        var divisor = 1
        while !term.isZero && term != -1 {
            term = ((term * reduced) >> precision).floorDivide(BigInt(divisor)) ?? .zero
            sum += term
            divisor += 1
        }
        for _ in 0..<8 {
            sum = (sum * sum) >> precision
        }
        return (sum, precision - Int(exponent.asInt64 ?? 0))
    }

    /// 10^18 times the logarithm of `raw / 10^18`.
    static func logarithm(_ raw: BigInt, isBinary: Bool, precision: Int) -> WideInterval {
        let (low, high) = naturalLogarithm(raw, precision: precision)
        var (lower, upper) = (low, high)
        if isBinary {
            // Divided by bounds of ln 2: a quotient grows as its divisor shrinks unless it is negative.
            let two = ExponentialConstants.naturalLogarithmOfTwo(precision: precision)
            let (small, large) = (two - 1, two + 1)
            lower = (low << precision).floorDivide(low.isNegative ? small : large) ?? .zero
            upper = (high << precision).ceilDivide(high.isNegative ? large : small) ?? .zero
        }
        let factor = BigInt(FixedPoint.unit)
        return WideInterval(lower: lower * factor, upper: upper * factor, scaleBits: precision)
    }

    /// Bounds of `ln(raw / 10^18) * 2^precision`.
    static func naturalLogarithm(_ raw: BigInt, precision: Int) -> (lower: BigInt, upper: BigInt) {
        let unit = BigInt(FixedPoint.unit)
        let exponent = raw.bitWidth - unit.bitWidth
        let two = ExponentialConstants.naturalLogarithmOfTwo(precision: precision)
        let value =
            mantissaLogarithm(raw, precision: precision) - mantissaLogarithm(unit, precision: precision)
            + BigInt(exponent) * two
        // Two logarithms, and fewer than 256 times the error of ln 2.
        let error = BigInt(4 * precision + 512)
        return (value - error, value + error)
    }

    /// `ln(n / 2^b) * 2^precision` for n of b bits: 2 artanh z with z = (n - 2^b) / (n + 2^b), -1/3 <= z < 0.
    ///
    /// z is cut by less than a unit, and term i by less than two and what it inherits; with fewer than
    /// `precision` / 2 terms of weight at most 1 the error is below 2 * precision units.
    private static func mantissaLogarithm(_ n: BigInt, precision: Int) -> BigInt {
        let power = BigInt.one << n.bitWidth
        let ratio = ((n - power) << precision).floorDivide(n + power) ?? .zero
        let square = (ratio * ratio) >> precision
        var term = ratio
        var sum = BigInt.zero
        var order = 1
        while !term.isZero && term != -1 {
            sum += term.floorDivide(BigInt(order)) ?? .zero
            term = (term * square) >> precision
            order += 2
        }
        return sum + sum
    }
}
