import Bytecode
import Crypto
import Numerics

/// The types of a module, checked and flattened.
struct TypeTable {
    private(set) var prepared: [PreparedType] = []
    /// The parts that structs, cases and (added later) signatures name.
    var children: [Int32] = []
    private(set) var cases: [PreparedRange] = []
    /// Equal digests are equal structures.
    private(set) var digests: [Bytes32] = []
    private var depths: [Int] = []
    private let zeros: UnsafeMutablePointer<UInt64>
    private var zeroCount: Int32 = 0

    /// The zero values, as cells; they live in the memory given to `init`.
    var zeroCells: UnsafePointer<UInt64> { UnsafePointer(zeros) }

    init(_ module: Module, memory: PreparedMemory) throws(VerificationError) {
        zeros = memory.allocate(bytes: module.types.count * ObjectLayout.cellBytes).assumingMemoryBound(to: UInt64.self)
        for (index, descriptor) in module.types.enumerated() {
            try append(descriptor, at: index, module: module, memory: memory)
        }
    }

    /// The parts of an aggregate, of an enum all cases with theirs; 0 when there is no such type.
    func partCount(_ type: Int) -> Int {
        guard prepared.indices.contains(type) else { return 0 }
        let found = prepared[type]
        switch found.kind {
        case .structure: return Int(found.count)
        case .enumeration:
            return cases[Int(found.first)..<Int(found.first + found.count)].reduce(0) { $0 + 1 + Int($1.count) }
        default: return 0
        }
    }

    func isLinear(_ type: Int) -> Bool { prepared[type].kind == .token || prepared[type].kind == .tokenList }

    /// A type that may be an element, a field, state, or cross a contract's boundary.
    func checkCopyable(_ type: Int, _ place: String) throws(VerificationError) {
        guard prepared.indices.contains(type) else {
            throw VerificationError(.index, "\(place): there is no type \(type)")
        }
        if isLinear(type) { throw VerificationError(.type, "\(place) cannot be a token") }
    }

    /// Whether a value of type `source` may stand where a `target` is wanted.
    func fits(_ source: Int, _ target: Int) -> Bool {
        if source == target { return true }
        let (from, to) = (prepared[source], prepared[target])
        guard from.kind == to.kind else { return false }
        switch from.kind {
        case .boolean, .integer: return true
        case .bytes32: return to.first < 0 || from.first == to.first
        case .bytes, .text: return from.capacity <= to.capacity
        case .list:
            return from.capacity <= to.capacity && digests[Int(from.first)] == digests[Int(to.first)]
        case .option, .structure, .enumeration: return digests[source] == digests[target]
        case .tensor: return from.elementBytes == to.elementBytes && from.rank == to.rank
        case .token, .tokenList: return from.first == to.first
        }
    }

    // MARK: Building

