// What is dear once in a transaction.
extension FunctionAnalysis {
    /// Adds a cost that an entry has once in a transaction: outside the loops that do not change its keys.
    func payOnce(_ key: EntryKey, _ kind: Int, _ cost: Polynomial) -> Polynomial {
        let newest = algebra.newest(key.keys)
        let costNewest = algebra.newest(cost)
        // A failed attempt undoes its changes: they are paid again. A fresh one pays everything again.
        let outermost = kind == 1 || isFresh ? attempts.last ?? 0 : 0
        for index in loops.indices where index >= outermost && loops[index].serial > newest {
            if loops[index].serial > costNewest {
                let known = loops[index].once[key]?[kind] ?? .zero
                loops[index].once[key, default: [:]][kind] = algebra.maximum(known, cost)
                return .zero
            }
        }
        return cost
    }

    /// What has been paid for an entry, on every path here.
    func warmth(_ key: EntryKey, _ state: PathState) -> Warmth {
        var found = state.warm[key] ?? []
        // A counter's value is one of those that an earlier loop went through.
        var keys = key.keys
        for counter in Set(keys.flatMap { algebra.termFacts[$0].counters }).sorted(by: >) {
            guard let end = counterEnds[counter] else { continue }
            let every = algebra.term(.every(end))
            keys = keys.map { algebra.replacing(counter, by: every, in: $0) }
            found.formUnion(state.warm[EntryKey(place: key.place, keys: keys)] ?? [])
        }
        return found
    }
}
