import Foundation
import Harness
import Testing

@Suite("Test runner")
struct TestRunnerTests {
    private static let source = """
        contract Counter {
            var n: Int = 0
            error TooMuch(k: Int)
            action add(k: Int) {
                require k < 10 else TooMuch(k)
                n += k
            }
            view value() -> Int { return n }

            test "passes" {
                let counter = deploy Counter()
                counter.add(2)
                expect counter.value() == 2
            }
            test "shows both sides" {
                let counter = deploy Counter()
                expect counter.value() == 1
            }
            test "says where it failed" {
                let counter = deploy Counter()
                counter.add(12)
            }
        }
        """

    private func run(filter: String? = nil) throws -> TestReport {
        let project = try CompiledProject.compile(text: Self.source, path: "counter.agon").get()
        return LargeStack.run { TestRunner(filter: filter).run(project) }
    }

    @Test("Results, summary and gas")
    func results() throws {
        let report = try run()
        #expect(report.results.map(\.passed) == [true, false, false])
        #expect(report.summary == "1 passed, 2 failed")
        #expect(report.lines().last == report.summary)
        let add = try #require(report.gas.first { $0.entry == "add" })
        #expect(add.calls == 2)
        #expect(add.least > 0 && add.most >= add.least && add.total == add.least + add.most)
    }

    @Test("A failed comparison shows its operands and a command to run it again")
    func operands() throws {
        let failure = try #require(try run(filter: "both sides").results.first?.failure)
        #expect(failure.error == "ExpectationFailed")
        #expect(failure.operands.map(\.source) == ["counter.value()", "1"])
        #expect(failure.operands.map(\.value) == ["0", "1"])
        #expect(failure.location == "counter.agon:17:16")
        #expect(failure.reproduce == "agon test counter.agon --filter 'shows both sides'")
    }

    @Test("An error carries its values, its place and the calls that led to it")
    func errors() throws {
        let failure = try #require(try run(filter: "where it failed").results.first?.failure)
        #expect(failure.error == "TooMuch")
        #expect(failure.message == "TooMuch(k: 12)")
        #expect(failure.location?.hasPrefix("counter.agon:5:") == true)
        #expect(failure.trace.first?.name == "Counter.add")
        #expect(failure.trace.last?.name == "test \"says where it failed\"")
    }

    @Test("The report is JSON")
    func json() throws {
        let report = try run()
        let data = try JSONEncoder().encode(report)
        #expect(try JSONDecoder().decode(TestReport.self, from: data).summary == report.summary)
    }

    @Test("Errors of the source are diagnostics, not crashes")
    func compileErrors() {
        for text in ["contract", "contract C { view f() -> Int { return true } }", "\u{0}", "import \"nowhere\""] {
            guard case .failure(let failure) = CompiledProject.compile(text: text) else {
                Issue.record("\(text) compiles")
                continue
            }
            #expect(!failure.diagnostics.isEmpty)
            #expect(failure.internalError == nil)
        }
    }
}
