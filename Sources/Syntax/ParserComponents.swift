import Diagnostics

extension Parser {
    func component() throws(ParseFailure) -> ComponentSyntax {
        let first = try expect(.componentWord)
        let comment = documentation(before: first)
        let componentName = try name("the name of the component")
        let assets = try assetNames()
        let opening = try expect(.leftBrace)
        var members: [DeclarationSyntax] = []
        while kind != .rightBrace {
            openBrackets = 0
            if skipInvalid() { continue }
            let before = position
            let braces = openBraces
            if kind == .end || kind == .contractWord || kind == .interfaceWord || kind == .importWord {
                _ = unexpected("a member or '}'", also: [Label(span(opening), "opened here")])
                noteGap(from: position, lacksDeclaration: true)
                break
            }
            do throws(ParseFailure) {
                members.append(try componentMember())
            } catch {
                noteFailure(from: before)
                recoverInMembers(braces: braces)
                if position == before { advance() }
                noteGap(from: before, lacksDeclaration: true)
            }
        }
        _ = accept(.rightBrace)
        return ComponentSyntax(
            name: componentName, assets: assets, members: members, span: span(from: first.start),
            documentation: comment)
    }

    private func componentMember() throws(ParseFailure) -> DeclarationSyntax {
        switch kind {
        case .constWord: return .constant(try constant())
        case .structWord: return .structure(try structure())
        case .enumWord: return .enumeration(try enumeration())
        case .letWord, .varWord: return .state(try state())
        case .eventWord: return .event(try event())
        case .errorWord: return .error(try failureDeclaration())
        case .functionWord: return .function(try function(.function))
        case .privateWord:
            let first = advance()
            guard kind == .functionWord else { throw unexpected("'function'", hint: "state needs no 'private'") }
            var result = try function(.function)
            result.isPrivate = true
            result.documentation = documentation(before: first)
            return .function(result)
        case .actionWord, .viewWord, .initWord, .assetWord, .roleWord, .testWord:
            throw unexpected(
                "a member of the component",
                hint: kind == .testWord
                    ? "a test stands beside the component and deploys a contract that uses it"
                    : "the contract that uses the component declares its own \(kind.description)", begins: true)
        default:
            throw unexpectedWord(
                "a member of the component",
                among: ["const", "struct", "enum", "let", "var", "event", "error", "private", "function"])
        }
    }

    func use() throws(ParseFailure) -> UseSyntax {
        let start = try expect(.useWord).start
        let useName = try name("the name under which the contract knows the component")
        try expect(.colon, hint: "a component is used under a name: 'use name: Component'")
        let componentName = try name("the name of a component")
        let assets = try assetNames()
        return UseSyntax(name: useName, component: componentName, assets: assets, span: span(from: start))
    }

    /// `<A, B>`, or nothing.
    private func assetNames() throws(ParseFailure) -> [Identifier] {
        guard kind == .less else { return [] }
        let opening = advance()
        var assets: [Identifier] = []
        repeat { assets.append(try name("the name of an asset")) } while accept(.comma)
        try close(.greater, opening, orElse: "','")
        return assets
    }
}
