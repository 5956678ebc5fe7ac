import Diagnostics
import Numerics
import Syntax

extension BodyChecker {
    // MARK: Assignments

    func assignment(
        _ target: ExpressionSyntax, _ op: AssignmentOperator, _ syntax: ExpressionSyntax, _ span: Span
    ) -> [Statement] {
        if op == .set, let bound = assetBinding(target, syntax, span) { return bound }
        guard let place = place(target) else {
            _ = value(syntax, expecting: .invalid)
            return []
        }
        if case .state(let field, _) = place.place.base, !mayChange(field, at: target.span) { return [] }
        var prelude: [Statement] = []
        guard op != .set else {
            let checked = converted(sourceValue(syntax, place.type, &prelude), to: place.type)
            return prelude + [Statement(.assign(place.place, checked.expression), span)]
        }
        let fixed = place.withFixedKeys(self, &prelude, span)
        if place.type.isToken {
            report(.tokenNotAllowedHere, "tokens are joined, not added", at: span, hint: "\(target.span.text).join(…)")
            return []
        }
        if case .state(let field, let keys) = place.place.base, let facts = typedContract?.fields[field],
            keys.count > (facts.roundIndex == nil ? 0 : 1), !program.hasZeroValue(facts.valueType)
        {
            report(.noZeroValue, "\(name(facts.valueType)) has no zero value for an absent key", at: target.span)
            return []
        }
        let old = Checked(fixed.reading(self, target.span))
        let typed: ArithmeticOperator = op == .add ? .add : op == .subtract ? .subtract : .multiply
        let other = someValue(syntax, expecting: op == .multiply ? nil : place.type)
        let result = arithmetic(typed, old, other, op.rawValue, span)
        return prelude + [Statement(.assign(fixed.place, converted(result, to: place.type).expression), span)]
    }

    /// `A = id` in `init`.
    private func assetBinding(_ target: ExpressionSyntax, _ syntax: ExpressionSyntax, _ span: Span) -> [Statement]? {
        guard case .name(let name) = target.kind, findLocal(name.name) == nil,
            case .asset(let index)? = scope.find(name.name)?.symbol, let contract = typedContract, let record
        else { return nil }
        let id = value(syntax, as: .asset)
        guard case .bound(let field) = contract.assets[index].origin else {
            report(
                .notAssignable, "\(name.name) is \(originName(contract.assets[index].origin)) and not bound",
                at: name.span,
                also: [Label(record.assetSpans[index], "declared here")])
            return []
        }
        guard isInitializer else {
            report(
                .notAssignable, "an asset is bound once, in init", at: name.span,
                also: [Label(record.assetSpans[index], "declared here")])
            return []
        }
        return [Statement(.assign(Place(base: .state(field, keys: []), steps: []), id), span)]
    }

    private func originName(_ origin: Asset.Origin) -> String {
        switch origin {
        case .issued: "issued by this contract"
        case .native: "the native coin"
        case .bound: "bound"
        }
    }

    /// A component's state is changed by the component alone, and a map that a loop runs over stays as it is; false
    /// after a report.
    func mayChange(_ field: FieldIndex, at span: Span) -> Bool {
        guard isOwn(field, at: span) else { return false }
        guard loops.contains(where: { $0.field == field }) else { return true }
        report(
            .loopMutation, "the map that the loop runs over cannot be changed in it", at: span,
            hint: "collect what is to change in a list and change it after the loop")
        return false
    }

    func isOwn(_ field: FieldIndex, at span: Span) -> Bool {
        guard use == nil, let record, let owner = record.fields[field].use else { return true }
        let functions = owner.component.syntax.members.compactMap { member -> String? in
            if case .function(let syntax) = member, !syntax.isPrivate { syntax.name.name } else { nil }
        }
        report(
            .notAssignable, "only the functions of \(owner.component.syntax.name.name) change its state", at: span,
            also: [Label(record.fields[field].span, "declared here")],
            hint: functions.first.map { "call one of them: \(owner.qualified($0))(…)" })
        return false
    }

    // MARK: Calls for their effect

