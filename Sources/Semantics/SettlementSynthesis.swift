import Diagnostics
import Numerics
import Syntax

/// Writes the functions of one settlement.
///
/// For `settlement payout over stakes as (member, stake) splits pot by w of W as share else rest …` these are
/// - `payout`: the body of the source, with key, member, stake and share as parameters;
/// - `payout_weight`: the sum of weights up to and with an element; fails when the weight is wrong;
/// - `payout_element`: takes the element's share out of the pot and runs the body;
/// - `payout_spare`: moves the share of an element that failed to `rest`;
/// - `settle_payout`: tries the elements of one batch, each with gas and a journal of its own.
///
/// Share i is ⌊P·S_i/W⌋ − ⌊P·S_{i−1}/W⌋ with P the pot and W the total when the fold began, S_i the sum of the first i
/// weights; so the shares never come to more than P, and whatever they leave goes to `rest` at the end.
struct SettlementSynthesis {
    let checker: Checker
    let record: ContractRecord
    let index: Int
    let syntax: SettlementSyntax
    let own: RoundRecord.Settlement
    let facts: Round.Settlement
    let span: Span
    let amount = Type.integer(.amount)
    let count = Type.integer(.settlementCount)

    init(_ checker: Checker, _ settlement: Int, _ index: Int, _ record: ContractRecord) {
        self.checker = checker
        self.record = record
        self.index = index
        own = record.rounds[index].settlements[settlement]
        facts = checker.program.contracts[record.id].rounds[index].settlements[settlement]
        syntax = own.syntax
        span = syntax.name.span
    }

    func run() {
        guard own.isSound else { return }
        let asset: AssetIndex?
        if let splitting = syntax.splitting {
            guard let pot = potAsset(splitting) else { return }
            asset = pot
        } else {
            asset = nil
        }
        writeBody(asset)
        if let splitting = syntax.splitting, let asset {
            writeWeight(splitting)
            writeElement(splitting, asset)
            writeSpare(splitting, asset)
        } else {
            writePlainElement()
        }
        writePush(asset)
    }

    // MARK: Parts

    var map: StateField { checker.program.contracts[record.id].fields[facts.mapField] }
    var elementType: Type { map.keyTypes[1] }
    /// Of the body's second name: an entry's value, or what its vault holds.
    private var valueType: Type { map.valueType }

    private func checkerOfBody() -> BodyChecker {
        let body = BodyChecker(checker, kind: .function(.function), scope: record.scope, contract: record.id)
        body.storesPhases = true
        return body
    }

    private func install(_ body: BodyChecker, _ statements: [Statement], _ id: FunctionID, _ count: Int, _ result: Type)
    {
        checker.install(body, statements, id, parameterCount: count, result: result)
    }

    func local(_ body: BodyChecker, _ id: LocalID) -> Expression { body.localExpression(id, span) }

    func read(_ field: FieldIndex, _ key: Expression, _ type: Type) -> Expression {
        Expression(.stateGet(field, keys: [key]), type, span)
    }

    func write(_ field: FieldIndex, _ key: Expression, _ value: Expression) -> Statement {
        Statement(.assign(Place(base: .state(field, keys: [key]), steps: []), value), span)
    }

    /// The value of an element.
    func value(_ key: Expression, _ member: Expression) -> Expression {
        let keys = [key, member]
        if case .vault = map.kind {
            return Expression(.vaultAmount(VaultPlace(field: facts.mapField, keys: keys)), amount, span)
        }
        return Expression(.stateGet(facts.mapField, keys: keys), valueType, span)
    }

    /// The vaults of a splitting in a body that knows the round's names.
    func vault(_ syntax: ExpressionSyntax, _ asset: AssetIndex?, _ body: BodyChecker) -> VaultPlace? {
        body.vaultPlace(syntax, asset)
    }

