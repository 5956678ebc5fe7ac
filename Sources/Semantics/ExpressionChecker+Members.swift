import Diagnostics
import Numerics
import Syntax

extension BodyChecker {
    func member(of base: ExpressionSyntax, _ name: Identifier, _ wanted: Type?, _ span: Span) -> Entity {
        switch entity(base) {
        case .value(let checked): return .init(valueMember(checked, name, span))
        case .state(let field, let keys): return stateMember(field, keys, base, name, span)
        case .instance(let round, let key): return instanceMember(round, key, name, span)
        case .round(let round): return sealedName(round, name)
        case .sealed(let round, let sealed, let key): return .init(sealedMember(round, sealed, key, name, span))
        case .beacon(let round, let beacon, let key): return .init(beaconMember(round, beacon, key, name, span))
        case .settlement(let round, let settlement, let key):
            return .init(settlementMember(round, settlement, key, name, span))
        case .enumeration(let id): return .init(enumValue(named: name, [], .enumeration(id), span))
        case .use(let use): return useMember(use, name)
        case .invalid: return .invalid
        case .asset, .structure, .interface, .contract, .function, .phase:
            report(.unknownMember, "\(base.span.text) has no member \(name.name)", at: name.span)
            return .invalid
        }
    }

    private func valueMember(_ base: Checked, _ name: Identifier, _ span: Span) -> Checked {
        guard !base.isInvalid else { return invalid(span) }
        switch (base.type, name.name) {
        case (.structure(let id), _):
            let fields = program.structs[id].fields
            if let index = fields.firstIndex(where: { $0.name == name.name }) {
                return Checked(Expression(.field(base.expression, index), fields[index].type, span))
            }
            return unknownMember(base.type, name, fields.map(\.name))
        case (.list(_, let capacity), "count"):
            return counted(.builtin(.listCount, [base.expression]), capacity, span)
        case (.bytes(let capacity), "count"), (.text(let capacity), "count"):
            return counted(.builtin(.byteCount, [base.expression]), capacity, span)
        case (.token, "amount"):
            guard case .local(let id) = base.expression.kind else {
                report(
                    .tokenNotAllowedHere, "the token would be lost", at: base.expression.span,
                    hint: "bind it first: let t = …")
                return invalid(span)
            }
            return Checked(Expression(.tokenAmount(id), .integer(.amount), span))
        case (.contract, "address"):
            return Checked(Expression(.contractAddress(base.expression), .address, span))
        case (.interface, "address"):
            return Checked(Expression(.interfaceAddress(base.expression), .address, span))
        case (.contract(let id), _):
            let assets = program.contracts[id].assets
            guard let index = assets.firstIndex(where: { $0.name == name.name }) else {
                return unknownMember(base.type, name, memberNames(base.type) + assets.map(\.name))
            }
            return Checked(Expression(.contractAsset(base.expression, id, index), .asset, span))
        default: return unknownMember(base.type, name, memberNames(base.type))
        }
    }

    func counted(_ kind: Expression.Kind, _ capacity: Int, _ span: Span) -> Checked {
        let range = ValueRange(0, capacity)
        return Checked(Expression(kind, .integer(range.exactType), span), range: range)
    }

    func unknownMember(_ type: Type, _ name: Identifier, _ candidates: [String]) -> Checked {
        let suggestion = memberMeant(name.name, among: candidates)
        let isMethod = Self.methodNames(type).contains(name.name) || isEntry(name.name, of: type)
        // Of the contract itself: `self.total` is `total`.
        let isOwn = type == .address && name.span.isBehindSelf && scope.find(name.name) != nil
        report(
            .unknownMember,
            isMethod
                ? "\(name.name) of \(self.name(type)) is no value by itself"
                : "\(self.name(type)) has no member \(name.name)", at: name.span,
            hint: isMethod
                ? "\(name.name) is called: \(name.name)(…)"
                : isOwn
                    ? "the contract's own members are named without self: \(name.name)"
                    : suggestion.map { "did you mean \($0)?" }
                        ?? (candidates.isEmpty || candidates.count > 12
                            ? nil : "it has \(candidates.joined(separator: ", "))"),
            fixIt: isMethod || isOwn ? nil : suggestion.map { FixIt(name.span, $0) })
        return invalid(name.span)
    }

    private func isEntry(_ name: String, of type: Type) -> Bool {
        switch type {
        case .contract(let id):
            checker.contracts[id].entryFunctions(program).contains { program.functions[$0].name == name }
        case .interface(let id): program.interfaces[id].methods.contains { $0.name == name }
        default: false
        }
    }

