import Diagnostics
import Numerics
import Semantics

extension Evaluator {
    /// The correctly rounded functions of Fixed numbers, and the integer square root.
    func mathematics(_ builtin: Builtin, _ values: [Value], at span: Span) throws(Failure) -> Value {
        if case .integerSquareRoot = builtin, case .integer(let value)? = values.first {
            guard !value.isNegative else { throw .builtin(.outOfDomain, at: span) }
            return .integer(IntegerRoot.floor(value, degree: 2))
        }
        guard case .fixed(let x)? = values.first else { throw .fault("a Fixed was expected", at: span) }
        switch builtin {
        case .exp(let rounding):
            guard let result = FixedExponential.exponential(raw: x, rounding: rounding) else {
                throw .builtin(.overflow, at: span)
            }
            return .fixed(result)
        case .ln(let rounding):
            guard x > .zero else { throw .builtin(.outOfDomain, at: span) }
            return .fixed(FixedLogarithm.natural(raw: x, rounding: rounding))
        case .log2(let rounding):
            guard x > .zero else { throw .builtin(.outOfDomain, at: span) }
            return .fixed(FixedLogarithm.binary(raw: x, rounding: rounding))
        case .sqrt(let rounding):
            guard !x.isNegative else { throw .builtin(.outOfDomain, at: span) }
            return .fixed(FixedPower.squareRoot(raw: x, rounding: rounding))
        case .pow(let rounding):
            guard values.count == 2, case .fixed(let y) = values[1] else { break }
            guard !x.isNegative, !(x.isZero && y.isNegative) else { throw .builtin(.outOfDomain, at: span) }
            guard let result = FixedPower.power(base: x, exponent: y, rounding: rounding) else {
                throw .builtin(.overflow, at: span)
            }
            return .fixed(result)
        default: break
        }
        throw .fault("wrong arguments", at: span)
    }
}
