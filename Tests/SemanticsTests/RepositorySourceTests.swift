import Diagnostics
import Foundation
import Semantics
import Syntax
import Testing

/// Sources of this repository, read from its root; `stdlib/…` lies there too.
struct RepositoryFiles: SourceProvider {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    func read(_ path: String) -> SourceFile? {
        guard let data = try? Data(contentsOf: root.appendingPathComponent(path)) else { return nil }
        return SourceFile(path: path, bytes: Array(data))
    }

    func paths(under folder: String) -> [String] {
        let files = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
        return (files?.allObjects as? [String] ?? [])
            .filter { $0.hasSuffix(".agon") && !$0.contains("wrong/") }.map { "\(folder)/\($0)" }
            .sorted()
    }
}

@Suite struct RepositorySourceTests {
    @Test(arguments: RepositoryFiles().paths(under: "stdlib") + RepositoryFiles().paths(under: "contracts"))
    func checks(path: String) {
        let bag = DiagnosticBag()
        let sources = loadProgram(entryPaths: [path], provider: RepositoryFiles(), into: bag)
        let program = check(sources, into: bag)
        #expect(program != nil, "\(Outcome(program: nil, diagnostics: bag.sorted).rendered)")
    }
}
