/// Integer operations on cells: the machine's arithmetic.
///
/// Every function reads its operands before it writes its destination, so the destination may be any of them. On a
/// status other than `ok` the destination is unchanged. Results are canonical. Operands must be canonical too.
///
/// Nothing is allocated but the arena block of a result wider than 256 bits. Operands of up to two limbs, and the sums
/// of up to four, are computed inline; the rest goes to GMP through the arena's scratch limbs.
public enum CellInteger {
    /// Header of a big integer in the arena, in limbs: the signed limb count and an unused word.
    @usableFromInline static let wideHeaderLimbs = 2

    // MARK: Reading

    /// Whether the value fits two limbs and is not in the arena: a small word, or a home word below that of 3 limbs.
    @inline(__always)
    static func isShort(_ word: Int64) -> Bool {
        word & 1 == 0 || UInt64(bitPattern: word) < 24
    }

    /// The magnitude and sign of a short operand.
    @inline(__always)
    static func loadShort(_ operand: CellOperand) -> (magnitude: UInt128, negative: Bool) {
        let word = operand.word
        if word & 1 == 0 {
            let value = word >> 1
            return (UInt128(truncatingIfNeeded: value.magnitude), value < 0)
        }
        let low = UInt128(truncatingIfNeeded: operand.home[0])
        let high = word & 16 != 0 ? UInt128(truncatingIfNeeded: operand.home[1]) << 64 : 0
        return (low | high, word & 4 != 0)
    }

    /// The magnitude and sign of an operand that is not in the arena.
    @inline(__always)
    static func loadHome(_ operand: CellOperand) -> (magnitude: Magnitude256, negative: Bool) {
        let word = operand.word
        if word & 1 == 0 {
            let value = word >> 1
            return (Magnitude256(limb0: value.magnitude, limb1: 0, limb2: 0, limb3: 0), value < 0)
        }
        let home = operand.home
        let count = CellWord.homeCount(word)
        return (
            Magnitude256(
                limb0: home[0], limb1: count > 1 ? home[1] : 0, limb2: count > 2 ? home[2] : 0,
                limb3: count > 3 ? home[3] : 0),
            word & 4 != 0
        )
    }

    /// The limbs of any operand; those of a small word are written to `spill` first.
    @inline(__always)
    static func limbs(_ operand: CellOperand, spill: UnsafeMutablePointer<UInt64>) -> LimbView {
        let word = operand.word
        if word & 1 == 0 {
            let value = word >> 1
            spill.pointee = value.magnitude
            return LimbView(limbs: UnsafePointer(spill), count: value == 0 ? 0 : 1, negative: value < 0)
        }
        if CellWord.isHome(word) {
            return LimbView(limbs: operand.home, count: CellWord.homeCount(word), negative: word & 4 != 0)
        }
        return wideLimbs(word)
    }

    /// The limbs of an integer in the arena.
    @inline(__always)
    static func wideLimbs(_ word: Int64) -> LimbView {
        guard let block = UnsafePointer<UInt64>(bitPattern: Int(truncatingIfNeeded: word & ~3)) else {
            return LimbView(limbs: UnsafePointer(bitPattern: 16).unsafelyUnwrapped, count: 0, negative: false)
        }
        let count = Int64(bitPattern: block[0])
        return LimbView(
            limbs: block + wideHeaderLimbs, count: Int(truncatingIfNeeded: count.magnitude), negative: count < 0)
    }

    /// The number of limbs of an operand; 0 for zero.
    @inline(__always)
    static func limbCount(_ operand: CellOperand) -> Int {
        let word = operand.word
        if word & 1 == 0 { return word == 0 ? 0 : 1 }
        if CellWord.isHome(word) { return CellWord.homeCount(word) }
        return wideLimbs(word).count
    }

    // MARK: Writing

    @inline(__always)
    static func store(_ destination: CellDestination, small value: Int64) {
        destination.word.pointee = CellWord.small(value)
    }

    /// Stores a magnitude of one limb.
    @inline(__always)
    static func store(_ destination: CellDestination, limb: UInt64, negative: Bool) {
        // -2^62 is small and 2^62 is not.
        if limb < (1 << 62) &+ (negative ? 1 : 0) {
            let value = Int64(truncatingIfNeeded: limb)
            destination.word.pointee = (negative ? 0 &- value : value) << 1
        } else {
            destination.home[0] = limb
            destination.word.pointee = CellWord.home(count: 1, negative: negative)
        }
    }

    /// Stores a magnitude of up to two limbs.
    @inline(__always)
    static func store(_ destination: CellDestination, magnitude: UInt128, negative: Bool) {
        let low = UInt64(truncatingIfNeeded: magnitude)
        let high = UInt64(truncatingIfNeeded: magnitude >> 64)
        if high == 0 {
            store(destination, limb: low, negative: negative)
        } else {
            destination.home[0] = low
            destination.home[1] = high
            destination.word.pointee = CellWord.home(count: 2, negative: negative)
        }
    }

    /// Stores a magnitude of up to four limbs.
    @inline(__always)
    static func store(_ destination: CellDestination, magnitude: Magnitude256, negative: Bool) {
        if magnitude.limb3 | magnitude.limb2 == 0 {
            store(destination, magnitude: magnitude.low, negative: negative)
        } else {
            destination.home[0] = magnitude.limb0
            destination.home[1] = magnitude.limb1
            destination.home[2] = magnitude.limb2
            destination.home[3] = magnitude.limb3
            destination.word.pointee = CellWord.home(count: magnitude.limb3 == 0 ? 3 : 4, negative: negative)
        }
    }

