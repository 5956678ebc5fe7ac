import Bytecode
import Crypto
import Numerics
import Reference
import Semantics

/// Between the evaluator's values and those of the ABI.
public enum ValueConversion {
    /// The ABI's form of a value; nil for values that cannot cross a contract's boundary.
    public static func abiValue(_ value: Value, as type: Type, in program: Program) -> ABIValue? {
        switch (value, type) {
        case (.integer(let number), _), (.fixed(let number), _): return .integer(number)
        case (.token(_, let amount), _): return .integer(amount)
        case (.boolean(let flag), _): return .boolean(flag)
        case (.bytes(let content), .text): return String(validating: content, as: UTF8.self).map { .text($0) }
        case (.bytes(let content), _): return .bytes(content)
        case (.bytes32(let content), _): return .bytes32(content.bytes)
        case (.contract(_, let address), _): return .bytes32(address.bytes)
        case (.list(let elements), .list(let element, _)):
            return all(elements.map { abiValue($0, as: element, in: program) }).map { .list($0) }
        case (.option(nil), _): return .option(nil)
        case (.option(let payload?), .option(let wrapped)):
            return abiValue(payload, as: wrapped, in: program).map { .option($0) }
        case (.structure(let fields), .structure(let id)):
            return abiValues(fields, program.structs[id].fields, in: program).map { .structure($0) }
        case (.enumeration(let index, let payload), .enumeration(let id)):
            return abiValues(payload, program.enums[id].cases[index].payload, in: program)
                .map { .enumeration(caseIndex: index, payload: $0) }
        case (.tensor(let tensor), _):
            var data: [UInt8] = []
            for element in tensor.elements {
                for shift in 0..<tensor.element.bytes { data.append(UInt8(truncatingIfNeeded: element >> (8 * shift))) }
            }
            return .tensor(dimensions: tensor.dimensions, data: data)
        case (.nothing, _), (.ratio, _), (.list, _), (.option, _), (.structure, _), (.enumeration, _): return nil
        }
    }

    /// The evaluator's form of an ABI value of the given type; nil when it is not of that type.
    public static func value(_ value: ABIValue, as type: Type, in program: Program) -> Value? {
        switch (value, type) {
        case (.integer(let number), .fixed): return .fixed(number)
        case (.integer(let number), .integer), (.integer(let number), .token): return .integer(number)
        case (.boolean(let flag), .boolean): return .boolean(flag)
        case (.text(let text), .text): return .bytes(Array(text.utf8))
        case (.bytes(let content), .bytes): return .bytes(content)
        case (.bytes32(let content), .address), (.bytes32(let content), .hash), (.bytes32(let content), .asset),
            (.bytes32(let content), .interface):
            return Bytes32(content).map { .bytes32($0) }
        case (.bytes32(let content), .contract(let id)): return Bytes32(content).map { .contract(id, $0) }
        case (.list(let elements), .list(let element, _)):
            return all(elements.map { self.value($0, as: element, in: program) }).map { .list($0) }
        case (.option(nil), .option): return .option(nil)
        case (.option(let payload?), .option(let wrapped)):
            return self.value(payload, as: wrapped, in: program).map { .option($0) }
        case (.structure(let fields), .structure(let id)):
            return values(fields, program.structs[id].fields, in: program).map { .structure($0) }
        case (.enumeration(let index, let payload), .enumeration(let id)):
            guard program.enums[id].cases.indices.contains(index) else { return nil }
            return values(payload, program.enums[id].cases[index].payload, in: program).map { .enumeration(index, $0) }
        case (.tensor(let dimensions, let data), .tensor(let element, _)):
            var elements: [Int64] = []
            for start in stride(from: 0, to: data.count, by: element.bytes) where start + element.bytes <= data.count {
                var word: UInt64 = data[start + element.bytes - 1] >= 0x80 ? .max : 0
                for byte in data[start..<start + element.bytes].reversed() { word = word << 8 | UInt64(byte) }
                elements.append(Int64(bitPattern: word))
            }
            return TensorValue(element: element, dimensions: dimensions, elements: elements).map { .tensor($0) }
        default: return nil
        }
    }

    private static func abiValues(_ values: [Value], _ types: [NamedType], in program: Program) -> [ABIValue]? {
        guard values.count == types.count else { return nil }
        return all(zip(values, types).map { abiValue($0, as: $1.type, in: program) })
    }

    private static func values(_ values: [ABIValue], _ types: [NamedType], in program: Program) -> [Value]? {
        guard values.count == types.count else { return nil }
        return all(zip(values, types).map { value($0, as: $1.type, in: program) })
    }

    private static func all<Element>(_ elements: [Element?]) -> [Element]? {
        let present = elements.compactMap { $0 }
        return present.count == elements.count ? present : nil
    }
}
