import Testing

@testable import Harness

@Suite("Suites and searches")
struct SuiteTests {
    private func results(_ text: String, search: Int = 0) throws -> [TestResult] {
        let project = try CompiledProject.compile(text: text, path: "s.agon").get()
        return TestRunner(searchAttempts: search).run(project).results
    }

    /// A peak that random cases do not meet: the product is greatest where both are in the middle.
    static let hill = """
        property "p" (a: Int<64> in 0..<1000000, b: Int<64> in 0..<1000000) {
            maximise a * (1000000 - a) + b * (1000000 - b)
        }
        """

    @Test("A search climbs higher than ordinary cases, and the same way every time")
    func searchClimbs() throws {
        let peak = 500_000_000_000.0
        let plain = try #require(try results(Self.hill)[0].search)
        let found = try #require(try results(Self.hill, search: 600)[0].search)
        #expect(plain.attempts == 0 && found.attempts == 600)
        let (before, after) = (try #require(Double(plain.greatest)), try #require(Double(found.greatest)))
        #expect(after > before && after > 0.999 * peak && after <= peak)
        #expect(try results(Self.hill, search: 600)[0].search?.source == found.source)
    }

    @Test("The case that a search shows is a test with the same value", arguments: [0, 300])
    func theCaseIsATest(search: Int) throws {
        let found = try #require(try results(Self.hill, search: search)[0].search)
        let again = try results(found.source.joined(separator: "\n"))
        #expect(again[0].passed)
        // Read back through an expectation, since a test reports no search.
        let line = "expect a * (1000000 - a) + b * (1000000 - b) == \(found.greatest)"
        let held = try results((found.source.dropLast() + [line, "}"]).joined(separator: "\n"))
        #expect(held[0].passed)
    }

    @Test("The steps of an invariant are searched too")
    func stepsAreSearched() throws {
        let text = """
            invariant "i" {
                var lead: Int<32> = 0
                step right(n: Int<8> in 0..<10) { lead += n }
                step left(n: Int<8> in 0..<10) { lead -= n }
                always { maximise lead }
            }
            """
        let plain = try #require(try results(text)[0].search)
        let found = try #require(try results(text, search: 400)[0].search)
        #expect(try #require(Int(found.greatest)) > (try #require(Int(plain.greatest))) + 50)
        #expect(try results(found.source.joined(separator: "\n"))[0].passed)
    }

    @Test("What a search shows is the smallest case with that value")
    func theGreatestIsShrunk() throws {
        let property = """
            property "p" (a: Int<64> in 0..<1000, b: Int<64> in 0..<1000, more: List<Int<8>, 5>) { \
            maximise a > 900 ? 1 : 0 }
            """
        let flat = try #require(try results(property, search: 300)[0].search)
        #expect(flat.greatest == "1")
        #expect(
            flat.source.prefix(4).dropFirst()
                == ["    var a: Int<64> = 901", "    var b: Int<64> = 0", "    var more: List<Int<8>, 5> = []"])
        let invariant = """
            invariant "i" {
                var lead: Int<32> = 0
                step idle(n: Int<8> in 0..<10) { lead += 0 * n }
                step right() { lead = min(lead + 1, 3) }
                always { maximise lead }
            }
            """
        let short = try #require(try results(invariant, search: 300)[0].search)
        #expect(short.greatest == "3")
        #expect(short.source.count { $0.contains("// step right") } == 3)
        #expect(!short.source.contains { $0.contains("// step idle") || $0.contains("advance") })
    }

    @Test("The suites over pools find what leaks")
    func leakyPools() throws {
        let path = RepositoryPaths.root + "/contracts/rules/wrong/leaky_pools.agon"
        let results = try TestRunner().run(file: path, from: RepositoryPaths.sources).get().results
        #expect(results.count == 6)
        for result in results {
            #expect(!result.passed, "\(result.name)")
            #expect(result.failure?.source.isEmpty == false, "\(result.name)")
            guard result.suite != "PaysItsClaims" else { continue }
            #expect(try #require(result.search.flatMap { Double($0.greatest) }) > 0, "\(result.name)")
        }
    }

    @Test("A case that fails on the way of a search is a failure, made as small as it gets")
    func failuresOfASearch() throws {
        let text = """
            property "p" (a: Int<64> in 0..<1000000) {
                maximise a % 499979
                expect a % 499979 < 499970
            }
            """
        #expect(try results(text)[0].passed)
        let failed = try results(text, search: 20_000)[0]
        #expect(!failed.passed && failed.failure?.error == "ExpectationFailed")
        #expect(failed.failure?.source.contains("    var a: Int<64> = 499970") == true)
    }

    @Test("What a suite finds is told for each use, with the arguments as lines of the case")
    func usesAreTold() throws {
        let text = """
            interface Source { view value(n: Int<32>) -> Int<32> }
            contract Small: Source { view value(n: Int<32>) -> Int<32> { return n } }
            contract Large: Source { view value(n: Int<32>) -> Int<32> { return n * 2 } }
            suite Below(source: Source, limit: Int<32>) {
                property "stays below" (n: Int<32> in 0..<100) { expect source.value(n) < limit }
            }
            test Below(deploy Small(), 100)
            test Below(deploy Large(), limit: 100)
            """
        let results = try results(text)
        #expect(results.map(\.passed) == [true, false])
        #expect(results.map(\.suite) == ["Below", "Below"])
        #expect(results[1].suiteArguments == ["deploy Large()", "100"])
        #expect(results[1].name == "Below(deploy Large(), 100): stays below")
        #expect(results[1].line == 8)
        let source = try #require(results[1].failure?.source)
        #expect(
            source.dropFirst().prefix(3)
                == ["    let source = deploy Large()", "    let limit: Int<32> = 100", "    var n: Int<32> = 50"])
    }
}
