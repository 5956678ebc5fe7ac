import CSQLite
import Glibc

/// A file system for SQLite in which one write, sync or truncation fails and, from then on, all of them: what a disk
/// that fills up or goes away looks like from below the database. It can also lose what was written and not yet synced,
/// as a power failure does.
enum FaultyFileSystem {
    static let name = "agon-faulty"

    // SQLite composes these codes in macros that are not imported.
    private static let writeError = SQLITE_IOERR | 3 << 8
    private static let syncError = SQLITE_IOERR | 4 << 8
    private static let truncationError = SQLITE_IOERR | 6 << 8

    /// The operation that fails first; zero: none.
    nonisolated(unsafe) static var failingOperation = 0
    /// Whether a failing write still writes its first half, as a torn page does.
    nonisolated(unsafe) static var tearsWrites = false
    nonisolated(unsafe) private(set) static var operationCount = 0

    nonisolated(unsafe) private static var base: UnsafeMutablePointer<sqlite3_vfs>!
    nonisolated(unsafe) private static var fileSystem = sqlite3_vfs()
    /// The methods of real files; all of them share one table for the same kind of file.
    nonisolated(unsafe) private static var tables: [(real: Methods, ours: UnsafeMutablePointer<sqlite3_io_methods>)] =
        []

    private typealias Methods = UnsafePointer<sqlite3_io_methods>

    /// Makes the name known to SQLite.
    static let registered: Bool = {
        base = sqlite3_vfs_find(nil)
        fileSystem = base.pointee
        fileSystem.pNext = nil
        fileSystem.zName = UnsafePointer(strdup(name))
        fileSystem.xOpen = { _, path, file, flags, outFlags in
            let status = FaultyFileSystem.base.pointee.xOpen(FaultyFileSystem.base, path, file, flags, outFlags)
            if status == SQLITE_OK, let file, let real = file.pointee.pMethods {
                file.pointee.pMethods = UnsafePointer(FaultyFileSystem.table(over: real))
            }
            return status
        }
        return sqlite3_vfs_register(&fileSystem, 0) == SQLITE_OK
    }()

    static func reset(failingOperation: Int, tearsWrites: Bool) {
        self.failingOperation = failingOperation
        self.tearsWrites = tearsWrites
        operationCount = 0
        unsynced = []
    }

    // MARK: Loss of power

    /// What a region of a file held before a write that was not synced yet.
    private struct UnsyncedWrite {
        let file: UnsafeMutablePointer<sqlite3_file>
        let offset: sqlite3_int64
        let before: [UInt8]
        let byteCount: Int
    }

    nonisolated(unsafe) private static var unsynced: [UnsyncedWrite] = []
    nonisolated(unsafe) static var recordsUnsynced = false

    /// Notes what a write is about to cover. What lies behind the end of the file reads as zeros.
    private static func note(
        _ file: UnsafeMutablePointer<sqlite3_file>, _ real: Methods, _ count: Int32, _ offset: sqlite3_int64
    ) {
        guard recordsUnsynced else { return }
        var before = [UInt8](repeating: 0, count: Int(count))
        _ = real.pointee.xRead(file, &before, count, offset)
        unsynced.append(UnsyncedWrite(file: file, offset: offset, before: before, byteCount: Int(count)))
    }

    /// Loses those unsynced writes that the closure picks; the files must still be open.
    static func losePower(losing: () -> Bool) -> Int {
        var lostCount = 0
        for write in unsynced.reversed() where losing() {
            guard let real = real(of: write.file) else { continue }
            _ = real.pointee.xWrite(write.file, write.before, Int32(write.byteCount), write.offset)
            lostCount += 1
        }
        unsynced = []
        return lostCount
    }

    /// Whether this operation fails.
    private static func fails() -> Bool {
        operationCount += 1
        return failingOperation > 0 && operationCount >= failingOperation
    }

    private static func real(of file: UnsafeMutablePointer<sqlite3_file>?) -> Methods? {
        tables.first { UnsafePointer($0.ours) == file?.pointee.pMethods }?.real
    }

    private static func table(over real: Methods) -> UnsafeMutablePointer<sqlite3_io_methods> {
        if let known = tables.first(where: { $0.real == real }) { return known.ours }
        let ours = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
        ours.initialize(to: real.pointee)
        ours.pointee.xWrite = { file, bytes, count, offset in
            guard let real = FaultyFileSystem.real(of: file) else { return FaultyFileSystem.writeError }
            if FaultyFileSystem.fails() {
                let isFirst = FaultyFileSystem.operationCount == FaultyFileSystem.failingOperation
                if FaultyFileSystem.tearsWrites && isFirst {
                    _ = real.pointee.xWrite(file, bytes, count / 2, offset)
                }
                return FaultyFileSystem.writeError
            }
            if let file { FaultyFileSystem.note(file, real, count, offset) }
            return real.pointee.xWrite(file, bytes, count, offset)
        }
        ours.pointee.xSync = { file, flags in
            guard let real = FaultyFileSystem.real(of: file), !FaultyFileSystem.fails() else {
                return FaultyFileSystem.syncError
            }
            FaultyFileSystem.unsynced.removeAll { $0.file == file }
            return real.pointee.xSync(file, flags)
        }
        ours.pointee.xTruncate = { file, size in
            guard let real = FaultyFileSystem.real(of: file), !FaultyFileSystem.fails() else {
                return FaultyFileSystem.truncationError
            }
            return real.pointee.xTruncate(file, size)
        }
        tables.append((real, ours))
        return ours
    }
}
