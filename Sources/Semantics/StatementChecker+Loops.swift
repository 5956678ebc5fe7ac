import Diagnostics
import Numerics
import Syntax

extension BodyChecker {
    /// More iterations than this no loop may have.
    static let loopLimit = BigInt(1) << 32

    func loop(
        _ names: [Identifier], _ sequence: SequenceSyntax, _ maximum: ExpressionSyntax?, _ body: BlockSyntax,
        _ span: Span
    ) -> [Statement] {
        switch sequence {
        case .range(let from, let to): return rangeLoop(names, from, to, maximum, body, span)
        case .elements(let syntax):
            if let maximum {
                report(
                    .notAllowedHere, "only ranges have a max", at: maximum.span, hint: "a collection has its own bound")
            }
            return elementLoop(names, syntax, body, span)
        }
    }

    /// The body with the names that the loop binds.
    private func loopBody(_ loop: Loop, _ body: BlockSyntax, _ declare: () -> Void) -> [Statement] {
        inBlock {
            declare()
            loops.append(loop)
            defer { loops.removeLast() }
            return statements(body.statements).statements
        }
    }

    private func hasNames(_ names: [Identifier], _ count: Int, _ span: Span, _ usage: String) -> Bool {
        if names.count == count { return true }
        report(
            .wrongArguments, "this loop binds \(count) name\(count == 1 ? "" : "s"), found \(names.count)",
            at: names.first?.span ?? span, hint: usage)
        return false
    }

    /// The body of a loop whose head is wrong: its own errors count all the same.
    private func brokenLoop(_ names: [Identifier], _ body: BlockSyntax) -> [Statement] {
        _ = loopBody(Loop(isSplit: false, field: nil), body) {
            for name in names { _ = declareLocal(name, .invalid) }
        }
        return []
    }

    // MARK: Ranges

    private func rangeLoop(
        _ names: [Identifier], _ fromSyntax: ExpressionSyntax, _ toSyntax: ExpressionSyntax,
        _ maximum: ExpressionSyntax?,
        _ body: BlockSyntax, _ span: Span
    ) -> [Statement] {
        let from = rangeEnd(fromSyntax)
        let to = rangeEnd(toSyntax)
        guard hasNames(names, 1, span, "for i in a..<b { … }"), let from, let to else { return brokenLoop(names, body) }
        let bound = loopBound(from, to, maximum, span)
        let reach = ValueRange(from.reach.low, max(from.reach.low, to.reach.high - BigInt.one))
        let known = reach.isInside(ValueRange(.int))
        var local = 0
        let checkedFrom = converted(from, to: .integer(.int))
        let checkedTo = converted(to, to: .integer(.int))
        let statements = loopBody(Loop(isSplit: false, field: nil), body) {
            local = declareLocal(names[0], .integer(.int), range: known ? reach : nil)
        }
        return [
            Statement(
                .forRange(
                    local, from: checkedFrom.expression, to: checkedTo.expression, maximum: bound, body: statements),
                span)
        ]
    }

    private func rangeEnd(_ syntax: ExpressionSyntax) -> Checked? {
        let checked = someValue(syntax)
        guard !checked.isInvalid else { return nil }
        guard checked.type.isInteger else {
            _ = converted(checked, to: .integer(.int))
            return nil
        }
        return checked
    }

    /// The stated bound; nil when the ends' values bound the loop well enough.
    private func loopBound(_ from: Checked, _ to: Checked, _ maximum: ExpressionSyntax?, _ span: Span) -> Int? {
        let most = max(to.reach.high - from.reach.low, BigInt.zero)
        if let maximum {
            guard let bound = constant(maximum) else { return nil }
            guard !bound.isNegative, bound <= Self.loopLimit, let count = bound.asInt64 else {
                report(
                    .boundTooLarge, "a loop runs at most 2^32 times", at: maximum.span,
                    hint: "nothing could pay for more; do the work in several calls, or by a settlement")
                return nil
            }
            return Int(count)
        }
        let isConstant = from.reach.constant != nil && to.reach.constant != nil
        if isConstant {
            if most > Self.loopLimit {
                report(.boundTooLarge, "this loop would run \(short(most)) times, more than 2^32", at: span)
            }
            return nil
        }
        if most > BigInt(65_536) {
            report(
                .boundNeeded, "how often can this loop run?", at: from.expression.span.joined(to.expression.span),
                label: "not bounded by its ends",
                hint: "state a bound: for i in \(from.expression.span.text)..<\(to.expression.span.text) max 1000",
                fixIt: FixIt(Span(to.expression.span.file, to.expression.span.end, to.expression.span.end), " max 1000")
            )
        }
        return nil
    }

