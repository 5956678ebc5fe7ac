import Bytecode
import Crypto
import Numerics
import Verifier

typealias Entry = UnsafeMutablePointer<OverlayEntry>

extension Entry {
    @inline(__always) var isPresent: Bool { pointee.flags & OverlayEntry.present != 0 }
    /// The home inside the entry, which never moves.
    @inline(__always) var home: UnsafeMutablePointer<UInt64> {
        (UnsafeMutableRawPointer(self) + OverlayEntry.cellOffset + 8).assumingMemoryBound(to: UInt64.self)
    }
    @inline(__always) var word: UnsafeMutablePointer<Int64> {
        (UnsafeMutableRawPointer(self) + OverlayEntry.cellOffset).assumingMemoryBound(to: Int64.self)
    }
    @inline(__always) var operand: CellOperand { CellOperand(word: pointee.word, home: home) }
    @inline(__always) var destination: CellDestination { CellDestination(word: word, home: home) }
}

extension UnsafeMutablePointer<Context> {
    // MARK: Keys

    /// The overlay key of `count` keys in consecutive registers; nil with `status` set.
    @inline(__always)
    func key(_ slot: UnsafePointer<PreparedSlot>, _ words: Words, _ homes: Homes, _ base: Int) -> Bytes32? {
        if slot.pointee.isBytes32Key { return Bytes32(home: homes + 4 * base) }
        return key(slot, words, homes, base, count: Int(slot.pointee.keyCount))
    }

    @inline(never)
    func key(
        _ slot: UnsafePointer<PreparedSlot>, _ words: Words, _ homes: Homes, _ base: Int, count: Int
    ) -> Bytes32? {
        if count == 0 { return StateKeys.plain }
        let scratch = pointee.scratch
        scratch.pointee.count = 0
        for index in 0..<count {
            let type = index == 0 ? slot.pointee.keys.0 : (index == 1 ? slot.pointee.keys.1 : slot.pointee.keys.2)
            let register = base + index
            let status = encode(
                words[register], homes + 4 * register, type, of: pointee.contract, to: scratch)
            if !status.isOK {
                pointee.status = status
                return nil
            }
        }
        if count == 1 && self.type(slot.pointee.keys.0).encodedBytesLimit <= 32 {
            var key = Bytes32.zero
            withUnsafeMutableBytes(of: &key) { $0.copyMemory(from: scratch.pointee.buffer(from: 0)) }
            return key
        }
        return hashedKey(scratch.pointee.buffer(from: 0))
    }

    private func hashedKey(_ bytes: UnsafeRawBufferPointer) -> Bytes32? {
        guard charge(MachineCosts.keyHash + Int64(bytes.count)) else {
            pointee.status = Status(.outOfGas)
            return nil
        }
        return Blake2b.hash(bytes)
    }

    /// The key of the entry that holds the key at an index.
    private func indexKey(_ leading: Bytes32, _ index: Int64, isPlain: Bool) -> Bytes32? {
        guard isPlain || charge(MachineCosts.keyHash) else {
            pointee.status = Status(.outOfGas)
            return nil
        }
        return StateKeys.placeKey(leading: leading, index: index, isPlain: isPlain)
    }

    // MARK: Entries

    /// An entry of the running contract; nil with `status` set.
    @inline(__always)
    func entry(_ slot: Int, _ part: StateKeys.Part, _ key: Bytes32) -> Entry? {
        let place = UInt32(truncatingIfNeeded: slot) | part.rawValue << 24
        if let found = pointee.overlay.find(pointee.contractNumber, place, key) {
            return found.pointee.touched >= pointee.freshSince ? found : meetAgain(found)
        }
        return load(pointee.contractNumber, place, key)
    }

    /// An entry of a contract, by slot and part; nil with `status` set.
    func entry(of contract: UInt32, _ place: UInt32, _ key: Bytes32) -> Entry? {
        guard let found = pointee.overlay.find(contract, place, key) else { return load(contract, place, key) }
        return found.pointee.touched >= pointee.freshSince ? found : meetAgain(found)
    }

