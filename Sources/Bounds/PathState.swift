import Bytecode

/// A value in a register.
struct AbstractValue {
    var term: TermID
    var shape: Shape
    /// Objects: which one, to find the other registers that hold it; 0 when it is never changed in place.
    var identity = 0
    /// Nothing but registers with its identity refers to the object.
    var isOwned = false
    /// Lists: growth is paid by what was appended since it was made.
    var isAmortized = false
    /// It came out of a call and has not been moved yet.
    var isResult = false
}

/// An entry of state, or something else that is dear once in a transaction.
struct EntryKey: Hashable {
    enum Place: Hashable {
        case value(Int), count(Int), keyAt(Int), position(Int)
        case balance(Int), supply(Int), holding(Int)
        case contract, asset(Int), method(Int)
        /// The phase that an instance of a round is in, and the way that time led it.
        case phase(Int), way(Int)

        /// Any order that is the same each time.
        var rank: (kind: Int, number: Int) {
            switch self {
            case .value(let slot): (0, slot)
            case .count(let slot): (1, slot)
            case .keyAt(let slot): (2, slot)
            case .position(let slot): (3, slot)
            case .balance(let asset): (4, asset)
            case .supply(let asset): (5, asset)
            case .holding(let asset): (6, asset)
            case .contract: (7, 0)
            case .asset(let asset): (8, asset)
            case .method(let item): (9, item)
            case .phase(let round): (10, round)
            case .way(let round): (11, round)
            }
        }
    }

    var place: Place
    var keys: [TermID]

    func precedes(_ other: EntryKey) -> Bool {
        let (own, others) = (place.rank, other.place.rank)
        return own == others ? keys.lexicographicallyPrecedes(other.keys) : own < others
    }
}

/// What has been paid for an entry on every path: the machine charges it once, so it need not be paid again.
struct Warmth: OptionSet, Hashable {
    let rawValue: Int
    static let read = Warmth(rawValue: 1)
    static let written = Warmth(rawValue: 2)
}

/// What is known at a place of the code, on every path to it.
struct PathState {
    /// A condition that follows from call and state, and its outcome.
    struct Condition: Hashable {
        var term: TermID
        var isTrue: Bool
    }

    var registers: [AbstractValue?]
    var cost = Polynomial.zero
    var warm: [EntryKey: Warmth] = [:]
    /// What entries hold, where it is known.
    var held: [EntryKey: AbstractValue] = [:]
    /// Slots that may have been written, and those of which entries may have been removed.
    var written: Set<Int> = []
    var removed: Set<Int> = []
    /// Rounds of which an instance may have been opened; all others only leave phases.
    var opened: Set<Int> = []
    /// In a call that is followed: entries that may have been written, slots written under keys that are not known, and
    /// whether an entry is there, where that is known of one that was written.
    var touched: Set<EntryKey> = []
    var wild: Set<Int> = []
    var present: [EntryKey: Bool] = [:]
    /// Upper bounds that conditions gave.
    var highs: [TermID: Polynomial] = [:]
    /// Pairs of which the first is below the second.
    var below: Set<[TermID]> = []
    /// For a value those that it is at least twice as large as, none of them being negative.
    var doubles: [TermID: Set<TermID>] = [:]
    /// Counts that are zero.
    var empty: Set<TermID> = []
    /// Conditions that hold, with their outcome, outermost first.
    var conditions: [Condition] = []
    /// Another contract may have been changed.
    var hasChangedOthers = false

