/// Constants of the logarithm, computed once from their definitions; fractions have `ExponentialConstants.limbCount`
/// limbs, and one of fewer limbs is read from the upper limbs of the longer one.
struct LogarithmConstants: @unchecked Sendable {
    /// Largest order of the series.
    static let maximumOrder = 4 * ExponentialConstants.limbCount - 1
    /// Cells of the table that begins a logarithm.
    static let cellCount = 256

    /// `1 / (k ln 2)` for k = 2... at `limbCount * k`; at k = 1 the fraction of `1 / ln 2`.
    let coefficients: UnsafePointer<UInt64>
    /// The fraction of log2(10^18) = 59.79...
    let logarithmOfUnit: UnsafePointer<UInt64>
    /// `-log2((256 + c) / 512) * 2^32` for c = 0...256, within 2 of the exact value.
    let cells: UnsafePointer<Int64>

    /// Every fraction is its exact value cut off, or one unit in the last place beside that.
    static let shared = LogarithmConstants()

    /// The integer part of log2(10^18).
    static let wholeLogarithmOfUnit = 59

    private init() {
        let limbCount = ExponentialConstants.limbCount
        let orders = LogarithmConstants.maximumOrder + 1
        // Lives as long as the process.
        let memory = UnsafeMutablePointer<UInt64>.allocate(capacity: limbCount * (orders + 1))
        memory.initialize(repeating: 0, count: limbCount)
        let bits = 64 * limbCount
        let precision = bits + 128
        let one = BigInt.one << precision
        let logarithmOfTwo = ExponentialConstants.naturalLogarithmOfTwo(precision: precision)
        let inverse = (one << precision).floorDivide(logarithmOfTwo) ?? .zero
        for order in 1..<orders {
            let coefficient = order == 1 ? inverse - one : inverse.floorDivide(BigInt(order)) ?? .zero
            ExponentialConstants.write(memory + limbCount * order, limbCount, coefficient >> 128)
        }
        // log2(10^18) = 18 (3 + ln(5 / 4) / ln 2), and ln(5 / 4) = 2 artanh(1 / 9).
        let excess = 36 * LogarithmConstants.inverseHyperbolicTangent(ofInverse: 9, precision: precision)
        let logarithm = 54 * one + ((excess << precision).floorDivide(logarithmOfTwo) ?? .zero)
        let unit = memory + limbCount * orders
        let whole = BigInt(LogarithmConstants.wholeLogarithmOfUnit) << precision
        ExponentialConstants.write(unit, limbCount, (logarithm - whole) >> 128)

        // From the last cell down: ln((m + 1) / m) = 2 artanh(1 / (2 m + 1)).
        let cells = UnsafeMutablePointer<Int64>.allocate(capacity: LogarithmConstants.cellCount + 1)
        var sum = BigInt.zero
        cells[LogarithmConstants.cellCount] = 0
        let shortLogarithmOfTwo = ExponentialConstants.naturalLogarithmOfTwo(precision: 64)
        for cell in (0..<LogarithmConstants.cellCount).reversed() {
            let step = LogarithmConstants.inverseHyperbolicTangent(
                ofInverse: 2 * (LogarithmConstants.cellCount + cell) + 1, precision: 64)
            sum += step + step
            cells[cell] = ((sum << 32).floorDivide(shortLogarithmOfTwo) ?? .zero).asInt64 ?? 0
        }
        self.coefficients = UnsafePointer(memory)
        self.logarithmOfUnit = UnsafePointer(unit)
        self.cells = UnsafePointer(cells)
    }

    /// `artanh(1 / divisor) * 2^precision` within one unit: the sum of `1 / ((2n + 1) divisor^(2n + 1))`.
    ///
    /// 32 more bits absorb the cutting of the fewer than 2^31 terms.
    static func inverseHyperbolicTangent(ofInverse divisor: Int, precision: Int) -> BigInt {
        var power = (BigInt.one << (precision + 32)).floorDivide(BigInt(divisor)) ?? .zero
        var sum = BigInt.zero
        var order = 1
        while !power.isZero {
            sum += power.floorDivide(BigInt(order)) ?? .zero
            power = power.floorDivide(BigInt(divisor * divisor)) ?? .zero
            order += 2
        }
        return sum >> 32
    }
}
