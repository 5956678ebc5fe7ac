import Diagnostics
import Reference
import Semantics

/// A source that says by comments what it expects of compiler and machine.
///
/// `// expect: E0301` at the end of a line: the compiler reports just this code there. Without such comments the file
/// compiles and its tests pass, save those whose head carries `// expect: failure`.
public struct ConformanceCase: Sendable {
    public let path: String
    private let source: SourceFile
    private var codes: [Int: [String]] = [:]
    private var failingLines: Set<Int> = []

    public init(_ source: SourceFile) {
        self.source = source
        path = source.path
        for line in 1...max(1, source.lineOffsets.count) {
            guard let mark = source.lineText(line).range(of: "// expect: ") else { continue }
            for word in source.lineText(line)[mark.upperBound...].split(separator: " ") {
                if word == "failure" {
                    failingLines.insert(line)
                } else {
                    codes[line, default: []].append(String(word))
                }
            }
        }
    }

    /// What is not as expected; empty when all is well.
    public func run(provider: some SourceProvider) -> [String] {
        switch LargeStack.run({ CompiledProject.compile(paths: [path], from: provider) }) {
        case .failure(let failure): return compare(failure)
        case .success(let project):
            guard codes.isEmpty else { return ["\(path): errors are expected, but it compiles"] }
            return LargeStack.run { compare(TestRunner().run(project, file: path)) }
        }
    }

    private func compare(_ failure: CompileFailure) -> [String] {
        if let internalError = failure.internalError { return ["\(path): \(internalError)"] }
        var complaints: [String] = []
        var found: [Int: [String]] = [:]
        for diagnostic in failure.diagnostics where diagnostic.severity == .error {
            let line = diagnostic.primary.span.file.position(of: diagnostic.primary.span.start).line
            found[line, default: []].append(diagnostic.code.rawValue)
            if codes[line]?.contains(diagnostic.code.rawValue) != true {
                complaints.append("\(path):\(line): unexpected \(diagnostic.code.rawValue): \(diagnostic.message)")
            }
        }
        for (line, wanted) in codes.sorted(by: { $0.key < $1.key }) {
            for code in wanted where found[line]?.contains(code) != true {
                complaints.append("\(path):\(line): \(code) is expected")
            }
        }
        return complaints
    }

    private func compare(_ report: TestReport) -> [String] {
        report.results.compactMap { result in
            if failingLines.contains(result.line) {
                return result.passed ? "\(path):\(result.line): the test \(result.name) should fail" : nil
            }
            guard let failure = result.failure else { return nil }
            return (["\(path):\(result.line): \(result.name)"] + failure.lines).joined(separator: "\n    ")
        }
    }
}
