import Diagnostics
import Syntax

extension Checker {
    /// Constants and what has no zero value are set in `init` before they are used, constants exactly once.
    func checkInitialisation(_ record: ContractRecord, _ effects: Effects) {
        let contract = program.contracts[record.id]
        let fields = Set(record.fields.indices.filter { record.fields[$0].mustBeSet })
        guard !fields.isEmpty else { return }
        var flow = InitialisationFlow(self, record, fields, effects)
        let initializer = program.functions[contract.initializer]
        for (index, parameter) in initializer.parameters.enumerated() {
            guard case .token(let asset) = parameter.type, case .bound = contract.assets[asset].origin,
                let syntax = record.initializerSyntax
            else { continue }
            report(
                .assetNotBound, "\(contract.assets[asset].name) is not bound yet when init takes tokens",
                at: syntax.parameters[index].type.span, also: [Label(record.assetSpans[asset], "declared here")],
                hint: "take the tokens in an action of their own")
        }
        flow.run(initializer.body)
        flow.finish()
    }
}

/// Follows `init` and knows which fields are certainly and which are possibly set.
private struct InitialisationFlow {
    struct State {
        var certain: Set<FieldIndex> = []
        var possible: [FieldIndex: Span] = [:]
        var isReachable = true
    }
    let checker: Checker
    let record: ContractRecord
    let fields: Set<FieldIndex>
    let effects: Effects
    var state = State()
    var loopDepth = 0

    init(_ checker: Checker, _ record: ContractRecord, _ fields: Set<FieldIndex>, _ effects: Effects) {
        self.checker = checker
        self.record = record
        self.fields = fields
        self.effects = effects
    }

    private var contract: Contract { checker.program.contracts[record.id] }

    /// The asset that a field keeps, if it does.
    private func asset(of field: FieldIndex) -> Asset? {
        contract.assets.first { if case .bound(field) = $0.origin { true } else { false } }
    }

    private func name(_ field: FieldIndex) -> String { asset(of: field)?.name ?? contract.fields[field].name }

    mutating func run(_ statements: [Statement]) {
        for statement in statements { run(statement) }
    }

    private mutating func run(_ statement: Statement) {
        for operand in statement.operands { operand.visit { read($0) } }
        switch statement.kind {
        case .assign(let place, _):
            guard case .state(let field, _) = place.base, fields.contains(field) else { return }
            place.steps.isEmpty ? set(field, statement.span) : use(field, statement.span)
        case .append(let place, _):
            if case .state(let field, _) = place.base { use(field, statement.span) }
        case .vaultPut(let place, _): useAsset(of: place.field, statement.span)
        case .forTokens(_, _, _, let remainder, _, _): useAsset(of: remainder.field, statement.span)
        case .result:
            finish()
            state.isReachable = false
        case .fail: state.isReachable = false
        default: break
        }
        runBlocks(statement)
    }

    private mutating func runBlocks(_ statement: Statement) {
        let blocks = statement.blocks
        guard !blocks.isEmpty else { return }
        let before = state
        switch statement.kind {
        case .forRange, .forLists, .forMap, .forSealed, .forTokens:
            loopDepth += 1
            for block in blocks { run(block) }
            loopDepth -= 1
            // The body may not run at all.
            let possible = state.possible
            state = before
            state.possible.merge(possible) { first, _ in first }
        default:
            var paths = blocks
            if case .match(_, _, nil) = statement.kind { paths.removeLast() }
            var joined: State?
            for path in paths {
                state = before
                run(path)
                joined = joined.map { join($0, state) } ?? state
            }
            state = joined ?? before
        }
    }

    private func join(_ one: State, _ other: State) -> State {
        guard one.isReachable else { return other }
        guard other.isReachable else { return one }
        return State(
            certain: one.certain.intersection(other.certain),
            possible: one.possible.merging(other.possible) { first, _ in first }, isReachable: true)
    }

    private mutating func set(_ field: FieldIndex, _ span: Span) {
        guard state.isReachable else { return }
        if contract.fields[field].isConstant, let first = state.possible[field] ?? (loopDepth > 0 ? span : nil) {
            checker.report(
                .notAssignable, "\(name(field)) is set more than once", at: span,
                also: [
                    Label(first, loopDepth > 0 ? "in a loop" : "first set here"),
                    Label(record.fields[field].span, "declared here"),
                ],
                hint: "what is declared with let is set exactly once")
        }
        state.certain.insert(field)
        state.possible[field] = state.possible[field] ?? span
    }

    private func read(_ expression: Expression) {
        switch expression.kind {
        case .stateGet(let field, _): use(field, expression.span)
        case .call(let id, _):
            for field in effects[id].readFields.sorted() { use(field, expression.span, through: id) }
        default: break
        }
        if let asset = expression.usedAsset, case .bound(let field) = contract.assets[asset].origin {
            use(field, expression.span)
        }
    }

    private func useAsset(of vault: FieldIndex, _ span: Span) {
        guard case .vault(let asset) = contract.fields[vault].kind,
            case .bound(let field) = contract.assets[asset].origin
        else { return }
        use(field, span)
    }

    private func use(_ field: FieldIndex, _ span: Span, through function: FunctionID? = nil) {
        guard state.isReachable, fields.contains(field), !state.certain.contains(field) else { return }
        let reader = function.map { "\(checker.program.functions[$0].name) uses it" } ?? "used here"
        let isAsset = asset(of: field) != nil
        checker.report(
            isAsset ? .assetNotBound : .missingInitialValue,
            "\(name(field)) is used before it is \(isAsset ? "bound" : "set")", at: span, label: reader,
            also: [Label(record.fields[field].span, "declared here")], hint: "set it first: \(name(field)) = …")
    }

    /// At an end of `init` everything is set.
    func finish() {
        guard state.isReachable else { return }
        for field in fields.subtracting(state.certain).sorted() {
            let isAsset = asset(of: field) != nil
            var labels: [Label] = []
            if let syntax = record.initializerSyntax {
                labels.append(Label(syntax.name.span, "this init does not set it"))
            }
            checker.report(
                isAsset ? .assetNotBound : .missingInitialValue,
                "\(name(field)) is not \(isAsset ? "bound" : "set") on every path of init",
                at: record.fields[field].span,
                also: labels,
                hint: isAsset
                    ? "bind it in init: \(name(field)) = id"
                    : "give it an initial value, or set it in init: \(name(field)) = …")
        }
    }
}
