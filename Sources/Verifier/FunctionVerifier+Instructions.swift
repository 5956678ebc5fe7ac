import Bytecode

extension FunctionVerifier {
    /// Checks one instruction and applies what it does to the state.
    mutating func check(_ instruction: Instruction, _ opcode: Opcode) throws(VerificationError) {
        let row = OpcodeTable[opcode]
        try checkImmediate(instruction, row)
        let operands = [(row.a, instruction.a), (row.b, instruction.b), (row.c, instruction.c)]
        for (role, register) in operands {
            switch role {
            case .none: try require(register == 0, "an operand that must be zero")
            case .use(let wanted), .modify(let wanted):
                try checkClass(register, wanted)
                try use(register)
            case .consume(let wanted):
                try checkClass(register, wanted)
                try take(register)
            case .define(let wanted): try checkClass(register, wanted)
            case .base, .caseIndex: break
            }
        }
        if function.isReadOnly, Self.changesState(opcode) {
            throw refuse(.readOnly, "a read-only function cannot do \(opcode)")
        }
        try checkTypes(instruction, opcode)
        for case (.define, let register) in operands { try define(register) }
    }

    private static func changesState(_ opcode: Opcode) -> Bool {
        switch opcode {
        case .statePut, .stateRemove, .vaultPut, .vaultTake, .vaultTakeAll, .mint, .burn, .send, .sealCommit,
            .sealReveal, .roundOpen, .roundLeave, .emit:
            true
        default: false
        }
    }

    private func checkClass(_ register: Int, _ wanted: OperandClass) throws(VerificationError) {
        let kind = try prepared(register).kind
        let isRight: Bool
        switch wanted {
        case .any: isRight = true
        case .integer: isRight = kind == .integer
        case .boolean: isRight = kind == .boolean
        case .bytes32: isRight = kind == .bytes32
        case .list: isRight = kind == .list
        case .structure: isRight = kind == .structure
        case .variant: isRight = kind == .enumeration || kind == .option
        case .option: isRight = kind == .option
        case .object: isRight = kind == .structure || kind == .enumeration || kind == .option
        case .bytes: isRight = kind == .bytes || kind == .text
        case .tensor: isRight = kind == .tensor
        case .token: isRight = kind == .token
        case .tokenList: isRight = kind == .tokenList
        case .copyable: isRight = kind != .token && kind != .tokenList
        }
        try require(isRight, "register \(register) is not of class \(wanted.rawValue)")
    }

    private mutating func checkImmediate(_ instruction: Instruction, _ row: OpcodeRow) throws(VerificationError) {
        let value = Int(instruction.immediate)
        func within(_ count: Int) throws(VerificationError) {
            guard value >= 0, value < count else {
                throw refuse(.index, "there is no \(row.immediate.rawValue) \(value)")
            }
        }
        switch row.immediate {
        case .none: try require(value == 0, "an immediate that must be zero")
        case .immediate, .offset: break
        case .constant: try within(module.constants.count)
        case .type: try within(module.types.count)
        case .field: try within(256)
        case .function: try within(module.functions.count)
        case .error: try within(module.errors.count)
        case .builtinError:
            try within(BuiltinFailure.allCases.count)
            let failure = BuiltinFailure(rawValue: UInt8(value))
            try require(
                failure != .damagedState && failure != .conservationViolated && failure != .booksUnbalanced,
                "a failure that only the machine can find")
        case .slot: try within(module.slots.count)
        case .asset: try within(module.assets.count)
        case .sealed: try within(module.sealed.count)
        case .event: try within(module.events.count)
        case .interface: try within(module.interfaces.count)
        case .axis: try within(4)
        case .rounding: try require((0...3).contains(value), "no rounding \(value)")
        case .direction: try require((0...1).contains(value), "no direction \(value)")
        case .byteOrder: try require((0...255).contains(value) && value & 127 <= 64, "no byte order \(value)")
        case .register:
            try require((0...255).contains(value), "a register in the immediate")
            try use(value)
        case .registerRounding:
            try require(value >> 8 >= 0 && value >> 8 <= 3, "no rounding \(value >> 8)")
            try use(value & 255)
        case .wideBits: try require((64...4_096).contains(value), "a width of \(value) bits")
        case .bits: try require((1...4_096).contains(value), "a width of \(value) bits")
        case .phases:
            let round = value >> 16 & 0xFFFF
            guard module.rounds.indices.contains(round) else { throw refuse(.index, "there is no round \(round)") }
        case .round: try within(module.rounds.count)
        case .roundPhase:
            let (round, phase) = (value >> 16, value & 0xFFFF)
            guard module.rounds.indices.contains(round), module.rounds[round].phases.indices.contains(phase) else {
                throw refuse(.index, "there is no phase \(phase) of round \(round)")
            }
        case .method: try within(module.imports.count)
        case .methodOffset:
            guard module.imports.indices.contains(value & 0xFFFF) else {
                throw refuse(.index, "there is no method \(value & 0xFFFF)")
            }
        case .functionOffset:
            guard module.functions.indices.contains(value & 0xFFFF) else {
                throw refuse(.index, "there is no function \(value & 0xFFFF)")
            }
        }
    }

