import Diagnostics
import Numerics
import Syntax

// Names, fields and rules of settlements. What they do is in SettlementSynthesis.swift.

extension Checker {
    /// Elements of one push.
    static let settlementPushLimit = 10_000
    /// Gas of one element.
    static let settlementGasLimit = 1_000_000_000

    /// Numbers for the functions of a round's settlements. The push is an action; the others have no names to call them
    /// by.
    func reserveSettlements(_ round: RoundRecord, _ typed: inout Round, _ record: ContractRecord) {
        for syntax in round.syntax.settlements {
            let span = syntax.name.span
            func reserve(_ name: String) -> FunctionID {
                addFunction(nil, name: name, span: span, scope: record.scope, contract: record.id)
            }
            let name = syntax.name.name
            let push = reserve("settle_\(name)")
            declare(Identifier("settle_\(name)", span), .function(push), in: record.scope)
            program.functions[push].documentation = syntax.documentation
            typed.settlements.append(
                Round.Settlement(
                    name: name, mapField: -1, phase: 0, elementGas: 0, maximum: 1, pushFunction: push, setAsideEvent: -1
                ))
            round.settlements.append(
                RoundRecord.Settlement(
                    syntax: syntax, bodyFunction: reserve(name), elementFunction: reserve("\(name)_element"),
                    spareFunction: reserve("\(name)_spare"), weighFunction: reserve("\(name)_weight")))
        }
    }

    /// The events of settlements come after those of the source.
    func collectSettlementEvents(_ record: ContractRecord) {
        for (round, syntax) in record.rounds.map(\.syntax).enumerated() {
            for (position, settlement) in syntax.settlements.enumerated() {
                let event = program.contracts[record.id].events.count
                let name = Identifier("\(settlement.name.name)_setAside", settlement.name.span)
                declare(name, .event(event), in: record.scope)
                program.contracts[record.id].events.append(Signature(name: name.name, parameters: []))
                program.contracts[record.id].rounds[round].settlements[position].setAsideEvent = event
            }
        }
    }

    /// What a settlement runs over, when, and the fields that it keeps its progress in.
    func resolveSettlement(_ position: Int, _ index: Int, _ record: ContractRecord) {
        let syntax = record.rounds[index].settlements[position].syntax
        let body = BodyChecker(self, kind: .constant, scope: record.scope, contract: record.id)
        let gas = settlementNumber(syntax.gas, 1...Self.settlementGasLimit, "gas of an element", body)
        let maximum = settlementNumber(
            syntax.maximum, 1...Self.settlementPushLimit, "number of elements of a push", body)
        guard let map = settledMap(syntax, index, record), let phase = settlementPhase(syntax, index, record), let gas,
            let maximum
        else { return }
        let facts = program.contracts[record.id].fields[map]
        let roundKey = facts.keyTypes[0]
        let element = facts.keyTypes[1]
        let name = "\(record.rounds[index].syntax.name.name).\(syntax.name.name)"
        func field(_ member: String, _ type: Type, keys: [Type] = []) -> FieldIndex {
            addField(
                StateField(
                    name: "\(name).\(member)", kind: .plain, keyTypes: [roundKey] + keys, valueType: type,
                    capacity: nil,
                    roundIndex: index, isConstant: false),
                FieldRecord(span: syntax.name.span, initial: nil, mustBeSet: false, isSynthesized: true), record)
        }
        let count = Type.integer(.settlementCount)
        let amount = Type.integer(.amount)
        var fields = RoundRecord.SettlementFields()
        fields.processed = field("processed", count)
        fields.isDone = field("isDone", .boolean)
        fields.setAsideCount = field("setAsideCount", count)
        fields.setAside = field("setAside", amount, keys: [element])
        if syntax.splitting != nil {
            fields.sum = field("sum", amount)
            fields.pot = field("pot", amount)
            fields.total = field("total", amount)
        }
        record.rounds[index].settlements[position].fields = fields
        record.rounds[index].settlements[position].isSound = true
        program.contracts[record.id].rounds[index].settlements[position].mapField = map
        program.contracts[record.id].rounds[index].settlements[position].phase = phase
        program.contracts[record.id].rounds[index].settlements[position].elementGas = gas
        program.contracts[record.id].rounds[index].settlements[position].gasSpan = syntax.gas.span
        program.contracts[record.id].rounds[index].settlements[position].maximum = maximum
        let event = program.contracts[record.id].rounds[index].settlements[position].setAsideEvent
        program.contracts[record.id].events[event].parameters = [
            NamedType(name: record.rounds[index].syntax.keyName.name, type: roundKey),
            NamedType(name: "element", type: element), NamedType(name: "amount", type: amount),
        ]
    }

