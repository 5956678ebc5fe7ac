// What bytes mean to the lexer and to the parser's reading of literals.

func isLetter(_ byte: UInt8) -> Bool {
    (byte >= 0x61 && byte <= 0x7A) || (byte >= 0x41 && byte <= 0x5A) || byte == 0x5F
}

func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

func isDigit(_ byte: UInt8?) -> Bool { byte.map { isDigit($0) } ?? false }

/// The value of a hexadecimal digit of either case.
func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x61...0x66: byte - 0x61 + 10
    case 0x41...0x46: byte - 0x41 + 10
    default: nil
    }
}

/// What `\` and this byte stand for in a text.
func textEscape(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x22: 0x22
    case 0x5C: 0x5C
    case 0x6E: 0x0A
    case 0x74: 0x09
    default: nil
    }
}

/// How many bytes a character that begins with this byte has, 1 where it begins none.
func utf8Length(_ first: UInt8) -> Int {
    switch first {
    case 0xC2...0xDF: 2
    case 0xE0...0xEF: 3
    case 0xF0...0xF4: 4
    default: 1
    }
}

/// The offset of the first byte that cannot stand where it stands in UTF-8 (RFC 3629: no overlong forms, no
/// surrogates).
func firstInvalidUTF8(_ bytes: ArraySlice<UInt8>) -> Int? {
    var position = bytes.startIndex
    while position < bytes.endIndex {
        let first = bytes[position]
        if first < 0x80 {
            position += 1
            continue
        }
        let length = utf8Length(first)
        guard length > 1, position + length <= bytes.endIndex else { return position }
        let second = bytes[position + 1]
        let lowest: UInt8 = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80
        let highest: UInt8 = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF
        guard second >= lowest, second <= highest else { return position }
        for offset in 2..<max(length, 2) where bytes[position + offset] & 0xC0 != 0x80 { return position }
        position += length
    }
    return nil
}

func hexadecimal(_ byte: UInt8) -> String { "0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true) }

func paddedHexadecimal(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
}
