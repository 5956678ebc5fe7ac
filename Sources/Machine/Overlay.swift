import Crypto
import Verifier

/// An entry of state as a transaction sees it.
struct OverlayEntry {
    static let present: UInt32 = 1
    static let dirty: UInt32 = 2
    /// Bytes from the entry to its cell.
    static let cellOffset = 64

    var key: Bytes32
    /// Number of the contract in the transaction; 0 is the machine's own books.
    var contract: UInt32
    /// Slot and part; in the books kind and asset.
    var slot: UInt32
    var flags: UInt32
    /// The checkpoint within which it was last written.
    var epoch: UInt32
    /// The newest checkpoint within which its reading was paid.
    var touched: UInt32
    /// Objects: what reading the value out of state takes of memory, in bytes, and of gas beside the access; the gas is
    /// negative until they are worked out.
    var loadingBytes: UInt32
    var loadingGas: Int64
    var word: Int64
    var home: (UInt64, UInt64, UInt64, UInt64)
}

/// An entry's value before a write.
struct JournalRecord {
    var index: UInt32
    var flags: UInt32
    var epoch: UInt32
    var loadingBytes: UInt32
    var loadingGas: Int64
    var word: Int64
    var home: (UInt64, UInt64, UInt64, UInt64)
}

/// The entries of state that a transaction has met, by contract, slot and key.
///
/// Open addressing over a dense array that never moves. A seed unknown to contracts keeps chosen keys from colliding;
/// no result depends on it, for nothing is ever enumerated but the dense array in order of first access.
struct Overlay {
    /// Most entries of one transaction.
    static let entryLimit = 1 << 20
    /// Most noted values of one transaction; only checkpoints within checkpoints note an entry twice.
    static let journalLimit = 1 << 21
    /// Most checkpoints of one transaction; a count of them fits the high half of a word with room for a sign.
    static let epochLimit = UInt32(Int32.max)
    private static let smallTable = 1_024

    private(set) var entries: UnsafeMutablePointer<OverlayEntry>
    private(set) var count = 0
    /// High half: bits of the hash; low half: index of the entry plus one; 0 is free.
    private var table: UnsafeMutablePointer<UInt64>
    private var mask: Int
    private let seed: (UInt64, UInt64)

    var journal: UnsafeMutablePointer<JournalRecord>
    var journalCount = 0
    private var journalCapacity = 256
    /// 0 outside any checkpoint.
    var epoch: UInt32 = 0
    private var lastEpoch: UInt32 = 0

    init(seed: UInt64) {
        entries = .allocate(capacity: Overlay.entryLimit)
        table = .allocate(capacity: Overlay.smallTable)
        table.initialize(repeating: 0, count: Overlay.smallTable)
        mask = Overlay.smallTable - 1
        journal = .allocate(capacity: journalCapacity)
        // Two words out of one by the finaliser of SplitMix64.
        func mix(_ value: UInt64) -> UInt64 {
            var bits = value
            bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
            bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
            return bits ^ (bits >> 31)
        }
        self.seed = (mix(seed &+ 0x9E37_79B9_7F4A_7C15), mix(seed &+ 0x3C6E_F372_FE94_F82A))
    }

    func deallocate() {
        entries.deallocate()
        table.deallocate()
        journal.deallocate()
    }

    /// Forgets the transaction.
    mutating func reset() {
        if mask + 1 > 64 * Overlay.smallTable {
            table.deallocate()
            table = .allocate(capacity: Overlay.smallTable)
            mask = Overlay.smallTable - 1
        }
        if count > 0 { table.initialize(repeating: 0, count: mask + 1) }
        count = 0
        journalCount = 0
        epoch = 0
        lastEpoch = 0
    }

    // MARK: Finding

    @inline(__always)
    private func hash(_ contract: UInt32, _ slot: UInt32, _ key: Bytes32) -> UInt64 {
        let place = UInt64(contract) << 32 | UInt64(slot)
        let first = (key.word0 ^ seed.0).multipliedFullWidth(by: key.word1 ^ seed.1)
        let second = (key.word2 ^ seed.1).multipliedFullWidth(by: key.word3 ^ seed.0 ^ place)
        let mixed = (first.high ^ first.low ^ place) &+ (second.high ^ second.low)
        let last = (mixed ^ seed.0).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
        return last.high ^ last.low
    }

