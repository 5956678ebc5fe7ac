import Tensors
import TestSupport
import Testing

/// Element-wise operations against definitions written another way.
@Suite struct TensorOperationsTests {
    @Test func checkedAndSaturatingSums() throws {
        let seed: UInt64 = 11
        var generator = SplitMix64(seed: seed)
        for round in 0..<200 {
            let rowLength = Int.random(in: 1...9, using: &generator)
            let rows = Int.random(in: 1...5, using: &generator)
            let left = generator.words(rows * rowLength)
            let right = generator.words(rowLength)
            let exact = left.indices.map { Int(left[$0]) + Int(right[$0 % rowLength]) }
            var result = [Int32](repeating: 0, count: left.count)
            TensorOperations.addSaturating(
                left, count: left.count, right, rightCount: rowLength, into: &result)
            let clamped = exact.map { Int32(min(max($0, Int(Int32.min)), Int(Int32.max))) }
            #expect(result == clamped, "seed \(seed) round \(round)")
            let fits = exact.allSatisfy { Int32(exactly: $0) != nil }
            do throws(TensorError) {
                try TensorOperations.add(left, count: left.count, right, rightCount: rowLength, into: &result)
                #expect(fits && result == exact.map { Int32($0) }, "seed \(seed) round \(round)")
            } catch {
                #expect(error == .elementOverflow && !fits, "seed \(seed) round \(round)")
            }
        }
    }

    /// Rounds by comparing the doubled distance to both neighbours, in 128 bits.
    static func requantised(_ value: Int32, multiplier: Int32, shift: Int) -> Int8 {
        let product = Int128(value) * Int128(multiplier)
        let divisor = Int128(1) << Int128(shift)
        var quotient = product / divisor
        var remainder = product % divisor
        if remainder < 0 {
            remainder += divisor
            quotient -= 1
        }
        if 2 * remainder > divisor || (2 * remainder == divisor && quotient % 2 != 0) { quotient += 1 }
        return Int8(max(-128, min(127, quotient)))
    }

    @Test func requantiseRoundsTiesToEven() throws {
        var result = [Int8](repeating: 0, count: 8)
        try TensorOperations.requantise(
            [1, 2, 3, 5, -1, -3, 255, -257], count: 8, multiplier: 1, shift: 1, into: &result)
        #expect(result == [0, 1, 2, 2, 0, -2, 127, -128])
    }

    @Test func requantiseAgainstWideArithmetic() throws {
        let seed: UInt64 = 12
        var generator = SplitMix64(seed: seed)
        for round in 0..<500 {
            let values = generator.words(20)
            let multiplier = generator.words(1)[0] & .max
            let shift = Int.random(in: 0...62, using: &generator)
            var result = [Int8](repeating: 0, count: values.count)
            try TensorOperations.requantise(
                values, count: values.count, multiplier: multiplier, shift: shift, into: &result)
            let expected = values.map { Self.requantised($0, multiplier: multiplier, shift: shift) }
            #expect(result == expected, "seed \(seed) round \(round): multiplier \(multiplier) shift \(shift)")
        }
    }

    @Test func requantiseRefusesBadScales() {
        var result: [Int8] = [0]
        for (multiplier, shift) in [(Int32(-1), 3), (1, -1), (1, 63)] {
            #expect(throws: TensorError.invalidScale) {
                try TensorOperations.requantise([1], count: 1, multiplier: multiplier, shift: shift, into: &result)
            }
        }
    }

    @Test func reluOfBothWidths() {
        var narrow = [Int8](repeating: 9, count: 4)
        TensorOperations.relu([-128, -1, 0, 127] as [Int8], count: 4, into: &narrow)
        #expect(narrow == [0, 0, 0, 127])
        var wide = [Int32](repeating: 9, count: 4)
        TensorOperations.relu([.min, -1, 0, .max] as [Int32], count: 4, into: &wide)
        #expect(wide == [0, 0, 0, .max])
    }

    @Test func argmaxTakesTheLowestIndexOfTies() {
        var result = [Int32](repeating: -1, count: 3)
        TensorOperations.argmax(
            [3, 7, 7, .min, .min, .min, -5, -4, -4] as [Int32], rows: 3, rowLength: 3, into: &result)
        #expect(result == [1, 0, 1])
        TensorOperations.argmax([1, 2, 3] as [Int8], rows: 3, rowLength: 1, into: &result)
        #expect(result == [0, 0, 0])
    }

    @Test func argmaxAgainstSearchFromTheEnd() {
        let seed: UInt64 = 13
        var generator = SplitMix64(seed: seed)
        for round in 0..<200 {
            let rowLength = Int.random(in: 1...12, using: &generator)
            let values = generator.bytes(rowLength)
            var result: [Int32] = [-1]
            TensorOperations.argmax(values, rows: 1, rowLength: rowLength, into: &result)
            let greatest = values.max()
            #expect(result[0] == Int32(values.firstIndex(of: greatest ?? 0) ?? -1), "seed \(seed) round \(round)")
        }
    }

    @Test func equalCounts() {
        #expect(TensorOperations.equalCount([1, 2, 3] as [Int8], [1, 0, 3] as [Int8], count: 3) == 2)
        #expect(TensorOperations.equalCount([1, 2, 300] as [Int32], [1, 2, 3] as [Int32], count: 3) == 2)
        #expect(TensorOperations.equalCount([1, -1, 255] as [Int32], [1, -1, -1] as [Int8], count: 3) == 2)
        #expect(TensorOperations.equalCount([] as [Int32], [] as [Int32], count: 0) == 0)
    }
}
