/// A ``Disk`` in memory, for chains that end with their process.
public final class MemoryDisk: Disk {
    private var tables: [DiskTable: [[UInt8]: [UInt8]]] = [:]
    private var undo: [(table: DiskTable, key: [UInt8], value: [UInt8]?)]?

    /// An empty disk.
    public init() {}

    public func value(in table: DiskTable, for key: [UInt8]) throws -> [UInt8]? {
        tables[table]?[key]
    }

    public func forEach(in table: DiskTable, _ body: (_ key: [UInt8], _ value: [UInt8]) throws -> Void) throws {
        let entries = tables[table] ?? [:]
        for key in entries.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            if let value = entries[key] { try body(key, value) }
        }
    }

    public func begin() throws {
        guard undo == nil else { throw StoreError.unavailable("a change is under way already") }
        undo = []
    }

    public func put(_ value: [UInt8], in table: DiskTable, for key: [UInt8]) throws {
        let old = tables[table, default: [:]].updateValue(value, forKey: key)
        undo?.append((table, key, old))
    }

    public func remove(_ key: [UInt8], from table: DiskTable) throws {
        let old = tables[table, default: [:]].removeValue(forKey: key)
        undo?.append((table, key, old))
    }

    public func commit() throws {
        undo = nil
    }

    public func rollback() throws {
        for step in (undo ?? []).reversed() {
            tables[step.table, default: [:]][step.key] = step.value
        }
        undo = nil
    }

    public func close() {}
}
