/// Powers that lie exactly on a rounding boundary: whole or half raw values.
///
/// Let x = X / 10^18 = 2^a 5^b w with w prime to 10 (a and b may be negative), y = p / q in lowest terms, x not 1.
/// x^y is rational only if x is the q-th power of a rational number: since p and q have no common factor, q divides the
/// exponent of every prime in x when it divides p times that. So q divides a and b, and w = W^q; an x other than 1 has
/// some prime with an exponent below 256, so q < 256. Then x^y = 2^A 5^B W^p with A = a p / q, B = b p / q, and twice
/// its raw value is 2^(A + 19) 5^(B + 18) W^p: an integer only if A >= -19, B >= -18, and p > 0 or W = 1. If |p| > 255
/// that fails or the power has left the range: some of A, B, or the exponent of a prime in W^p, is at least 256 in
/// size.
///
/// All other powers are irrational, or rational off every boundary.
enum PowerBoundary {
    /// Twice the power's raw value when that is an integer. The power is within the range of the type, or nearly so.
    static func twiceExactPower(_ base: Magnitude256, _ exponent: Magnitude256, negative: Bool) -> BigInt? {
        // |y| < 512 * 2^60, see `PowerKernel`: two limbs, or p is large.
        if exponent.high != 0 { return nil }
        guard let (numerator, denominator) = fraction(exponent.low) else { return nil }
        let (twos, fives, rest) = factors(BigInt(base))
        let (a, b) = (twos - FixedPoint.decimals, fives - FixedPoint.decimals)
        guard a % denominator == 0, b % denominator == 0 else { return nil }
        let power = negative ? -numerator : numerator
        let (twosOfResult, fivesOfResult) = (a / denominator * power + 19, b / denominator * power + 18)
        guard twosOfResult >= 0, fivesOfResult >= 0, power > 0 || rest == 1 else { return nil }
        // In range twice the raw value has at most 258 bits, and so has every factor.
        guard twosOfResult <= 260, fivesOfResult <= 130, let root = root(rest, denominator) else { return nil }
        let others = root == 1 ? BigInt.one : root.power(UInt(numerator))
        return (others * BigInt(5).power(UInt(fivesOfResult))) << twosOfResult
    }

    /// p and q of `magnitude / 10^18`, both below 256.
    private static func fraction(_ magnitude: UInt128) -> (numerator: Int, denominator: Int)? {
        let twos = min(FixedPoint.decimals, magnitude.trailingZeroBitCount)
        // 5^b divides 10^18 / q', and q < 256 leaves at least 15 of the 18 fives.
        var (rest, fives) = (magnitude >> UInt128(twos), 0)
        let first: UInt128 = 30_517_578_125  // 5^15
        guard rest % first == 0 else { return nil }
        (rest, fives) = (rest / first, 15)
        while fives < FixedPoint.decimals && rest % 5 == 0 {
            rest /= 5
            fives += 1
        }
        var denominator = 1 << (FixedPoint.decimals - twos)
        for _ in fives..<FixedPoint.decimals {
            denominator *= 5
        }
        guard denominator < 256, rest < 256 else { return nil }
        return (Int(rest), denominator)
    }

    /// 5^64, 5^32, ..., 5; 5^109 < 2^256 < 5^128.
    private static let powersOfFive = [64, 32, 16, 8, 4, 2, 1].map { (exponent: $0, power: BigInt(5).power(UInt($0))) }

    /// The exponents of 2 and 5, and what is left.
    private static func factors(_ value: BigInt) -> (twos: Int, fives: Int, rest: BigInt) {
        let twos = value.trailingZeroBitCount
        var (rest, fives) = (value >> twos, 0)
        // 2^64 is 1 modulo 5, so the limbs add up to the number's remainder.
        guard rest.magnitudeLimbs.reduce(0, { $0 + $1 % 5 }) % 5 == 0 else { return (twos, 0, rest) }
        for (exponent, power) in powersOfFive where power <= rest {
            guard let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: power), remainder.isZero else {
                continue
            }
            (rest, fives) = (quotient, fives + exponent)
        }
        return (twos, fives, rest)
    }

    /// The exact root of an odd number for a degree 2^i 5^j, or nil.
    private static func root(_ value: BigInt, _ degree: Int) -> BigInt? {
        var (root, degree) = (value, degree)
        while degree % 2 == 0 {
            guard root != 1 else { return root }
            guard let half = root.squareRoot, half * half == root else { return nil }
            (root, degree) = (half, degree / 2)
        }
        while degree % 5 == 0 {
            guard root != 1 else { return root }
            guard let fifth = fifthRoot(root) else { return nil }
            (root, degree) = (fifth, degree / 5)
        }
        return root
    }

    /// The exact fifth root of an odd number below 2^256, or nil.
    ///
    /// Modulo 2^64 every odd number has exactly one, by Newton's method from the number itself, which is right modulo
    /// 2^4 (s^4 = 1 there); each step doubles the bits. The root is below 2^52, so it is that one or there is none.
    private static func fifthRoot(_ value: BigInt) -> BigInt? {
        guard let target = value.magnitudeLimbs.first else { return nil }
        var root = target
        for _ in 0..<4 {
            let fourth = (root &* root) &* (root &* root)
            root = root &- (fourth &* root &- target) &* inverse(5 &* fourth)
        }
        let candidate = BigInt(root)
        return root < 1 << 52 && candidate.power(5) == value ? candidate : nil
    }

    /// The inverse of an odd number modulo 2^64: right modulo 2^3 at first, each step doubles the bits.
    private static func inverse(_ value: UInt64) -> UInt64 {
        var inverse = value
        for _ in 0..<5 {
            inverse = inverse &* (2 &- value &* inverse)
        }
        return inverse
    }
}
