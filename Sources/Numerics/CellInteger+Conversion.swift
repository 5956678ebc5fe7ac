extension CellInteger {
    /// The value of a cell.
    public static func toBigInt(_ operand: CellOperand) -> BigInt {
        var limb: UInt64 = 0
        return withUnsafeMutablePointer(to: &limb) { spill in
            let view = limbs(operand, spill: spill)
            return BigInt(
                negative: view.negative, limbs: Array(UnsafeBufferPointer(start: view.limbs, count: view.count)))
        }
    }

    /// Writes a value of at most `NumericLimits.integerBits` bits; `integerTooWide` or `arenaExhausted` otherwise.
    public static func fromBigInt(_ destination: CellDestination, _ value: BigInt, arena: Arena) -> ArithmeticStatus {
        value.magnitudeLimbs.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else {
                store(destination, small: 0)
                return .ok
            }
            return fromLimbs(destination, negative: value.isNegative, base, count: buffer.count, arena: arena)
        }
    }

    /// Writes sign and little-endian magnitude, leading zero limbs allowed; the limbs do not lie in the destination's
    /// home.
    public static func fromLimbs(
        _ destination: CellDestination, negative: Bool, _ limbs: UnsafePointer<UInt64>, count: Int, arena: Arena
    ) -> ArithmeticStatus {
        store(destination, limbs: limbs, count: count, negative: negative, arena: arena)
    }

    /// Writes a 64-bit integer; it never needs the arena.
    public static func fromInt64(_ destination: CellDestination, _ value: Int64) {
        store(destination, limb: value.magnitude, negative: value < 0)
    }

    /// The value when it fits a signed 64-bit integer.
    public static func asInt64(_ operand: CellOperand) -> Int64? {
        if CellWord.isSmall(operand.word) { return CellWord.smallValue(operand.word) }
        guard CellWord.isHome(operand.word), CellWord.homeCount(operand.word) == 1 else { return nil }
        let limb = operand.home[0]
        if operand.word & 4 != 0 {
            return limb <= 1 << 63 ? 0 &- Int64(bitPattern: limb) : nil
        }
        return Int64(exactly: limb)
    }

    /// Whether a cell has the one form that its value has; a check for tests.
    public static func isCanonical(_ operand: CellOperand) -> Bool {
        let word = operand.word
        if CellWord.isSmall(word) { return true }
        var limb: UInt64 = 0
        return withUnsafeMutablePointer(to: &limb) { spill in
            let view = limbs(operand, spill: spill)
            guard view.count > 0, view.limbs[view.count - 1] != 0 else { return false }
            if CellWord.isWide(word) {
                return word & 15 == 3 && view.count > NumericLimits.homeLimbs
                    && view.count <= NumericLimits.integerLimbs
            }
            if view.count > NumericLimits.homeLimbs || word >> 8 != 0 { return false }
            return view.count > 1 || view.limbs[0] >= (1 << 62) + (view.negative ? 1 : 0)
        }
    }
}
