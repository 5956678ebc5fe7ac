import Diagnostics

/// What people write who come from other languages: recognised, named, and mended where the meaning is plain.
extension Parser {
    func reported(_ diagnostic: Diagnostic) -> ParseFailure {
        report(diagnostic)
        return ParseFailure()
    }

    /// Takes a token out, with the space behind it.
    func removal(of token: Token) -> FixIt {
        var end = token.end
        while end < source.bytes.count, source.bytes[end] == 0x20 { end += 1 }
        return FixIt(Span(source, token.start, end), "")
    }

    /// After a comma: whether the list ends here nevertheless, which is reported.
    func skipsTrailingComma(before closing: TokenKind) -> Bool {
        guard kind == closing, position > 0 else { return false }
        let comma = tokens[position - 1]
        report(
            Diagnostic(
                .unexpectedToken, "expected an expression, found \(closing.description)", at: span(current),
                also: [Label(span(comma), "one too many")], hint: "no ',' stands before the closing bracket",
                fixIt: FixIt(span(comma), "")))
        return true
    }

    /// `case .a => { … }`: the arrow says nothing.
    func skipFatArrow() {
        guard kind == .assign, nextKind == .greater else { return }
        let first = advance()
        let arrow = Span(source, first.start, current.end)
        report(
            Diagnostic(
                .unexpectedToken, "expected '{', found '=>'", at: arrow, hint: "the block follows at once",
                fixIt: FixIt(arrow, "")))
        advance()
    }

    /// Behind the first dot of `a..b`, `a...b` (up to and with b) or `a..=b` (the same).
    var rangeFix: FixIt? {
        guard kind == .dot, position > 0 else { return nil }
        let first = tokens[position - 1]
        let next = tokens[min(position + 1, tokens.count - 1)]
        guard current.start == first.end else { return nil }
        let isClosed = (next.kind == .dot || next.kind == .assign) && next.start == current.end
        return FixIt(Span(source, first.start, isClosed ? next.end : current.end), isClosed ? "..<1 + " : "..<")
    }

    var messageHint: String { "a failure has a name: declare 'error TooSmall', then 'require … else TooSmall'" }

    /// `require(condition, "text")`: without the text.
    var messageFix: FixIt? {
        guard nextKind == .text, position + 2 < tokens.count, tokens[position + 2].kind == .rightParenthesis else {
            return nil
        }
        return FixIt(Span(source, current.start, tokens[position + 1].end), "")
    }

    /// Does the line of this token begin further in than that of the brace?
    func isIndented(_ token: Token, beyond opening: Token) -> Bool {
        func indentation(_ offset: Int) -> Int {
            let line = source.position(of: offset).line
            let start = source.lineOffsets[line - 1]
            var end = start
            while end < source.bytes.count, source.bytes[end] == 0x20 || source.bytes[end] == 0x09 { end += 1 }
            return end - start
        }
        return indentation(token.start) > indentation(opening.start)
    }

    // Diagnostics are made in functions of their own: what recurses keeps small frames.

