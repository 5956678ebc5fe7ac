import Bytecode
import Machine
import Numerics
import Tensors
import Verifier

// Bytes, hashes and tensors.
extension FunctionAnalysis {
    // MARK: Bytes and hashes

    func bytes(_ opcode: Opcode, _ instruction: Instruction, _ state: inout PathState) {
        let (a, b, c) = (instruction.a, instruction.b, instruction.c)
        let immediate = Int(instruction.immediate)
        switch opcode {
        case .byteCount:
            let source = value(b, state)
            state.registers[a] = integer(
                bits: 32, low: 0, high: count(source, type(b)),
                term: algebra.operation(.byteCount, [source.term]))
        case .byteGet: state.registers[a] = integer(bits: 8, low: 0, high: Polynomial(255))
        case .byteSlice:
            let source = value(b, state)
            let end = value(immediate & 255, state)
            var size = count(source, type(b))
            if let high = high(of: end.term, state), let low = number(value(c, state)).low {
                size = algebra.minimum(algebra.positive(high + (-low)), size)
            }
            state.cost += shapes.bytes(size + ObjectLayout.contentOffset)
            if case .text = module.types[type(a)] { state.cost += size }
            state.registers[a] = made(.bytes(size))
        case .byteConcatenate:
            var size = count(value(b, state), type(b)) + count(value(c, state), type(c))
            if case .bytes(let capacity) = module.types[type(a)], size.isConstant {
                size = Polynomial(min(size.constant, capacity))
            }
            state.cost += shapes.bytes(size + ObjectLayout.contentOffset)
            state.registers[a] = made(.bytes(size))
        case .encodeValue:
            let source = value(b, state)
            let size = encodedBytes(source, type(b))
            state.cost += encoding(source, type(b)) + shapes.bytes(size)
            state.cost += shapes.bytes(size + ObjectLayout.contentOffset)
            let term = followed([source.term]) { self.encoded($0[0], self.type(b)).map { .bytes($0) } }
            state.registers[a] = made(.bytes(size), term: term)
        case .integerToBytes:
            let size = Polynomial(immediate & 127)
            state.cost += shapes.bytes(size + ObjectLayout.contentOffset)
            state.registers[a] = made(.bytes(size))
        case .integerFromBytes:
            let most = min(64, algebra.limit(of: count(value(b, state), type(b))))
            let term = followed([value(b, state).term]) { Self.integer($0[0], isLittleEndian: immediate & 128 != 0) }
            state.registers[a] = integer(bits: max(1, 8 * most), low: 0, term: term)
        case .hashValue:
            let source = value(b, state)
            if case .bytes = module.types[immediate] {
                state.cost += count(source, immediate)
            } else {
                state.cost += encoding(source, immediate) + encodedBytes(source, immediate)
            }
            state.registers[a] = plain(followed([source.term]) { self.hash(of: $0[0], immediate) })
        case .sha256:
            state.cost += count(value(b, state), type(b)) * 2
            state.registers[a] = plain(algebra.fresh())
        case .commitment:
            state.cost += commitment(immediate, b, value: value(b + 2, state), state)
            state.registers[a] = plain(algebra.fresh())
        default:
            state.cost += count(value(b + 1, state), type(b + 1)) * Int(MachineCosts.signedByte)
            if opcode == .verifyVRF {
                state.cost += ShapeCosts.object(1)
                state.registers[a] = made(.variant([[], [.plain]]))
            } else {
                state.registers[a] = plain(algebra.fresh())
            }
        }
    }

    /// Gas of a commitment to key, author, value and salt.
    func commitment(_ sealed: Int, _ keys: Int, value content: AbstractValue, _ state: PathState) -> Polynomial {
        let descriptor = module.sealed[sealed]
        return encoding(value(keys, state), module.rounds[descriptor.round].key) + encoding(content, descriptor.value)
            + committedBytes(sealed, keys, value: content, state)
    }

    /// Bytes of what a commitment hashes.
    func committedBytes(_ sealed: Int, _ keys: Int, value content: AbstractValue, _ state: PathState) -> Polynomial {
        let descriptor = module.sealed[sealed]
        // Domain, chain, contract, author and salt, and the name with its count.
        let fixed = 11 + 4 * 32 + ShapeCosts.countBytes(descriptor.name.utf8.count) + descriptor.name.utf8.count
        return encodedBytes(value(keys, state), module.rounds[descriptor.round].key)
            + encodedBytes(content, descriptor.value) + fixed
    }

    // MARK: Tensors

    func tensor(_ opcode: Opcode, _ instruction: Instruction, _ state: inout PathState) {
        let (a, b, c) = (instruction.a, instruction.b, instruction.c)
        let source = value(b, state)
        let shape = sizes(source, type(b))
        func elements(_ sizes: [Polynomial]) -> Polynomial {
            sizes.reduce(Polynomial(1)) { algebra.product($0, $1) }
        }
        func work(_ costs: TensorCosts, _ count: Polynomial) -> Polynomial {
            let thirtySeconds = count * Int(clamping: costs.perElement32nds)
            return algebra.share(thirtySeconds, 32) + Int(clamping: costs.fixed)
        }
        func make(_ sizes: [Polynomial], elementBytes: Int, _ work: Polynomial) {
            state.cost += work + shapes.bytes(elements(sizes) * elementBytes + ObjectLayout.elementsOffset)
            state.registers[a] = AbstractValue(term: algebra.fresh(), shape: .tensor(sizes))
        }
        func elementBytes(_ register: Int) -> Int {
            if case .tensor(let element, _) = module.types[type(register)] { element.byteCount } else { 8 }
        }
        func roundedUp(_ size: Polynomial, _ multiple: Int) -> Polynomial {
            size.isConstant
                ? Polynomial(Saturating.ceilingQuotient(size.constant, multiple) * multiple)
                : algebra.polynomial(.roundedUp(size, multiple))
        }
        switch opcode {
        case .tensorMatmul:
            let right = sizes(value(c, state), type(c))
            guard shape.count == 2, right.count == 2 else { return }
            let (rows, depth, columns) = (roundedUp(shape[0], 4), roundedUp(shape[1], 2), roundedUp(right[1], 16))
            let product = algebra.product(algebra.product(rows, depth), columns)
            let packed = algebra.product(depth, columns) * 8 + algebra.product(rows, columns) * 10
            make([shape[0], right[1]], elementBytes: 4, algebra.share(product + packed, 32) + 60)
        case .tensorAdd: make(shape, elementBytes: 4, work(.add, elements(shape)))
        case .tensorRequantize: make(shape, elementBytes: 1, work(.requantise, elements(shape)))
        case .tensorRelu: make(shape, elementBytes: elementBytes(b), work(.map, elements(shape)))
        case .tensorArgmax:
            make(Array(shape.dropLast()), elementBytes: 4, work(.argmax, elements(shape)))
            if shape.count == 1 { state.registers[a]?.shape = .tensor([Polynomial(1)]) }
        case .tensorCountEqual:
            let count = elements(shape)
            state.cost += work(.equalCount, count)
            state.registers[a] = integer(bits: 32, low: 0, high: count)
        case .tensorSize:
            let axis = Int(instruction.immediate)
            let size = shape.indices.contains(axis) ? shape[axis] : Polynomial(MachineLimits.tensorElements)
            state.registers[a] = integer(
                bits: 32, low: 0, high: size,
                term: algebra.operation(.tensorSize, [source.term], immediate: axis))
        default: state.registers[a] = integer(bits: 64, low: nil)
        }
    }
}
