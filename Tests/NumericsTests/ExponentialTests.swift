@testable import Numerics
import TestSupport
import Testing

/// The exponential against interval arithmetic that uses another method: no logarithm, no tables.
struct ExponentialTests {
    /// Binary digits after the point.
    static let precision = 768
    static let one = BigInt.one << precision
    static let unit = BigInt(FixedPoint.unit)
    static let maximum = (BigInt.one << 255) - 1

    /// Bounds of `e^(raw / unit) * 2^precision`: the Taylor series at |v| / 2^10, ten squarings, for negative
    /// arguments the reciprocal; every step rounds the lower bound down and the upper bound up.
    static func bounds(_ raw: BigInt, unit: BigInt = unit) -> (lower: BigInt, upper: BigInt) {
        let divisor = unit << 10
        let magnitude = raw.magnitude << precision
        var (lower, upper) = (one, one)
        var (lowTerm, highTerm) = (one, one)
        let low = magnitude.divided(by: divisor, rounding: .floor)!
        let high = magnitude.divided(by: divisor, rounding: .ceiling)!
        for order in 1...200 {
            lowTerm = (lowTerm * low).floorDivide(one * BigInt(order))!
            highTerm = (highTerm * high).ceilDivide(one * BigInt(order))!
            lower += lowTerm
            upper += highTerm
        }
        // The argument is below 1/4, so the tail is less than the last term.
        upper += highTerm
        for _ in 0..<10 {
            lower = (lower * lower).floorDivide(one)!
            upper = (upper * upper).ceilDivide(one)!
        }
        if raw.isNegative {
            return ((one * one).floorDivide(upper)!, (one * one).ceilDivide(lower)!)
        }
        return (lower, upper)
    }

    /// The rounded raw value for all four modes, nil where it overflows.
    static func expected(_ raw: BigInt) -> [BigInt?] {
        let (lower, upper) = bounds(raw)
        return Rounding.allCases.map { rounding in
            let low = (lower * unit).divided(by: one, rounding: rounding)!
            let high = (upper * unit).divided(by: one, rounding: rounding)!
            precondition(low == high, "the oracle's precision does not decide")
            return low > maximum ? nil : low
        }
    }

    @Test
    func correctlyRoundedEverywhere() {
        let seed: UInt64 = 0xE
        var random = SplitMix64(seed: seed)
        for round in 0..<1_500 {
            let raw: BigInt
            switch round % 5 {
            case 0: raw = BigInt(negative: random.below(2) == 0, limbs: [random.next() >> UInt64(random.below(64))])
            case 1: raw = BigInt(random.below(2_000) - 1_000)
            default:
                // -43 to 136.
                let (high, low) = (random.below(179_000_000), random.below(1_000_000_000_000))
                raw = BigInt(high) * BigInt(1_000_000_000_000) + BigInt(low) - 43 * Self.unit
            }
            let expected = raw.isZero ? [Self.unit, Self.unit, Self.unit, Self.unit] : Self.expected(raw)
            for rounding in Rounding.allCases {
                let result = FixedPoint.exp(raw, rounding: rounding)
                #expect(result == expected[Int(rounding.rawValue)], "seed \(seed) round \(round): \(raw) \(rounding)")
            }
        }
    }

    @Test
    func wideningAgreesWithTheKernel() {
        let seed: UInt64 = 0x21F
        var random = SplitMix64(seed: seed)
        for round in 0..<1_000 {
            let negative = random.below(4) == 0
            let limit = negative ? FixedPoint.underflowThreshold : FixedPoint.overflowThreshold
            let magnitude = (UInt128(random.next()) << 64 | UInt128(random.next())) % (limit - 1) + 1
            let rounding = Rounding.allCases[random.below(4)]
            let fast = FixedPoint.exponential(magnitude, negative: negative, rounding: rounding)
            let slow = FixedPoint.exponentialByWidening(magnitude, negative: negative, rounding: rounding)
            #expect(fast?.low == slow?.low && fast?.high == slow?.high, "seed \(seed) round \(round): \(magnitude)")
        }
    }

    /// The error bound that every rounding decision rests on, far finer than what the rounded results could show.
    @Test(arguments: [
        (2, -42_100, 14_899), (3, 14_000, 59_199), (4, 59_000, 103_599), (5, 103_000, 135_399),
        (6, -42_100, 135_399), (7, -42_100, 135_399), (8, -42_100, 135_399),
    ])
    func kernelKeepsItsErrorBound(limbs: Int, fromThousandths: Int, toThousandths: Int) {
        let seed = UInt64(0xEB + limbs)
        var random = SplitMix64(seed: seed)
        let memory = UnsafeMutablePointer<UInt64>.allocate(capacity: ExponentialKernel.memoryLimbs)
        defer { memory.deallocate() }
        let bound = BigInt(32) * Self.unit
        let milli = BigInt(1_000_000_000_000_000)
        for round in 0..<400 {
            let thousandths = fromThousandths + random.below(toThousandths - fromThousandths + 1)
            let raw = BigInt(thousandths) * milli + BigInt(random.below(1_000_000_000_000_000))
            if raw.isZero { continue }
            let magnitudeLimbs = raw.magnitudeLimbs + [0]
            let magnitude = UInt128(magnitudeLimbs[1]) << 64 | UInt128(magnitudeLimbs[0])
            memory.initialize(repeating: random.next(), count: ExponentialKernel.memoryLimbs)
            let shift = ExponentialKernel.approximate(
                memory, magnitude, negative: raw.isNegative, limbs: limbs)
            #expect(shift >= 105)
            let approximation = BigInt(negative: false, limbs: (0...limbs).map { memory[$0] }) << Self.precision
            #expect((limbs + 1..<limbs + 7).allSatisfy { memory[$0] == 0 })
            let (lower, upper) = Self.bounds(raw)
            let excess = approximation - ((lower * Self.unit) << shift)
            let shortfall = ((upper * Self.unit) << shift) - approximation
            let limit = bound << Self.precision
            #expect(excess < limit && shortfall < limit, "seed \(seed) round \(round): \(raw)")
        }
    }

