import Bytecode
import Crypto
import Numerics
import Verifier

/// The fields of the instruction at an address, loaded one by one.
@inline(__always) func fieldA(_ code: UnsafeRawPointer) -> Int { Int(code.load(fromByteOffset: 1, as: UInt8.self)) }
@inline(__always) func fieldB(_ code: UnsafeRawPointer) -> Int { Int(code.load(fromByteOffset: 2, as: UInt8.self)) }
@inline(__always) func fieldC(_ code: UnsafeRawPointer) -> Int { Int(code.load(fromByteOffset: 3, as: UInt8.self)) }
@inline(__always) func fieldImmediate(_ code: UnsafeRawPointer) -> Int {
    Int(code.load(fromByteOffset: 4, as: Int32.self))
}

extension UnsafeMutablePointer<Context> {
    /// What the interpreter does not do itself: long operands, objects, state, tokens, tensors. Each operation charges
    /// its variable part before it works.
    @inline(never)
    func execute(_ code: UnsafeRawPointer, _ words: Words, _ homes: Homes) -> Status {
        let (a, b, c) = (fieldA(code), fieldB(code), fieldC(code))
        let immediate = fieldImmediate(code)
        func operand(_ register: Int) -> CellOperand { CellOperand(word: words[register], home: homes + 4 * register) }
        func target(_ register: Int) -> CellDestination {
            CellDestination(word: words + register, home: homes + 4 * register)
        }
        switch code.load(as: Opcode.self) {
        // The interpreter handles these alone.
        case .jump, .branchTrue, .branchFalse, .branchLess, .branchLessOrEqual, .branchEqual, .branchNotEqual, .loop,
            .call, .`return`, .returnNothing, .fail, .failBuiltin, .loadInteger, .loadBoolean, .loadConstant, .move,
            .less, .lessOrEqual, .equalInteger, .equalBoolean, .not, .minimum, .maximum, .tag, .getField, .getPayload,
            .listCount, .tokenAmount, .byteCount, .tokenListCount, .tryCall, .tryLocal, .emit,
            .caller, .equalBytes32, .add, .subtract, .multiply, .addSigned, .addUnsigned, .subtractSigned,
            .subtractUnsigned, .multiplySigned, .multiplyUnsigned, .addImmediate, .multiplyImmediate, .moduloImmediate,
            .divide, .modulo, .negate, .absolute, .mulDiv, .mulMod, .exp, .checkSigned, .checkUnsigned, .ln, .log2,
            .sqrt, .pow, .isqrt:
            return Status(.invalidArgument)

        case .equalValue: return equalValue(a, b, c, type: immediate, words, homes)

        case .newObject: return newObject(a, b, tag: c, type: immediate, words, homes)
        case .setField: return setField(a, b, immediate, words, homes)
        case .copyObject: return copyObject(a, b, type: immediate, words)
        case .newList: return newList(words + a, type: immediate)
        case .listGet, .listSet: return Status(.indexOutOfRange)
        case .listAppend: return listAppend(a, b, type: immediate, words, homes)
        case .listRepeat: return listRepeat(a, b, c, type: immediate, words, homes)
        case .listSum: return listSum(target(a), object(words[b]))
        case .listContains: return listContains(a, b, c, type: immediate, words, homes)
        case .listSort, .listOrder, .listRanks:
            return listSort(code.load(as: Opcode.self), words + a, object(words[b]), isDescending: immediate == 1)
        case .splitAmount: return splitAmount(words + a, operand(b), object(words[c]))

        case .byteGet: return byteGet(a, b, c, words)
        case .byteSlice: return byteSlice(a, b, c, endAndType: immediate, words)
        case .byteConcatenate: return byteConcatenate(a, b, c, type: immediate, words)

        case .encodeValue: return encodeValue(a, b, types: immediate, words, homes)
        case .integerToBytes: return integerToBytes(a, operand(b), formAndType: immediate, words)
        case .integerFromBytes: return integerFromBytes(target(a), object(words[b]), form: immediate)

        case .hashValue, .sha256, .verifySignature, .verifyVRF, .commitment:
            return cryptography(code, words, homes)

        case .selfAddress:
            pointee.contract.pointee.address.store(word: words + a, home: homes + 4 * a)
            return .ok
        case .chain:
            pointee.chain.store(word: words + a, home: homes + 4 * a)
            return .ok
        case .height:
            CellInteger.fromInt64(target(a), Int64(clamping: pointee.height))
            return .ok
        case .assetID:
            guard let asset = asset(immediate) else { return pointee.status }
            pointee.assets[Int(asset)].store(word: words + a, home: homes + 4 * a)
            return .ok

        case .stateGet: return stateGet(immediate, a, b, words, homes)
        case .stateFind: return stateFind(immediate, a, b, words, homes)
        case .statePut: return statePut(immediate, a, b, words, homes)
        case .stateContains: return stateContains(immediate, a, b, words, homes)
        case .stateRemove: return stateRemove(immediate, b, words, homes)
        case .stateCount: return stateCount(immediate, a, b, words, homes)
        case .stateKeyAt: return stateKeyAt(immediate, a, b, index: c, words, homes)

        case .vaultPut, .vaultTake, .vaultTakeAll, .vaultAmount, .tokenTake, .tokenJoin, .tokenEmpty, .tokenClose,
            .mint, .burn, .send, .tokenSplit, .tokenListNext, .tokenListClose:
            return tokens(code, words, homes)
        case .roundOpen: return roundOpen(immediate, a, words, homes)
        case .roundPhase: return roundPhase(immediate, a, b, words, homes)
        case .roundEntered:
            return roundEntered(immediate >> 16, phase: immediate & 0xFFFF, a, b, words, homes)
        case .roundLeave: return roundLeave(immediate >> 16, phase: immediate & 0xFFFF, a, words, homes)
        case .phaseGuard:
            return phaseGuard(immediate >> 16, allowed: immediate & 0xFFFF, claimed: words[a], b, words, homes)
        case .sealCommit: return sealCommit(immediate, keys: a, commitment: b, words, homes)
        case .sealReveal: return sealReveal(immediate, keys: a, value: b, salt: c, words, homes)
        case .interfaceCall: return interfaceCall(immediate, a, contract: b, words, homes)
        case .toInterface:
            let status = checkInterface(immediate, of: pointee.contract, at: homes + 4 * b)
            if status.isOK { copyCell(words + a, homes + 4 * a, words[b], homes + 4 * b) }
            return status
        case .tensorMatmul, .tensorAdd, .tensorRequantize, .tensorRelu, .tensorArgmax, .tensorCountEqual, .tensorAt,
            .tensorSize:
            return tensors(code, words, homes)
        case .blockRandomness: return blockRandomness(a, height: words[b], words, homes)
        case .drawIndices:
            return drawIndices(words + a, seed: Bytes32(home: homes + 4 * b), words[c], words[immediate & 255])
        }
    }

