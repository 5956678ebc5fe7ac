import Numerics

/// Values as the language writes them, where it has a form for them: `12`, `0.5`, `[1, 2]`, `none`,
/// `.fined(amount: 5)`, `Point(x: 1, y: 2)`. The REPL shows values in the same form.
public struct ABIText: Sendable {
    private let types: [TypeDescriptor]
    private let formatAddress: @Sendable ([UInt8]) -> String

    /// - Parameter formatAddress: how addresses are written.
    public init(types: [TypeDescriptor], formatAddress: @escaping @Sendable ([UInt8]) -> String) {
        self.types = types
        self.formatAddress = formatAddress
    }

    public func text(_ value: ABIValue, as type: TypeIndex) -> String { text(value, type, depth: 0) }

    /// `Name(first: 1, second: 2)`, or the name alone.
    public func text(name: String, _ values: [ABIValue], _ fields: [TypeDescriptor.Field]) -> String {
        name + arguments(values, fields, depth: 0)
    }

    private func text(_ value: ABIValue, _ type: TypeIndex, depth: Int) -> String {
        guard types.indices.contains(type), depth <= ABILimits.depth else { return "?" }
        switch (types[type], value) {
        case (.boolean, .boolean(let flag)): return flag ? "true" : "false"
        case (.integer(.fixed, _, _), .integer(let raw)): return ABIJSON.decimal(raw)
        case (_, .integer(let number)): return number.description
        case (.bytes32(.address), .bytes32(let bytes)), (.bytes32(.interface), .bytes32(let bytes)):
            return formatAddress(bytes)
        case (_, .bytes32(let bytes)), (_, .bytes(let bytes)): return ABIJSON.hexadecimal(bytes)
        case (_, .text(let text)): return Self.quoted(text)
        case (.list(let element, _), .list(let items)):
            return "[" + items.map { text($0, element, depth: depth + 1) }.joined(separator: ", ") + "]"
        case (.option(let wrapped), .option(let content)):
            return content.map { text($0, wrapped, depth: depth + 1) } ?? "none"
        case (.structure(let name, let fields), .structure(let values)):
            return name + arguments(values, fields, depth: depth)
        case (.enumeration(_, let cases), .enumeration(let index, let payload)):
            guard cases.indices.contains(index) else { return "?" }
            return "." + cases[index].name + arguments(payload, cases[index].payload, depth: depth)
        case (.tensor(let element, _), .tensor(let dimensions, let data)):
            let shape = dimensions.map(String.init).joined(separator: ", ")
            return "Tensor<\(element.name), [\(shape)]> [\(elements(data, element).joined(separator: ", "))]"
        default: return "?"
        }
    }

    /// Little-endian two's complement.
    private func elements(_ data: [UInt8], _ element: TypeDescriptor.TensorElement) -> [String] {
        stride(from: 0, to: data.count, by: element.byteCount).map { start in
            var bits: UInt64 = 0
            for (position, byte) in data[start..<min(start + element.byteCount, data.count)].enumerated() {
                bits |= UInt64(byte) << UInt64(8 * position)
            }
            let unused = Int64(64 - 8 * element.byteCount)
            return String((Int64(bitPattern: bits) << unused) >> unused)
        }
    }

    private func arguments(_ values: [ABIValue], _ fields: [TypeDescriptor.Field], depth: Int) -> String {
        guard !values.isEmpty else { return "" }
        let parts = zip(fields, values).map { "\($0.name): \(text($1, $0.type, depth: depth + 1))" }
        return "(" + parts.joined(separator: ", ") + ")"
    }

    /// As a literal of the language; what a literal cannot hold is shown by its scalar number.
    public static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default:
                result +=
                    scalar.properties.generalCategory == .control
                    ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
            }
        }
        return result + "\""
    }
}
