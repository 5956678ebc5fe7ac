import Foundation
import Numerics
import Season

/// What a season under geometric ranking must come to: the rules worked out once more from the manifest's counts, in
/// exact rationals over `BigInt`, sharing nothing with contracts, compiler and machine.
struct SeasonOracle {
    struct Share {
        var score: BigInt
        var rank: Int
        var reward: BigInt
    }

    private(set) var nodes: [String: Share] = [:]
    /// Rewards as floating-point fractions of the validators' part, by name.
    private(set) var validatorShares: [String: Double] = [:]
    private(set) var nodesPart = BigInt.zero
    private(set) var validatorsPart = BigInt.zero

    static let one: BigInt = 1_000_000_000_000_000_000

    init(_ data: SeasonData, _ terms: SeasonRunner.Terms) {
        func power(_ name: String, _ stake: Int) -> BigInt {
            let delegated = data.delegators.filter { $0.behind == name }.map(\.amount).reduce(0, +)
            return BigInt(stake + delegated) * Self.one
        }
        let payees = data.nodes.filter { $0.copyOf == nil }
        let judges = data.validators.enumerated().filter { $0.element.behaviour != .silent }
        let judgeStakes = judges.map { power($0.element.name, $0.element.stake) }
        let judgeStake = judgeStakes.reduce(.zero, +)
        func score(_ node: SeasonData.Node, _ judge: (offset: Int, element: SeasonData.Validator)) -> BigInt {
            guard judge.element.behaviour == .honest else { return terms.lazyScore }
            let images = BigInt(judge.element.shard.labels.count)
            return (BigInt(node.correct[judge.offset]) * Self.one).floorDivide(images) ?? .zero
        }
        func agreed(_ node: SeasonData.Node) -> BigInt {
            let sum = zip(judges, judgeStakes).map { score(node, $0) * $1 }.reduce(.zero, +)
            return sum.floorDivide(judgeStake) ?? .zero
        }

        let stakes = payees.map { power($0.name, $0.stake) }
        let scores = payees.map(agreed)
        let order = payees.indices.sorted { scores[$0] > scores[$1] || (scores[$0] == scores[$1] && $0 < $1) }
        var weights = stakes
        var factor = Self.one
        for index in order {
            weights[index] = factor * stakes[index]
            factor = (factor * 7).floorDivide(10) ?? .zero
        }

        let total = BigInt(terms.pot + terms.bond) * Self.one
        let nodeStake = stakes.reduce(.zero, +)
        let all = nodeStake + judgeStake
        let share = terms.gamma * all + (Self.one - 2 * terms.gamma) * nodeStake
        nodesPart = (total * share).floorDivide(Self.one * all) ?? .zero
        validatorsPart = total - nodesPart
        let weightSum = weights.reduce(.zero, +)
        var prefix = BigInt.zero
        var paid = BigInt.zero
        for (index, node) in payees.enumerated() {
            prefix += weights[index]
            let upToHere = (nodesPart * prefix).floorDivide(weightSum) ?? .zero
            nodes[node.name] = Share(
                score: scores[index], rank: (order.firstIndex(of: index) ?? 0) + 1, reward: upToHere - paid)
            paid = upToHere
        }
        for node in data.nodes where node.copyOf != nil {
            nodes[node.name] = Share(score: agreed(node), rank: 0, reward: .zero)
        }

        func number(_ value: BigInt) -> Double { Double(value.description) ?? .nan }
        let judgeWeights = zip(judges, judgeStakes).map { judge, stake in
            let distances = data.nodes.map { number((score($0, judge) - agreed($0)).magnitude) / 1e18 }
            let distance = distances.reduce(0, +) / Double(distances.count)
            return exp(-number(terms.strictness) / 1e18 * distance) * number(stake)
        }
        for (judge, weight) in zip(judges, judgeWeights) {
            validatorShares[judge.element.name] = weight / judgeWeights.reduce(0, +)
        }
    }
}
