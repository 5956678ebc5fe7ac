import Bytecode
import Crypto
import Numerics

/// Checks a module and makes it ready to run: the only way to a `VerifiedModule`.
///
/// The compiler is not trusted. What passes cannot leave its registers, jump outside its functions, confuse types, copy
/// or lose a token, recurse, grow the stack past its bound, or change state in a view. The work is linear in the
/// module's size: it is counted, and what takes more steps than the size allows is refused (`V0115`).
///
/// - Parameter steps: the steps allowed; unless given, those that the module's size allows.
public func verify(_ module: Module, steps: Int? = nil) -> Result<VerifiedModule, VerificationError> {
    do throws(VerificationError) {
        return .success(try Preparation.verify(module, steps: steps))
    } catch {
        return .failure(error)
    }
}

/// Verification in order, and the writing of the prepared tables.
private enum Preparation {
    static func verify(_ module: Module, steps: Int?) throws(VerificationError) -> VerifiedModule {
        try TableChecks.checkCounts(module)
        var budget = VerificationBudget(module, steps: steps)
        guard budget.spend(budget.moduleSize) else {
            throw VerificationError(.budget, "the module takes too long to verify")
        }
        let memory = PreparedMemory()
        var types = try TypeTable(module, memory: memory)
        let checks = TableChecks(module: module, types: types)
        try checks.checkAll()
        let (functions, code) = try prepareFunctions(module, &types, budget: &budget)
        func range(_ list: [TypeIndex]) -> PreparedRange {
            let first = Int32(types.children.count)
            types.children += list.map { Int32($0) }
            return PreparedRange(first: first, count: Int32(list.count))
        }
        let events = module.events.map { range($0.parameters.map(\.type)) }
        let errors = module.errors.map { range($0.parameters.map(\.type)) }
        let imports = module.imports.map { item in
            let method = module.interfaces[item.interface].methods[item.method]
            return PreparedImport(
                interface: Int32(item.interface), method: Int32(item.method),
                parameters: range(method.parameters.map(\.type)), result: method.result.map { Int32($0) } ?? -1,
                isView: method.isView)
        }
        var texts: [UInt8] = []
        let sealed = module.sealed.map { item in
            let name = encodedText(item.name)
            let range = PreparedRange(first: Int32(texts.count), count: Int32(name.count))
            texts += name
            return PreparedSealed(
                round: Int32(item.round), commitPhase: Int32(item.commitPhase), revealPhase: Int32(item.revealPhase),
                commitmentSlot: Int32(item.commitmentSlot), valueSlot: Int32(item.valueSlot),
                keyType: Int32(module.rounds[item.round].key), valueType: Int32(item.value), name: range)
        }
        var phases: [PreparedPhase] = []
        let rounds = module.rounds.map { round in
            let range = PreparedRange(first: Int32(phases.count), count: Int32(round.phases.count))
            phases += round.phases.map(preparePhase)
            return PreparedRound(
                phaseSlot: Int32(round.phaseSlot), enteredSlot: Int32(round.enteredSlot), phases: range)
        }
        let prepared = PreparedModule(
            code: memory.copy(code), functions: memory.copy(functions), types: memory.copy(types.prepared),
            children: memory.copy(types.children), cases: memory.copy(types.cases),
            constants: prepareConstants(module, memory), zeros: types.zeroCells,
            slots: memory.copy(module.slots.indices.map { prepareSlot(module, types, $0) }),
            events: memory.copy(events),
            errors: memory.copy(errors), imports: memory.copy(imports), sealed: memory.copy(sealed),
            rounds: memory.copy(rounds), phases: memory.copy(phases), texts: memory.copy(texts),
            functionCount: functions.count, importCount: imports.count,
            assetCount: module.assets.count)
        return VerifiedModule(
            module: module, prepared: prepared, memory: memory, interfaceDigests: checks.interfaceDigests())
    }

    // MARK: Code

