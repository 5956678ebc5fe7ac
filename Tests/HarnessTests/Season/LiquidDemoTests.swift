import Ledger
import Node
import Season
import Testing

/// The game of delegation in small: `run` itself holds every outcome's power to the contract's.
@Suite struct LiquidDemoTests {
    private static func run(_ size: LiquidDemo.Size, seed: UInt64) throws -> LiquidReport {
        let source = SeasonSources.root.appendingPathComponent("contracts/liquid/power_meter.agon")
        let demo = LiquidDemo(size: size, meter: try SeasonSources.module(source, "PowerMeter"), seed: seed)
        let chain = try Chain.inMemory(
            genesis: try demo.genesis(), engine: MachineEngine(), producerKey: SeasonRunner.producerKey)
        defer { chain.close() }
        return try demo.run(on: chain)
    }

    @Test func everyOutcomeIsMeasuredByTheContract() throws {
        let size = try LiquidDemo.Size(voters: 9, graphs: 2)
        let report = try Self.run(size, seed: 1)
        // Fifteen points, two graphs each, two ways to play.
        #expect(report.measuredCount == 60)
        #expect(report.text.contains("| 1.00 |") && report.text.contains("9 voters"))
        #expect(try Self.run(size, seed: 1).text == report.text)
        #expect(try Self.run(size, seed: 2).text != report.text)
    }

    /// Caring for power costs delegation and accuracy and makes powers more alike: the shape of the published curves.
    @Test func theShapeIsThePublishedOne() throws {
        let report = try Self.run(try LiquidDemo.Size(voters: 16, graphs: 6), seed: 3)
        let careless = try #require(report.byExponent.first).iterated
        let careful = try #require(report.byExponent.last).iterated
        #expect(careless.delegators > careful.delegators)
        #expect(careless.gini > careful.gini)
        #expect(careless.longestChain > careful.longestChain)
        #expect(careless.accuracy > careful.accuracy)
        // Nobody knows anybody: everybody votes, all with the same power.
        let alone = try #require(report.byDensity.first)
        #expect(alone.iterated.delegators == 0 && alone.iterated.gini == 0 && alone.oneShot.gini == 0)
    }

    @Test func sizesThatCountsCannotHoldAreErrors() {
        #expect(throws: SeasonError.self) { try LiquidDemo.Size(voters: 49, graphs: 1) }
        #expect(throws: SeasonError.self) { try LiquidDemo.Size(voters: 1, graphs: 1) }
        #expect(throws: SeasonError.self) { try LiquidDemo.Size(voters: 3, graphs: 0) }
    }
}
