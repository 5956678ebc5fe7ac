/// The tables of a chain's database; the raw value is the table's name.
public enum DiskTable: String, CaseIterable, Sendable {
    /// Names to facts about the whole chain.
    case facts
    /// Heights to headers.
    case headers
    /// Heights to blocks; blocks without transactions are left out.
    case blocks
    /// Heights to receipts; blocks without transactions are left out.
    case receipts
    /// Transaction ids to their height and index.
    case transactions
    /// State keys to values.
    case state
    /// Positions to forks of the state tree; the empty key to its root.
    case forks
}

/// Durable tables of bytes with one atomic commit: the only way to the disk, so that tests can make it fail.
///
/// Changes between `begin` and `commit` are seen by reads at once and last all or not at all. After an error the
/// caller rolls back or closes.
public protocol Disk: AnyObject {
    /// The value under a key.
    func value(in table: DiskTable, for key: [UInt8]) throws -> [UInt8]?
    /// Visits all entries of a table in ascending order of their keys.
    func forEach(in table: DiskTable, _ body: (_ key: [UInt8], _ value: [UInt8]) throws -> Void) throws
    /// Begins a change.
    func begin() throws
    /// Sets the value under a key.
    func put(_ value: [UInt8], in table: DiskTable, for key: [UInt8]) throws
    /// Removes a key, if it is there.
    func remove(_ key: [UInt8], from table: DiskTable) throws
    /// Makes the change last.
    func commit() throws
    /// Forgets the change.
    func rollback() throws
    /// Releases the files. Nothing else may be called afterwards.
    func close()
}
