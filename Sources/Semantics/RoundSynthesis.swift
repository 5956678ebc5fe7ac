import Diagnostics
import Numerics
import Syntax

// Rounds become plain functions: `open` opens an instance, `advance` leaves the phases whose condition has come true,
// `current` computes the same phase and changes nothing. Time alone needs no code: `roundPhase` counts it.

extension Checker {
    /// Bodies of the functions that rounds and sealed values stand for.
    func synthesize(_ record: ContractRecord) {
        for index in record.rounds.indices {
            let round = program.contracts[record.id].rounds[index]
            synthesizeOpening(index, record)
            synthesizePhases(index, round.advanceFunction, stores: true, record)
            synthesizePhases(index, round.currentFunction, record)
            synthesizeGuard(index, record.rounds[index].touchFunction, calling: round.advanceFunction, record)
            synthesizeGuard(index, record.rounds[index].lookFunction, calling: round.currentFunction, record)
            for sealed in round.sealed.indices { synthesizeSealed(sealed, index, record) }
            for (position, beacon) in round.beacons.enumerated() {
                synthesizePhases(index, beacon.heightFunction, seenBy: position, record)
                synthesizeSeed(position, index, record)
            }
            for settlement in record.rounds[index].settlements.indices {
                SettlementSynthesis(self, settlement, index, record).run()
            }
        }
    }

    func install(_ body: BodyChecker, _ statements: [Statement], _ id: FunctionID, parameterCount: Int, result: Type) {
        program.functions[id].parameterCount = parameterCount
        program.functions[id].locals = body.locals
        program.functions[id].result = result
        program.functions[id].body = statements
    }

    /// (key) -> key
    private func synthesizeGuard(
        _ index: Int, _ id: FunctionID, calling phases: FunctionID, _ record: ContractRecord
    ) {
        let body = BodyChecker(self, kind: .function(.function), scope: record.scope, contract: record.id)
        let span = record.rounds[index].syntax.name.span
        let key = body.localExpression(body.enterRound(index), span)
        let statements = [
            Statement(.evaluate(Expression(.call(phases, [key]), .integer(.int), span)), span),
            Statement(.result(key), span),
        ]
        install(body, statements, id, parameterCount: 1, result: key.type)
    }

    /// (key, what an instance is opened with…). Lengths of phases are computed before anything else of it exists.
    private func synthesizeOpening(_ index: Int, _ record: ContractRecord) {
        let contract = program.contracts[record.id]
        let round = contract.rounds[index]
        let syntax = record.rounds[index].syntax
        let span = syntax.name.span
        let body = BodyChecker(self, kind: .function(.function), scope: record.scope, contract: record.id)
        body.storesPhases = true
        let key = body.localExpression(body.enterRound(index), span)
        for (field, state) in zip(round.parameters, syntax.state.filter(\.isConstant)) {
            let local = body.addTemporary(contract.fields[field].valueType, state.name.name)
            body.blocks[0][state.name.name] = BodyChecker.LocalName(
                id: local, span: state.name.span, isVariable: false, range: nil)
        }
        var durations: [Expression] = []
        for (phase, facts) in zip(syntax.phases, round.phases) {
            guard case .field = facts.duration, let length = phase.duration?.length else { continue }
            durations.append(body.phaseLength(length))
        }
        var statements = [Statement(.openRound(roundIndex: index, key: key, durations: durations), span)]
        func set(_ field: FieldIndex, _ value: Expression) {
            statements.append(Statement(.assign(Place(base: .state(field, keys: [key]), steps: []), value), value.span))
        }
        for (position, field) in round.parameters.enumerated() { set(field, body.localExpression(position + 1, span)) }
        for (field, facts) in contract.fields.enumerated() where facts.roundIndex == index {
            guard let initial = record.fields[field].initial else { continue }
            set(field, body.value(initial, as: facts.valueType))
        }
        install(
            body, statements, round.openFunction, parameterCount: 1 + round.parameters.count, result: .nothing)
    }

