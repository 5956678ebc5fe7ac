import Diagnostics
import Syntax

/// Where sources come from: a disk, an editor's buffers, a test's dictionary.
public protocol SourceProvider {
    /// The file at a normalised path (relative to wherever the entry paths are, or `stdlib/…`); nil when there is none.
    func read(_ path: String) -> SourceFile?
    /// Paths of sources that stand in the same folder as a path, for suggestions.
    func neighbours(of path: String) -> [String]
}

extension SourceProvider {
    public func neighbours(of path: String) -> [String] { [] }
}

/// Parsed files and which of them each one imports.
public struct SourceProgram: Sendable {
    public var files: [FileSyntax]
    /// For each file the indices of the files it imports.
    public var imports: [[Int]]

    public init(files: [FileSyntax], imports: [[Int]]) {
        self.files = files
        self.imports = imports
    }

    /// Matches imports to the given files by path.
    public init(files: [FileSyntax], into bag: DiagnosticBag) {
        self.files = files
        var indices: [String: Int] = [:]
        for (index, file) in files.enumerated() { indices[ImportPath.normalised(file.source.path)] = index }
        imports = files.map { file in
            file.imports.compactMap { item in
                let path = ImportPath.resolved(item.path, from: ImportPath.normalised(file.source.path))
                if let index = indices[path] { return index }
                reportMissing(item, path, [], bag)
                return nil
            }
        }
        reportCycles(self, into: bag)
    }
}

/// Reads the files at the entry paths and all that they import, each once. What cannot be found or read is reported.
public func loadProgram(entryPaths: [String], provider: some SourceProvider, into bag: DiagnosticBag) -> SourceProgram {
    var program = SourceProgram(files: [], imports: [])
    var paths: [String] = []
    var indices: [String: Int] = [:]

    func load(_ path: String) -> Int? {
        if let index = indices[path] { return index }
        guard let source = provider.read(path) else { return nil }
        let index = program.files.count
        indices[path] = index
        paths.append(path)
        program.files.append(parse(source, into: bag))
        program.imports.append([])
        return index
    }

    for entry in entryPaths {
        let path = ImportPath.normalised(entry)
        if load(path) == nil {
            let source = SourceFile(path: entry, bytes: [])
            bag.report(Diagnostic(.importNotFound, "cannot read \(entry)", at: Span(source, 0, 0)))
        }
    }
    // Loading appends, so that walking on by index visits every file once.
    var next = 0
    while next < program.files.count {
        for item in program.files[next].imports {
            let path = ImportPath.resolved(item.path, from: paths[next])
            if let index = load(path) {
                program.imports[next].append(index)
            } else {
                reportMissing(item, path, provider.neighbours(of: path), bag)
            }
        }
        next += 1
    }
    reportCycles(program, into: bag)
    return program
}

private func reportMissing(_ item: ImportSyntax, _ path: String, _ neighbours: [String], _ bag: DiagnosticBag) {
    func fileName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
    let near = didYouMean(fileName(path), among: neighbours.map { fileName($0) })
    let text = item.span.text
    var fixIt: FixIt?
    // The path as it is written, with its last part put right.
    if let near, let quote = text.firstIndex(of: "\""), item.path.hasSuffix(fileName(path)) {
        let start = item.span.start + text[..<quote].utf8.count
        fixIt = FixIt(
            Span(item.span.file, start, item.span.end), "\"\(item.path.dropLast(fileName(path).count))\(near)\"")
    }
    bag.report(
        Diagnostic(
            .importNotFound, "cannot find \(path)", at: item.span, label: "imported here",
            hint: near.map { "did you mean \($0)?" }
                ?? (path.hasPrefix("stdlib/") && neighbours.isEmpty
                    ? "the standard library was not found: set AGON_STDLIB to its folder"
                    : "a path is relative to the importing file, or begins with stdlib/"),
            fixIt: fixIt))
}

/// Files that remain when those without open imports are taken away again and again form cycles.
private func reportCycles(_ program: SourceProgram, into bag: DiagnosticBag) {
    var open = program.imports.map(\.count)
    var importers: [[Int]] = Array(repeating: [], count: program.files.count)
    for (index, imports) in program.imports.enumerated() {
        for imported in imports { importers[imported].append(index) }
    }
    var ready = open.indices.filter { open[$0] == 0 }
    while let index = ready.popLast() {
        for importer in importers[index] {
            open[importer] -= 1
            if open[importer] == 0 { ready.append(importer) }
        }
    }
    guard let start = open.indices.first(where: { open[$0] > 0 }) else { return }
    var path: [Int] = []
    var current = start
    while !path.contains(current) {
        path.append(current)
        current = program.imports[current].first { open[$0] > 0 } ?? current
    }
    let cycle = Array(path[(path.firstIndex(of: current) ?? 0)...]) + [current]
    let names = cycle.map { program.files[$0].source.path }.joined(separator: " → ")
    let span = program.files[current].imports.first?.span ?? Span(program.files[current].source, 0, 0)
    bag.report(
        Diagnostic(
            .importCycle, "imports form a cycle: \(names)", at: span,
            hint: "move what both files need into a third one"))
}

/// Paths of source files as programs name them.
public enum ImportPath {
    /// Without `.` and `..` steps and doubled slashes.
    public static func normalised(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/", omittingEmptySubsequences: true) where part != "." {
            if part == "..", let last = parts.last, last != ".." {
                parts.removeLast()
            } else {
                parts.append(part)
            }
        }
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }

    /// What artefacts call the file at `path` in a contract that the file at `contractPath` declares: its path from
    /// that file's folder, and what lies in the standard library as it is imported. Neither the place of the sources
    /// nor that where the compiler was called is in it.
    public static func name(of path: String, inContractAt contractPath: String) -> String {
        let parts = normalised(path).split(separator: "/")
        let contractParts = normalised(contractPath).split(separator: "/")
        if parts == contractParts, let name = parts.last { return String(name) }
        guard parts.first != "stdlib" || path.hasPrefix("/") else { return parts.joined(separator: "/") }
        let folder = contractParts.dropLast()
        let shared = zip(parts, folder).prefix { $0 == $1 }.count
        let ascents = [Substring](repeating: "..", count: folder.count - shared)
        return (ascents + parts[shared...]).joined(separator: "/")
    }

    static func resolved(_ path: String, from importer: String) -> String {
        var path = path
        if !path.hasSuffix(".agon") { path += ".agon" }
        if path.hasPrefix("stdlib/") || path.hasPrefix("/") { return normalised(path) }
        let directory = importer.lastIndex(of: "/").map { String(importer[...$0]) } ?? ""
        return normalised(directory + path)
    }
}
