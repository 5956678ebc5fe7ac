import Diagnostics

extension Parser {
    /// `test`, `property`, `invariant` or `bench`.
    func test() throws(ParseFailure) -> TestSyntax {
        let word = advance()
        isInTest = true
        defer { isInTest = false }
        let (title, titleSpan) = try textLiteral("the name of the \(word.kind.rawValue) as a text")
        switch word.kind {
        case .propertyWord:
            let parameters = try generatedParameters(canBeEmpty: false)
            return TestSyntax(kind: .property(parameters), name: title, nameSpan: titleSpan, body: try block())
        case .invariantWord: return try invariant(title, titleSpan)
        case .benchWord:
            try expect(.forWord, hint: "a bench says for which sizes it runs: for n in [1, 10, 100] { … }")
            let size = try name()
            try expect(.inWord)
            let sizes = try expression()
            return TestSyntax(
                kind: .bench(size: size, sizes: sizes), name: title, nameSpan: titleSpan, body: try block())
        default: return TestSyntax(kind: .test, name: title, nameSpan: titleSpan, body: try block())
        }
    }

    /// `name: Type in a..<b, …` in parentheses.
    private func generatedParameters(canBeEmpty: Bool) throws(ParseFailure) -> [GeneratedSyntax] {
        let opening = try expect(.leftParenthesis)
        var parameters: [GeneratedSyntax] = []
        if canBeEmpty, accept(.rightParenthesis) { return parameters }
        repeat {
            let plain = try parameter()
            var range: (from: ExpressionSyntax, to: ExpressionSyntax)?
            if accept(.inWord) {
                let from = try expression()
                try expect(.range, hint: "limits are written 'in 0..<100'")
                range = (from, try expression())
            }
            parameters.append(GeneratedSyntax(name: plain.name, type: plain.type, range: range))
        } while accept(.comma)
        try close(.rightParenthesis, opening, orElse: "','")
        return parameters
    }

    // MARK: Invariants

    private enum InvariantPart { case step, explore, always }

    /// What of an invariant begins here, if it is no statement.
    private var invariantPart: InvariantPart? {
        switch kind {
        case .stepWord where nextKind.isName: .step
        case .exploreWord where nextKind.isName: .explore
        case .alwaysWord where nextKind == .leftBrace: .always
        default: nil
        }
    }

    private func invariant(_ title: String, _ titleSpan: Span) throws(ParseFailure) -> TestSyntax {
        let opening = try expect(.leftBrace)
        try enter()
        defer { leave() }
        let gapCount = gaps.count
        var setUp: [StatementSyntax] = []
        var steps: [StepSyntax] = []
        var always: [BlockSyntax] = []
        var setUpEnd = span(opening)
        while kind != .rightBrace {
            openBrackets = 0
            if skipInvalid() { continue }
            if kind == .end || (beginsDeclarationHere && current.startsLine) {
                throw unexpected(
                    always.isEmpty ? "a statement, a step, 'always' or '}'" : "'always' or '}'",
                    also: [Label(span(opening), "opened here")])
            }
            let before = position
            let braces = openBraces
            do throws(ParseFailure) {
                let part = invariantPart
                try checkOrder(part, hasSteps: !steps.isEmpty, hasAlways: !always.isEmpty)
                switch part {
                case .step: steps.append(try step())
                case .explore: steps.append(try explore())
                case .always:
                    advance()
                    always.append(try block())
                case nil:
                    let statement = try statement()
                    setUp.append(statement)
                    setUpEnd = statement.span
                }
            } catch {
                recoverInBlock(braces: braces)
                if position == before { advance() }
                noteGap(from: before)
            }
        }
        advance()
        let body = BlockSyntax(
            statements: setUp, span: span(opening).joined(setUpEnd), isBroken: gaps.count > gapCount)
        return TestSyntax(
            kind: .invariant(steps: steps, always: always), name: title, nameSpan: titleSpan, body: body)
    }

    private func checkOrder(
        _ part: InvariantPart?, hasSteps: Bool, hasAlways: Bool
    ) throws(ParseFailure) {
        if hasAlways, part != .always {
            throw unexpected("'always' or '}'", hint: "statements come first, then steps, then always", begins: true)
        }
        if hasSteps, part == nil {
            throw unexpected(
                "a step, 'always' or '}'", hint: "statements come first, then steps, then always", begins: true)
        }
    }

    private func step() throws(ParseFailure) -> StepSyntax {
        advance()
        let stepName = try name()
        return .step(name: stepName, parameters: try generatedParameters(canBeEmpty: true), body: try block())
    }

    private func explore() throws(ParseFailure) -> StepSyntax {
        advance()
        let contract = try name("the name of a deployed contract")
        try expect(.byWord, hint: "say who acts: explore contract by [alice, bob]")
        return .explore(contract: contract, actors: try expression())
    }
}

// MARK: Suites

extension Parser {
    func suite() throws(ParseFailure) -> SuiteSyntax {
        let first = try expect(.suiteWord)
        let comment = documentation(before: first)
        let suiteName = try name("the name of the suite")
        let parameters = try parameters(canBeEmpty: true)
        let opening = try expect(.leftBrace)
        var tests: [TestSyntax] = []
        while kind != .rightBrace {
            openBrackets = 0
            if skipInvalid() { continue }
            let before = position
            let braces = openBraces
            if kind == .end || kind == .contractWord || kind == .interfaceWord || kind == .importWord {
                _ = unexpected("a test or '}'", also: [Label(span(opening), "opened here")])
                noteGap(from: position)
                break
            }
            do throws(ParseFailure) {
                switch kind {
                case .testWord, .propertyWord, .invariantWord, .benchWord: tests.append(try test())
                case .functionWord:
                    throw unexpected("a test", hint: "a function stands beside the suite", begins: true)
                default: throw unexpectedWord("a test", among: ["test", "property", "invariant", "bench"])
                }
            } catch {
                recoverInMembers(braces: braces)
                if position == before { advance() }
                noteGap(from: before)
            }
        }
        _ = accept(.rightBrace)
        return SuiteSyntax(name: suiteName, parameters: parameters, tests: tests, documentation: comment)
    }

    /// `test Name(arguments)`
    func suiteUse() throws(ParseFailure) -> SuiteUseSyntax {
        let start = try expect(.testWord).start
        let suiteName = try name("the name of a suite")
        let given = try arguments()
        return SuiteUseSyntax(suite: suiteName, arguments: given, span: span(from: start))
    }
}
