import Diagnostics
import Syntax

/// Statements that go on in one of several ways.
extension BodyChecker {
    func conditional(
        _ condition: ConditionSyntax, _ then: BlockSyntax, _ otherwise: BlockSyntax?, _ span: Span
    ) -> CheckedBlock {
        switch condition {
        case .expression(let syntax):
            let condition = self.condition(syntax)
            let yes = block(then)
            let no = otherwise.map(block) ?? CheckedBlock()
            return CheckedBlock(
                statements: [Statement(.conditional(condition, then: yes.statements, otherwise: no.statements), span)],
                diverges: yes.diverges && no.diverges)
        case .binding(let name, let syntax):
            let (option, type) = optionValue(syntax)
            var local = 0
            let yes = inBlock {
                local = declareLocal(name, type)
                return statements(then.statements)
            }
            let no = otherwise.map(block) ?? CheckedBlock()
            return CheckedBlock(
                statements: [
                    Statement(
                        .conditionalBinding(local, option, then: yes.statements, otherwise: no.statements), span)
                ], diverges: yes.diverges && no.diverges)
        }
    }

    /// An option and the type that it wraps.
    private func optionValue(_ syntax: ExpressionSyntax) -> (Expression, Type) {
        let checked = someValue(syntax)
        guard !checked.isInvalid else { return (checked.expression, .invalid) }
        guard case .option(let wrapped) = checked.type else {
            report(
                .typeMismatch, "expected an option, found \(name(checked.type))", at: syntax.span,
                hint: "the value is always there: bind it with let")
            return (checked.expression, .invalid)
        }
        return (checked.expression, wrapped)
    }

    func require(_ condition: ConditionSyntax, _ failureSyntax: FailureSyntax?, _ span: Span) -> [Statement] {
        let failed: Statement
        if let failureSyntax {
            guard let (error, arguments) = failure(failureSyntax) else {
                if case .binding(let name, let syntax) = condition { _ = declareLocal(name, optionValue(syntax).1) }
                return []
            }
            failed = Statement(.fail(error, arguments), span)
        } else {
            failed = failure(.requirementFailed, span)
        }
        switch condition {
        case .expression(let syntax):
            return [Statement(.conditional(self.condition(syntax), then: [], otherwise: [failed]), span)]
        case .binding(let name, let syntax):
            let (option, type) = optionValue(syntax)
            // The name lives on after the statement, so its local is bound from inside the branch.
            let local = declareLocal(name, type)
            return [Statement(.conditionalBinding(local, option, then: [], otherwise: [failed]), span)]
        }
    }

    func match(
        _ subjectSyntax: ExpressionSyntax, _ cases: [MatchCaseSyntax], _ otherwise: BlockSyntax?, _ span: Span
    ) -> CheckedBlock {
        let subject = someValue(subjectSyntax)
        let choices: [(name: String, payload: [Type])]
        switch subject.type {
        case .enumeration(let id):
            choices = program.enums[id].cases.map { ($0.name, $0.payload.map(\.type)) }
        case .option(let wrapped): choices = [("none", []), ("some", [wrapped])]
        default:
            if !subject.isInvalid {
                report(
                    .typeMismatch, "match wants an enum or an option, found \(name(subject.type))",
                    at: subjectSyntax.span)
            }
            choices = []
        }
        var typed: [MatchCase] = []
        var seen: [String: Span] = [:]
        var diverges = true
        for item in cases {
            if let first = seen[item.name.name] {
                checker.reportDuplicate(item.name.name, at: item.name.span, first: first)
            }
            seen[item.name.name] = item.name.span
            let index = choices.firstIndex { $0.name == item.name.name }
            if index == nil, !subject.isInvalid, !choices.isEmpty {
                let suggestion = didYouMean(item.name.name, among: choices.map(\.name))
                report(
                    .unknownMember, "\(name(subject.type)) has no case \(item.name.name)", at: item.name.span,
                    hint: suggestion.map { "did you mean \($0)?" }, fixIt: suggestion.map { FixIt(item.name.span, $0) })
            }
            let payload = index.map { choices[$0].payload }
            if let payload, payload.count != item.bindings.count {
                report(
                    .wrongArguments,
                    "\(item.name.name) has \(payload.count) values, found \(item.bindings.count) names",
                    at: item.name.span)
            }
            var bindings: [LocalID] = []
            let body = inBlock {
                for (position, name) in item.bindings.enumerated() {
                    let type = payload.flatMap { $0.indices.contains(position) ? $0[position] : nil }
                    bindings.append(declareLocal(name, type ?? .invalid))
                }
                return statements(item.body.statements)
            }
            diverges = diverges && body.diverges
            typed.append(MatchCase(index: index ?? 0, bindings: bindings, body: body.statements))
        }
        let other = otherwise.map(block)
        let missing = choices.map(\.name).filter { seen[$0] == nil }
        if let other {
            diverges = diverges && other.diverges
        } else if !missing.isEmpty {
            report(
                .notExhaustive, "not every case is handled: \(missing.joined(separator: ", "))", at: subjectSyntax.span,
                hint: "add `case .\(missing[0]) { … }` or `else { … }`")
        }
        if cases.isEmpty, otherwise == nil { diverges = false }
        return CheckedBlock(
            statements: [Statement(.match(subject.expression, cases: typed, otherwise: other?.statements), span)],
            diverges: diverges)
    }
}
