import Numerics
import Verifier

// The canonical encoding of cells. Sizes are charged as the walk goes on, for a value may share its parts and be much
// longer than the memory it takes. Recursion follows types, which are at most `MachineLimits.typeDepth` deep.

extension UnsafeMutablePointer<ByteBuffer> {
    @inline(__always)
    func append(count value: Int) {
        var rest = UInt64(truncatingIfNeeded: value)
        while rest >= 128 {
            pointee.append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        pointee.append(UInt8(truncatingIfNeeded: rest))
    }
}

extension UnsafeMutablePointer<Context> {
    /// Whether an integer is within its type.
    @inline(__always)
    func fits(_ word: Int64, _ home: UnsafePointer<UInt64>, _ type: UnsafePointer<PreparedType>) -> Bool {
        let bits = Int(type.pointee.bits)
        if word & 1 == 0 && bits >= 64 { return type.pointee.isSigned || word >= 0 }
        let operand = CellOperand(word: word, home: home)
        return type.pointee.isSigned
            ? CellInteger.fitsSigned(operand, bits: bits) : CellInteger.fitsUnsigned(operand, bits: bits)
    }

    /// Appends the encoding of a cell; `overflow` for an integer that its type does not hold.
    func encode(
        _ word: Int64, _ home: UnsafePointer<UInt64>, _ typeIndex: Int32,
        of contract: UnsafeMutablePointer<ContractRecord>, to buffer: UnsafeMutablePointer<ByteBuffer>
    ) -> Status {
        if !charge(MachineCosts.cell) { return Status(.outOfGas) }
        let type = contract.pointee.module.types + Int(typeIndex)
        switch type.pointee.kind {
        case .boolean:
            guard buffer.pointee.reserve(1) else { return Status(.outOfMemory) }
            buffer.pointee.append(word == 0 ? 0 : 1)
            return .ok
        case .bytes32:
            guard buffer.pointee.reserve(32) else { return Status(.outOfMemory) }
            buffer.pointee.append(home, 32)
            return .ok
        case .integer, .token:
            guard fits(word, home, type) else { return Status(.overflow) }
            return encodeInteger(word, home, to: buffer)
        case .bytes, .text:
            let source = object(word)
            let count = Int(source.count)
            guard charge(MachineCosts.bytes(count)) else { return Status(.outOfGas) }
            guard buffer.pointee.reserve(count + 8) else { return Status(.outOfMemory) }
            buffer.append(count: count)
            buffer.pointee.append(source + ObjectLayout.contentOffset, count)
            return .ok
        case .list:
            let source = object(word)
            let count = Int(source.count)
            // Through a register of a larger capacity a list may have grown past this one.
            guard count <= Int(type.pointee.capacity) else { return Status(.capacityExceeded) }
            guard buffer.pointee.reserve(8) else { return Status(.outOfMemory) }
            buffer.append(count: count)
            let element = contract.pointee.module.types + Int(type.pointee.first)
            if element.pointee.kind == .integer { return encodeIntegers(source.listCells, count, element, to: buffer) }
            return encodeCells(source.listCells, count, of: contract, to: buffer) { _ in type.pointee.first }
        case .option:
            let source = object(word)
            guard buffer.pointee.reserve(1) else { return Status(.outOfMemory) }
            buffer.pointee.append(UInt8(truncatingIfNeeded: source.tag))
            return encodeCells(source.contentCells, Int(source.count), of: contract, to: buffer) { _ in
                type.pointee.first
            }
        case .structure:
            let children = contract.pointee.module.children + Int(type.pointee.first)
            return encodeCells(object(word).contentCells, Int(type.pointee.count), of: contract, to: buffer) {
                children[$0]
            }
        case .enumeration:
            let source = object(word)
            let range = contract.pointee.module.cases[Int(type.pointee.first) + Int(source.tag)]
            let children = contract.pointee.module.children + Int(range.first)
            guard buffer.pointee.reserve(8) else { return Status(.outOfMemory) }
            buffer.append(count: Int(source.tag))
            return encodeCells(source.contentCells, Int(range.count), of: contract, to: buffer) { children[$0] }
        case .tensor:
            let source = object(word)
            guard hasDeclaredSizes(source, type) else { return Status(.shapeMismatch) }
            let bytes = Int(source.count) * Int(type.pointee.elementBytes)
            guard charge(MachineCosts.bytes(bytes)) else { return Status(.outOfGas) }
            guard buffer.pointee.reserve(bytes + 32) else { return Status(.outOfMemory) }
            for axis in 0..<Int(type.pointee.rank) {
                let size = source.load(fromByteOffset: ObjectLayout.dimensionsOffset + 4 * axis, as: UInt32.self)
                buffer.append(count: Int(size))
            }
            // Elements are kept as the little-endian bytes they are encoded in.
            buffer.pointee.append(source + ObjectLayout.elementsOffset, bytes)
            return .ok
        case .tokenList: return Status(.invalidArgument)
        }
    }

