import Bytecode

/// One pass over the code of one function, in order.
///
/// The state of a place is the set of registers that hold a value on every path to it. Where forward paths meet the
/// sets are intersected; a loop's end must hold at least what its beginning held. Linear registers (tokens) are in the
/// set when they are full, and there paths must agree exactly, so that no token can be dropped, copied or made.
struct FunctionVerifier {
    let module: Module
    let types: TypeTable
    let index: Int
    let function: FunctionDescriptor
    let layout: CodeLayout
    /// For each constant whether it is valid text.
    let texts: [Bool]
    /// Registers and frames that earlier functions need.
    let stackRegisters: [Int]
    let stackFrames: [Int]
    /// Attempts within attempts in earlier functions.
    let attempts: [Int]

    private(set) var neededRegisters: Int
    private(set) var neededFrames = 1
    private(set) var neededAttempts = 0
    var word = 0
    /// Nil where no forward path has come.
    var state: RegisterSet?
    private var pending: [RegisterSet?]
    private var heads: [RegisterSet?]
    private var linear = RegisterSet()

    init(
        module: Module, types: TypeTable, index: Int, layout: CodeLayout, texts: [Bool], stackRegisters: [Int],
        stackFrames: [Int], attempts: [Int]
    ) {
        self.module = module
        self.types = types
        self.index = index
        self.layout = layout
        self.texts = texts
        self.stackRegisters = stackRegisters
        self.stackFrames = stackFrames
        self.attempts = attempts
        function = module.functions[index]
        neededRegisters = function.registers.count
        pending = [RegisterSet?](repeating: nil, count: function.code.count)
        heads = [RegisterSet?](repeating: nil, count: function.code.count)
        state = RegisterSet(below: function.parameterCount)
        for (register, type) in function.registers.enumerated() where types.isLinear(type) { linear.insert(register) }
    }

    func refuse(_ code: VerificationError.Code, _ message: String) -> VerificationError {
        VerificationError(code, function: index, word: word, message)
    }

    // MARK: The pass

    mutating func run(budget: inout VerificationBudget) throws(VerificationError) {
        while word < function.code.count {
            let instruction = Instruction(word: function.code[word])
            guard let opcode = instruction.opcode else { throw refuse(.encoding, "no opcode") }
            guard budget.spend(1 + runCount(instruction, opcode)) else {
                throw refuse(.budget, "the module takes too long to verify")
            }
            try arrive()
            if state != nil {
                try check(instruction, opcode)
                try transfer(instruction, opcode)
            }
            word += OpcodeTable[opcode].words
        }
        if state != nil { throw refuse(.end, "the code runs past its end") }
    }

    /// How many registers or types an instruction names beside its operands; a bound where that takes looking up.
    private func runCount(_ instruction: Instruction, _ opcode: Opcode) -> Int {
        let immediate = Int(instruction.immediate)
        switch opcode {
        case .call, .tryLocal:
            let number = opcode == .tryLocal ? immediate & 0xFFFF : immediate
            return module.functions.indices.contains(number) ? module.functions[number].parameterCount : 0
        case .interfaceCall, .tryCall:
            let number = opcode == .tryCall ? immediate & 0xFFFF : immediate
            guard module.imports.indices.contains(number) else { return 0 }
            let item = module.imports[number]
            return module.interfaces[item.interface].methods[item.method].parameters.count
        case .emit: return module.events.indices.contains(immediate) ? module.events[immediate].parameters.count : 0
        case .fail: return module.errors.indices.contains(immediate) ? module.errors[immediate].parameters.count : 0
        case .newObject: return types.partCount(immediate)
        default: return 0
        }
    }

    /// Joins the paths that meet here.
    private mutating func arrive() throws(VerificationError) {
        if let coming = pending[word] {
            if let present = state { state = try join(present, coming) } else { state = coming }
        }
        guard layout.marks[word] == .loopTarget || layout.marks[word] == .bothTarget else { return }
        // What a call in the loop empties does not hold from pass to pass. Tokens are never given up: such a call is
        // refused.
        if let lowest = layout.lowestCallBases[word], let present = state {
            state = present.subtracting(RegisterSet(from: lowest).subtracting(linear))
        }
        heads[word] = state
    }

    private func join(_ left: RegisterSet, _ right: RegisterSet) throws(VerificationError) -> RegisterSet {
        guard left.intersection(linear) == right.intersection(linear) else {
            throw refuse(.linearity, "a token is held on one path and not on another")
        }
        return left.intersection(right)
    }

    /// Sends the state along the jump of an instruction, and on to the next one when control goes on.
    private mutating func transfer(_ instruction: Instruction, _ opcode: Opcode) throws(VerificationError) {
        guard let current = state else { return }
        switch opcode {
        case .fail, .failBuiltin: state = nil
        case .`return`, .returnNothing:
            guard current.intersection(linear).isEmpty else {
                throw refuse(.linearity, "a token is left over at the end of the function")
            }
            guard function.during == nil || current.contains(RegisterSet.guardIndex) else {
                throw refuse(.phase, "the function ends without having checked its phase")
            }
            state = nil
        case .tryCall, .tryLocal: break
        default:
            guard let offset = CodeLayout.offset(instruction, opcode) else { return }
            try jump(to: word + offset, with: current)
            if opcode == .jump { state = nil }
        }
    }