    private func memberNames(_ type: Type) -> [String] {
        let values: [String] =
            switch type {
            case .list, .bytes, .text: ["count"]
            case .token: ["amount"]
            case .contract, .interface: ["address"]
            default: []
            }
        return values + Self.methodNames(type)
    }

    static func methodNames(_ type: Type) -> [String] {
        switch type {
        case .list: ["append", "sum", "contains", "sorted", "order", "ranks"]
        case .bytes, .text: ["slice"]
        case .token: ["take", "join", "close"]
        case .tensor: ["at"]
        default: []
        }
    }

    // MARK: State

    private func stateMember(
        _ field: FieldIndex, _ keys: [Expression], _ base: ExpressionSyntax, _ name: Identifier, _ span: Span
    ) -> Entity {
        guard let facts = typedContract?.fields[field], !facts.valueType.isInvalid else { return .invalid }
        let missing = facts.keyTypes.count - keys.count
        if missing > 0 {
            switch name.name {
            case "count" where missing == 1:
                guard let capacity = facts.capacity else {
                    report(
                        .unknownMember, "only maps with a bound are counted", at: name.span,
                        hint: "declare it as Map<K, V, n>")
                    return .invalid
                }
                return .init(counted(.mapCount(field, keys: keys), capacity, span))
            case "keys":
                report(.notAValue, "keys can only be looped over", at: span, hint: "for key in \(span.text) { … }")
                return .invalid
            default:
                let suggestion = memberMeant(name.name, among: ["count", "keys", "get", "contains", "remove"])
                report(
                    .unknownMember, "a map has no member \(name.name)", at: name.span,
                    hint: suggestion.map { "did you mean \($0)?" }, fixIt: suggestion.map { FixIt(name.span, $0) })
                return .invalid
            }
        }
        if case .vault = facts.kind {
            guard name.name == "amount" else {
                let suggestion = memberMeant(name.name, among: ["amount", "put", "take", "takeAll"])
                report(
                    .unknownMember, "a vault has no member \(name.name)", at: name.span,
                    hint: suggestion.map { "did you mean \($0)?" })
                return .invalid
            }
            let place = VaultPlace(field: field, keys: keys)
            return .value(Checked(Expression(.vaultAmount(place), .integer(.amount), span)))
        }
        let value = rvalue(.state(field, keys: keys), base)
        return value.isInvalid ? .invalid : .init(valueMember(value, name, span))
    }

    private func instanceMember(_ round: Int, _ key: Expression, _ name: Identifier, _ span: Span) -> Entity {
        guard let record, let contract = typedContract else { return .invalid }
        switch name.name {
        case "phase": return .phase(round, key: key)
        case "isOpen":
            let stored = Expression(
                .stateGet(contract.rounds[round].phaseField, keys: [bareKey(round, key)]), .integer(.int), span)
            let isClosed = Expression(.equal(stored, integer(0, nil, span)), .boolean, span)
            return .value(Checked(Expression(.not(isClosed), .boolean, span)))
        default: break
        }
        switch record.rounds[round].members[name.name] {
        case .field(let field): return .state(field, keys: [key])
        case .sealed(let index): return .sealed(round: round, sealed: index, key: key)
        case .beacon(let index): return .beacon(round: round, beacon: index, key: key)
        case .settlement(let index): return .settlement(round: round, settlement: index, key: key)
        case nil:
            let candidates = record.rounds[round].members.keys.sorted() + ["phase", "isOpen"]
            let suggestion = memberMeant(name.name, among: candidates)
            report(
                .unknownMember, "the round \(contract.rounds[round].name) has no \(name.name)", at: name.span,
                also: [Label(record.rounds[round].syntax.name.span, "the round")],
                hint: suggestion.map { "did you mean \($0)?" }, fixIt: suggestion.map { FixIt(name.span, $0) })
            return .invalid
        }
    }

    /// `R.s`: only `commitment(R.s, …)` takes it, and looks at it before coming here.
    private func sealedName(_ round: Int, _ name: Identifier) -> Entity {
        let roundName = typedContract?.rounds[round].name ?? ""
        report(
            .notAValue, "a round is used through its instances", at: name.span,
            hint: "write \(roundName)[key].\(name.name)")
        return .invalid
    }