    /// Whether a tensor has the sizes of its type; registers hold any sizes of one rank.
    private func hasDeclaredSizes(_ tensor: UnsafeMutableRawPointer, _ type: UnsafePointer<PreparedType>) -> Bool {
        func agrees(_ axis: Int, _ declared: Int32) -> Bool {
            let size = tensor.load(fromByteOffset: ObjectLayout.dimensionsOffset + 4 * axis, as: UInt32.self)
            return declared == 0 || UInt32(declared) == size
        }
        let declared = type.pointee.dimensions
        return agrees(0, declared.0) && agrees(1, declared.1) && agrees(2, declared.2) && agrees(3, declared.3)
    }

    @inline(__always)
    private func encodeCells(
        _ cells: UnsafeMutablePointer<UInt64>, _ count: Int, of contract: UnsafeMutablePointer<ContractRecord>,
        to buffer: UnsafeMutablePointer<ByteBuffer>, type: (Int) -> Int32
    ) -> Status {
        for index in 0..<count {
            let cell = cells + index * ObjectLayout.cellWords
            let status = encode(Int64(bitPattern: cell[0]), cell + 1, type(index), of: contract, to: buffer)
            if !status.isOK { return status }
        }
        return .ok
    }

    /// As `encodeCells`, without a walk into the type of every element.
    private func encodeIntegers(
        _ cells: UnsafeMutablePointer<UInt64>, _ count: Int, _ type: UnsafePointer<PreparedType>,
        to buffer: UnsafeMutablePointer<ByteBuffer>
    ) -> Status {
        guard charge(MachineCosts.cell * Int64(count)) else { return Status(.outOfGas) }
        for index in 0..<count {
            let cell = cells + index * ObjectLayout.cellWords
            let word = Int64(bitPattern: cell[0])
            guard fits(word, cell + 1, type) else { return Status(.overflow) }
            let status = encodeInteger(word, cell + 1, to: buffer)
            if !status.isOK { return status }
        }
        return .ok
    }

    /// The count of (2 × magnitude bytes + sign), then the magnitude, big-endian.
    @inline(__always)
    func encodeInteger(
        _ word: Int64, _ home: UnsafePointer<UInt64>, to buffer: UnsafeMutablePointer<ByteBuffer>
    ) -> Status {
        if word & 1 == 0 {
            guard buffer.pointee.reserve(10) else { return Status(.outOfMemory) }
            let value = word >> 1
            let magnitude = value.magnitude
            let bytes = (71 - magnitude.leadingZeroBitCount) >> 3
            buffer.pointee.append(UInt8(truncatingIfNeeded: 2 * bytes + (value < 0 ? 1 : 0)))
            // The magnitude moved to the top of the word, so that its first bytes are the ones wanted.
            let shifted = bytes == 0 ? 0 : (magnitude << UInt64(64 - 8 * bytes)).bigEndian
            (buffer.pointee.base + buffer.pointee.count).storeBytes(of: shifted, as: UInt64.self)
            buffer.pointee.count += bytes
            return .ok
        }
        return encodeLong(word, home, to: buffer)
    }

    private func encodeLong(
        _ word: Int64, _ home: UnsafePointer<UInt64>, to buffer: UnsafeMutablePointer<ByteBuffer>
    ) -> Status {
        let limbs: UnsafePointer<UInt64>
        let (count, isNegative): (Int, Bool)
        if CellWord.isHome(word) {
            (limbs, count, isNegative) = (home, CellWord.homeCount(word), word & 4 != 0)
        } else {
            let block = UnsafePointer<UInt64>(object(word & ~3).assumingMemoryBound(to: UInt64.self))
            let signed = Int64(bitPattern: block[0])
            (limbs, count, isNegative) = (block + 2, Int(signed.magnitude), signed < 0)
            // A list may name one long integer many times.
            guard charge(MachineCosts.bytes(8 * count)) else { return Status(.outOfGas) }
        }
        guard buffer.pointee.reserve(8 * count + 16) else { return Status(.outOfMemory) }
        let top = limbs[count - 1]
        let topBytes = (71 - top.leadingZeroBitCount) >> 3
        buffer.append(count: 2 * (8 * (count - 1) + topBytes) + (isNegative ? 1 : 0))
        // The top limb moved up, so that its first bytes are the ones wanted; then whole limbs.
        var target = buffer.pointee.base + buffer.pointee.count
        target.storeBytes(of: (top << UInt64(64 - 8 * topBytes)).bigEndian, as: UInt64.self)
        target += topBytes
        for index in stride(from: count - 2, through: 0, by: -1) {
            target.storeBytes(of: limbs[index].bigEndian, as: UInt64.self)
            target += 8
        }
        buffer.pointee.count += 8 * (count - 1) + topBytes
        return .ok
    }

    // MARK: Walks over values

