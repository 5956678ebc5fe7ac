/// Products of fractions of 1 to 8 limbs, least significant limb first, cut to the limbs of the factors.
///
/// For factors of n limbs only the columns of weight n - 1 and up are summed. The columns left out hold less than
/// `(n - 1) * (1 + 2^-60)` units in the last place and cutting the last kept one less than one, so
/// `exact - (n + 1) units < result <= exact`. From 6 limbs on GMP sums all columns. The target may be a factor.
enum FractionProduct {
    typealias Source = UnsafePointer<UInt64>
    typealias Target = UnsafeMutablePointer<UInt64>

    /// Sum of the limb products of a column, on 192 bits.
    private struct Column {
        var low: UInt128 = 0
        var carry: UInt64 = 0

        @inline(__always)
        mutating func add(_ left: UInt64, _ right: UInt64) {
            let (sum, overflow) = low.addingReportingOverflow(left.product(right))
            low = sum
            carry &+= overflow ? 1 : 0
        }

        /// The column's limb; what is left is carried into the next column.
        @inline(__always)
        mutating func next() -> UInt64 {
            let limb = UInt64(truncatingIfNeeded: low)
            low = UInt128(truncatingIfNeeded: carry) << 64 | low >> 64
            carry = 0
            return limb
        }
    }

    /// The product on `count` limbs, 1 to 8; a constant count leaves one case.
    @inline(__always)
    static func multiply(_ target: Target, _ left: Source, _ right: Source, count: Int) {
        switch count {
        case 1: target[0] = UInt64(truncatingIfNeeded: left[0].product(right[0]) >> 64)
        case 2: multiply2(target, left, right)
        case 3: multiply3(target, left, right)
        case 4: multiply4(target, left, right)
        case 5: multiply5(target, left, right)
        default: multiplyWide(target, left, right, count: count)
        }
    }

    @inline(never)
    private static func multiplyWide(_ target: Target, _ left: Source, _ right: Source, count: Int) {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 2 * ExponentialConstants.limbCount) { buffer in
            guard let product = buffer.baseAddress else { return }
            Limbs.multiply(product, left, count, right, count)
            target.update(from: product + count, count: count)
        }
    }

    @inline(__always)
    private static func multiply2(_ target: Target, _ left: Source, _ right: Source) {
        let (a0, a1) = (left[0], left[1])
        let (b0, b1) = (right[0], right[1])
        var column = Column()
        column.add(a0, b1)
        column.add(a1, b0)
        _ = column.next()
        column.add(a1, b1)
        target[0] = column.next()
        target[1] = column.next()
    }

    @inline(__always)
    private static func multiply3(_ target: Target, _ left: Source, _ right: Source) {
        let (a0, a1, a2) = (left[0], left[1], left[2])
        let (b0, b1, b2) = (right[0], right[1], right[2])
        var column = Column()
        column.add(a0, b2)
        column.add(a1, b1)
        column.add(a2, b0)
        _ = column.next()
        column.add(a1, b2)
        column.add(a2, b1)
        target[0] = column.next()
        column.add(a2, b2)
        target[1] = column.next()
        target[2] = column.next()
    }

    @inline(__always)
    private static func multiply4(_ target: Target, _ left: Source, _ right: Source) {
        let (a0, a1, a2, a3) = (left[0], left[1], left[2], left[3])
        let (b0, b1, b2, b3) = (right[0], right[1], right[2], right[3])
        var column = Column()
        column.add(a0, b3)
        column.add(a1, b2)
        column.add(a2, b1)
        column.add(a3, b0)
        _ = column.next()
        column.add(a1, b3)
        column.add(a2, b2)
        column.add(a3, b1)
        target[0] = column.next()
        column.add(a2, b3)
        column.add(a3, b2)
        target[1] = column.next()
        column.add(a3, b3)
        target[2] = column.next()
        target[3] = column.next()
    }

    @inline(__always)
    private static func multiply5(_ target: Target, _ left: Source, _ right: Source) {
        let (a0, a1, a2, a3, a4) = (left[0], left[1], left[2], left[3], left[4])
        let (b0, b1, b2, b3, b4) = (right[0], right[1], right[2], right[3], right[4])
        var column = Column()
        column.add(a0, b4)
        column.add(a1, b3)
        column.add(a2, b2)
        column.add(a3, b1)
        column.add(a4, b0)
        _ = column.next()
        column.add(a1, b4)
        column.add(a2, b3)
        column.add(a3, b2)
        column.add(a4, b1)
        target[0] = column.next()
        column.add(a2, b4)
        column.add(a3, b3)
        column.add(a4, b2)
        target[1] = column.next()
        column.add(a3, b4)
        column.add(a4, b3)
        target[2] = column.next()
        column.add(a4, b4)
        target[3] = column.next()
        target[4] = column.next()
    }

    /// `target += addend` on `count` limbs; the sum is below one.
    @inline(__always)
    static func add(_ target: Target, _ addend: Source, count: Int) {
        var carry = false
        var index = 0
        while index < count {
            let (partial, first) = target[index].addingReportingOverflow(addend[index])
            let (sum, second) = partial.addingReportingOverflow(carry ? 1 : 0)
            target[index] = sum
            carry = first || second
            index += 1
        }
    }
}
