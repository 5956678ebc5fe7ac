import Bytecode
import Machine
import Numerics
import Verifier

// Objects, lists and draws.
extension FunctionAnalysis {
    // MARK: Objects

    func object(
        _ opcode: Opcode, _ instruction: Instruction, _ state: inout PathState
    ) throws(Unbounded) {
        let (a, b, c) = (instruction.a, instruction.b, instruction.c)
        let immediate = Int(instruction.immediate)
        switch opcode {
        case .newObject:
            let count: Int
            switch module.types[immediate] {
            case .structure(_, let fields): count = fields.count
            case .enumeration(_, let cases): count = cases[c].payload.count
            default: count = c
            }
            state.cost += ShapeCosts.object(count)
            let fields = (0..<count).map { value(b + $0, state) }
            for index in 0..<count { share(b + index, &state) }
            let shape: Shape
            switch module.types[immediate] {
            case .structure: shape = .structure(fields.map(\.shape))
            case .option: shape = .variant([[], fields.map(\.shape)])
            case .enumeration(_, let cases):
                var all = [[Shape]](repeating: [], count: cases.count)
                all[c] = fields.map(\.shape)
                shape = .variant(all)
            default: shape = .any
            }
            let term = algebra.term(.object(type: immediate, tag: c, fields: fields.map(\.term)))
            state.registers[a] = made(shape, term: term)
        case .getField:
            let source = value(b, state)
            let term = algebra.operation(.getField, [source.term], immediate: immediate)
            if case .structure(let fields) = source.shape, fields.indices.contains(immediate) {
                state.registers[a] = part(fields[immediate], term, a)
            } else {
                state.registers[a] = given(type(a), term: term)
            }
        case .getPayload:
            let source = value(b, state)
            let term = algebra.operation(.getPayload, [source.term], immediate: c << 8 | immediate)
            if case .variant(let cases) = source.shape, cases.indices.contains(c),
                cases[c].indices.contains(immediate)
            {
                state.registers[a] = part(cases[c][immediate], term, a)
            } else {
                state.registers[a] = given(type(a), term: term)
            }
        case .setField:
            var target = try beginChange(a, &state)
            let content = value(b, state)
            share(b, &state)
            if case .structure(var fields) = target.shape, fields.indices.contains(immediate) {
                fields[immediate] = content.shape
                target.shape = ShapeCosts.capped(.structure(fields))
            } else {
                target.shape = .any
            }
            target.term = followed([target.term, content.term]) { Self.setting(immediate, of: $0[0], to: $0[1]) }
            state.registers[a] = target
        case .copyObject:
            let source = value(b, state)
            share(b, &state)
            if case .list = module.types[immediate] {
                state.cost += ShapeCosts.list(capacity: count(source, immediate), algebra)
            } else {
                state.cost += ShapeCosts.object(fieldCount(immediate))
            }
            state.registers[a] = made(source.shape, term: source.term)
        default:
            let source = value(b, state)
            var last = 1
            if case .enumeration(_, let cases) = module.types[type(b)] { last = cases.count - 1 }
            state.registers[a] = integer(
                bits: 8, low: 0, high: Polynomial(last), term: algebra.operation(.tag, [source.term]))
        }
    }

    /// Something inside an object.
    private func part(_ shape: Shape, _ term: TermID, _ register: Int) -> AbstractValue {
        var shape = shape
        if case .any = shape { shape = shapes.shape(of: type(register)) }
        if case .integer(let number) = shape, let high = number.high { naturalHighs[term] = high }
        return AbstractValue(term: term, shape: shape)
    }

    private func fieldCount(_ type: TypeIndex) -> Int {
        switch module.types[type] {
        case .structure(_, let fields): fields.count
        case .enumeration(_, let cases): cases.map(\.payload.count).max() ?? 0
        default: 1
        }
    }

    // MARK: Lists

    /// An element of a long list costs more.
    private func payFar(_ list: AbstractValue, _ type: TypeIndex, _ state: inout PathState) {
        guard algebra.limit(of: count(list, type)) > Int(MachineCosts.nearElements) else { return }
        state.cost += Int(MachineCosts.farElement)
    }

