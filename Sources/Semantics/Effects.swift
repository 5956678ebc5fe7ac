import Diagnostics
import Syntax

/// What functions do to state, their callees included.
struct Effects {
    struct Effect {
        /// The first thing that changes anything, and what it is.
        var change: (span: Span, what: String)?
        /// Map fields whose keys may change.
        var changedFields: Set<FieldIndex> = []
        /// Fields that are read.
        var readFields: Set<FieldIndex> = []
    }
    private(set) var effects: [Effect]

    init(_ program: Program, order: [FunctionID]) {
        effects = Array(repeating: Effect(), count: program.functions.count)
        for id in order {
            var effect = Effect()
            let function = program.functions[id]
            let assets = function.contract.map { program.contracts[$0].assets } ?? []
            visitStatements(function.body) { Self.record($0, into: &effect) }
            visitExpressions(function.body) { expression in
                Self.record(expression, assets, program, into: &effect)
                if case .call(let callee, _) = expression.kind {
                    let inner = effects[callee]
                    if effect.change == nil, inner.change != nil {
                        effect.change = (expression.span, "\(program.functions[callee].name) changes state")
                    }
                    effect.changedFields.formUnion(inner.changedFields)
                    effect.readFields.formUnion(inner.readFields)
                }
            }
            effects[id] = effect
        }
    }

    subscript(_ id: FunctionID) -> Effect { effects[id] }

    private static func record(_ statement: Statement, into effect: inout Effect) {
        func change(_ what: String) {
            if effect.change == nil { effect.change = (statement.span, what) }
        }
        switch statement.kind {
        case .assign(let place, _), .append(let place, _):
            guard case .state(let field, _) = place.base else { return }
            change("state is changed here")
            effect.changedFields.insert(field)
        case .mapRemove(let field, _):
            change("an entry is removed here")
            effect.changedFields.insert(field)
        case .vaultPut(let place, _):
            change("tokens move here")
            effect.changedFields.insert(place.field)
        case .forTokens(_, _, _, let remainder, _, _):
            change("tokens move here")
            effect.changedFields.insert(remainder.field)
        case .burn, .send: change("tokens move here")
        case .emit: change("an event is emitted here")
        case .sealCommit, .sealReveal: change("a sealed value is stored here")
        case .openRound: change("a round is opened here")
        case .leavePhase: change("a phase ends here")
        case .forMap(_, _, let field, _, _): effect.readFields.insert(field)
        default: break
        }
    }

    private static func record(
        _ expression: Expression, _ assets: [Asset], _ program: Program, into effect: inout Effect
    ) {
        func change(_ what: String) {
            if effect.change == nil { effect.change = (expression.span, what) }
        }
        switch expression.kind {
        case .stateGet(let field, _), .stateFind(let field, _), .stateContains(let field, _), .mapCount(let field, _),
            .mapKeys(let field, _, _), .mapKeyAt(let field, _, _):
            effect.readFields.insert(field)
        case .vaultTake, .vaultTakeAll, .mint: change("tokens move here")
        case .interfaceCall(let id, let method, _, _) where !program.interfaces[id].methods[method].isView:
            change("another contract's action is called here")
        default: break
        }
        // Using an asset reads the field that it is bound to.
        if let asset = expression.usedAsset, assets.indices.contains(asset),
            case .bound(let field) = assets[asset].origin
        {
            effect.readFields.insert(field)
        }
    }
}

extension Expression {
    /// The asset whose id evaluating this needs.
    var usedAsset: AssetIndex? {
        switch (kind, type) {
        case (.assetID(let asset), _), (.emptyToken(let asset), _), (.mint(let asset, _), _): asset
        case (.vaultTake, .token(let asset)), (.vaultTakeAll, .token(let asset)): asset
        default: nil
        }
    }
}

extension Checker {
    /// Views change nothing; loops leave their maps alone, through calls too. Sets `writesState`.
    func checkEffects(_ effects: Effects) {
        var pure: Set<FunctionID> = []
        for contract in program.contracts {
            for round in contract.rounds { pure.insert(round.currentFunction) }
        }
        for id in program.functions.indices {
            let function = program.functions[id]
            let effect = effects[id]
            program.functions[id].writesState = effect.change != nil
            if let change = effect.change, function.kind == .view || pure.contains(id) {
                let isView = function.kind == .view
                report(
                    .viewWrites,
                    isView ? "a view cannot change anything" : "deciding on a phase cannot change anything",
                    at: change.span, label: change.what,
                    also: [Label(functions[id].nameSpan, isView ? "declared as a view" : "the round")],
                    hint: isView ? "make it an action, or compute the result without changing state" : nil)
            }
            visitStatements(function.body) { statement in
                guard case .forMap(_, _, let field, _, let body) = statement.kind else { return }
                visitExpressions(body) { expression in
                    guard case .call(let callee, _) = expression.kind, effects[callee].changedFields.contains(field)
                    else { return }
                    report(
                        .loopMutation, "the map that the loop runs over cannot be changed in it", at: expression.span,
                        label: "\(program.functions[callee].name) changes it",
                        also: [Label(statement.span, "the loop")])
                }
            }
        }
    }
}
