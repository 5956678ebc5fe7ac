import Bytecode
import CNativeTwins
import Numerics

/// Stakes and scores of the reward workload, from the peers' generator.
struct RewardInputs: Sendable {
    let stakes: [BigInt]
    /// Raw Fixed values.
    let scores: [BigInt]

    init(count: Int) {
        var limbs = [UInt64](repeating: 0, count: 2 * count)
        var values = [UInt64](repeating: 0, count: count)
        native_reward_inputs(UInt64(count), &limbs, &values)
        stakes = (0..<count).map { BigInt(negative: false, limbs: [limbs[2 * $0], limbs[2 * $0 + 1]]) }
        scores = values.map { BigInt($0) }
    }

    var stakeList: ABIValue { .list(stakes.map { .integer($0) }) }
    var scoreList: ABIValue { .list(scores.map { .integer($0) }) }

    /// The parts of a pot, each place weighing `ratio` times the place above it.
    func parts(of pot: BigInt, ratio: BigInt) -> [BigInt] {
        RewardOracle.parts(stakes: stakes, scores: scores, pot: pot, ratio: ratio)
    }
}

/// What the idiomatic reward contract must pay: the definition, in big integers, with a plain sort.
enum RewardOracle {
    private static let unit: BigInt = 1_000_000_000_000_000_000

    static func parts(stakes: [BigInt], scores: [BigInt], pot: BigInt, ratio: BigInt) -> [BigInt] {
        let weighted = zip(stakes, scores).map { $0 * $1 }
        let order = weighted.indices.sorted { (weighted[$1], $0) < (weighted[$0], $1) }
        var weights = [BigInt](repeating: .zero, count: stakes.count)
        var factor = unit
        for index in order {
            weights[index] = factor * stakes[index]
            factor = (factor * ratio).floorDivide(unit) ?? .zero
        }
        let total = weights.reduce(.zero, +)
        var paid = BigInt.zero
        var sum = BigInt.zero
        return weights.map { weight in
            sum += weight
            let reached = (pot * sum).floorDivide(total) ?? .zero
            defer { paid = reached }
            return reached - paid
        }
    }

    /// The sum of the parts, each times its place.
    static func checksum(_ parts: [BigInt]) -> BigInt {
        parts.enumerated().reduce(.zero) { $0 + BigInt($1.offset + 1) * $1.element }
    }
}
