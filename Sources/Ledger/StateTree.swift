import Crypto

/// Where the forks of a state tree are kept.
public protocol StateTreeReader {
    /// The record of the root's branch; nil for an empty tree.
    func stateTreeRootRecord() throws -> [UInt8]?
    /// The record of the fork at a position; nil when there is none.
    func stateTreeForkRecord(at position: StateTreePosition) throws -> [UInt8]?
}

/// A stored tree that does not hold together.
public enum StateTreeError: CodedError, Equatable {
    /// What is stored as the root is not the branch with the root's hash.
    case damagedRoot(Hash)
    /// What is stored at a position is not the fork that the branch above it names.
    case damagedFork(StateTreePosition)

    public var code: String {
        switch self {
        case .damagedRoot: "state.root"
        case .damagedFork: "state.fork"
        }
    }

    public var message: String {
        switch self {
        case .damagedRoot(let hash): "the state tree lacks its root \(hash)"
        case .damagedFork(let position):
            "the state tree's fork at bit \(position.bit) below \(position.prefix) is damaged"
        }
    }
}

/// What an update of the state tree leads to. No position is both removed and put.
public struct StateTreeUpdate: Sendable {
    /// The root's branch afterwards; nil for an empty tree.
    public var rootBranch: StateTreeBranch?
    /// Forks that are new or changed.
    public var puts: [StateTreeFork]
    /// Positions at which no fork stands any more.
    public var removals: [StateTreePosition]

    /// The root afterwards.
    public var root: Hash { rootBranch?.hash ?? StateTree.emptyRoot }
}

/// The authenticated state tree: reads and updates against any store of forks, in pure functions.
public enum StateTree {
    /// The root of the empty tree.
    public static let emptyRoot = Hash.zero

    /// The digest of a value as a leaf holds it, under a domain of its own.
    public static func hash(ofValue value: [UInt8]) -> Hash {
        Blake2b.hash(domain: .stateValue, value)
    }

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
        root: Hash, changes: [Change], tree: some StateTreeReader
    ) throws -> StateTreeUpdate {
        var updater = StateTreeUpdater(tree: tree)
        let top = try updater.apply(changes[...], to: try rootBranch(root, of: tree))
        return StateTreeUpdate(rootBranch: top, puts: updater.puts, removals: updater.removals)
    }

    /// The digest of the value under a key, found by walking the tree; nil when the tree has no such entry.
    public static func valueHash(root: Hash, key: Bytes32, tree: some StateTreeReader) throws -> Hash? {
        guard case .leaf(let found, let valueHash)? = try prove(root: root, key: key, tree: tree).end else {
            return nil
        }
        return found == key ? valueHash : nil
    }

    /// The proof that an entry is in the tree with its digest, or that none is.
    public static func prove(root: Hash, key: Bytes32, tree: some StateTreeReader) throws -> StateProof {
        var steps: [StateProof.Step] = []
        guard var branch = try rootBranch(root, of: tree) else { return StateProof(steps: [], end: nil) }
        while true {
            switch branch {
            case .leaf(let found, let valueHash):
                return StateProof(steps: steps, end: .leaf(key: found, valueHash: valueHash))
            case .fork(let position, _):
                // Hashes cannot form a circle, so the walk ends.
                let fork = try load(branch, at: position, from: tree)
                let goesRight = key.bit(at: Int(position.bit))
                steps.append(
                    StateProof.Step(bit: position.bit, sibling: goesRight ? fork.left.hash : fork.right.hash))
                branch = goesRight ? fork.right : fork.left
            }
        }
    }

    private static func rootBranch(_ root: Hash, of tree: some StateTreeReader) throws -> StateTreeBranch? {
        guard root != emptyRoot else { return nil }
        guard let record = try tree.stateTreeRootRecord(), let branch = StateTreeBranch(record: record),
            branch.hash == root
        else { throw StateTreeError.damagedRoot(root) }
        return branch
    }

    /// The fork that a branch names. Its hash is checked, so forks vouch for themselves whatever happens to the store.
    static func load(
        _ branch: StateTreeBranch, at position: StateTreePosition, from tree: some StateTreeReader
    ) throws -> StateTreeFork {
        guard let record = try tree.stateTreeForkRecord(at: position),
            let fork = StateTreeFork(position: position, record: record), fork.hash == branch.hash
        else { throw StateTreeError.damagedFork(position) }
        return fork
    }
}

