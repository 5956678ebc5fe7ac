import Tensors
import TestSupport
import Testing

/// Every kernel level against the triple loop.
@Suite struct MatrixKernelTests {
    static let levels = MatrixKernel.allCases.filter(\.isSupported)

    static func products(
        _ level: MatrixKernel, _ left: [Int8], _ right: [Int8], rows: Int, inner: Int, columns: Int
    ) -> (kernel: [Int32], reference: [Int32]) {
        // Guard cells behind the result show a kernel that writes past its end.
        let guardCells: [Int32] = [0x5A5A, 0x5A5A, 0x5A5A, 0x5A5A]
        var fast = [Int32](repeating: 0x77, count: rows * columns) + guardCells
        var slow = [Int32](repeating: 0x99, count: rows * columns) + guardCells
        level.matrixProduct(left, right, into: &fast, rows: rows, inner: inner, columns: columns)
        TensorReference.matrixProduct(left, right, into: &slow, rows: rows, inner: inner, columns: columns)
        return (fast, slow)
    }

    @Test(arguments: levels) func randomSizes(level: MatrixKernel) {
        let seed: UInt64 = 0xA907
        var generator = SplitMix64(seed: seed)
        for round in 0..<300 {
            let rows = Int.random(in: 0...19, using: &generator)
            let inner = Int.random(in: 0...70, using: &generator)
            let columns = Int.random(in: 0...35, using: &generator)
            let left = generator.bytes(rows * inner)
            let right = generator.bytes(inner * columns)
            let (kernel, reference) = Self.products(level, left, right, rows: rows, inner: inner, columns: columns)
            #expect(
                kernel == reference, "seed \(seed) round \(round): [\(rows), \(inner)] x [\(inner), \(columns)]")
        }
    }

    @Test(arguments: levels) func panelBoundaries(level: MatrixKernel) {
        var generator = SplitMix64(seed: 77)
        for inner in [255, 256, 257, 511, 513, 1030] {
            for (rows, columns) in [(1, 1), (4, 16), (5, 17), (9, 15), (8, 33)] {
                let left = generator.bytes(rows * inner)
                let right = generator.bytes(inner * columns)
                let (kernel, reference) = Self.products(
                    level, left, right, rows: rows, inner: inner, columns: columns)
                #expect(kernel == reference, "seed 77: [\(rows), \(inner)] x [\(inner), \(columns)]")
            }
        }
    }

    /// The largest sums that 32 bits hold: no level may saturate or wrap on the way.
    @Test(arguments: levels) func extremeValuesAtTheDepthLimit(level: MatrixKernel) {
        let inner = TensorShape.innerDimensionLimit - 1
        for (a, b) in [(Int8(-128), Int8(-128)), (-128, 127), (127, -128), (127, 127)] {
            let left = [Int8](repeating: a, count: inner)
            let right = [Int8](repeating: b, count: inner)
            let (kernel, _) = Self.products(level, left, right, rows: 1, inner: inner, columns: 1)
            #expect(Int(kernel[0]) == Int(a) * Int(b) * inner)
        }
    }

    @Test func fastestIsSupported() {
        #expect(MatrixKernel.fastest.isSupported)
        #expect(MatrixKernel.portable.isSupported)
    }
}
