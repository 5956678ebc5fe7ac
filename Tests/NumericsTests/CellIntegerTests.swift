import Numerics
import TestSupport
import Testing

/// Cell arithmetic against the schoolbook, over every aliasing of destination and operands.
struct CellIntegerTests {
    enum Operation: CaseIterable {
        case add, subtract, multiply, negate, absolute, divide, modulo, mulDiv, mulMod, squareRoot
    }

    /// The expected value, or the status of the failure.
    static func expected(
        _ operation: Operation, _ left: Schoolbook, _ right: Schoolbook, _ third: Schoolbook, _ rounding: Rounding
    ) -> (value: Schoolbook?, status: ArithmeticStatus) {
        let value: Schoolbook
        switch operation {
        case .add: value = left + right
        case .subtract: value = left - right
        case .multiply: value = left * right
        case .negate: value = -left
        case .absolute: value = left.negative ? -left : left
        case .divide, .modulo:
            if right.isZero { return (nil, .divisionByZero) }
            value = operation == .divide ? left.divided(by: right, rounding: rounding) : left.floorModulo(right)
        case .mulDiv, .mulMod:
            if third.isZero { return (nil, .divisionByZero) }
            let product = left * right
            value = operation == .mulDiv ? product.divided(by: third, rounding: rounding) : product.floorModulo(third)
        case .squareRoot:
            if left.negative { return (nil, .domainError) }
            // Checked by its defining inequality instead.
            return (nil, .ok)
        }
        return value.bitWidth > 4_096 ? (nil, .integerTooWide) : (value, .ok)
    }

    static func run(
        _ operation: Operation, _ file: CellFile, _ destination: Int, _ operands: [Int], _ rounding: Rounding
    ) -> ArithmeticStatus {
        let target = file.destination(destination)
        let (left, right, third) = (
            file.operand(operands[0]), file.operand(operands[1]), file.operand(operands[2])
        )
        let (gas, arena) = (file.gas, file.arena)
        switch operation {
        case .add: return CellInteger.add(target, left, right, gas: gas, arena: arena)
        case .subtract: return CellInteger.subtract(target, left, right, gas: gas, arena: arena)
        case .multiply: return CellInteger.multiply(target, left, right, gas: gas, arena: arena)
        case .negate: return CellInteger.negate(target, left, gas: gas, arena: arena)
        case .absolute: return CellInteger.absolute(target, left, gas: gas, arena: arena)
        case .divide: return CellInteger.divide(target, left, right, rounding: rounding, gas: gas, arena: arena)
        case .modulo: return CellInteger.modulo(target, left, right, gas: gas, arena: arena)
        case .mulDiv: return CellInteger.mulDiv(target, left, right, third, rounding: rounding, gas: gas, arena: arena)
        case .mulMod: return CellInteger.mulMod(target, left, right, third, gas: gas, arena: arena)
        case .squareRoot: return CellInteger.squareRoot(target, left, gas: gas, arena: arena)
        }
    }

