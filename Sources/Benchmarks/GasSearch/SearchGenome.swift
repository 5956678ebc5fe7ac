import Harness

/// What a program of the search is made from: small numbers, so that it has a short text by which it can be run again.
struct SearchGenome: Hashable, Sendable {
    /// A row of the vocabulary, and the seed of its operands.
    struct Gene: Hashable, Sendable {
        var row: Int
        var seed: UInt16
    }

    /// Seeds of the operands that the registers hold before the loop.
    var values: [UInt16]
    /// What a round does.
    var body: [Gene]
    /// What the function does that attempts and calls of other contracts run.
    var work: [Gene]

    static let valueCount = 16
    static let bodyLimit = 8
    static let workLimit = 5
}

// MARK: Text

extension SearchGenome: CustomStringConvertible {
    /// `1.2.3/4:5,6:7/8:9`: values, body, work.
    var description: String {
        func text(_ genes: [Gene]) -> String { genes.map { "\($0.row):\($0.seed)" }.joined(separator: ",") }
        return values.map { "\($0)" }.joined(separator: ".") + "/" + text(body) + "/" + text(work)
    }

    /// The genome of a text; nil when it is none.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 3 else { return nil }
        func genes(_ part: Substring, limit: Int) -> [Gene]? {
            var found: [Gene] = []
            for item in part.split(separator: ",") {
                let numbers = item.split(separator: ":")
                guard numbers.count == 2, let row = Int(numbers[0]), let seed = UInt16(numbers[1]),
                    SearchVocabulary.rows.indices.contains(row)
                else { return nil }
                found.append(Gene(row: row, seed: seed))
            }
            return found.count <= limit ? found : nil
        }
        values = parts[0].split(separator: ".").compactMap { UInt16($0) }
        guard values.count == Self.valueCount, !parts[1].isEmpty, let body = genes(parts[1], limit: Self.bodyLimit),
            let work = genes(parts[2], limit: Self.workLimit)
        else { return nil }
        (self.body, self.work) = (body, work)
    }

    /// Whether anything comes to the function `work`.
    var usesWork: Bool {
        body.contains {
            let text = SearchVocabulary.rows[$0.row].text
            return text.contains("{work}") || text.contains("{K}, 1") || text.contains("{K}, {G}, 1")
        }
    }

    /// The rows of the body, each once: findings with the same ones are the same finding.
    var signature: [Int] {
        Set(body.map(\.row)).sorted() + [-1] + (usesWork ? Set(work.map(\.row)).sorted() : [])
    }
}

// MARK: Variation

extension SplitMix64 {
    /// Below `bound`, which is positive.
    mutating func number(below bound: Int) -> Int { Int(truncatingIfNeeded: next() % UInt64(max(1, bound))) }
    mutating func seed() -> UInt16 { UInt16(truncatingIfNeeded: next()) }
}

extension SearchGenome {
    private static func gene(_ random: inout SplitMix64) -> Gene {
        Gene(row: random.number(below: SearchVocabulary.rows.count), seed: random.seed())
    }

    /// A program whose body has this gene alone.
    init(alone row: Int, _ random: inout SplitMix64) {
        values = (0..<Self.valueCount).map { _ in random.seed() }
        body = [Gene(row: row, seed: random.seed())]
        work = random.number(below: 2) == 0 ? [] : [Self.gene(&random)]
    }

    /// Any program.
    init(_ random: inout SplitMix64) {
        values = (0..<Self.valueCount).map { _ in random.seed() }
        body = (0...random.number(below: 4)).map { _ in Self.gene(&random) }
        work = (0..<random.number(below: 3)).map { _ in Self.gene(&random) }
    }

    /// A program that differs in one or two places.
    func mutated(_ random: inout SplitMix64) -> SearchGenome {
        var copy = self
        for _ in 0...random.number(below: 2) { copy.mutateOnce(&random) }
        return copy
    }

    private mutating func mutateOnce(_ random: inout SplitMix64) {
        switch random.number(below: 10) {
        case 0, 1, 2: values[random.number(below: values.count)] = random.seed()
        case 3, 4: body[random.number(below: body.count)].seed = random.seed()
        case 5: body[random.number(below: body.count)] = Self.gene(&random)
        case 6 where body.count > 1: body.remove(at: random.number(below: body.count))
        case 7 where body.count < Self.bodyLimit:
            body.insert(Self.gene(&random), at: random.number(below: body.count + 1))
        case 8 where body.count < Self.bodyLimit:
            body.append(body[random.number(below: body.count)])
        default:
            if work.isEmpty || work.count < Self.workLimit && random.number(below: 2) == 0 {
                work.append(Self.gene(&random))
            } else if random.number(below: 2) == 0 {
                work.remove(at: random.number(below: work.count))
            } else {
                work[random.number(below: work.count)] = Self.gene(&random)
            }
        }
    }

    /// The programs with one gene less.
    var shortened: [SearchGenome] {
        var shorter: [SearchGenome] = []
        if body.count > 1 {
            for index in body.indices {
                var copy = self
                copy.body.remove(at: index)
                shorter.append(copy)
            }
        }
        for index in work.indices {
            var copy = self
            copy.work.remove(at: index)
            shorter.append(copy)
        }
        return shorter
    }
}