    private func sealedMember(
        _ round: Int, _ sealed: Int, _ key: Expression, _ name: Identifier, _ span: Span
    ) -> Checked {
        guard let facts = typedContract?.rounds[round].sealed[sealed], let record else { return invalid(span) }
        let count = Expression(
            .mapCount(facts.commitmentField, keys: [key]), .integer(ValueRange(0, facts.capacity).exactType), span)
        let revealedField = record.rounds[round].sealed[sealed].revealedCountField
        let revealed = Expression(.stateGet(revealedField, keys: [key]), .integer(.int), span)
        switch name.name {
        case "count": return Checked(count, range: ValueRange(0, facts.capacity))
        case "revealedCount": return Checked(revealed, range: ValueRange(0, facts.capacity))
        case "allRevealed": return Checked(Expression(.equal(revealed, count), .boolean, span))
        default:
            let beacon = beacon(.sealed(round: round, sealed: sealed, key: key))
            if let beacon, name.name == "seed" { return seed(beacon.round, beacon.beacon, key, span) }
            let candidates =
                ["count", "revealedCount", "allRevealed", "get", "committed"] + (beacon == nil ? [] : ["seed"])
            let suggestion = memberMeant(name.name, among: candidates)
            report(
                .unknownMember, "a sealed value has no member \(name.name)", at: name.span,
                hint: suggestion.map { "did you mean \($0)?" })
            return invalid(span)
        }
    }

    /// `R[k].phase == .p`; nil when `left` is something else.
    func phaseComparison(_ left: ExpressionSyntax, _ right: ExpressionSyntax, _ span: Span) -> Checked? {
        guard case .member(let base, let name) = left.kind, name.name == "phase", case .index = base.kind,
            case .implicitMember(let phaseName) = right.kind
        else { return nil }
        guard case .phase(let round, let key) = entity(left), let contract = typedContract else { return nil }
        guard let phase = phaseIndex(round, phaseName) else { return invalid(span) }
        let typed = contract.rounds[round]
        let function = storesPhases ? typed.advanceFunction : typed.currentFunction
        let range = ValueRange(0, max(typed.phases.count - 1, 0))
        let current = Expression(.call(function, [bareKey(round, key)]), .integer(.int), left.span)
        return Checked(
            Expression(.equal(current, integer(phase, range.exactType, right.span)), .boolean, span))
    }

    func phaseIndex(_ round: Int, _ name: Identifier) -> Int? {
        guard let record, let contract = typedContract else { return nil }
        let phases = contract.rounds[round].phases
        if let index = phases.firstIndex(where: { $0.name == name.name }) { return index }
        let suggestion = didYouMean(name.name, among: phases.map(\.name))
        report(
            .unknownPhase, "the round \(contract.rounds[round].name) has no phase \(name.name)", at: name.span,
            also: [Label(record.rounds[round].syntax.name.span, "the round")],
            hint: suggestion.map { "did you mean \($0)?" }, fixIt: suggestion.map { FixIt(name.span, $0) })
        return nil
    }

    // MARK: Enums

    /// An enum case with its payload.
    func enumValue(named name: Identifier, _ arguments: [ArgumentSyntax], _ wanted: Type?, _ span: Span) -> Checked {
        guard let wanted = wanted?.unwrapped, case .enumeration(let id) = wanted else {
            if wanted?.isInvalid != true {
                report(
                    .cannotInferType, "which enum is .\(name.name) of?", at: span,
                    hint: "write it in full: Name.\(name.name)")
            }
            for argument in arguments { _ = value(argument.value) }
            return invalid(span)
        }
        let cases = program.enums[id].cases
        guard let index = cases.firstIndex(where: { $0.name == name.name }) else {
            let suggestion = didYouMean(name.name, among: cases.map(\.name))
            report(
                .unknownMember, "\(program.enums[id].name) has no case \(name.name)", at: name.span,
                hint: suggestion.map { "did you mean \($0)?" }, fixIt: suggestion.map { FixIt(name.span, $0) })
            for argument in arguments { _ = value(argument.value) }
            return invalid(span)
        }
        guard
            let payload = self.arguments(
                arguments, for: cases[index].payload, of: "\(program.enums[id].name).\(name.name)", span)
        else { return invalid(span) }
        return Checked(Expression(.makeEnum(id, caseIndex: index, payload), .enumeration(id), span))
    }
}

extension Entity {
    init(_ checked: Checked) { self = checked.isInvalid ? .invalid : .value(checked) }
}
