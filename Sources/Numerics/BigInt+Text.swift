extension BigInt: CustomStringConvertible {
    /// Decimal, with a minus sign when negative.
    public var description: String { text(radix: 10) }

    /// Digits in `radix` 2 to 36, lowercase, with a minus sign when negative.
    public func text(radix: Int) -> String {
        precondition((2...36).contains(radix), "radix from 2 to 36")
        if isZero { return "0" }
        var limbs = magnitudeLimbs + [0]
        let count = magnitudeLimbs.count
        // A radix of at least 2 writes at most one digit a bit, and GMP may start with a zero digit.
        let digits = [UInt8](unsafeUninitializedCapacity: 64 * count + 2) { buffer, initialised in
            initialised = limbs.withUnsafeMutableBufferPointer { source in
                guard let source = source.baseAddress, let target = buffer.baseAddress else { return 0 }
                return Limbs.digits(target, radix: radix, source, count)
            }
        }
        var text = isNegative ? "-" : ""
        for digit in digits.drop(while: { $0 == 0 }) {
            text.unicodeScalars.append(Unicode.Scalar(digit < 10 ? 48 + digit : 87 + digit))
        }
        return text
    }

    /// Reads digits of `radix` 2 to 36, either case, after an optional sign; nil for anything else.
    public init?(_ text: some StringProtocol, radix: Int = 10) {
        guard (2...36).contains(radix) else { return nil }
        var bytes = Array(text.utf8)[...]
        var negative = false
        if let sign = bytes.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            bytes = bytes.dropFirst()
        }
        if bytes.isEmpty { return nil }
        var digits: [UInt8] = []
        digits.reserveCapacity(bytes.count)
        for byte in bytes {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            if Int(digit) >= radix { return nil }
            digits.append(digit)
        }
        // At most six bits a digit.
        let limbs = BigInt.makeLimbs(digits.count * 6 / 64 + 2) { target in
            digits.withUnsafeBufferPointer { source in
                guard let base = source.baseAddress else { return }
                _ = Limbs.read(target, digits: base, source.count, radix: radix)
            }
        }
        self.init(negative: negative, limbs: limbs)
    }
}
