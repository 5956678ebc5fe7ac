import Crypto
import Ledger
import TestSupport
import Testing

/// A tree kept in memory, exactly what the updates leave.
struct MemoryTree: StateTreeReader {
    var root: [UInt8]?
    var records: [StateTreePosition: [UInt8]] = [:]

    func stateTreeRootRecord() throws -> [UInt8]? { root }
    func stateTreeForkRecord(at position: StateTreePosition) throws -> [UInt8]? { records[position] }

    mutating func apply(_ update: StateTreeUpdate) {
        for position in update.removals { records[position] = nil }
        for fork in update.puts { records[fork.position] = fork.record }
        root = update.rootBranch?.record
    }
}

/// The tree's definition, by recursion over whole sets: the oracle of the incremental updates.
enum NaiveTree {
    static func root(_ entries: [(key: [UInt8], value: [UInt8])]) -> Hash {
        let sorted = entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        return sorted.isEmpty ? .zero : node(sorted, depth: 0)
    }

    private static func bit(_ key: [UInt8], _ index: Int) -> Bool { key[index / 8] & (0x80 >> UInt8(index % 8)) != 0 }

    private static func node(_ entries: [(key: [UInt8], value: [UInt8])], depth: Int) -> Hash {
        if entries.count == 1 {
            let digest = Blake2b.hash([18] + Array("agon.state.value.1".utf8) + entries[0].value)
            return Blake2b.hash([0] + entries[0].key + digest.bytes)
        }
        let zeros = entries.filter { !bit($0.key, depth) }
        let ones = entries.filter { bit($0.key, depth) }
        if zeros.isEmpty || ones.isEmpty { return node(entries, depth: depth + 1) }
        var prefix = entries[0].key
        for index in depth..<256 { prefix[index / 8] &= ~(0x80 >> UInt8(index % 8)) }
        return Blake2b.hash(
            [1, UInt8(depth)] + prefix + node(zeros, depth: depth + 1).bytes + node(ones, depth: depth + 1).bytes)
    }
}

