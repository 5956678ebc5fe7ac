import Bytecode
import Machine
import Numerics
import Tensors
import Verifier

// Instructions that go on to the next one. Their base costs are paid with their block; what is added here is what the
// machine charges beside them.
extension FunctionAnalysis {
    func execute(
        _ opcode: Opcode, _ instruction: Instruction, _ state: inout PathState
    ) throws(Unbounded) {
        let (a, b, c) = (instruction.a, instruction.b, instruction.c)
        let immediate = Int(instruction.immediate)
        switch opcode {
        case .jump, .branchTrue, .branchFalse, .branchLess, .branchLessOrEqual, .branchEqual, .branchNotEqual, .loop,
            .call, .`return`, .returnNothing, .fail, .failBuiltin, .tryCall, .tryLocal:
            throw Unbounded(reason: "control out of place")

        case .loadInteger:
            let bits = max(1, Int.bitWidth - immediate.magnitude.leadingZeroBitCount)
            state.registers[a] = integer(
                bits: bits, low: immediate, high: Polynomial(immediate), term: algebra.term(.integer(immediate)))
        case .loadBoolean: state.registers[a] = plain(algebra.term(.boolean(immediate != 0)))
        case .loadConstant: state.registers[a] = constant(immediate, type(a))
        case .move: move(a, b, &state)
        case .add, .subtract, .multiply, .addImmediate, .multiplyImmediate, .divide, .modulo, .moduloImmediate,
            .negate, .absolute, .minimum, .maximum, .mulDiv, .mulMod, .exp, .checkSigned, .checkUnsigned, .addSigned,
            .addUnsigned, .subtractSigned, .subtractUnsigned, .multiplySigned, .multiplyUnsigned, .ln, .log2, .sqrt, .pow,
            .isqrt:
            arithmetic(opcode, instruction, &state)
        case .less, .lessOrEqual, .equalInteger:
            let (left, right) = (value(b, state), value(c, state))
            if number(left).isWide || number(right).isWide { state.cost += Int(MachineCosts.wideComparison) }
            state.registers[a] = plain(algebra.operation(opcode, [left.term, right.term]))
        case .equalBoolean, .equalBytes32:
            state.registers[a] = plain(algebra.operation(opcode, [value(b, state).term, value(c, state).term]))
        case .not: state.registers[a] = plain(algebra.operation(.not, [value(b, state).term]))
        case .equalValue:
            let (left, right) = (value(b, state), value(c, state))
            let costs = (shapes.comparing(left.shape, immediate), shapes.comparing(right.shape, immediate))
            state.cost += costs.1.isConstant ? costs.1 : costs.0
            state.registers[a] = plain(algebra.operation(.equalValue, [left.term, right.term]))

        case .newObject, .getField, .setField, .copyObject, .tag, .getPayload:
            try object(opcode, instruction, &state)
        case .newList, .listCount, .listGet, .listSet, .listAppend, .listRepeat, .listSum, .listContains, .listSort,
            .listOrder, .listRanks, .splitAmount:
            try list(opcode, instruction, &state)
        case .byteCount, .byteGet, .byteSlice, .byteConcatenate, .encodeValue, .integerToBytes, .integerFromBytes,
            .hashValue, .sha256, .verifySignature, .verifyVRF, .commitment:
            bytes(opcode, instruction, &state)

        case .caller: state.registers[a] = plain(algebra.term(.caller))
        case .selfAddress: state.registers[a] = plain(algebra.term(.contract))
        case .chain: state.registers[a] = plain(algebra.term(.chain))
        case .height: state.registers[a] = integer(bits: 63, low: 0, term: algebra.term(.height))
        case .assetID:
            state.cost += resolveAsset(immediate, &state)
            state.registers[a] = plain(algebra.term(.asset(immediate)))

        case .stateGet, .stateFind, .statePut, .stateContains, .stateRemove, .stateCount, .stateKeyAt, .vaultPut,
            .vaultTake, .vaultTakeAll, .vaultAmount, .sealCommit, .sealReveal:
            access(opcode, instruction, &state)
        case .tokenAmount, .tokenTake, .tokenJoin, .tokenEmpty, .tokenClose, .mint, .burn, .send, .tokenSplit,
            .tokenListNext, .tokenListClose, .tokenListCount:
            token(opcode, instruction, &state)
        case .roundOpen, .roundPhase, .roundEntered, .roundLeave, .phaseGuard: round(opcode, instruction, &state)
        case .interfaceCall: callMethod(immediate, a, contract: b, &state, isTry: false)
        case .toInterface:
            let source = value(b, state)
            state.cost += meetContract(source.term, &state) + Int(MachineCosts.interfaceCheck)
            state.registers[a] = source
        case .emit:
            let parameters = module.events[immediate].parameters
            var kept = Polynomial(MachineCosts.eventBytes)
            for (offset, field) in parameters.enumerated() {
                let value = value(a + offset, state)
                state.cost += encoding(value, field.type)
                kept += encodedBytes(value, field.type)
            }
            state.cost += kept * Int(MachineCosts.receiptByte)
        case .blockRandomness: state.registers[a] = plain(algebra.fresh())
        case .drawIndices: drawIndices(instruction, &state)
        case .tensorMatmul, .tensorAdd, .tensorRequantize, .tensorRelu, .tensorArgmax, .tensorCountEqual, .tensorAt,
            .tensorSize:
            tensor(opcode, instruction, &state)
        }
    }