    private static func prepareFunctions(
        _ module: Module, _ types: inout TypeTable, budget: inout VerificationBudget
    ) throws(VerificationError) -> (functions: [PreparedFunction], code: [UInt64]) {
        var functions: [PreparedFunction] = []
        var code: [UInt64] = []
        var (stackRegisters, stackFrames, attempts): ([Int], [Int], [Int]) = ([], [], [])
        // Once for all the instructions that load them.
        let texts = module.constants.map { constant in
            if case .bytes(let bytes) = constant { String(validating: bytes, as: UTF8.self) != nil } else { false }
        }
        for (index, function) in module.functions.enumerated() {
            let layout = try CodeLayout(function: index, code: function.code)
            var verifier = FunctionVerifier(
                module: module, types: types, index: index, layout: layout, texts: texts,
                stackRegisters: stackRegisters, stackFrames: stackFrames, attempts: attempts)
            try verifier.run(budget: &budget)
            stackRegisters.append(verifier.neededRegisters)
            stackFrames.append(verifier.neededFrames)
            attempts.append(verifier.neededAttempts)
            let registers = PreparedRange(first: Int32(types.children.count), count: Int32(function.registers.count))
            types.children += function.registers.map { Int32($0) }
            functions.append(
                PreparedFunction(
                    codeOffset: UInt32(code.count), wordCount: UInt32(function.code.count),
                    entryGas: layout.costs.first ?? 0, stackRegisters: UInt32(verifier.neededRegisters),
                    stackFrames: UInt32(verifier.neededFrames), parameterCount: Int32(function.parameterCount),
                    result: function.result.map { Int32($0) } ?? -1, registers: registers,
                    isReadOnly: function.isReadOnly))
            code += prepareCode(function, layout, offset: code.count, functions, types)
        }
        return (functions, code)
    }

    /// The code with its second words filled: gas of the taken and of the following block for a branch; gas of the
    /// callee's first block and distance to its code for a call.
    private static func prepareCode(
        _ function: FunctionDescriptor, _ layout: CodeLayout, offset: Int, _ functions: [PreparedFunction],
        _ types: TypeTable
    ) -> [UInt64] {
        var code = function.code
        var word = 0
        while word < code.count {
            let instruction = Instruction(word: code[word])
            guard let opcode = instruction.opcode else { break }
            let words = OpcodeTable[opcode].words
            if let distance = CodeLayout.offset(instruction, opcode) {
                let following = word + words < code.count ? layout.costs[word + words] : 0
                code[word + 1] = UInt64(layout.costs[word + distance]) | UInt64(following) << 32
            } else if opcode == .call, functions.indices.contains(Int(instruction.immediate)) {
                let callee = functions[Int(instruction.immediate)]
                let distance = Int32(truncatingIfNeeded: Int(callee.codeOffset) - (offset + word))
                code[word + 1] = UInt64(callee.entryGas) | UInt64(UInt32(bitPattern: distance)) << 32
            } else {
                code[word] = withTypes(instruction, opcode, function, types).word
            }
            word += words
        }
        return code
    }

    /// Writes into fields that the artefact leaves at zero what the machine would have to look up.
    private static func withTypes(
        _ instruction: Instruction, _ opcode: Opcode, _ function: FunctionDescriptor, _ types: TypeTable
    ) -> Instruction {
        let (a, b, c) = (instruction.a, instruction.b, instruction.c)
        func type(_ register: Int) -> Int {
            function.registers.indices.contains(register) ? function.registers[register] : 0
        }
        func with(_ immediate: Int) -> Instruction {
            Instruction(opcode, a: a, b: b, c: c, immediate: Int32(truncatingIfNeeded: immediate))
        }
        switch opcode {
        case .`return`: return Instruction(.`return`, a: a, b: function.parameterCount)
        case .equalValue, .listContains, .hashValue, .copyObject: return with(type(b))
        case .listAppend, .byteConcatenate: return with(type(a))
        case .encodeValue: return with(type(b) | type(a) << 16)
        case .integerToBytes: return with(Int(instruction.immediate) | type(a) << 8)
        case .byteSlice: return with(Int(instruction.immediate) | type(a) << 8)
        case .burn, .send, .tokenSplit:
            return with(types.prepared.isEmpty ? 0 : Int(types.prepared[type(opcode == .tokenSplit ? b : a)].first))
        case .tensorAdd, .tensorRelu, .tensorArgmax, .tensorAt, .tensorCountEqual: return with(type(b) | type(c) << 16)
        default: return instruction
        }
    }

    // MARK: Tables

    private static func prepareSlot(_ module: Module, _ types: TypeTable, _ index: Int) -> PreparedSlot {
        let slot = module.slots[index]
        var keys = slot.keys.map { Int32($0) }
        while keys.count < 3 { keys.append(-1) }
        let single = slot.keys.count == 1 ? types.prepared[slot.keys[0]] : nil
        var prepared = PreparedSlot(
            kind: .plain, keyCount: UInt8(slot.keys.count), isIterable: slot.capacity != nil,
            isPadded: single.map { $0.encodedBytesLimit <= 32 } ?? false, isBytes32Key: single?.kind == .bytes32,
            isAssetBinding: module.assets.contains { $0.origin == .bound(slot: index) }, type: Int32(slot.type),
            keys: (keys[0], keys[1], keys[2]), asset: -1, capacity: Int64(slot.capacity ?? 0))
        switch slot.kind {
        case .plain: break
        case .vault(let asset):
            prepared.kind = .vault
            prepared.asset = Int32(asset)
        case .sealedCommitment: prepared.kind = .sealedCommitment
        case .sealedValue: prepared.kind = .sealedValue
        case .phase: prepared.kind = .phase
        }
        return prepared
    }

