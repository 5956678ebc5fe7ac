import Diagnostics
import Numerics
import Syntax

extension Checker {
    /// Key, phases, state and sealed values of a round.
    func resolveRound(_ index: Int, _ record: ContractRecord) {
        let syntax = record.rounds[index].syntax
        declare(syntax.name, .round(index), in: record.scope)
        reportIfReserved(syntax.keyName)
        var key = resolve(syntax.keyType, in: record.scope, contract: record.id)
        if !program.isKeyType(key) {
            report(.typeArgument, "\(typeName(key, in: record.id)) cannot be a key", at: syntax.keyType.span)
            key = .invalid
        }
        program.contracts[record.id].rounds[index].keyType = key
        func synthesized(
            _ name: String, _ type: Type, kind: StateField.Kind = .plain, keys: [Type] = [], capacity: Int? = nil
        ) -> FieldIndex {
            addField(
                StateField(
                    name: "\(syntax.name.name).\(name)", kind: kind, keyTypes: [key] + keys, valueType: type,
                    capacity: capacity, roundIndex: index, isConstant: false),
                FieldRecord(span: syntax.name.span, initial: nil, mustBeSet: false, isSynthesized: true), record)
        }
        let kind = StateField.Kind.phase(roundIndex: index)
        program.contracts[record.id].rounds[index].phaseField = synthesized("phase", .integer(.int), kind: kind)
        program.contracts[record.id].rounds[index].enteredField = synthesized("entered", .integer(.height), kind: kind)
        resolvePhases(index, record) { synthesized("\($0).blocks", .integer(Round.durationType), kind: kind) }
        for state in syntax.state {
            let field = addState(state, roundIndex: index, keyTypes: [key], record)
            if state.isConstant, let field { resolveParameter(field, state, index, record) }
            enter(state.name, field.map { .field($0) }, index, record)
        }
        for (position, sealed) in syntax.sealed.enumerated() {
            let name = sealed.name.name
            let type = sealedType(sealed, record)
            let capacity = sealedCapacity(sealed, record)
            let commitments = synthesized(
                "\(name).commitments", .hash, kind: .sealedCommitment(roundIndex: index), keys: [.address],
                capacity: capacity)
            let values = synthesized(
                "\(name).values", type, kind: .sealedValue(roundIndex: index), keys: [.address], capacity: capacity)
            record.rounds[index].sealed.append(
                RoundRecord.Sealed(
                    syntax: sealed, revealedCountField: synthesized("\(name).revealedCount", .integer(.int)),
                    expiredField: synthesized("\(name).expired", .boolean, keys: [.address])))
            program.contracts[record.id].rounds[index].sealed[position].valueType = type
            program.contracts[record.id].rounds[index].sealed[position].capacity = capacity
            program.contracts[record.id].rounds[index].sealed[position].commitmentField = commitments
            program.contracts[record.id].rounds[index].sealed[position].valueField = values
            resolveSealedPhases(sealed, position, index, record)
            enter(sealed.name, .sealed(position), index, record)
        }
        for (position, beacon) in syntax.beacons.enumerated() {
            let height = synthesized("\(beacon.name.name).height", .integer(.height))
            resolveBeacon(position, beacon, index, record, heightField: height)
            if beacon.contributions == nil { enter(beacon.name, .beacon(position), index, record) }
        }
        for (position, settlement) in syntax.settlements.enumerated() {
            enter(settlement.name, .settlement(position), index, record)
            resolveSettlement(position, index, record)
        }
    }

    /// What an instance is opened with: any value that can be passed on.
    private func resolveParameter(_ field: FieldIndex, _ syntax: StateSyntax, _ index: Int, _ record: ContractRecord) {
        let type = program.contracts[record.id].fields[field].valueType
        if type == .asset {
            report(
                .notAllowedHere, "the assets of a contract are those that it declares", at: syntax.type.span,
                hint: "declare it: asset \(syntax.name.name)")
        }
        program.contracts[record.id].rounds[index].parameters.append(field)
    }