    private mutating func checkTypes(_ instruction: Instruction, _ opcode: Opcode) throws(VerificationError) {
        let (a, b, c) = (instruction.a, instruction.b, instruction.c)
        let immediate = Int(instruction.immediate)
        switch opcode {
        case .jump, .branchTrue, .branchFalse, .branchLess, .branchLessOrEqual, .branchEqual, .branchNotEqual, .loop,
            .failBuiltin, .loadInteger, .add, .subtract, .multiply, .addImmediate, .multiplyImmediate, .divide, .modulo,
            .negate, .absolute, .minimum, .maximum, .exp, .checkSigned, .checkUnsigned, .less, .lessOrEqual,
            .equalInteger, .equalBoolean, .not, .equalBytes32, .tag, .listCount, .byteCount, .byteGet, .height,
            .tokenAmount,
            .tokenClose, .send, .tokenListClose, .tokenListCount, .tensorSize, .tensorCountEqual, .sha256, .burn,
            .addSigned, .addUnsigned, .subtractSigned, .subtractUnsigned, .multiplySigned, .multiplyUnsigned,
            .ln, .log2, .sqrt, .pow, .isqrt:
            try checkSpecialRanges(instruction, opcode)
        case .call: try call(immediate, base: a)
        case .tryLocal: try attempt(immediate & 0xFFFF, base: a, otherwise: word + immediate >> 16)
        case .`return`:
            guard let result = function.result else {
                throw refuse(.operand, "a function without a result returns one")
            }
            try fits(a, result)
            try take(a)
        case .returnNothing: try require(function.result == nil, "a function with a result returns none")
        case .fail: try takeRun(a, module.errors[immediate].parameters.map(\.type))
        case .loadBoolean: try require(immediate == 0 || immediate == 1, "neither true nor false")
        case .loadConstant: try checkConstant(immediate, a)
        case .move:
            try accepts(a, try type(b))
            try take(b)
        case .moduloImmediate: try require(immediate > 0, "a modulus that is not positive")
        case .mulDiv, .mulMod:
            try require(try prepared(immediate & 255).kind == .integer, "a register that is no integer")
        case .equalValue:
            let (left, right) = (try type(b), try type(c))
            try require(types.fits(left, right) || types.fits(right, left), "values of different types")
        case .newObject, .getField, .setField, .copyObject, .getPayload, .newList, .listGet, .listSet, .listAppend,
            .listRepeat, .listSum, .listContains, .listSort, .listOrder, .listRanks, .splitAmount:
            try checkObject(instruction, opcode)
        case .byteSlice:
            try require(try prepared(immediate).kind == .integer, "a register that is no integer")
            try require(try prepared(a).kind == (try prepared(b).kind), "bytes and text are mixed")
        case .byteConcatenate:
            let kinds = (try prepared(a).kind, try prepared(b).kind, try prepared(c).kind)
            try require(kinds.0 == kinds.1 && kinds.0 == kinds.2, "bytes and text are mixed")
        case .hashValue, .caller, .selfAddress, .chain, .assetID, .blockRandomness: try producesBytes32(a)
        case .drawIndices:
            try requireIntegers(a)
            try require(try prepared(immediate).kind == .integer, "a register that is no integer")
        case .encodeValue: try require(try prepared(a).kind == .bytes, "an encoding is bytes")
        case .integerToBytes:
            try require(try prepared(a).kind == .bytes, "an integer's bytes are bytes")
            try require((1...64).contains(immediate & 127), "\(immediate & 127) bytes")
        case .integerFromBytes:
            let source = try prepared(b)
            try require(source.kind == .bytes && source.capacity <= 64, "more than 64 bytes")
            try require(immediate & 127 == 0, "a count where the operand tells")
        case .verifySignature: try takeKinds(b, [.bytes32, .bytes, .bytes])
        case .verifyVRF:
            let option = try prepared(a)
            let wrapped = types.prepared[Int(option.first)]
            try require(wrapped.kind == .bytes32 && wrapped.first < 0, "the result is an optional hash")
            try takeKinds(b, [.bytes32, .bytes, .bytes])
        case .commitment, .sealCommit, .sealReveal: try checkSeal(instruction, opcode)
        case .roundOpen, .roundPhase, .roundEntered, .roundLeave, .phaseGuard: try checkRound(instruction, opcode)
        case .stateGet, .stateFind, .statePut, .stateContains, .stateRemove, .stateCount, .stateKeyAt, .vaultPut,
            .vaultTake, .vaultTakeAll, .vaultAmount:
            try checkState(instruction, opcode)
        case .tokenTake: try require(try sameAsset(a, b) && a != b, "tokens of two assets, or a token out of itself")
        case .tokenJoin: try require(try sameAsset(a, b) && a != b, "tokens of two assets, or a token into itself")
        case .tokenEmpty: try require(Int(try prepared(a).first) == immediate, "a token of another asset")
        case .mint:
            try require(Int(try prepared(a).first) == immediate, "a token of another asset")
            try require(module.assets[immediate].origin == .issued, "minting an asset that is not issued here")
        case .tokenSplit:
            try require(try sameAsset(a, b), "tokens of two assets")
            try requireIntegers(c)
        case .tokenListNext: try require(try sameAsset(a, b), "tokens of two assets")
        case .interfaceCall, .tryCall: try checkInterfaceCall(instruction, opcode)
        case .toInterface: try require(Int(try prepared(a).first) == immediate, "another interface")
        case .emit: try takeRun(a, module.events[immediate].parameters.map(\.type))
        case .tensorMatmul, .tensorAdd, .tensorRequantize, .tensorRelu, .tensorArgmax, .tensorAt:
            try checkTensor(instruction, opcode)
        }
    }

