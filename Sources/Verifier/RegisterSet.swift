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
        for index in 0..<end { insert(index) }
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

    var isEmpty: Bool { words.0 | words.1 | words.2 | words.3 == 0 }

    static func == (left: RegisterSet, right: RegisterSet) -> Bool { left.words == right.words }
}
