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

    /// - Parameter assignments: by validator, the nodes whose models it scored.
    init(_ data: SeasonData, _ terms: SeasonRunner.Terms, assignments: [String: [String]]) {
        func power(_ name: String, _ stake: Int) -> BigInt {
            let delegated = data.delegators.filter { $0.behind == name }.map(\.amount).reduce(0, +)
            return BigInt(stake + delegated) * Self.one
        }
        typealias Judge = (offset: Int, element: SeasonData.Validator)
        let payees = data.nodes.filter { $0.copyOf == nil }
        let judges = data.validators.enumerated().filter { $0.element.behaviour != .silent }.map { $0 as Judge }
        func score(_ node: SeasonData.Node, _ judge: Judge) -> BigInt {
            guard judge.element.behaviour == .honest else { return terms.lazyScore }
            let images = BigInt(judge.element.shard.labels.count)
            return (BigInt(node.correct[judge.offset]) * Self.one).floorDivide(images) ?? .zero
        }
        func reviewers(_ node: SeasonData.Node) -> [Judge] {
            judges.filter { assignments[$0.element.name]?.contains(node.name) == true }
        }
        func stake(_ judge: Judge) -> BigInt { power(judge.element.name, judge.element.stake) }
        func agreed(_ node: SeasonData.Node) -> BigInt {
            let sum = reviewers(node).map { score(node, $0) * stake($0) }.reduce(.zero, +)
            return sum.floorDivide(reviewers(node).map(stake).reduce(.zero, +)) ?? .zero
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

        // Own stakes divide the pot, less the pushers' hundredth of a token for each node once, each validator four
        // times and each model twice; forfeited bonds are the validators' alone.
        let elements = data.nodes.count + 4 * data.validators.count + 2 * payees.count
        let pot = BigInt(terms.pot) * Self.one - BigInt(elements) * 10_000_000_000_000_000
        let nodeStake = BigInt(payees.map(\.stake).reduce(0, +)) * Self.one
        let all = nodeStake + BigInt(judges.map(\.element.stake).reduce(0, +)) * Self.one
        let share = terms.gamma * all + (Self.one - 2 * terms.gamma) * nodeStake
        nodesPart = (pot * share).floorDivide(Self.one * all) ?? .zero
        validatorsPart = pot - nodesPart + BigInt(terms.bond) * Self.one
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
            nodes[node.name] = Share(score: .zero, rank: 0, reward: .zero)
        }

        // Each model is an equal part, shared among its reviewers by nearness to the consensus and by stake.
        func number(_ value: BigInt) -> Double { Double(value.description) ?? .nan }
        for node in payees {
            let weights = reviewers(node).map { judge in
                let distance = number((score(node, judge) - agreed(node)).magnitude) / 1e18
                return exp(-number(terms.strictness) / 1e18 * distance) * number(stake(judge))
            }
            for (judge, weight) in zip(reviewers(node), weights) {
                validatorShares[judge.element.name, default: 0] += weight / weights.reduce(0, +) / Double(payees.count)
            }
        }
    }
}