    private func settlementNumber(
        _ syntax: ExpressionSyntax, _ limits: ClosedRange<Int>, _ what: String, _ body: BodyChecker
    ) -> Int? {
        guard let value = body.constant(syntax) else { return nil }
        guard let number = value.asInt64, limits.contains(Int(number)) else {
            report(
                .limitExceeded, "the \(what) is between \(limits.lowerBound) and \(limits.upperBound)", at: syntax.span)
            return nil
        }
        return Int(number)
    }

    /// The iterable map of the round that is settled; nil after a report.
    private func settledMap(_ syntax: SettlementSyntax, _ index: Int, _ record: ContractRecord) -> FieldIndex? {
        guard let field = roundField(syntax.map, index, record) else { return nil }
        let facts = program.contracts[record.id].fields[field]
        guard facts.keyTypes.count == 2, facts.capacity != nil else {
            report(
                .settlementDeclaration, "a settlement runs over a map with a bound", at: syntax.map.span,
                label: facts.keyTypes.count == 2 ? "a map without a bound" : "not such a map",
                also: [Label(record.fields[field].span, "declared here")],
                hint: "declare it as \(syntax.map.name): Map<K, V, n>, with n up to \(Self.mapCapacityLimit)")
            return nil
        }
        return field
    }

    /// A field of the round by its name; nil after a report.
    func roundField(_ name: Identifier, _ index: Int, _ record: ContractRecord) -> FieldIndex? {
        let members = record.rounds[index].members
        if case .field(let field)? = members[name.name] { return field }
        // A field whose own declaration is wrong has been reported there.
        if record.rounds[index].syntax.state.contains(where: { $0.name.name == name.name }) { return nil }
        let fields = record.rounds[index].syntax.state.map(\.name.name)
        let suggestion = didYouMean(name.name, among: fields)
        report(
            .settlementDeclaration, "\(name.name) is no field of the round \(record.rounds[index].syntax.name.name)",
            at: name.span, also: [Label(record.rounds[index].syntax.name.span, "the round")],
            hint: suggestion.map { "did you mean \($0)?" }, fixIt: suggestion.map { FixIt(name.span, $0) })
        return nil
    }

    /// The phase of a settlement, which ends when the settlement is done and not before; nil after a report.
    private func settlementPhase(_ syntax: SettlementSyntax, _ index: Int, _ record: ContractRecord) -> Int? {
        let round = record.rounds[index].syntax
        guard let position = round.phases.firstIndex(where: { $0.name.name == syntax.phase.name }) else {
            let suggestion = didYouMean(syntax.phase.name, among: round.phases.map(\.name.name))
            report(
                .unknownPhase, "the round \(round.name.name) has no phase \(syntax.phase.name)", at: syntax.phase.span,
                hint: suggestion.map { "did you mean \($0)?" }, fixIt: suggestion.map { FixIt(syntax.phase.span, $0) })
            return nil
        }
        let phase = round.phases[position]
        let condition = "when \(syntax.name.name).isDone"
        if let deadline = phase.duration?.length {
            report(
                .settlementDeclaration, "a deadline would leave \(syntax.name.name) unfinished", at: deadline.span,
                label: "\(phase.name.name) ends whether it is done or not",
                also: [Label(syntax.phase.span, "\(syntax.name.name) runs during \(phase.name.name)")],
                hint: "let the phase end by a condition alone: phase \(phase.name.name) \(condition) then …")
            return nil
        }
        guard let given = phase.condition else {
            report(
                .settlementDeclaration, "\(phase.name.name) never ends, though \(syntax.name.name) does",
                at: phase.name.span, label: "no way out",
                also: [Label(syntax.phase.span, "\(syntax.name.name) runs during \(phase.name.name)")],
                hint: "phase \(phase.name.name) \(condition) then …")
            return nil
        }
        guard Self.asks(given, for: syntax.name.name) else {
            report(
                .settlementDeclaration, "\(phase.name.name) may end before \(syntax.name.name) is done", at: given.span,
                label: "does not ask for \(syntax.name.name).isDone",
                also: [Label(syntax.phase.span, "\(syntax.name.name) runs during \(phase.name.name)")],
                hint: "phase \(phase.name.name) \(condition) then …")
            return nil
        }
        return position
    }

