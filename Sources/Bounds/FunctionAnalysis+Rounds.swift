import Bytecode
import Machine

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

    /// Finds the phase of the instance whose key begins at a register. No way leads over more phases than there are.
    func seekPhase(of index: Int, key base: Int, _ state: inout PathState) {
        let round = module.rounds[index]
        let keys = roundKeys(round, base, &state)
        for slot in [round.phaseSlot, round.enteredSlot] + round.durationSlots { _ = readValue(slot, keys, &state) }
        state.cost += max(0, round.phases.count - 1) * Int(MachineCosts.phase)
    }

    private func changeEntries(_ slots: [Int], _ keys: Keys, _ state: inout PathState) {
        for slot in slots {
            let key = readValue(slot, keys, &state)
            write(key, &state)
            change(slot, key, to: nil, &state)
        }
    }

    func round(_ opcode: Opcode, _ instruction: Instruction, _ state: inout PathState) {
        let immediate = Int(instruction.immediate)
        switch opcode {
        case .roundOpen:
            let round = module.rounds[immediate]
            let keys = roundKeys(round, instruction.a, &state)
            changeEntries([round.phaseSlot, round.enteredSlot] + round.durationSlots, keys, &state)
        case .roundLeave:
            let round = module.rounds[immediate >> 16]
            seekPhase(of: immediate >> 16, key: instruction.a, &state)
            let keys = keys(round.phaseSlot, instruction.a, state)
            changeEntries([round.phaseSlot, round.enteredSlot], keys, &state)
        case .roundPhase:
            seekPhase(of: immediate, key: instruction.b, &state)
            state.registers[instruction.a] = integer(
                bits: 5, low: 0, high: Polynomial(max(0, module.rounds[immediate].phases.count - 1)))
        case .roundEntered:
            seekPhase(of: immediate >> 16, key: instruction.b, &state)
            state.registers[instruction.a] = integer(bits: 63, low: 0)
        default: seekPhase(of: immediate >> 16, key: instruction.b, &state)
        }
    }
}
