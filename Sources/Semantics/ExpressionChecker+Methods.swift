import Diagnostics
import Numerics
import Syntax

extension BodyChecker {
    /// Methods that change what they are called on: they stand as statements.
    static let statementMethods: Set<String> = ["append", "remove", "put", "join", "close"]

    private func reportNoValue(_ name: Identifier, _ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        report(.notAllowedHere, "\(name.name) has no value", at: name.span, hint: "write it as a statement of its own")
        return skipped(arguments, span)
    }

    /// Exactly so many arguments without labels; false after a report.
    func hasCount(_ arguments: [ArgumentSyntax], _ count: Int, _ callee: String, _ usage: String, _ span: Span) -> Bool
    {
        if arguments.count == count {
            if let label = arguments.compactMap(\.label).first {
                report(.wrongArguments, "\(callee) has no labels", at: label.span, hint: "write \(usage)")
            }
            return true
        }
        report(
            .wrongArguments, "\(callee) takes \(count) argument\(count == 1 ? "" : "s"), found \(arguments.count)",
            at: span,
            hint: "write \(usage)")
        return false
    }

    // MARK: State

    /// Methods of maps and vaults; nil for entries, whose values have methods of their own.
    func stateMethod(
        _ field: FieldIndex, _ keys: [Expression], _ base: ExpressionSyntax, _ name: Identifier,
        _ arguments: [ArgumentSyntax], _ span: Span
    ) -> Checked? {
        guard let facts = typedContract?.fields[field], !facts.valueType.isInvalid else {
            return skipped(arguments, span)
        }
        let missing = facts.keyTypes.count - keys.count
        if missing > 0 { return mapMethod(field, facts, keys, base, name, arguments, span) }
        if case .vault(let asset) = facts.kind {
            return vaultMethod(VaultPlace(field: field, keys: keys), asset, name, arguments, span)
        }
        return nil
    }

    private func mapMethod(
        _ field: FieldIndex, _ facts: StateField, _ keys: [Expression], _ base: ExpressionSyntax, _ name: Identifier,
        _ arguments: [ArgumentSyntax], _ span: Span
    ) -> Checked {
        guard facts.keyTypes.count - keys.count == 1 else {
            report(
                .notAValue, "a map of maps is used through its entries", at: base.span,
                hint: "write \(base.span.text)[key]")
            return skipped(arguments, span)
        }
        var isVault = false
        if case .vault = facts.kind { isVault = true }
        switch name.name {
        case "get" where !isVault, "contains":
            guard hasCount(arguments, 1, name.name, "\(base.span.text).\(name.name)(key)", span) else {
                return skipped(arguments, span)
            }
            let key = value(arguments[0].value, as: facts.keyTypes[keys.count])
            guard !key.type.isInvalid else { return invalid(span) }
            return name.name == "get"
                ? Checked(Expression(.stateFind(field, keys: keys + [key]), .option(facts.valueType), span))
                : Checked(Expression(.stateContains(field, keys: keys + [key]), .boolean, span))
        case "remove": return reportNoValue(name, arguments, span)
        default:
            let suggestion = memberMeant(name.name, among: ["get", "contains", "remove", "count", "keys"])
            report(
                .unknownMember, "a map\(isVault ? " of vaults" : "") has no method \(name.name)", at: name.span,
                hint: ["insert", "set", "put", "add", "push"].contains(name.name) && !isVault
                    ? "an entry is written by its key: \(base.span.text)[key] = value"
                    : suggestion.map { "did you mean \($0)?" }, fixIt: suggestion.map { FixIt(name.span, $0) })
            return skipped(arguments, span)
        }
    }

    private func vaultMethod(
        _ place: VaultPlace, _ asset: AssetIndex, _ name: Identifier, _ arguments: [ArgumentSyntax], _ span: Span
    ) -> Checked {
        switch name.name {
        case "take":
            guard hasCount(arguments, 1, "take", "vault.take(amount)", span) else { return skipped(arguments, span) }
            let amount = value(arguments[0].value, as: .integer(.amount))
            guard isOwn(place.field, at: span) else { return invalid(span) }
            return Checked(Expression(.vaultTake(place, amount), .token(asset), span))
        case "takeAll":
            guard hasCount(arguments, 0, "takeAll", "vault.takeAll()", span) else { return skipped(arguments, span) }
            guard isOwn(place.field, at: span) else { return invalid(span) }
            return Checked(Expression(.vaultTakeAll(place), .token(asset), span))
        case "put": return reportNoValue(name, arguments, span)
        default:
            let suggestion = memberMeant(name.name, among: ["put", "take", "takeAll", "amount"])
            report(
                .unknownMember, "a vault has no method \(name.name)", at: name.span,
                hint: suggestion.map { "did you mean \($0)?" }, fixIt: suggestion.map { FixIt(name.span, $0) })
            return skipped(arguments, span)
        }
    }