    func effect(_ syntax: ExpressionSyntax, _ span: Span) -> [Statement] {
        switch syntax.kind {
        case .call(let callee, let arguments):
            switch callee.kind {
            case .member(let base, let name)
            where Self.statementMethods.contains(name.name) && !isUse(base) && !isOtherContract(base):
                if let statements = methodStatement(base, name, arguments, span) { return statements }
            case .name(let name):
                if let statements = builtinStatement(name, arguments, span) { return statements }
            default: break
            }
        case .asActor, .deploy: break
        case .invalid: return []
        default:
            let checked = value(syntax)
            if !checked.isInvalid {
                report(.unusedResult, "this value is not used", at: span, hint: "bind it: let x = …")
            }
            return []
        }
        let checked = value(syntax)
        guard !checked.isInvalid else { return [] }
        if checked.type.isToken {
            report(
                .tokenUnused, "this token would be lost", at: span, label: "a \(name(checked.type))",
                hint: "bind it, put it into a vault or send it")
            return []
        }
        switch checked.expression.kind {
        case .call, .interfaceCall, .contractCall, .deploy: break
        default:
            report(.unusedResult, "this value is not used", at: span, hint: "bind it: let x = …")
            return []
        }
        return [Statement(.evaluate(checked.expression), span)]
    }

    /// Another contract has methods of its own, whatever their names.
    private func isOtherContract(_ base: ExpressionSyntax) -> Bool {
        let type: Type
        switch entity(base) {
        case .value(let checked): type = checked.type
        case .state(let field, let keys):
            guard let facts = typedContract?.fields[field], facts.keyTypes.count == keys.count else { return false }
            type = facts.valueType
        default: return false
        }
        switch type {
        case .interface, .contract: return true
        default: return false
        }
    }

    /// `append`, `remove`, `put`, `join`, `close`; nil when the receiver has no such method (which is then reported).
    private func methodStatement(
        _ base: ExpressionSyntax, _ name: Identifier, _ arguments: [ArgumentSyntax], _ span: Span
    ) -> [Statement]? {
        switch name.name {
        case "append": return append(base, arguments, span)
        case "remove", "put": return stateStatement(base, name, arguments, span)
        default: return tokenStatement(base, name, arguments, span)
        }
    }

    private func append(_ base: ExpressionSyntax, _ arguments: [ArgumentSyntax], _ span: Span) -> [Statement]? {
        guard let place = place(base) else {
            _ = skipped(arguments, span)
            return []
        }
        guard case .list(let element, _) = place.type else { return nil }
        guard hasCount(arguments, 1, "append", "list.append(value)", span) else { return [] }
        if case .state(let field, _) = place.place.base, !mayChange(field, at: span) { return [] }
        return [Statement(.append(place.place, value(arguments[0].value, as: element)), span)]
    }

    private func stateStatement(
        _ base: ExpressionSyntax, _ name: Identifier, _ arguments: [ArgumentSyntax], _ span: Span
    ) -> [Statement]? {
        guard case .state(let field, let keys) = entity(base), let facts = typedContract?.fields[field],
            !facts.valueType.isInvalid
        else { return nil }
        let missing = facts.keyTypes.count - keys.count
        guard hasCount(arguments, 1, name.name, "\(base.span.text).\(name.name)(…)", span) else { return [] }
        if name.name == "remove" {
            guard missing == 1 else { return nil }
            let key = value(arguments[0].value, as: facts.keyTypes[keys.count])
            guard mayChange(field, at: span) else { return [] }
            return [Statement(.mapRemove(field, keys: keys + [key]), span)]
        }
        guard missing == 0, case .vault(let asset) = facts.kind else { return nil }
        let token = value(arguments[0].value, as: .token(asset))
        guard mayChange(field, at: span) else { return [] }
        return [Statement(.vaultPut(VaultPlace(field: field, keys: keys), token), span)]
    }

    private func tokenStatement(
        _ base: ExpressionSyntax, _ name: Identifier, _ arguments: [ArgumentSyntax], _ span: Span
    ) -> [Statement]? {
        guard case .value(let checked) = entity(base), case .token(let asset) = checked.type else { return nil }
        if name.name == "close" {
            guard hasCount(arguments, 0, "close", "token.close()", span) else { return [] }
            return [Statement(.tokenClose(checked.expression), span)]
        }
        guard hasCount(arguments, 1, "join", "token.join(other)", span) else { return [] }
        let other = value(arguments[0].value, as: .token(asset))
        guard let local = variableToken(checked, span) else { return [] }
        return [Statement(.tokenJoin(local, other), span)]
    }

