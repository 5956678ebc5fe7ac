import Bytecode
import Numerics

/// Changes a valid module at one place or a few: any field of any instruction, any entry of any table.
struct Mutator {
    var generator: SplitMix64

    mutating func mutate(_ module: inout Module) {
        let changes = generator.chance(1, of: 4) ? 1 + generator.below(4) : 1
        for _ in 0..<changes {
            if generator.chance(3, of: 5) { mutateCode(&module) } else { mutateTables(&module) }
        }
    }

    /// Changes bytes of an artefact.
    mutating func mutate(_ bytes: inout [UInt8]) {
        for _ in 0..<(1 + generator.below(3)) where !bytes.isEmpty {
            let index = generator.below(bytes.count)
            switch generator.below(6) {
            case 0: bytes.remove(at: index)
            case 1: bytes.insert(UInt8(truncatingIfNeeded: generator.next()), at: index)
            case 2: bytes[index] ^= 1 << UInt8(generator.below(8))
            case 3: bytes[index] &+= 1
            case 4: bytes.removeLast(min(bytes.count, 1 + generator.below(20)))
            default: bytes[index] = UInt8(truncatingIfNeeded: generator.next())
            }
        }
    }

    // MARK: Code

    private mutating func mutateCode(_ module: inout Module) {
        guard !module.functions.isEmpty else { return }
        let function = generator.below(module.functions.count)
        let count = module.functions[function].code.count
        guard count > 0 else { return }
        let word = generator.below(count)
        var value = module.functions[function].code[word]
        switch generator.below(14) {
        case 0: value = generator.next()
        case 1: value = value & ~0xFF | UInt64(generator.below(Opcode.allCases.count + 3))
        case 2, 3: value = with(value, byte: 1)
        case 4, 5: value = with(value, byte: 2)
        case 6, 7: value = with(value, byte: 3)
        case 8, 9:
            let immediate = Int(Instruction(word: value).immediate)
            let changed = UInt32(truncatingIfNeeded: generator.number(near: immediate))
            value = value & 0xFFFF_FFFF | UInt64(changed) << 32
        case 10: value ^= 1 << UInt64(generator.below(64))
        case 11:
            let other = generator.below(count)
            (value, module.functions[function].code[other]) = (module.functions[function].code[other], value)
        case 12:
            module.functions[function].code.remove(at: word)
            return
        default:
            module.functions[function].code.insert(value, at: generator.below(count))
            return
        }
        module.functions[function].code[word] = value
    }

    private mutating func with(_ value: UInt64, byte: UInt64) -> UInt64 {
        let old = Int(value >> (8 * byte) & 0xFF)
        let new = generator.chance(2, of: 3) ? generator.below(12) : generator.number(near: old)
        return value & ~(0xFF << (8 * byte)) | UInt64(UInt8(truncatingIfNeeded: new)) << (8 * byte)
    }

    // MARK: Tables

    private mutating func change(_ value: inout Int) { value = generator.number(near: value) }

    private mutating func changeType(_ value: inout Int, _ module: Module) {
        value = generator.chance(4, of: 5) ? generator.below(module.types.count) : generator.number(near: value)
    }

    private mutating func mutateTables(_ module: inout Module) {
        switch generator.below(14) {
        case 0, 1, 2: mutateFunction(&module)
        case 3, 4, 5: mutateType(&module)
        case 6, 7: mutateSlot(&module)
        case 8: mutateRounds(&module)
        case 9: mutateEntry(&module)
        case 10: mutateSignatures(&module)
        case 11: mutateInterfaces(&module)
        case 12:
            guard !module.constants.isEmpty else { return }
            let index = generator.below(module.constants.count)
            module.constants[index] =
                switch generator.below(3) {
                case 0: .integer(BigInt(1) << generator.below(4_100) - BigInt(generator.below(3)))
                case 1: .bytes32([UInt8](repeating: 3, count: 30 + generator.below(4)))
                default: .bytes([UInt8](repeating: 200, count: generator.below(40)))
                }
        default:
            guard !module.assets.isEmpty else { return }
            let index = generator.below(module.assets.count)
            module.assets[index].origin =
                switch generator.below(3) {
                case 0: .issued
                case 1: .native
                default: .bound(slot: generator.below(module.slots.count + 1))
                }
        }
    }

    private mutating func mutateFunction(_ module: inout Module) {
        guard !module.functions.isEmpty else { return }
        let index = generator.below(module.functions.count)
        switch generator.below(6) {
        case 0: change(&module.functions[index].parameterCount)
        case 1, 2:
            guard !module.functions[index].registers.isEmpty else { return }
            let register = generator.below(module.functions[index].registers.count)
            changeType(&module.functions[index].registers[register], module)
        case 3:
            var result = module.functions[index].result ?? 0
            changeType(&result, module)
            module.functions[index].result = generator.chance(1, of: 3) ? nil : result
        case 4: module.functions[index].isReadOnly.toggle()
        default:
            module.functions[index].during =
                generator.chance(1, of: 2) ? nil : .init(round: generator.below(2), phase: generator.below(4))
        }
    }

