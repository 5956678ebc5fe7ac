import Bytecode
import Numerics

extension Mutator {
    private mutating func change(_ value: inout Int) { value = generator.number(near: value) }

    private mutating func changeType(_ value: inout Int, _ module: Module) {
        value = generator.chance(4, of: 5) ? generator.below(module.types.count) : generator.number(near: value)
    }

    /// The field that was changed; nil when the module has none of the kind that was drawn.
    mutating func mutateTables(_ module: inout Module) -> String? {
        switch generator.below(16) {
        case 0, 1, 2: return mutateFunction(&module)
        case 3, 4, 5: return mutateType(&module)
        case 6, 7: return mutateSlot(&module)
        case 8: return mutateRound(&module)
        case 9: return mutateSealed(&module)
        case 10: return mutateEntry(&module)
        case 11: return mutateSignature(&module)
        case 12: return mutateInterface(&module)
        case 13: return mutateImport(&module)
        case 14: return mutateConstant(&module)
        default: return mutateAsset(&module)
        }
    }

    private mutating func mutateFunction(_ module: inout Module) -> String? {
        guard !module.functions.isEmpty else { return nil }
        let index = generator.below(module.functions.count)
        switch generator.below(7) {
        case 0:
            change(&module.functions[index].parameterCount)
            return "function: parameter count"
        case 1, 2:
            guard !module.functions[index].registers.isEmpty else { return nil }
            let register = generator.below(module.functions[index].registers.count)
            changeType(&module.functions[index].registers[register], module)
            return "function: type of a register"
        case 3:
            var result = module.functions[index].result ?? 0
            changeType(&result, module)
            module.functions[index].result = generator.chance(1, of: 3) ? nil : result
            return "function: result"
        case 4:
            module.functions[index].isReadOnly.toggle()
            return "function: read-only"
        case 5:
            let other = generator.below(module.functions.count)
            module.functions.swapAt(index, other)
            return "function: order"
        default:
            module.functions[index].during =
                generator.chance(1, of: 2)
                ? nil
                : .init(round: generator.number(near: generator.below(2)), phase: generator.number(near: 1))
            return "function: phase"
        }
    }

    private mutating func mutateType(_ module: inout Module) -> String? {
        guard !module.types.isEmpty else { return nil }
        let index = generator.below(module.types.count)
        var (number, part) = (1, 0)
        changeType(&part, module)
        switch module.types[index] {
        case .integer(let kind, let bits, let isSigned):
            number = bits
            change(&number)
            module.types[index] = .integer(kind, bits: number, isSigned: generator.chance(1, of: 2) == isSigned)
            return "type: integer"
        case .bytes(let capacity), .text(let capacity):
            number = capacity
            change(&number)
            module.types[index] = generator.chance(1, of: 2) ? .bytes(capacity: number) : .text(capacity: number)
            return "type: bytes or text"
        case .list(let element, let capacity):
            number = capacity
            change(&number)
            module.types[index] =
                generator.chance(1, of: 2) ? .list(element, capacity: number) : .list(part, capacity: capacity)
            return "type: list"
        case .structure(let name, var fields) where !fields.isEmpty:
            fields[generator.below(fields.count)].type = part
            if generator.chance(1, of: 4) { fields.removeLast() }
            module.types[index] = .structure(name: name, fields: fields)
            return "type: struct"
        case .enumeration(let name, var cases) where !cases.isEmpty:
            let at = generator.below(cases.count)
            if generator.chance(1, of: 3) {
                cases.remove(at: at)
            } else if cases[at].payload.isEmpty {
                cases[at].payload = [.init(name: "x", type: part)]
            } else {
                cases[at].payload[0].type = part
            }
            module.types[index] = .enumeration(name: name, cases: cases)
            return "type: enum"
        case .tensor(let element, var dimensions) where !dimensions.isEmpty:
            let axis = generator.below(dimensions.count)
            change(&dimensions[axis])
            let other = generator.pick(TypeDescriptor.TensorElement.allCases) ?? element
            module.types[index] = .tensor(other, dimensions: dimensions)
            return "type: tensor"
        default:
            module.types[index] =
                switch generator.below(6) {
                case 0: .option(part)
                case 1: .token(generator.number(near: generator.below(3)))
                case 2: .bytes32(.interface(generator.number(near: generator.below(3))))
                case 3: .boolean
                case 4: module.types[generator.below(module.types.count)]
                default: .tokenList(generator.below(2))
                }
            return "type: replaced by another"
        }
    }

