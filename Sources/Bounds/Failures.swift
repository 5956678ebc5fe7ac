/// A way in which code fails: what it costs, and what holds wherever it is taken.
struct Failure {
    var cost: Polynomial
    /// With their outcomes, outermost first.
    var conditions: [PathState.Condition]
}

// Failures are kept apart for as long as they cost more than going on does, since conditions exclude most of them in a
// given call.
extension FunctionAnalysis {
    /// More than these of one function are taken together.
    private static let failureLimit = 64

    func fail(_ state: PathState, _ exits: Exits) {
        add([Failure(cost: state.cost, conditions: isFollowing ? [] : state.conditions)], to: exits)
    }

    func add(_ failures: [Failure], to exits: Exits) {
        for failure in failures {
            if let last = exits.failures.last, last.conditions == failure.conditions {
                exits.failures[exits.failures.count - 1].cost = algebra.maximum(last.cost, failure.cost)
            } else {
                exits.failures.append(failure)
            }
        }
        if exits.failures.count > Self.failureLimit {
            exits.failures = [Failure(cost: dearest(exits.failures, after: 0), conditions: [])]
        }
    }

    /// Those that may cost more than what goes on: some way on costs at least as much as it.
    func remaining(_ failures: [Failure], beside cost: Polynomial?) -> [Failure] {
        guard let cost else { return failures }
        return failures.filter { !algebra.isCovered($0.cost, by: cost) }
    }

    /// The cost of the dearest, each where its conditions hold, without the first ones.
    func dearest(_ failures: [Failure], after known: Int) -> Polynomial {
        var costs = failures.map { guarded($0.cost, $0.conditions.dropFirst(known)) }
        while costs.count > 1 {
            costs = stride(from: 0, to: costs.count, by: 2).map { index in
                index + 1 < costs.count ? algebra.maximum(costs[index], costs[index + 1]) : costs[index]
            }
        }
        return costs.first ?? .zero
    }

    /// A cost that counts only where all conditions have their outcome or are not known.
    private func guarded(_ cost: Polynomial, _ conditions: ArraySlice<PathState.Condition>) -> Polynomial {
        if conditions.isEmpty || cost.isZero { return cost }
        let flags = conditions.map { algebra.atom(.flag($0.term, $0.isTrue)) }
        if cost.isConstant { return Polynomial(0, parts: [.init(atoms: flags.sorted(), factor: cost.constant)]) }
        let whole = algebra.atom(.positive(cost))
        return Polynomial(0, parts: [.init(atoms: (flags + [whole]).sorted(), factor: 1)])
    }
}