    /// The value of an expression that must be a constant integer.
    func constant(_ syntax: ExpressionSyntax, hint: String? = nil) -> BigInt? {
        let checked = value(syntax)
        guard !checked.isInvalid else { return nil }
        if checked.type.isInteger, let folded = ConstantFolder().fold(checked.expression)?.range?.constant {
            return folded
        }
        report(
            .notConstant, "this must be a constant integer", at: syntax.span, label: "known only when it runs",
            hint: hint ?? "write a number or a const: what it may be at most is known when the contract is compiled")
        return nil
    }

    // MARK: Collections

    private func elementLoop(
        _ names: [Identifier], _ syntax: ExpressionSyntax, _ body: BlockSyntax, _ span: Span
    ) -> [Statement] {
        if case .call(let callee, let arguments) = syntax.kind, case .name(let name) = callee.kind {
            if name.name == "zip" { return zipLoop(names, arguments, body, syntax.span, span) }
            if name.name == "enumerated" {
                guard hasCount(arguments, 1, "enumerated", "enumerated(list)", syntax.span),
                    hasNames(names, 2, span, "for (index, value) in enumerated(list) { … }")
                else { return brokenLoop(names, body) }
                return listLoop([arguments[0].value], Array(names.dropFirst()), index: names[0], body, span)
            }
        }
        if case .split = syntax.kind { return splitLoop(names, syntax, [], body, span) }
        if case .member(let base, let name) = syntax.kind, name.name == "keys",
            case .state(let field, let keys) = entity(base)
        {
            return mapLoop(names, field, keys, wantsValues: false, body, base.span, span)
        }
        switch entity(syntax) {
        case .state(let field, let keys) where keys.count < (typedContract?.fields[field].keyTypes.count ?? 0):
            return mapLoop(names, field, keys, wantsValues: true, body, syntax.span, span)
        case .sealed(let round, let sealed, let key):
            return sealedLoop(names, round, sealed, key, body, syntax.span, span)
        case .invalid: return brokenLoop(names, body)
        default: break
        }
        guard hasNames(names, 1, span, "for x in list { … }") else { return brokenLoop(names, body) }
        return listLoop([syntax], names, index: nil, body, span)
    }

    private func listLoop(
        _ lists: [ExpressionSyntax], _ names: [Identifier], index: Identifier?, _ body: BlockSyntax, _ span: Span
    ) -> [Statement] {
        guard let values = listValues(lists) else { return brokenLoop([index].compactMap { $0 } + names, body) }
        var capacity = Checker.capacityLimit
        for case .list(_, let given) in values.map(\.type) { capacity = min(capacity, given) }
        var bound: [(local: LocalID, list: Expression)] = []
        var indexLocal: LocalID?
        let statements = loopBody(Loop(isSplit: false, field: nil), body) {
            if let index {
                indexLocal = declareLocal(index, .integer(.int), range: ValueRange(0, max(capacity - 1, 0)))
            }
            for (name, list) in zip(names, values) {
                bound.append((declareLocal(name, list.type.element ?? .invalid), list))
            }
        }
        return [Statement(.forLists(bound, index: indexLocal, body: statements), span)]
    }

    private func listValues(_ lists: [ExpressionSyntax]) -> [Expression]? {
        var values: [Expression] = []
        for syntax in lists {
            let checked = someValue(syntax)
            guard !checked.isInvalid else { continue }
            guard case .list = checked.type else {
                report(.typeMismatch, "expected a list, found \(name(checked.type))", at: syntax.span)
                continue
            }
            values.append(checked.expression)
        }
        return values.count == lists.count ? values : nil
    }

    private func zipLoop(
        _ names: [Identifier], _ arguments: [ArgumentSyntax], _ body: BlockSyntax, _ zipSpan: Span, _ span: Span
    ) -> [Statement] {
        let lists = arguments.map(\.value)
        guard (2...4).contains(lists.count) else {
            report(.wrongArguments, "zip takes two to four lists, found \(lists.count)", at: zipSpan)
            return brokenLoop(names, body)
        }
        guard hasNames(names, lists.count, span, "one name for each list") else { return brokenLoop(names, body) }
        if case .split = lists[0].kind { return splitLoop(names, lists[0], Array(lists.dropFirst()), body, span) }
        return listLoop(lists, names, index: nil, body, span)
    }

