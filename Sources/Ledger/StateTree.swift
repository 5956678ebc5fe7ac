import Crypto

/// Where the nodes of a state tree are kept.
public protocol StateTreeNodeReader {
    /// The record of the node with this hash, or nil when there is none.
    func stateTreeNodeRecord(_ hash: Hash) throws -> [UInt8]?
}

/// A stored tree that does not hold together.
public enum StateTreeError: CodedError, Equatable {
    /// A node that its parent names is not stored.
    case missingNode(Hash)
    /// What is stored under a hash is not a node, or not that node.
    case damagedNode(Hash)

    public var code: String {
        switch self {
        case .missingNode: "state.node-missing"
        case .damagedNode: "state.node-damaged"
        }
    }

    public var message: String {
        switch self {
        case .missingNode(let hash): "the state tree lacks its node \(hash)"
        case .damagedNode(let hash): "the state tree's node \(hash) is damaged"
        }
    }
}

/// What an update of the state tree leads to: apply the removals first, then the additions.
public struct StateTreeUpdate: Sendable {
    /// The root after the update; zero for an empty tree.
    public var root: Hash
    /// Nodes that the new tree has; some may have been there before.
    public var added: [StateTreeNode]
    /// Hashes of nodes that the new tree no longer has, unless they are added again.
    public var removed: [Hash]
}

/// The authenticated state tree: reads and updates against any node store, in pure functions.
public enum StateTree {
    /// The root of the empty tree.
    public static let emptyRoot = Hash.zero

    /// A change of one entry; a nil digest removes it.
    public struct Change: Sendable {
        /// The entry's key.
        public var key: Bytes32
        /// The digest of its new value.
        public var valueHash: Hash?

        /// A change of the entry under a key.
        public init(key: Bytes32, valueHash: Hash?) {
            self.key = key
            self.valueHash = valueHash
        }
    }

    /// Applies changes, which are in ascending order of distinct keys, to the tree with this root.
    public static func update(
        root: Hash, changes: [Change], nodes: some StateTreeNodeReader
    ) throws -> StateTreeUpdate {
        var updater = StateTreeUpdater(nodes: nodes)
        let top = try updater.apply(changes[...], to: root == emptyRoot ? nil : root)
        return StateTreeUpdate(root: top ?? emptyRoot, added: updater.added, removed: updater.removed)
    }

    /// The digest of the value under a key, found by walking the tree; nil when the tree has no such entry.
    public static func valueHash(
        root: Hash, key: Bytes32, nodes: some StateTreeNodeReader
    ) throws -> Hash? {
        guard case .leaf(let found, let valueHash)? = try prove(root: root, key: key, nodes: nodes).end else {
            return nil
        }
        return found == key ? valueHash : nil
    }

    /// The proof that an entry is in the tree with this digest, or that none is.
    public static func prove(
        root: Hash, key: Bytes32, nodes: some StateTreeNodeReader
    ) throws -> StateProof {
        var steps: [StateProof.Step] = []
        guard root != emptyRoot else { return StateProof(steps: [], end: nil) }
        var current = root
        var lastBit = -1
        while true {
            switch try load(current, from: nodes) {
            case .leaf(let found, let valueHash):
                return StateProof(steps: steps, end: .leaf(key: found, valueHash: valueHash))
            case .inner(let bit, _, let left, let right):
                // Bits grow downwards, so damaged nodes cannot lead in a circle.
                guard Int(bit) > lastBit else { throw StateTreeError.damagedNode(current) }
                lastBit = Int(bit)
                let goesRight = key.bit(at: Int(bit))
                steps.append(StateProof.Step(bit: bit, sibling: goesRight ? left : right))
                current = goesRight ? right : left
            }
        }
    }

