import Diagnostics
import Numerics
import Syntax

// Rounds become plain functions over their state: `advance` brings the stored phase up to date, `current` computes it.

extension Checker {
    /// Bodies of the functions that rounds and sealed values stand for.
    func synthesize(_ record: ContractRecord) {
        for index in record.rounds.indices {
            let round = program.contracts[record.id].rounds[index]
            synthesizePhases(index, round.advanceFunction, stores: true, record)
            synthesizePhases(index, round.currentFunction, stores: false, record)
            synthesizeGuard(index, record.rounds[index].touchFunction, calling: round.advanceFunction, record)
            synthesizeGuard(index, record.rounds[index].lookFunction, calling: round.currentFunction, record)
            for sealed in round.sealed.indices { synthesizeSealed(sealed, index, record) }
            for (position, beacon) in round.beacons.enumerated() {
                synthesizePhases(index, beacon.heightFunction, stores: false, seenBy: position, record)
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

    /// (key) -> phase. One step for each phase in order: a lapsed deadline counts before a condition, and as of its
    /// own height.
    ///
    /// - Parameter beacon: Gives, in place of the phase, the height at which the beacon's phase was entered; 0 before.
    private func synthesizePhases(
        _ index: Int, _ id: FunctionID, stores: Bool, seenBy beacon: Int? = nil, _ record: ContractRecord
    ) {
        let round = program.contracts[record.id].rounds[index]
        let syntax = record.rounds[index].syntax
        let span = syntax.name.span
        let body = BodyChecker(self, kind: .function(.view), scope: record.scope, contract: record.id)
        let key = body.localExpression(body.enterRound(index), span)
        let int = Type.integer(.int)
        let height = Type.integer(.height)
        let stored = body.addTemporary(int, "stored")
        let phase = body.addVariable(int, "current")
        let entered = body.addVariable(height, "entered")
        let storedValue = body.localExpression(stored, span)
        let phaseValue = body.localExpression(phase, span)
        let enteredValue = body.localExpression(entered, span)
        let one = Checked(body.integer(1, nil, span))
        let storedRange = ValueRange(0, max(round.phases.count, 1))
        var statements = [
            Statement(.bind(stored, Expression(.stateGet(round.phaseField, keys: [key]), int, span)), span),
            body.failing(
                .noSuchRound, when: Expression(.equal(storedValue, body.integer(0, nil, span)), .boolean, span), span),
            Statement(
                .bind(
                    phase,
                    body.arithmetic(.subtract, Checked(storedValue, range: storedRange), one, "-", span).expression),
                span),
            Statement(.bind(entered, Expression(.stateGet(round.enteredField, keys: [key]), height, span)), span),
        ]
        let seedHeight = beacon.map { _ in body.addVariable(height, "seedHeight") }
        if let beacon, let seedHeight {
            let known = Expression(.stateGet(round.beacons[beacon].heightField, keys: [key]), height, span)
            statements.append(Statement(.bind(seedHeight, known), span))
        }
        /// What is noted of a phase's height for the beacons whose phase it is.
        func notes(_ successor: Int) -> [Statement] {
            var places: [Place] = []
            for (position, facts) in round.beacons.enumerated() where facts.phase == successor {
                if stores { places.append(Place(base: .state(facts.heightField, keys: [key]), steps: [])) }
                if let seedHeight, position == beacon { places.append(Place(base: .local(seedHeight), steps: [])) }
            }
            return places.map { Statement(.assign($0, enteredValue), span) }
        }
        for (position, facts) in round.phases.enumerated() {
            guard let successor = facts.successor else { continue }
            let now = Expression(.builtin(.height, []), height, span)
            func enter(at moment: Expression) -> [Statement] {
                [
                    Statement(
                        .assign(Place(base: .local(phase), steps: []), body.integer(successor, .int, span)), span),
                    Statement(.assign(Place(base: .local(entered), steps: []), moment), span),
                ] + notes(successor)
            }
            var steps: [Statement] = []
            if let condition = syntax.phases[position].condition {
                let holds = body.condition(condition)
                steps = [Statement(.conditional(holds, then: enter(at: now), otherwise: []), condition.span)]
            }
            if let blocks = facts.durationBlocks {
                let duration = Checked(body.integer(blocks, nil, span), range: ValueRange(blocks, blocks))
                let deadline = body.arithmetic(.add, Checked(enteredValue), duration, "+", span)
                let isOver = Expression(.compare(.greaterOrEqual, now, deadline.expression), .boolean, span)
                let end = body.converted(deadline, to: height).expression
                steps = [Statement(.conditional(isOver, then: enter(at: end), otherwise: steps), span)]
            }
            let isCurrent = Expression(.equal(phaseValue, body.integer(position, nil, span)), .boolean, span)
            statements.append(Statement(.conditional(isCurrent, then: steps, otherwise: []), span))
        }
        if stores {
            let next = body.arithmetic(.add, Checked(phaseValue, range: storedRange), one, "+", span).expression
            let isSame = Expression(.equal(next, storedValue), .boolean, span)
            func store(_ field: FieldIndex, _ value: Expression) -> Statement {
                Statement(.assign(Place(base: .state(field, keys: [key]), steps: []), value), span)
            }
            statements.append(
                Statement(
                    .conditional(
                        isSame, then: [],
                        otherwise: [store(round.phaseField, next), store(round.enteredField, enteredValue)]), span))
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
        add(.phaseGuard(roundIndex: index, phase: body.localExpression(current, span), allowed: allowed))
    }

    func install(parameterCount: Int, phase: Int?, role: String?, result: Type = .nothing) {
        checker.install(body, statements, id, parameterCount: parameterCount, result: result)
        checker.program.functions[id].kind = .action
        checker.program.functions[id].during = phase.map { (roundIndex: index, phase: $0) }
        checker.program.functions[id].roleName = role
    }
}

extension BodyChecker {
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
