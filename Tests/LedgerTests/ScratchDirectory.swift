import Foundation

/// A directory that goes away with its owner.
final class ScratchDirectory {
    let path: String

    /// In memory where the system offers it, when what counts is the order of writes and not the disk.
    init(inMemory: Bool = false) throws {
        let shared = URL(fileURLWithPath: "/dev/shm")
        let usesMemory = inMemory && FileManager.default.isWritableFile(atPath: shared.path)
        let parent = usesMemory ? shared : FileManager.default.temporaryDirectory
        let url = parent.appendingPathComponent("agon-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { path + "/" + name }

    func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: file(name))))
    }

    func write(_ bytes: [UInt8], to name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
    }

    func remove(_ name: String) {
        try? FileManager.default.removeItem(atPath: file(name))
    }
}
