import Bytecode
import Diagnostics
import Reference
import Semantics
import Syntax

/// A source that says by comments what it expects of compiler and machine.
///
/// `// expect: E0301` at the end of a line: the compiler reports just this code there. Without such comments the file
/// compiles and its tests pass, save those whose head carries `// expect: failure`. `// holds: E0301` marks a line of a
/// file that compiles as the right side of that code's rule.
public struct ConformanceCase: Sendable {
    public let path: String
    private let source: SourceFile
    private var codes: [Int: [String]] = [:]
    private var failingLines: Set<Int> = []
    /// Codes whose rule is kept, one for each line that says so.
    public private(set) var heldCodes: [String] = []
    /// Names after `expect failure`, as often as they stand there.
    public private(set) var failureNames: [String] = []
    /// Other `expect` statements.
    public private(set) var plainExpectationCount = 0

    /// Codes that are expected, as often as they are.
    public var expectedCodes: [String] { codes.sorted { $0.key < $1.key }.flatMap(\.value) }

    /// One for each expected diagnostic, `expect` statement, failing test and kept rule; a source without any asserts
    /// that it compiles.
    public var assertionCount: Int {
        guard codes.isEmpty else { return expectedCodes.count }
        return max(1, failureNames.count + plainExpectationCount + failingLines.count + heldCodes.count)
    }

    public init(_ source: SourceFile) {
        self.source = source
        path = source.path
        countExpectations()
        for line in 1...max(1, source.lineOffsets.count) {
            if let mark = source.lineText(line).range(of: "// holds: ") {
                heldCodes += source.lineText(line)[mark.upperBound...].split(separator: " ").map(String.init)
            }
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

    private mutating func countExpectations() {
        let tokens = tokenize(source, into: DiagnosticBag())
        for (index, token) in tokens.tokens.enumerated() where token.kind == .expectWord {
            let next = tokens.tokens[index + 1]
            guard tokens.text(next) == "failure" else {
                plainExpectationCount += 1
                continue
            }
            let name = tokens.tokens[min(index + 2, tokens.tokens.count - 1)]
            failureNames.append(name.kind.isName ? tokens.text(name) : "")
        }
    }

    /// The case for other implementations: the text and what is expected of it.
    public var export: JSONValue {
        .object([
            .init("path", .string(path)), .init("source", .string(source.text(Span(source, 0, source.bytes.count)))),
            .init(
                "diagnostics",
                .array(
                    codes.sorted { $0.key < $1.key }.flatMap { line, codes in
                        codes.map { .object([.init("line", .integer(line)), .init("code", .string($0))]) }
                    })),
            .init("failingTests", .array(failingLines.sorted().map { .integer($0) })),
        ])
    }

    /// What is not as expected; empty when all is well.
    public func run(provider: some SourceProvider) -> [String] {
        switch LargeStack.run({ CompiledProject.compile(paths: [path], from: provider) }) {
        case .failure(let failure): return compare(failure)
        case .success(let project):
            guard codes.isEmpty else { return ["\(path): errors are expected, but it compiles"] }
            var runner = TestRunner()
            runner.following = .all
            return LargeStack.run { [runner] in compare(runner.run(project, file: path)) }
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
