import Foundation
import Testing

/// The list in Documentation/modules.txt is the architecture: an edge that is not on it does not exist.
@Suite struct ModuleEdgesTests {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func allowedImports() throws -> [String: Set<String>] {
        let text = try String(contentsOf: root.appendingPathComponent("Documentation/modules.txt"), encoding: .utf8)
        var allowed: [String: Set<String>] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: ":", maxSplits: 1)
            allowed[String(parts[0])] = Set(parts[1].split(separator: " ").map(String.init))
        }
        return allowed
    }

    static func swiftFiles(under folder: URL) -> [URL] {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        return (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }
    }

    @Test func everyImportIsOnTheList() throws {
        let allowed = try Self.allowedImports()
        var checkedCount = 0
        for (module, imports) in allowed {
            for file in Self.swiftFiles(under: Self.root.appendingPathComponent("Sources/\(module)")) {
                for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
                    guard
                        let match = line.firstMatch(
                            of: /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:public\s+|internal\s+)?import\s+(?:\w+\s+)?(\w+)/)
                    else { continue }
                    checkedCount += 1
                    #expect(
                        imports.contains(String(match.1)), "\(file.lastPathComponent) of \(module) imports \(match.1)")
                }
            }
        }
        #expect(checkedCount > allowed.count)
    }

    @Test func everyModuleIsOnTheList() throws {
        let allowed = try Self.allowedImports()
        let sources = Self.root.appendingPathComponent("Sources")
        for folder in try FileManager.default.contentsOfDirectory(atPath: sources.path)
        where !folder.hasPrefix("C") || folder == "Crypto" {
            #expect(allowed[folder] != nil, "Sources/\(folder) is not in Documentation/modules.txt")
        }
    }

    @Test func packageDependenciesAreOnTheList() throws {
        let allowed = try Self.allowedImports()
        let manifest = try String(contentsOf: Self.root.appendingPathComponent("Package.swift"), encoding: .utf8)
        var seenCount = 0
        for match in manifest.matches(
            of: /(?:executableTarget|\.target)\(\s*name: "(\w+)",\s*dependencies: \[([^\]]*)\]/)
        {
            let module = String(match.1)
            guard let imports = allowed[module] else { continue }
            seenCount += 1
            let dependencies = match.2.matches(of: /"(\w+)"/).map { String($0.1) }
            for dependency in dependencies {
                #expect(imports.contains(dependency), "Package.swift lets \(module) depend on \(dependency)")
            }
        }
        #expect(seenCount >= 15, "the manifest was not understood")
    }

    /// No module may be reached from itself.
    @Test func theListHasNoCycle() throws {
        let allowed = try Self.allowedImports()
        var finished: Set<String> = []
        func visit(_ module: String, _ path: [String]) {
            if path.contains(module) { Issue.record("cycle: \(path + [module])") }
            guard !path.contains(module), !finished.contains(module) else { return }
            for next in allowed[module] ?? [] { visit(next, path + [module]) }
            finished.insert(module)
        }
        for module in allowed.keys { visit(module, []) }
    }
}
