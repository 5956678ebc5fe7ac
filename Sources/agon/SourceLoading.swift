import Bytecode
import Crypto
import Diagnostics
import Foundation
import Glibc
import Harness

/// A defect of ours: the user can do nothing about it. Exit code 2.
struct InternalError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// All source files at the given paths.
func sourcePaths(_ paths: [String]) throws -> [String] {
    var found: [String] = []
    for path in paths {
        guard FileManager.default.fileExists(atPath: path) else { throw UserError("C0103", "there is no `\(path)`") }
        let files = DiskSources.sourcePaths(at: path)
        guard !files.isEmpty else { throw UserError("C0104", "`\(path)` holds no .agon file") }
        found += files
    }
    return found
}

/// Prints diagnostics to standard error, coloured on a terminal unless NO_COLOR is set; more than `limit` are counted
/// only.
func report(_ diagnostics: [Diagnostic], limit: Int = 50) {
    guard !diagnostics.isEmpty else { return }
    let isPlain = ProcessInfo.processInfo.environment["NO_COLOR"] != nil || isatty(STDERR_FILENO) == 0
    note(DiagnosticDigest(diagnostics, limit: limit).text(TextRenderer(usesColour: !isPlain)))
}

/// Compiles the files at a path; diagnostics are printed.
func compile(_ path: String) throws -> CompiledProject {
    switch CompiledProject.compile(paths: try sourcePaths([path]), from: DiskSources()) {
    case .success(let project):
        report(project.warnings)
        return project
    case .failure(let failure):
        report(failure.diagnostics)
        if let text = failure.internalError { throw InternalError(text) }
        throw AlreadyReported()
    }
}

/// The contract of a source or of an artefact; `name` chooses where the source has several.
func loadModule(_ path: String, contract name: String?) throws -> Module {
    if path.hasSuffix(".agonc") {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw UserError("C0103", "there is no `\(path)`")
        }
        return try Module(decoding: Array(data))
    }
    let project = try compile(path)
    // Contracts of imported files come along; the ones meant are those of the files named.
    let files = Set(try sourcePaths([path]))
    let own = project.modules.indices.filter { files.contains(project.program.contracts[$0].span.file.path) }
    if let name {
        guard let index = project.modules.indices.first(where: { project.modules[$0].name == name }) else {
            throw UserError("C0105", "`\(path)` has no contract `\(name)`; it has: \(names(own, project))")
        }
        return project.modules[index]
    }
    guard !own.isEmpty else { throw UserError("C0106", "`\(path)` declares no contract") }
    guard own.count == 1 else {
        throw UserError(
            "C0106", "`\(path)` has \(own.count) contracts (\(names(own, project))); choose one with --contract")
    }
    return project.modules[own[0]]
}

private func names(_ indices: [Int], _ project: CompiledProject) -> String {
    indices.map { project.modules[$0].name }.joined(separator: ", ")
}

/// BLAKE2b-256 of an artefact's bytes.
func artefactHash(_ bytes: [UInt8]) -> String { Blake2b.hash(bytes).hex }

/// Runs the tests of every source file at the paths.
func runTests(_ paths: [String], _ runner: TestRunner) throws -> TestReport {
    var report = TestReport()
    var failed = false
    for path in try sourcePaths(paths) {
        switch runner.run(file: path, from: DiskSources()) {
        case .success(let part): report.append(part)
        case .failure(let failure):
            agon.report(failure.diagnostics)
            if let text = failure.internalError { throw InternalError(text) }
            failed = true
        }
    }
    if failed { throw AlreadyReported() }
    return report
}