    private static func preparePhase(_ phase: RoundDescriptor.Phase) -> PreparedPhase {
        var prepared = PreparedPhase(
            duration: .none, hasCondition: phase.hasCondition, successor: phase.successor.map { Int32($0) } ?? -1,
            length: 0)
        switch phase.duration {
        case nil: break
        case .blocks(let count): (prepared.duration, prepared.length) = (.blocks, Int64(count))
        case .time(let count, let unit):
            (prepared.duration, prepared.length) = (.milliseconds, Int64(count * unit.milliseconds))
        case .slot(let slot): (prepared.duration, prepared.length) = (.slot, Int64(slot))
        }
        return prepared
    }

    private static func prepareConstants(_ module: Module, _ memory: PreparedMemory) -> UnsafePointer<UInt64> {
        let cells = memory.allocate(bytes: module.constants.count * ObjectLayout.cellBytes)
            .assumingMemoryBound(to: UInt64.self)
        for (index, constant) in module.constants.enumerated() {
            let cell = cells + index * ObjectLayout.cellWords
            switch constant {
            case .integer(let value): storeInteger(value, cell, memory)
            case .bytes32(let bytes):
                cell[0] = 1
                UnsafeMutableRawPointer(cell + 1).copyMemory(from: bytes, byteCount: min(32, bytes.count))
            case .bytes(let bytes):
                let object = memory.allocate(bytes: ObjectLayout.contentOffset + bytes.count)
                object.storeBytes(of: ObjectLayout.sharedFlag, as: UInt32.self)
                object.storeBytes(
                    of: UInt32(bytes.count), toByteOffset: ObjectLayout.countOffset, as: UInt32.self)
                (object + ObjectLayout.contentOffset).copyMemory(from: bytes, byteCount: bytes.count)
                cell[0] = UInt64(UInt(bitPattern: object))
            case .tensor(let element, let dimensions, let data):
                cell[0] = UInt64(UInt(bitPattern: tensorObject(element, dimensions, data, memory)))
            }
        }
        return UnsafePointer(cells)
    }

    private static func tensorObject(
        _ element: TypeDescriptor.TensorElement, _ dimensions: [Int], _ data: [UInt8], _ memory: PreparedMemory
    ) -> UnsafeMutableRawPointer {
        let count = UInt32(data.count / element.byteCount)
        let object = memory.allocate(bytes: ObjectLayout.elementsOffset + data.count)
        object.storeBytes(of: ObjectLayout.sharedFlag, as: UInt32.self)
        object.storeBytes(of: count, toByteOffset: ObjectLayout.countOffset, as: UInt32.self)
        object.storeBytes(of: count, toByteOffset: ObjectLayout.capacityOffset, as: UInt32.self)
        for axis in 0..<ModuleLimits.tensorRank {
            object.storeBytes(
                of: UInt32(axis < dimensions.count ? dimensions[axis] : 1),
                toByteOffset: ObjectLayout.dimensionsOffset + 4 * axis, as: UInt32.self)
        }
        (object + ObjectLayout.elementsOffset).copyMemory(from: data, byteCount: data.count)
        return object
    }

    /// An integer constant in its canonical cell form; a wide one in memory of its own, laid out as in the arena.
    private static func storeInteger(
        _ value: BigInt, _ cell: UnsafeMutablePointer<UInt64>, _ memory: PreparedMemory
    ) {
        let limbs = value.magnitudeLimbs
        if let small = value.asInt64, small >= CellWord.smallMinimum, small <= CellWord.smallMaximum {
            cell[0] = UInt64(bitPattern: CellWord.small(small))
        } else if limbs.count <= NumericLimits.homeLimbs {
            cell[0] = UInt64(bitPattern: CellWord.home(count: limbs.count, negative: value.isNegative))
            for (index, limb) in limbs.enumerated() { cell[1 + index] = limb }
        } else {
            let object = memory.allocate(bytes: 16 + 8 * limbs.count)
            object.storeBytes(of: Int64(value.isNegative ? -limbs.count : limbs.count), as: Int64.self)
            for (index, limb) in limbs.enumerated() {
                object.storeBytes(of: limb, toByteOffset: 16 + 8 * index, as: UInt64.self)
            }
            cell[0] = UInt64(UInt(bitPattern: object)) | 3
        }
    }

    private static func encodedText(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        var count = text.utf8.count
        while count >= 128 {
            bytes.append(UInt8(count & 127) | 128)
            count >>= 7
        }
        bytes.append(UInt8(count))
        return bytes + text.utf8
    }
}
