import Bytecode
import Machine
import Verifier

// State, vaults and seals: what is dear is dear once for each entry.
extension FunctionAnalysis {
    private static let firstWrite = Int(MachineCosts.coldWrite + MachineCosts.journal)

    /// Within a `try` call each first change of an entry notes the old value.
    var journal: Polynomial {
        attempts.isEmpty
            ? algebra.polynomial(.journal) * Int(MachineCosts.journal) : Polynomial(Int(MachineCosts.journal))
    }

    // MARK: Keys

    /// What the machine makes keys of.
    struct Keys {
        var slot: Int
        var terms: [TermID]
        /// Gas to make the whole key, and that of the leading ones.
        var whole: Polynomial
        var leading: Polynomial
        var indexing: Int
        /// All of them are known.
        var isKnown: Bool
        var isLeadingKnown: Bool
    }

    func keys(_ slotIndex: Int, _ base: Int, _ state: PathState, hasLast: Bool = true) -> Keys {
        let slot = module.slots[slotIndex]
        let prepared = verified.prepared.slots[slotIndex]
        let count = slot.keys.count
        var knownCount = 0
        let values = slot.keys.indices.map { index in
            guard index < count - 1 || hasLast else { return AbstractValue(term: algebra.fresh(), shape: .any) }
            var key = value(base + index, state)
            if isFollowing, let known = algebra.value(of: key.term) {
                key.term = algebra.literal(known, isKey: true)
                knownCount += 1
            }
            return key
        }
        func gas(_ number: Int) -> Polynomial {
            if number == 0 { return .zero }
            var total = Polynomial.zero
            var bytes = Polynomial.zero
            for index in 0..<number {
                total += encoding(values[index], slot.keys[index])
                bytes += encodedBytes(values[index], slot.keys[index])
            }
            let isPadded = number == 1 && verified.prepared.types[slot.keys[0]].encodedBytesLimit <= 32
            return isPadded ? total : total + bytes + Int(MachineCosts.keyHash)
        }
        return Keys(
            slot: slotIndex, terms: values.map(\.term),
            whole: prepared.isBytes32Key || !hasLast ? .zero : gas(count), leading: count > 1 ? gas(count - 1) : .zero,
            indexing: count == 1 ? 0 : Int(MachineCosts.keyHash), isKnown: isFollowing && knownCount == count,
            isLeadingKnown: isFollowing && knownCount >= count - 1)
    }

    // MARK: Entries

    /// Reads an entry: dear unless this path has paid for it. `stored` is what reading its bytes costs.
    func read(_ key: EntryKey, stored: Polynomial, _ state: inout PathState) {
        if warmth(key, state).contains(.read) { return }
        state.warm[key, default: []].insert(.read)
        state.cost += payOnce(key, 0, stored + Int(MachineCosts.coldRead))
    }

    /// Changes an entry that has been read.
    func write(_ key: EntryKey, _ state: inout PathState) {
        if warmth(key, state).contains(.written) {
            state.cost += journal
            return
        }
        state.warm[key, default: []].insert(.written)
        state.cost += payOnce(key, 1, Polynomial(Self.firstWrite))
    }

    /// A factor for what happens only when an entry is absent, or only when it is present.
    private func presence(_ keys: Keys, isPresent: Bool, _ state: PathState) -> Polynomial {
        if isFollowing, let known = self.isPresent(keys, state) { return known == isPresent ? Polynomial(1) : .zero }
        let isKnown = isPresent ? !state.written.contains(keys.slot) : !state.removed.contains(keys.slot)
        let term = algebra.term(.contains(slot: keys.slot, keys: keys.terms))
        // An absence holds for each of the keys only when there is one.
        guard isKnown, algebra.termFacts[term].isExact else { return Polynomial(1) }
        return algebra.polynomial(.flag(term, isPresent))
    }

