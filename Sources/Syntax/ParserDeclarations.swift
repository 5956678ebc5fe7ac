import Diagnostics

extension Parser {
    func file() -> FileSyntax {
        var imports: [ImportSyntax] = []
        var declarations: [DeclarationSyntax] = []
        while kind != .end {
            openBrackets = 0
            if skipInvalid() { continue }
            let before = position
            let braces = openBraces
            do throws(ParseFailure) {
                if kind == .importWord {
                    let place = span(current)
                    imports.append(try importDirective())
                    if !declarations.isEmpty {
                        report(
                            Diagnostic(
                                .unexpectedToken, "imports stand before all declarations", at: place,
                                hint: "move it to the beginning of the file"))
                    }
                } else {
                    declarations.append(try topLevelDeclaration())
                }
            } catch {
                noteFailure(from: before)
                if tokens[before].kind == .importWord {
                    gaps.hidesNames = true
                    while kind != .end, !current.startsLine { advance() }
                } else {
                    recoverInMembers(braces: braces)
                }
                // A brace too many has been reported.
                if kind == .rightBrace { advance() }
                if position == before { advance() }
                noteGap(from: before, lacksDeclaration: true)
            }
        }
        if let unreadFrom { noteGap(from: unreadFrom, lacksDeclaration: true) }
        return FileSyntax(source: source, imports: imports, declarations: declarations, gaps: gaps)
    }

    func interactive() -> InteractiveSyntax {
        var result = InteractiveSyntax(imports: [], declarations: [], statements: [], isIncomplete: false)
        while kind != .end {
            openBrackets = 0
            if skipInvalid() { continue }
            let before = position
            let braces = openBraces
            do throws(ParseFailure) {
                switch kind {
                case .importWord: result.imports.append(try importDirective())
                case .structWord, .enumWord, .interfaceWord, .contractWord, .constWord, .functionWord, .testWord:
                    result.declarations.append(try topLevelDeclaration())
                case .componentWord where nextKind.isName, .suiteWord where nextKind.isName:
                    result.declarations.append(try topLevelDeclaration())
                default:
                    result.statements.append(try interactiveStatement())
                }
            } catch {
                recoverInBlock(braces: braces)
                if kind == .rightBrace { advance() }
                if position == before { advance() }
            }
        }
        return result
    }

    private func importDirective() throws(ParseFailure) -> ImportSyntax {
        let start = try expect(.importWord).start
        if let habit = namedImport { throw reported(habit) }
        let path = try textLiteral("the path of a file as a text").value
        return ImportSyntax(path: path, span: span(from: start))
    }

    /// A text token's value and place.
    func textLiteral(_ what: String) throws(ParseFailure) -> (value: String, span: Span) {
        guard kind == .text else { throw unexpected(what) }
        let token = advance()
        return (textValue(token), span(token))
    }

    private func topLevelDeclaration() throws(ParseFailure) -> DeclarationSyntax {
        switch kind {
        case .structWord: return .structure(try structure())
        case .enumWord: return .enumeration(try enumeration())
        case .interfaceWord: return .interface(try interface())
        case .contractWord: return .contract(try contract())
        case .componentWord: return .component(try component())
        case .constWord: return .constant(try constant())
        case .functionWord: return .function(try function(.function))
        case .testWord where nextKind.isName: return .suiteUse(try suiteUse())
        case .testWord, .propertyWord, .invariantWord, .benchWord: return .test(try test())
        case .suiteWord: return .suite(try suite())
        case .rightBrace: throw unexpected("a declaration", hint: "this '}' closes nothing", begins: true)
        case .assetWord, .initWord, .roleWord, .eventWord, .errorWord, .actionWord, .viewWord, .letWord, .varWord:
            throw unexpected(
                "a declaration", hint: "'\(kind.rawValue)' stands inside a contract; is there a '}' too many above?",
                begins: true)
        default:
            throw unexpectedWord(
                "a declaration",
                among: [
                    "import", "struct", "enum", "interface", "contract", "component", "const", "function", "test",
                    "property", "invariant", "bench", "suite",
                ])
        }
    }

    /// What other languages call our functions: they begin a member even where another one could not be read.
    static let foreignFunctionWords: Set<String> = [
        "func", "fn", "def", "fun", "constructor", "modifier", "pub", "public",
    ]

    /// What other languages call our declarations.
    private static let foreignDeclarationWords = [
        "func": "function", "fn": "function", "def": "function", "fun": "function", "constructor": "init",
        "method": "action", "record": "struct", "trait": "interface", "protocol": "interface", "use": "import",
        "include": "import", "constant": "const", "state": "var",
    ]

