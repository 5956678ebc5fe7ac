import Bytecode
import Numerics

typealias TermID = Int

/// What a register holds, as far as it follows from the call and the state before it. Equal terms are equal values.
enum Term: Hashable, Sendable {
    /// Nothing is known but which value it is.
    case fresh(Int)
    /// The counter of a loop, in the pass that analyses it.
    case counter(Int)
    /// Any index below a count: in facts that hold for all of them.
    case every(TermID)
    case parameter(Int)
    case caller, contract, height, chain
    case integer(Int)
    case boolean(Bool)
    /// An index into the module's constants.
    case constant(Int)
    /// A value of the call that is followed, by its index among the algebra's literals.
    case literal(Int)
    case asset(Int)
    // State before the call.
    case state(slot: Int, keys: [TermID])
    case contains(slot: Int, keys: [TermID])
    case find(slot: Int, keys: [TermID])
    case count(slot: Int, leading: [TermID])
    case keyAt(slot: Int, leading: [TermID], index: TermID)
    /// What an instruction makes of its operands; the immediate where it matters.
    case operation(Opcode, Int, [TermID])
    case object(type: Int, tag: Int, fields: [TermID])
    case choice(TermID, TermID, TermID)
    /// Where the instance of a round is by what was stored of it before the call, and the height.
    case moment(round: Int, part: MomentPart, keys: [TermID])

    var children: [TermID] {
        switch self {
        case .fresh, .counter, .parameter, .caller, .contract, .height, .chain, .integer, .boolean, .constant,
            .literal, .asset:
            []
        case .every(let count): [count]
        case .state(_, let keys), .contains(_, let keys), .find(_, let keys), .count(_, let keys): keys
        case .keyAt(_, let leading, let index): leading + [index]
        case .operation(_, _, let operands): operands
        case .object(_, _, let fields): fields
        case .choice(let condition, let first, let second): [condition, first, second]
        case .moment(_, _, let keys): keys
        }
    }
}

/// What is asked of an instance of a round.
enum MomentPart: Hashable, Sendable {
    case phase
    /// The height at which it entered a phase; 0 when it did not on the way.
    case entered(Int)
    /// The phases that time has passed over.
    case passedCount
    /// Whether a slot of a length is read on the way.
    case reads(Int)
}

/// What is known of a term beside its form.
struct TermFacts: Sendable {
    /// The serial number of the newest fresh value or counter within.
    var newest: Int
    var depth: Int
    /// It has one value, which follows from call and state.
    var isExact: Bool
    /// It has a set of values that follows from call and state.
    var isMeasurable: Bool
    /// The counts that indices within range over.
    var everies: [TermID]
    /// The counters within.
    var counters: [TermID] = []
}

/// A number that a bound depends on.
enum Atom: Hashable, Sendable {
    /// The value of an integer, at least 0; the fallback bounds it too.
    case value(TermID, fallback: Polynomial?)
    /// 1 when a condition has the given outcome or is not known, else 0.
    case flag(TermID, Bool)
    /// Bytes or gas that a value takes.
    case measure(Measure, TermID, fallback: Polynomial)
    case maximum(Polynomial, Polynomial)
    case minimum(Polynomial, Polynomial)
    /// At least 0.
    case positive(Polynomial)
    case product(Polynomial, Polynomial)
    /// ⌈log2⌉, as sorting counts it.
    case levels(Polynomial)
    /// Rounded up to a multiple.
    case roundedUp(Polynomial, Int)
    /// The quotient by a constant, rounded up.
    case share(Polynomial, Int)
    /// The gas of another contract's method.
    case external(Int)
    /// 1 within a `try` call, else 0.
    case journal
}

/// What is measured of a value.
enum Measure: Hashable, Sendable {
    /// Bytes of its canonical encoding.
    case bytes
    /// Gas to encode it, to decode it as an argument (without looking at interfaces), and to read it from state.
    case encoding, decoding, loading
}