    func list(
        _ opcode: Opcode, _ instruction: Instruction, _ state: inout PathState
    ) throws(Unbounded) {
        let (a, b, c) = (instruction.a, instruction.b, instruction.c)
        let immediate = Int(instruction.immediate)
        switch opcode {
        case .newList:
            guard case .list(_, let capacity) = module.types[immediate] else { return }
            state.cost += ShapeCosts.list(capacity: Polynomial(min(4, max(1, capacity))), algebra)
            let none = Shape.integer(Number(bits: 1, low: nil, high: nil))
            var isInteger = false
            if case .list(let element, _) = module.types[immediate], case .integer = module.types[element] {
                isInteger = true
            }
            state.registers[a] = made(
                .list(count: .zero, element: isInteger ? none : .any),
                term: isFollowing ? algebra.literal(.list([])) : nil,
                isAmortized: true)
        case .listCount:
            let list = value(b, state)
            let term = algebra.operation(.listCount, [list.term])
            state.registers[a] = integer(bits: 32, low: 0, high: count(list, type(b)), term: term)
        case .listGet:
            let list = value(b, state)
            payFar(list, type(b), &state)
            let term = algebra.operation(.listGet, [list.term, value(c, state).term])
            state.registers[a] = part(element(list, type(b)).shape, term, a)
        case .listSet:
            var list = try beginChange(a, &state)
            payFar(list, type(a), &state)
            let content = value(c, state)
            share(c, &state)
            list.shape = ShapeCosts.capped(
                .list(count: count(list, type(a)), element: shapes.join(element(list, type(a)).shape, content.shape)))
            list.term = followed([list.term, value(b, state).term, content.term]) {
                Self.setting(at: $0[1], of: $0[0], to: $0[2])
            }
            state.registers[a] = list
        case .listAppend:
            settleGrowth(a, &state)
            var list = try beginChange(a, &state)
            let content = value(b, state)
            share(b, &state)
            var count = count(list, type(a)) + 1
            var growth = Self.appendGrowth
            if case .list(_, let capacity) = module.types[type(a)] {
                if count.isConstant { count = Polynomial(min(capacity, count.constant)) }
                if capacity <= 4 { growth = 0 }
            }
            state.cost += growth
            var held = content.shape
            if case .list(let known, let element) = list.shape, !known.isZero { held = shapes.join(element, held) }
            list.shape = ShapeCosts.capped(.list(count: count, element: held))
            list.term = followed([list.term, content.term]) { Self.appending($0[1], to: $0[0]) }
            state.registers[a] = list
        case .listRepeat:
            let content = value(b, state)
            share(b, &state)
            var capacity = MachineLimits.listElements
            if case .list(_, let most) = module.types[immediate] { capacity = most }
            let number = value(c, state)
            let most = Polynomial(capacity)
            let count = size(number.term, state).map { algebra.minimum($0, most) } ?? most
            state.cost += ShapeCosts.list(capacity: count, algebra)
            let term = followed([content.term, number.term]) { Self.repeating($0[0], count: $0[1]) }
            state.registers[a] = made(.list(count: count, element: content.shape), term: term)
        case .listSum:
            let list = value(b, state)
            let (count, element) = (count(list, type(b)), element(list, type(b)))
            let number = elementNumber(list, element.shape)
            let bits = number.bits + Algebra.levels(Saturating.add(algebra.limit(of: count), 1))
            state.cost += count * Int(MachineCosts.element)
            if bits > 256 {
                let total = Number(bits: bits, low: nil, high: nil)
                state.cost += count * Int(NumericCosts.linear(total.limbs, number.limbs))
            }
            state.registers[a] = integer(
                bits: bits, low: number.low == nil ? nil : 0,
                term: algebra.operation(.listSum, [list.term]))
        case .listContains:
            let list = value(b, state)
            let element = element(list, type(b))
            state.cost += algebra.product(count(list, type(b)), shapes.comparing(element.shape, element.type))
            state.registers[a] = plain(algebra.operation(.listContains, [list.term, value(c, state).term]))
        case .listSort, .listOrder, .listRanks: sort(opcode, instruction, &state)
        default:
            let weights = value(c, state)
            let total = number(value(b, state))
            state.cost += splitting(total, weights, type(c))
            let part = Shape.integer(Number(bits: min(256, total.bits), low: 0, high: nil))
            let term = followed([value(b, state).term, weights.term]) { Self.parts(of: $0[0], by: $0[1]) }
            state.registers[a] = made(.list(count: count(weights, type(c)), element: part), term: term)
        }
    }

    private func sort(_ opcode: Opcode, _ instruction: Instruction, _ state: inout PathState) {
        let list = value(instruction.b, state)
        let (count, element) = (count(list, type(instruction.b)), element(list, type(instruction.b)))
        let number = elementNumber(list, element.shape)
        let levels = count.isConstant
            ? Polynomial(Algebra.levels(count.constant)) : algebra.polynomial(.levels(count))
        state.cost += algebra.product(count, (levels + 2) * Int(MachineCosts.comparison))
        state.cost += ShapeCosts.list(capacity: count, algebra)
        if number.isWide {
            state.cost += algebra.product(count, levels) * (Int(NumericCosts.perLimb) * number.limbs)
        }
        let index = Number(bits: 32, low: 0, high: count)
        let term = followed([list.term]) {
            Self.sorted($0[0], opcode, isDescending: instruction.immediate & 1 == 1)
        }
        state.registers[instruction.a] = made(
            .list(count: count, element: opcode == .listSort ? element.shape : .integer(index)), term: term)
    }

    /// Gas of a division of `total` by weights.
    func splitting(_ total: Number, _ weights: AbstractValue, _ type: TypeIndex) -> Polynomial {
        let (count, element) = (count(weights, type), element(weights, type))
        let weight = elementNumber(weights, element.shape)
        let bits = weight.bits + Algebra.levels(Saturating.add(algebra.limit(of: count), 1))
        let sum = Number(bits: bits, low: nil, high: nil)
        let each = 2 * linear(sum, weight) + productQuotient(total, sum, sum) + linear(total, total)
        return count * (Int(MachineCosts.part) + each) + ShapeCosts.list(capacity: count, algebra)
    }

    /// Each index takes a word, of which a hash gives four. A word is passed over with a chance below 2^-32; four such
    /// words are allowed for.
    func drawIndices(_ instruction: Instruction, _ state: inout PathState) {
        let (population, wanted) = (value(instruction.c, state), value(Int(instruction.immediate) & 255, state))
        let most = Polynomial(MachineLimits.listElements)
        let limits = [size(population.term, state), size(wanted.term, state)].compactMap { $0 }
        let count = limits.reduce(most) { algebra.minimum($1, $0) }
        let table = algebra.maximum(count, Polynomial(1)) * 8
        let hashes = (algebra.share(count, 4) + 1) * Int(MachineCosts.keyHash)
        state.cost += count * Int(MachineCosts.drawnIndex) + ShapeCosts.list(capacity: count, algebra)
        state.cost += table + hashes
        let index = Number(bits: 32, low: 0, high: nil)
        state.registers[instruction.a] = made(.list(count: count, element: .integer(index)))
    }
}
