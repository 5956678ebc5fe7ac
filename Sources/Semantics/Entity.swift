import Diagnostics
import Numerics
import Syntax

/// What a name, a member or an element stands for, before it is known whether its value is wanted.
enum Entity {
    case value(Checked)
    /// State with the keys given so far.
    case state(FieldIndex, keys: [Expression])
    case round(Int)
    /// `R[k]`: the key brings the phase up to date unless the access is already guarded.
    case instance(Int, key: Expression)
    case phase(Int, key: Expression)
    case sealed(round: Int, sealed: Int, key: Expression)
    /// A beacon without contributions; one with them is a sealed value that has a seed.
    case beacon(round: Int, beacon: Int, key: Expression)
    case settlement(round: Int, settlement: Int, key: Expression)
    /// A component in use, by its name in the contract.
    case use(UseRecord)
    case asset(AssetIndex)
    case structure(StructID)
    case enumeration(EnumID)
    case interface(InterfaceID)
    case contract(ContractID)
    case function(FunctionID)
    case invalid
}

extension BodyChecker {
    func entity(_ syntax: ExpressionSyntax, _ wanted: Type? = nil) -> Entity {
        switch syntax.kind {
        case .name(let name): return entity(named: name, wanted)
        case .member(let base, let name): return member(of: base, name, wanted, syntax.span)
        case .index(let base, let index): return element(of: base, index, syntax.span)
        default:
            let checked = value(syntax, expecting: wanted)
            return checked.isInvalid ? .invalid : .value(checked)
        }
    }

    // MARK: Names

    private func entity(named name: Identifier, _ wanted: Type?) -> Entity {
        if let local = findLocal(name.name) {
            return .value(Checked(localExpression(local.id, name.span), range: local.range))
        }
        if let round = roundNames, let member = record?.rounds[round.roundIndex].members[name.name] {
            let key = localExpression(round.key, name.span)
            switch member {
            case .field(let field): return .state(field, keys: [key])
            case .sealed(let index): return .sealed(round: round.roundIndex, sealed: index, key: key)
            case .beacon(let index): return .beacon(round: round.roundIndex, beacon: index, key: key)
            case .settlement(let index):
                return .settlement(round: round.roundIndex, settlement: index, key: key)
            }
        }
        if let declared = scope.find(name.name) { return entity(declared, name) }
        if let context = ContextName(rawValue: name.name) { return contextValue(context, name.span) }
        reportUnknown(name)
        return .invalid
    }

    func entity(_ declared: DeclaredName, _ name: Identifier) -> Entity {
        switch declared.symbol {
        case .constant(let index):
            let constant = checker.constantValue(index)
            if constant.isInvalid { return .invalid }
            return .value(
                Checked(
                    Expression(constant.expression.kind, constant.expression.type, name.span), range: constant.range))
        case .field(let index):
            guard allowsState(name) else { return .invalid }
            return .state(index, keys: [])
        case .asset(let index): return assetEntity(index, name)
        case .round(let index): return .round(index)
        case .structure(let id): return .structure(id)
        case .enumeration(let id): return .enumeration(id)
        case .interface(let id): return .interface(id)
        case .contract(let id): return .contract(id)
        case .function(let id): return .function(id)
        case .use(let index):
            guard allowsState(name), let use = record?.uses[index] else { return .invalid }
            return .use(use)
        case .role, .event, .error, .ambiguous, .component, .suite, .componentMember:
            report(
                .notAValue, "\(name.name) is \(declared.symbol.kindName), not a value", at: name.span,
                also: [Label(declared.span, "declared here")])
            return .invalid
        }
    }

    private func assetEntity(_ index: AssetIndex, _ name: Identifier) -> Entity {
        if isInContract { return .asset(index) }
        guard isTest, let contract = typedContract, case .native = contract.assets[index].origin else {
            report(
                .contextNotAllowed, "the id of \(name.name) belongs to a deployed contract", at: name.span,
                hint: isTest ? "deploy the contract: let c = deploy …; then it is c.\(name.name)" : nil)
            return .invalid
        }
        return .value(Checked(Expression(.bytes32(Array(repeating: 0, count: 32)), .asset, name.span)))
    }

