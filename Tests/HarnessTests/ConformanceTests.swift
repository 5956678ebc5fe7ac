import Harness
import Testing

import class Machine.Machine

private let suite = ConformanceSuite(root: RepositoryPaths.root + "/Tests/Conformance")

@Test("Every stored case does what its comments say", arguments: suite.sourcePaths)
func conformance(path: String) throws {
    let source = try #require(RepositoryPaths.sources.read(path))
    let complaints = ConformanceCase(source).run(provider: RepositoryPaths.sources)
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
}

@Test("Every case in assembly is refused, fails or succeeds as it says", arguments: suite.bytecodePaths)
func bytecodeConformance(path: String) throws {
    let machine = try #require(Machine())
    let complaints = try #require(ConformanceSuite.bytecodeCases(path)).run(on: machine).complaints
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
}

@Test("Every code, instruction and built-in error has a case on both sides")
func conformanceCoverage() {
    let report = suite.run(provider: RepositoryPaths.sources, runsSources: false)
    #expect(report.gaps.isEmpty, "\(report.gaps.joined(separator: "\n"))")
    #expect(report.assertionCount >= 2_000)
    print("counts: \(report.assertionCount) conformance assertions in \(report.fileCount) files")
}

@Test(
    "Contract tests pass in both worlds",
    arguments: RepositoryPaths.sourcePaths("contracts") + RepositoryPaths.sourcePaths("stdlib"))
func contractTests(path: String) throws {
    // `agon test contracts stdlib` runs them for all their cases.
    let report = try TestRunner(cases: 25, steps: 20).run(file: path, from: RepositoryPaths.sources).get()
    #expect(report.failedCount == 0, "\(report.lines(verbose: false).joined(separator: "\n"))")
}
