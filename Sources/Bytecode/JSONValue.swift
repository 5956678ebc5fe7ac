/// JSON text as a value. Objects keep their order; numbers keep their spelling, so that nothing is rounded.
public enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// The number's characters.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    public struct Member: Hashable, Sendable {
        public let name: String
        public let value: JSONValue
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// Arrays and objects within one another.
    public static let depthLimit = 128

    public static func integer(_ value: Int) -> JSONValue { .number(String(value)) }

    /// The member of that name, for objects.
    public subscript(_ name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    // MARK: Writing

    /// One line without spaces, or lines indented by two spaces a level.
    public func text(pretty: Bool = false) -> String {
        var result = ""
        write(into: &result, indent: pretty ? 0 : nil)
        return result
    }

    private func write(into text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .boolean(let value): text += value ? "true" : "false"
        case .number(let digits): text += digits
        case .string(let value): Self.quote(value, into: &text)
        case .array(let elements):
            Self.write(elements, between: "[", "]", into: &text, indent: indent) { text, element, indent in
                element.write(into: &text, indent: indent)
            }
        case .object(let members):
            Self.write(members, between: "{", "}", into: &text, indent: indent) { text, member, indent in
                Self.quote(member.name, into: &text)
                text += indent == nil ? ":" : ": "
                member.value.write(into: &text, indent: indent)
            }
        }
    }

    private static func write<Element>(
        _ elements: [Element], between open: String, _ close: String, into text: inout String, indent: Int?,
        _ body: (inout String, Element, Int?) -> Void
    ) {
        text += open
        for (index, element) in elements.enumerated() {
            if index > 0 { text += "," }
            if let indent { text += "\n" + String(repeating: "  ", count: indent + 1) }
            body(&text, element, indent.map { $0 + 1 })
        }
        if let indent, !elements.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
        text += close
    }

    private static func quote(_ value: String, into text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }

    // MARK: Reading

    /// Reads one JSON value; anything after it but white space is an error, as are repeated member names.
    public init(parsing text: String) throws(CodingError) {
        var parser = JSONParser(bytes: Array(text.utf8))
        self = try parser.document()
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    var offset = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    func failure(_ message: String) -> CodingError { CodingError(.jsonSyntax, message, at: offset) }

    mutating func document() throws(CodingError) -> JSONValue {
        let value = try value(depth: 0)
        skipSpace()
        guard offset == bytes.count else { throw failure("Something follows the end of the JSON value") }
        return value
    }

    mutating func skipSpace() {
        while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
    }

    var current: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    mutating func take(_ character: Character) -> Bool {
        guard current == character.asciiValue else { return false }
        offset += 1
        return true
    }

    mutating func value(depth: Int) throws(CodingError) -> JSONValue {
        guard depth <= JSONValue.depthLimit else {
            throw CodingError(.jsonDepth, "JSON is nested deeper than \(JSONValue.depthLimit) levels", at: offset)
        }
        skipSpace()
        switch current {
        case 0x7B: return try object(depth: depth)
        case 0x5B: return try array(depth: depth)
        case 0x22: return .string(try string())
        case 0x74: return try word("true", .boolean(true))
        case 0x66: return try word("false", .boolean(false))
        case 0x6E: return try word("null", .null)
        case 0x2D?, (0x30...0x39)?: return try number()
        case nil: throw failure("The JSON text ends too early")
        default: throw failure("A JSON value was expected")
        }
    }

    mutating func word(_ text: String, _ value: JSONValue) throws(CodingError) -> JSONValue {
        guard bytes[offset...].starts(with: text.utf8) else { throw failure("A JSON value was expected") }
        offset += text.utf8.count
        return value
    }

    mutating func digits() -> Bool {
        let start = offset
        while let byte = current, (0x30...0x39).contains(byte) { offset += 1 }
        return offset > start
    }

    mutating func number() throws(CodingError) -> JSONValue {
        let start = offset
        _ = take("-")
        let first = current
        let firstOffset = offset
        guard digits(), first != 0x30 || offset == firstOffset + 1 else { throw failure("Malformed number") }
        if take(".") { guard digits() else { throw failure("Malformed number") } }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            guard digits() else { throw failure("Malformed number") }
        }
        return .number(String(decoding: bytes[start..<offset], as: UTF8.self))
    }

    mutating func array(depth: Int) throws(CodingError) -> JSONValue {
        offset += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return .array([]) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw failure("Expected , or ]") }
        }
    }

    mutating func object(depth: Int) throws(CodingError) -> JSONValue {
        offset += 1
        var members: [JSONValue.Member] = []
        var names: Set<String> = []
        skipSpace()
        if take("}") { return .object([]) }
        while true {
            skipSpace()
            guard current == 0x22 else { throw failure("Expected a member name") }
            let name = try string()
            guard names.insert(name).inserted else { throw failure("The member \(name) appears twice") }
            skipSpace()
            guard take(":") else { throw failure("Expected :") }
            members.append(JSONValue.Member(name, try value(depth: depth + 1)))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw failure("Expected , or }") }
        }
    }

    mutating func string() throws(CodingError) -> String {
        offset += 1
        var content: [UInt8] = []
        while let byte = current {
            offset += 1
            switch byte {
            case 0x22:
                guard let text = String(validating: content, as: UTF8.self) else { throw failure("Invalid UTF-8") }
                return text
            case 0x5C: content.append(contentsOf: Array(String(try escape()).utf8))
            case 0..<0x20: throw failure("A control character in a string")
            default: content.append(byte)
            }
        }
        throw failure("The string does not end")
    }

    mutating func escape() throws(CodingError) -> Character {
        guard let byte = current else { throw failure("The string does not end") }
        offset += 1
        switch byte {
        case 0x22, 0x5C, 0x2F: return Character(Unicode.Scalar(byte))
        case 0x62: return "\u{8}"
        case 0x66: return "\u{C}"
        case 0x6E: return "\n"
        case 0x72: return "\r"
        case 0x74: return "\t"
        case 0x75:
            let first = try hexadecimal()
            if let scalar = Unicode.Scalar(first) { return Character(scalar) }
            guard first < 0xDC00, take("\\"), take("u") else { throw failure("Half a surrogate pair") }
            let second = try hexadecimal()
            guard (0xDC00..<0xE000).contains(second),
                let scalar = Unicode.Scalar(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
            else { throw failure("Half a surrogate pair") }
            return Character(scalar)
        default: throw failure("Unknown escape")
        }
    }

    mutating func hexadecimal() throws(CodingError) -> UInt32 {
        guard bytes.count - offset >= 4 else { throw failure("Four hexadecimal digits were expected") }
        var value: UInt32 = 0
        for byte in bytes[offset..<(offset + 4)] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw failure("Four hexadecimal digits were expected")
            }
            value = value << 4 | UInt32(digit)
        }
        offset += 4
        return value
    }
}
