import Semantics

/// Finds the locals that statements change: which are assigned, and which have their object changed in place.
struct ChangeScan {
    var assigned: Set<LocalID> = []
    var changedInPlace: Set<LocalID> = []

    mutating func visit(_ statements: [Statement]) {
        for statement in statements {
            switch statement.kind {
            case .assign(let place, _):
                guard case .local(let local) = place.base else { break }
                if place.steps.isEmpty { assigned.insert(local) } else { changedInPlace.insert(local) }
            case .append(let place, _):
                if case .local(let local) = place.base { changedInPlace.insert(local) }
            default: break
            }
            for block in statement.blocks { visit(block) }
        }
    }
}

extension Expression {
    /// Does evaluating it use the window of a call?
    var usesWindow: Bool {
        switch kind {
        case .call, .interfaceCall: true
        default: children.contains { $0.usesWindow }
        }
    }

    func reads(_ local: LocalID) -> Bool {
        switch kind {
        case .local(let id), .tokenAmount(let id), .tokenTake(let id, _): if id == local { return true }
        default: break
        }
        return children.contains { $0.reads(local) }
    }
}
