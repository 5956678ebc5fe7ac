import TestSupport

/// The tests' generator, which the harness has one of its own beside.
typealias SplitMix64 = TestSupport.SplitMix64

extension SplitMix64 {
    /// A number that tends to lie where limits are.
    mutating func number(near value: Int) -> Int {
        switch below(8) {
        case 0: return value &+ 1
        case 1: return value &- 1
        case 2: return 0
        case 3: return below(8)
        case 4: return -1
        case 5: return below(300)
        case 6: return pick([Int.max, Int.min, 1 << 31, 1 << 16, 1 << 48, 4_096, 250, 255, 256]) ?? 0
        default: return Int(truncatingIfNeeded: next())
        }
    }
}
