/// An exact integer of any size.
///
/// Sign and magnitude; canonical, so equal values are equal as structures. Serves the compiler, the reference evaluator
/// and tools; the machine works on cells (`CellInteger`) instead.
public struct BigInt: Sendable, Hashable {
    /// Whether the value is below zero; zero is not negative.
    public let isNegative: Bool
    /// The magnitude in little-endian 64-bit limbs, without leading zero limbs; empty for zero.
    public let magnitudeLimbs: [UInt64]

    public static let zero = BigInt(negative: false, limbs: [])
    public static let one = BigInt(1)

    /// From sign and little-endian limbs in any form; leading zeros and the sign of zero are dropped.
    public init(negative: Bool, limbs: [UInt64]) {
        var count = limbs.count
        while count > 0 && limbs[count - 1] == 0 {
            count -= 1
        }
        magnitudeLimbs = count == limbs.count ? limbs : Array(limbs[..<count])
        isNegative = negative && count > 0
    }

    public init(_ value: Int) {
        self.init(negative: value < 0, limbs: [UInt64(value.magnitude)])
    }

    public init(_ value: Int64) {
        self.init(negative: value < 0, limbs: [value.magnitude])
    }

    public init(_ value: UInt64) {
        self.init(negative: false, limbs: [value])
    }

    /// From an unsigned big-endian magnitude of any length; leading zero bytes are allowed.
    public init(negative: Bool = false, bigEndianMagnitude bytes: some Collection<UInt8>) {
        var limbs = [UInt64](repeating: 0, count: (bytes.count + 7) / 8)
        var position = bytes.count
        for byte in bytes {
            position -= 1
            limbs[position / 8] |= UInt64(byte) << UInt64(8 * (position % 8))
        }
        self.init(negative: negative, limbs: limbs)
    }

    /// The magnitude in big-endian bytes without leading zeros; empty for zero.
    public var bigEndianMagnitude: [UInt8] {
        let count = (bitWidth + 7) / 8
        return (0..<count).map { index in
            let position = count - 1 - index
            return UInt8(truncatingIfNeeded: magnitudeLimbs[position / 8] >> UInt64(8 * (position % 8)))
        }
    }

    public var isZero: Bool { magnitudeLimbs.isEmpty }

    /// -1, 0 or 1.
    public var signum: Int { isZero ? 0 : (isNegative ? -1 : 1) }

    public var isOdd: Bool { (magnitudeLimbs.first ?? 0) & 1 == 1 }

    /// Bits of the magnitude; 0 for zero.
    public var bitWidth: Int {
        guard let top = magnitudeLimbs.last else { return 0 }
        return 64 * magnitudeLimbs.count - top.leadingZeroBitCount
    }

    /// The number of zero bits below the lowest one bit of the magnitude; 0 for zero.
    public var trailingZeroBitCount: Int {
        for (index, limb) in magnitudeLimbs.enumerated() where limb != 0 {
            return 64 * index + limb.trailingZeroBitCount
        }
        return 0
    }

    public var magnitude: BigInt { isNegative ? -self : self }

    /// The value when it fits a signed 64-bit integer.
    public var asInt64: Int64? {
        if magnitudeLimbs.count > 1 { return nil }
        let magnitude = magnitudeLimbs.first ?? 0
        if isNegative {
            return magnitude <= 1 << 63 ? 0 &- Int64(bitPattern: magnitude) : nil
        }
        return Int64(exactly: magnitude)
    }

    /// Whether the value lies in `-2^(bits-1) ..< 2^(bits-1)`; `bits` is positive.
    public func fitsSigned(bits: Int) -> Bool {
        let width = bitWidth
        if width < bits { return true }
        return width == bits && isNegative && trailingZeroBitCount == bits - 1
    }

    /// Whether the value lies in `0 ..< 2^bits`.
    public func fitsUnsigned(bits: Int) -> Bool {
        !isNegative && bitWidth <= bits
    }
}

extension BigInt: ExpressibleByIntegerLiteral {
    /// Literals of any size are accepted.
    public init(integerLiteral value: StaticBigInt) {
        let negative = value.signum() < 0
        let wordCount = (value.bitWidth + UInt.bitWidth - 1) / UInt.bitWidth
        var limbs: [UInt64] = []
        var carry = negative
        for index in 0..<wordCount {
            var limb = UInt64(value[index])
            if negative {
                limb = ~limb
                if carry {
                    (limb, carry) = limb.addingReportingOverflow(1)
                }
            }
            limbs.append(limb)
        }
        self.init(negative: negative, limbs: limbs)
    }
}

extension BigInt: Comparable {
    public static func < (left: BigInt, right: BigInt) -> Bool {
        left.compare(right) < 0
    }

    /// -1, 0 or 1 as `self` is below, equal to or above `other`.
    public func compare(_ other: BigInt) -> Int {
        if isNegative != other.isNegative { return isNegative ? -1 : 1 }
        let order = compareMagnitude(other)
        return isNegative ? -order : order
    }

    func compareMagnitude(_ other: BigInt) -> Int {
        magnitudeLimbs.withUnsafeBufferPointer { left in
            other.magnitudeLimbs.withUnsafeBufferPointer { right in
                guard let leftBase = left.baseAddress, let rightBase = right.baseAddress else {
                    return left.count == right.count ? 0 : (left.count < right.count ? -1 : 1)
                }
                return Limbs.compare(leftBase, left.count, rightBase, right.count)
            }
        }
    }
}
