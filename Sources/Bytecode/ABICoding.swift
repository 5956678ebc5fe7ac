import Numerics

/// The canonical encoding of values (Documentation/machine.md) for the types of one module.
///
/// One value has one encoding. Decoding is total on any bytes and any type table: depth, parts and sizes are capped.
public struct ABICoding: Sendable {
    public let types: [TypeDescriptor]

    /// Names of assets and interfaces, by which types are spelled; numbers stand for them where there are none.
    private let assetNames: [String]
    private let interfaceNames: [String]

    public init(types: [TypeDescriptor]) {
        self.types = types
        assetNames = []
        interfaceNames = []
    }

    /// The types of a module, spelled with the names of its assets and interfaces.
    public init(_ module: Module) {
        types = module.types
        assetNames = module.assets.map(\.name)
        interfaceNames = module.interfaces.map(\.name)
    }

    // MARK: Encoding

    public func encode(_ value: ABIValue, as type: TypeIndex) throws(CodingError) -> [UInt8] {
        try encode([value], as: [type])
    }

    /// Values one after the other, as arguments, events and errors are.
    public func encode(_ values: [ABIValue], as types: [TypeIndex]) throws(CodingError) -> [UInt8] {
        guard values.count == types.count else {
            throw CodingError(.valueTypeMismatch, "Expected \(types.count) values, found \(values.count)")
        }
        var writer = ByteWriter()
        for (value, type) in zip(values, types) { try encode(value, as: type, depth: 0, into: &writer) }
        return writer.bytes
    }

    private func descriptor(_ type: TypeIndex, depth: Int) throws(CodingError) -> TypeDescriptor {
        guard types.indices.contains(type) else {
            throw CodingError(.typeNotEncodable, "There is no type \(type)")
        }
        guard depth <= ABILimits.depth else {
            throw CodingError(.valueTooLarge, "Values are nested deeper than \(ABILimits.depth) levels")
        }
        return types[type]
    }

    private func encode(
        _ value: ABIValue, as type: TypeIndex, depth: Int, into writer: inout ByteWriter
    ) throws(CodingError) {
        let descriptor = try descriptor(type, depth: depth)
        switch (descriptor, value) {
        case (.boolean, .boolean(let flag)): writer.byte(flag ? 1 : 0)
        case (.integer(_, let bits, let isSigned), .integer(let number)):
            guard isSigned ? number.fitsSigned(bits: max(bits, 1)) : number.fitsUnsigned(bits: bits) else {
                throw CodingError(.valueOutOfRange, "\(number) does not fit \(typeText(type))")
            }
            Self.encode(number, into: &writer)
        case (.token, .integer(let number)):
            guard number.fitsUnsigned(bits: 256) else {
                throw CodingError(.valueOutOfRange, "\(number) is not an amount")
            }
            Self.encode(number, into: &writer)
        case (.bytes32, .bytes32(let bytes)):
            guard bytes.count == 32 else {
                throw CodingError(.valueOutOfRange, "Expected 32 bytes, found \(bytes.count)")
            }
            writer.raw(bytes)
        case (.bytes(let capacity), .bytes(let bytes)):
            try encode(bytes, capacity: capacity, into: &writer)
        case (.text(let capacity), .text(let text)):
            try encode(Array(text.utf8), capacity: capacity, into: &writer)
        case (.list(let element, let capacity), .list(let elements)):
            guard elements.count <= capacity else {
                throw CodingError(.valueOutOfRange, "\(elements.count) elements where at most \(capacity) fit")
            }
            writer.count(elements.count)
            for item in elements { try encode(item, as: element, depth: depth + 1, into: &writer) }
        case (.option(let wrapped), .option(let content)):
            writer.byte(content == nil ? 0 : 1)
            if let content { try encode(content, as: wrapped, depth: depth + 1, into: &writer) }
        case (.structure(_, let fields), .structure(let values)):
            try encode(values, fields: fields, depth: depth, into: &writer)
        case (.enumeration(let name, let cases), .enumeration(let index, let payload)):
            guard cases.indices.contains(index) else {
                throw CodingError(.valueOutOfRange, "\(name) has no case \(index)")
            }
            writer.count(index)
            try encode(payload, fields: cases[index].payload, depth: depth, into: &writer)
        case (.tensor(let element, let declared), .tensor(let dimensions, let data)):
            try Self.checkShape(dimensions, declared: declared, element: element, byteCount: data.count)
            for size in dimensions { writer.count(size) }
            writer.raw(data)
        default:
            throw CodingError(.valueTypeMismatch, "The value is not of type \(typeText(type))")
        }
    }

