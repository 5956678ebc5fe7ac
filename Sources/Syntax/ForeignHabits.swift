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
        guard Parser.looksLikeType(text(first)) else { throw modifierAsRole(first) }
        let result = try type()
        report(
            Diagnostic(
                .unexpectedToken, "expected '->' or '{', found \(describe(first))", at: span(first), hint: hint,
                fixIt: FixIt(Span(source, first.start, first.start), "-> ")))
        return result
    }

    /// Is the word a type, of ours or as other languages write theirs?
    static func looksLikeType(_ word: String) -> Bool {
        word.first?.isUppercase == true
            || word.wholeMatch(of: /u?int\d*|[iuf]\d+|[ui]size|bool|address|string|str|bytes\d*|float|double/) != nil
    }

    /// `Int n`, or `n Int`, in place of `n: Int`.
    mutating func typeBeforeName(_ first: Identifier) throws(ParseFailure) -> ParameterSyntax? {
        guard kind.isName, !current.startsLine, nextKind != .colon else { return nil }
        if !Parser.looksLikeType(first.name), Parser.looksLikeType(text(current)) {
            report(
                Diagnostic(
                    .unexpectedToken, "expected ':', found \(describe(current))", at: span(current), label: "expected ':'",
                    hint: "a parameter is written 'name: Type'",
                    fixIt: FixIt(Span(source, first.span.end, first.span.end), ":")))
            return ParameterSyntax(name: first, type: try type())
        }
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

    mutating func reportAfterReturn() {
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
    mutating func missingElse() -> ParseFailure {
        let isComma = kind == .comma
        return unexpected(
            "'else'", hint: "a requirement says how it fails: 'require condition else Error'",
            fixIt: isComma
                ? FixIt(span(current), " else") : FixIt(Span(source, current.start, current.start), "else "))
    }

    /// `.name { … }` in a match, without `case`.
    mutating func reportMissingCase() {
        report(
            Diagnostic(
                .unexpectedToken, "expected 'case', found '.'", at: span(current), hint: "a case is written 'case .name'",
                fixIt: FixIt(Span(source, current.start, current.start), "case ")))
    }

    /// `self` among the parameters.
    mutating func receiver(_ name: Identifier) -> ParseFailure {
        unexpected(
            "':'", hint: "a contract's functions see its state as it is: leave 'self' out",
            fixIt: FixIt(name.span, ""))
    }

    /// `new Name(…)`: a struct is made by its name alone.
    mutating func skipNew() {
        report(
            Diagnostic(
                .unexpectedToken, "expected an expression, found the name 'new'", at: span(current),
                hint: "a struct is made by its name; a contract, in tests, by 'deploy'",
                fixIt: isInTest ? FixIt(span(current), "deploy") : removal(of: current)))
        advance()
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

    /// Declarations of other languages that nothing here takes the place of word by word.
    static let absentDeclarations = [
        "modifier": "who may act is a role: 'role owner = caller == admin', then 'action f() by owner'",
        "pragma": "a source names no version of the compiler: leave the line out",
        "using": "there are no extensions: call the function with the value as an argument",
        "impl": "functions stand in the contract itself",
        "mod": "a file is a module: 'import' brings what it declares",
        "library": "functions stand in a file, outside of contracts: 'import' brings them",
        "abstract": "what several contracts share is a component: 'use name: Component'",
        "class": "a contract has state and functions; values that go together are a struct",
    ]

    /// `function f() … view …`, as Solidity writes it; the word is reported.
    mutating func viewBehindParameters(from first: Token, _ functionName: Identifier) -> Token? {
        guard kind == .viewWord, !current.startsLine else { return nil }
        let word = advance()
        let head = source.text(Span(source, functionName.span.start, word.start))
        report(
            Diagnostic(
                .unexpectedToken, "expected '->' or '{', found 'view'", at: span(word),
                hint: "a view is declared by its own word: 'view \(shortened(functionName.name))(…) -> Type'",
                fixIt: FixIt(
                    Span(source, first.start, word.end), "view " + head.prefix(head.count - trailingSpaces(head)))))
        return word
    }

    private func trailingSpaces(_ text: String) -> Int { text.reversed().prefix { $0 == " " || $0 == "\n" }.count }

    /// The rest of such a function.
    mutating func foreignView(
        _ word: Token, _ functionName: Identifier, _ list: [ParameterSyntax], _ comment: String?
    ) throws(ParseFailure) -> FunctionSyntax {
        skipModifiers()
        var result = try foreignResult()
        if result == nil, accept(.arrow) { result = try type() }
        return FunctionSyntax(
            kind: .view, name: functionName, parameters: list, result: result, role: nil, during: nil, body: try block(),
            documentation: comment)
    }

    /// `onlyOwner` behind the parameters: a modifier that says who may call.
    mutating func modifierAsRole(_ word: Token) -> ParseFailure {
        reported(
            Diagnostic(
                .unexpectedToken, "expected '->' or '{', found \(describe(word))", at: span(word),
                hint: "who may call an action is a role: 'role owner = caller == admin', then 'action f() by owner'"))
    }

    /// `[T]`, `[K: V]`
    mutating func bracketedType() -> ParseFailure {
        let kinds = tokens[position...].prefix(5).map(\.kind)
        guard kinds.count == 5, kinds[1].isName, kinds[2] == .colon, kinds[3].isName, kinds[4] == .rightBracket else {
            return unexpected("a type", hint: "a list is written 'List<Type, n>', with the most elements it may have")
        }
        let (key, value) = (text(tokens[position + 1]), text(tokens[position + 3]))
        return unexpected(
            "a type", hint: "a map is written 'Map<\(key), \(value)>'",
            fixIt: FixIt(Span(source, current.start, tokens[position + 4].end), "Map<\(key), \(value)>"))
    }

    /// `var n = 0` as state.
    mutating func missingStateType(_ stateName: Identifier) -> ParseFailure {
        let type: String? =
            switch nextKind {
            case .integer, .minus: "Int"
            case .decimal: "Fixed"
            case .trueWord, .falseWord: "Bool"
            case .text: "Text"
            default: nil
            }
        return unexpected(
            "':'", hint: "state has a type: 'var \(shortened(stateName.name)): \(type ?? "Type")'",
            fixIt: type.map { FixIt(Span(source, previousEnd, previousEnd), ": \($0)") })
    }

    /// `for (var i = 0; …)`: goes on to the body.
    mutating func countingLoop() -> ParseFailure {
        let failure = unexpected(
            "a name", hint: "a loop runs over a range or a collection: 'for i in 0..<n max 1000 { … }'", begins: true)
        while kind != .leftBrace, kind != .end, !current.startsLine { advance() }
        return failure
    }

    mutating func missingBraces() -> ParseFailure {
        unexpected("'{'", hint: "what hangs on a condition stands in braces: 'if condition { … }'")
    }

    mutating func missingError() -> ParseFailure {
        unexpected("the name of an error", hint: "declare 'error Refused', then 'fail Refused'")
    }

    mutating func missingFailingBlock() -> ParseFailure {
        unexpected("'{'", hint: "what must fail stands in braces: 'expect failure Error { … }'")
    }

    mutating func assignmentAsCondition() -> ParseFailure { unexpected("'{'", hint: "'=' assigns, '==' compares") }

    mutating func actorAsMember() -> ParseFailure {
        unexpected("the name of a member", hint: "who acts stands behind the call: 'call(…) as actor'")
    }

    mutating func tuple() -> ParseFailure {
        unexpected("')'", hint: "there are no tuples: declare a struct for values that go together")
    }

    mutating func messageOfRequirement() -> ParseFailure {
        unexpected("')'", hint: messageHint, fixIt: messageFix)
    }
}