    /// The gas that the stored bytes of an entry cost when it is read first.
    private func stored(_ keys: Keys) -> Polynomial {
        let type = module.slots[keys.slot].type
        let term = algebra.term(.state(slot: keys.slot, keys: keys.terms))
        let shape = shapes.shape(of: type, term: term)
        let fallback = shapes.decoding(shape, type) + shapes.encodedBytes(shape, type)
        return measured(.loading, AbstractValue(term: term, shape: shape), fallback)
    }

    func readValue(_ keys: Keys, _ state: inout PathState) -> EntryKey {
        let key = EntryKey(place: .value(keys.slot), keys: keys.terms)
        if !warmth(key, state).contains(.read) { read(key, stored: stored(keys), &state) }
        return key
    }

    private func leadingKey(_ keys: Keys, _ place: EntryKey.Place) -> EntryKey {
        EntryKey(place: place, keys: Array(keys.terms.dropLast()))
    }

    /// Bytes of an entry that holds a count or an index.
    private static let countStored = 5

    private func readCount(_ keys: Keys, _ state: inout PathState) -> EntryKey {
        let key = leadingKey(keys, .count(keys.slot))
        read(key, stored: Polynomial(Self.countStored), &state)
        return key
    }

    private func keyStored(_ slot: Int) -> Int {
        guard let last = module.slots[slot].keys.last else { return 0 }
        return Saturating.add(shapes.limits[last].bytes, shapes.limits[last].decoding)
    }

    /// Notes a key that may be new: its place, its index and the count change.
    private func addKey(_ keys: Keys, _ base: Int, _ state: inout PathState, isNew: Polynomial) {
        guard module.slots[keys.slot].capacity != nil, let last = module.slots[keys.slot].keys.last else { return }
        let entry = EntryKey(place: .position(keys.slot), keys: keys.terms)
        if warmth(entry, state).contains(.written) { return }
        let before = state
        state.cost = .zero
        state.cost += keys.leading + keys.indexing
        let count = readCount(keys, &state)
        // The place at the end is one that no other key of this call has.
        state.cost += Int(MachineCosts.coldRead) + Self.firstWrite
        read(entry, stored: .zero, &state)
        write(entry, &state)
        write(count, &state)
        state.cost += shapes.sharing(value(base + keys.terms.count - 1, state).shape, last)
        let cost = state.cost
        if isNew == Polynomial(1) {
            state.cost = before.cost + cost
            return
        }
        // Where the key is not new nothing of this is paid.
        state = before
        state.cost += algebra.product(isNew, cost)
    }

    // MARK: Instructions

    func access(_ opcode: Opcode, _ instruction: Instruction, _ state: inout PathState) {
        let (a, b, c) = (instruction.a, instruction.b, instruction.c)
        let immediate = Int(instruction.immediate)
        switch opcode {
        case .stateGet, .vaultAmount:
            let keys = keys(immediate, b, state)
            state.cost += keys.whole
            let key = readValue(keys, &state)
            state.registers[a] = content(keys, key, &state)
        case .stateFind:
            let keys = keys(immediate, b, state)
            state.cost += keys.whole + ShapeCosts.object(1)
            _ = readValue(keys, &state)
            let term = findTerm(keys, state)
            let payload = algebra.operation(.getPayload, [term], immediate: 1 << 8)
            let inner = shapes.shape(of: module.slots[immediate].type, term: payload)
            state.registers[a] = AbstractValue(term: term, shape: .variant([[], [inner]]))
        case .stateContains:
            let keys = keys(immediate, b, state)
            state.cost += keys.whole
            _ = readValue(keys, &state)
            state.registers[a] = plain(containsTerm(keys, state))
        case .statePut: put(immediate, a, b, &state)
        case .stateRemove: remove(immediate, b, &state)
        case .stateCount:
            let keys = keys(immediate, b, state, hasLast: false)
            state.cost += keys.leading
            _ = readCount(keys, &state)
            let capacity = Polynomial(module.slots[immediate].capacity ?? 0)
            state.registers[a] = integer(bits: 32, low: 0, high: capacity, term: countTerm(keys, state))
        case .stateKeyAt:
            let keys = keys(immediate, b, state, hasLast: false)
            state.cost += keys.leading + keys.indexing
            _ = readCount(keys, &state)
            let leading = Array(keys.terms.dropLast())
            let index = value(c, state).term
            let entry = EntryKey(place: .keyAt(immediate), keys: leading + [index])
            read(entry, stored: Polynomial(keyStored(immediate)), &state)
            state.registers[a] = given(type(a), term: keyTerm(keys, index: index, state))
        case .vaultPut, .vaultTake, .vaultTakeAll: vault(opcode, instruction, &state)
        case .sealCommit: sealCommit(immediate, keys: a, &state)
        default: sealReveal(immediate, keys: a, content: b, &state)
        }
    }

