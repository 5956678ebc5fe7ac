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
    private let checker: Checker
    private let record: ContractRecord
    private let index: Int
    private let syntax: SettlementSyntax
    private let own: RoundRecord.Settlement
    private let facts: Round.Settlement
    private let span: Span
    private let amount = Type.integer(.amount)
    private let count = Type.integer(.settlementCount)

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

    private var map: StateField { checker.program.contracts[record.id].fields[facts.mapField] }
    private var elementType: Type { map.keyTypes[1] }
    /// Of the body's second name: an entry's value, or what its vault holds.
    private var valueType: Type { map.valueType }

    private func checkerOfBody() -> BodyChecker {
        let body = BodyChecker(checker, kind: .function(.function), scope: record.scope, contract: record.id)
        body.storesPhases = true
        return body
    }

    private func install(_ body: BodyChecker, _ statements: [Statement], _ id: FunctionID, _ count: Int, _ result: Type) {
        checker.install(body, statements, id, parameterCount: count, result: result)
    }

    private func local(_ body: BodyChecker, _ id: LocalID) -> Expression { body.localExpression(id, span) }

    private func read(_ field: FieldIndex, _ key: Expression, _ type: Type) -> Expression {
        Expression(.stateGet(field, keys: [key]), type, span)
    }

    private func write(_ field: FieldIndex, _ key: Expression, _ value: Expression) -> Statement {
        Statement(.assign(Place(base: .state(field, keys: [key]), steps: []), value), span)
    }

    /// The value of an element.
    private func value(_ key: Expression, _ member: Expression) -> Expression {
        let keys = [key, member]
        if case .vault = map.kind {
            return Expression(.vaultAmount(VaultPlace(field: facts.mapField, keys: keys)), amount, span)
        }
        return Expression(.stateGet(facts.mapField, keys: keys), valueType, span)
    }

    /// The vaults of a splitting in a body that knows the round's names.
    private func vault(_ syntax: ExpressionSyntax, _ asset: AssetIndex?, _ body: BodyChecker) -> VaultPlace? {
        body.vaultPlace(syntax, asset)
    }

    /// ⌊P·next/W⌋ − ⌊P·sum/W⌋; a total of nothing has no shares.
    private func portion(
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
    ) -> (statements: [Statement], key: Expression, member: Expression, value: Expression, share: Expression, next: Expression)? {
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

// MARK: The push

extension SettlementSynthesis {
    /// Locals of the push.
    private struct Progress {
        var pot: Expression
        var total: Expression
        var sum: LocalID
        var setAsideCount: LocalID
    }

    /// (key, count) -> elements handled
    private func writePush(_ asset: AssetIndex?) {
        let builder = ActionBuilder(checker, facts.pushFunction, index, record, span)
        let body = builder.body
        let key = builder.key
        let wanted = body.addTemporary(count, "count")
        builder.begin(allowed: [facts.phase])
        let most = map.capacity ?? 1
        let range = ValueRange(0, most)
        let zero = body.integer(0, .settlementCount, span)
        let isNegative = Expression(.compare(.less, local(body, wanted), zero), .boolean, span)
        builder.statements.append(body.failing(.invalidArgument, when: isNegative, span))
        let isDone = read(own.fields.isDone, key, .boolean)
        builder.add(.conditional(isDone, then: [Statement(.result(zero), span)], otherwise: []))

        let first = body.addTemporary(count, "first")
        builder.add(.bind(first, read(own.fields.processed, key, count)))
        let size = Expression(.mapCount(facts.mapField, keys: [key]), .integer(range.exactType), span)
        let sizeLocal = body.addTemporary(count, "size")
        builder.add(.bind(sizeLocal, body.converted(Checked(size, range: range), to: count).expression))
        let batch = Checked(
            Expression(
                .builtin(.minimum, [local(body, wanted), body.integer(facts.maximum, .settlementCount, span)]), count,
                span), range: ValueRange(0, facts.maximum))
        let reached = body.arithmetic(.add, Checked(local(body, first), range: range), batch, "+", span)
        let bounded = Expression(
            .builtin(.minimum, [reached.expression, local(body, sizeLocal)]), .integer(reached.reach.exactType), span)
        let end = body.addTemporary(count, "end")
        builder.add(.bind(end, body.converted(Checked(bounded, range: range), to: count).expression))

        var progress: Progress?
        if asset != nil {
            guard let begun = beginSplitting(builder, first, zero) else { return }
            progress = begun
        } else {
            let failures = body.addVariable(count, "failures")
            builder.add(.bind(failures, read(own.fields.setAsideCount, key, count)))
            progress = Progress(pot: zero, total: zero, sum: -1, setAsideCount: failures)
        }
        guard let progress else { return }

        let position = body.addTemporary(.integer(.int), "position")
        builder.add(
            .forRange(
                position, from: local(body, first), to: local(body, end), maximum: facts.maximum,
                body: element(body, key, position, progress, splits: asset != nil)))
        finish(builder, first: first, end: end, size: sizeLocal, progress, asset)
        builder.install(parameterCount: 2, phase: facts.phase, role: nil, result: count)
    }

    /// Pot and total as they were when the fold began, and the sum so far; nil after a report.
    private func beginSplitting(_ builder: ActionBuilder, _ first: LocalID, _ zero: Expression) -> Progress? {
        guard let splitting = syntax.splitting else { return nil }
        let body = builder.body
        let key = builder.key
        guard let place = vault(splitting.pot, nil, body) else { return nil }
        let total = body.value(splitting.total, as: amount)
        guard isReadable(total) else {
            if !total.type.isInvalid {
                checker.report(
                    .settlementDeclaration, "the total is an Amount in state", at: splitting.total.span,
                    label: "might fail, and the settlement could never begin",
                    hint: "keep the sum of all weights in a field: var total: Amount")
            }
            return nil
        }
        let isFirst = Expression(.equal(local(body, first), zero), .boolean, span)
        let potAmount = Expression(.vaultAmount(place), amount, span)
        builder.add(
            .conditional(
                isFirst, then: [write(own.fields.pot, key, potAmount), write(own.fields.total, key, total)],
                otherwise: []))
        func bound(_ field: FieldIndex, _ name: String) -> Expression {
            let id = body.addTemporary(amount, name)
            builder.add(.bind(id, read(field, key, amount)))
            return local(body, id)
        }
        let whole = bound(own.fields.pot, "pot")
        let all = bound(own.fields.total, "total")
        let sum = body.addVariable(amount, "sum")
        builder.add(.bind(sum, read(own.fields.sum, key, amount)))
        let failures = body.addVariable(count, "failures")
        builder.add(.bind(failures, read(own.fields.setAsideCount, key, count)))
        return Progress(pot: whole, total: all, sum: sum, setAsideCount: failures)
    }

    /// Reading it cannot fail.
    private func isReadable(_ expression: Expression) -> Bool {
        let keys: [Expression]
        switch expression.kind {
        case .integer: return true
        case .stateGet(_, let given): keys = given
        case .vaultAmount(let place): keys = place.keys
        default: return false
        }
        return keys.allSatisfy { key in if case .local = key.kind { true } else { false } }
    }

    /// One element: tried, and set aside when it fails.
    private func element(
        _ body: BodyChecker, _ key: Expression, _ position: LocalID, _ progress: Progress, splits: Bool
    ) -> [Statement] {
        let member = body.addTemporary(elementType, "member")
        let memberValue = local(body, member)
        let gas = body.integer(facts.elementGas, .int, span)
        func assign(_ id: LocalID, _ value: Expression) -> Statement {
            Statement(.assign(Place(base: .local(id), steps: []), value), span)
        }
        /// What is known of an element that failed.
        func note(_ amount: Expression) -> [Statement] {
            [
                Statement(
                    .assign(Place(base: .state(own.fields.setAside, keys: [key, memberValue]), steps: []), amount), span),
                Statement(.emit(facts.setAsideEvent, [key, memberValue, amount]), span),
            ]
        }
        let failures = local(body, progress.setAsideCount)
        let one = Checked(body.integer(1, nil, span))
        let known = Checked(failures, range: ValueRange(0, (map.capacity ?? 1) - 1))
        let more = body.arithmetic(.add, known, one, "+", span)
        var failed = [assign(progress.setAsideCount, body.converted(more, to: count).expression)]
        let nothing = body.integer(0, .amount, span)
        let take = Statement(
            .bind(
                member,
                Expression(
                    .mapKeyAt(facts.mapField, keys: [key], index: local(body, position)), elementType, span)), span)
        guard splits else {
            failed += note(nothing)
            let call = Expression(.call(own.elementFunction, [key, memberValue]), .nothing, span)
            return [take, Statement(.attempt(result: nil, call: call, gas: gas, then: [], failed: failed), span)]
        }
        let sum = local(body, progress.sum)
        func call(_ function: FunctionID) -> Expression {
            Expression(.call(function, [key, memberValue, sum, progress.pot, progress.total]), amount, span)
        }
        let spared = body.addTemporary(amount, "spared")
        let share = body.addTemporary(amount, "share")
        let part = portion(body, pot: progress.pot, from: sum, to: local(body, spared), total: progress.total)
        failed.append(
            Statement(
                .attempt(
                    result: spared, call: call(own.spareFunction), gas: gas,
                    then: [Statement(.bind(share, part), span)] + note(local(body, share))
                        + [assign(progress.sum, local(body, spared))],
                    failed: note(nothing)), span))
        let next = body.addTemporary(amount, "next")
        return [
            take,
            Statement(
                .attempt(
                    result: next, call: call(own.elementFunction), gas: gas,
                    then: [assign(progress.sum, local(body, next))], failed: failed), span),
        ]
    }

    /// Progress into state; after the last element the rest of the pot; the fee.
    private func finish(
        _ builder: ActionBuilder, first: LocalID, end: LocalID, size: LocalID, _ progress: Progress, _ asset: AssetIndex?
    ) {
        let body = builder.body
        let key = builder.key
        let endValue = local(body, end)
        builder.statements.append(write(own.fields.processed, key, endValue))
        if asset != nil { builder.statements.append(write(own.fields.sum, key, local(body, progress.sum))) }
        let failures = local(body, progress.setAsideCount)
        let isSame = Expression(.equal(failures, read(own.fields.setAsideCount, key, count)), .boolean, span)
        builder.add(.conditional(isSame, then: [], otherwise: [write(own.fields.setAsideCount, key, failures)]))
        var last: [Statement] = []
        if let splitting = syntax.splitting, let asset, let pot = vault(splitting.pot, asset, body),
            let rest = vault(splitting.remainder, asset, body)
        {
            let left = body.addTemporary(.token(asset), "rest")
            last = [
                Statement(.bind(left, Expression(.vaultTakeAll(pot), .token(asset), splitting.pot.span)), span),
                Statement(.vaultPut(rest, local(body, left)), splitting.remainder.span),
            ]
        }
        last.append(write(own.fields.isDone, key, Expression(.boolean(true), .boolean, span)))
        let isLast = Expression(.equal(endValue, local(body, size)), .boolean, span)
        builder.add(.conditional(isLast, then: last, otherwise: []))
        let range = ValueRange(0, facts.maximum)
        let handled = Checked(
            body.arithmetic(.subtract, Checked(endValue), Checked(local(body, first)), "-", span).expression, range: range)
        builder.statements += fee(body, handled)
        builder.add(.result(body.converted(handled, to: count).expression))
    }

    /// `fee n from v`: n for each element handled, as far as v reaches, to the caller.
    private func fee(_ body: BodyChecker, _ handled: Checked) -> [Statement] {
        guard let fee = syntax.fee, let place = vault(fee.vault, nil, body), let contract = body.typedContract,
            case .vault(let asset) = contract.fields[place.field].kind
        else { return [] }
        guard let each = body.constant(fee.amount) else { return [] }
        guard ValueRange(each).isInside(ValueRange(0, Int.max)) else {
            checker.report(.constantOutOfRange, "a fee is between 0 and 2^63 − 1", at: fee.amount.span)
            return []
        }
        if let splitting = syntax.splitting, let pot = vault(splitting.pot, nil, body), pot.field == place.field {
            checker.report(
                .settlementDeclaration, "the fee cannot come out of the pot", at: fee.vault.span,
                also: [Label(splitting.pot.span, "the pot, which is split")], hint: "name another vault")
            return []
        }
        let price = Checked(Expression(.integer(each), .integer(.amount), span), range: ValueRange(each))
        let due = body.arithmetic(.multiply, price, handled, "*", span)
        let held = Expression(.vaultAmount(place), amount, fee.vault.span)
        let paid = body.addTemporary(amount, "fee")
        let token = body.addTemporary(.token(asset), "payment")
        let isAny = Expression(
            .compare(.greater, local(body, paid), body.integer(0, .amount, span)), .boolean, span)
        let least = Expression(.builtin(.minimum, [due.expression, held]), amount, span)
        let caller = Expression(.builtin(.caller, []), .address, span)
        return [
            Statement(.bind(paid, least), span),
            Statement(
                .conditional(
                    isAny,
                    then: [
                        Statement(
                            .bind(
                                token,
                                Expression(.vaultTake(place, local(body, paid)), .token(asset), fee.vault.span)), span),
                        Statement(.send(local(body, token), to: caller), span),
                    ], otherwise: []), span),
        ]
    }
}
