import Crypto
import Diagnostics
import Numerics
import Semantics

extension Evaluator {
    /// Cards are dealt from a deck of all numbers: the next one is at a random place of what is left, and the card
    /// that lay on top takes its place.
    func sample(_ values: [Value], _ expression: Expression) throws(Failure) -> Value {
        let span = expression.span
        guard values.count == 3, case .bytes32(let seed) = values[0], case .integer(let population) = values[1],
            case .integer(let wanted) = values[2], case .list(_, let capacity) = expression.type
        else { throw .fault("a seed and two numbers were expected", at: span) }
        guard wanted <= BigInt(capacity) else { throw .builtin(.capacityExceeded, at: span) }
        guard !wanted.isNegative, !population.isNegative, population.fitsSigned(bits: 32),
            let size = population.asInt64, let count = wanted.asInt64
        else { throw .builtin(.invalidArgument, at: span) }
        // Places that do not hold their own number.
        var moved: [Int64: Int64] = [:]
        var words = RandomWords(seed: seed)
        var drawn: [Value] = []
        for top in 0..<min(size, count) {
            try step(at: span)
            let place = top + words.number(below: size - top)
            drawn.append(.integer(BigInt(moved[place] ?? place)))
            moved[place] = moved[top] ?? top
        }
        return .list(drawn)
    }
}

/// 64-bit words out of the digests of a seed and a counter.
private struct RandomWords {
    private let seed: Bytes32
    private var counter: UInt64 = 0
    private var waiting: [UInt64] = []

    init(seed: Bytes32) { self.seed = seed }

    private mutating func next() -> UInt64 {
        if waiting.isEmpty {
            var message = seed.bytes
            for byte in 0..<8 { message.append(UInt8(truncatingIfNeeded: counter >> UInt64(8 * byte))) }
            counter += 1
            let digest = Blake2b.hash(message).bytes
            for word in 0..<4 {
                var value: UInt64 = 0
                for byte in (0..<8).reversed() { value = value << 8 | UInt64(digest[8 * word + byte]) }
                waiting.append(value)
            }
        }
        return waiting.removeFirst()
    }

    /// A number below a positive bound. Words of the last, incomplete group of `bound` numbers are passed over.
    mutating func number(below bound: Int64) -> Int64 {
        let bound = UInt64(bound)
        while true {
            let word = next()
            let first = word - word % bound
            if first <= UInt64.max - (bound - 1) { return Int64(word % bound) }
        }
    }
}
