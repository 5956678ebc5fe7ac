import Diagnostics

/// Thrown to leave the construct that cannot be read; the error has been reported.
struct ParseFailure: Error {}

/// Recursive descent over the tokens of one file. This part holds the cursor, errors and recovery; the extensions
/// follow the sections of the grammar.
final class Parser {
    let source: SourceFile
    let tokens: [Token]
    let bag: DiagnosticBag
    var position = 0
    /// Depth of recursion, held to `nestingLimit`, and the height of the expression read last: their sum is held to
    /// `treeDepthLimit`.
    var depth = 0
    var height = 0
    /// Round and square brackets open since the statement or member began.
    var openBrackets = 0
    /// Braces open where the current token stands.
    var openBraces = 0
    /// Whether the function being read has a result, and whether it is a test.
    var hasResult = false
    var isInTest = false
    /// Offsets at which errors for lack of more text were reported.
    private var isSilent = false
    private var endErrors: Set<Int> = []
    /// What was skipped.
    var gaps = SyntaxGaps()
    /// The first token of what is not read because it nests too deep.
    var unreadFrom: Int?

    init(_ sourceTokens: SourceTokens, _ bag: DiagnosticBag) {
        source = sourceTokens.source
        tokens = sourceTokens.tokens
        self.bag = bag
    }

    // MARK: Cursor

    var current: Token { tokens[position] }
    var kind: TokenKind { tokens[position].kind }
    var nextKind: TokenKind { tokens[min(position + 1, tokens.count - 1)].kind }
    /// Where the token before the current one ended.
    var previousEnd: Int { position > 0 ? tokens[position - 1].end : 0 }

    func text(_ token: Token) -> String { String(decoding: source.bytes[token.start..<token.end], as: UTF8.self) }
    func span(_ token: Token) -> Span { Span(source, token.start, token.end) }
    /// From an offset to the end of the token before the current one.
    func span(from start: Int) -> Span { Span(source, start, max(start, previousEnd)) }

    @discardableResult
    func advance() -> Token {
        let token = tokens[position]
        switch token.kind {
        case .leftParenthesis, .leftBracket: openBrackets += 1
        case .rightParenthesis, .rightBracket: openBrackets -= 1
        case .leftBrace: openBraces += 1
        case .rightBrace: openBraces -= 1
        default: break
        }
        if position < tokens.count - 1 { position += 1 }
        return token
    }

    func accept(_ wanted: TokenKind) -> Bool {
        guard kind == wanted else { return false }
        advance()
        return true
    }

    @discardableResult
    func expect(_ wanted: TokenKind, hint: String? = nil) throws(ParseFailure) -> Token {
        if kind == wanted { return advance() }
        throw unexpected(wanted.description, hint: hint ?? bracesHint(wanted), replacement: wanted)
    }

    func name(_ what: String = "a name") throws(ParseFailure) -> Identifier {
        if kind.isName {
            let token = advance()
            if token.end - token.start > nameLimitBytes { reportLongName(token) }
            return Identifier(text(token), span(token))
        }
        let hint = kind.isReserved ? "'\(kind.rawValue)' is a word of the language and cannot be a name" : nil
        throw unexpected(what, hint: hint)
    }

    private func reportLongName(_ token: Token) {
        report(
            Diagnostic(
                .limitExceeded, "a name has at most \(nameLimitBytes) characters, this has \(token.end - token.start)",
                at: span(token)))
    }

    /// The closing bracket that belongs to `opening`.
    @discardableResult
    func close(_ wanted: TokenKind, _ opening: Token, orElse other: String? = nil) throws(ParseFailure)
        -> Token
    {
        if kind == wanted { return advance() }
        let what = (other.map { $0 + " or " } ?? "") + wanted.description
        throw unexpected(what, also: [Label(span(opening), "opened here")])
    }

    // MARK: Errors

    /// The operator of another language that stands here as a name: `a and b`, or `not a` when a is next.
    var foreignOperator: (span: Span, replacement: String)? {
        guard kind.isName else { return nil }
        switch text(current) {
        case "and": return (span(current), "&&")
        case "or": return (span(current), "||")
        default: break
        }
        guard position > 0, tokens[position - 1].kind.isName, text(tokens[position - 1]) == "not" else { return nil }
        return (span(tokens[position - 1]), "!")
    }