@Suite struct StateTreeTests {
    /// Keys that collide in long prefixes as well as random ones.
    static func key(_ generator: inout SplitMix64) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: 32)
        switch generator.below(3) {
        case 0: key = generator.bytes(count: 32)
        case 1: key[generator.below(32)] = UInt8(1 << generator.below(8))
        default: key[31] = UInt8(generator.below(16))
        }
        return key
    }

    @Test(arguments: [31, 32, 33] as [UInt64])
    func updatesAgreeWithTheDefinition(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var entries: [Bytes32: [UInt8]] = [:]
        var tree = MemoryTree()
        var root = StateTree.emptyRoot
        for round in 0..<60 {
            var changes: [Bytes32: [UInt8]?] = [:]
            for _ in 0..<generator.below(12) {
                let fresh = try #require(Bytes32(Self.key(&generator)))
                let known = entries.keys.sorted()
                let key = generator.below(2) == 0 || known.isEmpty ? fresh : known[generator.below(known.count)]
                let removes = generator.below(5) < (round > 40 ? 4 : 2)
                changes[key] = .some(removes ? nil : generator.bytes(count: generator.below(40)))
            }
            let update = try StateTree.update(
                root: root,
                changes: changes.keys.sorted().map { key in
                    StateTree.Change(key: key, valueHash: changes[key]!.map { StateTree.hash(ofValue: $0) })
                },
                tree: tree)
            for (key, value) in changes { entries[key] = value }
            tree.apply(update)
            root = update.root
            var built: [StateTreePosition: [UInt8]] = [:]
            var builder = StateTreeBuilder { built[$0.position] = $0.record }
            for key in entries.keys.sorted() {
                let isAscending = builder.add(key: key, value: entries[key] ?? [])
                #expect(isAscending)
            }
            let builtRoot = builder.finish()
            #expect(builtRoot?.hash ?? .zero == root, "round \(round) of seed \(seed)")
            #expect(built == tree.records, "round \(round) of seed \(seed)")
            #expect(builtRoot?.record == tree.root, "round \(round) of seed \(seed)")
            let expected = NaiveTree.root(entries.map { (key: $0.key.bytes, value: $0.value) })
            #expect(root == expected, "round \(round) of seed \(seed)")
            // A binary tree of n leaves has n − 1 forks: nothing is lost and nothing is left behind.
            #expect(tree.records.count == max(0, entries.count - 1), "round \(round) of seed \(seed)")

            for _ in 0..<4 {
                let known = entries.keys.sorted()
                let fresh = try #require(Bytes32(Self.key(&generator)))
                let key = known.isEmpty || generator.below(2) == 0 ? fresh : known[generator.below(known.count)]
                let proof = try StateTree.prove(root: root, key: key, tree: tree)
                #expect(proof.proves(key: key, value: entries[key], root: root), "round \(round) of seed \(seed)")
                #expect(try StateProof.decode(proof.encoded()) == proof)
                let digest = try StateTree.valueHash(root: root, key: key, tree: tree)
                #expect(digest == entries[key].map { StateTree.hash(ofValue: $0) })
            }
        }
    }

    @Test func wrongClaimsAreRefused() throws {
        var generator = SplitMix64(seed: 34)
        var tree = MemoryTree()
        let keys = try (0..<50).map { _ in try #require(Bytes32(generator.bytes(count: 32))) }.sorted()
        let update = try StateTree.update(
            root: .zero,
            changes: keys.map { StateTree.Change(key: $0, valueHash: StateTree.hash(ofValue: $0.bytes)) },
            tree: tree)
        tree.apply(update)
        let root = update.root
        for key in keys {
            let proof = try StateTree.prove(root: root, key: key, tree: tree)
            #expect(proof.proves(key: key, value: key.bytes, root: root))
            #expect(!proof.proves(key: key, value: nil, root: root))
            #expect(!proof.proves(key: key, value: [1], root: root))
            #expect(!proof.proves(key: key, value: key.bytes, root: .zero))
            // No proof made of parts of a true one denies a key that is there, or shows another value.
            for other in keys where other != key {
                let foreign = try StateTree.prove(root: root, key: other, tree: tree)
                #expect(!foreign.proves(key: key, value: nil, root: root))
                #expect(!foreign.proves(key: key, value: other.bytes, root: root))
            }
            var encoded = proof.encoded()
            for _ in 0..<30 {
                let position = generator.below(encoded.count)
                let old = encoded[position]
                encoded[position] ^= UInt8(1 << generator.below(8))
                if let changed = try? StateProof.decode(encoded) {
                    #expect(!changed.proves(key: key, value: key.bytes, root: root))
                    #expect(!changed.proves(key: key, value: nil, root: root))
                }
                encoded[position] = old
            }
        }
    }

    @Test func damagedForksAreErrors() throws {
        var generator = SplitMix64(seed: 35)
        var tree = MemoryTree()
        let keys = try (0..<20).map { _ in try #require(Bytes32(generator.bytes(count: 32))) }.sorted()
        let update = try StateTree.update(
            root: .zero, changes: keys.map { StateTree.Change(key: $0, valueHash: .zero) }, tree: tree)
        tree.apply(update)
        func proveAll(_ damaged: MemoryTree) throws {
            for key in keys { _ = try StateTree.prove(root: update.root, key: key, tree: damaged) }
        }
        try proveAll(tree)
        for (position, record) in tree.records {
            var changed = record
            changed[generator.below(record.count)] ^= 1
            for damage in [nil, Array(record.dropLast()), record + [0], changed, []] as [[UInt8]?] {
                var damaged = tree
                damaged.records[position] = damage
                #expect(throws: StateTreeError.self) { try proveAll(damaged) }
            }
        }
        var damaged = tree
        damaged.root = nil
        #expect(throws: StateTreeError.damagedRoot(update.root)) { try proveAll(damaged) }
        damaged.root = StateTreeBranch.leaf(key: keys[0], valueHash: .zero).record
        #expect(throws: StateTreeError.damagedRoot(update.root)) { try proveAll(damaged) }
        #expect(throws: DecodingError.self) { try StateProof.decode([]) }
        for _ in 0..<500 {
            _ = try? StateProof.decode(generator.bytes(count: generator.below(120)))
        }
    }
}
