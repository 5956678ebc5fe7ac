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
            let (whole, rest) = (bytes.count >> 3, bytes.count & 7)
            for index in 0..<whole {
                let offset = isLittleEndian ? 8 * index : bytes.count - 8 * (index + 1)
                let limb = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                base[index] = isLittleEndian ? UInt64(littleEndian: limb) : UInt64(bigEndian: limb)
            }
            for index in 0..<rest {
                let byte = UInt64(bytes[isLittleEndian ? 8 * whole + index : rest - 1 - index])
                base[whole] |= byte << UInt64(8 * index)
            }
            return fromLimbs(destination, negative: false, base, count: limbCount, arena: arena)
        }
    }
}
