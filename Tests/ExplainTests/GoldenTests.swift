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
        let sources = MemorySources(["example.agon": String(decoding: wrong, as: UTF8.self)], disk: library)
        let report = try TestRunner().run(file: "example.agon", from: sources).get()
        // What it costs is told elsewhere, and changes more often.
        let text = report.lines().joined(separator: "\n").replacing(/\s+\(\d+ gas\)/, with: "")
        try Golden.compare("\(page.code).txt", text + "\n")
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let failure = report.results.compactMap(\.failure)
        try Golden.compare("\(page.code).json", String(decoding: try encoder.encode(failure), as: UTF8.self) + "\n")
    }

    /// No rendering is left of a code that is gone.
    @Test func nothingIsLeftOver() throws {
        let pages = Set(ErrorPage.all.map(\.code))
        for name in try FileManager.default.contentsOfDirectory(atPath: Golden.folder.path) where name != "README.md" {
            #expect(pages.contains(name.prefix { $0 != "." }.description), "\(name) belongs to no code")
        }
    }
}
