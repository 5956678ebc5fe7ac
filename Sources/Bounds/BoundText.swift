import Bytecode

/// Writes a bound as a polynomial of named sizes. Where the bound depends on more than sizes, or on which of two paths
/// is taken, the text says the larger figure.
struct BoundText {
    let module: Module
    let entry: EntryPoint
    let algebra: Algebra

    init(module: Module, entry: EntryPoint, algebra: Algebra) {
        self.module = module
        self.entry = entry
        self.algebra = algebra
    }

    /// What atoms stand for, each found once.
    private final class Memory { var known: [AtomID: Named?] = [:] }
    private let memory = Memory()

    /// Factors by their names, the names of a product in order; the empty product is the constant.
    private typealias Named = [[String]: Int]

    /// Terms beyond this many are folded into one figure.
    private static let partLimit = 24

    func text(_ polynomial: Polynomial) -> String? {
        guard let named = expand(polynomial) else { return nil }
        var parts: [String] = []
        let ordered = named.filter { !$0.key.isEmpty && $0.value > 0 }
            .sorted {
                let (one, other) = ($0.key, $1.key)
                return one.count == other.count ? one.lexicographicallyPrecedes(other) : one.count > other.count
            }
        guard ordered.count <= Self.partLimit else { return nil }
        for (names, factor) in ordered {
            let product = names.joined(separator: "·")
            parts.append(factor == 1 ? product : "\(factor)·\(product)")
        }
        let constant = named[[]] ?? 0
        var text = parts.joined(separator: " + ")
        if parts.isEmpty || constant > 0 { text += (parts.isEmpty ? "" : " + ") + "\(constant)" }
        if !parts.isEmpty, constant < 0 { text += " - \(-constant)" }
        return text
    }

    /// The figure of a bound that no size is named in; nil for any other.
    func number(_ polynomial: Polynomial) -> Int? {
        guard let named = expand(polynomial), Self.isConstant(named) else { return nil }
        return max(0, named[[]] ?? 0)
    }

    /// Nil when it is not bounded by sizes that have names.
    private func expand(_ polynomial: Polynomial) -> Named? {
        var total: Named = [[]: polynomial.constant]
        // What is taken off may be less than the names say.
        for part in polynomial.parts where part.factor > 0 {
            var product: Named = [[]: part.factor]
            for atom in part.atoms {
                guard let factor = expand(atom) else { return nil }
                product = Self.multiply(product, factor)
                if product.count > 64 { return nil }
            }
            for (names, factor) in product { total[names] = Saturating.add(total[names] ?? 0, factor) }
        }
        return total.values.contains { $0 >= Saturating.limit } ? nil : total
    }

    private static func multiply(_ left: Named, _ right: Named) -> Named {
        var result: Named = [:]
        for (first, one) in left {
            for (second, other) in right {
                let names = (first + second).sorted()
                result[names] = Saturating.add(result[names] ?? 0, Saturating.multiply(one, other))
            }
        }
        return result
    }

    private static func positive(_ named: Named) -> Named { named.filter { $0.value > 0 } }

    private static func cover(_ left: Named, _ right: Named) -> Named {
        positive(left).merging(positive(right)) { max($0, $1) }
    }

    private func expand(_ atom: AtomID) -> Named? {
        if let known = memory.known[atom] { return known }
        let found = named(atom)
        memory.known[atom] = .some(found)
        return found
    }

    private func named(_ atom: AtomID) -> Named? {
        switch algebra.atoms[atom] {
        case .value(let term, let fallback):
            if let name = name(term) { return [[name]: 1] }
            if let (name, more) = shifted(term) { return [[name]: 1, []: max(0, more)] }
            if let name = batch(term) { return [[name]: 1] }
            return fallback.flatMap { expand($0) }
        case .flag: return [[]: 1]
        case .measure(_, _, let fallback): return expand(fallback).map(Self.positive)
        case .maximum(let left, let right):
            guard let first = expand(left), let second = expand(right) else { return nil }
            return Self.cover(first, second)
        case .minimum(let left, let right):
            let (first, second) = (expand(left), expand(right))
            guard let first, let second else { return (first ?? second).map(Self.positive) }
            if Self.isConstant(first), Self.isConstant(second) { return [[]: min(first[[]] ?? 0, second[[]] ?? 0)] }
            // The size of a batch says more than the constant that bounds it, and so does a logarithm.
            if isBatch(left), Self.isConstant(second) { return Self.positive(first) }
            if isBatch(right), Self.isConstant(first) { return Self.positive(second) }
            if isLogarithm(left), Self.isConstant(second), !Self.isConstant(first) { return Self.positive(first) }
            if isLogarithm(right), Self.isConstant(first), !Self.isConstant(second) { return Self.positive(second) }
            return Self.positive(Self.isSimpler(second, first) ? second : first)
        case .positive(let content): return expand(content).map(Self.positive)
        case .product(let left, let right):
            guard let first = expand(left), let second = expand(right) else { return nil }
            return Self.multiply(Self.positive(first), Self.positive(second))
        case .levels(let content):
            guard let named = expand(content) else { return nil }
            if Self.isConstant(named) { return [[]: Algebra.levels(named[[]] ?? 0)] }
            return text(content).map { [["log2(\($0))"]: 1] }
        case .roundedUp(let content, let multiple):
            return expand(content).map { Self.positive($0).merging([[]: multiple - 1]) { Saturating.add($0, $1) } }
        case .share(let content, let divisor):
            return expand(content).map { Self.positive($0).mapValues { Saturating.ceilingQuotient($0, divisor) } }
        case .external(let index):
            let imported = module.imports[algebra.externals[index].item]
            let interface = module.interfaces[imported.interface]
            return [["gas(\(interface.name).\(interface.methods[imported.method].name))"]: 1]
        case .journal: return [:]
        }
    }