    /// Meets an entry for the first time.
    @inline(never)
    func load(_ contract: UInt32, _ place: UInt32, _ key: Bytes32) -> Entry? {
        guard charge(MachineCosts.coldRead) else {
            pointee.status = Status(.outOfGas)
            return nil
        }
        guard let entry = pointee.overlay.insert(contract, place, key) else {
            pointee.status = Status(.outOfMemory)
            return nil
        }
        let (gas, bytes) = (pointee.gas, pointee.arena.used)
        let record = pointee.contracts + Int(contract)
        let stored = pointee.machine._withUnsafeGuaranteedRef {
            $0.read(StateKeys.slot(contract: record.pointee.address, slot: place, overlayKey: key))
        }
        guard let stored else { return entry }
        guard charge(Int64(stored.count)) else {
            pointee.overlay.removeNewest()
            pointee.status = Status(.outOfGas)
            return nil
        }
        let slot = record.pointee.module.slots + Int(place & 0xFF_FFFF)
        let status = stored.withUnsafeBytes { buffer -> Status in
            guard let base = buffer.baseAddress else { return Status(.damagedState) }
            var source = ByteSource(base: base, count: buffer.count)
            let status: Status
            switch StateKeys.Part(rawValue: place >> 24) {
            case .value:
                status = decode(
                    &source, slot.pointee.type, of: record, flags: ObjectLayout.sharedFlag, into: entry.word,
                    entry.home)
            case .keyAt:
                status = decode(
                    &source, slot.pointee.lastKey, of: record, flags: ObjectLayout.sharedFlag, into: entry.word,
                    entry.home)
            default: status = decodeInteger(&source, into: entry.word, entry.home)
            }
            return status.isOK && source.remaining > 0 ? Status(.damagedState) : status
        }
        guard status.isOK else {
            pointee.overlay.removeNewest()
            // A stored value that cannot be read is no fault of the caller.
            pointee.status = status == Status(.invalidArgument) ? Status(.damagedState) : status
            return nil
        }
        if slot.pointee.kind == .vault, StateKeys.Part(rawValue: place >> 24) == .value {
            pointee.machine._withUnsafeGuaranteedRef { $0.keepOpening(stored) }
        }
        entry.pointee.loadingBytes = UInt32(clamping: pointee.arena.used - bytes)
        entry.pointee.loadingGas = gas - pointee.gas
        entry.pointee.flags = OverlayEntry.present
        return entry
    }

    /// Makes an entry ready to be changed: the old value is noted, the first change paid; within an attempt on a
    /// function of the contract the first of the attempt.
    @inline(__always)
    func beginWrite(_ entry: Entry) -> Status {
        if entry.pointee.flags & OverlayEntry.dirty != 0 && !pointee.overlay.needsNote(entry) { return .ok }
        return beginWriteSlowly(entry)
    }

    @inline(never)
    private func beginWriteSlowly(_ entry: Entry) -> Status {
        let isDirty = entry.pointee.flags & OverlayEntry.dirty != 0
        guard charge((isDirty ? 0 : MachineCosts.coldWrite) + MachineCosts.journal) else { return Status(.outOfGas) }
        if isDirty, entry.pointee.epoch < pointee.freshSince, !chargeAgain(MachineCosts.coldWrite) {
            return Status(.outOfGas)
        }
        if pointee.overlay.needsNote(entry) && !pointee.overlay.note(entry) { return Status(.outOfMemory) }
        entry.pointee.flags |= OverlayEntry.dirty
        return .ok
    }

    /// Stores a cell in an entry.
    @inline(__always)
    func store(_ entry: Entry, _ word: Int64, _ home: UnsafePointer<UInt64>) -> Status {
        let status = beginWrite(entry)
        if !status.isOK { return status }
        copyCell(entry.word, entry.home, word, home)
        entry.pointee.loadingGas = -1
        entry.pointee.flags |= OverlayEntry.present
        return .ok
    }

