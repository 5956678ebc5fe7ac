import Diagnostics

/// A source longer than this is refused unread.
public let sourceLimitBytes = 10_000_000

/// Cuts a source into tokens. Total: every sequence of bytes has tokens, and what is wrong is reported into the bag.
public func tokenize(_ source: SourceFile, into bag: DiagnosticBag) -> SourceTokens {
    var lexer = Lexer(source: source, bag: bag)
    return lexer.run()
}

struct Lexer {
    private let source: SourceFile
    private let bytes: [UInt8]
    private let bag: DiagnosticBag
    private var position = 0
    private var tokens: [Token] = []

    init(source: SourceFile, bag: DiagnosticBag) {
        self.source = source
        self.bytes = source.bytes
        self.bag = bag
    }

    mutating func run() -> SourceTokens {
        guard bytes.count <= sourceLimitBytes else {
            bag.report(
                Diagnostic(
                    .sourceTooLarge, "the source has \(bytes.count) bytes; at most \(sourceLimitBytes) are read",
                    at: Span(source, 0, 0), hint: "divide it into files that import one another"))
            return unread()
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return otherEncoding() }
        tokens.reserveCapacity(bytes.count / 5 + 1)
        while true {
            let triviaStart = position
            let crossedLine = skipTrivia()
            let start = position
            let startsLine = crossedLine || tokens.isEmpty
            guard start < bytes.count else {
                tokens.append(
                    Token(
                        kind: .end, triviaStart: triviaStart, start: start, end: start, isMalformed: false,
                        startsLine: startsLine))
                return SourceTokens(source: source, tokens: tokens)
            }
            let (kind, isMalformed) = scanToken()
            tokens.append(
                Token(
                    kind: kind, triviaStart: triviaStart, start: start, end: position, isMalformed: isMalformed,
                    startsLine: startsLine))
        }
    }

    /// The whole source as one token that says nothing.
    private func unread() -> SourceTokens {
        let whole = Token(
            kind: .invalid, triviaStart: 0, start: 0, end: bytes.count, isMalformed: true, startsLine: true)
        let end = Token(
            kind: .end, triviaStart: bytes.count, start: bytes.count, end: bytes.count, isMalformed: false,
            startsLine: false)
        return SourceTokens(source: source, tokens: [whole, end])
    }

    /// UTF-16, by its mark: one error for the file.
    private func otherEncoding() -> SourceTokens {
        bag.report(
            Diagnostic(
                .invalidUTF8, "the source is UTF-16, not UTF-8", at: Span(source, 0, 2), hint: "save the file as UTF-8")
        )
        return unread()
    }

    // MARK: Trivia

    /// Skips white space and comments; whether a line end was among them.
    private mutating func skipTrivia() -> Bool {
        var crossedLine = false
        while position < bytes.count {
            switch bytes[position] {
            case 0x0A:
                crossedLine = true
                position += 1
            case 0x20, 0x09, 0x0D:
                position += 1
            case 0x2F where byte(at: position + 1) == 0x2F:
                let start = position
                while position < bytes.count, bytes[position] != 0x0A { position += 1 }
                if checkUTF8(start, position) { checkDirection(start, position) }
                if !crossedLine { checkQuotient(start, position) }
            case 0x2F where byte(at: position + 1) == 0x2A:
                if skipBlockComment() { crossedLine = true }
            default:
                return crossedLine
            }
        }
        return crossedLine
    }

    /// Warns of `a // 2`: elsewhere a quotient that is rounded down, here a and a comment.
    private func checkQuotient(_ start: Int, _ end: Int) {
        guard let last = tokens.last, [.name, .integer, .decimal, .rightParenthesis, .rightBracket].contains(last.kind)
        else { return }
        var divisor = bytes[(start + 2)..<end]
        while let first = divisor.first, first == 0x20 { divisor.removeFirst() }
        while let final = divisor.last, final == 0x20 || final == 0x0D { divisor.removeLast() }
        guard !divisor.isEmpty, isDigits(divisor) else { return }
        bag.report(
            Diagnostic(
                .quotientAsComment, "'//' begins a comment: nothing is divided here", at: Span(source, start, end),
                hint: "a quotient that is rounded down is written 'floor(a / b)'", severity: .warning))
    }

