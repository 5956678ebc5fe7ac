extension CellInteger {
    /// `left * right`.
    public static func multiply(
        _ destination: CellDestination, _ left: CellOperand, _ right: CellOperand, gas: UnsafeMutablePointer<Int64>,
        arena: Arena
    ) -> ArithmeticStatus {
        if isShort(left.word) && isShort(right.word) {
            let (leftMagnitude, leftNegative) = loadShort(left)
            let (rightMagnitude, rightNegative) = loadShort(right)
            let product = Magnitude256(product: leftMagnitude, rightMagnitude)
            store(destination, magnitude: product, negative: leftNegative != rightNegative)
            return .ok
        }
        return multiplyLong(destination, left, right, gas: gas, arena: arena)
    }

    @inline(never)
    private static func multiplyLong(
        _ destination: CellDestination, _ left: CellOperand, _ right: CellOperand, gas: UnsafeMutablePointer<Int64>,
        arena: Arena
    ) -> ArithmeticStatus {
        let scratch = arena.state.pointee.scratch
        let leftView = limbs(left, spill: scratch + ScratchLayout.firstSpill)
        let rightView = limbs(right, spill: scratch + ScratchLayout.secondSpill)
        if leftView.count > NumericCosts.freeLimbs || rightView.count > NumericCosts.freeLimbs {
            if !charge(gas, NumericCosts.product(leftView.count, rightView.count)) { return .outOfGas }
            // A product has at least the bits of both factors less one.
            if leftView.count > 0 && rightView.count > 0
                && leftView.bitWidth + rightView.bitWidth - 1 > NumericLimits.integerBits
            {
                return .integerTooWide
            }
        }
        let target = scratch + ScratchLayout.product
        let count = product(target, leftView, rightView)
        return store(
            destination, limbs: target, count: count, negative: leftView.negative != rightView.negative, arena: arena)
    }

    /// Writes the product of two magnitudes and returns its limb count without leading zeros.
    @inline(__always)
    static func product(_ target: UnsafeMutablePointer<UInt64>, _ left: LimbView, _ right: LimbView) -> Int {
        if left.count == 0 || right.count == 0 { return 0 }
        Limbs.multiply(target, left.limbs, left.count, right.limbs, right.count)
        let count = left.count + right.count
        return target[count - 1] == 0 ? count - 1 : count
    }

    /// `left * right / divisor` with the exact product, rounded once.
    public static func mulDiv(
        _ destination: CellDestination, _ left: CellOperand, _ right: CellOperand, _ divisor: CellOperand,
        rounding: Rounding, gas: UnsafeMutablePointer<Int64>, arena: Arena
    ) -> ArithmeticStatus {
        if isShort(left.word) && isShort(right.word) && isShort(divisor.word) {
            let (leftMagnitude, leftNegative) = loadShort(left)
            let (rightMagnitude, rightNegative) = loadShort(right)
            let (divisorMagnitude, divisorNegative) = loadShort(divisor)
            let negative = (leftNegative != rightNegative) != divisorNegative
            if divisorMagnitude == 0 { return .divisionByZero }
            let product = Magnitude256(product: leftMagnitude, rightMagnitude)
            if divisorMagnitude >> 64 == 0 {
                let limb = UInt64(truncatingIfNeeded: divisorMagnitude)
                let (quotient, remainder) = product.quotientAndRemainder(dividingBy: limb)
                return storeQuotient(
                    destination, quotient, negative: negative, rounding: rounding, isExact: remainder == 0,
                    half: HalfOrder(twice: UInt128(truncatingIfNeeded: remainder), divisorMagnitude), arena: arena)
            }
            let division = TwoLimbDivisor(divisorMagnitude)
            let (quotient, remainder) = division.divide(product)
            return storeQuotient(
                destination, quotient, negative: negative, rounding: rounding, isExact: remainder == 0,
                half: HalfOrder(twice: remainder, divisorMagnitude), arena: arena)
        }
        return mulDivLong(destination, left, right, divisor, rounding: rounding, gas: gas, arena: arena)
    }

    @inline(never)
    private static func mulDivLong(
        _ destination: CellDestination, _ left: CellOperand, _ right: CellOperand, _ divisor: CellOperand,
        rounding: Rounding, gas: UnsafeMutablePointer<Int64>, arena: Arena
    ) -> ArithmeticStatus {
        let scratch = arena.state.pointee.scratch
        let leftView = limbs(left, spill: scratch + ScratchLayout.firstSpill)
        let rightView = limbs(right, spill: scratch + ScratchLayout.secondSpill)
        let divisorView = limbs(divisor, spill: scratch + ScratchLayout.thirdSpill)
        if !chargeProductQuotient(leftView, rightView, divisorView, gas: gas) { return .outOfGas }
        if divisorView.count == 0 { return .divisionByZero }
        let target = scratch + ScratchLayout.product
        let count = product(target, leftView, rightView)
        let dividend = LimbView(
            limbs: target, count: count, negative: leftView.negative != rightView.negative)
        return divideLong(destination, dividend, divisorView, rounding: rounding, arena: arena)
    }

    /// `left * right mod modulus` with the exact product: zero or of the sign of the modulus.
    public static func mulMod(
        _ destination: CellDestination, _ left: CellOperand, _ right: CellOperand, _ modulus: CellOperand,
        gas: UnsafeMutablePointer<Int64>, arena: Arena
    ) -> ArithmeticStatus {
        if isShort(left.word) && isShort(right.word) && isShort(modulus.word) {
            let (leftMagnitude, leftNegative) = loadShort(left)
            let (rightMagnitude, rightNegative) = loadShort(right)
            let (divisor, negative) = loadShort(modulus)
            if divisor == 0 { return .divisionByZero }
            let product = Magnitude256(product: leftMagnitude, rightMagnitude)
            let remainder: UInt128
            if divisor >> 64 == 0 {
                let limb = UInt64(truncatingIfNeeded: divisor)
                remainder = UInt128(truncatingIfNeeded: product.quotientAndRemainder(dividingBy: limb).remainder)
            } else {
                remainder = TwoLimbDivisor(divisor).divide(product).remainder
            }
            let flip = remainder != 0 && (leftNegative != rightNegative) != negative
            store(destination, magnitude: flip ? divisor &- remainder : remainder, negative: negative)
            return .ok
        }
        return mulModLong(destination, left, right, modulus, gas: gas, arena: arena)
    }

    @inline(never)
    private static func mulModLong(
        _ destination: CellDestination, _ left: CellOperand, _ right: CellOperand, _ modulus: CellOperand,
        gas: UnsafeMutablePointer<Int64>, arena: Arena
    ) -> ArithmeticStatus {
        let scratch = arena.state.pointee.scratch
        let leftView = limbs(left, spill: scratch + ScratchLayout.firstSpill)
        let rightView = limbs(right, spill: scratch + ScratchLayout.secondSpill)
        let modulusView = limbs(modulus, spill: scratch + ScratchLayout.thirdSpill)
        if !chargeProductQuotient(leftView, rightView, modulusView, gas: gas) { return .outOfGas }
        if modulusView.count == 0 { return .divisionByZero }
        let target = scratch + ScratchLayout.product
        let count = product(target, leftView, rightView)
        let dividend = LimbView(
            limbs: target, count: count, negative: leftView.negative != rightView.negative)
        return moduloLong(destination, dividend, modulusView, arena: arena)
    }

    @inline(__always)
    private static func chargeProductQuotient(
        _ left: LimbView, _ right: LimbView, _ divisor: LimbView, gas: UnsafeMutablePointer<Int64>
    ) -> Bool {
        let widest = max(left.count, right.count, divisor.count)
        if widest <= NumericCosts.freeLimbs { return true }
        return charge(
            gas,
            NumericCosts.product(left.count, right.count)
                + NumericCosts.quotient(left.count + right.count, divisor.count))
    }
}
