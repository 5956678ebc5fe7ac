import Crypto

/// A JSON text as a value. Object fields keep their order; numbers keep their digits, so nothing passes through
/// floating point.
public enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// The number as it was written.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Field])

    /// A named value of an object.
    public struct Field: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value.
        public var value: JSONValue

        /// A field of its parts.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// An integer.
    public static func integer(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

    /// The value of a field; nil when this is no object or has no such field.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let fields) = self else { return nil }
        return fields.first { $0.name == name }?.value
    }

    /// The text; with `indentation`, one field or element a line.
    public func text(indented: Bool = false) -> String {
        var output = ""
        write(to: &output, level: indented ? 0 : nil)
        return output
    }

    private func write(to output: inout String, level: Int?) {
        switch self {
        case .null: output += "null"
        case .boolean(let value): output += value ? "true" : "false"
        case .number(let digits): output += digits
        case .string(let text): JSONValue.writeString(text, to: &output)
        case .array(let elements):
            JSONValue.writeList("[", elements, "]", to: &output, level: level) { element, output, inner in
                element.write(to: &output, level: inner)
            }
        case .object(let fields):
            JSONValue.writeList("{", fields, "}", to: &output, level: level) { field, output, inner in
                JSONValue.writeString(field.name, to: &output)
                output += inner == nil ? ":" : ": "
                field.value.write(to: &output, level: inner)
            }
        }
    }

    private static func writeList<Element>(
        _ open: String, _ elements: [Element], _ close: String, to output: inout String, level: Int?,
        _ writeElement: (Element, inout String, Int?) -> Void
    ) {
        output += open
        let inner = level.map { $0 + 1 }
        for (index, element) in elements.enumerated() {
            if index > 0 { output += "," }
            if let inner { output += "\n" + String(repeating: "  ", count: inner) }
            writeElement(element, &output, inner)
        }
        if let level, !elements.isEmpty { output += "\n" + String(repeating: "  ", count: level) }
        output += close
    }

    private static func writeString(_ text: String, to output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\t": output += "\\t"
            case "\r": output += "\\r"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}

/// Why a text is not JSON.
public struct JSONError: CodedError, Equatable {
    /// What is wrong.
    public var reason: String
    /// Where, counted in bytes from zero.
    public var byteOffset: Int

    public var code: String { "json.syntax" }
    public var message: String { "\(reason) at byte \(byteOffset)" }
}