    /// What stands where a statement should and is neither an assignment nor a call.
    func notAStatement(_ first: Token, _ target: ExpressionSyntax) -> ParseFailure {
        if case .name(let identifier) = target.kind, Parser.loopWords.contains(identifier.name) {
            report(
                Diagnostic(
                    .unexpectedToken, "expected a statement, found \(describe(first))", at: span(first),
                    label: "not a statement", hint: "every loop is bounded: 'for i in 0..<n max 1000 { … }'"))
            return ParseFailure()
        }
        if case .name(let identifier) = target.kind, ["delete", "del"].contains(identifier.name) {
            return reported(
                Diagnostic(
                    .unexpectedToken, "expected a statement, found \(describe(first))", at: span(first),
                    label: "not a statement", hint: "an entry of a map goes by 'map.remove(key)'"))
        }
        if case .name(let identifier) = target.kind,
            let word = (isInTest && identifier.name == "assert" ? "expect" : Parser.foreignWords[identifier.name])
                ?? didYouMean(identifier.name, among: Parser.statementWords)
        {
            report(
                Diagnostic(
                    .unexpectedToken, "expected a statement, found \(describe(first))", at: span(first),
                    label: "not a statement", hint: "did you mean '\(word)'?", fixIt: FixIt(span(first), word)))
            return ParseFailure()
        }
        if case .name(let type) = target.kind, kind.isName, nextKind == .assign, !current.startsLine {
            return reported(
                Diagnostic(
                    .unexpectedToken, "expected '=' or a call, found \(describe(current))", at: span(current),
                    hint: "a value is bound by 'let name: Type = …', one that changes by 'var'",
                    fixIt: FixIt(Span(source, first.start, current.end), "var \(text(current)): \(type.name)")))
        }
        if case .name(let unit) = target.kind, let hint = Parser.unitHints[unit.name], position > 1,
            [.integer, .decimal].contains(tokens[position - 2].kind)
        {
            return reported(
                Diagnostic(
                    .unexpectedToken, "a number has no unit here, found \(describe(first))", at: span(first), hint: hint
                ))
        }
        if kind == .slash || kind == .percent, nextKind == .assign {
            let name = shortened(target.span.text)
            return unexpected(
                "'=' or a call",
                hint: kind == .slash
                    ? "write it out, and how it is rounded: '\(name) = floor(\(name) / …)'"
                    : "write it out: '\(name) = \(name) % …'")
        }
        // `i++` is two operators to the lexer.
        let isTwice = kind == nextKind && tokens[min(position + 1, tokens.count - 1)].start == current.end
        let pair = Span(source, previousEnd, current.end + 1)
        switch kind {
        case .rightBrace where hasResult:
            return unexpected(
                "'=' or a call", hint: "to give it as the result, write 'return \(shortened(target.span.text))'",
                fixIt: FixIt(Span(source, target.span.start, target.span.start), "return "))
        case .equal: return unexpected("'=' or a call", hint: "'=' assigns, '==' compares")
        case .plus:
            return unexpected(
                "'=' or a call", hint: "to count up, write '\(target.span.text) += 1'",
                fixIt: isTwice ? FixIt(pair, " += 1") : nil)
        case .minus:
            return unexpected(
                "'=' or a call", hint: "to count down, write '\(target.span.text) -= 1'",
                fixIt: isTwice ? FixIt(pair, " -= 1") : nil)
        default:
            return unexpected(
                "'=' or a call", hint: "a statement changes something or calls something; a value alone does nothing")
        }
    }

    func reportAfterReturn() {
        var hint: String?
        if !current.startsLine {
            if kind == .inWord { hint = "whether something is in a map or a list: 'xs.contains(x)'" }
            if kind == .leftBrace { hint = "a struct is made by its name: 'Point(x: 1, y: 2)'" }
        }
        report(
            Diagnostic(
                .unexpectedToken, "nothing can follow 'return' in its block", at: span(current), label: "never reached",
                hint: hint))
    }

    /// A name with a capital that nothing is done with: behind a condition, what it fails with.
    var isLonelyError: Bool {
        let next = tokens[min(position + 1, tokens.count - 1)]
        return kind.isName && !current.startsLine && (next.kind == .rightBrace || next.startsLine)
            && text(current).first?.isUppercase == true
    }

    /// `new Name(`
    var isNew: Bool {
        kind.isName && nextKind.isName && text(current) == "new" && position + 2 < tokens.count
            && !tokens[position + 1].startsLine && tokens[position + 2].kind == .leftParenthesis
    }

    /// `require condition, Error`, `require condition Error`
    func missingElse() -> ParseFailure {
        let isComma = kind == .comma
        return unexpected(
            "'else'", hint: "a requirement says how it fails: 'require condition else Error'",
            fixIt: isComma
                ? FixIt(span(current), " else") : FixIt(Span(source, current.start, current.start), "else "))
    }

