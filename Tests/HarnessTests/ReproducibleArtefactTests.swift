import Bytecode
import Foundation
import Harness
import Testing

@Suite("Artefacts do not tell where their sources lay") struct ReproducibleArtefactTests {
    /// Files of several folders, with components of the standard library.
    static let entries = [
        "contracts/aiarena/aiarena.agon", "contracts/brain/brain.agon", "contracts/liquid/liquid_voting.agon",
        "stdlib/delegation_pool_test.agon",
    ]

    @Test("Two folders, and paths from two working directories", arguments: Self.entries)
    func sameBytes(entry: String) throws {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("agon-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: place) }
        let folders = ["near", "far/from/hé re"].map { place.appendingPathComponent($0).path }
        for folder in folders {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for part in ["contracts", "stdlib"] {
                try FileManager.default.copyItem(atPath: RepositoryPaths.root + "/" + part, toPath: folder + "/" + part)
            }
        }
        // From the root, from this process's working directory, and by a way round.
        let ascent = FileManager.default.currentDirectoryPath.split(separator: "/").map { _ in "../" }.joined()
        let paths = [
            folders[0] + "/" + entry, folders[1] + "/" + entry, ascent + folders[0].dropFirst() + "/" + entry,
            folders[1] + "/contracts/../" + entry,
        ]
        let first = try artefacts(paths[0], library: folders[0] + "/stdlib")
        #expect(!first.isEmpty)
        for (number, path) in paths.enumerated() {
            #expect(try artefacts(path, library: folders[number % 2] + "/stdlib") == first, "\(path)")
        }
    }

    /// The bytes of each contract, by its name.
    private func artefacts(_ path: String, library: String) throws -> [String: [UInt8]] {
        let sources = DiskSources(standardLibrary: library)
        let project = try LargeStack.run { CompiledProject.compile(paths: [path], from: sources) }.get()
        var found: [String: [UInt8]] = [:]
        for module in project.modules {
            found[module.name] = try module.encoded()
            #expect(module.sourceNames.allSatisfy { !$0.hasPrefix("/") && !$0.contains("near") })
        }
        return found
    }
}
