import Crypto
import Foundation

/// Signing keys of a data directory: one file a key, readable by its owner alone.
struct KeyStore {
    let folder: URL

    init(dataDirectory: String) {
        folder = URL(fileURLWithPath: dataDirectory).appendingPathComponent("keys")
    }

    private func file(_ name: String) throws -> URL {
        let isPlain =
            !name.isEmpty && name.count <= 64
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
        guard isPlain else {
            throw UserError("C0201", "a key's name has letters, digits, `-` and `_` only: `\(name)`")
        }
        return folder.appendingPathComponent(name + ".key")
    }

    func names() throws -> [String] {
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasSuffix(".key") }.map { String($0.dropLast(4)) }.sorted()
    }

    func create(_ name: String) throws -> SigningKey {
        let file = try file(name)
        guard !FileManager.default.fileExists(atPath: file.path) else {
            throw UserError("C0202", "a key named `\(name)` exists already")
        }
        guard let key = SigningKey.generate() else { throw UserError("C0203", "no random bytes were to be had") }
        try write(key, to: file)
        return key
    }

    /// Stores a key, in place of another one of that name.
    func keep(_ key: SigningKey, as name: String) throws { try write(key, to: try file(name)) }

    private func write(_ key: SigningKey, to file: URL) throws {
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let made = FileManager.default.createFile(
            atPath: file.path, contents: Data((key.seed.hex + "\n").utf8), attributes: [.posixPermissions: 0o600])
        guard made else { throw UserError("C0204", "cannot write \(file.path)") }
    }

    func load(_ name: String) throws -> SigningKey {
        let file = try file(name)
        guard let data = FileManager.default.contents(atPath: file.path) else {
            let known = try names()
            let list =
                known.isEmpty
                ? "there are none; `agon keys new \(name)` makes it" : "there are: \(known.joined(separator: ", "))"
            throw UserError("C0205", "no key named `\(name)`; \(list)")
        }
        let text = String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        guard let seed = Bytes32(hex: text) else { throw UserError("C0206", "\(file.path) does not hold a key") }
        return SigningKey(seed: seed)
    }
}