/// The recursion behind ``StateTree/update(root:changes:tree:)``; its depth is at most twice the 256 bits of a key.
private struct StateTreeUpdater<Tree: StateTreeReader> {
    let tree: Tree
    var puts: [StateTreeFork] = []
    var removals: [StateTreePosition] = []

    init(tree: Tree) {
        self.tree = tree
    }

    /// The branch after the changes; nil when nothing is left of it.
    mutating func apply(
        _ changes: ArraySlice<StateTree.Change>, to branch: StateTreeBranch?
    ) throws -> StateTreeBranch? {
        guard !changes.isEmpty else { return branch }
        switch branch {
        case nil:
            return build(changes.filter { $0.valueHash != nil }[...])
        case .leaf(let key, let valueHash)?:
            var entries = changes.filter { $0.valueHash != nil }
            if !changes.contains(where: { $0.key == key }) {
                let position = entries.firstIndex { key < $0.key } ?? entries.endIndex
                entries.insert(StateTree.Change(key: key, valueHash: valueHash), at: position)
            }
            return build(entries[...])
        case .fork(let position, _)?:
            return try apply(changes, to: branch, at: position)
        }
    }

    private mutating func apply(
        _ changes: ArraySlice<StateTree.Change>, to branch: StateTreeBranch?, at position: StateTreePosition
    ) throws -> StateTreeBranch? {
        guard let branch else { return nil }
        // The hash covers the position too, so nothing is decided by a position that was not checked.
        let fork = try StateTree.load(branch, at: position, from: tree)
        // Only an insertion can open a fork above this one; a removal outside the prefix finds nothing.
        var forkBit = Int(position.bit)
        for change in changes where change.valueHash != nil {
            forkBit = min(forkBit, change.key.commonPrefixBitCount(with: position.prefix))
        }
        let relevant = changes.filter { $0.key.commonPrefixBitCount(with: position.prefix) >= forkBit }[...]
        guard !relevant.isEmpty else { return branch }
        let middle = relevant.firstIndex { $0.key.bit(at: forkBit) } ?? relevant.endIndex
        let lower = relevant[..<middle]
        let upper = relevant[middle...]
        if forkBit < Int(position.bit) {
            let isOnRight = position.prefix.bit(at: forkBit)
            let left = try apply(lower, to: isOnRight ? nil : branch)
            let right = try apply(upper, to: isOnRight ? branch : nil)
            return join(left, right, StateTreePosition(bit: forkBit, onTheWayTo: position.prefix))
        }
        let left = try apply(lower, to: fork.left)
        let right = try apply(upper, to: fork.right)
        if left == fork.left && right == fork.right { return branch }
        if left == nil || right == nil { removals.append(position) }
        return join(left, right, position)
    }

    /// The tree of entries in ascending order of their keys.
    private mutating func build(_ entries: ArraySlice<StateTree.Change>) -> StateTreeBranch? {
        guard let first = entries.first, let last = entries.last else { return nil }
        if entries.count == 1 {
            return .leaf(key: first.key, valueHash: first.valueHash ?? .zero)
        }
        let bit = first.key.commonPrefixBitCount(with: last.key)
        let middle = entries.firstIndex { $0.key.bit(at: bit) } ?? entries.endIndex
        return join(
            build(entries[..<middle]), build(entries[middle...]), StateTreePosition(bit: bit, onTheWayTo: first.key))
    }

    private mutating func join(
        _ left: StateTreeBranch?, _ right: StateTreeBranch?, _ position: StateTreePosition
    ) -> StateTreeBranch? {
        guard let left else { return right }
        guard let right else { return left }
        let fork = StateTreeFork(position: position, left: left, right: right)
        puts.append(fork)
        return .fork(position, hash: fork.hash)
    }
}
