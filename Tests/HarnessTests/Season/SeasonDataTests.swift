import Foundation
import Season
import Tensors
import Testing

/// The committed classifiers and shards, and files that are not what they should be.
@Suite struct SeasonDataTests {
    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: SeasonSources.data.appendingPathComponent(name)))
    }

    /// Right answers by the triple loop and plain arithmetic, sharing nothing with the contract but the definition.
    static func correctCount(_ classifier: Classifier, _ shard: Shard) -> Int {
        var values = shard.images
        var sums: [Int32] = []
        for (index, layer) in classifier.layers.enumerated() {
            sums = [Int32](repeating: 0, count: shard.labels.count * layer.outputs)
            TensorReference.matrixProduct(
                values, layer.weights, into: &sums, rows: shard.labels.count, inner: layer.inputs,
                columns: layer.outputs)
            for position in sums.indices { sums[position] += layer.biases[position % layer.outputs] }
            guard index == 0, let scale = classifier.scale else { continue }
            values = sums.map { sum in
                let product = Int(sum) * Int(scale.multiplier)
                let quotient = product >> Int(scale.shift)
                let doubled = 2 * (product - quotient << Int(scale.shift))
                let one = 1 << Int(scale.shift)
                let rounded = doubled > one || (doubled == one && quotient & 1 == 1) ? quotient + 1 : quotient
                return Int8(max(0, min(127, rounded)))
            }
        }
        return shard.labels.indices.filter { image in
            let row = sums[image * Classifier.classes..<(image + 1) * Classifier.classes]
            let best = row.indices.max { row[$0] < row[$1] || (row[$0] == row[$1] && $0 > $1) } ?? row.startIndex
            return Int32(best - row.startIndex) == shard.labels[image]
        }.count
    }

    @Test func committedDataIsAsTrained() throws {
        let data = try SeasonData(directory: SeasonSources.data)
        #expect(data.nodes.count == 21)
        #expect(data.validators.map(\.behaviour).filter { $0 == .lazy }.count == 1)
        #expect(data.validators.map(\.behaviour).filter { $0 == .silent }.count == 1)
        for node in data.nodes {
            let counted = data.validators.map { Self.correctCount(node.classifier, $0.shard) }
            #expect(counted == node.correct, "\(node.name)")
        }
        let totals = data.nodes.map { $0.correct.reduce(0, +) }
        let images = data.validators.map(\.shard.labels.count).reduce(0, +)
        #expect((totals.max() ?? 0) - (totals.min() ?? 0) >= images * 40 / 100)
    }

    @Test func exactlyOneModelIsACopy() throws {
        let data = try SeasonData(directory: SeasonSources.data)
        for (index, node) in data.nodes.enumerated() {
            let twins = data.nodes[..<index].filter { $0.classifier == node.classifier }.map(\.name)
            #expect(twins == (node.copyOf.map { [$0] } ?? []), "\(node.name)")
        }
        #expect(data.nodes.compactMap(\.copyOf) == ["blaise"])
    }

    @Test func oneChangedWeightByteChangesTheScore() throws {
        let data = try SeasonData(directory: SeasonSources.data)
        let shard = data.validators[0].shard
        var bytes = try Self.bytes("lovelace.model")
        // The weight between pixel 35, in the middle, and the class 4.
        let position = 10 + 35 * Classifier.classes + 4
        bytes[position] ^= 0x80
        let changed = try Classifier(bytes: bytes, name: "changed")
        let original = try Classifier(bytes: Self.bytes("lovelace.model"), name: "original")
        #expect(Self.correctCount(changed, shard) != Self.correctCount(original, shard))
    }

    @Test func everyTruncationIsRefused() throws {
        for name in ["pascal.model", "fermat.model"] {
            let bytes = try Self.bytes(name)
            for length in bytes.indices {
                #expect(throws: SeasonError.self) { try Classifier(bytes: Array(bytes[..<length]), name: name) }
            }
            #expect(throws: SeasonError.self) { try Classifier(bytes: bytes + [0], name: name) }
        }
        let shard = try Self.bytes("vera.shard")
        for length in stride(from: 0, to: shard.count, by: 7) {
            #expect(throws: SeasonError.self) { try Shard(bytes: Array(shard[..<length]), name: "vera.shard") }
        }
        #expect(throws: SeasonError.self) { try Shard(bytes: shard + [0], name: "vera.shard") }
    }

    @Test func headersOutOfRangeAreRefused() throws {
        let bytes = try Self.bytes("fermat.model")
        for (position, value) in [(0, UInt8(0)), (4, 0), (4, 1), (4, 3), (5, 1), (6, 0), (7, 255), (8, 63)] {
            var changed = bytes
            changed[position] = value
            #expect(throws: SeasonError.self, "byte \(position)") { try Classifier(bytes: changed, name: "changed") }
        }
        var shard = try Self.bytes("vera.shard")
        shard[8] = 10
        #expect(throws: SeasonError.self) { try Shard(bytes: shard, name: "a label of ten") }
    }

    @Test func missingFilesAndBadManifestsAreErrors() throws {
        try SeasonSources.withFolder { folder in
            #expect(throws: SeasonError.self) { try SeasonData(directory: folder) }
            let outside = #"{"nodes":[{"name":"a","stake":1,"model":"../x","correct":[]}],"validators":[]"#
            for text in ["", "{}", "[1]", outside] {
                try Data(text.utf8).write(to: folder.appendingPathComponent("season.json"))
                #expect(throws: SeasonError.self) { try SeasonData(directory: folder) }
            }
        }
    }
}
