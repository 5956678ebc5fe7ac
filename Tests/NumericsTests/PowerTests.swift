import TestSupport
import Testing

@testable import Numerics

/// Powers and square roots against exact rational arithmetic and intervals.
struct PowerTests {
    static let unit = BigInt(FixedPoint.unit)

    private static func power(_ base: BigInt, _ exponent: BigInt, _ rounding: Rounding) -> Result<
        BigInt, ArithmeticStatus
    > {
        do { return .success(try FixedPoint.pow(base, exponent, rounding: rounding)) } catch { return .failure(error) }
    }

    private static func bounded(_ value: BigInt) -> Result<BigInt, ArithmeticStatus> {
        value > FixedPoint.maximum ? .failure(.overflow) : .success(value)
    }

    @Test
    func squareRootsByTheirDefinition() throws {
        let seed: UInt64 = 0x50
        var random = SplitMix64(seed: seed)
        for round in 0..<4_000 {
            var raw = LogarithmTests.positive(&random)
            switch round % 4 {
            case 0:
                // Perfect squares and their neighbours: root^2 / 10^18.
                let root = (BigInt(random.next() >> UInt64(random.below(60))) * 1_000_000_000)
                raw = (root * root).floorDivide(Self.unit)! + BigInt(random.below(3) - 1)
            case 1: raw = BigInt(random.below(1_000))
            default: break
            }
            if raw.isNegative || raw > FixedPoint.maximum { continue }
            let square = raw * Self.unit
            let floor = try FixedPoint.sqrt(raw, rounding: .floor)
            #expect(
                floor * floor <= square && square < (floor + 1) * (floor + 1), "seed \(seed) round \(round): \(raw)")
            let isExact = floor * floor == square
            #expect(try FixedPoint.sqrt(raw, rounding: .ceiling) == (isExact ? floor : floor + 1))
            let isHigh = (2 * floor + 1) * (2 * floor + 1) < 4 * square
            #expect(try FixedPoint.sqrt(raw, rounding: .halfEven) == (isHigh ? floor + 1 : floor))
            #expect(try FixedPoint.sqrt(raw, rounding: .towardZero) == floor)
        }
        #expect(try FixedPoint.sqrt(FixedPoint.maximum, rounding: .floor) > .zero)
        #expect(throws: ArithmeticStatus.domainError) { try FixedPoint.sqrt(-1, rounding: .floor) }
        #expect(throws: ArithmeticStatus.overflow) { try FixedPoint.sqrt(BigInt.one << 256, rounding: .floor) }
    }

    /// Whole exponents have an exact rational value.
    @Test
    func wholeExponents() {
        let seed: UInt64 = 0x3E
        var random = SplitMix64(seed: seed)
        for round in 0..<3_000 {
            let exponent = random.below(41) - 20
            let size = max(1, exponent.magnitude)
            // A base whose power is in the range now and then.
            let spread = BigInt(1 + random.below(1 + 320 / Int(size)))
            let bits = Int((spread.asInt64 ?? 1) % 255) + 1
            var base =
                exponent < 0 && random.below(2) == 0
                ? BigInt(random.next() >> UInt64(random.below(63))) : LogarithmTests.positive(&random) >> (255 - bits)
            switch round % 3 {
            case 0: base = Self.unit + BigInt(random.below(2_000_000) - 1_000_000)
            case 1: base = Self.unit.floorDivide(BigInt(1 << random.below(19)))! * BigInt(1 + random.below(30))
            default: break
            }
            if base.isZero { continue }
            let rounding = Rounding.allCases[random.below(4)]
            let power = base.power(UInt(size))
            let scale = Self.unit.power(UInt(size))
            let exact =
                exponent == 0
                ? Ratio(Self.unit, 1)!
                : exponent < 0 ? Ratio(scale * Self.unit, power)! : Ratio(power * Self.unit, scale)!
            let expected = Self.bounded(exact.rounded(rounding))
            let result = Self.power(base, BigInt(exponent) * Self.unit, rounding)
            #expect(result == expected, "seed \(seed) round \(round): \(base) ^ \(exponent) \(rounding)")
        }
    }

    /// Roots of degree 2^i 5^j and their powers; every result here is a finite decimal.
    @Test
    func exactRoots() {
        let seed: UInt64 = 0x60
        var random = SplitMix64(seed: seed)
        var count = 0
        for round in 0..<4_000 {
            let degree = [1, 2, 4, 5, 8, 10, 16, 20, 25, 32, 40, 50, 64, 125, 128, 200, 250][random.below(17)]
            let times = 1 + random.below(degree > 30 ? 4 * degree / 3 : 12)
            // z = n 2^i 5^j
            let odd = BigInt(1 + random.below(degree > 8 ? 4 : 2_000))
            let (twos, fives) = (random.below(7) - 3, random.below(5) - 2)
            let top = odd * BigInt(2).power(UInt(max(0, twos))) * BigInt(5).power(UInt(max(0, fives)))
            let bottom = BigInt(2).power(UInt(max(0, -twos))) * BigInt(5).power(UInt(max(0, -fives)))
            let base = Ratio(top.power(UInt(degree)) * Self.unit, bottom.power(UInt(degree)))!
            guard base.denominator == 1, base.numerator <= FixedPoint.maximum,
                let exponent = (BigInt(times) * Self.unit).divided(by: BigInt(degree), rounding: .floor)
            else { continue }
            count += 1
            for isNegative in [false, true] {
                let (over, under) = isNegative ? (bottom, top) : (top, bottom)
                let exact = Ratio(over.power(UInt(times)) * Self.unit, under.power(UInt(times)))!
                for rounding in Rounding.allCases {
                    let result = Self.power(base.numerator, isNegative ? -exponent : exponent, rounding)
                    #expect(
                        result == Self.bounded(exact.rounded(rounding)),
                        "seed \(seed) round \(round): (\(base.numerator))^(\(times)/\(degree)) \(rounding)")
                }
            }
        }
        #expect(count > 500)
    }

    @Test
    func kernelAgreesWithWideIntervals() throws {
        let seed: UInt64 = 0x77
        var random = SplitMix64(seed: seed)
        var decided = 0
        for round in 0..<1_500 {
            let base =
                round % 3 == 0
                ? Self.unit + BigInt(random.below(1_000_000_000) - 500_000_000) : LogarithmTests.positive(&random)
            if base == Self.unit || base.isZero { continue }
            // An exponent with a result in the range: t / log2 x for t between -64 and 196.
            let logarithm = try FixedPoint.log2(base, rounding: .towardZero)
            let target = BigInt(random.below(260) - 64) * Self.unit + BigInt(random.below(1_000_000_000_000_000_000))
            let exponent = (target * Self.unit).divided(by: logarithm.isZero ? 1 : logarithm, rounding: .floor)!
            if exponent.isZero || exponent.bitWidth > 200 { continue }
            let rounding = Rounding.allCases[random.below(4)]
            let wide = FixedPoint.powerByWidening(
                base, try Magnitude256(exponent.magnitude), negative: exponent.isNegative, rounding: rounding)
            #expect(
                Self.power(base, exponent, rounding) == Self.bounded(wide),
                "seed \(seed) round \(round): \(base) ^ \(exponent) \(rounding)")
            if case .decided(let full) = PowerKernel.evaluateFully(
                try Magnitude256(base), try Magnitude256(exponent.magnitude), negative: exponent.isNegative,
                rounding: rounding)
            {
                decided += 1
                #expect(BigInt(full) == wide, "seed \(seed) round \(round): \(base) ^ \(exponent) \(rounding)")
            }
        }
        #expect(decided > 700)
    }

    /// Bases next to the y-th root of a boundary, for small exponents: as near as 2^-250 of a unit.
    @Test
    func hardCasesAreDecided() throws {
        let seed: UInt64 = 0x9A
        var random = SplitMix64(seed: seed)
        let precision = 1_024
        for round in 0..<150 {
            let exponent = BigInt(1 + random.next() >> UInt64(random.below(64)) % 1_000_000_000_000_000_000)
            // A boundary b in half units; the base is that to the power 1 / y.
            let boundary = 2 * Self.unit + BigInt(random.below(1_000_000))
            let logarithm = WideInterval.naturalLogarithm(boundary, precision: precision).lower
            let two = ExponentialConstants.naturalLogarithmOfTwo(precision: precision)
            let argument = ((logarithm - two) * Self.unit).floorDivide(exponent)!
            if argument >= BigInt(135) << precision || argument.isNegative { continue }
            let power = WideInterval.exponential(from: argument, to: argument, precision: precision)
            let centre = power.lower >> power.scaleBits
            for base in [centre, centre + 1] where base > Self.unit && base <= FixedPoint.maximum {
                for rounding in Rounding.allCases {
                    let wide = FixedPoint.powerByWidening(
                        base, try Magnitude256(exponent), negative: false, rounding: rounding)
                    #expect(
                        Self.power(base, exponent, rounding) == Self.bounded(wide),
                        "seed \(seed) round \(round): \(base) ^ \(exponent) \(rounding)")
                }
            }
        }
    }

    @Test
    func edges() {
        for rounding in Rounding.allCases {
            for base in [BigInt.zero, .one, Self.unit, FixedPoint.maximum] {
                #expect(Self.power(base, .zero, rounding) == .success(Self.unit))
                #expect(Self.power(base, Self.unit, rounding) == .success(base))
            }
            for exponent in [BigInt.one, Self.unit, FixedPoint.maximum] {
                #expect(Self.power(.zero, exponent, rounding) == .success(.zero))
                #expect(Self.power(.zero, -exponent, rounding) == .failure(.domainError))
                #expect(Self.power(Self.unit, -exponent, rounding) == .success(Self.unit))
                #expect(Self.power(-1, exponent, rounding) == .failure(.domainError))
            }
            #expect(Self.power(-1, .zero, rounding) == .failure(.domainError))
            #expect(Self.power(FixedPoint.maximum, FixedPoint.maximum, rounding) == .failure(.overflow))
            let least = BigInt(rounding == .ceiling ? 1 : 0)
            #expect(Self.power(FixedPoint.maximum, -FixedPoint.maximum, rounding) == .success(least))
            #expect(Self.power(.one, FixedPoint.maximum, rounding) == .success(least))
            #expect(Self.power(.one, -FixedPoint.maximum, rounding) == .failure(.overflow))
            // Exactly half a unit: the even neighbour is zero.
            #expect(Self.power(2 * Self.unit * Self.unit, -Self.unit, rounding) == .success(least))
            // 2^195 is in the range, 2^196 is not.
            #expect(Self.power(2 * Self.unit, 195 * Self.unit, rounding) == .success(Self.unit << 195))
            #expect(Self.power(2 * Self.unit, 196 * Self.unit, rounding) == .failure(.overflow))
            // A hair above one, to a power of 2^67.
            let huge = Self.unit * Self.unit
            let e = Self.power(Self.unit + 1, huge, rounding)
            // e (1 - 10^-18 / 2)
            let down: BigInt = 2_718_281_828_459_045_234
            #expect(e == .success(rounding == .ceiling ? down + 1 : down))
        }
        #expect(Self.power(BigInt.one << 256, Self.unit, .floor) == .failure(.overflow))
    }

    @Test
    func cellEntriesMatch() throws {
        var random = SplitMix64(seed: 7)
        let file = try CellFile(count: 3)
        for round in 0..<2_000 {
            let base = round == 0 ? Schoolbook(0) : random.integer(limbLimit: 5)
            let exponent = random.integer(limbLimit: round % 2 == 0 ? 1 : 5)
            file.write(0, base)
            file.write(1, exponent)
            file.write(2, Schoolbook(-7))
            let rounding = Rounding.allCases[random.below(4)]
            let status = CellInteger.pow(file.destination(2), file.operand(0), file.operand(1), rounding: rounding)
            switch Self.power(BigInt(base), BigInt(exponent), rounding) {
            case .success(let expected):
                #expect(status == .ok)
                #expect(file.read(2).map { BigInt($0) } == expected)
            case .failure(let error):
                #expect(status == error)
                #expect(file.read(2) == Schoolbook(-7))
            }
            let rootStatus = CellInteger.fixedSquareRoot(file.destination(1), file.operand(0), rounding: rounding)
            do {
                let expected = try FixedPoint.sqrt(BigInt(base), rounding: rounding)
                #expect(rootStatus == .ok && file.read(1).map { BigInt($0) } == expected)
            } catch {
                #expect(rootStatus == error && file.read(1) == exponent)
            }
        }
    }
}
