import MathematicsOracle
import Numerics
import TestSupport

/// What a run of mathematics found.
public struct MathematicsReport: Sendable {
    public var inputs: [FixedFunction: Int] = [:]
    /// Roundings that gave a value, passed the range, or had none.
    public var values = 0
    public var overflows = 0
    public var outside = 0
    /// Inputs whose result needed no rounding, so that down and up agree.
    public var exact = 0
    /// Inputs whose result lies within about 2^-40 raw units of a rounding boundary, but not on a whole one.
    public var ties = 0
    public var failures: [String] = []

    public var summary: String {
        let counts = FixedFunction.allCases.map { "\($0.rawValue) \(inputs[$0] ?? 0)" }.joined(separator: ", ")
        return "\(inputs.values.reduce(0, +)) inputs of mathematics in three roundings (\(counts)): \(values) values, "
            + "\(overflows) overflows, \(outside) outside the domain, \(exact) exact inputs, \(ties) near ties, "
            + "\(failures.count) failures"
    }
}

/// Correctly rounded functions at inputs of all sizes, against MPFR's directed roundings.
///
/// Beside random inputs and edges there are exact results and near ties: an input nearest to where the function meets a
/// whole or half raw value, and the inputs beside it.
public struct MathematicsCases {
    private let seed: UInt64
    private var random: SplitMix64
    private static let unit = BigInt(FixedPoint.unit)
    private static let largest = (BigInt.one << (FixedPoint.bits - 1)) - .one

    public init(seed: UInt64) {
        self.seed = seed
        random = SplitMix64(seed: seed)
    }

    /// Ends at the tenth failure.
    public mutating func run(_ count: Int) -> MathematicsReport {
        var report = MathematicsReport()
        for index in 0..<count {
            let function = FixedFunction.allCases[index % FixedFunction.allCases.count]
            let (x, y) = operands(function)
            report.inputs[function, default: 0] += 1
            let (expected, isNearTie) = function.expected(x, y)
            if isNearTie { report.ties += 1 }
            if expected[0] == expected[1], case .value = expected[0] { report.exact += 1 }
            for (rounding, outcome) in zip(FixedFunction.roundings, expected) {
                switch outcome {
                case .value: report.values += 1
                case .overflow: report.overflows += 1
                case .outOfDomain: report.outside += 1
                case .unknown: break
                }
                let result = function.result(x, y, rounding: rounding)
                if result != outcome || outcome == .unknown {
                    let operands = function == .pow ? "\(x), \(y)" : "\(x)"
                    report.failures.append(
                        "seed \(seed), input \(index): \(function.rawValue)(\(operands)), \(rounding): \(result), "
                            + "by MPFR \(outcome)")
                    if report.failures.count == 10 { return report }
                }
            }
        }
        return report
    }

    // MARK: Operands

    private mutating func operands(_ function: FixedFunction) -> (x: BigInt, y: BigInt) {
        switch function {
        case .exp:
            switch random.below(8) {
            case 0: return (any(), .zero)
            case 1: return (nearTieOfExponential(), .zero)
            case 2: return (signed(bits(1 + random.below(60))), .zero)
            // All that neither vanishes nor overflows.
            default: return (raw(in: -43, 137), .zero)
            }
        case .ln, .log2:
            switch random.below(4) {
            case 0: return (any(), .zero)
            case 1: return (nearTieOfLogarithm(isBinary: function == .log2), .zero)
            default: return (positive(), .zero)
            }
        case .sqrt:
            switch random.below(4) {
            case 0: return (any(), .zero)
            case 1: return (nearTieOfRoot(), .zero)
            default: return (positive(), .zero)
            }
        case .pow:
            switch random.below(8) {
            case 0: return (any(), any())
            case 1: return smooth()
            case 2, 3: return nearTieOfPower()
            case 4: return (positive(), BigInt(random.below(21) - 10) * Self.unit)
            default: return inRange()
            }
        }
    }

    private mutating func bits(_ count: Int) -> BigInt {
        let limbs = (0..<(count + 63) / 64).map { _ in random.next() }
        let value = BigInt(negative: false, limbs: limbs)
        return count % 64 == 0 ? value : value >> (64 - count % 64)
    }

    private mutating func signed(_ value: BigInt) -> BigInt { random.chance(1, of: 2) ? -value : value }

    /// Between two whole numbers.
    private mutating func raw(in low: Int, _ high: Int) -> BigInt {
        BigInt(low + random.below(high - low)) * Self.unit + BigInt(random.below(Int(FixedPoint.unit)))
    }

    private mutating func positive() -> BigInt {
        switch random.below(6) {
        // Beside one, where logarithms vanish.
        case 0: return Self.unit + signed(bits(1 + random.below(58)))
        // Powers of two, and of two times the unit, and their neighbours.
        case 1:
            let power = random.chance(1, of: 2) ? BigInt.one << random.below(255) : Self.unit << random.below(195)
            return clamped(power + BigInt(random.below(3) - 1))
        default: return clamped(bits(1 + random.below(255)))
        }
    }

