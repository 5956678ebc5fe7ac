import Harness
import Testing

@Test("Every stored case does what its comments say", arguments: RepositoryPaths.sourcePaths("Tests/Conformance/cases"))
func conformance(path: String) throws {
    let source = try #require(RepositoryPaths.sources.read(path))
    let complaints = ConformanceCase(source).run(provider: RepositoryPaths.sources)
    #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
}

@Test(
    "Contract tests pass in both worlds",
    arguments: RepositoryPaths.sourcePaths("contracts") + RepositoryPaths.sourcePaths("stdlib"))
func contractTests(path: String) throws {
    let report = try TestRunner().run(file: path, from: RepositoryPaths.sources).get()
    #expect(report.failedCount == 0, "\(report.lines(verbose: false).joined(separator: "\n"))")
}
