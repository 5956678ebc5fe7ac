import Bytecode

// What entries of state hold in a call that is followed, after what it has written to them itself.
extension FunctionAnalysis {
    private func isKnown(_ key: EntryKey) -> Bool { key.keys.allSatisfy { algebra.value(of: $0) != nil } }

    /// Whether an entry may hold something else than before the call.
    func mayDiffer(_ keys: Keys, _ key: EntryKey, _ state: PathState) -> Bool {
        guard isFollowing else { return state.written.contains(keys.slot) }
        if state.wild.contains(keys.slot) || state.touched.contains(key) { return true }
        return !keys.isKnown && state.written.contains(keys.slot)
    }

    /// Forgets what a write to an entry may change.
    func noteChange(_ slot: Int, _ key: EntryKey, _ state: inout PathState) {
        guard isFollowing else {
            state.held = state.held.filter { $0.key.place != .value(slot) }
            return
        }
        guard isKnown(key) else {
            state.wild.insert(slot)
            state.held = state.held.filter { !isWritten($0.key, [slot]) }
            state.present = state.present.filter { $0.key.place != .value(slot) }
            return
        }
        state.touched.insert(key)
        state.held = state.held.filter { $0.key.place != .value(slot) || isKnown($0.key) }
    }

    /// Whether an entry is there now; nil when that is not known.
    func isPresent(_ keys: Keys, _ state: PathState) -> Bool? {
        guard isFollowing, keys.isKnown else { return nil }
        let key = EntryKey(place: .value(keys.slot), keys: keys.terms)
        if let known = state.present[key] { return known }
        if mayDiffer(keys, key, state) { return nil }
        let term = algebra.term(.contains(slot: keys.slot, keys: keys.terms))
        guard case .boolean(let flag) = algebra.terms[term] else { return nil }
        return flag
    }

    /// Notes that an entry is there, or is not, after a change of it; nil: that is not known.
    func notePresence(
        _ keys: Keys, _ key: EntryKey, from before: Bool?, to now: Bool?, _ state: inout PathState
    ) {
        guard isFollowing, keys.isKnown else { return }
        state.present[key] = now
        guard module.slots[keys.slot].capacity != nil, let type = module.slots[keys.slot].keys.last else { return }
        if let before, before == now { return }
        let leading = Array(keys.terms.dropLast())
        let countKey = EntryKey(place: .count(keys.slot), keys: leading)
        let count = figure(countTerm(keys, state))
        state.touched.insert(countKey)
        state.held[countKey] = nil
        if now != true { state.held = state.held.filter { $0.key.place != .keyAt(keys.slot) } }
        guard let before, let now, let count else { return }
        let next = count + (now ? 1 : -1)
        state.held[countKey] = integer(
            bits: 32, low: next, high: Polynomial(next), term: algebra.term(.integer(next)))
        if !before, let last = keys.terms.last {
            let place = EntryKey(place: .keyAt(keys.slot), keys: leading + [algebra.term(.integer(count))])
            state.held[place] = given(type, term: last)
        }
    }

    func containsTerm(_ keys: Keys, _ state: PathState) -> TermID {
        if let known = isPresent(keys, state) { return algebra.term(.boolean(known)) }
        let key = EntryKey(place: .value(keys.slot), keys: keys.terms)
        if mayDiffer(keys, key, state) { return algebra.fresh() }
        return algebra.term(.contains(slot: keys.slot, keys: keys.terms))
    }

    func findTerm(_ keys: Keys, _ state: PathState) -> TermID {
        let key = EntryKey(place: .value(keys.slot), keys: keys.terms)
        if !mayDiffer(keys, key, state) { return algebra.term(.find(slot: keys.slot, keys: keys.terms)) }
        switch isPresent(keys, state) {
        case false?: return algebra.literal(.option(nil))
        case true?:
            guard let held = state.held[key], let value = algebra.value(of: held.term) else { return algebra.fresh() }
            return algebra.literal(.option(value))
        case nil: return algebra.fresh()
        }
    }

    func countTerm(_ keys: Keys, _ state: PathState) -> TermID {
        let leading = Array(keys.terms.dropLast())
        let key = EntryKey(place: .count(keys.slot), keys: leading)
        if keys.isLeadingKnown {
            if let held = state.held[key] { return held.term }
            if state.wild.contains(keys.slot) || state.touched.contains(key) { return algebra.fresh() }
        } else if state.written.contains(keys.slot) {
            return algebra.fresh()
        }
        return algebra.term(.count(slot: keys.slot, leading: leading))
    }

    func keyTerm(_ keys: Keys, index: TermID, _ state: PathState) -> TermID {
        let leading = Array(keys.terms.dropLast())
        let key = EntryKey(place: .keyAt(keys.slot), keys: leading + [index])
        if keys.isLeadingKnown, figure(index) != nil {
            if let held = state.held[key] { return held.term }
            if state.wild.contains(keys.slot) || state.removed.contains(keys.slot) { return algebra.fresh() }
            // Keys that are added come behind those that were there.
            let term = algebra.term(.keyAt(slot: keys.slot, leading: leading, index: index))
            return state.written.contains(keys.slot) && algebra.value(of: term) == nil ? algebra.fresh() : term
        }
        return state.written.contains(keys.slot)
            ? algebra.fresh() : algebra.term(.keyAt(slot: keys.slot, leading: leading, index: index))
    }

    // MARK: Amounts

    func followedSum(_ first: TermID, _ second: TermID) -> TermID? {
        isFollowing ? algebra.operation(.add, [first, second]) : nil
    }

    func followedDifference(_ first: TermID, _ second: TermID) -> TermID? {
        isFollowing ? algebra.operation(.subtract, [first, second]) : nil
    }

    /// What a change of a vault takes out, and what is in it then; nil when no call is followed.
    func vaultAmounts(
        _ opcode: Opcode, _ instruction: Instruction, _ keys: Keys, _ key: EntryKey, _ state: inout PathState
    ) -> (taken: TermID, left: TermID)? {
        guard isFollowing else { return nil }
        let held = content(keys, key, &state).term
        switch opcode {
        case .vaultPut:
            return (held, algebra.operation(.add, [held, value(instruction.a, state).term]))
        case .vaultTake:
            let taken = value(instruction.c, state).term
            return (taken, algebra.operation(.subtract, [held, taken]))
        default: return (held, algebra.term(.integer(0)))
        }
    }
}
