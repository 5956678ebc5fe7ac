extension BigInt {
    public static prefix func - (value: BigInt) -> BigInt {
        BigInt(negative: !value.isNegative, limbs: value.magnitudeLimbs)
    }

    public static func + (left: BigInt, right: BigInt) -> BigInt {
        sum(left, right, rightNegative: right.isNegative)
    }

    public static func - (left: BigInt, right: BigInt) -> BigInt {
        sum(left, right, rightNegative: !right.isNegative)
    }

    public static func * (left: BigInt, right: BigInt) -> BigInt {
        if left.isZero || right.isZero { return .zero }
        let limbs = makeLimbs(left.magnitudeLimbs.count + right.magnitudeLimbs.count) { target in
            left.withLimbs { leftLimbs, leftCount in
                right.withLimbs { rightLimbs, rightCount in
                    Limbs.multiply(target, leftLimbs, leftCount, rightLimbs, rightCount)
                }
            }
        }
        return BigInt(negative: left.isNegative != right.isNegative, limbs: limbs)
    }

    public static func += (left: inout BigInt, right: BigInt) { left = left + right }
    public static func -= (left: inout BigInt, right: BigInt) { left = left - right }
    public static func *= (left: inout BigInt, right: BigInt) { left = left * right }

    /// Quotient rounded toward zero and the remainder with the sign of the dividend; nil for a zero divisor.
    public func quotientAndRemainder(dividingBy divisor: BigInt) -> (quotient: BigInt, remainder: BigInt)? {
        if divisor.isZero { return nil }
        if compareMagnitude(divisor) < 0 { return (.zero, self) }
        let dividendCount = magnitudeLimbs.count
        let divisorCount = divisor.magnitudeLimbs.count
        var remainder = [UInt64](repeating: 0, count: divisorCount)
        let quotient = BigInt.makeLimbs(dividendCount - divisorCount + 1) { target in
            remainder.withUnsafeMutableBufferPointer { rest in
                guard let rest = rest.baseAddress else { return }
                withLimbs { dividendLimbs, _ in
                    divisor.withLimbs { divisorLimbs, _ in
                        Limbs.divide(
                            quotient: target, remainder: rest, dividendLimbs, dividendCount, divisorLimbs, divisorCount)
                    }
                }
            }
        }
        return (
            BigInt(negative: isNegative != divisor.isNegative, limbs: quotient),
            BigInt(negative: isNegative, limbs: remainder)
        )
    }

    /// The exact quotient rounded to an integer; nil for a zero divisor.
    public func divided(by divisor: BigInt, rounding: Rounding) -> BigInt? {
        guard let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor) else { return nil }
        if remainder.isZero { return quotient }
        let negative = isNegative != divisor.isNegative
        let awayFromZero: Bool
        switch rounding {
        case .floor: awayFromZero = negative
        case .ceiling: awayFromZero = !negative
        case .towardZero: awayFromZero = false
        case .halfEven:
            let order = (remainder << 1).compareMagnitude(divisor)
            awayFromZero = order > 0 || (order == 0 && quotient.isOdd)
        }
        return awayFromZero ? quotient + BigInt(negative ? -1 : 1) : quotient
    }

    /// Quotient toward negative infinity; nil for a zero divisor.
    public func floorDivide(_ divisor: BigInt) -> BigInt? { divided(by: divisor, rounding: .floor) }

    /// Quotient toward positive infinity; nil for a zero divisor.
    public func ceilDivide(_ divisor: BigInt) -> BigInt? { divided(by: divisor, rounding: .ceiling) }

    /// Nearest quotient, ties to even; nil for a zero divisor.
    public func roundDivide(_ divisor: BigInt) -> BigInt? { divided(by: divisor, rounding: .halfEven) }

    /// The remainder of `floorDivide`: zero or of the divisor's sign, `a == floor(a / b) * b + a mod b`; nil for a zero
    /// divisor.
    public func floorModulo(_ divisor: BigInt) -> BigInt? {
        guard let (_, remainder) = quotientAndRemainder(dividingBy: divisor) else { return nil }
        return remainder.isZero || remainder.isNegative == divisor.isNegative ? remainder : remainder + divisor
    }

    /// `self * factor / divisor`, the product exact; nil for a zero divisor.
    public func multiplied(by factor: BigInt, dividedBy divisor: BigInt, rounding: Rounding) -> BigInt? {
        (self * factor).divided(by: divisor, rounding: rounding)
    }

    /// `self` raised to `exponent`; `0.power(0)` is 1. The caller bounds the size of the result.
    public func power(_ exponent: UInt) -> BigInt {
        var result = BigInt.one
        var bit = UInt.bitWidth - exponent.leadingZeroBitCount
        while bit > 0 {
            bit -= 1
            result *= result
            if exponent >> UInt(bit) & 1 == 1 {
                result *= self
            }
        }
        return result
    }

    /// The floor of the square root; nil for a negative number.
    public var squareRoot: BigInt? {
        if isNegative { return nil }
        if isZero { return .zero }
        let limbs = BigInt.makeLimbs((magnitudeLimbs.count + 1) / 2) { target in
            withLimbs { source, count in Limbs.squareRoot(target, source, count) }
        }
        return BigInt(negative: false, limbs: limbs)
    }

    /// Greatest common divisor of the magnitudes; `gcd(0, b)` is `|b|`.
    public func greatestCommonDivisor(_ other: BigInt) -> BigInt {
        if isZero { return other.magnitude }
        if other.isZero { return magnitude }
        let sharedTwos = min(trailingZeroBitCount, other.trailingZeroBitCount)
        // GMP wants odd operands, the wider one first, and destroys both.
        var wide = magnitude >> trailingZeroBitCount
        var narrow = other.magnitude >> other.trailingZeroBitCount
        if wide < narrow { swap(&wide, &narrow) }
        var wideLimbs = wide.magnitudeLimbs
        var narrowLimbs = narrow.magnitudeLimbs
        let limbs = BigInt.makeLimbs(narrowLimbs.count) { target in
            wideLimbs.withUnsafeMutableBufferPointer { left in
                narrowLimbs.withUnsafeMutableBufferPointer { right in
                    guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else { return }
                    let used = Limbs.greatestCommonDivisor(target, leftBase, left.count, rightBase, right.count)
                    for index in used..<right.count {
                        target[index] = 0
                    }
                }
            }
        }
        return BigInt(negative: false, limbs: limbs) << sharedTwos
    }

    /// `value * 2^bits`; a negative `bits` shifts right.
    public static func << (value: BigInt, bits: Int) -> BigInt {
        if bits < 0 { return value >> -bits }
        if bits == 0 || value.isZero { return value }
        let (whole, part) = (bits / 64, bits % 64)
        let limbs = makeLimbs(value.magnitudeLimbs.count + whole + 1) { target in
            value.withLimbs { source, count in
                target.update(repeating: 0, count: whole)
                if part == 0 {
                    (target + whole).update(from: source, count: count)
                    target[whole + count] = 0
                } else {
                    target[whole + count] = Limbs.shiftLeft(target + whole, source, count, bits: part)
                }
            }
        }
        return BigInt(negative: value.isNegative, limbs: limbs)
    }

    /// The floor of `value / 2^bits`; a negative `bits` shifts left.
    public static func >> (value: BigInt, bits: Int) -> BigInt {
        if bits < 0 { return value << -bits }
        if bits == 0 || value.isZero { return value }
        let lostBits = value.isNegative && value.trailingZeroBitCount < bits
        let (whole, part) = (bits / 64, bits % 64)
        let remaining = value.magnitudeLimbs.count - whole
        var shifted = BigInt.zero
        if remaining > 0 {
            let limbs = makeLimbs(remaining) { target in
                value.withLimbs { source, _ in
                    if part == 0 {
                        target.update(from: source + whole, count: remaining)
                    } else {
                        Limbs.shiftRight(target, source + whole, remaining, bits: part)
                    }
                }
            }
            shifted = BigInt(negative: value.isNegative, limbs: limbs)
        }
        return lostBits ? shifted - .one : shifted
    }

    private static func sum(_ left: BigInt, _ right: BigInt, rightNegative: Bool) -> BigInt {
        if right.isZero { return left }
        if left.isZero { return BigInt(negative: rightNegative, limbs: right.magnitudeLimbs) }
        let order = left.compareMagnitude(right)
        if left.isNegative != rightNegative && order == 0 { return .zero }
        let (wide, narrow) = order >= 0 ? (left, right) : (right, left)
        let wideCount = wide.magnitudeLimbs.count
        let limbs = makeLimbs(wideCount + 1) { target in
            wide.withLimbs { wideLimbs, _ in
                narrow.withLimbs { narrowLimbs, narrowCount in
                    if left.isNegative == rightNegative {
                        target[wideCount] = Limbs.add(target, wideLimbs, wideCount, narrowLimbs, narrowCount)
                    } else {
                        Limbs.subtract(target, wideLimbs, wideCount, narrowLimbs, narrowCount)
                        target[wideCount] = 0
                    }
                }
            }
        }
        return BigInt(negative: order >= 0 ? left.isNegative : rightNegative, limbs: limbs)
    }

    /// Calls `body` with the limbs of a value that is not zero; zero calls nothing.
    func withLimbs(_ body: (UnsafePointer<UInt64>, Int) -> Void) {
        magnitudeLimbs.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress {
                body(base, buffer.count)
            }
        }
    }

    /// An array of `count` limbs, all written by `body`.
    static func makeLimbs(_ count: Int, _ body: (UnsafeMutablePointer<UInt64>) -> Void) -> [UInt64] {
        [UInt64](unsafeUninitializedCapacity: count) { buffer, initialised in
            if let base = buffer.baseAddress {
                base.initialize(repeating: 0, count: count)
                body(base)
            }
            initialised = count
        }
    }
}