    private mutating func skipBlockComment() -> Bool {
        let start = position
        var crossedLine = false
        position += 2
        while position < bytes.count {
            if bytes[position] == 0x2A, byte(at: position + 1) == 0x2F {
                position += 2
                if checkUTF8(start, position) { checkDirection(start, position) }
                return crossedLine
            }
            if bytes[position] == 0x0A { crossedLine = true }
            position += 1
        }
        bag.report(
            Diagnostic(
                .unterminatedComment, "this comment has no end", at: Span(source, start, start + 2),
                label: "begins here", hint: "close it with '*/'"))
        return crossedLine
    }

    /// Reports the first byte of a range that is not UTF-8; whether all is well.
    @discardableResult
    private func checkUTF8(_ start: Int, _ end: Int) -> Bool {
        guard let offset = firstInvalidUTF8(bytes[start..<end]) else { return true }
        bag.report(
            Diagnostic(
                .invalidUTF8, "the byte \(hexadecimal(bytes[offset])) is not UTF-8 here",
                at: Span(source, offset, offset + 1), hint: "save the file as UTF-8"))
        return false
    }

    /// Reports characters that turn the direction of what is shown: a reader would see other code than the compiler.
    private func checkDirection(_ start: Int, _ end: Int) {
        var offset = start
        while offset + 2 < end {
            // U+202A to U+202E and U+2066 to U+2069.
            let isTurn =
                bytes[offset] == 0xE2
                && (bytes[offset + 1] == 0x80 && (0xAA...0xAE).contains(bytes[offset + 2])
                    || bytes[offset + 1] == 0x81 && (0xA6...0xA9).contains(bytes[offset + 2]))
            guard isTurn else {
                offset += 1
                continue
            }
            let value = UInt32(bytes[offset + 1] & 0x3F) << 6 | UInt32(bytes[offset + 2] & 0x3F) | 0x2000
            let place = Span(source, offset, offset + 3)
            bag.report(
                Diagnostic(
                    .invalidCharacter, "U+\(paddedHexadecimal(value)) turns the direction of what is shown", at: place,
                    hint: "leave it out: a reader would see other text than the compiler", fixIt: FixIt(place, "")))
            offset += 3
        }
    }

    // MARK: Tokens

    private mutating func scanToken() -> (kind: TokenKind, isMalformed: Bool) {
        let first = bytes[position]
        if isLetter(first) { return (scanWord(), false) }
        if isDigit(first) { return scanNumber() }
        if first == 0x22 { return scanText() }
        if let (kind, length) = mark() {
            position += length
            return (kind, false)
        }
        return (scanInvalid(), true)
    }

    private mutating func scanWord() -> TokenKind {
        let start = position
        while position < bytes.count, isLetter(bytes[position]) || isDigit(bytes[position]) { position += 1 }
        // No word of the grammar is longer than this.
        guard position - start <= TokenKind.longestWordBytes else { return .name }
        return TokenKind.words[String(decoding: bytes[start..<position], as: UTF8.self)] ?? .name
    }

    private mutating func scanNumber() -> (kind: TokenKind, isMalformed: Bool) {
        let start = position
        if bytes[position] == 0x30, byte(at: position + 1) == 0x78 {
            position += 2
            skipWordBytes()
            let digits = bytes[(start + 2)..<position]
            guard !digits.isEmpty, digits.count.isMultiple(of: 2), digits.allSatisfy({ hexDigit($0) != nil }) else {
                return reportNumber(
                    start, kind: .hexBytes, "hexadecimal bytes are '0x' and an even, non-zero number of digits 0-9, a-f"
                )
            }
            return (.hexBytes, false)
        }
        var kind = TokenKind.integer
        skipWordBytes()
        let wholeEnd = position
        var isWrong = !isDigits(bytes[start..<wholeEnd])
        if byte(at: position) == 0x2E, isDigit(byte(at: position + 1)) {
            kind = .decimal
            position += 1
            skipWordBytes()
            let places = bytes[(wholeEnd + 1)..<position]
            if !isDigits(places) { isWrong = true }
            if !isWrong, places.count(where: isDigit) > 18 {
                return reportNumber(start, kind: kind, "a decimal number has at most 18 digits after the point")
            }
        }
        if isWrong {
            return reportNumber(start, kind: kind, "a number is digits, with single '_' between digits")
        }
        return (kind, false)
    }

