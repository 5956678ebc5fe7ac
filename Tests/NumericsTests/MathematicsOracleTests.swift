import MathematicsCases
import Testing

/// A share of the million inputs of `Scripts/soak-math.sh`.
@Test func mathematicsAgreesWithMPFRAtTenThousandInputs() {
    var cases = MathematicsCases(seed: 1)
    let report = cases.run(10_000)
    print("counts: \(report.summary), seed 1")
    #expect(report.failures.isEmpty, "\(report.failures.joined(separator: "\n"))")
    #expect(report.values > 15_000 && report.ties > 20 && report.exact > 300 && report.outside > 100)
}
