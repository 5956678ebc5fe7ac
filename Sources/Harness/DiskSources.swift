import Diagnostics
import Foundation
import Semantics

/// Sources from the disk; paths that begin with `stdlib/` come from the standard library's folder.
public struct DiskSources: SourceProvider, Sendable {
    /// The folder that holds the standard library's files; nil when it was not found.
    public let standardLibrary: String?
    /// Larger files are cut after this many bytes; the lexer refuses them.
    private static let readLimitBytes = 10_000_001

    public init(standardLibrary: String? = DiskSources.findStandardLibrary()) {
        self.standardLibrary = standardLibrary
    }

    public func read(_ path: String) -> SourceFile? {
        if path.hasPrefix("stdlib/"), let standardLibrary,
            let file = Self.file(standardLibrary + "/" + path.dropFirst("stdlib/".count), shownAs: path)
        {
            return file
        }
        return Self.file(path, shownAs: path)
    }

    public func neighbours(of path: String) -> [String] {
        let folder = path.split(separator: "/").dropLast().joined(separator: "/")
        let place: String
        if path.hasPrefix("stdlib/"), let standardLibrary {
            place = standardLibrary + folder.dropFirst("stdlib".count)
        } else {
            place = (path.hasPrefix("/") ? "/" : "") + (folder.isEmpty ? "." : folder)
        }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        return names.filter { $0.hasSuffix(".agon") }.sorted()
    }

    private static func file(_ path: String, shownAs name: String) -> SourceFile? {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory.boolValue,
            let handle = FileHandle(forReadingAtPath: path)
        else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: readLimitBytes) ?? Data() else { return nil }
        return SourceFile(path: name, bytes: Array(data))
    }

    /// `AGON_STDLIB`, else a folder `stdlib` beside the running program or above it, or above the working directory.
    public static func findStandardLibrary() -> String? {
        if let chosen = ProcessInfo.processInfo.environment["AGON_STDLIB"], isLibrary(chosen) { return chosen }
        let program = URL(fileURLWithPath: CommandLine.arguments.first ?? ".").resolvingSymlinksInPath()
        let starts = [program.deletingLastPathComponent().path, FileManager.default.currentDirectoryPath]
        for start in starts {
            var folder = URL(fileURLWithPath: start)
            // The path is finite; the root is its own parent.
            for _ in 0..<32 {
                let candidate = folder.appendingPathComponent("stdlib").path
                if isLibrary(candidate) { return candidate }
                folder = folder.deletingLastPathComponent()
            }
        }
        return nil
    }

    private static func isLibrary(_ folder: String) -> Bool {
        FileManager.default.fileExists(atPath: folder + "/reward_rule.agon")
    }

    /// Files that are wrong on purpose lie in folders of this name; a search of a folder above them leaves them out.
    public static let wrongFolderName = "wrong"

    /// The `.agon` files at a path: itself, or all beneath a folder in order of their paths, save in hidden folders and
    /// in those named `wrong`.
    public static func sourcePaths(at path: String) -> [String] {
        var isDirectory: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else { return [] }
        guard isDirectory.boolValue else { return [ImportPath.normalised(path)] }
        guard let walk = FileManager.default.enumerator(atPath: path) else { return [] }
        var paths: [String] = []
        for case let name as String in walk where name.hasSuffix(".agon") {
            guard !name.split(separator: "/").contains(where: { $0.hasPrefix(".") || $0 == wrongFolderName }) else {
                continue
            }
            paths.append(ImportPath.normalised(path + "/" + name))
        }
        return paths.sorted()
    }
}

/// Sources held in memory, for tests and generated programs; the standard library comes from the disk.
public struct MemorySources: SourceProvider, Sendable {
    public var files: [String: SourceFile]
    private let disk: DiskSources

    public init(_ texts: [String: String], disk: DiskSources = DiskSources()) {
        files = [:]
        for (path, text) in texts { files[path] = SourceFile(path: path, text: text) }
        self.disk = disk
    }

    public func read(_ path: String) -> SourceFile? {
        files[path] ?? (path.hasPrefix("stdlib/") ? disk.read(path) : nil)
    }

    public func neighbours(of path: String) -> [String] {
        path.hasPrefix("stdlib/") ? disk.neighbours(of: path) : files.keys.sorted()
    }
}
