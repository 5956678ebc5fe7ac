import Bytecode
import Machine
import Numerics
import Verifier

// Loops whose passes are counted: a pass is executed with nothing known of what it changes but what every pass keeps.
extension FunctionAnalysis {
    func place(_ loop: FunctionCode.Loop) -> String {
        guard let position = code.descriptor.positions.last(where: { $0.word <= loop.head }) else { return "" }
        let names = module.sourceNames
        let file = names.indices.contains(position.file) ? names[position.file] + ":" : ""
        return " (\(file)\(position.line):\(position.column))"
    }

    /// Registers that the words of a loop change, and what else they may do.
    func changes(_ loop: FunctionCode.Loop) -> (registers: Set<Int>, appended: Set<Int>, effects: Effects) {
        var registers: Set<Int> = []
        var appended: Set<Int> = []
        var all = Effects()
        var word = loop.head
        while word < loop.end, let (opcode, instruction) = code.instruction(word) {
            let row = OpcodeTable[opcode]
            for (role, register) in [(row.a, instruction.a), (row.b, instruction.b), (row.c, instruction.c)] {
                switch role {
                case .define, .modify, .consume: registers.insert(register)
                default: break
                }
            }
            if opcode == .listAppend { appended.insert(instruction.a) }
            switch opcode {
            case .call, .tryLocal:
                registers.formUnion(instruction.a..<max(instruction.a, code.descriptor.registers.count))
            case .interfaceCall, .tryCall:
                let imported = module.imports[Int(instruction.immediate) & 0xFFFF]
                let method = module.interfaces[imported.interface].methods[imported.method]
                registers.insert(instruction.a + method.parameters.count)
            default: break
            }
            all.add(opcode, instruction, module, effects)
            word += row.words
        }
        return (registers, appended, all)
    }

    /// Registers that a loop's body changes, and what else it may do, where neither counter nor end are among them.
    func steadyChanges(
        _ loop: FunctionCode.Loop, counter: Int, end: Int
    ) throws(Unbounded) -> (registers: Set<Int>, appended: Set<Int>, effects: Effects) {
        let changed = changes(loop)
        if changed.registers.contains(counter) || changed.registers.contains(end) || counter == end {
            throw Unbounded(reason: "a loop whose counter or end changes within" + place(loop))
        }
        return changed
    }

    /// A loop whose passes are counted, each as dear as the dearest.
    func multipliedLoop(
        _ index: Int, _ before: PathState
    ) throws(Unbounded) -> (state: PathState?, exits: Exits) {
        let loop = code.loops[index]
        guard let (_, instruction) = code.instruction(loop.end) else { throw Unbounded(reason: "no instruction") }
        let (counter, end) = (instruction.a, instruction.b)
        let changed = try steadyChanges(loop, counter: counter, end: end)
        let count = try passes(loop, before)
        var entry = before
        for register in changed.appended { settleGrowth(register, &entry) }
        var head = entry
        head.cost = .zero
        head.written.formUnion(changed.effects.written)
        head.removed.formUnion(changed.effects.removed)
        head.opened.formUnion(changed.effects.opened)
        head.held = head.held.filter { key, _ in !isWritten(key, changed.effects.written) }
        if isFollowing {
            head.wild.formUnion(changed.effects.written)
            head.present = head.present.filter { key, _ in !isWritten(key, changed.effects.written) }
        }
        if changed.effects.callsOut {
            head.warm = head.warm.filter { if case .method = $0.key.place { false } else { true } }
        }
        head.hasChangedOthers = head.hasChangedOthers || changed.effects.changesOthers
        // What is in changed registers at the beginning of any pass, made wider until each pass keeps it.
        var growth: [Int: Polynomial] = [:]
        var attempt = 0
        while true {
            loops.append((algebra.newSerial(), [:]))
            let serial = loops[loops.count - 1].serial
            var start = head
            for register in changed.registers where start.registers.indices.contains(register) {
                start.registers[register]?.term = algebra.fresh()
            }
            let before = value(counter, start)
            let counterTerm = algebra.term(.counter(algebra.newSerial()))
            if (number(before).low ?? -1) >= 0 { counterEnds[counterTerm] = value(end, start).term }
            let last = high(of: value(end, start).term, start).map { $0 + (-1) }
            start.registers[counter] = integer(
                bits: max(64, number(value(end, start)).bits), low: number(before).low, high: last, term: counterTerm)
            let exits = Exits()
            let finish = try execute(from: loop.head, to: loop.end, start, inside: index, exits)
            let once = loops.removeLast().once
            let wider = finish.flatMap {
                widened(changed.registers, entry, head, $0, count, serial, &growth, attempt)
            }
            if let wider, attempt < Self.passLimit {
                head = wider
                attempt += 1
                continue
            }
            if wider != nil { throw Unbounded(reason: "a loop whose passes differ" + place(loop)) }
            let begun = finish.map {
                begunPasses(count, changed.registers, entry, start, $0, counter, counterTerm, serial)
            }
            return finished(
                loop, entry, start, finish, exits, once, begun ?? count, serial: serial, counterTerm: counterTerm)
        }
    }

