import ArgumentParser
import Harness

/// What the tests of suites find, as a table: a row for each contract, a column for each suite.
struct IncentivesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incentives",
        abstract: "Put reward rules under the suites that their tests use, and print what a search finds as a table.",
        discussion: """
            Each cell is the greatest unfair gain found, as a share of the pot; `holds` stands for a suite that
            measures nothing and whose tests passed. A gain beyond what a test allows is marked with !.
            """)

    @Argument(help: "Source files or folders with uses of suites.") var paths: [String] = ["contracts"]
    @Option(help: "Cases to try in search of a greater gain, for each test.") var search = 1_000
    @Option(help: "Seed of all random choices; by default each test has its own, made from its name.")
    var seed: UInt64?
    @Flag(help: "Print the worst case of each test as the source of a test, too.") var cases = false
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard (1...1_000_000).contains(search) else {
            throw ValidationError("--search is a number from 1 to 1000000")
        }
    }

    func run() throws {
        var report = try runTests(paths, TestRunner(filter: "(", seed: seed, searchAttempts: search))
        report.results = report.results.filter { $0.suite != nil }
        guard !report.results.isEmpty else {
            throw UserError("C0110", "no suite is used in these sources: test NoGainFromSplitting(deploy MyRule(), 0.0)")
        }
        if json {
            try answerJSON(report.results)
        } else {
            for line in IncentiveTable(report.results).lines { answer(line) }
            if cases {
                for result in report.results {
                    guard let found = result.search, found.greatest != "0" else { continue }
                    answer("")
                    for line in found.source { answer(line) }
                }
            }
        }
        if report.failedCount > 0 {
            note("\(report.failedCount) tests failed; `agon test` shows them")
            throw AlreadyReported()
        }
    }
}

/// Results of suites, contract by contract.
struct IncentiveTable {
    let lines: [String]

    init(_ results: [TestResult]) {
        var rules: [String] = []
        var suites: [String] = []
        var cells: [String: String] = [:]
        for result in results {
            guard let suite = result.suite, let subject = result.suiteArguments?.first else { continue }
            let rule = subject.hasPrefix("deploy ") ? String(subject.dropFirst(7)) : subject
            if !rules.contains(rule) { rules.append(rule) }
            if !suites.contains(suite) { suites.append(suite) }
            let text = result.search.map { Self.percent($0.greatest) } ?? (result.passed ? "holds" : "fails")
            let cell = result.passed ? text : text + " !"
            cells["\(rule)\n\(suite)", default: ""] += (cells["\(rule)\n\(suite)"] == nil ? "" : ", ") + cell
        }
        var lines = ["| rule | " + suites.joined(separator: " | ") + " |"]
        lines.append("|---|" + String(repeating: "---|", count: suites.count))
        for rule in rules {
            lines.append("| `\(rule)` | " + suites.map { cells["\(rule)\n\($0)"] ?? "" }.joined(separator: " | ") + " |")
        }
        self.lines = lines
    }

    /// A share of the pot in per cent, to one place; the exact number is in the JSON.
    private static func percent(_ share: String) -> String {
        guard let value = Double(share) else { return share }
        if value == 0 { return "none" }
        let tenths = (value * 1_000).rounded()
        return tenths == 0 ? "below 0.1 %" : "\(tenths / 10) %"
    }
}