    // MARK: Integers

    /// Integer operations whose operands are not all small.
    @inline(never)
    func executeArithmetic(_ code: UnsafeRawPointer, _ words: Words, _ homes: Homes) -> Status {
        let (a, b, c) = (fieldA(code), fieldB(code), fieldC(code))
        let immediate = fieldImmediate(code)
        func operand(_ register: Int) -> CellOperand { CellOperand(word: words[register], home: homes + 4 * register) }
        func target(_ register: Int) -> CellDestination {
            CellDestination(word: words + register, home: homes + 4 * register)
        }
        switch code.load(as: Opcode.self) {
        case .add: return arithmetic { CellInteger.add(target(a), operand(b), operand(c), gas: $0, arena: $1) }
        case .subtract:
            return arithmetic { CellInteger.subtract(target(a), operand(b), operand(c), gas: $0, arena: $1) }
        case .multiply:
            return arithmetic { CellInteger.multiply(target(a), operand(b), operand(c), gas: $0, arena: $1) }
        case .addSigned, .addUnsigned, .subtractSigned, .subtractUnsigned, .multiplySigned, .multiplyUnsigned:
            return checkedArithmetic(code, target(a), operand(b), operand(c))
        case .addImmediate:
            return withSmall(immediate) { small in
                arithmetic { CellInteger.add(target(a), operand(b), small, gas: $0, arena: $1) }
            }
        case .multiplyImmediate:
            return withSmall(immediate) { small in
                arithmetic { CellInteger.multiply(target(a), operand(b), small, gas: $0, arena: $1) }
            }
        case .moduloImmediate:
            return withSmall(immediate) { small in
                arithmetic { CellInteger.modulo(target(a), operand(b), small, gas: $0, arena: $1) }
            }
        case .divide:
            let rounding = Rounding(rawValue: UInt8(truncatingIfNeeded: immediate)) ?? .floor
            return arithmetic {
                CellInteger.divide(target(a), operand(b), operand(c), rounding: rounding, gas: $0, arena: $1)
            }
        case .modulo: return arithmetic { CellInteger.modulo(target(a), operand(b), operand(c), gas: $0, arena: $1) }
        case .negate: return arithmetic { CellInteger.negate(target(a), operand(b), gas: $0, arena: $1) }
        case .absolute: return arithmetic { CellInteger.absolute(target(a), operand(b), gas: $0, arena: $1) }
        case .mulDiv:
            let rounding = Rounding(rawValue: UInt8(truncatingIfNeeded: immediate >> 8)) ?? .floor
            let divisor = operand(immediate & 255)
            return arithmetic {
                CellInteger.mulDiv(
                    target(a), operand(b), operand(c), divisor, rounding: rounding, gas: $0, arena: $1)
            }
        case .mulMod:
            return arithmetic {
                CellInteger.mulMod(target(a), operand(b), operand(c), operand(immediate), gas: $0, arena: $1)
            }
        case .exp:
            let rounding = Rounding(rawValue: UInt8(truncatingIfNeeded: immediate)) ?? .floor
            return Status(arithmetic: CellInteger.exp(target(a), operand(b), rounding: rounding))
        case .ln, .log2, .sqrt, .pow, .isqrt: return mathematics(code, target(a), operand(b), operand(c))
        case .checkSigned:
            return fits(operand(a), bits: immediate, isSigned: true) ? .ok : Status(.overflow)
        case .checkUnsigned:
            return fits(operand(a), bits: immediate, isSigned: false) ? .ok : Status(.overflow)
        // Nothing else comes here.
        default: return Status(.invalidArgument)
        }
    }

