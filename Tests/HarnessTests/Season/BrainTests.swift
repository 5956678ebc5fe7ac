import Bytecode
import Foundation
import Harness
import Ledger
import Node
import Numerics
import Season
import Testing

/// The demonstration of the Brain on a chain in memory, and its throughput experiment.
@Suite struct BrainTests {
    static let report = Result { try run() }

    private static func run() throws -> BrainReport {
        let folder = SeasonSources.root.appendingPathComponent("contracts/brain")
        func module(_ file: String, _ name: String) throws -> Module {
            try SeasonSources.module(folder.appendingPathComponent(file), name)
        }
        let demo = try BrainDemo(
            data: try SeasonData(directory: SeasonSources.data),
            contracts: BrainContracts(
                coin: try module("brain_coin.agon", "BrainCoin"), brain: try module("brain.agon", "Brain"),
                inference: try module("inference.agon", "Inference"),
                log: try module("output_log.agon", "OutputLog")))
        let chain = try Chain.inMemory(
            genesis: try demo.genesis(), engine: MachineEngine(), producerKey: BrainDemo.producerKey)
        defer { chain.close() }
        return try demo.run(on: chain)
    }

    @Test func requestsAreServedAndTheBooksBalance() throws {
        let report = try Self.report.get()
        #expect(report.isConserved)
        #expect(report.inFees.value.isZero)
        #expect(report.requests.count >= 5)
        for request in report.requests {
            #expect(request.status == "served" && request.committed == report.commitQuorum)
            #expect(2 * request.votes > request.revealed && request.revealed <= request.committed)
            #expect(request.output.count == 8 && request.rightCount >= 4)
        }
        // The highest bid first; of the two equal ones the one that came first.
        #expect(report.requests.prefix(5).map(\.id) == [2, 3, 4, 5, 1])
    }

    @Test func onlyWhoLiesOrWithholdsLoses() throws {
        let report = try Self.report.get()
        for node in report.nodes {
            #expect(node.lost.value.isZero == (node.behaviour == "honest"), "\(node.name)")
            if node.behaviour != "honest" { #expect(node.earned.value.isZero && node.committees > 0, "\(node.name)") }
        }
        let silent = try #require(report.nodes.first { $0.behaviour == "silent" })
        let liar = try #require(report.nodes.first { $0.behaviour == "liar" })
        // After each committee 99 % or 80 % of the stake is left: whole in the units of a coin with 18 decimals.
        func left(_ percent: Int, _ times: Int) -> BigInt {
            (0..<times).reduce(BigInt("10000000000000000000000") ?? .zero) { stake, _ in
                stake - ((stake * BigInt(100 - percent)).floorDivide(100) ?? .zero)
            }
        }
        #expect(silent.stake.value == left(99, silent.committees))
        #expect(liar.stake.value == left(80, liar.committees))
    }

    @Test func theThroughputIsThePublishedOne() {
        var experiment = BrainThroughput()
        experiment.repeats = 4
        let outcome = experiment.run()
        #expect(abs(outcome.naive - 1.0078) < 0.003, "\(outcome.naive)")
        #expect(abs(outcome.brain - 457.98) < 5, "\(outcome.brain)")
        #expect(abs(outcome.ratio - 454.43) < 5, "\(outcome.ratio)")
        // Without enough nodes for the quorum nothing is served in time.
        experiment.commitQuorum = 22
        experiment.repeats = 1
        #expect(experiment.run().timedOut == 819)
    }
}
