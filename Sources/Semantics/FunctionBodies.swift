import Diagnostics
import Numerics
import Syntax

extension Checker {
    /// Bodies of functions and tests, in order of declaration.
    func checkBodies() {
        for id in functions.indices where functions[id].syntax != nil { checkBody(of: id, storesPhases: true) }
        for contract in contracts { checkInitializer(contract) }
        for contract in contracts { checkUnusedRoles(contract) }
        // What a view calls may not store phases: such functions are checked once more, computing them only.
        for id in calledFromViews() { checkBody(of: id, storesPhases: false) }
        for test in tests { check(test) }
    }

    /// Private functions that views call, directly or not.
    private func calledFromViews() -> [FunctionID] {
        var pending = program.functions.indices.filter { program.functions[$0].kind == .view }
        var seen = Set(pending)
        while let id = pending.popLast() {
            for (callee, _) in CallGraph.callees(program.functions[id].body) where seen.insert(callee).inserted {
                pending.append(callee)
            }
        }
        return functions.indices.filter {
            seen.contains($0) && program.functions[$0].kind == .function && functions[$0].syntax != nil
        }
    }

    private func checkBody(of id: FunctionID, storesPhases: Bool) {
        within(functions[id].use) { checkOwnBody(of: id, storesPhases: storesPhases) }
    }

    private func checkOwnBody(of id: FunctionID, storesPhases: Bool) {
        let record = functions[id]
        guard let syntax = record.syntax else { return }
        let function = program.functions[id]
        let kind: BodyChecker.Kind = record.contract == nil ? .free : .function(function.kind)
        let body = BodyChecker(self, kind: kind, scope: record.scope, contract: record.contract, use: record.use)
        body.storesPhases = storesPhases && function.kind != .view && record.contract != nil
        body.resultType = function.result
        let reportedCount = complaintCount
        var statements = body.declareParameters(syntax, function)
        statements += body.prologue(syntax, id)
        // A body that could not be read is not looked at: what its gaps held is unknown.
        let checked =
            syntax.body.isBroken ? CheckedBlock(diverges: true) : body.statements(syntax.body.statements)
        if syntax.body.isBroken { functions[id].hasErrors = true }
        statements += checked.statements
        if complaintCount > reportedCount { functions[id].hasErrors = true }
        if !checked.diverges, function.result != .nothing, !function.result.isInvalid {
            report(
                .missingReturn,
                "not every path of \(function.name) returns its \(typeName(function.result, in: record.contract))",
                at: record.nameSpan, also: [Label(endSpan(syntax.body.span), "this end can be reached")],
                hint: "end every path with return or fail")
        }
        program.functions[id].locals = body.locals
        program.functions[id].body = statements
        reportTooManyLocals(body.locals.count, record.nameSpan)
    }

    private func endSpan(_ span: Span) -> Span { Span(span.file, max(span.start, span.end - 1), span.end) }

    func reportTooManyLocals(_ count: Int, _ span: Span) {
        guard count > 10_000 else { return }
        report(.limitExceeded, "a function has at most 10000 locals", at: span)
    }

    /// `init`: first the initial values that declarations state, then what the source says.
    private func checkInitializer(_ record: ContractRecord) {
        let id = program.contracts[record.id].initializer
        let body = BodyChecker(self, kind: .function(.initializer), scope: record.scope, contract: record.id)
        body.storesPhases = true
        let reportedCount = complaintCount
        var statements: [Statement] = []
        if let syntax = record.initializerSyntax {
            statements += body.declareParameters(syntax, program.functions[id])
        }
        for (field, facts) in record.fields.enumerated() {
            let state = program.contracts[record.id].fields[field]
            guard let initial = facts.initial, state.roundIndex == nil else { continue }
            // Initial values do not see the parameters of `init`.
            let visible = body.blocks
            body.blocks = [[:]]
            let value = body.inUse(facts.use) { body.value(initial, as: state.valueType) }
            body.blocks = visible
            statements.append(Statement(.assign(Place(base: .state(field, keys: []), steps: []), value), initial.span))
        }
        if let syntax = record.initializerSyntax, !syntax.body.isBroken {
            statements += body.statements(syntax.body.statements).statements
        }
        // An `init` that could not be read may have set what now seems to have no value.
        if record.initializerSyntax?.body.isBroken ?? followUps.lacksDeclarations(record.syntax.name.span.file) {
            functions[id].hasErrors = true
        }
        if complaintCount > reportedCount { functions[id].hasErrors = true }
        program.functions[id].locals = body.locals
        program.functions[id].body = statements
        reportTooManyLocals(body.locals.count, functions[id].nameSpan)
    }

