@testable import Numerics
import TestSupport
import Testing

/// Logarithms against the interval arithmetic of `ExponentialTests`, by their definition, and against `WideInterval`.
struct LogarithmTests {
    static let unit = BigInt(FixedPoint.unit)

    /// A number above zero of any magnitude.
    static func positive(_ random: inout SplitMix64) -> BigInt {
        let bits = 1 + random.below(255)
        let limbs = (0..<4).map { _ in random.next() }
        return (BigInt(negative: false, limbs: limbs) >> (256 - bits)) + 1
    }

    /// Whether `raw / 10^18` is less than e^(numerator / denominator), which differs from it.
    private static func isBelow(_ raw: BigInt, _ numerator: BigInt, _ denominator: BigInt) -> Bool {
        let (lower, upper) = ExponentialTests.bounds(numerator, unit: denominator)
        let value = (raw << ExponentialTests.precision)
        precondition(value < lower * unit || value > upper * unit, "the oracle's precision does not decide")
        return value < lower * unit
    }

    @Test
    func naturalLogarithmsAreInverseToTheExponential() throws {
        let seed: UInt64 = 0x109
        var random = SplitMix64(seed: seed)
        for round in 0..<400 {
            let raw = round % 4 == 0 ? Self.unit + BigInt(random.below(2_000) - 1_000) : Self.positive(&random)
            if raw == Self.unit { continue }
            let floor = try FixedPoint.ln(raw, rounding: .floor)
            #expect(!Self.isBelow(raw, floor, Self.unit), "seed \(seed) round \(round): \(raw)")
            #expect(Self.isBelow(raw, floor + 1, Self.unit), "seed \(seed) round \(round): \(raw)")
            #expect(try FixedPoint.ln(raw, rounding: .ceiling) == floor + 1)
            let isLow = Self.isBelow(raw, 2 * floor + 1, 2 * Self.unit)
            #expect(try FixedPoint.ln(raw, rounding: .halfEven) == (isLow ? floor : floor + 1))
            #expect(try FixedPoint.ln(raw, rounding: .towardZero) == (floor.isNegative ? floor + 1 : floor))
        }
    }

    @Test(arguments: [false, true])
    func kernelAgreesWithWideIntervals(isBinary: Bool) throws {
        let seed: UInt64 = isBinary ? 0x21 : 0x22
        var random = SplitMix64(seed: seed)
        for round in 0..<1_000 {
            let raw = Self.positive(&random)
            let rounding = Rounding.allCases[random.below(4)]
            let expected = WideInterval.logarithm(raw, isBinary: isBinary, precision: 512).rounded(rounding)
            let result =
                isBinary ? try FixedPoint.log2(raw, rounding: rounding) : try FixedPoint.ln(raw, rounding: rounding)
            #expect(result == expected, "seed \(seed) round \(round): \(raw) \(rounding)")
        }
    }

