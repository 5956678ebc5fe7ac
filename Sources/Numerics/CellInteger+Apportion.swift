extension CellInteger {
    /// Divides `total` by `weights` so that the parts add up to it exactly: part i is
    /// `floor(total * S(i) / S(n)) - floor(total * S(i-1) / S(n))`, S(i) the sum of the first i weights.
    ///
    /// Each part is within one unit of `total * weight / S(n)`. `weights` and `out` hold `count` cells, each of
    /// `CellWord.strideWords` words; they may be the same memory. `domainError` for a negative weight,
    /// `divisionByZero` when the weights sum to zero; after a failure the contents of `out` are unspecified.
    public static func apportion(
        _ out: UnsafeMutablePointer<UInt64>, total: CellOperand, weights: UnsafePointer<UInt64>, count: Int,
        gas: UnsafeMutablePointer<Int64>, arena: Arena
    ) -> ArithmeticStatus {
        if count > NumericLimits.listCount { return .domainError }
        var isShortList = isShort(total.word) && !isNegative(total)
        var sum: UInt128 = 0
        for index in 0..<count {
            let weight = CellOperand(at: weights + CellWord.strideWords * index)
            if isNegative(weight) { return .domainError }
            if isShortList && isShort(weight.word) {
                let (next, carry) = sum.addingReportingOverflow(loadShort(weight).magnitude)
                sum = next
                isShortList = !carry
            } else {
                isShortList = false
            }
        }
        if !isShortList {
            return apportionLong(out, total: total, weights: weights, count: count, gas: gas, arena: arena)
        }
        if sum == 0 { return .divisionByZero }
        let amount = loadShort(total).magnitude
        // Prefix sums are scaled like the divisor, which leaves their quotient as it is.
        let divisor = TwoLimbDivisor(sum)
        let shift = UInt128(truncatingIfNeeded: divisor.shift)
        var prefix: UInt128 = 0
        var paid: UInt128 = 0
        var offset = 0
        for _ in 0..<count {
            prefix = prefix &+ (loadShort(CellOperand(at: weights + offset)).magnitude &<< shift)
            let (reached, _) = divisor.quotientOfScaled(Magnitude256(product: amount, prefix))
            store(CellDestination(at: out + offset), magnitude: reached &- paid, negative: false)
            paid = reached
            offset += CellWord.strideWords
        }
        return .ok
    }

    /// The same for numbers of any size, on cells of its own: the sum, the prefix, what is reached and what was paid.
    private static func apportionLong(
        _ out: UnsafeMutablePointer<UInt64>, total: CellOperand, weights: UnsafePointer<UInt64>, count: Int,
        gas: UnsafeMutablePointer<Int64>, arena: Arena
    ) -> ArithmeticStatus {
        let stride = CellWord.strideWords
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 5 * stride) { buffer in
            guard let base = buffer.baseAddress else { return .arenaExhausted }
            base.initialize(repeating: 0, count: 5 * stride)
            let (whole, prefix) = (CellDestination(at: base), CellDestination(at: base + stride))
            let (reached, paid) = (CellDestination(at: base + 2 * stride), CellDestination(at: base + 3 * stride))
            let amount = CellDestination(at: base + 4 * stride)
            copy(amount, total)
            var status = sum(whole, weights, count: count, gas: gas, arena: arena)
            if status != .ok { return status }
            if whole.word.pointee == 0 { return .divisionByZero }
            for index in 0..<count {
                let weight = CellOperand(at: weights + stride * index)
                status = add(prefix, prefix.operand, weight, gas: gas, arena: arena)
                if status != .ok { return status }
                status = mulDiv(
                    reached, amount.operand, prefix.operand, whole.operand, rounding: .floor, gas: gas, arena: arena)
                if status != .ok { return status }
                let part = CellDestination(at: out + stride * index)
                status = subtract(part, reached.operand, paid.operand, gas: gas, arena: arena)
                if status != .ok { return status }
                copy(paid, reached.operand)
            }
            return .ok
        }
    }
}

/// Divides `total` by `weights` with nothing left over, by the rule of `CellInteger.apportion`.
///
/// Throws `domainError` for a negative weight and `divisionByZero` when the weights sum to zero.
public func apportion(_ total: BigInt, weights: [BigInt]) throws(ArithmeticStatus) -> [BigInt] {
    var sum = BigInt.zero
    for weight in weights {
        if weight.isNegative { throw .domainError }
        sum += weight
    }
    var parts: [BigInt] = []
    parts.reserveCapacity(weights.count)
    var (prefix, paid) = (BigInt.zero, BigInt.zero)
    for weight in weights {
        prefix += weight
        guard let reached = (total * prefix).floorDivide(sum) else { throw .divisionByZero }
        parts.append(reached - paid)
        paid = reached
    }
    if weights.isEmpty { throw .divisionByZero }
    return parts
}