    func allowsState(_ name: Identifier) -> Bool {
        if isInContract { return true }
        let message =
            switch kind {
            case .constant: "a constant cannot depend on state"
            case .test: "a test sees contracts from outside, not their state"
            default: "a free function has no state"
            }
        report(
            .contextNotAllowed, message, at: name.span,
            hint: isTest ? "deploy the contract and ask one of its views" : "pass the value as a parameter")
        return false
    }

    private func contextHint(_ context: ContextName) -> String? {
        if context == .gasUsed { return "only tests know it" }
        return isTest ? nil : "only functions of a contract know it: pass it as a parameter"
    }

    private func contextValue(_ context: ContextName, _ span: Span) -> Entity {
        let isAllowed: Bool =
            switch kind {
            case .function: context != .gasUsed
            case .test: context == .height || context == .chain || context == .gasUsed
            case .free, .constant: false
            }
        guard isAllowed else {
            report(
                .contextNotAllowed, "\(context.rawValue) is not known here", at: span,
                hint: contextHint(context))
            return .invalid
        }
        return .value(Checked(Expression(.builtin(context.builtin, []), context.type, span)))
    }

    /// What other languages call our values.
    private static let foreignValues = [
        "null": "none", "nil": "none", "None": "none", "undefined": "none", "this": "self", "True": "true",
        "False": "false",
    ]

    /// - Parameter isCalled: arguments follow, so that only what can be called may have been meant.
    func reportUnknown(_ name: Identifier, isCalled: Bool = false) {
        if use == nil, let contract = record, let round = contract.rounds.first(where: { $0.members[name.name] != nil })
        {
            report(
                .unknownName, "\(name.name) belongs to the round \(round.syntax.name.name)", at: name.span,
                hint: "write \(round.syntax.name.name)[\(round.syntax.keyName.name)].\(name.name)")
            return
        }
        let dotted = name.span.following(16).prefix { $0 == "." || $0.isLetter || $0.isNumber }
        if let meant = BodyChecker.foreignContexts[name.name + dotted] {
            let place = Span(name.span.file, name.span.start, name.span.end + dotted.utf8.count)
            report(
                .unknownName, "there is no \(name.name) here", at: name.span, label: "not declared",
                hint: "\(place.text) is \(meant)", fixIt: FixIt(place, meant))
            return
        }
        if let hint = BodyChecker.absentContexts[name.name + dotted] {
            let place = Span(name.span.file, name.span.start, name.span.end + dotted.utf8.count)
            report(.unknownName, "there is no \(place.text) here", at: place, label: "not declared", hint: hint)
            return
        }
        if name.name == "not" {
            report(
                .unknownName, "there is no not here", at: name.span, label: "not declared", hint: "write '!'",
                fixIt: FixIt(name.span, "!"))
            return
        }
        if isCalled, let hint = absentFunction(name.name) {
            report(.unknownName, "there is no function \(name.name)", at: name.span, label: "not declared", hint: hint)
            return
        }
        let suggestion =
            BodyChecker.foreignValues[name.name]
            ?? didYouMean(name.name, among: isCalled ? callableNames : visibleNames)
        report(
            .unknownName, "there is no \(name.name) here", at: name.span, label: "not declared",
            hint: suggestion.map { "did you mean \($0)?" }, fixIt: suggestion.map { FixIt(name.span, $0) })
    }

    // MARK: Values of entities

