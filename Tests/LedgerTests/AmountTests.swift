import Ledger
import TestSupport
import Testing

/// Amounts against schoolbook arithmetic on decimal digits, which shares nothing with the limbs.
@Suite struct AmountTests {
    /// Decimal digits, least significant first.
    struct Decimal: Equatable {
        var digits: [Int]

        init(_ text: String) {
            digits = text.utf8.reversed().map { Int($0) - 48 }
            trim()
        }

        mutating func trim() {
            while digits.count > 1, digits.last == 0 { digits.removeLast() }
        }

        static func add(_ left: Decimal, _ right: Decimal) -> Decimal {
            var sum = left
            sum.digits = []
            var carry = 0
            for index in 0...max(left.digits.count, right.digits.count) {
                let total = (index < left.digits.count ? left.digits[index] : 0)
                    + (index < right.digits.count ? right.digits[index] : 0) + carry
                sum.digits.append(total % 10)
                carry = total / 10
            }
            sum.trim()
            return sum
        }

        static func multiply(_ left: Decimal, _ right: Decimal) -> Decimal {
            var cells = [Int](repeating: 0, count: left.digits.count + right.digits.count + 1)
            for (i, first) in left.digits.enumerated() {
                for (j, second) in right.digits.enumerated() { cells[i + j] += first * second }
            }
            for index in 0..<(cells.count - 1) {
                cells[index + 1] += cells[index] / 10
                cells[index] %= 10
            }
            var product = left
            product.digits = cells
            product.trim()
            return product
        }

        var text: String { digits.reversed().map(String.init).joined() }
    }

    static let largest = "115792089237316195423570985008687907853269984665640564039457584007913129639935"

    static func random(_ generator: inout SplitMix64) -> Amount {
        var limbs: [UInt64] = []
        for _ in 0..<4 {
            switch generator.below(4) {
            case 0: limbs.append(0)
            case 1: limbs.append(.max)
            default: limbs.append(generator.next())
            }
        }
        for index in 0..<generator.below(4) { limbs[3 - index] = 0 }
        return Amount(limbs: limbs[0], limbs[1], limbs[2], limbs[3])
    }

    @Test func agreesWithDecimalArithmetic() throws {
        var generator = SplitMix64(seed: 21)
        #expect(Amount.max.description == Self.largest)
        let bound = Decimal.add(Decimal(Self.largest), Decimal("1")).text
        for round in 0..<1000 {
            let left = Self.random(&generator)
            let right = Self.random(&generator)
            let factor = round % 3 == 0 ? UInt64.max : generator.next() >> UInt64(generator.below(64))
            #expect(Amount(left.description) == left, "round \(round) of seed 21")

            let sum = Decimal.add(Decimal(left.description), Decimal(right.description)).text
            let fits = sum.count < bound.count || (sum.count == bound.count && sum < bound)
            #expect(left.adding(right)?.description == (fits ? sum : nil), "round \(round) of seed 21")
            if let total = left.adding(right) {
                #expect(total.subtracting(left) == right)
                #expect(total >= left)
            }
            #expect((left.subtracting(right) == nil) == (left < right))

            let product = Decimal.multiply(Decimal(left.description), Decimal(String(factor))).text
            let productFits = product.count < bound.count || (product.count == bound.count && product < bound)
            #expect(
                left.multiplied(by: factor)?.description == (productFits ? product : nil), "round \(round) of seed 21")
        }
    }

    @Test func textMustBePlainDigits() {
        for text in ["", "00", "01", "+1", "-1", " 1", "1 ", "1_000", "0x1", "1.0", "١", bound] {
            #expect(Amount(text) == nil, "\(text)")
        }
        #expect(Amount("0") == .zero)
        #expect(Amount(Self.largest) == .max)
    }

    private var bound: String { "115792089237316195423570985008687907853269984665640564039457584007913129639936" }

    @Test func encodingIsCanonical() throws {
        var generator = SplitMix64(seed: 22)
        for _ in 0..<500 {
            let amount = Self.random(&generator)
            #expect(Amount(canonicalBytes: amount.canonicalBytes) == amount)
        }
        #expect(Amount.zero.canonicalBytes == [0])
        #expect(Amount(255).canonicalBytes == [2, 255])
        #expect(Amount(256).canonicalBytes == [4, 1, 0])
        // Negative, leading zero, long count, too wide, trailing byte, short.
        let tooWide = [66] + [UInt8](repeating: 1, count: 33)
        for bytes: [UInt8] in [[3, 1], [2, 0], [0x82, 0, 1], tooWide, [0, 0], [4, 1], []] {
            #expect(Amount(canonicalBytes: bytes) == nil, "\(bytes)")
        }
    }
}
