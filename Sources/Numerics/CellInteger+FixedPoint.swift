/// Mathematics on raw fixed-point values in cells. The results are those of `FixedPoint`: correctly rounded. The costs
/// do not depend on the operands, so they are all in the instructions' base costs.
extension CellInteger {
    /// `FixedPoint.exp` of a raw value; `overflow` when the result passes `2^255 - 1`.
    public static func exp(
        _ destination: CellDestination, _ operand: CellOperand, rounding: Rounding
    ) -> ArithmeticStatus {
        let (magnitude, negative): (UInt128, Bool)
        if isShort(operand.word) {
            (magnitude, negative) = loadShort(operand)
        } else {
            (magnitude, negative) = (.max, isNegative(operand))
        }
        guard let result = FixedPoint.exponential(magnitude, negative: negative, rounding: rounding) else {
            return .overflow
        }
        store(destination, magnitude: result, negative: false)
        return .ok
    }

    /// `FixedPoint.ln` of a raw value; `domainError` unless it is positive, `overflow` when it has more than 256 bits.
    public static func ln(
        _ destination: CellDestination, _ operand: CellOperand, rounding: Rounding
    ) -> ArithmeticStatus {
        logarithm(destination, operand, isBinary: false, rounding: rounding)
    }

    /// `FixedPoint.log2` of a raw value; `domainError` unless it is positive, `overflow` when it has more than 256
    /// bits.
    public static func log2(
        _ destination: CellDestination, _ operand: CellOperand, rounding: Rounding
    ) -> ArithmeticStatus {
        logarithm(destination, operand, isBinary: true, rounding: rounding)
    }

    @inline(__always)
    private static func logarithm(
        _ destination: CellDestination, _ operand: CellOperand, isBinary: Bool, rounding: Rounding
    ) -> ArithmeticStatus {
        if operand.word == 0 || isNegative(operand) { return .domainError }
        if CellWord.isWide(operand.word) { return .overflow }
        let result = FixedPoint.logarithm(loadHome(operand).magnitude, isBinary: isBinary, rounding: rounding)
        store(destination, magnitude: result.magnitude, negative: result.negative)
        return .ok
    }

    /// `FixedPoint.sqrt` of a raw value; `domainError` when it is negative, `overflow` when it has more than 256 bits.
    public static func fixedSquareRoot(
        _ destination: CellDestination, _ operand: CellOperand, rounding: Rounding
    ) -> ArithmeticStatus {
        if isNegative(operand) { return .domainError }
        if CellWord.isWide(operand.word) { return .overflow }
        let result = FixedPoint.squareRoot(loadHome(operand).magnitude, rounding: rounding)
        store(destination, magnitude: result, negative: false)
        return .ok
    }

    /// `FixedPoint.pow` of raw values; `domainError` for a negative base and for a negative power of zero, `overflow`
    /// when the result passes `2^255 - 1` or an operand has more than 256 bits.
    public static func pow(
        _ destination: CellDestination, _ base: CellOperand, _ exponent: CellOperand, rounding: Rounding
    ) -> ArithmeticStatus {
        if isNegative(base) { return .domainError }
        if CellWord.isWide(base.word) || CellWord.isWide(exponent.word) { return .overflow }
        let (power, negative) = loadHome(exponent)
        switch FixedPoint.power(loadHome(base).magnitude, power, negative: negative, rounding: rounding) {
        case .success(let result):
            store(destination, magnitude: result, negative: false)
            return .ok
        case .failure(let status): return status
        }
    }
}