    /// Reports that something else stands where `what` should. `begins`: `what` is where a construct would begin, so
    /// that the wrong token is to blame and not what is missing before it.
    func unexpected(
        _ what: String, also secondary: [Label] = [], hint: String? = nil, replacement: TokenKind? = nil,
        begins: Bool = false, fixIt: FixIt? = nil
    ) -> ParseFailure {
        let token = current
        if token.kind == .invalid { return ParseFailure() }
        var hint = hint
        var fixIt = fixIt
        if let replacement, token.kind.isName, TokenKind.words[replacement.rawValue] != nil,
            didYouMean(text(token), among: [replacement.rawValue]) != nil
        {
            hint = hint ?? "did you mean '\(replacement.rawValue)'?"
            fixIt = FixIt(span(token), replacement.rawValue)
        }
        if hint == nil, let foreign = foreignOperator {
            hint = "write '\(foreign.replacement)'"
            fixIt = FixIt(foreign.span, foreign.replacement)
        }
        // What is missing at the end of a line is shown there, not at the beginning of the next.
        let isLate = !begins && (token.startsLine || token.kind == .end) && position > 0
        let place = isLate ? Span(source, previousEnd, previousEnd) : span(token)
        // A comment without its end has taken what is missing.
        let isInComment = bag.diagnostics.contains { report in
            report.code == .unterminatedComment && report.primary.span.file === source
        }
        if token.kind == .end, isInComment { return ParseFailure() }
        report(
            Diagnostic(
                .unexpectedToken, "expected \(what), found \(describe(token))", at: place, label: "expected \(what)",
                also: secondary, hint: hint, fixIt: fixIt))
        return ParseFailure()
    }

    func report(_ diagnostic: Diagnostic) {
        guard !isSilent else { return }
        if kind == .end { endErrors.insert(diagnostic.primary.span.start) }
        gaps.count += 1
        bag.report(diagnostic)
    }

    /// Whether the error was that the text ends too early.
    func isAtEnd(_ diagnostic: Diagnostic) -> Bool {
        diagnostic.code == .unexpectedToken && endErrors.contains(diagnostic.primary.span.start)
    }

    func describe(_ token: Token) -> String {
        switch token.kind {
        case .name: "the name '\(shortened(text(token)))'"
        case .integer, .decimal, .hexBytes: "the number \(shortened(text(token)))"
        default: token.kind.description
        }
    }

    func shortened(_ text: String) -> String { text.utf8.count <= 40 ? text : text.prefix(40) + "…" }

    // MARK: Depth

    func enter() throws(ParseFailure) {
        depth += 1
        height = 0
        try checkDepth()
    }

    func leave() { depth -= 1 }

    /// After this error the rest of the file is not read: what it nests in is unknown.
    func checkDepth() throws(ParseFailure) {
        let isDeep = depth > nestingLimit
        guard isDeep || depth + height > treeDepthLimit else { return }
        report(
            Diagnostic(
                .nestingTooDeep,
                isDeep
                    ? "more than \(nestingLimit) levels of nesting"
                    : "more than \(treeDepthLimit) levels of nesting and operators in one chain",
                at: span(current), label: "too deep here",
                hint: "divide it into steps with 'let'; what follows in this file was not read"))
        isSilent = true
        // Noted when the stack is not so deep any more.
        unreadFrom = position
        position = tokens.count - 1
        throw ParseFailure()
    }

    // MARK: Recovery

    /// Notes, where a declaration that began with this token has failed, that even its name is missing.
    func noteFailure(from first: Int) {
        guard position == first + 1, !kind.isName else { return }
        gaps.hidesNames = true
    }

    /// Notes that the tokens from one on up to the current one are not in the tree.
    func noteGap(from first: Int, lacksDeclaration: Bool = false) {
        gaps.count += 1
        if lacksDeclaration { gaps.lacksDeclarations = true }
        for token in tokens[min(first, position)..<position] where token.kind.isName { gaps.names.insert(text(token)) }
    }

    /// Words that begin a declaration or member and nothing else.
    static func beginsDeclaration(_ kind: TokenKind) -> Bool {
        switch kind {
        case .importWord, .structWord, .enumWord, .interfaceWord, .contractWord, .constWord, .functionWord, .assetWord,
            .initWord, .roleWord, .eventWord, .errorWord, .actionWord, .viewWord, .testWord:
            true
        default: false
        }
    }

