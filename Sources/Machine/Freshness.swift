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

    /// Meets an entry that the transaction has met before the attempt; nil with `status` set.
    @inline(never)
    func meetAgain(_ entry: Entry) -> Entry? {
        guard chargeAgain(MachineCosts.coldRead + loadingGas(entry)) else {
            pointee.status = Status(.outOfGas)
            return nil
        }
        entry.pointee.touched = pointee.overlay.epoch
        return entry
    }

    /// What reading the entry's value out of state would cost, beside the access.
    private func loadingGas(_ entry: Entry) -> Int64 {
        guard entry.isPresent else { return 0 }
        if entry.pointee.contract == 0 {
            // Books are not charged by their bytes, but for the magnitude.
            return MachineCosts.bytes(magnitudeBytes(entry.pointee.word, entry.home))
        }
        let record = pointee.contracts + Int(entry.pointee.contract)
        let slot = record.pointee.module.slots + Int(entry.pointee.slot & 0xFF_FFFF)
        let type: Int32
        switch StateKeys.Part(rawValue: entry.pointee.slot >> 24) {
        case .value: type = slot.pointee.type
        case .keyAt: type = slot.pointee.lastKey
        default: return integerLoadingGas(entry.pointee.word, entry.home)
        }
        guard (record.pointee.module.types + Int(type)).pointee.isObject else {
            return loadingGas(entry.pointee.word, entry.home, type, of: record)
        }
        // The walk is as long as that over the encoding, which was paid when the value was put; it is made once.
        if entry.pointee.loadingGas < 0 {
            entry.pointee.loadingGas = loadingGas(entry.pointee.word, entry.home, type, of: record)
        }
        return entry.pointee.loadingGas
    }

    private func magnitudeBytes(_ word: Int64, _ home: UnsafePointer<UInt64>) -> Int {
        if word & 1 == 0 { return (71 - (word >> 1).magnitude.leadingZeroBitCount) >> 3 }
        let (limbs, count): (UnsafePointer<UInt64>, Int)
        if CellWord.isHome(word) {
            (limbs, count) = (home, CellWord.homeCount(word))
        } else {
            let block = UnsafePointer<UInt64>(object(word & ~3).assumingMemoryBound(to: UInt64.self))
            (limbs, count) = (block + 2, Int(Int64(bitPattern: block[0]).magnitude))
        }
        return 8 * (count - 1) + (71 - limbs[count - 1].leadingZeroBitCount) >> 3
    }

    private func countBytes(_ count: Int) -> Int64 {
        Int64(Swift.max(1, (Int.bitWidth - count.leadingZeroBitCount + 6) / 7))
    }

    private func integerLoadingGas(_ word: Int64, _ home: UnsafePointer<UInt64>) -> Int64 {
        let count = magnitudeBytes(word, home)
        return MachineCosts.bytes(count) + countBytes(2 * count) + Int64(count)
    }

    private func objectGas(_ cells: Int) -> Int64 {
        MachineCosts.bytes(ObjectLayout.contentOffset + cells * ObjectLayout.cellBytes)
    }

    /// The charges of `decode` for a cell's encoding, and its bytes.
    private func loadingGas(
        _ word: Int64, _ home: UnsafePointer<UInt64>, _ typeIndex: Int32,
        of contract: UnsafeMutablePointer<ContractRecord>
    ) -> Int64 {
        let module = contract.pointee.module
        let type = module.types + Int(typeIndex)
        func cells(_ cells: UnsafeMutablePointer<UInt64>, _ count: Int, _ type: (Int) -> Int32) -> Int64 {
            var sum: Int64 = 0
            for index in 0..<count {
                let cell = cells + index * ObjectLayout.cellWords
                sum += loadingGas(Int64(bitPattern: cell[0]), cell + 1, type(index), of: contract)
            }
            return sum
        }
        let own: Int64
        switch type.pointee.kind {
        case .boolean: own = 1
        case .bytes32: own = 32
        case .integer, .token, .tokenList: own = integerLoadingGas(word, home)
        case .bytes, .text:
            let count = Int(object(word).count)
            let checked = type.pointee.kind == .text ? MachineCosts.bytes(4 * count) : 0
            let allocated = MachineCosts.bytes(ObjectLayout.contentOffset + count)
            own = checked + allocated + countBytes(count) + Int64(count)
        case .list:
            let list = object(word)
            let count = Int(list.count)
            let allocated =
                MachineCosts.bytes(ObjectLayout.listBytes)
                + MachineCosts.bytes(Swift.max(1, count) * ObjectLayout.cellBytes)
            own = allocated + countBytes(count) + cells(list.listCells, count) { _ in type.pointee.first }
        case .option:
            let option = object(word)
            let count = Int(option.count)
            own = objectGas(count) + 1 + cells(option.contentCells, count) { _ in type.pointee.first }
        case .structure:
            let children = module.children + Int(type.pointee.first)
            let count = Int(type.pointee.count)
            own = objectGas(count) + cells(object(word).contentCells, count) { children[$0] }
        case .enumeration:
            let value = object(word)
            let range = module.cases[Int(type.pointee.first) + Int(value.tag)]
            let children = module.children + Int(range.first)
            let count = Int(range.count)
            own =
                objectGas(count) + countBytes(Int(value.tag)) + cells(value.contentCells, count) { children[$0] }
        case .tensor:
            let tensor = object(word)
            let bytes = Int(tensor.count) * Int(type.pointee.elementBytes)
            var sizes: Int64 = 0
            for axis in 0..<Int(type.pointee.rank) {
                let offset = ObjectLayout.dimensionsOffset + 4 * axis
                sizes += countBytes(Int(tensor.load(fromByteOffset: offset, as: UInt32.self)))
            }
            own = MachineCosts.bytes(ObjectLayout.elementsOffset + bytes) + sizes + Int64(bytes)
        }
        return MachineCosts.cell + own
    }
}
