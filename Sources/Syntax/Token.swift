import Diagnostics

/// The kinds of token. The raw value is the token's text where the grammar quotes it.
public enum TokenKind: String, CaseIterable, Sendable {
    // Tokens whose text varies.
    case name = "a name"
    case integer = "a whole number"
    case decimal = "a decimal number"
    case text = "a text"
    case hexBytes = "hexadecimal bytes"
    /// Bytes that begin no token; already reported.
    case invalid = "an invalid character"
    case end = "the end of the file"

    // Marks.
    case leftBrace = "{"
    case rightBrace = "}"
    case leftParenthesis = "("
    case rightParenthesis = ")"
    case leftBracket = "["
    case rightBracket = "]"
    case comma = ","
    case colon = ":"
    case dot = "."
    case range = "..<"
    case arrow = "->"
    case assign = "="
    case addAssign = "+="
    case subtractAssign = "-="
    case multiplyAssign = "*="
    case question = "?"
    case fallback = "??"
    case or = "||"
    case and = "&&"
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case plus = "+"
    case minus = "-"
    case star = "*"
    case slash = "/"
    case percent = "%"
    case not = "!"

    // Reserved words.
    case importWord = "import"
    case structWord = "struct"
    case enumWord = "enum"
    case caseWord = "case"
    case interfaceWord = "interface"
    case viewWord = "view"
    case actionWord = "action"
    case constWord = "const"
    case functionWord = "function"
    case testWord = "test"
    case contractWord = "contract"
    case assetWord = "asset"
    case letWord = "let"
    case varWord = "var"
    case initWord = "init"
    case roleWord = "role"
    case eventWord = "event"
    case errorWord = "error"
    case duringWord = "during"
    case elseWord = "else"
    case forWord = "for"
    case ifWord = "if"
    case inWord = "in"
    case matchWord = "match"
    case returnWord = "return"
    case requireWord = "require"
    case failWord = "fail"
    case emitWord = "emit"
    case breakWord = "break"
    case continueWord = "continue"
    case openWord = "open"
    case tryWord = "try"
    case advanceWord = "advance"
    case expectWord = "expect"
    case failureWord = "failure"
    case assumeWord = "assume"
    case splitWord = "split"
    case drawWord = "draw"
    case deployWord = "deploy"
    case asWord = "as"
    case trueWord = "true"
    case falseWord = "false"
    case noneWord = "none"

    // Words only where the grammar asks for them; names elsewhere.
    case toWord = "to"
    case byWord = "by"
    case maxWord = "max"
    case gasWord = "gas"
    case failedWord = "failed"
    case blocksWord = "blocks"
    case secondsWord = "seconds"
    case minutesWord = "minutes"
    case hoursWord = "hours"
    case daysWord = "days"
    case whenWord = "when"
    case thenWord = "then"
    case orWord = "or"
    case commitWord = "commit"
    case revealWord = "reveal"
    case keepWord = "keep"
    case forfeitWord = "forfeit"
    case issuedWord = "issued"
    case nativeWord = "native"
    case phaseWord = "phase"
    case roundWord = "round"
    case sealedWord = "sealed"
    case beaconWord = "beacon"
    case freezesWord = "freezes"
    case atWord = "at"
    case mixingWord = "mixing"
    case fromWord = "from"
    case usingWord = "using"
    case settlementWord = "settlement"
    case overWord = "over"
    case splitsWord = "splits"
    case ofWord = "of"
    case feeWord = "fee"
    case componentWord = "component"
    case useWord = "use"
    case privateWord = "private"
    case propertyWord = "property"
    case invariantWord = "invariant"
    case stepWord = "step"
    case exploreWord = "explore"
    case alwaysWord = "always"
    case benchWord = "bench"
    case measureWord = "measure"
    case suiteWord = "suite"
    case maximiseWord = "maximise"

    /// Words that may also be names.
    public var isContextual: Bool {
        switch self {
        case .toWord, .byWord, .maxWord, .gasWord, .failedWord, .blocksWord, .secondsWord, .minutesWord, .hoursWord,
            .daysWord, .whenWord, .thenWord, .orWord, .commitWord, .revealWord, .keepWord, .forfeitWord, .issuedWord,
            .nativeWord, .phaseWord, .roundWord, .sealedWord, .beaconWord, .freezesWord, .atWord, .mixingWord,
            .fromWord, .usingWord, .settlementWord, .overWord, .splitsWord, .ofWord, .feeWord,
            .componentWord, .useWord, .privateWord,
            .propertyWord, .invariantWord, .stepWord, .exploreWord, .alwaysWord, .benchWord, .measureWord,
            .suiteWord:
            true
        default: false
        }
    }

    /// A name or a word that may stand as one.
    public var isName: Bool { self == .name || isContextual }

    /// Words that cannot be names.
    public var isReserved: Bool { Self.words[rawValue] != nil && !isContextual }

    /// As a message names it: `'{'`, `a name`.
    public var description: String {
        switch self {
        case .name, .integer, .decimal, .text, .hexBytes, .invalid, .end: rawValue
        default: "'\(rawValue)'"
        }
    }

    static let longestWordBytes = words.keys.map(\.utf8.count).max() ?? 0

    /// Every word of the grammar with its kind.
    static let words: [String: TokenKind] = {
        var table: [String: TokenKind] = [:]
        for kind in allCases where kind.rawValue.utf8.allSatisfy({ $0 >= 0x61 && $0 <= 0x7A }) {
            table[kind.rawValue] = kind
        }
        return table
    }()
}

/// One token and where the white space and comments before it begin.
public struct Token: Sendable {
    public let kind: TokenKind
    /// Byte offset at which the token's leading trivia (white space and comments) begins; where the token before ended.
    public let triviaStart: Int
    public let start: Int
    public let end: Int
    /// The token has the right kind but a wrong text, which has been reported.
    public let isMalformed: Bool
    /// Only white space and comments stand before it on its line.
    public let startsLine: Bool
}

/// A file as tokens. Nothing is lost: trivia and texts of all tokens, in order, are the file's bytes.
public struct SourceTokens: Sendable {
    public let source: SourceFile
    /// Ends with exactly one token of kind `end`.
    public let tokens: [Token]

    public func span(_ token: Token) -> Span { Span(source, token.start, token.end) }

    public func text(_ token: Token) -> String {
        String(decoding: source.bytes[token.start..<token.end], as: UTF8.self)
    }

    /// The white space and comments before a token.
    public func trivia(_ token: Token) -> String {
        String(decoding: source.bytes[token.triviaStart..<token.start], as: UTF8.self)
    }

    /// The file put together again from trivia and token texts.
    public var joinedBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(source.bytes.count)
        for token in tokens {
            bytes += source.bytes[token.triviaStart..<token.start]
            bytes += source.bytes[token.start..<token.end]
        }
        return bytes
    }
}
