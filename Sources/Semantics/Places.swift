import Diagnostics
import Numerics
import Syntax

/// Something that can be assigned to, with its type.
struct CheckedPlace {
    var place: Place
    var type: Type

    /// Keys and indices that are not plain are bound to temporaries, so that reading and writing evaluate them once.
    func withFixedKeys(_ body: BodyChecker, _ prelude: inout [Statement], _ span: Span) -> CheckedPlace {
        var copy = self
        if case .state(let field, let keys) = place.base {
            copy.place.base = .state(field, keys: keys.map { body.bound($0, &prelude, span) })
        }
        copy.place.steps = place.steps.map { step in
            if case .index(let index) = step { .index(body.bound(index, &prelude, span)) } else { step }
        }
        return copy
    }

    /// The value that now stands there.
    func reading(_ body: BodyChecker, _ span: Span) -> Expression {
        var expression: Expression
        switch place.base {
        case .local(let id): expression = body.localExpression(id, span)
        case .state(let field, let keys):
            let type = body.typedContract?.fields[field].valueType ?? .invalid
            expression = Expression(.stateGet(field, keys: keys), type, span)
        }
        for step in place.steps {
            switch (step, expression.type) {
            case (.field(let index), .structure(let id)):
                expression = Expression(.field(expression, index), body.program.structs[id].fields[index].type, span)
            case (.index(let index), .list(let element, _)):
                expression = Expression(.index(expression, index), element, span)
            default: return Expression(.boolean(false), .invalid, span)
            }
        }
        return expression
    }
}

extension BodyChecker {
    /// The expression itself when evaluating it twice is harmless, else a temporary that holds its value.
    func bound(_ expression: Expression, _ prelude: inout [Statement], _ span: Span) -> Expression {
        switch expression.kind {
        case .integer, .boolean, .bytes, .bytes32, .builtin(.caller, _), .builtin(.selfAddress, _): return expression
        case .local(let id) where !locals[id].isVariable: return expression
        default: break
        }
        let type = expression.type.bindingType
        let local = addTemporary(type, "key")
        prelude.append(Statement(.bind(local, converted(Checked(expression), to: type).expression), span))
        return localExpression(local, expression.span)
    }

    /// As `bound`, always in an immutable local.
    func boundToLocal(_ expression: Expression, _ prelude: inout [Statement], _ span: Span) -> Expression {
        if case .local(let id) = expression.kind, !locals[id].isVariable { return expression }
        guard !expression.type.isInvalid else { return expression }
        let local = addTemporary(expression.type, "key")
        prelude.append(Statement(.bind(local, expression), span))
        return localExpression(local, expression.span)
    }

    /// Where an assignment goes; nil after a report.
    func place(_ syntax: ExpressionSyntax) -> CheckedPlace? {
        if isState(syntax) {
            guard case .state(let field, let keys) = entity(syntax) else { return nil }
            return statePlace(field, keys, syntax)
        }
        switch syntax.kind {
        case .member(let base, _) where isInstance(base):
            // No field of the round: looking at it says so.
            if case .invalid = entity(syntax) { return nil }
            report(.notAssignable, "\(syntax.span.text) cannot be assigned", at: syntax.span)
            return nil
        case .member(let base, let name):
            guard let outer = place(base) else { return nil }
            return fieldPlace(outer, base, name)
        case .index(let base, let index):
            guard let outer = place(base) else { return nil }
            guard case .list(let element, let capacity) = outer.type else {
                if !outer.type.isInvalid {
                    report(.notAssignable, "elements of \(name(outer.type)) cannot be assigned", at: syntax.span)
                }
                return nil
            }
            var result = outer
            result.place.steps.append(.index(indexValue(index, below: capacity)))
            result.type = element
            return result
        case .name(let name): return namedPlace(name, syntax)
        default:
            let checked = value(syntax)
            if !checked.isInvalid { report(.notAssignable, "this is a value, not a place", at: syntax.span) }
            return nil
        }
    }

    /// Does the path name state as such, not a part of a value in it?
    private func isState(_ syntax: ExpressionSyntax) -> Bool { keysLeft(syntax) != nil }

