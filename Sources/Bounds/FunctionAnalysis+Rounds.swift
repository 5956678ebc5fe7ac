import Bytecode
import Machine
import Numerics

// Instances of rounds: the entries that tell where one is, and the phases that time passes over.
extension FunctionAnalysis {
    /// The keys of a round's entries; all slots have the same one, which is made once.
    private func roundKeys(_ round: RoundDescriptor, _ base: Int, _ state: inout PathState) -> Keys {
        let keys = keys(round.phaseSlot, base, state)
        state.cost += keys.whole
        return keys
    }

    private func readValue(_ slot: Int, _ keys: Keys, _ state: inout PathState) -> EntryKey {
        var keys = keys
        keys.slot = slot
        return readValue(keys, &state)
    }

    /// Whether what is stored of an instance is what was stored before the call.
    private func isUnchanged(_ round: RoundDescriptor, _ state: PathState) -> Bool {
        round.ownSlots.allSatisfy { !state.written.contains($0) }
    }

    private func momentTerm(_ index: Int, _ part: MomentPart, _ keys: Keys) -> TermID {
        algebra.term(.moment(round: index, part: part, keys: keys.terms))
    }

    /// Finds the phase of an instance. No way leads over more phases than there are.
    private func seekPhase(of index: Int, _ keys: Keys, _ state: inout PathState) {
        let round = module.rounds[index]
        for slot in [round.phaseSlot, round.enteredSlot] { _ = readValue(slot, keys, &state) }
        let mostPassed = Polynomial(max(0, round.phases.count - 1))
        if isFollowing {
            let moment = moment(round, keys, &state)
            for slot in moment?.lengthSlots ?? round.durationSlots { _ = readValue(slot, keys, &state) }
            state.cost += (moment.map { Polynomial($0.passedCount) } ?? mostPassed) * Int(MachineCosts.phase)
            return
        }
        let way = EntryKey(place: .way(index), keys: keys.terms)
        let isPaid = warmth(way, state).contains(.read)
        let term = momentTerm(index, .passedCount, keys)
        guard !state.opened.contains(index), algebra.termFacts[term].isExact else {
            return payGuard(round, keys, &state)
        }
        state.cost += algebra.polynomial(.value(term, fallback: mostPassed)) * Int(MachineCosts.phase)
        // An instance that has moved since is where it went, or behind phases without length.
        if !isUnchanged(round, state) { state.cost += round.durationSlots.count * Int(MachineCosts.phase) }
        if isPaid { return }
        // What is read on the way is not known to be warm for anything but the same way.
        var cost = Polynomial.zero
        for slot in round.durationSlots {
            var inner = state
            inner.cost = .zero
            _ = readValue(slot, keys, &inner)
            let visits = algebra.polynomial(.flag(momentTerm(index, .reads(slot), keys), true))
            cost += algebra.product(visits, inner.cost)
        }
        state.warm[way] = .read
        state.cost += payOnce(way, 0, algebra.condensed(cost))
    }

    func seekPhase(of index: Int, key base: Int, _ state: inout PathState) {
        seekPhase(of: index, roundKeys(module.rounds[index], base, &state), &state)
    }

    private func changeEntries(
        _ index: Int, _ slots: [(slot: Int, content: AbstractValue?)], _ keys: Keys, _ state: inout PathState
    ) {
        for (slot, content) in slots {
            let key = readValue(slot, keys, &state)
            write(key, &state)
            change(slot, key, to: content, &state)
        }
        state.held = state.held.filter { $0.key.place != .phase(index) }
    }

    /// What is stored of an instance that enters a phase now; formulas know of it by the phase alone.
    private func entering(_ phase: Int?, _ round: RoundDescriptor) -> [(slot: Int, content: AbstractValue?)] {
        guard isFollowing else { return [(round.phaseSlot, nil), (round.enteredSlot, nil)] }
        let number = phase.map { algebra.term(.integer($0 + 1)) }
        return [
            (round.phaseSlot, number.map { integer(bits: 5, low: 0, term: $0) }),
            (round.enteredSlot, integer(bits: 63, low: 0, term: algebra.term(.height))),
        ]
    }

    /// The phase in which an instance is that enters one now: that one, or where it has no length the next. Pays for
    /// reading the lengths by which that is found out when the phase is asked for.
    private func enteredPhase(
        _ phase: Int?, of round: RoundDescriptor, _ keys: Keys, _ state: inout PathState
    ) -> TermID? {
        var passed: [(condition: TermID, phase: Int)] = []
        var next = phase
        while let number = next, round.phases.indices.contains(number), passed.count <= round.phases.count {
            let last = algebra.term(.integer(number))
            func result() -> TermID {
                passed.reversed().reduce(last) { after, entry in
                    algebra.choice(entry.condition, algebra.term(.integer(entry.phase)), after)
                }
            }
            switch round.phases[number].duration {
            case nil: return result()
            case .blocks(let count)? where count > 0, .time(let count, _)? where count > 0: return result()
            case .blocks?, .time?: break
            case .slot(let slot)?:
                if state.written.contains(slot) { return nil }
                if passed.isEmpty {
                    _ = readValue(slot, keys, &state)
                } else {
                    var inner = state
                    inner.cost = .zero
                    _ = readValue(slot, keys, &inner)
                    let flags = passed.map { algebra.polynomial(.flag($0.condition, false)) }
                    state.cost += flags.reduce(inner.cost) { algebra.product($1, $0) }
                }
                let length = algebra.term(.state(slot: slot, keys: keys.terms))
                passed.append((algebra.operation(.less, [algebra.term(.integer(0)), length]), number))
            }
            next = round.phases[number].successor
        }
        return nil
    }

