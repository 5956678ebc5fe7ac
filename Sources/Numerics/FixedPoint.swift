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

    /// The largest raw value.
    static let maximum = (BigInt.one << (bits - 1)) - .one

    /// `e` to the power of `raw / 10^18`, times 10^18; nil when the rounded result passes `2^255 - 1`.
    public static func exp(_ raw: BigInt, rounding: Rounding) -> BigInt? {
        let limbs = raw.magnitudeLimbs
        let low = limbs.first ?? 0
        let high = limbs.count > 1 ? limbs[1] : 0
        // Past two limbs only the sign matters.
        let magnitude = limbs.count > 2 ? UInt128.max : UInt128(high) << 64 | UInt128(low)
        return exponential(magnitude, negative: raw.isNegative, rounding: rounding).map { BigInt($0) }
    }

    /// The natural logarithm of `raw / 10^18`, times 10^18.
    /// - Throws: `domainError` unless the number is positive, `overflow` when it is none of 256 bits.
    public static func ln(_ raw: BigInt, rounding: Rounding) throws(ArithmeticStatus) -> BigInt {
        try logarithm(raw, isBinary: false, rounding: rounding)
    }

    /// The logarithm to base 2 of `raw / 10^18`, times 10^18.
    /// - Throws: `domainError` unless the number is positive, `overflow` when it is none of 256 bits.
    public static func log2(_ raw: BigInt, rounding: Rounding) throws(ArithmeticStatus) -> BigInt {
        try logarithm(raw, isBinary: true, rounding: rounding)
    }

    private static func logarithm(
        _ raw: BigInt, isBinary: Bool, rounding: Rounding
    ) throws(ArithmeticStatus) -> BigInt {
        if raw.isNegative || raw.isZero { throw .domainError }
        let result = logarithm(try Magnitude256(raw), isBinary: isBinary, rounding: rounding)
        return BigInt(
            negative: result.negative,
            limbs: [UInt64(truncatingIfNeeded: result.magnitude), UInt64(truncatingIfNeeded: result.magnitude >> 64)])
    }

    /// The square root of `raw / 10^18`, times 10^18.
    /// - Throws: `domainError` for a negative number, `overflow` when it is none of 256 bits.
    public static func sqrt(_ raw: BigInt, rounding: Rounding) throws(ArithmeticStatus) -> BigInt {
        if raw.isNegative { throw .domainError }
        return BigInt(squareRoot(try Magnitude256(raw), rounding: rounding))
    }

    /// `base / 10^18` to the power of `exponent / 10^18`, times 10^18; `x^0` is 1.
    /// - Throws: `domainError` for a negative base, and for a negative power of zero; `overflow` when the result passes
    ///   `2^255 - 1` or an operand has more than 256 bits.
    public static func pow(
        _ base: BigInt, _ exponent: BigInt, rounding: Rounding
    ) throws(ArithmeticStatus) -> BigInt {
        if base.isNegative { throw .domainError }
        let result = power(
            try Magnitude256(base), try Magnitude256(exponent.magnitude), negative: exponent.isNegative,
            rounding: rounding)
        switch result {
        case .success(let magnitude): return BigInt(magnitude)
        case .failure(let status): throw status
        }
    }
}

extension BigInt {
    init(_ magnitude: Magnitude256) {
        self.init(negative: false, limbs: [magnitude.limb0, magnitude.limb1, magnitude.limb2, magnitude.limb3])
    }
}

extension Magnitude256 {
    /// The magnitude of a number; `overflow` past 256 bits.
    init(_ value: BigInt) throws(ArithmeticStatus) {
        let limbs = value.magnitudeLimbs
        if limbs.count > 4 { throw .overflow }
        self.init(
            limb0: limbs.first ?? 0, limb1: limbs.count > 1 ? limbs[1] : 0, limb2: limbs.count > 2 ? limbs[2] : 0,
            limb3: limbs.count > 3 ? limbs[3] : 0)
    }

    @inline(__always)
    var isZero: Bool { limb0 | limb1 | limb2 | limb3 == 0 }

    /// Whether the number is 10^18.
    @inline(__always)
    var isUnit: Bool { limb0 == FixedPoint.unit && limb1 | limb2 | limb3 == 0 }
}
