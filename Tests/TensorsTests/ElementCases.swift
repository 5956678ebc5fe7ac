import TestSupport

extension SplitMix64 {
    /// Bytes that favour the extremes, where packed arithmetic goes wrong first.
    mutating func bytes(_ count: Int) -> [Int8] {
        let extremes: [Int8] = [-128, 127, -127, -1, 0, 1]
        return (0..<count).map { _ in
            let word = next()
            return word & 3 == 0 ? extremes[Int(word >> 8) % extremes.count] : Int8(truncatingIfNeeded: word >> 16)
        }
    }

    /// 32-bit values that favour the extremes and small magnitudes.
    mutating func words(_ count: Int) -> [Int32] {
        let extremes: [Int32] = [.min, .max, -1, 0, 1, 127, -128, 1 << 30]
        return (0..<count).map { _ in
            let word = next()
            switch word & 7 {
            case 0: return extremes[Int(word >> 8) % extremes.count]
            case 1...3: return Int32(truncatingIfNeeded: word >> 16) >> 18
            default: return Int32(truncatingIfNeeded: word >> 16)
            }
        }
    }
}
