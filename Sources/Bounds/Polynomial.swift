/// A sum of products of atoms, each atom a number that is never negative. Parts are in ascending order, without zeros.
struct Polynomial: Hashable, Sendable {
    struct Part: Hashable, Sendable {
        /// Ascending; an atom may occur several times; never empty.
        var atoms: [AtomID]
        var factor: Int

        func precedes(_ other: Part) -> Bool {
            atoms.count == other.atoms.count
                ? atoms.lexicographicallyPrecedes(other.atoms) : atoms.count < other.atoms.count
        }
    }

    var constant: Int
    var parts: [Part]

    init(_ constant: Int = 0, parts: [Part] = []) {
        self.constant = constant
        self.parts = parts
    }

    init(atom: AtomID) { self.init(0, parts: [Part(atoms: [atom], factor: 1)]) }

    static let zero = Polynomial()

    var isConstant: Bool { parts.isEmpty }
    var isZero: Bool { constant == 0 && parts.isEmpty }
    /// No factor is negative, so the value is not either.
    var isPositive: Bool { constant >= 0 && parts.allSatisfy { $0.factor > 0 } }

    /// Joins the factors of equal products.
    static func combine(_ left: Polynomial, _ right: Polynomial, _ join: (Int, Int) -> Int) -> Polynomial {
        var result = Polynomial(join(left.constant, right.constant))
        result.parts.reserveCapacity(left.parts.count + right.parts.count)
        var (first, second) = (0, 0)
        while first < left.parts.count || second < right.parts.count {
            let part: Part
            if second == right.parts.count
                || (first < left.parts.count && left.parts[first].precedes(right.parts[second]))
            {
                part = Part(atoms: left.parts[first].atoms, factor: join(left.parts[first].factor, 0))
                first += 1
            } else if first == left.parts.count || right.parts[second].precedes(left.parts[first]) {
                part = Part(atoms: right.parts[second].atoms, factor: join(0, right.parts[second].factor))
                second += 1
            } else {
                part = Part(
                    atoms: left.parts[first].atoms, factor: join(left.parts[first].factor, right.parts[second].factor))
                first += 1
                second += 1
            }
            if part.factor != 0 { result.parts.append(part) }
        }
        return result
    }

    static func + (left: Polynomial, right: Polynomial) -> Polynomial {
        if right.parts.isEmpty { return left + right.constant }
        if left.parts.isEmpty { return right + left.constant }
        return combine(left, right, Saturating.add)
    }

    static func + (left: Polynomial, right: Int) -> Polynomial {
        Polynomial(Saturating.add(left.constant, right), parts: left.parts)
    }

    static func += (left: inout Polynomial, right: Polynomial) { left = left + right }
    static func += (left: inout Polynomial, right: Int) { left.constant = Saturating.add(left.constant, right) }

    static func - (left: Polynomial, right: Polynomial) -> Polynomial {
        combine(left, right) { Saturating.add($0, -$1) }
    }

    static func * (left: Polynomial, right: Int) -> Polynomial {
        if right == 0 { return .zero }
        return Polynomial(
            Saturating.multiply(left.constant, right),
            parts: left.parts.map { Part(atoms: $0.atoms, factor: Saturating.multiply($0.factor, right)) })
    }

    /// The factors that both have.
    static func common(_ left: Polynomial, _ right: Polynomial) -> Polynomial { combine(left, right) { min($0, $1) } }

    /// Not below either, whatever the atoms are.
    static func cover(_ left: Polynomial, _ right: Polynomial) -> Polynomial { combine(left, right) { max($0, $1) } }

    /// Without the negative factors.
    var positivePart: Polynomial { Polynomial.cover(self, .zero) }

    /// Whether it is at most `other`, whatever the atoms are.
    func isCovered(by other: Polynomial) -> Bool { (other - self).isPositive }
}
