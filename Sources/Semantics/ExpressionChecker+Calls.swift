import Diagnostics
import Numerics
import Syntax

extension BodyChecker {
    func call(
        _ callee: ExpressionSyntax, _ arguments: [ArgumentSyntax], _ wanted: Type?, _ span: Span,
        actor: ExpressionSyntax?
    ) -> Checked {
        if let actor, !isContractMethod(callee) {
            report(.notAllowedHere, "only a contract's action or view is called as someone", at: actor.span)
        }
        switch callee.kind {
        case .name(let name): return call(named: name, arguments, wanted, span)
        case .implicitMember(let name): return enumValue(named: name, arguments, wanted, span)
        case .member(let base, let name):
            return methodCall(base, name, arguments, wanted, span, actor: actor)
        default:
            let checked = value(callee)
            if !checked.isInvalid { report(.typeMismatch, "this cannot be called", at: callee.span) }
            return skipped(arguments, span)
        }
    }

    private func isContractMethod(_ callee: ExpressionSyntax) -> Bool {
        guard isTest, case .member = callee.kind else { return false }
        return true
    }

    /// Arguments of a call that is wrong anyhow: their own errors are still reported.
    func skipped(_ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        for argument in arguments { _ = value(argument.value, expecting: .invalid) }
        return invalid(span)
    }

    private func call(
        named name: Identifier, _ arguments: [ArgumentSyntax], _ wanted: Type?, _ span: Span
    ) -> Checked {
        let builtin = BuiltinFunction(rawValue: name.name)
        if let declared = scope.find(name.name) {
            switch declared.symbol {
            case .function(let id):
                if let builtin, program.functions[id].contract != nil {
                    return builtinCall(builtin, name, arguments, wanted, span)
                }
                return functionCall(id, name, arguments, span)
            case .structure(let id): return structValue(id, arguments, of: name.name, span)
            case .interface(let id): return interfaceConversion(id, arguments, span)
            case _ where builtin != nil: break
            case .contract:
                report(
                    .notAValue, "\(name.name) is a contract", at: name.span,
                    hint: isTest ? "write deploy \(name.name)(…)" : "other contracts are called through an interface")
                return skipped(arguments, span)
            default:
                report(
                    .notAValue, "\(name.name) is \(declared.symbol.kindName) and cannot be called", at: name.span,
                    also: [Label(declared.span, "declared here")], hint: declared.symbol.usage(name.name),
                    fixIt: declared.symbol.statementWord.map {
                        FixIt(Span(name.span.file, name.span.start, name.span.start), $0 + " ")
                    })
                return skipped(arguments, span)
            }
        }
        if let builtin { return builtinCall(builtin, name, arguments, wanted, span) }
        if let local = findLocal(name.name) {
            report(
                .notAValue, "\(name.name) is a value and cannot be called", at: name.span,
                also: [Label(local.span, "declared here")])
        } else if let meant = name.name == "assert" ? (isTest ? "expect" : "require") : Self.foreignFunctions[name.name]
        {
            report(
                .unknownName, "there is no function \(name.name)", at: name.span, label: "not declared",
                hint: "did you mean \(meant)?", fixIt: FixIt(name.span, meant))
        } else {
            reportUnknown(name, isCalled: true)
        }
        return skipped(arguments, span)
    }

    func structValue(_ id: StructID, _ arguments: [ArgumentSyntax], of callee: String, _ span: Span) -> Checked {
        guard let values = self.arguments(arguments, for: program.structs[id].fields, of: callee, span) else {
            return invalid(span)
        }
        return Checked(Expression(.makeStruct(id, values), .structure(id), span))
    }

    /// Arguments by position; labels, where given, are the parameters' names. Nil after a report.
    func arguments(
        _ arguments: [ArgumentSyntax], for parameters: [NamedType], of callee: String, _ span: Span
    ) -> [Expression]? {
        guard arguments.count == parameters.count else {
            let wanted = parameters.map { "\($0.name): \(name($0.type))" }.joined(separator: ", ")
            report(
                .wrongArguments,
                "\(callee) takes \(parameters.count) argument\(parameters.count == 1 ? "" : "s"), "
                    + "found \(arguments.count)", at: span,
                hint: parameters.isEmpty ? "write \(callee)()" : "write \(callee)(\(wanted))")
            for argument in arguments { _ = value(argument.value, expecting: .invalid) }
            return nil
        }
        var sizes: [String: TensorDimension] = [:]
        var values: [Expression] = []
        checkLabels(arguments, parameters.map(\.name))
        for (argument, parameter) in zip(arguments, parameters) {
            values.append(self.argument(argument.value, parameter.type, &sizes))
        }
        return values.allSatisfy { !$0.type.isInvalid } ? values : nil
    }

