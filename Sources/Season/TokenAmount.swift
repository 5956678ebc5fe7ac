import Numerics

/// Amounts and scores for people: 18-decimal units as text. All arithmetic is exact; only what is shown is cut off.
enum TokenAmount {
    /// Units of one token, and of the number 1 as a Fixed.
    static let unit: BigInt = 1_000_000_000_000_000_000

    /// `tokens` whole tokens in units.
    static func units(_ tokens: Int) -> BigInt { BigInt(tokens) * unit }

    /// Units as tokens with thousands separated, cut off after `decimals` of the 18 places.
    static func text(_ units: BigInt, decimals: Int) -> String {
        let digits = units.magnitude.description
        let padded = String(repeating: "0", count: max(0, 19 - digits.count)) + digits
        let fraction = padded.suffix(18).prefix(decimals)
        return (units.isNegative ? "-" : "") + grouped(String(padded.dropLast(18)))
            + (decimals > 0 ? "." + fraction : "")
    }

    /// A whole number with thousands separated.
    static func grouped(_ digits: String) -> String {
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return result
    }

    /// `part / whole` in percent with two places, rounded down; "-" of nothing.
    static func percentage(_ part: BigInt, of whole: BigInt) -> String {
        guard let hundredths = (part * 10_000).floorDivide(whole) else { return "-" }
        let digits = hundredths.description
        let padded = String(repeating: "0", count: max(0, 3 - digits.count)) + digits
        return padded.dropLast(2) + "." + padded.suffix(2) + " %"
    }
}
