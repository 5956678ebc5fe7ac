import Bytecode
import Crypto
import Harness
import Numerics

/// The operands of a genome as constants of a module: integers of all widths and shapes, lists, bytes, tensors.
struct SearchOperands {
    /// Indices of constants: of any size and sign; not negative; of at most 255 bits and not negative; below 2^100.
    var integers: [Int] = []
    var natural: [Int] = []
    var home: [Int] = []
    var amounts: [Int] = []
    /// Of fixed-point numbers: those whose exponential exists, and those that have a logarithm.
    var exponents: [Int] = []
    var positives: [Int] = []
    var bytes: [Int] = []
    /// [m, k] and [k, n] of bytes, [m, n] of 32 bits.
    var tensors: [Int] = []
    /// Elements of lists, and the places of the list that a chain of reads goes through.
    let listCount: Int
    let cycleCount: Int
    /// Lists, and elements of each, of a table of lists.
    let tableCount: Int
    /// Within every list and every bytes; and what is in all of them the greatest count.
    let indices: [Int]
    let shortest: Int
    /// What attempts are given.
    let gas: [Int]
    /// Functions that stand within one another, and what `work` ends in.
    let depth: Int
    let ending: Int

    init(_ values: [UInt16], _ builder: inout ModuleBuilder) {
        func random(_ place: Int) -> SplitMix64 { SplitMix64(seed: UInt64(values[place]) &* 0x9E37_79B9) }
        func constant(_ value: BigInt) -> Int { builder.constant(.integer(value)) }
        for place in 0..<8 {
            var source = random(place)
            integers.append(constant(Self.integer(&source, bits: 4_095)))
        }
        for place in 8..<10 {
            var source = random(place)
            natural.append(constant(Self.integer(&source, bits: 4_000).magnitude))
            home.append(constant(Self.integer(&source, bits: 255).magnitude))
            amounts.append(constant(Self.integer(&source, bits: 100).magnitude))
        }
        let unit = BigInt(FixedPoint.unit)
        for place in 11..<13 {
            var source = random(place)
            // Up to e^36 and e^-36, from e^100 on, and next to 1.
            let digits = BigInt(source.next())
            let exponent = [
                digits * 2, -(digits * 2), unit * BigInt(100 + source.number(below: 30)) + digits, digits >> 50,
            ]
            exponents.append(constant(exponent[source.number(below: 4)]))
            // Half of them are those that are known to be hard.
            positives.append(
                source.number(below: 2) == 0
                    ? 16 + source.number(below: 9) : constant(Self.integer(&source, bits: 255).magnitude + 1))
        }
        var sizes = random(13)
        listCount = [1, 2, 5, 16, 100, 1_000, 3_000][sizes.number(below: 7)]
        cycleCount = 1 << (4 + sizes.number(below: 13))
        tableCount = [128, 512, 1_024][sizes.number(below: 3)]
        var content = random(14)
        let byteCount = [1, 31, 200, 1_000, 8_000, 60_000][content.number(below: 6)]
        for _ in 0..<2 {
            let first = UInt8(truncatingIfNeeded: content.next())
            bytes.append(builder.constant(.bytes((0..<byteCount).map { first &+ UInt8(truncatingIfNeeded: $0) })))
        }
        shortest = min(listCount, byteCount, 1_000)
        let limit = shortest
        indices = (0..<2).map { _ in content.number(below: limit) }
        var last = random(15)
        gas = [[0, 60, 5_000, 200_000][last.number(below: 4)], [200, 900, 30_000][last.number(below: 3)]]
        depth = [1, 3, 8, 20, 60][last.number(below: 5)]
        ending = last.number(below: 3)
        let lengths = [1, 2, 3, 5, 15, 16, 17, 32, 33, 64, 100]
        let (rows, depth, columns) = (
            lengths[last.number(below: 11)], lengths[last.number(below: 11)], lengths[last.number(below: 11)]
        )
        let filling = UInt8([0, 1, 127, 128, 255][last.number(below: 5)])
        func tensor(_ type: TypeDescriptor.TensorElement, _ sizes: [Int], _ bytes: Int) -> Int {
            builder.constant(.tensor(type, dimensions: sizes, data: [UInt8](repeating: filling, count: bytes)))
        }
        tensors = [
            tensor(.i8, [rows, depth], rows * depth), tensor(.i8, [depth, columns], depth * columns),
            tensor(.i32, [rows, columns], 4 * rows * columns),
        ]
    }

    /// An integer of up to so many bits: about the edges of limbs and of the ways that operations have for sizes.
    private static func integer(_ random: inout SplitMix64, bits limit: Int) -> BigInt {
        let widths = [
            0, 1, 2, 7, 31, 32, 61, 62, 63, 64, 65, 100, 126, 127, 128, 129, 191, 192, 193, 250, 254, 255, 256, 257,
            320, 500, 512, 513, 1_000, 1_024, 1_500, 2_000, 2_047, 2_048, 3_000, 4_000, 4_094, 4_095,
        ].filter { $0 <= limit }
        let bits = widths[random.number(below: widths.count)]
        let top = BigInt(1) << bits
        let magnitude: BigInt
        switch random.number(below: 6) {
        case 0: magnitude = top - 1
        case 1: magnitude = bits > 0 ? top >> 1 : 0
        case 2: magnitude = bits > 1 ? (top >> 1) + 1 : 1
        case 3: magnitude = bits > 65 ? top - (BigInt(1) << (bits - 64)) : top - 1
        default:
            let limbs = (0..<max(1, (bits + 63) / 64)).map { _ in random.next() }
            let number = BigInt(negative: false, limbs: limbs)
            magnitude = number - ((number >> bits) << bits)
        }
        return random.number(below: 4) == 0 ? -magnitude : magnitude
    }
}
