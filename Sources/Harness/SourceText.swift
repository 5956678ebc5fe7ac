import Bytecode
import Crypto
import Numerics
import Reference
import Semantics

/// Values as the language writes them, so that a case can be pasted into a test.
struct SourceText {
    let program: Program
    /// How addresses are best written: `alice`, `actor("bob")`.
    var addressNames: [Bytes32: String] = [:]

    func text(_ value: Value, as type: Type) -> String {
        switch (value, type) {
        case (.integer(let number), _): return number.description
        case (.fixed(let raw), _): return ABIJSON.decimal(raw)
        case (.boolean(let flag), _): return flag ? "true" : "false"
        case (.bytes(let content), .text): return ValueText.quoted(String(decoding: content, as: UTF8.self))
        // The language has no literal for no bytes.
        case (.bytes(let content), _): return content.isEmpty ? "0x00.slice(0, 0)" : ABIJSON.hexadecimal(content)
        case (.bytes32(let content), .interface(let id)):
            return "\(program.interfaces[id].name)(\(address(content)))"
        case (.bytes32(let content), .address): return address(content)
        case (.bytes32(let content), _): return "0x" + content.hex
        case (.list(let elements), .list(let element, _)): return list(elements.map { text($0, as: element) })
        case (.option(nil), _): return "none"
        case (.option(let payload?), .option(let wrapped)): return text(payload, as: wrapped)
        case (.structure(let fields), .structure(let id)):
            return program.structs[id].name + arguments(fields, program.structs[id].fields)
        case (.enumeration(let index, let payload), .enumeration(let id)):
            let declared = program.enums[id].cases[index]
            return "\(program.enums[id].name).\(declared.name)"
                + (payload.isEmpty ? "" : arguments(payload, declared.payload))
        case (.tensor(let tensor), _): return rows(tensor.elements[...], tensor.dimensions[...])
        default: return ValueText(program: program).text(value, as: type)
        }
    }

    func address(_ address: Bytes32) -> String { addressNames[address] ?? "0x" + address.hex }

    private func arguments(_ values: [Value], _ parameters: [NamedType]) -> String {
        "(" + zip(parameters, values).map { "\($0.name): \(text($1, as: $0.type))" }.joined(separator: ", ") + ")"
    }

    private func list(_ parts: [String]) -> String { "[" + parts.joined(separator: ", ") + "]" }

    private func rows(_ elements: ArraySlice<Int64>, _ dimensions: ArraySlice<Int>) -> String {
        guard let count = dimensions.first else { return elements.first.map(String.init) ?? "0" }
        let rest = dimensions.dropFirst()
        guard !rest.isEmpty else { return list(elements.map(String.init)) }
        let width = elements.count / max(1, count)
        return list(
            (0..<count).map { row in
                let start = elements.startIndex + row * width
                return rows(elements[start..<start + width], rest)
            })
    }

    /// The lines inside the braces of a block, without their common indentation.
    static func lines(inside block: String) -> [String] {
        var text = Substring(block.drop { $0 != "{" }.dropFirst())
        if let end = text.lastIndex(of: "}") { text = text[..<end] }
        return unindented(text)
    }

    /// Lines without their common indentation and without empty ones at either end.
    static func unindented(_ text: some StringProtocol) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.reversed().drop(while: \.isWhitespace).reversed())
        }
        if let first = lines.first { lines[0] = String(first.drop { $0 == " " }) }
        while lines.first?.isEmpty == true { lines.removeFirst() }
        while lines.last?.isEmpty == true { lines.removeLast() }
        // What stands behind the opening brace has lost its indentation already.
        let margins = lines.map { $0.prefix { $0 == " " }.count }
        let margin = margins.filter { $0 > 0 }.min() ?? 0
        return lines.map { $0.hasPrefix(" ") ? String($0.dropFirst(min(margin, $0.prefix { $0 == " " }.count))) : $0 }
    }
}