    func sealedMethod(
        _ round: Int, _ sealed: Int, _ key: Expression, _ base: ExpressionSyntax, _ name: Identifier,
        _ arguments: [ArgumentSyntax], _ span: Span
    ) -> Checked {
        guard let facts = typedContract?.rounds[round].sealed[sealed] else { return skipped(arguments, span) }
        guard ["get", "committed"].contains(name.name) else {
            let suggestion = memberMeant(
                name.name, among: ["get", "committed", "count", "revealedCount", "allRevealed"])
            report(
                .unknownMember, "a sealed value has no method \(name.name)", at: name.span,
                hint: suggestion.map { "did you mean \($0)?" }, fixIt: suggestion.map { FixIt(name.span, $0) })
            return skipped(arguments, span)
        }
        guard hasCount(arguments, 1, name.name, "\(base.span.text).\(name.name)(author)", span) else {
            return skipped(arguments, span)
        }
        let author = value(arguments[0].value, as: .address)
        guard !author.type.isInvalid else { return invalid(span) }
        if name.name == "committed" {
            return Checked(Expression(.stateContains(facts.commitmentField, keys: [key, author]), .boolean, span))
        }
        return Checked(Expression(.stateFind(facts.valueField, keys: [key, author]), .option(facts.valueType), span))
    }

    // MARK: Values

    func valueMethod(_ base: Checked, _ name: Identifier, _ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        switch base.type {
        case .list(let element, let capacity): return listMethod(base, element, capacity, name, arguments, span)
        case .bytes, .text:
            if name.name == "slice" { return slice(base, arguments, span) }
        case .tensor(let element, let dimensions):
            if name.name == "at" {
                guard hasCount(arguments, dimensions.count, "at", "t.at(i, …) with one index for each dimension", span)
                else {
                    return skipped(arguments, span)
                }
                return tensorElement(base, element, arguments.map(\.value), span)
            }
        case .token(let asset):
            if let result = tokenMethod(base, asset, name, arguments, span) { return result }
        case .invalid: return skipped(arguments, span)
        default: break
        }
        let methods = Self.methodNames(base.type)
        let suggestion = memberMeant(name.name, among: methods)
        if case .builtin(.selfAddress, _) = base.expression.kind, scope.find(name.name) != nil {
            report(
                .unknownMember, "Address has no method \(name.name)", at: name.span,
                hint: "the contract's own functions are called without self: \(name.name)(…)")
            return skipped(arguments, span)
        }
        report(
            .unknownMember, "\(self.name(base.type)) has no method \(name.name)", at: name.span,
            hint: suggestion.map { "did you mean \($0)?" }
                ?? (methods.isEmpty ? absentMethod(base.type, name.name) : "it has \(methods.joined(separator: ", "))"),
            fixIt: suggestion.map { FixIt(name.span, $0) })
        return skipped(arguments, span)
    }

    /// What stands for a method that addresses have elsewhere.
    private func absentMethod(_ type: Type, _ method: String) -> String? {
        guard case .address = type else { return nil }
        switch method {
        case "transfer", "send": return "tokens are sent by send(token, address)"
        case "call", "delegatecall", "staticcall":
            return "another contract is called through an interface: Name(address).method(…)"
        default: return nil
        }
    }

    private func tokenMethod(
        _ base: Checked, _ asset: AssetIndex, _ name: Identifier, _ arguments: [ArgumentSyntax], _ span: Span
    ) -> Checked? {
        if name.name == "join" || name.name == "close" { return reportNoValue(name, arguments, span) }
        guard name.name == "take" else { return nil }
        guard hasCount(arguments, 1, "take", "token.take(amount)", span) else { return skipped(arguments, span) }
        let amount = value(arguments[0].value, as: .integer(.amount))
        guard let local = variableToken(base, span) else { return invalid(span) }
        return Checked(Expression(.tokenTake(local, amount), .token(asset), span))
    }

