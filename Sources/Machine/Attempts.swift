import Bytecode
import Numerics
import Verifier

extension UnsafeMutablePointer<Context> {
    /// `tryCall` and `tryLocal`: a call with gas of its own whose failure is undone; `isTaken` then.
    @inline(never)
    func attempt(_ code: UnsafeRawPointer, _ words: Words, _ homes: Homes, isTaken: inout Bool) -> Status {
        let isLocal = code.load(as: Opcode.self) == .tryLocal
        let base = fieldA(code)
        let item = fieldImmediate(code) & 0xFFFF
        let limit = words[isLocal ? fieldB(code) : fieldC(code)]
        guard limit >= 0 else { return Status(.overflow) }
        guard limit & 1 == 0, limit >> 1 <= pointee.gas else { return Status(.insufficientGas) }
        let outerFreshSince = pointee.freshSince
        let isOutermost = isLocal && outerFreshSince == 0
        guard !isOutermost || hasRoomForAttempt, let mark = pointee.overlay.open() else { return Status(.outOfMemory) }
        let reserve = pointee.gas - limit >> 1
        pointee.gas = limit >> 1
        let number = pointee.attemptCount
        pointee.attemptCount += 1
        let entryCount = pointee.overlay.count
        let (eventCount, eventBytes) = (pointee.eventCount, pointee.eventBytes.pointee.count)
        var memory = pointee.arena.mark
        let (memoryLimit, metAgain) = (pointee.arena.limit, pointee.objectsMetAgain)
        if isLocal { pointee.freshSince = pointee.overlay.epoch }
        if isOutermost { limitAttempt() }
        let status =
            isLocal
            ? callLocal(item, base, words, homes, &memory)
            : callMethod(item, base, contract: fieldB(code), words, homes)
        pointee.freshSince = outerFreshSince
        if !status.isOK, pointee.gas < 0 || status == Status(.outOfGas) { pointee.gas = 0 }
        pointee.gas += reserve
        if isOutermost {
            pointee.gas += pointee.paidAgain
            pointee.paidAgain = 0
            pointee.arena.setLimit(memoryLimit)
            pointee.contractsLeft = .max
        }
        if status.isOK {
            pointee.overlay.close(mark)
            return .ok
        }
        if status.isFatal { return status }
        pointee.overlay.rollBack(mark)
        pointee.eventCount = eventCount
        pointee.eventBytes.pointee.count = eventBytes
        pointee.machine._withUnsafeGuaranteedRef { machine in
            machine.failureTrace.removeAll(keepingCapacity: true)
            if status == Status(.outOfGas) || status == Status(.insufficientGas) || status == Status(.outOfMemory) {
                machine.noteAttemptWithoutMeans(number)
                pointee.attemptCount = number + 1
            }
        }
        if pointee.objectsMetAgain == metAgain, !isMemoryHeld(byEntriesFrom: entryCount) {
            pointee.arena.release(to: memory)
        }
        isTaken = true
        return isLocal ? .ok : returnTokens(item, base, words, homes)
    }

    /// Runs a function of the running contract in a window of the caller's, which begins at `base`.
    ///
    /// Objects are passed as copies: a callee that changes one in place could otherwise leave the caller's object
    /// pointing into memory that a failure gives back. The copies come before the mark.
    private func callLocal(
        _ function: Int, _ base: Int, _ words: Words, _ homes: Homes, _ memory: inout Arena.Mark
    ) -> Status {
        let contract = pointee.contract
        let target = contract.pointee.module.functions + function
        let types = contract.pointee.module.children + Int(target.pointee.registers.first)
        for index in 0..<Int(target.pointee.parameterCount) where type(types[index]).isObject {
            let register = base + index
            let status = pass(
                words[register], homes + 4 * register, types[index], of: contract, to: types[index], of: contract,
                words + register, homes + 4 * register)
            if !status.isOK { return status }
        }
        memory = pointee.arena.mark
        guard charge(Int64(target.pointee.entryGas)) else { return Status(.outOfGas) }
        let code = UnsafeRawPointer(contract.pointee.module.code) + 8 * Int(target.pointee.codeOffset)
        return Interpreter.run(self, code, words + base, homes + 4 * base)
    }

    /// Whether an entry of state that was met since then keeps its value in the arena. Those met before have the values
    /// again that they had; registers hold nothing of a callee that failed.
    private func isMemoryHeld(byEntriesFrom first: Int) -> Bool {
        for index in first..<max(first, pointee.overlay.count) {
            let entry = pointee.overlay.entries + index
            // The books hold numbers of at most 256 bits.
            guard entry.pointee.contract != 0, entry.isPresent else { continue }
            let module = (pointee.contracts + Int(entry.pointee.contract)).pointee.module
            let slot = module.slots + Int(entry.pointee.slot & 0xFF_FFFF)
            let type: Int32
            switch StateKeys.Part(rawValue: entry.pointee.slot >> 24) {
            case .value: type = slot.pointee.type
            case .keyAt: type = slot.pointee.lastKey
            default: continue
            }
            let facts = module.types + Int(type)
            if facts.pointee.isObject { return true }
            if facts.pointee.kind == .integer, CellWord.isWide(entry.pointee.word) { return true }
        }
        return false
    }

    /// Credits the tokens that a failed call was given to this contract's own balance.
    private func returnTokens(_ item: Int, _ base: Int, _ words: Words, _ homes: Homes) -> Status {
        let imported = pointee.contract.pointee.module.imports + item
        let parameters = pointee.contract.pointee.module.children + Int(imported.pointee.parameters.first)
        for index in 0..<Int(imported.pointee.parameters.count) {
            let type = type(parameters[index])
            guard type.kind == .token else { continue }
            let register = base + index
            if words[register] == 0 { continue }
            guard let asset = asset(Int(type.first)) else { return pointee.status }
            let status = credit(
                asset, pointee.contract.pointee.address,
                CellOperand(word: words[register], home: homes + 4 * register))
            if !status.isOK { return status }
        }
        return .ok
    }
}
