import Numerics

/// Climbs towards cases with a greater value: a record of choices is changed a little, and what is at least as good
/// takes its place. Elements of lists and steps are left out, repeated and moved as a whole. After a while without
/// progress the climb goes on from the best case with larger changes.
struct Climb<Payload> {
    /// Where a search draws from: beyond all ordinary cases.
    static var randomCase: Int { 10_000_000 }

    /// Times 10^18; nil before the first value.
    private(set) var greatest: BigInt?
    private(set) var best: Payload?
    /// The best record itself; `choices` may be another one that is as good.
    private(set) var bestChoices: [Choice] = []
    private(set) var bestSpans: [Range<Int>] = []
    private var choices: [Choice] = []
    private var spans: [Range<Int>] = []
    /// Offers since the last progress.
    private var idleCount = 0

    /// Takes a case in when it is better than what there was, or as good: plateaus are crossed that way.
    mutating func offer(_ value: BigInt?, _ source: ChoiceSource, _ payload: Payload) {
        guard let value else { return reject() }
        let isBetter = greatest.map { value > $0 } ?? true
        guard isBetter || value == greatest else { return reject() }
        idleCount = isBetter ? 0 : idleCount + 1
        if isBetter {
            (best, greatest) = (payload, value)
            (bestChoices, bestSpans) = (source.choices, source.spans)
        }
        (choices, spans) = (source.choices, source.spans)
    }

    mutating func reject() { idleCount += 1 }

    /// A record near the best one.
    func neighbour(_ random: inout SplitMix64) -> [BigInt] {
        var indices = choices.map(\.index)
        guard !indices.isEmpty else { return [] }
        // As often as what is picked lies within an element or a step.
        let picked = random.below(indices.count)
        if let span = spans.first(where: { $0.contains(picked) }), random.oneIn(2) {
            return rearranged(indices, span, &random)
        }
        // One change at first; more of them the longer nothing came of it.
        let count = 1 + random.below(min(8, 2 + idleCount / 50))
        for _ in 0..<count {
            let place = random.below(indices.count)
            let limit = choices[place].limit
            switch random.below(8) {
            case 0: indices[place] = .zero
            case 1: indices[place] = limit
            case 2: indices[place] = indices[random.below(indices.count)]
            case 3: indices[place] = indices[place] + 1
            case 4: indices[place] = indices[place] - 1
            case 5: indices[place] = indices[place] + (limit >> (1 + random.below(16)))
            case 6: indices[place] = indices[place] - (limit >> (1 + random.below(16)))
            default: indices[place] = random.uniform(upTo: limit >> random.below(limit.bitWidth + 1))
            }
        }
        return indices
    }

    /// The record with a span left out, repeated before another, or exchanged with another.
    private func rearranged(_ indices: [BigInt], _ one: Range<Int>, _ random: inout SplitMix64) -> [BigInt] {
        let other = spans[random.below(spans.count)]
        var result = indices
        switch random.below(3) {
        case 0: result.removeSubrange(one)
        case 1: result.insert(contentsOf: indices[one], at: other.lowerBound)
        default:
            let (first, second) = one.lowerBound <= other.lowerBound ? (one, other) : (other, one)
            guard first.upperBound <= second.lowerBound else { return result }
            result.replaceSubrange(second, with: indices[first])
            result.replaceSubrange(first, with: indices[second])
        }
        return result
    }

    /// The greatest value as a decimal number.
    var text: String {
        guard let greatest else { return "none" }
        let digits = String(describing: greatest.magnitude)
        let padded = String(repeating: "0", count: max(0, 19 - digits.count)) + digits
        var fraction = padded.suffix(18)
        while fraction.last == "0" { fraction.removeLast() }
        return (greatest.isNegative ? "-" : "") + padded.dropLast(18) + (fraction.isEmpty ? "" : "." + fraction)
    }
}
