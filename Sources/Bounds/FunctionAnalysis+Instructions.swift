import Bytecode
import Machine
import Numerics
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
            .addUnsigned, .subtractSigned, .subtractUnsigned, .multiplySigned, .multiplyUnsigned, .ln, .log2, .sqrt,
            .pow, .isqrt:
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
}
