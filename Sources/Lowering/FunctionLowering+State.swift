import Bytecode
import Diagnostics
import Numerics
import Semantics

extension FunctionLowering {
    /// The keys of a state entry, in consecutive registers.
    func keys(_ keys: [Expression], of field: FieldIndex) -> Run {
        run(keys, types: registerTypes(Array(tables.contract.fields[field].keyTypes.prefix(keys.count))))
    }

    func stateOrToken(_ expression: Expression, into target: Register?) -> Operand {
        switch expression.kind {
        case .stateGet(let field, let keys): return access(reading(field), field, keys, expression, into: target)
        case .stateFind(let field, let keys): return access(.stateFind, field, keys, expression, into: target)
        case .stateContains(let field, let keys): return access(.stateContains, field, keys, expression, into: target)
        case .mapCount(let field, let keys): return access(.stateCount, field, keys, expression, into: target)
        case .mapKeyAt(let field, let keyExpressions, let index):
            let run = keys(keyExpressions, of: field)
            let operand = value(index)
            free(run)
            return result(
                .stateKeyAt, expression, run.base, operand.register, immediate: field, freeing: [operand], into: target)
        case .roundPhase(let round, let key):
            let run = keys([key], of: tables.contract.rounds[round].phaseField)
            free(run)
            return result(.roundPhase, expression, run.base, immediate: round, into: target)
        case .phaseEntered(let round, let key, let phase):
            let run = keys([key], of: tables.contract.rounds[round].phaseField)
            free(run)
            return result(.roundEntered, expression, run.base, immediate: round << 16 | phase, into: target)
        case .vaultAmount(let place): return access(.vaultAmount, place.field, place.keys, expression, into: target)
        case .vaultTakeAll(let place): return access(.vaultTakeAll, place.field, place.keys, expression, into: target)
        case .vaultTake(let place, let amount):
            let run = keys(place.keys, of: place.field)
            let operand = value(amount)
            free(run)
            return result(
                .vaultTake, expression, run.base, operand.register, immediate: place.field, freeing: [operand],
                into: target)
        case .tokenAmount(let local): return result(.tokenAmount, expression, register(of: local), into: target)
        case .tokenTake(let local, let amount):
            let operand = value(amount)
            return result(
                .tokenTake, expression, register(of: local), operand.register, freeing: [operand], into: target)
        case .emptyToken(let asset): return result(.tokenEmpty, expression, immediate: asset, into: target)
        case .mint(let asset, let amount):
            let operand = value(amount)
            return result(
                .mint, expression, operand.register, immediate: asset, freeing: [operand], into: target)
        case .assetID(let asset): return result(.assetID, expression, immediate: asset, into: target)
        default: return value(expression, into: target)
        }
    }

    /// The instruction that reads an entry: a vault gives its amount.
    func reading(_ field: FieldIndex) -> Opcode {
        if case .vault = tables.contract.fields[field].kind { .vaultAmount } else { .stateGet }
    }

    private func access(
        _ opcode: Opcode, _ field: FieldIndex, _ keys: [Expression], _ expression: Expression, into target: Register?
    ) -> Operand {
        let run = self.keys(keys, of: field)
        free(run)
        return result(opcode, expression, run.base, immediate: field, into: target)
    }

    // MARK: Places

    /// `place = value`, or with `isAppend` `place.append(value)`.
    func change(_ place: Place, _ newValue: Expression, isAppend: Bool, at span: Span) {
        switch place.base {
        case .local(let local):
            let register = register(of: local)
            if place.steps.isEmpty && !isAppend {
                _ =
                    changedLocals.contains(local)
                    ? owned(newValue, into: register) : settled(newValue, into: register)
                return
            }
            let steps = steps(place, function.locals[local].type)
            let operand = settled(newValue)
            change(register, steps[...], operand.register, isAppend: isAppend, at: span)
            free(operand)
            free(steps.compactMap(\.index))
        case .state(let field, let keyExpressions):
            let run = keys(keyExpressions, of: field)
            let type = tables.contract.fields[field].valueType
            let steps = steps(place, type)
            let operand = settled(newValue)
            if place.steps.isEmpty && !isAppend {
                code.emit(.statePut, operand.register, run.base, immediate: field, at: span)
            } else {
                let object = code.temporary(registerType(type))
                code.emit(.stateGet, object, run.base, immediate: field, at: span)
                code.emit(.copyObject, object, object, at: span)
                change(object, steps[...], operand.register, isAppend: isAppend, at: span)
                code.emit(.statePut, object, run.base, immediate: field, at: span)
                code.free(object)
            }
            free(operand)
            free(steps.compactMap(\.index))
            free(run)
        }
    }

    /// A step of a place with its index evaluated, and the type of what it leads to.
    private struct ResolvedStep {
        var field: Int
        var index: Operand?
        var type: Type
    }

    private func steps(_ place: Place, _ root: Type) -> [ResolvedStep] {
        var type = root
        return place.steps.map { step in
            switch (step, type) {
            case (.field(let field), .structure(let id)):
                type = tables.program.structs[id].fields[field].type
                return ResolvedStep(field: field, index: nil, type: type)
            case (.index(let index), .list(let element, _)):
                type = element
                return ResolvedStep(field: 0, index: value(index), type: type)
            default: return ResolvedStep(field: 0, index: nil, type: type)
            }
        }
    }

    /// Changes an object that nobody else holds; what lies on the way to the place is copied.
    private func change(
        _ object: Register, _ steps: ArraySlice<ResolvedStep>, _ newValue: Register, isAppend: Bool, at span: Span
    ) {
        guard let step = steps.first else {
            if isAppend { code.emit(.listAppend, object, newValue, at: span) }
            return
        }
        if steps.count == 1 && !isAppend {
            set(step, of: object, to: newValue, at: span)
            return
        }
        let inner = code.temporary(registerType(step.type))
        if let index = step.index {
            code.emit(.listGet, inner, object, index.register, at: span)
        } else {
            code.emit(.getField, inner, object, immediate: step.field, at: span)
        }
        code.emit(.copyObject, inner, inner, at: span)
        change(inner, steps.dropFirst(), newValue, isAppend: isAppend, at: span)
        set(step, of: object, to: inner, at: span)
        code.free(inner)
    }

    private func set(_ step: ResolvedStep, of object: Register, to newValue: Register, at span: Span) {
        if let index = step.index {
            code.emit(.listSet, object, index.register, newValue, at: span)
        } else {
            code.emit(.setField, object, newValue, immediate: step.field, at: span)
        }
    }
}
