import Foundation
import Harness
import Ledger
import Node
import Numerics
import Season
import Testing

/// Whole seasons on chains in memory and in a directory, held to an oracle of their own.
@Suite struct SeasonTests {
    static func run(_ data: SeasonData, rule: URL? = nil, _ name: String = "GeometricRanking") throws -> SeasonReport {
        let runner = SeasonRunner(data: data, contracts: try SeasonSources.season(rule: rule, name))
        let chain = try Chain.inMemory(
            genesis: try runner.genesis(), engine: MachineEngine(), producerKey: SeasonRunner.producerKey)
        defer { chain.close() }
        return try runner.run(on: chain)
    }

    @Test func seasonAgreesWithTheOracle() throws {
        let data = try SeasonData(directory: SeasonSources.data)
        let report = try Self.run(data)
        let assignments = Dictionary(uniqueKeysWithValues: report.validators.map { ($0.name, $0.models) })
        let oracle = SeasonOracle(data, SeasonRunner.Terms(), assignments: assignments)
        // Twenty models, five reviews of each, at most sixteen for one validator.
        #expect(assignments.values.allSatisfy { $0.count <= 16 && Set($0).count == $0.count && !$0.contains("uriah") })
        #expect((80...100).contains(assignments.values.map(\.count).reduce(0, +)))
        for row in report.nodes {
            let expected = try #require(oracle.nodes[row.name])
            #expect(row.accuracy == expected.score, "\(row.name)")
            #expect(row.rank == expected.rank, "\(row.name)")
            #expect(row.reward == expected.reward, "\(row.name)")
        }
        #expect(report.nodes.map(\.reward).reduce(.zero, +) == oracle.nodesPart)
        // What rounding leaves of the validators' part goes to the reserve.
        let dust = oracle.validatorsPart - report.validators.map(\.reward).reduce(.zero, +)
        #expect(dust >= .zero && dust < 10)
        let part = try #require(Double(oracle.validatorsPart.description))
        for row in report.validators {
            let reward = try #require(Double(row.reward.description))
            #expect(abs(reward / part - (oracle.validatorShares[row.name] ?? 0)) < 1e-12, "\(row.name)")
        }
        #expect(report.isConserved)
        #expect(report.potIn == BigInt(100_500) * SeasonOracle.one)
        // Only what cannot be divided among delegators stays behind.
        #expect(report.remaining < 10)
    }

    @Test func copiesLazyAndSilentOnesGainNothing() throws {
        let data = try SeasonData(directory: SeasonSources.data)
        let report = try Self.run(data)
        let copy = try #require(report.nodes.first { $0.name == "uriah" })
        #expect(copy.rank == 0 && copy.reward.isZero)
        let lazy = try #require(report.validators.first { $0.name == "lazarus" })
        let honest = report.validators.filter { !["lazarus", "silas"].contains($0.name) }
        #expect(honest.allSatisfy { $0.reward > 2 * lazy.reward })
        let silent = try #require(report.validators.first { $0.name == "silas" })
        #expect(silent.reward.isZero && silent.forfeited == 500 * SeasonOracle.one)
        #expect(report.delegators.first { $0.behind == "uriah" }?.claimed == .zero)
        #expect(report.delegators.filter { $0.behind != "uriah" }.allSatisfy { $0.claimed > .zero })
    }

    @Test func seasonsAreTheSameEveryTime() throws {
        let data = try SeasonData(directory: SeasonSources.data)
        let first = try Self.run(data)
        let second = try Self.run(data)
        #expect(first.stateRoot == second.stateRoot)
        #expect(first.gasUsed == second.gasUsed)
    }

    @Test func oneWeightByteChangesTheScoreOnTheChain() throws {
        try SeasonSources.withFolder { folder in
            let copy = folder.appendingPathComponent("data")
            try FileManager.default.copyItem(at: SeasonSources.data, to: copy)
            var bytes = try SeasonDataTests.bytes("lovelace.model")
            bytes[10 + 35 * Classifier.classes + 4] ^= 0x80
            try Data(bytes).write(to: copy.appendingPathComponent("lovelace.model"))
            let original = try Self.run(SeasonData(directory: SeasonSources.data))
            let changed = try Self.run(SeasonData(directory: copy))
            for (one, other) in zip(original.nodes, changed.nodes) {
                #expect((one.accuracy == other.accuracy) == (one.name != "lovelace"), "\(one.name)")
            }
        }
    }

