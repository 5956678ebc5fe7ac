import ArgumentParser
import Bytecode
import Diagnostics
import Foundation
import Harness
import Season
import Verifier

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check sources; every error in one run.")

    @Argument(help: "Source files or folders.") var paths: [String]
    @Flag(help: "Print the diagnostics as JSON.") var json = false
    @Flag(help: "Apply the fixes that diagnostics offer, and write the files.") var fix = false
    @Option(help: "How many diagnostics are shown in full; the others are counted.") var limit = 50

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit is a number from 0") }
    }

    func run() throws {
        if fix { try applyFixes() }
        var found: [Diagnostic] = []
        for path in try sourcePaths(paths) {
            switch CompiledProject.compile(paths: [path], from: DiskSources()) {
            case .success(let project): found += project.warnings
            case .failure(let failure):
                found += failure.diagnostics
                if let text = failure.internalError { throw InternalError(text) }
            }
        }
        if json { answer(try renderJSON(DiagnosticDigest.distinct(found))) } else { report(found, limit: limit) }
        if found.contains(where: { $0.severity == .error }) { throw AlreadyReported() }
    }
}

extension CheckCommand {
    /// Mends the files, says what was changed where, and leaves the rest to the check that follows.
    private func applyFixes() throws {
        let sources = DiskSources()
        let files = try sourcePaths(paths)
        for path in files {
            let fixing = SourceFixing(path: path, provider: sources, onlyIn: Set(files))
            for change in fixing.applied {
                let what =
                    change.inserted.isEmpty
                    ? "removed `\(change.removed)`"
                    : change.removed.isEmpty
                        ? "inserted `\(change.inserted)`" : "`\(change.removed)` became `\(change.inserted)`"
                note("fixed[\(change.code)] \(change.location): \(what)")
            }
            for (file, bytes) in fixing.texts.sorted(by: { $0.key < $1.key }) {
                try Data(bytes).write(to: URL(fileURLWithPath: file), options: .atomic)
            }
        }
    }
}

struct BuildCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build", abstract: "Compile contracts to artefacts (.agonc) with their interfaces (.json).")

    enum Emission: String, ExpressibleByArgument, CaseIterable { case artefact, interface, bytecode }

    @Argument(help: "Source file or folder.") var path: String
    @Option(name: .shortAndLong, help: "Folder for the results.") var output = "build"
    @Option(help: "Print one form to standard output instead: interface or bytecode.") var emit: Emission = .artefact

    func run() throws {
        let project = try compile(path)
        for module in project.modules {
            switch emit {
            case .interface: answer(module.interfaceWithGasBounds().text(pretty: true))
            case .bytecode: answer(module.disassembly())
            case .artefact:
                let folder = URL(fileURLWithPath: output)
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                let file = folder.appendingPathComponent(module.name + ".agonc")
                let bytes = try module.encoded()
                try Data(bytes).write(to: file)
                try Data(module.interfaceWithGasBounds().text(pretty: true).utf8)
                    .write(to: folder.appendingPathComponent(module.name + ".json"))
                answer("\(output)/\(file.lastPathComponent)  \(bytes.count) bytes  \(artefactHash(bytes))")
            }
        }
    }
}

