import CNativeTwins
import Numerics

/// A correctly rounded function of fixed-point numbers, beside MPFR's.
public enum FixedFunction: String, CaseIterable, Sendable {
    case exp, ln, log2, sqrt, pow

    private var native: native_function {
        switch self {
        case .exp: native_exp
        case .ln: native_ln
        case .log2: native_log2
        case .sqrt: native_sqrt
        case .pow: native_pow
        }
    }

    /// Outcome of a function for one rounding.
    public enum Outcome: Equatable, Sendable {
        case value(BigInt)
        case overflow, outOfDomain
        /// The oracle does not know: a defect of it.
        case unknown
    }

    /// The roundings of the language, in the order of the oracle's results.
    public static let roundings: [Rounding] = [.floor, .ceiling, .halfEven]

    // MARK: Machine

    /// What the machine's arithmetic gives.
    public func result(_ x: BigInt, _ y: BigInt, rounding: Rounding) -> Outcome {
        do throws(ArithmeticStatus) {
            switch self {
            case .exp: return FixedPoint.exp(x, rounding: rounding).map { .value($0) } ?? .overflow
            case .ln: return .value(try FixedPoint.ln(x, rounding: rounding))
            case .log2: return .value(try FixedPoint.log2(x, rounding: rounding))
            case .sqrt: return .value(try FixedPoint.sqrt(x, rounding: rounding))
            case .pow: return .value(try FixedPoint.pow(x, y, rounding: rounding))
            }
        } catch {
            return error == .overflow ? .overflow : .outOfDomain
        }
    }

    // MARK: MPFR

    /// What MPFR's bounds give, for the three roundings, and whether the result lies so near to a rounding boundary
    /// that about 40 bits after the point or more agree with it.
    public func expected(_ x: BigInt, _ y: BigInt) -> (outcomes: [Outcome], isNearTie: Bool) {
        var (first, second) = (native_fixed(x), native_fixed(y))
        var results = [native_fixed](repeating: native_fixed(), count: 3)
        var decisive = 0
        switch native_rounded(native, &first, &second, &results, &decisive) {
        case native_value:
            let values = results.map { BigInt($0) }
            let outcomes = values.map { $0.fitsSigned(bits: FixedPoint.bits) ? Outcome.value($0) : .overflow }
            // Half that precision did not decide, of which the largest result and its errors take a part.
            return (outcomes, values[0] != values[1] && decisive / 2 > values[1].bitWidth + 48)
        case native_far: return ([.overflow, .overflow, .overflow], false)
        case native_outside: return ([.outOfDomain, .outOfDomain, .outOfDomain], false)
        default: return ([.unknown, .unknown, .unknown], false)
        }
    }

    // MARK: Benchmark

    /// The operands of the i-th point of the benchmark, raw.
    public func point(_ index: Int) -> (x: BigInt, y: BigInt) {
        let thousandth: BigInt = 1_000_000_000_000_000
        return (
            BigInt(native_point_x(native, UInt64(index))) * thousandth,
            self == .pow ? BigInt(native_point_y(UInt64(index))) * thousandth : .zero
        )
    }

    /// The raw value of the i-th point, to nearest.
    public func value(_ index: Int) -> BigInt {
        let (x, y) = point(index)
        guard case .value(let value) = expected(x, y).outcomes[2] else { return .zero }
        return value
    }

    /// The sum of the first `count` values.
    public func sum(count: Int) -> BigInt { (0..<count).reduce(.zero) { $0 + value($1) } }

    /// The work that is timed: MPFR at just the precision that each result needs.
    public func nativeSum(count: Int) -> BigInt {
        var text = [CChar](repeating: 0, count: 160)
        text.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { native_function_sum(native, UInt64(count), base, buffer.count) }
        }
        let digits = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return BigInt(String(decoding: digits, as: UTF8.self), radix: 10) ?? .zero
    }
}

extension native_fixed {
    /// A number below 2^320.
    fileprivate init(_ value: BigInt) {
        self.init()
        let limbs = value.magnitudeLimbs + [0, 0, 0, 0, 0]
        self.limbs = (limbs[0], limbs[1], limbs[2], limbs[3], limbs[4])
        negative = value.isNegative ? 1 : 0
    }
}

extension BigInt {
    fileprivate init(_ value: native_fixed) {
        let limbs = value.limbs
        self.init(negative: value.negative != 0, limbs: [limbs.0, limbs.1, limbs.2, limbs.3, limbs.4])
    }
}