    /// Functions that have no value outside their domain.
    private func mathematics(
        _ code: UnsafeRawPointer, _ target: CellDestination, _ first: CellOperand, _ second: CellOperand
    ) -> Status {
        let rounding = Rounding(rawValue: UInt8(truncatingIfNeeded: fieldImmediate(code))) ?? .floor
        let status: ArithmeticStatus
        switch code.load(as: Opcode.self) {
        case .ln: status = CellInteger.ln(target, first, rounding: rounding)
        case .log2: status = CellInteger.log2(target, first, rounding: rounding)
        case .sqrt: status = CellInteger.fixedSquareRoot(target, first, rounding: rounding)
        case .pow: status = CellInteger.pow(target, first, second, rounding: rounding)
        default:
            var gas = pointee.gas
            status = CellInteger.squareRoot(target, first, gas: &gas, arena: pointee.arena)
            pointee.gas = gas
        }
        return status == .domainError ? Status(.outOfDomain) : Status(arithmetic: status)
    }

    @inline(__always)
    private func withSmall(_ value: Int, _ body: (CellOperand) -> Status) -> Status {
        // A small operand has no home; any readable address will do.
        body(CellOperand(word: Int64(value) << 1, home: pointee.homes))
    }

    /// A result that does not fit ends the call, so it may lie in the target already.
    private func checkedArithmetic(
        _ code: UnsafeRawPointer, _ target: CellDestination, _ left: CellOperand, _ right: CellOperand
    ) -> Status {
        let status: Status
        let isSigned: Bool
        switch code.load(as: Opcode.self) {
        case .addSigned, .addUnsigned:
            status = arithmetic { CellInteger.add(target, left, right, gas: $0, arena: $1) }
            isSigned = code.load(as: Opcode.self) == .addSigned
        case .subtractSigned, .subtractUnsigned:
            status = arithmetic { CellInteger.subtract(target, left, right, gas: $0, arena: $1) }
            isSigned = code.load(as: Opcode.self) == .subtractSigned
        default:
            status = arithmetic { CellInteger.multiply(target, left, right, gas: $0, arena: $1) }
            isSigned = code.load(as: Opcode.self) == .multiplySigned
        }
        if !status.isOK { return status }
        return fits(target.operand, bits: fieldImmediate(code), isSigned: isSigned) ? .ok : Status(.overflow)
    }

    /// Whether an integer fits, with a short way for homes in the usual 256 bits.
    @inline(__always)
    private func fits(_ operand: CellOperand, bits: Int, isSigned: Bool) -> Bool {
        if bits >= 256 && CellWord.isHome(operand.word) {
            if !isSigned { return operand.word & 4 == 0 }
            if CellWord.homeCount(operand.word) < 4 || operand.home[3] >> 63 == 0 { return true }
        }
        return isSigned ? CellInteger.fitsSigned(operand, bits: bits) : CellInteger.fitsUnsigned(operand, bits: bits)
    }

    private func equalValue(
        _ a: Int, _ b: Int, _ c: Int, type: Int, _ words: Words, _ homes: Homes
    ) -> Status {
        var isEqual = false
        let status = equal(
            CellOperand(word: words[b], home: homes + 4 * b), CellOperand(word: words[c], home: homes + 4 * c),
            Int32(truncatingIfNeeded: type), isEqual: &isEqual)
        if status.isOK { words[a] = isEqual ? 2 : 0 }
        return status
    }

