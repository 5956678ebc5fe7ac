import CSQLite
import ChainWorkload
import Crypto
import Ledger
import Node
import TestSupport
import Testing

/// Every single write of a workload fails in turn; whatever happens, the chain opens at a committed block.
@Suite(.serialized) struct FaultSweepTests {
    static let firstHeight: UInt64 = 14
    static let blockCount: UInt64 = 2

    /// A closed database at ``firstHeight``.
    static func preparedDatabase() throws -> [UInt8] {
        let scratch = try ScratchDirectory(inMemory: true)
        let chain = try Chain.create(
            directory: scratch.path, genesis: try Workload.genesis(), engine: ToyEngine(), clock: ManualClock())
        while chain.head.height < firstHeight { try Workload.step(chain) }
        chain.close()
        return try scratch.read(Chain.databaseName)
    }

    /// Runs the workload on a disk until it fails or ends; returns the blocks seen as committed.
    private func run(on disk: any Disk) -> UInt64? {
        guard let chain = try? Chain.open(disk: disk, engine: ToyEngine(), clock: ManualClock()) else { return nil }
        do {
            for _ in 0..<Self.blockCount { try Workload.step(chain) }
        } catch {
            // What was reported as failed stays failed until the chain is opened anew.
            #expect(throws: StoreError.failedBefore) { try chain.produceBlock() }
        }
        let height = chain.head.height
        chain.close()
        return height
    }

    private func checkRecovery(
        _ scratch: ScratchDirectory, twin: UncrashedTwin, seen: UInt64, mayHaveOneMore: Bool, _ comment: Comment
    ) throws {
        let chain = try Chain.open(directory: scratch.path, engine: ToyEngine(), clock: ManualClock())
        let height = chain.head.height
        #expect(height == seen || (mayHaveOneMore && height == seen + 1), comment)
        #expect(try chain.head == twin.header(at: height), comment)
        try Workload.step(chain)
        #expect(try chain.head == twin.header(at: height + 1), comment)
        chain.close()
    }

    @Test func everyDiskOperation() throws {
        let prepared = try Self.preparedDatabase()
        let twin = try UncrashedTwin()
        var sweptCount = 0
        for fault in FaultyDisk.Fault.allCases {
            var failing = 1
            while true {
                let scratch = try ScratchDirectory(inMemory: true)
                try scratch.write(prepared, to: Chain.databaseName)
                let disk = FaultyDisk(
                    try SQLiteDisk(path: scratch.file(Chain.databaseName), creates: false), fault: fault,
                    failingOperation: failing)
                let seen = try #require(run(on: disk))
                if disk.operationCount < failing { break }
                try checkRecovery(
                    scratch, twin: twin, seen: seen, mayHaveOneMore: fault == .lateDeath,
                    "\(fault) at operation \(failing)")
                sweptCount += 1
                failing += 1
            }
        }
        #expect(sweptCount > 150)
        print("fault sweep: \(sweptCount) disk operations failed, each reopened at a committed block")
    }

    @Test func everyFileOperation() throws {
        #expect(FaultyFileSystem.registered)
        let prepared = try Self.preparedDatabase()
        let twin = try UncrashedTwin()
        var sweptCount = 0
        for tearsWrites in [false, true] {
            var failing = 1
            while true {
                let scratch = try ScratchDirectory(inMemory: true)
                try scratch.write(prepared, to: Chain.databaseName)
                FaultyFileSystem.reset(failingOperation: 0, tearsWrites: false)
                let disk = try SQLiteDisk(
                    path: scratch.file(Chain.databaseName), creates: false, fileSystem: FaultyFileSystem.name)
                FaultyFileSystem.reset(failingOperation: failing, tearsWrites: tearsWrites)
                let seen = run(on: disk) ?? Self.firstHeight
                disk.close()
                let operationCount = FaultyFileSystem.operationCount
                FaultyFileSystem.reset(failingOperation: 0, tearsWrites: false)
                if operationCount < failing { break }
                try checkRecovery(
                    scratch, twin: twin, seen: seen, mayHaveOneMore: true,
                    "file operation \(failing), torn: \(tearsWrites)")
                sweptCount += 1
                failing += 1
            }
        }
        #expect(sweptCount > 40)
        print("fault sweep: \(sweptCount) file operations failed, each reopened at a committed block")
    }

    /// The power fails after every file operation in turn: unsynced writes are lost in a random choice. Every block
    /// reported as committed is still there.
    @Test func everyLossOfPower() throws {
        #expect(FaultyFileSystem.registered)
        let seed: UInt64 = 91
        var generator = SplitMix64(seed: seed)
        let prepared = try Self.preparedDatabase()
        let twin = try UncrashedTwin()
        var sweptCount = 0
        var lostCount = 0
        FaultyFileSystem.recordsUnsynced = true
        defer { FaultyFileSystem.recordsUnsynced = false }
        for losesAll in [true, false, false] {
            var failing = 1
            while true {
                let scratch = try ScratchDirectory(inMemory: true)
                try scratch.write(prepared, to: Chain.databaseName)
                FaultyFileSystem.reset(failingOperation: 0, tearsWrites: false)
                let disk = try SQLiteDisk(
                    path: scratch.file(Chain.databaseName), creates: false, fileSystem: FaultyFileSystem.name)
                let chain = try Chain.open(disk: disk, engine: ToyEngine(), clock: ManualClock())
                FaultyFileSystem.reset(failingOperation: failing, tearsWrites: false)
                for _ in 0..<Self.blockCount {
                    guard (try? Workload.step(chain)) != nil else { break }
                }
                let seen = chain.head.height
                let operationCount = FaultyFileSystem.operationCount
                lostCount += FaultyFileSystem.losePower { losesAll || generator.below(2) == 0 }
                // What is in memory is gone, so the files are taken as they are now.
                let after = try ScratchDirectory(inMemory: true)
                for name in [Chain.databaseName, Chain.databaseName + "-wal"] {
                    if let bytes = try? scratch.read(name) { try after.write(bytes, to: name) }
                }
                chain.close()
                FaultyFileSystem.reset(failingOperation: 0, tearsWrites: false)
                if operationCount < failing { break }
                try checkRecovery(
                    after, twin: twin, seen: seen, mayHaveOneMore: true,
                    "power lost at operation \(failing), seed \(seed)")
                sweptCount += 1
                failing += 1
            }
        }
        #expect(sweptCount > 40)
        #expect(lostCount > 40)
        print("fault sweep: power lost \(sweptCount) times with \(lostCount) unsynced writes, each reopened")
    }

    /// Creation is one change as well: it fails as a whole and can be tried again.
    @Test func everyOperationOfCreation() throws {
        let genesis = try Workload.genesis()
        for failing in 1..<100 {
            let scratch = try ScratchDirectory(inMemory: true)
            let disk = FaultyDisk(
                try SQLiteDisk(path: scratch.file(Chain.databaseName), creates: true), fault: .death,
                failingOperation: failing)
            let made = try? Chain.create(disk: disk, genesis: genesis, engine: ToyEngine(), clock: ManualClock())
            made?.close()
            if made != nil {
                #expect(failing > 10)
                break
            }
            #expect(throws: StoreError.noChain(directory: scratch.path)) {
                try Chain.open(directory: scratch.path, engine: ToyEngine())
            }
            let chain = try Chain.create(directory: scratch.path, genesis: genesis, engine: ToyEngine())
            #expect(try chain.head == UncrashedTwin().header(at: 0))
            chain.close()
        }
    }
}
