import Foundation
import Harness

/// Places in the repository, seen from this file.
enum RepositoryPaths {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    static let sources = DiskSources(standardLibrary: root + "/stdlib")

    static func sourcePaths(_ folder: String) -> [String] { DiskSources.sourcePaths(at: root + "/" + folder) }
}