    private func argument(
        _ syntax: ExpressionSyntax, _ type: Type, _ sizes: inout [String: TensorDimension]
    ) -> Expression {
        guard case .tensor(let element, let dimensions) = type else { return value(syntax, as: type) }
        // The sizes that the type names are not of this scope: a literal, which has sizes of its own, may see them.
        let isLiteral = if case .list = syntax.kind { true } else { false }
        let checked = value(syntax, expecting: isLiteral ? type : nil)
        guard case .tensor(let givenElement, let given) = checked.type, givenElement == element,
            given.count == dimensions.count
        else { return converted(checked, to: type).expression }
        var expected: [TensorDimension] = []
        for (dimension, size) in zip(dimensions, given) {
            if case .named(let name) = dimension {
                let known = sizes[name] ?? size
                sizes[name] = known
                expected.append(known)
            } else {
                expected.append(dimension)
            }
        }
        return converted(checked, to: .tensor(element, expected)).expression
    }

    /// The result type of a call: sizes that its parameters name take the arguments' sizes.
    func resultType(_ type: Type, _ parameters: [NamedType], _ arguments: [Expression]) -> Type {
        guard case .tensor(let element, let dimensions) = type else { return type }
        var sizes: [String: TensorDimension] = [:]
        for (parameter, argument) in zip(parameters, arguments) {
            guard case .tensor(_, let names) = parameter.type, case .tensor(_, let given) = argument.type else {
                continue
            }
            for case (.named(let name), let size) in zip(names, given) where sizes[name] == nil { sizes[name] = size }
        }
        return .tensor(
            element,
            dimensions.map { dimension in
                if case .named(let name) = dimension { sizes[name] ?? dimension } else { dimension }
            })
    }

    func functionCall(
        _ id: FunctionID, _ name: Identifier, _ arguments: [ArgumentSyntax], _ span: Span
    ) -> Checked {
        let function = program.functions[id]
        let declared = [Label(checker.functions[id].nameSpan, "declared here")]
        if function.contract != nil {
            guard isInContract else {
                report(
                    .contextNotAllowed, "\(name.name) belongs to a contract", at: name.span, also: declared,
                    hint: isTest ? "deploy the contract and call its actions and views" : nil)
                return skipped(arguments, span)
            }
            guard function.kind != .action else {
                report(
                    .notAllowedHere, "an action is called from outside only", at: name.span, also: declared,
                    hint: "move what both need into a function")
                return skipped(arguments, span)
            }
        }
        guard let values = self.arguments(arguments, for: function.parameters, of: name.name, span) else {
            return Checked(Expression(.boolean(false), .invalid, span))
        }
        let type = resultType(function.result, function.parameters, values)
        return Checked(Expression(.call(id, values), type, span))
    }

    private func interfaceConversion(_ id: InterfaceID, _ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        let interfaceName = program.interfaces[id].name
        guard arguments.count == 1, arguments[0].label == nil else {
            report(.wrongArguments, "\(interfaceName) takes the address of a contract", at: span)
            return skipped(arguments, span)
        }
        guard isInContract || isTest else {
            report(.contextNotAllowed, "only a contract can look at another", at: span)
            return skipped(arguments, span)
        }
        let given = value(arguments[0].value, expecting: .address)
        guard !given.isInvalid else { return invalid(span) }
        if case .interface(let other) = given.type, other == id { return given }
        var address = given.expression
        if case .contract = given.type {
            address = Expression(.contractAddress(address), .address, address.span)
        } else {
            address = converted(given, to: .address).expression
        }
        guard !address.type.isInvalid else { return invalid(span) }
        return Checked(Expression(.toInterface(id, address), .interface(id), span))
    }

    // MARK: Methods

    private func methodCall(
        _ base: ExpressionSyntax, _ name: Identifier, _ arguments: [ArgumentSyntax], _ wanted: Type?, _ span: Span,
        actor: ExpressionSyntax?
    ) -> Checked {
        switch entity(base) {
        case .state(let field, let keys):
            if let checked = stateMethod(field, keys, base, name, arguments, span) { return checked }
            let checked = rvalue(.state(field, keys: keys), base)
            return method(on: checked, name, arguments, actor, span)
        case .sealed(let round, let sealed, let key):
            return sealedMethod(round, sealed, key, base, name, arguments, span)
        case .settlement(let round, let settlement, let key):
            return settlementMethod(round, settlement, key, name, arguments, span)
        case .enumeration(let id): return enumValue(named: name, arguments, .enumeration(id), span)
        case .value(let checked): return method(on: checked, name, arguments, actor, span)
        case .use(let use): return useCall(use, name, arguments, span)
        case .invalid: return skipped(arguments, span)
        case .round, .instance, .phase, .beacon, .asset, .structure, .interface, .contract, .function:
            report(.unknownMember, "\(base.span.text) has no method \(name.name)", at: name.span)
            return skipped(arguments, span)
        }
    }

    private func method(
        on checked: Checked, _ name: Identifier, _ arguments: [ArgumentSyntax], _ actor: ExpressionSyntax?, _ span: Span
    ) -> Checked {
        switch checked.type {
        case .contract(let id): contractCall(id, checked.expression, name, arguments, actor, span)
        case .interface(let id): interfaceCall(id, checked.expression, name, arguments, span)
        default: valueMethod(checked, name, arguments, span)
        }
    }

