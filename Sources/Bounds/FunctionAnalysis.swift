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
    var failures: [Failure] = []
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
    var attempts: [Int] = []
    /// Follow what an attempt's own gas has to pay, not what the transaction pays: all that is dear once is dear again
    /// within each attempt on a function of the contract.
    var isFresh = false

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
    /// the register after the parameters, and the failures that may cost more.
    func run(_ function: Int, _ state: PathState) throws(Unbounded) -> (state: PathState?, failures: [Failure]) {
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
        return (end, remaining(exits.failures, beside: end?.cost))
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
                    add(result.exits.failures, to: exits)
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
}
