import Tensors
import Testing

@Suite struct TensorShapeTests {
    @Test func limits() throws {
        #expect(try TensorShape([1 << 24]).elementCount == 1 << 24)
        #expect(try TensorShape([0, 5]).elementCount == 0)
        #expect(try TensorShape([2, 3, 4, 5]).dimensions == [2, 3, 4, 5])
        for dimensions in [[], [1, 1, 1, 1, 1], [(1 << 24) + 1], [1 << 13, 1 << 12], [-1], [1 << 33], [0, 1 << 25]] {
            #expect(throws: TensorError.tooLarge) { try TensorShape(dimensions) }
        }
        #expect(throws: TensorError.tooLarge) { try TensorShape(rank: 4, .max, .max, .max, .max) }
        #expect(throws: TensorError.tooLarge) { try TensorShape(rank: 0, 1) }
    }

    @Test func matrixProducts() throws {
        let left = try TensorShape([3, 5]), right = try TensorShape([5, 7])
        #expect(try TensorShape.matrixProduct(left, right).dimensions == [3, 7])
        #expect(throws: TensorError.shapeMismatch) { try TensorShape.matrixProduct(right, left) }
        let deep = try TensorShape([1, 131_072]), tall = try TensorShape([131_072, 1])
        #expect(throws: TensorError.innerDimensionTooLarge) { try TensorShape.matrixProduct(deep, tall) }
        #expect(throws: TensorError.tooLarge) { try TensorShape.matrixProduct(tall, deep) }
        let vector = try TensorShape([5])
        #expect(throws: TensorError.shapeMismatch) { try TensorShape.matrixProduct(left, vector) }
    }

    @Test func sumsAndReductions() throws {
        let matrix = try TensorShape([3, 5]), row = try TensorShape([5]), column = try TensorShape([3])
        #expect(try TensorShape.sum(matrix, row) == matrix)
        #expect(try TensorShape.sum(matrix, matrix) == matrix)
        #expect(throws: TensorError.shapeMismatch) { try TensorShape.sum(matrix, column) }
        #expect(throws: TensorError.shapeMismatch) { try TensorShape.sum(row, matrix) }
        #expect(try matrix.withoutLastAxis().dimensions == [3])
        #expect(try row.withoutLastAxis().dimensions == [1])
        #expect(try TensorShape([2, 3, 4]).withoutLastAxis().dimensions == [2, 3])
        #expect(try TensorShape([2, 3, 4]).rowCount == 6)
        #expect(throws: TensorError.emptyAxis) { try TensorShape([3, 0]).withoutLastAxis() }
    }

    @Test func costsGrowWithWorkAndNeverOverflow() throws {
        let small = try TensorShape([90, 64]), weights = try TensorShape([64, 32])
        let gas = TensorCosts.gasOfMatrixProduct(small, weights)
        #expect(gas > 92 * 64 * 32 / 32)
        let deep = try TensorShape([128, 131_071]), wide = try TensorShape([131_071, 128])
        #expect(TensorCosts.gasOfMatrixProduct(deep, wide) > 128 * 128 * 131_071 / 32)
        let flat = try TensorShape([1 << 24, 1]), scalar = try TensorShape([1, 1])
        #expect(TensorCosts.gasOfMatrixProduct(flat, scalar) > 1 << 23)
        for cost in [TensorCosts.add, .requantise, .map, .argmax, .equalCount] {
            #expect(cost.gas(elements: 0) == cost.fixed)
            #expect(cost.gas(elements: 1 << 24) > cost.gas(elements: 1 << 23))
        }
    }
}
