import Bytecode
import Foundation
import Harness
import Season
import Testing

/// The contracts of a season, compiled from the repository's sources.
enum SeasonSources {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
    static let contracts = root.appendingPathComponent("contracts/arena")
    static let data = contracts.appendingPathComponent("data")

    /// The module of one contract of a source file.
    static func module(_ file: URL, _ name: String) throws -> Module {
        let sources = DiskSources(standardLibrary: root.appendingPathComponent("stdlib").path)
        let project = try LargeStack.run { CompiledProject.compile(paths: [file.path], from: sources) }.get()
        return project.modules[try #require(project.contract(named: name))]
    }

    static func season(rule file: URL? = nil, _ name: String = "GeometricRanking") throws -> SeasonContracts {
        try SeasonContracts(
            token: module(contracts.appendingPathComponent("token.agon"), "ArenaToken"),
            arena: module(
                contracts.deletingLastPathComponent().appendingPathComponent("aiarena/aiarena.agon"), "AIArena"),
            scoring: module(contracts.appendingPathComponent("scoring.agon"), "Scoring"),
            rule: module(file ?? contracts.appendingPathComponent("geometric_ranking.agon"), name))
    }

    /// A folder for the time of a test.
    static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("season-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        return try body(folder)
    }
}