    private func clamped(_ value: BigInt) -> BigInt { min(max(value, .one), Self.largest) }

    /// Anything at all: edges, both signs.
    private mutating func any() -> BigInt {
        switch random.below(8) {
        case 0: return BigInt(random.below(5) - 2)
        case 1: return signed(Self.unit + BigInt(random.below(3) - 1))
        case 2: return signed(Self.largest - BigInt(random.below(2)))
        // e^x overflows and vanishes there.
        case 3:
            let limit: BigInt = random.chance(1, of: 2) ? 135_305_999_368_893_231_588 : -42_139_678_854_452_767_551
            return limit + signed(bits(1 + random.below(40)))
        default: return signed(positive())
        }
    }

    // MARK: Near ties

    /// e^x is a few raw units and about a half or a whole: dense x, sparse results.
    private mutating func nearTieOfExponential() -> BigInt {
        let halves = 1 + bits(1 + random.below(40))
        // ln(halves / 2 / 10^18)
        guard let logarithm = try? FixedPoint.ln(halves, rounding: .halfEven) else { return .zero }
        let two: BigInt = 693_147_180_559_945_309
        return logarithm - two + BigInt(random.below(3) - 1)
    }

    /// The logarithm of a large number, dense there, is about a half or a whole raw value.
    private mutating func nearTieOfLogarithm(isBinary: Bool) -> BigInt {
        let whole = isBinary ? raw(in: -58, 195) : raw(in: -41, 135)
        let power =
            isBinary
            ? try? FixedPoint.pow(2 * Self.unit, whole, rounding: .halfEven)
            : FixedPoint.exp(whole, rounding: .halfEven)
        guard var x = power else { return .one }
        if random.chance(1, of: 2) {
            // Times e^h = 1 + h + h^2 / 2 for half a raw unit h, which is h ln 2 to base 2; in units of 10^-36.
            let half: BigInt = isBinary ? 346_573_590_279_972_655 : 500_000_000_000_000_000
            let scale = Self.unit * Self.unit
            let factor = scale + half + ((half * half).floorDivide(2 * scale) ?? .zero)
            x = (x * factor).floorDivide(scale) ?? .one
        }
        return clamped(x + BigInt(random.below(3) - 1))
    }

    /// (h / 2)^2 / 10^18 for a number h of half units.
    private mutating func nearTieOfRoot() -> BigInt {
        let halves = bits(1 + random.below(158))
        return clamped(((halves * halves).floorDivide(4 * Self.unit) ?? .one) + BigInt(random.below(3) - 1))
    }

    /// The base whose power is about a whole or half raw value; dense for exponents below one.
    private mutating func nearTieOfPower() -> (x: BigInt, y: BigInt) {
        let exponent = 1 + bits(1 + random.below(61))
        let inverse = (Self.unit * Self.unit).floorDivide(exponent) ?? Self.unit
        let halves = 1 + bits(1 + random.below(random.chance(1, of: 2) ? 64 : 160))
        let base = try? FixedPoint.pow(
            halves.floorDivide(random.chance(1, of: 2) ? 2 : 1) ?? .one, inverse, rounding: .halfEven)
        return (clamped((base ?? positive()) + BigInt(random.below(3) - 1)), exponent)
    }

    /// Numbers of few small prime factors and exponents of small terms: many powers are exact, some exactly half.
    private mutating func smooth() -> (x: BigInt, y: BigInt) {
        let terms = [1, 1, 2, 4, 5, 8, 10, 16, 20, 25, 32, 40, 50, 64, 100, 125, 128, 200, 250]
        let degree = terms[random.below(terms.count)]
        let times = 1 + random.below(degree < 10 ? 12 : 300)
        let y = (BigInt(times) * Self.unit).floorDivide(BigInt(degree)) ?? .one
        let roots = [2, 3, 4, 5, 6, 7, 9, 10, 12, 15, 20, 25, 36, 49, 50, 100, 125]
        var root = BigInt(roots[random.below(roots.count)]) << random.below(8)
        var x = Self.unit
        if random.chance(1, of: 3) {
            // 2^i 5^j raw, as the reciprocal's ties need it.
            x = (BigInt.one << random.below(60)) * BigInt(5).power(UInt(random.below(40)))
            root = .one
        }
        let power = root.power(UInt(degree))
        if power.bitWidth < 200 { x = x * power }
        if random.chance(1, of: 3) { x = (Self.unit * Self.unit).floorDivide(x) ?? .one }
        if random.chance(1, of: 4) { x += BigInt(random.below(3) - 1) }
        return (clamped(x), signed(y))
    }

    /// A power that neither vanishes nor overflows, nearly always.
    private mutating func inRange() -> (x: BigInt, y: BigInt) {
        let x = positive()
        guard let logarithm = try? FixedPoint.log2(x, rounding: .halfEven), !logarithm.isZero else { return (x, any()) }
        let target = raw(in: -62, 197)
        return (x, (target * Self.unit).floorDivide(logarithm) ?? .one)
    }
}