    @Test func figuresCanBeReadAgainFromTheDirectory() throws {
        let data = try SeasonData(directory: SeasonSources.data)
        let runner = SeasonRunner(data: data, contracts: try SeasonSources.season())
        try SeasonSources.withFolder { folder in
            let chain = try Chain.create(
                directory: folder.path, genesis: try runner.genesis(), engine: MachineEngine(),
                producerKey: SeasonRunner.producerKey)
            let report = try runner.run(on: chain)
            chain.close()
            let again = try Chain.open(directory: folder.path, engine: MachineEngine())
            defer { again.close() }
            #expect(again.head.stateRoot.hex == report.stateRoot)
            #expect(again.head.height == report.blockHeight)
        }
    }

    @Test func otherRulesPayAsExactly() throws {
        let data = try SeasonData(directory: SeasonSources.data)
        let report = try Self.run(
            data, rule: SeasonSources.contracts.appendingPathComponent("softmax_score.agon"), "SoftmaxScore")
        #expect(report.rule == "SoftmaxScore")
        #expect(report.isConserved && !report.usedFallback)
        #expect(report.nodes.filter { $0.rank > 0 }.allSatisfy { $0.reward > .zero })
    }

    @Test(arguments: [
        "fail Never",
        // More gas than the arena gives.
        "var sum = 0 for i in 0..<1_000_000_000 max 1_000_000_000 { sum = (sum + i) % 7 } return [0.0]",
        // Too few, and one below zero.
        "return [1.0]",
        "var result: List<Fixed, 256> = [] for stake in stakes { result.append(-1.0) } return result",
    ])
    func aRuleOfNoUseLeavesTheStakesToDecide(body: String) throws {
        let data = try SeasonData(directory: SeasonSources.data)
        let source = """
            import "stdlib/reward_rule.agon"
            contract Failing: RewardRule {
                error Never
                view weights(scores: List<Fixed, 256>, stakes: List<Amount, 256>) -> List<Fixed, 256> { \(body) }
            }
            """
        try SeasonSources.withFolder { folder in
            let file = folder.appendingPathComponent("failing.agon")
            try Data(source.utf8).write(to: file)
            let report = try Self.run(data, rule: file, "Failing")
            #expect(report.usedFallback && report.isConserved)
            let paid = report.nodes.filter { $0.rank > 0 }
            let stakes = paid.map(\.stake).reduce(.zero, +)
            let part = paid.map(\.reward).reduce(.zero, +)
            for row in paid {
                let ideal = try #require((part * row.stake).floorDivide(stakes))
                #expect((row.reward - ideal).magnitude <= 1, "\(row.name)")
            }
        }
    }

    @Test func unusableRulesAreErrors() throws {
        #expect(throws: SeasonError.self) {
            try SeasonSources.season(rule: SeasonSources.contracts.appendingPathComponent("token.agon"), "ArenaToken")
        }
        let source = """
            import "stdlib/reward_rule.agon"
            contract Choosy: RewardRule {
                let ratio: Fixed
                init(chosen: Fixed) { ratio = chosen }
                view weights(scores: List<Fixed, 256>, stakes: List<Amount, 256>) -> List<Fixed, 256> { return [ratio] }
            }
            """
        try SeasonSources.withFolder { folder in
            let file = folder.appendingPathComponent("choosy.agon")
            try Data(source.utf8).write(to: file)
            #expect(throws: SeasonError.self) { try SeasonSources.season(rule: file, "Choosy") }
        }
    }

    /// As many nodes and validators as a task takes: the settlement still fits a block many times over.
    @Test func theLargestTaskSettles() throws {
        try SeasonSources.withFolder { folder in
            var model = try SeasonDataTests.bytes("quine.model")
            var nodes: [String] = []
            for index in 0..<256 {
                // The last bias tells the models apart.
                model[model.count - 4] = UInt8(index)
                try Data(model).write(to: folder.appendingPathComponent("\(index).model"))
                nodes.append(#"{"name":"n\#(index)","stake":\#(1_000 + index),"model":"\#(index).model","correct":[]}"#)
            }
            try Data(SeasonDataTests.bytes("vera.shard")).write(to: folder.appendingPathComponent("one.shard"))
            let validators = (0..<64).map { index in
                let behaviour = index == 0 ? "honest" : "lazy"
                return #"{"name":"v\#(index)","behaviour":"\#(behaviour)","stake":1000,"shard":"one.shard"}"#
            }
            let manifest = """
                {"nodes":[\(nodes.joined(separator: ","))],"validators":[\(validators.joined(separator: ","))],
                "delegators":[]}
                """
            try Data(manifest.utf8).write(to: folder.appendingPathComponent("season.json"))
            let report = try Self.run(SeasonData(directory: folder))
            #expect(report.isConserved)
            #expect(report.nodes.count == 256 && report.nodes.allSatisfy { $0.rank > 0 })
            #expect(report.settlementGas < 1_000_000_000)
        }
    }
}
