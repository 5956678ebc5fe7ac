import Bytecode
import Machine
import Numerics

// Instances of rounds: the entries that tell where one is, and the phases that time passes over.
extension FunctionAnalysis {
    /// Where an instance of a round is, in a call that is followed.
    private struct Moment {
        var phase: Int
        /// When it entered the phase that was asked for; 0 when it did not on the way.
        var wantedEntry: Int
        /// The phases that time has passed over, by their slots of lengths where they have some.
        var passedCount = 0
        var lengthSlots: [Int] = []
    }

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

    /// Finds the phase of the instance whose key begins at a register. No way leads over more phases than there are.
    func seekPhase(of index: Int, key base: Int, _ state: inout PathState) {
        let round = module.rounds[index]
        let keys = roundKeys(round, base, &state)
        let moment = moment(round, keys, &state)
        let lengthSlots = moment?.lengthSlots ?? round.durationSlots
        for slot in [round.phaseSlot, round.enteredSlot] + lengthSlots { _ = readValue(slot, keys, &state) }
        state.cost += (moment?.passedCount ?? max(0, round.phases.count - 1)) * Int(MachineCosts.phase)
    }

    private func changeEntries(_ slots: [(slot: Int, content: AbstractValue?)], _ keys: Keys, _ state: inout PathState) {
        for (slot, content) in slots {
            let key = readValue(slot, keys, &state)
            write(key, &state)
            change(slot, key, to: content, &state)
        }
    }

    /// What is stored of an instance that enters a phase now; nothing is known of it when all calls are analysed.
    private func entering(_ phase: Int?, _ round: RoundDescriptor) -> [(slot: Int, content: AbstractValue?)] {
        guard isFollowing else { return [(round.phaseSlot, nil), (round.enteredSlot, nil)] }
        let number = phase.map { algebra.term(.integer($0 + 1)) }
        return [
            (round.phaseSlot, number.map { integer(bits: 5, low: 0, term: $0) }),
            (round.enteredSlot, integer(bits: 63, low: 0, term: algebra.term(.height))),
        ]
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
            changeEntries(entering(0, round) + lengths, keys, &state)
        case .roundLeave:
            let round = module.rounds[index]
            seekPhase(of: index, key: instruction.a, &state)
            let keys = keys(round.phaseSlot, instruction.a, state)
            let successor = round.phases.indices.contains(number) ? round.phases[number].successor : nil
            changeEntries(entering(successor, round), keys, &state)
        case .roundPhase:
            let round = module.rounds[immediate]
            seekPhase(of: immediate, key: instruction.b, &state)
            let keys = keys(round.phaseSlot, instruction.b, state)
            let known = moment(round, keys, &state).map { algebra.term(.integer($0.phase)) }
            state.registers[instruction.a] = integer(
                bits: 5, low: 0, high: Polynomial(max(0, round.phases.count - 1)), term: known)
        case .roundEntered:
            let round = module.rounds[index]
            seekPhase(of: index, key: instruction.b, &state)
            let keys = keys(round.phaseSlot, instruction.b, state)
            let known = moment(round, keys, &state, wanted: number).map { algebra.term(.integer($0.wantedEntry)) }
            state.registers[instruction.a] = integer(bits: 63, low: 0, term: known)
        default: phaseGuard(instruction, &state)
        }
    }

    /// Beside the phases that time has passed over those that conditions may have ended.
    private func phaseGuard(_ instruction: Instruction, _ state: inout PathState) {
        let round = module.rounds[Int(instruction.immediate) >> 16]
        let keys = roundKeys(round, instruction.b, &state)
        let moment = moment(round, keys, &state)
        let isThere = moment.map { figure(value(instruction.a, state).term) == $0.phase } ?? false
        let lengthSlots = isThere ? moment?.lengthSlots ?? [] : round.durationSlots
        for slot in [round.phaseSlot, round.enteredSlot] + lengthSlots { _ = readValue(slot, keys, &state) }
        let passedCount = isThere ? moment?.passedCount ?? 0 : max(0, round.phases.count - 1)
        state.cost += passedCount * Int(MachineCosts.phase)
    }

    // MARK: Where an instance is

    /// Nil when that is not known, or the instance is not open.
    private func moment(
        _ round: RoundDescriptor, _ keys: Keys, _ state: inout PathState, wanted: Int = -1
    ) -> Moment? {
        guard isFollowing, let height = figure(algebra.term(.height)),
            let number = stored(round.phaseSlot, keys, &state), round.phases.indices.contains(number - 1),
            var entered = stored(round.enteredSlot, keys, &state)
        else { return nil }
        var moment = Moment(phase: number - 1, wantedEntry: number - 1 == wanted ? entered : 0)
        while true {
            let phase = round.phases[moment.phase]
            guard let duration = phase.duration else { return moment }
            if case .slot(let slot) = duration { moment.lengthSlots.append(slot) }
            guard let length = length(duration, keys, &state) else { return nil }
            let deadline = Saturating.add(entered, length)
            if deadline > height { return moment }
            guard let successor = phase.successor, moment.passedCount < round.phases.count else { return nil }
            moment.passedCount += 1
            entered = deadline
            moment.phase = successor
            if moment.phase == wanted { moment.wantedEntry = entered }
        }
    }

    private func stored(_ slot: Int, _ keys: Keys, _ state: inout PathState) -> Int? {
        var keys = keys
        keys.slot = slot
        return figure(content(keys, EntryKey(place: .value(slot), keys: keys.terms), &state).term)
    }

    /// The blocks that a phase lasts.
    private func length(_ duration: RoundDescriptor.Duration, _ keys: Keys, _ state: inout PathState) -> Int? {
        switch duration {
        case .blocks(let count): return count
        case .time(let count, let unit):
            guard let interval = algebra.knowledge?.call.block.blockIntervalMilliseconds, interval > 0,
                let milliseconds = Int(exactly: interval)
            else { return nil }
            let whole = Saturating.multiply(count, unit.milliseconds)
            return max(1, Saturating.ceilingQuotient(whole, milliseconds))
        case .slot(let slot): return stored(slot, keys, &state).map { max(0, $0) }
        }
    }
}
