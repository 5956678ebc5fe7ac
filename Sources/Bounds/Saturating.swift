import Numerics

/// Arithmetic that stops at a figure no gas limit reaches, so that no input makes it trap.
enum Saturating {
    static let limit = Int.max / 8

    static func clamp(_ value: Int) -> Int { max(-limit, min(limit, value)) }

    /// Nil for what lies beyond the limit.
    static func exact(_ number: BigInt) -> Int? {
        number.asInt64.flatMap { abs($0 / 2) < Int64(limit / 2) ? Int($0) : nil }
    }

    static func add(_ left: Int, _ right: Int) -> Int { clamp(clamp(left) + clamp(right)) }

    static func multiply(_ left: Int, _ right: Int) -> Int {
        let (product, overflow) = left.multipliedReportingOverflow(by: right)
        return overflow ? ((left < 0) == (right < 0) ? limit : -limit) : clamp(product)
    }

    /// The least integer not below the quotient by a positive divisor.
    static func ceilingQuotient(_ value: Int, _ divisor: Int) -> Int {
        value > 0 ? (value - 1) / divisor + 1 : value / divisor
    }
}
