import Syntax

extension ExpressionSyntax {
    /// Calls the action on every plain name in the expression.
    func visitNames(_ action: (String) -> Void) {
        switch kind {
        case .name(let name): action(name.name)
        case .integer, .decimal, .text, .hexBytes, .boolean, .none, .implicitMember, .invalid: break
        case .list(let items): for item in items { item.visitNames(action) }
        case .member(let base, _), .unary(_, let base): base.visitNames(action)
        case .call(let callee, let arguments):
            callee.visitNames(action)
            for argument in arguments { argument.value.visitNames(action) }
        case .deploy(_, let arguments, let actor):
            for argument in arguments { argument.value.visitNames(action) }
            actor?.visitNames(action)
        case .index(let left, let right), .binary(_, let left, let right), .asActor(let left, let right):
            left.visitNames(action)
            right.visitNames(action)
        case .ternary(let one, let two, let three), .split(let one, let two, let three),
            .draw(let one, let two, let three):
            one.visitNames(action)
            two.visitNames(action)
            three.visitNames(action)
        }
    }
}

extension TypeSyntax {
    /// Calls the action on every name in the type.
    func visitNames(_ action: (String) -> Void) {
        action(name.name)
        for argument in arguments {
            switch argument {
            case .type(let type): type.visitNames(action)
            case .integer: break
            case .dimensions(let dimensions, _):
                for case .name(let name) in dimensions { action(name.name) }
            }
        }
    }
}