    /// As `beginsDeclaration`, with the words that do so only before a text.
    var beginsDeclarationHere: Bool {
        switch kind {
        case .propertyWord, .invariantWord, .benchWord: nextKind == .text
        default: Parser.beginsDeclaration(kind)
        }
    }

    static func beginsStatement(_ kind: TokenKind) -> Bool {
        switch kind {
        case .letWord, .varWord, .ifWord, .forWord, .matchWord, .requireWord, .failWord, .emitWord, .breakWord,
            .continueWord, .openWord, .tryWord, .advanceWord, .expectWord, .assumeWord, .maximiseWord, .returnWord:
            true
        default: false
        }
    }

    /// Skips what the lexer has reported already; whether there was any.
    func skipInvalid() -> Bool {
        guard kind == .invalid else { return false }
        while kind == .invalid { advance() }
        return true
    }

    /// Skips one bracketed group, however deep, without recursion.
    func skipGroup() {
        var level = 0
        repeat {
            switch kind {
            case .leftBrace: level += 1
            case .rightBrace: level -= 1
            case .end: return
            default: break
            }
            advance()
        } while level > 0
    }

    /// Goes on to where the next statement begins, or to the end of the block, inside which so many braces are open.
    /// Blocks on the way are read for their errors; what is left of braces that are no block, as those of a `match`, is
    /// skipped.
    func recoverInBlock(braces: Int) {
        while true {
            switch kind {
            case .end: return
            case _ where beginsDeclarationHere && current.startsLine: return
            case .rightBrace:
                if openBraces <= braces { return }
                advance()
            case .leftBrace: readSkippedBlock()
            case _ where openBraces > braces: advance()
            case _ where Parser.beginsStatement(kind): return
            case _ where kind.isName && current.startsLine && openBrackets <= 0: return
            default: advance()
            }
        }
    }

    /// Goes on to where the next declaration or member begins, or to the end of the braces of which so many are open.
    func recoverInMembers(braces: Int) {
        let start = position
        while true {
            switch kind {
            case .end: return
            case .rightBrace:
                if openBraces <= braces { return }
                advance()
            case .leftBrace:
                readSkippedBlock()
                if current.startsLine { return }
            case .roundWord, .sealedWord, .beaconWord, .settlementWord, .phaseWord, .useWord, .componentWord:
                if current.startsLine && nextKind.isName { return }
                advance()
            case .letWord, .varWord:
                if current.startsLine { return }
                advance()
            case _
            where kind.isName && current.startsLine && position > start && openBrackets <= 0
                && Parser.foreignFunctionWords.contains(text(current)):
                return
            case _ where beginsDeclarationHere && (current.startsLine || openBrackets <= 0): return
            default: advance()
            }
        }
    }

    private func readSkippedBlock() {
        let isBlock = Parser.beginsStatement(nextKind) || (nextKind.isName && !isField(position + 1))
        guard isBlock else { return skipGroup() }
        _ = try? block()
    }

    private func isField(_ index: Int) -> Bool {
        let after = tokens[min(index + 1, tokens.count - 1)].kind
        return after == .colon || after.isName
    }

    // MARK: Documentation

    /// The `///` lines that stand directly before a token.
    func documentation(before token: Token) -> String? {
        guard token.start - token.triviaStart >= 3 else { return nil }
        // Split as bytes: to Swift a carriage return and a line feed are one character.
        var lines = source.bytes[token.triviaStart..<token.start].split(
            separator: 0x0A, omittingEmptySubsequences: false
        )
        .map { line in String(decoding: line, as: UTF8.self).drop { $0 == " " || $0 == "\t" } }
        // What stands before the first line end belongs to the line of the token before; the last is indentation.
        if token.triviaStart > 0 { lines.removeFirst() }
        if !lines.isEmpty { lines.removeLast() }
        var collected: [Substring] = []
        for line in lines.reversed() {
            guard line.hasPrefix("///"), !line.hasPrefix("////") else { break }
            let content = line.hasSuffix("\r") ? line.dropFirst(3).dropLast() : line.dropFirst(3)
            collected.append(content.hasPrefix(" ") ? content.dropFirst() : content)
        }
        return collected.isEmpty ? nil : collected.reversed().joined(separator: "\n")
    }
}
