import Bytecode
import Diagnostics
import Foundation
import Semantics
import Verifier

import class Machine.Machine

/// The conformance suite: sources and assembly cases in a folder, what came of them, and what they leave uncovered.
public struct ConformanceSuite: Sendable {
    /// Assembly cases end so.
    public static let bytecodeSuffix = ".agasm"

    public struct Folder: Sendable, Codable {
        public var name: String
        public var files: Int
        public var assertions: Int
    }

    public struct Report: Sendable {
        public var folders: [Folder] = []
        public var complaints: [String] = []
        /// Rules, instructions and errors without a case on both sides.
        public var gaps: [String] = []
        public var fileCount: Int { folders.reduce(0) { $0 + $1.files } }
        public var assertionCount: Int { folders.reduce(0) { $0 + $1.assertions } }
    }

    /// Built-in errors that no artefact and no source can bring about; the tests of the machine falsify its books to
    /// see them.
    public static let unreachable: Set<BuiltinFailure> = [.conservationViolated, .booksUnbalanced]

    /// Too large to be stored: a source of more than 10,000,000 bytes; the test of the command makes one. A warning:
    /// those do not count.
    static let unstored: Set<DiagnosticCode> = [.sourceTooLarge, .elementGasTooSmall, .quotientAsComment]

    public let root: String
    public let sourcePaths: [String]
    public let bytecodePaths: [String]

    public init(root: String) {
        self.root = root
        sourcePaths = root.hasSuffix(Self.bytecodeSuffix) ? [] : DiskSources.sourcePaths(at: root)
        bytecodePaths = Self.files(beneath: root, suffix: Self.bytecodeSuffix)
    }

    private static func files(beneath root: String, suffix: String) -> [String] {
        if root.hasSuffix(suffix) { return [root] }
        guard let walk = FileManager.default.enumerator(atPath: root) else { return [] }
        return walk.compactMap { $0 as? String }.filter { $0.hasSuffix(suffix) }.map { root + "/" + $0 }.sorted()
    }

    public static func bytecodeCases(_ path: String) -> BytecodeCaseFile? {
        guard let text = text(path) else { return nil }
        let folder = (path as NSString).deletingLastPathComponent
        return BytecodeCaseFile(path: path, text: text) { Self.text(folder + "/" + $0) }
    }

    private static func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }

    /// - Parameters:
    ///   - runsSources: false: sources are read and counted only; their tests are what takes time.
    ///   - onExport: told of each file's path and its cases.
    public func run(
        provider: some SourceProvider, runsSources: Bool = true, onExport: ((String, JSONValue) -> Void)? = nil
    ) -> Report {
        var report = Report()
        var coverage = ConformanceCoverage()
        var folders: [String: Folder] = [:]
        func count(_ path: String, _ assertions: Int) {
            let name = path == root ? "." : relative((path as NSString).deletingLastPathComponent)
            folders[name, default: Folder(name: name, files: 0, assertions: 0)].files += 1
            folders[name]?.assertions += assertions
        }
        for path in sourcePaths {
            guard let source = provider.read(path) else {
                report.complaints.append("\(path): cannot be read")
                continue
            }
            let content = ConformanceCase(source)
            if runsSources { report.complaints += content.run(provider: provider) }
            coverage.add(content)
            count(path, content.assertionCount)
            onExport?(relative(path), content.export)
        }
        if let machine = Machine() {
            for path in bytecodePaths {
                guard let file = Self.bytecodeCases(path) else {
                    report.complaints.append("\(path): cannot be read")
                    continue
                }
                let result = file.run(on: machine)
                report.complaints += result.complaints
                coverage.add(result, path: path)
                count(path, file.assertionCount)
                onExport?(relative(path), .object([.init("cases", .array(result.export))]))
            }
        } else {
            report.complaints.append("the system has no memory for a machine")
        }
        report.folders = folders.values.sorted { $0.name < $1.name }
        report.gaps = coverage.gaps
        return report
    }

    private func relative(_ path: String) -> String {
        if path.hasPrefix(root + "/") { return String(path.dropFirst(root.count + 1)) }
        return path == root ? (path as NSString).lastPathComponent : path
    }
}

/// Which codes, instructions and errors the cases show from both sides.
struct ConformanceCoverage {
    private var expectedCodes: Set<String> = []
    private var heldCodes: Set<String> = []
    private var executed: Set<UInt8> = []
    private var refused: Set<UInt8> = []
    /// Codes of the verifier and the decoder in files that also hold something accepted.
    private var refusalCodes: Set<String> = []
    /// Built-in errors in files that also hold an expectation of success.
    private var failures: Set<String> = []

    mutating func add(_ content: ConformanceCase) {
        expectedCodes.formUnion(content.expectedCodes)
        heldCodes.formUnion(content.heldCodes)
        if content.plainExpectationCount > 0 { failures.formUnion(content.failureNames) }
    }

    mutating func add(_ result: BytecodeCaseResult, path: String) {
        executed.formUnion(result.executed)
        refused.formUnion(result.refused)
        guard result.hasAccepted else { return }
        refusalCodes.formUnion(result.refusalCodes)
        failures.formUnion(result.failures)
    }

    var gaps: [String] {
        var gaps: [String] = []
        for code in DiagnosticCode.allCases where !ConformanceSuite.unstored.contains(code) {
            if !expectedCodes.contains(code.rawValue) { gaps.append("\(code.rawValue): no case expects it") }
            if !heldCodes.contains(code.rawValue) { gaps.append("\(code.rawValue): no case keeps its rule") }
        }
        for opcode in Opcode.allCases {
            if !executed.contains(opcode.rawValue) { gaps.append("\(opcode): no case runs it") }
            if !refused.contains(opcode.rawValue) { gaps.append("\(opcode): no case has it refused or failing") }
        }
        for code in VerificationError.Code.allCases.map(\.rawValue) where !refusalCodes.contains(code) {
            gaps.append("\(code): no file has it beside a module that is accepted")
        }
        for failure in BuiltinFailure.allCases
        where !ConformanceSuite.unreachable.contains(failure) && !failures.contains(failure.name) {
            gaps.append("\(failure.name): no file has it beside a success")
        }
        return gaps
    }
}
