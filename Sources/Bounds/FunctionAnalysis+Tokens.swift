import Bytecode
import Machine

// Tokens and the machine's books.
extension FunctionAnalysis {
    /// Gas to find out which asset is meant, once for a contract and transaction.
    func resolveAsset(_ asset: Int, _ state: inout PathState) -> Polynomial {
        let key = EntryKey(place: .asset(asset), keys: [])
        if warmth(key, state).contains(.read) { return .zero }
        state.warm[key] = .read
        switch module.assets[asset].origin {
        case .native: return .zero
        case .issued: return payOnce(key, 0, Polynomial(Int(MachineCosts.keyHash)))
        case .bound(let slot):
            let before = state.cost
            state.cost = .zero
            read(EntryKey(place: .value(slot), keys: []), stored: Polynomial(40), &state)
            let cost = state.cost
            state.cost = before
            return cost
        }
    }

    /// An entry of the machine's books is read and changed, and what is in flight.
    func adjustBook(_ place: EntryKey.Place, _ keys: [TermID], _ state: inout PathState) {
        let key = EntryKey(place: place, keys: keys)
        read(key, stored: Polynomial(8), &state)
        write(key, &state)
        state.cost += journal
    }

    func token(_ opcode: Opcode, _ instruction: Instruction, _ state: inout PathState) {
        let (a, b, c) = (instruction.a, instruction.b, instruction.c)
        let immediate = Int(instruction.immediate)
        let amount = { self.integer(bits: 256, low: 0) }
        switch opcode {
        case .tokenAmount: state.registers[a] = value(b, state)
        case .tokenTake:
            let rest = followedDifference(value(b, state).term, value(c, state).term)
            state.registers[a] = value(c, state)
            state.registers[b] = integer(bits: 256, low: 0, term: rest)
        case .tokenJoin:
            let sum = followedSum(value(a, state).term, value(b, state).term)
            state.registers[a] = integer(bits: 256, low: 0, term: sum)
            state.registers[b] = nil
        case .tokenEmpty:
            state.cost += resolveAsset(immediate, &state)
            state.registers[a] = integer(bits: 1, low: 0, term: algebra.term(.integer(0)))
        case .tokenClose, .tokenListClose: state.registers[a] = nil
        case .mint:
            let minted = value(b, state)
            state.cost += resolveAsset(immediate, &state)
            adjustBook(.supply(immediate), [], &state)
            state.cost += journal
            state.registers[a] = minted
        case .burn:
            state.cost += resolveAsset(immediate, &state)
            adjustBook(.supply(immediate), [], &state)
            state.cost += journal
            state.registers[a] = nil
        case .send:
            state.cost += resolveAsset(immediate, &state)
            adjustBook(.balance(immediate), [value(b, state).term], &state)
            state.registers[a] = nil
        case .tokenSplit:
            let weights = value(c, state)
            state.cost += splitting(Number(bits: 256, low: 0, high: nil), weights, type(c))
            state.registers[a] = AbstractValue(
                term: algebra.fresh(), shape: .parts(count: count(weights, type(c))))
            state.registers[b] = amount()
        case .tokenListNext: state.registers[a] = amount()
        default:
            let parts = value(b, state)
            state.registers[a] = integer(bits: 32, low: 0, high: count(parts, type(b)))
        }
    }
}
