import Bytecode
import Numerics

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
            facts = TermFacts(
                newest: number, depth: 0, isExact: false, isDecidable: false, isMeasurable: false, everies: [])
        case .counter(let number):
            facts = TermFacts(
                newest: number, depth: 0, isExact: false, isDecidable: false, isMeasurable: true, everies: [],
                counters: [terms.count])
        default:
            for child in term.children {
                let part = termFacts[child]
                facts.newest = max(facts.newest, part.newest)
                facts.depth = max(facts.depth, part.depth + 1)
                facts.isExact = facts.isExact && part.isExact
                facts.isDecidable = facts.isDecidable && part.isDecidable
                facts.isMeasurable = facts.isMeasurable && part.isMeasurable
                for counter in part.counters where !facts.counters.contains(counter) { facts.counters.append(counter) }
                for count in part.everies where !facts.everies.contains(count) { facts.everies.append(count) }
            }
            if case .every(let count) = term {
                facts.isExact = false
                facts.isDecidable = false
                facts.everies = [count]
            }
            if case .later(_, _, let number) = term {
                facts.isExact = false
                facts.newest = number
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
        case .later(let round, let phase, let number):
            return term(.later(round: round, than: replacing(old, by: new, in: phase), number))
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

    func depth(_ polynomial: Polynomial) -> Int {
        polynomial.parts.flatMap(\.atoms).map { atomFacts[$0].depth }.max() ?? 0
    }
}
