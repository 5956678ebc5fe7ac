/// A set of numbers 0 … 255, held as four words.
struct RegisterSet: Equatable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// Not a register: set when the function's phase has been checked.
    static let guardIndex = 255

    private init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) {
        words = (first, second, third, fourth)
    }

    init() {}

    init(below end: Int) {
        func word(_ first: Int) -> UInt64 {
            let count = end - first
            return count <= 0 ? 0 : (count >= 64 ? UInt64.max : (UInt64(1) << UInt64(count)) - 1)
        }
        words = (word(0), word(64), word(128), word(192))
    }

    /// Every register from one on.
    init(from start: Int) {
        self = RegisterSet(below: RegisterSet.guardIndex).subtracting(RegisterSet(below: start))
    }

    func contains(_ index: Int) -> Bool {
        let bit = UInt64(1) << UInt64(index & 63)
        switch index >> 6 {
        case 0: return words.0 & bit != 0
        case 1: return words.1 & bit != 0
        case 2: return words.2 & bit != 0
        default: return words.3 & bit != 0
        }
    }

    mutating func insert(_ index: Int) {
        let bit = UInt64(1) << UInt64(index & 63)
        switch index >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    mutating func remove(_ index: Int) {
        let mask = ~(UInt64(1) << UInt64(index & 63))
        switch index >> 6 {
        case 0: words.0 &= mask
        case 1: words.1 &= mask
        case 2: words.2 &= mask
        default: words.3 &= mask
        }
    }

    func intersection(_ other: RegisterSet) -> RegisterSet {
        RegisterSet(
            words.0 & other.words.0, words.1 & other.words.1, words.2 & other.words.2, words.3 & other.words.3)
    }

    func subtracting(_ other: RegisterSet) -> RegisterSet {
        RegisterSet(
            words.0 & ~other.words.0, words.1 & ~other.words.1, words.2 & ~other.words.2, words.3 & ~other.words.3)
    }

    func isSubset(of other: RegisterSet) -> Bool { subtracting(other).isEmpty }

    /// The lowest number in the set.
    var lowest: Int? {
        if words.0 != 0 { return words.0.trailingZeroBitCount }
        if words.1 != 0 { return 64 + words.1.trailingZeroBitCount }
        if words.2 != 0 { return 128 + words.2.trailingZeroBitCount }
        return words.3 != 0 ? 192 + words.3.trailingZeroBitCount : nil
    }

    var isEmpty: Bool { words.0 | words.1 | words.2 | words.3 == 0 }

    static func == (left: RegisterSet, right: RegisterSet) -> Bool { left.words == right.words }
}
