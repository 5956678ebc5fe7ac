// Polynomials of few parts, which do not nest beyond what can be evaluated.
extension Algebra {
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
    func maximum(_ left: Polynomial, _ right: Polynomial, when condition: PathState.Condition? = nil)
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

    /// Whether one is at most another, whatever the atoms are within what limits them.
    func isCovered(_ left: Polynomial, by right: Polynomial) -> Bool { limit(of: left - right) <= 0 }

    func minimum(_ left: Polynomial, _ right: Polynomial) -> Polynomial {
        if isCovered(left, by: right) { return left }
        if isCovered(right, by: left) { return right }
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
