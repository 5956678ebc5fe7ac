import Bytecode
import Numerics

// What instructions make of operands of which one or several values are known, or a size.
extension BoundEvaluation {
    func operation(_ opcode: Opcode, _ immediate: Int, _ operands: [Known]) -> Known {
        if case .sized(let size)? = operands.first { return Self.part(of: size, opcode, immediate) }
        guard let first = operands.first, let firsts = first.values else { return .unknown }
        if opcode == .listGet, operands.count == 2 {
            var elements: [ABIValue] = []
            var index: Int?
            if case .integer(let number)? = operands[1].single { index = number.asInt64.map { Int($0) } }
            for case .list(let items) in firsts {
                if let index {
                    if items.indices.contains(index) { elements.append(items[index]) }
                } else {
                    elements += items
                }
                if elements.count > Self.valueLimit { return .unknown }
            }
            return elements.count == 1 && firsts.count == 1 ? .one(elements[0]) : .many(elements)
        }
        if operands.count == 1 {
            var results: [ABIValue] = []
            for value in firsts {
                // A part that a value does not have is not met with it.
                if opcode == .getPayload, !Self.hasPayload(value, immediate) { continue }
                guard let result = TermArithmetic.apply(opcode, immediate, [value]) else { return .unknown }
                results.append(result)
            }
            return firsts.count == 1 && results.count == 1 ? .one(results[0]) : Self.bundleMany(results)
        }
        var rows: [[ABIValue]] = [[]]
        for operand in operands {
            guard let values = operand.values, values.count * rows.count <= Self.valueLimit else { return .unknown }
            rows = rows.flatMap { row in values.map { row + [$0] } }
        }
        var results: [ABIValue] = []
        for row in rows {
            guard let result = TermArithmetic.apply(opcode, immediate, row) else { return .unknown }
            results.append(result)
        }
        return rows.count == 1 && results.count == 1 ? .one(results[0]) : Self.bundleMany(results)
    }

    private static func bundleMany(_ values: [ABIValue]) -> Known {
        if values.count > valueLimit { return .unknown }
        guard let first = values.first, values.allSatisfy({ $0 == first }) else { return .many(values) }
        return .one(first)
    }

    private static func hasPayload(_ value: ABIValue, _ immediate: Int) -> Bool {
        switch value {
        case .option(let content): content != nil && immediate >> 8 == 1
        case .enumeration(let index, _): index == immediate >> 8
        default: false
        }
    }

    private static func part(of size: Sized, _ opcode: Opcode, _ immediate: Int) -> Known {
        switch (opcode, size) {
        case (.listCount, .list(let count, _)), (.byteCount, .bytes(let count)): return .sized(.number(count))
        case (.listGet, .list(_, let element)): return .sized(element)
        case (.getField, .fields(let fields)) where fields.indices.contains(immediate):
            return .sized(fields[immediate])
        case (.getPayload, .cases(let cases)) where cases.indices.contains(immediate >> 8):
            let parts = cases[immediate >> 8]
            return parts.indices.contains(immediate & 255) ? .sized(parts[immediate & 255]) : .unknown
        case (.tensorSize, .sizes(let sizes)) where sizes.indices.contains(immediate):
            return .sized(.number(sizes[immediate]))
        default: return .unknown
        }
    }
}