    /// Marks what a cell refers to as shared, all the way down; what is marked already is left alone.
    func share(_ word: Int64, _ typeIndex: Int32) -> Status {
        let module = pointee.contract.pointee.module
        let type = module.types + Int(typeIndex)
        guard type.pointee.isObject else { return .ok }
        let target = object(word)
        if target.isShared { return .ok }
        guard charge(MachineCosts.cell) else { return Status(.outOfGas) }
        target.markShared()
        func shareCells(_ cells: UnsafeMutablePointer<UInt64>, _ count: Int, _ type: (Int) -> Int32) -> Status {
            for index in 0..<count {
                let status = share(Int64(bitPattern: cells[index * ObjectLayout.cellWords]), type(index))
                if !status.isOK { return status }
            }
            return .ok
        }
        switch type.pointee.kind {
        case .list:
            guard type.pointee.holdsObjects else { return .ok }
            guard charge(MachineCosts.cell * Int64(target.count)) else { return Status(.outOfGas) }
            return shareCells(target.listCells, Int(target.count)) { _ in type.pointee.first }
        case .option: return shareCells(target.contentCells, Int(target.count)) { _ in type.pointee.first }
        case .structure:
            let children = module.children + Int(type.pointee.first)
            return shareCells(target.contentCells, Int(type.pointee.count)) { children[$0] }
        case .enumeration:
            let range = module.cases[Int(type.pointee.first) + Int(target.tag)]
            let children = module.children + Int(range.first)
            return shareCells(target.contentCells, Int(range.count)) { children[$0] }
        default: return .ok
        }
    }

    /// Compares two cells of one type, by value.
    func equal(
        _ left: CellOperand, _ right: CellOperand, _ typeIndex: Int32, isEqual: inout Bool
    ) -> Status {
        guard charge(MachineCosts.cell) else { return Status(.outOfGas) }
        let module = pointee.contract.pointee.module
        let type = module.types + Int(typeIndex)
        func equalCells(
            _ leftCells: UnsafeMutablePointer<UInt64>, _ rightCells: UnsafeMutablePointer<UInt64>, _ count: Int,
            _ type: (Int) -> Int32
        ) -> Status {
            for index in 0..<count {
                let offset = index * ObjectLayout.cellWords
                let status = equal(
                    CellOperand(at: leftCells + offset), CellOperand(at: rightCells + offset), type(index),
                    isEqual: &isEqual)
                if !status.isOK || !isEqual { return status }
            }
            return .ok
        }
        switch type.pointee.kind {
        case .boolean: isEqual = left.word == right.word
        case .integer, .token:
            if CellWord.isWide(left.word) && CellWord.isWide(right.word) {
                guard charge(MachineCosts.wideComparison) else { return Status(.outOfGas) }
            }
            isEqual = CellInteger.equals(left, right)
        case .bytes32: isEqual = equal32(left.home, right.home)
        case .tokenList: isEqual = false
        default:
            // What shares an object depends on what came before an attempt; its gas must not.
            if left.word == right.word, pointee.freshSince == 0 {
                isEqual = true
                return .ok
            }
            let (first, second) = (object(left.word), object(right.word))
            guard first.count == second.count else {
                isEqual = false
                return .ok
            }
            let count = Int(first.count)
            switch type.pointee.kind {
            case .bytes, .text:
                guard charge(MachineCosts.bytes(count)) else { return Status(.outOfGas) }
                isEqual = equalBytes(first + ObjectLayout.contentOffset, second + ObjectLayout.contentOffset, count)
            case .tensor:
                let bytes = count * Int(type.pointee.elementBytes) + 16
                guard charge(MachineCosts.bytes(bytes)) else { return Status(.outOfGas) }
                let offset = ObjectLayout.dimensionsOffset
                isEqual = equalBytes(first + offset, second + offset, bytes)
            case .list:
                isEqual = true
                return equalCells(first.listCells, second.listCells, count) { _ in type.pointee.first }
            case .structure:
                isEqual = true
                let children = module.children + Int(type.pointee.first)
                return equalCells(first.contentCells, second.contentCells, count) { children[$0] }
            default:
                isEqual = first.tag == second.tag
                guard isEqual else { return .ok }
                if type.pointee.kind == .option {
                    return equalCells(first.contentCells, second.contentCells, count) { _ in type.pointee.first }
                }
                let children = module.children + Int(module.cases[Int(type.pointee.first) + Int(first.tag)].first)
                return equalCells(first.contentCells, second.contentCells, count) { children[$0] }
            }
        }
        return .ok
    }
}

@inline(__always)
func equal32(_ left: UnsafePointer<UInt64>, _ right: UnsafePointer<UInt64>) -> Bool {
    (left[0] ^ right[0]) | (left[1] ^ right[1]) | (left[2] ^ right[2]) | (left[3] ^ right[3]) == 0
}

func equalBytes(_ left: UnsafeMutableRawPointer, _ right: UnsafeMutableRawPointer, _ count: Int) -> Bool {
    var index = 0
    while index + 8 <= count {
        let first = left.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        if first != right.loadUnaligned(fromByteOffset: index, as: UInt64.self) { return false }
        index += 8
    }
    while index < count {
        let first = left.load(fromByteOffset: index, as: UInt8.self)
        if first != right.load(fromByteOffset: index, as: UInt8.self) { return false }
        index += 1
    }
    return true
}