    /// Enters a name among the round's members.
    private func enter(_ name: Identifier, _ member: RoundRecord.Member?, _ index: Int, _ record: ContractRecord) {
        reportIfReserved(name)
        let round = record.rounds[index]
        if name.name == "phase" || name.name == "isOpen" {
            report(
                .duplicateName, "every round has a \(name.name) of its own", at: name.span, hint: "choose another name")
        }
        if name.name == round.syntax.keyName.name {
            reportDuplicate(name.name, at: name.span, first: round.syntax.keyName.span)
        } else if let first = record.scope.find(name.name), first.symbol.isValue {
            reportDuplicate(name.name, at: name.span, first: first.span)
        } else if round.members[name.name] != nil {
            let others =
                round.syntax.state.map(\.name) + round.syntax.sealed.map(\.name) + round.syntax.beacons.map(\.name)
                + round.syntax.settlements.map(\.name)
            reportDuplicate(
                name.name, at: name.span, first: others.first { $0.name == name.name }?.span ?? round.syntax.name.span)
        }
        if let member { round.members[name.name] = member }
    }

    private func sealedType(_ syntax: SealedSyntax, _ record: ContractRecord) -> Type {
        let type = resolve(syntax.type, in: record.scope, contract: record.id)
        guard program.isCopyable(type) else {
            report(.typeMismatch, "\(typeName(type, in: record.id)) cannot be sealed", at: syntax.type.span)
            return .invalid
        }
        return type
    }

    private func sealedCapacity(_ syntax: SealedSyntax, _ record: ContractRecord) -> Int {
        let body = BodyChecker(self, kind: .constant, scope: record.scope, contract: record.id)
        guard let value = body.constant(syntax.maximum) else { return 1 }
        guard let count = value.asInt64, (1...Int64(Self.capacityLimit)).contains(count) else {
            report(
                .limitExceeded, "at most \(Self.capacityLimit) authors can seal, and at least one",
                at: syntax.maximum.span)
            return 1
        }
        return Int(count)
    }

    private func resolveSealedPhases(_ syntax: SealedSyntax, _ position: Int, _ index: Int, _ record: ContractRecord) {
        let round = program.contracts[record.id].rounds[index]
        func phase(_ name: Identifier) -> Int? {
            if let found = round.phases.firstIndex(where: { $0.name == name.name }) { return found }
            let suggestion = didYouMean(name.name, among: round.phases.map(\.name))
            report(
                .unknownPhase, "the round \(round.name) has no phase \(name.name)", at: name.span,
                hint: suggestion.map { "did you mean \($0)?" }, fixIt: suggestion.map { FixIt(name.span, $0) })
            return nil
        }
        let commit = phase(syntax.commitPhase)
        let reveal = phase(syntax.revealPhase)
        guard let commit, let reveal else { return }
        program.contracts[record.id].rounds[index].sealed[position].commitPhase = commit
        program.contracts[record.id].rounds[index].sealed[position].revealPhase = reveal
        let phases = record.rounds[index].syntax.phases
        guard commit < reveal else {
            report(
                .phaseOrder, "values are revealed after all are committed", at: syntax.revealPhase.span,
                label: "must come later",
                also: [Label(phases[commit].name.span, "commit"), Label(phases[reveal].name.span, "reveal")],
                hint: "name a phase for the reveal that follows \(syntax.commitPhase.name)")
            return
        }
        if case .forfeit = syntax.unrevealed, round.phases[reveal].successor == nil {
            report(
                .sealedDeclaration, "\(syntax.revealPhase.name) never ends, so nothing is ever forfeited",
                at: syntax.revealPhase.span, also: [Label(phases[reveal].name.span, "the last phase")],
                hint: "let the reveal phase lead to another one")
        }
    }

