import Diagnostics

extension Parser {
    func block() throws(ParseFailure) -> BlockSyntax {
        let opening = try expect(.leftBrace)
        try enter()
        defer { leave() }
        let outerBrackets = openBrackets
        defer { openBrackets = outerBrackets }
        let gapCount = gaps.count
        var statements: [StatementSyntax] = []
        var hasReturned = false
        while kind != .rightBrace {
            openBrackets = 0
            if skipInvalid() { continue }
            let before = position
            let braces = openBraces
            if isUnclosed(opening) {
                return BlockSyntax(statements: statements, span: span(from: opening.start), isBroken: true)
            }
            if hasReturned {
                hasReturned = false
                if skipsForeignOperator(braces: braces) { continue }
                reportAfterReturn()
            }
            do throws(ParseFailure) {
                if kind == .returnWord {
                    statements.append(try result())
                    hasReturned = true
                } else {
                    statements.append(try statement())
                }
            } catch {
                recoverStatement(from: before, braces: braces)
            }
        }
        advance()
        return BlockSyntax(
            statements: statements, span: span(from: opening.start), isBroken: gaps.count > gapCount)
    }

    // What recurses keeps small frames: these are functions of their own.

    /// A declaration on a new line: the block's brace is missing, which is reported. A constant further in is a binding
    /// of other habits.
    private func isUnclosed(_ opening: Token) -> Bool {
        guard kind == .end || kind != .constWord || !isIndented(current, beyond: opening),
            kind == .end || (beginsDeclarationHere && current.startsLine)
        else { return false }
        _ = unexpected("a statement or '}'", also: [Label(span(opening), "opened here")])
        noteGap(from: position)
        return true
    }

    private func skipsForeignOperator(braces: Int) -> Bool {
        guard foreignOperator != nil else { return false }
        let before = position
        _ = unexpected("an operator", begins: true)
        recoverInBlock(braces: braces)
        noteGap(from: before)
        return true
    }

    private func recoverStatement(from before: Int, braces: Int) {
        recoverInBlock(braces: braces)
        if position == before { advance() }
        noteGap(from: before)
    }

    private func result() throws(ParseFailure) -> StatementSyntax {
        let start = advance().start
        let value = kind == .rightBrace || Parser.beginsStatement(kind) ? nil : try expression()
        return StatementSyntax(.result(value), span(from: start))
    }

    func statement() throws(ParseFailure) -> StatementSyntax {
        let start = current.start
        let statementKind: StatementSyntax.Kind
        switch kind {
        case .letWord, .varWord: statementKind = try binding()
        case .constWord:
            reportConstant()
            statementKind = try binding()
        case .ifWord: return try conditional()
        case .forWord: statementKind = try loop()
        case .matchWord: statementKind = try match()
        case .requireWord: statementKind = try require()
        case .failWord:
            advance()
            if kind == .rightBrace { throw missingError() }
            statementKind = .fail(try failure())
        case .emitWord: statementKind = try emit()
        case .breakWord:
            advance()
            statementKind = .breakLoop
        case .continueWord:
            advance()
            statementKind = .continueLoop
        case .openWord: statementKind = try open()
        case .tryWord: statementKind = try attempt()
        case .advanceWord: statementKind = try advanceBlocks()
        case .expectWord: statementKind = try expectation()
        case .assumeWord:
            advance()
            statementKind = .assume(try expression())
        case .measureWord where nextKind == .leftBrace:
            advance()
            statementKind = .measure(try block())
        case .maximiseWord:
            advance()
            statementKind = .maximise(try expression())
        case .deployWord: statementKind = .expression(try deploy())
        case _ where kind.isName: statementKind = try assignmentOrCall()
        // Behind a character that has been reported, as the second operand of `a ^ b`.
        case _ where position > 0 && tokens[position - 1].kind == .invalid && !current.startsLine: throw ParseFailure()
        default:
            throw unexpected("a statement", hint: statementHint, begins: true)
        }
        return StatementSyntax(statementKind, span(from: start))
    }

