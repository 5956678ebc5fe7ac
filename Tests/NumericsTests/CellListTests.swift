import Numerics
import TestSupport
import Testing

/// List operations on cells against plain arrays of schoolbook integers.
struct CellListTests {
    /// A list of cells in memory, as an arena object holds it.
    final class CellList {
        static let stride = CellWord.strideWords
        let base: UnsafeMutablePointer<UInt64>
        let file: CellFile
        let count: Int

        init(_ values: [Schoolbook], file: CellFile) {
            self.file = file
            count = values.count
            base = .allocate(capacity: max(1, CellList.stride * values.count))
            for (index, value) in values.enumerated() {
                file.write(0, value)
                base[CellList.stride * index] = UInt64(bitPattern: file.words[0])
                (base + CellList.stride * index + 1).update(from: file.homes, count: 4)
            }
        }

        deinit {
            base.deallocate()
        }

        /// The values, nil where a cell is not canonical.
        var values: [Schoolbook?] {
            (0..<count).map { index in
                file.words[0] = Int64(bitPattern: base[CellList.stride * index])
                file.homes.update(from: base + CellList.stride * index + 1, count: 4)
                return file.read(0)
            }
        }
    }

    /// Lists of one width class: few distinct small values, amounts of 18 decimals, 256 bits, wide.
    static func values(_ random: inout SplitMix64, count: Int, style: Int, nonNegative: Bool) -> [Schoolbook] {
        (0..<count).map { _ in
            let value: Schoolbook
            switch style {
            case 0: value = Schoolbook(random.below(5) - 2)
            case 1: value = Schoolbook(negative: random.below(4) == 0, limbs: [random.next(), random.next() >> 28])
            case 2: value = random.integer(limbLimit: 2)
            case 3: value = random.integer(limbLimit: 4)
            default: value = random.integer(limbLimit: 12)
            }
            return nonNegative && value.negative ? -value : value
        }
    }

    @Test(arguments: 0..<5)
    func orderRanksSortedAndSum(style: Int) throws {
        let seed = UInt64(0x50 + style)
        var random = SplitMix64(seed: seed)
        let file = try CellFile(count: 2)
        for count in [0, 1, 2, 3, 7, 8, 9, 16, 17, 31, 100, 257] {
            file.arena.reset()
            let values = Self.values(&random, count: count, style: style, nonNegative: false)
            let list = CellList(values, file: file)
            for descending in [false, true] {
                let expected = values.indices.sorted { left, right in
                    let order = values[left].compare(values[right])
                    return order == 0 ? left < right : (order < 0) != descending
                }
                let note = Comment(rawValue: "seed \(seed), \(count) elements, descending \(descending)")
                let output = CellList(values.map { _ in Schoolbook(9) }, file: file)
                let (gas, arena) = (file.gas, file.arena)
                #expect(
                    CellInteger.order(
                        output.base, list.base, count: count, descending: descending, gas: gas, arena: arena) == .ok)
                #expect(output.values == expected.map { Schoolbook($0) }, note)
                #expect(
                    CellInteger.ranks(
                        output.base, list.base, count: count, descending: descending, gas: gas, arena: arena) == .ok)
                for (position, index) in expected.enumerated() {
                    #expect(output.values[index] == Schoolbook(position), note)
                }
                #expect(
                    CellInteger.sorted(
                        output.base, list.base, count: count, descending: descending, gas: gas, arena: arena) == .ok)
                #expect(output.values == expected.map { values[$0] }, note)
            }
            let status = CellInteger.sum(file.destination(1), list.base, count: count, gas: file.gas, arena: file.arena)
            #expect(status == .ok)
            #expect(file.read(1) == values.reduce(Schoolbook(0)) { $0 + $1 }, "seed \(seed), \(count) elements")
        }
    }

    @Test
    func longestListIsOrdered() throws {
        var random = SplitMix64(seed: 3)
        let file = try CellFile(count: 1)
        let values = (0..<NumericLimits.listCount).map { _ in Schoolbook(random.below(1_000)) }
        let list = CellList(values, file: file)
        let output = CellList(values, file: file)
        let (gas, arena) = (file.gas, file.arena)
        let status = CellInteger.order(
            output.base, list.base, count: list.count, descending: true, gas: gas, arena: arena)
        #expect(status == .ok)
        let order = output.values.map { Int(($0?.limbs.first) ?? 0) }
        #expect(Set(order).count == values.count)
        for (left, right) in zip(order, order.dropFirst()) {
            let comparison = values[left].compare(values[right])
            #expect(comparison > 0 || (comparison == 0 && left < right))
        }
        let tooLong = NumericLimits.listCount + 1
        #expect(
            CellInteger.ranks(output.base, list.base, count: tooLong, descending: false, gas: gas, arena: arena)
                == .domainError)
        #expect(CellInteger.sum(file.destination(0), list.base, count: tooLong, gas: gas, arena: arena) == .domainError)
    }

    @Test(arguments: 0..<5)
    func apportionsToTheLastUnit(style: Int) throws {
        let seed = UInt64(0xA9 + style)
        var random = SplitMix64(seed: seed)
        let file = try CellFile(count: 2)
        for round in 0..<150 {
            file.arena.reset()
            let count = 1 + random.below(30)
            let weights = Self.values(&random, count: count, style: style, nonNegative: true)
            var total = Self.values(&random, count: 1, style: 1 + random.below(max(1, style)), nonNegative: false)[0]
            if round % 3 != 0 && total.negative { total = -total }
            let list = CellList(weights, file: file)
            file.write(1, total)
            let status = CellInteger.apportion(
                list.base, total: file.operand(1), weights: list.base, count: count, gas: file.gas, arena: file.arena)
            let sum = weights.reduce(Schoolbook(0)) { $0 + $1 }
            if sum.isZero {
                #expect(status == .divisionByZero)
                #expect(throws: ArithmeticStatus.divisionByZero) {
                    try apportion(BigInt(total), weights: weights.map { BigInt($0) })
                }
                continue
            }
            var (prefix, paid) = (Schoolbook(0), Schoolbook(0))
            let expected = weights.map { weight in
                prefix = prefix + weight
                let reached = (total * prefix).divided(by: sum, rounding: .floor)
                defer { paid = reached }
                return reached - paid
            }
            let note = Comment(rawValue: "seed \(seed) round \(round)")
            #expect(status == .ok, note)
            #expect(list.values == expected, note)
            #expect(expected.reduce(Schoolbook(0)) { $0 + $1 } == total, note)
            let parts = try apportion(BigInt(total), weights: weights.map { BigInt($0) })
            #expect(parts.map { Schoolbook($0) } == expected, note)
        }
    }

    @Test
    func apportionRefusesBadWeights() throws {
        let file = try CellFile(count: 2)
        file.write(1, Schoolbook(100))
        let list = CellList([Schoolbook(3), Schoolbook(-1)], file: file)
        let (gas, arena) = (file.gas, file.arena)
        #expect(
            CellInteger.apportion(
                list.base, total: file.operand(1), weights: list.base, count: 2, gas: gas, arena: arena)
                == .domainError)
        #expect(
            CellInteger.apportion(
                list.base, total: file.operand(1), weights: list.base, count: 0, gas: gas, arena: arena)
                == .divisionByZero)
        #expect(throws: ArithmeticStatus.domainError) { try apportion(7, weights: [1, -1]) }
        #expect(throws: ArithmeticStatus.divisionByZero) { try apportion(7, weights: []) }
    }
}
