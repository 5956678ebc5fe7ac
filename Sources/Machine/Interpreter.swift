import Bytecode
import Numerics
import Verifier

/// The canonical engine: a `switch` over verified code.
///
/// `code`, `words`, `homes` and `gas` live in machine registers. A case that succeeds on its fast path goes on to the
/// next instruction; any other falls out of the `switch` into one of two slow calls, so that slow paths cost the fast
/// ones no spills. The verifier has proved registers, jumps, types and tables, so nothing of that is checked here.
enum Interpreter {
    /// Runs a function whose arguments lie in the window and whose first block has been paid for. The result is in the
    /// register after the parameters.
    @inline(never)
    static func run(
        _ context: UnsafeMutablePointer<Context>, _ start: UnsafeRawPointer, _ words: Words, _ homes: Homes
    ) -> Status {
        context.pointee.isTraced
            ? loopTraced(context, start, words, homes) : loopPlain(context, start, words, homes)
    }

    @inline(never)
    private static func loopPlain(
        _ context: UnsafeMutablePointer<Context>, _ start: UnsafeRawPointer, _ words: Words, _ homes: Homes
    ) -> Status {
        loop(context, start, words, homes, isTraced: false)
    }

    @inline(never)
    private static func loopTraced(
        _ context: UnsafeMutablePointer<Context>, _ start: UnsafeRawPointer, _ words: Words, _ homes: Homes
    ) -> Status {
        loop(context, start, words, homes, isTraced: true)
    }

