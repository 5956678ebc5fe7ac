/// An int8 digit classifier of one or two layers, as a `.model` file holds it.
///
/// The file: "AGM1", the number of layers (1 or 2), a zero byte, hidden units and features (16 bits each), then for
/// each layer its weights row by row (8 bits) and its biases (32 bits); the multiplier and shift of the requantisation
/// (32 bits each) stand between two layers. All little-endian.
public struct Classifier: Equatable, Sendable {
    public static let features = 64
    public static let classes = 10
    static let hiddenLimit = 1024

    /// One dense layer: `inputs × outputs` weights and a bias for each output.
    public struct Layer: Equatable, Sendable {
        public let inputs: Int
        public let outputs: Int
        public let weights: [Int8]
        public let biases: [Int32]
    }

    /// How sums of the hidden layer become 8-bit activations: times `multiplier`, shifted right by `shift`.
    public struct Scale: Equatable, Sendable {
        public let multiplier: Int32
        public let shift: Int32
    }

    public let layers: [Layer]
    /// Present for two layers.
    public let scale: Scale?

    /// Reads a model file; anything that is not exactly one is refused.
    public init(bytes: [UInt8], name: String) throws(SeasonError) {
        func invalid(_ reason: String) -> SeasonError { SeasonError(.invalidModel, "\(name): \(reason)") }
        var reader = ByteReader(bytes)
        guard reader.take(4).map(Array.init) == Array("AGM1".utf8) else { throw invalid("not a model file") }
        guard let layerCount = reader.integer(UInt8.self), let reserved = reader.integer(UInt8.self),
            let hidden = reader.integer(UInt16.self), let features = reader.integer(UInt16.self)
        else { throw invalid("the header is cut off") }
        guard layerCount == 1 || layerCount == 2, reserved == 0, Int(features) == Classifier.features else {
            throw invalid("only one or two layers over \(Classifier.features) features are known")
        }
        guard (layerCount == 1) == (hidden == 0), hidden <= Classifier.hiddenLimit else {
            throw invalid("\(hidden) hidden units do not fit \(layerCount) layers")
        }
        var layers: [Layer] = []
        var scale: Scale?
        let sizes = [Int(features)] + (hidden > 0 ? [Int(hidden)] : []) + [Classifier.classes]
        for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
            guard let weights = reader.integers(Int8.self, count: inputs * outputs),
                let biases = reader.integers(Int32.self, count: outputs)
            else { throw invalid("the weights are cut off") }
            layers.append(Layer(inputs: inputs, outputs: outputs, weights: weights, biases: biases))
            guard layers.count == 1, layerCount == 2 else { continue }
            guard let multiplier = reader.integer(Int32.self), let shift = reader.integer(Int32.self),
                multiplier >= 0, (0...62).contains(shift)
            else { throw invalid("the scale between the layers is out of range") }
            scale = Scale(multiplier: multiplier, shift: shift)
        }
        guard reader.isAtEnd else { throw invalid("there are bytes after the end") }
        self.layers = layers
        self.scale = scale
    }

    /// The layer sizes, such as "64-32-10".
    public var architecture: String {
        ([layers[0].inputs] + layers.map(\.outputs)).map(String.init).joined(separator: "-")
    }
}
