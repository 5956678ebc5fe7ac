extension Parser {
    /// A whole number's digits without underscores; `0` for a malformed one.
    func integerDigits(_ token: Token) -> String {
        token.isMalformed ? "0" : text(token).filter { $0 != "_" }
    }

    /// A decimal number's digits and point without underscores; `0.0` for a malformed one.
    func decimalDigits(_ token: Token) -> String {
        token.isMalformed ? "0.0" : text(token).filter { $0 != "_" }
    }

    /// What a text token says, its escapes resolved.
    func textValue(_ token: Token) -> String {
        var value: [UInt8] = []
        var position = token.start + 1
        let end = token.isMalformed ? token.end : token.end - 1
        while position < end {
            let byte = source.bytes[position]
            position += 1
            guard byte == 0x5C, position < end, let escaped = textEscape(source.bytes[position]) else {
                value.append(byte)
                continue
            }
            value.append(escaped)
            position += 1
        }
        return String(decoding: value, as: UTF8.self)
    }

    /// The bytes that `0x…` stands for; none for a malformed one.
    func hexBytesValue(_ token: Token) -> [UInt8] {
        guard !token.isMalformed else { return [] }
        var value: [UInt8] = []
        for position in stride(from: token.start + 2, to: token.end - 1, by: 2) {
            guard let high = hexDigit(source.bytes[position]), let low = hexDigit(source.bytes[position + 1]) else {
                return []
            }
            value.append(high << 4 | low)
        }
        return value
    }
}
