import Bytecode

/// How the scoring contract is asked about a classifier: the views for its number of layers, and their arguments.
struct ModelQuestion {
    let accuracyView: String
    let fingerprintView: String
    /// The classifier itself, as both views take it.
    let weights: [ABIValue]

    init(_ classifier: Classifier) {
        var weights: [ABIValue] = []
        for (index, layer) in classifier.layers.enumerated() {
            weights.append(.tensor([layer.inputs, layer.outputs], layer.weights))
            weights.append(.tensor([layer.outputs], layer.biases))
            if index == 0, let scale = classifier.scale {
                weights.append(.integer(Int(scale.multiplier)))
                weights.append(.integer(Int(scale.shift)))
            }
        }
        self.weights = weights
        accuracyView = "accuracy\(classifier.layers.count)"
        fingerprintView = "fingerprint\(classifier.layers.count)"
    }

    func arguments(for shard: Shard) -> [ABIValue] {
        [.tensor([shard.labels.count, Classifier.features], shard.images), .tensor([shard.labels.count], shard.labels)]
            + weights
    }
}
