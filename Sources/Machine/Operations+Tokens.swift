import Bytecode
import Crypto
import Numerics
import Verifier

// A token in a register is its amount, at most 256 bits; a list of tokens is a list of amounts whose tag is the number
// of those already taken. Amounts leave registers only for the books, so what is in flight is known at any time.

extension UnsafeMutablePointer<Context> {
    @inline(__always)
    private func cell(_ register: Int, _ words: Words, _ homes: Homes) -> CellOperand {
        CellOperand(word: words[register], home: homes + 4 * register)
    }

    func tokens(_ code: UnsafeRawPointer, _ words: Words, _ homes: Homes) -> Status {
        let (a, b, c) = (fieldA(code), fieldB(code), fieldC(code))
        let immediate = fieldImmediate(code)
        switch code.load(as: Opcode.self) {
        case .vaultPut, .vaultTake, .vaultTakeAll, .vaultAmount: return vault(code, words, homes)
        case .tokenTake: return take(cell(c, words, homes), from: b, into: a, words, homes)
        case .tokenJoin:
            let target = CellDestination(word: words + a, home: homes + 4 * a)
            let status = arithmetic {
                CellInteger.add(target, cell(a, words, homes), cell(b, words, homes), gas: $0, arena: $1)
            }
            // Both are part of one supply, which fits 256 bits.
            guard status.isOK, CellInteger.fitsUnsigned(target.operand, bits: 256) else {
                return Status(.conservationViolated)
            }
            return .ok
        case .tokenEmpty:
            guard asset(immediate) != nil else { return pointee.status }
            words[a] = 0
            return .ok
        case .tokenClose: return words[a] == 0 ? .ok : Status(.tokenNotEmpty)
        case .mint:
            let amount = cell(b, words, homes)
            guard CellInteger.fitsUnsigned(amount, bits: 256) else { return Status(.overflow) }
            guard let asset = asset(immediate) else { return pointee.status }
            copyCell(words + a, homes + 4 * a, amount.word, amount.home)
            return mint(asset, amount)
        case .burn:
            guard let asset = asset(immediate) else { return pointee.status }
            return burn(asset, cell(a, words, homes))
        case .send:
            guard let asset = asset(immediate) else { return pointee.status }
            return credit(asset, Bytes32(home: homes + 4 * b), cell(a, words, homes))
        case .tokenSplit: return tokenSplit(a, b, weights: object(words[c]), words, homes)
        case .tokenListNext:
            let list = object(words[b])
            guard list.tag < list.count else { return Status(.indexOutOfRange) }
            let part = CellOperand(at: list.listCells + Int(list.tag) * ObjectLayout.cellWords)
            copyCell(words + a, homes + 4 * a, part.word, part.home)
            list.tag += 1
            return .ok
        default:
            let list = object(words[a])
            return list.tag == list.count ? .ok : Status(.tokenNotEmpty)
        }
    }

    private func take(_ amount: CellOperand, from b: Int, into a: Int, _ words: Words, _ homes: Homes) -> Status {
        let whole = cell(b, words, homes)
        guard CellInteger.fitsUnsigned(amount, bits: 256) else {
            return Status(CellInteger.isNegative(amount) ? .overflow : .insufficientAmount)
        }
        guard CellInteger.compare(amount, whole) <= 0 else { return Status(.insufficientAmount) }
        copyCell(words + a, homes + 4 * a, amount.word, amount.home)
        let rest = CellDestination(word: words + b, home: homes + 4 * b)
        return arithmetic { CellInteger.subtract(rest, whole, cell(a, words, homes), gas: $0, arena: $1) }
    }

    private func tokenSplit(
        _ a: Int, _ b: Int, weights: UnsafeMutableRawPointer, _ words: Words, _ homes: Homes
    ) -> Status {
        var isSplit = false
        let status = split(words + a, cell(b, words, homes), weights, isSplit: &isSplit)
        guard status.isOK else { return status }
        object(words[a]).tag = 0
        // Where nothing was split the parts are empty, and b keeps the whole.
        if isSplit { words[b] = 0 }
        return .ok
    }

