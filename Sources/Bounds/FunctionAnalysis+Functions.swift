import Bytecode
import Verifier

// Calls of functions of the same contract, and attempts on them.
extension FunctionAnalysis {
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

    func call(
        _ function: Int, _ base: Int, _ state: inout PathState, _ exits: Exits
    ) throws(Unbounded) -> Bool {
        let callee = functionCode(function)
        let (end, failures) = try run(function, entry(of: callee, base, state))
        add(failures, to: exits)
        guard let end else { return false }
        state = after(end, of: callee, base, state)
        return true
    }

    /// A call with gas of its own, whose failure is undone. False when it cannot succeed.
    func tryLocal(
        _ instruction: Instruction, _ state: inout PathState, failed: inout PathState
    ) throws(Unbounded) -> Bool {
        let base = instruction.a
        let limit = size(value(instruction.b, state).term, state)
        let function = Int(instruction.immediate) & 0xFFFF
        let callee = functionCode(function)
        var inner = entry(of: callee, base, state)
        if isFresh { inner.warm = [:] }
        let (end, failures) = try attempt(function, &inner)
        func within(_ cost: Polynomial) -> Polynomial {
            algebra.condensed(state.cost + (limit.map { algebra.minimum($0, cost) } ?? cost))
        }
        // The last method that was searched may be another contract's now.
        if effects[function].callsOut {
            let known = state.warm.filter { if case .method = $0.key.place { false } else { true } }
            (state.warm, failed.warm) = (known, known)
        }
        let before = state
        failed.cost = within(
            algebra.maximum(dearest(failures, after: state.conditions.count), end?.cost ?? .zero))
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
    ) throws(Unbounded) -> (state: PathState?, failures: [Failure]) {
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
        return try run(function, inner)
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
        let (end, failures) = try attempt(function, &state)
        return algebra.maximum(end?.cost ?? .zero, dearest(failures, after: 0))
    }
}