    @Test(arguments: [(4, 12_000, false), (2, 10_000, false), (8, 1_000, true), (64, 150, false)])
    func agreesWithTheSchoolbook(limbLimit: Int, rounds: Int, exact: Bool) throws {
        let seed = UInt64(0xA60 + limbLimit)
        var random = SplitMix64(seed: seed)
        let file = try CellFile(count: 4, exact: exact)
        for round in 0..<rounds {
            file.arena.reset()
            var values: [Schoolbook] = []
            for index in 0..<4 {
                values.append(random.integer(limbLimit: limbLimit))
                file.write(index, values[index])
            }
            for operation in Operation.allCases {
                let operands = (0..<3).map { _ in random.below(4) }
                let destination = random.below(4)
                let rounding = Rounding.allCases[random.below(4)]
                let (left, right, third) = (values[operands[0]], values[operands[1]], values[operands[2]])
                let gasBefore = file.gas.pointee
                let status = Self.run(operation, file, destination, operands, rounding)
                let (value, expectedStatus) = Self.expected(operation, left, right, third, rounding)
                guard status == expectedStatus, let result = file.read(destination) else {
                    Issue.record("seed \(seed) round \(round): \(operation) \(left) \(right) \(third): \(status)")
                    return
                }
                if operation == .squareRoot && status == .ok {
                    let next = result + Schoolbook(1)
                    guard (result * result).compare(left) <= 0, (next * next).compare(left) > 0 else {
                        Issue.record("seed \(seed) round \(round): root of \(left) gave \(result)")
                        return
                    }
                    values[destination] = result
                } else {
                    guard result == value ?? values[destination] else {
                        Issue.record(
                            """
                            seed \(seed) round \(round): \(operation) \(rounding) \(left) \(right) \(third) into \
                            \(destination) from \(operands): got \(result)
                            """)
                        return
                    }
                    values[destination] = result
                }
                #expect(CellInteger.isCanonical(file.operand(destination)))
                if limbLimit <= 2 && max(left.limbs.count, right.limbs.count, third.limbs.count) <= 4 {
                    #expect(file.gas.pointee == gasBefore)
                }
            }
            let (left, right) = (random.below(4), random.below(4))
            let order = CellInteger.compare(file.operand(left), file.operand(right))
            #expect(order == values[left].compare(values[right]))
            #expect(CellInteger.equals(file.operand(left), file.operand(right)) == (order == 0))
            #expect(CellInteger.isNegative(file.operand(left)) == values[left].negative)
            let bits = 1 + random.below(300)
            let half = Schoolbook(BigInt.one << (bits - 1))
            #expect(
                CellInteger.fitsSigned(file.operand(left), bits: bits)
                    == (values[left].compare(half) < 0 && values[left].compare(-half) >= 0))
            #expect(
                CellInteger.fitsUnsigned(file.operand(left), bits: bits)
                    == (!values[left].negative && values[left].bitWidth <= bits))
        }
    }

    @Test
    func smallWordHelpersMatchFloorRules() {
        var random = SplitMix64(seed: 7)
        let edges = [0, 1, -1, 2, -2, 3, -3, (1 << 62) - 1, -(1 << 62), (1 << 61), -(1 << 61)]
        for _ in 0..<20_000 {
            let pick = { (random: inout SplitMix64) -> Int in
                random.below(3) == 0
                    ? edges[random.below(edges.count)]
                    : Int(truncatingIfNeeded: Int64(bitPattern: random.next()) >> 1) >> random.below(62)
            }
            let (left, right) = (pick(&random), pick(&random))
            let (leftWord, rightWord) = (CellWord.small(Int64(left)), CellWord.small(Int64(right)))
            let range = Schoolbook(-(1 << 62))...Schoolbook((1 << 62) - 1)
            let outcomes: [((word: Int64, overflow: Bool), Schoolbook)] = [
                (CellWord.add(leftWord, rightWord), Schoolbook(left) + Schoolbook(right)),
                (CellWord.subtract(leftWord, rightWord), Schoolbook(left) - Schoolbook(right)),
                (CellWord.multiply(leftWord, rightWord), Schoolbook(left) * Schoolbook(right)),
            ]
            for (outcome, value) in outcomes {
                #expect(outcome.overflow == !range.contains(value))
                if !outcome.overflow { #expect(Schoolbook(Int(outcome.word / 2)) == value) }
            }
            if right == 0 { continue }
            let quotient = Schoolbook(left).divided(by: Schoolbook(right), rounding: .floor)
            let division = CellWord.floorDivide(leftWord, rightWord)
            #expect(division.overflow == !range.contains(quotient))
            if !division.overflow { #expect(Schoolbook(Int(division.word / 2)) == quotient) }
            let modulo = CellWord.floorModulo(leftWord, rightWord)
            #expect(Schoolbook(Int(modulo / 2)) == Schoolbook(left).floorModulo(Schoolbook(right)))
        }
    }

    @Test
    func wideOperandsArePaidBeforeTheWork() throws {
        let file = try CellFile(count: 3)
        file.write(0, Schoolbook(BigInt.one << 1_000))
        file.write(1, Schoolbook(BigInt(3)))
        file.gas.pointee = 5
        for operation in CellIntegerTests.Operation.allCases {
            #expect(Self.run(operation, file, 2, [0, 1, 1], .floor) == .outOfGas)
            #expect(file.gas.pointee == 5)
            #expect(file.words[2] == 0)
        }
        file.gas.pointee = 1_000
        #expect(Self.run(.add, file, 2, [0, 1, 1], .floor) == .ok)
        #expect(file.gas.pointee == 1_000 - NumericCosts.linear(16, 1))
    }

    @Test(arguments: [false, true])
    func fullArenaIsAStatus(exact: Bool) throws {
        let file = try CellFile(count: 2, exact: exact, capacityBytes: 128)
        file.write(0, Schoolbook((BigInt.one << 256) - 1))
        #expect(Self.run(.add, file, 1, [0, 0, 0], .floor) == .ok)
        #expect(file.arena.used == 64)
        #expect(Self.run(.multiply, file, 1, [0, 0, 0], .floor) == .arenaExhausted)
        #expect(Self.run(.add, file, 1, [0, 0, 0], .floor) == .ok)
        #expect(Self.run(.add, file, 1, [0, 0, 0], .floor) == .arenaExhausted)
        #expect(file.arena.used == 128)
        file.arena.reset()
        #expect(file.arena.used == 0)
    }

    @Test
    func conversionsKeepValues() throws {
        var random = SplitMix64(seed: 21)
        let file = try CellFile(count: 1)
        for _ in 0..<2_000 {
            file.arena.reset()
            let value = random.integer(limbLimit: 64)
            #expect(CellInteger.fromBigInt(file.destination(0), BigInt(value), arena: file.arena) == .ok)
            #expect(file.read(0) == value)
            #expect(CellInteger.toBigInt(file.operand(0)) == BigInt(value))
            #expect(CellInteger.asInt64(file.operand(0)) == BigInt(value).asInt64)
        }
        let tooWide = BigInt.one << 4_096
        #expect(CellInteger.fromBigInt(file.destination(0), tooWide, arena: file.arena) == .integerTooWide)
        let quarter: Int64 = 1 << 62
        let edges: [Int64] = [.min, .max, 0, -1, quarter, -quarter, quarter - 1, -quarter - 1]
        for value in edges {
            CellInteger.fromInt64(file.destination(0), value)
            #expect(file.read(0) == Schoolbook(Int(value)))
            #expect(CellInteger.asInt64(file.operand(0)) == value)
        }
    }
}

extension Schoolbook: Comparable {
    static func < (left: Schoolbook, right: Schoolbook) -> Bool { left.compare(right) < 0 }
}
