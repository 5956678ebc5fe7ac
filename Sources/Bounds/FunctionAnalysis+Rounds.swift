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
        ([round.phaseSlot, round.enteredSlot] + round.durationSlots).allSatisfy { !state.written.contains($0) }
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
        // An instance that has moved since, to where nothing is passed over, is there already.
        let isMoved = isPaid && state.held[EntryKey(place: .phase(index), keys: keys.terms)] != nil
        let term = momentTerm(index, .passedCount, keys)
        guard isMoved || isUnchanged(round, state), algebra.termFacts[term].isExact else {
            return payGuard(round, keys, &state)
        }
        state.cost += algebra.polynomial(.value(term, fallback: mostPassed)) * Int(MachineCosts.phase)
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

    /// Whether an instance is still in a phase in the block in which it enters it.
    private func lasts(_ phase: RoundDescriptor.Phase) -> Bool {
        switch phase.duration {
        case nil: true
        case .blocks(let count)?: count > 0
        case .time(let count, _)?: count > 0
        case .slot?: false
        }
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
        case .roundLeave:
            let round = module.rounds[index]
            let keys = roundKeys(round, instruction.a, &state)
            seekPhase(of: index, keys, &state)
            let successor = round.phases.indices.contains(number) ? round.phases[number].successor : nil
            changeEntries(index, entering(successor, round), keys, &state)
            if let successor, round.phases.indices.contains(successor), lasts(round.phases[successor]) {
                state.held[EntryKey(place: .phase(index), keys: keys.terms)] = phaseValue(
                    round, algebra.term(.integer(successor)))
            }
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
        guard isUnchanged(round, state) else { return phaseValue(round, nil) }
        let result = phaseValue(round, momentTerm(index, .phase, keys))
        state.held[key] = result
        return result
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
