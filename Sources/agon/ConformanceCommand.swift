import ArgumentParser
import Bytecode
import Foundation
import Harness

struct ConformanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "conformance",
        abstract: "Run the conformance suite; its format is Documentation/conformance.md.")

    @Argument(help: "Folder or file of cases.") var path = "Tests/Conformance"
    @Option(help: "Also write every case as JSON beneath this folder, for other implementations.")
    var export: String?
    @Flag(help: "Print JSON.") var json = false

    private struct Answer: Encodable {
        let folders: [ConformanceSuite.Folder]
        let files: Int
        let assertions: Int
        let failures: [String]
        let uncovered: [String]
    }

    func run() throws {
        guard FileManager.default.fileExists(atPath: path) else { throw UserError("C0103", "there is no `\(path)`") }
        let suite = ConformanceSuite(root: path.hasSuffix("/") ? String(path.dropLast()) : path)
        guard !suite.sourcePaths.isEmpty || !suite.bytecodePaths.isEmpty else {
            throw UserError("C0104", "`\(path)` holds no case")
        }
        var problem: (any Error)?
        let report = suite.run(provider: DiskSources()) { name, content in
            guard let export, problem == nil else { return }
            do {
                let file = URL(fileURLWithPath: export).appendingPathComponent(name + ".json")
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data((content.text(pretty: true) + "\n").utf8).write(to: file)
            } catch {
                problem = error
            }
        }
        if let problem { throw problem }
        if json {
            try answerJSON(
                Answer(
                    folders: report.folders, files: report.fileCount, assertions: report.assertionCount,
                    failures: report.complaints, uncovered: report.gaps))
        } else {
            for folder in report.folders { answer(line(folder.name, folder.files, folder.assertions)) }
            answer(line("all", report.fileCount, report.assertionCount))
            for complaint in report.complaints { note(complaint) }
            answer(
                "counts: \(report.assertionCount) assertions in \(report.fileCount) files, \(report.complaints.count) "
                    + "failed, \(report.gaps.count) uncovered"
            )
        }
        if !report.complaints.isEmpty { throw AlreadyReported() }
    }

    private func line(_ name: String, _ files: Int, _ assertions: Int) -> String {
        func column(_ number: Int) -> String {
            String(repeating: " ", count: max(1, 8 - String(number).count)) + String(number)
        }
        return name.padding(toLength: 28, withPad: " ", startingAt: 0) + column(files) + " files" + column(assertions)
            + " assertions"
    }
}
