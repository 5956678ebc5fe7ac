import Syntax

extension ExpressionSyntax {
    /// The first of the names that stands in it, other than as a member.
    func firstName(among names: Set<String>) -> Identifier? {
        func first(_ parts: [ExpressionSyntax]) -> Identifier? {
            for part in parts {
                if let name = part.firstName(among: names) { return name }
            }
            return nil
        }
        switch kind {
        case .integer, .decimal, .text, .hexBytes, .boolean, .none, .implicitMember, .invalid: return nil
        case .name(let name): return names.contains(name.name) ? name : nil
        case .list(let items): return first(items)
        case .member(let base, _), .unary(_, let base): return base.firstName(among: names)
        case .call(let callee, let arguments): return first([callee] + arguments.map(\.value))
        case .index(let left, let right), .binary(_, let left, let right), .asActor(let left, let right):
            return first([left, right])
        case .ternary(let one, let two, let three), .split(let one, let two, let three),
            .draw(let one, let two, let three):
            return first([one, two, three])
        case .deploy(_, let arguments, _): return first(arguments.map(\.value))
        }
    }
}
