// Which shapes hold which others.
extension ShapeCosts {
    /// The shape, or `any` when it has so many parts that walking it takes long.
    static func capped(_ shape: Shape) -> Shape {
        var left = partLimit
        func walk(_ shape: Shape) {
            left -= 1
            if left < 0 { return }
            switch shape {
            case .list(_, let element): walk(element)
            case .structure(let parts): for part in parts { walk(part) }
            case .variant(let cases): for part in cases.joined() { walk(part) }
            case .plain, .integer, .bytes, .tensor, .parts, .any: break
            }
        }
        walk(shape)
        return left < 0 ? .any : shape
    }

    /// Not smaller than either.
    func join(_ left: Shape, _ right: Shape) -> Shape {
        if left == right { return left }
        switch (left, right) {
        case (.integer(let first), .integer(let second)):
            var high: Polynomial?
            if let one = first.high, let other = second.high { high = algebra.maximum(one, other) }
            let low: Int? = if let one = first.low, let other = second.low { min(one, other) } else { nil }
            return .integer(Number(bits: max(first.bits, second.bits), low: low, high: high))
        case (.bytes(let first), .bytes(let second)): return .bytes(algebra.maximum(first, second))
        case (.parts(let first), .parts(let second)): return .parts(count: algebra.maximum(first, second))
        case (.list(let first, let one), .list(let second, let other)):
            // An empty list says nothing of elements.
            let element = first.isZero ? other : (second.isZero ? one : join(one, other))
            return .list(count: algebra.maximum(first, second), element: element)
        case (.structure(let first), .structure(let second)) where first.count == second.count:
            return .structure(zip(first, second).map(join))
        case (.variant(let first), .variant(let second)) where first.count == second.count:
            return .variant(
                zip(first, second).map { one, other in
                    one.isEmpty || other.isEmpty ? (one.isEmpty ? other : one) : zip(one, other).map(join)
                })
        case (.tensor(let first), .tensor(let second)) where first.count == second.count:
            return .tensor(zip(first, second).map { algebra.maximum($0, $1) })
        default: return .any
        }
    }

    /// Whether every value of a shape has another too, by what the forms say.
    func isCovered(_ shape: Shape, by other: Shape) -> Bool {
        if shape == other { return true }
        switch (shape, other) {
        case (_, .any): return true
        case (.integer(let first), .integer(let second)):
            let isBelow =
                second.high.map { high in first.high.map { algebra.isCovered($0, by: high) } ?? false } ?? true
            let isAbove = second.low.map { low in first.low.map { $0 >= low } ?? false } ?? true
            return first.bits <= second.bits && isBelow && isAbove
        case (.bytes(let first), .bytes(let second)), (.parts(let first), .parts(let second)):
            return algebra.isCovered(first, by: second)
        case (.list(let first, let one), .list(let second, let other)):
            return algebra.isCovered(first, by: second) && (first.isZero || isCovered(one, by: other))
        case (.structure(let first), .structure(let second)):
            return first.count == second.count && zip(first, second).allSatisfy { isCovered($0, by: $1) }
        case (.variant(let first), .variant(let second)):
            return first.count == second.count
                && zip(first, second).allSatisfy { one, other in
                    one.isEmpty
                        || one.count == other.count && zip(one, other).allSatisfy { isCovered($0, by: $1) }
                }
        case (.tensor(let first), .tensor(let second)):
            return first.count == second.count && zip(first, second).allSatisfy { algebra.isCovered($0, by: $1) }
        default: return false
        }
    }
}