    private func constant(_ index: Int, _ type: TypeIndex) -> AbstractValue {
        var term = algebra.term(.constant(index))
        if isFollowing, case .bytes(let bytes) = module.constants[index] {
            if case .text = module.types[type] {
                term = algebra.literal(.text(String(decoding: bytes, as: UTF8.self)))
            } else {
                term = algebra.literal(.bytes(bytes))
            }
        }
        switch module.constants[index] {
        case .integer(let number):
            let bits = max(1, 64 * number.magnitudeLimbs.count)
            guard let small = Saturating.exact(number) else {
                return integer(bits: bits, low: number.isNegative ? nil : 0, term: term)
            }
            return integer(
                bits: bits, low: small, high: Polynomial(small), term: algebra.term(.integer(small)))
        case .bytes32: return plain(term)
        case .bytes(let bytes): return AbstractValue(term: term, shape: .bytes(Polynomial(bytes.count)))
        case .tensor(_, let dimensions, _):
            return AbstractValue(term: term, shape: .tensor(dimensions.map { Polynomial($0) }))
        }
    }

    /// A result goes to its place and is not looked at again; anything else has two names then.
    private func move(_ a: Int, _ b: Int, _ state: inout PathState) {
        var moved = value(b, state)
        if moved.isResult {
            moved.isResult = false
            state.registers[b] = nil
        }
        state.registers[a] = moved
    }

    // MARK: Integers