    private func interfaceCall(
        _ id: InterfaceID, _ receiver: Expression, _ name: Identifier, _ arguments: [ArgumentSyntax], _ span: Span
    ) -> Checked {
        let methods = program.interfaces[id].methods
        guard let index = methods.firstIndex(where: { $0.name == name.name }) else {
            _ = unknownMember(.interface(id), name, methods.map(\.name))
            return skipped(arguments, span)
        }
        guard isInContract else {
            report(
                .contextNotAllowed, "only a contract's functions call other contracts", at: span,
                hint: isTest ? "call the deployed contract itself" : nil)
            return skipped(arguments, span)
        }
        guard let values = self.arguments(arguments, for: methods[index].parameters, of: name.name, span) else {
            return invalid(span)
        }
        let type = resultType(methods[index].result, methods[index].parameters, values)
        return Checked(Expression(.interfaceCall(id, method: index, receiver, values), type, span))
    }

    // MARK: Contracts from outside

    func deployment(
        _ name: Identifier, _ arguments: [ArgumentSyntax], _ actor: ExpressionSyntax?, _ span: Span
    ) -> Checked {
        guard isTest else {
            report(.testOnly, "deploy is for tests", at: span)
            return skipped(arguments, span)
        }
        guard let declared = scope.find(name.name), case .contract(let id) = declared.symbol else {
            let contracts = scope.visibleNames.filter {
                if case .contract = scope.find($0)?.symbol { true } else { false }
            }
            let suggestion = didYouMean(name.name, among: contracts)
            report(
                .unknownName, "there is no contract \(name.name)", at: name.span,
                hint: suggestion.map { "did you mean \($0)?" } ?? "is an import missing?",
                fixIt: suggestion.map { FixIt(name.span, $0) })
            return skipped(arguments, span)
        }
        let initializer = program.functions[program.contracts[id].initializer]
        let parameters = fromOutside(initializer.parameters)
        let actor = actor.map { value($0, as: .address) }
        guard let values = self.arguments(arguments, for: parameters, of: name.name, span) else {
            return Checked(Expression(.boolean(false), .invalid, span))
        }
        return Checked(Expression(.deploy(id, values, actor: actor), .contract(id), span))
    }

    /// From outside a token parameter is an amount, taken from the caller's balance.
    private func fromOutside(_ parameters: [NamedType]) -> [NamedType] {
        parameters.map { $0.type.isToken ? NamedType(name: $0.name, type: .integer(.amount)) : $0 }
    }

    private func contractCall(
        _ id: ContractID, _ receiver: Expression, _ name: Identifier, _ arguments: [ArgumentSyntax],
        _ actorSyntax: ExpressionSyntax?, _ span: Span
    ) -> Checked {
        let actor = actorSyntax.map { value($0, as: .address) }
        let entries = checker.contracts[id].entryFunctions(program)
        guard let function = entries.first(where: { program.functions[$0].name == name.name }) else {
            _ = unknownMember(.contract(id), name, entries.map { program.functions[$0].name })
            return skipped(arguments, span)
        }
        let signature = program.functions[function]
        // What the compiler makes has parameters; without any it was not made, because of what has been reported.
        guard checker.functions[function].syntax != nil || signature.parameterCount > 0 else {
            return skipped(arguments, span)
        }
        guard let values = self.arguments(arguments, for: fromOutside(signature.parameters), of: name.name, span) else {
            return invalid(span)
        }
        let result = resultType(signature.result, signature.parameters, values)
        let type = result.isToken ? .integer(.amount) : result
        return Checked(Expression(.contractCall(id, function, receiver, values, actor: actor), type, span))
    }

    func callAsActor(
        _ syntax: ExpressionSyntax, _ actor: ExpressionSyntax, _ wanted: Type?, _ span: Span
    ) -> Checked {
        guard isTest else {
            report(.testOnly, "calling as someone is for tests", at: actor.span, hint: castHint(actor))
            return invalid(span)
        }
        switch syntax.kind {
        case .call(let callee, let arguments): return call(callee, arguments, wanted, span, actor: actor)
        case .deploy(let name, let arguments, nil): return deployment(name, arguments, actor, span)
        default:
            report(.notAllowedHere, "only a call is made as someone", at: actor.span)
            return invalid(span)
        }
    }
}

extension BodyChecker {
    /// `x as Amount`, as other languages convert.
    private func castHint(_ actor: ExpressionSyntax) -> String? {
        guard case .name(let name) = actor.kind,
            let type = BuiltinType(rawValue: name.name)?.rawValue ?? Checker.foreignTypes[name.name]
        else { return nil }
        return "values are not converted by 'as': bind one as 'let n: \(type) = …', which checks that it fits"
    }
}

extension ContractRecord {
    /// What can be called from outside: actions and views of the source, and those made for sealed values.
    func entryFunctions(_ program: Program) -> [FunctionID] {
        sourceFunctions.filter { program.functions[$0].kind != .function }
            + program.contracts[id].rounds.flatMap { round in
                round.sealed.flatMap { [$0.commitFunction, $0.revealFunction, $0.expireFunction] }
                    + round.settlements.map(\.pushFunction)
            }
    }
}
