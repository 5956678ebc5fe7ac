/// Numbers with 18 decimals in a signed 256-bit integer: the *raw* value is the number times 10^18.
///
/// Functions are correctly rounded: the result is the raw value that the exact mathematical result rounds to, so there
/// is exactly one right answer for every engine.
public enum FixedPoint {
    /// Decimals of a fixed-point number.
    public static let decimals = 18
    /// 10^18, the raw value of one.
    public static let unit: UInt64 = 1_000_000_000_000_000_000
    /// Bits of the signed container.
    public static let bits = 256

    /// `e` to the power of `raw / 10^18`, times 10^18; nil when the rounded result passes `2^255 - 1`.
    public static func exp(_ raw: BigInt, rounding: Rounding) -> BigInt? {
        let limbs = raw.magnitudeLimbs
        let low = limbs.first ?? 0
        let high = limbs.count > 1 ? limbs[1] : 0
        // Past two limbs only the sign matters.
        let magnitude = limbs.count > 2 ? UInt128.max : UInt128(high) << 64 | UInt128(low)
        guard let result = exponential(magnitude, negative: raw.isNegative, rounding: rounding) else { return nil }
        return BigInt(negative: false, limbs: [result.limb0, result.limb1, result.limb2, result.limb3])
    }

    /// Arguments from here up overflow: 135.4, where the limit is ln(2^255 / 10^18) = 135.30...
    static let overflowThreshold: UInt128 = 135_400_000_000_000_000_000
    /// Arguments from here down give less than half a unit: -42.2, where ln(10^-18 / 2) = -42.13...
    static let underflowThreshold: UInt128 = 42_200_000_000_000_000_000

    /// The exponential of a signed raw value; nil for overflow.
    static func exponential(_ magnitude: UInt128, negative: Bool, rounding: Rounding) -> Magnitude256? {
        if magnitude == 0 {
            return Magnitude256(low: UInt128(unit), high: 0)
        }
        if negative && magnitude >= underflowThreshold {
            return Magnitude256(low: rounding == .ceiling ? 1 : 0, high: 0)
        }
        if !negative && magnitude >= overflowThreshold { return nil }
        if let decided = ExponentialKernel.evaluate(magnitude, negative: negative, rounding: rounding) {
            return decided.limb3 >> 63 == 0 ? decided : nil
        }
        return exponentialByWidening(magnitude, negative: negative, rounding: rounding)
    }

    /// The same by intervals of growing precision, for the arguments (one in about 2^38) whose result the kernel finds
    /// too close to a rounding boundary to tell.
    ///
    /// e^v is irrational for rational v other than zero, so it is never on a boundary and some precision decides.
    @inline(never)
    static func exponentialByWidening(_ magnitude: UInt128, negative: Bool, rounding: Rounding) -> Magnitude256? {
        let argument = BigInt(
            negative: negative,
            limbs: [UInt64(truncatingIfNeeded: magnitude), UInt64(truncatingIfNeeded: magnitude >> 64)])
        var precision = 448
        while true {
            let (lower, upper, scaleBits) = exponentialBounds(argument, precision: precision)
            let scale = BigInt.one << scaleBits
            let low = lower.divided(by: scale, rounding: rounding)
            if let low, low == upper.divided(by: scale, rounding: rounding) {
                if low.bitWidth > bits - 1 { return nil }
                let limbs = low.magnitudeLimbs + [0, 0, 0, 0]
                return Magnitude256(limb0: limbs[0], limb1: limbs[1], limb2: limbs[2], limb3: limbs[3])
            }
            precision *= 2
        }
    }

    /// Bounds of `10^18 * e^(argument / 10^18) * 2^scaleBits`, for arguments between the thresholds.
    ///
    /// With `u` for `2^-precision`: v = argument / 10^18 is taken with an error below u, ln 2 below 2u, and |k| <= 200,
    /// so r = v - k ln 2 errs by less than 401u, and r / 256 by less than 3u. |r| < 0.35, so term i of the Taylor
    /// series inherits a vanishing part of the error of term i - 1 and is cut by less than 2u; with fewer than
    /// `precision` terms the sum errs by less than (3 * precision + 6) u, the tail included. Eight squarings, of
    /// numbers below 1.5, multiply that by less than 256 * 1.5 and add less than 256 * 1.5 u: less than
    /// `2^11 * (2 * precision + 16)` u.
    private static func exponentialBounds(_ argument: BigInt, precision: Int) -> (
        lower: BigInt, upper: BigInt, scaleBits: Int
    ) {
        let scaled = (argument << precision).floorDivide(BigInt(unit)) ?? .zero
        let logarithm = ExponentialConstants.naturalLogarithmOfTwo(precision: precision)
        let exponent = scaled.roundDivide(logarithm) ?? .zero
        let reduced = (scaled - exponent * logarithm) >> 8
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
        let error = BigInt(2 * precision + 16) << 11
        let factor = BigInt(unit)
        return ((sum - error) * factor, (sum + error) * factor, precision - Int(exponent.asInt64 ?? 0))
    }
}

extension CellInteger {
    /// `FixedPoint.exp` of a raw value; `overflow` when the result passes `2^255 - 1`.
    ///
    /// The cost does not depend on the operand, so it is all in the instruction's base cost.
    public static func exp(
        _ destination: CellDestination, _ operand: CellOperand, rounding: Rounding
    ) -> ArithmeticStatus {
        let (magnitude, negative): (UInt128, Bool)
        if isShort(operand.word) {
            (magnitude, negative) = loadShort(operand)
        } else {
            (magnitude, negative) = (.max, isNegative(operand))
        }
        guard let result = FixedPoint.exponential(magnitude, negative: negative, rounding: rounding) else {
            return .overflow
        }
        store(destination, magnitude: result, negative: false)
        return .ok
    }
}
