import Bytecode

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
                    now.isCovered(by: was + grown), shapes.isCovered(other, by: element)
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
        let top = shapes.shape(of: code.descriptor.registers[register])
        if attempt >= Self.patience {
            growth[register] = nil
            if case .list(let count, _) = top { return .list(count: count, element: .any) }
            return top
        }
        switch (before.shape, after.shape) {
        case (.integer(let was), .integer(let now)): return .integer(Self.widened(was, now))
        case (.list(let was, let element), .list(let now, let other)):
            let wide = was.isZero ? Self.loosened(other) : widened(element, other)
            if let known = growth[register] {
                if now.isCovered(by: was + known) { return .list(count: was, element: wide) }
                growth[register] = nil
                if case .list(let count, _) = top { return .list(count: count, element: wide) }
                return top
            }
            let step = (now - was).positivePart
            if attempt == 0, step.isConstant || algebra.newest(step) < serial,
                case .list(let first, _)? = entry.registers[register]?.shape
            {
                growth[register] = step
                return .list(count: first + algebra.product(step, count + (-1)), element: wide)
            }
            if now.isCovered(by: was) { return .list(count: was, element: wide) }
            if case .list(let count, _) = top { return .list(count: count, element: wide) }
            return top
        default: return top
        }
    }

    static func widened(_ was: Number, _ now: Number) -> Number {
        let bits = now.bits <= was.bits ? was.bits : ([64, 128, 256].first { $0 >= now.bits } ?? 4_096)
        let low = was.low.flatMap { low in now.low.flatMap { $0 >= low ? low : ($0 >= 0 ? 0 : nil) } }
        let high = was.high.flatMap { high in now.high.flatMap { $0.isCovered(by: high) ? high : nil } }
        return Number(bits: bits, low: low, high: high)
    }

    func widened(_ was: Shape, _ now: Shape) -> Shape {
        if case .integer(let one) = was, case .integer(let other) = now { return .integer(Self.widened(one, other)) }
        return Self.loosened(shapes.join(was, now))
    }

    /// Elements that depend on the pass have no bound that all passes share.
    static func loosened(_ shape: Shape) -> Shape {
        if case .integer(let number) = shape { return .integer(Number(bits: number.bits, low: number.low, high: nil)) }
        return shape
    }
}
