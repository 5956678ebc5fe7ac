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

    @Test("A call too long for the reference evaluator is left to the machine")
    func longCalls() throws {
        let source = """
            contract Loop {
                view sum(n: Int) -> Int {
                    var s = 0
                    for i in 0..<n max 1_000_000 { s += i }
                    return s
                }
                test "long" {
                    let loop = deploy Loop()
                    expect loop.sum(10_000) == 49_995_000
                }
            }
            """
        let project = try CompiledProject.compile(text: source).get()
        let short = TestRunner(stepLimit: 1_000).run(project)
        #expect(short.results.map(\.passed) == [true])
        #expect(short.results.map(\.compared) == [false])
        #expect(TestRunner().run(project).results.map(\.compared) == [true])
    }

    @Test("A program that never gets done ends for want of gas")
    func endlessCalls() throws {
        let source = """
            test "long" {
                var s = 0
                for i in 0..<1_000_000_000 { s += i % 7 }
                expect s > 0
            }
            contract Loop {
                view sum(n: Int) -> Int {
                    var s = 0
                    for i in 0..<n max 4_000_000_000 { s += i % 7 }
                    return s
                }
                test "longer" {
                    let loop = deploy Loop()
                    expect failure OutOfGas { let s = loop.sum(4_000_000_000) }
                }
            }
            """
        let project = try CompiledProject.compile(text: source).get()
        let report = TestRunner(gasLimit: 1_000_000, stepLimit: 10_000).run(project)
        #expect(report.results.map(\.passed) == [false, true])
        #expect(report.results.first?.failure?.error == "EvaluationLimit")
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
