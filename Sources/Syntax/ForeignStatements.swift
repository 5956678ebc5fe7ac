import Diagnostics

/// Statements as other languages write them: hints, and readings that let the rest be read.
extension Parser {
    /// What stands for numbers with units, where a number is followed by the unit's name.
    static let unitHints: [String: String] = {
        let time = "contracts count blocks; a phase may last 'for n days'"
        let money = "amounts are whole numbers of an asset's smallest unit"
        return [
            "blocks": "heights and lengths are plain numbers of blocks", "seconds": time, "minutes": time,
            "hours": time, "days": time, "ether": money, "gwei": money, "wei": money,
        ]
    }()

    /// What may have been meant by what begins no statement.
    var statementHint: String? {
        switch kind {
        case .assign: "'=' assigns, '==' compares"
        case .splitWord: "what a split gives is bound: 'let parts = split pot by weights else rest'"
        default: nil
        }
    }

    /// `if a:` and `if a then`
    func bracesHint(_ wanted: TokenKind) -> String? {
        guard wanted == .leftBrace, kind == .colon || kind == .thenWord else { return nil }
        return "what belongs together stands in braces: '{ … }'"
    }

    /// `while (a)` reads like a call.
    func isLoopWord(_ callee: ExpressionSyntax) -> Bool {
        if case .name(let word) = callee.kind { Parser.loopWords.contains(word.name) } else { false }
    }

    /// A condition in parentheses, and directly behind it, on the same line, what hangs on it.
    var isUnbraced: Bool {
        kind.isName && position > 0 && tokens[position - 1].kind == .rightParenthesis && !current.startsLine
            && [.assign, .addAssign, .subtractAssign, .leftParenthesis, .dot].contains(nextKind)
    }

    /// `for x of xs`
    var foreignIn: String? { kind.isName && text(current) == "of" ? "write 'for name in list'" : nil }

    /// The name that a binding declares; a word of the language in its place is reported and then taken for it.
    func nameOfBinding() throws(ParseFailure) -> Identifier {
        guard kind.isReserved, nextKind == .assign || nextKind == .colon else { return try name() }
        _ = unexpected("a name", hint: "'\(kind.rawValue)' is a word of the language and cannot be a name")
        let token = advance()
        return Identifier(text(token), span(token))
    }

    /// `let xs: Int[] = …`
    func bracketedArray() -> ParseFailure {
        unexpected("'='", hint: "a list is written 'List<Type, n>', with the most elements it may have")
    }

    /// `struct P { var x: Int }`
    func declaredField() -> ParseFailure {
        unexpected("a field or '}'", hint: "a field is written 'name: Type'", begins: true, fixIt: removal(of: current))
    }

    /// `fail "too small"`
    func textAsError() -> ParseFailure {
        unexpected("the name of an error", hint: "a failure has a name: declare 'error TooSmall', then name it here")
    }
}