    /// `burn`, `send`, `grant`; nil for all others.
    private func builtinStatement(
        _ name: Identifier, _ arguments: [ArgumentSyntax], _ span: Span
    ) -> [Statement]? {
        guard let builtin = BuiltinFunction(rawValue: name.name) else { return nil }
        if case .function(let id)? = scope.find(name.name)?.symbol, program.functions[id].contract == nil { return nil }
        switch builtin {
        case .burn:
            guard hasCount(arguments, 1, "burn", "burn(token)", span) else { return [] }
            let token = value(arguments[0].value)
            guard let asset = tokenAsset(token, "burn") else { return [] }
            guard isIssued(asset, at: arguments[0].value.span) else { return [] }
            return [Statement(.burn(token.expression), span)]
        case .send:
            guard hasCount(arguments, 2, "send", "send(token, address)", span) else { return [] }
            let token = value(arguments[0].value)
            let address = value(arguments[1].value, as: .address)
            guard tokenAsset(token, "send") != nil else { return [] }
            return [Statement(.send(token.expression, to: address), span)]
        case .grant:
            guard isTest else {
                report(.testOnly, "grant is for tests", at: span)
                return []
            }
            let parameters = [
                NamedType(name: "address", type: .address), NamedType(name: "amount", type: .integer(.amount)),
            ]
            guard let values = self.arguments(arguments, for: parameters, of: "grant", span) else { return [] }
            return [Statement(.grant(values[0], values[1]), span)]
        default: return nil
        }
    }

    private func tokenAsset(_ checked: Checked, _ callee: String) -> AssetIndex? {
        guard !checked.isInvalid else { return nil }
        guard case .token(let asset) = checked.type else {
            report(
                .typeMismatch, "\(callee) wants a token, found \(name(checked.type))", at: checked.expression.span,
                hint: "take tokens from a vault: vault.take(amount)")
            return nil
        }
        return asset
    }

    // MARK: Rounds and calls

    func open(
        _ name: Identifier, _ keySyntax: ExpressionSyntax, _ argumentSyntax: [ArgumentSyntax], _ span: Span
    ) -> [Statement] {
        guard let contract = typedContract, case .round(let index)? = scope.find(name.name)?.symbol else {
            let suggestion = didYouMean(name.name, among: typedContract?.rounds.map(\.name) ?? [])
            report(
                .unknownName, "there is no round \(name.name)", at: name.span,
                hint: suggestion.map { "did you mean \($0)?" })
            _ = value(keySyntax, expecting: .invalid)
            for argument in argumentSyntax { _ = value(argument.value, expecting: .invalid) }
            return []
        }
        guard allowsState(name) else { return [] }
        let round = contract.rounds[index]
        var statements: [Statement] = []
        let keyGiven = value(keySyntax, as: round.keyType)
        let key = boundToLocal(keyGiven, &statements, span)
        let parameters = round.parameters.map { field in
            NamedType(
                name: String(contract.fields[field].name.dropFirst(round.name.count + 1)),
                type: contract.fields[field].valueType)
        }
        let opening = "open \(name.name)[\(keySyntax.span.text)]"
        guard let given = arguments(argumentSyntax, for: parameters, of: opening, span), !key.type.isInvalid else {
            return []
        }
        let call = Expression(.call(round.openFunction, [key] + given), .nothing, span)
        statements.append(Statement(.evaluate(call), span))
        // At the height of its entry only a condition could end the first phase, or a length of no blocks.
        if case .local(let local) = key.kind, !locals[local].isVariable, round.openingPhases.count == 1 {
            openedInstances[openedInstances.count - 1].append(
                Opened(roundIndex: index, key: local, given: keyGiven))
        }
        return statements
    }

