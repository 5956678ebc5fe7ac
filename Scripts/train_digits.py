"""Trains the demo's digit classifiers and cuts the validators' shards.

Run it through Scripts/train_digits.sh. Data: UCI Optical Recognition of Handwritten Digits as bundled by
scikit-learn, 1,797 images of 8x8 with 17 grey levels.

Training is in fixed-point integers, so the committed files come out byte for byte on every machine: matrix products
are done in float64 only where every partial sum is an integer below 2^53 (exact in any order), all else in int64.
`--check` trains again and compares with the committed files instead of writing them.
"""

import argparse
import json
import struct
import sys
from fractions import Fraction
from pathlib import Path

import numpy
from sklearn.datasets import load_digits

FEATURES, CLASSES = 64, 10
SHARD_SIZE = 90
ONE = 1 << 16  # fixed point: 16 fraction bits
BATCH = 16
EXACT_LIMIT = 1 << 53
REQUANTISE_SHIFT = 24
DIRECTORY = Path(__file__).resolve().parent.parent / "contracts" / "arena" / "data"

# name, hidden units (0: one layer), training images, epochs, label noise in percent, seed, stake in tokens
NODES = [
    ("ada", 48, 1167, 40, 0, 1, 4000),
    ("blaise", 32, 1167, 40, 0, 2, 3500),
    ("chandra", 24, 1167, 30, 0, 3, 3000),
    ("daphne", 16, 1167, 30, 0, 4, 5200),
    ("emmy", 12, 1167, 30, 0, 5, 3000),
    ("fermat", 8, 1167, 30, 0, 6, 3600),
    ("grace", 32, 600, 30, 0, 7, 3000),
    ("hypatia", 32, 300, 30, 0, 8, 7500),
    ("ivan", 24, 150, 30, 0, 9, 3100),
    ("joan", 24, 80, 30, 0, 10, 3000),
    ("kurt", 16, 40, 30, 0, 11, 4400),
    ("lovelace", 0, 1167, 30, 0, 12, 3000),
    ("maryam", 0, 600, 20, 0, 13, 3300),
    ("noether", 0, 200, 20, 0, 14, 3000),
    ("omar", 0, 60, 20, 0, 15, 6000),
    ("pascal", 0, 25, 20, 0, 16, 3000),
    ("quine", 0, 14, 20, 0, 17, 3200),
    ("ramanujan", 32, 1167, 20, 30, 18, 9000),
    ("sophie", 16, 400, 30, 60, 19, 3000),
    ("turing", 0, 120, 10, 75, 20, 3000),
]
PLAGIARIST = ("uriah", "blaise", 8000)

# name, behaviour, stake in tokens
VALIDATORS = [
    ("vera", "honest", 3000),
    ("walter", "honest", 6000),
    ("xenia", "honest", 3000),
    ("yusuf", "honest", 4500),
    ("zoe", "honest", 3500),
    ("lazarus", "lazy", 3000),
    ("silas", "silent", 3000),
]

# name, the node or validator behind which the stake is put, amount in tokens
DELEGATORS = [
    ("alma", "ada", 1000),
    ("bruno", "ada", 500),
    ("carla", "hypatia", 2500),
    ("dario", "walter", 2000),
    ("elif", "uriah", 1500),
    ("farid", "vera", 700),
]


class SplitMix64:
    """The project's own generator, so that no library version can change the draws."""

    def __init__(self, seed):
        self.state = seed & 0xFFFFFFFFFFFFFFFF

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        mixed = self.state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        return mixed ^ (mixed >> 31)

    def below(self, limit):
        return self.next() % limit

    def shuffled(self, items):
        items = list(items)
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
        return items

    def weights(self, rows, columns, magnitude):
        values = [self.below(2 * magnitude + 1) - magnitude for _ in range(rows * columns)]
        return numpy.array(values, dtype=numpy.int64).reshape(rows, columns)


def exact_product(left, right):
    """An integer matrix product through float64, refused where a partial sum could be inexact."""
    bound = int(numpy.abs(left).max(initial=0)) * int(numpy.abs(right).max(initial=0)) * left.shape[1]
    if bound >= EXACT_LIMIT:
        raise OverflowError("a partial sum could pass 2^53")
    return (left.astype(numpy.float64) @ right.astype(numpy.float64)).astype(numpy.int64)