    mutating func jump(to target: Int, with current: RegisterSet) throws(VerificationError) {
        if target > word {
            if let present = pending[target] {
                pending[target] = try join(present, current)
            } else {
                pending[target] = current
            }
            return
        }
        guard let head = heads[target] else { throw refuse(.target, "a jump into code that nothing reaches") }
        guard head.intersection(linear) == current.intersection(linear) else {
            throw refuse(.linearity, "a token is held at the end of a loop and not at its beginning, or the reverse")
        }
        guard head.isSubset(of: current) else {
            throw refuse(.unassigned, "a register that the beginning of the loop holds is empty at its end")
        }
    }

    // MARK: Operands

    func type(_ register: Int) throws(VerificationError) -> Int {
        guard function.registers.indices.contains(register) else {
            throw refuse(.operand, "there is no register \(register)")
        }
        return function.registers[register]
    }

    func prepared(_ register: Int) throws(VerificationError) -> PreparedType {
        types.prepared[try type(register)]
    }

    func fits(_ register: Int, _ target: Int) throws(VerificationError) {
        guard types.fits(try type(register), target) else {
            throw refuse(.operand, "register \(register) has another type")
        }
    }

    /// A value of type `source` arrives in a register.
    func accepts(_ register: Int, _ source: Int) throws(VerificationError) {
        guard types.fits(source, try type(register)) else {
            throw refuse(.operand, "register \(register) has another type")
        }
    }

    func require(_ condition: Bool, _ message: @autoclosure () -> String) throws(VerificationError) {
        if !condition { throw refuse(.operand, message()) }
    }

    /// The register is read and stays as it is.
    func use(_ register: Int) throws(VerificationError) {
        _ = try type(register)
        guard let state, state.contains(register) else {
            throw refuse(
                linear.contains(register) ? .linearity : .unassigned, "register \(register) may not hold a value")
        }
    }

    /// The register is read; a token is gone then.
    mutating func take(_ register: Int) throws(VerificationError) {
        try use(register)
        if linear.contains(register) { state?.remove(register) }
    }

    mutating func define(_ register: Int) throws(VerificationError) {
        _ = try type(register)
        guard let state, !linear.contains(register) || !state.contains(register) else {
            throw refuse(.linearity, "register \(register) holds a token that would be lost")
        }
        self.state?.insert(register)
    }

    /// Reads consecutive registers as the given types; tokens among them are gone then.
    mutating func takeRun(_ base: Int, _ wanted: some Collection<Int>) throws(VerificationError) {
        guard base + wanted.count <= function.registers.count else {
            throw refuse(.operand, "the registers from \(base) on are not enough")
        }
        for (offset, type) in wanted.enumerated() {
            try fits(base + offset, type)
            try take(base + offset)
        }
    }

    /// A call: the callee's window begins at `base`, and what lay there is gone.
    mutating func call(_ callee: Int, base: Int) throws(VerificationError) {
        guard callee >= 0, callee < index else {
            throw refuse(.call, "function \(callee) is not before this one")
        }
        let target = module.functions[callee]
        guard !function.isReadOnly || target.isReadOnly else {
            throw refuse(.readOnly, "a read-only function calls \(target.name), which is not")
        }
        try takeRun(base, target.registers.prefix(target.parameterCount))
        let window = RegisterSet(from: base)
        if let held = state?.intersection(linear).intersection(window).lowest {
            throw refuse(.linearity, "a token in register \(held), which the called function uses")
        }
        state = state?.subtracting(window)
        if let result = target.result {
            try accepts(base + target.parameterCount, result)
            try define(base + target.parameterCount)
        }
        neededAttempts = max(neededAttempts, attempts[callee])
        neededRegisters = max(neededRegisters, base + stackRegisters[callee])
        neededFrames = max(neededFrames, 1 + stackFrames[callee])
        guard neededRegisters <= MachineLimits.stackRegisters, neededFrames <= MachineLimits.stackFrames else {
            throw refuse(.call, "the stack grows too deep")
        }
    }

    /// A call that may fail: as `call`, without tokens, which a failure would lose; where it fails there is no result.
    mutating func attempt(_ callee: Int, base: Int, otherwise target: Int) throws(VerificationError) {
        guard callee < index else { throw refuse(.call, "function \(callee) is not before this one") }
        let called = module.functions[callee]
        let passed = called.registers.prefix(called.parameterCount) + (called.result.map { [$0] } ?? [])
        guard !passed.contains(where: { types.isLinear($0) }) else {
            throw refuse(.linearity, "a call that may fail takes or gives a token")
        }
        try call(callee, base: base)
        neededAttempts = max(neededAttempts, 1 + attempts[callee])
        guard neededAttempts <= MachineLimits.attempts else { throw refuse(.call, "attempts are nested too deep") }
        guard var failed = state else { return }
        if called.result != nil { failed.remove(base + called.parameterCount) }
        try jump(to: target, with: failed)
    }
}