    func isWritten(_ key: EntryKey, _ slots: Set<Int>) -> Bool {
        switch key.place {
        case .value(let slot), .count(let slot), .keyAt(let slot), .position(let slot): slots.contains(slot)
        case .phase(let round): slots.contains(module.rounds[round].phaseSlot)
        default: false
        }
    }

    /// What comes after a loop, whose passes cost the same.
    func finished(
        _ loop: FunctionCode.Loop, _ entry: PathState, _ start: PathState, _ finish: PathState?, _ exits: Exits,
        _ once: [EntryKey: [Int: Polynomial]], _ count: Polynomial, serial: Int, counterTerm: TermID
    ) -> (state: PathState?, exits: Exits) {
        guard let (_, instruction) = code.instruction(loop.end) else { return (nil, exits) }
        var onceCost = Polynomial.zero
        for (key, kinds) in once.sorted(by: { $0.key.precedes($1.key) }) {
            for (kind, cost) in kinds.sorted(by: { $0.key < $1.key }) { onceCost += payOnce(key, kind, cost) }
        }
        let isWide = number(value(instruction.b, entry)).isWide
        let pass = (finish?.cost ?? .zero) + (isWide ? Self.wideCount : 0)
        let again = Polynomial(code.takenGas(loop.end)) + (isWide ? Self.wideCount : 0)
        var all = entry.cost + onceCost
        if finish != nil {
            all += algebra.product(count, pass) + algebra.product(count, again) - again
        }
        all = algebra.condensed(all)
        func outside(_ cost: Polynomial) -> Polynomial {
            finish == nil ? algebra.condensed(all + cost) : algebra.condensed(all + (cost - pass).positivePart)
        }
        let result = Exits()
        result.failures = remaining(exits.failures, beside: finish == nil ? nil : pass).map { failure in
            Failure(cost: outside(failure.cost), conditions: failure.conditions)
        }
        result.returns = exits.returns.map { state in
            var state = state
            state.cost = outside(state.cost)
            return state
        }
        result.jumps = exits.jumps.map { word, state in
            var state = state
            state.cost = outside(state.cost)
            return (word, state)
        }
        guard var state = finish else { return (nil, result) }
        state.cost = all + code.followingGas(loop.end)
        for (key, kinds) in once {
            state.warm[key, default: []].formUnion(kinds[1] == nil ? .read : [.read, .written])
        }
        let end = value(instruction.b, state)
        // It counted from zero to its end: what was paid for one index was paid for all.
        let first = value(instruction.a, entry).term
        if case .integer(0) = algebra.terms[first] {
            let every = algebra.term(.every(end.term))
            for (key, warmth) in state.warm where algebra.newest(key.keys) >= serial {
                let keys = key.keys.map { algebra.replacing(counterTerm, by: every, in: $0) }
                if algebra.newest(keys) < serial {
                    state.warm[EntryKey(place: key.place, keys: keys), default: []].formUnion(warmth)
                }
            }
        }
        state.registers[instruction.a] = integer(
            bits: max(64, number(end).bits), low: number(value(instruction.a, entry)).low)
        return (state, result)
    }
}
