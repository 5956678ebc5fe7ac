/// An exact quotient of two integers, in lowest terms with a positive denominator.
public struct Ratio: Sendable, Hashable {
    public let numerator: BigInt
    public let denominator: BigInt

    /// Nil for a zero denominator.
    public init?(_ numerator: BigInt, _ denominator: BigInt) {
        if denominator.isZero { return nil }
        self.init(numerator, nonZero: denominator)
    }

    public init(_ value: BigInt) {
        numerator = value
        denominator = .one
    }

    private init(_ numerator: BigInt, nonZero denominator: BigInt) {
        let divisor = numerator.greatestCommonDivisor(denominator)
        let signed = denominator.isNegative ? -divisor : divisor
        // The divisor is not zero because the denominator is not.
        self.numerator = numerator.quotientAndRemainder(dividingBy: signed)?.quotient ?? .zero
        self.denominator = denominator.quotientAndRemainder(dividingBy: signed)?.quotient ?? .one
    }

    public var isZero: Bool { numerator.isZero }

    /// The integer that `rounding` picks.
    public func rounded(_ rounding: Rounding) -> BigInt {
        // The denominator is never zero.
        numerator.divided(by: denominator, rounding: rounding) ?? .zero
    }

    public static prefix func - (value: Ratio) -> Ratio {
        Ratio(-value.numerator, nonZero: value.denominator)
    }

    public static func + (left: Ratio, right: Ratio) -> Ratio {
        Ratio(
            left.numerator * right.denominator + right.numerator * left.denominator,
            nonZero: left.denominator * right.denominator)
    }

    public static func - (left: Ratio, right: Ratio) -> Ratio {
        left + -right
    }

    public static func * (left: Ratio, right: Ratio) -> Ratio {
        Ratio(left.numerator * right.numerator, nonZero: left.denominator * right.denominator)
    }

    /// Nil when `divisor` is zero.
    public func divided(by divisor: Ratio) -> Ratio? {
        Ratio(numerator * divisor.denominator, denominator * divisor.numerator)
    }
}

extension Ratio: Comparable {
    public static func < (left: Ratio, right: Ratio) -> Bool {
        left.compare(right) < 0
    }

    /// -1, 0 or 1 as `self` is below, equal to or above `other`.
    public func compare(_ other: Ratio) -> Int {
        (numerator * other.denominator).compare(other.numerator * denominator)
    }
}

extension Ratio: CustomStringConvertible {
    public var description: String {
        denominator == .one ? numerator.description : "\(numerator)/\(denominator)"
    }
}