    // MARK: Vaults

    private func vault(_ code: UnsafeRawPointer, _ words: Words, _ homes: Homes) -> Status {
        let (a, b, c) = (fieldA(code), fieldB(code), fieldC(code))
        let slotIndex = fieldImmediate(code)
        let opcode = code.load(as: Opcode.self)
        let slot = pointee.contract.pointee.module.slots + slotIndex
        guard let key = key(slot, words, homes, b), let entry = entry(slotIndex, .value, key) else {
            return pointee.status
        }
        if opcode == .vaultAmount {
            copyCell(words + a, homes + 4 * a, entry.pointee.word, entry.home)
            return .ok
        }
        guard let asset = asset(Int(slot.pointee.asset)) else { return pointee.status }
        if opcode == .vaultPut {
            if slot.pointee.isIterable && !entry.isPresent {
                let status = addKey(slot, slotIndex, key, words, homes, b)
                if !status.isOK { return status }
            }
            return deposit(asset, cell(a, words, homes), vault: entry)
        }
        let wanted = opcode == .vaultTake ? cell(c, words, homes) : entry.operand
        guard CellInteger.fitsUnsigned(wanted, bits: 256) else {
            return Status(CellInteger.isNegative(wanted) ? .overflow : .insufficientAmount)
        }
        guard CellInteger.compare(wanted, entry.operand) <= 0 else { return Status(.insufficientAmount) }
        if wanted.word == 0 {
            words[a] = 0
            return .ok
        }
        copyCell(words + a, homes + 4 * a, wanted.word, wanted.home)
        return withdraw(asset, cell(a, words, homes), vault: entry)
    }

    // MARK: Seals

    /// BLAKE2b-256 over domain, chain, contract, name, key, author, value and salt; nil with `status` set.
    private func commitment(
        _ sealed: UnsafePointer<PreparedSealed>, keys: Int, value: CellOperand, salt: UnsafePointer<UInt64>,
        _ words: Words, _ homes: Homes
    ) -> Bytes32? {
        let scratch = pointee.scratch
        scratch.pointee.count = 0
        pointee.status = Status(.outOfMemory)
        guard scratch.pointee.reserve(1_024) else { return nil }
        let domain: StaticString = "agon.seal.1"
        scratch.pointee.append(domain.utf8Start, domain.utf8CodeUnitCount)
        scratch.pointee.append(bytes32: pointee.chain)
        scratch.pointee.append(bytes32: pointee.contract.pointee.address)
        let name = sealed.pointee.name
        scratch.pointee.append(pointee.contract.pointee.module.texts + Int(name.first), Int(name.count))
        var status = encode(
            words[keys], homes + 4 * keys, sealed.pointee.keyType, of: pointee.contract, to: scratch)
        if status.isOK {
            guard scratch.pointee.reserve(32) else { return nil }
            scratch.pointee.append(homes + 4 * (keys + 1), 32)
            status = encode(value.word, value.home, sealed.pointee.valueType, of: pointee.contract, to: scratch)
        }
        guard status.isOK, scratch.pointee.reserve(32) else {
            pointee.status = status.isOK ? Status(.outOfMemory) : status
            return nil
        }
        scratch.pointee.append(salt, 32)
        guard charge(Int64(scratch.pointee.count) / MachineCosts.hashedBytesPerGas) else {
            pointee.status = Status(.outOfGas)
            return nil
        }
        return Blake2b.hash(scratch.pointee.buffer(from: 0))
    }

    /// The commitment that an instruction asks for: key, author, value and salt lie in consecutive registers.
    func commitment(_ sealed: Int, _ base: Int, _ words: Words, _ homes: Homes) -> Bytes32? {
        commitment(
            pointee.contract.pointee.module.sealed + sealed, keys: base, value: cell(base + 2, words, homes),
            salt: homes + 4 * (base + 3), words, homes)
    }

