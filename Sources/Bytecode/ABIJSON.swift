import Numerics

/// Values as JSON: integers as decimal strings, Fixed as decimals ("0.7"), bytes as hexadecimal ("0x…"), options as
/// null or the value, structs as objects, enums as the case's name (with a payload: `{"name": {…}}`).
public struct ABIJSON: Sendable {
    /// How addresses are written and read; plain hexadecimal unless given.
    public struct AddressStyle: Sendable {
        public let format: @Sendable ([UInt8]) -> String
        public let parse: @Sendable (String) -> [UInt8]?
        public init(
            format: @escaping @Sendable ([UInt8]) -> String, parse: @escaping @Sendable (String) -> [UInt8]?
        ) {
            self.format = format
            self.parse = parse
        }
        public static let hexadecimal = AddressStyle(
            format: { ABIJSON.hexadecimal($0) },
            parse: { ABIJSON.bytes($0).flatMap { $0.count == 32 ? $0 : nil } })
    }

    public let coding: ABICoding
    public let addresses: AddressStyle

    public init(types: [TypeDescriptor], addresses: AddressStyle = .hexadecimal) {
        coding = ABICoding(types: types)
        self.addresses = addresses
    }

    // MARK: Writing

    public func json(_ value: ABIValue, as type: TypeIndex) throws(CodingError) -> JSONValue {
        try json(value, as: type, depth: 0)
    }

    private func descriptor(_ type: TypeIndex, depth: Int) throws(CodingError) -> TypeDescriptor {
        guard coding.types.indices.contains(type) else {
            throw CodingError(.typeNotEncodable, "There is no type \(type)")
        }
        guard depth <= ABILimits.depth else {
            throw CodingError(.valueTooLarge, "Values are nested deeper than \(ABILimits.depth) levels")
        }
        return coding.types[type]
    }

    private func mismatch(_ type: TypeIndex) -> CodingError {
        CodingError(.valueTypeMismatch, "Expected a value of type \(coding.typeText(type))")
    }

    private func json(_ value: ABIValue, as type: TypeIndex, depth: Int) throws(CodingError) -> JSONValue {
        switch (try descriptor(type, depth: depth), value) {
        case (.boolean, .boolean(let flag)): return .boolean(flag)
        case (.integer(.fixed, _, _), .integer(let raw)): return .string(Self.decimal(raw))
        case (.integer, .integer(let number)), (.token, .integer(let number)): return .string(number.description)
        case (.bytes32(.address), .bytes32(let bytes)), (.bytes32(.interface), .bytes32(let bytes)):
            return .string(addresses.format(bytes))
        case (.bytes32, .bytes32(let bytes)), (.bytes, .bytes(let bytes)): return .string(Self.hexadecimal(bytes))
        case (.text, .text(let text)): return .string(text)
        case (.list(let element, _), .list(let items)):
            var elements: [JSONValue] = []
            for item in items { elements.append(try json(item, as: element, depth: depth + 1)) }
            return .array(elements)
        case (.option(let wrapped), .option(let content)):
            guard let content else { return .null }
            let inner = try json(content, as: wrapped, depth: depth + 1)
            return isOption(wrapped) ? .object([.init("some", inner)]) : inner
        case (.structure(_, let fields), .structure(let values)):
            return .object(try members(values, fields: fields, depth: depth))
        case (.enumeration(_, let cases), .enumeration(let index, let payload)):
            guard cases.indices.contains(index) else { throw mismatch(type) }
            guard !payload.isEmpty else { return .string(cases[index].name) }
            let content = try members(payload, fields: cases[index].payload, depth: depth)
            return .object([.init(cases[index].name, .object(content))])
        case (.tensor, .tensor(let dimensions, let data)):
            return .object([
                .init("dimensions", .array(dimensions.map { .integer($0) })),
                .init("data", .string(Self.hexadecimal(data))),
            ])
        default: throw mismatch(type)
        }
    }

