import Numerics
import TestSupport
import Testing

/// `BigInt` and `Ratio` against the schoolbook and their defining equations.
struct BigIntTests {
    @Test(arguments: [(4, 4_000), (20, 300)])
    func agreesWithTheSchoolbook(limbLimit: Int, rounds: Int) {
        let seed = UInt64(0xB16 + limbLimit)
        var random = SplitMix64(seed: seed)
        for round in 0..<rounds {
            let (left, right) = (random.integer(limbLimit: limbLimit), random.integer(limbLimit: limbLimit))
            let (bigLeft, bigRight) = (BigInt(left), BigInt(right))
            let note = Comment(rawValue: "seed \(seed) round \(round): \(left) \(right)")
            #expect(BigInt(left + right) == bigLeft + bigRight, note)
            #expect(BigInt(left - right) == bigLeft - bigRight, note)
            #expect(BigInt(left * right) == bigLeft * bigRight, note)
            #expect(left.compare(right) == bigLeft.compare(bigRight), note)
            if right.isZero {
                #expect(bigLeft.floorDivide(bigRight) == nil)
                #expect(bigLeft.floorModulo(bigRight) == nil)
                continue
            }
            for rounding in Rounding.allCases {
                let quotient = BigInt(left.divided(by: right, rounding: rounding))
                #expect(quotient == bigLeft.divided(by: bigRight, rounding: rounding), note)
            }
            #expect(BigInt(left.floorModulo(right)) == bigLeft.floorModulo(bigRight), note)
            let shift = random.below(200)
            let power = Schoolbook(BigInt.one << shift)
            #expect(bigLeft << shift == BigInt(left * power), note)
            #expect(bigLeft >> shift == BigInt(left.divided(by: power, rounding: .floor)), note)
            let divisor = bigLeft.greatestCommonDivisor(bigRight)
            #expect(bigLeft.floorModulo(divisor) == .zero && bigRight.floorModulo(divisor) == .zero, note)
            let (firstCofactor, secondCofactor) = (bigLeft.floorDivide(divisor), bigRight.floorDivide(divisor))
            if let firstCofactor, let secondCofactor {
                #expect(euclid(firstCofactor.magnitude, secondCofactor.magnitude) == 1, note)
            }
            let text = bigLeft.description
            #expect(BigInt(text) == bigLeft)
            #expect(BigInt(bigLeft.text(radix: 16), radix: 16) == bigLeft)
            #expect(BigInt(negative: bigLeft.isNegative, bigEndianMagnitude: bigLeft.bigEndianMagnitude) == bigLeft)
        }
    }

    private func euclid(_ left: BigInt, _ right: BigInt) -> BigInt {
        var (left, right) = (left, right)
        while let rest = left.floorModulo(right) { (left, right) = (right, rest) }
        return left
    }

    @Test
    func textFollowsDecimalDigits() {
        #expect(BigInt("0")?.isZero == true)
        #expect(BigInt("-0")?.isNegative == false)
        #expect(BigInt("+00012")?.description == "12")
        #expect(BigInt("-340282366920938463463374607431768211456") == -(BigInt.one << 128))
        #expect((BigInt.one << 64).description == "18446744073709551616")
        #expect(BigInt("zz", radix: 36) == 1295)
        for bad in ["", "-", "+", "1 ", "1_0", "0x1", "--1", "１"] {
            #expect(BigInt(bad) == nil)
        }
        #expect(BigInt("12", radix: 2) == nil)
        #expect(BigInt("1", radix: 1) == nil)
        let literal: BigInt = -123_456_789_012_345_678_901_234_567_890
        #expect(literal.description == "-123456789012345678901234567890")
        let boundary: BigInt = -18_446_744_073_709_551_616
        #expect(boundary == -(BigInt.one << 64))
    }

    @Test
    func rangesAndRoots() {
        #expect(BigInt(Int64.min).asInt64 == Int64.min)
        #expect((BigInt(Int64.min) - 1).asInt64 == nil)
        #expect((BigInt(Int64.max) + 1).asInt64 == nil)
        #expect((-(BigInt.one << 255)).fitsSigned(bits: 256))
        #expect(!(BigInt.one << 255).fitsSigned(bits: 256))
        #expect(!(-(BigInt.one << 255) - 1).fitsSigned(bits: 256))
        #expect(BigInt(3).power(200) == (0..<200).reduce(BigInt.one) { power, _ in power * 3 })
        #expect(BigInt.zero.power(0) == 1)
        #expect(BigInt(-1).squareRoot == nil)
        var random = SplitMix64(seed: 4)
        for _ in 0..<500 {
            let value = BigInt(random.integer(limbLimit: 9)).magnitude
            guard let root = value.squareRoot else { continue }
            #expect(root * root <= value && (root + 1) * (root + 1) > value)
        }
    }

    @Test
    func ratiosAreExact() throws {
        var random = SplitMix64(seed: 12)
        #expect(Ratio(1, 0) == nil)
        let half = try #require(Ratio(-2, -4))
        #expect(half.numerator == 1 && half.denominator == 2)
        for _ in 0..<500 {
            let values = (0..<4).map { _ in BigInt(random.integer(limbLimit: 3)) }
            guard let left = Ratio(values[0], values[1]), let right = Ratio(values[2], values[3]) else { continue }
            #expect(left + right - right == left)
            #expect(left * right == right * left)
            if let quotient = left.divided(by: right) {
                #expect(quotient * right == left)
            } else {
                #expect(right.isZero)
            }
            #expect(left.compare(right) == (left - right).numerator.signum)
            for rounding in Rounding.allCases {
                #expect(left.rounded(rounding) == values[0].divided(by: values[1], rounding: rounding))
            }
        }
    }
}