    /// (key) -> phase. From the phase that the instance is in by time, one step for each condition that holds, in
    /// order; what is entered that way is entered now, so that its own time has not begun to run out.
    ///
    /// Leaving a phase forgets when the ones before were entered: heights that beacons need are noted first.
    ///
    /// - Parameter beacon: Gives, in place of the phase, the height at which the beacon's phase was entered; 0 before.
    private func synthesizePhases(
        _ index: Int, _ id: FunctionID, stores: Bool = false, seenBy beacon: Int? = nil, _ record: ContractRecord
    ) {
        let round = program.contracts[record.id].rounds[index]
        let syntax = record.rounds[index].syntax
        let span = syntax.name.span
        let body = BodyChecker(self, kind: .function(.view), scope: record.scope, contract: record.id)
        let key = body.localExpression(body.enterRound(index), span)
        let int = Type.integer(.int)
        let height = Type.integer(.height)
        let byTime = Expression(.roundPhase(roundIndex: index, key: key), int, span)
        let hasCondition = round.phases.contains(where: \.hasCondition)
        if !hasCondition, beacon == nil {
            install(body, [Statement(.result(byTime), span)], id, parameterCount: 1, result: int)
            return
        }
        let phase = body.addVariable(int, "current")
        let phaseValue = body.localExpression(phase, span)
        var statements = [Statement(.bind(phase, byTime), span)]
        func entry(_ beacon: Int) -> Expression {
            Expression(.phaseEntered(roundIndex: index, key: key, phase: round.beacons[beacon].phase), height, span)
        }
        /// `if entered > 0 { place = entered }`
        func note(_ beacon: Int, in place: Place) -> Statement {
            let isKnown = Expression(.compare(.greater, entry(beacon), body.integer(0, nil, span)), .boolean, span)
            return Statement(
                .conditional(isKnown, then: [Statement(.assign(place, entry(beacon)), span)], otherwise: []), span)
        }
        var seedHeight: LocalID?
        if let beacon {
            let local = body.addVariable(height, "seedHeight")
            let noted = Expression(.stateGet(round.beacons[beacon].heightField, keys: [key]), height, span)
            statements.append(Statement(.bind(local, noted), span))
            statements.append(note(beacon, in: Place(base: .local(local), steps: [])))
            seedHeight = local
        }
        for (position, facts) in round.phases.enumerated() where hasCondition {
            guard let successor = facts.successor else { continue }
            var enter = [
                Statement(.assign(Place(base: .local(phase), steps: []), body.integer(successor, .int, span)), span)
            ]
            if let seedHeight, let beacon, round.beacons[beacon].phase == successor {
                let now = Expression(.builtin(.height, []), height, span)
                enter.append(Statement(.assign(Place(base: .local(seedHeight), steps: []), now), span))
            }
            var steps: [Statement] = []
            if let condition = syntax.phases[position].condition {
                var move = enter
                if stores {
                    let notes = round.beacons.indices.filter { round.beacons[$0].phase <= position }.map {
                        note($0, in: Place(base: .state(round.beacons[$0].heightField, keys: [key]), steps: []))
                    }
                    move = notes + [Statement(.leavePhase(roundIndex: index, key: key, phase: position), span)] + enter
                }
                let holds = body.condition(condition)
                steps = [Statement(.conditional(holds, then: move, otherwise: []), condition.span)]
            }
            if case .field(let field) = facts.duration {
                // A window of no blocks is passed over, also when a condition has led to it.
                let length = Expression(.stateGet(field, keys: [key]), .integer(Round.durationType), span)
                let isEmpty = Expression(.compare(.lessOrEqual, length, body.integer(0, nil, span)), .boolean, span)
                steps = [Statement(.conditional(isEmpty, then: enter, otherwise: steps), span)]
            }
            if steps.isEmpty { continue }
            let isCurrent = Expression(.equal(phaseValue, body.integer(position, nil, span)), .boolean, span)
            statements.append(Statement(.conditional(isCurrent, then: steps, otherwise: []), span))
        }
        let result = seedHeight.map { body.localExpression($0, span) } ?? phaseValue
        statements.append(Statement(.result(result), span))
        install(body, statements, id, parameterCount: 1, result: result.type)
    }