    func sealCommit(_ index: Int, keys: Int, commitment: Int, _ words: Words, _ homes: Homes) -> Status {
        let sealed = pointee.contract.pointee.module.sealed + index
        let slotIndex = Int(sealed.pointee.commitmentSlot)
        let slot = pointee.contract.pointee.module.slots + slotIndex
        let status = require(phase: sealed.pointee.commitPhase, of: Int(sealed.pointee.round), keys, words, homes)
        if !status.isOK { return status }
        // Nobody commits for another.
        guard Bytes32(home: homes + 4 * (keys + 1)) == pointee.caller else { return Status(.notAuthorized) }
        guard let key = key(slot, words, homes, keys), let entry = entry(slotIndex, .value, key) else {
            return pointee.status
        }
        if entry.isPresent { return Status(.alreadyCommitted) }
        return place(
            cell(commitment, words, homes), entry, slot, slotIndex, key, keys, words, homes)
    }

    func sealReveal(_ index: Int, keys: Int, value: Int, salt: Int, _ words: Words, _ homes: Homes) -> Status {
        let sealed = pointee.contract.pointee.module.sealed + index
        let commitmentSlot = pointee.contract.pointee.module.slots + Int(sealed.pointee.commitmentSlot)
        let valueSlotIndex = Int(sealed.pointee.valueSlot)
        let valueSlot = pointee.contract.pointee.module.slots + valueSlotIndex
        let phaseStatus = require(phase: sealed.pointee.revealPhase, of: Int(sealed.pointee.round), keys, words, homes)
        if !phaseStatus.isOK { return phaseStatus }
        guard let commitmentKey = key(commitmentSlot, words, homes, keys),
            let stored = entry(Int(sealed.pointee.commitmentSlot), .value, commitmentKey)
        else { return pointee.status }
        guard stored.isPresent else { return Status(.notCommitted) }
        guard let valueKey = key(valueSlot, words, homes, keys),
            let entry = entry(valueSlotIndex, .value, valueKey)
        else { return pointee.status }
        if entry.isPresent { return Status(.alreadyRevealed) }
        let revealed = cell(value, words, homes)
        guard
            let expected = commitment(
                sealed, keys: keys, value: revealed, salt: homes + 4 * salt, words, homes)
        else { return pointee.status }
        guard expected == Bytes32(home: stored.home) else { return Status(.commitmentMismatch) }
        if type(sealed.pointee.valueType).isObject {
            // What was hashed: the value, and what it was hashed with, which is short.
            let byteCount = Int64(pointee.scratch.pointee.count)
            guard charge(MachineCosts.storedByte * byteCount) else { return Status(.outOfGas) }
        }
        let status = share(revealed.word, sealed.pointee.valueType)
        if !status.isOK { return status }
        return place(revealed, entry, valueSlot, valueSlotIndex, valueKey, keys, words, homes)
    }

    /// Stores the first value of an entry.
    private func place(
        _ value: CellOperand, _ entry: Entry, _ slot: UnsafePointer<PreparedSlot>, _ slotIndex: Int, _ key: Bytes32,
        _ keys: Int, _ words: Words, _ homes: Homes
    ) -> Status {
        if slot.pointee.isIterable {
            let status = addKey(slot, slotIndex, key, words, homes, keys)
            if !status.isOK { return status }
        }
        let status = beginWrite(entry)
        if !status.isOK { return status }
        copyCell(entry.word, entry.home, value.word, value.home)
        entry.pointee.loadingGas = -1
        entry.pointee.flags |= OverlayEntry.present
        return .ok
    }
}

extension ByteBuffer {
    /// Appends thirty-two bytes where room has been reserved.
    mutating func append(bytes32 bytes: Bytes32) {
        var copy = bytes
        withUnsafeBytes(of: &copy) { raw in
            if let base = raw.baseAddress { append(base, Bytes32.byteCount) }
        }
    }
}