    /// The error bound that every rounding decision rests on.
    @Test(arguments: 2...8)
    func kernelKeepsItsErrorBound(limbs: Int) throws {
        let seed = UInt64(0xEB10 + limbs)
        var random = SplitMix64(seed: seed)
        let memory = UnsafeMutablePointer<UInt64>.allocate(capacity: LogarithmKernel.memoryLimbs)
        defer { memory.deallocate() }
        let precision = 640
        for round in 0..<400 {
            // Edges of the cells, where the table is worst, as often as anything else.
            var raw = Self.positive(&random)
            if round % 2 == 0 {
                raw = (BigInt(256 + random.below(257)) << random.below(240)) + BigInt(random.below(3) - 1)
            }
            for isBinary in [true, false] {
                memory.initialize(repeating: random.next(), count: LogarithmKernel.memoryLimbs)
                let isNegative = FixedPoint.scaledLogarithm(
                    memory, try Magnitude256(raw), isBinary: isBinary, limbs: limbs)
                let magnitude = BigInt(negative: isNegative, limbs: (0..<limbs + 2).map { memory[$0] })
                let interval = WideInterval.logarithm(raw, isBinary: isBinary, precision: precision)
                let approximation = magnitude << (precision - 64 * limbs)
                let limit = BigInt.one << (FixedPoint.logarithmErrorBit(isBinary: isBinary) + precision - 64 * limbs)
                #expect(
                    approximation - interval.lower < limit && interval.upper - approximation < limit,
                    "seed \(seed) round \(round): \(raw)")
            }
        }
    }

    /// Numbers whose logarithm lies nearest to a boundary: large numbers lie dense, so one is found for any boundary.
    @Test(arguments: [false, true])
    func hardCasesAreDecided(isBinary: Bool) throws {
        let seed: UInt64 = 0xAD
        var random = SplitMix64(seed: seed)
        let precision = 768
        let two = ExponentialConstants.naturalLogarithmOfTwo(precision: precision)
        for round in 0..<200 {
            // A boundary, in half units.
            let limit = isBinary ? 390 : 270
            let boundary = BigInt(random.below(limit)) * Self.unit + BigInt(random.below(1_000_000_000_000_000_000))
            let argument = ((boundary * (isBinary ? two : BigInt.one << precision)) >> 1).floorDivide(Self.unit)!
            let power = WideInterval.exponential(from: argument, to: argument, precision: precision)
            let centre = power.lower >> power.scaleBits
            for raw in [centre - 1, centre, centre + 1, centre + 2] where raw > .zero && raw <= FixedPoint.maximum {
                for rounding in Rounding.allCases {
                    let expected = FixedPoint.logarithmByWidening(
                        try Magnitude256(raw), isBinary: isBinary, rounding: rounding)
                    let limbs = [
                        UInt64(truncatingIfNeeded: expected.magnitude),
                        UInt64(truncatingIfNeeded: expected.magnitude >> 64),
                    ]
                    let result =
                        isBinary
                        ? try FixedPoint.log2(raw, rounding: rounding) : try FixedPoint.ln(raw, rounding: rounding)
                    #expect(
                        result == BigInt(negative: expected.negative, limbs: limbs),
                        "seed \(seed) round \(round): \(raw) \(rounding)")
                }
            }
        }
    }

    @Test
    func exactLogarithms() throws {
        for rounding in Rounding.allCases {
            #expect(try FixedPoint.ln(Self.unit, rounding: rounding) == .zero)
            for exponent in -18...195 {
                let raw = exponent < 0 ? Self.unit >> -exponent : Self.unit << exponent
                #expect(try FixedPoint.log2(raw, rounding: rounding) == BigInt(exponent) * Self.unit)
            }
        }
        // Beside a power of two the logarithm is off by 2^-193 of a unit at most.
        for exponent in [0, 1, 60, 128, 195] {
            let raw = Self.unit << exponent
            let exact = BigInt(exponent) * Self.unit
            #expect(try FixedPoint.log2(raw + 1, rounding: .ceiling) == exact + (exponent == 0 ? 2 : 1))
            #expect(try FixedPoint.log2(raw + 1, rounding: .floor) == exact + (exponent == 0 ? 1 : 0))
            #expect(try FixedPoint.log2(raw - 1, rounding: .floor) == exact - (exponent == 0 ? 2 : 1))
        }
        #expect(try FixedPoint.log2(Self.unit + 1, rounding: .halfEven) == 1)
        #expect(try FixedPoint.ln(Self.unit + 1, rounding: .ceiling) == 1)
        #expect(try FixedPoint.ln(Self.unit + 1, rounding: .floor) == 0)
        #expect(try FixedPoint.ln(Self.unit - 1, rounding: .ceiling) == -1)
        #expect(try FixedPoint.ln(Self.unit - 1, rounding: .floor) == -2)
    }

    @Test
    func outsideTheDomain() {
        #expect(throws: ArithmeticStatus.domainError) { try FixedPoint.ln(.zero, rounding: .floor) }
        #expect(throws: ArithmeticStatus.domainError) { try FixedPoint.log2(-1, rounding: .floor) }
        #expect(throws: ArithmeticStatus.overflow) { try FixedPoint.ln(BigInt.one << 300, rounding: .floor) }
        #expect(throws: ArithmeticStatus.domainError) { try FixedPoint.ln(-(BigInt.one << 300), rounding: .floor) }
    }

    @Test
    func cellEntriesMatch() throws {
        var random = SplitMix64(seed: 6)
        let file = try CellFile(count: 2)
        for round in 0..<2_000 {
            let value = round == 0 ? Schoolbook(0) : random.integer(limbLimit: 5)
            file.write(0, value)
            file.write(1, Schoolbook(-7))
            let rounding = Rounding.allCases[random.below(4)]
            let (target, operand) = (file.destination(1), file.operand(0))
            let isBinary = random.below(2) == 0
            let status =
                isBinary
                ? CellInteger.log2(target, operand, rounding: rounding)
                : CellInteger.ln(target, operand, rounding: rounding)
            do {
                let raw = BigInt(value)
                let expected =
                    isBinary ? try FixedPoint.log2(raw, rounding: rounding) : try FixedPoint.ln(raw, rounding: rounding)
                #expect(status == .ok)
                #expect(file.read(1).map { BigInt($0) } == expected)
            } catch {
                #expect(status == error)
                #expect(file.read(1) == Schoolbook(-7))
            }
        }
    }
}