    func round(_ opcode: Opcode, _ instruction: Instruction, _ state: inout PathState) {
        let immediate = Int(instruction.immediate)
        let (index, number) = (immediate >> 16, immediate & 0xFFFF)
        switch opcode {
        case .roundOpen:
            let round = module.rounds[immediate]
            let keys = roundKeys(round, instruction.a, &state)
            let lengths = round.durationSlots.enumerated().map { offset, slot in
                (slot: slot, content: isFollowing ? value(instruction.a + 1 + offset, state) : nil)
            }
            changeEntries(immediate, entering(0, round) + lengths, keys, &state)
            state.opened.insert(immediate)
        case .roundLeave:
            let round = module.rounds[index]
            let keys = roundKeys(round, instruction.a, &state)
            seekPhase(of: index, keys, &state)
            let successor = round.phases.indices.contains(number) ? round.phases[number].successor : nil
            changeEntries(index, entering(successor, round), keys, &state)
            guard !isFollowing, let entered = enteredPhase(successor, of: round, keys, &state) else { return }
            state.held[EntryKey(place: .phase(index), keys: keys.terms)] = phaseValue(round, entered)
        case .roundPhase:
            let keys = roundKeys(module.rounds[immediate], instruction.b, &state)
            seekPhase(of: immediate, keys, &state)
            state.registers[instruction.a] = phase(immediate, keys, &state)
        case .roundEntered:
            let round = module.rounds[index]
            let keys = roundKeys(round, instruction.b, &state)
            seekPhase(of: index, keys, &state)
            var term: TermID?
            if isFollowing {
                term = moment(round, keys, &state, wanted: number).map { algebra.term(.integer($0.wantedEntry)) }
            } else if isUnchanged(round, state) {
                term = momentTerm(index, .entered(number), keys)
            }
            state.registers[instruction.a] = integer(bits: 63, low: 0, term: term)
        default: phaseGuard(instruction, &state)
        }
    }

    private func phaseValue(_ round: RoundDescriptor, _ term: TermID?) -> AbstractValue {
        integer(bits: 5, low: 0, high: Polynomial(max(0, round.phases.count - 1)), term: term)
    }

    /// The phase in which an instance is.
    private func phase(_ index: Int, _ keys: Keys, _ state: inout PathState) -> AbstractValue {
        let round = module.rounds[index]
        if isFollowing {
            return phaseValue(round, moment(round, keys, &state).map { algebra.term(.integer($0.phase)) })
        }
        let key = EntryKey(place: .phase(index), keys: keys.terms)
        if let held = state.held[key] { return held }
        var term: TermID?
        if isUnchanged(round, state) {
            term = momentTerm(index, .phase, keys)
        } else if !state.opened.contains(index), leadsForward(round) {
            let before = momentTerm(index, .phase, keys)
            term = algebra.term(.later(round: index, than: before, algebra.newSerial()))
        }
        let result = phaseValue(round, term)
        if term != nil { state.held[key] = result }
        return result
    }

    private func leadsForward(_ round: RoundDescriptor) -> Bool {
        round.phases.indices.allSatisfy { number in round.phases[number].successor.map { $0 > number } ?? true }
    }

    /// Beside the phases that time has passed over those that conditions may have ended.
    private func phaseGuard(_ instruction: Instruction, _ state: inout PathState) {
        let index = Int(instruction.immediate) >> 16
        let round = module.rounds[index]
        let keys = roundKeys(round, instruction.b, &state)
        if isFollowing, let moment = moment(round, keys, &state),
            figure(value(instruction.a, state).term) == moment.phase
        {
            return seekPhase(of: index, keys, &state)
        }
        for slot in [round.phaseSlot, round.enteredSlot] { _ = readValue(slot, keys, &state) }
        if isFollowing { return payGuard(round, keys, &state) }
        // Where the phase is the one that time has led to, no condition has ended another.
        let before = state.cost
        var far = state
        far.cost = .zero
        payGuard(round, keys, &far)
        state.cost = .zero
        seekPhase(of: index, keys, &state)
        let claimed = value(instruction.a, state).term
        let isThere = algebra.operation(.equalInteger, [claimed, phase(index, keys, &state).term])
        let most = algebra.maximum(state.cost, far.cost, when: .init(term: isThere, isTrue: true))
        state.cost = algebra.condensed(before + most)
    }

    /// All lengths are read, and no way leads over more phases than there are.
    private func payGuard(_ round: RoundDescriptor, _ keys: Keys, _ state: inout PathState) {
        for slot in round.durationSlots { _ = readValue(slot, keys, &state) }
        state.cost += max(0, round.phases.count - 1) * Int(MachineCosts.phase)
    }

    // MARK: Calls that are followed

    private func moment(
        _ round: RoundDescriptor, _ keys: Keys, _ state: inout PathState, wanted: Int = -1
    ) -> RoundMoment? {
        guard let knowledge = algebra.knowledge else { return nil }
        var found = state
        defer { state = found }
        return RoundMoment(round, block: knowledge.call.block, wanted: wanted) { slot in
            var keys = keys
            keys.slot = slot
            return figure(content(keys, EntryKey(place: .value(slot), keys: keys.terms), &found).term)
        }
    }
}
