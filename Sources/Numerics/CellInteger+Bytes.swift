extension CellInteger {
    /// Most bytes of an integer read from or written as bytes.
    public static let bytesLimit = 64

    /// Writes the magnitude in exactly `count` bytes; it must fit.
    public static func storeBytes(
        of operand: CellOperand, to target: UnsafeMutableRawPointer, count: Int, isLittleEndian: Bool
    ) {
        var limb: UInt64 = 0
        withUnsafeMutablePointer(to: &limb) { spill in
            let view = limbs(operand, spill: spill)
            for index in 0..<count {
                let (position, shift) = (index >> 3, UInt64(8 * (index & 7)))
                let byte = position < view.count ? UInt8(truncatingIfNeeded: view.limbs[position] >> shift) : 0
                target.storeBytes(of: byte, toByteOffset: isLittleEndian ? index : count - 1 - index, as: UInt8.self)
            }
        }
    }

    /// Writes the integer that at most `bytesLimit` bytes stand for.
    public static func fromBytes(
        _ destination: CellDestination, _ bytes: UnsafeRawBufferPointer, isLittleEndian: Bool, arena: Arena
    ) -> ArithmeticStatus {
        let limbCount = bytesLimit / 8
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: limbCount) { limbs in
            guard let base = limbs.baseAddress, bytes.count <= bytesLimit else { return .integerTooWide }
            for index in 0..<limbCount { base[index] = 0 }
            for index in 0..<bytes.count {
                let byte = UInt64(bytes[isLittleEndian ? index : bytes.count - 1 - index])
                base[index >> 3] |= byte << UInt64(8 * (index & 7))
            }
            return fromLimbs(destination, negative: false, base, count: limbCount, arena: arena)
        }
    }
}
