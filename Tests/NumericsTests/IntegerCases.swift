import TestSupport

extension SplitMix64 {
    /// A magnitude of at most `count` limbs: random, sparse, or near a power of two.
    mutating func limbs(count: Int) -> [UInt64] {
        let style = below(4)
        return (0..<count).map { _ in
            switch style {
            case 0: return UInt64.max
            case 1: return [0, 1, UInt64.max, 1 << 63, (1 << 63) - 1][below(5)]
            default: return next()
            }
        }
    }

    /// Integers where representations and limbs change, and random ones of every size up to `limbLimit` limbs.
    mutating func integer(limbLimit: Int) -> Schoolbook {
        let negative = below(2) == 0
        switch below(10) {
        case 0:
            return Schoolbook(negative: negative, limbs: [UInt64(below(4))])
        case 1, 2:
            // Around a power of two.
            let bits = [62, 63, 64, 65, 126, 127, 128, 191, 192, 255, 256, 257, 4_095, 4_096][below(14)]
            let limbCount = bits / 64 + 1
            if limbCount > limbLimit + 1 { return Schoolbook(negative: negative, limbs: [next()]) }
            var limbs = [UInt64](repeating: 0, count: limbCount)
            limbs[bits / 64] = 1 << UInt64(bits % 64)
            let power = Schoolbook(negative: false, limbs: limbs)
            let near = power + Schoolbook(negative: below(2) == 0, limbs: [UInt64(below(3))])
            let clipped = near.bitWidth > 64 * limbLimit ? power - Schoolbook(negative: false, limbs: [1]) : near
            return negative ? -clipped : clipped
        case 3, 4:
            return Schoolbook(negative: negative, limbs: [next() >> UInt64(below(64))])
        case 5, 6:
            return Schoolbook(negative: negative, limbs: [next(), next() >> UInt64(below(64))])
        default:
            return Schoolbook(negative: negative, limbs: limbs(count: 1 + below(limbLimit)))
        }
    }
}
