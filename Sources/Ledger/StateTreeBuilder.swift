import Crypto

/// Makes a state tree from all entries in ascending order of their keys, holding one path of the tree at a time.
public struct StateTreeBuilder {
    /// Forks whose right side is not complete, from the top down; their bits grow.
    private var openForks: [(bit: Int, left: StateTreeBranch)] = []
    private var last: (key: Bytes32, subtree: StateTreeBranch)?
    private let onFork: (StateTreeFork) -> Void

    /// An empty tree; the closure gets every fork once it is complete.
    public init(onFork: @escaping (StateTreeFork) -> Void = { _ in }) {
        self.onFork = onFork
    }

    /// Adds an entry; false, without effect, when its key is not above the one before.
    public mutating func add(key: Bytes32, value: [UInt8]) -> Bool {
        if let (lastKey, subtree) = last {
            guard lastKey < key else { return false }
            let bit = lastKey.commonPrefixBitCount(with: key)
            openForks.append((bit, close(downTo: bit, key: lastKey, subtree: subtree)))
        }
        last = (key, .leaf(key: key, valueHash: StateTree.hash(ofValue: value)))
        return true
    }

    /// Completes the tree and returns its root's branch; nil for an empty tree. Nothing may be added afterwards.
    public mutating func finish() -> StateTreeBranch? {
        guard let (key, subtree) = last else { return nil }
        return close(downTo: -1, key: key, subtree: subtree)
    }

    /// Completes the forks below a bit.
    private mutating func close(downTo bit: Int, key: Bytes32, subtree: StateTreeBranch) -> StateTreeBranch {
        var branch = subtree
        while let open = openForks.last, open.bit > bit {
            openForks.removeLast()
            let fork = StateTreeFork(
                position: StateTreePosition(bit: open.bit, onTheWayTo: key), left: open.left, right: branch)
            onFork(fork)
            branch = .fork(fork.position, hash: fork.hash)
        }
        return branch
    }
}
