extension CellInteger {
    /// `left / right` rounded to an integer.
    public static func divide(
        _ destination: CellDestination, _ left: CellOperand, _ right: CellOperand, rounding: Rounding,
        gas: UnsafeMutablePointer<Int64>, arena: Arena
    ) -> ArithmeticStatus {
        if isShort(left.word) && isShort(right.word) {
            let (leftMagnitude, leftNegative) = loadShort(left)
            let (rightMagnitude, rightNegative) = loadShort(right)
            if rightMagnitude == 0 { return .divisionByZero }
            let (quotient, remainder) = leftMagnitude.quotientAndRemainderShort(dividingBy: rightMagnitude)
            return storeQuotient(
                destination, Magnitude256(low: quotient, high: 0), negative: leftNegative != rightNegative,
                rounding: rounding, isExact: remainder == 0, half: HalfOrder(twice: remainder, rightMagnitude),
                arena: arena)
        }
        let scratch = arena.state.pointee.scratch
        let leftView = limbs(left, spill: scratch + ScratchLayout.firstSpill)
        let rightView = limbs(right, spill: scratch + ScratchLayout.secondSpill)
        if !chargeQuotient(leftView, rightView, gas: gas) { return .outOfGas }
        if rightView.count == 0 { return .divisionByZero }
        return divideLong(destination, leftView, rightView, rounding: rounding, arena: arena)
    }

    /// `left mod right`: zero or of the sign of `right`.
    public static func modulo(
        _ destination: CellDestination, _ left: CellOperand, _ right: CellOperand, gas: UnsafeMutablePointer<Int64>,
        arena: Arena
    ) -> ArithmeticStatus {
        if isShort(left.word) && isShort(right.word) {
            let (leftMagnitude, leftNegative) = loadShort(left)
            let (rightMagnitude, rightNegative) = loadShort(right)
            if rightMagnitude == 0 { return .divisionByZero }
            let (_, remainder) = leftMagnitude.quotientAndRemainderShort(dividingBy: rightMagnitude)
            let flip = remainder != 0 && leftNegative != rightNegative
            store(destination, magnitude: flip ? rightMagnitude &- remainder : remainder, negative: rightNegative)
            return .ok
        }
        let scratch = arena.state.pointee.scratch
        let leftView = limbs(left, spill: scratch + ScratchLayout.firstSpill)
        let rightView = limbs(right, spill: scratch + ScratchLayout.secondSpill)
        if !chargeQuotient(leftView, rightView, gas: gas) { return .outOfGas }
        if rightView.count == 0 { return .divisionByZero }
        return moduloLong(destination, leftView, rightView, arena: arena)
    }

    /// The floor of the square root; `domainError` for a negative operand.
    public static func squareRoot(
        _ destination: CellDestination, _ operand: CellOperand, gas: UnsafeMutablePointer<Int64>, arena: Arena
    ) -> ArithmeticStatus {
        let scratch = arena.state.pointee.scratch
        let view = limbs(operand, spill: scratch + ScratchLayout.firstSpill)
        if view.count > NumericCosts.freeLimbs && !charge(gas, NumericCosts.squareRoot(view.count)) {
            return .outOfGas
        }
        if view.negative { return .domainError }
        if view.count == 0 {
            store(destination, small: 0)
            return .ok
        }
        let target = scratch + ScratchLayout.quotient
        Limbs.squareRoot(target, view.limbs, view.count)
        return store(destination, limbs: target, count: (view.count + 1) / 2, negative: false, arena: arena)
    }

    @inline(__always)
    private static func chargeQuotient(
        _ dividend: LimbView, _ divisor: LimbView, gas: UnsafeMutablePointer<Int64>
    ) -> Bool {
        if max(dividend.count, divisor.count) <= NumericCosts.freeLimbs { return true }
        return charge(gas, NumericCosts.quotient(dividend.count, divisor.count))
    }

    /// Divides magnitudes of any size, none of them in the quotient or remainder scratch; the divisor is not zero.
    static func divideLong(
        _ destination: CellDestination, _ dividend: LimbView, _ divisor: LimbView, rounding: Rounding, arena: Arena
    ) -> ArithmeticStatus {
        let scratch = arena.state.pointee.scratch
        let quotient = scratch + ScratchLayout.quotient
        let remainder = scratch + ScratchLayout.remainder
        var quotientCount = 0
        if dividend.count < divisor.count {
            remainder.update(from: dividend.limbs, count: dividend.count)
            (remainder + dividend.count).update(repeating: 0, count: divisor.count - dividend.count)
        } else {
            Limbs.divide(
                quotient: quotient, remainder: remainder, dividend.limbs, dividend.count, divisor.limbs, divisor.count)
            quotientCount = dividend.count - divisor.count + 1
        }
        let negative = dividend.negative != divisor.negative
        let remainderCount = Limbs.normalisedCount(remainder, divisor.count)
        if remainderCount != 0 {
            let up: Bool
            switch rounding {
            case .floor: up = negative
            case .ceiling: up = !negative
            case .towardZero: up = false
            case .halfEven:
                // Twice the remainder against the divisor.
                remainder[remainderCount] = 0
                let twice = remainder
                twice[remainderCount] = Limbs.shiftLeft(twice, remainder, remainderCount, bits: 1)
                let twiceCount = Limbs.normalisedCount(twice, remainderCount + 1)
                let order = Limbs.compare(twice, twiceCount, divisor.limbs, divisor.count)
                up = order > 0 || (order == 0 && quotientCount > 0 && quotient[0] & 1 == 1)
            }
            if up {
                quotient[quotientCount] = Limbs.increment(quotient, quotientCount)
                quotientCount += 1
            }
        }
        return store(destination, limbs: quotient, count: quotientCount, negative: negative, arena: arena)
    }