    /// ⌊P·next/W⌋ − ⌊P·sum/W⌋; a total of nothing has no shares.
    func portion(
        _ body: BodyChecker, pot: Expression, from sum: Expression, to next: Expression, total: Expression
    ) -> Expression {
        let least = Checked(body.integer(1, .amount, span))
        let divisor = Checked(
            Expression(.builtin(.maximum, [total, least.expression]), amount, span),
            range: ValueRange(BigInt.one, ValueRange(.amount).high))
        func part(_ sum: Expression) -> Checked {
            let whole = body.arithmetic(.multiply, Checked(pot), Checked(sum), "*", span)
            let ratio = body.arithmetic(.divide, whole, divisor, "/", span)
            let range = ratio.reach
            return Checked(
                Expression(.round(.floor, ratio.expression), .integer(range.exactType), span), range: range)
        }
        let difference = body.arithmetic(.subtract, part(next), part(sum), "-", span)
        return body.converted(difference, to: .integer(.amount)).expression
    }

    /// The pot is a vault of this instance; nil after a report.
    private func potAsset(_ splitting: SettlementSyntax.Splitting) -> AssetIndex? {
        let body = checkerOfBody()
        body.enterRound(index)
        guard let place = vault(splitting.pot, nil, body) else { return nil }
        let fields = checker.program.contracts[record.id].fields
        guard fields[place.field].roundIndex == index, fields[place.field].keyTypes.count == 1,
            case .local(0)? = place.keys.first?.kind, case .vault(let asset) = fields[place.field].kind
        else {
            checker.report(
                .settlementDeclaration, "the pot is a vault of the round itself", at: splitting.pot.span,
                also: [Label(record.fields[place.field].span, "declared here")],
                hint: "declare a vault in the round and put there what is to be split")
            return nil
        }
        guard let rest = vault(splitting.remainder, asset, body) else { return nil }
        guard rest.field != place.field else {
            checker.report(
                .settlementDeclaration, "what no element gets cannot stay in the pot", at: splitting.remainder.span,
                also: [Label(splitting.pot.span, "the pot")], hint: "name another vault")
            return nil
        }
        return asset
    }

    // MARK: Functions

    /// (key, member, value[, share])
    private func writeBody(_ asset: AssetIndex?) {
        let body = checkerOfBody()
        let key = body.enterRound(index)
        body.during = BodyChecker.During(roundIndex: index, phase: facts.phase, key: key)
        _ = body.declareLocal(syntax.keyName, elementType)
        _ = body.declareLocal(syntax.valueName, valueType)
        var spans = [record.rounds[index].syntax.keyName.span, syntax.keyName.span, syntax.valueName.span]
        if let splitting = syntax.splitting, let asset {
            _ = body.declareLocal(splitting.share, .token(asset))
            spans.append(splitting.share.span)
        }
        let reported = checker.complaintCount
        for name in [syntax.keyName, syntax.valueName] + (syntax.splitting.map { [$0.share] } ?? []) {
            reportIfMember(name)
        }
        let isBroken = syntax.body.isBroken
        let statements = isBroken ? [] : body.statements(syntax.body.statements).statements
        if isBroken || checker.complaintCount > reported { checker.functions[own.bodyFunction].hasErrors = true }
        checker.functions[own.bodyFunction].parameterSpans = spans
        install(body, statements, own.bodyFunction, spans.count, .nothing)
    }

    /// In the body the round's fields go by their bare names.
    private func reportIfMember(_ name: Identifier) {
        let round = record.rounds[index]
        guard round.members[name.name] != nil else { return }
        let members =
            round.syntax.state.map(\.name) + round.syntax.sealed.map(\.name) + round.syntax.settlements.map(\.name)
        checker.reportDuplicate(
            name.name, at: name.span, first: members.first { $0.name == name.name }?.span ?? round.syntax.name.span)
    }

