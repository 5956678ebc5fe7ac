import Numerics

/// Makes a failing case smaller by changing its record of choices, as long as it fails in the same way.
///
/// A record is smaller when it is shorter or, at equal length, when its first differing index is lower: every step
/// leads downwards, so shrinking ends.
struct Shrinker<Payload> {
    struct Trial {
        var choices: [Choice]
        var spans: [Range<Int>]
        var payload: Payload

        var indices: [BigInt] { choices.map(\.index) }
    }

    private(set) var best: Trial
    /// Cases tried so far.
    private(set) var attemptCount = 0
    /// How often a smaller case was found.
    private(set) var successCount = 0
    private let attemptLimit: Int
    private var seen: Set<[BigInt]> = []
    /// Plays a record back; nil when the case does not fail, or not in the same way.
    private let play: ([BigInt]) -> Trial?

    init(_ first: Trial, attemptLimit: Int, play: @escaping ([BigInt]) -> Trial?) {
        best = first
        self.attemptLimit = attemptLimit
        self.play = play
    }

    mutating func run() {
        var before = -1
        while before != successCount, !isExhausted {
            before = successCount
            leaveOut()
            zeroSpans()
            lower()
            lowerTogether()
            move()
            swapNeighbours()
        }
    }

    private var isExhausted: Bool { attemptCount >= attemptLimit }

    /// Whether the record leads to a smaller failing case, which is the best from then on.
    private mutating func accepts(_ indices: [BigInt]) -> Bool {
        guard !isExhausted, seen.insert(indices).inserted else { return false }
        attemptCount += 1
        guard let trial = play(indices), Self.isSmaller(trial.indices, best.indices) else { return false }
        best = trial
        successCount += 1
        return true
    }

    private static func isSmaller(_ left: [BigInt], _ right: [BigInt]) -> Bool {
        guard left.count == right.count else { return left.count < right.count }
        for (one, other) in zip(left, right) where one != other { return one < other }
        return false
    }

    // MARK: Moves

    /// Leaves out spans: halves of all of them first, single ones last, from the end.
    private mutating func leaveOut() {
        var width = max(1, best.spans.count / 2)
        while true {
            var index = best.spans.count - width
            while index >= 0 {
                let spans = best.spans
                if index + width <= spans.count {
                    let group = spans[index..<index + width]
                    let start = group.map(\.lowerBound).min() ?? 0
                    let end = group.map(\.upperBound).max() ?? 0
                    var indices = best.indices
                    indices.removeSubrange(start..<end)
                    _ = accepts(indices)
                }
                index -= width
            }
            guard width > 1 else { return }
            width /= 2
        }
    }

    private mutating func zeroSpans() {
        var index = best.spans.count - 1
        while index >= 0 {
            if index < best.spans.count {
                var indices = best.indices
                // The first choice of a span says that there is one.
                for place in best.spans[index].dropFirst() { indices[place] = .zero }
                _ = accepts(indices)
            }
            index -= 1
        }
    }

    /// Lowers single indices, by bisection between what does not fail and what does.
    private mutating func lower() {
        var place = 0
        while place < best.choices.count, !isExhausted {
            lower([place])
            place += 1
        }
    }

    /// Lowers equal indices in step: a duplicate stays one.
    private mutating func lowerTogether() {
        var place = 0
        while place < best.choices.count, !isExhausted {
            let choice = best.choices[place]
            if !choice.index.isZero, choice.limit > 1 {
                let equal = best.choices.indices.filter { $0 >= place && best.choices[$0] == choice }
                if equal.count > 1 { lower(equal) }
            }
            place += 1
        }
    }

    private mutating func lower(_ places: [Int]) {
        guard let first = places.first, !best.choices[first].index.isZero else { return }
        let count = best.choices.count
        var passing = BigInt(-1)
        while best.choices.count == count, best.choices[first].index - passing > 1, !isExhausted {
            let current = best.choices[first].index
            // Zero first: it is often possible.
            let middle = passing.isNegative ? BigInt.zero : (passing + current) >> 1
            var indices = best.indices
            for place in places { indices[place] = middle }
            if !accepts(indices) { passing = middle }
        }
    }

    /// Moves what one number has to a later one, so that it can be left out.
    private mutating func move() {
        var place = 0
        while place < best.choices.count, !isExhausted {
            let choice = best.choices[place]
            if !choice.index.isZero, choice.limit > 1 {
                var later = Array((place + 1)..<min(best.choices.count, place + 9))
                // A like one may stand further on: the blocks that pass before the next step.
                let alike = best.choices[(place + 1)...].indices.filter { best.choices[$0].limit == choice.limit }
                later += alike.prefix(2)
                for other in later { move(from: place, to: other) }
            }
            place += 1
        }
    }

    /// Moves all of it, else a half, a quarter, down to one.
    private mutating func move(from place: Int, to other: Int) {
        var amount = best.choices[min(place, best.choices.count - 1)].index
        while amount.signum > 0, !isExhausted {
            guard best.choices.indices.contains(other), best.choices[other].limit > 1 else { return }
            let rest = best.choices[place].index - amount
            let sum = best.choices[other].index + amount
            var indices = best.indices
            indices[place] = rest
            indices[other] = sum
            if rest.isNegative || sum > best.choices[other].limit || !accepts(indices) { amount = amount >> 1 }
        }
    }

    /// Puts neighbouring elements into order.
    private mutating func swapNeighbours() {
        var index = 0
        while index + 1 < best.spans.count, !isExhausted {
            let left = best.spans[index]
            let right = best.spans[index + 1]
            if left.upperBound == right.lowerBound {
                let all = best.indices
                var indices = all
                indices.replaceSubrange(left.lowerBound..<right.upperBound, with: all[right] + all[left])
                if Self.isSmaller(indices, all) { _ = accepts(indices) }
            }
            index += 1
        }
    }
}