    private func arithmetic(_ opcode: Opcode, _ instruction: Instruction, _ state: inout PathState) {
        let (a, b, c) = (instruction.a, instruction.b, instruction.c)
        let immediate = Int(instruction.immediate)
        let small = Number(bits: 32, low: immediate, high: Polynomial(immediate))
        func operand(_ register: Int) -> (Number, TermID) {
            let value = value(register, state)
            var number = number(value)
            if number.high == nil { number.high = state.highs[value.term] }
            return (number, value.term)
        }
        func define(
            _ bits: Int, _ low: Int?, _ high: Polynomial?, _ opcode: Opcode, _ terms: [TermID], immediate: Int = 0
        ) {
            state.registers[a] = integer(
                bits: bits, low: low, high: high,
                term: algebra.operation(opcode, terms, immediate: immediate))
        }
        func low(_ first: Int?, _ second: Int?, _ join: (Int, Int) -> Int) -> Int? {
            if let first, let second { join(first, second) } else { nil }
        }
        func sum(_ left: Number, _ right: Number) -> Polynomial? {
            if let first = left.high, let second = right.high { algebra.condensed(first + second) } else { nil }
        }
        func checked(_ value: AbstractValue) {
            var number = number(value)
            number.bits = min(number.bits, immediate)
            let isUnsigned =
                opcode == .addUnsigned || opcode == .subtractUnsigned || opcode == .multiplyUnsigned
                || opcode == .checkUnsigned
            if isUnsigned { number.low = max(0, number.low ?? 0) }
            var result = value
            result.shape = .integer(number)
            state.registers[a] = result
        }
        switch opcode {
        case .add, .addSigned, .addUnsigned:
            let ((left, one), (right, other)) = (operand(b), operand(c))
            state.cost += linear(left, right)
            define(
                max(left.bits, right.bits) + 1, low(left.low, right.low, Saturating.add), sum(left, right), .add,
                [one, other])
        case .subtract, .subtractSigned, .subtractUnsigned:
            let ((left, one), (right, other)) = (operand(b), operand(c))
            state.cost += linear(left, right)
            let high = left.high.flatMap { high in right.low.map { high + (-$0) } }
            var least: Int?
            if let low = left.low, let high = right.high, high.isConstant { least = Saturating.add(low, -high.constant) }
            define(max(left.bits, right.bits) + 1, least, high, .subtract, [one, other])
        case .addImmediate:
            let (left, one) = operand(b)
            state.cost += linear(left, small)
            define(
                max(left.bits, 32) + 1, low(left.low, immediate, Saturating.add), left.high.map { $0 + immediate },
                .addImmediate, [one], immediate: immediate)
        case .multiply, .multiplySigned, .multiplyUnsigned, .multiplyImmediate:
            let (left, one) = operand(b)
            let (right, other) =
                opcode == .multiplyImmediate ? (small, algebra.term(.integer(immediate))) : operand(c)
            state.cost += product(left, right)
            let isPositive = (left.low ?? -1) >= 0 && (right.low ?? -1) >= 0
            var high: Polynomial?
            if isPositive, let first = left.high, let second = right.high { high = algebra.product(first, second) }
            define(
                left.bits + right.bits, isPositive ? low(left.low, right.low, Saturating.multiply) : nil, high, .multiply,
                [one, other])
        case .divide:
            let ((left, one), (right, other)) = (operand(b), operand(c))
            if left.isWide || right.isWide { state.cost += quotient(left.limbs, right.limbs) }
            let isPositive = (left.low ?? -1) >= 0 && (right.low ?? -1) >= 0
            // However it is rounded, a quotient of integers is no larger than the dividend.
            define(
                left.bits, isPositive ? 0 : nil, isPositive ? left.high : nil, .divide, [one, other],
                immediate: immediate)
        case .modulo:
            let ((left, one), (right, other)) = (operand(b), operand(c))
            if left.isWide || right.isWide { state.cost += quotient(left.limbs, right.limbs) }
            let isPositive = (right.low ?? -1) >= 0
            define(right.bits, isPositive ? 0 : nil, isPositive ? right.high : nil, .modulo, [one, other])
        case .moduloImmediate:
            let (left, one) = operand(b)
            if left.isWide { state.cost += quotient(left.limbs, 1) }
            define(32, 0, Polynomial(immediate - 1), .moduloImmediate, [one], immediate: immediate)
        case .negate, .absolute:
            let (left, one) = operand(b)
            if left.isWide { state.cost += Int(NumericCosts.linear(left.limbs, 0)) }
            define(left.bits, opcode == .absolute ? 0 : nil, nil, opcode, [one])
        case .minimum, .maximum:
            let ((left, one), (right, other)) = (operand(b), operand(c))
            if left.isWide || right.isWide { state.cost += Int(MachineCosts.wideComparison) }
            var high: Polynomial?
            if let first = left.high, let second = right.high {
                high = opcode == .minimum ? algebra.minimum(first, second) : algebra.maximum(first, second)
            } else if opcode == .minimum {
                high = left.high ?? right.high
            }
            let least =
                opcode == .minimum
                ? low(left.low, right.low, min) : (left.low.map { max($0, right.low ?? $0) } ?? right.low)
            define(max(left.bits, right.bits), least, high, opcode, [one, other])
        case .mulDiv, .mulMod:
            let ((left, one), (right, other)) = (operand(b), operand(c))
            let (divisor, last) = operand(immediate & 255)
            state.cost += productQuotient(left, right, divisor)
            let isPositive = (left.low ?? -1) >= 0 && (right.low ?? -1) >= 0 && (divisor.low ?? -1) >= 0
            let bits = opcode == .mulDiv ? Self.quotientBits(left, right, divisor) : divisor.bits
            let rounding = opcode == .mulDiv ? immediate >> 8 : 0
            define(bits, isPositive ? 0 : nil, nil, opcode, [one, other, last], immediate: rounding)
        case .exp, .sqrt, .pow: state.registers[a] = integer(bits: 256, low: 0)
        case .ln, .log2: state.registers[a] = integer(bits: 256, low: nil)
        case .isqrt:
            let (left, one) = operand(b)
            if left.isWide { state.cost += Int(NumericCosts.squareRoot(left.limbs)) }
            // No root of an integer is larger than the integer.
            define((left.bits + 1) / 2 + 1, 0, left.high, .isqrt, [one])
        case .checkSigned, .checkUnsigned: checked(value(a, state))
        default: break
        }
        switch opcode {
        case .addSigned, .addUnsigned, .subtractSigned, .subtractUnsigned, .multiplySigned, .multiplyUnsigned:
            checked(value(a, state))
        default: break
        }
    }