    /// A loop over the parts of a split amount or token.
    private func splitLoop(
        _ names: [Identifier], _ syntax: ExpressionSyntax, _ others: [ExpressionSyntax], _ body: BlockSyntax,
        _ span: Span
    ) -> [Statement] {
        guard case .split(let whole, let weightsSyntax, let remainderSyntax) = syntax.kind,
            hasNames(names, others.count + 1, span, "one name for each list")
        else { return brokenLoop(names, body) }
        let token = someValue(whole)
        guard case .token(let asset) = token.type else {
            var prelude: [Statement] = []
            let parts = sourceValue(syntax, nil, &prelude)
            guard !parts.isInvalid, let lists = listValues(others) else { return brokenLoop(names, body) }
            var bound: [(local: LocalID, list: Expression)] = []
            let statements = loopBody(Loop(isSplit: false, field: nil), body) {
                for (name, list) in zip(names, [parts.expression] + lists) {
                    bound.append((declareLocal(name, list.type.element ?? .invalid), list))
                }
            }
            return prelude + [Statement(.forLists(bound, index: nil, body: statements), span)]
        }
        let weights = weightList(weightsSyntax)
        let remainder = vaultPlace(remainderSyntax, asset)
        guard let weights, let remainder, let lists = listValues(others) else { return brokenLoop(names, body) }
        var part = 0
        var bound: [(local: LocalID, list: Expression)] = []
        let statements = loopBody(Loop(isSplit: true, field: nil), body) {
            part = declareLocal(names[0], .token(asset))
            for (name, list) in zip(names.dropFirst(), lists) {
                bound.append((declareLocal(name, list.type.element ?? .invalid), list))
            }
        }
        return [
            Statement(
                .forTokens(
                    part: part, token: token.expression, weights: weights, remainder: remainder, lists: bound,
                    body: statements), span)
        ]
    }

    /// A vault of the asset; nil after a report.
    func vaultPlace(_ syntax: ExpressionSyntax, _ asset: AssetIndex?) -> VaultPlace? {
        let found = entity(syntax)
        if case .invalid = found { return nil }
        guard case .state(let field, let keys) = found, let facts = typedContract?.fields[field],
            case .vault(let held) = facts.kind, keys.count == facts.keyTypes.count
        else {
            if case .state(let field, _) = found, typedContract?.fields[field].valueType.isInvalid == true {
                return nil
            }
            report(
                .typeMismatch, "expected a vault", at: syntax.span,
                hint: "what is left over goes into a vault in state")
            return nil
        }
        if let asset, asset != held {
            report(
                .wrongAsset, "expected a vault of \(name(.token(asset))), found one of \(name(.token(held)))",
                at: syntax.span)
            return nil
        }
        guard isOwn(field, at: syntax.span) else { return nil }
        return VaultPlace(field: field, keys: keys)
    }

    private func mapLoop(
        _ names: [Identifier], _ field: FieldIndex, _ keys: [Expression], wantsValues: Bool, _ body: BlockSyntax,
        _ mapSpan: Span, _ span: Span
    ) -> [Statement] {
        guard let facts = typedContract?.fields[field], !facts.valueType.isInvalid else {
            return brokenLoop(names, body)
        }
        guard keys.count == facts.keyTypes.count - 1 else {
            report(.notAValue, "only the innermost map can be looped over", at: mapSpan)
            return brokenLoop(names, body)
        }
        guard facts.capacity != nil else {
            report(
                .boundNeeded, "a map without a bound cannot be looped over", at: mapSpan,
                hint: "declare it as Map<K, V, n>")
            return brokenLoop(names, body)
        }
        if wantsValues, case .vault = facts.kind {
            report(
                .tokenNotAllowedHere, "vaults stay in their places", at: mapSpan,
                hint: "loop over the keys: for key in \(mapSpan.text).keys { … }")
            return brokenLoop(names, body)
        }
        let usage = "for (key, value) in map { … } or for key in map.keys { … }"
        guard hasNames(names, wantsValues ? 2 : 1, span, usage) else { return brokenLoop(names, body) }
        var key = 0
        var value: LocalID?
        let statements = loopBody(Loop(isSplit: false, field: field), body) {
            key = declareLocal(names[0], facts.keyTypes[keys.count])
            if wantsValues { value = declareLocal(names[1], facts.valueType) }
        }
        return [Statement(.forMap(key: key, value: value, field: field, keys: keys, body: statements), span)]
    }

    private func sealedLoop(
        _ names: [Identifier], _ round: Int, _ sealed: Int, _ key: Expression, _ body: BlockSyntax, _ sealedSpan: Span,
        _ span: Span
    ) -> [Statement] {
        guard let facts = typedContract?.rounds[round].sealed[sealed],
            hasNames(names, 2, span, "for (author, value) in \(sealedSpan.text) { … }")
        else { return brokenLoop(names, body) }
        var author = 0
        var value = 0
        let statements = loopBody(Loop(isSplit: false, field: facts.valueField), body) {
            author = declareLocal(names[0], .address)
            value = declareLocal(names[1], facts.valueType)
        }
        return [
            Statement(
                .forSealed(
                    author: author, value: value, roundIndex: round, sealedIndex: sealed,
                    key: Expression(key.kind, key.type, sealedSpan), body: statements),
                span)
        ]
    }
}