    private func members(
        _ values: [ABIValue], fields: [TypeDescriptor.Field], depth: Int
    ) throws(CodingError) -> [JSONValue.Member] {
        guard values.count == fields.count else {
            throw CodingError(.valueTypeMismatch, "Expected \(fields.count) fields, found \(values.count)")
        }
        var members: [JSONValue.Member] = []
        for (field, value) in zip(fields, values) {
            members.append(.init(field.name, try json(value, as: field.type, depth: depth + 1)))
        }
        return members
    }

    private func isOption(_ type: TypeIndex) -> Bool {
        guard coding.types.indices.contains(type), case .option = coding.types[type] else { return false }
        return true
    }

    // MARK: Reading

    /// Reads what `json` writes; also plain JSON integers, and tensors with "elements" instead of "data".
    public func value(_ json: JSONValue, as type: TypeIndex) throws(CodingError) -> ABIValue {
        let value = try self.value(json, as: type, depth: 0)
        // The encoder holds the value to its type's limits.
        _ = try coding.encode(value, as: type)
        return value
    }

    private func value(_ json: JSONValue, as type: TypeIndex, depth: Int) throws(CodingError) -> ABIValue {
        switch (try descriptor(type, depth: depth), json) {
        case (.boolean, .boolean(let flag)): return .boolean(flag)
        case (.integer(.fixed, _, _), .string(let text)), (.integer(.fixed, _, _), .number(let text)):
            guard let raw = Self.rawFixed(text) else { throw mismatch(type) }
            return .integer(raw)
        case (.integer, .string(let text)), (.integer, .number(let text)),
            (.token, .string(let text)), (.token, .number(let text)):
            guard let number = Self.integer(text) else { throw mismatch(type) }
            return .integer(number)
        case (.bytes32(.address), .string(let text)), (.bytes32(.interface), .string(let text)):
            guard let bytes = addresses.parse(text) ?? Self.bytes(text) else { throw mismatch(type) }
            return .bytes32(bytes)
        case (.bytes32, .string(let text)):
            guard let bytes = Self.bytes(text) else { throw mismatch(type) }
            return .bytes32(bytes)
        case (.bytes, .string(let text)):
            guard let bytes = Self.bytes(text) else { throw mismatch(type) }
            return .bytes(bytes)
        case (.text, .string(let text)): return .text(text)
        case (.list(let element, _), .array(let items)):
            var elements: [ABIValue] = []
            for item in items { elements.append(try value(item, as: element, depth: depth + 1)) }
            return .list(elements)
        case (.option, .null): return .option(nil)
        case (.option(let wrapped), _):
            if isOption(wrapped) {
                guard let inner = json["some"] else { throw mismatch(type) }
                return .option(try value(inner, as: wrapped, depth: depth + 1))
            }
            return .option(try value(json, as: wrapped, depth: depth + 1))
        case (.structure(_, let fields), .object):
            return .structure(try values(json, fields: fields, depth: depth))
        case (.enumeration(_, let cases), .string(let name)):
            guard let index = cases.firstIndex(where: { $0.name == name && $0.payload.isEmpty }) else {
                throw mismatch(type)
            }
            return .enumeration(caseIndex: index, payload: [])
        case (.enumeration(_, let cases), .object(let members)):
            guard members.count == 1, let index = cases.firstIndex(where: { $0.name == members[0].name }) else {
                throw mismatch(type)
            }
            return .enumeration(
                caseIndex: index, payload: try values(members[0].value, fields: cases[index].payload, depth: depth))
        case (.tensor(let element, _), .object):
            return try tensor(json, element: element, type: type)
        default: throw mismatch(type)
        }
    }

    private func values(
        _ json: JSONValue, fields: [TypeDescriptor.Field], depth: Int
    ) throws(CodingError) -> [ABIValue] {
        guard case .object(let members) = json, members.count == fields.count else {
            throw CodingError(.jsonValue, "Expected an object with \(fields.count) members")
        }
        var values: [ABIValue] = []
        for field in fields {
            guard let member = json[field.name] else {
                throw CodingError(.jsonValue, "The member \(field.name) is missing")
            }
            values.append(try value(member, as: field.type, depth: depth + 1))
        }
        return values
    }