    /// As `unexpected`, with the word that was probably meant.
    func unexpectedWord(_ what: String, among words: [String]) -> ParseFailure {
        let foreignWord = Parser.foreignDeclarationWords[text(current)].flatMap { words.contains($0) ? $0 : nil }
        if kind.isName, text(current) == "mapping", words.contains("var") {
            return unexpected(
                what, hint: "a map is state like any other: 'var name: Map<Key, Value>'", begins: true,
                fixIt: mappingFix)
        }
        if kind.isName, let hint = Parser.absentDeclarations[text(current)] {
            return unexpected(what, hint: hint, begins: true)
        }
        if kind.isName, nextKind.isName, Parser.foreignModifiers.contains(text(current)),
            let word = Parser.foreignDeclarationWords[text(tokens[position + 1])], words.contains(word)
        {
            let place = span(current).joined(span(tokens[position + 1]))
            return reported(
                Diagnostic(
                    .unexpectedToken, "expected \(what), found \(describe(current))", at: place,
                    label: "expected \(what)", hint: "an action or view is open to all, a function is private",
                    fixIt: FixIt(place, word)))
        }
        if kind.isName, Parser.foreignModifiers.contains(text(current)), Parser.beginsDeclaration(nextKind) {
            return reported(
                Diagnostic(
                    .unexpectedToken, "expected \(what), found \(describe(current))", at: span(current),
                    label: "has no meaning here", hint: "an action or view is open to all, a function is private",
                    fixIt: removal(of: current)))
        }
        guard kind.isName, let word = foreignWord ?? didYouMean(text(current), among: words) else {
            return unexpected(what, begins: true)
        }
        report(
            Diagnostic(
                .unexpectedToken, "expected \(what), found \(describe(current))", at: span(current),
                label: "expected \(what)", hint: "did you mean '\(word)'?", fixIt: FixIt(span(current), word)))
        return ParseFailure()
    }

    // MARK: Data

    func structure() throws(ParseFailure) -> StructSyntax {
        let start = try expect(.structWord).start
        let structName = try name("the name of the struct")
        let opening = try expect(.leftBrace)
        var fields: [ParameterSyntax] = []
        while kind.isName {
            fields.append(try parameter("field"))
            if kind == .comma { acceptComma("a field or '}'", "fields stand one after another, without commas") }
        }
        if kind == .varWord || kind == .letWord { throw declaredField() }
        try close(.rightBrace, opening, orElse: "a field")
        return StructSyntax(name: structName, fields: fields, span: span(from: start))
    }

    func enumeration() throws(ParseFailure) -> EnumSyntax {
        let start = try expect(.enumWord).start
        let enumName = try name("the name of the enum")
        let opening = try expect(.leftBrace)
        var cases: [EnumSyntax.Case] = []
        while kind == .caseWord || kind.isName {
            if !accept(.caseWord) {
                report(
                    Diagnostic(
                        .unexpectedToken, "expected 'case' or '}', found \(describe(current))", at: span(current),
                        hint: "each case is written 'case name'",
                        fixIt: FixIt(Span(source, current.start, current.start), "case ")))
            }
            let caseName = try name("the name of the case")
            let payload = kind == .leftParenthesis ? try parameters(canBeEmpty: false) : []
            cases.append(EnumSyntax.Case(name: caseName, payload: payload))
            if kind == .comma { acceptComma("'case' or '}'", "each case is written 'case name', without commas") }
        }
        try close(.rightBrace, opening, orElse: "'case'")
        return EnumSyntax(name: enumName, cases: cases, span: span(from: start))
    }

    private func interface() throws(ParseFailure) -> InterfaceSyntax {
        let start = try expect(.interfaceWord).start
        let interfaceName = try name("the name of the interface")
        let opening = try expect(.leftBrace)
        var methods: [InterfaceSyntax.Method] = []
        while kind == .viewWord || kind == .actionWord {
            let isView = advance().kind == .viewWord
            let methodName = try name("the name of the method")
            let list = try parameters(canBeEmpty: true)
            let result = accept(.arrow) ? try type() : nil
            methods.append(
                InterfaceSyntax.Method(isView: isView, name: methodName, parameters: list, result: result))
        }
        try close(.rightBrace, opening, orElse: "'view', 'action'")
        return InterfaceSyntax(name: interfaceName, methods: methods, span: span(from: start))
    }

    func constant() throws(ParseFailure) -> ConstantSyntax {
        try expect(.constWord)
        let constantName = try name("the name of the constant")
        let type = accept(.colon) ? try type() : nil
        try expect(.assign)
        return ConstantSyntax(name: constantName, type: type, value: try expression())
    }

