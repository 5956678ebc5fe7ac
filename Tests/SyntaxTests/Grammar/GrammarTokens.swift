/// Cuts a text into terminals straight from the grammar: its quoted terminals and its lexical rules. Shares nothing
/// with the lexer of the module under test.
struct GrammarTokenizer {
    /// Number of each terminal: the quoted ones, then the lexical rules.
    let numbers: [String: Int]
    let names: [String]
    private let marks: [[UInt8]]
    private let reserved: Set<String>
    private let words: Set<String>

    static let lexicalRules = ["Name", "Integer", "Decimal", "HexBytes", "Text"]

    init(_ grammar: Grammar) {
        names = grammar.terminals + Self.lexicalRules
        numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        words = Set(grammar.terminals.filter { $0.first?.isLetter == true })
        marks = grammar.terminals.filter { $0.first?.isLetter != true }.map { Array($0.utf8) }
            .sorted { $0.count > $1.count }
        reserved = grammar.reservedWords
    }

    /// For each token the terminals it can stand for; nil when the text cannot be cut into tokens.
    func tokens(_ bytes: [UInt8]) -> [[Int]]? {
        guard String(validating: bytes, as: UTF8.self) != nil else { return nil }
        var result: [[Int]] = []
        var position = 0
        while true {
            guard let start = skipSpace(bytes, position) else { return nil }
            if start == bytes.count { return result }
            guard let (length, terminals) = token(bytes[start...]) else { return nil }
            result.append(terminals)
            position = start + length
        }
    }

    private func skipSpace(_ bytes: [UInt8], _ start: Int) -> Int? {
        var position = start
        while position < bytes.count {
            let rest = bytes[position...]
            if [9, 10, 13, 32].contains(bytes[position]) {
                position += 1
            } else if rest.starts(with: Array("//".utf8)) {
                position = rest.firstIndex(of: 10) ?? bytes.count
            } else if rest.starts(with: Array("/*".utf8)) {
                position += 2
                while true {
                    guard position + 1 < bytes.count else { return nil }
                    if bytes[position] == UInt8(ascii: "*"), bytes[position + 1] == UInt8(ascii: "/") { break }
                    position += 1
                }
                position += 2
            } else {
                break
            }
        }
        return position
    }

    private func token(_ rest: ArraySlice<UInt8>) -> (length: Int, terminals: [Int])? {
        let first = rest[rest.startIndex]
        if isWordByte(first), !isDecimalDigit(first) {
            let word = String(decoding: rest.prefix(while: isWordByte), as: UTF8.self)
            var terminals: [Int] = []
            if words.contains(word) { terminals.append(numbers[word]!) }
            if !reserved.contains(word) { terminals.append(numbers["Name"]!) }
            return (word.utf8.count, terminals)
        }
        for (rule, matcher) in [
            ("HexBytes", matchHexBytes), ("Decimal", matchDecimal), ("Integer", matchInteger), ("Text", matchText),
        ] {
            if let length = matcher(rest) { return (length, [numbers[rule]!]) }
        }
        for mark in marks where rest.starts(with: mark) {
            return (mark.count, [numbers[String(decoding: mark, as: UTF8.self)]!])
        }
        return nil
    }

    // MARK: The lexical rules, by name

    private func isWordByte(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || isDecimalDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
    }

    private func isDecimalDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Groups of digits joined by single underscores, with no word byte after them; how many bytes.
    private func digits(_ rest: ArraySlice<UInt8>) -> Int? {
        let run = rest.prefix(while: isWordByte)
        let groups = run.split(separator: UInt8(ascii: "_"), omittingEmptySubsequences: false)
        guard groups.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDecimalDigit) }) else { return nil }
        return run.count
    }

    private func matchInteger(_ rest: ArraySlice<UInt8>) -> Int? { digits(rest) }

    private func matchDecimal(_ rest: ArraySlice<UInt8>) -> Int? {
        guard let whole = digits(rest), rest.dropFirst(whole).first == UInt8(ascii: "."),
            let places = digits(rest.dropFirst(whole + 1))
        else { return nil }
        let count = rest.dropFirst(whole + 1).prefix(places).filter(isDecimalDigit).count
        return count <= 18 ? whole + 1 + places : nil
    }

    private func matchHexBytes(_ rest: ArraySlice<UInt8>) -> Int? {
        guard rest.starts(with: Array("0x".utf8)) else { return nil }
        let run = rest.dropFirst(2).prefix(while: isWordByte)
        let isHexadecimal = run.allSatisfy { Character(Unicode.Scalar($0)).isHexDigit }
        return !run.isEmpty && run.count % 2 == 0 && isHexadecimal ? run.count + 2 : nil
    }

    private func matchText(_ rest: ArraySlice<UInt8>) -> Int? {
        guard rest.first == UInt8(ascii: "\"") else { return nil }
        var isEscaped = false
        for (offset, byte) in rest.enumerated().dropFirst() {
            if byte == 10 || byte == 13 { return nil }
            if isEscaped {
                guard Array("\"\\nt".utf8).contains(byte) else { return nil }
                isEscaped = false
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "\"") {
                return offset + 1
            }
        }
        return nil
    }
}