    /// Results of which the first bits after the point are all zeros or ones, or a one and zeros: arguments of a few
    /// units, where e^v is nearly 1 + v, so that 10^18 e^v is nearly an integer and its half v^2 / 2 beyond.
    @Test
    func hardCasesAreDecided() {
        for offset in Array(-40...40) + [499_999_999, 500_000_000, 500_000_001, -500_000_000, -500_000_001] {
            if offset == 0 { continue }
            let raw = BigInt(offset)
            let expected = Self.expected(raw)
            for rounding in Rounding.allCases {
                #expect(FixedPoint.exp(raw, rounding: rounding) == expected[Int(rounding.rawValue)])
            }
        }
        // v^2 / 2 = 1/2 at v = 10^-9: the tie between two units, off by v^3 / 6.
        for offset in -3...3 {
            for sign in [1, -1] {
                let raw = BigInt(sign * (1_000_000_000 + offset))
                let expected = Self.expected(raw)
                for rounding in Rounding.allCases {
                    #expect(FixedPoint.exp(raw, rounding: rounding) == expected[Int(rounding.rawValue)])
                }
            }
        }
    }

    @Test
    func edgesOfTheDomain() {
        #expect(FixedPoint.exp(.zero, rounding: .ceiling) == Self.unit)
        // The largest argument that fits, by bisection of the oracle.
        var (fits, fails) = (135 * Self.unit, 136 * Self.unit)
        while fails - fits > 1 {
            let middle = (fits + fails) >> 1
            if Self.expected(middle)[0] == nil { fails = middle } else { fits = middle }
        }
        for offset in -2...2 {
            let raw = fits + BigInt(offset)
            for rounding in Rounding.allCases {
                let expected = Self.expected(raw)[Int(rounding.rawValue)]
                #expect(FixedPoint.exp(raw, rounding: rounding) == expected, "\(raw) \(rounding)")
            }
        }
        for exponent in [68, 127, 128, 255, 4_000] {
            let huge = BigInt.one << exponent
            #expect(FixedPoint.exp(huge, rounding: .floor) == nil)
            #expect(FixedPoint.exp(-huge, rounding: .floor) == .zero)
            #expect(FixedPoint.exp(-huge, rounding: .halfEven) == .zero)
            #expect(FixedPoint.exp(-huge, rounding: .towardZero) == .zero)
            #expect(FixedPoint.exp(-huge, rounding: .ceiling) == .one)
        }
        // Around the half unit and the shortcut below it, and where the kernel changes its width.
        let milli = BigInt(1_000_000_000_000_000)
        for thousandths in [-42_200, -42_139, -42_140, -41_446, -41_447, 14_900, 59_200, 103_600, 135_400] {
            for offset in -1...1 {
                let raw = BigInt(thousandths) * milli + BigInt(offset)
                let expected = Self.expected(raw)
                for rounding in Rounding.allCases {
                    #expect(FixedPoint.exp(raw, rounding: rounding) == expected[Int(rounding.rawValue)], "\(raw)")
                }
            }
        }
    }

    @Test
    func cellEntryMatches() throws {
        var random = SplitMix64(seed: 5)
        let file = try CellFile(count: 2)
        for _ in 0..<2_000 {
            let value = random.integer(limbLimit: 5)
            file.write(0, value)
            file.write(1, Schoolbook(-7))
            let rounding = Rounding.allCases[random.below(4)]
            let destination = random.below(2)
            let status = CellInteger.exp(file.destination(destination), file.operand(0), rounding: rounding)
            if let expected = FixedPoint.exp(BigInt(value), rounding: rounding) {
                #expect(status == .ok)
                #expect(file.read(destination).map { BigInt($0) } == expected)
            } else {
                #expect(status == .overflow)
                #expect(file.read(destination) == (destination == 0 ? value : Schoolbook(-7)))
            }
        }
    }

    /// The constants against their defining property, on bounds of the test's own.
    @Test
    func tablesHoldPowersOfTwo() {
        let constants = ExponentialConstants.shared
        let limbCount = ExponentialConstants.limbCount
        func entry(_ base: UnsafePointer<UInt64>, _ index: Int) -> BigInt {
            BigInt(negative: false, limbs: (0..<limbCount).map { base[limbCount * index + $0] })
        }
        let bits = 64 * limbCount
        for (base, root) in [(constants.coarsePowers, 8), (constants.finePowers, 16)] {
            for index in [0, 1, 2, 100, 128, 254, 255] {
                // (entry / 2^(bits - 1))^(2^root) = 2^index; one unit lower is below, two units higher above.
                let value = entry(base, index)
                func power(_ value: BigInt, rounding: Rounding) -> BigInt {
                    let scale = BigInt.one << 600
                    var power = value << (600 - bits + 1)
                    for _ in 0..<root {
                        power = (power * power).divided(by: scale, rounding: rounding)!
                    }
                    return power
                }
                let target = BigInt.one << (600 + index)
                #expect(power(value - 1, rounding: .ceiling) < target)
                #expect(power(value + 2, rounding: .floor) > target)
            }
        }
    }
}