    /// Bits of a product divided: a factor from 0 to the divisor makes nothing larger.
    private static func quotientBits(_ left: Number, _ right: Number, _ divisor: Number) -> Int {
        guard let least = divisor.low, least > 0 else { return left.bits + right.bits }
        func isFraction(_ factor: Number) -> Bool {
            guard let low = factor.low, low >= 0, let high = factor.high else { return false }
            return high.isConstant && high.constant <= least
        }
        if isFraction(right) { return left.bits }
        if isFraction(left) { return right.bits }
        // Rounded away from zero it may be one, however small the product.
        return max(2, left.bits + right.bits - (Int.bitWidth - least.leadingZeroBitCount) + 2)
    }

    // MARK: Objects

    private func object(
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

    private func list(
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
                .list(count: .zero, element: isInteger ? none : .any), term: isFollowing ? algebra.literal(.list([])) : nil,
                isAmortized: true)
        case .listCount:
            let list = value(b, state)
            let term = algebra.operation(.listCount, [list.term])
            state.registers[a] = integer(bits: 32, low: 0, high: count(list, type(b)), term: term)
        case .listGet:
            let list = value(b, state)
            let term = algebra.operation(.listGet, [list.term, value(c, state).term])
            state.registers[a] = part(element(list, type(b)).shape, term, a)
        case .listSet:
            var list = try beginChange(a, &state)
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
            var count = high(of: number.term, state) ?? Polynomial(capacity)
            if !count.isCovered(by: Polynomial(capacity)) { count = algebra.minimum(count, Polynomial(capacity)) }
            state.cost += ShapeCosts.list(capacity: count, algebra)
            let term = followed([content.term, number.term]) { Self.repeating($0[0], count: $0[1]) }
            state.registers[a] = made(.list(count: count, element: content.shape), term: term)
        case .listSum:
            let list = value(b, state)
            let (count, element) = (count(list, type(b)), element(list, type(b)))
            let number = number(AbstractValue(term: list.term, shape: element.shape))
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
        let number = number(AbstractValue(term: list.term, shape: element.shape))
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
        let weight = number(AbstractValue(term: weights.term, shape: element.shape))
        let bits = weight.bits + Algebra.levels(Saturating.add(algebra.limit(of: count), 1))
        let sum = Number(bits: bits, low: nil, high: nil)
        let each = 2 * linear(sum, weight) + productQuotient(total, sum, sum) + linear(total, total)
        return count * (Int(MachineCosts.part) + each) + ShapeCosts.list(capacity: count, algebra)
    }

    /// Each index takes a word, of which a hash gives four. A word is passed over with a chance below 2^-32; four such
    /// words are allowed for.
    private func drawIndices(_ instruction: Instruction, _ state: inout PathState) {
        let (population, wanted) = (value(instruction.c, state), value(Int(instruction.immediate) & 255, state))
        let most = Polynomial(MachineLimits.listElements)
        let limits = [high(of: population.term, state), high(of: wanted.term, state)].compactMap { $0 }
        let count = limits.reduce(most) { algebra.minimum($1, $0) }
        let table = algebra.maximum(count, Polynomial(1)) * 8
        let hashes = (algebra.share(count, 4) + 1) * Int(MachineCosts.keyHash)
        state.cost += count * Int(MachineCosts.drawnIndex) + ShapeCosts.list(capacity: count, algebra)
        state.cost += table + hashes
        let index = Number(bits: 32, low: 0, high: nil)
        state.registers[instruction.a] = made(.list(count: count, element: .integer(index)))
    }

    // MARK: Bytes and hashes

    private func bytes(_ opcode: Opcode, _ instruction: Instruction, _ state: inout PathState) {
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
        let keyType = module.rounds[descriptor.round].key
        let key = value(keys, state)
        // Domain, chain, contract, author and salt, and the name with its count.
        let fixed = 11 + 4 * 32 + ShapeCosts.countBytes(descriptor.name.utf8.count) + descriptor.name.utf8.count
        return encoding(key, keyType) + encoding(content, descriptor.value) + encodedBytes(key, keyType)
            + encodedBytes(content, descriptor.value) + fixed
    }

    // MARK: Tensors

    private func tensor(_ opcode: Opcode, _ instruction: Instruction, _ state: inout PathState) {
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
