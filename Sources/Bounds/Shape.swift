import Numerics

/// How large a value may be.
indirect enum Shape: Hashable, Sendable {
    /// A boolean, or thirty-two bytes.
    case plain
    case integer(Number)
    /// Bytes and text, by their count.
    case bytes(Polynomial)
    case list(count: Polynomial, element: Shape)
    case structure([Shape])
    /// Options and enums, by case.
    case variant([[Shape]])
    /// By sizes.
    case tensor([Polynomial])
    /// A list of tokens.
    case parts(count: Polynomial)
    /// Whatever the type allows.
    case any
}

/// What bounds an integer.
struct Number: Hashable, Sendable {
    /// Bits of the magnitude.
    var bits: Int
    /// Not below it; nil when nothing is known.
    var low: Int?
    /// Not above it; nil when nothing is known that is of use.
    var high: Polynomial?

    var limbs: Int { (bits + 63) / 64 }
    var isWide: Bool { limbs > NumericLimits.homeLimbs }
}

extension Number {
    /// What is known of one integer.
    init(_ number: BigInt) {
        let small = Saturating.exact(number)
        self.init(
            bits: max(1, number.bitWidth), low: small ?? (number.isNegative ? nil : Saturating.limit / 2),
            high: small.map { Polynomial($0) })
    }
}
