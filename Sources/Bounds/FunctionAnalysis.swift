import Bytecode
import Machine
import Numerics
import Verifier

/// Why there is no bound.
struct Unbounded: Error {
    var reason: String
}

/// What a run over a stretch of code ends in, beside falling out of its end. Costs count from the stretch's beginning.
final class Exits {
    /// Jumps to words behind it.
    var jumps: [(word: Int, state: PathState)] = []
    /// Returns with the function's result.
    var returns: [PathState] = []
    /// The cost of the dearest failure.
    var failure = Polynomial.zero
}

/// The cost of an entry, by abstract execution of its code and of the functions it calls.
///
/// Code is executed in order; where paths meet their states are merged. A loop's body is executed for a pass in which
/// nothing is known of what it changes but what every pass keeps, and counted as often as its counter allows.
final class FunctionAnalysis {
    static let loopDepthLimit = 64
    static let callDepthLimit = 48
    /// Instructions executed abstractly for one entry.
    static let allCallsStepLimit = 150_000
    static let conditionLimit = 64
    /// How often a loop is looked at before what still changes in it counts as unknown, and as hopeless.
    static let patience = 4
    static let passLimit = 8
    /// What counting beyond 256 bits adds to a pass.
    static let wideCount =
        Int(NumericCosts.linear(NumericLimits.integerLimbs, 1)) + Int(MachineCosts.wideComparison)

    let verified: VerifiedModule
    let module: Module
    let algebra = Algebra()
    let shapes: ShapeCosts
    private var codes: [Int: FunctionCode] = [:]
    let effects: [Effects]
    var steps = 0
    /// The most that are made.
    var stepLimit = FunctionAnalysis.allCallsStepLimit
    private var callDepth = 0
    /// The first serial number of each open loop's pass, with what it pays once.
    var loops: [(serial: Int, once: [EntryKey: [Int: Polynomial]])] = []
    /// For each open attempt the number of loops around it.
    private(set) var attempts: [Int] = []
    /// Follow what an attempt's own gas has to pay, not what the transaction pays: all that is dear once is dear again
    /// within each attempt on a function of the contract.
    private var isFresh = false

    /// Upper bounds that hold wherever a term is met.
    var naturalHighs: [TermID: Polynomial] = [:]
    /// The end of each loop's counter.
    var counterEnds: [TermID: TermID] = [:]

    // Of the function that is being executed.
    var code: FunctionCode

    init(_ verified: VerifiedModule, function: Int, effects: [Effects]) {
        self.verified = verified
        self.effects = effects
        module = verified.module
        shapes = ShapeCosts(module, algebra)
        code = FunctionCode(verified, function)
        codes[function] = code
    }

    static func effects(of verified: VerifiedModule) -> [Effects] {
        var all: [Effects] = []
        for index in verified.module.functions.indices {
            let code = FunctionCode(verified, index)
            var own = Effects()
            var word = 0
            while let (opcode, instruction) = code.instruction(word) {
                own.add(opcode, instruction, verified.module, all)
                word += OpcodeTable[opcode].words
            }
            all.append(own)
        }
        return all
    }

    func functionCode(_ index: Int) -> FunctionCode {
        if let known = codes[index] { return known }
        let made = FunctionCode(verified, index)
        codes[index] = made
        return made
    }

    // MARK: Functions

    /// Executes a function whose arguments lie in the state's registers; gives the state with the result, which is in
    /// the register after the parameters, and the cost of the dearest failure.
    func run(_ function: Int, _ state: PathState) throws(Unbounded) -> (state: PathState?, failure: Polynomial) {
        callDepth += 1
        defer { callDepth -= 1 }
        if callDepth > Self.callDepthLimit { throw Unbounded(reason: "calls nest too deep") }
        let outer = code
        code = functionCode(function)
        defer { code = outer }
        if let fault = code.fault { throw Unbounded(reason: fault) }
        var entry = state
        while entry.registers.count < code.descriptor.registers.count { entry.registers.append(nil) }
        entry.cost += Int(code.prepared.entryGas)
        let exits = Exits()
        let rest = try execute(from: 0, to: code.words.count, entry, inside: nil, exits)
        if rest != nil { throw Unbounded(reason: "code that runs out of its function") }
        let end = exits.returns.reversed().reduce(nil as PathState?) { merged, next in
            merged.map { PathState.merge($0, next, algebra, shapes) } ?? next
        }
        return (end, exits.failure)
    }