    /// What an entry holds.
    func content(_ keys: Keys, _ key: EntryKey, _ state: inout PathState) -> AbstractValue {
        if let held = state.held[key] { return held }
        let type = module.slots[keys.slot].type
        let isVault = if case .vault = module.slots[keys.slot].kind { true } else { false }
        var result: AbstractValue
        if mayDiffer(keys, key, state) {
            result = AbstractValue(term: algebra.fresh(), shape: shapes.shape(of: type))
        } else {
            result = given(type, term: algebra.term(.state(slot: keys.slot, keys: keys.terms)))
        }
        if isVault { result.shape = .integer(Number(bits: 256, low: 0, high: nil)) }
        state.held[key] = result
        return result
    }

    /// Notes that an entry of a slot changes to a value.
    func change(_ slot: Int, _ key: EntryKey, to content: AbstractValue?, _ state: inout PathState) {
        state.written.insert(slot)
        noteChange(slot, key, &state)
        state.held[key] = content
    }

    private func put(_ slotIndex: Int, _ source: Int, _ base: Int, _ state: inout PathState) {
        let slot = module.slots[slotIndex]
        let keys = keys(slotIndex, base, state)
        var content = value(source, state)
        if verified.prepared.slots[slotIndex].isAssetBinding {
            read(EntryKey(place: .value(slotIndex), keys: []), stored: .zero, &state)
        }
        if verified.prepared.types[slot.type].isObject || verified.prepared.slots[slotIndex].isAssetBinding {
            state.cost += encoding(content, slot.type) + shapes.sharing(content.shape, slot.type)
            state.cost += encodedBytes(content, slot.type) * Int(MachineCosts.storedByte)
        }
        share(source, &state)
        state.cost += keys.whole
        let key = readValue(keys, &state)
        if slot.capacity != nil { addKey(keys, base, &state, isNew: presence(keys, isPresent: false, state)) }
        let wasPresent = isPresent(keys, state)
        write(key, &state)
        content.identity = 0
        content.isOwned = false
        content.isAmortized = false
        content.isResult = false
        if case .integer(var number) = content.shape, case .integer(let type) = shapes.shape(of: slot.type) {
            number.bits = min(number.bits, type.bits)
            number.low = number.low ?? type.low
            content.shape = .integer(number)
        }
        change(slotIndex, key, to: content, &state)
        notePresence(keys, key, from: wasPresent, to: true, &state)
    }

