import Diagnostics
import Syntax

extension BodyChecker {
    /// Does the expression name a component in use?
    func isUse(_ syntax: ExpressionSyntax) -> Bool {
        guard isInContract, case .name(let name) = syntax.kind, findLocal(name.name) == nil,
            case .use? = scope.find(name.name)?.symbol
        else { return false }
        return true
    }

    /// `pool.total`: state, a constant or a type of the component.
    func useMember(_ use: UseRecord, _ name: Identifier) -> Entity {
        guard let declared = declared(name.name, in: use) else {
            if !use.isBroken { reportUnknownMember(use, name) }
            return .invalid
        }
        return entity(declared, name)
    }

    /// `pool.credit(…)`
    func useCall(_ use: UseRecord, _ name: Identifier, _ arguments: [ArgumentSyntax], _ span: Span) -> Checked {
        guard let declared = declared(name.name, in: use) else {
            if !use.isBroken { reportUnknownMember(use, name) }
            return skipped(arguments, span)
        }
        let qualified = Identifier(use.qualified(name.name), name.span)
        switch declared.symbol {
        case .function(let id):
            guard checker.functions[id].syntax?.isPrivate != true else {
                report(
                    .notAllowedHere, "\(name.name) is private to \(use.component.syntax.name.name)", at: name.span,
                    also: [Label(declared.span, "declared here")])
                return skipped(arguments, span)
            }
            return functionCall(id, qualified, arguments, span)
        case .structure(let id): return structValue(id, arguments, of: qualified.name, span)
        default:
            report(
                .notAValue, "\(qualified.name) is \(declared.symbol.kindName) and cannot be called", at: name.span,
                also: [Label(declared.span, "declared here")])
            return skipped(arguments, span)
        }
    }

    private func declared(_ name: String, in use: UseRecord) -> DeclaredName? {
        if let own = use.scope.names[name] { return own }
        guard let shared = use.component.scope.names[name] else { return nil }
        if case .componentMember = shared.symbol { return nil }
        return shared
    }

    private func reportUnknownMember(_ use: UseRecord, _ name: Identifier) {
        let candidates = use.scope.names.keys.sorted() + use.component.scope.names.keys.sorted()
        let suggestion = didYouMean(name.name, among: candidates)
        report(
            .unknownMember, "\(use.name) has no member \(name.name)", at: name.span,
            also: [Label(use.component.syntax.name.span, "the component")],
            hint: suggestion.map { "did you mean \($0)?" }, fixIt: suggestion.map { FixIt(name.span, $0) })
    }
}
