import Diagnostics
import Foundation
import Harness
import Testing

/// One failure that cost real money, told twice: wrong, with the lock that catches it, and right.
private struct Exhibit: CustomTestStringConvertible, Sendable {
    enum Lock: String, CaseIterable { case compiler, machine, property }

    let name: String
    let lock: Lock?
    let wrong: SourceFile
    var wrongText: String { String(decoding: wrong.bytes, as: UTF8.self) }
    var rightPath: String { RepositoryPaths.root + "/contracts/museum/right/\(name).agon" }
    var goldenPath: String { RepositoryPaths.root + "/Tests/Fixtures/museum/\(name).txt" }
    var testDescription: String { name }

    static let all = RepositoryPaths.sourcePaths("contracts/museum/wrong").compactMap { path -> Exhibit? in
        guard let file = RepositoryPaths.sources.read(path) else { return nil }
        let shown = SourceFile(path: "wrong/" + URL(fileURLWithPath: path).lastPathComponent, bytes: file.bytes)
        let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        return Exhibit(name: name, lock: Lock(firstLine: shown.lineText(1)), wrong: shown)
    }
}

extension Exhibit.Lock {
    fileprivate init?(firstLine: String) {
        guard firstLine.hasPrefix("// lock: ") else { return nil }
        self.init(rawValue: String(firstLine.dropFirst("// lock: ".count)))
    }
}

@Suite("The museum") struct MuseumTests {
    @Test("There are at least fifteen exhibits, of all three kinds")
    func size() {
        #expect(Exhibit.all.count >= 15)
        #expect(Set(Exhibit.all.map(\.lock)) == Set(Exhibit.Lock.allCases))
    }

    @Test("The wrong version is caught by its lock", arguments: Exhibit.all)
    fileprivate func wrong(exhibit: Exhibit) throws {
        let sources = MemorySources([exhibit.wrong.path: exhibit.wrongText], disk: RepositoryPaths.sources)
        let complaints = ConformanceCase(exhibit.wrong).run(provider: sources)
        #expect(complaints.isEmpty, "\(complaints.joined(separator: "\n"))")
        let outcome = LargeStack.run { CompiledProject.compile(paths: [exhibit.wrong.path], from: sources) }
        switch (exhibit.lock, outcome) {
        case (.compiler, .failure(let failure)):
            try compare(TextRenderer().render(failure.diagnostics), with: exhibit.goldenPath)
        case (.machine, .success(let project)):
            let report = TestRunner().run(project, file: exhibit.wrong.path)
            #expect(!report.results.isEmpty && report.failedCount == 0, "the machine stops it, and a test says so")
            #expect(exhibit.wrongText.contains("expect failure "))
        case (.property, .success(let project)):
            let report = TestRunner().run(project, file: exhibit.wrong.path)
            #expect(report.failedCount == 1, "one named property finds it")
        default:
            Issue.record("\(exhibit.name) is not caught by the lock that it names")
        }
    }

    @Test("The right version passes, under the same property", arguments: Exhibit.all)
    fileprivate func right(exhibit: Exhibit) throws {
        let report = try TestRunner().run(file: exhibit.rightPath, from: RepositoryPaths.sources).get()
        #expect(!report.results.isEmpty)
        #expect(report.failedCount == 0, "\(report.lines(verbose: false).joined(separator: "\n"))")
        if exhibit.lock == .property {
            let failing = try #require(propertyName(exhibit.wrongText))
            #expect(report.results.contains { $0.name == failing && $0.passed })
        }
    }

    @Test("The documentation's table says which lock catches which")
    func table() throws {
        let page = try String(contentsOfFile: RepositoryPaths.root + "/Documentation/museum.md", encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `") }
        #expect(rows.count == Exhibit.all.count)
        for exhibit in Exhibit.all {
            let row = try #require(rows.first { $0.hasPrefix("| `\(exhibit.name)`") }, "\(exhibit.name) has no row")
            let lock = try #require(exhibit.lock).rawValue
            #expect(row.contains("| \(lock)"), "\(exhibit.name) is caught by the \(lock)")
        }
    }

    /// The name of the property or test that must fail.
    private func propertyName(_ text: String) -> String? {
        text.split(separator: "\n").first { $0.contains("// expect: failure") }?
            .split(separator: "\"", maxSplits: 2).dropFirst().first.map(String.init)
    }

    /// With AGON_UPDATE_GOLDENS set the file is written instead.
    private func compare(_ text: String, with path: String) throws {
        if ProcessInfo.processInfo.environment["AGON_UPDATE_GOLDENS"] != nil {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
    }
}
