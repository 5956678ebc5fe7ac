/// The tensor operations of the machine over raw row-major buffers.
///
/// Each function trusts its pointers and counts: the caller has made the result's shape with `TensorShape`, charged
/// `TensorCosts` and allocated the result. Results may overlap an input only where a function says so.
public enum TensorOperations {
    /// The matrix product `[m, k] × [k, n]`, `i8 × i8 → i32`, by the fastest kernel of this processor.
    public static func matrixProduct(
        _ left: UnsafePointer<Int8>, _ leftShape: TensorShape, _ right: UnsafePointer<Int8>,
        _ rightShape: TensorShape, into result: UnsafeMutablePointer<Int32>
    ) {
        MatrixKernel.fastest.matrixProduct(
            left, right, into: result, rows: leftShape[0], inner: leftShape[1], columns: rightShape[1])
    }

    /// Adds `i32` tensors element by element: `result[i] = left[i] + right[i mod rightCount]`.
    ///
    /// `rightCount` is `count` for equal shapes and the length of a row for a bias vector; the result may be `left`.
    /// - Throws: `elementOverflow` when a sum does not fit 32 bits; the result is then unspecified.
    public static func add(
        _ left: UnsafePointer<Int32>, count: Int, _ right: UnsafePointer<Int32>, rightCount: Int,
        into result: UnsafeMutablePointer<Int32>
    ) throws(TensorError) {
        // A sum overflows when its sign differs from both operands'; collecting sign bits keeps the loop branch-free.
        var overflows: Int32 = 0
        forEachRow(count: count, rowLength: rightCount) { start in
            for index in 0..<rightCount {
                let augend = left[start + index], addend = right[index]
                let sum = augend &+ addend
                result[start + index] = sum
                overflows |= (augend ^ sum) & (addend ^ sum)
            }
        }
        guard overflows >= 0 else { throw .elementOverflow }
    }

    /// As `add`, but a sum that does not fit 32 bits becomes the nearest value that does.
    public static func addSaturating(
        _ left: UnsafePointer<Int32>, count: Int, _ right: UnsafePointer<Int32>, rightCount: Int,
        into result: UnsafeMutablePointer<Int32>
    ) {
        forEachRow(count: count, rowLength: rightCount) { start in
            for index in 0..<rightCount {
                let sum = Int64(left[start + index]) + Int64(right[index])
                result[start + index] = Int32(clamping: sum)
            }
        }
    }

    /// Calls `body` with the start of each row; nothing for an empty row.
    @inline(__always)
    private static func forEachRow(count: Int, rowLength: Int, _ body: (Int) -> Void) {
        guard rowLength > 0 else { return }
        var start = 0
        while start + rowLength <= count {
            body(start)
            start += rowLength
        }
    }

    /// Scales `i32` down to `i8`: `saturate(round(value · multiplier / 2^shift))`, ties to the even neighbour.
    ///
    /// The product is exact (at most 62 bits); the result is clamped to -128...127.
    /// - Throws: `invalidScale` for a negative multiplier or a shift outside 0...62.
    public static func requantise(
        _ values: UnsafePointer<Int32>, count: Int, multiplier: Int32, shift: Int,
        into result: UnsafeMutablePointer<Int8>
    ) throws(TensorError) {
        guard multiplier >= 0, (0...62).contains(shift) else { throw .invalidScale }
        let factor = Int64(multiplier)
        let mask = (Int64(1) << shift) - 1
        let half = shift == 0 ? Int64.max : Int64(1) << (shift - 1)
        for index in 0..<count {
            let product = Int64(values[index]) &* factor
            let floor = product >> shift
            let remainder = product & mask
            let roundsUp = remainder > half || (remainder == half && floor & 1 == 1)
            result[index] = Int8(clamping: roundsUp ? floor &+ 1 : floor)
        }
    }

    /// `max(0, value)`; the result may be the input.
    public static func relu(_ values: UnsafePointer<Int8>, count: Int, into result: UnsafeMutablePointer<Int8>) {
        for index in 0..<count { result[index] = max(0, values[index]) }
    }

    /// `max(0, value)`; the result may be the input.
    public static func relu(_ values: UnsafePointer<Int32>, count: Int, into result: UnsafeMutablePointer<Int32>) {
        for index in 0..<count { result[index] = max(0, values[index]) }
    }

    /// For each of `rows` rows the index of its greatest element, the lowest index of equal ones; `rowLength` ≥ 1.
    public static func argmax(
        _ values: UnsafePointer<Int8>, rows: Int, rowLength: Int, into result: UnsafeMutablePointer<Int32>
    ) {
        greatestIndices(values, rows: rows, rowLength: rowLength, into: result)
    }

    /// For each of `rows` rows the index of its greatest element, the lowest index of equal ones; `rowLength` ≥ 1.
    public static func argmax(
        _ values: UnsafePointer<Int32>, rows: Int, rowLength: Int, into result: UnsafeMutablePointer<Int32>
    ) {
        greatestIndices(values, rows: rows, rowLength: rowLength, into: result)
    }

    /// The number of positions at which two buffers of `count` elements hold equal values.
    public static func equalCount(_ left: UnsafePointer<Int8>, _ right: UnsafePointer<Int8>, count: Int) -> Int {
        countEqual(left, right, count: count)
    }

    /// The number of positions at which two buffers of `count` elements hold equal values.
    public static func equalCount(_ left: UnsafePointer<Int32>, _ right: UnsafePointer<Int32>, count: Int) -> Int {
        countEqual(left, right, count: count)
    }

    /// The number of positions at which indices equal byte-sized labels: the score of a classifier.
    public static func equalCount(_ left: UnsafePointer<Int32>, _ right: UnsafePointer<Int8>, count: Int) -> Int {
        countEqual(left, right, count: count)
    }

    // The public functions are concrete because generic ones would not be specialised for callers in other modules.

    @inline(__always)
    private static func greatestIndices<Element: FixedWidthInteger>(
        _ values: UnsafePointer<Element>, rows: Int, rowLength: Int, into result: UnsafeMutablePointer<Int32>
    ) {
        for row in 0..<rows {
            let start = values + row * rowLength
            var best = 0
            for index in 1..<max(1, rowLength) where start[index] > start[best] { best = index }
            result[row] = Int32(truncatingIfNeeded: best)
        }
    }

    @inline(__always)
    private static func countEqual<Left: FixedWidthInteger, Right: FixedWidthInteger>(
        _ left: UnsafePointer<Left>, _ right: UnsafePointer<Right>, count: Int
    ) -> Int {
        var equal = 0
        for index in 0..<count where left[index] == right[index] { equal += 1 }
        return equal
    }
}
