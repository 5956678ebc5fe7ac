/// The index of an atom in its algebra.
typealias AtomID = Int

/// A number that a bound depends on.
enum Atom: Hashable, Sendable {
    /// The value of an integer, at least 0; the fallback bounds it too.
    case value(TermID, fallback: Polynomial?)
    /// 1 when a condition has the given outcome or is not known, else 0.
    case flag(TermID, Bool)
    /// Bytes or gas that a value takes.
    case measure(Measure, TermID, fallback: Polynomial)
    case maximum(Polynomial, Polynomial)
    case minimum(Polynomial, Polynomial)
    /// At least 0.
    case positive(Polynomial)
    case product(Polynomial, Polynomial)
    /// ⌈log2⌉, as sorting counts it.
    case levels(Polynomial)
    /// Rounded up to a multiple.
    case roundedUp(Polynomial, Int)
    /// The quotient by a constant, rounded up.
    case share(Polynomial, Int)
    /// The gas of another contract's method.
    case external(Int)
    /// 1 within a `try` call, else 0.
    case journal
}

/// What is measured of a value.
enum Measure: Hashable, Sendable {
    /// Bytes of its canonical encoding.
    case bytes
    /// Gas to encode it, to decode it as an argument (without looking at interfaces), and to read it from state.
    case encoding, decoding, loading
}

struct AtomFacts: Sendable {
    var depth: Int
    /// A constant that bounds it; `Saturating.limit` when there is none.
    var limit: Int
    /// The serial number of the newest unknown within.
    var newest: Int
}

/// A call of another contract's method whose gas is a number of the bound.
struct ExternalCall: Sendable {
    var item: Int
    var address: TermID
    var arguments: [Argument]
    /// No call before it can have changed the callee's state.
    var isStateKnown: Bool
    var isTry: Bool

    struct Argument: Sendable {
        var term: TermID
        var shape: Shape
    }
}
