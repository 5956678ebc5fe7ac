import Bytecode
import Crypto
import Numerics

/// Arguments as people type them on a command line, by the types of a module: Agon literals (`7`, `0.5`, `true`,
/// `"text"`, `0xff`, `none`, `[1, 2]`, `.case(1)`, `Point(x: 1, y: 2)`, `ag1…` addresses) or JSON as `ABIJSON` writes
/// it.
public struct ArgumentText: Sendable {
    /// Why an argument was not understood.
    public struct ParseError: Error, Sendable, CustomStringConvertible {
        public static let code = "A0101"
        public let message: String
        public var description: String { "\(message) [\(Self.code)]" }
    }

    /// Addresses with their checksum, for `ABIJSON`.
    public static let addressStyle = ABIJSON.AddressStyle(
        format: { bytes in Bytes32(bytes).map(AddressText.encode) ?? ABIJSON.hexadecimal(bytes) },
        parse: { text in (try? AddressText.decode(text))?.bytes })

    private let types: [TypeDescriptor]
    /// Names that stand for addresses, such as those of keys.
    private let addressNames: [String: Bytes32]
    private static let depthLimit = 32

    public init(types: [TypeDescriptor], addressNames: [String: Bytes32] = [:]) {
        self.types = types
        self.addressNames = addressNames
    }

    /// The value that a text stands for.
    public func value(_ text: String, as type: TypeIndex) throws(ParseError) -> ABIValue {
        var reader = Reader(bytes: Array(text.utf8))
        reader.skipSpace()
        let value: ABIValue
        if reader.peek == UInt8(ascii: "{") {
            value = try json(text, as: type)
        } else {
            value = try literal(&reader, text, type)
        }
        do throws(CodingError) {
            _ = try ABICoding(types: types).encode(value, as: type)
        } catch {
            throw ParseError(message: "\(error)")
        }
        return value
    }

    /// A literal of the language, or else a list of JSON or `null`.
    private func literal(_ reader: inout Reader, _ text: String, _ type: TypeIndex) throws(ParseError) -> ABIValue {
        let wrong: ParseError
        do throws(ParseError) {
            let value = try parse(&reader, type, depth: 0)
            reader.skipSpace()
            if reader.peek == nil { return value }
            throw ParseError(message: "unexpected text after the value: \(Self.shortened(text))")
        } catch {
            wrong = error
        }
        guard let parsed = try? JSONValue(parsing: text) else { throw wrong }
        let converted = try? ABIJSON(types: types, addresses: Self.addressStyle).value(parsed, as: type)
        if let converted { return converted }
        // Objects are JSON's alone: what is wrong is said of them.
        if text.contains("{") { return try json(text, as: type) }
        throw wrong
    }

    private static func shortened(_ text: String) -> String {
        text.count <= 60 ? text : text.prefix(60) + "…"
    }

    private func json(_ text: String, as type: TypeIndex) throws(ParseError) -> ABIValue {
        do throws(CodingError) {
            return try ABIJSON(types: types, addresses: Self.addressStyle).value(JSONValue(parsing: text), as: type)
        } catch {
            throw ParseError(message: "\(Self.shortened(text)): \(error)")
        }
    }

    // MARK: Literals

    private struct Reader {
        let bytes: [UInt8]
        var position = 0

        var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

        mutating func skipSpace() {
            while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
        }

        mutating func take(_ character: Unicode.Scalar) -> Bool {
            skipSpace()
            guard peek == UInt8(ascii: character) else { return false }
            position += 1
            return true
        }

        /// Letters, digits, `_`, `-`, `+` and `.`: numbers, names and addresses.
        mutating func word() -> String {
            skipSpace()
            let start = position
            while let byte = peek, Self.isWord(byte) { position += 1 }
            return String(decoding: bytes[start..<position], as: UTF8.self)
        }

        private static func isWord(_ byte: UInt8) -> Bool {
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || byte == 0x5F || byte == 0x2D || byte == 0x2E
        }
    }