    // MARK: Instructions

    @inline(__always)
    func stateGet(_ slotIndex: Int, _ destination: Int, _ base: Int, _ words: Words, _ homes: Homes) -> Status {
        let slot = pointee.contract.pointee.module.slots + slotIndex
        guard let key = key(slot, words, homes, base), let entry = entry(slotIndex, .value, key) else {
            return pointee.status
        }
        if entry.isPresent {
            copyCell(words + destination, homes + 4 * destination, entry.pointee.word, entry.home)
            return .ok
        }
        return loadZero(slot, words + destination, homes + 4 * destination)
    }

    private func loadZero(
        _ slot: UnsafePointer<PreparedSlot>, _ word: UnsafeMutablePointer<Int64>, _ home: UnsafeMutablePointer<UInt64>
    ) -> Status {
        let zero = Int(type(slot.pointee.type).zero)
        guard zero >= 0 else { return Status(.invalidArgument) }
        word.pointee = Int64(bitPattern: pointee.contract.pointee.module.zeros[zero * ObjectLayout.cellWords])
        return .ok
    }

    @inline(__always)
    func statePut(_ slotIndex: Int, _ source: Int, _ base: Int, _ words: Words, _ homes: Homes) -> Status {
        let slot = pointee.contract.pointee.module.slots + slotIndex
        let word = words[source]
        let type = pointee.contract.pointee.module.types + Int(slot.pointee.type)
        if type.pointee.kind == .integer {
            if !fits(word, homes + 4 * source, type) { return Status(.overflow) }
        } else if type.pointee.isObject || slot.pointee.isAssetBinding {
            let status = admit(slot, slotIndex, word, homes + 4 * source)
            if !status.isOK { return status }
        }
        guard let key = key(slot, words, homes, base), let entry = entry(slotIndex, .value, key) else {
            return pointee.status
        }
        if slot.pointee.isIterable && !entry.isPresent {
            let status = addKey(slot, slotIndex, key, words, homes, base)
            if !status.isOK { return status }
        }
        return store(entry, word, homes + 4 * source)
    }

    /// Checks and marks a value that enters state. The encoding and its keeping are charged here, and the widths of its
    /// integers checked.
    @inline(never)
    private func admit(
        _ slot: UnsafePointer<PreparedSlot>, _ slotIndex: Int, _ word: Int64, _ home: UnsafePointer<UInt64>
    ) -> Status {
        if slot.pointee.isAssetBinding {
            guard let entry = entry(slotIndex, .value, StateKeys.plain) else { return pointee.status }
            if entry.isPresent { return Status(.assetMismatch) }
        }
        pointee.scratch.pointee.count = 0
        let status = encode(word, home, slot.pointee.type, of: pointee.contract, to: pointee.scratch)
        if !status.isOK { return status }
        guard charge(MachineCosts.storedByte * Int64(pointee.scratch.pointee.count)) else { return Status(.outOfGas) }
        return share(word, slot.pointee.type)
    }

    func stateFind(_ slotIndex: Int, _ destination: Int, _ base: Int, _ words: Words, _ homes: Homes) -> Status {
        let slot = pointee.contract.pointee.module.slots + slotIndex
        guard let key = key(slot, words, homes, base), let entry = entry(slotIndex, .value, key) else {
            return pointee.status
        }
        return makeOption(entry.isPresent ? entry.operand : nil, words + destination)
    }

    /// A new option in a register.
    func makeOption(_ content: CellOperand?, _ word: UnsafeMutablePointer<Int64>) -> Status {
        let count = content == nil ? 0 : 1
        guard let option = allocate(ObjectLayout.contentOffset + count * ObjectLayout.cellBytes) else {
            return pointee.status
        }
        option.writeHeader(type: 0, count: count, capacity: count, tag: UInt32(count))
        if let content {
            let cell = CellDestination(at: option.contentCells)
            copyCell(cell.word, cell.home, content.word, content.home)
        }
        word.pointee = reference(option)
        return .ok
    }

