import Crypto
import Numerics

/// Who takes part in a season at scale, and what they do: made from numbers alone, the same every time.
struct Crowd {
    struct Node {
        let participant: Participant
        let task: Int
        let stake: BigInt
        /// What its model is worth, in thousandths.
        let quality: Int
        let fingerprint: Hash
    }

    struct Validator {
        let participant: Participant
        let task: Int
        let stake: BigInt
        /// Hides its scores.
        let isSilent: Bool

        /// What it says of a model of this quality: up to two hundredths off, raw Fixed.
        func score(quality: Int, submission: Int) -> BigInt {
            let noise = Crowd.pseudoRandom(participant.name, submission, below: 41) - 20
            return BigInt(min(1_000, max(0, quality + noise))) * 1_000_000_000_000_000
        }
    }

    struct Delegator {
        let participant: Participant
        /// Behind whom it stands, among nodes and then validators.
        let behind: Int
        let amount: BigInt
    }

    let nodes: [Node]
    let validators: [Validator]
    let delegators: [Delegator]

    /// Every twentieth node copies the one before in its task; every fiftieth validator hides its scores.
    init(_ size: CrowdSeason.Size) {
        var nodes: [Node] = []
        for index in 0..<size.nodes {
            let name = "node \(index)"
            let copied = index % 20 == 19 && index >= size.tasks ? index - size.tasks : index
            nodes.append(
                Node(
                    participant: Participant(name: name), task: index % size.tasks + 1,
                    stake: TokenAmount.units(3_000 + Self.pseudoRandom(name, 0, below: 7_000)),
                    quality: 500 + Self.pseudoRandom("model \(copied)", 0, below: 450),
                    fingerprint: Blake2b.hash(Array("model \(copied)".utf8))))
        }
        self.nodes = nodes
        validators = (0..<size.validators).map { index in
            let name = "validator \(index)"
            return Validator(
                participant: Participant(name: name), task: index % size.tasks + 1,
                stake: TokenAmount.units(3_000 + Self.pseudoRandom(name, 0, below: 7_000)), isSilent: index % 50 == 49)
        }
        let operatorCount = size.nodes + size.validators
        delegators = (0..<size.delegators).map { index in
            let name = "delegator \(index)"
            return Delegator(
                participant: Participant(name: name), behind: Self.pseudoRandom(name, 0, below: operatorCount),
                amount: TokenAmount.units(1 + Self.pseudoRandom(name, 1, below: 400)))
        }
    }

    var operators: [Participant] { nodes.map(\.participant) + validators.map(\.participant) }

    /// A number from 0 to `bound` − 1 that depends on name and index alone.
    static func pseudoRandom(_ name: String, _ index: Int, below bound: Int) -> Int {
        let bytes = Blake2b.hash(Array("\(name) \(index)".utf8)).bytes
        let word = bytes.prefix(7).reduce(0) { $0 << 8 | Int($1) }
        return word % max(1, bound)
    }
}
