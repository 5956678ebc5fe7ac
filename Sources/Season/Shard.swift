/// A validator's held-out images with their labels, as a `.shard` file holds them.
///
/// The file: "AGS1", the number of images and of features (16 bits each, little-endian), a byte for each label, a byte
/// for each grey level (0 to 16), image by image.
public struct Shard: Equatable, Sendable {
    public let labels: [Int32]
    /// `labels.count` rows of `Classifier.features` grey levels.
    public let images: [Int8]

    /// Reads a shard file; anything that is not exactly one is refused.
    public init(bytes: [UInt8], name: String) throws(SeasonError) {
        func invalid(_ reason: String) -> SeasonError { SeasonError(.invalidShard, "\(name): \(reason)") }
        var reader = ByteReader(bytes)
        guard reader.take(4).map(Array.init) == Array("AGS1".utf8) else { throw invalid("not a shard file") }
        guard let count = reader.integer(UInt16.self), let features = reader.integer(UInt16.self), count > 0,
            Int(features) == Classifier.features
        else { throw invalid("the header is cut off or holds other sizes") }
        guard let labels = reader.integers(Int8.self, count: Int(count)),
            let images = reader.integers(Int8.self, count: Int(count) * Int(features)), reader.isAtEnd
        else { throw invalid("the length does not fit the header") }
        guard labels.allSatisfy({ (0..<Int8(Classifier.classes)).contains($0) }),
            images.allSatisfy({ (0...16).contains($0) })
        else { throw invalid("a label or a grey level is out of range") }
        self.labels = labels.map(Int32.init)
        self.images = images
    }
}
