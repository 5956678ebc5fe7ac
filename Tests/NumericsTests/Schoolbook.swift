import Numerics

/// Integers by the school's methods on digits of base 65,536: the oracle that shares nothing with the module.
struct Schoolbook: Equatable, CustomStringConvertible {
    var negative: Bool
    /// Little-endian, without leading zeros.
    var digits: [UInt32]

    init(negative: Bool, digits: [UInt32]) {
        var digits = digits
        while digits.last == 0 { digits.removeLast() }
        self.digits = digits
        self.negative = negative && !digits.isEmpty
    }

    init(negative: Bool, limbs: [UInt64]) {
        let digits = limbs.flatMap { limb in (0..<4).map { UInt32(limb >> UInt64(16 * $0) & 0xFFFF) } }
        self.init(negative: negative, digits: digits)
    }

    init(_ value: Int) {
        self.init(negative: value < 0, limbs: [UInt64(value.magnitude)])
    }

    var limbs: [UInt64] {
        stride(from: 0, to: digits.count, by: 4).map { start in
            (0..<4).reduce(UInt64(0)) { limb, offset in
                start + offset < digits.count ? limb | UInt64(digits[start + offset]) << UInt64(16 * offset) : limb
            }
        }
    }

    var isZero: Bool { digits.isEmpty }

    var bitWidth: Int {
        guard let top = digits.last else { return 0 }
        return 16 * (digits.count - 1) + (32 - top.leadingZeroBitCount)
    }

    var description: String {
        let hexadecimal = digits.reversed().map { digit in
            let text = String(digit, radix: 16)
            return String(repeating: "0", count: 4 - text.count) + text
        }
        return (negative ? "-0x" : "0x") + hexadecimal.joined()
    }

    static func compareMagnitude(_ left: [UInt32], _ right: [UInt32]) -> Int {
        if left.count != right.count { return left.count < right.count ? -1 : 1 }
        for index in left.indices.reversed() where left[index] != right[index] {
            return left[index] < right[index] ? -1 : 1
        }
        return 0
    }

    func compare(_ other: Schoolbook) -> Int {
        if negative != other.negative { return negative ? -1 : 1 }
        let order = Schoolbook.compareMagnitude(digits, other.digits)
        return negative ? -order : order
    }

    static prefix func - (value: Schoolbook) -> Schoolbook {
        Schoolbook(negative: !value.negative, digits: value.digits)
    }

    static func + (left: Schoolbook, right: Schoolbook) -> Schoolbook {
        if left.negative == right.negative {
            var result: [UInt32] = []
            var carry: UInt32 = 0
            for index in 0..<max(left.digits.count, right.digits.count) {
                let sum = left.digit(index) + right.digit(index) + carry
                result.append(sum & 0xFFFF)
                carry = sum >> 16
            }
            return Schoolbook(negative: left.negative, digits: result + [carry])
        }
        if compareMagnitude(left.digits, right.digits) < 0 { return right + left }
        var result: [UInt32] = []
        var borrow: UInt32 = 0
        for index in left.digits.indices {
            let difference = 0x10000 + left.digits[index] - right.digit(index) - borrow
            result.append(difference & 0xFFFF)
            borrow = 1 - difference >> 16
        }
        return Schoolbook(negative: left.negative, digits: result)
    }

    static func - (left: Schoolbook, right: Schoolbook) -> Schoolbook { left + -right }

    static func * (left: Schoolbook, right: Schoolbook) -> Schoolbook {
        var result = [UInt32](repeating: 0, count: left.digits.count + right.digits.count)
        for (leftIndex, leftDigit) in left.digits.enumerated() {
            var carry: UInt32 = 0
            for (rightIndex, rightDigit) in right.digits.enumerated() {
                let sum = leftDigit * rightDigit + result[leftIndex + rightIndex]
                let (low, overflow) = sum.addingReportingOverflow(carry)
                result[leftIndex + rightIndex] = low & 0xFFFF
                carry = low >> 16 + (overflow ? 0x10000 : 0)
            }
            result[leftIndex + right.digits.count] = carry
        }
        return Schoolbook(negative: left.negative != right.negative, digits: result)
    }

    /// Quotient toward zero and remainder of the dividend's sign, digit by digit.
    func divided(by divisor: Schoolbook) -> (quotient: Schoolbook, remainder: Schoolbook) {
        precondition(!divisor.isZero)
        // Scale until the divisor's top digit is at least half the base; then a two-digit guess is at most two off.
        let scale = Schoolbook(Int(0x10000 / (divisor.digits[divisor.digits.count - 1] + 1)))
        let scaled = (Schoolbook(negative: false, digits: divisor.digits) * scale).digits
        var rest: [UInt32] = []
        var quotient: [UInt32] = []
        let dividend = (Schoolbook(negative: false, digits: digits) * scale).digits
        let top = UInt64(scaled[scaled.count - 1])
        for digit in dividend.reversed() {
            rest.insert(digit, at: 0)
            while rest.last == 0 { rest.removeLast() }
            var guess: UInt64 = 0
            if rest.count == scaled.count {
                guess = UInt64(rest[rest.count - 1]) / top
            } else if rest.count > scaled.count {
                guess = min(0xFFFF, (UInt64(rest[rest.count - 1]) << 16 | UInt64(rest[rest.count - 2])) / top)
            }
            let divisor = Schoolbook(negative: false, digits: scaled)
            var remainder = Schoolbook(negative: false, digits: rest) - divisor * Schoolbook(Int(guess))
            while remainder.negative {
                guess -= 1
                remainder = remainder + divisor
            }
            rest = remainder.digits
            quotient.append(UInt32(guess))
        }
        // Undo the scale with a short division.
        var remainder: [UInt32] = []
        var carry: UInt32 = 0
        let divisorScale = scale.digits[0]
        for digit in rest.reversed() {
            let part = carry << 16 | digit
            remainder.insert(part / divisorScale, at: 0)
            carry = part % divisorScale
        }
        return (
            Schoolbook(negative: negative != divisor.negative, digits: Array(quotient.reversed())),
            Schoolbook(negative: negative, digits: remainder)
        )
    }

    func divided(by divisor: Schoolbook, rounding: Rounding) -> Schoolbook {
        let (quotient, remainder) = divided(by: divisor)
        if remainder.isZero { return quotient }
        let isBelowZero = negative != divisor.negative
        let away = quotient + Schoolbook(isBelowZero ? -1 : 1)
        switch rounding {
        case .floor: return isBelowZero ? away : quotient
        case .ceiling: return isBelowZero ? quotient : away
        case .towardZero: return quotient
        case .halfEven:
            let twice = remainder + remainder
            let order = Schoolbook.compareMagnitude(twice.digits, divisor.digits)
            if order == 0 { return quotient.digit(0) & 1 == 0 ? quotient : away }
            return order < 0 ? quotient : away
        }
    }

    func floorModulo(_ divisor: Schoolbook) -> Schoolbook {
        self - divided(by: divisor, rounding: .floor) * divisor
    }

    func digit(_ index: Int) -> UInt32 {
        index < digits.count ? digits[index] : 0
    }
}

extension BigInt {
    init(_ value: Schoolbook) {
        self.init(negative: value.negative, limbs: value.limbs)
    }
}

extension Schoolbook {
    init(_ value: BigInt) {
        self.init(negative: value.isNegative, limbs: value.magnitudeLimbs)
    }
}
