import Diagnostics
import Numerics
import Syntax

extension BodyChecker {
    /// What `using` names, or what has a `.seed`: a beacon of an instance.
    func beacon(_ entity: Entity) -> (round: Int, beacon: Int, key: Expression)? {
        switch entity {
        case .beacon(let round, let beacon, let key): return (round, beacon, key)
        case .sealed(let round, let sealed, let key):
            let beacons = typedContract?.rounds[round].beacons ?? []
            return beacons.firstIndex { $0.sealedIndex == sealed }.map { (round, $0, key) }
        default: return nil
        }
    }

    func seed(_ round: Int, _ beacon: Int, _ key: Expression, _ span: Span) -> Checked {
        guard let facts = typedContract?.rounds[round].beacons[beacon] else { return invalid(span) }
        return Checked(Expression(.call(facts.seedFunction, [key]), .hash, span))
    }

    func beaconMember(_ round: Int, _ beacon: Int, _ key: Expression, _ name: Identifier, _ span: Span) -> Checked {
        guard name.name == "seed" else {
            let suggestion = didYouMean(name.name, among: ["seed"])
            report(
                .unknownMember, "a beacon has no member \(name.name)", at: name.span,
                hint: suggestion.map { "did you mean \($0)?" } ?? "its seed is what it has",
                fixIt: suggestion.map { FixIt(name.span, $0) })
            return invalid(span)
        }
        return seed(round, beacon, key, span)
    }

    /// `draw n from R[k].members using R[k].luck`
    func draw(
        _ countSyntax: ExpressionSyntax, _ membersSyntax: ExpressionSyntax, _ beaconSyntax: ExpressionSyntax,
        _ wanted: Type?, _ span: Span
    ) -> Checked {
        let count = someValue(countSyntax)
        let source = entity(membersSyntax)
        let light = entity(beaconSyntax)
        guard case .state(let field, let keys) = source, let contract = typedContract,
            keys.count == contract.fields[field].keyTypes.count - 1
        else {
            if case .invalid = source { return invalid(span) }
            report(
                .typeMismatch, "only the keys of a map can be drawn from", at: membersSyntax.span,
                hint: "a map with a bound in the round's state: var members: Map<Address, Amount, 64>")
            return invalid(span)
        }
        guard let (round, index, key) = beacon(light) else {
            if case .invalid = light { return invalid(span) }
            report(
                .typeMismatch, "a draw is decided by a beacon", at: beaconSyntax.span,
                hint: "declare one in the round: beacon luck freezes members at drawing")
            return invalid(span)
        }
        guard !count.isInvalid else { return invalid(span) }
        let facts = contract.fields[field]
        let typed = contract.rounds[round].beacons[index]
        guard facts.capacity != nil else {
            report(
                .boundNeeded, "a map without a bound cannot be drawn from", at: membersSyntax.span,
                hint: "declare it as Map<K, V, n>")
            return invalid(span)
        }
        guard typed.frozenFields.contains(field), let instance = keys.first, isSame(instance, key, round) else {
            reportNotFrozen(field, round, index, membersSyntax.span)
            return invalid(span)
        }
        let population = counted(.mapCount(field, keys: keys), facts.capacity ?? 0, membersSyntax.span)
        guard let element = facts.keyTypes.last,
            let capacity = drawCapacity(count, countSyntax, wanted, "draw \(countSyntax.span.text) from …", span)
        else { return invalid(span) }
        let seed = seed(round, index, key, beaconSyntax.span)
        let indices = Expression(
            .builtin(.sample, [seed.expression, population.expression, count.expression]),
            .list(BodyChecker.indexType, capacity: capacity), span)
        return Checked(
            Expression(.mapKeys(field, keys: keys, indices), .list(element, capacity: capacity), span))
    }

    static let indexType = Type.integer(IntegerType(name: .int, bits: 32, isSigned: true))

    /// Do both keys name one instance?
    private func isSame(_ one: Expression, _ other: Expression, _ round: Int) -> Bool {
        isSameValue(bareKey(round, one), bareKey(round, other))
    }

    private func reportNotFrozen(_ field: FieldIndex, _ round: Int, _ index: Int, _ span: Span) {
        guard let contract = typedContract, let record else { return }
        let syntax = record.rounds[round].syntax.beacons[index]
        let isFrozen = contract.rounds[round].beacons[index].frozenFields.contains(field)
        let name = contract.fields[field].name.split(separator: ".").last.map(String.init) ?? ""
        report(
            .notFrozen, "\(name) could have been changed by someone who knew the seed", at: span,
            label: isFrozen ? "of another instance, perhaps" : "drawn from",
            also: [Label(syntax.name.span, isFrozen ? "freezes its own instance only" : "does not freeze it")],
            hint: isFrozen
                ? "name one instance by one key, bound with let or a parameter"
                : contract.fields[field].roundIndex == round
                    ? "let the beacon freeze it: beacon \(syntax.name.name) freezes \(name)"
                    : "only fields of the round \(contract.rounds[round].name) can be frozen: keep them there",
            fixIt: isFrozen || contract.fields[field].roundIndex != round ? nil : freezing(name, syntax))
    }

    /// Adds a field to what a beacon freezes.
    private func freezing(_ name: String, _ beacon: BeaconSyntax) -> FixIt {
        let place = beacon.frozen.last?.span ?? beacon.name.span
        return FixIt(Span(place.file, place.end, place.end), beacon.frozen.isEmpty ? " freezes \(name)" : ", \(name)")
    }

    /// How long the list of what is drawn can become; nil after a report.
    private func drawCapacity(
        _ count: Checked, _ syntax: ExpressionSyntax, _ wanted: Type?, _ usage: String, _ span: Span
    ) -> Int? {
        guard count.type.isInteger else {
            _ = converted(count, to: .integer(.int))
            return nil
        }
        let capacity: Int
        if case .list(_, let given)? = wanted?.unwrapped {
            capacity = given
        } else {
            guard let known = count.reach.high.asInt64, (1...Int64(Checker.capacityLimit)).contains(known) else {
                report(
                    .cannotInferType, "how many can be drawn?", at: syntax.span,
                    hint: "annotate the type: `let chosen: List<Address, 16> = \(usage)`")
                return nil
            }
            capacity = Int(known)
        }
        if count.reach.isOutside(ValueRange(0, capacity)) {
            report(.constantOutOfRange, "the count is never between 0 and \(capacity)", at: syntax.span)
            return nil
        }
        return capacity
    }

    /// `sample(seed, population, n)`
    func sample(_ arguments: [ArgumentSyntax], _ wanted: Type?, _ span: Span) -> Checked {
        guard arguments.count == 3 else {
            return hasCount(arguments, 3, "sample", "sample(seed, population, n)", span)
                ? invalid(span) : skipped(arguments, span)
        }
        checkLabels(arguments, ["seed", "population", "n"])
        let seed = value(arguments[0].value, as: .hash)
        let population = value(arguments[1].value, as: BodyChecker.indexType)
        let count = someValue(arguments[2].value)
        guard !seed.type.isInvalid, !population.type.isInvalid, !count.isInvalid,
            let capacity = drawCapacity(
                count, arguments[2].value, wanted, "sample(seed, population, \(arguments[2].value.span.text))", span)
        else { return invalid(span) }
        return Checked(
            Expression(
                .builtin(.sample, [seed, population, count.expression]),
                .list(BodyChecker.indexType, capacity: capacity), span))
    }
}
