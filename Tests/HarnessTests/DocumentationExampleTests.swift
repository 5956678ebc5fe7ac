import Foundation
import Harness
import Testing

/// Every example of the book and of the README that is marked as Agon is a whole file whose tests pass.
@Suite struct DocumentationExampleTests {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    struct Example: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        var testDescription: String { name }
    }

    static let examples: [Example] = {
        let documentation = root.appendingPathComponent("Documentation")
        var files = [root.appendingPathComponent("README.md")]
        let walk = FileManager.default.enumerator(at: documentation, includingPropertiesForKeys: nil)
        files += (walk?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "md" }
        var examples: [Example] = []
        for file in files.sorted(by: { $0.path < $1.path }) {
            guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
            for (index, match) in text.matches(of: /```agon\n(?<code>[\s\S]*?)```/).enumerated() {
                examples.append(
                    Example(name: "\(file.lastPathComponent)-\(index + 1).agon", text: String(match.output.code)))
            }
        }
        return examples
    }()

    @Test func thereAreExamples() {
        #expect(Self.examples.count >= 7)
    }

    @Test(arguments: examples) func passes(_ example: Example) throws {
        let result = TestRunner().run(file: example.name, from: MemorySources([example.name: example.text]))
        let report = try result.get()
        #expect(report.failedCount == 0, "\(report.lines().joined(separator: "\n"))")
        #expect(report.passedCount > 0)
    }
}