    /// The function whose code lies at an address.
    func functionIndex(of code: UnsafeRawPointer, in record: UnsafeMutablePointer<ContractRecord>) -> Int {
        let word = (code - UnsafeRawPointer(record.pointee.module.code)) / 8
        var (low, high) = (0, record.pointee.module.functionCount)
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(record.pointee.module.functions[middle].codeOffset) <= word { low = middle } else { high = middle }
        }
        return low
    }

    // MARK: Bytes

    private func byteGet(_ a: Int, _ b: Int, _ c: Int, _ words: Words) -> Status {
        let source = object(words[b])
        let index = words[c]
        guard index & 1 == 0, index >= 0, index >> 1 < Int64(source.count) else { return Status(.indexOutOfRange) }
        let offset = ObjectLayout.contentOffset + Int(index >> 1)
        words[a] = Int64(source.load(fromByteOffset: offset, as: UInt8.self)) << 1
        return .ok
    }

    func newBytes(_ count: Int, type typeIndex: Int32) -> UnsafeMutableRawPointer? {
        guard count <= Int(type(typeIndex).capacity) else {
            pointee.status = Status(.capacityExceeded)
            return nil
        }
        guard let target = allocate(ObjectLayout.contentOffset + count) else { return nil }
        target.writeHeader(type: typeIndex, count: count, capacity: count, tag: 0)
        return target
    }

    /// The verifier has put the result's type above the register of the end.
    private func byteSlice(_ a: Int, _ b: Int, _ c: Int, endAndType: Int, _ words: Words) -> Status {
        let source = object(words[b])
        let (from, to) = (words[c], words[endAndType & 255])
        let typeIndex = Int32(truncatingIfNeeded: endAndType >> 8)
        guard (from | to) & 1 == 0, from >= 0, from <= to, to >> 1 <= Int64(source.count) else {
            return Status(.indexOutOfRange)
        }
        let count = Int((to - from) >> 1)
        guard let target = newBytes(count, type: typeIndex) else { return pointee.status }
        let start = source + ObjectLayout.contentOffset + Int(from >> 1)
        if type(typeIndex).kind == .text {
            guard charge(MachineCosts.bytes(4 * count)) else { return Status(.outOfGas) }
            let bytes = UnsafeRawBufferPointer(start: start, count: count)
            guard String(validating: bytes, as: UTF8.self) != nil else { return Status(.invalidArgument) }
        }
        (target + ObjectLayout.contentOffset).copyMemory(from: start, byteCount: count)
        words[a] = reference(target)
        return .ok
    }

    private func byteConcatenate(_ a: Int, _ b: Int, _ c: Int, type: Int, _ words: Words) -> Status {
        let (first, second) = (object(words[b]), object(words[c]))
        let (firstCount, secondCount) = (Int(first.count), Int(second.count))
        guard let target = newBytes(firstCount + secondCount, type: Int32(truncatingIfNeeded: type)) else {
            return pointee.status
        }
        let content = target + ObjectLayout.contentOffset
        content.copyMemory(from: first + ObjectLayout.contentOffset, byteCount: firstCount)
        (content + firstCount).copyMemory(from: second + ObjectLayout.contentOffset, byteCount: secondCount)
        words[a] = reference(target)
        return .ok
    }

    // MARK: Events

    /// Appends a field to the events, with a short way for what most fields are.
    @inline(__always)
    private func encodeField(_ word: Int64, _ home: UnsafePointer<UInt64>, _ typeIndex: Int32) -> Status {
        let type = pointee.contract.pointee.module.types + Int(typeIndex)
        let buffer = pointee.eventBytes
        switch type.pointee.kind {
        case .bytes32:
            guard charge(MachineCosts.cell) else { return Status(.outOfGas) }
            guard buffer.pointee.reserve(32) else { return Status(.outOfMemory) }
            buffer.pointee.append(home, 32)
            return .ok
        case .integer:
            guard charge(MachineCosts.cell) else { return Status(.outOfGas) }
            guard fits(word, home, type) else { return Status(.overflow) }
            return encodeInteger(word, home, to: buffer)
        default: return encode(word, home, typeIndex, of: pointee.contract, to: buffer)
        }
    }

    @inline(never)
    func emit(_ event: Int, _ base: Int, _ words: Words, _ homes: Homes) -> Status {
        guard pointee.eventCount < Context.eventLimit else { return Status(.outOfMemory) }
        let range = pointee.contract.pointee.module.events[event]
        let types = pointee.contract.pointee.module.children + Int(range.first)
        let start = pointee.eventBytes.pointee.count
        for index in 0..<Int(range.count) {
            let register = base + index
            let status = encodeField(words[register], homes + 4 * register, types[index])
            if !status.isOK {
                pointee.eventBytes.pointee.count = start
                return status
            }
        }
        let kept = pointee.eventBytes.pointee.count - start + MachineCosts.eventBytes
        guard charge(MachineCosts.receiptByte * Int64(kept)) else {
            pointee.eventBytes.pointee.count = start
            return Status(.outOfGas)
        }
        (pointee.events + pointee.eventCount).initialize(
            to: EventRecord(
                contract: pointee.contractNumber, event: Int32(truncatingIfNeeded: event), start: start,
                count: pointee.eventBytes.pointee.count - start))
        pointee.eventCount += 1
        return .ok
    }
}