    private func encode(
        _ values: [ABIValue], fields: [TypeDescriptor.Field], depth: Int, into writer: inout ByteWriter
    ) throws(CodingError) {
        guard values.count == fields.count else {
            throw CodingError(.valueTypeMismatch, "Expected \(fields.count) fields, found \(values.count)")
        }
        for (field, value) in zip(fields, values) {
            try encode(value, as: field.type, depth: depth + 1, into: &writer)
        }
    }

    private func encode(_ bytes: [UInt8], capacity: Int, into writer: inout ByteWriter) throws(CodingError) {
        guard bytes.count <= capacity else {
            throw CodingError(.valueOutOfRange, "\(bytes.count) bytes where at most \(capacity) fit")
        }
        writer.count(bytes.count)
        writer.raw(bytes)
    }

    private static func encode(_ number: BigInt, into writer: inout ByteWriter) {
        let magnitude = number.bigEndianMagnitude
        writer.count(2 * magnitude.count + (number.isNegative ? 1 : 0))
        writer.raw(magnitude)
    }

    /// Fails unless rank and sizes agree with the declaration and the data has exactly the bytes they call for.
    private static func checkShape(
        _ dimensions: [Int], declared: [Int], element: TypeDescriptor.TensorElement, byteCount: Int?
    ) throws(CodingError) {
        guard dimensions.count == declared.count else {
            throw CodingError(.valueOutOfRange, "A tensor of rank \(declared.count) was expected")
        }
        var total = element.byteCount
        for (size, expected) in zip(dimensions, declared) {
            guard size >= 0, expected == 0 || size == expected else {
                throw CodingError(.valueOutOfRange, "A tensor dimension is \(size), not \(expected)")
            }
            let (product, overflow) = total.multipliedReportingOverflow(by: size)
            guard !overflow, product <= ABILimits.tensorBytes else {
                throw CodingError(.valueTooLarge, "A tensor is larger than \(ABILimits.tensorBytes) bytes")
            }
            total = product
        }
        guard byteCount == nil || byteCount == total else {
            throw CodingError(.valueOutOfRange, "A tensor's data does not have \(total) bytes")
        }
    }

    // MARK: Decoding

    public func decode(_ bytes: [UInt8], as type: TypeIndex) throws(CodingError) -> ABIValue {
        try decode(bytes, as: [type])[0]
    }

    public func decode(_ bytes: [UInt8], as types: [TypeIndex]) throws(CodingError) -> [ABIValue] {
        var reader = ByteReader(bytes)
        var budget = ABILimits.parts
        var values: [ABIValue] = []
        for type in types { values.append(try decode(type, depth: 0, budget: &budget, from: &reader)) }
        guard reader.remaining == 0 else {
            throw CodingError(.valueTrailingBytes, "Bytes follow the end of the value", at: reader.offset)
        }
        return values
    }

    private static func failure(_ fault: ByteReader.Fault, at offset: Int) -> CodingError {
        switch fault {
        case .truncated: CodingError(.valueTruncated, "The value ends too early", at: offset)
        case .nonCanonical: CodingError(.valueNotCanonical, "A count is not in its shortest form", at: offset)
        }
    }

    private func count(_ reader: inout ByteReader, limit: Int) throws(CodingError) -> Int {
        let value: Int
        do { value = try reader.count() } catch { throw Self.failure(error, at: reader.offset) }
        guard value <= limit else {
            throw CodingError(.valueOutOfRange, "The count \(value) is above \(limit)", at: reader.offset)
        }
        return value
    }

    private func raw(_ reader: inout ByteReader, _ count: Int) throws(CodingError) -> [UInt8] {
        do { return Array(try reader.raw(count)) } catch { throw Self.failure(error, at: reader.offset) }
    }

    private func integer(_ reader: inout ByteReader) throws(CodingError) -> BigInt {
        let header = try count(&reader, limit: NumericLimits.integerBits / 4 + 1)
        let magnitude = try raw(&reader, header / 2)
        guard header != 1, magnitude.first != 0 else {
            throw CodingError(.valueNotCanonical, "An integer is not in its shortest form", at: reader.offset)
        }
        return BigInt(negative: header % 2 == 1, bigEndianMagnitude: magnitude)
    }

