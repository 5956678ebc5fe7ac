import Crypto
import Numerics
import Semantics

/// Reads canonical bytes as values of given types; whatever is not the one encoding of a value is refused.
public struct CanonicalDecoding {
    private let program: Program
    private let bytes: [UInt8]
    private var position = 0

    private init(_ bytes: [UInt8], _ program: Program) {
        self.bytes = bytes
        self.program = program
    }

    /// The values of `types` in order; nil unless the bytes are exactly their canonical encoding.
    public static func decode(_ bytes: [UInt8], as types: [Type], in program: Program) -> [Value]? {
        var reader = CanonicalDecoding(bytes, program)
        var values: [Value] = []
        for type in types {
            guard let value = reader.value(type) else { return nil }
            values.append(value)
        }
        return reader.position == bytes.count ? values : nil
    }

    private mutating func byte() -> UInt8? {
        guard position < bytes.count else { return nil }
        position += 1
        return bytes[position - 1]
    }

    private mutating func take(_ count: Int) -> [UInt8]? {
        guard count >= 0, count <= bytes.count - position else { return nil }
        position += count
        return Array(bytes[position - count..<position])
    }

    private mutating func count() -> Int? {
        var result: UInt64 = 0
        for shift in stride(from: 0, to: 35, by: 7) {
            guard let next = byte() else { return nil }
            result |= UInt64(next & 0x7F) << UInt64(shift)
            if next < 0x80 { return next == 0 && shift > 0 ? nil : Int(result) }
        }
        return nil
    }

    private mutating func integer() -> BigInt? {
        guard let head = count(), let magnitude = take(head / 2) else { return nil }
        guard magnitude.first != 0, !(magnitude.isEmpty && head == 1) else { return nil }
        return BigInt(negative: head % 2 == 1, bigEndianMagnitude: magnitude)
    }

    private mutating func value(_ type: Type) -> Value? {
        switch type {
        case .nothing: return .nothing
        case .boolean:
            guard let flag = byte(), flag < 2 else { return nil }
            return .boolean(flag == 1)
        case .integer(let integerType):
            guard let number = integer(), integerType.holds(number) else { return nil }
            return .integer(number)
        case .token:
            guard let number = integer(), IntegerType.amount.holds(number) else { return nil }
            return .integer(number)
        case .fixed:
            guard let number = integer(), number.fitsSigned(bits: 256) else { return nil }
            return .fixed(number)
        case .address, .hash, .asset, .interface:
            return take(Bytes32.byteCount).flatMap { Bytes32($0) }.map { .bytes32($0) }
        case .bytes(let capacity):
            guard let length = count(), length <= capacity else { return nil }
            return take(length).map { .bytes($0) }
        case .text(let capacity):
            guard let length = count(), length <= capacity, let content = take(length) else { return nil }
            return String(validating: content, as: UTF8.self) == nil ? nil : .bytes(content)
        case .list(let element, let capacity):
            guard let length = count(), length <= capacity, let elements = values(length, of: element) else {
                return nil
            }
            return .list(elements)
        case .option(let payload):
            guard let tag = byte(), tag < 2 else { return nil }
            return tag == 0 ? .option(nil) : value(payload).map { .option($0) }
        case .structure(let id):
            return values(program.structs[id].fields.map(\.type)).map { .structure($0) }
        case .enumeration(let id):
            guard let index = count(), program.enums[id].cases.indices.contains(index) else { return nil }
            return values(program.enums[id].cases[index].payload.map(\.type)).map { .enumeration(index, $0) }
        case .tensor(let element, let dimensions): return tensor(element, dimensions)
        case .contract(let id): return take(Bytes32.byteCount).flatMap { Bytes32($0) }.map { .contract(id, $0) }
        case .exactFixed, .ratio, .tokenList, .invalid: return nil
        }
    }

    private mutating func values(_ count: Int, of type: Type) -> [Value]? {
        var result: [Value] = []
        for _ in 0..<count {
            guard let element = value(type) else { return nil }
            result.append(element)
        }
        return result
    }

    private mutating func values(_ types: [Type]) -> [Value]? {
        var result: [Value] = []
        for type in types {
            guard let element = value(type) else { return nil }
            result.append(element)
        }
        return result
    }

    private mutating func tensor(_ element: TensorElement, _ dimensions: [TensorDimension]) -> Value? {
        var sizes: [Int] = []
        var elementCount = 1
        for dimension in dimensions {
            guard let size = count() else { return nil }
            if case .constant(let wanted) = dimension, wanted != size { return nil }
            let (product, overflow) = elementCount.multipliedReportingOverflow(by: size)
            guard !overflow else { return nil }
            elementCount = product
            sizes.append(size)
        }
        guard elementCount <= (bytes.count - position) / element.bytes else { return nil }
        var elements: [Int64] = []
        elements.reserveCapacity(elementCount)
        for _ in 0..<elementCount {
            guard let raw = take(element.bytes) else { return nil }
            var word: UInt64 = raw[element.bytes - 1] >= 0x80 ? .max : 0
            for byte in raw.reversed() { word = word << 8 | UInt64(byte) }
            elements.append(Int64(bitPattern: word))
        }
        return TensorValue(element: element, dimensions: sizes, elements: elements).map { .tensor($0) }
    }
}

extension IntegerType {
    /// Whether a number lies in the range of the type. Exact intermediates hold what fits their inferred bits.
    public func holds(_ number: BigInt) -> Bool {
        switch name {
        case .exact: (isSigned || !number.isNegative) && number.bitWidth <= bits
        case .int, .amount, .height: isSigned ? number.fitsSigned(bits: bits) : number.fitsUnsigned(bits: bits)
        }
    }
}