    /// Can the condition hold only when the settlement is done? Seen where `name.isDone` is one of the parts that `&&`
    /// joins.
    private static func asks(_ condition: ExpressionSyntax, for name: String) -> Bool {
        switch condition.kind {
        case .binary(.and, let left, let right): asks(left, for: name) || asks(right, for: name)
        case .member(let base, let member):
            if case .name(let settlement) = base.kind {
                member.name == "isDone" && settlement.name == name
            } else {
                false
            }
        default: false
        }
    }
}

extension IntegerType {
    /// Counts of elements: `Int<32>`.
    static let settlementCount = IntegerType(name: .int, bits: 32, isSigned: true)
}

// MARK: What programs read

extension BodyChecker {
    func settlementMember(
        _ round: Int, _ settlement: Int, _ key: Expression, _ name: Identifier, _ span: Span
    ) -> Checked {
        guard let record, let facts = typedContract?.rounds[round].settlements[settlement],
            record.rounds[round].settlements[settlement].isSound
        else { return invalid(span) }
        let fields = record.rounds[round].settlements[settlement].fields
        let count = Type.integer(.settlementCount)
        let most = ValueRange(0, typedContract?.fields[facts.mapField].capacity ?? 0)
        switch name.name {
        case "isDone": return Checked(Expression(.stateGet(fields.isDone, keys: [key]), .boolean, span))
        case "processed": return Checked(Expression(.stateGet(fields.processed, keys: [key]), count, span), range: most)
        case "setAsideCount":
            return Checked(Expression(.stateGet(fields.setAsideCount, keys: [key]), count, span), range: most)
        default:
            let isMethod = ["setAside", "isSetAside"].contains(name.name)
            let suggestion = didYouMean(
                name.name, among: ["isDone", "processed", "setAsideCount", "setAside", "isSetAside"])
            report(
                .unknownMember, "a settlement has no member \(name.name)", at: name.span,
                hint: isMethod ? "\(name.name) is called: \(name.name)(key)" : suggestion.map { "did you mean \($0)?" })
            return invalid(span)
        }
    }

    func settlementMethod(
        _ round: Int, _ settlement: Int, _ key: Expression, _ name: Identifier, _ arguments: [ArgumentSyntax],
        _ span: Span
    ) -> Checked {
        guard let record, let contract = typedContract, record.rounds[round].settlements[settlement].isSound else {
            return skipped(arguments, span)
        }
        let field = record.rounds[round].settlements[settlement].fields.setAside
        guard ["setAside", "isSetAside"].contains(name.name) else {
            let suggestion = didYouMean(
                name.name, among: ["setAside", "isSetAside", "isDone", "processed", "setAsideCount"])
            report(
                .unknownMember, "a settlement has no method \(name.name)", at: name.span,
                hint: suggestion.map { "did you mean \($0)?" })
            return skipped(arguments, span)
        }
        guard hasCount(arguments, 1, name.name, "settlement.\(name.name)(key)", span) else {
            return skipped(arguments, span)
        }
        let element = value(arguments[0].value, as: contract.fields[field].keyTypes[1])
        guard !element.type.isInvalid else { return invalid(span) }
        let keys = [key, element]
        return name.name == "isSetAside"
            ? Checked(Expression(.stateContains(field, keys: keys), .boolean, span))
            : Checked(Expression(.stateGet(field, keys: keys), .integer(.amount), span))
    }
}
