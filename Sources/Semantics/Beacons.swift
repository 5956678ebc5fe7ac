import Diagnostics
import Numerics
import Syntax

// A beacon gives a round a seed that was not known while what is decided by it could still be changed: the fields that
// it freezes are fixed first, then the seed, then whoever is drawn. The rules that hold this order are here.

extension Checker {
    /// The phase, the frozen fields and the hidden state of a beacon, after the round's state and sealed values.
    func resolveBeacon(
        _ position: Int, _ syntax: BeaconSyntax, _ index: Int, _ record: ContractRecord, heightField: FieldIndex
    ) {
        let round = record.rounds[index]
        program.contracts[record.id].rounds[index].beacons[position].heightField = heightField
        let facts = program.contracts[record.id].rounds[index]
        if let phase = phaseIndex(syntax.phase, facts) {
            program.contracts[record.id].rounds[index].beacons[position].phase = phase
            program.contracts[record.id].rounds[index].beacons[position].frozenFrom = phase
            if phase == 0 {
                report(
                    .beaconDeclaration, "nothing can come before the seed of \(syntax.name.name)",
                    at: syntax.phase.span, label: "the first phase",
                    hint: "let a phase in which everybody enters come first, and name a later one here")
            }
            if let sealed = syntax.contributions {
                let reveal = facts.sealed[sealed].revealPhase
                program.contracts[record.id].rounds[index].beacons[position].frozenFrom = reveal
                if phase <= reveal {
                    report(
                        .beaconDeclaration, "contributions are all revealed before there is a seed",
                        at: syntax.phase.span, label: "must come later",
                        also: [Label(round.syntax.sealed[sealed].revealPhase.span, "revealed during this")],
                        hint: "name a phase that follows \(round.syntax.sealed[sealed].revealPhase.name)")
                }
            }
        }
        for name in syntax.frozen {
            guard case .field(let field)? = round.members[name.name] else {
                let fields = round.syntax.state.map(\.name.name)
                let suggestion = didYouMean(name.name, among: fields)
                report(
                    .beaconDeclaration, "the round \(facts.name) has no field \(name.name)", at: name.span,
                    label: "only the round's own fields can be frozen",
                    hint: suggestion.map { "did you mean \($0)?" }, fixIt: suggestion.map { FixIt(name.span, $0) })
                continue
            }
            program.contracts[record.id].rounds[index].beacons[position].frozenFields.append(field)
        }
    }

    private func phaseIndex(_ name: Identifier, _ round: Round) -> Int? {
        if let found = round.phases.firstIndex(where: { $0.name == name.name }) { return found }
        let suggestion = didYouMean(name.name, among: round.phases.map(\.name))
        report(
            .unknownPhase, "the round \(round.name) has no phase \(name.name)", at: name.span,
            hint: suggestion.map { "did you mean \($0)?" }, fixIt: suggestion.map { FixIt(name.span, $0) })
        return nil
    }

    // MARK: Synthesis

    /// (key) -> Hash: BLAKE2b-256 of the canonical encoding of domain, chain, contract, `Round.beacon`, key, block
    /// randomness and the list of contributions. Fails WrongPhase before the beacon's phase, and SeedNotReady in the
    /// block that enters it.
    func synthesizeSeed(_ position: Int, _ index: Int, _ record: ContractRecord) {
        let round = program.contracts[record.id].rounds[index]
        let beacon = round.beacons[position]
        let span = record.rounds[index].syntax.beacons[position].name.span
        let body = BodyChecker(self, kind: .function(.function), scope: record.scope, contract: record.id)
        let key = body.localExpression(body.enterRound(index), span)
        let heightType = Type.integer(.height)
        let height = body.addTemporary(heightType, "height")
        let heightValue = body.localExpression(height, span)
        var statements = [
            Statement(.bind(height, Expression(.call(beacon.heightFunction, [key]), heightType, span)), span),
            body.failing(
                .wrongPhase, when: Expression(.equal(heightValue, body.integer(0, nil, span)), .boolean, span), span),
        ]
        func text(_ string: String) -> Expression {
            Expression(.bytes(Array(string.utf8)), .text(capacity: max(string.utf8.count, 1)), span)
        }
        func context(_ builtin: Builtin, _ type: Type) -> Expression {
            Expression(.builtin(builtin, []), type, span)
        }
        var parts: [(String, Expression)] = [
            ("domain", text("agon.beacon.1")), ("chain", context(.chain, .hash)),
            ("contract", context(.selfAddress, .address)), ("name", text("\(round.name).\(beacon.name)")), ("key", key),
            ("randomness", Expression(.builtin(.blockRandomness, [heightValue]), .hash, span)),
        ]
        if let sealed = beacon.sealedIndex {
            let contribution = addStruct("\(beacon.name).contribution", [("author", .address), ("value", .hash)])
            let listType = Type.list(.structure(contribution), capacity: round.sealed[sealed].capacity)
            let list = body.addVariable(listType, "contributions")
            let author = body.addTemporary(.address, "author")
            let value = body.addTemporary(.hash, "value")
            let item = Expression(
                .makeStruct(contribution, [body.localExpression(author, span), body.localExpression(value, span)]),
                .structure(contribution), span)
            statements.append(Statement(.bind(list, Expression(.makeList([]), listType, span)), span))
            statements.append(
                Statement(
                    .forSealed(
                        author: author, value: value, roundIndex: index, sealedIndex: sealed, key: key,
                        body: [Statement(.append(Place(base: .local(list), steps: []), item), span)]), span))
            parts.append(("contributions", body.localExpression(list, span)))
        }
        let message = addStruct("\(beacon.name).message", parts.map { ($0.0, $0.1.type) })
        let value = Expression(.makeStruct(message, parts.map(\.1)), .structure(message), span)
        statements.append(Statement(.result(Expression(.builtin(.hash, [value]), .hash, span)), span))
        install(body, statements, beacon.seedFunction, parameterCount: 1, result: .hash)
    }

