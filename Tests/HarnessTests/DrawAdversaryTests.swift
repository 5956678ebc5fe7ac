import Benchmarks
import Bytecode
import Testing

/// A small run of the simulated adversary: what it gains is what theory says.
struct DrawAdversaryTests {
    @Test func advantagesAreAsExpected() throws {
        let rows = try DrawAdversary(seed: 7).run(draws: 2_400)
        #expect(rows.count == 3 * DrawStrategy.all.count)
        for row in rows {
            // 48 figures: one of them is beyond this in about one seed of 3,000.
            #expect(row.deviation < 4.5, "\(row.strategy.name), \(row.members) members: \(row.winRate)")
        }
        // Nobody gains by withholding without knowing the block's randomness; who knows it does.
        func rate(_ name: String) -> Double? { rows.first { $0.strategy.name == name && $0.members == 100 }?.winRate }
        let honest = try #require(rate("honest"))
        let outsider = try #require(rate("withholds of 4"))
        let producer = try #require(rate("producer, withholds of 4"))
        #expect(abs(honest - outsider) < 0.11)
        #expect(producer > 0.7)
        #expect(rate("producer, alone") == 1)
    }

    @Test func expectationsAreThoseOfTheDistributions() throws {
        let rows = try DrawAdversary(seed: 1).run(draws: 8, members: [330, 500])
        let honest = try #require(rows.first)
        #expect(abs(honest.expectedWinRate - 0.33) < 1e-12)
        // By symmetry: of an odd number of seats one half has the majority as often as the other.
        #expect(abs(rows[1].expectedMajorityRate - 0.5) < 1e-12)
        let two = try #require(rows.first { $0.strategy.choices == 4 && $0.members == 500 })
        #expect(abs(two.expectedWinRate - 0.9375) < 1e-12)
        #expect(abs(two.expectedMajorityRate - 0.9375) < 1e-12)
    }

    @Test func reportsHaveALineForEachRow() throws {
        let rows = try DrawAdversary(seed: 1).run(draws: 8)
        #expect(drawReport(rows).split(separator: "\n").count == rows.count + 3)
        guard case .array(let items) = try JSONValue(parsing: drawJSON(rows)) else {
            Issue.record("no array")
            return
        }
        #expect(items.count == rows.count)
        #expect(items.first?["strategy"] == .string("honest"))
    }

    @Test func countsOutOfRangeAreRefused() throws {
        let adversary = try DrawAdversary(seed: 1)
        for draws in [Int.min, -1, 0, 7, DrawAdversary.drawLimit + 1] {
            #expect(throws: BenchmarkError.self) { try adversary.run(draws: draws) }
        }
    }
}