    private mutating func mutateType(_ module: inout Module) {
        guard !module.types.isEmpty else { return }
        let index = generator.below(module.types.count)
        var (number, part) = (1, 0)
        changeType(&part, module)
        switch module.types[index] {
        case .integer(let kind, let bits, let isSigned):
            number = bits
            change(&number)
            module.types[index] = .integer(kind, bits: number, isSigned: generator.chance(1, of: 2) == isSigned)
        case .bytes(let capacity):
            number = capacity
            change(&number)
            module.types[index] = generator.chance(1, of: 2) ? .bytes(capacity: number) : .text(capacity: number)
        case .list(let element, let capacity):
            number = capacity
            change(&number)
            module.types[index] =
                generator.chance(1, of: 2) ? .list(element, capacity: number) : .list(part, capacity: capacity)
        case .structure(let name, var fields) where !fields.isEmpty:
            fields[generator.below(fields.count)].type = part
            module.types[index] = .structure(name: name, fields: fields)
        case .tensor(let element, var dimensions) where !dimensions.isEmpty:
            let axis = generator.below(dimensions.count)
            change(&dimensions[axis])
            let other = generator.pick(TypeDescriptor.TensorElement.allCases) ?? element
            module.types[index] = .tensor(other, dimensions: dimensions)
        default:
            module.types[index] =
                switch generator.below(6) {
                case 0: .option(part)
                case 1: .token(generator.below(3))
                case 2: .bytes32(.interface(generator.below(3)))
                case 3: .boolean
                case 4: module.types[generator.below(module.types.count)]
                default: .tokenList(generator.below(2))
                }
        }
    }

    private mutating func mutateSlot(_ module: inout Module) {
        guard !module.slots.isEmpty else { return }
        let index = generator.below(module.slots.count)
        switch generator.below(5) {
        case 0: changeType(&module.slots[index].type, module)
        case 1: module.slots[index].capacity = generator.chance(1, of: 3) ? nil : generator.number(near: 3)
        case 2:
            var key = 0
            changeType(&key, module)
            if generator.chance(1, of: 3), !module.slots[index].keys.isEmpty {
                module.slots[index].keys.removeLast()
            } else {
                module.slots[index].keys.append(key)
            }
        case 3:
            module.slots[index].kind =
                switch generator.below(4) {
                case 0: .plain
                case 1: .vault(asset: generator.below(2))
                case 2: .sealedCommitment(sealed: generator.below(2))
                default: .sealedValue(sealed: generator.below(2))
                }
        default: module.slots.swapAt(index, generator.below(module.slots.count))
        }
    }

    private mutating func mutateRounds(_ module: inout Module) {
        if !module.sealed.isEmpty {
            let index = generator.below(module.sealed.count)
            switch generator.below(6) {
            case 0: change(&module.sealed[index].commitPhase)
            case 1: change(&module.sealed[index].revealPhase)
            case 2: change(&module.sealed[index].commitmentSlot)
            case 3: change(&module.sealed[index].valueSlot)
            case 4: changeType(&module.sealed[index].value, module)
            default: change(&module.sealed[index].round)
            }
        }
        guard !module.rounds.isEmpty, generator.chance(1, of: 2) else { return }
        let index = generator.below(module.rounds.count)
        switch generator.below(4) {
        case 0: change(&module.rounds[index].phaseSlot)
        case 1: changeType(&module.rounds[index].key, module)
        case 2: module.rounds[index].phases[0].successor = generator.number(near: 1)
        default: module.rounds[index].phases.removeLast()
        }
    }

    private mutating func mutateEntry(_ module: inout Module) {
        guard !module.entries.isEmpty else { return }
        let index = generator.below(module.entries.count)
        switch generator.below(4) {
        case 0: change(&module.entries[index].function)
        case 1: module.entries[index].kind = generator.pick([.action, .view, .initializer]) ?? .view
        case 2: module.entries[index].parameterNames.append("x")
        default: module.entries.remove(at: index)
        }
    }

    private mutating func mutateSignatures(_ module: inout Module) {
        var type = 0
        changeType(&type, module)
        if let index = generator.pick(Array(module.events.indices)) {
            if generator.chance(1, of: 2) || module.events[index].parameters.isEmpty {
                module.events[index].parameters.append(.init(name: "x", type: type))
            } else {
                module.events[index].parameters[0].type = type
            }
        }
        if let index = generator.pick(Array(module.errors.indices)), generator.chance(1, of: 2) {
            module.errors[index].parameters.append(.init(name: "x", type: type))
        }
    }

    private mutating func mutateInterfaces(_ module: inout Module) {
        if let index = generator.pick(Array(module.imports.indices)), generator.chance(1, of: 2) {
            change(&module.imports[index].method)
            return
        }
        guard let index = generator.pick(Array(module.interfaces.indices)) else { return }
        var type = 0
        changeType(&type, module)
        switch generator.below(4) {
        case 0: module.interfaces[index].isImplemented.toggle()
        case 1: module.interfaces[index].methods[0].result = generator.chance(1, of: 2) ? nil : type
        case 2: module.interfaces[index].methods[0].parameters.append(.init(name: "x", type: type))
        default: module.interfaces[index].methods[0].isView.toggle()
        }
    }
}