    func rvalue(_ entity: Entity, _ syntax: ExpressionSyntax) -> Checked {
        let span = syntax.span
        switch entity {
        case .value(let checked): return checked
        case .state(let field, let keys): return stateValue(field, keys, span)
        case .asset(let index): return Checked(Expression(.assetID(index), .asset, span))
        case .phase(let round, _):
            let name = typedContract?.rounds[round].phases.first?.name ?? "name"
            report(.notAValue, "a phase can only be compared", at: span, hint: "write \(span.text) == .\(name)")
        case .sealed(_, _, _):
            report(
                .sealedUnreadable, "a sealed value is read by author", at: span, hint: "write \(span.text).get(author)")
        case .settlement:
            report(
                .notAValue, "a settlement is not a value", at: span, hint: "write \(span.text).isDone or .processed")
        case .use(let use):
            report(
                .notAValue, "\(use.name) is a component in use", at: span,
                also: [Label(use.component.syntax.name.span, "the component")], hint: "name one of its members")
        case .beacon:
            report(.notAValue, "a beacon is not a value", at: span, hint: "write \(span.text).seed")
        case .round:
            report(.notAValue, "a round is used through its instances", at: span, hint: "write \(span.text)[key]")
        case .instance:
            report(.notAValue, "an instance of a round is not a value", at: span, hint: "name one of its fields")
        case .structure:
            report(
                .notAValue, "\(span.text) is a type, not a value", at: span, hint: "give its fields: \(span.text)(…)")
        case .enumeration(let id):
            let first = program.enums[id].cases.first?.name ?? "case"
            report(
                .notAValue, "\(span.text) is a type, not a value", at: span, hint: "name a case: \(span.text).\(first)")
        case .interface, .contract: report(.notAValue, "\(span.text) is a type, not a value", at: span)
        case .function: report(.notAValue, "functions are not values", at: span, hint: "call it: \(span.text)(…)")
        case .invalid: break
        }
        return invalid(span)
    }

