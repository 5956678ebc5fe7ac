import Bytecode
import Diagnostics
import Numerics
import Semantics

extension FunctionLowering {
    func loop(_ statement: Statement) {
        let span = statement.span
        let isOutermost = enterLoop()
        inScope {
            switch statement.kind {
            case .forRange(let local, let from, let to, let maximum, let body):
                range(local, from, to, maximum, body, at: span)
            case .forLists(let lists, let index, let body): overLists(lists, index, body, at: span)
            case .forMap(let key, let value, let field, let keys, let body):
                overMap(key, value, field, keys, body, at: span)
            case .forSealed(let author, let value, let round, let sealed, let key, let body):
                overSealed(author, value, tables.contract.rounds[round].sealed[sealed], key, body, at: span)
            case .forTokens(let part, let token, let weights, let remainder, let lists, let body):
                overTokens(part, token, weights, remainder, lists, body, at: span)
            default: break
            }
        }
        leaveLoop(isOutermost)
    }

    /// Counts `counter` up to `limit`; the counter is set, and nothing runs when it is not below the limit.
    private func counted(
        _ counter: Register, _ limit: Register, mayBeEmpty: Bool = true, at span: Span, _ body: () -> Void
    ) {
        let context = LoopContext(next: code.newLabel(), end: code.newLabel())
        if mayBeEmpty { code.emit(.branchLessOrEqual, limit, counter, to: context.end, at: span) }
        let top = code.newLabel()
        code.place(top)
        loops.append(context)
        body()
        loops.removeLast()
        code.place(context.next)
        code.emit(.loop, counter, limit, to: top, at: span)
        code.place(context.end)
    }

    /// The value, unchanged by what the body does.
    private func steady(_ expression: Expression, in body: [Statement]) -> Operand {
        guard case .local(let local) = expression.kind, function.locals[local].isVariable else {
            return value(expression)
        }
        var scan = ChangeScan()
        scan.visit(body)
        if scan.changedInPlace.contains(local) && isObject(expression.type) { return owned(expression) }
        guard scan.assigned.contains(local) else { return value(expression) }
        let register = code.temporary(registerType(expression.type))
        return Operand(value(expression, into: register).register, isTemporary: true)
    }

    private func range(
        _ local: LocalID, _ from: Expression, _ to: Expression, _ maximum: Int?, _ body: [Statement], at span: Span
    ) {
        let counter = register(of: local)
        _ = value(from, into: counter)
        let limit = steady(to, in: body)
        if let maximum {
            let bound = constant(BigInt(maximum), at: span)
            let isBounded = code.newLabel()
            var count = limit.register
            if !isZero(from) {
                count = code.temporary(tables.wideInteger())
                code.emit(.subtract, count, limit.register, counter, at: span)
            }
            code.emit(.branchLessOrEqual, count, bound.register, to: isBounded, at: span)
            failBuiltin(.loopBound, at: span)
            code.place(isBounded)
            if count != limit.register { code.free(count) }
            free(bound)
        }
        counted(counter, limit.register, mayBeEmpty: !isBelow(from, to), at: span) { statements(body) }
        free(limit)
    }

    private func isZero(_ expression: Expression) -> Bool {
        if case .integer(let number) = expression.kind { number.isZero } else { false }
    }

    private func isBelow(_ left: Expression, _ right: Expression) -> Bool {
        if case .integer(let one) = left.kind, case .integer(let other) = right.kind { one < other } else { false }
    }

    /// Fails LengthMismatch unless the lists have the count.
    private func matchLengths(_ lists: ArraySlice<Operand>, _ count: Register, at span: Span) {
        for list in lists {
            let other = code.temporary(tables.wideInteger())
            code.emit(.listCount, other, list.register, at: span)
            let same = code.newLabel()
            code.emit(.branchEqual, other, count, to: same, at: span)
            failBuiltin(.lengthMismatch, at: span)
            code.place(same)
            code.free(other)
        }
    }

    private func zeroCounter(at span: Span) -> Register {
        let counter = code.temporary(tables.wideInteger())
        emitLoad(.integer(.zero), into: counter, at: span)
        return counter
    }

    private func overLists(
        _ lists: [(local: LocalID, list: Expression)], _ index: LocalID?, _ body: [Statement], at span: Span
    ) {
        let operands = lists.map { steady($0.list, in: body) }
        let count = code.temporary(tables.wideInteger())
        code.emit(.listCount, count, operands[0].register, at: span)
        matchLengths(operands.dropFirst(), count, at: span)
        let counter: Register
        if let index {
            counter = register(of: index)
            emitLoad(.integer(.zero), into: counter, at: span)
        } else {
            counter = zeroCounter(at: span)
        }
        counted(counter, count, at: span) {
            inScope {
                for (item, operand) in zip(lists, operands) {
                    code.emit(.listGet, register(of: item.local), operand.register, counter, at: span)
                }
                statements(body)
            }
        }
        if index == nil { code.free(counter) }
        code.free(count)
        free(operands)
    }

    /// Registers for all keys of an entry: the leading ones filled, the last to be written in each round.
    private func keyBlock(_ field: FieldIndex, _ leading: [Expression]) -> [Register] {
        let block = code.block(registerTypes(tables.contract.fields[field].keyTypes))
        for (key, register) in zip(leading, block) { _ = value(key, into: register) }
        return block
    }

