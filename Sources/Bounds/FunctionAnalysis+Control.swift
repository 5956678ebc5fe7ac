import Bytecode
import Machine

// Instructions that may not go on to the next one, and what the outcomes of conditions tell.
extension FunctionAnalysis {
    /// Executes one instruction; false when no path goes on to the next.
    func step(
        _ opcode: Opcode, _ instruction: Instruction, _ word: Int, _ next: Int, _ state: inout PathState,
        _ leave: (Int, PathState) -> Void, _ exits: Exits
    ) throws(Unbounded) -> Bool {
        let (a, b) = (instruction.a, instruction.b)
        let target = word + (FunctionCode.offset(instruction, opcode) ?? 0)
        switch opcode {
        case .jump:
            state.cost += code.takenGas(word)
            leave(target, state)
            return false
        case .branchTrue, .branchFalse:
            return branch((value(a, state).term, opcode == .branchTrue), word, target, &state, leave)
        case .branchLess, .branchLessOrEqual, .branchEqual, .branchNotEqual:
            let (left, right) = (value(a, state), value(b, state))
            if number(left).isWide || number(right).isWide { state.cost += Int(MachineCosts.wideComparison) }
            let comparison: Opcode =
                opcode == .branchLess ? .less : (opcode == .branchLessOrEqual ? .lessOrEqual : .equalInteger)
            let condition = algebra.operation(comparison, [left.term, right.term])
            return branch((condition, opcode != .branchNotEqual), word, target, &state, leave)
        case .loop:
            // A forward one: it counts once.
            let counter = value(a, state)
            if number(counter).isWide { throw Unbounded(reason: "a counter wider than 256 bits") }
            state.registers[a] = integer(bits: number(counter).bits + 1, low: number(counter).low)
            return branch((algebra.fresh(), true), word, target, &state, leave)
        case .call: return try call(Int(instruction.immediate), a, &state, exits)
        case .`return`:
            let result = value(a, state)
            state.registers = [AbstractValue?](repeating: nil, count: b) + [result]
            exits.returns.append(state)
            return false
        case .returnNothing:
            state.registers = []
            exits.returns.append(state)
            return false
        case .fail:
            let parameters = module.errors[Int(instruction.immediate)].parameters
            for (offset, field) in parameters.enumerated() {
                let value = value(a + offset, state)
                state.cost += encoding(value, field.type)
                state.cost += encodedBytes(value, field.type) * Int(MachineCosts.receiptByte)
            }
            fail(state, exits)
            return false
        case .failBuiltin:
            fail(state, exits)
            return false
        case .tryCall:
            var failed = state
            try tryCall(instruction, &state, failed: &failed)
            failed.cost += code.takenGas(word)
            leave(target, failed)
            state.cost += code.followingGas(word)
            return true
        case .tryLocal:
            var failed = state
            let mayEnd = try tryLocal(instruction, &state, failed: &failed)
            failed.cost += code.takenGas(word)
            leave(target, failed)
            state.cost += code.followingGas(word)
            return mayEnd
        default:
            try execute(opcode, instruction, &state)
            state.cost = algebra.condensed(state.cost)
            return true
        }
    }

    private func branch(
        _ condition: (term: TermID, isTrue: Bool), _ word: Int, _ target: Int, _ state: inout PathState,
        _ leave: (Int, PathState) -> Void
    ) -> Bool {
        let known: Bool? = if case .boolean(let value) = algebra.terms[condition.term] { value } else { nil }
        if known == nil || known == condition.isTrue {
            var taken = state
            taken.cost += code.takenGas(word)
            assume(condition.term, condition.isTrue, &taken)
            leave(target, taken)
        }
        if known == condition.isTrue { return false }
        state.cost += code.followingGas(word)
        assume(condition.term, !condition.isTrue, &state)
        return true
    }

    /// Notes what a condition's outcome tells.
    private func assume(_ condition: TermID, _ isTrue: Bool, _ state: inout PathState) {
        if case .boolean = algebra.terms[condition] { return }
        if algebra.termFacts[condition].isDecidable, state.conditions.count < Self.conditionLimit {
            state.conditions.append(.init(term: condition, isTrue: isTrue))
        }
        guard case .operation(let opcode, _, let operands) = algebra.terms[condition], operands.count >= 1 else {
            return
        }
        if opcode == .not { return assume(operands[0], !isTrue, &state) }
        guard operands.count == 2 else { return }
        let (left, right) = (operands[0], operands[1])
        switch (opcode, isTrue) {
        case (.less, true), (.lessOrEqual, false):
            let (small, large) = opcode == .less ? (left, right) : (right, left)
            state.below.insert([small, large])
            limit(small, by: high(of: large, state).map { $0 + (-1) }, &state)
        case (.less, false), (.lessOrEqual, true):
            let (small, large) = opcode == .less ? (right, left) : (left, right)
            limit(small, by: high(of: large, state), &state)
            if case .integer(0) = algebra.terms[large] { state.empty.insert(small) }
        case (.equalInteger, true):
            limit(left, by: high(of: right, state), &state)
            limit(right, by: high(of: left, state), &state)
            if case .integer(0) = algebra.terms[right] { state.empty.insert(left) }
            if case .integer(0) = algebra.terms[left] { state.empty.insert(right) }
        default: break
        }
    }

    private func limit(_ term: TermID, by high: Polynomial?, _ state: inout PathState) {
        guard let high else { return }
        state.highs[term] = state.highs[term].map { algebra.minimum(high, $0) } ?? high
    }

    /// An upper bound of an integer term; nil when nothing is known.
    func high(of term: TermID, _ state: PathState) -> Polynomial? {
        if case .integer(let value) = algebra.terms[term] { return Polynomial(value) }
        if case .constant(let index) = algebra.terms[term], case .integer(let number) = module.constants[index] {
            return Saturating.exact(number).map { Polynomial($0) }
        }
        // Smaller ones are integers.
        if case .literal = algebra.terms[term] { return nil }
        var known = state.highs[term] ?? naturalHighs[term]
        if let first = known, let second = naturalHighs[term] { known = algebra.minimum(first, second) }
        return algebra.termFacts[term].isMeasurable
            ? algebra.polynomial(.value(term, fallback: known)) : known
    }
}