    // MARK: Sealed values

    /// The actions commit, reveal and expire of a sealed field.
    private func synthesizeSealed(_ sealed: Int, _ index: Int, _ record: ContractRecord) {
        let round = program.contracts[record.id].rounds[index]
        let facts = round.sealed[sealed]
        let syntax = record.rounds[index].sealed[sealed].syntax
        let span = syntax.name.span
        // Phases form one chain in order: what follows the reveal phase is all that stands after it.
        let later = Array(round.phases.indices.dropFirst(facts.revealPhase + 1))

        let commit = ActionBuilder(self, facts.commitFunction, index, record, span)
        let commitment = commit.body.addTemporary(.hash, "commitment")
        commit.begin(allowed: [facts.commitPhase])
        if let role = syntax.role { commit.statements += commit.body.roleCheck(role) }
        let caller = Expression(.builtin(.caller, []), .address, span)
        commit.add(
            .sealCommit(
                roundIndex: index, sealedIndex: sealed, keys: [commit.key, caller],
                commitment: commit.body.localExpression(commitment, span)))
        commit.install(parameterCount: 2, phase: facts.commitPhase, role: syntax.role?.name)

        let reveal = ActionBuilder(self, facts.revealFunction, index, record, span)
        let author = reveal.body.addTemporary(.address, "author")
        let value = reveal.body.addTemporary(facts.valueType, "value")
        let salt = reveal.body.addTemporary(.hash, "salt")
        reveal.begin(allowed: [facts.revealPhase])
        reveal.add(
            .sealReveal(
                roundIndex: index, sealedIndex: sealed, keys: [reveal.key, reveal.body.localExpression(author, span)],
                value: reveal.body.localExpression(value, span), salt: reveal.body.localExpression(salt, span)))
        let countField = record.rounds[index].sealed[sealed].revealedCountField
        let count = Checked(
            Expression(.stateGet(countField, keys: [reveal.key]), .integer(.int), span),
            range: ValueRange(0, facts.capacity))
        let next = reveal.body.arithmetic(.add, count, Checked(reveal.body.integer(1, nil, span)), "+", span)
        reveal.add(.assign(Place(base: .state(countField, keys: [reveal.key]), steps: []), next.expression))
        reveal.install(parameterCount: 4, phase: facts.revealPhase, role: nil)

        let expire = ActionBuilder(self, facts.expireFunction, index, record, span)
        let late = expire.body.declareLocal(Identifier("author", span), .address)
        expire.begin(allowed: later)
        let keys = [expire.key, expire.body.localExpression(late, span)]
        let expired = record.rounds[index].sealed[sealed].expiredField
        func contains(_ field: FieldIndex) -> Expression {
            Expression(.stateContains(field, keys: keys), .boolean, span)
        }
        expire.statements.append(expire.body.failing(.notCommitted, unless: contains(facts.commitmentField), span))
        expire.statements.append(expire.body.failing(.alreadyRevealed, when: contains(facts.valueField), span))
        expire.statements.append(expire.body.failing(.invalidArgument, when: contains(expired), span))
        expire.add(
            .assign(
                Place(base: .state(expired, keys: keys), steps: []), Expression(.boolean(true), .boolean, span)))
        if case .forfeit(let from, let to) = syntax.unrevealed { expire.statements += expire.body.forfeit(from, to) }
        expire.install(parameterCount: 2, phase: nil, role: nil)
    }
}

/// An action over one round: key first, phase brought up to date and guarded.
final class ActionBuilder {
    let checker: Checker
    let id: FunctionID
    let index: Int
    let span: Span
    let body: BodyChecker
    let key: Expression
    var statements: [Statement] = []