    func stateContains(_ slotIndex: Int, _ destination: Int, _ base: Int, _ words: Words, _ homes: Homes) -> Status {
        let slot = pointee.contract.pointee.module.slots + slotIndex
        guard let key = key(slot, words, homes, base), let entry = entry(slotIndex, .value, key) else {
            return pointee.status
        }
        words[destination] = entry.isPresent ? 2 : 0
        return .ok
    }

    func stateRemove(_ slotIndex: Int, _ base: Int, _ words: Words, _ homes: Homes) -> Status {
        let slot = pointee.contract.pointee.module.slots + slotIndex
        guard let key = key(slot, words, homes, base), let entry = entry(slotIndex, .value, key) else {
            return pointee.status
        }
        if !entry.isPresent { return .ok }
        if slot.pointee.kind == .vault {
            if entry.pointee.word != 0 { return Status(.vaultNotEmpty) }
            // The audit of the books asks for the asset of every changed vault, when no gas may be taken any more.
            guard asset(Int(slot.pointee.asset)) != nil else { return pointee.status }
        }
        if slot.pointee.isIterable {
            let status = removeKey(slot, slotIndex, key, words, homes, base)
            if !status.isOK { return status }
        }
        return clear(entry)
    }

    private func clear(_ entry: Entry) -> Status {
        let status = beginWrite(entry)
        if status.isOK {
            entry.pointee.flags &= ~OverlayEntry.present
            entry.pointee.word = 0
        }
        return status
    }

    // MARK: Iterable slots

    /// The key of the entries under the leading keys.
    private func leadingKey(
        _ slot: UnsafePointer<PreparedSlot>, _ words: Words, _ homes: Homes, _ base: Int
    ) -> Bytes32? {
        key(slot, words, homes, base, count: Int(slot.pointee.keyCount) - 1)
    }

    func stateCount(_ slotIndex: Int, _ destination: Int, _ base: Int, _ words: Words, _ homes: Homes) -> Status {
        let slot = pointee.contract.pointee.module.slots + slotIndex
        guard let leading = leadingKey(slot, words, homes, base), let entry = entry(slotIndex, .count, leading) else {
            return pointee.status
        }
        words[destination] = entry.pointee.word
        return .ok
    }

    func stateKeyAt(
        _ slotIndex: Int, _ destination: Int, _ base: Int, index: Int, _ words: Words, _ homes: Homes
    ) -> Status {
        let slot = pointee.contract.pointee.module.slots + slotIndex
        guard let leading = leadingKey(slot, words, homes, base), let count = entry(slotIndex, .count, leading) else {
            return pointee.status
        }
        let position = words[index]
        guard position & 1 == 0, position >= 0, position < count.pointee.word else { return Status(.indexOutOfRange) }
        guard let key = indexKey(leading, position >> 1, isPlain: slot.pointee.keyCount == 1),
            let entry = entry(slotIndex, .keyAt, key)
        else { return pointee.status }
        guard entry.isPresent else { return Status(.damagedState) }
        copyCell(words + destination, homes + 4 * destination, entry.pointee.word, entry.home)
        return .ok
    }

    /// Notes a key that is about to be present.
    func addKey(
        _ slot: UnsafePointer<PreparedSlot>, _ slotIndex: Int, _ key: Bytes32, _ words: Words, _ homes: Homes,
        _ base: Int
    ) -> Status {
        guard let leading = leadingKey(slot, words, homes, base), let count = entry(slotIndex, .count, leading) else {
            return pointee.status
        }
        let number = count.pointee.word >> 1
        guard number < slot.pointee.capacity else { return Status(.capacityExceeded) }
        guard let place = indexKey(leading, number, isPlain: slot.pointee.keyCount == 1),
            let keyAt = entry(slotIndex, .keyAt, place), let position = entry(slotIndex, .position, key)
        else { return pointee.status }
        let last = base + Int(slot.pointee.keyCount) - 1
        let lastType = slot.pointee.lastKey
        if type(lastType).isObject {
            let status = share(words[last], lastType)
            if !status.isOK { return status }
        }
        var status = store(keyAt, words[last], homes + 4 * last)
        if status.isOK { status = store(position, number << 1, position.home) }
        if status.isOK { status = store(count, (number + 1) << 1, count.home) }
        return status
    }

