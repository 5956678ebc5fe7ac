import Numerics

public typealias StructID = Int
public typealias EnumID = Int
public typealias InterfaceID = Int
public typealias ContractID = Int
public typealias FunctionID = Int
/// Index into the locals of a function.
public typealias LocalID = Int
/// Index into the assets of a contract.
public typealias AssetIndex = Int
/// Index into the state fields of a contract.
public typealias FieldIndex = Int

/// The width of an integer: what a declared type holds, or what an exact intermediate may reach.
public struct IntegerType: Hashable, Sendable {
    public enum Name: Hashable, Sendable {
        /// `Int<N>`
        case int
        case amount
        case height
        /// An intermediate: no declared type.
        case exact
    }
    public let name: Name
    /// Declared: bits including the sign bit when signed. Exact: bits of the largest magnitude.
    public let bits: Int
    public let isSigned: Bool

    public init(name: Name, bits: Int, isSigned: Bool) {
        self.name = name
        self.bits = bits
        self.isSigned = isSigned
    }

    public static let int = IntegerType(name: .int, bits: 256, isSigned: true)
    public static let amount = IntegerType(name: .amount, bits: 256, isSigned: false)
    public static let height = IntegerType(name: .height, bits: 63, isSigned: false)
}

public enum TensorElement: String, Hashable, Sendable, CaseIterable { case i8, i16, i32, i64 }

public enum TensorDimension: Hashable, Sendable {
    case constant(Int)
    /// A size named in the signature; equal names are equal sizes within one function.
    case named(String)
}

/// The types of checked programs.
public indirect enum Type: Hashable, Sendable {
    case boolean
    case integer(IntegerType)
    /// 18 decimals; the raw value is a signed 256-bit integer.
    case fixed
    /// A Fixed intermediate whose raw value may need up to this many bits.
    case exactFixed(bits: Int)
    /// An exact quotient; only inside expressions. Bits that numerator and denominator may need.
    case ratio(numeratorBits: Int, denominatorBits: Int)
    case address
    case hash
    /// The id of an asset.
    case asset
    case bytes(capacity: Int)
    case text(capacity: Int)
    case list(Type, capacity: Int)
    case option(Type)
    case structure(StructID)
    case enumeration(EnumID)
    /// The address of a contract that implements the interface.
    case interface(InterfaceID)
    case tensor(TensorElement, [TensorDimension])
    case token(AssetIndex)
    /// What `split` of a token yields inside a `for`.
    case tokenList(AssetIndex)
    /// No value: the result of a function without one.
    case nothing
    /// A deployed contract, in tests and the REPL.
    case contract(ContractID)
    /// Of expressions already reported as wrong: fits everywhere.
    case invalid
}
