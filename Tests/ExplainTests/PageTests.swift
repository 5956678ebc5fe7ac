import Bytecode
import Diagnostics
import Foundation
import Harness
import Testing
import Verifier

import class Machine.Machine

@testable import Explain

let repositoryRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

let library = DiskSources(standardLibrary: repositoryRoot.appendingPathComponent("stdlib").path)

extension ErrorPage: CustomTestStringConvertible {
    public var testDescription: String { code }

    static let diagnostics = all.filter { DiagnosticCode(rawValue: $0.code) != nil }
    static let failures = all.filter { BuiltinFailure(name: $0.code) != nil }
    static let refusals = all.filter { VerificationError.Code(rawValue: $0.code) != nil }
    /// Of artefacts and of assembler text.
    static let codings = all.filter { $0.code.hasPrefix("B0") && $0.wrong != nil }

    var wrongBytes: [UInt8]? {
        switch wrong {
        case .source(let text): Array(text.utf8)
        case .described(_, let bytes): bytes()
        case nil: nil
        }
    }
}

/// Why the verifier refuses a module that is given as assembler text; nil when it does not.
func refusal(_ text: String) throws -> VerificationError? {
    if case .failure(let error) = verify(try Assembler.module(text, name: "Example")) { return error }
    return nil
}

/// All diagnostics of one file named example.agon.
func diagnostics(of bytes: [UInt8]) -> [Diagnostic] {
    var sources = MemorySources([:], disk: library)
    sources.files["example.agon"] = SourceFile(path: "example.agon", bytes: bytes)
    switch CompiledProject.compile(paths: ["example.agon"], from: sources) {
    case .success(let project): return project.warnings
    case .failure(let failure): return failure.diagnostics
    }
}

@Suite struct PageTests {
    /// Codes stand in the sources as literals; each has a page, and no page explains what nothing says.
    @Test func everyCodeHasAPage() throws {
        var found: Set<String> = []
        let sources = repositoryRoot.appendingPathComponent("Sources")
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        for case let file as URL in files ?? .init()
        where file.pathExtension == "swift" && !file.path.contains("/Explain/") {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /"([A-Z]\d{4})"/) { found.insert(String(match.1)) }
            guard file.path.contains("/Ledger/") || file.path.contains("/Node/") || file.path.contains("/Crypto/")
            else { continue }
            for match in text.matches(of: /case [.\w, ]+: "([a-z]+\.[a-z-]+)"/) { found.insert(String(match.1)) }
            for match in text.matches(of: /public static let \w+ = "([A-Z]\w+)"/) { found.insert(String(match.1)) }
        }
        found.formUnion(BuiltinFailure.allCases.map(\.name))
        let pages = Set(ErrorPage.all.map(\.code))
        #expect(found.subtracting(pages).sorted() == [])
        #expect(pages.subtracting(found).sorted() == [])
        #expect(pages.count == ErrorPage.all.count, "a code has two pages")
        #expect(found.isSuperset(of: DiagnosticCode.allCases.map(\.rawValue)))
    }

    @Test(arguments: ErrorPage.all) func isWritten(page: ErrorPage) {
        #expect(!page.title.isEmpty && !page.title.hasSuffix("."))
        #expect(page.text.hasSuffix(".") || page.text.hasSuffix("?"))
        #expect((page.wrong == nil) == (page.right == nil))
        #expect(page.text(columnCount: 88).split(separator: "\n").first == "\(page.code): \(page.title)")
    }

    @Test(arguments: ErrorPage.diagnostics) func wrongHasThisCodeAlone(page: ErrorPage) throws {
        let found = diagnostics(of: try #require(page.wrongBytes))
        #expect(Set(found.map(\.code.rawValue)) == [page.code], "\(TextRenderer().render(found))")
    }

    @Test(arguments: ErrorPage.diagnostics) func rightIsClean(page: ErrorPage) throws {
        let found = diagnostics(of: Array(try #require(page.right).utf8))
        #expect(found.isEmpty, "\(TextRenderer().render(found))")
    }

    /// Nothing reaches these but a machine whose books were falsified, as its own tests do.
    static let withoutExample = Set(ConformanceSuite.unreachable.map(\.name))

    /// What a case in assembly does otherwise than it says.
    static func complaints(_ text: String) throws -> [String] {
        let file = BytecodeCaseFile(path: "example.agasm", text: text) { _ in nil }
        return file.run(on: try #require(Machine())).complaints
    }

    @Test(arguments: ErrorPage.failures) func theExampleFailsSo(page: ErrorPage) throws {
        guard let wrong = page.wrongBytes, let right = page.right else {
            #expect(Self.withoutExample.contains(page.code), "no example")
            return
        }
        let wrongText = String(decoding: wrong, as: UTF8.self)
        if ErrorPage.isAssemblyCase(wrongText) {
            #expect(try Self.complaints(wrongText) == [])
            #expect(wrongText.hasSuffix(" fails \(page.code)"))
            #expect(try Self.complaints(right) == [])
            return
        }
        func failures(_ text: String) throws -> [String] {
            let sources = MemorySources(["example.agon": text], disk: library)
            let report = try TestRunner().run(file: "example.agon", from: sources).get()
            #expect(report.results.count == 1)
            return report.results.compactMap { $0.failure?.error }
        }
        #expect(try failures(wrongText) == [page.code])
        #expect(try failures(right) == [])
    }

    @Test(arguments: ErrorPage.refusals) func theVerifierSaysSo(page: ErrorPage) throws {
        let wrong = String(decoding: try #require(page.wrongBytes), as: UTF8.self)
        #expect(try refusal(wrong)?.code.rawValue == page.code)
        let right = try #require(page.right)
        #expect(try refusal(right) == nil)
    }

    @Test(arguments: ErrorPage.codings) func theDecoderSaysSo(page: ErrorPage) throws {
        let wrong = String(decoding: try #require(page.wrongBytes), as: UTF8.self)
        let right = try #require(page.right)
        #expect(try Self.complaints(wrong) == [])
        #expect(wrong.hasSuffix(" refused \(page.code)"))
        #expect(try Self.complaints(right) == [])
    }

    /// The command's tests run them.
    @Test func commandsAreListed() {
        let lines = ErrorPage.commands().split(separator: "\n")
        #expect(lines.count >= 50 && lines.count % 2 == 0)
        for line in lines {
            let parts = line.split(separator: "\t")
            #expect(
                parts.count == 3 && ErrorPage.page(String(parts[0])) != nil && ["wrong", "right"].contains(parts[1]))
        }
    }

    @Test func theDocumentIsTheTable() throws {
        let file = repositoryRoot.appendingPathComponent("Documentation/errors.md")
        if Golden.isWriting { try ErrorPage.markdown().write(to: file, atomically: true, encoding: .utf8) }
        #expect(
            try String(contentsOf: file, encoding: .utf8) == ErrorPage.markdown(), "make it again: \(Golden.command)")
    }

    @Test func pagesAreFound() {
        #expect(ErrorPage.page("e0401")?.title == "A quotient that nobody rounded")
        #expect(ErrorPage.page("overflow")?.code == "Overflow")
        #expect(ErrorPage.page("E9999") == nil)
        #expect(ErrorPage.list().contains("E0502"))
    }
}
