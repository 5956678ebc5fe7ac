import Bytecode
import Crypto
import Numerics
import Verifier

extension UnsafeMutablePointer<Context> {
    // MARK: Contracts

    /// The number in this transaction of the contract at an address; nil with `status` set.
    func contractNumber(at address: Address) -> UInt32? {
        if let known = pointee.overlay.find(0, Book.contract, address) {
            if known.pointee.touched < pointee.freshSince {
                guard countContract() else { return nil }
                guard chargeAgain(MachineCosts.coldContract) else {
                    pointee.status = Status(.outOfGas)
                    return nil
                }
                known.pointee.touched = pointee.overlay.epoch
            }
            return UInt32(truncatingIfNeeded: known.pointee.word)
        }
        guard countContract() else { return nil }
        guard charge(MachineCosts.coldContract) else {
            pointee.status = Status(.outOfGas)
            return nil
        }
        let module = pointee.machine._withUnsafeGuaranteedRef { $0.lookUp(address) }
        guard let module else {
            pointee.status = Status(.noSuchContract)
            return nil
        }
        return addContract(module, at: address)
    }

    /// Makes a contract known to the transaction; nil with `status` set.
    func addContract(_ module: VerifiedModule, at address: Address) -> UInt32? {
        guard pointee.contractCount < Context.contractLimit,
            let entry = pointee.overlay.insert(0, Book.contract, address)
        else {
            pointee.status = Status(.outOfMemory)
            return nil
        }
        let number = pointee.contractCount
        let record = pointee.machine._withUnsafeGuaranteedRef { $0.makeRecord(module, address) }
        (pointee.contracts + number).initialize(to: record)
        pointee.contractCount += 1
        entry.pointee.word = Int64(number)
        return UInt32(number)
    }

    /// Whether the contract at an address implements an interface of a contract's module.
    func checkInterface(
        _ interface: Int, of contract: UnsafeMutablePointer<ContractRecord>, at home: UnsafePointer<UInt64>
    ) -> Status {
        guard charge(MachineCosts.interfaceCheck) else { return Status(.outOfGas) }
        guard let number = contractNumber(at: Bytes32(home: home)) else { return pointee.status }
        let target = pointee.contracts[Int(number)].moduleIndex
        let source = contract.pointee.moduleIndex
        return pointee.machine._withUnsafeGuaranteedRef {
            $0.verified(target).implements($0.verified(source).interfaceDigests[interface])
        } ? .ok : Status(.interfaceMismatch)
    }

    /// The function of another contract that implements an imported method; nil with `status` set.
    private func resolve(_ item: Int, _ number: UInt32) -> Int32? {
        let cache = pointee.contract.pointee.imports + item
        if cache.pointee.contract == number {
            if cache.pointee.touched < pointee.freshSince {
                guard chargeAgain(MachineCosts.methodSearch) else {
                    pointee.status = Status(.outOfGas)
                    return nil
                }
                cache.pointee.touched = pointee.overlay.epoch
            }
            return cache.pointee.function
        }
        guard charge(MachineCosts.methodSearch) else {
            pointee.status = Status(.outOfGas)
            return nil
        }
        let target = pointee.contracts[Int(number)].moduleIndex
        let source = pointee.contract.pointee.moduleIndex
        let imported = pointee.contract.pointee.module.imports[item]
        let function = pointee.machine._withUnsafeGuaranteedRef { machine -> Int32? in
            let (caller, callee) = (machine.verified(source), machine.verified(target))
            guard callee.implements(caller.interfaceDigests[Int(imported.interface)]) else { return nil }
            let method = caller.module.interfaces[Int(imported.interface)].methods[Int(imported.method)]
            return callee.entry(named: method.name).map { Int32($0.function) }
        }
        guard let function else {
            pointee.status = Status(.interfaceMismatch)
            return nil
        }
        cache.pointee = ImportCache(contract: number, function: function, touched: pointee.overlay.epoch)
        return function
    }

    // MARK: Passing values

    /// Passes a value from the running contract to another, or back, as the receiver's type: copied, and checked as if
    /// it came from outside.
    func pass(
        _ word: Int64, _ home: UnsafePointer<UInt64>, _ fromType: Int32,
        of source: UnsafeMutablePointer<ContractRecord>, to toType: Int32,
        of target: UnsafeMutablePointer<ContractRecord>, _ toWord: UnsafeMutablePointer<Int64>,
        _ toHome: UnsafeMutablePointer<UInt64>
    ) -> Status {
        let type = target.pointee.module.types + Int(toType)
        switch type.pointee.kind {
        case .boolean:
            toWord.pointee = word
            return .ok
        case .integer:
            guard fits(word, home, type) else { return Status(.overflow) }
            // A wide integer is never changed in the arena, so both may have it.
            copyCell(toWord, toHome, word, home)
            return .ok
        case .bytes32:
            if type.pointee.first >= 0 {
                let status = checkInterface(Int(type.pointee.first), of: target, at: home)
                if !status.isOK { return status }
            }
            copyCell(toWord, toHome, word, home)
            return .ok
        case .token:
            let asset = source.pointee.module.types[Int(fromType)].first
            guard let given = self.asset(Int(asset), of: source, number(of: source)),
                let wanted = self.asset(Int(type.pointee.first), of: target, number(of: target))
            else { return pointee.status }
            guard given == wanted else { return Status(.assetMismatch) }
            copyCell(toWord, toHome, word, home)
            return .ok
        default:
            let scratch = pointee.scratch
            scratch.pointee.count = 0
            let status = encode(word, home, fromType, of: source, to: scratch)
            if !status.isOK { return status }
            var bytes = ByteSource(base: UnsafeRawPointer(scratch.pointee.base), count: scratch.pointee.count)
            return decode(&bytes, toType, of: target, flags: 0, into: toWord, toHome)
        }
    }

