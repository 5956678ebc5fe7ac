/// The definition of the matrix product: the triple loop. `MatrixKernel` must give the same bits at every level.
public enum TensorReference {
    /// `result[i, j] = Σ left[i, k] · right[k, j]`, row-major, as exact 32-bit integers.
    ///
    /// The buffers hold at least `rows·inner`, `inner·columns` and `rows·columns` elements, and `inner` is below
    /// `TensorShape.innerDimensionLimit`, so that no sum can overflow.
    public static func matrixProduct(
        _ left: UnsafePointer<Int8>, _ right: UnsafePointer<Int8>, into result: UnsafeMutablePointer<Int32>,
        rows: Int, inner: Int, columns: Int
    ) {
        for row in 0..<rows {
            for column in 0..<columns {
                var sum: Int32 = 0
                for index in 0..<inner {
                    sum &+= Int32(left[row * inner + index]) * Int32(right[index * columns + column])
                }
                result[row * columns + column] = sum
            }
        }
    }
}
