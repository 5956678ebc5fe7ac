import Foundation
import Ledger
import Node
import Numerics
import Season
import Testing

/// The season at scale, at a smaller scale.
@Suite struct CrowdSeasonTests {
    static func run(_ size: CrowdSeason.Size) throws -> CrowdReport {
        let folder = SeasonSources.root.appendingPathComponent("contracts")
        let season = CrowdSeason(
            size: size,
            token: try SeasonSources.module(folder.appendingPathComponent("arena/token.agon"), "ArenaToken"),
            arena: try SeasonSources.module(folder.appendingPathComponent("aiarena/aiarena.agon"), "AIArena"))
        let chain = try Chain.inMemory(
            genesis: try season.genesis(), engine: MachineEngine(), producerKey: SeasonRunner.producerKey)
        defer { chain.close() }
        return try season.run(on: chain)
    }

    @Test func everyUnitIsFoundAndNobodyIsSetAside() throws {
        let size = try CrowdSeason.Size(nodes: 42, validators: 75, delegators: 200, tasks: 2)
        let report = try Self.run(size)
        #expect(report.issued == report.inAccounts + report.inArena)
        #expect(report.setAside == 0)
        // Two of the nodes are copies.
        #expect(report.submissions == 40)
        // Two bounties, ten emissions and the bonds of a validator that hid its scores; of these a hundredth of a token
        // went to whoever pushed, for each node once, each validator four times, each model twice.
        let one: BigInt = 1_000_000_000_000_000_000
        #expect(report.rewards + report.upkeep == BigInt(2 * 10_000 + 10 * 1_074 + 300) * one)
        #expect(report.upkeep == BigInt(42 + 4 * 75 + 2 * 40) * 10_000_000_000_000_000)
        #expect(report.gasByEntry["AIArena.claim"]?.count == 200)
        let again = try Self.run(size)
        #expect(again.stateRoot == report.stateRoot && again.gasUsed == report.gasUsed)
    }

    @Test func sizesThatTheContractCannotTakeAreErrors() {
        #expect(throws: SeasonError.self) { try CrowdSeason.Size(nodes: 257, validators: 1, delegators: 0, tasks: 1) }
        #expect(throws: SeasonError.self) { try CrowdSeason.Size(nodes: 1, validators: 1, delegators: 0, tasks: 2) }
        #expect(throws: SeasonError.self) { try CrowdSeason.Size(nodes: 1, validators: 1, delegators: -1, tasks: 1) }
    }
}
