import Crypto
import Numerics
import Verifier

/// Bytes read from one end to the other.
struct ByteSource {
    let base: UnsafeRawPointer
    let count: Int
    var position = 0

    var remaining: Int { count - position }

    mutating func byte() -> UInt8? {
        guard position < count else { return nil }
        defer { position += 1 }
        return base.load(fromByteOffset: position, as: UInt8.self)
    }

    /// A minimal LEB128 count of at most `limit`.
    mutating func number(limit: Int) -> Int? {
        var value = 0
        var shift = 0
        while shift <= 42 {
            guard let byte = byte() else { return nil }
            value |= Int(byte & 127) << shift
            if byte < 128 { return (byte != 0 || shift == 0) && value <= limit ? value : nil }
            shift += 7
        }
        return nil
    }

    /// The next bytes.
    mutating func bytes(_ wanted: Int) -> UnsafeRawPointer? {
        guard wanted <= remaining else { return nil }
        defer { position += wanted }
        return base + position
    }
}

extension UnsafeMutablePointer<Context> {
    /// Reads a value into a cell.
    ///
    /// - Parameter flags: what the headers of its objects are marked with: `ObjectLayout.sharedFlag` for state.
    /// - Returns: `invalidArgument` for anything but the canonical encoding of a value of the type.
    func decode(
        _ source: inout ByteSource, _ typeIndex: Int32, of contract: UnsafeMutablePointer<ContractRecord>,
        flags: UInt32, into word: UnsafeMutablePointer<Int64>, _ home: UnsafeMutablePointer<UInt64>
    ) -> Status {
        let invalid = Status(.invalidArgument)
        if !charge(MachineCosts.cell) { return Status(.outOfGas) }
        let module = contract.pointee.module
        let type = module.types + Int(typeIndex)
        switch type.pointee.kind {
        case .boolean:
            guard let byte = source.byte(), byte <= 1 else { return invalid }
            word.pointee = Int64(byte) << 1
            return .ok
        case .bytes32:
            guard let bytes = source.bytes(32) else { return invalid }
            UnsafeMutableRawPointer(home).copyMemory(from: bytes, byteCount: 32)
            word.pointee = 1
            // State holds interfaces that were checked when they came in.
            if type.pointee.first >= 0 && flags == 0 {
                return checkInterface(Int(type.pointee.first), of: contract, at: home)
            }
            return .ok
        case .integer, .token:
            let status = decodeInteger(&source, into: word, home)
            if !status.isOK { return status }
            return fits(word.pointee, home, type) ? .ok : invalid
        case .bytes, .text:
            guard let count = source.number(limit: Int(type.pointee.capacity)), let bytes = source.bytes(count) else {
                return invalid
            }
            if type.pointee.kind == .text {
                let text = UnsafeRawBufferPointer(start: bytes, count: count)
                guard charge(MachineCosts.bytes(4 * count)) else { return Status(.outOfGas) }
                guard String(validating: text, as: UTF8.self) != nil else { return invalid }
            }
            guard let target = allocate(ObjectLayout.contentOffset + count) else { return pointee.status }
            target.writeHeader(type: typeIndex, count: count, capacity: count, tag: 0)
            (target + ObjectLayout.contentOffset).copyMemory(from: bytes, byteCount: count)
            return finish(target, flags, word)
        case .list:
            // Elements that are not empty structs take a byte at least, so more cannot follow.
            guard let count = source.number(limit: Int(type.pointee.capacity)),
                count <= source.remaining || module.types[Int(type.pointee.first)].encodedBytesLimit == 0
            else { return invalid }
            guard let target = allocate(ObjectLayout.listBytes),
                let cells = allocate(max(1, count) * ObjectLayout.cellBytes)
            else { return pointee.status }
            target.writeHeader(type: typeIndex, count: count, capacity: max(1, count), tag: 0)
            target.listCells = cells.assumingMemoryBound(to: UInt64.self)
            let status = decodeCells(&source, target.listCells, count, of: contract, flags) { _ in type.pointee.first }
            return status.isOK ? finish(target, flags, word) : status
        case .option:
            guard let tag = source.byte(), tag <= 1 else { return invalid }
            return decodeObject(&source, typeIndex, tag: Int(tag), count: Int(tag), of: contract, flags, word) { _ in
                type.pointee.first
            }
        case .structure:
            let children = module.children + Int(type.pointee.first)
            return decodeObject(
                &source, typeIndex, tag: 0, count: Int(type.pointee.count), of: contract, flags, word
            ) { children[$0] }
        case .enumeration:
            guard let tag = source.number(limit: Int(type.pointee.count) - 1) else { return invalid }
            let range = module.cases[Int(type.pointee.first) + tag]
            let children = module.children + Int(range.first)
            return decodeObject(&source, typeIndex, tag: tag, count: Int(range.count), of: contract, flags, word) {
                children[$0]
            }
        case .tensor: return decodeTensor(&source, typeIndex, type, flags, word)
        case .tokenList: return invalid
        }
    }

