/// Constants of the exponential, as fractions of `ExponentialConstants.limbCount` limbs, computed once from their
/// definitions. A fraction of fewer limbs is read from the upper limbs of the longer one.
struct ExponentialConstants: @unchecked Sendable {
    /// Limbs of a fraction: 512 bits.
    static let limbCount = 8
    /// Largest order of the Taylor polynomial.
    static let maximumOrder = 26
    /// Entries of each of the two power tables.
    static let tableCount = 256

    /// `2^123 / (10^18 ln 2)`, below 2^64: a fraction and one limb above the point.
    let scaleOfArgument: UnsafePointer<UInt64>
    /// ln 2.
    let logarithm: UnsafePointer<UInt64>
    /// `1 / n!` for n = 2...16 at `limbCount * n`.
    let inverseFactorials: UnsafePointer<UInt64>
    /// `2^(i / 256) / 2` at `limbCount * i`.
    let coarsePowers: UnsafePointer<UInt64>
    /// `2^(i / 65536) / 2` at `limbCount * i`.
    let finePowers: UnsafePointer<UInt64>

    /// Every entry is its exact value cut off, or one unit in the last place beside that.
    static let shared = ExponentialConstants()

    private init() {
        let limbCount = ExponentialConstants.limbCount
        let tableLimbs = limbCount * ExponentialConstants.tableCount
        let orders = ExponentialConstants.maximumOrder + 1
        // Lives as long as the process.
        let capacity = 2 * limbCount + 1 + limbCount * orders + 2 * tableLimbs
        let memory = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
        let scale = memory
        let logarithm = scale + limbCount + 1
        let factorials = logarithm + limbCount
        let coarse = factorials + limbCount * orders
        let fine = coarse + tableLimbs
        let bits = 64 * limbCount

        // Working precision: 128 bits beyond the fraction.
        let precision = bits + 128
        let exactLogarithm = ExponentialConstants.naturalLogarithmOfTwo(precision: precision)
        let scaledUnit = BigInt(FixedPoint.unit) * exactLogarithm
        let argumentScale = (BigInt.one << (bits + 123 + precision)).floorDivide(scaledUnit)
        ExponentialConstants.write(scale, limbCount + 1, argumentScale ?? .zero)
        ExponentialConstants.write(logarithm, limbCount, exactLogarithm >> (precision - bits))
        var factorial = BigInt.one
        factorials.initialize(repeating: 0, count: 2 * limbCount)
        for order in 2..<orders {
            factorial *= BigInt(order)
            let inverse = (BigInt.one << bits).floorDivide(factorial)
            ExponentialConstants.write(factorials + limbCount * order, limbCount, inverse ?? .zero)
        }
        // Roots of two by halving the exponent; each root is cut by less than a unit of 2^-640 and halves the error
        // that it inherits. Their powers err by less than 2^11 such units.
        var root = BigInt(2) << precision
        for level in 1...16 {
            root = (root << precision).squareRoot ?? .zero
            guard level == 8 || level == 16 else { continue }
            let table = level == 8 ? coarse : fine
            var power = BigInt.one << precision
            for index in 0..<ExponentialConstants.tableCount {
                ExponentialConstants.write(table + limbCount * index, limbCount, power >> (precision - bits + 1))
                power = (power * root) >> precision
            }
        }
        self.scaleOfArgument = UnsafePointer(scale)
        self.logarithm = UnsafePointer(logarithm)
        self.inverseFactorials = UnsafePointer(factorials)
        self.coarsePowers = UnsafePointer(coarse)
        self.finePowers = UnsafePointer(fine)
    }

    /// Writes a non-negative number of at most `count` limbs.
    static func write(_ target: UnsafeMutablePointer<UInt64>, _ count: Int, _ value: BigInt) {
        let limbs = value.magnitudeLimbs
        precondition(limbs.count <= count)
        target.initialize(repeating: 0, count: count)
        for (index, limb) in limbs.enumerated() {
            target[index] = limb
        }
    }

    /// `ln 2 * 2^precision` within one unit: 2 artanh(1/3), the sum of 2 / ((2n + 1) 3^(2n + 1)).
    ///
    /// 32 more bits absorb the cutting of the fewer than 2^31 terms.
    static func naturalLogarithmOfTwo(precision: Int) -> BigInt {
        let working = precision + 32
        var power = (BigInt(2) << working).floorDivide(3) ?? .zero
        var sum = BigInt.zero
        var order = 1
        while !power.isZero {
            sum += power.floorDivide(BigInt(order)) ?? .zero
            power = power.floorDivide(9) ?? .zero
            order += 2
        }
        return sum >> 32
    }
}