def clip(values, magnitude):
    return numpy.clip(values, -magnitude, magnitude)


def train(images, labels, hidden, epochs, seed):
    """Stochastic gradient descent on the clipped squared error, in 16-bit fixed point."""
    random = SplitMix64(seed * 1_000_003)
    targets = numpy.full((len(labels), CLASSES), -ONE, dtype=numpy.int64)
    targets[numpy.arange(len(labels)), labels] = ONE
    sizes = [FEATURES, hidden, CLASSES] if hidden else [FEATURES, CLASSES]
    weights = [random.weights(i, o, ONE // (4 if i == FEATURES else 3)) for i, o in zip(sizes, sizes[1:])]
    biases = [numpy.zeros(o, dtype=numpy.int64) for o in sizes[1:]]
    for epoch in range(epochs):
        rate_shift = 9 if epoch < epochs * 2 // 3 else 11
        order = random.shuffled(range(len(labels)))
        for start in range(0, len(order), BATCH):
            batch = order[start:start + BATCH]
            activations = [images[batch].astype(numpy.int64) * (ONE // 16)]
            for layer, (weight, bias) in enumerate(zip(weights, biases)):
                sums = (exact_product(activations[-1], weight) >> 16) + bias
                last = layer == len(weights) - 1
                activations.append(sums if last else clip(numpy.maximum(sums, 0), 64 * ONE))
            error = clip(activations[-1] - targets[batch], 2 * ONE)
            for layer in reversed(range(len(weights))):
                gradient = exact_product(activations[layer].T, error) >> 16
                bias_gradient = error.sum(axis=0)
                if layer > 0:
                    error = clip(exact_product(error, weights[layer].T) >> 16, 4 * ONE)
                    error = numpy.where(activations[layer] > 0, error, 0)
                weights[layer] = clip(weights[layer] - (gradient >> rate_shift), 8 * ONE)
                biases[layer] = clip(biases[layer] - (bias_gradient >> rate_shift), 64 * ONE)
    return weights, biases


def rounded(values, factor):
    """Each value times a fraction, rounded exactly."""
    return numpy.array([round(Fraction(int(v)) * factor) for v in values.flat], dtype=numpy.int64).reshape(values.shape)


def quantise(weights, biases, images):
    """Quantises to int8 weights, int32 biases and an integer requantisation of the hidden layer."""
    layers, scale = [], None
    inputs = images.astype(numpy.int64)
    unit = Fraction(16, ONE)  # quantised activation per fixed-point activation: pixels are 0...16
    for index, (weight, bias) in enumerate(zip(weights, biases)):
        step = Fraction(127, max(1, int(numpy.abs(weight).max())))
        unit *= step * ONE
        small, small_bias = rounded(weight, step), rounded(bias, unit)
        layers.append((small.astype(numpy.int8), small_bias.astype(numpy.int32)))
        if index + 1 < len(weights):
            sums = exact_product(inputs, small) + small_bias
            scale = ((127 << REQUANTISE_SHIFT) // max(1, int(sums.max())), REQUANTISE_SHIFT)
            inputs = numpy.maximum(requantise(sums, *scale), 0)
            unit *= Fraction(scale[0], 1 << REQUANTISE_SHIFT)
    return layers, scale


def requantise(values, multiplier, shift):
    """saturate(round(values * multiplier / 2^shift)), ties to even: the machine's definition."""
    product = values.astype(numpy.int64) * multiplier
    floor = product >> shift
    remainder = product & ((1 << shift) - 1)
    half = 1 << (shift - 1)
    up = (remainder > half) | ((remainder == half) & (floor & 1 == 1))
    return numpy.clip(floor + up, -128, 127)


def predict(layers, scale, images):
    """The integer pipeline of the contract: product, bias, requantise, rectify, product, bias, argmax."""
    values = images.astype(numpy.int64)
    for index, (weight, bias) in enumerate(layers):
        values = exact_product(values, weight.astype(numpy.int64)) + bias
        if index + 1 < len(layers):
            values = numpy.maximum(requantise(values, *scale), 0)
    return values.argmax(axis=1)


def model_bytes(layers, scale):
    """Magic, layer count, hidden units, features, then per layer row-major weights and little-endian biases; the
    requantisation's multiplier and shift stand between two layers."""
    hidden = layers[0][0].shape[1] if len(layers) == 2 else 0
    parts = [b"AGM1", struct.pack("<BBHH", len(layers), 0, hidden, FEATURES)]
    for index, (weight, bias) in enumerate(layers):
        parts.append(weight.tobytes())
        parts.append(bias.astype("<i4").tobytes())
        if index + 1 < len(layers):
            parts.append(struct.pack("<iI", *scale))
    return b"".join(parts)


def shard_bytes(images, labels):
    """Magic, image count, features, then a byte a label and a byte a pixel."""
    head = b"AGS1" + struct.pack("<HH", len(labels), FEATURES)
    return head + labels.astype(numpy.int8).tobytes() + images.astype(numpy.int8).tobytes()


def noisy(labels, percent, seed):
    random = SplitMix64(seed * 7_919)
    changed = labels.copy()
    for index in range(len(changed)):
        if random.below(100) < percent:
            changed[index] = random.below(CLASSES)
    return changed


def build():
    """All files by name, in memory."""
    digits = load_digits()
    order = SplitMix64(1797).shuffled(range(len(digits.target)))
    images = digits.data[order].astype(numpy.int8)
    labels = digits.target[order].astype(numpy.int64)
    held_out = SHARD_SIZE * len(VALIDATORS)
    train_images, train_labels = images[held_out:], labels[held_out:]
    files, shards, validators, nodes = {}, [], [], []
    for index, (name, behaviour, stake) in enumerate(VALIDATORS):
        part = slice(index * SHARD_SIZE, (index + 1) * SHARD_SIZE)
        shards.append((images[part], labels[part]))
        files[f"{name}.shard"] = shard_bytes(images[part], labels[part])
        validators.append({"name": name, "behaviour": behaviour, "stake": stake, "shard": f"{name}.shard"})
    for name, hidden, size, epochs, noise, seed, stake in NODES:
        chosen = SplitMix64(seed * 104_729).shuffled(range(len(train_labels)))[:size]
        weights, biases = train(
            train_images[chosen], noisy(train_labels[chosen], noise, seed), hidden, epochs, seed)
        layers, scale = quantise(weights, biases, train_images[chosen])
        correct = [int((predict(layers, scale, x) == y).sum()) for x, y in shards]
        files[f"{name}.model"] = model_bytes(layers, scale)
        layout = [FEATURES, hidden, CLASSES] if hidden else [FEATURES, CLASSES]
        nodes.append({
            "name": name, "stake": stake, "model": f"{name}.model", "layers": layout, "trainingImages": size,
            "epochs": epochs, "labelNoisePercent": noise, "correct": correct})
    name, original, stake = PLAGIARIST
    files[f"{name}.model"] = files[f"{original}.model"]
    copied = next(node for node in nodes if node["name"] == original)
    nodes.append({**copied, "name": name, "stake": stake, "model": f"{name}.model", "copyOf": original})
    manifest = {
        "data": {
            "title": "Optical Recognition of Handwritten Digits",
            "authors": "E. Alpaydin, C. Kaynak (1998)",
            "source": "UCI Machine Learning Repository, https://doi.org/10.24432/C50P49; test part, as bundled by "
                      "scikit-learn",
            "licence": "CC BY 4.0",
        },
        "shardSize": SHARD_SIZE,
        "nodes": nodes,
        "validators": validators,
        "delegators": [{"name": n, "behind": b, "amount": a} for n, b, a in DELEGATORS],
    }
    lines = json.dumps(manifest, indent=1, ensure_ascii=False)
    files["season.json"] = (lines + "\n").encode()
    return files, nodes


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    arguments = parser.parse_args()
    files, nodes = build()
    total = SHARD_SIZE * len(VALIDATORS)
    for node in nodes:
        shape = "-".join(map(str, node["layers"]))
        print(f"{node['name']:10} {shape:9} {100 * sum(node['correct']) / total:6.2f} %")
    if not arguments.check:
        DIRECTORY.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (DIRECTORY / name).write_bytes(content)
        return 0
    present = {path.name: path.read_bytes() for path in DIRECTORY.iterdir()}
    differing = sorted(name for name in files.keys() | present.keys() if files.get(name) != present.get(name))
    for name in differing:
        print(f"differs: {name}", file=sys.stderr)
    print(f"{len(files) - len(differing)} of {len(files)} files identical")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
