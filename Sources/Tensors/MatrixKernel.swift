import CTensorKernels

/// The instruction set that computes matrix products. Every level gives the same bits; only the speed differs.
public enum MatrixKernel: Int32, CaseIterable, Sendable {
    /// Plain C, for any processor.
    case portable = 0
    /// `pmaddwd` on 128 bits: every x86-64 processor. Gas is set by this level.
    case sse2 = 1
    /// `vpmaddwd` on 256 bits.
    case avx2 = 2
    /// `vpdpbusd` on 512 bits.
    case vnni = 3

    /// Whether this processor can run the level.
    public var isSupported: Bool { tensor_level_is_supported(rawValue) != 0 }

    /// The fastest level of this processor.
    public static let fastest: MatrixKernel = allCases.last(where: \.isSupported) ?? .portable

    /// `result = left × right` for `[rows, inner] × [inner, columns]`, `i8 × i8 → i32`, row-major.
    ///
    /// The buffers hold at least `rows·inner`, `inner·columns` and `rows·columns` elements; `TensorShape.matrixProduct`
    /// has accepted the dimensions. A level that this processor lacks falls back to the portable one.
    public func matrixProduct(
        _ left: UnsafePointer<Int8>, _ right: UnsafePointer<Int8>, into result: UnsafeMutablePointer<Int32>,
        rows: Int, inner: Int, columns: Int
    ) {
        let level = isSupported ? self : .portable
        tensor_matrix_product(level.rawValue, left, right, result, Int64(rows), Int64(inner), Int64(columns))
    }
}
