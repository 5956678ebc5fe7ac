import Diagnostics

/// Declarations, parameters and types as other languages write them.
extension Parser {
    /// Words that Solidity, Rust and TypeScript put beside functions; who may call is said by `action`, `view`,
    /// `function`.
    static let foreignModifiers: Set<String> = [
        "public", "external", "internal", "pub", "export", "async", "static", "payable", "pure", "virtual", "override",
        "nonReentrant", "final", "private",
    ]

    /// Skips words such as `public` behind parameters; each is reported.
    func skipModifiers() {
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
    func foreignResult() throws(ParseFailure) -> TypeSyntax? {
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
    func typeBeforeName(_ first: Identifier) throws(ParseFailure) -> ParameterSyntax? {
        guard kind.isName, !current.startsLine, nextKind != .colon else { return nil }
        if !Parser.looksLikeType(first.name), Parser.looksLikeType(text(current)) {
            report(
                Diagnostic(
                    .unexpectedToken, "expected ':', found \(describe(current))", at: span(current),
                    label: "expected ':'",
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
    func acceptComma(_ what: String, _ hint: String) {
        report(
            Diagnostic(
                .unexpectedToken, "expected \(what), found ','", at: span(current), hint: hint,
                fixIt: FixIt(span(current), "")))
        advance()
    }

    /// `mapping(K => V) name` as state of ours, when it is written so.
    var mappingFix: FixIt? {
        let end = min(position + 12, tokens.count - 1)
        let ahead = Array(tokens[position...end])
        let kinds: [TokenKind] = [.leftParenthesis, .name, .assign, .greater, .name, .rightParenthesis]
        guard ahead.count > kinds.count + 1, zip(ahead.dropFirst(), kinds).allSatisfy({ $0.kind == $1 }) else {
            return nil
        }
        var index = kinds.count + 1
        while index < ahead.count - 1, ["public", "private", "internal"].contains(text(ahead[index])) { index += 1 }
        guard ahead[index].kind.isName else { return nil }
        return FixIt(
            Span(source, current.start, ahead[index].end),
            "var \(text(ahead[index])): Map<\(text(ahead[2])), \(text(ahead[5]))>")
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

    /// `self` among the parameters.
    func receiver(_ name: Identifier) -> ParseFailure {
        unexpected(
            "':'", hint: "a contract's functions see its state as it is: leave 'self' out",
            fixIt: FixIt(name.span, ""))
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
    func viewBehindParameters(from first: Token, _ functionName: Identifier) -> Token? {
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
    func foreignView(
        _ word: Token, _ functionName: Identifier, _ list: [ParameterSyntax], _ comment: String?
    ) throws(ParseFailure) -> FunctionSyntax {
        skipModifiers()
        var result = try foreignResult()
        if result == nil, accept(.arrow) { result = try type() }
        return FunctionSyntax(
            kind: .view, name: functionName, parameters: list, result: result, role: nil, during: nil,
            body: try block(),
            documentation: comment)
    }

    /// `onlyOwner` behind the parameters: a modifier that says who may call.
    func modifierAsRole(_ word: Token) -> ParseFailure {
        if ["throws", "rethrows", "async"].contains(text(word)) {
            return reported(
                Diagnostic(
                    .unexpectedToken, "expected '->' or '{', found \(describe(word))", at: span(word),
                    hint: "every call may fail, and then nothing of it remains: leave the word out",
                    fixIt: removal(of: word)))
        }
        return reported(
            Diagnostic(
                .unexpectedToken, "expected '->' or '{', found \(describe(word))", at: span(word),
                hint: "who may call an action is a role: 'role owner = caller == admin', then 'action f() by owner'"))
    }

    /// `[T]`, `[K: V]`
    func bracketedType() -> ParseFailure {
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
    func missingStateType(_ stateName: Identifier) -> ParseFailure {
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
}
