import Numerics

/// Registers for tests: words and homes in two parallel arrays, as the machine keeps them.
final class CellFile {
    let words: UnsafeMutablePointer<Int64>
    let homes: UnsafeMutablePointer<UInt64>
    let gas: UnsafeMutablePointer<Int64>
    let owner: ArenaOwner
    let count: Int

    var arena: Arena { owner.arena }

    init(count: Int, exact: Bool = false, capacityBytes: Int = ArenaOwner.defaultCapacityBytes) throws {
        struct NoMemory: Error {}
        guard let owner = ArenaOwner(capacityBytes: capacityBytes, exact: exact) else { throw NoMemory() }
        self.owner = owner
        self.count = count
        words = .allocate(capacity: count)
        words.initialize(repeating: 0, count: count)
        homes = .allocate(capacity: 4 * count)
        homes.initialize(repeating: 0xDEAD_BEEF_DEAD_BEEF, count: 4 * count)
        gas = .allocate(capacity: 1)
        gas.initialize(to: 1 << 40)
    }

    deinit {
        words.deallocate()
        homes.deallocate()
        gas.deallocate()
    }

    func operand(_ index: Int) -> CellOperand {
        CellOperand(word: words[index], home: homes + 4 * index)
    }

    func destination(_ index: Int) -> CellDestination {
        CellDestination(word: words + index, home: homes + 4 * index)
    }

    /// Writes a value by the layout of the machine page, with none of the module's code but the arena.
    func write(_ index: Int, _ value: Schoolbook) {
        let limbs = value.limbs
        homes.advanced(by: 4 * index).update(repeating: 0xDEAD_BEEF_DEAD_BEEF, count: 4)
        let isSmall = value.bitWidth <= 62 || (value.negative && limbs == [1 << 62])
        switch value.bitWidth {
        case _ where isSmall:
            let magnitude = Int64(bitPattern: limbs.first ?? 0)
            words[index] = (value.negative ? -magnitude : magnitude) * 2
        case ...256:
            for (offset, limb) in limbs.enumerated() { homes[4 * index + offset] = limb }
            words[index] = Int64(limbs.count * 8 + (value.negative ? 4 : 0) + 1)
        default:
            guard let block = arena.allocate(bytes: 16 + 8 * limbs.count) else { preconditionFailure("arena") }
            let target = block.assumingMemoryBound(to: UInt64.self)
            target[0] = UInt64(bitPattern: Int64(value.negative ? -limbs.count : limbs.count))
            target[1] = 0
            for (offset, limb) in limbs.enumerated() { target[2 + offset] = limb }
            words[index] = Int64(Int(bitPattern: block)) + 3
        }
    }

    /// Reads a value by the layout of the machine page; nil when the cell is not canonical.
    func read(_ index: Int) -> Schoolbook? {
        let word = words[index]
        let value: Schoolbook
        if word % 2 == 0 {
            value = Schoolbook(Int(word / 2))
        } else if word & 2 == 0 {
            let count = Int(word / 8)
            guard (1...4).contains(count), word < 40 else { return nil }
            value = Schoolbook(negative: word & 4 != 0, limbs: (0..<count).map { homes[4 * index + $0] })
            if value.limbs.count != count { return nil }
            if value.bitWidth <= 62 || (value.negative && value.limbs == [1 << 62]) { return nil }
        } else {
            guard let block = UnsafePointer<UInt64>(bitPattern: Int(word - 3)), word % 16 == 3 else { return nil }
            let signed = Int64(bitPattern: block[0])
            let count = Int(signed.magnitude)
            guard (5...64).contains(count) else { return nil }
            value = Schoolbook(negative: signed < 0, limbs: (0..<count).map { block[2 + $0] })
            if value.limbs.count != count { return nil }
        }
        return value
    }
}
