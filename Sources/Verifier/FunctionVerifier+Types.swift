import Bytecode

extension FunctionVerifier {
    // MARK: Objects

    mutating func checkObject(_ instruction: Instruction, _ opcode: Opcode) throws(VerificationError) {
        let (a, b, c) = (instruction.a, instruction.b, instruction.c)
        let immediate = Int(instruction.immediate)
        switch opcode {
        case .newObject:
            try require(types.digests[try type(a)] == types.digests[immediate], "an object of another type")
            try takeRun(b, try parts(of: immediate, case: c))
        case .getField:
            let fields = try parts(of: try type(b), case: 0)
            try require(immediate < fields.count, "there is no field \(immediate)")
            try accepts(a, fields[immediate])
        case .setField:
            let fields = try parts(of: try type(a), case: 0)
            try require(immediate < fields.count, "there is no field \(immediate)")
            try fits(b, fields[immediate])
        case .copyObject:
            switch try prepared(b).kind {
            case .list, .structure, .enumeration, .option: try accepts(a, try type(b))
            default: throw refuse(.operand, "only lists, structs, enums and options are copied")
            }
        case .getPayload:
            let payload = try parts(of: try type(b), case: c)
            try require(immediate < payload.count, "there is no payload \(immediate)")
            try accepts(a, payload[immediate])
        case .newList:
            try require(types.prepared[immediate].kind == .list, "a list type is wanted")
            try accepts(a, immediate)
        case .listGet: try accepts(a, Int(try prepared(b).first))
        case .listSet: try fits(c, Int(try prepared(a).first))
        case .listAppend: try fits(b, Int(try prepared(a).first))
        case .listRepeat:
            try require(types.prepared[immediate].kind == .list, "a list type is wanted")
            try accepts(a, immediate)
            try fits(b, Int(types.prepared[immediate].first))
        case .listSum: try requireIntegers(b)
        case .listContains: try fits(c, Int(try prepared(b).first))
        case .listSort:
            try requireIntegers(b)
            try accepts(a, try type(b))
        case .listOrder, .listRanks:
            try requireIntegers(b)
            try requireIntegers(a)
            try require(try prepared(a).capacity >= (try prepared(b).capacity), "a list of less capacity")
        case .splitAmount:
            try requireIntegers(a)
            try requireIntegers(c)
            try require(try prepared(a).capacity >= (try prepared(c).capacity), "a list of less capacity")
        default: break
        }
    }

    /// The types of a struct's fields, or of the payload of a case.
    private func parts(of type: Int, case index: Int) throws(VerificationError) -> [Int] {
        let prepared = types.prepared[type]
        switch prepared.kind {
        case .structure:
            try require(index == 0, "a struct has no cases")
            return types.children[Int(prepared.first)..<Int(prepared.first + prepared.count)].map { Int($0) }
        case .option:
            try require(index <= 1, "an option has two cases")
            return index == 0 ? [] : [Int(prepared.first)]
        case .enumeration:
            try require(index < Int(prepared.count), "there is no case \(index)")
            let range = types.cases[Int(prepared.first) + index]
            return types.children[Int(range.first)..<Int(range.first + range.count)].map { Int($0) }
        default: throw refuse(.operand, "a struct, enum or option is wanted")
        }
    }

    // MARK: State

    mutating func checkState(_ instruction: Instruction, _ opcode: Opcode) throws(VerificationError) {
        let (a, b) = (instruction.a, instruction.b)
        let index = Int(instruction.immediate)
        let slot = module.slots[index]
        let isVault = if case .vault = slot.kind { true } else { false }
        let isSealed: Bool
        switch slot.kind {
        case .plain, .vault, .phase: isSealed = false
        case .sealedCommitment, .sealedValue: isSealed = true
        }
        let isPhase = if case .phase = slot.kind { true } else { false }
        var keys = slot.keys
        switch opcode {
        case .stateGet, .statePut:
            try require(
                slot.kind == .plain || isPhase && opcode == .stateGet,
                "a vault, a sealed value or a phase is not read or written like this")
            if opcode == .stateGet { try accepts(a, slot.type) } else { try fits(a, slot.type) }
        case .stateFind:
            let option = try prepared(a)
            try require(!isVault && types.fits(slot.type, Int(option.first)), "an option of another type")
        case .stateContains: break
        case .stateRemove:
            try require(!isSealed && !isPhase, "a sealed value or a phase is not removed")
            let isBinding = module.assets.contains { $0.origin == .bound(slot: index) }
            try require(!isBinding, "the id of an asset is not removed")
        case .stateCount:
            try require(slot.capacity != nil, "slot \(index) cannot be iterated")
            keys.removeLast()
        case .stateKeyAt:
            try require(slot.capacity != nil, "slot \(index) cannot be iterated")
            try accepts(a, keys.removeLast())
        case .vaultPut, .vaultTake, .vaultTakeAll:
            guard case .vault(let asset) = slot.kind else { throw refuse(.operand, "slot \(index) is no vault") }
            try require(Int(try prepared(a).first) == asset, "a token of another asset")
        default: try require(isVault, "slot \(index) is no vault")
        }
        try takeRun(b, keys)
    }

