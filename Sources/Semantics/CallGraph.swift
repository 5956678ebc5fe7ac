import Diagnostics
import Syntax

/// Which function calls which, with the order that lets callees come first.
struct CallGraph {
    /// For each function its callees with the place of the first call, in order of appearance.
    let callees: [[(function: FunctionID, span: Span)]]
    /// All functions, callees before callers; shorter than the program when calls form a cycle.
    let calleesFirst: [FunctionID]

    init(_ program: Program) {
        callees = program.functions.map { Self.callees($0.body) }
        var open = callees.map(\.count)
        var callers: [[FunctionID]] = Array(repeating: [], count: callees.count)
        for (caller, list) in callees.enumerated() {
            for (callee, _) in list { callers[callee].append(caller) }
        }
        // First in, first out: functions without open callees leave in order of declaration.
        var order = open.indices.filter { open[$0] == 0 }
        var next = 0
        while next < order.count {
            for caller in callers[order[next]] {
                open[caller] -= 1
                if open[caller] == 0 { order.append(caller) }
            }
            next += 1
        }
        calleesFirst = order
    }

    static func callees(_ body: [Statement]) -> [(function: FunctionID, span: Span)] {
        var seen: Set<FunctionID> = []
        var result: [(function: FunctionID, span: Span)] = []
        visitExpressions(body) { expression in
            if case .call(let id, _) = expression.kind, seen.insert(id).inserted {
                result.append((id, expression.span))
            }
        }
        return result
    }

    /// A cycle among the functions that have no place in the order.
    var cycle: [(function: FunctionID, span: Span)]? {
        let ordered = Set(calleesFirst)
        guard let start = callees.indices.first(where: { !ordered.contains($0) }) else { return nil }
        var path: [(function: FunctionID, span: Span)] = []
        var positions: [FunctionID: Int] = [:]
        var current = start
        while positions[current] == nil {
            guard let step = callees[current].first(where: { !ordered.contains($0.function) }) else { return nil }
            positions[current] = path.count
            path.append((current, step.span))
            current = step.function
        }
        return Array(path[(positions[current] ?? 0)...])
    }
}

extension Checker {
    /// False when functions call each other in a circle.
    func reportRecursion(_ calls: CallGraph) -> Bool {
        guard let cycle = calls.cycle, let first = cycle.first else { return true }
        let names = (cycle.map(\.function) + [first.function]).map { program.functions[$0].name }
        let labels = cycle.dropFirst().prefix(5).map {
            Label($0.span, "\(program.functions[$0.function].name) calls on")
        }
        report(
            .recursion, "functions call each other in a circle: \(names.joined(separator: " → "))", at: first.span,
            label: "the circle begins here", also: labels,
            hint: "nothing may call itself: use a bounded loop")
        return false
    }

    func orderFunctions(of contract: ContractID, _ calls: CallGraph) {
        program.contracts[contract].functions = calls.calleesFirst.filter { program.functions[$0].contract == contract }
    }
}
