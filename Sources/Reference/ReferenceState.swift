import Crypto
import Numerics
import Semantics

/// Everything the reference world remembers, as one value: undoing is assigning an older one.
struct ReferenceState {
    struct BalanceKey: Hashable {
        let owner: Bytes32
        let asset: Bytes32
    }

    struct Instance {
        let contract: ContractID
        var fields: [FieldStore]
    }

    var height = 1
    var deploymentCount: UInt64 = 0 { didSet { isChanged = true } }
    var instances: [Bytes32: Instance] = [:] { didSet { isChanged = true } }
    var balances: [BalanceKey: BigInt] = [:] { didSet { isChanged = true } }
    var supplies: [Bytes32: BigInt] = [:] { didSet { isChanged = true } }
    var events: [EventRecord] = [] { didSet { isChanged = true } }
    /// Set by every change but that of the height, until a transaction ends.
    var isChanged = false
    /// Another number for every transaction that changed something; equal numbers mean equal contents.
    var revision = 0
}

/// The entries of one state field.
struct FieldStore {
    struct Entry {
        let keys: [Value]
        var value: Value
    }

    /// By the canonical encoding of all keys.
    private var entries: [[UInt8]: Entry] = [:]
    /// By the encoding of all keys but the last: the entries beneath in insertion order. Removing moves the last one
    /// into the gap.
    private var order: [[UInt8]: [[UInt8]]] = [:]

    func value(_ keys: [Value]) -> Value? {
        entries[Self.encode(keys)]?.value
    }

    func entries(under prefix: [Value]) -> [Entry] {
        (order[Self.encode(prefix)] ?? []).compactMap { entries[$0] }
    }

    /// The last key of the entry at a position under the others.
    func key(_ position: Int, under prefix: [Value]) -> Value? {
        guard let siblings = order[Self.encode(prefix)], siblings.indices.contains(position) else { return nil }
        return entries[siblings[position]]?.keys.last
    }

    /// Whether there was room: at most `capacity` entries share all keys but the last.
    mutating func write(_ keys: [Value], _ value: Value, capacity: Int?) -> Bool {
        let key = Self.encode(keys)
        if entries[key] == nil {
            let prefix = Self.encode(Array(keys.dropLast()))
            if let capacity, order[prefix, default: []].count >= capacity { return false }
            order[prefix, default: []].append(key)
        }
        entries[key] = Entry(keys: keys, value: value)
        return true
    }

    mutating func remove(_ keys: [Value]) {
        let key = Self.encode(keys)
        guard entries.removeValue(forKey: key) != nil else { return }
        let prefix = Self.encode(Array(keys.dropLast()))
        guard var siblings = order[prefix], let position = siblings.firstIndex(of: key) else { return }
        siblings[position] = siblings[siblings.count - 1]
        siblings.removeLast()
        order[prefix] = siblings
    }

    var counts: [Int] { order.values.map(\.count) }

    /// All entries, by encoded keys.
    var sorted: [Entry] {
        entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
    }

    /// Keys are of key types, which all have encodings.
    private static func encode(_ keys: [Value]) -> [UInt8] { CanonicalEncoding.encode(all: keys) ?? [] }
}
