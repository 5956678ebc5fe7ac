/// The dimensions of a tensor: rank 1 to 4, row-major, the last dimension contiguous.
///
/// A shape that exists is within the limits: its rank, and its number of elements, which also bounds each dimension.
public struct TensorShape: Equatable, Sendable {
    /// The greatest number of dimensions.
    public static let rankLimit = 4
    /// The greatest number of elements, and the greatest single dimension: 2^24.
    public static let elementCountLimit = 1 << 24
    /// The first inner dimension at which 32-bit sums of `i8 × i8` products could overflow: 2^31 / (128 × 128).
    public static let innerDimensionLimit = 131_072

    /// The number of dimensions, 1...4.
    public let rank: Int
    private let first: UInt32, second: UInt32, third: UInt32, fourth: UInt32

    /// Makes a shape of the first `rank` of four dimensions; the others are ignored.
    /// - Throws: `tooLarge` for a rank outside 1...4, a dimension or an element count above the limit.
    public init(
        rank: Int, _ first: UInt32, _ second: UInt32 = 1, _ third: UInt32 = 1, _ fourth: UInt32 = 1
    ) throws(TensorError) {
        guard (1...TensorShape.rankLimit).contains(rank) else { throw .tooLarge }
        self.rank = rank
        self.first = first
        self.second = rank > 1 ? second : 1
        self.third = rank > 2 ? third : 1
        self.fourth = rank > 3 ? fourth : 1
        let limit = TensorShape.elementCountLimit
        guard self.first <= limit, self.second <= limit, self.third <= limit, self.fourth <= limit else {
            throw .tooLarge
        }
        // Each factor is at most 2^24 when it is multiplied, so no product overflows.
        let outer = Int(self.first) * Int(self.second)
        guard outer <= limit, outer * Int(self.third) <= limit else { throw .tooLarge }
        elementCount = outer * Int(self.third) * Int(self.fourth)
        guard elementCount <= limit else { throw .tooLarge }
    }

    /// Makes a shape of the given dimensions.
    /// - Throws: `tooLarge` as above, also for a negative dimension.
    public init(_ dimensions: [Int]) throws(TensorError) {
        var four: (UInt32, UInt32, UInt32, UInt32) = (1, 1, 1, 1)
        guard (1...TensorShape.rankLimit).contains(dimensions.count) else { throw .tooLarge }
        for (axis, dimension) in dimensions.enumerated() {
            guard let value = UInt32(exactly: dimension) else { throw .tooLarge }
            switch axis {
            case 0: four.0 = value
            case 1: four.1 = value
            case 2: four.2 = value
            default: four.3 = value
            }
        }
        try self.init(rank: dimensions.count, four.0, four.1, four.2, four.3)
    }

    /// The number of elements: the product of the dimensions.
    public let elementCount: Int

    /// The dimension of an axis; 1 for an axis at or past the rank.
    public subscript(axis: Int) -> Int {
        switch axis {
        case 0: Int(first)
        case 1: Int(second)
        case 2: Int(third)
        case 3: Int(fourth)
        default: 1
        }
    }

    /// The dimensions, outermost first.
    public var dimensions: [Int] { (0..<rank).map { self[$0] } }

    /// The dimension of the innermost axis.
    public var last: Int { self[rank - 1] }

    /// The number of rows when all axes but the last are taken as one.
    public var rowCount: Int {
        var count = 1
        for axis in 0..<(rank - 1) { count *= self[axis] }
        return count
    }

    /// The shape of `[m, k] × [k, n]`: `[m, n]`.
    /// - Throws: `shapeMismatch`, `innerDimensionTooLarge`, or `tooLarge` for the result.
    public static func matrixProduct(_ left: TensorShape, _ right: TensorShape) throws(TensorError) -> TensorShape {
        guard left.rank == 2, right.rank == 2, left[1] == right[0] else { throw .shapeMismatch }
        guard left[1] < innerDimensionLimit else { throw .innerDimensionTooLarge }
        return try TensorShape(rank: 2, left.first, right.second)
    }

    /// The shape of a sum: that of `left`, whose last axes must equal `right`, or a `right` of rank 1 that is added to
    /// every row.
    /// - Throws: `shapeMismatch`.
    public static func sum(_ left: TensorShape, _ right: TensorShape) throws(TensorError) -> TensorShape {
        guard left == right || (right.rank == 1 && right[0] == left.last) else { throw .shapeMismatch }
        return left
    }

    /// The shape of the indices of the greatest elements: without the last axis, and `[1]` for a vector.
    /// - Throws: `emptyAxis` when the last axis is empty.
    public func withoutLastAxis() throws(TensorError) -> TensorShape {
        guard last > 0 else { throw .emptyAxis }
        if rank == 1 { return try TensorShape(rank: 1, 1) }
        return try TensorShape(rank: rank - 1, first, second, third)
    }
}