    /// Phases form one chain in the order of the text: each one names a later one, and all are reached.
    private func resolvePhases(
        _ index: Int, _ record: ContractRecord, addDuration: (_ phase: String) -> FieldIndex
    ) {
        let syntax = record.rounds[index].syntax
        var seen: [String: Int] = [:]
        for (position, phase) in syntax.phases.enumerated() {
            if let first = seen[phase.name.name] {
                reportDuplicate(phase.name.name, at: phase.name.span, first: syntax.phases[first].name.span)
            } else {
                seen[phase.name.name] = position
            }
        }
        var phases: [Round.Phase] = []
        var reached: Set<Int> = [0]
        for (position, phase) in syntax.phases.enumerated() {
            var successor: Int?
            if let name = phase.successor {
                if let target = seen[name.name] {
                    if target > position {
                        successor = target
                    } else {
                        report(
                            .phaseOrder, "a phase leads to one that is declared later", at: name.span,
                            also: [Label(syntax.phases[target].name.span, "declared here")],
                            hint: "phases never come back: open a new instance of the round instead")
                    }
                } else {
                    let suggestion = didYouMean(name.name, among: seen.keys.sorted())
                    report(
                        .unknownPhase, "the round \(syntax.name.name) has no phase \(name.name)", at: name.span,
                        hint: suggestion.map { "did you mean \($0)?" },
                        fixIt: suggestion.map { FixIt(name.span, $0) })
                }
            }
            if reached.contains(position), let successor { reached.insert(successor) }
            phases.append(
                Round.Phase(
                    name: phase.name.name, duration: duration(phase, syntax, record, addDuration), successor: successor,
                    hasCondition: phase.condition != nil))
        }
        program.contracts[record.id].rounds[index].phases = phases
        if phases.isEmpty {
            report(
                .noFinalPhase, "the round \(syntax.name.name) has no phases", at: syntax.name.span, 
                hint: "a round is in one of its phases: begin with `phase running`")
            return
        }
        if phases.count > Self.phaseLimit {
            report(
                .limitExceeded, "a round has at most \(Self.phaseLimit) phases",
                at: syntax.phases[Self.phaseLimit].name.span)
        }
        if syntax.phases.allSatisfy({ $0.successor != nil }) {
            report(
                .noFinalPhase, "no phase of \(syntax.name.name) is final", at: syntax.name.span,
                hint: "end with a phase that leads nowhere: phase settled")
        }
        for (position, phase) in syntax.phases.enumerated() where !reached.contains(position) {
            report(
                .phaseUnreachable, "the phase \(phase.name.name) is never reached", at: phase.name.span,
                hint: "some earlier phase must lead to it: … then \(phase.name.name)")
        }
    }

    /// The most phases a round may have: sets of them are 16-bit masks in bytecode.
    private static let phaseLimit = 16

    /// A length that hangs on state is computed where an instance is opened, and kept in a field of its own.
    private func duration(
        _ phase: PhaseSyntax, _ round: RoundSyntax, _ record: ContractRecord,
        _ addDuration: (_ phase: String) -> FieldIndex
    ) -> Round.Duration? {
        guard let syntax = phase.duration else { return nil }
        let unit = TimeUnit(rawValue: syntax.unit.rawValue)
        if unit == nil, namesState(syntax.length, round, record) { return .field(addDuration(phase.name.name)) }
        let body = BodyChecker(self, kind: .constant, scope: record.scope, contract: record.id)
        guard let value = body.constant(syntax.length) else { return .blocks(1) }
        guard let length = value.asInt64, (1...Int64(Int32.max)).contains(length) else {
            report(
                .constantOutOfRange, "a phase lasts between 1 and 2^31 - 1 \(syntax.unit.rawValue)",
                at: syntax.length.span)
            return .blocks(1)
        }
        return unit.map { .time(count: Int(length), $0) } ?? .blocks(Int(length))
    }

    /// Does the expression name state, of the contract or of the round, or call anything of the contract?
    private func namesState(_ syntax: ExpressionSyntax, _ round: RoundSyntax, _ record: ContractRecord) -> Bool {
        var names = Set(round.state.map(\.name.name) + round.sealed.map(\.name.name) + [round.name.name])
        names.insert(round.keyName.name)
        for member in record.syntax.members {
            switch member {
            case .state(let state): names.insert(state.name.name)
            case .function(let function): names.insert(function.name.name)
            case .round(let other): names.insert(other.name.name)
            default: break
            }
        }
        return syntax.firstName(among: names) != nil
    }
}
