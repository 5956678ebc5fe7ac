import Foundation

/// Who takes part in a season, with what: the manifest `season.json` and the files it names.
public struct SeasonData: Sendable {
    public struct Node: Sendable {
        public let name: String
        /// In whole tokens.
        public let stake: Int
        public let classifier: Classifier
        /// The node whose model this one handed in.
        public let copyOf: String?
        /// Right answers on each validator's shard, as the training script counted them.
        public let correct: [Int]
    }

    public enum Behaviour: String, Codable, Sendable {
        /// Reveals the accuracies it measured.
        case honest
        /// Reveals the same score for every model without measuring.
        case lazy
        /// Commits, and never reveals.
        case silent
    }

    public struct Validator: Sendable {
        public let name: String
        public let behaviour: Behaviour
        /// In whole tokens.
        public let stake: Int
        public let shard: Shard
    }

    public struct Delegator: Codable, Sendable {
        public let name: String
        /// The node or validator behind which the stake is put.
        public let behind: String
        /// In whole tokens.
        public let amount: Int
    }

    public let nodes: [Node]
    public let validators: [Validator]
    public let delegators: [Delegator]

    /// Reads the manifest and its files from a directory.
    public init(directory: URL) throws(SeasonError) {
        let manifestBytes = try SeasonData.read("season.json", in: directory)
        let manifest: Manifest
        do {
            manifest = try JSONDecoder().decode(Manifest.self, from: Data(manifestBytes))
        } catch {
            throw SeasonError(.invalidManifest, "season.json: \(error)")
        }
        nodes = try manifest.nodes.map { (entry) throws(SeasonError) in
            let bytes = try SeasonData.read(entry.model, in: directory)
            return Node(
                name: entry.name, stake: entry.stake, classifier: try Classifier(bytes: bytes, name: entry.model),
                copyOf: entry.copyOf, correct: entry.correct)
        }
        validators = try manifest.validators.map { (entry) throws(SeasonError) in
            let bytes = try SeasonData.read(entry.shard, in: directory)
            return Validator(
                name: entry.name, behaviour: entry.behaviour, stake: entry.stake,
                shard: try Shard(bytes: bytes, name: entry.shard))
        }
        delegators = manifest.delegators
        try check()
    }

    private func check() throws(SeasonError) {
        func invalid(_ reason: String) -> SeasonError { SeasonError(.invalidManifest, "season.json: \(reason)") }
        let operators = nodes.map(\.name) + validators.map(\.name)
        let names = operators + delegators.map(\.name)
        guard Set(names).count == names.count else { throw invalid("a name occurs twice") }
        guard !nodes.isEmpty, nodes.count <= 256, !validators.isEmpty, validators.count <= 64 else {
            throw invalid("1 to 256 nodes and 1 to 64 validators can take part")
        }
        let amounts = nodes.map(\.stake) + validators.map(\.stake) + delegators.map(\.amount)
        guard amounts.allSatisfy({ (1...1_000_000).contains($0) }) else {
            throw invalid("stakes and delegations are 1 to 1,000,000 tokens")
        }
        guard delegators.allSatisfy({ operators.contains($0.behind) }) else {
            throw invalid("a delegator stands behind somebody who does not take part")
        }
    }

    /// The largest file that is read.
    private static let fileByteCountLimit = 8 << 20

    private static func read(_ name: String, in directory: URL) throws(SeasonError) -> [UInt8] {
        guard !name.contains("/"), name != ".." else {
            throw SeasonError(.unreadableFile, "\(name): files lie in the manifest's own directory")
        }
        let bytes: Data
        do {
            let file = try FileHandle(forReadingFrom: directory.appendingPathComponent(name))
            defer { try? file.close() }
            bytes = try file.read(upToCount: fileByteCountLimit + 1) ?? Data()
        } catch {
            throw SeasonError(.unreadableFile, "\(name): \(error.localizedDescription)")
        }
        guard bytes.count <= fileByteCountLimit else {
            throw SeasonError(.unreadableFile, "\(name): the file is larger than \(fileByteCountLimit) bytes")
        }
        return Array(bytes)
    }

    private struct Manifest: Codable {
        struct Node: Codable {
            let name: String
            let stake: Int
            let model: String
            let copyOf: String?
            let correct: [Int]
        }
        struct Validator: Codable {
            let name: String
            let behaviour: Behaviour
            let stake: Int
            let shard: String
        }
        let nodes: [Node]
        let validators: [Validator]
        let delegators: [Delegator]
    }
}
