/// One 8-byte instruction: `op, a, b, c` in the low four bytes, the immediate in the high four.
@frozen
public struct Instruction: Hashable, Sendable {
    public var word: UInt64

    @inlinable
    public init(word: UInt64) { self.word = word }

    public init(_ opcode: Opcode, a: Int = 0, b: Int = 0, c: Int = 0, immediate: Int32 = 0) {
        word =
            UInt64(opcode.rawValue) | UInt64(UInt8(truncatingIfNeeded: a)) << 8
            | UInt64(UInt8(truncatingIfNeeded: b)) << 16 | UInt64(UInt8(truncatingIfNeeded: c)) << 24
            | UInt64(UInt32(bitPattern: immediate)) << 32
    }

    @inlinable public var opcodeByte: UInt8 { UInt8(truncatingIfNeeded: word) }
    public var opcode: Opcode? { Opcode(rawValue: opcodeByte) }
    @inlinable public var a: Int { Int(UInt8(truncatingIfNeeded: word &>> 8)) }
    @inlinable public var b: Int { Int(UInt8(truncatingIfNeeded: word &>> 16)) }
    @inlinable public var c: Int { Int(UInt8(truncatingIfNeeded: word &>> 24)) }
    @inlinable public var immediate: Int32 { Int32(truncatingIfNeeded: Int64(bitPattern: word) &>> 32) }
}
