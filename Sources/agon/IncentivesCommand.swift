import ArgumentParser
import Harness

/// What the tests of suites find, as tables: a row for each contract, a column for each suite.
struct IncentivesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incentives",
        abstract: "Put contracts under the suites that their tests use, and print what a search finds as tables.",
        discussion: """
            A table for each group of contracts that share suites. Each cell is the greatest unfair gain found, as a
            share of the pot; `holds` stands for a suite that measures nothing and whose tests passed. A gain beyond
            what a test allows is marked with !.
            """)

    @Argument(help: "Source files or folders with uses of suites.") var paths: [String] = ["contracts"]
    @Option(help: "Cases to try in search of a greater gain, for each test.") var search = 1_000
    @Option(help: "Ordinary cases of each property, and runs of each invariant.") var cases = 200
    @Option(help: "Seed of all random choices; by default each test has its own, made from its name.")
    var seed: UInt64?
    @Flag(help: "Print the worst case of each test as the source of a test, too.") var sources = false
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        for (name, number) in [("search", search), ("cases", cases)] where !(1...1_000_000).contains(number) {
            throw ValidationError("--\(name) is a number from 1 to 1000000")
        }
    }

    func run() throws {
        var runner = TestRunner(filter: "(", seed: seed, searchAttempts: search)
        // Always given, so that what is found does not depend on the price of gas.
        runner.cases = cases
        runner.shrinksGreatest = sources || json
        // What is measured here `agon test` holds against the reference evaluator.
        runner.comparesReference = false
        var report = try runTests(paths, runner)
        // Benches measure gas, not gain: only what has cases is asked.
        report.results = report.results.filter { $0.suite != nil && $0.cases != nil }
        guard !report.results.isEmpty else {
            throw UserError(
                "C0110", "no suite is used in these sources: test NoGainFromSplitting(deploy MyRule(), 0.0)")
        }
        if json {
            try answerJSON(report.results)
        } else {
            for line in IncentiveTable(report.results).lines { answer(line) }
            if sources {
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

/// Results of suites, contract by contract: a table for each group of contracts that share suites.
struct IncentiveTable {
    let lines: [String]

    /// Contracts and suites that belong together, in the order in which they were met.
    private struct Group {
        var subject: String
        var rows: [String] = []
        var suites: [String] = []
    }

    init(_ results: [TestResult]) {
        var groups: [Group] = []
        var cells: [String: String] = [:]
        for result in results {
            guard let suite = Self.column(result), let row = Self.row(result) else { continue }
            Self.enter(row, suite, result.suiteSubject ?? "", &groups)
            let text = result.search.map { Self.percent($0.greatest) } ?? (result.passed ? "holds" : "fails")
            let cell = result.passed ? text : text + " !"
            let known = cells["\(row)\n\(suite)"]
            cells["\(row)\n\(suite)"] = known.map { $0 + ", " + cell } ?? cell
        }
        var lines: [String] = []
        for group in groups {
            if !lines.isEmpty { lines.append("") }
            lines.append("| \(group.subject) | " + group.suites.joined(separator: " | ") + " |")
            lines.append("|---|" + String(repeating: "---|", count: group.suites.count))
            for row in group.rows {
                let found = group.suites.map { cells["\(row)\n\($0)"] ?? "" }
                lines.append("| `\(row)` | " + found.joined(separator: " | ") + " |")
            }
        }
        self.lines = lines
    }

    /// The suite, with the enum cases that it was used with: each is a question of its own.
    private static func column(_ result: TestResult) -> String? {
        guard let suite = result.suite else { return nil }
        let cases = (result.suiteArguments ?? []).filter { $0.hasPrefix(".") }
        return cases.isEmpty ? suite : suite + "(" + cases.joined(separator: ", ") + ")"
    }

    /// What was deployed for the suite, each once; nil when it was used for nothing.
    private static func row(_ result: TestResult) -> String? {
        var names: [String] = []
        for argument in result.suiteArguments ?? [] where argument.hasPrefix("deploy ") {
            let name = shortened(String(argument.dropFirst(7)))
            if !names.contains(name) { names.append(name) }
        }
        return names.isEmpty ? result.suiteArguments?.first : names.joined(separator: ", ")
    }

    /// `C(0.5)` and `C()` as they are; of other arguments the contract's name alone.
    private static func shortened(_ deployment: String) -> String {
        guard let opening = deployment.firstIndex(of: "(") else { return deployment }
        let plain = deployment[opening...].allSatisfy { $0.isNumber || "(), ._-".contains($0) }
        return plain ? deployment : String(deployment[..<opening])
    }

    /// Puts a contract and a suite into one group, joining those that either was in.
    private static func enter(_ row: String, _ suite: String, _ subject: String, _ groups: inout [Group]) {
        let found = groups.indices.filter { groups[$0].rows.contains(row) || groups[$0].suites.contains(suite) }
        guard let first = found.first else {
            groups.append(Group(subject: subject, rows: [row], suites: [suite]))
            return
        }
        for index in found.dropFirst().reversed() {
            groups[first].rows += groups[index].rows
            groups[first].suites += groups[index].suites
            groups.remove(at: index)
        }
        if !groups[first].rows.contains(row) { groups[first].rows.append(row) }
        if !groups[first].suites.contains(suite) { groups[first].suites.append(suite) }
    }

    /// A share of the pot in per cent, to one place; the exact number is in the JSON.
    private static func percent(_ share: String) -> String {
        guard let value = Double(share) else { return share }
        if value <= 0 { return "none" }
        let tenths = (value * 1_000).rounded()
        return tenths == 0 ? "below 0.1 %" : "\(tenths / 10) %"
    }
}