    func attempt(
        _ name: Identifier?, _ callSyntax: ExpressionSyntax, _ gasSyntax: ExpressionSyntax, _ then: BlockSyntax,
        _ failed: BlockSyntax, _ span: Span
    ) -> CheckedBlock {
        let call = value(callSyntax)
        let gas = value(gasSyntax, as: .integer(.int))
        if !call.isInvalid {
            checkTried(call.expression, callSyntax.span)
        }
        var result: LocalID?
        let yes = inBlock {
            if let name {
                if case .nothing = call.type {
                    report(
                        .typeMismatch, "this call has no result", at: name.span, hint: "leave out `let \(name.name) =`")
                }
                result = declareLocal(name, call.type)
            }
            return statements(then.statements)
        }
        let no = block(failed)
        return CheckedBlock(
            statements: [
                Statement(
                    .attempt(
                        result: result, call: call.expression, gas: gas, then: yes.statements, failed: no.statements),
                    span)
            ], diverges: yes.diverges && no.diverges)
    }

    /// Only calls can be tried: of other contracts, and of own functions that pass no tokens.
    private func checkTried(_ call: Expression, _ span: Span) {
        switch call.kind {
        case .interfaceCall: break
        case .call(let id, let arguments):
            let function = program.functions[id]
            let token = arguments.first { $0.type.isToken }
            guard token != nil || call.type.isToken else { break }
            report(
                .tokenNotAllowedHere, "a call that may fail takes and gives no tokens", at: token?.span ?? span,
                label: "a token that a failure would lose",
                also: [Label(checker.functions[id].nameSpan, "\(function.name) is declared here")],
                hint: "let \(function.name) take the tokens from a vault and put them into one")
        default:
            report(
                .notAllowedHere, "try wants a call", at: span,
                hint: "of a method of an interface, or of a function of this contract")
        }
    }

    // MARK: Tests

    /// How many blocks pass in a time: as many as the interval of tests and the REPL makes of it, a part being a whole.
    private func blocks(_ syntax: ExpressionSyntax, _ unit: PhaseSyntax.Duration.Unit) -> Expression {
        guard let unit = TimeUnit(rawValue: unit.rawValue) else { return value(syntax, as: .integer(.height)) }
        let count = value(syntax, as: .integer(.height))
        guard !count.type.isInvalid else { return count }
        let span = syntax.span
        let time = arithmetic(.multiply, Checked(count), number(BigInt(unit.milliseconds), span), "*", span)
        let exact = arithmetic(.divide, time, number(BigInt(Round.testBlockIntervalMilliseconds), span), "/", span)
        let whole = Checked(
            Expression(.round(.ceiling, exact.expression), .integer(exact.reach.exactType), span), range: exact.reach)
        return converted(whole, to: .integer(.height)).expression
    }

    func testStatement(_ syntax: StatementSyntax) -> [Statement] {
        let span = syntax.span
        guard isTest else {
            report(
                .testOnly, "this is for tests", at: span, label: "acts on a test's world",
                hint: "it may stand in test, property, invariant and bench")
            return []
        }
        switch syntax.kind {
        case .advance(let count, let unit): return [Statement(.advance(blocks(count, unit)), span)]
        case .expect(let condition): return [Statement(.expect(self.condition(condition)), span)]
        case .expectFailure(let failureSyntax, let body):
            var error: ErrorReference?
            var arguments: [Expression] = []
            if let failureSyntax {
                // Naming the error alone leaves its payload open.
                if failureSyntax.arguments.isEmpty, let reference = errorReference(failureSyntax.name) {
                    error = reference
                } else if let (reference, values) = failure(failureSyntax) {
                    error = reference
                    arguments = values
                }
            }
            let checked = block(body)
            return [Statement(.expectFailure(error, arguments, body: checked.statements), span)]
        case .assume(let condition): return [Statement(.assume(self.condition(condition)), span)]
        case .measure(let body):
            if !isInBench {
                report(
                    .benchMeasure, "only a bench measures", at: span,
                    hint: "bench \"…\" for n in [1, 10, 100] { … measure { … } }")
            }
            hasMeasure = true
            return [Statement(.measure(block(body).statements), span)]
        case .maximise(let syntax):
            let checked = someValue(syntax)
            guard !checked.isInvalid else { return [] }
            if checked.type.isRatio {
                reportRoundingNeeded(checked)
            } else if !checked.type.isNumber {
                report(
                    .typeMismatch, "a search maximises a number, found \(name(checked.type))", at: syntax.span,
                    hint: "say how large: condition ? 1 : 0")
            }
            return [Statement(.maximise(checked.expression), span)]
        default: return []
        }
    }
}