    /// The `var` local that holds a token which changes in place.
    func variableToken(_ base: Checked, _ span: Span) -> LocalID? {
        guard case .local(let id) = base.expression.kind else {
            report(
                .tokenNotAllowedHere, "the rest of the token would be lost", at: base.expression.span,
                hint: "bind it first: var t = …")
            return nil
        }
        guard locals[id].isVariable else {
            report(
                .notAssignable, "\(locals[id].name) is not a var", at: base.expression.span, label: "would change here",
                also: findLocal(locals[id].name).map { [Label($0.span, "declared here")] } ?? [],
                hint: "bind it as a variable: var rest = \(locals[id].name)",
                fixIt: findLocal(locals[id].name)?.span.bindingFix)
            return nil
        }
        return id
    }

    private func slice(_ base: Checked, _ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        guard hasCount(arguments, 2, "slice", "bytes.slice(from, to)", span) else { return skipped(arguments, span) }
        guard case .bytes(let capacity) = base.type else {
            report(
                .typeMismatch, "only Bytes have slices: a Text could be cut inside a letter", at: base.expression.span)
            return skipped(arguments, span)
        }
        let from = value(arguments[0].value)
        let to = value(arguments[1].value)
        for (side, syntax) in [(from, arguments[0].value), (to, arguments[1].value)] where !side.isInvalid {
            guard side.type.isInteger else {
                _ = converted(side, to: .integer(.int))
                return invalid(syntax.span)
            }
        }
        guard !from.isInvalid, !to.isInvalid else { return invalid(span) }
        var length = capacity
        if let low = from.reach.constant, let high = to.reach.constant {
            let difference = high - low
            guard !low.isNegative, !difference.isNegative, let bytes = difference.asInt64, bytes <= capacity else {
                report(.constantOutOfRange, "this slice never lies inside \(name(base.type))", at: span)
                return invalid(span)
            }
            length = max(Int(bytes), 1)
        }
        return Checked(
            Expression(
                .builtin(.byteSlice, [base.expression, from.expression, to.expression]), .bytes(capacity: length), span)
        )
    }

    private func listMethod(
        _ base: Checked, _ element: Type, _ capacity: Int, _ name: Identifier, _ arguments: [ArgumentSyntax],
        _ span: Span
    ) -> Checked {
        switch name.name {
        case "append": return reportNoValue(name, arguments, span)
        case "sum":
            guard hasCount(arguments, 0, "sum", "list.sum()", span) else { return skipped(arguments, span) }
            guard element.isInteger || element.isFixed else { return notNumbers(base, "sum") }
            let one = Checked(Expression(.none, element, span)).reach
            let range = ValueRange(
                min(one.low * BigInt(capacity), BigInt.zero), max(one.high * BigInt(capacity), BigInt.zero))
            guard range.bits <= 4_096 else {
                reportTooWide(range.bits, span)
                return invalid(span)
            }
            return numberNode(.builtin(.listSum, [base.expression]), range, like: element, span)
        case "contains":
            guard hasCount(arguments, 1, "contains", "list.contains(value)", span) else {
                return skipped(arguments, span)
            }
            let item = value(arguments[0].value, as: element)
            return Checked(Expression(.builtin(.listContains, [base.expression, item]), .boolean, span))
        case "sorted", "order", "ranks":
            guard let direction = sortDirection(arguments, name, span) else { return skipped([], span) }
            guard element.isInteger || element.isFixed else { return notNumbers(base, name.name) }
            let builtin: Builtin =
                name.name == "sorted"
                ? .listSorted(direction) : name.name == "order" ? .listOrder(direction) : .listRanks(direction)
            let type = name.name == "sorted" ? base.type : .list(.integer(.int), capacity: capacity)
            return Checked(Expression(.builtin(builtin, [base.expression]), type, span))
        default:
            let suggestion = memberMeant(name.name, among: Self.methodNames(base.type))
            report(
                .unknownMember, "a list has no method \(name.name)", at: name.span,
                hint: suggestion.map { "did you mean \($0)?" }, fixIt: suggestion.map { FixIt(name.span, $0) })
            return skipped(arguments, span)
        }
    }

    private func notNumbers(_ base: Checked, _ method: String) -> Checked {
        report(
            .typeMismatch, "\(method) wants a list of numbers, found \(name(base.type))", at: base.expression.span)
        return invalid(base.expression.span)
    }

    private func sortDirection(_ arguments: [ArgumentSyntax], _ name: Identifier, _ span: Span) -> SortDirection? {
        if arguments.count == 1, arguments[0].label == nil,
            case .implicitMember(let direction) = arguments[0].value.kind
        {
            if direction.name == "ascending" { return .ascending }
            if direction.name == "descending" { return .descending }
        }
        report(
            .wrongArguments, "\(name.name) wants a direction", at: span,
            hint: "write \(name.name)(.ascending) or \(name.name)(.descending)")
        return nil
    }
}
