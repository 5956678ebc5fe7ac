import Diagnostics

/// What people write who come from other languages: recognised, named, and mended where the meaning is plain.
extension Parser {
    /// Words that Solidity, Rust and TypeScript put beside functions; who may call is said by `action`, `view`, `function`.
    static let foreignModifiers: Set<String> = [
        "public", "external", "internal", "pub", "export", "async", "static", "payable", "pure", "virtual", "override",
        "nonReentrant", "final", "private",
    ]

    mutating func reported(_ diagnostic: Diagnostic) -> ParseFailure {
        report(diagnostic)
        return ParseFailure()
    }

    /// Takes a token out, with the space behind it.
    func removal(of token: Token) -> FixIt {
        var end = token.end
        while end < source.bytes.count, source.bytes[end] == 0x20 { end += 1 }
        return FixIt(Span(source, token.start, end), "")
    }

    /// Skips words such as `public` behind parameters; each is reported.
    mutating func skipModifiers() {
        while kind.isName, !current.startsLine, Parser.foreignModifiers.contains(text(current)) {
            report(
                Diagnostic(
                    .unexpectedToken, "expected '->' or '{', found \(describe(current))", at: span(current),
                    label: "has no meaning here", hint: "an action or view is open to all, a function is private",
                    fixIt: removal(of: current)))
            advance()
        }
    }

    /// A result as other languages write it: `: Type`, `returns (Type)`, or without an arrow.
    mutating func foreignResult() throws(ParseFailure) -> TypeSyntax? {
        let first = current
        let hint = "a result is written '-> Type' after the parameters"
        if kind == .colon {
            advance()
            let result = try type()
            report(
                Diagnostic(
                    .unexpectedToken, "expected '->' or '{', found ':'", at: span(first), hint: hint,
                    fixIt: FixIt(Span(source, first.start, first.end), " ->")))
            return result
        }
        guard kind.isName, !current.startsLine else { return nil }
        if text(first) == "returns", nextKind == .leftParenthesis {
            advance()
            let opening = advance()
            let result = try type()
            if kind.isName { advance() }
            try close(.rightParenthesis, opening)
            report(
                Diagnostic(
                    .unexpectedToken, "expected '->' or '{', found \(describe(first))", at: span(first), hint: hint,
                    fixIt: FixIt(Span(source, first.start, previousEnd), "-> \(result.span.text)")))
            return result
        }
        guard nextKind == .leftBrace || nextKind == .less || nextKind == .question, kind == .name else { return nil }
        let result = try type()
        report(
            Diagnostic(
                .unexpectedToken, "expected '->' or '{', found \(describe(first))", at: span(first), hint: hint,
                fixIt: FixIt(Span(source, first.start, first.start), "-> ")))
        return result
    }

    /// `Int n` in place of `n: Int`.
    mutating func typeBeforeName(_ first: Identifier) -> ParameterSyntax? {
        guard kind.isName, !current.startsLine, nextKind != .colon else { return nil }
        let second = Identifier(text(current), span(current))
        let place = first.span.joined(second.span)
        report(
            Diagnostic(
                .unexpectedToken, "expected ':', found \(describe(current))", at: span(current), label: "expected ':'",
                hint: "a parameter is written 'name: Type'", fixIt: FixIt(place, "\(second.name): \(first.name)")))
        advance()
        return ParameterSyntax(
            name: second, type: TypeSyntax(name: first, arguments: [], isOptional: false, span: first.span))
    }

    /// Reports a comma between members and goes on behind it.
    mutating func acceptComma(_ what: String, _ hint: String) {
        report(
            Diagnostic(
                .unexpectedToken, "expected \(what), found ','", at: span(current), hint: hint,
                fixIt: FixIt(span(current), "")))
        advance()
    }

