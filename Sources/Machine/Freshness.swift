import Bytecode
import Numerics
import Verifier

// What is dear the first time in a transaction is dear the first time in an attempt on a function of the running
// contract (`tryLocal`), whatever the transaction did before: so whether the attempt's gas suffices follows from the
// attempt and the state alone. What was paid before is charged to the attempt again and given back at its end, for no
// work is done again. The way from one checkpoint to the next is up, so an entry tells by one number when it was paid.
extension UnsafeMutablePointer<Context> {
    /// Takes gas for work that the transaction has paid before; false when there is not as much.
    @inline(never)
    func chargeAgain(_ amount: Int64) -> Bool {
        // An attempt that runs dry here has used up no more than it had.
        pointee.paidAgain += Swift.min(amount, Swift.max(0, pointee.gas))
        return charge(amount)
    }

    // MARK: Room

    /// Whether half of all that a transaction may use up is left. An attempt may use so much and no more, in memory and
    /// in contracts, so that it fails for want of room by what it does itself; the other half is for what comes before
    /// it. A call without the room for an attempt fails, and changes nothing.
    var hasRoomForAttempt: Bool {
        let (arena, overlay) = (pointee.arena, pointee.overlay)
        return arena.limit - arena.used >= arena.capacity / 2 && overlay.count <= Overlay.entryLimit / 2
            && overlay.journalCount <= Overlay.journalLimit / 2 && pointee.contractCount <= Context.contractLimit / 2
            && pointee.assetCount <= Context.assetLimit / 2 && pointee.eventCount <= Context.eventLimit / 2
            && pointee.eventBytes.pointee.count <= Context.eventBytesLimit / 2
    }

    func limitAttempt() {
        pointee.arena.setLimit(pointee.arena.used + pointee.arena.capacity / 2)
        pointee.contractsLeft = Context.contractLimit / 2
    }

    /// Counts a contract that is met; false with `status` set when there have been too many.
    func countContract() -> Bool {
        pointee.contractsLeft -= 1
        if pointee.contractsLeft >= 0 { return true }
        pointee.status = Status(.outOfMemory)
        return false
    }

    // MARK: Entries

    /// Meets an entry that the transaction has met before the attempt; nil with `status` set.
    @inline(never)
    func meetAgain(_ entry: Entry) -> Entry? {
        let loading = loading(entry)
        guard chargeAgain(MachineCosts.coldRead + loading.gas) else {
            pointee.status = Status(.outOfGas)
            return nil
        }
        if loading.bytes > 0 {
            // As if the value were read into memory once more.
            guard loading.bytes <= pointee.arena.limit - pointee.arena.used else {
                pointee.status = Status(.outOfMemory)
                return nil
            }
            pointee.arena.setLimit(pointee.arena.limit - loading.bytes)
            pointee.objectsMetAgain += 1
        }
        entry.pointee.touched = pointee.overlay.epoch
        return entry
    }

    /// What reading the entry's value out of state would take, beside the access.
    private func loading(_ entry: Entry) -> Loading {
        var loading = Loading()
        guard entry.isPresent else { return loading }
        if entry.pointee.contract == 0 {
            // Books are not charged by their bytes, but for the magnitude.
            loading.gas = MachineCosts.bytes(magnitudeBytes(entry.pointee.word, entry.home))
            return loading
        }
        let record = pointee.contracts + Int(entry.pointee.contract)
        let slot = record.pointee.module.slots + Int(entry.pointee.slot & 0xFF_FFFF)
        let type: Int32
        switch StateKeys.Part(rawValue: entry.pointee.slot >> 24) {
        case .value: type = slot.pointee.type
        case .keyAt: type = slot.pointee.lastKey
        default:
            loadInteger(entry.pointee.word, entry.home, &loading)
            return loading
        }
        let isObject = record.pointee.module.types[Int(type)].isObject
        if isObject, entry.pointee.loadingGas >= 0 {
            return Loading(gas: entry.pointee.loadingGas, bytes: Int(entry.pointee.loadingBytes))
        }
        load(entry.pointee.word, entry.home, type, of: record, &loading)
        if isObject {
            // The walk is as long as that over the encoding, which was paid when the value was put; it is made once.
            entry.pointee.loadingGas = loading.gas
            entry.pointee.loadingBytes = UInt32(clamping: loading.bytes)
        }
        return loading
    }