    /// The floored remainder of magnitudes of any size, none of them in the quotient or remainder scratch; the divisor
    /// is not zero.
    static func moduloLong(
        _ destination: CellDestination, _ dividend: LimbView, _ divisor: LimbView, arena: Arena
    ) -> ArithmeticStatus {
        let scratch = arena.state.pointee.scratch
        let remainder = scratch + ScratchLayout.remainder
        var count = dividend.count
        if dividend.count < divisor.count {
            remainder.update(from: dividend.limbs, count: dividend.count)
        } else {
            Limbs.divide(
                quotient: scratch + ScratchLayout.quotient, remainder: remainder, dividend.limbs, dividend.count,
                divisor.limbs, divisor.count)
            count = Limbs.normalisedCount(remainder, divisor.count)
        }
        if count != 0 && dividend.negative != divisor.negative {
            let difference = scratch + ScratchLayout.quotient
            Limbs.subtract(difference, divisor.limbs, divisor.count, remainder, count)
            return store(
                destination, limbs: difference, count: divisor.count, negative: divisor.negative, arena: arena)
        }
        return store(destination, limbs: remainder, count: count, negative: divisor.negative, arena: arena)
    }

    /// Rounds a truncated quotient and stores it.
    @inline(__always)
    static func storeQuotient(
        _ destination: CellDestination, _ quotient: Magnitude256, negative: Bool, rounding: Rounding, isExact: Bool,
        half: HalfOrder, arena: Arena
    ) -> ArithmeticStatus {
        let up: Bool
        switch rounding {
        case .floor: up = negative && !isExact
        case .ceiling: up = !negative && !isExact
        case .towardZero: up = false
        case .halfEven: up = half.isAbove || (half.isEqual && quotient.limb0 & 1 == 1)
        }
        if !up {
            store(destination, magnitude: quotient, negative: negative)
            return .ok
        }
        // Not exact, so the divisor is at least 2 and the quotient at most 2^255: no carry is lost.
        let (rounded, _) = quotient.adding(Magnitude256(low: 1, high: 0))
        store(destination, magnitude: rounded, negative: negative)
        return .ok
    }
}

/// How a remainder compares with half the divisor.
struct HalfOrder {
    let isAbove: Bool
    let isEqual: Bool

    /// `remainder < divisor`.
    @inline(__always)
    init(twice remainder: UInt128, _ divisor: UInt128) {
        let rest = divisor &- remainder
        isAbove = remainder > rest
        isEqual = remainder == rest
    }
}

extension UInt128 {
    /// Quotient and remainder; a one-limb divisor, the common case, takes the machine's own 128-by-64 division.
    @inline(__always)
    func quotientAndRemainderShort(dividingBy divisor: UInt128) -> (quotient: UInt128, remainder: UInt128) {
        if divisor >> 64 != 0 {
            return quotientAndRemainder(dividingBy: divisor)
        }
        let limb = UInt64(truncatingIfNeeded: divisor)
        let (high, rest) = UInt64(truncatingIfNeeded: self >> 64).quotientAndRemainder(dividingBy: limb)
        let (low, remainder) = limb.dividingFullWidth((rest, UInt64(truncatingIfNeeded: self)))
        return (
            UInt128(truncatingIfNeeded: high) << 64 | UInt128(truncatingIfNeeded: low),
            UInt128(truncatingIfNeeded: remainder)
        )
    }
}

extension Magnitude256 {
    /// Quotient and remainder by one limb that is not zero.
    @inline(__always)
    func quotientAndRemainder(dividingBy divisor: UInt64) -> (quotient: Magnitude256, remainder: UInt64) {
        var quotient = Magnitude256(limb0: 0, limb1: 0, limb2: 0, limb3: 0)
        var rest: UInt64 = 0
        if limb3 != 0 {
            (quotient.limb3, rest) = limb3.quotientAndRemainder(dividingBy: divisor)
        }
        if limb2 | rest != 0 {
            (quotient.limb2, rest) = divisor.dividingFullWidth((rest, limb2))
        }
        (quotient.limb1, rest) = divisor.dividingFullWidth((rest, limb1))
        (quotient.limb0, rest) = divisor.dividingFullWidth((rest, limb0))
        return (quotient, rest)
    }
}