    private mutating func append(
        _ descriptor: TypeDescriptor, at index: Int, module: Module, memory: PreparedMemory
    ) throws(VerificationError) {
        var type: PreparedType
        var digest = DigestBuilder()
        var depth = 1
        var zero: ZeroValue = .none
        switch descriptor {
        case .boolean:
            type = PreparedType(kind: .boolean)
            type.encodedBytesLimit = 1
            digest.add(0)
            zero = .word
        case .integer(let kind, let bits, let isSigned):
            guard bits >= 1, bits <= NumericLimits.integerBits else {
                throw VerificationError(.limit, "type \(index): an integer of \(bits) bits")
            }
            type = PreparedType(kind: .integer)
            type.isSigned = isSigned
            type.bits = Int32(bits)
            type.encodedBytesLimit = Self.integerBytesLimit(bits)
            digest.add(1, Int(kind.rawValue), bits, isSigned ? 1 : 0)
            zero = .word
        case .bytes32(let kind):
            type = PreparedType(kind: .bytes32)
            type.encodedBytesLimit = 32
            switch kind {
            case .address: digest.add(2, 0)
            case .hash: digest.add(2, 1)
            case .asset: digest.add(2, 2)
            case .interface(let interface):
                guard module.interfaces.indices.contains(interface) else {
                    throw VerificationError(.index, "type \(index): there is no interface \(interface)")
                }
                type.first = Int32(interface)
                digest.add(2, 3)
                digest.add(module.interfaces[interface].name)
            }
        case .bytes(let capacity), .text(let capacity):
            try Self.checkCapacity(capacity, ModuleLimits.capacity, index)
            let isText = if case .text = descriptor { true } else { false }
            type = PreparedType(kind: isText ? .text : .bytes)
            type.isObject = true
            type.capacity = Int32(capacity)
            type.encodedBytesLimit = Self.countBytes(capacity) + Int64(capacity)
            digest.add(isText ? 4 : 3, capacity)
            zero = .object(cells: [])
        case .list(let element, let capacity):
            try Self.checkCapacity(capacity, MachineLimits.listElements, index)
            try checkPart(element, of: index)
            type = PreparedType(kind: .list)
            type.isObject = true
            type.holdsObjects = prepared[element].isObject
            type.capacity = Int32(capacity)
            type.first = Int32(element)
            type.encodedBytesLimit = Self.sum(
                Self.countBytes(capacity), Self.product(Int64(capacity), prepared[element].encodedBytesLimit))
            depth += depths[element]
            digest.add(5, capacity)
            digest.add(digests[element])
            zero = .list
        case .option(let wrapped):
            try checkPart(wrapped, of: index)
            type = PreparedType(kind: .option)
            type.isObject = true
            type.holdsObjects = true
            type.first = Int32(wrapped)
            type.encodedBytesLimit = Self.sum(1, prepared[wrapped].encodedBytesLimit)
            depth += depths[wrapped]
            digest.add(6)
            digest.add(digests[wrapped])
            zero = .object(cells: [])
        case .structure(let name, let fields):
            type = PreparedType(kind: .structure)
            type.isObject = true
            type.holdsObjects = true
            digest.add(7)
            digest.add(name)
            let (range, limit, deepest) = try appendFields(fields, of: index, digest: &digest)
            type.first = range.first
            type.count = range.count
            type.encodedBytesLimit = limit
            depth += deepest
            if fields.allSatisfy({ prepared[$0.type].zero >= 0 }) {
                zero = .object(cells: fields.map { Int(prepared[$0.type].zero) })
            }
        case .enumeration(let name, let list):
            guard list.count <= ModuleLimits.members, list.count <= 255, !list.isEmpty else {
                throw VerificationError(.limit, "type \(index): an enum of \(list.count) cases")
            }
            type = PreparedType(kind: .enumeration)
            type.isObject = true
            type.holdsObjects = true
            digest.add(8, list.count)
            digest.add(name)
            var ranges: [PreparedRange] = []
            for item in list {
                digest.add(item.name)
                let (range, limit, deepest) = try appendFields(item.payload, of: index, digest: &digest)
                ranges.append(range)
                type.encodedBytesLimit = max(type.encodedBytesLimit, limit)
                depth = max(depth, 1 + deepest)
            }
            type.encodedBytesLimit = Self.sum(2, type.encodedBytesLimit)
            if list.count < 128 { type.encodedBytesLimit -= 1 }
            type.first = Int32(cases.count)
            type.count = Int32(list.count)
            cases += ranges
        case .tensor(let element, let dimensions):
            guard (1...ModuleLimits.tensorRank).contains(dimensions.count),
                dimensions.allSatisfy({ $0 >= 0 && $0 <= MachineLimits.tensorElements })
            else { throw VerificationError(.limit, "type \(index): the dimensions of a tensor") }
            type = PreparedType(kind: .tensor)
            type.isObject = true
            type.elementBytes = UInt8(element.byteCount)
            type.rank = UInt8(dimensions.count)
            var padded = dimensions.map { Int32($0) }
            while padded.count < 4 { padded.append(1) }
            type.dimensions = (padded[0], padded[1], padded[2], padded[3])
            type.encodedBytesLimit = Int64(MachineLimits.tensorElements) * Int64(element.byteCount) + 16
            digest.add(9, Int(element.rawValue), dimensions.count)
            for dimension in dimensions { digest.add(dimension) }
        case .token(let asset), .tokenList(let asset):
            guard module.assets.indices.contains(asset) else {
                throw VerificationError(.index, "type \(index): there is no asset \(asset)")
            }
            let isList = if case .tokenList = descriptor { true } else { false }
            type = PreparedType(kind: isList ? .tokenList : .token)
            type.bits = 256
            type.first = Int32(asset)
            type.encodedBytesLimit = 33
            digest.add(isList ? 11 : 10, asset)
        }
        guard depth <= MachineLimits.typeDepth else {
            throw VerificationError(.type, "type \(index) is nested deeper than \(MachineLimits.typeDepth) levels")
        }
        type.zero = appendZero(zero, type: index, memory: memory)
        prepared.append(type)
        depths.append(depth)
        digests.append(digest.finish())
    }

    private func checkPart(_ part: Int, of index: Int) throws(VerificationError) {
        guard part >= 0, part < index else {
            throw VerificationError(.type, "type \(index) refers to type \(part), which is not before it")
        }
        if isLinear(part) { throw VerificationError(.type, "type \(index) holds a token") }
    }