    /// Stores a magnitude of any size that does not lie in the destination's home; leading zero limbs are allowed.
    static func store(
        _ destination: CellDestination, limbs: UnsafePointer<UInt64>, count: Int, negative: Bool, arena: Arena
    ) -> ArithmeticStatus {
        let count = Limbs.normalisedCount(limbs, count)
        if count <= 1 {
            store(destination, limb: count == 0 ? 0 : limbs[0], negative: negative)
            return .ok
        }
        if count <= NumericLimits.homeLimbs {
            destination.home.update(from: limbs, count: count)
            destination.word.pointee = CellWord.home(count: count, negative: negative)
            return .ok
        }
        if count > NumericLimits.integerLimbs { return .integerTooWide }
        guard let block = arena.allocate(bytes: 8 * (wideHeaderLimbs + count)) else { return .arenaExhausted }
        let words = block.assumingMemoryBound(to: UInt64.self)
        words[0] = UInt64(bitPattern: Int64(negative ? -count : count))
        words[1] = 0
        (words + wideHeaderLimbs).update(from: limbs, count: count)
        destination.word.pointee = Int64(Int(bitPattern: block)) | 3
        return .ok
    }

    /// Stores another cell's value.
    @inline(__always)
    static func copy(_ destination: CellDestination, _ source: CellOperand) {
        if CellWord.isHome(source.word) {
            let home = source.home
            let (limb0, limb1, limb2, limb3) = (home[0], home[1], home[2], home[3])
            destination.home[0] = limb0
            destination.home[1] = limb1
            destination.home[2] = limb2
            destination.home[3] = limb3
        }
        destination.word.pointee = source.word
    }

    /// Takes the variable cost; false when it cannot be paid.
    @inline(__always)
    static func charge(_ gas: UnsafeMutablePointer<Int64>, _ cost: Int64) -> Bool {
        if gas.pointee < cost { return false }
        gas.pointee &-= cost
        return true
    }
}

/// A natural number somewhere in memory and its sign; no leading zero limbs.
struct LimbView {
    let limbs: UnsafePointer<UInt64>
    let count: Int
    let negative: Bool

    @inline(__always)
    var bitWidth: Int { Limbs.bitWidth(limbs, count) }
}

/// A natural number below 2^256, least significant limb first.
struct Magnitude256 {
    var limb0: UInt64
    var limb1: UInt64
    var limb2: UInt64
    var limb3: UInt64

    @inline(__always)
    init(limb0: UInt64, limb1: UInt64, limb2: UInt64, limb3: UInt64) {
        self.limb0 = limb0
        self.limb1 = limb1
        self.limb2 = limb2
        self.limb3 = limb3
    }

    /// The exact product of two 128-bit numbers.
    @inline(__always)
    init(product left: UInt128, _ right: UInt128) {
        let (left0, left1) = (UInt64(truncatingIfNeeded: left), UInt64(truncatingIfNeeded: left >> 64))
        let (right0, right1) = (UInt64(truncatingIfNeeded: right), UInt64(truncatingIfNeeded: right >> 64))
        let low = left0.product(right0)
        // Neither sum can pass 128 bits: (2^64 - 1)^2 + 2 (2^64 - 1) = 2^128 - 1.
        let middle = left0.product(right1) &+ (low >> 64)
        let cross = left1.product(right0) &+ (middle & UInt128(truncatingIfNeeded: UInt64.max))
        let high = left1.product(right1) &+ (middle >> 64) &+ (cross >> 64)
        limb0 = UInt64(truncatingIfNeeded: low)
        limb1 = UInt64(truncatingIfNeeded: cross)
        limb2 = UInt64(truncatingIfNeeded: high)
        limb3 = UInt64(truncatingIfNeeded: high >> 64)
    }

    @inline(__always)
    var low: UInt128 { UInt128(truncatingIfNeeded: limb1) << 64 | UInt128(truncatingIfNeeded: limb0) }

    @inline(__always)
    var high: UInt128 { UInt128(truncatingIfNeeded: limb3) << 64 | UInt128(truncatingIfNeeded: limb2) }

    @inline(__always)
    static func < (left: Magnitude256, right: Magnitude256) -> Bool {
        left.high != right.high ? left.high < right.high : left.low < right.low
    }

    /// The sum below 2^256 and the carry.
    @inline(__always)
    func adding(_ other: Magnitude256) -> (Magnitude256, carry: Bool) {
        let (low, lowCarry) = self.low.addingReportingOverflow(other.low)
        let (partial, firstCarry) = high.addingReportingOverflow(other.high)
        let (high, secondCarry) = partial.addingReportingOverflow(lowCarry ? 1 : 0)
        return (Magnitude256(low: low, high: high), firstCarry || secondCarry)
    }

    /// The difference; `other` is not larger.
    @inline(__always)
    func subtracting(_ other: Magnitude256) -> Magnitude256 {
        let (low, borrow) = self.low.subtractingReportingOverflow(other.low)
        return Magnitude256(low: low, high: high &- other.high &- (borrow ? 1 : 0))
    }

    @inline(__always)
    init(low: UInt128, high: UInt128) {
        limb0 = UInt64(truncatingIfNeeded: low)
        limb1 = UInt64(truncatingIfNeeded: low >> 64)
        limb2 = UInt64(truncatingIfNeeded: high)
        limb3 = UInt64(truncatingIfNeeded: high >> 64)
    }
}

extension UInt64 {
    /// The exact product.
    @inline(__always)
    func product(_ other: UInt64) -> UInt128 {
        UInt128(truncatingIfNeeded: self) &* UInt128(truncatingIfNeeded: other)
    }
}
