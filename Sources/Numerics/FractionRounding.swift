/// Rounding of a number whose lowest bits are uncertain.
///
/// The number is `limbs / 2^point`, with zeros written in every limb above it that `window` may reach.
enum FractionRounding {
    typealias Source = UnsafePointer<UInt64>

    /// Whether the magnitude rounds away from zero, or nil when its error of less than `2^(errorBit - point)` lets a
    /// rounding boundary lie between the approximation and the exact number. `64 <= point`, `errorBit < point - 1`.
    ///
    /// An integer lies that near only if the known bits after the point are all zeros or all ones; half of an odd
    /// number only if they are a one and zeros or a zero and ones, which the flip of the first bit makes the same
    /// question.
    @inline(__always)
    static func roundsUp(
        _ limbs: Source, point: Int, errorBit: Int, rounding: Rounding, negative: Bool
    ) -> Bool? {
        let half: UInt64 = 1 << 63
        let first = window(limbs, point - 64)
        let pattern = rounding == .halfEven ? first ^ half : first
        let known = point - errorBit
        if known >= 64 {
            if pattern == 0 || pattern == .max {
                guard isMixed(limbs, from: errorBit, to: point - 64, expecting: pattern) else { return nil }
            }
        } else {
            let top = pattern >> UInt64(64 - known)
            if top == 0 || top == .max >> UInt64(64 - known) { return nil }
        }
        switch rounding {
        case .halfEven: return first >= half
        case .floor: return negative
        case .ceiling: return !negative
        case .towardZero: return false
        }
    }

    /// Whether some bit of `from ..< to` differs from those of `pattern`, which are all the same.
    @inline(never)
    private static func isMixed(_ limbs: Source, from: Int, to: Int, expecting pattern: UInt64) -> Bool {
        var end = to
        while end - from >= 64 {
            end -= 64
            if window(limbs, end) != pattern { return true }
        }
        if end == from { return false }
        let mask = UInt64.max >> UInt64(64 - (end - from))
        return (window(limbs, from) ^ pattern) & mask != 0
    }

    /// The 64 bits that start at `bit`.
    @inline(__always)
    static func window(_ limbs: Source, _ bit: Int) -> UInt64 {
        let (index, offset) = (bit >> 6, UInt64(bit & 63))
        return limbs[index] >> offset | limbs[index + 1] << (64 - offset)
    }

    /// `target = source * factor` on `count + 1` limbs; the target may be the source or lie below it.
    @inline(__always)
    static func multiply(
        _ target: UnsafeMutablePointer<UInt64>, _ source: Source, count: Int, by factor: UInt64
    ) {
        var carry: UInt64 = 0
        var index = 0
        while index < count {
            let product = source[index].product(factor) &+ UInt128(truncatingIfNeeded: carry)
            target[index] = UInt64(truncatingIfNeeded: product)
            carry = UInt64(truncatingIfNeeded: product >> 64)
            index += 1
        }
        target[count] = carry
    }
}