    private mutating func appendFields(
        _ fields: [TypeDescriptor.Field], of index: Int, digest: inout DigestBuilder
    ) throws(VerificationError) -> (range: PreparedRange, limit: Int64, deepest: Int) {
        guard fields.count <= ModuleLimits.registers else {
            throw VerificationError(.limit, "type \(index): \(fields.count) fields")
        }
        let first = Int32(children.count)
        var (limit, deepest): (Int64, Int) = (0, 0)
        digest.add(fields.count)
        for field in fields {
            try checkPart(field.type, of: index)
            children.append(Int32(field.type))
            limit = Self.sum(limit, prepared[field.type].encodedBytesLimit)
            deepest = max(deepest, depths[field.type])
            digest.add(field.name)
            digest.add(digests[field.type])
        }
        return (PreparedRange(first: first, count: Int32(fields.count)), limit, deepest)
    }

    private static func checkCapacity(_ capacity: Int, _ limit: Int, _ index: Int) throws(VerificationError) {
        guard capacity >= 0, capacity <= limit else {
            throw VerificationError(.limit, "type \(index): a capacity of \(capacity), at most \(limit) is allowed")
        }
    }

    // MARK: Zero values

    private enum ZeroValue {
        case none
        case word
        case list
        /// An object of cells that are copies of these zero values.
        case object(cells: [Int])
    }

    private mutating func appendZero(_ value: ZeroValue, type: Int, memory: PreparedMemory) -> Int32 {
        let cell = zeros + Int(zeroCount) * ObjectLayout.cellWords
        switch value {
        case .none: return -1
        case .word: cell[0] = 0
        case .list:
            let object = memory.allocate(bytes: ObjectLayout.listBytes)
            object.storeBytes(of: UInt32(type) | ObjectLayout.sharedFlag, as: UInt32.self)
            // An empty list's cells are never read, but their address is one that exists.
            let cells = UInt64(UInt(bitPattern: object))
            object.storeBytes(of: cells, toByteOffset: ObjectLayout.listCellsOffset, as: UInt64.self)
            cell[0] = UInt64(UInt(bitPattern: object))
        case .object(let parts):
            let object = memory.allocate(bytes: ObjectLayout.contentOffset + parts.count * ObjectLayout.cellBytes)
            object.storeBytes(of: UInt32(type) | ObjectLayout.sharedFlag, as: UInt32.self)
            object.storeBytes(of: UInt32(parts.count), toByteOffset: ObjectLayout.countOffset, as: UInt32.self)
            let cells = (object + ObjectLayout.contentOffset).assumingMemoryBound(to: UInt64.self)
            for (index, part) in parts.enumerated() {
                (cells + index * ObjectLayout.cellWords).update(
                    from: zeros + part * ObjectLayout.cellWords, count: ObjectLayout.cellWords)
            }
            cell[0] = UInt64(UInt(bitPattern: object))
        }
        zeroCount += 1
        return zeroCount - 1
    }

    // MARK: Sizes

    private static let bytesLimit = Int64.max / 4
    private static func sum(_ left: Int64, _ right: Int64) -> Int64 { min(bytesLimit, left + right) }
    private static func product(_ left: Int64, _ right: Int64) -> Int64 {
        let (value, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? bytesLimit : min(bytesLimit, value)
    }

    private static func countBytes(_ count: Int) -> Int64 {
        var (bytes, rest): (Int64, Int) = (1, count >> 7)
        while rest > 0 {
            bytes += 1
            rest >>= 7
        }
        return bytes
    }

    private static func integerBytesLimit(_ bits: Int) -> Int64 {
        let magnitudeBytes = (bits + 7) / 8
        return countBytes(2 * magnitudeBytes + 1) + Int64(magnitudeBytes)
    }
}

/// Collects what a digest is made of.
struct DigestBuilder {
    private var bytes: [UInt8] = []

    mutating func add(_ number: Int) {
        withUnsafeBytes(of: UInt64(bitPattern: Int64(number)).littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func add(_ first: Int, _ second: Int, _ more: Int...) {
        add(first)
        add(second)
        for number in more { add(number) }
    }

    mutating func add(_ text: String) {
        add(text.utf8.count)
        bytes += text.utf8
    }

    mutating func add(_ digest: Bytes32) { withUnsafeBytes(of: digest) { bytes.append(contentsOf: $0) } }

    func finish() -> Bytes32 { Blake2b.hash(bytes) }
}