    private func overMap(
        _ key: LocalID, _ value: LocalID?, _ field: FieldIndex, _ leading: [Expression], _ body: [Statement],
        at span: Span
    ) {
        let block = keyBlock(field, leading)
        let count = code.temporary(tables.wideInteger())
        code.emit(.stateCount, count, block[0], immediate: field, at: span)
        let counter = zeroCounter(at: span)
        registers[key] = block[block.count - 1]
        counted(counter, count, at: span) {
            inScope {
                code.emit(.stateKeyAt, block[block.count - 1], block[0], counter, immediate: field, at: span)
                if let value {
                    code.emit(reading(field), register(of: value), block[0], immediate: field, at: span)
                }
                statements(body)
            }
        }
        registers[key] = nil
        code.free(counter)
        code.free(count)
        code.freeBlock(block)
    }

    /// The last keys at the places that a list names.
    func mapKeys(
        _ field: FieldIndex, _ leading: [Expression], _ places: Expression, _ expression: Expression,
        into target: Register?
    ) -> Operand {
        let span = expression.span
        let list = value(places)
        let block = keyBlock(field, leading)
        let keys = code.temporary(registerType(expression.type))
        code.emit(.newList, keys, immediate: tables.type(expression.type), at: span)
        let count = code.temporary(tables.wideInteger())
        code.emit(.listCount, count, list.register, at: span)
        let place = code.temporary(tables.wideInteger())
        let counter = zeroCounter(at: span)
        counted(counter, count, at: span) {
            code.emit(.listGet, place, list.register, counter, at: span)
            code.emit(.stateKeyAt, block[block.count - 1], block[0], place, immediate: field, at: span)
            code.emit(.listAppend, keys, block[block.count - 1], at: span)
        }
        code.free(counter)
        code.free(place)
        code.free(count)
        code.freeBlock(block)
        free(list)
        guard let target else { return Operand(keys, isTemporary: true) }
        code.emit(.move, target, keys, at: span)
        code.free(keys)
        return Operand(target, isTemporary: false)
    }

    private func overSealed(
        _ author: LocalID, _ value: LocalID, _ sealed: Round.Sealed, _ key: Expression, _ body: [Statement],
        at span: Span
    ) {
        let block = keyBlock(sealed.commitmentField, [key])
        let count = code.temporary(tables.wideInteger())
        code.emit(.stateCount, count, block[0], immediate: sealed.commitmentField, at: span)
        let counter = zeroCounter(at: span)
        registers[author] = block[1]
        counted(counter, count, at: span) {
            inScope {
                code.emit(.stateKeyAt, block[1], block[0], counter, immediate: sealed.commitmentField, at: span)
                let option = code.temporary(registerType(.option(sealed.valueType)))
                code.emit(.stateFind, option, block[0], immediate: sealed.valueField, at: span)
                if let loop = loops.last { branchOnTag(of: option, isNot: 1, to: loop.next, at: span) }
                code.emit(.getPayload, register(of: value), option, literal: 1, at: span)
                code.free(option)
                statements(body)
            }
        }
        registers[author] = nil
        code.free(counter)
        code.free(count)
        code.freeBlock(block)
    }

    private func overTokens(
        _ part: LocalID, _ tokenExpression: Expression, _ weightsExpression: Expression, _ remainder: VaultPlace,
        _ lists: [(local: LocalID, list: Expression)], _ body: [Statement], at span: Span
    ) {
        guard case .token(let asset) = tokenExpression.type else { return }
        let token = value(tokenExpression)
        let weights = value(weightsExpression)
        let run = keys(remainder.keys, of: remainder.field)
        let operands = lists.map { steady($0.list, in: body) }
        let count = code.temporary(tables.wideInteger())
        if let first = operands.first {
            code.emit(.listCount, count, first.register, at: span)
            matchLengths(operands.dropFirst(), count, at: span)
        }
        let parts = code.temporary(registerType(.tokenList(asset)))
        code.emit(.tokenSplit, parts, token.register, weights.register, at: span)
        let partCount = code.temporary(tables.wideInteger())
        code.emit(.tokenListCount, partCount, parts, at: span)
        if !operands.isEmpty {
            let same = code.newLabel()
            code.emit(.branchEqual, partCount, count, to: same, at: span)
            failBuiltin(.lengthMismatch, at: span)
            code.place(same)
        }
        // What is left is the whole when no weight is positive, else nothing.
        code.emit(.vaultPut, token.register, run.base, immediate: remainder.field, at: span)
        free(token)
        free(weights)
        free(run)
        let counter = zeroCounter(at: span)
        counted(counter, partCount, at: span) {
            inScope {
                code.emit(.tokenListNext, register(of: part), parts, at: span)
                for (item, operand) in zip(lists, operands) {
                    code.emit(.listGet, register(of: item.local), operand.register, counter, at: span)
                }
                statements(body)
            }
        }
        code.emit(.tokenListClose, parts, at: span)
        code.free(counter)
        code.free(partCount)
        code.free(parts)
        code.free(count)
        free(operands)
    }
}
