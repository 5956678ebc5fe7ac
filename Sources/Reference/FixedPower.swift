import Numerics

/// Powers and square roots of Fixed numbers, correctly rounded: slow and obvious.
enum FixedPower {
    /// The raw value of the square root, for raw >= 0.
    static func squareRoot(raw: BigInt, rounding: Rounding) -> BigInt {
        let square = raw * FixedPoint.scale
        let root = IntegerRoot.floor(square, degree: 2)
        let isUp =
            switch rounding {
            case .floor, .towardZero: false
            case .ceiling: root * root != square
            // Above the middle, which no square root of an integer is.
            case .halfEven: (2 * root + 1) * (2 * root + 1) < 4 * square
            }
        return isUp ? root + 1 : root
    }

    /// The raw value of (base / 10^18)^(exponent / 10^18) for a base that is not negative, and not zero when the
    /// exponent is negative; nil when it does not fit a signed 256-bit integer.
    static func power(base: BigInt, exponent: BigInt, rounding: Rounding) -> BigInt? {
        let scale = FixedPoint.scale
        if exponent.isZero || base == scale { return scale }
        if base.isZero { return .zero }
        let result = exact(base, exponent, rounding) ?? decided(base, exponent, rounding)
        return result.flatMap { $0.fitsSigned(bits: 256) ? $0 : nil }
    }

    /// The power when it is rational and its exponent's terms are small.
    ///
    /// A power with a larger numerator is never on a rounding boundary: it has a prime number to at least its 256th
    /// power in its numerator, so that it is out of range, or in its denominator, which then does not divide 2 * 10^18.
    /// A root of degree 256 or more of a number other than one is irrational, as the number's terms are below 2^256.
    private static func exact(_ base: BigInt, _ exponent: BigInt, _ rounding: Rounding) -> BigInt? {
        guard let x = Ratio(base, FixedPoint.scale), let y = Ratio(exponent, FixedPoint.scale),
            let degree = y.denominator.asInt64, let times = y.numerator.magnitude.asInt64, degree < 256, times < 256
        else { return nil }
        let over = IntegerRoot.floor(x.numerator, degree: Int(degree))
        let under = IntegerRoot.floor(x.denominator, degree: Int(degree))
        guard over.power(UInt(degree)) == x.numerator, under.power(UInt(degree)) == x.denominator else { return nil }
        let (top, bottom) = (over.power(UInt(times)), under.power(UInt(times)))
        let power = exponent.isNegative ? Ratio(bottom * FixedPoint.scale, top) : Ratio(top * FixedPoint.scale, bottom)
        return power?.rounded(rounding)
    }

    /// By bounds of e^(y ln x), until both round to one raw value; nil far out of range.
    private static func decided(_ base: BigInt, _ exponent: BigInt, _ rounding: Rounding) -> BigInt? {
        var precisionBits = 512
        while true {
            let (low, high) = FixedLogarithm.interval(raw: base, precisionBits: precisionBits)
            let (one, other) = (low * exponent, high * exponent)
            let lower = FixedExponential.down(min(one, other), FixedPoint.scale)
            let upper = FixedExponential.up(max(one, other), FixedPoint.scale)
            // 2^255 / 10^18 is below e^136, and e^-50 is far below half a unit in the last place.
            if lower > BigInt(136) << precisionBits { return nil }
            if upper < BigInt(-50) << precisionBits { return rounding == .ceiling ? .one : .zero }
            if upper - lower < BigInt.one << precisionBits {
                let scale = BigInt.one << precisionBits
                let bounds = FixedExponential.interval(lower, upper, precisionBits: precisionBits)
                if let result = Ratio(bounds.low * FixedPoint.scale, scale)?.rounded(rounding),
                    result == Ratio(bounds.high * FixedPoint.scale, scale)?.rounded(rounding)
                {
                    return result
                }
            }
            precisionBits *= 2
        }
    }
}

/// Roots of integers by Newton's method.
enum IntegerRoot {
    /// The floor of the root of a number that is not negative.
    static func floor(_ value: BigInt, degree: Int) -> BigInt {
        if value.isZero || degree == 1 { return value }
        // Not below the root; from there the steps fall until they reach its floor.
        var root = BigInt.one << ((value.bitWidth + degree - 1) / degree)
        while true {
            let quotient = value.floorDivide(root.power(UInt(degree - 1))) ?? .zero
            let next = (BigInt(degree - 1) * root + quotient).floorDivide(BigInt(degree)) ?? .zero
            if next >= root { return root }
            root = next
        }
    }
}