    /// The value of a state entry.
    private func stateValue(_ field: FieldIndex, _ keys: [Expression], _ span: Span) -> Checked {
        guard let contract = typedContract else { return invalid(span) }
        let facts = contract.fields[field]
        guard !facts.valueType.isInvalid else { return invalid(span) }
        guard keys.count == facts.keyTypes.count else {
            report(
                .notAValue, "a map is not a value", at: span, hint: "read an entry: \(span.text)[key]")
            return invalid(span)
        }
        if case .vault = facts.kind {
            report(
                .tokenNotAllowedHere, "a vault stays in its place", at: span,
                hint: "\(span.text).amount says how much it holds; take(n) and takeAll() take tokens out")
            return invalid(span)
        }
        let hasAbsence = keys.count > (facts.roundIndex == nil ? 0 : 1)
        if hasAbsence, !program.hasZeroValue(facts.valueType) {
            report(
                .noZeroValue, "\(name(facts.valueType)) has no zero value for an absent key", at: span,
                hint: "read an option: \(span.text.split(separator: "[").first.map(String.init) ?? span.text).get(key)")
            return invalid(span)
        }
        return Checked(Expression(.stateGet(field, keys: keys), facts.valueType, span))
    }

    // MARK: Elements

    private func element(of base: ExpressionSyntax, _ index: ExpressionSyntax, _ span: Span) -> Entity {
        switch entity(base) {
        case .round(let round): return instance(round, index, span)
        case .state(let field, let keys):
            guard let contract = typedContract else { return .invalid }
            let facts = contract.fields[field]
            if keys.count < facts.keyTypes.count {
                let key = value(index, as: facts.keyTypes[keys.count])
                return key.type.isInvalid ? .invalid : .state(field, keys: keys + [key])
            }
            return element(of: stateValue(field, keys, base.span), index, span)
        case .value(let checked): return element(of: checked, index, span)
        case .sealed:
            report(
                .sealedUnreadable, "a sealed value is read by author", at: span,
                hint: "write \(base.span.text).get(\(index.span.text))")
            _ = value(index)
            return .invalid
        case .invalid:
            _ = value(index)
            return .invalid
        default:
            report(.typeMismatch, "\(base.span.text) has no elements", at: base.span)
            return .invalid
        }
    }

    private func element(of base: Checked, _ index: ExpressionSyntax, _ span: Span) -> Entity {
        guard !base.isInvalid else {
            _ = value(index)
            return .invalid
        }
        switch base.type {
        case .list(let element, let capacity):
            let position = indexValue(index, below: capacity)
            return .value(Checked(Expression(.index(base.expression, position), element, span)))
        case .bytes(let capacity):
            let position = indexValue(index, below: capacity)
            return .value(
                Checked(
                    Expression(.index(base.expression, position), .integer(ValueRange(0, 255).exactType), span),
                    range: ValueRange(0, 255)))
        case .tensor(let element, let dimensions):
            guard dimensions.count == 1 else {
                report(
                    .shapeMismatch, "\(name(base.type)) wants \(dimensions.count) indices", at: span,
                    hint: "write \(base.expression.span.text).at(i, j)")
                return .invalid
            }
            return .value(tensorElement(base, element, [index], span))
        default:
            report(.typeMismatch, "\(name(base.type)) has no elements", at: base.expression.span)
            _ = value(index)
            return .invalid
        }
    }

    /// An index; one that is out of range for certain is reported.
    func indexValue(_ syntax: ExpressionSyntax, below capacity: Int) -> Expression {
        let checked = value(syntax)
        guard !checked.isInvalid else { return checked.expression }
        guard checked.type.isInteger else {
            if checked.type.isFixed || checked.type.isRatio {
                reportRoundingNeeded(checked)
            } else {
                reportMismatch(checked, .integer(.int))
            }
            return invalid(syntax.span).expression
        }
        if checked.reach.isOutside(ValueRange(0, capacity - 1)) {
            report(
                .constantOutOfRange, "the index is never between 0 and \(capacity - 1)", at: syntax.span,
                label: "out of range")
        }
        return checked.expression
    }

    // MARK: Rounds

    /// `R[k]`. Outside of what `during` covers, the key's own evaluation brings the phase up to date and fails
    /// NoSuchRound.
    private func instance(_ round: Int, _ keySyntax: ExpressionSyntax, _ span: Span) -> Entity {
        guard let contract = typedContract, let record, isInContract else {
            if !isInContract, let record {
                _ = allowsState(Identifier(record.rounds[round].syntax.name.name, span))
            }
            return .invalid
        }
        var key = value(keySyntax, as: contract.rounds[round].keyType)
        if key.type.isInvalid { return .invalid }
        // `R[1]` under `during R[1].p`, or after `open R[1]`, is the same instance.
        if let known = keyOfKnownInstance(round, key) { key = localExpression(known, key.span) }
        return .instance(round, key: isGuarded(round, key) ? key : guarded(round, key, record))
    }

    /// The local that holds the key of the instance that `during` names, or that a block around has opened, if this is
    /// it.
    private func keyOfKnownInstance(_ round: Int, _ key: Expression) -> LocalID? {
        if let during, during.roundIndex == round, let given = during.given, isSameValue(key, given) {
            return during.key
        }
        return openedInstances.joined().first { $0.roundIndex == round && isSameValue(key, $0.given) }?.key
    }

    private func isGuarded(_ round: Int, _ key: Expression) -> Bool {
        guard case .local(let id) = key.kind else { return false }
        if let during, during.roundIndex == round, during.key == id { return true }
        if openedInstances.joined().contains(where: { $0.roundIndex == round && $0.key == id }) { return true }
        if let roundNames, roundNames.roundIndex == round, roundNames.key == id { return true }
        return false
    }

    func guarded(_ round: Int, _ key: Expression, _ record: ContractRecord) -> Expression {
        let function = storesPhases ? record.rounds[round].touchFunction : record.rounds[round].lookFunction
        return Expression(.call(function, [key]), program.contracts[record.id].rounds[round].keyType, key.span)
    }

    /// The key without the guard around it.
    func bareKey(_ round: Int, _ key: Expression) -> Expression {
        guard let record, case .call(let function, let arguments) = key.kind, let inner = arguments.first,
            function == record.rounds[round].touchFunction || function == record.rounds[round].lookFunction
        else { return key }
        return inner
    }
}
