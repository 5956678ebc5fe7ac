import Benchmarks
import Bytecode
import Testing

/// The benchmarks' results, not their speed: every workload compiles, verifies, runs and agrees with its oracle.
struct BenchmarkTests {
    @Test func resultsAreRight() throws {
        let rows = try BenchmarkSuite.run(rounds: 1)
        #expect(rows.map(\.name) == BenchmarkSuite.names)
        let json = try JSONValue(parsing: BenchmarkSuite.json(rows))
        guard case .array(let items) = json else {
            Issue.record("no array")
            return
        }
        for (row, item) in zip(rows, items) {
            #expect(item["result"] == .string(row.result))
            #expect((item["ratio"] == .null) == (row.nativeNanosecondsPerIteration == nil))
        }
    }

    @Test func codeIsShown() throws {
        let text = try BenchmarkSuite.disassembly(of: "loop_call")
        #expect(text.contains("function step"))
        #expect(text.contains("call"))
    }

    @Test func unknownNamesAreRefused() {
        #expect(throws: BenchmarkError.self) { try BenchmarkSuite.run(["nothing"]) }
    }
}