    private mutating func mutateSlot(_ module: inout Module) -> String? {
        guard !module.slots.isEmpty else { return nil }
        let index = generator.below(module.slots.count)
        switch generator.below(5) {
        case 0:
            changeType(&module.slots[index].type, module)
            return "slot: type"
        case 1:
            module.slots[index].capacity = generator.chance(1, of: 3) ? nil : generator.number(near: 3)
            return "slot: capacity"
        case 2:
            var key = 0
            changeType(&key, module)
            if generator.chance(1, of: 3), !module.slots[index].keys.isEmpty {
                module.slots[index].keys.removeLast()
            } else {
                module.slots[index].keys.append(key)
            }
            return "slot: keys"
        case 3:
            module.slots[index].kind =
                switch generator.below(5) {
                case 0: .plain
                case 1: .phase(round: generator.number(near: generator.below(2)))
                case 2: .vault(asset: generator.number(near: generator.below(2)))
                case 3: .sealedCommitment(sealed: generator.number(near: generator.below(2)))
                default: .sealedValue(sealed: generator.number(near: generator.below(2)))
                }
            return "slot: kind"
        default:
            module.slots.swapAt(index, generator.below(module.slots.count))
            return "slot: order"
        }
    }

    private mutating func mutateSealed(_ module: inout Module) -> String? {
        guard !module.sealed.isEmpty else { return nil }
        let index = generator.below(module.sealed.count)
        switch generator.below(6) {
        case 0:
            change(&module.sealed[index].commitPhase)
            return "sealed: phase of commitments"
        case 1:
            change(&module.sealed[index].revealPhase)
            return "sealed: phase of reveals"
        case 2:
            change(&module.sealed[index].commitmentSlot)
            return "sealed: slot of commitments"
        case 3:
            change(&module.sealed[index].valueSlot)
            return "sealed: slot of values"
        case 4:
            changeType(&module.sealed[index].value, module)
            return "sealed: type"
        default:
            change(&module.sealed[index].round)
            return "sealed: round"
        }
    }

    private mutating func mutateRound(_ module: inout Module) -> String? {
        guard !module.rounds.isEmpty else { return nil }
        let index = generator.below(module.rounds.count)
        switch generator.below(7) {
        case 0:
            change(&module.rounds[index].phaseSlot)
            return "round: slot of the phase"
        case 1:
            change(&module.rounds[index].enteredSlot)
            return "round: slot of the height"
        case 2:
            changeType(&module.rounds[index].key, module)
            return "round: key"
        case 3:
            guard !module.rounds[index].phases.isEmpty else { return nil }
            module.rounds[index].phases[0].successor = generator.number(near: 1)
            return "round: successor of a phase"
        case 4:
            guard !module.rounds[index].phases.isEmpty else { return nil }
            let old = module.rounds[index].phases[0].duration
            module.rounds[index].phases[0].duration =
                switch generator.below(3) {
                case 0: .slot(generator.below(module.slots.count + 1))
                case 1: .time(count: generator.number(near: 1), .hours)
                default: old == nil ? .blocks(5) : nil
                }
            return "round: duration of a phase"
        case 5:
            guard !module.rounds[index].phases.isEmpty else { return nil }
            module.rounds[index].phases[0].hasCondition.toggle()
            return "round: condition of a phase"
        default:
            guard !module.rounds[index].phases.isEmpty else { return nil }
            module.rounds[index].phases.removeLast()
            return "round: phase removed"
        }
    }

