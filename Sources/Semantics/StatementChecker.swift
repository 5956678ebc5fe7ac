import Diagnostics
import Numerics
import Syntax

/// Typed statements, and whether running off their end is impossible.
struct CheckedBlock {
    var statements: [Statement] = []
    var diverges = false
}

extension BodyChecker {
    /// The statements of a block in a scope of their own.
    func block(_ syntax: BlockSyntax) -> CheckedBlock { inBlock { statements(syntax.statements) } }

    func statements(_ list: [StatementSyntax]) -> CheckedBlock {
        var result = CheckedBlock()
        var leaving: Span?
        var isReported = false
        for syntax in list {
            if let leaving, !isReported {
                report(
                    .unreachableCode, "this is never reached", at: syntax.span,
                    also: [Label(leaving, "always leaves the block")], hint: "remove it, or what stands before")
                isReported = true
            }
            let checked = statement(syntax)
            result.statements += checked.statements
            if checked.diverges {
                result.diverges = true
                leaving = leaving ?? syntax.span
            }
        }
        return result
    }

    func statement(_ syntax: StatementSyntax) -> CheckedBlock {
        let span = syntax.span
        switch syntax.kind {
        case .binding(let isVariable, let name, let type, let value):
            return CheckedBlock(statements: binding(isVariable, name, type, value, span))
        case .assignment(let target, let op, let value):
            return CheckedBlock(statements: assignment(target, op, value, span))
        case .expression(let expression): return CheckedBlock(statements: effect(expression, span))
        case .conditional(let condition, let then, let otherwise):
            return conditional(condition, then, otherwise, span)
        case .loop(let names, let sequence, let maximum, let body):
            return CheckedBlock(statements: loop(names, sequence, maximum, body, span))
        case .match(let subject, let cases, let otherwise): return match(subject, cases, otherwise, span)
        case .result(let value): return CheckedBlock(statements: result(value, span), diverges: true)
        case .require(let condition, let failure):
            return CheckedBlock(statements: require(condition, failure, span))
        case .fail(let failure):
            guard let (error, arguments) = self.failure(failure) else { return CheckedBlock(diverges: true) }
            return CheckedBlock(statements: [Statement(.fail(error, arguments), span)], diverges: true)
        case .emit(let name, let arguments): return CheckedBlock(statements: emit(name, arguments, span))
        case .breakLoop, .continueLoop: return jump(syntax)
        case .open(let round, let key, let arguments):
            return CheckedBlock(statements: open(round, key, arguments, span))
        case .attempt(let result, let call, let gas, let then, let failed):
            return attempt(result, call, gas, then, failed, span)
        case .advance, .expect, .expectFailure, .assume, .measure, .maximise:
            return CheckedBlock(statements: testStatement(syntax))
        }
    }

    // MARK: Bindings

    private func binding(
        _ isVariable: Bool, _ name: Identifier, _ annotation: TypeSyntax?, _ syntax: ExpressionSyntax, _ span: Span
    ) -> [Statement] {
        let wanted = annotation.map {
            checker.resolve(
                $0, in: scope, contract: contract, dimensions: dimensionsInScope, allowsToken: isInContract)
        }
        var prelude: [Statement] = []
        var checked = sourceValue(syntax, wanted, &prelude)
        if let wanted {
            checked = converted(checked, to: wanted)
        } else {
            checked = inferred(checked)
        }
        let type = wanted ?? checked.type
        let local = declareLocal(
            name, checked.isInvalid && wanted == nil ? .invalid : type, isVariable: isVariable, range: checked.range)
        return prelude + [Statement(.bind(local, checked.expression), span)]
    }

    /// A value that is bound without annotation, as the type it gets.
    func inferred(_ checked: Checked) -> Checked {
        guard !checked.isInvalid else { return checked }
        let span = checked.expression.span
        if checked.type.isRatio {
            report(
                .roundingNeeded, "a Ratio cannot be bound", at: span, label: "exact, maybe not whole",
                hint: "say which way to round: floor(…), ceil(…) or round(…)", fixIt: FixIt(span, "floor(\(span.text))")
            )
            return invalid(span)
        }
        if case .nothing = checked.type {
            report(.typeMismatch, "this has no value", at: span)
            return invalid(span)
        }
        return converted(checked, to: checked.type.bindingType)
    }

