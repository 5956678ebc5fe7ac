import Bytecode
import Numerics

// How many passes a loop makes, by its counter and end, and by what has to hold for a pass to come to its end.
extension FunctionAnalysis {
    /// The most passes of a loop, from the registers before it.
    func passes(_ loop: FunctionCode.Loop, _ state: PathState) throws(Unbounded) -> Polynomial {
        guard let (_, instruction) = code.instruction(loop.end) else { throw Unbounded(reason: "no instruction") }
        let (counter, end) = (value(instruction.a, state), value(instruction.b, state))
        var count: Polynomial?
        if let low = number(counter).low {
            // An end beyond the figures kept here would look near to a beginning beyond them.
            let start = min(low, Saturating.limit / 4)
            count = high(of: end.term, state).map { algebra.positive($0 + (-start)) }
        }
        let difference = algebra.operation(.subtract, [end.term, counter.term])
        if difference != end.term, let other = high(of: difference, state) {
            count = count.map { algebra.minimum(other, $0) } ?? other
        }
        guard let count else { throw Unbounded(reason: "a loop without a bound" + place(loop)) }
        if count.isConstant { return Polynomial(max(1, count.constant)) }
        return state.below.contains([counter.term, end.term]) ? count : count + 1
    }

    /// The most passes that begin, given what has to hold for one to come to its end.
    func begunPasses(
        _ count: Polynomial, _ registers: Set<Int>, _ entry: PathState, _ start: PathState, _ finish: PathState,
        _ counter: Int, _ counterTerm: TermID, _ serial: Int
    ) -> Polynomial {
        var most = count
        func isSteady(_ high: Polynomial) -> Bool { algebra.newest(high) < serial }
        if let high = finish.highs[counterTerm], isSteady(high), let low = number(value(counter, entry)).low {
            most = algebra.minimum(algebra.positive(high + (1 - min(low, Saturating.limit / 4))) + 1, most)
        }
        for register in registers.sorted() where start.registers.indices.contains(register) {
            guard let before = start.registers[register], let after = finish.registers[register],
                case .integer(let number) = before.shape, let first = entry.registers[register]
            else { continue }
            // What is halved in each pass, while it is more than one.
            if isHalf(after.term, of: before.term), finish.below.contains([algebra.term(.integer(1)), before.term]),
                let high = high(of: first.term, entry)
            {
                most = algebra.minimum(levels(high), most)
            }
            // What is doubled, while it stays within something; it begins at one or more.
            guard (number.low ?? 0) >= 1, finish.halves(of: after.term, algebra).contains(before.term) else { continue }
            for (term, high) in finish.highs.sorted(by: { $0.key < $1.key })
            where isSteady(high)
                && (term == after.term || finish.halves(of: term, algebra).contains(before.term))
            {
                most = algebra.minimum(levels(high), most)
            }
        }
        return most
    }

    func isHalf(_ term: TermID, of whole: TermID) -> Bool {
        guard case .operation(.divide, Int(Rounding.floor.rawValue), let operands) = algebra.terms[term],
            operands.count == 2, operands[0] == whole, case .integer(let divisor) = algebra.terms[operands[1]]
        else { return false }
        return divisor >= 2
    }

    /// One more than the logarithm, rounded down; at least 1.
    func levels(_ count: Polynomial) -> Polynomial {
        if count.isConstant { return Polynomial(max(1, Algebra.levels(Saturating.add(count.constant, 1)))) }
        return algebra.maximum(algebra.polynomial(.levels(count + 1)), Polynomial(1))
    }
}
