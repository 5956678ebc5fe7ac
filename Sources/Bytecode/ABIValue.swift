import Numerics

/// A value as it crosses a contract's boundary: arguments, results, event and error payloads, state read from outside.
public indirect enum ABIValue: Hashable, Sendable {
    /// Integers, `Fixed` as its raw value (× 10^18), and token amounts.
    case integer(BigInt)
    case boolean(Bool)
    /// Address, hash, asset or interface.
    case bytes32([UInt8])
    case bytes([UInt8])
    case text(String)
    case list([ABIValue])
    case option(ABIValue?)
    /// Fields in order.
    case structure([ABIValue])
    case enumeration(caseIndex: Int, payload: [ABIValue])
    /// Elements row-major, little-endian two's complement.
    case tensor(dimensions: [Int], data: [UInt8])
}

/// Limits on values that come from outside.
public enum ABILimits {
    /// Values within values.
    public static let depth = 32
    /// Parts of one value, all levels together.
    public static let parts = 1 << 22
    /// Bytes of a tensor.
    public static let tensorBytes = 1 << 26
}

extension TypeDescriptor.TensorElement {
    public var byteCount: Int {
        switch self {
        case .i8: 1
        case .i16: 2
        case .i32: 4
        case .i64: 8
        }
    }

    public var name: String { String(describing: self) }
}