    var dimensionsInScope: DimensionNames {
        let names = DimensionNames(allowsNew: false)
        names.names = locals.filter { sizeNames.contains($0.name) }.map(\.name)
        return names
    }

    /// The value of a binding, an assignment or a return: here a split may stand.
    func sourceValue(_ syntax: ExpressionSyntax, _ wanted: Type?, _ prelude: inout [Statement]) -> Checked {
        guard case .split(let whole, let weights, let remainder) = syntax.kind else {
            return value(syntax, expecting: wanted)
        }
        return splitAmount(whole, weights, remainder, &prelude, syntax.span)
    }

    /// Parts of an amount. With no positive weight all parts are zero, so that what is missing goes to the remainder.
    private func splitAmount(
        _ wholeSyntax: ExpressionSyntax, _ weightsSyntax: ExpressionSyntax, _ remainderSyntax: ExpressionSyntax,
        _ prelude: inout [Statement], _ span: Span
    ) -> Checked {
        let wholeValue = someValue(wholeSyntax)
        if case .token = wholeValue.type {
            report(
                .tokenNotAllowedHere, "the parts of a token are handed over one by one", at: span,
                hint: "for part in \(span.text) { … }")
            return invalid(span)
        }
        let whole = converted(wholeValue, to: .integer(.amount)).expression
        let weights = weightList(weightsSyntax)
        guard let remainder = place(remainderSyntax) else { return invalid(span) }
        guard let weights, !whole.type.isInvalid, case .list(_, let capacity) = weights.type else {
            return invalid(span)
        }
        guard case .integer(.amount) = remainder.type else {
            report(
                .typeMismatch, "expected a var of type Amount, found \(name(remainder.type))", at: remainderSyntax.span,
                hint: "what no weight claims is added to it")
            return invalid(span)
        }
        let listType = Type.list(.integer(.amount), capacity: capacity)
        let total = addTemporary(.integer(.amount), "whole")
        let parts = addTemporary(listType, "parts")
        prelude.append(Statement(.bind(total, whole), span))
        let totalValue = localExpression(total, span)
        let partsValue = localExpression(parts, span)
        prelude.append(
            Statement(.bind(parts, Expression(.splitAmount(totalValue, weights: weights), listType, span)), span))
        let sumRange = ValueRange(.amount) * ValueRange(0, capacity)
        let sum = Expression(.builtin(.listSum, [partsValue]), .integer(sumRange.exactType), span)
        let nothingSplit = Expression(.equal(sum, integer(0, nil, span)), .boolean, span)
        let fixed = remainder.withFixedKeys(self, &prelude, span)
        let added = arithmetic(.add, Checked(fixed.reading(self, span)), Checked(totalValue), "+", span)
        let addition = Statement(.assign(fixed.place, converted(added, to: .integer(.amount)).expression), span)
        prelude.append(Statement(.conditional(nothingSplit, then: [addition], otherwise: []), span))
        return Checked(partsValue)
    }

    /// Weights: a list of integers, amounts or Fixed.
    func weightList(_ syntax: ExpressionSyntax) -> Expression? {
        let weights = someValue(syntax)
        guard !weights.isInvalid else { return nil }
        guard case .list(let element, _) = weights.type, element.isInteger || element.isFixed else {
            report(.typeMismatch, "weights are a list of numbers, found \(name(weights.type))", at: syntax.span)
            return nil
        }
        return weights.expression
    }

    // MARK: Ends

    private func result(_ syntax: ExpressionSyntax?, _ span: Span) -> [Statement] {
        if isTest {
            report(.notAllowedHere, "a test returns nothing", at: span)
            return []
        }
        if loops.contains(where: \.isSplit) {
            report(
                .jumpOutsideLoop, "returning here would lose the parts still to come", at: span,
                hint: "a loop over the parts of a token runs to its end")
        }
        guard let syntax else {
            if resultType != .nothing, !resultType.isInvalid {
                report(.typeMismatch, "expected \(name(resultType)), found nothing", at: span, hint: "return a value")
            }
            return [Statement(.result(nil), span)]
        }
        if case .nothing = resultType {
            report(
                .typeMismatch, "this function has no result", at: syntax.span,
                hint: "declare one: `-> Type` after the parameters")
            _ = value(syntax, expecting: .invalid)
            return []
        }
        var prelude: [Statement] = []
        let checked = converted(sourceValue(syntax, resultType, &prelude), to: resultType)
        return prelude + [Statement(.result(checked.expression), span)]
    }

