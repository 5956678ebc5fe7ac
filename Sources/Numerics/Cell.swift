/// A readable cell: its word and the address of its 32-byte home.
@frozen
public struct CellOperand {
    public let word: Int64
    public let home: UnsafePointer<UInt64>

    @inlinable
    @inline(__always)
    public init(word: Int64, home: UnsafePointer<UInt64>) {
        self.word = word
        self.home = home
    }

    @inlinable
    @inline(__always)
    public init(word: Int64, home: UnsafeMutablePointer<UInt64>) {
        self.word = word
        self.home = UnsafePointer(home)
    }

    /// The cell stored at `address` as an arena object holds it: word, then home.
    @inlinable
    @inline(__always)
    public init(at address: UnsafePointer<UInt64>) {
        word = Int64(bitPattern: address[0])
        home = address + 1
    }
}

/// A writable cell. It may be the same cell as any operand of the operation that writes it.
@frozen
public struct CellDestination {
    public let word: UnsafeMutablePointer<Int64>
    public let home: UnsafeMutablePointer<UInt64>

    @inlinable
    @inline(__always)
    public init(word: UnsafeMutablePointer<Int64>, home: UnsafeMutablePointer<UInt64>) {
        self.word = word
        self.home = home
    }

    /// The cell stored at `address` as an arena object holds it: word, then home.
    @inlinable
    @inline(__always)
    public init(at address: UnsafeMutablePointer<UInt64>) {
        word = UnsafeMutableRawPointer(address).assumingMemoryBound(to: Int64.self)
        home = address + 1
    }

    /// The value just written, as an operand.
    @inlinable
    @inline(__always)
    public var operand: CellOperand { CellOperand(word: word.pointee, home: home) }
}

/// The words of integer cells; `Documentation/machine.md` has the layout.
public enum CellWord {
    /// Words of 8 bytes that a cell takes inside an arena object.
    public static let strideWords = 5

    /// Smallest and largest value held in the word itself.
    public static let smallMinimum: Int64 = -(1 << 62)
    public static let smallMaximum: Int64 = (1 << 62) - 1

    @inlinable
    @inline(__always)
    public static func isSmall(_ word: Int64) -> Bool { word & 1 == 0 }

    /// Whether both words are small integers, in one test.
    @inlinable
    @inline(__always)
    public static func areSmall(_ left: Int64, _ right: Int64) -> Bool { (left | right) & 1 == 0 }

    /// Whether the magnitude lives in the home.
    @inlinable
    @inline(__always)
    public static func isHome(_ word: Int64) -> Bool { word & 3 == 1 }

    /// Whether the magnitude lives in the arena.
    @inlinable
    @inline(__always)
    public static func isWide(_ word: Int64) -> Bool { word & 3 == 3 }

    /// The word of a small integer within `smallMinimum...smallMaximum`.
    @inlinable
    @inline(__always)
    public static func small(_ value: Int64) -> Int64 { value << 1 }

    /// The value of a small integer's word.
    @inlinable
    @inline(__always)
    public static func smallValue(_ word: Int64) -> Int64 { word >> 1 }

    /// The word of an integer of `count` limbs 1...4 in the home.
    @inlinable
    @inline(__always)
    public static func home(count: Int, negative: Bool) -> Int64 {
        Int64(truncatingIfNeeded: count << 3) | (negative ? 5 : 1)
    }

    /// The limb count of an integer in the home.
    @inlinable
    @inline(__always)
    public static func homeCount(_ word: Int64) -> Int { Int(truncatingIfNeeded: word >> 3) & 31 }

    /// The sum of two small words and whether it left the small range.
    @inlinable
    @inline(__always)
    public static func add(_ left: Int64, _ right: Int64) -> (word: Int64, overflow: Bool) {
        let (word, overflow) = left.addingReportingOverflow(right)
        return (word, overflow)
    }

    /// The difference of two small words and whether it left the small range.
    @inlinable
    @inline(__always)
    public static func subtract(_ left: Int64, _ right: Int64) -> (word: Int64, overflow: Bool) {
        let (word, overflow) = left.subtractingReportingOverflow(right)
        return (word, overflow)
    }

    /// The product of two small words and whether it left the small range.
    @inlinable
    @inline(__always)
    public static func multiply(_ left: Int64, _ right: Int64) -> (word: Int64, overflow: Bool) {
        let (word, overflow) = (left >> 1).multipliedReportingOverflow(by: right)
        return (word, overflow)
    }

    /// The quotient toward negative infinity of two small words, `right` not zero; only `smallMinimum / -1` overflows.
    @inlinable
    @inline(__always)
    public static func floorDivide(_ left: Int64, _ right: Int64) -> (word: Int64, overflow: Bool) {
        let (quotient, remainder) = (left >> 1).quotientAndRemainder(dividingBy: right >> 1)
        let adjusted = remainder != 0 && (remainder ^ right) < 0 ? quotient &- 1 : quotient
        let (word, overflow) = adjusted.addingReportingOverflow(adjusted)
        return (word, overflow)
    }

    /// The remainder of `floorDivide` (zero or of the sign of `right`) of two small words, `right` not zero.
    @inlinable
    @inline(__always)
    public static func floorModulo(_ left: Int64, _ right: Int64) -> Int64 {
        let (_, remainder) = (left >> 1).quotientAndRemainder(dividingBy: right >> 1)
        let adjusted = remainder != 0 && (remainder ^ right) < 0 ? remainder &+ (right >> 1) : remainder
        return adjusted << 1
    }
}
