import Numerics
import SplitCases
import Testing

/// A share of the ten million cases of `Scripts/soak-splits.sh`.
@Test func splitsAreExactInAHundredThousandCases() throws {
    var splits = try #require(SplitCases(seed: 1))
    defer { splits.deallocate() }
    let report = splits.run(100_000)
    print("counts: \(report.summary), seed 1")
    #expect(report.failures.isEmpty, "\(report.failures.joined(separator: "\n"))")
    #expect(report.refused > 100 && report.wide > 10_000)
}