    private mutating func mutateEntry(_ module: inout Module) -> String? {
        guard !module.entries.isEmpty else { return nil }
        let index = generator.below(module.entries.count)
        switch generator.below(5) {
        case 0:
            change(&module.entries[index].function)
            return "entry: function"
        case 1:
            module.entries[index].kind = generator.pick([.action, .view, .initializer]) ?? .view
            return "entry: kind"
        case 2:
            module.entries[index].parameterNames.append("x")
            return "entry: parameter names"
        case 3:
            module.entries[index].name = module.entries[generator.below(module.entries.count)].name
            return "entry: name"
        default:
            module.entries.remove(at: index)
            return "entry: removed"
        }
    }

    private mutating func mutateSignature(_ module: inout Module) -> String? {
        var type = 0
        changeType(&type, module)
        if generator.chance(1, of: 2), let index = generator.pick(Array(module.events.indices)) {
            if generator.chance(1, of: 2) || module.events[index].parameters.isEmpty {
                module.events[index].parameters.append(.init(name: "x", type: type))
            } else {
                module.events[index].parameters[0].type = type
            }
            return "event: parameters"
        }
        guard let index = generator.pick(Array(module.errors.indices)) else { return nil }
        if generator.chance(1, of: 2) || module.errors[index].parameters.isEmpty {
            module.errors[index].parameters.append(.init(name: "x", type: type))
        } else {
            module.errors[index].parameters[0].type = type
        }
        return "error: parameters"
    }

    private mutating func mutateInterface(_ module: inout Module) -> String? {
        guard let index = generator.pick(Array(module.interfaces.indices)), !module.interfaces[index].methods.isEmpty
        else { return nil }
        let method = generator.below(module.interfaces[index].methods.count)
        var type = 0
        changeType(&type, module)
        switch generator.below(5) {
        case 0:
            module.interfaces[index].isImplemented.toggle()
            return "interface: implemented"
        case 1:
            module.interfaces[index].methods[method].result = generator.chance(1, of: 2) ? nil : type
            return "interface: result"
        case 2:
            module.interfaces[index].methods[method].parameters.append(.init(name: "x", type: type))
            return "interface: parameters"
        case 3:
            module.interfaces[index].methods.swapAt(0, method)
            return "interface: order of methods"
        default:
            module.interfaces[index].methods[method].isView.toggle()
            return "interface: view"
        }
    }

    private mutating func mutateImport(_ module: inout Module) -> String? {
        guard let index = generator.pick(Array(module.imports.indices)) else { return nil }
        if generator.chance(1, of: 2) {
            change(&module.imports[index].method)
            return "import: method"
        }
        change(&module.imports[index].interface)
        return "import: interface"
    }

    private mutating func mutateConstant(_ module: inout Module) -> String? {
        guard !module.constants.isEmpty else { return nil }
        let index = generator.below(module.constants.count)
        switch generator.below(4) {
        case 0:
            module.constants[index] = .integer(
                BigInt(1) << generator.below(4_100) - BigInt(generator.below(3)))
            return "constant: integer"
        case 1:
            module.constants[index] = .bytes32([UInt8](repeating: 3, count: 30 + generator.below(4)))
            return "constant: 32 bytes"
        case 2:
            module.constants[index] = .bytes([UInt8](repeating: 200, count: generator.below(40)))
            return "constant: bytes"
        default:
            // Only now and then the bytes that the sizes ask for.
            let element = generator.pick(TypeDescriptor.TensorElement.allCases) ?? .i8
            let dimensions = (0..<generator.below(6)).map { _ in
                generator.chance(1, of: 8) ? generator.number(near: 4) : 1 + generator.below(5)
            }
            let wanted = Constant.tensorBytes(element, dimensions: dimensions) ?? 9
            let count = generator.chance(1, of: 3) ? wanted + generator.below(3) - 1 : wanted
            module.constants[index] = .tensor(
                element, dimensions: dimensions,
                data: [UInt8](repeating: UInt8(generator.below(256)), count: max(0, min(count, 70_000))))
            return "constant: tensor"
        }
    }

    private mutating func mutateAsset(_ module: inout Module) -> String? {
        guard !module.assets.isEmpty else { return nil }
        let index = generator.below(module.assets.count)
        module.assets[index].origin =
            switch generator.below(3) {
            case 0: .issued
            case 1: .native
            default: .bound(slot: generator.number(near: generator.below(module.slots.count + 1)))
            }
        return "asset: origin"
    }
}
