/// A fixed-seed generator: the same values on every machine.
struct SplitMix64 {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    mutating func below(_ bound: Int) -> Int { bound <= 0 ? 0 : Int(next() % UInt64(bound)) }

    mutating func chance(_ part: Int, of whole: Int) -> Bool { below(whole) < part }

    mutating func pick<Element>(_ elements: [Element]) -> Element? {
        elements.isEmpty ? nil : elements[below(elements.count)]
    }

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