    /// (key, member, value, sum, total) -> sum of weights with this one
    private func writeWeight(_ splitting: SettlementSyntax.Splitting) {
        let body = checkerOfBody()
        let key = body.enterRound(index)
        body.during = BodyChecker.During(roundIndex: index, phase: facts.phase, key: key)
        // Where the names are taken, the body has said so.
        for (name, type) in [(syntax.keyName, elementType), (syntax.valueName, valueType)] {
            let id = body.addTemporary(type, name.name)
            body.blocks[0][name.name] = BodyChecker.LocalName(
                id: id, span: name.span, isVariable: false, range: nil)
        }
        let sum = local(body, body.addTemporary(amount, "sum"))
        let total = local(body, body.addTemporary(amount, "total"))
        let reported = checker.complaintCount
        // Wide enough for every amount and its negative.
        let wide = Type.integer(IntegerType(name: .int, bits: 320, isSigned: true))
        let weight = local(body, body.addTemporary(wide, "weight"))
        guard case .local(let weightLocal) = weight.kind else { return }
        let given = body.value(splitting.weight, as: wide)
        let next = body.arithmetic(.add, Checked(sum), Checked(weight), "+", span)
        let isNegative = Expression(.compare(.less, weight, body.integer(0, nil, span)), .boolean, span)
        let isBeyond = Expression(.compare(.greater, next.expression, total), .boolean, span)
        if checker.complaintCount > reported { checker.functions[own.weighFunction].hasErrors = true }
        install(
            body,
            [
                Statement(.bind(weightLocal, given), splitting.weight.span),
                body.failing(.negativeWeight, when: isNegative, splitting.weight.span),
                body.failing(.invalidArgument, when: isBeyond, splitting.weight.span),
                Statement(.result(body.converted(next, to: amount).expression), span),
            ], own.weighFunction, 5, amount)
    }

    /// Parameters and first statements of `element` and `spare`: the share is in flight, `next` the sum with it.
    private func beginShare(
        _ body: BodyChecker, _ splitting: SettlementSyntax.Splitting, _ asset: AssetIndex
    ) -> (
        statements: [Statement], key: Expression, member: Expression, value: Expression, share: Expression,
        next: Expression
    )? {
        let key = local(body, body.enterRound(index))
        let member = local(body, body.addTemporary(elementType, "member"))
        let sum = local(body, body.addTemporary(amount, "sum"))
        let pot = local(body, body.addTemporary(amount, "pot"))
        let total = local(body, body.addTemporary(amount, "total"))
        let given = body.addTemporary(valueType, "value")
        let next = body.addTemporary(amount, "next")
        let share = body.addTemporary(.token(asset), "share")
        guard let place = vault(splitting.pot, asset, body) else { return nil }
        let weigh = Expression(
            .call(own.weighFunction, [key, member, local(body, given), sum, total]), amount, splitting.weight.span)
        let part = portion(body, pot: pot, from: sum, to: local(body, next), total: total)
        let taken = Expression(.vaultTake(place, part), .token(asset), splitting.pot.span)
        return (
            [
                Statement(.bind(given, value(key, member)), span), Statement(.bind(next, weigh), span),
                Statement(.bind(share, taken), span),
            ], key, member, local(body, given), local(body, share), local(body, next)
        )
    }

    /// (key, member, sum, pot, total) -> sum with this one
    private func writeElement(_ splitting: SettlementSyntax.Splitting, _ asset: AssetIndex) {
        let body = checkerOfBody()
        guard let begun = beginShare(body, splitting, asset) else { return }
        let call = Expression(
            .call(own.bodyFunction, [begun.key, begun.member, begun.value, begun.share]), .nothing, span)
        install(
            body, begun.statements + [Statement(.evaluate(call), span), Statement(.result(begun.next), span)],
            own.elementFunction, 5, amount)
    }

    /// The same, with the share for nobody.
    private func writeSpare(_ splitting: SettlementSyntax.Splitting, _ asset: AssetIndex) {
        let body = checkerOfBody()
        guard let begun = beginShare(body, splitting, asset), let rest = vault(splitting.remainder, asset, body) else {
            return
        }
        install(
            body,
            begun.statements + [
                Statement(.vaultPut(rest, begun.share), splitting.remainder.span), Statement(.result(begun.next), span),
            ], own.spareFunction, 5, amount)
    }

    /// (key, member), of a fold that splits nothing
    private func writePlainElement() {
        let body = checkerOfBody()
        let key = local(body, body.enterRound(index))
        let member = local(body, body.addTemporary(elementType, "member"))
        let call = Expression(.call(own.bodyFunction, [key, member, value(key, member)]), .nothing, span)
        install(body, [Statement(.evaluate(call), span)], own.elementFunction, 2, .nothing)
        let other = checkerOfBody()
        let otherKey = other.enterRound(index)
        install(other, [], own.spareFunction, otherKey + 1, .nothing)
        let third = checkerOfBody()
        let thirdKey = third.enterRound(index)
        install(third, [], own.weighFunction, thirdKey + 1, .nothing)
    }
}
