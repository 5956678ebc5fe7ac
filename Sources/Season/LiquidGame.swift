import Foundation
import Harness

/// The game of delegation of Zhang and Grossi's simulations: voters with accuracies on a random network pass their
/// votes on, where that raises q(guru) · DB^α, accuracy times power. Set-up by the authors' published code
/// (github.com/IamYoezy/Power-in-Liquid-Democracy, commit 045bfb4), power exact instead of sampled.
struct LiquidGame {
    let voters: Int
    /// Of each voter, from 1/2 to 1.
    let accuracies: [Double]
    /// Whom each voter knows.
    let neighbours: [[Int]]
    /// How much power counts beside accuracy, from 0 (not at all) to 1.
    let powerExponent: Double

    /// The least number of votes that wins.
    var quota: Int { voters / 2 + 1 }

    /// Accuracies N(3/4, 1/8) in thousandths, from 1/2 to 1.
    static func accuracies(_ count: Int, _ random: inout SplitMix64) -> [Double] {
        (0..<count).map { _ in
            let radius = (-2 * log(1 - uniform(&random))).squareRoot()
            let drawn = 0.75 + 0.125 * radius * cos(2 * Double.pi * uniform(&random))
            return min(1, max(0.5, (drawn * 1_000).rounded() / 1_000))
        }
    }

    /// A network in which each two voters know each other with the given chance: G(n, p).
    static func network(_ count: Int, chance: Double, _ random: inout SplitMix64) -> [[Int]] {
        var neighbours = [[Int]](repeating: [], count: count)
        for one in 0..<count {
            for other in one + 1..<max(one + 1, count) where uniform(&random) < chance {
                neighbours[one].append(other)
                neighbours[other].append(one)
            }
        }
        return neighbours
    }

    /// From 0 up to, not including, 1.
    private static func uniform(_ random: inout SplitMix64) -> Double { Double(random.next() >> 11) * 0x1p-53 }

    // MARK: Dynamics

    /// How a game ended.
    struct Outcome {
        var delegates: [Int]
        /// Whether nobody wanted to move any more.
        var hasConverged: Bool
    }

    private func guru(of voter: Int, _ delegates: [Int]) -> Int {
        var current = voter
        while delegates[current] != current { current = delegates[current] }
        return current
    }

    private func utility(of voter: Int, _ delegates: [Int]) -> Double {
        let accuracy = accuracies[guru(of: voter, delegates)]
        guard powerExponent > 0 else { return accuracy }
        let decisive = Double(DelegationPower(delegates).decisive(of: voter, quota: quota))
        return accuracy * pow(decisive * pow(0.5, Double(voters - 1)), powerExponent)
    }

    /// Iterated better response: in turn each voter tries random neighbours, as often as it has any, and moves to the
    /// first that raises its utility; until a pass changes nobody, at most 50 passes.
    func iterated(_ random: inout SplitMix64) -> Outcome {
        var delegates = Array(0..<voters)
        for _ in 0..<50 {
            var hasMoved = false
            for voter in 0..<voters where !neighbours[voter].isEmpty {
                let now = utility(of: voter, delegates)
                for _ in neighbours[voter] {
                    let other = neighbours[voter][Int(random.next() % UInt64(neighbours[voter].count))]
                    // Neither back nor into a circle.
                    guard other != delegates[voter], !leads(other, to: voter, delegates) else { continue }
                    var changed = delegates
                    changed[voter] = other
                    if utility(of: voter, changed) > now {
                        delegates = changed
                        hasMoved = true
                        break
                    }
                }
            }
            if !hasMoved { return Outcome(delegates: delegates, hasConverged: true) }
        }
        return Outcome(delegates: delegates, hasConverged: false)
    }

    private func leads(_ voter: Int, to target: Int, _ delegates: [Int]) -> Bool {
        var current = voter
        while current != target {
            if delegates[current] == current { return false }
            current = delegates[current]
        }
        return true
    }

    /// One shot: each voter, as if all others voted themselves, delegates to the neighbour that gives it most.
    func oneShot() -> Outcome {
        let everybody = Array(0..<voters)
        let delegates = everybody.map { voter -> Int in
            var best = (choice: voter, utility: utility(of: voter, everybody))
            for other in neighbours[voter] {
                var changed = everybody
                changed[voter] = other
                let gained = utility(of: voter, changed)
                if gained > best.utility { best = (other, gained) }
            }
            return best.choice
        }
        return Outcome(delegates: delegates, hasConverged: true)
    }

    // MARK: Measures

    /// In how many coalitions each voter decides.
    func powers(_ outcome: Outcome) -> [Int] {
        let power = DelegationPower(outcome.delegates)
        return (0..<voters).map { power.decisive(of: $0, quota: quota) }
    }

    func measures(_ outcome: Outcome) -> LiquidMeasures {
        let powers = powers(outcome).map(Double.init)
        let total = powers.reduce(0, +)
        var differences = 0.0
        for one in powers { for other in powers { differences += abs(one - other) } }
        var longest = 0
        for voter in 0..<voters {
            var current = voter
            var length = 0
            while outcome.delegates[current] != current {
                current = outcome.delegates[current]
                length += 1
            }
            longest = max(longest, length)
        }
        let count = Double(voters)
        return LiquidMeasures(
            delegators: Double((0..<voters).filter { outcome.delegates[$0] != $0 }.count) / count,
            gini: total == 0 ? 0 : differences / (2 * count * total), longestChain: Double(longest),
            accuracy: (0..<voters).map { accuracies[guru(of: $0, outcome.delegates)] }.reduce(0, +) / count,
            converged: outcome.hasConverged ? 1 : 0)
    }
}
