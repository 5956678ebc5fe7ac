import Diagnostics
import Numerics
import Syntax

/// The action that pushes a settlement forward, one batch at a time.
extension SettlementSynthesis {
    /// Locals of the push.
    private struct Progress {
        var pot: Expression
        var total: Expression
        var sum: LocalID
        var setAsideCount: LocalID
    }

    /// (key, count) -> elements handled
    func writePush(_ asset: AssetIndex?) {
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
                    .assign(Place(base: .state(own.fields.setAside, keys: [key, memberValue]), steps: []), amount), span
                ),
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
        _ builder: ActionBuilder, first: LocalID, end: LocalID, size: LocalID, _ progress: Progress,
        _ asset: AssetIndex?
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
            body.arithmetic(.subtract, Checked(endValue), Checked(local(body, first)), "-", span).expression,
            range: range)
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