    init(_ checker: Checker, _ id: FunctionID, _ index: Int, _ record: ContractRecord, _ span: Span) {
        self.checker = checker
        self.id = id
        self.index = index
        self.span = span
        body = BodyChecker(checker, kind: .function(.action), scope: record.scope, contract: record.id)
        body.storesPhases = true
        key = body.localExpression(body.enterRound(index), span)
    }

    func add(_ kind: Statement.Kind) { statements.append(Statement(kind, span)) }

    func begin(allowed: [Int]) {
        guard let round = body.typedContract?.rounds[index] else { return }
        let current = body.addTemporary(.integer(.int), "phase")
        add(.bind(current, Expression(.call(round.advanceFunction, [key]), .integer(.int), span)))
        add(.phaseGuard(roundIndex: index, key: key, phase: body.localExpression(current, span), allowed: allowed))
    }

    func install(parameterCount: Int, phase: Int?, role: String?, result: Type = .nothing) {
        checker.install(body, statements, id, parameterCount: parameterCount, result: result)
        checker.program.functions[id].kind = .action
        checker.program.functions[id].during = phase.map { (roundIndex: index, phase: $0) }
        checker.program.functions[id].roleName = role
    }
}

extension BodyChecker {
    /// The length of a phase in blocks, of what never changes.
    fileprivate func phaseLength(_ syntax: ExpressionSyntax) -> Expression {
        let length = value(syntax)
        guard !length.isInvalid else { return length.expression }
        guard length.type.isInteger else {
            if length.type.isFixed || length.type.isRatio {
                reportRoundingNeeded(length)
            } else {
                reportMismatch(length, .integer(Round.durationType))
            }
            return invalid(syntax.span).expression
        }
        guard length.reach.isInside(ValueRange(Round.durationType)) else {
            report(
                .constantOutOfRange, "the length of a phase must fit Int<32>", at: syntax.span,
                label: name(length.type), hint: "declare what it hangs on as Int<32>, or bound it: min(…, 100_000)")
            return invalid(syntax.span).expression
        }
        length.expression.visit { part in
            guard let what = changing(part) else { return }
            report(
                .notConstant, "the length of a phase hangs on what never changes", at: part.span, label: what,
                hint: "use constants, `let` state, and the `let` fields of the round")
        }
        return converted(length, to: .integer(Round.durationType)).expression
    }

    /// What makes the value of the expression, its operands aside, differ from time to time.
    private func changing(_ expression: Expression) -> String? {
        switch expression.kind {
        case .stateGet(let field, _):
            typedContract?.fields[field].isConstant == true ? nil : "this can change"
        case .stateFind, .stateContains, .mapCount, .mapKeys, .vaultAmount, .roundPhase, .phaseEntered:
            "this can change"
        case .call(let function, _): program.functions[function].contract == nil ? nil : "a function of the contract"
        case .interfaceCall: "another contract is asked"
        case .builtin(.caller, _): "depends on who calls"
        case .builtin(.height, _): "depends on when it is opened"
        default: nil
        }
    }

    func addVariable(_ type: Type, _ name: String) -> LocalID {
        locals.append(Local(name: name, type: type, isVariable: true))
        return locals.count - 1
    }

    /// Moves all of one vault to another.
    func forfeit(_ fromSyntax: ExpressionSyntax, _ toSyntax: ExpressionSyntax) -> [Statement] {
        guard let from = vaultPlace(fromSyntax, nil), let contract = typedContract,
            case .vault(let asset) = contract.fields[from.field].kind, let to = vaultPlace(toSyntax, asset)
        else { return [] }
        let span = fromSyntax.span.joined(toSyntax.span)
        let token = addTemporary(.token(asset), "forfeit")
        let all = Expression(.vaultTakeAll(from), .token(asset), fromSyntax.span)
        return [
            Statement(.bind(token, all), span), Statement(.vaultPut(to, localExpression(token, span)), span),
        ]
    }
}
