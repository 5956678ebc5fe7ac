import Semantics

/// Finds the locals that statements change: which are assigned, and which have their object changed in place.
struct ChangeScan {
    var assigned: Set<LocalID> = []
    var changedInPlace: Set<LocalID> = []

    mutating func visit(_ statements: [Statement]) {
        for statement in statements { visit(statement) }
    }

    private mutating func visit(_ statement: Statement) {
        switch statement.kind {
        case .assign(let place, _):
            guard case .local(let local) = place.base else { return }
            if place.steps.isEmpty { assigned.insert(local) } else { changedInPlace.insert(local) }
        case .append(let place, _):
            if case .local(let local) = place.base { changedInPlace.insert(local) }
        case .conditional(_, let then, let otherwise), .conditionalBinding(_, _, let then, let otherwise),
            .attempt(_, _, _, let then, let otherwise):
            visit(then)
            visit(otherwise)
        case .forRange(_, _, _, _, let body), .forLists(_, _, let body), .forMap(_, _, _, _, let body),
            .forSealed(_, _, _, _, _, let body), .forTokens(_, _, _, _, _, let body):
            visit(body)
        case .match(_, let cases, let otherwise):
            for item in cases { visit(item.body) }
            visit(otherwise ?? [])
        case .bind, .evaluate, .result, .fail, .emit, .breakLoop, .continueLoop, .mapRemove, .vaultPut, .tokenJoin,
            .tokenClose, .burn, .send, .sealCommit, .sealReveal, .openRound, .leavePhase, .phaseGuard, .advance,
            .expect, .expectFailure, .grant, .assume, .measure, .maximise:
            break
        }
    }
}

extension Expression {
    /// Expressions directly inside.
    var children: [Expression] {
        switch kind {
        case .integer, .boolean, .bytes, .bytes32, .tensor, .none, .local, .tokenAmount, .emptyToken, .assetID,
            .actor(_, nil):
            []
        case .some(let inner), .negate(let inner), .not(let inner), .toFixed(let inner), .round(_, let inner),
            .check(let inner), .toInterface(_, let inner), .interfaceAddress(let inner), .field(let inner, _),
            .contractAddress(let inner), .contractAsset(let inner, _, _), .actor(_, let inner?), .testKey(let inner),
            .mint(_, let inner), .tokenTake(_, let inner):
            [inner]
        case .stateGet(_, let keys), .stateFind(_, let keys), .stateContains(_, let keys), .mapCount(_, let keys): keys
        case .mapKeys(_, let keys, let places): [places] + keys
        case .mapKeyAt(_, let keys, let index): keys + [index]
        case .roundPhase(_, let key), .phaseEntered(_, let key, _): [key]
        case .vaultAmount(let place), .vaultTakeAll(let place): place.keys
        case .vaultTake(let place, let amount): place.keys + [amount]
        case .arithmetic(_, let left, let right), .compare(_, let left, let right), .equal(let left, let right),
            .and(let left, let right), .or(let left, let right), .fallback(let left, let right),
            .index(let left, let right), .splitAmount(let left, let right), .balance(let left, let right),
            .holdings(let left, let right), .testProof(let left, let right):
            [left, right]
        case .choose(let condition, let then, let otherwise): [condition, then, otherwise]
        case .call(_, let arguments), .makeStruct(_, let arguments), .makeEnum(_, _, let arguments),
            .makeList(let arguments), .builtin(_, let arguments), .deploy(_, let arguments, _):
            arguments
        case .interfaceCall(_, _, let target, let arguments), .contractCall(_, _, let target, let arguments, _),
            .contractCommitment(let target, _, _, _, let arguments):
            [target] + arguments
        }
    }

    /// Does evaluating it use the window of a call?
    var usesWindow: Bool {
        switch kind {
        case .call, .interfaceCall: true
        default: children.contains { $0.usesWindow }
        }
    }

    func reads(_ local: LocalID) -> Bool {
        switch kind {
        case .local(let id), .tokenAmount(let id), .tokenTake(let id, _): if id == local { return true }
        default: break
        }
        return children.contains { $0.reads(local) }
    }
}
