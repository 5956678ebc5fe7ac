import Numerics

/// One decision of a generator: an index from 0, the simplest, to `limit`.
struct Choice: Hashable, Sendable {
    let index: BigInt
    let limit: BigInt
}

/// Where generators take their decisions from: drawn at random or played back, recorded in both cases.
///
/// A case is its record. Shrinking changes the record and plays it back, so that whatever was generated, structures
/// and sequences of steps included, is shrunk by the same few moves and keeps to the limits it was generated within.
struct ChoiceSource {
    /// Nil: indices are played back, and what is missing at the end is 0.
    var random: SplitMix64?
    private let given: [BigInt]
    /// Indices that the next choices get instead of drawn ones.
    private var forced: ArraySlice<BigInt> = []
    private(set) var choices: [Choice] = []
    /// Parts of the record that may be left out as a whole: an element of a list, a step.
    private(set) var spans: [Range<Int>] = []

    init(random: SplitMix64) {
        self.random = random
        given = []
    }

    init(playing indices: [BigInt]) {
        given = indices
    }

    var isDrawing: Bool { random != nil }

    /// An index from 0 to `limit`; `draw` gives one when indices are drawn.
    mutating func choose(limit: BigInt, _ draw: (inout SplitMix64) -> BigInt) -> BigInt {
        var index = BigInt.zero
        if let next = forced.popFirst() {
            index = next
        } else if var random {
            index = draw(&random)
            self.random = random
        } else if choices.count < given.count {
            index = given[choices.count]
        }
        index = min(max(index, .zero), limit)
        choices.append(Choice(index: index, limit: limit))
        return index
    }

    mutating func choose(below count: Int, _ draw: (inout SplitMix64) -> Int) -> Int {
        let index = choose(limit: BigInt(max(0, count - 1))) { BigInt(draw(&$0)) }
        return Int(index.asInt64 ?? 0)
    }

    mutating func flag(_ draw: (inout SplitMix64) -> Bool) -> Bool { choose(below: 2) { draw(&$0) ? 1 : 0 } == 1 }

    /// Marks what was recorded since `start` as one that may be left out.
    mutating func closeSpan(from start: Int) { spans.append(start..<choices.count) }

    mutating func force(_ indices: ArraySlice<BigInt>) { forced = indices }
}

extension SplitMix64 {
    /// Every value from 0 to `limit` about equally often.
    mutating func uniform(upTo limit: BigInt) -> BigInt {
        let limbs = (0...(limit.bitWidth / 64)).map { _ in next() }
        return BigInt(negative: false, limbs: limbs).floorModulo(limit + 1) ?? .zero
    }
}