    /// A statement of an interactive session: also a plain expression.
    func interactiveStatement() throws(ParseFailure) -> StatementSyntax {
        if Parser.beginsStatement(kind) { return try statement() }
        let start = current.start
        let value = try expression()
        if let assignment = try assignment(to: value) { return StatementSyntax(assignment, span(from: start)) }
        return StatementSyntax(.expression(try asActor(value)), span(from: start))
    }

    // MARK: Bindings and assignments

    private func binding() throws(ParseFailure) -> StatementSyntax.Kind {
        let word = advance()
        let isVariable = word.kind == .varWord
        if word.kind == .letWord { skipMutable(word) }
        let bindingName = try nameOfBinding()
        let type = accept(.colon) ? try type() : nil
        if kind == .leftBracket, nextKind == .rightBracket { throw bracketedArray() }
        if isVariable, kind != .assign, let type { throw missingValue(type) }
        try expect(.assign)
        let value = try asActor(try expression())
        return .binding(isVariable: isVariable, name: bindingName, type: type, value: value)
    }

    private func assignment(to target: ExpressionSyntax) throws(ParseFailure) -> StatementSyntax.Kind? {
        guard let op = AssignmentOperator(rawValue: kind.rawValue) else { return nil }
        advance()
        return .assignment(target: target, op: op, value: try asActor(try expression()))
    }

    private func assignmentOrCall() throws(ParseFailure) -> StatementSyntax.Kind {
        let first = current
        let target = try postfix()
        if let assignment = try assignment(to: target) { return assignment }
        if case .call(let callee, _) = target.kind {
            if kind == .leftBrace, isLoopWord(callee) { throw notAStatement(first, callee) }
            return .expression(try asActor(target))
        }
        throw notAStatement(first, target)
    }

    /// What other languages call our statements.
    static let foreignWords = [
        "elif": "else if", "elsif": "else if", "elseif": "else if", "switch": "match", "assert": "require",
        "throw": "fail", "revert": "fail", "raise": "fail",
        "panic": "fail", "guard": "require", "ensure": "require", "mut": "var", "new": "deploy",
    ]

    /// Loops of other languages that may never end: none of our words replaces them.
    static let loopWords: Set<String> = ["while", "loop", "repeat", "do"]

    static let statementWords = [
        "let", "var", "if", "for", "match", "require", "fail", "emit", "break", "continue", "open", "try", "advance",
        "expect", "assume", "return", "deploy",
    ]

    /// `[ "as" postfix ]` after a value.
    func asActor(_ value: ExpressionSyntax) throws(ParseFailure) -> ExpressionSyntax {
        guard accept(.asWord) else { return value }
        let valueHeight = height
        try enter()
        let actor = try postfix()
        leave()
        try raise(over: valueHeight)
        return ExpressionSyntax(.asActor(value, actor: actor), span(from: value.span.start))
    }

    // MARK: Control flow

    private func conditional() throws(ParseFailure) -> StatementSyntax {
        let start = advance().start
        let condition = try condition()
        if Parser.beginsStatement(kind) || isUnbraced { throw missingBraces() }
        let then = try block()
        var otherwise: BlockSyntax?
        if accept(.elseWord) {
            if kind == .ifWord {
                try enter()
                let nested = try conditional()
                leave()
                otherwise = BlockSyntax(statements: [nested], span: nested.span)
            } else {
                otherwise = try block()
            }
        }
        return StatementSyntax(
            .conditional(condition: condition, then: then, otherwise: otherwise), span(from: start))
    }

    private func condition() throws(ParseFailure) -> ConditionSyntax {
        if accept(.letWord) {
            let bindingName = try name()
            try expect(.assign)
            return .binding(name: bindingName, value: try expression())
        }
        let value = try expression()
        if kind == .assign { throw assignmentAsCondition() }
        return .expression(value)
    }

