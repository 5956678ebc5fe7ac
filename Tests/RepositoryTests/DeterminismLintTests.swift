import Foundation
import Testing

/// The deterministic modules use no floating point, clock, randomness, environment, unordered iteration, or hashing
/// that is seeded for each process.
@Suite struct DeterminismLintTests {
    static let modules = ["Numerics", "Tensors", "Bytecode", "Verifier", "Machine", "Ledger"]

    @Test(arguments: modules) func nothingBannedIsUsed(module: String) throws {
        let folder = ModuleEdgesTests.root.appendingPathComponent("Sources/\(module)")
        let files = ModuleEdgesTests.swiftFiles(under: folder)
        #expect(files.count >= 5)
        for file in files {
            for finding in DeterminismLint.findings(in: try String(contentsOf: file, encoding: .utf8)) {
                Issue.record("\(file.lastPathComponent), \(finding)")
            }
        }
    }

    /// Planted in a file of each module, each of these is found where it stands.
    static let violations = [
        "let ratio: Double = 0", "func mean(_ x: Float32) {}", "let half = 0.5", "let many = 1e9",
        "let x = 3 + 1.25 / y",
        "let root = sqrt(Double(n))", "let now = Date()", "let start = ContinuousClock().now", "time(nil)",
        "clock_gettime(CLOCK_MONOTONIC, &t)", "let n = Int.random(in: 0..<9)", "list.shuffle()",
        "let x = list.randomElement()",
        "let id = UUID()", "let home = getenv(\"HOME\")", "ProcessInfo.processInfo.environment",
        "CommandLine.arguments",
        "setlocale(LC_ALL, \"\")", "let f = NumberFormatter()", "a.localizedCompare(b)", "let h = key.hashValue",
        "var hasher = Hasher()", "ObjectIdentifier(x) < ObjectIdentifier(y)", "Task { await go() }",
        "let text = \"\\(Double(n))\"",
        // Unordered collections, by the ways in which a file may declare them.
        "var table: [Int: String] = [:]\nfor (key, value) in table { use(key) }",
        "var table: [Int: String] = [:]\nfor key in table.keys { use(key) }",
        "var table = [Int: [Int]]()\nlet all = table.map { $0.value }",
        "var seen: Set<Int> = []\nfor item in seen where item > 3 { use(item) }",
        "let seen = Set(list)\nlet all = Array(seen)",
        "let seen = Set(list)\nlet first = seen.first",
        "var table = Dictionary(grouping: list) { $0.key }\nlet sums = table.values.reduce(0, +)",
        "func take(_ table: [String: Int]) {\nfor entry in table { use(entry) } }",
        "func take(_ seen: inout Set<Int>) {\nlet x = seen.popFirst() }",
        "x.book.values.map { $0 }",
    ]

    @Test(arguments: modules) func whatIsPlantedIsFound(module: String) throws {
        let folder = ModuleEdgesTests.root.appendingPathComponent("Sources/\(module)")
        let texts = try ModuleEdgesTests.swiftFiles(under: folder).map { try String(contentsOf: $0, encoding: .utf8) }
        // The shortest, for speed.
        let text = try #require(texts.min { ($0.utf8.count, $0) < ($1.utf8.count, $1) })
        for violation in Self.violations {
            let planted = text + "\n" + violation + "\n"
            let last = planted.split(separator: "\n", omittingEmptySubsequences: false).count - 1
            let findings = DeterminismLint.findings(in: planted)
            #expect(findings.contains { $0.line == last }, "\(module) does not find: \(violation)")
        }
    }

    /// What looks like a violation and is none.
    @Test func harmlessLinesPass() {
        let lines = [
            "// a Double is not used here", "let text = \"0.5 of a Double\"", "let pair = tuple.0.1",
            "let range = 0...9",
            "let hex = 0x1e9", "for key in table.keys.sorted() { use(key) }\nvar table: [Int: Int] = [:]",
            "let seen = Set(list)\nif seen.contains(3) { use(seen.count) }",
            "let seen = Set(list)\nlet all = Array(seen).sorted()", "let version = \"1.2.3\"", "let x = list[0].first",
            "let seen = Set(list)\nfor x in seen { use(x) }  // ordered: a set of one",
            "case .hashValue, .caller: return 1",
            "let targets: [(word: Int, from: Int)] = []\nfor x in targets { use(x) }",
            "var entries: [String: Int] = [:]\nfor (index, x) in module.entries.enumerated() { use(index) }",
        ]
        for line in lines { #expect(DeterminismLint.findings(in: line) == [], "\(line)") }
    }
}
