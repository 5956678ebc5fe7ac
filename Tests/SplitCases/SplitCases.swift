import Numerics
import TestSupport

/// What a run of random splits found.
public struct SplitReport: Sendable {
    public var cases = 0
    public var parts = 0
    /// Cases whose weights are all zero, or one of them negative: refused, as they must be.
    public var refused = 0
    /// Cases in which a number has more than 127 bits.
    public var wide = 0
    public var failures: [String] = []

    public var summary: String {
        "\(cases) splits into \(parts) parts, \(wide) with wide numbers, \(refused) refused, \(failures.count) failures"
    }
}

/// Random splits of an amount by weights of all sizes, run as the machine runs them and held against the definition:
/// part i is floor(total × S(i) / S(n)) − floor(total × S(i−1) / S(n)), S(i) the sum of the first i weights.
///
/// The definition is checked without any division: what is paid after i parts is the one number P with
/// P × S(n) ≤ total × S(i) < (P + 1) × S(n).
public struct SplitCases {
    private let seed: UInt64
    private var random: SplitMix64
    private let owner: ArenaOwner
    private let cells: UnsafeMutablePointer<UInt64>
    private let gas: UnsafeMutablePointer<Int64>
    private static let longest = 1_024
    private static let stride = CellWord.strideWords

    /// Nil when there is no memory.
    public init?(seed: UInt64) {
        guard let owner = ArenaOwner() else { return nil }
        self.owner = owner
        self.seed = seed
        random = SplitMix64(seed: seed)
        cells = .allocate(capacity: (Self.longest + 1) * Self.stride)
        cells.initialize(repeating: 0, count: (Self.longest + 1) * Self.stride)
        gas = .allocate(capacity: 1)
        gas.initialize(to: 0)
    }

    public mutating func run(_ count: Int) -> SplitReport {
        var report = SplitReport()
        for index in 0..<count {
            if let complaint = runOne(&report) {
                report.failures.append("seed \(seed), case \(index): \(complaint)")
                if report.failures.count == 10 { return report }
            }
        }
        return report
    }

    public func deallocate() {
        cells.deallocate()
        gas.deallocate()
    }

    // MARK: One case

    private mutating func runOne(_ report: inout SplitReport) -> String? {
        owner.arena.reset()
        gas.pointee = 1 << 40
        let weights = makeWeights()
        let sum = weights.reduce(BigInt.zero, +)
        let total = makeTotal(sum)
        report.cases += 1
        report.parts += weights.count
        if sum.bitWidth > 127 || total.bitWidth > 127 { report.wide += 1 }
        for (index, weight) in weights.enumerated() { write(weight, at: index) }
        write(total, at: Self.longest)
        let status = CellInteger.apportion(
            cells, total: operand(Self.longest), weights: cells, count: weights.count, gas: gas, arena: owner.arena)
        if weights.contains(where: \.isNegative) {
            report.refused += 1
            return status == .domainError ? nil : "a negative weight gives \(status)"
        }
        if sum.isZero {
            report.refused += 1
            return status == .divisionByZero ? nil : "weights of zero give \(status)"
        }
        guard status == .ok else { return "\(status) for \(total) by \(weights)" }
        var (prefix, paid) = (BigInt.zero, BigInt.zero)
        for (index, weight) in weights.enumerated() {
            let part = CellInteger.toBigInt(operand(index))
            if part.isNegative { return "part \(index) of \(total) by \(weights) is \(part)" }
            prefix += weight
            paid += part
            let (reached, wanted) = (paid * sum, total * prefix)
            if reached > wanted || reached + sum <= wanted {
                return "part \(index) of \(total) by \(weights) is \(part)"
            }
        }
        return paid == total ? nil : "\(paid) paid of \(total) by \(weights)"
    }

    // MARK: Numbers

    private mutating func bits(_ count: Int) -> BigInt {
        let limbs = (0..<(count + 63) / 64).map { _ in random.next() }
        let value = BigInt(negative: false, limbs: limbs)
        return count % 64 == 0 ? value : value >> (64 - count % 64)
    }

    /// A number at or near a power of two.
    private mutating func edge(_ exponents: [Int]) -> BigInt {
        BigInt(1) << (random.pick(exponents) ?? 0) + BigInt(random.below(3) - 1)
    }

    private mutating func makeWeights() -> [BigInt] {
        let count: Int
        switch random.below(4_000) {
        case 0: count = Self.longest
        case 1..<40: count = 1 + random.below(100)
        default: count = 1 + random.below(7)
        }
        let style = random.below(14)
        let width = [1, 8, 31, 62, 63, 64, 65, 100, 127, 128, 129, 200, 256][random.below(13)]
        let common = bits(width)
        var weights = (0..<count).map { index -> BigInt in
            switch style {
            case 0: return BigInt(random.below(4))
            case 1: return BigInt(random.below(1_000_000))
            case 2: return common
            case 3: return edge([0, 1, 31, 62, 63, 64])
            case 4: return edge([63, 64, 126, 127, 128, 255, 256])
            case 5: return random.chance(1, of: 3) ? .zero : bits(width)
            case 6: return index == 0 ? bits(256) : BigInt(random.below(3))
            case 7: return index == count - 1 ? bits(126) : BigInt(1)
            case 8: return BigInt(random.below(2))
            case 9: return ((BigInt(1) << 128).floorDivide(BigInt(count)) ?? 1) - BigInt(random.below(2))
            case 10: return bits(1 + random.below(width))
            default: return bits(width)
            }
        }
        if count < 20, random.chance(1, of: 300) { weights[random.below(count)] = bits(3_900) }
        if random.chance(1, of: 500) { weights[random.below(count)] = -BigInt(1 + random.below(3)) }
        return weights
    }

    private mutating func makeTotal(_ sum: BigInt) -> BigInt {
        let most = (BigInt(1) << 256) - 1
        let total: BigInt
        switch random.below(10) {
        case 0: total = BigInt(random.below(3))
        case 1: total = BigInt(random.below(1_000_000))
        case 2: total = sum + BigInt(random.below(3) - 1)
        case 3: total = sum * BigInt(random.below(1_000)) + BigInt(random.below(3) - 1)
        case 4: total = edge([62, 63, 64, 127, 128, 255])
        case 5: total = most - BigInt(random.below(3))
        case 6: total = bits(256)
        case 7: total = bits(127)
        default: total = bits(1 + random.below(128))
        }
        return total.isNegative || total > most ? bits(255) : total
    }

    // MARK: Cells

    private func operand(_ index: Int) -> CellOperand { CellOperand(at: cells + Self.stride * index) }

    /// Writes a number by the layout of the machine's page.
    private func write(_ value: BigInt, at index: Int) {
        let cell = cells + Self.stride * index
        let limbs = value.magnitudeLimbs
        if let small = value.asInt64, small >= CellWord.smallMinimum, small <= CellWord.smallMaximum {
            cell[0] = UInt64(bitPattern: small << 1)
        } else if limbs.count <= 4 {
            cell[0] = UInt64(limbs.count * 8 + (value.isNegative ? 4 : 0) + 1)
            for (offset, limb) in limbs.enumerated() { cell[1 + offset] = limb }
        } else if let block = owner.arena.allocate(bytes: 16 + 8 * limbs.count) {
            let target = block.assumingMemoryBound(to: UInt64.self)
            target[0] = UInt64(bitPattern: Int64(value.isNegative ? -limbs.count : limbs.count))
            target[1] = 0
            for (offset, limb) in limbs.enumerated() { target[2 + offset] = limb }
            cell[0] = UInt64(UInt(bitPattern: block)) | 3
        }
    }
}