    private func tensor(
        _ json: JSONValue, element: TypeDescriptor.TensorElement, type: TypeIndex
    ) throws(CodingError) -> ABIValue {
        guard case .array(let sizes)? = json["dimensions"] else { throw mismatch(type) }
        var dimensions: [Int] = []
        for size in sizes {
            guard case .number(let text) = size, let number = Int(text), number >= 0 else { throw mismatch(type) }
            dimensions.append(number)
        }
        if case .string(let text)? = json["data"], let data = Self.bytes(text) {
            return .tensor(dimensions: dimensions, data: data)
        }
        guard case .array(let elements)? = json["elements"] else { throw mismatch(type) }
        var data: [UInt8] = []
        let bits = 8 * element.byteCount
        for item in elements {
            guard case .number(let text) = item, let number = Int64(text), number >> (bits - 1) == number >> 63 else {
                throw mismatch(type)
            }
            for shift in stride(from: 0, to: bits, by: 8) { data.append(UInt8(truncatingIfNeeded: number >> shift)) }
        }
        return .tensor(dimensions: dimensions, data: data)
    }

    // MARK: Numbers and bytes as text

    /// Decimal places of a Fixed.
    public static let fixedPlaces = 18

    /// A raw Fixed as the shortest decimal: 700000000000000000 is "0.7".
    public static func decimal(_ raw: BigInt) -> String {
        var digits = raw.magnitude.description
        if digits.count <= fixedPlaces {
            digits = String(repeating: "0", count: fixedPlaces + 1 - digits.count) + digits
        }
        let whole = digits.dropLast(fixedPlaces)
        var fraction = digits.suffix(fixedPlaces)
        while fraction.last == "0" { fraction.removeLast() }
        return (raw.isNegative ? "-" : "") + whole + (fraction.isEmpty ? "" : "." + fraction)
    }

    /// The raw Fixed of a decimal with at most 18 places; nil for anything else.
    public static func rawFixed(_ text: String) -> BigInt? {
        let unsigned = text.hasPrefix("-") ? text.dropFirst() : text[...]
        let parts = unsigned.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), isDigits(parts[0]), text.utf8.count <= textLimit else { return nil }
        let fraction = parts.count == 2 ? parts[1] : "0"
        guard isDigits(fraction), fraction.count <= fixedPlaces else { return nil }
        let digits = parts[0] + fraction + String(repeating: "0", count: fixedPlaces - fraction.count)
        guard let magnitude = BigInt(digits, radix: 10) else { return nil }
        return text.hasPrefix("-") ? -magnitude : magnitude
    }

    /// A decimal integer; nil for anything else.
    public static func integer(_ text: String) -> BigInt? {
        let unsigned = text.hasPrefix("-") ? text.dropFirst() : text[...]
        guard isDigits(unsigned), text.utf8.count <= textLimit, let value = BigInt(unsigned, radix: 10) else {
            return nil
        }
        return text.hasPrefix("-") ? -value : value
    }

    /// More digits than any value of 4,096 bits has.
    private static let textLimit = 1_300

    private static func isDigits(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    /// "0x" and two lower-case digits a byte.
    public static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits: [UInt8] = Array("0123456789abcdef".utf8)
        var text: [UInt8] = Array("0x".utf8)
        text.reserveCapacity(2 + 2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads hexadecimal digits of either case, with or without "0x".
    public static func bytes(_ text: String) -> [UInt8]? {
        let digits = Array((text.hasPrefix("0x") ? text.dropFirst(2) : text[...]).utf8)
        guard digits.count.isMultiple(of: 2) else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count / 2)
        for index in stride(from: 0, to: digits.count, by: 2) {
            guard let high = nibble(digits[index]), let low = nibble(digits[index + 1]) else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }

    private static func nibble(_ character: UInt8) -> UInt8? {
        switch character {
        case 0x30...0x39: character - 0x30
        case 0x41...0x46: character - 0x41 + 10
        case 0x61...0x66: character - 0x61 + 10
        default: nil
        }
    }
}
