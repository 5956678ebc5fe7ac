import Foundation
import Testing

/// The form of the Swift sources: how wide their lines are and how long their files.
@Suite struct SourceFormTests {
    static let columnLimit = 120
    static let lineLimit = 500

    /// Files that are longer on purpose.
    static let longFiles = [
        "Sources/Machine/Interpreter.swift": "one loop over one switch: the registers it keeps live in one function"
    ]

    /// All that the package is built from, by path from its root.
    static func sources() throws -> [(path: String, text: String)] {
        let root = ModuleEdgesTests.root
        let folders = ["Sources", "Tests"].map { root.appendingPathComponent($0) }
        let files = folders.flatMap { ModuleEdgesTests.swiftFiles(under: $0) }
        return try (files + [root.appendingPathComponent("Package.swift")]).map { file in
            let path = file.path.dropFirst(root.path.count).drop { $0 == "/" }
            return (String(path), try String(contentsOf: file, encoding: .utf8))
        }
    }

    /// Numbers of the lines that are too wide, counted from 1.
    static func wideLines(of text: String) -> [Int] {
        text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated()
            .filter { $0.element.count > columnLimit && Substring($0.element).count > columnLimit }
            .map { $0.offset + 1 }
    }

    static func isLong(_ text: String) -> Bool { text.utf8.count { $0 == 0x0A } > lineLimit }

    @Test("No line is wider than 120 columns, counted in characters")
    func lines() throws {
        let sources = try Self.sources()
        #expect(sources.count > 400)
        for (path, text) in sources {
            for line in Self.wideLines(of: text) { Issue.record("\(path):\(line) is too wide") }
        }
    }

    @Test("No file is longer than 500 lines, but those that say why")
    func files() throws {
        for (path, text) in try Self.sources() {
            #expect(
                Self.isLong(text) == (Self.longFiles[path] != nil),
                "\(path): split it by what it holds, or take it off the list")
        }
    }

    @Test("What is planted is found, and what just fits is not")
    func planted() {
        let fits = String(repeating: "é", count: Self.columnLimit)
        #expect(Self.wideLines(of: "a\n\(fits)\n") == [])
        #expect(Self.wideLines(of: "a\n\(fits)é\nb") == [2])
        let lines = String(repeating: "a\n", count: Self.lineLimit)
        #expect(!Self.isLong(lines))
        #expect(Self.isLong(lines + "a\n"))
    }
}
