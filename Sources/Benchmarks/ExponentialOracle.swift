import CNativeTwins
import Numerics

/// Exponentials by MPFR: at 1,024 bits for checking, at just the needed precision for timing.
enum ExponentialOracle {
    private static let textBytes = 160

    private static func number(_ write: (UnsafeMutablePointer<CChar>, Int) -> Void) -> BigInt {
        var text = [CChar](repeating: 0, count: textBytes)
        text.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { write(base, buffer.count) }
        }
        let digits = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return BigInt(String(decoding: digits, as: UTF8.self), radix: 10) ?? .zero
    }

    /// The raw value of the i-th exponential, to nearest.
    static func value(_ index: Int) -> BigInt { number { native_exp_value(UInt64(index), $0, $1) } }

    static func sum(count: Int) -> BigInt { (0..<count).reduce(.zero) { $0 + value($1) } }

    /// The work that is timed.
    static func nativeSum(count: Int) -> BigInt { number { native_exp_sum(UInt64(count), $0, $1) } }
}