    /// A role that nothing uses is checked all the same: by itself, else inside each round.
    private func checkUnusedRoles(_ record: ContractRecord) {
        for index in record.roles.indices where !record.usedRoles.contains(index) {
            let predicate = record.roles[index].predicate
            let attempts: [Int?] = [nil] + record.rounds.indices.map { $0 }
            let failures = attempts.map { round in
                let scratch = Checker(self, into: DiagnosticBag())
                let body = BodyChecker(scratch, kind: .function(.view), scope: record.scope, contract: record.id)
                if let round { body.enterRound(round) }
                _ = body.condition(predicate)
                return scratch.bag
            }
            guard failures.allSatisfy(\.hasErrors) else { continue }
            let round = roundSpokenOf(predicate, record)
            for diagnostic in failures[round.map { $0.index + 1 } ?? 0].diagnostics { bag.report(diagnostic) }
        }
    }
}

extension Checker {
    /// The round whose field or key a role names.
    func roundSpokenOf(_ predicate: ExpressionSyntax, _ record: ContractRecord) -> (index: Int, name: Identifier)? {
        for (index, round) in record.rounds.enumerated() {
            let names = Set(round.members.keys).union([round.syntax.keyName.name])
            let unknown = names.filter { record.scope.find($0)?.symbol.isValue != true }
            if let name = predicate.firstName(among: unknown) { return (index, name) }
        }
        return nil
    }
}

extension BodyChecker {
    /// Parameters as the first locals; sizes that their types name as locals of their own, checked for agreement.
    func declareParameters(_ syntax: FunctionSyntax, _ function: Function) -> [Statement] {
        for (parameter, typed) in zip(syntax.parameters, function.parameters) {
            _ = declareLocal(parameter.name, typed.type)
        }
        var statements: [Statement] = []
        var sizes: [String: LocalID] = [:]
        for (position, parameter) in function.parameters.enumerated() {
            guard case .tensor(_, let dimensions) = parameter.type else { continue }
            let span = syntax.parameters[position].type.span
            for (axis, dimension) in dimensions.enumerated() {
                guard case .named(let name) = dimension else { continue }
                let tensor = localExpression(position, span)
                let size = Expression(.builtin(.tensorSize(axis: axis), [tensor]), .integer(.int), span)
                if let known = sizes[name] {
                    let agrees = Expression(.equal(localExpression(known, span), size), .boolean, span)
                    statements.append(failing(.shapeMismatch, unless: agrees, span))
                } else {
                    let local = declareLocal(Identifier(name, span), .integer(.int), range: ValueRange(0, 1 << 24))
                    sizes[name] = local
                    sizeNames.insert(name)
                    statements.append(Statement(.bind(local, size), span))
                }
            }
        }
        return statements
    }

    /// What `during` and `by` ask for.
    func prologue(_ syntax: FunctionSyntax, _ id: FunctionID) -> [Statement] {
        var statements: [Statement] = []
        if let clause = syntax.during { statements += duringPrologue(clause, id) }
        if let role = syntax.role { statements += roleCheck(role) }
        return statements
    }