    private func remove(_ slotIndex: Int, _ base: Int, _ state: inout PathState) {
        let slot = module.slots[slotIndex]
        let keys = keys(slotIndex, base, state)
        state.cost += keys.whole
        let key = readValue(keys, &state)
        let factor = presence(keys, isPresent: true, state)
        let wasPresent = isPresent(keys, state)
        let before = state
        state.cost = .zero
        if case .vault(let asset) = slot.kind { state.cost += resolveAsset(asset, &state) }
        if slot.capacity != nil {
            state.cost += keys.leading + keys.indexing * 2 + keys.whole
            let count = readCount(keys, &state)
            let position = EntryKey(place: .position(slotIndex), keys: keys.terms)
            read(position, stored: Polynomial(Self.countStored), &state)
            write(position, &state)
            write(count, &state)
            // The last key, the place it moves to, and its index.
            state.cost += 3 * Int(MachineCosts.coldRead) + 3 * Self.firstWrite
            state.cost += 2 * keyStored(slotIndex) + Self.countStored
        }
        write(key, &state)
        let cost = state.cost
        if factor != Polynomial(1) { state = before }
        state.cost = before.cost + algebra.product(factor, cost)
        if wasPresent == false { return }
        state.removed.insert(slotIndex)
        change(slotIndex, key, to: nil, &state)
        notePresence(keys, key, from: wasPresent, to: false, &state)
    }

    private func vault(_ opcode: Opcode, _ instruction: Instruction, _ state: inout PathState) {
        let slot = Int(instruction.immediate)
        guard case .vault(let asset) = module.slots[slot].kind else { return }
        let keys = keys(slot, instruction.b, state)
        state.cost += keys.whole
        let key = readValue(keys, &state)
        state.cost += resolveAsset(asset, &state)
        if opcode == .vaultPut {
            if module.slots[slot].capacity != nil {
                addKey(keys, instruction.b, &state, isNew: presence(keys, isPresent: false, state))
            }
        }
        let wasPresent = isPresent(keys, state)
        let amount = opcode == .vaultPut ? algebra.value(of: value(instruction.a, state).term) : nil
        let amounts = vaultAmounts(opcode, instruction, keys, key, &state)
        state.registers[instruction.a] =
            opcode == .vaultPut ? nil : integer(bits: 256, low: 0, term: amounts?.taken)
        adjustBook(.holding(asset), [], &state)
        write(key, &state)
        state.cost += journal
        let left = amounts.map {
            AbstractValue(term: $0.left, shape: .integer(Number(bits: 256, low: 0, high: nil)))
        }
        change(slot, key, to: left, &state)
        if opcode == .vaultPut {
            let isMore = amount.map { $0 != .integer(.zero) } ?? false
            notePresence(keys, key, from: wasPresent, to: wasPresent == true || isMore ? true : nil, &state)
        }
    }

    private func sealCommit(_ index: Int, keys base: Int, _ state: inout PathState) {
        let slot = module.sealed[index].commitmentSlot
        seekPhase(of: module.sealed[index].round, key: base, &state)
        let keys = keys(slot, base, state)
        state.cost += keys.whole
        let key = readValue(keys, &state)
        addKey(keys, base, &state, isNew: Polynomial(1))
        let wasPresent = isPresent(keys, state)
        write(key, &state)
        change(slot, key, to: nil, &state)
        notePresence(keys, key, from: wasPresent, to: true, &state)
    }

    private func sealReveal(_ index: Int, keys base: Int, content register: Int, _ state: inout PathState) {
        let sealed = module.sealed[index]
        seekPhase(of: sealed.round, key: base, &state)
        let commitment = keys(sealed.commitmentSlot, base, state)
        let keys = keys(sealed.valueSlot, base, state)
        let content = value(register, state)
        state.cost += commitment.whole + keys.whole
        _ = readValue(commitment, &state)
        let key = readValue(keys, &state)
        state.cost += self.commitment(index, base, value: content, state)
        state.cost += shapes.sharing(content.shape, sealed.value)
        if verified.prepared.types[sealed.value].isObject {
            state.cost += committedBytes(index, base, value: content, state) * Int(MachineCosts.storedByte)
        }
        share(register, &state)
        addKey(keys, base, &state, isNew: Polynomial(1))
        let wasPresent = isPresent(keys, state)
        write(key, &state)
        change(sealed.valueSlot, key, to: nil, &state)
        notePresence(keys, key, from: wasPresent, to: true, &state)
    }
}