struct TestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run the tests of sources, on the machine and on the reference evaluator.")

    @Argument(help: "Source files or folders.") var paths: [String] = ["."]
    @Option(help: "Only tests whose name contains this.") var filter: String?
    @Option(help: "Seed of all random choices; by default each test has its own, made from its name.")
    var seed: UInt64?
    @Option(help: "Cases of a property (200 where nothing is given), runs of an invariant (40).") var cases: Int?
    @Option(help: "Steps in a run of an invariant (40 where nothing is given).") var steps: Int?
    @Option(help: "Cases to try in search of a greater value of `maximise`, for each test that has one.")
    var search = 0
    @Flag(help: "Run benches for all their sizes and show gas against size.") var bench = false
    @Flag(help: "Print JSON.") var json = false
    @Flag(
        help: "Print a hash of what each source yields instead: artefacts, results, gas, events, state, or diagnostics."
    )
    var digest = false

    func validate() throws {
        for (name, number) in [("cases", cases), ("steps", steps), ("search", search == 0 ? nil : search)] {
            guard let number, !(1...1_000_000).contains(number) else { continue }
            throw ValidationError("--\(name) is a number from 1 to 1000000")
        }
    }

    func run() throws {
        if digest { return try printDigests() }
        let report = try runTests(
            paths,
            TestRunner(
                filter: filter, seed: seed, cases: cases, steps: steps, measuresBenches: bench, searchAttempts: search))
        if json {
            try answerJSON(report)
        } else {
            for line in report.lines() { answer(line) }
        }
        if let filter, report.results.isEmpty { throw UserError("C0111", "no test's name contains `\(filter)`") }
        if report.failedCount > 0 { throw AlreadyReported() }
    }

    /// A line for each source, and one for all. Tests that fail and sources with errors are hashed like the others.
    private func printDigests() throws {
        var (all, testCount, sourceCount) = (Transcript(), 0, 0)
        for path in try sourcePaths(paths) {
            let source = SourceDigest(
                path: path, from: DiskSources(),
                runner: TestRunner(filter: filter, seed: seed, cases: cases, steps: steps))
            answer("\(source.digest.hex)  \(path)")
            all.add(source.digest.bytes)
            testCount += source.testCount
            sourceCount += 1
        }
        answer("\(all.digest.hex)  \(testCount) tests in \(sourceCount) sources")
    }
}

