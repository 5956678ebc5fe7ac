import Diagnostics
import Syntax

/// Every token is used exactly once on every path that ends well. Runs over typed bodies and follows the flow of
/// control.
struct Linearity {
    private struct State {
        /// Tokens that must still be used.
        var available: Set<LocalID> = []
        /// Where tokens were used up.
        var moved: [LocalID: Span] = [:]
        var isReachable = true

        static let unreachable = State(isReachable: false)
    }

    private struct LoopExits {
        var breaks: [State] = []
        var continues: [State] = []
        /// Tokens declared outside.
        let outer: Set<LocalID>
    }

    private let checker: Checker
    private let locals: [Local]
    private let contract: ContractID?
    private var state = State()
    private var loops: [LoopExits] = []
    private var declaredAt: [LocalID: Span] = [:]

    init(_ checker: Checker, locals: [Local], contract: ContractID?) {
        self.checker = checker
        self.locals = locals
        self.contract = contract
    }

    /// The parameters are the first locals.
    mutating func check(_ body: [Statement], parameterSpans: [Span]) {
        guard locals.contains(where: \.type.isToken) else { return }
        for (parameter, span) in parameterSpans.enumerated() { declare(parameter, span) }
        block(body, declared: Array(parameterSpans.indices))
    }

    private mutating func declare(_ local: LocalID, _ span: Span) {
        guard locals[local].type.isToken else { return }
        declaredAt[local] = span
        state.available.insert(local)
        state.moved[local] = nil
    }

    private func name(_ local: LocalID) -> String { locals[local].name }

    // MARK: Blocks

    /// Runs the block; tokens declared in it must be used up at its end.
    private mutating func block(_ statements: [Statement], declared: [LocalID] = []) {
        var own = declared
        for statement in statements {
            if case .bind(let local, _) = statement.kind { own.append(local) }
            if case .conditionalBinding(let local, _, _, _) = statement.kind { own.append(local) }
            run(statement)
        }
        for local in own where locals[local].type.isToken {
            if state.isReachable, state.available.contains(local) { reportUnused(local) }
            state.available.remove(local)
            state.moved[local] = nil
        }
    }

    private func reportUnused(_ local: LocalID, at end: Span? = nil) {
        guard let span = declaredAt[local] else { return }
        checker.report(
            .tokenUnused, "the token \(name(local)) is not used on every path", at: span, label: "it comes from here",
            also: end.map { [Label($0, "here it would be lost")] } ?? [],
            hint: "put it into a vault, send it, return it, join it or, when it is empty, close it")
    }

    /// The state where two paths meet.
    private func join(_ one: State, _ other: State, at span: Span) -> State {
        guard one.isReachable else { return other }
        guard other.isReachable else { return one }
        var result = one
        for local in one.available.symmetricDifference(other.available).sorted() {
            let isInOne = one.available.contains(local)
            guard let moved = isInOne ? other.moved[local] : one.moved[local] else { continue }
            checker.report(
                .tokenPathsDiffer, "the token \(name(local)) is used up on one path only", at: moved,
                label: "used up here",
                also: [Label(span, "another path through here leaves it")]
                    + (declaredAt[local].map { [Label($0, "declared here")] } ?? []),
                hint: "use it on every path")
            result.available.remove(local)
            result.moved[local] = moved
        }
        return result
    }

    private mutating func branches(_ runs: [(inout Linearity) -> Void], at span: Span) {
        let start = state
        var result = State.unreachable
        for run in runs {
            state = start
            run(&self)
            result = join(result, state, at: span)
        }
        state = result
    }

    // MARK: Statements

