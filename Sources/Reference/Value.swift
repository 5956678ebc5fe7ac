import Crypto
import Numerics
import Semantics

/// A value of the language as the reference evaluator sees it. Values are copied; nothing is shared.
///
/// A value does not carry its declared type: capacities and widths are checked where the typed tree asks for it.
public enum Value: Hashable, Sendable {
    /// The result of a function without one.
    case nothing
    case integer(BigInt)
    /// A Fixed by its raw value: the number times 10^18.
    case fixed(BigInt)
    /// An exact quotient; lives inside expressions only.
    case ratio(Ratio)
    case boolean(Bool)
    /// Bytes, or the UTF-8 bytes of a Text.
    case bytes([UInt8])
    /// Address, Hash, Asset, or the address held by an interface value.
    case bytes32(Bytes32)
    case list([Value])
    indirect case option(Value?)
    case structure([Value])
    case enumeration(Int, [Value])
    case tensor(TensorValue)
    /// A quantity of an asset, outside any balance.
    case token(asset: Bytes32, amount: BigInt)
    /// A deployed contract, in tests and the REPL.
    case contract(ContractID, Bytes32)
}

/// A tensor: its elements in row-major order, each within the range of the element type.
public struct TensorValue: Hashable, Sendable {
    public var element: TensorElement
    public var dimensions: [Int]
    public var elements: [Int64]

    /// Nil unless the dimensions multiply to the number of elements and every element is in range.
    public init?(element: TensorElement, dimensions: [Int], elements: [Int64]) {
        var count = 1
        for dimension in dimensions {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            guard dimension >= 0, !overflow else { return nil }
            count = product
        }
        guard count == elements.count, elements.allSatisfy(element.range.contains) else { return nil }
        self.element = element
        self.dimensions = dimensions
        self.elements = elements
    }
}

extension TensorElement {
    /// The values an element can hold.
    public var range: ClosedRange<Int64> {
        switch self {
        case .i8: -128...127
        case .i16: -32_768...32_767
        case .i32: -2_147_483_648...2_147_483_647
        case .i64: Int64.min...Int64.max
        }
    }

    /// Bytes of one element in the canonical encoding.
    public var bytes: Int {
        switch self {
        case .i8: 1
        case .i16: 2
        case .i32: 4
        case .i64: 8
        }
    }
}

/// Numbers that the language fixes.
public enum FixedPoint {
    /// Raw units in one: 10^18.
    public static let scale: BigInt = 1_000_000_000_000_000_000
    public static let decimals = 18
}

extension Value {
    /// A number as an exact quotient; nil for anything else.
    public var exactNumber: Ratio? {
        switch self {
        case .integer(let value): Ratio(value)
        case .fixed(let raw): Ratio(raw, FixedPoint.scale)
        case .ratio(let value): value
        default: nil
        }
    }

    /// Structural equality; numbers of different kinds are equal when they stand for the same number.
    public func isEqual(to other: Value) -> Bool {
        if let left = exactNumber, let right = other.exactNumber { return left == right }
        return self == other
    }
}