struct AtomFacts: Sendable {
    var depth: Int
    /// A constant that bounds it; `Saturating.limit` when there is none.
    var limit: Int
    /// The serial number of the newest unknown within.
    var newest: Int
}

/// A call of another contract's method whose gas is a number of the bound.
struct ExternalCall: Sendable {
    var item: Int
    var address: TermID
    var arguments: [Argument]
    /// No call before it can have changed the callee's state.
    var isStateKnown: Bool
    var isTry: Bool

    struct Argument: Sendable {
        var term: TermID
        var shape: Shape
    }
}

/// The terms, atoms and external calls of one analysis, each kept once.
final class Algebra {
    /// Chains of operations longer than this are followed no further.
    static let depthLimit = 96
    /// Numbers of a bound that nest deeper than this are taken at their largest.
    static let nestingLimit = 192
    static let partLimit = 48
    static let degreeLimit = 6

    private(set) var terms: [Term] = []
    private(set) var termFacts: [TermFacts] = []
    private var termIndex: [Term: TermID] = [:]
    private(set) var atoms: [Atom] = []
    private(set) var atomFacts: [AtomFacts] = []
    private var atomIndex: [Atom: AtomID] = [:]
    private(set) var externals: [ExternalCall] = []
    private(set) var serial = 0
    /// What the one call that is followed knows; nil while all calls are analysed at once.
    var knowledge: BoundEvaluation?
    private(set) var literals: [ABIValue] = []
    private var literalIndex: [ABIValue: TermID] = [:]

    // MARK: Terms

    func newSerial() -> Int {
        serial += 1
        return serial
    }

    func fresh() -> TermID { term(.fresh(newSerial())) }

    func term(_ term: Term) -> TermID {
        if let known = termIndex[term] { return known }
        var facts = TermFacts(newest: 0, depth: 0, isExact: true, isMeasurable: true, everies: [])
        switch term {
        case .fresh(let number):
            facts = TermFacts(newest: number, depth: 0, isExact: false, isMeasurable: false, everies: [])
        case .counter(let number):
            facts = TermFacts(
                newest: number, depth: 0, isExact: false, isMeasurable: true, everies: [], counters: [terms.count])
        default:
            for child in term.children {
                let part = termFacts[child]
                facts.newest = max(facts.newest, part.newest)
                facts.depth = max(facts.depth, part.depth + 1)
                facts.isExact = facts.isExact && part.isExact
                facts.isMeasurable = facts.isMeasurable && part.isMeasurable
                for counter in part.counters where !facts.counters.contains(counter) { facts.counters.append(counter) }
                for count in part.everies where !facts.everies.contains(count) { facts.everies.append(count) }
            }
            if case .every(let count) = term {
                facts.isExact = false
                facts.everies = [count]
            }
        }
        if facts.depth > Self.depthLimit { return fresh() }
        if facts.isExact, let knowledge, let value = knowledge.follow(term) {
            let known = literal(value)
            termIndex[term] = known
            return known
        }
        terms.append(term)
        termFacts.append(facts)
        termIndex[term] = terms.count - 1
        return terms.count - 1
    }

    // MARK: Literals

    /// The term of a known value. Scalars, and what is made of few of them, have one term each.
    func literal(_ value: ABIValue, isKey: Bool = false) -> TermID {
        switch value {
        case .boolean(let flag): return term(.boolean(flag))
        case .integer(let number): if let small = Saturating.exact(number) { return term(.integer(small)) }
        default: break
        }
        let name = isKey || Self.isSmall(value) ? Self.name(value) : nil
        if let name, let known = literalIndex[name] { return known }
        literals.append(value)
        let made = term(.literal(literals.count - 1))
        if let name { literalIndex[name] = made }
        return made
    }

