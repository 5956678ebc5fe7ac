import Numerics

/// The integers that an expression can take: for Fixed its raw values, for a Ratio the whole numbers around it.
struct ValueRange: Equatable {
    let low: BigInt
    let high: BigInt

    init(_ low: BigInt, _ high: BigInt) {
        self.low = low
        self.high = high
    }

    init(_ value: BigInt) { self.init(value, value) }
    init(_ low: Int, _ high: Int) { self.init(BigInt(low), BigInt(high)) }

    /// Both ends at ±2^bits − 1, the lower one at zero when unsigned.
    init(magnitudeBits bits: Int, isSigned: Bool) {
        let high = (BigInt.one << bits) - BigInt.one
        self.init(isSigned ? -high : BigInt.zero, high)
    }

    /// What a declared integer type holds.
    init(_ type: IntegerType) {
        switch type.name {
        case .exact: self.init(magnitudeBits: type.bits, isSigned: type.isSigned)
        case .int, .amount, .height:
            let high = (BigInt.one << (type.isSigned ? type.bits - 1 : type.bits)) - BigInt.one
            self.init(type.isSigned ? -high - BigInt.one : BigInt.zero, high)
        }
    }

    /// The raw values of `Fixed`.
    static let fixed = ValueRange(.int)
    /// 10^18.
    static let fixedUnit = BigInt(1_000_000_000_000_000_000)

    /// Bits of the largest magnitude.
    var bits: Int { max(low.bitWidth, high.bitWidth) }
    var isSigned: Bool { low.isNegative }
    var constant: BigInt? { low == high ? low : nil }
    var exactType: IntegerType { IntegerType(name: .exact, bits: max(bits, 1), isSigned: isSigned) }

    func isInside(_ other: ValueRange) -> Bool { other.low <= low && high <= other.high }
    func isOutside(_ other: ValueRange) -> Bool { high < other.low || other.high < low }

    func union(_ other: ValueRange) -> ValueRange { ValueRange(min(low, other.low), max(high, other.high)) }

    static func + (left: ValueRange, right: ValueRange) -> ValueRange {
        ValueRange(left.low + right.low, left.high + right.high)
    }

    static func - (left: ValueRange, right: ValueRange) -> ValueRange {
        ValueRange(left.low - right.high, left.high - right.low)
    }

    static func * (left: ValueRange, right: ValueRange) -> ValueRange {
        let corners = [left.low * right.low, left.low * right.high, left.high * right.low, left.high * right.high]
        return corners.dropFirst().reduce(ValueRange(corners[0])) { $0.union(ValueRange($1)) }
    }

    static prefix func - (range: ValueRange) -> ValueRange { ValueRange(-range.high, -range.low) }

    /// Of the floored quotient's remainder: it has the divisor's sign.
    func remainder(by divisor: ValueRange) -> ValueRange {
        let low = divisor.low.isNegative ? divisor.low + BigInt.one : BigInt.zero
        let high = divisor.high > BigInt.zero ? divisor.high - BigInt.one : BigInt.zero
        if !self.low.isNegative, !divisor.low.isNegative { return ValueRange(BigInt.zero, min(self.high, high)) }
        return ValueRange(low, high)
    }

    var magnitude: ValueRange {
        if !low.isNegative { return self }
        if high.isNegative { return -self }
        return ValueRange(BigInt.zero, max(-low, high))
    }

    /// Whole numbers around the quotient; a zero divisor fails and so does not count.
    func quotient(by divisor: ValueRange) -> ValueRange {
        if divisor.low.isNegative {
            if divisor.high.isNegative || divisor.high.isZero { return (-self).quotient(by: -divisor) }
            let reach = magnitude.high
            return ValueRange(-reach, reach)
        }
        let smallest = max(divisor.low, BigInt.one)
        let largest = max(divisor.high, BigInt.one)
        let corners = [(low, smallest), (low, largest), (high, smallest), (high, largest)]
        let floors = corners.compactMap { $0.0.floorDivide($0.1) }
        let ceilings = corners.compactMap { $0.0.ceilDivide($0.1) }
        return ValueRange(floors.min() ?? low, ceilings.max() ?? high)
    }

    var scaledToFixed: ValueRange { ValueRange(low * Self.fixedUnit, high * Self.fixedUnit) }

    /// Whole numbers around the values of raw Fixed numbers.
    var wholeFromFixed: ValueRange {
        ValueRange(low.floorDivide(Self.fixedUnit) ?? low, high.ceilDivide(Self.fixedUnit) ?? high)
    }
}

/// A typed expression together with the values it can take.
struct Checked {
    var expression: Expression
    /// Of numbers.
    var range: ValueRange?

    init(_ expression: Expression, range: ValueRange? = nil) {
        self.expression = expression
        self.range = range
    }

    var type: Type { expression.type }

    /// The known range, else what the type holds.
    var reach: ValueRange {
        if let range { return range }
        switch type {
        case .integer(let type): return ValueRange(type)
        case .exactFixed(let bits): return ValueRange(magnitudeBits: bits, isSigned: true)
        case .ratio(let numeratorBits, _): return ValueRange(magnitudeBits: numeratorBits, isSigned: true)
        default: return .fixed
        }
    }

    var isInvalid: Bool { if case .invalid = type { true } else { false } }
}
