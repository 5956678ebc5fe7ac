import Semantics

/// Typed bodies in one line, for tests: operations by name, conversions and checks spelt out.
struct TreePrinter {
    let program: Program
    let function: Function

    /// The body of the named function.
    static func body(_ name: String, of program: Program) -> String {
        guard let function = program.functions.first(where: { $0.name == name }) else { return "no function \(name)" }
        return TreePrinter(program: program, function: function).print(function.body)
    }

    func print(_ statements: [Statement]) -> String { statements.map(print).joined(separator: "; ") }

    private func print(_ statement: Statement) -> String {
        switch statement.kind {
        case .bind(let local, let value): "\(name(local)) := \(print(value))"
        case .assign(let place, let value): "\(print(place)) = \(print(value))"
        case .append(let place, let value): "\(print(place)) append \(print(value))"
        case .evaluate(let value): print(value)
        case .conditional(let condition, let then, let otherwise):
            "if \(print(condition)) {\(print(then))}" + (otherwise.isEmpty ? "" : " else {\(print(otherwise))}")
        case .forRange(let local, let from, let to, let maximum, let body):
            "for \(name(local)) in \(print(from))..<\(print(to)) max \(maximum.map(String.init) ?? "-") "
                + "{\(print(body))}"
        case .result(let value): "return" + (value.map { " " + print($0) } ?? "")
        case .fail(.builtin(let error), _): "fail \(error.rawValue)"
        case .phaseGuard(_, let key, let phase, let allowed): "guard \(print(phase)) of \(print(key)) in \(allowed)"
        case .openRound(_, let key, let durations): "open \(print(key)) \(list(durations))"
        case .leavePhase(_, let key, let phase): "leave \(phase) of \(print(key))"
        default: "statement"
        }
    }

    private func print(_ place: Place) -> String {
        var text: String =
            switch place.base {
            case .local(let local): name(local)
            case .state(let field, let keys): entry(field, keys)
            }
        for step in place.steps {
            switch step {
            case .field(let index): text += ".\(index)"
            case .index(let index): text += "[\(print(index))]"
            }
        }
        return text
    }

    private func name(_ local: LocalID) -> String { "\(function.locals[local].name)" }

    private func entry(_ field: FieldIndex, _ keys: [Expression]) -> String {
        let names = function.contract.map { program.contracts[$0].fields.map(\.name) } ?? []
        return names[field] + keys.map { "[\(print($0))]" }.joined()
    }

    private func print(_ expression: Expression) -> String {
        switch expression.kind {
        case .integer(let value): "\(value)" + (expression.type == .fixed ? "f" : "")
        case .boolean(let value): "\(value)"
        case .none: "none"
        case .some(let value): "some(\(print(value)))"
        case .local(let local): name(local)
        case .stateGet(let field, let keys): entry(field, keys)
        case .roundPhase(_, let key): "phase(\(print(key)))"
        case .phaseEntered(_, let key, let phase): "entered(\(print(key)), \(phase))"
        case .arithmetic(let op, let left, let right): "\(op)(\(print(left)), \(print(right)))"
        case .compare(let op, let left, let right): "\(op)(\(print(left)), \(print(right)))"
        case .equal(let left, let right): "equal(\(print(left)), \(print(right)))"
        case .not(let value): "not(\(print(value)))"
        case .negate(let value): "negate(\(print(value)))"
        case .toFixed(let value): "fixed(\(print(value)))"
        case .round(let rounding, let value): "\(rounding)(\(print(value)))"
        case .check(let value): "check(\(print(value)))"
        case .call(let id, let items): "\(program.functions[id].name)(\(list(items)))"
        case .makeList(let items): "[\(list(items))]"
        case .builtin(let builtin, let items): "\(builtin)(\(list(items)))"
        case .splitAmount(let whole, let weights): "split(\(print(whole)), \(print(weights)))"
        default: "expression"
        }
    }

    private func list(_ items: [Expression]) -> String { items.map(print).joined(separator: ", ") }
}