    private func jump(_ syntax: StatementSyntax) -> CheckedBlock {
        var isBreak = false
        if case .breakLoop = syntax.kind { isBreak = true }
        guard let loop = loops.last else {
            report(
                .jumpOutsideLoop, "there is no loop around this", at: syntax.span,
                hint: isBreak ? "to leave the function, return or fail" : "to leave the function, return")
            return CheckedBlock(diverges: true)
        }
        if isBreak, loop.isSplit {
            report(
                .jumpOutsideLoop, "leaving here would lose the parts still to come", at: syntax.span,
                hint: "a loop over the parts of a token runs to its end")
        }
        return CheckedBlock(statements: [Statement(isBreak ? .breakLoop : .continueLoop, syntax.span)], diverges: true)
    }

    /// The error that a failure names, with its payload.
    func failure(_ syntax: FailureSyntax) -> (ErrorReference, [Expression])? {
        let name = syntax.name
        if let (contract, index) = declaredError(name) {
            let signature = program.contracts[contract].errors[index]
            guard let values = arguments(syntax.arguments, for: signature.parameters, of: name.name, name.span) else {
                return nil
            }
            return (.declared(contract: contract, index: index), values)
        }
        if let builtin = BuiltinError(rawValue: name.name) {
            guard syntax.arguments.isEmpty else {
                report(.wrongArguments, "\(name.name) carries no values", at: name.span)
                return nil
            }
            return (.builtin(builtin), [])
        }
        let known = visibleErrors + BuiltinError.allCases.map(\.rawValue)
        let suggestion = didYouMean(name.name, among: known)
        report(
            .unknownName, "there is no error \(name.name)", at: name.span,
            hint: suggestion.map { "did you mean \($0)?" }
                ?? (name.name.contains(".") ? nil : "declare it in the contract: error \(name.name)"),
            fixIt: suggestion.map { FixIt(name.span, $0) })
        for argument in syntax.arguments { _ = value(argument.value, expecting: .invalid) }
        return nil
    }

    /// The error of that name, without a report.
    func errorReference(_ name: Identifier) -> ErrorReference? {
        if let (contract, index) = declaredError(name) { return .declared(contract: contract, index: index) }
        return BuiltinError(rawValue: name.name).map { .builtin($0) }
    }

    private var visibleErrors: [String] { typedContract?.errors.map(\.name) ?? [] }

    /// An error of the contract; in tests also of the contracts that the test's file sees.
    private func declaredError(_ name: Identifier) -> (ContractID, Int)? {
        if let contract,
            let index = program.contracts[contract].errors.firstIndex(where: { $0.name == qualified(name.name) })
        {
            return (contract, index)
        }
        guard isTest else { return nil }
        var found: [(ContractID, Int)] = []
        for visible in Set(scope.visibleNames).sorted() {
            guard case .contract(let id) = scope.find(visible)?.symbol,
                let index = program.contracts[id].errors.firstIndex(where: { $0.name == name.name })
            else { continue }
            found.append((id, index))
        }
        // Of several, the one whose contract the test holds.
        let held = found.filter { candidate in locals.contains { $0.type == .contract(candidate.0) } }
        return held.count == 1 ? held[0] : found.first
    }

    private func emit(_ name: Identifier, _ arguments: [ArgumentSyntax], _ span: Span) -> [Statement] {
        guard isInContract, let contract = typedContract else {
            report(.contextNotAllowed, "only a contract emits events", at: span)
            return []
        }
        guard let index = contract.events.firstIndex(where: { $0.name == qualified(name.name) }) else {
            let suggestion = didYouMean(name.name, among: contract.events.map(\.name))
            report(
                .unknownName, "there is no event \(name.name)", at: name.span,
                hint: suggestion.map { "did you mean \($0)?" } ?? "declare it in the contract: event \(name.name)(…)",
                fixIt: suggestion.map { FixIt(name.span, $0) })
            _ = skipped(arguments, span)
            return []
        }
        if contract.rounds.contains(where: { $0.settlements.contains { $0.setAsideEvent == index } }) {
            report(.notAllowedHere, "only the settlement itself emits \(name.name)", at: name.span)
        }
        guard let values = self.arguments(arguments, for: contract.events[index].parameters, of: name.name, span) else {
            return []
        }
        return [Statement(.emit(index, values), span)]
    }
}
