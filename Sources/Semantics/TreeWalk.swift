// Children of typed nodes, so that analyses need not know every kind.

extension Expression {
    /// Operands in order of evaluation.
    public var children: [Expression] {
        switch kind {
        case .integer, .boolean, .bytes, .bytes32, .tensor, .none, .local, .tokenAmount, .emptyToken, .assetID,
            .actor(_, nil):
            []
        case .some(let one), .negate(let one), .not(let one), .toFixed(let one), .round(_, let one), .check(let one),
            .toInterface(_, let one), .interfaceAddress(let one), .field(let one, _), .tokenTake(_, let one),
            .mint(_, let one), .contractAddress(let one), .contractAsset(let one, _, _), .actor(_, let one?):
            [one]
        case .stateGet(_, let keys), .stateFind(_, let keys), .stateContains(_, let keys), .mapCount(_, let keys): keys
        case .mapKeys(_, let keys, let places): [places] + keys
        case .mapKeyAt(_, let keys, let index): keys + [index]
        case .roundPhase(_, let key), .phaseEntered(_, let key, _): [key]
        case .vaultAmount(let place), .vaultTakeAll(let place): place.keys
        case .vaultTake(let place, let amount): place.keys + [amount]
        case .arithmetic(_, let left, let right), .compare(_, let left, let right), .equal(let left, let right),
            .and(let left, let right), .or(let left, let right), .fallback(let left, let right),
            .index(let left, let right):
            [left, right]
        case .splitAmount(let whole, let weights): [whole, weights]
        case .balance(let address, let asset), .holdings(let address, let asset): [address, asset]
        case .testKey(let address): [address]
        case .testProof(let address, let input): [address, input]
        case .choose(let condition, let yes, let no): [condition, yes, no]
        case .call(_, let items), .makeStruct(_, let items), .makeEnum(_, _, let items), .makeList(let items),
            .builtin(_, let items):
            items
        case .interfaceCall(_, _, let receiver, let items): [receiver] + items
        case .deploy(_, let items, let actor): items + [actor].compactMap { $0 }
        case .contractCall(_, _, let receiver, let items, let actor): [receiver] + items + [actor].compactMap { $0 }
        case .contractCommitment(let receiver, _, _, _, let items): [receiver] + items
        }
    }

    /// The expression and all below it.
    public func visit(_ action: (Expression) -> Void) {
        action(self)
        for child in children { child.visit(action) }
    }
}

extension Place {
    var children: [Expression] {
        var result: [Expression] = []
        if case .state(_, let keys) = base { result += keys }
        for case .index(let index) in steps { result.append(index) }
        return result
    }
}

extension Statement {
    /// Expressions of the statement itself, in order of evaluation.
    public var operands: [Expression] {
        switch kind {
        case .bind(_, let value), .evaluate(let value), .conditional(let value, _, _),
            .conditionalBinding(_, let value, _, _), .match(let value, _, _), .tokenJoin(_, let value),
            .tokenClose(let value), .burn(let value), .advance(let value), .expect(let value), .assume(let value),
            .maximise(let value), .leavePhase(_, let value, _):
            [value]
        case .openRound(_, let key, let durations): [key] + durations
        case .phaseGuard(_, let key, let phase, _): [key, phase]
        case .assign(let place, let value), .append(let place, let value): place.children + [value]
        case .forRange(_, let from, let to, _, _): [from, to]
        case .forLists(let lists, _, _): lists.map(\.list)
        case .forMap(_, _, _, let keys, _), .mapRemove(_, let keys): keys
        case .forSealed(_, _, _, _, let key, _): [key]
        case .forTokens(_, let token, let weights, let remainder, let lists, _):
            [token, weights] + remainder.keys + lists.map(\.list)
        case .result(let value): [value].compactMap { $0 }
        case .fail(_, let items), .emit(_, let items), .expectFailure(_, let items, _): items
        case .breakLoop, .continueLoop, .measure: []
        case .vaultPut(let place, let token): place.keys + [token]
        case .send(let token, let address): [token, address]
        case .sealCommit(_, _, let keys, let commitment): keys + [commitment]
        case .sealReveal(_, _, let keys, let value, let salt): keys + [value, salt]
        case .attempt(_, let call, let gas, _, _): [call, gas]
        case .grant(let address, let amount): [address, amount]
        }
    }