    /// Executes the words of a stretch; gives the state behind its end, nil when nothing gets there.
    func execute(
        from start: Int, to end: Int, _ entry: PathState, inside loop: Int?, _ exits: Exits
    ) throws(Unbounded) -> PathState? {
        var pending: [Int: [PathState]] = [:]
        var state: PathState? = entry
        var word = start
        func arrive() {
            if pending.isEmpty { return }
            // The path that was left last shares most with the one at hand.
            for waiting in (pending.removeValue(forKey: word) ?? []).reversed() {
                state = state.map { PathState.merge($0, waiting, algebra, shapes) } ?? waiting
            }
        }
        func leave(_ target: Int, _ state: PathState) {
            if target > end { exits.jumps.append((target, state)) } else { pending[target, default: []].append(state) }
        }
        while word < end {
            arrive()
            guard let (opcode, instruction) = code.instruction(word) else {
                throw Unbounded(reason: "no instruction")
            }
            if let inner = innerLoop(at: word, inside: loop) {
                if let current = state {
                    let result = try isFollowing ? unrolledLoop(inner, current) : multipliedLoop(inner, current)
                    exits.failure = algebra.maximum(exits.failure, result.exits.failure)
                    exits.returns += result.exits.returns
                    for jump in result.exits.jumps { leave(jump.word, jump.state) }
                    state = result.state
                }
                word = code.loops[inner].end + OpcodeTable[.loop].words
                continue
            }
            let next = word + OpcodeTable[opcode].words
            if var current = state {
                // Not a copy: registers change in place.
                state = nil
                steps += 1
                if steps > stepLimit { throw Unbounded(reason: "too much code to follow") }
                if try step(opcode, instruction, word, next, &current, leave, exits) { state = current }
            }
            word = next
        }
        arrive()
        return state
    }

    /// The outermost loop that begins at a word and is not the one being executed or around it.
    private func innerLoop(at word: Int, inside loop: Int?) -> Int? {
        var candidate: Int?
        var index = code.loopOf[word]
        while let current = index, current != loop {
            if code.loops[current].head == word { candidate = current }
            index = code.loops[current].parent
        }
        return candidate
    }

    // MARK: Control

