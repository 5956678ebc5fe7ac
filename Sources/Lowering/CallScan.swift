import Semantics

/// Finds the functions that a function calls, in the order of their first call.
struct CallScan {
    private var found: [FunctionID] = []
    private var seen: Set<FunctionID> = []

    static func callees(of function: Function) -> [FunctionID] {
        var scan = CallScan()
        scan.visit(function.body)
        return scan.found
    }

    private mutating func visit(_ expressions: [Expression]) {
        for expression in expressions {
            if case .call(let id, _) = expression.kind, seen.insert(id).inserted { found.append(id) }
            visit(expression.children)
        }
    }

    private mutating func visit(_ place: Place) {
        if case .state(_, let keys) = place.base { visit(keys) }
        for case .index(let index) in place.steps { visit([index]) }
    }

    private mutating func visit(_ statements: [Statement]) {
        for statement in statements { visit(statement) }
    }

    private mutating func visit(_ statement: Statement) {
        switch statement.kind {
        case .bind(_, let value), .evaluate(let value), .tokenJoin(_, let value), .tokenClose(let value),
            .burn(let value), .leavePhase(_, let value, _), .advance(let value), .expect(let value):
            visit([value])
        case .openRound(_, let key, let durations): visit([key] + durations)
        case .phaseGuard(_, let key, let phase, _): visit([key, phase])
        case .assign(let place, let value), .append(let place, let value):
            visit(place)
            visit([value])
        case .conditional(let condition, let then, let otherwise),
            .conditionalBinding(_, let condition, let then, let otherwise):
            visit([condition])
            visit(then)
            visit(otherwise)
        case .forRange(_, let from, let to, _, let body):
            visit([from, to])
            visit(body)
        case .forLists(let lists, _, let body):
            visit(lists.map(\.list))
            visit(body)
        case .forMap(_, _, _, let keys, let body):
            visit(keys)
            visit(body)
        case .forSealed(_, _, _, _, let key, let body):
            visit([key])
            visit(body)
        case .forTokens(_, let token, let weights, let remainder, let lists, let body):
            visit([token, weights] + remainder.keys + lists.map(\.list))
            visit(body)
        case .match(let subject, let cases, let otherwise):
            visit([subject])
            for item in cases { visit(item.body) }
            visit(otherwise ?? [])
        case .result(let value): visit(value.map { [$0] } ?? [])
        case .fail(_, let values), .emit(_, let values), .mapRemove(_, let values): visit(values)
        case .vaultPut(let place, let value): visit(place.keys + [value])
        case .send(let token, let address), .grant(let token, let address): visit([token, address])
        case .sealCommit(_, _, let keys, let commitment): visit(keys + [commitment])
        case .sealReveal(_, _, let keys, let value, let salt): visit(keys + [value, salt])
        case .attempt(_, let call, let gas, let then, let failed):
            visit([call, gas])
            visit(then)
            visit(failed)
        case .assume(let value), .maximise(let value): visit([value])
        case .measure(let body): visit(body)
        case .expectFailure(_, let values, let body):
            visit(values)
            visit(body)
        case .breakLoop, .continueLoop: break
        }
    }
}