    private mutating func run(_ statement: Statement) {
        let span = statement.span
        if case .assign(let place, let value) = statement.kind, case .local(let local) = place.base,
            locals[local].type.isToken
        {
            evaluate(value)
            if state.isReachable, state.available.contains(local) {
                checker.report(
                    .tokenUnused, "the token that \(name(local)) holds would be lost", at: span,
                    label: "overwritten here",
                    also: declaredAt[local].map { [Label($0, "declared here")] } ?? [],
                    hint: "use \(name(local)) first, or join the new token into it")
            }
            declare(local, span)
            return
        }
        for operand in statement.operands { evaluate(operand) }
        switch statement.kind {
        case .bind(let local, _): declare(local, span)
        case .conditional(_, let then, let otherwise):
            branches([{ $0.block(then) }, { $0.block(otherwise) }], at: span)
        case .conditionalBinding(_, _, let then, let otherwise):
            branches([{ $0.block(then) }, { $0.block(otherwise) }], at: span)
        case .match(_, let cases, let otherwise):
            var runs: [(inout Linearity) -> Void] = cases.map { item in { $0.block(item.body) } }
            if let otherwise { runs.append { $0.block(otherwise) } }
            branches(runs, at: span)
        case .attempt(_, _, _, let then, let failed): branches([{ $0.block(then) }, { $0.block(failed) }], at: span)
        case .forRange(_, _, _, _, let body), .forLists(_, _, let body), .forMap(_, _, _, _, let body),
            .forSealed(_, _, _, _, _, let body):
            loop(body, part: nil, span)
        case .forTokens(let part, _, _, _, _, let body): loop(body, part: part, span)
        case .result: leave(at: span)
        case .fail: state = .unreachable
        case .breakLoop, .continueLoop: jump(statement)
        case .tokenJoin(let local, _): look(local, span)
        default: break
        }
    }

    /// A return: nothing may be left.
    private mutating func leave(at span: Span) {
        guard state.isReachable else { return }
        for local in state.available.sorted() { reportUnused(local, at: span) }
        state = .unreachable
    }

    private mutating func jump(_ statement: Statement) {
        guard state.isReachable, let loop = loops.last else { return }
        for local in state.available.subtracting(loop.outer).sorted() { reportUnused(local, at: statement.span) }
        var exit = state
        exit.available.formIntersection(loop.outer)
        if case .breakLoop = statement.kind {
            loops[loops.count - 1].breaks.append(exit)
        } else {
            loops[loops.count - 1].continues.append(exit)
        }
        state = .unreachable
    }

    private mutating func loop(_ body: [Statement], part: LocalID?, _ span: Span) {
        let before = state
        loops.append(LoopExits(outer: state.available.union(state.moved.keys)))
        if let part { declare(part, span) }
        block(body, declared: [part].compactMap { $0 })
        let exits = loops.removeLast()
        var result = before
        for end in [state] + exits.continues where end.isReachable {
            for local in before.available.subtracting(end.available).sorted() {
                guard let moved = end.moved[local] else { continue }
                result.available.remove(local)
                result.moved[local] = moved
                checker.report(
                    .tokenUsedTwice, "a later iteration would use \(name(local)) again", at: moved,
                    label: "used up in a loop",
                    also: declaredAt[local].map { [Label($0, "declared outside the loop")] } ?? [],
                    hint: "take a part of it in each iteration: \(name(local)).take(…)")
            }
            for local in end.available.subtracting(before.available).sorted() where before.moved[local] != nil {
                checker.report(
                    .tokenPathsDiffer, "\(name(local)) holds a token only after an iteration", at: span,
                    also: declaredAt[local].map { [Label($0, "declared here")] } ?? [])
            }
        }
        for exit in exits.breaks { result = join(result, exit, at: span) }
        state = result
    }

    // MARK: Expressions

    private mutating func evaluate(_ expression: Expression) {
        switch expression.kind {
        case .local(let local):
            if locals[local].type.isToken { move(local, expression.span) }
        case .tokenAmount(let local): look(local, expression.span)
        case .tokenTake(let local, let amount):
            evaluate(amount)
            look(local, expression.span)
        case .and(let left, let right), .or(let left, let right), .fallback(let left, let right):
            evaluate(left)
            branches([{ $0.evaluate(right) }, { _ in }], at: expression.span)
        case .choose(let condition, let yes, let no):
            evaluate(condition)
            branches([{ $0.evaluate(yes) }, { $0.evaluate(no) }], at: expression.span)
        default:
            for child in expression.children { evaluate(child) }
        }
    }

    private mutating func move(_ local: LocalID, _ span: Span) {
        look(local, span)
        guard state.available.remove(local) != nil else { return }
        state.moved[local] = span
    }

    /// The token must still be there.
    private func look(_ local: LocalID, _ span: Span) {
        guard state.isReachable, !state.available.contains(local), let moved = state.moved[local] else { return }
        checker.report(
            .tokenUsedTwice, "the token \(name(local)) is already used up", at: span, label: "used again here",
            also: [Label(moved, "used up here")] + (declaredAt[local].map { [Label($0, "declared here")] } ?? []),
            hint: "a token is used exactly once: take a part of it with take(…)")
    }
}