    /// The entry, or nil when the transaction has not met it.
    @inline(__always)
    func find(_ contract: UInt32, _ slot: UInt32, _ key: Bytes32) -> UnsafeMutablePointer<OverlayEntry>? {
        let hash = hash(contract, slot, key)
        var position = Int(truncatingIfNeeded: hash) & mask
        while true {
            let value = table[position]
            if value == 0 { return nil }
            if (value ^ hash) >> 32 == 0 {
                let entry = entries + (Int(truncatingIfNeeded: value & 0xFFFF_FFFF) &- 1)
                if entry.pointee.key == key && entry.pointee.slot == slot && entry.pointee.contract == contract {
                    return entry
                }
            }
            position = (position &+ 1) & mask
        }
    }

    /// A new entry, absent and clean; nil at the limit.
    mutating func insert(
        _ contract: UInt32, _ slot: UInt32, _ key: Bytes32
    ) -> UnsafeMutablePointer<OverlayEntry>? {
        if count == Overlay.entryLimit { return nil }
        if 2 * count > mask { grow() }
        let entry = entries + count
        entry.initialize(
            to: OverlayEntry(
                key: key, contract: contract, slot: slot, flags: 0, epoch: 0, touched: epoch, loadingBytes: 0,
                loadingGas: -1, word: 0, home: (0, 0, 0, 0)))
        count += 1
        place(hash(contract, slot, key), count)
        return entry
    }

    /// Takes back the newest entry, whose value could not be read: it must not pass for absent.
    mutating func removeNewest() {
        let entry = entries[count - 1]
        var position = Int(truncatingIfNeeded: hash(entry.contract, entry.slot, entry.key)) & mask
        while table[position] & 0xFFFF_FFFF != UInt64(count) { position = (position &+ 1) & mask }
        // It was placed last, so no search for another entry passes its place.
        table[position] = 0
        count -= 1
    }

    private func place(_ hash: UInt64, _ number: Int) {
        var position = Int(truncatingIfNeeded: hash) & mask
        while table[position] != 0 { position = (position &+ 1) & mask }
        table[position] = (hash >> 32) << 32 | UInt64(number)
    }

    private mutating func grow() {
        let capacity = 4 * (mask + 1)
        table.deallocate()
        table = .allocate(capacity: capacity)
        table.initialize(repeating: 0, count: capacity)
        mask = capacity - 1
        for index in 0..<count {
            place(hash(entries[index].contract, entries[index].slot, entries[index].key), index + 1)
        }
    }

    // MARK: Undoing

    /// Begins a checkpoint; the value is for `rollBack` and `close`. Nil when there have been too many.
    mutating func open() -> (epoch: UInt32, journalCount: Int)? {
        guard lastEpoch < Overlay.epochLimit else { return nil }
        let mark = (epoch, journalCount)
        lastEpoch += 1
        epoch = lastEpoch
        return mark
    }

    /// Keeps what was written within the checkpoint.
    mutating func close(_ mark: (epoch: UInt32, journalCount: Int)) {
        epoch = mark.epoch
        if epoch == 0 { journalCount = 0 }
    }

    /// Restores what was written within the checkpoint.
    mutating func rollBack(_ mark: (epoch: UInt32, journalCount: Int)) {
        while journalCount > mark.journalCount {
            journalCount -= 1
            let record = journal[journalCount]
            let entry = entries + Int(record.index)
            entry.pointee.flags = record.flags
            entry.pointee.epoch = record.epoch
            entry.pointee.loadingBytes = record.loadingBytes
            entry.pointee.loadingGas = record.loadingGas
            entry.pointee.word = record.word
            entry.pointee.home = record.home
        }
        epoch = mark.epoch
    }

    /// Whether a write of the entry must be noted first.
    @inline(__always)
    func needsNote(_ entry: UnsafeMutablePointer<OverlayEntry>) -> Bool {
        epoch != 0 && entry.pointee.epoch != epoch
    }

    /// Notes the value; false at the limit.
    mutating func note(_ entry: UnsafeMutablePointer<OverlayEntry>) -> Bool {
        if journalCount == journalCapacity {
            if journalCount >= Overlay.journalLimit { return false }
            let grown = UnsafeMutablePointer<JournalRecord>.allocate(capacity: 2 * journalCapacity)
            grown.moveInitialize(from: journal, count: journalCount)
            journal.deallocate()
            journal = grown
            journalCapacity *= 2
        }
        (journal + journalCount).initialize(
            to: JournalRecord(
                index: UInt32(entry - entries), flags: entry.pointee.flags, epoch: entry.pointee.epoch,
                loadingBytes: entry.pointee.loadingBytes, loadingGas: entry.pointee.loadingGas,
                word: entry.pointee.word, home: entry.pointee.home))
        journalCount += 1
        entry.pointee.epoch = epoch
        return true
    }
}
