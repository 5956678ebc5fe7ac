import Diagnostics
import Syntax

// What holds of the whole program so that a settlement in many batches is the same as one in a single batch, whoever
// pushes it and whatever happens in between.

extension Checker {
    func checkSettlements(_ reach: PhaseReach, _ calls: CallGraph) {
        for record in contracts {
            for (index, round) in record.rounds.enumerated() {
                for (position, settlement) in round.settlements.enumerated() where settlement.isSound {
                    checkFreezing(settlement, position, index, record, reach)
                    checkBodies(of: settlement, position, index, record, calls)
                }
            }
        }
    }

    /// The map, the pot, what `freezes` names, and of the `else` vault what is in it.
    private func checkFreezing(
        _ settlement: RoundRecord.Settlement, _ position: Int, _ index: Int, _ record: ContractRecord,
        _ reach: PhaseReach
    ) {
        let syntax = settlement.syntax
        let facts = program.contracts[record.id].rounds[index].settlements[position]
        let own: Set<FunctionID> = [facts.pushFunction, settlement.elementFunction, settlement.spareFunction]
        func freeze(_ field: FieldIndex, _ span: Span, exempt: Set<FunctionID> = [], isTakingAlone: Bool = false) {
            reportFrozenWrites(
                to: field, of: record.id, in: PhaseSet([facts.phase]), declaredAt: span,
                reason: "while \(syntax.name.name) runs", exempt: exempt, isTakingAlone: isTakingAlone, reach)
        }
        freeze(facts.mapField, syntax.map.span)
        for name in syntax.frozen {
            if let field = roundField(name, index, record) { freeze(field, name.span) }
        }
        guard let splitting = syntax.splitting else { return }
        if let pot = vaultField(splitting.pot, index, record) { freeze(pot, splitting.pot.span, exempt: own) }
        if let rest = vaultField(splitting.remainder, index, record) {
            freeze(rest, splitting.remainder.span, isTakingAlone: true)
        }
    }

    /// The field of a vault, which has been checked before.
    private func vaultField(_ syntax: ExpressionSyntax, _ index: Int, _ record: ContractRecord) -> FieldIndex? {
        let scratch = Checker(self, into: DiagnosticBag())
        let body = BodyChecker(scratch, kind: .function(.function), scope: record.scope, contract: record.id)
        body.enterRound(index)
        return body.vaultPlace(syntax, nil)?.field
    }

    /// What is done for an element depends neither on who pushes nor on when, nor on how far the fold has come.
    private func checkBodies(
        of settlement: RoundRecord.Settlement, _ position: Int, _ index: Int, _ record: ContractRecord,
        _ calls: CallGraph
    ) {
        let syntax = settlement.syntax
        let fee = syntax.fee.flatMap { vaultField($0.vault, index, record) }
        let progress: Set<FieldIndex> = [settlement.fields.processed, settlement.fields.setAsideCount]
        // Phases follow from the height by themselves.
        var seen: Set<FunctionID> = []
        for round in program.contracts[record.id].rounds {
            seen.formUnion([round.advanceFunction, round.currentFunction])
            seen.formUnion(round.beacons.flatMap { [$0.heightFunction, $0.seedFunction] })
        }
        var pending = [settlement.bodyFunction]
        if syntax.splitting != nil { pending.append(settlement.weighFunction) }
        let also = [Label(syntax.name.span, "the settlement")]
        while let id = pending.popLast() {
            guard seen.insert(id).inserted else { continue }
            pending += calls.callees[id].map(\.function)
            visitExpressions(program.functions[id].body) { expression in
                switch expression.kind {
                case .builtin(.caller, _):
                    report(
                        .settlementDeclaration, "what an element gets cannot depend on who pushes", at: expression.span,
                        label: "whoever calls settle_\(syntax.name.name)", also: also,
                        hint: "use \(syntax.keyName.name), or what state says")
                case .builtin(.height, _):
                    report(
                        .settlementDeclaration, "what an element gets cannot depend on when it is pushed",
                        at: expression.span, label: "another height for each push", also: also,
                        hint: "keep a height in state before the settlement begins")
                case .stateGet(let field, _) where progress.contains(field):
                    report(
                        .settlementDeclaration, "what an element gets cannot depend on the size of a push",
                        at: expression.span, label: "counted after each push", also: also)
                case .vaultAmount(let place), .vaultTake(let place, _), .vaultTakeAll(let place):
                    guard place.field == fee else { return }
                    report(
                        .settlementDeclaration, "what an element gets cannot depend on the vault that pays the fees",
                        at: expression.span, label: "paid out of after each push",
                        also: also + (syntax.fee.map { [Label($0.vault.span, "pays the fees")] } ?? []))
                default: break
                }
            }
        }
    }
}