    /// Blocks inside the statement, in order.
    public var blocks: [[Statement]] {
        switch kind {
        case .conditional(_, let then, let otherwise), .conditionalBinding(_, _, let then, let otherwise):
            [then, otherwise]
        case .forRange(_, _, _, _, let body), .forLists(_, _, let body), .forMap(_, _, _, _, let body),
            .forSealed(_, _, _, _, _, let body), .forTokens(_, _, _, _, _, let body), .expectFailure(_, _, let body),
            .measure(let body):
            [body]
        case .match(_, let cases, let otherwise): cases.map(\.body) + [otherwise ?? []]
        case .attempt(_, _, _, let then, let failed): [then, failed]
        default: []
        }
    }
}

extension Statement {
    /// The same statement with other blocks inside.
    func mappingBlocks(_ change: ([Statement]) -> [Statement]) -> Statement {
        var changed = self
        switch kind {
        case .conditional(let condition, let then, let otherwise):
            changed.kind = .conditional(condition, then: change(then), otherwise: change(otherwise))
        case .conditionalBinding(let local, let value, let then, let otherwise):
            changed.kind = .conditionalBinding(local, value, then: change(then), otherwise: change(otherwise))
        case .forRange(let local, let from, let to, let maximum, let body):
            changed.kind = .forRange(local, from: from, to: to, maximum: maximum, body: change(body))
        case .forLists(let lists, let index, let body):
            changed.kind = .forLists(lists, index: index, body: change(body))
        case .forMap(let key, let value, let field, let keys, let body):
            changed.kind = .forMap(key: key, value: value, field: field, keys: keys, body: change(body))
        case .forSealed(let author, let value, let round, let sealed, let key, let body):
            changed.kind = .forSealed(
                author: author, value: value, roundIndex: round, sealedIndex: sealed, key: key, body: change(body))
        case .forTokens(let part, let token, let weights, let remainder, let lists, let body):
            changed.kind = .forTokens(
                part: part, token: token, weights: weights, remainder: remainder, lists: lists, body: change(body))
        case .match(let value, let cases, let otherwise):
            let cases = cases.map { MatchCase(index: $0.index, bindings: $0.bindings, body: change($0.body)) }
            changed.kind = .match(value, cases: cases, otherwise: otherwise.map(change))
        case .attempt(let result, let call, let gas, let then, let failed):
            changed.kind = .attempt(result: result, call: call, gas: gas, then: change(then), failed: change(failed))
        case .expectFailure(let error, let values, let body):
            changed.kind = .expectFailure(error, values, body: change(body))
        case .measure(let body): changed.kind = .measure(change(body))
        default: break
        }
        return changed
    }
}

/// Calls the action on all statements, outer ones first.
func visitStatements(_ statements: [Statement], _ action: (Statement) -> Void) {
    for statement in statements {
        action(statement)
        for block in statement.blocks { visitStatements(block, action) }
    }
}

/// Calls the action on all expressions in the statements.
func visitExpressions(_ statements: [Statement], _ action: (Expression) -> Void) {
    visitStatements(statements) { statement in
        for operand in statement.operands { operand.visit(action) }
    }
}

/// Calls the action on all expressions of a test: of its body, its steps and what it checks after them.
public func visitTestExpressions(_ test: Test, _ action: (Expression) -> Void) {
    visitExpressions(test.body, action)
    switch test.kind {
    case .test: break
    case .property(let parameters): visit(parameters, action)
    case .invariant(let steps, let always):
        for step in steps {
            switch step {
            case .step(_, let parameters, let body, _):
                visit(parameters, action)
                visitExpressions(body, action)
            case .explore(_, _, let actors): actors.visit(action)
            }
        }
        for block in always { visitExpressions(block.statements, action) }
    case .bench(_, let sizes): sizes.visit(action)
    }
}

private func visit(_ parameters: [Generated], _ action: (Expression) -> Void) {
    for parameter in parameters {
        parameter.range?.from.visit(action)
        parameter.range?.to.visit(action)
    }
}
