import Diagnostics
import Foundation
import Harness
import Testing

@testable import Explain

/// Stored renderings, one file for each code and form.
enum Golden {
    static let folder = repositoryRoot.appendingPathComponent("Tests/Goldens")
    static let command = "AGON_WRITE_GOLDENS=1 swift test --filter ExplainTests"
    /// Whether to store what comes out instead of comparing.
    static var isWriting: Bool { ProcessInfo.processInfo.environment["AGON_WRITE_GOLDENS"] != nil }

    static func json(_ parts: [String: String]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(parts), as: UTF8.self) + "\n"
    }

    static func compare(_ name: String, _ text: String) throws {
        let file = folder.appendingPathComponent(name)
        if isWriting { try text.write(to: file, atomically: true, encoding: .utf8) }
        let stored = try? String(contentsOf: file, encoding: .utf8)
        #expect(stored == text, "\(name) differs; look at it, then store it: \(command)")
    }
}

@Suite struct GoldenTests {
    @Test(arguments: ErrorPage.diagnostics) func diagnosticsAreRenderedSo(page: ErrorPage) throws {
        let found = diagnostics(of: try #require(page.wrongBytes))
        try Golden.compare("\(page.code).txt", TextRenderer().render(found))
        try Golden.compare("\(page.code).json", renderJSON(found) + "\n")
    }

    @Test(arguments: ErrorPage.failures) func failuresAreRenderedSo(page: ErrorPage) throws {
        guard let wrong = page.wrongBytes else { return }
        let wrongText = String(decoding: wrong, as: UTF8.self)
        if ErrorPage.isAssemblyCase(wrongText) {
            return try compareCase(page, wrongText, expected: " fails ", instead: " = 0")
        }
        let sources = MemorySources(["example.agon": wrongText], disk: library)
        let report = try TestRunner().run(file: "example.agon", from: sources).get()
        // What it costs is told elsewhere, and changes more often.
        let text = report.lines().joined(separator: "\n").replacing(/\s+\(\d+ gas\)/, with: "")
        try Golden.compare("\(page.code).txt", text + "\n")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let failure = report.results.compactMap(\.failure)
        try Golden.compare("\(page.code).json", String(decoding: try encoder.encode(failure), as: UTF8.self) + "\n")
    }

    @Test(arguments: ErrorPage.codings) func refusalsOfArtefactsAreRenderedSo(page: ErrorPage) throws {
        let wrong = String(decoding: try #require(page.wrongBytes), as: UTF8.self)
        try compareCase(page, wrong, expected: " refused ", instead: " refused V0000")
    }

    /// What is said of a case in assembly when something else was expected than comes.
    private func compareCase(_ page: ErrorPage, _ text: String, expected: String, instead: String) throws {
        let end = try #require(text.range(of: expected, options: .backwards))
        let complaints = try PageTests.complaints(String(text[..<end.lowerBound]) + instead)
        try Golden.compare("\(page.code).txt", complaints.map { $0 + "\n" }.joined())
        try Golden.compare(
            "\(page.code).json", try Golden.json(["code": page.code, "message": complaints.joined(separator: "\n")]))
    }

    @Test(arguments: ErrorPage.refusals) func refusalsOfTheVerifierAreRenderedSo(page: ErrorPage) throws {
        let wrong = String(decoding: try #require(page.wrongBytes), as: UTF8.self)
        let refused = try refusal(wrong)
        let error = try #require(refused)
        try Golden.compare("\(page.code).txt", "\(error)\n")
        var parts = ["code": error.code.rawValue, "message": error.message]
        parts["function"] = error.function.map(String.init)
        parts["word"] = error.word.map(String.init)
        try Golden.compare("\(page.code).json", try Golden.json(parts))
    }

    /// No rendering is left of a code that is gone.
    @Test func nothingIsLeftOver() throws {
        let pages = Set(ErrorPage.all.map(\.code))
        for name in try FileManager.default.contentsOfDirectory(atPath: Golden.folder.path) where name != "README.md" {
            #expect(pages.contains(name.prefix { $0 != "." }.description), "\(name) belongs to no code")
        }
    }
}