struct GasCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gas",
        abstract:
            "Gas of every entry that the tests call: what it took, and its bound in the sizes of arguments and state.",
        discussion: """
            Calls and gas are those of all calls, failed ones included. The other figures are bound divided by gas \
            used, over the calls that succeeded: by the formula, evaluated for each call's arguments and the state \
            before it (median and worst), and, where that is more than twice the gas used, by following the call \
            (followed, the worst). Entries marked "data" are far below their formula for some call since what they do \
            depends on more than sizes.
            """)

    @Argument(help: "Source files or folders.") var paths: [String] = ["."]
    @Flag(help: "Print JSON.") var json = false
    @Flag(
        help:
            "Print a table for documents: actions and what the calls that succeeded took, beside what others published."
    )
    var markdown = false
    @Flag(help: "Print where the figures beside them were published, and nothing else.") var sources = false
    @Option(name: .customLong("of"), help: "With --markdown: a contract to print; all when none is named.")
    var contracts: [String] = []
    @Flag(help: "Follow every call, not only those whose formula gives more than twice the gas used.") var followAll =
        false

    /// What is printed for an entry.
    private struct Row: Encodable {
        var contract: String
        var entry: String
        var calls: Int
        var least: Int64
        var mean: Int64
        var most: Int64
        var medianRatio: Double?
        var worstRatio: Double?
        var worstFollowedRatio: Double?
        var dependsOnData: Bool
        var bound: String?
        var unbounded: String?

        init(_ measure: GasMeasure) {
            contract = measure.contract
            entry = measure.entry
            calls = measure.calls
            least = measure.least
            mean = measure.total / Int64(max(measure.calls, 1))
            most = measure.most
            medianRatio = measure.medianRatio
            worstRatio = measure.worstRatio
            worstFollowedRatio = measure.worstClosestRatio
            dependsOnData = measure.dependsOnData
            bound = measure.bound
            unbounded = measure.unbounded
        }
    }

    private struct Summary: Encodable {
        var entries: [Row]
        var unboundedEntries: Int
        var medianRatio: Double?
        var worstRatio: Double?
        var medianFollowedRatio: Double?
        var worstFollowedRatio: Double?
    }

    func run() throws {
        if sources {
            return PublishedGas.Source.allCases.forEach { answer("- [\($0.rawValue)] \($0.reference)") }
        }
        var runner = TestRunner()
        runner.following = markdown ? .none : followAll ? .all : .loose
        let report = try runTests(paths, runner)
        let measures = report.gas.sorted { ($0.contract, $0.entry) < ($1.contract, $1.entry) }
        let rows = measures.map { Row($0) }
        let ratios = measures.flatMap(\.ratios)
        let closest = measures.flatMap(\.closestRatios)
        let unbounded = rows.count { $0.bound == nil && $0.medianRatio == nil }
        if json {
            try answerJSON(
                Summary(
                    entries: rows, unboundedEntries: unbounded, medianRatio: GasMeasure.median(ratios),
                    worstRatio: ratios.max(), medianFollowedRatio: GasMeasure.median(closest),
                    worstFollowedRatio: closest.max()))
        } else if markdown {
            try answerTable(of: measures)
        } else {
            let width = measures.map { $0.contract.count + $0.entry.count + 1 }.max() ?? 10
            answer(line("entry", ["calls", "least", "mean", "most", "median", "worst", "followed", ""], "bound", width))
            for row in rows {
                let figures = [String(row.calls), String(row.least), String(row.mean), String(row.most)]
                answer(
                    line(
                        "\(row.contract).\(row.entry)",
                        figures + [row.medianRatio, row.worstRatio, row.worstFollowedRatio].map(decimal)
                            + [row.dependsOnData ? "data" : ""],
                        row.bound ?? row.unbounded ?? "no short formula", width))
            }
            answer(
                "\(rows.count) entries, \(unbounded) without a bound; calls and gas of all "
                    + "\(measures.reduce(0) { $0 + $1.calls }) "
                    + "calls; bound to gas used over the \(ratios.count) that succeeded: by formula "
                    + "median \(decimal(GasMeasure.median(ratios))), worst \(decimal(ratios.max())); loose ones "
                    + "followed "
                    + "median \(decimal(GasMeasure.median(closest))), worst \(decimal(closest.max()))")
        }
        if report.failedCount > 0 {
            note("\(report.failedCount) tests failed; `agon test` shows them")
            throw AlreadyReported()
        }
    }

    /// The table for documents. Of a contract without actions its views are what is called.
    private func answerTable(of measures: [GasMeasure]) throws {
        var views: Set<String> = []
        for module in try paths.flatMap({ try compile($0).modules })
        where module.entries.contains(where: { $0.kind == .action }) {
            views.formUnion(module.entries.filter { $0.kind == .view }.map { "\(module.name).\($0.name)" })
        }
        let shown = measures.filter { measure in
            measure.succeeded > 0 && measure.entry != "init" && !views.contains("\(measure.contract).\(measure.entry)")
                && (contracts.isEmpty || contracts.contains(measure.contract))
        }
        let isCompared = shown.contains { PublishedGas.beside($0.contract, $0.entry) != nil }
        answer("| entry | calls | gas, mean | most |" + (isCompared ? " EVM | for |" : ""))
        answer("|---|---|---|---|" + (isCompared ? "---|---|" : ""))
        for measure in shown {
            let other = PublishedGas.beside(measure.contract, measure.entry)
            let comparison = other.map { " \($0.figure) | \($0.operation) [\($0.source.rawValue)] |" } ?? " | |"
            answer(
                "| `\(measure.contract).\(measure.entry)` | \(measure.succeeded) "
                    + "| \(grouped(measure.succeededTotal / Int64(measure.succeeded))) | "
                    + "\(grouped(measure.succeededMost)) |"
                    + (isCompared ? comparison : ""))
        }
    }

    /// With commas between thousands.
    private func grouped(_ gas: Int64) -> String {
        String(gas).reversed().enumerated().reduce(into: "") { text, next in
            text = "\(next.element)" + (next.offset > 0 && next.offset % 3 == 0 ? "," : "") + text
        }
    }

    private func decimal(_ ratio: Double?) -> String { ratio.map { String(format: "%.2f", $0) } ?? "-" }

    private func line(_ name: String, _ figures: [String], _ bound: String, _ width: Int) -> String {
        name.padding(toLength: width, withPad: " ", startingAt: 0)
            + figures.map { String(repeating: " ", count: max(1, 9 - $0.count)) + $0 }.joined() + "  " + bound
    }
}
