import Bytecode
import Numerics

// What holds at the beginning of any pass of a loop.
extension FunctionAnalysis {
    /// The state at the head made wide enough for what a pass leaves; nil when it is.
    func widened(
        _ registers: Set<Int>, _ entry: PathState, _ head: PathState, _ finish: PathState, _ count: Polynomial,
        _ serial: Int, _ growth: inout [Int: Polynomial], _ attempt: Int
    ) -> PathState? {
        var result = head
        var isWider = false
        for register in registers.sorted() where head.registers.indices.contains(register) {
            guard let before = head.registers[register] else { continue }
            guard let after = finish.registers[register] else {
                result.registers[register] = nil
                isWider = true
                continue
            }
            var wide = before
            wide.isOwned = before.isOwned && after.isOwned
            wide.isAmortized = before.isAmortized && after.isAmortized
            if wide.isOwned != before.isOwned || wide.isAmortized != before.isAmortized { isWider = true }
            if let grown = growth[register] {
                // It may grow by as much in each pass.
                if case .list(let was, let element) = before.shape, case .list(let now, let other) = after.shape,
                    algebra.isCovered(now, by: was + grown), shapes.isCovered(other, by: element)
                {
                    result.registers[register] = wide
                    continue
                }
            } else if shapes.isCovered(after.shape, by: before.shape) {
                result.registers[register] = wide
                continue
            }
            isWider = true
            wide.shape = widened(register, before, after, entry, count, serial, &growth, attempt)
            result.registers[register] = wide
        }
        return isWider ? result : nil
    }

    func widened(
        _ register: Int, _ before: AbstractValue, _ after: AbstractValue, _ entry: PathState, _ count: Polynomial,
        _ serial: Int, _ growth: inout [Int: Polynomial], _ attempt: Int
    ) -> Shape {
        let type = code.descriptor.registers[register]
        let top = shapes.shape(of: type)
        if attempt >= Self.patience {
            growth[register] = nil
            if case .list(let count, _) = top { return .list(count: count, element: .any) }
            if case .integer = top, !shapes.isCovered(after.shape, by: top) {
                return .integer(Number(bits: NumericLimits.integerBits, low: nil, high: nil))
            }
            return top
        }
        guard case .list(let was, let element) = before.shape, case .list(let now, let other) = after.shape,
            case .list(let elementType, let capacity) = module.types[type]
        else { return widened(before.shape, after.shape, type, serial) }
        let wide = was.isZero ? steady(other, elementType, serial) : widened(element, other, elementType, serial)
        let most = Polynomial(capacity)
        if let known = growth[register] {
            if algebra.isCovered(now, by: was + known) { return .list(count: was, element: wide) }
            growth[register] = nil
            return .list(count: most, element: wide)
        }
        let step = (now - was).positivePart
        if attempt == 0, step.isConstant || algebra.newest(step) < serial,
            case .list(let first, _)? = entry.registers[register]?.shape
        {
            growth[register] = step
            return .list(count: first + algebra.product(step, count + (-1)), element: wide)
        }
        return .list(count: algebra.isCovered(now, by: was) ? was : most, element: wide)
    }

    /// In few steps: the bits of words, those of the type, those of any integer.
    func widened(_ was: Number, _ now: Number, _ type: TypeIndex) -> Number {
        var steps = [64, 128, 256, NumericLimits.integerBits]
        if case .integer(_, let bits, _) = module.types[type] { steps.append(bits) }
        let wide = steps.filter { $0 >= now.bits }.min() ?? NumericLimits.integerBits
        let low = was.low.flatMap { low in now.low.flatMap { $0 >= low ? low : ($0 >= 0 ? 0 : nil) } }
        let high = was.high.flatMap { high in now.high.flatMap { algebra.isCovered($0, by: high) ? high : nil } }
        return Number(bits: now.bits <= was.bits ? was.bits : wide, low: low, high: high)
    }

    /// Without bounds that depend on the pass, which the next pass would not keep.
    func steady(_ shape: Shape, _ type: TypeIndex, _ serial: Int) -> Shape {
        switch (shape, module.types[type]) {
        case (.integer(var number), _):
            if let high = number.high, algebra.newest(high) >= serial { number.high = nil }
            return .integer(number)
        case (.bytes(let count), _): return algebra.newest(count) < serial ? shape : shapes.shape(of: type)
        case (.list(let count, let element), .list(let elementType, let capacity)):
            let isSteady = algebra.newest(count) < serial
            return .list(
                count: isSteady ? count : Polynomial(capacity), element: steady(element, elementType, serial))
        case (.structure(let parts), .structure(_, let fields)) where parts.count == fields.count:
            return .structure(zip(parts, fields).map { steady($0, $1.type, serial) })
        default: return shape
        }
    }

    func widened(_ was: Shape, _ now: Shape, _ type: TypeIndex, _ serial: Int) -> Shape {
        switch (was, now, module.types[type]) {
        case (.integer(let one), .integer(let other), _): return .integer(widened(one, other, type))
        case (.list(let one, let element), .list(let other, let next), .list(let elementType, let capacity)):
            if one.isZero { return steady(now, type, serial) }
            let wide = other.isZero ? element : widened(element, next, elementType, serial)
            return .list(count: algebra.isCovered(other, by: one) ? one : Polynomial(capacity), element: wide)
        case (.structure(let parts), .structure(let others), .structure(_, let fields))
        where parts.count == fields.count && others.count == fields.count:
            return .structure(fields.indices.map { widened(parts[$0], others[$0], fields[$0].type, serial) })
        default: return shapes.isCovered(now, by: was) ? was : shapes.shape(of: type)
        }
    }
}