    /// Both are reached: what holds in both, at the cost of the dearer one.
    static func merge(_ left: PathState, _ right: PathState, _ algebra: Algebra, _ shapes: ShapeCosts) -> PathState {
        var shared = 0
        while shared < left.conditions.count, shared < right.conditions.count,
            left.conditions[shared] == right.conditions[shared]
        {
            shared += 1
        }
        var decision: Condition?
        if shared < left.conditions.count, shared < right.conditions.count,
            left.conditions[shared].term == right.conditions[shared].term
        {
            decision = left.conditions[shared]
        }
        var result = left
        result.conditions = Array(left.conditions[..<shared])
        // They follow from how a value was made.
        result.doubles.merge(right.doubles) { $0.union($1) }
        result.cost = algebra.maximum(left.cost, right.cost, when: decision)
        // Objects that more than one register holds, on either path.
        let doubled = left.doubledIdentities.union(right.doubledIdentities)
        for index in result.registers.indices {
            guard let one = left.registers[index], let other = right.registers[index] else {
                result.registers[index] = nil
                continue
            }
            var merged = merge(one, other, decision, algebra, shapes)
            if one.term != other.term, case .integer = merged.shape {
                let halves = left.halves(of: one.term, algebra).intersection(right.halves(of: other.term, algebra))
                if !halves.isEmpty { result.doubles[merged.term] = halves }
            }
            if one.identity != other.identity, doubled.contains(one.identity) || doubled.contains(other.identity) {
                merged.isOwned = false
            }
            result.registers[index] = merged
        }
        result.warm = mergeWarm(left, right, algebra)
        result.held = left.held.filter { key, value in right.held[key]?.term == value.term }
        if let decision {
            for (key, one) in left.held.sorted(by: { $0.key.precedes($1.key) }) {
                guard case .phase = key.place, let other = right.held[key], other.term != one.term else { continue }
                result.held[key] = merge(one, other, decision, algebra, shapes)
            }
        }
        result.written.formUnion(right.written)
        result.removed.formUnion(right.removed)
        result.opened.formUnion(right.opened)
        if !left.touched.isEmpty || !right.touched.isEmpty {
            result.touched.formUnion(right.touched)
            result.present = left.present.filter { right.present[$0.key] == $0.value }
        }
        result.wild.formUnion(right.wild)
        result.highs = [:]
        for (term, high) in left.highs {
            guard let other = right.highs[term] else { continue }
            if algebra.isCovered(high, by: other) {
                result.highs[term] = other
            } else if algebra.isCovered(other, by: high) {
                result.highs[term] = high
            }
        }
        result.below.formIntersection(right.below)
        result.empty.formIntersection(right.empty)
        result.hasChangedOthers = left.hasChangedOthers || right.hasChangedOthers
        return result
    }

    /// The values that one is at least twice as large as, where none of them is negative.
    func halves(of term: TermID, _ algebra: Algebra) -> Set<TermID> {
        if let known = doubles[term] { return known }
        guard case .operation(let opcode, let immediate, let operands) = algebra.terms[term] else { return [] }
        func integer(_ index: Int) -> Int? {
            if case .integer(let value) = algebra.terms[operands[index]] { value } else { nil }
        }
        switch (opcode, operands.count) {
        case (.multiply, 2):
            if let factor = integer(0), factor >= 2 { return [operands[1]] }
            if let factor = integer(1), factor >= 2 { return [operands[0]] }
            return []
        case (.add, 2):
            if let more = integer(0), more >= 0 { return halves(of: operands[1], algebra) }
            if let more = integer(1), more >= 0 { return halves(of: operands[0], algebra) }
            return []
        case (.addImmediate, 1): return immediate >= 0 ? halves(of: operands[0], algebra) : []
        default: return []
        }
    }

    private var doubledIdentities: Set<Int> {
        var (seen, doubled): (Set<Int>, Set<Int>) = ([], [])
        for case let value? in registers where value.identity != 0 {
            if !seen.insert(value.identity).inserted { doubled.insert(value.identity) }
        }
        return doubled
    }

    private static func merge(
        _ one: AbstractValue, _ other: AbstractValue, _ decision: Condition?, _ algebra: Algebra,
        _ shapes: ShapeCosts
    ) -> AbstractValue {
        var result = one
        if one.term != other.term {
            if let decision {
                let (first, second) = decision.isTrue ? (one.term, other.term) : (other.term, one.term)
                result.term = algebra.choice(decision.term, first, second)
            } else {
                result.term = algebra.fresh()
            }
        }
        result.shape = shapes.join(one.shape, other.shape)
        result.isAmortized = one.isAmortized && other.isAmortized
        if one.identity != other.identity {
            result.identity = algebra.newSerial()
        }
        result.isOwned = one.isOwned && other.isOwned
        return result
    }

    /// What holds for all indices below a count that is zero holds.
    private static func mergeWarm(
        _ left: PathState, _ right: PathState, _ algebra: Algebra
    ) -> [EntryKey: Warmth] {
        func isVacuous(_ key: EntryKey, in state: PathState) -> Bool {
            !state.empty.isEmpty
                && key.keys.contains { term in
                    algebra.termFacts[term].everies.contains { state.empty.contains($0) }
                }
        }
        var result: [EntryKey: Warmth] = [:]
        for (key, warmth) in left.warm {
            if let other = right.warm[key] {
                result[key] = isVacuous(key, in: right) ? warmth : warmth.intersection(other)
            } else if isVacuous(key, in: right) {
                result[key] = warmth
            }
        }
        for (key, warmth) in right.warm where left.warm[key] == nil && isVacuous(key, in: left) {
            result[key] = warmth
        }
        return result
    }
}