    /// The value with bytes in the place of texts, of which different ones can compare as equal.
    private static func name(_ value: ABIValue) -> ABIValue {
        switch value {
        case .boolean, .integer, .bytes32, .bytes, .tensor: value
        case .text(let text): .enumeration(caseIndex: -1, payload: [.bytes(Array(text.utf8))])
        case .option(let content): .option(content.map { name($0) })
        case .structure(let fields): .structure(fields.map { name($0) })
        case .enumeration(let index, let payload): .enumeration(caseIndex: index, payload: payload.map { name($0) })
        case .list(let items): .list(items.map { name($0) })
        }
    }

    private static func isSmall(_ value: ABIValue) -> Bool {
        switch value {
        case .boolean, .integer, .bytes32: true
        case .bytes(let bytes): bytes.count <= 64
        case .text(let text): text.utf8.count <= 64
        case .option(let content): content.map { isSmall($0) } ?? true
        case .structure(let fields): fields.count <= 4 && fields.allSatisfy { isSmall($0) }
        case .enumeration(_, let payload): payload.count <= 4 && payload.allSatisfy { isSmall($0) }
        case .list, .tensor: false
        }
    }

    /// The value of a term that is nothing but one.
    func value(of id: TermID) -> ABIValue? {
        switch terms[id] {
        case .literal(let index): literals[index]
        case .integer(let number): .integer(BigInt(number))
        case .boolean(let flag): .boolean(flag)
        default: nil
        }
    }

    func newest(_ terms: [TermID]) -> Int { terms.map { termFacts[$0].newest }.max() ?? 0 }

    func operation(_ opcode: Opcode, _ operands: [TermID], immediate: Int = 0) -> TermID {
        let integers = operands.compactMap { operand -> Int? in
            if case .integer(let value) = terms[operand] { value } else { nil }
        }
        if integers.count == operands.count, integers.count == 2 {
            switch opcode {
            case .less: return term(.boolean(integers[0] < integers[1]))
            case .lessOrEqual: return term(.boolean(integers[0] <= integers[1]))
            case .equalInteger: return term(.boolean(integers[0] == integers[1]))
            default: break
            }
        }
        if knowledge != nil, integers.count == 2, operands.count == 2 {
            var result: Int?
            switch opcode {
            case .add: result = Saturating.add(integers[0], integers[1])
            case .subtract: result = Saturating.add(integers[0], -integers[1])
            case .multiply: result = Saturating.multiply(integers[0], integers[1])
            default: break
            }
            if let result, abs(result) < Saturating.limit / 2 { return term(.integer(result)) }
        }
        if opcode == .subtract, case .integer(0) = terms[operands[1]] { return operands[0] }
        if opcode == .addImmediate, integers.count == 1 {
            let sum = Saturating.add(integers[0], immediate)
            if abs(sum) < Saturating.limit { return term(.integer(sum)) }
        }
        return term(.operation(opcode, immediate, operands))
    }

    func choice(_ condition: TermID, _ first: TermID, _ second: TermID) -> TermID {
        if first == second { return first }
        if case .boolean(true) = terms[first], case .boolean(false) = terms[second] { return condition }
        return term(.choice(condition, first, second))
    }

    /// The term with another in the place of one.
    func replacing(_ old: TermID, by new: TermID, in id: TermID) -> TermID {
        if id == old { return new }
        guard termFacts[id].newest >= termFacts[old].newest else { return id }
        func all(_ list: [TermID]) -> [TermID] { list.map { replacing(old, by: new, in: $0) } }
        switch terms[id] {
        case .fresh, .counter, .parameter, .caller, .contract, .height, .chain, .integer, .boolean, .constant,
            .literal, .asset:
            return id
        case .every(let count): return term(.every(replacing(old, by: new, in: count)))
        case .state(let slot, let keys): return term(.state(slot: slot, keys: all(keys)))
        case .contains(let slot, let keys): return term(.contains(slot: slot, keys: all(keys)))
        case .find(let slot, let keys): return term(.find(slot: slot, keys: all(keys)))
        case .count(let slot, let leading): return term(.count(slot: slot, leading: all(leading)))
        case .keyAt(let slot, let leading, let index):
            return term(.keyAt(slot: slot, leading: all(leading), index: replacing(old, by: new, in: index)))
        case .operation(let opcode, let immediate, let operands):
            return term(.operation(opcode, immediate, all(operands)))
        case .object(let type, let tag, let fields): return term(.object(type: type, tag: tag, fields: all(fields)))
        case .choice(let condition, let first, let second):
            let parts = all([condition, first, second])
            return choice(parts[0], parts[1], parts[2])
        case .moment(let round, let part, let keys): return term(.moment(round: round, part: part, keys: all(keys)))
        }
    }

