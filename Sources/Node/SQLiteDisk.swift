import CSQLite
import Crypto

/// A ``Disk`` in one SQLite file.
///
/// Write-ahead log with `synchronous=FULL`: a commit returns after the log is on the disk, and a process or machine
/// that dies at any moment leaves the last committed change.
public final class SQLiteDisk: Disk {
    private var database: OpaquePointer?
    private var statements: [String: OpaquePointer] = [:]

    private static let formatVersion = "1"
    /// Lets the `file` command and a careful reader know the format.
    private static let applicationID = 0x6167_6f6e

    /// Opens the file, or creates it when told to. Tests name a file system of their own, as SQLite calls them.
    public init(path: String, creates: Bool, fileSystem: String? = nil) throws(StoreError) {
        let flags = SQLITE_OPEN_READWRITE | (creates ? SQLITE_OPEN_CREATE : 0) | SQLITE_OPEN_FULLMUTEX
        let status = sqlite3_open_v2(path, &database, flags, fileSystem)
        do throws(StoreError) {
            guard status == SQLITE_OK else { throw error(status) }
            sqlite3_extended_result_codes(database, 1)
            sqlite3_busy_timeout(database, 2000)
            sqlite3_limit(database, SQLITE_LIMIT_LENGTH, 256 << 20)
            try execute("PRAGMA trusted_schema = OFF")
            try execute("PRAGMA cell_size_check = ON")
            try execute("PRAGMA journal_mode = WAL")
            try execute("PRAGMA synchronous = FULL")
            // A block touches pages all over the file: keep them, and fold the log back less often than by default.
            try execute("PRAGMA cache_size = -65536")
            try execute("PRAGMA wal_autocheckpoint = 4096")
            try checkFormat(creates: creates)
        } catch {
            close()
            throw error
        }
    }

    deinit {
        close()
    }

    public func close() {
        finalizeStatements()
        if let database {
            sqlite3_close_v2(database)
            self.database = nil
        }
    }

    // MARK: Disk

    public func value(in table: DiskTable, for key: [UInt8]) throws -> [UInt8]? {
        let statement = try prepare("SELECT value FROM \(table.rawValue) WHERE key = ?1")
        defer { sqlite3_reset(statement) }
        try bind(key, at: 1, of: statement)
        return try step(statement) ? column(0, of: statement) : nil
    }

    public func forEach(in table: DiskTable, _ body: (_ key: [UInt8], _ value: [UInt8]) throws -> Void) throws {
        let statement = try prepare("SELECT key, value FROM \(table.rawValue) ORDER BY key")
        defer { sqlite3_reset(statement) }
        while try step(statement) {
            try body(column(0, of: statement), column(1, of: statement))
        }
    }

    public func begin() throws {
        try run("BEGIN IMMEDIATE")
    }

    public func put(_ value: [UInt8], in table: DiskTable, for key: [UInt8]) throws {
        let statement = try prepare("INSERT OR REPLACE INTO \(table.rawValue) (key, value) VALUES (?1, ?2)")
        defer { sqlite3_reset(statement) }
        try bind(key, at: 1, of: statement)
        try bind(value, at: 2, of: statement)
        _ = try step(statement)
    }

    public func remove(_ key: [UInt8], from table: DiskTable) throws {
        let statement = try prepare("DELETE FROM \(table.rawValue) WHERE key = ?1")
        defer { sqlite3_reset(statement) }
        try bind(key, at: 1, of: statement)
        _ = try step(statement)
    }

    public func commit() throws {
        try run("COMMIT")
    }

    public func rollback() throws {
        // Some errors make SQLite roll back by itself.
        guard let database, sqlite3_get_autocommit(database) == 0 else { return }
        try run("ROLLBACK")
    }

    // MARK: Format

    private func checkFormat(creates: Bool) throws(StoreError) {
        let found = try integer("PRAGMA user_version")
        if found == 0 && creates {
            try execute("BEGIN IMMEDIATE")
            for table in DiskTable.allCases {
                try execute(
                    "CREATE TABLE IF NOT EXISTS \(table.rawValue) "
                        + "(key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL) WITHOUT ROWID")
            }
            try execute("PRAGMA application_id = \(SQLiteDisk.applicationID)")
            try execute("PRAGMA user_version = \(SQLiteDisk.formatVersion)")
            try execute("COMMIT")
        } else if String(found) != SQLiteDisk.formatVersion {
            throw .unknownFormat(String(found))
        } else if try integer("PRAGMA application_id") != Int64(SQLiteDisk.applicationID) {
            throw .unknownFormat("of another program")
        }
    }

    private func integer(_ query: String) throws(StoreError) -> Int64 {
        let statement = try prepare(query)
        defer { sqlite3_reset(statement) }
        return try step(statement) ? sqlite3_column_int64(statement, 0) : 0
    }

    // MARK: Statements

    private func run(_ command: String) throws(StoreError) {
        let statement = try prepare(command)
        defer { sqlite3_reset(statement) }
        _ = try step(statement)
    }

    private func execute(_ command: String) throws(StoreError) {
        let status = sqlite3_exec(database, command, nil, nil, nil)
        guard status == SQLITE_OK else { throw error(status) }
    }

    private func prepare(_ query: String) throws(StoreError) -> OpaquePointer {
        if let statement = statements[query] { return statement }
        guard let database else { throw .unavailable("the database is closed") }
        var statement: OpaquePointer?
        let status = sqlite3_prepare_v3(database, query, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
        guard status == SQLITE_OK, let statement else { throw error(status) }
        statements[query] = statement
        return statement
    }

    /// Whether there is a row.
    private func step(_ statement: OpaquePointer) throws(StoreError) -> Bool {
        let status = sqlite3_step(statement)
        switch status {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw error(status)
        }
    }

    private func bind(_ bytes: [UInt8], at index: Int32, of statement: OpaquePointer) throws(StoreError) {
        // SQLite copies the bytes: they move once the array does.
        let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        let status =
            bytes.isEmpty
            ? sqlite3_bind_zeroblob(statement, index, 0)
            : sqlite3_bind_blob64(statement, index, bytes, UInt64(bytes.count), copies)
        guard status == SQLITE_OK else { throw error(status) }
    }

    private func column(_ index: Int32, of statement: OpaquePointer) -> [UInt8] {
        guard let start = sqlite3_column_blob(statement, index) else { return [] }
        return Array(UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, index))))
    }

    private func finalizeStatements() {
        for (_, statement) in statements {
            sqlite3_finalize(statement)
        }
        statements = [:]
    }

    private func error(_ status: Int32) -> StoreError {
        let text = database.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(status))
        let reason = "\(text) (SQLite \(status))"
        switch status & 0xff {
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT, SQLITE_ERROR, SQLITE_SCHEMA, SQLITE_MISMATCH, SQLITE_TOOBIG:
            return .damaged(reason)
        default:
            return .unavailable(reason)
        }
    }
}