    private func checkSpecialRanges(_ instruction: Instruction, _ opcode: Opcode) throws(VerificationError) {
        switch opcode {
        case .sha256: try producesBytes32(instruction.a)
        case .burn:
            let asset = Int(try prepared(instruction.a).first)
            try require(module.assets[asset].origin == .issued, "burning an asset that is not issued here")
        case .tensorSize:
            let rank = Int(try prepared(instruction.b).rank)
            try require(Int(instruction.immediate) < rank, "an axis past the rank")
        case .tensorCountEqual:
            let (left, right) = (try prepared(instruction.b), try prepared(instruction.c))
            let pair = (left.elementBytes, right.elementBytes)
            try require(
                left.rank == right.rank && (pair == (1, 1) || pair == (4, 4) || pair == (4, 1)),
                "tensors that cannot be compared")
        default: break
        }
    }

    func producesBytes32(_ register: Int) throws(VerificationError) {
        let type = try prepared(register)
        try require(type.kind == .bytes32 && type.first < 0, "an interface comes from `toInterface` only")
    }

    private mutating func takeKinds(_ base: Int, _ kinds: [PreparedType.Kind]) throws(VerificationError) {
        for (offset, kind) in kinds.enumerated() {
            try require(try prepared(base + offset).kind == kind, "register \(base + offset) has another type")
            try use(base + offset)
        }
    }

    private func sameAsset(_ left: Int, _ right: Int) throws(VerificationError) -> Bool {
        try prepared(left).first == (try prepared(right).first)
    }

    func requireIntegers(_ list: Int) throws(VerificationError) {
        let type = try prepared(list)
        try require(
            type.kind == .list && types.prepared[Int(type.first)].kind == .integer, "a list of integers is wanted")
    }

    private func checkConstant(_ constant: Int, _ register: Int) throws(VerificationError) {
        let type = try prepared(register)
        switch module.constants[constant] {
        case .integer: try require(type.kind == .integer, "an integer in a register of another type")
        case .bytes32: try producesBytes32(register)
        case .bytes(let bytes):
            let isText = type.kind == .text
            try require(
                (type.kind == .bytes || isText) && bytes.count <= Int(type.capacity)
                    && (!isText || texts[constant]),
                "bytes that do not fit the register")
        case .tensor(let element, let dimensions, _):
            try require(
                type.kind == .tensor && Int(type.elementBytes) == element.byteCount
                    && Int(type.rank) == dimensions.count,
                "a tensor that does not fit the register")
        }
    }
}