    /// Forgets a key: the last one takes its place.
    private func removeKey(
        _ slot: UnsafePointer<PreparedSlot>, _ slotIndex: Int, _ key: Bytes32, _ words: Words, _ homes: Homes,
        _ base: Int
    ) -> Status {
        let isPlain = slot.pointee.keyCount == 1
        guard let leading = leadingKey(slot, words, homes, base), let count = entry(slotIndex, .count, leading),
            let position = entry(slotIndex, .position, key)
        else { return pointee.status }
        let number = count.pointee.word >> 1
        let index = position.pointee.word >> 1
        guard position.isPresent, index >= 0, index < number else { return Status(.damagedState) }
        guard let lastPlace = indexKey(leading, number - 1, isPlain: isPlain),
            let last = entry(slotIndex, .keyAt, lastPlace)
        else { return pointee.status }
        guard last.isPresent else { return Status(.damagedState) }
        if index != number - 1 {
            guard let place = indexKey(leading, index, isPlain: isPlain), let hole = entry(slotIndex, .keyAt, place),
                let movedKey = fullKey(slot, words, homes, base, last: last.operand),
                let moved = entry(slotIndex, .position, movedKey)
            else { return pointee.status }
            var status = store(hole, last.pointee.word, last.home)
            if status.isOK { status = store(moved, index << 1, moved.home) }
            if !status.isOK { return status }
        }
        var status = clear(last)
        if status.isOK { status = clear(position) }
        if status.isOK { status = number == 1 ? clear(count) : store(count, (number - 1) << 1, count.home) }
        return status
    }

    /// The overlay key of the leading keys in registers and a last key from elsewhere.
    private func fullKey(
        _ slot: UnsafePointer<PreparedSlot>, _ words: Words, _ homes: Homes, _ base: Int, last: CellOperand
    ) -> Bytes32? {
        if slot.pointee.isBytes32Key { return Bytes32(home: last.home) }
        let scratch = pointee.scratch
        scratch.pointee.count = 0
        let count = Int(slot.pointee.keyCount)
        for index in 0..<count {
            let type = index == 0 ? slot.pointee.keys.0 : (index == 1 ? slot.pointee.keys.1 : slot.pointee.keys.2)
            let register = base + index
            let isLast = index == count - 1
            let status = encode(
                isLast ? last.word : words[register], isLast ? last.home : UnsafePointer(homes + 4 * register), type,
                of: pointee.contract, to: scratch)
            if !status.isOK {
                pointee.status = status
                return nil
            }
        }
        if slot.pointee.isPadded {
            var key = Bytes32.zero
            withUnsafeMutableBytes(of: &key) { $0.copyMemory(from: scratch.pointee.buffer(from: 0)) }
            return key
        }
        return hashedKey(scratch.pointee.buffer(from: 0))
    }
}

extension PreparedSlot {
    /// The type of the last key; the slot has one.
    var lastKey: Int32 {
        switch keyCount {
        case 1: keys.0
        case 2: keys.1
        default: keys.2
        }
    }
}

extension Bytes32 {
    /// The bytes in a cell's home.
    @inline(__always)
    init(home: UnsafePointer<UInt64>) { self.init(home[0], home[1], home[2], home[3]) }

    @inline(__always)
    init(home: UnsafeMutablePointer<UInt64>) { self.init(home[0], home[1], home[2], home[3]) }

    @inline(__always)
    func store(word: UnsafeMutablePointer<Int64>, home: UnsafeMutablePointer<UInt64>) {
        home[0] = word0
        home[1] = word1
        home[2] = word2
        home[3] = word3
        word.pointee = 1
    }
}
