import Bytecode
import Crypto
import Diagnostics
import Foundation
import Semantics

/// What compiling and testing a source yields, as one hash: the artefacts' bytes and every consequence of its tests, or
/// the diagnostics. Machines, builds and processes agree on it, or something depends on where it runs.
public struct SourceDigest: Sendable {
    public let path: String
    public let digest: Bytes32
    public let testCount: Int

    public init(path: String, from provider: some SourceProvider, runner: TestRunner = TestRunner()) {
        self.path = path
        var transcript = Transcript()
        switch LargeStack.run({ CompiledProject.compile(paths: [path], from: provider) }) {
        case .failure(let failure):
            testCount = 0
            // A message may name files; where they lie is no consequence of what is in them.
            let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
            func withoutFolder(_ text: String) -> String {
                folder.isEmpty ? text : text.replacingOccurrences(of: folder, with: "")
            }
            for diagnostic in failure.diagnostics {
                transcript.add(Array("\(diagnostic.code.rawValue) \(withoutFolder(diagnostic.message))".utf8))
                for label in [diagnostic.primary] + diagnostic.secondary {
                    transcript.add(Array("\(label.span.start) \(label.span.end) \(withoutFolder(label.text))".utf8))
                }
            }
            if let text = failure.internalError { transcript.add(Array(text.utf8)) }
        case .success(let project):
            for module in project.modules { transcript.add((try? module.encoded()) ?? []) }
            let results = runner.run(project, file: path).results
            testCount = results.count
            for result in results {
                transcript.add(Array("\(result.name) \(result.passed) \(result.gasUsed) \(result.digest)".utf8))
            }
        }
        digest = transcript.digest
    }
}