    // MARK: Atoms

    func atom(_ atom: Atom) -> AtomID {
        if let known = atomIndex[atom] { return known }
        var facts = AtomFacts(depth: 0, limit: Saturating.limit, newest: 0)
        func take(_ polynomials: Polynomial...) {
            for polynomial in polynomials {
                for part in polynomial.parts {
                    for id in part.atoms {
                        facts.depth = max(facts.depth, atomFacts[id].depth + 1)
                        facts.newest = max(facts.newest, atomFacts[id].newest)
                    }
                }
            }
        }
        switch atom {
        case .value(let id, let fallback):
            if let fallback {
                take(fallback)
                facts.limit = limit(of: fallback)
            }
            facts.newest = max(facts.newest, termFacts[id].newest)
        case .flag(let id, _):
            facts.limit = 1
            facts.newest = termFacts[id].newest
        case .measure(_, let id, let fallback):
            take(fallback)
            facts.limit = limit(of: fallback)
            facts.newest = max(facts.newest, termFacts[id].newest)
        case .maximum(let left, let right):
            take(left, right)
            facts.limit = max(limit(of: left), limit(of: right))
        case .minimum(let left, let right):
            take(left, right)
            facts.limit = min(limit(of: left), limit(of: right))
        case .positive(let content):
            take(content)
            facts.limit = max(0, limit(of: content))
        case .product(let left, let right):
            take(left, right)
            facts.limit = Saturating.multiply(max(0, limit(of: left)), max(0, limit(of: right)))
        case .levels(let content):
            take(content)
            facts.limit = Self.levels(limit(of: content))
        case .roundedUp(let content, let multiple):
            take(content)
            facts.limit = Saturating.add(limit(of: content), multiple)
        case .share(let content, let divisor):
            take(content)
            facts.limit = Saturating.ceilingQuotient(max(0, limit(of: content)), divisor)
        case .external: facts.newest = serial
        case .journal: facts.limit = 1
        }
        facts.limit = max(0, facts.limit)
        atoms.append(atom)
        atomFacts.append(facts)
        atomIndex[atom] = atoms.count - 1
        return atoms.count - 1
    }

    static func levels(_ count: Int) -> Int { Int.bitWidth - max(0, count - 1).leadingZeroBitCount }

    func polynomial(_ atom: Atom) -> Polynomial {
        if let knowledge { return Polynomial(knowledge.follow(atom)) }
        return Polynomial(atom: self.atom(atom))
    }

    func external(_ call: ExternalCall) -> Polynomial {
        externals.append(call)
        return polynomial(.external(externals.count - 1))
    }

    /// A constant that the polynomial does not pass.
    func limit(of polynomial: Polynomial) -> Int {
        var total = polynomial.constant
        for part in polynomial.parts where part.factor > 0 {
            var product = part.factor
            for id in part.atoms { product = Saturating.multiply(product, atomFacts[id].limit) }
            total = Saturating.add(total, product)
        }
        return total
    }

    func newest(_ polynomial: Polynomial) -> Int {
        polynomial.parts.flatMap(\.atoms).map { atomFacts[$0].newest }.max() ?? 0
    }

    private func depth(_ polynomial: Polynomial) -> Int {
        polynomial.parts.flatMap(\.atoms).map { atomFacts[$0].depth }.max() ?? 0
    }

    // MARK: Polynomials