    @inline(__always)
    private static func loop(
        _ context: UnsafeMutablePointer<Context>, _ start: UnsafeRawPointer, _ firstWords: Words, _ firstHomes: Homes,
        isTraced: Bool
    ) -> Status {
        var code = start
        var words = firstWords
        var homes = firstHomes
        var gas = context.pointee.gas
        var status = Status.ok
        let firstFrame = context.pointee.frames
        var frame = firstFrame

        run: while true {
            if isTraced {
                context.pointee.gas = gas
                context.trace(code)
            }
            slow: do {
                arithmetic: switch code.load(as: Opcode.self) {
                // MARK: Control
                case .jump:
                    gas &-= takenGas(code)
                    if gas < 0 { break run }
                    code += 8 &* fieldImmediate(code)
                    continue run
                case .branchTrue:
                    if words[fieldA(code)] != 0 {
                        gas &-= takenGas(code)
                        if gas < 0 { break run }
                        code += 8 &* fieldImmediate(code)
                    } else {
                        gas &-= followingGas(code)
                        if gas < 0 { break run }
                        code += 16
                    }
                    continue run
                case .branchFalse:
                    if words[fieldA(code)] == 0 {
                        gas &-= takenGas(code)
                        if gas < 0 { break run }
                        code += 8 &* fieldImmediate(code)
                    } else {
                        gas &-= followingGas(code)
                        if gas < 0 { break run }
                        code += 16
                    }
                    continue run
                case .branchLess:
                    let (a, b) = (fieldA(code), fieldB(code))
                    let isTaken: Bool
                    if CellWord.areSmall(words[a], words[b]) {
                        isTaken = words[a] < words[b]
                    } else {
                        let (order, cost) = compare(words, homes, a, b)
                        gas &-= cost
                        isTaken = order < 0
                    }
                    if isTaken {
                        gas &-= takenGas(code)
                        if gas < 0 { break run }
                        code += 8 &* fieldImmediate(code)
                    } else {
                        gas &-= followingGas(code)
                        if gas < 0 { break run }
                        code += 16
                    }
                    continue run
                case .branchLessOrEqual:
                    let (a, b) = (fieldA(code), fieldB(code))
                    let isTaken: Bool
                    if CellWord.areSmall(words[a], words[b]) {
                        isTaken = words[a] <= words[b]
                    } else {
                        let (order, cost) = compare(words, homes, a, b)
                        gas &-= cost
                        isTaken = order <= 0
                    }
                    if isTaken {
                        gas &-= takenGas(code)
                        if gas < 0 { break run }
                        code += 8 &* fieldImmediate(code)
                    } else {
                        gas &-= followingGas(code)
                        if gas < 0 { break run }
                        code += 16
                    }
                    continue run
                case .branchEqual:
                    let (a, b) = (fieldA(code), fieldB(code))
                    let isTaken: Bool
                    if CellWord.areSmall(words[a], words[b]) {
                        isTaken = words[a] == words[b]
                    } else {
                        let (order, cost) = compare(words, homes, a, b)
                        gas &-= cost
                        isTaken = order == 0
                    }
                    if isTaken {
                        gas &-= takenGas(code)
                        if gas < 0 { break run }
                        code += 8 &* fieldImmediate(code)
                    } else {
                        gas &-= followingGas(code)
                        if gas < 0 { break run }
                        code += 16
                    }
                    continue run
                case .branchNotEqual:
                    let (a, b) = (fieldA(code), fieldB(code))
                    let isTaken: Bool
                    if CellWord.areSmall(words[a], words[b]) {
                        isTaken = words[a] != words[b]
                    } else {
                        let (order, cost) = compare(words, homes, a, b)
                        gas &-= cost
                        isTaken = order != 0
                    }
                    if isTaken {
                        gas &-= takenGas(code)
                        if gas < 0 { break run }
                        code += 8 &* fieldImmediate(code)
                    } else {
                        gas &-= followingGas(code)
                        if gas < 0 { break run }
                        code += 16
                    }
                    continue run
                case .loop:
                    let (a, b) = (fieldA(code), fieldB(code))
                    let (next, overflow) = words[a].addingReportingOverflow(2)
                    let isTaken: Bool
                    if !overflow && CellWord.areSmall(words[a], words[b]) {
                        words[a] = next
                        isTaken = next < words[b]
                    } else {
                        context.pointee.gas = gas
                        status = context.increment(words + a, homes + 4 * a)
                        gas = context.pointee.gas
                        if !status.isOK { break run }
                        let (order, cost) = compare(words, homes, a, b)
                        gas &-= cost
                        isTaken = order < 0
                    }
                    if isTaken {
                        gas &-= takenGas(code)
                        if gas < 0 { break run }
                        code += 8 &* fieldImmediate(code)
                    } else {
                        gas &-= followingGas(code)
                        if gas < 0 { break run }
                        code += 16
                    }
                    continue run
                case .call:
                    gas &-= takenGas(code)
                    if gas < 0 { break run }
                    frame.pointee.code = code + 16
                    frame.pointee.words = words
                    frame += 1
                    let base = fieldA(code)
                    words += base
                    homes += 4 &* base
                    code += 8 &* Int(code.load(fromByteOffset: 12, as: Int32.self))
                    continue run
                case .`return`:
                    let (source, target) = (fieldA(code), fieldB(code))
                    copyCell(words + target, homes + 4 * target, words[source], homes + 4 * source)
                    if frame == firstFrame { break run }
                    frame -= 1
                    code = frame.pointee.code.unsafelyUnwrapped
                    homes -= 4 &* (words - frame.pointee.words)
                    words = frame.pointee.words
                    continue run
                case .returnNothing:
                    if frame == firstFrame { break run }
                    frame -= 1
                    code = frame.pointee.code.unsafelyUnwrapped
                    homes -= 4 &* (words - frame.pointee.words)
                    words = frame.pointee.words
                    continue run
                case .fail:
                    context.pointee.gas = gas
                    status = context.fail(fieldImmediate(code), fieldA(code), words, homes)
                    gas = context.pointee.gas
                    break run
                case .failBuiltin:
                    status = Status(raw: UInt8(truncatingIfNeeded: fieldImmediate(code) &+ 1))
                    break run

                // MARK: Integers
                case .loadInteger, .loadBoolean:
                    words[fieldA(code)] = Int64(fieldImmediate(code)) &<< 1
                    code += 8
                    continue run
                case .loadConstant:
                    let cell =
                        context.pointee.contract.pointee.module.constants
                        + ObjectLayout.cellWords &* fieldImmediate(code)
                    let a = fieldA(code)
                    copyCell(words + a, homes + 4 * a, Int64(bitPattern: cell[0]), cell + 1)
                    code += 8
                    continue run
                case .move:
                    let (a, b) = (fieldA(code), fieldB(code))
                    copyCell(words + a, homes + 4 * a, words[b], homes + 4 * b)
                    code += 8
                    continue run
                case .add:
                    let (left, right) = (words[fieldB(code)], words[fieldC(code)])
                    let (sum, overflow) = CellWord.add(left, right)
                    if CellWord.areSmall(left, right) && !overflow {
                        words[fieldA(code)] = sum
                        code += 8
                        continue run
                    }
                    break arithmetic
                case .addSigned:
                    let (left, right) = (words[fieldB(code)], words[fieldC(code)])
                    let (sum, overflow) = CellWord.add(left, right)
                    if CellWord.areSmall(left, right) && !overflow {
                        words[fieldA(code)] = sum
                        code += 8
                        continue run
                    }
                    break arithmetic
                case .addUnsigned:
                    let (left, right) = (words[fieldB(code)], words[fieldC(code)])
                    let (sum, overflow) = CellWord.add(left, right)
                    if CellWord.areSmall(left, right) && !overflow && sum >= 0 {
                        words[fieldA(code)] = sum
                        code += 8
                        continue run
                    }
                    break arithmetic
                case .subtract, .subtractSigned:
                    let (left, right) = (words[fieldB(code)], words[fieldC(code)])
                    let (difference, overflow) = CellWord.subtract(left, right)
                    if CellWord.areSmall(left, right) && !overflow {
                        words[fieldA(code)] = difference
                        code += 8
                        continue run
                    }
                    break arithmetic
                case .subtractUnsigned:
                    let (left, right) = (words[fieldB(code)], words[fieldC(code)])
                    let (difference, overflow) = CellWord.subtract(left, right)
                    if CellWord.areSmall(left, right) && !overflow && difference >= 0 {
                        words[fieldA(code)] = difference
                        code += 8
                        continue run
                    }
                    break arithmetic
                case .multiply, .multiplySigned:
                    let (left, right) = (words[fieldB(code)], words[fieldC(code)])
                    let (product, overflow) = CellWord.multiply(left, right)
                    if CellWord.areSmall(left, right) && !overflow {
                        words[fieldA(code)] = product
                        code += 8
                        continue run
                    }
                    break arithmetic
                case .multiplyUnsigned:
                    let (left, right) = (words[fieldB(code)], words[fieldC(code)])
                    let (product, overflow) = CellWord.multiply(left, right)
                    if CellWord.areSmall(left, right) && !overflow && product >= 0 {
                        words[fieldA(code)] = product
                        code += 8
                        continue run
                    }
                    break arithmetic
                case .addImmediate:
                    let left = words[fieldB(code)]
                    let (sum, overflow) = CellWord.add(left, Int64(fieldImmediate(code)) &<< 1)
                    if CellWord.isSmall(left) && !overflow {
                        words[fieldA(code)] = sum
                        code += 8
                        continue run
                    }
                    break arithmetic
                case .multiplyImmediate:
                    let left = words[fieldB(code)]
                    let (product, overflow) = left.multipliedReportingOverflow(by: Int64(fieldImmediate(code)))
                    if CellWord.isSmall(left) && !overflow {
                        words[fieldA(code)] = product
                        code += 8
                        continue run
                    }
                    break arithmetic
                case .moduloImmediate:
                    let left = words[fieldB(code)]
                    if left & (1 | Int64.min) == 0 {
                        // Both sides unsigned and the modulus below 2^31.
                        let modulus = UInt64(truncatingIfNeeded: fieldImmediate(code))
                        let remainder = UInt64(bitPattern: left &>> 1) % max(1, modulus)
                        words[fieldA(code)] = Int64(bitPattern: remainder) &<< 1
                        code += 8
                        continue run
                    }
                    break arithmetic
                case .divide:
                    let (left, right) = (words[fieldB(code)], words[fieldC(code)])
                    if (left | right) & (1 | Int64.min) == 0 && right != 0
                        && code.load(fromByteOffset: 4, as: UInt8.self) & 1 == 0
                    {
                        // Floor, or half to even, which needs a closer look when something remains.
                        let (quotient, remainder) = UInt64(bitPattern: left).quotientAndRemainder(
                            dividingBy: UInt64(bitPattern: right))
                        if remainder == 0 || code.load(fromByteOffset: 4, as: UInt8.self) == 0 {
                            words[fieldA(code)] = Int64(bitPattern: quotient) &<< 1
                            code += 8
                            continue run
                        }
                    }
                    break arithmetic
                case .modulo:
                    let (left, right) = (words[fieldB(code)], words[fieldC(code)])
                    if (left | right) & (1 | Int64.min) == 0 && right != 0 {
                        // Twice the operands: twice the remainder.
                        words[fieldA(code)] = Int64(bitPattern: UInt64(bitPattern: left) % UInt64(bitPattern: right))
                        code += 8
                        continue run
                    }
                    break arithmetic
                case .negate:
                    let operand = words[fieldB(code)]
                    let (negated, overflow) = CellWord.subtract(0, operand)
                    if CellWord.isSmall(operand) && !overflow {
                        words[fieldA(code)] = negated
                        code += 8
                        continue run
                    }
                    break arithmetic
                case .minimum, .maximum:
                    let (b, c) = (fieldB(code), fieldC(code))
                    let isLess: Bool
                    if CellWord.areSmall(words[b], words[c]) {
                        isLess = words[b] < words[c]
                    } else {
                        let (order, cost) = compare(words, homes, b, c)
                        gas &-= cost
                        if gas < 0 { break run }
                        isLess = order < 0
                    }
                    let source = isLess == (code.load(as: Opcode.self) == .minimum) ? b : c
                    let a = fieldA(code)
                    copyCell(words + a, homes + 4 * a, words[source], homes + 4 * source)
                    code += 8
                    continue run
                case .checkSigned:
                    if CellWord.isSmall(words[fieldA(code)]) && fieldImmediate(code) >= 63 {
                        code += 8
                        continue run
                    }
                    break arithmetic
                case .checkUnsigned:
                    // One test for small and not negative.
                    if words[fieldA(code)] & (1 | Int64.min) == 0 && fieldImmediate(code) >= 62 {
                        code += 8
                        continue run
                    }
                    break arithmetic
                case .less:
                    let (b, c) = (fieldB(code), fieldC(code))
                    let isTrue: Bool
                    if CellWord.areSmall(words[b], words[c]) {
                        isTrue = words[b] < words[c]
                    } else {
                        let (order, cost) = compare(words, homes, b, c)
                        gas &-= cost
                        if gas < 0 { break run }
                        isTrue = order < 0
                    }
                    words[fieldA(code)] = isTrue ? 2 : 0
                    code += 8
                    continue run
                case .lessOrEqual:
                    let (b, c) = (fieldB(code), fieldC(code))
                    let isTrue: Bool
                    if CellWord.areSmall(words[b], words[c]) {
                        isTrue = words[b] <= words[c]
                    } else {
                        let (order, cost) = compare(words, homes, b, c)
                        gas &-= cost
                        if gas < 0 { break run }
                        isTrue = order <= 0
                    }
                    words[fieldA(code)] = isTrue ? 2 : 0
                    code += 8
                    continue run
                case .equalInteger:
                    let (b, c) = (fieldB(code), fieldC(code))
                    let isTrue: Bool
                    if CellWord.areSmall(words[b], words[c]) {
                        isTrue = words[b] == words[c]
                    } else {
                        let (order, cost) = compare(words, homes, b, c)
                        gas &-= cost
                        if gas < 0 { break run }
                        isTrue = order == 0
                    }
                    words[fieldA(code)] = isTrue ? 2 : 0
                    code += 8
                    continue run
                case .equalBoolean:
                    words[fieldA(code)] = words[fieldB(code)] == words[fieldC(code)] ? 2 : 0
                    code += 8
                    continue run
                case .not:
                    words[fieldA(code)] = words[fieldB(code)] ^ 2
                    code += 8
                    continue run

                // MARK: Objects
                case .getField:
                    let cell = object(words[fieldB(code)]).contentCells + ObjectLayout.cellWords &* fieldImmediate(code)
                    let a = fieldA(code)
                    copyCell(words + a, homes + 4 * a, Int64(bitPattern: cell[0]), cell + 1)
                    code += 8
                    continue run
                case .getPayload:
                    let source = object(words[fieldB(code)])
                    if Int(source.tag) != fieldC(code) { break slow }
                    let cell = source.contentCells + ObjectLayout.cellWords &* fieldImmediate(code)
                    let a = fieldA(code)
                    copyCell(words + a, homes + 4 * a, Int64(bitPattern: cell[0]), cell + 1)
                    code += 8
                    continue run
                case .tag:
                    words[fieldA(code)] = Int64(object(words[fieldB(code)]).tag) &<< 1
                    code += 8
                    continue run
                case .listCount, .byteCount:
                    words[fieldA(code)] = Int64(object(words[fieldB(code)]).count) &<< 1
                    code += 8
                    continue run
                case .tokenListCount:
                    let list = object(words[fieldB(code)])
                    words[fieldA(code)] = Int64(list.count &- list.tag) &<< 1
                    code += 8
                    continue run
                case .listGet:
                    let list = object(words[fieldB(code)])
                    let index = words[fieldC(code)]
                    // A wide or negative index is a large number when unsigned.
                    if index & 1 == 0 && UInt64(bitPattern: index) < UInt64(list.count) &<< 1 {
                        if list.count > MachineCosts.nearElements {
                            gas &-= MachineCosts.farElement
                            if gas < 0 { break run }
                        }
                        let cell = list.listCells + Int(truncatingIfNeeded: index &>> 1) &* ObjectLayout.cellWords
                        let a = fieldA(code)
                        copyCell(words + a, homes + 4 * a, Int64(bitPattern: cell[0]), cell + 1)
                        code += 8
                        continue run
                    }
                    status = Status(.indexOutOfRange)
                    break run
                case .listSet:
                    let list = object(words[fieldA(code)])
                    let index = words[fieldB(code)]
                    if index & 1 == 0 && UInt64(bitPattern: index) < UInt64(list.count) &<< 1 {
                        if list.isShared {
                            status = Status(.sharedObject)
                            break run
                        }
                        if list.count > MachineCosts.nearElements {
                            gas &-= MachineCosts.farElement
                            if gas < 0 { break run }
                        }
                        let cell = CellDestination(
                            at: list.listCells + Int(truncatingIfNeeded: index &>> 1) &* ObjectLayout.cellWords)
                        let c = fieldC(code)
                        copyCell(cell.word, cell.home, words[c], homes + 4 * c)
                        code += 8
                        continue run
                    }
                    status = Status(.indexOutOfRange)
                    break run
                case .tokenAmount:
                    let (a, b) = (fieldA(code), fieldB(code))
                    copyCell(words + a, homes + 4 * a, words[b], homes + 4 * b)
                    code += 8
                    continue run

                // MARK: State, the operations that hot loops are made of
                case .stateGet:
                    context.pointee.gas = gas
                    status = context.stateGet(fieldImmediate(code), fieldA(code), fieldB(code), words, homes)
                    gas = context.pointee.gas
                    if !status.isOK { break run }
                    code += 8
                    continue run
                case .statePut:
                    context.pointee.gas = gas
                    status = context.statePut(fieldImmediate(code), fieldA(code), fieldB(code), words, homes)
                    gas = context.pointee.gas
                    if !status.isOK { break run }
                    code += 8
                    continue run
                case .tryCall, .tryLocal:
                    context.pointee.gas = gas
                    context.pointee.frames = frame
                    var isTaken = false
                    status = context.attempt(code, words, homes, isTaken: &isTaken)
                    gas = context.pointee.gas
                    if !status.isOK { break run }
                    gas &-= isTaken ? takenGas(code) : followingGas(code)
                    if gas < 0 { break run }
                    code += isTaken ? 8 &* (fieldImmediate(code) &>> 16) : 16
                    continue run

                case .equalBytes32:
                    let isTrue = equal32(homes + 4 * fieldB(code), homes + 4 * fieldC(code))
                    words[fieldA(code)] = isTrue ? 2 : 0
                    code += 8
                    continue run
                case .caller:
                    let a = fieldA(code)
                    context.pointee.caller.store(word: words + a, home: homes + 4 * a)
                    code += 8
                    continue run
                case .emit:
                    context.pointee.gas = gas
                    status = context.emit(fieldImmediate(code), fieldA(code), words, homes)
                    gas = context.pointee.gas
                    if !status.isOK { break run }
                    code += 8
                    continue run
                case .mulDiv, .mulMod, .exp, .absolute, .ln, .log2, .sqrt, .pow, .isqrt:
                    break arithmetic
                case .equalValue, .newObject, .setField, .copyObject, .newList, .listAppend, .listRepeat, .listSum,
                    .listContains, .listSort, .listOrder, .listRanks, .splitAmount, .byteGet, .byteSlice,
                    .byteConcatenate, .encodeValue, .integerToBytes, .integerFromBytes, .hashValue, .sha256,
                    .verifySignature, .verifyVRF, .commitment, .selfAddress, .height, .chain,
                    .assetID, .stateFind, .stateContains, .stateRemove, .stateCount, .stateKeyAt,
                    .vaultPut, .vaultTake, .vaultTakeAll, .vaultAmount, .tokenTake, .tokenJoin, .tokenEmpty,
                    .tokenClose, .mint, .burn, .send, .tokenSplit, .tokenListNext, .tokenListClose, .roundOpen,
                    .roundPhase, .roundEntered, .roundLeave, .phaseGuard, .sealCommit, .sealReveal, .interfaceCall,
                    .toInterface,
                    .tensorMatmul, .tensorAdd, .tensorRequantize, .tensorRelu, .tensorArgmax, .tensorCountEqual,
                    .tensorAt, .tensorSize, .blockRandomness, .drawIndices:
                    break slow
                }
                context.pointee.gas = gas
                status = context.executeArithmetic(code, words, homes)
                gas = context.pointee.gas
                if !status.isOK { break run }
                code += 8
                continue run
            }
            context.pointee.gas = gas
            context.pointee.frames = frame
            status = context.execute(code, words, homes)
            gas = context.pointee.gas
            if !status.isOK { break run }
            code += 8
        }
        if gas < 0 {
            status = Status(.outOfGas)
            gas = 0
        }
        context.pointee.gas = gas
        if !status.isOK { context.noteFrames(status, code, frame, firstFrame) }
        return status
    }