    // MARK: Phases and seals

    /// Phases are the machine's: these instructions alone write what is stored of them.
    mutating func checkRound(_ instruction: Instruction, _ opcode: Opcode) throws(VerificationError) {
        let (a, b) = (instruction.a, instruction.b)
        let immediate = Int(instruction.immediate)
        switch opcode {
        case .roundOpen:
            let round = module.rounds[immediate]
            try takeRun(a, [round.key] + round.durationSlots.map { module.slots[$0].type })
        case .roundPhase: try takeRun(b, [module.rounds[immediate].key])
        case .roundEntered: try takeRun(b, [module.rounds[immediate >> 16].key])
        case .roundLeave:
            let round = module.rounds[immediate >> 16]
            guard round.phases[immediate & 0xFFFF].hasCondition else {
                throw refuse(.phase, "a phase without a condition ends by time alone")
            }
            try takeRun(a, [round.key])
        default:
            let number = immediate >> 16 & 0xFFFF
            try takeRun(b, [module.rounds[number].key])
            guard let during = function.during, number == during.round else { return }
            if immediate & 0xFFFF == 1 << during.phase { state?.insert(RegisterSet.guardIndex) }
        }
    }

    /// Author and phase are checked by the machine when it stores.
    mutating func checkSeal(_ instruction: Instruction, _ opcode: Opcode) throws(VerificationError) {
        let (a, b) = (instruction.a, instruction.b)
        let sealed = module.sealed[Int(instruction.immediate)]
        let keys = module.slots[sealed.commitmentSlot].keys
        if opcode == .commitment {
            try producesBytes32(a)
            try takeRun(b, keys + [sealed.value])
            try require(try prepared(b + 3).kind == .bytes32, "the salt is not 32 bytes")
            try use(b + 3)
            return
        }
        try takeRun(a, keys)
        if opcode == .sealReveal { try fits(b, sealed.value) }
    }

    // MARK: Calls of other contracts

    mutating func checkInterfaceCall(_ instruction: Instruction, _ opcode: Opcode) throws(VerificationError) {
        let (a, b) = (instruction.a, instruction.b)
        let number = Int(instruction.immediate) & (opcode == .tryCall ? 0xFFFF : Int.max)
        let item = module.imports[number]
        let method = module.interfaces[item.interface].methods[item.method]
        try require(Int(try prepared(b).first) == item.interface, "register \(b) is not of the method's interface")
        guard method.isView || !function.isReadOnly else {
            throw refuse(.readOnly, "a read-only function calls an action")
        }
        let parameters = method.parameters.map(\.type)
        try takeRun(a, parameters)
        if opcode == .tryCall {
            try require(try prepared(instruction.c).kind == .integer, "the gas of a call is an integer")
        }
        guard let afterTaking = state else { return }
        if let result = method.result {
            try accepts(a + parameters.count, result)
            try define(a + parameters.count)
        }
        if opcode == .tryCall {
            var failed = afterTaking
            if method.result != nil { failed.remove(a + parameters.count) }
            try jump(to: word + Int(instruction.immediate >> 16), with: failed)
        }
    }

    // MARK: Tensors

    mutating func checkTensor(_ instruction: Instruction, _ opcode: Opcode) throws(VerificationError) {
        let (a, b, c) = (try prepared(instruction.a), try prepared(instruction.b), try prepared(instruction.c))
        func shape(_ type: PreparedType, _ bytes: UInt8, rank: UInt8) -> Bool {
            type.kind == .tensor && type.elementBytes == bytes && type.rank == rank
        }
        let isRight: Bool
        switch opcode {
        case .tensorMatmul: isRight = shape(a, 4, rank: 2) && shape(b, 1, rank: 2) && shape(c, 1, rank: 2)
        case .tensorAdd:
            isRight =
                shape(a, 4, rank: b.rank) && b.elementBytes == 4 && c.elementBytes == 4
                && (c.rank == b.rank || c.rank == 1)
        case .tensorRequantize:
            let shift = try prepared(Int(instruction.immediate))
            isRight = shape(a, 1, rank: b.rank) && b.elementBytes == 4 && shift.kind == .integer
        case .tensorRelu:
            isRight = shape(a, b.elementBytes, rank: b.rank) && (b.elementBytes == 1 || b.elementBytes == 4)
        case .tensorArgmax:
            isRight = shape(a, 4, rank: max(1, b.rank - 1)) && (b.elementBytes == 1 || b.elementBytes == 4)
        default:
            for axis in 0..<Int(b.rank) {
                let register = instruction.c + axis
                try require(try prepared(register).kind == .integer, "an index that is no integer")
                try use(register)
            }
            isRight = true
        }
        try require(isRight, "tensors of other elements or ranks")
    }
}