    private static func isConstant(_ named: Named) -> Bool { named.allSatisfy { $0.key.isEmpty || $0.value == 0 } }

    private func isLogarithm(_ polynomial: Polynomial) -> Bool {
        polynomial.parts.contains { part in
            part.atoms.contains { if case .levels = algebra.atoms[$0] { true } else { false } }
        }
    }

    private static func isSimpler(_ left: Named, _ right: Named) -> Bool {
        let (one, other) = (left.keys.map(\.count).max() ?? 0, right.keys.map(\.count).max() ?? 0)
        return one != other ? one < other : left.count < right.count
    }

    // MARK: Names

    /// A name for a number that call or state tells; nil when it has none.
    private func name(_ term: TermID) -> String? {
        switch algebra.terms[term] {
        case .operation(.listCount, _, let operands): return place(operands[0]).map { "count(\($0))" }
        case .operation(.byteCount, _, let operands): return place(operands[0]).map { "bytes(\($0))" }
        case .operation(.tensorSize, let axis, let operands): return place(operands[0]).map { "size(\($0), \(axis))" }
        case .count(let slot, _): return "count(\(module.slots[slot].name))"
        case .parameter, .state: return place(term)
        default: return nil
        }
    }

    /// A number with a name, and what is added to it.
    private func shifted(_ term: TermID) -> (name: String, more: Int)? {
        guard case .operation(let opcode, let immediate, let operands) = algebra.terms[term],
            let name = name(operands[0])
        else { return nil }
        if opcode == .addImmediate { return (name, immediate) }
        guard opcode == .add, operands.count == 2, case .integer(let more) = algebra.terms[operands[1]] else {
            return nil
        }
        return (name, more)
    }

    /// The way from a place in a list or map to another that is at most a given number further: the passes of a loop
    /// over a batch.
    private func batch(_ term: TermID) -> String? {
        guard let (end, start) = operands(term, .subtract) else { return nil }
        return steps(from: start, to: end)
    }

    private func isBatch(_ polynomial: Polynomial) -> Bool {
        polynomial.parts.contains { part in
            part.atoms.contains {
                if case .value(let term, _) = algebra.atoms[$0] { batch(term) != nil } else { false }
            }
        }
    }

    private func steps(from start: TermID, to end: TermID) -> String? {
        if let (first, second) = operands(end, .minimum) {
            return steps(from: start, to: first) ?? steps(from: start, to: second)
        }
        guard let (first, second) = operands(end, .add), first == start || second == start else { return nil }
        let size = first == start ? second : first
        if let (one, other) = operands(size, .minimum), case .integer(let most) = algebra.terms[other] {
            return name(one).map { "min(\($0), \(most))" }
        }
        return name(size)
    }

    private func operands(_ term: TermID, _ wanted: Opcode) -> (TermID, TermID)? {
        guard case .operation(wanted, _, let operands) = algebra.terms[term], operands.count == 2 else { return nil }
        return (operands[0], operands[1])
    }

    private func place(_ term: TermID) -> String? {
        switch algebra.terms[term] {
        case .parameter(let index):
            return entry.parameterNames.indices.contains(index) ? entry.parameterNames[index] : nil
        case .state(let slot, _): return module.slots[slot].name
        case .operation(.listGet, _, let operands): return place(operands[0]).map { "\($0)[]" }
        case .operation(.getPayload, _, let operands): return place(operands[0])
        case .find(let slot, _): return module.slots[slot].name
        default: return nil
        }
    }
}
