import Bytecode
import Crypto
import Numerics
import Reference
import Semantics

/// Values as people read them: Fixed with decimals, addresses with their checksum, enums and structs by name.
public struct ValueText: Sendable {
    private let program: Program
    /// Elements of a list, bytes or tensor that are written out.
    private let elementLimit: Int

    public init(program: Program, elementLimit: Int = 64) {
        self.program = program
        self.elementLimit = elementLimit
    }

    public func text(_ value: Value, as type: Type) -> String {
        switch (value, type) {
        case (.nothing, _): return "nothing"
        case (.integer(let number), _): return number.description
        case (.fixed(let raw), _): return ABIJSON.decimal(raw)
        case (.ratio(let ratio), _): return ratio.description
        case (.boolean(let flag), _): return flag ? "true" : "false"
        case (.bytes(let content), .text): return Self.quoted(String(decoding: content, as: UTF8.self))
        case (.bytes(let content), _): return Self.hexadecimal(content, limit: elementLimit)
        case (.bytes32(let content), .address), (.bytes32(let content), .interface): return AddressText.encode(content)
        case (.bytes32(let content), _): return "0x" + content.hex
        case (.list(let elements), .list(let element, _)):
            return bracketed(elements.count) { text(elements[$0], as: element) }
        case (.option(nil), _): return "none"
        case (.option(let payload?), .option(let wrapped)): return text(payload, as: wrapped)
        case (.structure(let fields), .structure(let id)):
            return program.structs[id].name + arguments(fields, program.structs[id].fields)
        case (.enumeration(let index, let payload), .enumeration(let id)):
            let declaration = program.enums[id].cases[index]
            return "." + declaration.name + (payload.isEmpty ? "" : arguments(payload, declaration.payload))
        case (.tensor(let tensor), _):
            let shape = tensor.dimensions.map(String.init).joined(separator: ", ")
            return "Tensor<\(tensor.element.rawValue), [\(shape)]> "
                + bracketed(tensor.elements.count) { tensor.elements[$0].description }
        case (.token(let asset, let amount), _): return "\(amount) of asset 0x\(asset.hex)"
        case (.contract(let id, let address), _):
            return "\(program.contracts[id].name) at \(AddressText.encode(address))"
        case (.list, _), (.option, _), (.structure, _), (.enumeration, _): return "?"
        }
    }

    /// `Name(first: 1, second: 2)`, or the name alone.
    public func text(name: String, _ values: [Value], _ parameters: [NamedType]) -> String {
        parameters.isEmpty ? name : name + arguments(values, parameters)
    }

    private func arguments(_ values: [Value], _ parameters: [NamedType]) -> String {
        let parts = zip(parameters, values).map { "\($0.name): \(text($1, as: $0.type))" }
        return "(" + parts.joined(separator: ", ") + ")"
    }

    private func bracketed(_ count: Int, _ element: (Int) -> String) -> String {
        var parts = (0..<min(count, elementLimit)).map(element)
        if count > elementLimit { parts.append("… \(count - elementLimit) more") }
        return "[" + parts.joined(separator: ", ") + "]"
    }

    private static func hexadecimal(_ content: [UInt8], limit: Int) -> String {
        content.count <= limit
            ? ABIJSON.hexadecimal(content)
            : ABIJSON.hexadecimal(Array(content.prefix(limit))) + "… \(content.count - limit) more"
    }

    /// As a Text literal of the language; what a literal cannot hold is shown by its scalar number.
    static func quoted(_ text: String) -> String { ABIText.quoted(text) }
}