    static func load(_ hash: Hash, from nodes: some StateTreeNodeReader) throws -> StateTreeNode {
        guard let record = try nodes.stateTreeNodeRecord(hash) else { throw StateTreeError.missingNode(hash) }
        // The hash is checked as well, so nodes vouch for themselves whatever happens to the store.
        guard let node = StateTreeNode(record: record), Blake2b.hash(record) == hash else {
            throw StateTreeError.damagedNode(hash)
        }
        return node
    }
}

/// The recursion behind ``StateTree/update(root:changes:nodes:)``; its depth is at most the 256 bits of a key.
private struct StateTreeUpdater<Nodes: StateTreeNodeReader> {
    let nodes: Nodes
    var added: [StateTreeNode] = []
    var removed: [Hash] = []

    init(nodes: Nodes) {
        self.nodes = nodes
    }

    /// The hash of the subtree after the changes; nil when nothing is left of it.
    mutating func apply(_ changes: ArraySlice<StateTree.Change>, to subtree: Hash?) throws -> Hash? {
        guard !changes.isEmpty else { return subtree }
        guard let subtree else {
            return build(changes.filter { $0.valueHash != nil }[...])
        }
        switch try StateTree.load(subtree, from: nodes) {
        case .leaf(let key, let valueHash):
            return apply(changes, toLeaf: subtree, key: key, valueHash: valueHash)
        case .inner(let bit, let prefix, let left, let right):
            // Only an insertion can open a fork above this node; a removal outside the prefix finds nothing.
            var forkBit = Int(bit)
            for change in changes where change.valueHash != nil {
                forkBit = min(forkBit, change.key.commonPrefixBitCount(with: prefix))
            }
            let relevant = changes.filter { $0.key.commonPrefixBitCount(with: prefix) >= forkBit }[...]
            let middle = relevant.firstIndex { $0.key.bit(at: forkBit) } ?? relevant.endIndex
            let lower = relevant[..<middle]
            let upper = relevant[middle...]
            if forkBit < Int(bit) {
                let onRight = prefix.bit(at: forkBit)
                let first = try apply(lower, to: onRight ? nil : subtree)
                let second = try apply(upper, to: onRight ? subtree : nil)
                return join(first, second, bit: forkBit, prefix: prefix)
            }
            let newLeft = try apply(lower, to: left)
            let newRight = try apply(upper, to: right)
            if newLeft == left && newRight == right { return subtree }
            removed.append(subtree)
            return join(newLeft, newRight, bit: forkBit, prefix: prefix)
        }
    }

    private mutating func apply(
        _ changes: ArraySlice<StateTree.Change>, toLeaf leaf: Hash, key: Bytes32, valueHash: Hash
    ) -> Hash? {
        var entries = changes.filter { $0.valueHash != nil }
        if let change = changes.first(where: { $0.key == key }) {
            if change.valueHash != valueHash { removed.append(leaf) }
        } else {
            let position = entries.firstIndex { key < $0.key } ?? entries.endIndex
            entries.insert(StateTree.Change(key: key, valueHash: valueHash), at: position)
        }
        return build(entries[...])
    }

    /// The tree of entries in ascending order of their keys.
    private mutating func build(_ entries: ArraySlice<StateTree.Change>) -> Hash? {
        guard let first = entries.first, let last = entries.last else { return nil }
        if entries.count == 1 {
            return add(.leaf(key: first.key, valueHash: first.valueHash ?? .zero))
        }
        let bit = first.key.commonPrefixBitCount(with: last.key)
        let middle = entries.firstIndex { $0.key.bit(at: bit) } ?? entries.endIndex
        return join(build(entries[..<middle]), build(entries[middle...]), bit: bit, prefix: first.key)
    }

    private mutating func join(_ left: Hash?, _ right: Hash?, bit: Int, prefix: Bytes32) -> Hash? {
        guard let left else { return right }
        guard let right else { return left }
        return add(
            .inner(bit: UInt8(truncatingIfNeeded: bit), prefix: prefix.prefix(bitCount: bit), left: left, right: right))
    }

    private mutating func add(_ node: StateTreeNode) -> Hash {
        added.append(node)
        return node.hash
    }
}