    private func addStruct(_ name: String, _ fields: [(name: String, type: Type)]) -> StructID {
        program.structs.append(
            StructType(name: name, fields: fields.map { NamedType(name: $0.name, type: $0.type) }))
        return program.structs.count - 1
    }

    // MARK: Freeze, then seed, then draw

    /// Frozen fields are not written, seeds not read too early, and what is not frozen is not gone through where a
    /// seed is known.
    func checkBeacons(_ reach: PhaseReach) {
        for contract in contracts {
            for (index, round) in contract.rounds.enumerated() {
                let facts = program.contracts[contract.id].rounds[index]
                for (position, beacon) in facts.beacons.enumerated() {
                    let syntax = round.syntax.beacons[position]
                    guard facts.phases.indices.contains(beacon.frozenFrom) else { continue }
                    for name in syntax.frozen {
                        guard case .field(let field)? = round.members[name.name] else { continue }
                        reportFrozenWrites(
                            to: field, of: contract.id, in: PhaseSet(beacon.frozenFrom..<facts.phases.count),
                            declaredAt: name.span, reason: "from \(facts.phases[beacon.frozenFrom].name) on", reach)
                    }
                }
            }
        }
        for reading in reach.seedReadings where !functions[reading.function].hasErrors {
            checkSeedReading(reading)
        }
    }

    private func checkSeedReading(_ reading: PhaseReach.SeedReading) {
        guard let contract = program.functions[reading.function].contract else { return }
        let round = program.contracts[contract].rounds[reading.round]
        let beacon = round.beacons[reading.beacon]
        let syntax = contracts[contract].rounds[reading.round].syntax.beacons[reading.beacon]
        guard round.phases.indices.contains(beacon.phase) else { return }
        let allowed = PhaseSet(beacon.phase..<round.phases.count)
        if !(reading.phases.map { $0.isSubset(of: allowed) } ?? false) {
            let phase = round.phases[beacon.phase].name
            let clause = "during \(round.name)[key].\(phase)"
            let function = program.functions[reading.function]
            report(
                .seedUnreadable, "\(beacon.name) may have no seed yet", at: reading.span,
                label: "used before \(phase) is sure",
                also: [Label(syntax.phase.span, "the seed comes with this phase")],
                hint: function.kind == .function
                    ? "whatever calls \(function.name) with this key must be declared `\(clause)` or a later phase"
                    : "declare it `\(clause)` or a later phase")
        }
        visitStatements(program.functions[reading.function].body) { statement in
            guard case .forMap(_, _, let field, _, _) = statement.kind,
                program.contracts[contract].fields[field].roundIndex == reading.round,
                !beacon.frozenFields.contains(field)
            else { return }
            let name = program.contracts[contract].fields[field].name
            report(
                .notFrozen, "\(name) could have been changed by someone who knew the seed", at: statement.span,
                label: "gone through where the seed is known", also: [Label(syntax.name.span, "does not freeze it")],
                hint: "let the beacon freeze it: beacon \(beacon.name) freezes …")
        }
    }
}
