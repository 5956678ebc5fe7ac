import Node

/// A disk of which one change fails.
final class FaultyDisk: Disk {
    /// What happens at the failing operation.
    enum Fault: CaseIterable {
        /// The operation is not done, and everything after it works.
        case error
        /// The operation is not done, and nothing works any more: the process is as good as dead.
        case death
        /// The operation is done, but reported as failed; nothing works any more.
        case lateDeath
    }

    struct Failure: Error {}

    private let inner: any Disk
    private let fault: Fault
    private let failingOperation: Int
    private(set) var operationCount = 0
    private var isDead = false

    init(_ inner: any Disk, fault: Fault, failingOperation: Int) {
        self.inner = inner
        self.fault = fault
        self.failingOperation = failingOperation
    }

    private func change(_ operation: () throws -> Void) throws {
        guard !isDead else { throw Failure() }
        operationCount += 1
        guard operationCount == failingOperation else { return try operation() }
        switch fault {
        case .error: break
        case .death: isDead = true
        case .lateDeath:
            isDead = true
            try operation()
        }
        throw Failure()
    }

    func value(in table: DiskTable, for key: [UInt8]) throws -> [UInt8]? {
        guard !isDead else { throw Failure() }
        return try inner.value(in: table, for: key)
    }

    func forEach(in table: DiskTable, _ body: ([UInt8], [UInt8]) throws -> Void) throws {
        guard !isDead else { throw Failure() }
        try inner.forEach(in: table, body)
    }

    func begin() throws { try change { try inner.begin() } }
    func put(_ value: [UInt8], in table: DiskTable, for key: [UInt8]) throws {
        try change { try inner.put(value, in: table, for: key) }
    }
    func remove(_ key: [UInt8], from table: DiskTable) throws {
        try change { try inner.remove(key, from: table) }
    }
    func commit() throws { try change { try inner.commit() } }
    func rollback() throws { if !isDead { try inner.rollback() } }
    func close() { inner.close() }
}