    private func magnitudeBytes(_ word: Int64, _ home: UnsafePointer<UInt64>) -> Int {
        if word & 1 == 0 { return (71 - (word >> 1).magnitude.leadingZeroBitCount) >> 3 }
        let (limbs, count) = limbs(word, home)
        return 8 * (count - 1) + (71 - limbs[count - 1].leadingZeroBitCount) >> 3
    }

    private func limbs(_ word: Int64, _ home: UnsafePointer<UInt64>) -> (UnsafePointer<UInt64>, count: Int) {
        if CellWord.isHome(word) { return (home, CellWord.homeCount(word)) }
        let block = UnsafePointer<UInt64>(object(word & ~3).assumingMemoryBound(to: UInt64.self))
        return (block + 2, Int(Int64(bitPattern: block[0]).magnitude))
    }

    private func loadInteger(_ word: Int64, _ home: UnsafePointer<UInt64>, _ loading: inout Loading) {
        let count = magnitudeBytes(word, home)
        loading.gas += MachineCosts.bytes(count) + Int64(count)
        loading.count(2 * count)
        // Two limbs stand before those of the number.
        if CellWord.isWide(word) { loading.bytes += (8 * (2 + limbs(word, home).count) + 15) & ~15 }
    }

    /// The charges of `decode` for a cell's encoding, and its bytes.
    private func load(
        _ word: Int64, _ home: UnsafePointer<UInt64>, _ typeIndex: Int32,
        of contract: UnsafeMutablePointer<ContractRecord>, _ loading: inout Loading
    ) {
        let module = contract.pointee.module
        let type = module.types + Int(typeIndex)
        loading.gas += MachineCosts.cell
        func load(_ cells: UnsafeMutablePointer<UInt64>, _ count: Int, _ type: (Int) -> Int32) {
            for index in 0..<count {
                let cell = cells + index * ObjectLayout.cellWords
                self.load(Int64(bitPattern: cell[0]), cell + 1, type(index), of: contract, &loading)
            }
        }
        switch type.pointee.kind {
        case .boolean: loading.gas += 1
        case .bytes32: loading.gas += 32
        case .integer, .token, .tokenList: loadInteger(word, home, &loading)
        case .bytes, .text:
            let count = Int(object(word).count)
            if type.pointee.kind == .text { loading.gas += MachineCosts.bytes(4 * count) }
            loading.allocate(ObjectLayout.contentOffset + count)
            loading.count(count)
            loading.gas += Int64(count)
        case .list:
            let list = object(word)
            let count = Int(list.count)
            loading.allocate(ObjectLayout.listBytes)
            loading.allocate(Swift.max(1, count) * ObjectLayout.cellBytes)
            loading.count(count)
            load(list.listCells, count) { _ in type.pointee.first }
        case .option:
            let option = object(word)
            loading.allocateCells(Int(option.count))
            loading.gas += 1
            load(option.contentCells, Int(option.count)) { _ in type.pointee.first }
        case .structure:
            let children = module.children + Int(type.pointee.first)
            loading.allocateCells(Int(type.pointee.count))
            load(object(word).contentCells, Int(type.pointee.count)) { children[$0] }
        case .enumeration:
            let value = object(word)
            let range = module.cases[Int(type.pointee.first) + Int(value.tag)]
            let children = module.children + Int(range.first)
            loading.allocateCells(Int(range.count))
            loading.count(Int(value.tag))
            load(value.contentCells, Int(range.count)) { children[$0] }
        case .tensor:
            let tensor = object(word)
            let bytes = Int(tensor.count) * Int(type.pointee.elementBytes)
            loading.allocate(ObjectLayout.elementsOffset + bytes)
            for axis in 0..<Int(type.pointee.rank) {
                let offset = ObjectLayout.dimensionsOffset + 4 * axis
                loading.count(Int(tensor.load(fromByteOffset: offset, as: UInt32.self)))
            }
            loading.gas += Int64(bytes)
        }
    }
}

/// What reading a value out of state takes.
private struct Loading {
    var gas: Int64 = 0
    /// Of the arena.
    var bytes = 0

    mutating func allocate(_ count: Int) {
        gas += MachineCosts.bytes(count)
        bytes += (count + 15) & ~15
    }

    mutating func allocateCells(_ count: Int) {
        allocate(ObjectLayout.contentOffset + count * ObjectLayout.cellBytes)
    }

    /// The bytes of a count in the encoding.
    mutating func count(_ value: Int) { gas += Int64(Swift.max(1, (Int.bitWidth - value.leadingZeroBitCount + 6) / 7)) }
}