    @inline(__always)
    private static func takenGas(_ code: UnsafeRawPointer) -> Int64 {
        Int64(code.load(fromByteOffset: 8, as: UInt32.self))
    }

    @inline(__always)
    private static func followingGas(_ code: UnsafeRawPointer) -> Int64 {
        Int64(code.load(fromByteOffset: 12, as: UInt32.self))
    }

    /// The order of two integers that are not both small, and what it costs beside the base.
    @inline(never)
    private static func compare(
        _ words: Words, _ homes: Homes, _ left: Int, _ right: Int
    ) -> (order: Int, cost: Int64) {
        let order = CellInteger.compare(
            CellOperand(word: words[left], home: homes + 4 * left),
            CellOperand(word: words[right], home: homes + 4 * right))
        let isWide = CellWord.isWide(words[left]) || CellWord.isWide(words[right])
        return (order, isWide ? MachineCosts.wideComparison : 0)
    }
}

extension UnsafeMutablePointer<Context> {
    /// Adds one to an integer that is not small.
    @inline(never)
    func increment(_ word: UnsafeMutablePointer<Int64>, _ home: UnsafeMutablePointer<UInt64>) -> Status {
        let cell = CellDestination(word: word, home: home)
        return arithmetic { CellInteger.add(cell, cell.operand, CellOperand(word: 2, home: home), gas: $0, arena: $1) }
    }

    /// Raises a declared error.
    @inline(never)
    func fail(_ error: Int, _ base: Int, _ words: Words, _ homes: Homes) -> Status {
        pointee.errorIndex = Int32(truncatingIfNeeded: error)
        let scratch = pointee.scratch
        scratch.pointee.count = 0
        let range = pointee.contract.pointee.module.errors[error]
        for index in 0..<Int(range.count) {
            let register = base + index
            let type = pointee.contract.pointee.module.children[Int(range.first) + index]
            let status = encode(words[register], homes + 4 * register, type, of: pointee.contract, to: scratch)
            if !status.isOK { return status }
        }
        guard charge(MachineCosts.receiptByte * Int64(scratch.pointee.count)) else { return Status(.outOfGas) }
        let payload = scratch.pointee.bytes(from: 0, count: scratch.pointee.count)
        pointee.machine._withUnsafeGuaranteedRef { $0.failurePayload = payload }
        return .declared
    }
}
