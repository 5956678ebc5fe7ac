extension CellInteger {
    /// `left + right`.
    public static func add(
        _ destination: CellDestination, _ left: CellOperand, _ right: CellOperand, gas: UnsafeMutablePointer<Int64>,
        arena: Arena
    ) -> ArithmeticStatus {
        sum(destination, left, right, flip: false, gas: gas, arena: arena)
    }

    /// `left - right`.
    public static func subtract(
        _ destination: CellDestination, _ left: CellOperand, _ right: CellOperand, gas: UnsafeMutablePointer<Int64>,
        arena: Arena
    ) -> ArithmeticStatus {
        sum(destination, left, right, flip: true, gas: gas, arena: arena)
    }

    /// `left + right`, or with `flip` `left - right`.
    @inline(__always)
    private static func sum(
        _ destination: CellDestination, _ left: CellOperand, _ right: CellOperand, flip: Bool,
        gas: UnsafeMutablePointer<Int64>, arena: Arena
    ) -> ArithmeticStatus {
        if isShort(left.word) && isShort(right.word) {
            let (leftMagnitude, leftNegative) = loadShort(left)
            let (rightMagnitude, rightSign) = loadShort(right)
            if leftNegative == (rightSign != flip) {
                let (magnitude, carry) = leftMagnitude.addingReportingOverflow(rightMagnitude)
                if !carry {
                    store(destination, magnitude: magnitude, negative: leftNegative)
                } else {
                    let wide = Magnitude256(low: magnitude, high: 1)
                    store(destination, magnitude: wide, negative: leftNegative)
                }
            } else if leftMagnitude >= rightMagnitude {
                store(destination, magnitude: leftMagnitude &- rightMagnitude, negative: leftNegative)
            } else {
                store(destination, magnitude: rightMagnitude &- leftMagnitude, negative: !leftNegative)
            }
            return .ok
        }
        return sumLong(destination, left, right, flip: flip, gas: gas, arena: arena)
    }

    @inline(never)
    private static func sumLong(
        _ destination: CellDestination, _ left: CellOperand, _ right: CellOperand, flip: Bool,
        gas: UnsafeMutablePointer<Int64>, arena: Arena
    ) -> ArithmeticStatus {
        if CellWord.isWide(left.word) || CellWord.isWide(right.word) {
            return sumWide(destination, left, right, flip: flip, gas: gas, arena: arena)
        }
        let (leftMagnitude, leftNegative) = loadHome(left)
        let (rightMagnitude, rightSign) = loadHome(right)
        if leftNegative == (rightSign != flip) {
            let (magnitude, carry) = leftMagnitude.adding(rightMagnitude)
            if !carry {
                store(destination, magnitude: magnitude, negative: leftNegative)
                return .ok
            }
            let scratch = arena.state.pointee.scratch + ScratchLayout.product
            scratch[0] = magnitude.limb0
            scratch[1] = magnitude.limb1
            scratch[2] = magnitude.limb2
            scratch[3] = magnitude.limb3
            scratch[4] = 1
            return store(destination, limbs: scratch, count: 5, negative: leftNegative, arena: arena)
        }
        if leftMagnitude < rightMagnitude {
            store(destination, magnitude: rightMagnitude.subtracting(leftMagnitude), negative: !leftNegative)
        } else {
            store(destination, magnitude: leftMagnitude.subtracting(rightMagnitude), negative: leftNegative)
        }
        return .ok
    }

    private static func sumWide(
        _ destination: CellDestination, _ left: CellOperand, _ right: CellOperand, flip: Bool,
        gas: UnsafeMutablePointer<Int64>, arena: Arena
    ) -> ArithmeticStatus {
        let scratch = arena.state.pointee.scratch
        let leftView = limbs(left, spill: scratch + ScratchLayout.firstSpill)
        let rightView = limbs(right, spill: scratch + ScratchLayout.secondSpill)
        if !charge(gas, NumericCosts.linear(leftView.count, rightView.count)) { return .outOfGas }
        let rightNegative = rightView.negative != flip
        let order = Limbs.compare(leftView.limbs, leftView.count, rightView.limbs, rightView.count)
        let (wide, narrow) = order >= 0 ? (leftView, rightView) : (rightView, leftView)
        let target = scratch + ScratchLayout.product
        if leftView.negative == rightNegative {
            let carry = Limbs.add(target, wide.limbs, wide.count, narrow.limbs, narrow.count)
            target[wide.count] = carry
        } else {
            Limbs.subtract(target, wide.limbs, wide.count, narrow.limbs, narrow.count)
            target[wide.count] = 0
        }
        let negative = order >= 0 ? leftView.negative : rightNegative
        return store(destination, limbs: target, count: wide.count + 1, negative: negative, arena: arena)
    }

    /// `-operand`.
    public static func negate(
        _ destination: CellDestination, _ operand: CellOperand, gas: UnsafeMutablePointer<Int64>, arena: Arena
    ) -> ArithmeticStatus {
        signed(destination, operand, gas: gas, arena: arena) { !$0 }
    }

    /// `|operand|`.
    public static func absolute(
        _ destination: CellDestination, _ operand: CellOperand, gas: UnsafeMutablePointer<Int64>, arena: Arena
    ) -> ArithmeticStatus {
        signed(destination, operand, gas: gas, arena: arena) { _ in false }
    }

    /// The operand's magnitude with the sign that `sign` makes of the present one.
    @inline(__always)
    private static func signed(
        _ destination: CellDestination, _ operand: CellOperand, gas: UnsafeMutablePointer<Int64>, arena: Arena,
        sign: (Bool) -> Bool
    ) -> ArithmeticStatus {
        if isShort(operand.word) {
            let (magnitude, negative) = loadShort(operand)
            store(destination, magnitude: magnitude, negative: sign(negative))
            return .ok
        }
        if CellWord.isHome(operand.word) {
            let (magnitude, negative) = loadHome(operand)
            store(destination, magnitude: magnitude, negative: sign(negative))
            return .ok
        }
        let view = wideLimbs(operand.word)
        if !charge(gas, NumericCosts.linear(view.count, 0)) { return .outOfGas }
        return store(destination, limbs: view.limbs, count: view.count, negative: sign(view.negative), arena: arena)
    }

    /// -1, 0 or 1 as `left` is below, equal to or above `right`. At most 64 limbs are read: no variable gas.
    public static func compare(_ left: CellOperand, _ right: CellOperand) -> Int {
        if CellWord.areSmall(left.word, right.word) {
            return left.word < right.word ? -1 : (left.word == right.word ? 0 : 1)
        }
        if isShort(left.word) && isShort(right.word) {
            let (leftMagnitude, leftNegative) = loadShort(left)
            let (rightMagnitude, rightNegative) = loadShort(right)
            if leftNegative != rightNegative { return leftNegative ? -1 : 1 }
            if leftMagnitude == rightMagnitude { return 0 }
            return (leftMagnitude < rightMagnitude) != leftNegative ? -1 : 1
        }
        // A small operand beside a longer one is nearer to zero: by the canonical form it has no limb to compare.
        var zero: UInt64 = 0
        return withUnsafeMutablePointer(to: &zero) { spill in
            let leftView = limbs(left, spill: spill)
            let rightView = limbs(right, spill: spill)
            if leftView.negative != rightView.negative { return leftView.negative ? -1 : 1 }
            let order = Limbs.compare(leftView.limbs, leftView.count, rightView.limbs, rightView.count)
            return leftView.negative ? -order : order
        }
    }

    /// Whether two integers are equal.
    @inlinable
    @inline(__always)
    public static func equals(_ left: CellOperand, _ right: CellOperand) -> Bool {
        // Canonical form: small words differ exactly when their values do.
        CellWord.areSmall(left.word, right.word) ? left.word == right.word : compare(left, right) == 0
    }

    /// Whether the operand lies in `-2^(bits-1) ..< 2^(bits-1)`; `bits` is positive.
    public static func fitsSigned(_ operand: CellOperand, bits: Int) -> Bool {
        var limb: UInt64 = 0
        return withUnsafeMutablePointer(to: &limb) { spill in
            let view = limbs(operand, spill: spill)
            let width = view.bitWidth
            if width < bits { return true }
            // Only -2^(bits-1) remains: its magnitude has one bit set.
            if width > bits || !view.negative { return false }
            let top = view.limbs[view.count - 1]
            if top & (top &- 1) != 0 { return false }
            return (0..<view.count - 1).allSatisfy { view.limbs[$0] == 0 }
        }
    }

    /// Whether the operand lies in `0 ..< 2^bits`.
    public static func fitsUnsigned(_ operand: CellOperand, bits: Int) -> Bool {
        var limb: UInt64 = 0
        return withUnsafeMutablePointer(to: &limb) { spill in
            let view = limbs(operand, spill: spill)
            return !view.negative && view.bitWidth <= bits
        }
    }

    /// Whether the operand is below zero.
    @inlinable
    @inline(__always)
    public static func isNegative(_ operand: CellOperand) -> Bool {
        if CellWord.isSmall(operand.word) { return operand.word < 0 }
        if CellWord.isHome(operand.word) { return operand.word & 4 != 0 }
        return isWideNegative(operand.word)
    }

    @usableFromInline
    static func isWideNegative(_ word: Int64) -> Bool {
        wideLimbs(word).negative
    }
}
