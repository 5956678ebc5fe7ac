import Crypto

/// A proof about one key under a state root, checked by a pure function without the chain.
///
/// The steps lead from the root to the leaf at which a search for the key ends. If that leaf has the key, the entry
/// is there; if it has another key, or if the tree is empty, the entry is not.
public struct StateProof: Hashable, Sendable {
    /// A fork on the way: its bit and the hash of the child not taken.
    public struct Step: Hashable, Sendable {
        /// The bit at which the fork decides.
        public var bit: UInt8
        /// The hash of the other child.
        public var sibling: Hash

        /// A fork on the way.
        public init(bit: UInt8, sibling: Hash) {
            self.bit = bit
            self.sibling = sibling
        }
    }

    /// The leaf at which the search ends.
    public enum End: Hashable, Sendable {
        /// Its key and the digest of its value.
        case leaf(key: Bytes32, valueHash: Hash)
    }

    /// The forks from the root down.
    public var steps: [Step]
    /// Where the search ends; nil in an empty tree.
    public var end: End?

    /// A proof of its parts.
    public init(steps: [Step], end: End?) {
        self.steps = steps
        self.end = end
    }

    /// Whether the proof shows that under this root the key has exactly this value, or for nil that it has none.
    public func proves(key: Bytes32, value: [UInt8]?, root: Hash) -> Bool {
        guard case .leaf(let leafKey, let valueHash)? = end else {
            return steps.isEmpty && root == StateTree.emptyRoot && value == nil
        }
        if let value {
            guard leafKey == key, valueHash == StateTree.hash(ofValue: value) else { return false }
        } else {
            guard leafKey != key else { return false }
        }

        var hash = StateTreeBranch.leaf(key: leafKey, valueHash: valueHash).hash
        var lowestBit = 256
        for step in steps.reversed() {
            let bit = Int(step.bit)
            // The search goes the way of the key, and forks lie ever deeper.
            guard bit < lowestBit, key.bit(at: bit) == leafKey.bit(at: bit) else { return false }
            lowestBit = bit
            let goesRight = leafKey.bit(at: bit)
            hash = StateTreeFork.hash(
                StateTreePosition(bit: bit, onTheWayTo: leafKey), left: goesRight ? step.sibling : hash,
                right: goesRight ? hash : step.sibling)
        }
        return hash == root
    }

    /// The canonical encoding.
    public func encoded() -> [UInt8] {
        var writer = CanonicalWriter()
        writer.write(count: steps.count)
        for step in steps {
            writer.write(byte: step.bit)
            writer.write(step.sibling)
        }
        switch end {
        case nil:
            writer.write(byte: 0)
        case .leaf(let key, let valueHash):
            writer.write(byte: 1)
            writer.write(key)
            writer.write(valueHash)
        }
        return writer.bytes
    }

    /// Reads exactly one proof.
    public static func decode(_ bytes: [UInt8]) throws(DecodingError) -> StateProof {
        var reader = CanonicalReader(bytes)
        let count = try reader.readCount("the count of steps", limit: 256)
        var steps: [Step] = []
        for _ in 0..<count {
            let bit = try reader.readByte()
            steps.append(Step(bit: bit, sibling: try reader.readBytes32()))
        }
        let end: End?
        switch try reader.readByte() {
        case 0: end = nil
        case 1:
            let key = try reader.readBytes32()
            end = .leaf(key: key, valueHash: try reader.readBytes32())
        case let other: throw .unknownKind("end of a proof", UInt64(other))
        }
        try reader.requireEnd()
        return StateProof(steps: steps, end: end)
    }
}