    private func loop() throws(ParseFailure) -> StatementSyntax.Kind {
        advance()
        var names: [Identifier] = []
        if kind == .leftParenthesis {
            let opening = advance()
            if kind == .letWord || kind == .varWord || kind.isName && nextKind.isName { throw countingLoop() }
            repeat { names.append(try name()) } while accept(.comma)
            try close(.rightParenthesis, opening, orElse: "','")
        } else {
            names.append(try name("a name or '('"))
        }
        try expect(.inWord, hint: foreignIn)
        let first = try expression()
        let sequence: SequenceSyntax = accept(.range) ? .range(from: first, to: try expression()) : .elements(first)
        let maximum = accept(.maxWord) ? try expression() : nil
        return .loop(names: names, sequence: sequence, maximum: maximum, body: try block())
    }

    private func match() throws(ParseFailure) -> StatementSyntax.Kind {
        advance()
        let subject = try expression()
        let opening = try expect(.leftBrace)
        var cases: [MatchCaseSyntax] = []
        while kind == .caseWord || kind == .dot {
            if !accept(.caseWord) { reportMissingCase() }
            guard accept(.dot) else { throw missingCaseDot() }
            let caseName = kind == .noneWord ? Identifier("none", span(advance())) : try name("the name of a case")
            var bindings: [Identifier] = []
            if kind == .leftParenthesis {
                let parenthesis = advance()
                repeat { bindings.append(try name()) } while accept(.comma)
                try close(.rightParenthesis, parenthesis, orElse: "','")
            }
            skipFatArrow()
            cases.append(MatchCaseSyntax(name: caseName, bindings: bindings, body: try block()))
        }
        let otherwise = accept(.elseWord) ? try block() : nil
        try close(.rightBrace, opening, orElse: otherwise == nil ? "'case', 'else'" : nil)
        return .match(subject: subject, cases: cases, otherwise: otherwise)
    }

    private func require() throws(ParseFailure) -> StatementSyntax.Kind {
        advance()
        let condition = try condition()
        if kind == .comma || isLonelyError { throw missingElse() }
        return .require(condition: condition, failure: accept(.elseWord) ? try failure() : nil)
    }

    private func failure() throws(ParseFailure) -> FailureSyntax {
        if kind == .text { throw textAsError() }
        var errorName = try name("the name of an error")
        if accept(.dot) {
            let member = try name("the name of an error")
            errorName = Identifier("\(errorName.name).\(member.name)", errorName.span.joined(member.span))
        }
        return FailureSyntax(name: errorName, arguments: kind == .leftParenthesis ? try arguments() : [])
    }

    private func emit() throws(ParseFailure) -> StatementSyntax.Kind {
        advance()
        let eventName = try name("the name of an event")
        guard kind == .leftParenthesis else { throw unexpected("'('") }
        return .emit(name: eventName, arguments: try arguments())
    }

    private func open() throws(ParseFailure) -> StatementSyntax.Kind {
        advance()
        let roundName = try name("the name of a round")
        let opening = try expect(.leftBracket, hint: "an instance is named by its key: 'open Round[key]'")
        let key = try expression()
        try close(.rightBracket, opening)
        let arguments = kind == .leftParenthesis ? try arguments() : []
        return .open(round: roundName, key: key, arguments: arguments)
    }

    private func attempt() throws(ParseFailure) -> StatementSyntax.Kind {
        advance()
        var resultName: Identifier?
        if accept(.letWord) {
            resultName = try name()
            try expect(.assign)
        }
        let call = try postfix()
        try expect(.gasWord, hint: "a 'try' says how much gas the call may use: 'gas n'")
        let gas = try expression()
        let then = try block()
        try expect(.failedWord, hint: "a 'try' says what to do when the call fails: 'failed { … }'")
        return .attempt(result: resultName, call: call, gas: gas, then: then, failed: try block())
    }

    private func advanceBlocks() throws(ParseFailure) -> StatementSyntax.Kind {
        advance()
        let count = try expression()
        return .advance(count, try timeUnit())
    }

    private func expectation() throws(ParseFailure) -> StatementSyntax.Kind {
        advance()
        guard accept(.failureWord) else { return .expect(try expression()) }
        let expected = kind == .leftBrace ? nil : try failure()
        if kind != .leftBrace { throw missingFailingBlock() }
        return .expectFailure(expected, body: try block())
    }
}