    /// For a path of names, rounds and keys that names state: how many keys it still lacks.
    private func keysLeft(_ syntax: ExpressionSyntax) -> Int? {
        func missing(_ field: FieldIndex, given: Int) -> Int? {
            typedContract.map { $0.fields[field].keyTypes.count - given }
        }
        switch syntax.kind {
        case .name(let name):
            if findLocal(name.name) != nil { return nil }
            if let roundNames, case .field(let field)? = record?.rounds[roundNames.roundIndex].members[name.name] {
                return missing(field, given: 1)
            }
            guard case .field(let field)? = scope.find(name.name)?.symbol, isInContract else { return nil }
            return missing(field, given: 0)
        case .index(let base, _):
            guard let left = keysLeft(base), left > 0 else { return nil }
            return left - 1
        case .member(let base, let name):
            if case .name(let useName) = base.kind, findLocal(useName.name) == nil, isInContract,
                case .use(let index)? = scope.find(useName.name)?.symbol
            {
                guard case .field(let field)? = record?.uses[index]?.scope.names[name.name]?.symbol else { return nil }
                return missing(field, given: 0)
            }
            guard case .index(let round, _) = base.kind, case .name(let roundName) = round.kind,
                findLocal(roundName.name) == nil, case .round(let index)? = scope.find(roundName.name)?.symbol,
                case .field(let field)? = record?.rounds[index].members[name.name]
            else { return nil }
            return missing(field, given: 1)
        default: return nil
        }
    }

    /// `R[k]`
    private func isInstance(_ syntax: ExpressionSyntax) -> Bool {
        guard case .index(let base, _) = syntax.kind, case .name(let name) = base.kind, findLocal(name.name) == nil,
            case .round? = scope.find(name.name)?.symbol
        else { return false }
        return true
    }

    private func namedPlace(_ name: Identifier, _ syntax: ExpressionSyntax) -> CheckedPlace? {
        if let local = findLocal(name.name) {
            guard local.isVariable else {
                // Declared twice, which has been reported: the state is meant.
                if case .field? = scope.find(name.name)?.symbol { return nil }
                report(
                    .notAssignable, "\(name.name) cannot be changed", at: name.span, label: "not a var",
                    also: [Label(local.span, "declared here")],
                    hint: local.span.bindingFix == nil
                        ? "it is given once; change a copy: var next = \(name.name)"
                        : "declare it with var to change it",
                    fixIt: local.span.bindingFix)
                return nil
            }
            return CheckedPlace(place: Place(base: .local(local.id), steps: []), type: locals[local.id].type)
        }
        switch entity(syntax) {
        case .state(let field, let keys): return statePlace(field, keys, syntax)
        case .invalid: return nil
        default:
            var hint: String?
            if case .round? = scope.find(name.name)?.symbol { hint = "name an instance: \(name.name)[key]" }
            if name.name == "self" { hint = "the contract's own state is named without self" }
            report(.notAssignable, "\(name.name) cannot be assigned", at: name.span, hint: hint)
            return nil
        }
    }

    private func statePlace(_ field: FieldIndex, _ keys: [Expression], _ syntax: ExpressionSyntax) -> CheckedPlace? {
        guard let contract = typedContract, let record else { return nil }
        let facts = contract.fields[field]
        guard !facts.valueType.isInvalid else { return nil }
        guard keys.count == facts.keyTypes.count else {
            report(
                .notAssignable, "a map is changed entry by entry", at: syntax.span, hint: "\(syntax.span.text)[key] = …"
            )
            return nil
        }
        if case .vault = facts.kind {
            report(
                .notAssignable, "a vault cannot be assigned", at: syntax.span,
                hint: "put tokens in with put(…), take them out with take(…) or takeAll()")
            return nil
        }
        if facts.isConstant, !isInitializer || facts.roundIndex != nil {
            let place = facts.roundIndex == nil ? "in init" : "where an instance is opened"
            report(
                .notAssignable, "\(facts.name) is set once, \(place)", at: syntax.span,
                also: [Label(record.fields[field].span, "declared with let")],
                hint: "declare it with var to change it")
            return nil
        }
        return CheckedPlace(place: Place(base: .state(field, keys: keys), steps: []), type: facts.valueType)
    }

    var isInitializer: Bool {
        if case .function(.initializer) = kind { true } else { false }
    }

    private func fieldPlace(_ outer: CheckedPlace, _ base: ExpressionSyntax, _ name: Identifier) -> CheckedPlace? {
        guard case .structure(let id) = outer.type else {
            if !outer.type.isInvalid { _ = unknownMember(outer.type, name, []) }
            return nil
        }
        let fields = program.structs[id].fields
        guard let index = fields.firstIndex(where: { $0.name == name.name }) else {
            _ = unknownMember(outer.type, name, fields.map(\.name))
            return nil
        }
        var result = outer
        result.place.steps.append(.field(index))
        result.type = fields[index].type
        return result
    }
}
