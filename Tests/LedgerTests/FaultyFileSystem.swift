import CSQLite
import Glibc

/// A file system for SQLite in which one write, sync or truncation fails and, from then on, all of them: what a disk
/// that fills up or goes away looks like from below the database.
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
            return real.pointee.xWrite(file, bytes, count, offset)
        }
        ours.pointee.xSync = { file, flags in
            guard let real = FaultyFileSystem.real(of: file), !FaultyFileSystem.fails() else {
                return FaultyFileSystem.syncError
            }
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