    /// After a comma: whether the list ends here nevertheless, which is reported.
    mutating func skipsTrailingComma(before closing: TokenKind) -> Bool {
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
    mutating func skipFatArrow() {
        guard kind == .assign, nextKind == .greater else { return }
        let first = advance()
        let arrow = Span(source, first.start, current.end)
        report(
            Diagnostic(
                .unexpectedToken, "expected '{', found '=>'", at: arrow, hint: "the block follows at once",
                fixIt: FixIt(arrow, "")))
        advance()
    }

    /// `mapping(K => V) name` as state of ours, when it is written so.
    var mappingFix: FixIt? {
        let end = min(position + 12, tokens.count - 1)
        let ahead = Array(tokens[position...end])
        let kinds: [TokenKind] = [.leftParenthesis, .name, .assign, .greater, .name, .rightParenthesis]
        guard ahead.count > kinds.count + 1, zip(ahead.dropFirst(), kinds).allSatisfy({ $0.kind == $1 }) else { return nil }
        var index = kinds.count + 1
        while index < ahead.count - 1, ["public", "private", "internal"].contains(text(ahead[index])) { index += 1 }
        guard ahead[index].kind.isName else { return nil }
        return FixIt(
            Span(source, current.start, ahead[index].end),
            "var \(text(ahead[index])): Map<\(text(ahead[2])), \(text(ahead[5]))>")
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
        guard nextKind == .text, position + 2 < tokens.count, tokens[position + 2].kind == .rightParenthesis else { return nil }
        return FixIt(Span(source, current.start, tokens[position + 1].end), "")
    }

    /// `import { A, B } from "path"`: names are not chosen, all of a file's are seen.
    var namedImport: Diagnostic? {
        guard kind != .text, !current.startsLine else { return nil }
        var index = position
        while index < tokens.count - 1, tokens[index].kind != .text, !tokens[index].startsLine { index += 1 }
        let path = tokens[index]
        guard path.kind == .text, !path.startsLine else { return nil }
        return Diagnostic(
            .unexpectedToken, "expected the path of a file as a text, found \(describe(current))", at: span(current),
            hint: "an import brings all declarations of the file",
            fixIt: FixIt(Span(source, current.start, path.start), ""))
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
    mutating func notAStatement(_ first: Token, _ target: ExpressionSyntax) -> ParseFailure {
        if case .name(let identifier) = target.kind, Parser.loopWords.contains(identifier.name) {
            report(
                Diagnostic(
                    .unexpectedToken, "expected a statement, found \(describe(first))", at: span(first),
                    label: "not a statement", hint: "every loop is bounded: 'for i in 0..<n max 1000 { … }'"))
            return ParseFailure()
        }
        if case .name(let identifier) = target.kind,
            let word = Parser.foreignWords[identifier.name]
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
        // `i++` is two operators to the lexer.
        let isTwice = kind == nextKind && tokens[min(position + 1, tokens.count - 1)].start == current.end
        let pair = Span(source, previousEnd, current.end + 1)
        switch kind {
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

    mutating func reportAfterReturn() {
        report(
            Diagnostic(
                .unexpectedToken, "nothing can follow 'return' in its block", at: span(current), label: "never reached"))
    }

    mutating func reportConstant() {
        report(
            Diagnostic(
                .unexpectedToken, "expected a statement, found 'const'", at: span(current), label: "not a statement",
                hint: "a constant has its place outside of functions; 'let' binds a value here",
                fixIt: FixIt(span(current), "let")))
    }

    /// `let mut name`
    mutating func skipMutable(_ word: Token) {
        guard kind.isName, nextKind.isName, text(current) == "mut" else { return }
        report(
            Diagnostic(
                .unexpectedToken, "expected a name, found \(describe(current))", at: span(current),
                hint: "what changes is bound with 'var'", fixIt: FixIt(Span(source, word.start, current.end), "var")))
        advance()
    }

    /// `var n: Int` without a value.
    mutating func missingValue(_ type: TypeSyntax) -> ParseFailure {
        let isNumber =
            type.arguments.isEmpty && !type.isOptional && ["Int", "Amount", "Height", "Fixed"].contains(type.name.name)
        return unexpected(
            "'='", hint: "a variable begins with a value",
            fixIt: isNumber ? FixIt(Span(source, previousEnd, previousEnd), " = 0") : nil)
    }

    mutating func missingCaseDot() -> ParseFailure {
        unexpected(
            "'.'", hint: "a case is written 'case .name'", fixIt: FixIt(Span(source, current.start, current.start), "."))
    }

    mutating func rangeInsteadOfMember() -> ParseFailure {
        unexpected("the name of a member", hint: "a range is written 'a..<b'", fixIt: rangeFix)
    }

    mutating func messageOfRequirement() -> ParseFailure {
        unexpected("')'", hint: messageHint, fixIt: messageFix)
    }
}
