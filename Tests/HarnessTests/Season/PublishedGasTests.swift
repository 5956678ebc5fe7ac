import Foundation
import Season
import Testing

/// Published figures stand beside entries that exist, and each names where it is from.
@Suite struct PublishedGasTests {
    @Test func everyFigureStandsBesideAnEntry() throws {
        let files = [
            "ArenaToken": "arena/token.agon", "AIArena": "aiarena/aiarena.agon", "Arena": "arena/arena.agon",
            "Brain": "brain/brain.agon", "Training": "brain/training.agon", "LiquidVoting": "liquid/liquid_voting.agon",
            "Farm": "rules/farm.agon", "StreamingRewards": "rules/streaming_rewards.agon",
        ]
        let folder = SeasonSources.root.appendingPathComponent("contracts")
        var entries: Set<String> = []
        for (contract, file) in files {
            let module = try SeasonSources.module(folder.appendingPathComponent(file), contract)
            entries.formUnion(module.entries.map { "\(contract).\($0.name)" })
        }
        #expect(!PublishedGas.entries.isEmpty)
        for entry in PublishedGas.entries { #expect(entries.contains(entry), "\(entry)") }
    }

    @Test func everySourceIsNamedAndUsed() {
        let used = Set(
            PublishedGas.entries.compactMap { entry -> PublishedGas.Source? in
                let parts = entry.split(separator: ".").map(String.init)
                return PublishedGas.beside(parts[0], parts[1])?.source
            })
        #expect(used == Set(PublishedGas.Source.allCases))
        #expect(
            PublishedGas.Source.allCases.allSatisfy { $0.reference.contains("/") || $0.reference.contains("arXiv") })
    }
}