    /// Executes one instruction; false when no path goes on to the next.
    private func step(
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
            exits.failure = algebra.maximum(exits.failure, state.cost)
            return false
        case .failBuiltin:
            exits.failure = algebra.maximum(exits.failure, state.cost)
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
        if algebra.termFacts[condition].isExact, state.conditions.count < Self.conditionLimit {
            state.conditions.append((condition, isTrue))
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
        let known = state.highs[term] ?? naturalHighs[term]
        return algebra.termFacts[term].isMeasurable
            ? algebra.polynomial(.value(term, fallback: known)) : known
    }

    // MARK: Calls

    /// The state at the beginning of a function of this contract that is called.
    private func entry(of callee: FunctionCode, _ base: Int, _ state: PathState) -> PathState {
        var inner = state
        inner.registers = (0..<callee.descriptor.parameterCount).map { index in
            var argument = value(base + index, state)
            argument.isOwned = false
            return argument
        }
        return inner
    }

    /// The state after such a call: registers from the window on hold nothing but the result.
    private func after(_ end: PathState, of callee: FunctionCode, _ base: Int, _ state: PathState) -> PathState {
        var result = end
        result.registers = state.registers
        for index in base..<max(base, state.registers.count) { result.registers[index] = nil }
        let count = callee.descriptor.parameterCount
        if callee.descriptor.result != nil, var value = end.registers[count] {
            value.isResult = true
            result.registers[base + count] = value
        }
        return result
    }

    private func call(
        _ function: Int, _ base: Int, _ state: inout PathState, _ exits: Exits
    ) throws(Unbounded) -> Bool {
        let callee = functionCode(function)
        let (end, failure) = try run(function, entry(of: callee, base, state))
        exits.failure = algebra.maximum(exits.failure, failure)
        guard let end else { return false }
        state = after(end, of: callee, base, state)
        return true
    }

    /// A call with gas of its own, whose failure is undone. False when it cannot succeed.
    private func tryLocal(
        _ instruction: Instruction, _ state: inout PathState, failed: inout PathState
    ) throws(Unbounded) -> Bool {
        let base = instruction.a
        let limit = size(value(instruction.b, state).term, state)
        let function = Int(instruction.immediate) & 0xFFFF
        let callee = functionCode(function)
        var inner = entry(of: callee, base, state)
        if isFresh { inner.warm = [:] }
        let (end, failure) = try attempt(function, &inner)
        func within(_ cost: Polynomial) -> Polynomial {
            algebra.condensed(state.cost + (limit.map { algebra.minimum($0, cost) } ?? cost))
        }
        // The last method that was searched may be another contract's now.
        if effects[function].callsOut {
            let known = state.warm.filter { if case .method = $0.key.place { false } else { true } }
            (state.warm, failed.warm) = (known, known)
        }
        let before = state
        failed.cost = within(algebra.maximum(failure, end?.cost ?? .zero))
        guard let end else { return false }
        state = after(end, of: callee, base, state)
        state.cost = end.cost
        state.cost = algebra.condensed(before.cost + (limit.map { algebra.minimum($0, end.cost) } ?? end.cost))
        // What it paid for is bounded by its gas alone, and what it changed may be undone in another pass.
        state.warm = before.warm
        return true
    }

    /// Executes a function as an attempt does, from the passing of its arguments on.
    private func attempt(
        _ function: Int, _ inner: inout PathState
    ) throws(Unbounded) -> (end: PathState?, failure: Polynomial) {
        let types = functionCode(function).descriptor.registers
        inner.cost = .zero
        for index in inner.registers.indices {
            guard let argument = inner.registers[index] else { continue }
            // Objects are passed as copies.
            if verified.prepared.types[types[index]].isObject {
                inner.cost += encoding(argument, types[index]) + decoding(argument, types[index])
                inner.cost += interfaceChecks(argument, types[index], &inner)
            }
        }
        attempts.append(loops.count)
        defer { attempts.removeLast() }
        let (end, failure) = try run(function, inner)
        return (end, failure)
    }

    /// The gas that an attempt on a function has to be given, whatever the arguments and whatever came before it.
    func attemptBound(of function: Int) throws(Unbounded) -> Polynomial {
        isFresh = true
        defer { isFresh = false }
        let descriptor = module.functions[function]
        var state = PathState(registers: [])
        state.registers = descriptor.registers.prefix(descriptor.parameterCount).map {
            given($0, term: algebra.fresh())
        }
        let (end, failure) = try attempt(function, &state)
        return algebra.maximum(end?.cost ?? .zero, failure)
    }

    // MARK: What is dear once

    /// Adds a cost that an entry has once in a transaction: outside the loops that do not change its keys.
    func payOnce(_ key: EntryKey, _ kind: Int, _ cost: Polynomial) -> Polynomial {
        let newest = algebra.newest(key.keys)
        let costNewest = algebra.newest(cost)
        // A failed attempt undoes its changes: they are paid again. A fresh one pays everything again.
        let outermost = kind == 1 || isFresh ? attempts.last ?? 0 : 0
        for index in loops.indices where index >= outermost && loops[index].serial > newest {
            if loops[index].serial > costNewest {
                let known = loops[index].once[key]?[kind] ?? .zero
                loops[index].once[key, default: [:]][kind] = algebra.maximum(known, cost)
                return .zero
            }
        }
        return cost
    }

    /// What has been paid for an entry, on every path here.
    func warmth(_ key: EntryKey, _ state: PathState) -> Warmth {
        var found = state.warm[key] ?? []
        // A counter's value is one of those that an earlier loop went through.
        var keys = key.keys
        for counter in Set(keys.flatMap { algebra.termFacts[$0].counters }).sorted(by: >) {
            guard let end = counterEnds[counter] else { continue }
            let every = algebra.term(.every(end))
            keys = keys.map { algebra.replacing(counter, by: every, in: $0) }
            found.formUnion(state.warm[EntryKey(place: key.place, keys: keys)] ?? [])
        }
        return found
    }
}
