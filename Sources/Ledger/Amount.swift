/// A quantity of an asset in its smallest unit: 0 … 2^256 − 1. Arithmetic that would leave the range returns nil.
@frozen
public struct Amount: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Limbs of 64 bits, least significant first.
    private var limb0: UInt64
    private var limb1: UInt64
    private var limb2: UInt64
    private var limb3: UInt64

    /// Nothing.
    public static let zero = Amount(0)
    /// 2^256 − 1.
    public static let max = Amount(limbs: .max, .max, .max, .max)
    /// The bytes of the largest amount.
    public static let magnitudeByteCount = 32

    /// An amount of at most 64 bits.
    public init(_ value: UInt64) {
        self.init(limbs: value, 0, 0, 0)
    }

    /// An amount of four limbs, least significant first.
    public init(limbs limb0: UInt64, _ limb1: UInt64, _ limb2: UInt64, _ limb3: UInt64) {
        self.limb0 = limb0
        self.limb1 = limb1
        self.limb2 = limb2
        self.limb3 = limb3
    }

    /// The limbs, least significant first.
    public var limbs: (UInt64, UInt64, UInt64, UInt64) { (limb0, limb1, limb2, limb3) }

    /// Whether the amount is nothing.
    public var isZero: Bool { limb0 | limb1 | limb2 | limb3 == 0 }

    /// The amount when it fits 64 bits.
    public var asUInt64: UInt64? { limb1 | limb2 | limb3 == 0 ? limb0 : nil }

    public static func < (left: Amount, right: Amount) -> Bool {
        if left.limb3 != right.limb3 { return left.limb3 < right.limb3 }
        if left.limb2 != right.limb2 { return left.limb2 < right.limb2 }
        if left.limb1 != right.limb1 { return left.limb1 < right.limb1 }
        return left.limb0 < right.limb0
    }

    // MARK: Arithmetic

    /// The sum; nil when it passes ``max``.
    public func adding(_ other: Amount) -> Amount? {
        var sum = self
        var carry = false
        (sum.limb0, carry) = Amount.add(limb0, other.limb0, carry)
        (sum.limb1, carry) = Amount.add(limb1, other.limb1, carry)
        (sum.limb2, carry) = Amount.add(limb2, other.limb2, carry)
        (sum.limb3, carry) = Amount.add(limb3, other.limb3, carry)
        return carry ? nil : sum
    }

    /// The difference; nil when it would be negative.
    public func subtracting(_ other: Amount) -> Amount? {
        var difference = self
        var borrow = false
        (difference.limb0, borrow) = Amount.subtract(limb0, other.limb0, borrow)
        (difference.limb1, borrow) = Amount.subtract(limb1, other.limb1, borrow)
        (difference.limb2, borrow) = Amount.subtract(limb2, other.limb2, borrow)
        (difference.limb3, borrow) = Amount.subtract(limb3, other.limb3, borrow)
        return borrow ? nil : difference
    }

    /// The product; nil when it passes ``max``.
    public func multiplied(by factor: UInt64) -> Amount? {
        var product = self
        var carry: UInt64 = 0
        (product.limb0, carry) = Amount.multiply(limb0, factor, carry)
        (product.limb1, carry) = Amount.multiply(limb1, factor, carry)
        (product.limb2, carry) = Amount.multiply(limb2, factor, carry)
        (product.limb3, carry) = Amount.multiply(limb3, factor, carry)
        return carry == 0 ? product : nil
    }

    private static func add(_ left: UInt64, _ right: UInt64, _ carry: Bool) -> (UInt64, Bool) {
        let (partial, first) = left.addingReportingOverflow(right)
        let (sum, second) = partial.addingReportingOverflow(carry ? 1 : 0)
        return (sum, first || second)
    }

    private static func subtract(_ left: UInt64, _ right: UInt64, _ borrow: Bool) -> (UInt64, Bool) {
        let (partial, first) = left.subtractingReportingOverflow(right)
        let (difference, second) = partial.subtractingReportingOverflow(borrow ? 1 : 0)
        return (difference, first || second)
    }

    private static func multiply(_ limb: UInt64, _ factor: UInt64, _ carry: UInt64) -> (UInt64, UInt64) {
        let (high, low) = limb.multipliedFullWidth(by: factor)
        let (sum, overflow) = low.addingReportingOverflow(carry)
        // high is at most 2^64 − 2, so the carry cannot overflow it.
        return (sum, high &+ (overflow ? 1 : 0))
    }

    /// Divides in place and returns the remainder; the divisor is not zero.
    private mutating func divide(by divisor: UInt64) -> UInt64 {
        var remainder: UInt64 = 0
        (limb3, remainder) = divisor.dividingFullWidth((remainder, limb3))
        (limb2, remainder) = divisor.dividingFullWidth((remainder, limb2))
        (limb1, remainder) = divisor.dividingFullWidth((remainder, limb1))
        (limb0, remainder) = divisor.dividingFullWidth((remainder, limb0))
        return remainder
    }

    // MARK: Text and bytes

    /// Decimal digits without leading zeros.
    public var description: String {
        let chunkBase: UInt64 = 1_000_000_000_000_000_000
        var rest = self
        var text = String(rest.divide(by: chunkBase))
        while !rest.isZero {
            // Every chunk but the first is filled up to its 18 digits.
            text = String(repeating: "0", count: (18 - text.utf8.count % 18) % 18) + text
            text = String(rest.divide(by: chunkBase)) + text
        }
        return text
    }

    /// Reads decimal digits without sign, separators or leading zeros; nil for anything else.
    public init?(_ text: String) {
        let digits = text.utf8
        guard (1...78).contains(digits.count), digits.count == 1 || digits.first != 0x30 else { return nil }
        var value = Amount.zero
        for digit in digits {
            guard (0x30...0x39).contains(digit),
                let next = value.multiplied(by: 10)?.adding(Amount(UInt64(digit - 0x30)))
            else { return nil }
            value = next
        }
        self = value
    }

    /// The magnitude, most significant byte first, without leading zeros; empty for nothing.
    public var magnitudeBytes: [UInt8] {
        var bytes: [UInt8] = []
        for limb in [limb3, limb2, limb1, limb0] {
            withUnsafeBytes(of: limb.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return Array(bytes.drop { $0 == 0 })
    }

    /// Reads a magnitude of at most 32 bytes, most significant first, without leading zeros; nil for anything else.
    public init?(magnitudeBytes: some Collection<UInt8>) {
        guard magnitudeBytes.count <= Amount.magnitudeByteCount, magnitudeBytes.first != 0 else { return nil }
        self = .zero
        for byte in magnitudeBytes {
            limb3 = limb3 << 8 | limb2 >> 56
            limb2 = limb2 << 8 | limb1 >> 56
            limb1 = limb1 << 8 | limb0 >> 56
            limb0 = limb0 << 8 | UInt64(byte)
        }
    }
}
