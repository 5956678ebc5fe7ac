import Crypto

/// Computes a state root from all entries in ascending order of their keys, holding one path of the tree at a time.
public struct StateTreeBuilder: Sendable {
    /// Forks whose right side is not complete, from the top down; their bits grow.
    private var openForks: [(bit: Int, left: Hash)] = []
    private var last: (key: Bytes32, subtree: Hash)?

    /// An empty tree.
    public init() {}

    /// Adds an entry; false, without effect, when its key is not above the one before.
    public mutating func add(key: Bytes32, value: [UInt8]) -> Bool {
        let leaf = StateTreeNode.leaf(key: key, valueHash: StateTreeNode.hash(ofValue: value)).hash
        if let (lastKey, subtree) = last {
            guard lastKey < key else { return false }
            let bit = lastKey.commonPrefixBitCount(with: key)
            openForks.append((bit, close(downTo: bit, key: lastKey, subtree: subtree)))
        }
        last = (key, leaf)
        return true
    }

    /// The root over the entries so far.
    public var root: Hash {
        guard let (key, subtree) = last else { return StateTree.emptyRoot }
        var copy = self
        return copy.close(downTo: -1, key: key, subtree: subtree)
    }

    /// Completes the forks below a bit.
    private mutating func close(downTo bit: Int, key: Bytes32, subtree: Hash) -> Hash {
        var hash = subtree
        while let fork = openForks.last, fork.bit > bit {
            openForks.removeLast()
            hash =
                StateTreeNode.inner(
                    bit: UInt8(truncatingIfNeeded: fork.bit), prefix: key.prefix(bitCount: fork.bit), left: fork.left,
                    right: hash
                ).hash
        }
        return hash
    }
}