    @inline(__always)
    private func finish(
        _ target: UnsafeMutableRawPointer, _ flags: UInt32, _ word: UnsafeMutablePointer<Int64>
    ) -> Status {
        if flags != 0 { target.markShared() }
        word.pointee = reference(target)
        return .ok
    }

    @inline(__always)
    private func decodeCells(
        _ source: inout ByteSource, _ cells: UnsafeMutablePointer<UInt64>, _ count: Int,
        of contract: UnsafeMutablePointer<ContractRecord>, _ flags: UInt32, type: (Int) -> Int32
    ) -> Status {
        for index in 0..<count {
            let cell = CellDestination(at: cells + index * ObjectLayout.cellWords)
            let status = decode(&source, type(index), of: contract, flags: flags, into: cell.word, cell.home)
            if !status.isOK { return status }
        }
        return .ok
    }

    private func decodeObject(
        _ source: inout ByteSource, _ typeIndex: Int32, tag: Int, count: Int,
        of contract: UnsafeMutablePointer<ContractRecord>, _ flags: UInt32, _ word: UnsafeMutablePointer<Int64>,
        type: (Int) -> Int32
    ) -> Status {
        guard let target = allocate(ObjectLayout.contentOffset + count * ObjectLayout.cellBytes) else {
            return pointee.status
        }
        target.writeHeader(type: typeIndex, count: count, capacity: count, tag: UInt32(tag))
        let status = decodeCells(&source, target.contentCells, count, of: contract, flags, type: type)
        return status.isOK ? finish(target, flags, word) : status
    }

    private func decodeTensor(
        _ source: inout ByteSource, _ typeIndex: Int32, _ type: UnsafePointer<PreparedType>, _ flags: UInt32,
        _ word: UnsafeMutablePointer<Int64>
    ) -> Status {
        let declared = type.pointee.dimensions
        let wanted = [declared.0, declared.1, declared.2, declared.3]
        var sizes = [1, 1, 1, 1]
        var count = 1
        for axis in 0..<Int(type.pointee.rank) {
            guard let size = source.number(limit: MachineLimits.tensorElements),
                wanted[axis] == 0 || Int(wanted[axis]) == size
            else { return Status(.invalidArgument) }
            sizes[axis] = size
            // Both factors are at most 2^24.
            count *= size
            guard count <= MachineLimits.tensorElements else { return Status(.invalidArgument) }
        }
        let bytes = count * Int(type.pointee.elementBytes)
        guard let elements = source.bytes(bytes) else { return Status(.invalidArgument) }
        guard let target = allocate(ObjectLayout.elementsOffset + bytes) else { return pointee.status }
        target.writeHeader(type: typeIndex, count: count, capacity: count, tag: 0)
        for axis in 0..<4 {
            target.storeBytes(
                of: UInt32(sizes[axis]), toByteOffset: ObjectLayout.dimensionsOffset + 4 * axis, as: UInt32.self)
        }
        (target + ObjectLayout.elementsOffset).copyMemory(from: elements, byteCount: bytes)
        return finish(target, flags, word)
    }

    /// Reads an integer of at most 4,096 bits.
    func decodeInteger(
        _ source: inout ByteSource, into word: UnsafeMutablePointer<Int64>, _ home: UnsafeMutablePointer<UInt64>
    ) -> Status {
        let invalid = Status(.invalidArgument)
        guard let header = source.number(limit: 2 * NumericLimits.integerBits / 8 + 1) else { return invalid }
        let count = header >> 1
        guard let bytes = source.bytes(count) else { return invalid }
        if count == 0 {
            word.pointee = 0
            return header == 0 ? .ok : invalid
        }
        guard bytes.load(as: UInt8.self) != 0 else { return invalid }
        guard charge(MachineCosts.bytes(count)) else { return Status(.outOfGas) }
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: (count + 7) / 8) { limbs in
            limbs.initialize(repeating: 0)
            for index in 0..<count {
                let byte = bytes.load(fromByteOffset: count - 1 - index, as: UInt8.self)
                limbs[index >> 3] |= UInt64(byte) << UInt64(8 * (index & 7))
            }
            guard let base = limbs.baseAddress else { return invalid }
            return Status(
                arithmetic: CellInteger.fromLimbs(
                    CellDestination(word: word, home: home), negative: header & 1 == 1, base, count: limbs.count,
                    arena: pointee.arena))
        }
    }
}