    func parameter(_ what: String = "parameter") throws(ParseFailure) -> ParameterSyntax {
        let parameterName = try name()
        if parameterName.name == "self", kind != .colon { throw receiver(parameterName) }
        if let swapped = try typeBeforeName(parameterName) { return swapped }
        try expect(.colon, hint: "a \(what) is written 'name: Type'")
        return ParameterSyntax(name: parameterName, type: try type())
    }

    func parameters(canBeEmpty: Bool) throws(ParseFailure) -> [ParameterSyntax] {
        let opening = try expect(.leftParenthesis)
        var list: [ParameterSyntax] = []
        if canBeEmpty, accept(.rightParenthesis) { return list }
        repeat { list.append(try parameter()) } while accept(.comma)
        try close(.rightParenthesis, opening, orElse: "','")
        return list
    }

    // MARK: Functions

    /// A free function, or a contract's function, action, view or initializer.
    func function(_ functionKind: FunctionSyntax.Kind) throws(ParseFailure) -> FunctionSyntax {
        let first = advance()
        let comment = documentation(before: first)
        if kind.isName, nextKind.isName, Parser.foreignModifiers.contains(text(current)) {
            report(
                Diagnostic(
                    .unexpectedToken, "expected the name of the \(text(first)), found \(describe(current))",
                    at: span(current), label: "has no meaning here",
                    hint: "an action or view is open to all, a function is private", fixIt: removal(of: current)))
            advance()
        }
        let functionName =
            functionKind == .initializer ? Identifier("init", span(first)) : try name("the name of the \(text(first))")
        let list = try parameters(canBeEmpty: true)
        skipModifiers()
        if functionKind == .function, let view = viewBehindParameters(from: first, functionName) {
            return try foreignView(view, functionName, list, comment)
        }
        var result: TypeSyntax?
        if functionKind != .initializer, let foreign = try foreignResult() {
            result = foreign
        } else if functionKind == .view {
            try expect(.arrow, hint: "a view has a result: 'view name(…) -> Type'")
            result = try type()
        } else if functionKind != .initializer, accept(.arrow) {
            result = try type()
        }
        skipModifiers()
        let role = functionKind == .action && accept(.byWord) ? try name("the name of a role") : nil
        var during: FunctionSyntax.During?
        if functionKind == .action || functionKind == .view, accept(.duringWord) { during = try duringClause() }
        hasResult = result != nil
        defer { hasResult = false }
        return FunctionSyntax(
            kind: functionKind, name: functionName, parameters: list, result: result, role: role, during: during,
            body: try block(), documentation: comment)
    }

    private func duringClause() throws(ParseFailure) -> FunctionSyntax.During {
        let round = try name("the name of a round")
        let opening = try expect(.leftBracket, hint: "a phase is written 'Round[key].phase'")
        let key = try expression()
        try close(.rightBracket, opening)
        try expect(.dot)
        return FunctionSyntax.During(round: round, key: key, phase: try name("the name of a phase"))
    }

    // MARK: Types

    func type() throws(ParseFailure) -> TypeSyntax {
        try enter()
        defer { leave() }
        if kind == .leftBracket { throw bracketedType() }
        let typeName = try name("a type")
        var arguments: [TypeSyntax.Argument] = []
        if kind == .less {
            let opening = advance()
            repeat { arguments.append(try typeArgument()) } while accept(.comma)
            if kind == .greaterOrEqual {
                throw unexpected("'>'", hint: "put a space between '>' and '='")
            }
            try close(.greater, opening, orElse: "','")
        }
        let isOptional = accept(.question)
        height = 0
        return TypeSyntax(
            name: typeName, arguments: arguments, isOptional: isOptional, span: span(from: typeName.span.start))
    }

    private func typeArgument() throws(ParseFailure) -> TypeSyntax.Argument {
        if kind == .integer {
            let token = advance()
            return .integer(integerDigits(token), span(token))
        }
        guard kind == .leftBracket else {
            guard kind.isName else { throw unexpected("a type, a whole number or '['") }
            return .type(try type())
        }
        let opening = advance()
        var dimensions: [TypeSyntax.Dimension] = []
        repeat {
            if kind == .integer {
                let token = advance()
                dimensions.append(.integer(integerDigits(token), span(token)))
            } else {
                dimensions.append(.name(try name("a size: a whole number or a name")))
            }
        } while accept(.comma)
        try close(.rightBracket, opening, orElse: "','")
        return .dimensions(dimensions, span(from: opening.start))
    }
}
