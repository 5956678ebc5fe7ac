import ChainWorkload
import Crypto
import Foundation
import Ledger
import Node
import TestSupport
import Testing

@Suite struct DataDirectoryTests {
    private func create(in scratch: ScratchDirectory, blockCount: Int = 0) throws -> Chain {
        let chain = try Chain.create(
            directory: scratch.path, genesis: try Workload.genesis(), engine: ToyEngine(), clock: ManualClock())
        for _ in 0..<blockCount { try Workload.step(chain) }
        return chain
    }

    @Test func reopensWhereItWasClosed() throws {
        let scratch = try ScratchDirectory()
        var chain = try create(in: scratch, blockCount: 20)
        let head = chain.head
        let twin = try UncrashedTwin()
        #expect(try head == twin.header(at: 20))
        chain.close()
        #expect(throws: StoreError.failedBefore) { try chain.produceBlock() }
        chain = try Chain.open(directory: scratch.path, engine: ToyEngine(), clock: ManualClock())
        #expect(chain.head == head)
        #expect(chain.genesis == (try Workload.genesis()))
        try Workload.step(chain)
        #expect(try chain.head == twin.header(at: 21))
        try chain.verifyHistory()
        let receipts = try #require(try chain.receipts(at: 20))
        for receipt in receipts {
            #expect(try chain.receipt(of: receipt.transactionID)?.receipt == receipt)
        }
        #expect(!receipts.isEmpty)
    }

    @Test func directoryErrorsHaveCodes() throws {
        let scratch = try ScratchDirectory()
        let genesis = try Workload.genesis()
        #expect(throws: StoreError.noChain(directory: scratch.path)) {
            try Chain.open(directory: scratch.path, engine: ToyEngine())
        }
        let chain = try create(in: scratch)
        #expect(throws: StoreError.locked(directory: scratch.path)) {
            try Chain.open(directory: scratch.path, engine: ToyEngine())
        }
        chain.close()
        #expect(throws: StoreError.chainExists(directory: scratch.path)) {
            try Chain.create(directory: scratch.path, genesis: genesis, engine: ToyEngine())
        }
        try Chain.open(directory: scratch.path, engine: ToyEngine()).close()
        // Directories are made, but not through files.
        try Chain.create(directory: scratch.file("a/b/c"), genesis: genesis, engine: ToyEngine()).close()
        try scratch.write([1], to: "plain")
        #expect(throws: StoreError.self) {
            try Chain.create(directory: scratch.file("plain/x"), genesis: genesis, engine: ToyEngine())
        }
    }

    /// Bytes of the file are changed: the chain opens at its root, or there is an error with a code.
    @Test func mutatedFiles() throws {
        let seed: UInt64 = 71
        var generator = SplitMix64(seed: seed)
        let source = try ScratchDirectory()
        try create(in: source, blockCount: 30).close()
        let bytes = try source.read(Chain.databaseName)
        let twin = try UncrashedTwin()
        var refusedCount = 0
        for round in 0..<250 {
            let scratch = try ScratchDirectory()
            var mutant = bytes
            switch round % 5 {
            case 0: mutant = Array(bytes.prefix(generator.below(bytes.count)))
            case 1: mutant = generator.bytes(count: generator.below(5000))
            case 2:
                let start = generator.below(bytes.count)
                for index in start..<min(bytes.count, start + 4096) { mutant[index] = 0 }
            default:
                for _ in 0..<(1 + generator.below(20)) {
                    mutant[generator.below(bytes.count)] ^= UInt8(1 << generator.below(8))
                }
            }
            try scratch.write(mutant, to: Chain.databaseName)
            do {
                let chain = try Chain.open(directory: scratch.path, engine: ToyEngine(), clock: ManualClock())
                #expect(try chain.head == twin.header(at: 30), "round \(round) of seed \(seed)")
                // Old blocks may be damaged; reading them says so. New ones are right or fail.
                do {
                    try chain.verifyHistory()
                    try Workload.step(chain)
                    #expect(try chain.head == twin.header(at: 31), "round \(round) of seed \(seed)")
                } catch let error as any CodedError {
                    #expect(!error.code.isEmpty)
                    refusedCount += 1
                }
                chain.close()
            } catch let error as any CodedError {
                #expect(error.code.hasPrefix("chain."), "round \(round) of seed \(seed): \(error)")
                refusedCount += 1
            }
        }
        #expect(refusedCount > 150)
    }

    /// Entries are changed behind the chain's back, in well-formed files.
    @Test func forgedEntriesAreFound() throws {
        let source = try ScratchDirectory()
        try create(in: source, blockCount: 15).close()
        let bytes = try source.read(Chain.databaseName)
        for table in DiskTable.allCases where table != .transactions {
            let scratch = try ScratchDirectory()
            try scratch.write(bytes, to: Chain.databaseName)
            let disk = try SQLiteDisk(path: scratch.file(Chain.databaseName), creates: false)
            var entries: [(key: [UInt8], value: [UInt8])] = []
            try disk.forEach(in: table) { entries.append(($0, $1)) }
            let entry = try #require(entries.last)
            var forged = entry.value
            forged[forged.count - 1] ^= 1
            try disk.begin()
            try disk.put(forged, in: table, for: entry.key)
            try disk.commit()
            disk.close()
            #expect(throws: StoreError.self, "\(table)") {
                let chain = try Chain.open(directory: scratch.path, engine: ToyEngine())
                defer { chain.close() }
                try chain.verifyHistory()
            }
        }
    }

    /// Random and mutated transactions never stop or change the chain.
    @Test func hostileTransactions() throws {
        var generator = SplitMix64(seed: 72)
        let chain = try Chain.inMemory(
            genesis: try Workload.genesis(), engine: ToyEngine(), clock: ManualClock())
        try Workload.step(chain)
        let root = chain.head.stateRoot
        for _ in 0..<1500 {
            let valid = try #require(
                try Workload.transaction(
                    chain, Workload.keys[generator.below(6)],
                    .transfer(recipient: .zero, asset: .nativeCoin, amount: Amount(1))))
            let bytes =
                generator.below(3) == 0
                ? generator.bytes(count: generator.below(300)) : Mutation.mutate(valid.encoded(), &generator)
            guard bytes != valid.encoded() else { continue }
            #expect(throws: TransactionError.self) { try chain.submit(encoded: bytes) }
        }
        try chain.produceBlock()
        #expect(chain.head.stateRoot == root)
    }
}