    private mutating func skipWordBytes() {
        while position < bytes.count, isLetter(bytes[position]) || isDigit(bytes[position]) { position += 1 }
    }

    /// Digits with single `_` between them.
    private func isDigits(_ part: ArraySlice<UInt8>) -> Bool {
        var previous: UInt8 = 0x5F
        for byte in part {
            guard isDigit(byte) || (byte == 0x5F && previous != 0x5F) else { return false }
            previous = byte
        }
        return previous != 0x5F
    }

    private func reportNumber(_ start: Int, kind: TokenKind, _ rule: String) -> (kind: TokenKind, isMalformed: Bool) {
        bag.report(
            Diagnostic(
                .invalidNumber, "this is not a number", at: Span(source, start, position), label: "not a number",
                hint: rule))
        return (kind, true)
    }

    private mutating func scanText() -> (kind: TokenKind, isMalformed: Bool) {
        let start = position
        var isMalformed = false
        position += 1
        while position < bytes.count {
            switch bytes[position] {
            case 0x22:
                position += 1
                if checkUTF8(start, position) { checkDirection(start, position) } else { isMalformed = true }
                return (.text, isMalformed)
            case 0x5C:
                guard let next = byte(at: position + 1), next != 0x0A, next != 0x0D else {
                    position += 1
                    continue
                }
                if textEscape(next) == nil {
                    isMalformed = true
                    let length = utf8Length(next)
                    bag.report(
                        Diagnostic(
                            .invalidEscape, "there is no such escape in a text",
                            at: Span(source, position, min(position + 1 + length, bytes.count)),
                            hint: #"the escapes are \" \\ \n \t"#))
                }
                position += 2
            case 0x0A, 0x0D:
                return reportText(start)
            default:
                position += 1
            }
        }
        return reportText(start)
    }

    private func reportText(_ start: Int) -> (kind: TokenKind, isMalformed: Bool) {
        bag.report(
            Diagnostic(
                .unterminatedText, "this text has no end", at: Span(source, start, position),
                label: "the line ends first", hint: #"close it with '"'; a line end inside a text is written \n"#))
        return (.text, true)
    }

    /// Takes a run of bytes that begin no token, as one.
    private mutating func scanInvalid() -> TokenKind {
        let start = position
        repeat { position += 1 } while position < bytes.count && !beginsSomething(bytes[position])
        guard checkUTF8(start, position) else { return .invalid }
        let run = String(decoding: bytes[start..<position], as: UTF8.self)
        let first = run.unicodeScalars.first ?? "?"
        let isHidden =
            first.properties.isWhitespace || first.properties.isDefaultIgnorableCodePoint || first.value < 0x20
            || first.value == 0x7F || first.value == 0xFEFF
        let shown = isHidden ? "U+" + paddedHexadecimal(first.value) : "'\(first)'"
        let end = position
        var hint: String?
        var fixIt: FixIt?
        if run == "&", position < bytes.count, isLetter(bytes[position]), isReference(at: start) {
            hint = "values are copied; there are no references"
            fixIt = FixIt(Span(source, start, position), "")
        } else if let replacement = likelyMark(run) {
            hint = "write '\(replacement)'"
            fixIt = FixIt(Span(source, start, position), replacement)
        } else if first == ";" {
            hint = "statements need no ';'"
            fixIt = FixIt(Span(source, start, position), "")
        } else if first.properties.isWhitespace {
            hint = "write an ordinary space"
            fixIt = FixIt(Span(source, start, position), " ")
        } else if first.properties.isDefaultIgnorableCodePoint {
            hint =
                start == 0 && first.value == 0xFEFF
                ? "save the file as UTF-8 without a byte order mark" : "it does not show: leave it out"
            fixIt = FixIt(Span(source, start, position), "")
        } else if first == "#" {
            hint = "a comment begins with '//'; there are no attributes"
            fixIt = FixIt(Span(source, start, start + 1), "//")
            // What a comment says is no code.
            while position < bytes.count, bytes[position] != 0x0A { position += 1 }
            if !checkUTF8(start, position) { return .invalid }
        } else if first == "@" {
            hint = "there are no attributes: who may call is said by 'action', 'view' and 'by'"
            skipWordBytes()
        } else if first == "^" {
            hint = "there are no operators on bits; pow(x, y, .nearest) is a power"
        } else if first.properties.isAlphabetic {
            hint = "names are made of the letters A-Z and a-z, digits and '_'"
        }
        bag.report(
            Diagnostic(
                .invalidCharacter, "\(shown) has no meaning here", at: Span(source, start, end), hint: hint,
                fixIt: fixIt))
        return .invalid
    }

    /// Does a value or type begin here, so that a mark before it can be no operator between two?
    private func isReference(at offset: Int) -> Bool {
        var before = offset
        while before > 0, bytes[before - 1] == 0x20 { before -= 1 }
        return before == 0 || "(,:<=[".utf8.contains(bytes[before - 1]) || bytes[before - 1] == 0x0A
    }

    private func likelyMark(_ run: String) -> String? {
        switch run {
        case "&": "&&"
        case "|": "||"
        case "\u{2212}", "\u{2013}": "-"
        case "\u{201C}", "\u{201D}", "'": "\""
        case "\u{00D7}": "*"
        case "\u{2264}": "<="
        case "\u{2265}": ">="
        case "\u{2260}": "!="
        default: nil
        }
    }

    private func beginsSomething(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D, 0x22: true
        case _ where isLetter(byte) || isDigit(byte): true
        default: "{}()[],:.=+-*/?|&!<>%".utf8.contains(byte)
        }
    }

    /// The mark that begins here, the longest first.
    private func mark() -> (TokenKind, Int)? {
        let next = byte(at: position + 1)
        switch bytes[position] {
        case 0x7B: return (.leftBrace, 1)
        case 0x7D: return (.rightBrace, 1)
        case 0x28: return (.leftParenthesis, 1)
        case 0x29: return (.rightParenthesis, 1)
        case 0x5B: return (.leftBracket, 1)
        case 0x5D: return (.rightBracket, 1)
        case 0x2C: return (.comma, 1)
        case 0x3A: return (.colon, 1)
        case 0x2E: return next == 0x2E && byte(at: position + 2) == 0x3C ? (.range, 3) : (.dot, 1)
        case 0x3D: return next == 0x3D ? (.equal, 2) : (.assign, 1)
        case 0x2B: return next == 0x3D ? (.addAssign, 2) : (.plus, 1)
        case 0x2D:
            if next == 0x3E { return (.arrow, 2) }
            return next == 0x3D ? (.subtractAssign, 2) : (.minus, 1)
        case 0x2A: return next == 0x3D ? (.multiplyAssign, 2) : (.star, 1)
        case 0x2F: return (.slash, 1)
        case 0x25: return (.percent, 1)
        case 0x3F: return next == 0x3F ? (.fallback, 2) : (.question, 1)
        case 0x7C: return next == 0x7C ? (.or, 2) : nil
        case 0x26: return next == 0x26 ? (.and, 2) : nil
        case 0x21: return next == 0x3D ? (.notEqual, 2) : (.not, 1)
        case 0x3C: return next == 0x3D ? (.lessOrEqual, 2) : (.less, 1)
        case 0x3E: return next == 0x3D ? (.greaterOrEqual, 2) : (.greater, 1)
        default: return nil
        }
    }

    private func byte(at offset: Int) -> UInt8? { offset < bytes.count ? bytes[offset] : nil }
}
