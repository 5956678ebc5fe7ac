import Bytecode
import Crypto
import Numerics
import Verifier

/// What a successful call changed.
struct Changes {
    var writes: [StateWrite] = []
    var books: [BookEntry] = []
    var supplies: [SupplyChange] = []
}

extension Machine {
    /// Reads the changes off the overlay; nil when tokens are neither in the books nor gone, which must not happen.
    func collectChanges() -> Changes? {
        var changes = Changes()
        var supplies: [Int: SupplyChange] = [:]
        let overlay = context.pointee.overlay
        for index in 0..<overlay.count {
            let entry = overlay.entries + index
            if entry.pointee.contract == 0 {
                let kind = entry.pointee.slot & 0xFF
                let asset = Int(entry.pointee.slot >> 8)
                switch kind {
                case Book.inFlight: if entry.pointee.word != 0 { return nil }
                case Book.minted, Book.burned:
                    if entry.pointee.word == 0 { continue }
                    var change =
                        supplies[asset]
                        ?? SupplyChange(asset: context.pointee.assets[asset], minted: [], burned: [])
                    let amount = CellInteger.toBigInt(entry.operand).bigEndianMagnitude
                    if kind == Book.minted { change.minted = amount } else { change.burned = amount }
                    supplies[asset] = change
                case Book.balance, Book.supply, Book.holding:
                    if entry.pointee.flags & OverlayEntry.dirty != 0 { changes.books.append(book(entry, kind, asset)) }
                default: break
                }
            } else if entry.pointee.flags & OverlayEntry.dirty != 0 {
                guard let write = write(entry) else { return nil }
                changes.writes.append(write)
            }
        }
        changes.writes.sort { $0.key < $1.key }
        changes.supplies = supplies.values.sorted { $0.asset < $1.asset }
        return changes
    }

    private func book(_ entry: Entry, _ kind: UInt32, _ asset: Int) -> BookEntry {
        let amount = CellInteger.toBigInt(entry.operand)
        return BookEntry(
            kind: kind == Book.balance ? .balance : (kind == Book.supply ? .supply : .holding),
            asset: context.pointee.assets[asset], holder: entry.pointee.key,
            amount: amount.isZero ? [] : amount.bigEndianMagnitude)
    }

    /// The encoding of a changed entry. It was paid for when the value was put, so the work is bounded.
    private func write(_ entry: Entry) -> StateWrite? {
        let record = context.pointee.contracts + Int(entry.pointee.contract)
        let place = entry.pointee.slot
        let key = StateKeys.slot(contract: record.pointee.address, slot: place, overlayKey: entry.pointee.key)
        guard entry.isPresent else { return StateWrite(key: key, value: nil) }
        let scratch = context.pointee.scratch
        scratch.pointee.count = 0
        let gas = context.pointee.gas
        context.pointee.gas = Int64.max / 2
        let slot = record.pointee.module.slots + Int(place & 0xFF_FFFF)
        let status: Status
        switch StateKeys.Part(rawValue: place >> 24) {
        case .value: status = context.encode(entry.pointee.word, entry.home, slot.pointee.type, of: record, to: scratch)
        case .keyAt:
            status = context.encode(entry.pointee.word, entry.home, slot.pointee.lastKey, of: record, to: scratch)
        default: status = context.encodeInteger(entry.pointee.word, entry.home, to: scratch)
        }
        context.pointee.gas = gas
        guard status.isOK else { return nil }
        return StateWrite(key: key, value: scratch.pointee.bytes(from: 0, count: scratch.pointee.count))
    }
}