    /// A polynomial of few parts, in the place of one of many.
    func condensed(_ polynomial: Polynomial) -> Polynomial {
        guard polynomial.parts.count > Self.partLimit else { return polynomial }
        if depth(polynomial) >= Self.nestingLimit { return Polynomial(max(0, limit(of: polynomial))) }
        return self.polynomial(.positive(polynomial))
    }

    func product(_ left: Polynomial, _ right: Polynomial) -> Polynomial {
        if left.isConstant { return right * left.constant }
        if right.isConstant { return left * right.constant }
        let degree = (left.parts.last?.atoms.count ?? 0) + (right.parts.last?.atoms.count ?? 0)
        guard left.parts.count * right.parts.count <= Self.partLimit, degree <= Self.degreeLimit else {
            if max(depth(left), depth(right)) >= Self.nestingLimit {
                return Polynomial(Saturating.multiply(max(0, limit(of: left)), max(0, limit(of: right))))
            }
            return polynomial(.product(left, right))
        }
        var result = left * right.constant
        for part in right.parts {
            var row = Polynomial(0)
            for other in left.parts {
                let atoms = (part.atoms + other.atoms).sorted()
                row.parts.append(.init(atoms: atoms, factor: Saturating.multiply(part.factor, other.factor)))
            }
            row.parts.sort { $0.precedes($1) }
            result += row + Polynomial(0, parts: [.init(atoms: part.atoms, factor: 1)]) * Saturating.multiply(
                left.constant, part.factor)
        }
        return condensed(result)
    }

    /// The larger of two; where a condition decides which one counts, only that one.
    func maximum(_ left: Polynomial, _ right: Polynomial, when condition: (term: TermID, isTrue: Bool)? = nil)
        -> Polynomial
    {
        if left == right { return left }
        let common = Polynomial.common(left, right)
        var (first, second) = (left - common, right - common)
        if let condition, max(depth(first), depth(second)) < Self.nestingLimit {
            first = product(polynomial(.flag(condition.term, condition.isTrue)), gathered(first))
            second = product(polynomial(.flag(condition.term, !condition.isTrue)), gathered(second))
        }
        if second.isZero { return condensed(common + first) }
        if first.isZero { return condensed(common + second) }
        if first.isConstant && second.isConstant { return common + max(first.constant, second.constant) }
        // A few units are not worth a case.
        if second.isConstant, second.constant <= 8 { return condensed(common + first + second) }
        if first.isConstant, first.constant <= 8 { return condensed(common + first + second) }
        if max(depth(first), depth(second)) >= Self.nestingLimit {
            return condensed(common + Polynomial.cover(first, second))
        }
        return condensed(common + polynomial(.maximum(first, second)))
    }

    /// One atom in the place of many parts.
    private func gathered(_ polynomial: Polynomial) -> Polynomial {
        polynomial.parts.count <= 8 ? polynomial : self.polynomial(.positive(polynomial))
    }

    func minimum(_ left: Polynomial, _ right: Polynomial) -> Polynomial {
        if left.isCovered(by: right) { return left }
        if right.isCovered(by: left) { return right }
        if max(depth(left), depth(right)) >= Self.nestingLimit { return left }
        return polynomial(.minimum(left, right))
    }

    /// At least zero.
    func positive(_ content: Polynomial) -> Polynomial {
        if content.isPositive { return content }
        if content.isConstant { return .zero }
        if depth(content) >= Self.nestingLimit { return content.positivePart }
        return polynomial(.positive(content))
    }

    /// A quotient by a positive constant, rounded up.
    func share(_ content: Polynomial, _ divisor: Int) -> Polynomial {
        if content.constant % divisor == 0, content.parts.allSatisfy({ $0.factor % divisor == 0 }) {
            return Polynomial(
                content.constant / divisor,
                parts: content.parts.map { .init(atoms: $0.atoms, factor: $0.factor / divisor) })
        }
        if content.isConstant { return Polynomial(Saturating.ceilingQuotient(content.constant, divisor)) }
        if depth(content) >= Self.nestingLimit { return content.positivePart }
        return polynomial(.share(content, divisor))
    }
}