    private func number(of record: UnsafeMutablePointer<ContractRecord>) -> UInt32 {
        UInt32(truncatingIfNeeded: record - pointee.contracts)
    }

    // MARK: Calling

    /// Runs a function of a contract in a window that holds its arguments; the result is after them.
    func enter(_ number: UInt32, _ function: Int32, caller: Address, _ words: Words, _ homes: Homes) -> Status {
        let record = pointee.contracts + Int(number)
        if record.pointee.isActive { return Status(.reentrancy) }
        guard pointee.depth < MachineLimits.callDepth else { return Status(.callDepth) }
        let target = record.pointee.module.functions + Int(function)
        guard charge(Int64(target.pointee.entryGas)) else {
            pointee.gas = 0
            return Status(.outOfGas)
        }
        let outer = (pointee.contract, pointee.contractNumber, pointee.caller)
        pointee.contract = record
        pointee.contractNumber = number
        pointee.caller = caller
        pointee.depth += 1
        record.pointee.isActive = true
        let code = UnsafeRawPointer(record.pointee.module.code) + 8 * Int(target.pointee.codeOffset)
        let status = Interpreter.run(self, code, words, homes)
        record.pointee.isActive = false
        pointee.depth -= 1
        (pointee.contract, pointee.contractNumber, pointee.caller) = outer
        return status
    }

    /// The registers of a called contract, behind all that the running function can name; nil when there are none left.
    private func window(_ registers: Int, _ words: Words, _ homes: Homes) -> (Words, Homes)? {
        if pointee.isExact { return pointee.machine._withUnsafeGuaranteedRef { $0.makeWindow(registers: registers) } }
        let offset = ModuleLimits.registers + 6
        guard words - pointee.words + offset + registers <= pointee.registerCapacity else { return nil }
        return (words + offset, homes + 4 * offset)
    }

    /// A call of an imported method: arguments over, the call, the result back.
    func callMethod(
        _ item: Int, _ base: Int, contract register: Int, _ words: Words, _ homes: Homes
    ) -> Status {
        let source = pointee.contract
        let imported = source.pointee.module.imports + item
        guard let number = contractNumber(at: Bytes32(home: homes + 4 * register)),
            let function = resolve(item, number)
        else { return pointee.status }
        let target = pointee.contracts + Int(number)
        if target.pointee.isActive { return Status(.reentrancy) }
        let callee = target.pointee.module.functions + Int(function)
        guard let (calleeWords, calleeHomes) = window(Int(callee.pointee.stackRegisters) + 1, words, homes) else {
            return Status(.callDepth)
        }
        let parameters = source.pointee.module.children + Int(imported.pointee.parameters.first)
        let wanted = target.pointee.module.children + Int(callee.pointee.registers.first)
        let count = Int(imported.pointee.parameters.count)
        for index in 0..<count {
            let from = base + index
            let status = pass(
                words[from], homes + 4 * from, parameters[index], of: source, to: wanted[index], of: target,
                calleeWords + index, calleeHomes + 4 * index)
            if !status.isOK { return status }
        }
        let status = enter(number, function, caller: source.pointee.address, calleeWords, calleeHomes)
        guard status.isOK, imported.pointee.result >= 0 else { return status }
        let to = base + count
        return pass(
            calleeWords[count], calleeHomes + 4 * count, callee.pointee.result, of: target,
            to: imported.pointee.result, of: source, words + to, homes + 4 * to)
    }

    func interfaceCall(_ item: Int, _ base: Int, contract: Int, _ words: Words, _ homes: Homes) -> Status {
        callMethod(item, base, contract: contract, words, homes)
    }

    // MARK: Traces

    /// Notes where each function of the running contract stood, for the trace of a failure. One that an attempt catches
    /// has none: it would be forgotten, and nobody has paid for it.
    @inline(never)
    func noteFrames(
        _ status: Status, _ code: UnsafeRawPointer, _ frame: UnsafeMutablePointer<Frame>,
        _ firstFrame: UnsafeMutablePointer<Frame>
    ) {
        if pointee.overlay.epoch != 0 && !status.isFatal { return }
        pointee.machine._withUnsafeGuaranteedRef { machine in
            machine.note(code, in: pointee.contract)
            var next = frame
            while next > firstFrame && machine.failureTrace.count < Machine.traceLimit {
                next -= 1
                // A frame holds the place behind the call.
                if let behind = next.pointee.code { machine.note(behind - 16, in: pointee.contract) }
            }
        }
    }

    @inline(never)
    func trace(_ code: UnsafeRawPointer) {
        let function = functionIndex(of: code, in: pointee.contract)
        let first = Int(pointee.contract.pointee.module.functions[function].codeOffset)
        let word = (code - UnsafeRawPointer(pointee.contract.pointee.module.code)) / 8 - first
        let step = TraceStep(
            contract: pointee.contractNumber, address: pointee.contract.pointee.address, function: function, word: word,
            gas: pointee.gas)
        pointee.machine._withUnsafeGuaranteedRef { $0.steps.append(step) }
    }
}