    private func decode(
        _ type: TypeIndex, depth: Int, budget: inout Int, from reader: inout ByteReader
    ) throws(CodingError) -> ABIValue {
        let descriptor = try descriptor(type, depth: depth)
        budget -= 1
        guard budget >= 0 else {
            throw CodingError(.valueTooLarge, "The value has more than \(ABILimits.parts) parts", at: reader.offset)
        }
        switch descriptor {
        case .boolean:
            let byte = try raw(&reader, 1)[0]
            guard byte <= 1 else {
                throw CodingError(.valueNotCanonical, "A truth value is neither 0 nor 1", at: reader.offset)
            }
            return .boolean(byte == 1)
        case .integer(_, let bits, let isSigned):
            let value = try integer(&reader)
            guard isSigned ? value.fitsSigned(bits: max(bits, 1)) : value.fitsUnsigned(bits: bits) else {
                throw CodingError(.valueOutOfRange, "\(value) does not fit \(typeText(type))", at: reader.offset)
            }
            return .integer(value)
        case .token:
            let value = try integer(&reader)
            guard value.fitsUnsigned(bits: 256) else {
                throw CodingError(.valueOutOfRange, "\(value) is not an amount", at: reader.offset)
            }
            return .integer(value)
        case .tokenList:
            throw CodingError(.typeNotEncodable, "A list of tokens has no encoding")
        case .bytes32: return .bytes32(try raw(&reader, 32))
        case .bytes(let capacity): return .bytes(try raw(&reader, try count(&reader, limit: capacity)))
        case .text(let capacity):
            let bytes = try raw(&reader, try count(&reader, limit: capacity))
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw CodingError(.valueInvalidText, "A text is not valid UTF-8", at: reader.offset)
            }
            return .text(text)
        case .list(let element, let capacity):
            let count = try count(&reader, limit: capacity)
            var elements: [ABIValue] = []
            for _ in 0..<count {
                elements.append(try decode(element, depth: depth + 1, budget: &budget, from: &reader))
            }
            return .list(elements)
        case .option(let wrapped):
            switch try raw(&reader, 1)[0] {
            case 0: return .option(nil)
            case 1: return .option(try decode(wrapped, depth: depth + 1, budget: &budget, from: &reader))
            default: throw CodingError(.valueNotCanonical, "An option begins with neither 0 nor 1", at: reader.offset)
            }
        case .structure(_, let fields):
            return .structure(try decode(fields, depth: depth, budget: &budget, from: &reader))
        case .enumeration(_, let cases):
            let index = try count(&reader, limit: cases.count - 1)
            guard cases.indices.contains(index) else {
                throw CodingError(.valueOutOfRange, "An enum without cases has no value", at: reader.offset)
            }
            return .enumeration(
                caseIndex: index,
                payload: try decode(cases[index].payload, depth: depth, budget: &budget, from: &reader))
        case .tensor(let element, let declared):
            var dimensions: [Int] = []
            for _ in declared { dimensions.append(try count(&reader, limit: Int(UInt32.max))) }
            try Self.checkShape(dimensions, declared: declared, element: element, byteCount: nil)
            let data = try raw(&reader, dimensions.reduce(element.byteCount, *))
            return .tensor(dimensions: dimensions, data: data)
        }
    }

    private func decode(
        _ fields: [TypeDescriptor.Field], depth: Int, budget: inout Int, from reader: inout ByteReader
    ) throws(CodingError) -> [ABIValue] {
        var values: [ABIValue] = []
        for field in fields {
            values.append(try decode(field.type, depth: depth + 1, budget: &budget, from: &reader))
        }
        return values
    }

    // MARK: Names

    /// The type as contracts spell it: `List<Amount, 8>`.
    public func typeText(_ type: TypeIndex) -> String { typeText(type, depth: 0) }

    private func typeText(_ type: TypeIndex, depth: Int) -> String {
        guard types.indices.contains(type), depth <= ABILimits.depth else { return "?" }
        switch types[type] {
        case .boolean: return "Bool"
        case .integer(.amount, _, _): return "Amount"
        case .integer(.height, _, _): return "Height"
        case .integer(.fixed, _, _): return "Fixed"
        case .integer(.int, let bits, let isSigned):
            return isSigned ? (bits == 256 ? "Int" : "Int<\(bits)>") : "UInt<\(bits)>"
        case .bytes32(.address): return "Address"
        case .bytes32(.hash): return "Hash"
        case .bytes32(.asset): return "Asset"
        case .bytes32(.interface(let index)):
            return interfaceNames.indices.contains(index) ? interfaceNames[index] : "Interface#\(index)"
        case .bytes(let capacity): return "Bytes<\(capacity)>"
        case .text(let capacity): return "Text<\(capacity)>"
        case .list(let element, let capacity): return "List<\(typeText(element, depth: depth + 1)), \(capacity)>"
        case .option(let wrapped): return "\(typeText(wrapped, depth: depth + 1))?"
        case .structure(let name, _), .enumeration(let name, _): return name
        case .tensor(let element, let dimensions):
            return "Tensor<\(element.name), [\(dimensions.map(String.init).joined(separator: ", "))]>"
        case .token(let asset):
            return assetNames.indices.contains(asset) ? "Token<\(assetNames[asset])>" : "Token#\(asset)"
        case .tokenList(let asset): return "TokenList#\(asset)"
        }
    }
}