    private func duringPrologue(_ clause: FunctionSyntax.During, _ id: FunctionID) -> [Statement] {
        let span = clause.round.span.joined(clause.phase.span)
        guard let contract = typedContract, isInContract,
            case .round(let round)? = scope.find(clause.round.name)?.symbol
        else {
            let suggestion = didYouMean(clause.round.name, among: typedContract?.rounds.map(\.name) ?? [])
            report(
                .unknownName, "there is no round \(clause.round.name)", at: clause.round.span,
                hint: suggestion.map { "did you mean \($0)?" })
            return []
        }
        let typed = contract.rounds[round]
        var statements: [Statement] = []
        let given = value(clause.key, as: typed.keyType)
        let phase = phaseIndex(round, clause.phase)
        guard !given.type.isInvalid, let phase else { return [] }
        var keyLocal: LocalID
        if case .local(let local) = given.kind {
            keyLocal = local
        } else {
            keyLocal = addTemporary(typed.keyType, "key")
            statements.append(Statement(.bind(keyLocal, given), span))
        }
        let key = localExpression(keyLocal, clause.key.span)
        let function = storesPhases ? typed.advanceFunction : typed.currentFunction
        let current = addTemporary(.integer(.int), "phase")
        statements.append(Statement(.bind(current, Expression(.call(function, [key]), .integer(.int), span)), span))
        statements.append(
            Statement(
                .phaseGuard(roundIndex: round, key: key, phase: localExpression(current, span), allowed: [phase]), span)
        )
        during = During(roundIndex: round, phase: phase, key: keyLocal, given: given)
        checker.program.functions[id].during = (roundIndex: round, phase: phase)
        return statements
    }

    /// Fails NotAuthorized unless the role's predicate holds for the caller.
    func roleCheck(_ name: Identifier) -> [Statement] {
        guard let record, case .role(let index)? = scope.find(name.name)?.symbol else {
            let suggestion = didYouMean(name.name, among: record?.roles.map(\.name.name) ?? [])
            report(
                .unknownName, "there is no role \(name.name)", at: name.span,
                hint: suggestion.map { "did you mean \($0)?" } ?? "declare it: role \(name.name) = caller == owner",
                fixIt: suggestion.map { FixIt(name.span, $0) })
            return []
        }
        record.usedRoles.insert(index)
        if let spoken = checker.roundSpokenOf(record.roles[index].predicate, record),
            (during?.roundIndex ?? roundNames?.roundIndex) != spoken.index
        {
            let round = record.rounds[spoken.index].syntax
            report(
                .contextNotAllowed, "the role \(name.name) is known within the round \(round.name.name) only",
                at: name.span,
                label: "of which instance?",
                also: [Label(spoken.name.span, "belongs to the round \(round.name.name)")],
                hint: "say in which phase of which instance the action runs: "
                    + "by \(name.name) during \(round.name.name)[…].\(round.phases.first?.name.name ?? "phase")")
            return []
        }
        // The predicate sees the contract and, under `during`, the round; not the function's parameters.
        let visible = blocks
        let names = roundNames
        blocks = [[:]]
        if let during {
            roundNames = RoundNames(roundIndex: during.roundIndex, key: during.key)
            let keyName = record.rounds[during.roundIndex].syntax.keyName
            blocks[0][keyName.name] = LocalName(id: during.key, span: keyName.span, isVariable: false, range: nil)
        } else if let names {
            let keyName = record.rounds[names.roundIndex].syntax.keyName
            blocks[0][keyName.name] = LocalName(id: names.key, span: keyName.span, isVariable: false, range: nil)
        }
        let holds = condition(record.roles[index].predicate)
        blocks = visible
        roundNames = names
        return [failing(.notAuthorized, unless: holds, name.span)]
    }

    /// The key of a round as a local, and the round's names as bare ones.
    @discardableResult
    func enterRound(_ round: Int) -> LocalID {
        guard let record, let contract = typedContract else { return 0 }
        let key = declareLocal(record.rounds[round].syntax.keyName, contract.rounds[round].keyType)
        roundNames = RoundNames(roundIndex: round, key: key)
        return key
    }
}