    /// `.name { … }` in a match, without `case`.
    func reportMissingCase() {
        report(
            Diagnostic(
                .unexpectedToken, "expected 'case', found '.'", at: span(current),
                hint: "a case is written 'case .name'",
                fixIt: FixIt(Span(source, current.start, current.start), "case ")))
    }

    /// `new Name(…)`: a struct is made by its name alone.
    func skipNew() {
        report(
            Diagnostic(
                .unexpectedToken, "expected an expression, found the name 'new'", at: span(current),
                hint: "a struct is made by its name; a contract, in tests, by 'deploy'",
                fixIt: isInTest ? FixIt(span(current), "deploy") : removal(of: current)))
        advance()
    }

    func reportConstant() {
        report(
            Diagnostic(
                .unexpectedToken, "expected a statement, found 'const'", at: span(current), label: "not a statement",
                hint: "a constant has its place outside of functions; 'let' binds a value here",
                fixIt: FixIt(span(current), "let")))
    }

    /// `let mut name`
    func skipMutable(_ word: Token) {
        guard kind.isName, nextKind.isName, text(current) == "mut" else { return }
        report(
            Diagnostic(
                .unexpectedToken, "expected a name, found \(describe(current))", at: span(current),
                hint: "what changes is bound with 'var'", fixIt: FixIt(Span(source, word.start, current.end), "var")))
        advance()
    }

    /// `var n: Int` without a value.
    func missingValue(_ type: TypeSyntax) -> ParseFailure {
        let isNumber =
            type.arguments.isEmpty && !type.isOptional && ["Int", "Amount", "Height", "Fixed"].contains(type.name.name)
        return unexpected(
            "'='", hint: "a variable begins with a value",
            fixIt: isNumber ? FixIt(Span(source, previousEnd, previousEnd), " = 0") : nil)
    }

    func missingCaseDot() -> ParseFailure {
        if [.integer, .text, .trueWord, .falseWord].contains(kind) {
            return unexpected("'.'", hint: "'match' goes over enums and options; other values are compared by 'if'")
        }
        return unexpected(
            "'.'", hint: "a case is written 'case .name'", fixIt: FixIt(Span(source, current.start, current.start), ".")
        )
    }

    func rangeInsteadOfMember() -> ParseFailure {
        unexpected("the name of a member", hint: "a range is written 'a..<b'", fixIt: rangeFix)
    }

    /// `for (var i = 0; …)`: goes on to the body.
    func countingLoop() -> ParseFailure {
        let failure = unexpected(
            "a name", hint: "a loop runs over a range or a collection: 'for i in 0..<n max 1000 { … }'", begins: true)
        while kind != .leftBrace, kind != .end, !current.startsLine { advance() }
        return failure
    }

    func missingBraces() -> ParseFailure {
        unexpected("'{'", hint: "what hangs on a condition stands in braces: 'if condition { … }'")
    }

    func missingError() -> ParseFailure {
        unexpected("the name of an error", hint: "declare 'error Refused', then 'fail Refused'")
    }

    func missingFailingBlock() -> ParseFailure {
        unexpected("'{'", hint: "what must fail stands in braces: 'expect failure Error { … }'")
    }

    func assignmentAsCondition() -> ParseFailure { unexpected("'{'", hint: "'=' assigns, '==' compares") }

    func actorAsMember() -> ParseFailure {
        unexpected("the name of a member", hint: "who acts stands behind the call: 'call(…) as actor'")
    }

    func tuple() -> ParseFailure {
        unexpected("')'", hint: "there are no tuples: declare a struct for values that go together")
    }

    func messageOfRequirement() -> ParseFailure {
        unexpected("')'", hint: messageHint, fixIt: messageFix)
    }
}
