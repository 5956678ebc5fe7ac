import Semantics

/// Finds the functions that a function calls, in the order of their first call.
struct CallScan {
    private var found: [FunctionID] = []
    private var seen: Set<FunctionID> = []

    static func callees(of function: Function) -> [FunctionID] {
        var scan = CallScan()
        scan.visit(function.body)
        return scan.found
    }

    private mutating func visit(_ statements: [Statement]) {
        for statement in statements {
            visit(statement.operands)
            for block in statement.blocks { visit(block) }
        }
    }

    private mutating func visit(_ expressions: [Expression]) {
        for expression in expressions {
            if case .call(let id, _) = expression.kind, seen.insert(id).inserted { found.append(id) }
            visit(expression.children)
        }
    }
}