    private func parse(_ reader: inout Reader, _ type: TypeIndex, depth: Int) throws(ParseError) -> ABIValue {
        guard depth < Self.depthLimit, types.indices.contains(type) else {
            throw ParseError(message: "the value is nested too deeply")
        }
        switch types[type] {
        case .boolean:
            switch reader.word() {
            case "true": return .boolean(true)
            case "false": return .boolean(false)
            case let word: throw unexpected(word, "true or false")
            }
        case .integer(.fixed, _, _):
            let word = reader.word()
            guard let raw = ABIJSON.rawFixed(word.replacing("_", with: "")) else { throw unexpected(word, "a decimal") }
            return .integer(raw)
        case .integer, .token:
            let word = reader.word()
            guard let number = ABIJSON.integer(word.replacing("_", with: "")) else {
                throw unexpected(word, "an integer")
            }
            return .integer(number)
        case .bytes32(let kind): return .bytes32(try bytes32(&reader, kind))
        case .bytes:
            let word = reader.word()
            guard word.hasPrefix("0x"), let bytes = ABIJSON.bytes(word) else { throw unexpected(word, "0x and digits") }
            return .bytes(bytes)
        case .text: return .text(try quoted(&reader))
        case .list(let element, _):
            var elements: [ABIValue] = []
            try items(&reader, "[", "]") { (reader: inout Reader, _) throws(ParseError) in
                elements.append(try parse(&reader, element, depth: depth + 1))
            }
            return .list(elements)
        case .option(let wrapped):
            var ahead = reader
            if ahead.word() == "none" {
                reader = ahead
                return .option(nil)
            }
            return .option(try parse(&reader, wrapped, depth: depth + 1))
        case .structure(let name, let fields):
            let word = reader.word()
            guard word == name else { throw unexpected(word, "\(name)(…)") }
            return .structure(try arguments(&reader, fields, depth: depth))
        case .enumeration(let name, let cases):
            let word = reader.word()
            let short = word.hasPrefix(name + ".") ? String(word.dropFirst(name.count)) : word
            guard let index = cases.firstIndex(where: { "." + $0.name == short }) else {
                throw unexpected(word, cases.map { "." + $0.name }.joined(separator: " or "))
            }
            let payload = cases[index].payload
            return .enumeration(
                caseIndex: index, payload: payload.isEmpty ? [] : try arguments(&reader, payload, depth: depth))
        case .tensor, .tokenList: throw ParseError(message: "a tensor is given as a JSON object")
        }
    }

    private func unexpected(_ found: String, _ wanted: String) -> ParseError {
        ParseError(message: "expected \(wanted), found \(found.isEmpty ? "nothing" : Self.shortened(found))")
    }

    private func bytes32(_ reader: inout Reader, _ kind: TypeDescriptor.Bytes32Kind) throws(ParseError) -> [UInt8] {
        let word = reader.word()
        if let bytes = ABIJSON.bytes(word), word.hasPrefix("0x"), bytes.count == Bytes32.byteCount { return bytes }
        switch kind {
        case .address, .interface:
            if let address = addressNames[word] { return address.bytes }
            do throws(AddressError) {
                return try AddressText.decode(word).bytes
            } catch {
                throw ParseError(message: "\(word): \(error)")
            }
        case .hash, .asset: throw unexpected(word, "0x and 64 digits")
        }
    }

    private func quoted(_ reader: inout Reader) throws(ParseError) -> String {
        guard reader.take("\"") else { throw unexpected(reader.word(), "a text in quotes (for the shell: '\"text\"')") }
        var content: [UInt8] = []
        while let byte = reader.peek {
            reader.position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw ParseError(message: "the text is not valid UTF-8")
                }
                return text
            case UInt8(ascii: "\\"):
                guard let escaped = reader.peek else { throw ParseError(message: "the text does not end") }
                reader.position += 1
                switch escaped {
                case UInt8(ascii: "n"): content.append(0x0A)
                case UInt8(ascii: "t"): content.append(0x09)
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): content.append(escaped)
                default: throw ParseError(message: "unknown escape in a text")
                }
            default: content.append(byte)
            }
        }
        throw ParseError(message: "the text does not end")
    }

    /// Arguments in order, each with or without its name.
    private func arguments(
        _ reader: inout Reader, _ fields: [TypeDescriptor.Field], depth: Int
    ) throws(ParseError) -> [ABIValue] {
        var values: [ABIValue] = []
        try items(&reader, "(", ")") { (reader: inout Reader, index) throws(ParseError) in
            guard fields.indices.contains(index) else { throw ParseError(message: "there are too many values") }
            var ahead = reader
            if ahead.word() == fields[index].name, ahead.take(":") { reader = ahead }
            values.append(try parse(&reader, fields[index].type, depth: depth + 1))
        }
        guard values.count == fields.count else {
            throw ParseError(message: "expected \(fields.count) values, found \(values.count)")
        }
        return values
    }

    /// Items between brackets, separated by commas.
    private func items(
        _ reader: inout Reader, _ open: Unicode.Scalar, _ close: Unicode.Scalar,
        _ item: (inout Reader, Int) throws(ParseError) -> Void
    ) throws(ParseError) {
        guard reader.take(open) else { throw unexpected(reader.word(), String(open)) }
        if reader.take(close) { return }
        var index = 0
        repeat {
            try item(&reader, index)
            index += 1
        } while reader.take(",")
        guard reader.take(close) else { throw unexpected(reader.word(), "\(close)") }
    }
}
