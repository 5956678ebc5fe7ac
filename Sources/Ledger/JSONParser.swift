extension JSONValue {
    /// Reads exactly one JSON text (RFC 8259) of UTF-8 bytes. Repeated field names and deep nesting are errors.
    public static func parse(_ bytes: [UInt8]) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        let value = try parser.parseValue(depth: 0)
        parser.skipSpace()
        guard parser.position == bytes.count else { throw parser.error("text follows the value") }
        return value
    }
}

/// A recursive parser whose depth is bounded by ``Limits/jsonDepth``.
private struct JSONParser {
    let bytes: [UInt8]
    var position = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    func error(_ reason: String) -> JSONError {
        JSONError(reason: reason, byteOffset: position)
    }

    var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func skipSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    mutating func take(_ character: Character) -> Bool {
        guard current == character.asciiValue else { return false }
        position += 1
        return true
    }

    mutating func parseValue(depth: Int) throws(JSONError) -> JSONValue {
        guard depth < Limits.jsonDepth else { throw error("values nest too deeply") }
        skipSpace()
        switch current {
        case 0x7b: return try parseObject(depth: depth)
        case 0x5b: return try parseArray(depth: depth)
        case 0x22: return .string(try parseString())
        case 0x74: return try parseWord("true", .boolean(true))
        case 0x66: return try parseWord("false", .boolean(false))
        case 0x6e: return try parseWord("null", .null)
        case nil: throw error("a value is missing")
        default: return try parseNumber()
        }
    }

    private mutating func parseWord(_ word: String, _ value: JSONValue) throws(JSONError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw error("a value is misspelt") }
        position += word.utf8.count
        return value
    }

    private mutating func parseObject(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var fields: [JSONValue.Field] = []
        var names: Set<String> = []
        skipSpace()
        if take("}") { return .object([]) }
        while true {
            skipSpace()
            guard current == 0x22 else { throw error("a field's name is missing") }
            let name = try parseString()
            guard names.insert(name).inserted else { throw error("the field \(name) occurs twice") }
            skipSpace()
            guard take(":") else { throw error("a colon is missing") }
            fields.append(JSONValue.Field(name, try parseValue(depth: depth + 1)))
            skipSpace()
            if take("}") { return .object(fields) }
            guard take(",") else { throw error("a comma or a closing brace is missing") }
        }
    }

    private mutating func parseArray(depth: Int) throws(JSONError) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if take("]") { return .array([]) }
        while true {
            elements.append(try parseValue(depth: depth + 1))
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw error("a comma or a closing bracket is missing") }
        }
    }

    private mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = position
        _ = take("-")
        let integerStart = position
        takeDigits()
        let integerCount = position - integerStart
        guard integerCount > 0 else { throw error("a value is misspelt") }
        guard integerCount == 1 || bytes[integerStart] != 0x30 else { throw error("a number has a leading zero") }
        if take(".") {
            let fractionStart = position
            takeDigits()
            guard position > fractionStart else { throw error("a number has no digits after its point") }
        }
        if current == 0x65 || current == 0x45 {
            position += 1
            if !take("+") { _ = take("-") }
            let exponentStart = position
            takeDigits()
            guard position > exponentStart else { throw error("a number has no exponent") }
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func takeDigits() {
        while let byte = current, (0x30...0x39).contains(byte) { position += 1 }
    }

    private mutating func parseString() throws(JSONError) -> String {
        position += 1
        var text: [UInt8] = []
        while true {
            guard let byte = current else { throw error("a string does not end") }
            position += 1
            switch byte {
            case 0x22:
                guard let result = String(validating: text, as: UTF8.self) else {
                    throw error("a string is not UTF-8")
                }
                return result
            case 0x5c: text.append(contentsOf: String(try parseEscape()).utf8)
            case 0..<0x20: throw error("a string has a control character")
            default: text.append(byte)
            }
        }
    }

    private mutating func parseEscape() throws(JSONError) -> Unicode.Scalar {
        guard let byte = current else { throw error("a string does not end") }
        position += 1
        switch byte {
        case 0x22: return "\""
        case 0x5c: return "\\"
        case 0x2f: return "/"
        case 0x62: return "\u{8}"
        case 0x66: return "\u{c}"
        case 0x6e: return "\n"
        case 0x72: return "\r"
        case 0x74: return "\t"
        case 0x75:
            let first = try parseHexadecimalUnit()
            if let scalar = Unicode.Scalar(first) { return scalar }
            // A character beyond the first plane comes as two surrogates.
            guard (0xd800..<0xdc00).contains(first), take("\\"), take("u") else { throw error("half a character") }
            let second = try parseHexadecimalUnit()
            guard (0xdc00..<0xe000).contains(second),
                let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
            else { throw error("half a character") }
            return scalar
        default: throw error("an unknown escape")
        }
    }

    private mutating func parseHexadecimalUnit() throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("an escape lacks its four digits")
            }
            unit = unit << 4 | UInt32(digit)
            position += 1
        }
        return unit
    }
}
