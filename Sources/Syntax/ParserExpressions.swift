import Diagnostics

extension Parser {
    func expression() throws(ParseFailure) -> ExpressionSyntax {
        try enter()
        defer { leave() }
        let condition = try operators(1)
        guard kind == .question else { return condition }
        return try ternary(condition)
    }

    private func ternary(_ condition: ExpressionSyntax) throws(ParseFailure) -> ExpressionSyntax {
        advance()
        let conditionHeight = height
        let first = try expression()
        try expect(.colon)
        let firstHeight = height
        let second = try expression()
        try raise(over: max(conditionHeight, firstHeight))
        return ExpressionSyntax(.ternary(condition, first, second), span(from: condition.span.start))
    }

    /// The height of a node over the part read last and parts read before.
    func raise(over other: Int) throws(ParseFailure) {
        height = max(height, other) + 1
        try checkDepth()
    }

    // MARK: Operators

    /// The grammar's levels, from `||` to `*`; comparison and `??` do not chain.
    private static func precedence(_ op: BinaryOperator) -> (level: Int, chains: Bool) {
        switch op {
        case .or: (1, true)
        case .and: (2, true)
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: (3, false)
        case .fallback: (4, false)
        case .add, .subtract: (5, true)
        case .multiply, .divide, .remainder: (6, true)
        }
    }

    private static func binaryOperator(_ kind: TokenKind) -> BinaryOperator? {
        switch kind {
        case .or: .or
        case .and: .and
        case .equal: .equal
        case .notEqual: .notEqual
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .fallback: .fallback
        case .plus: .add
        case .minus: .subtract
        case .star: .multiply
        case .slash: .divide
        case .percent: .remainder
        default: nil
        }
    }

    /// Operators of at least this level, by precedence climbing.
    private func operators(_ lowest: Int) throws(ParseFailure) -> ExpressionSyntax {
        var left = try prefix()
        // The highest level that may still follow: what binds tighter went into the right side.
        var highest = Int.max
        while let op = Parser.binaryOperator(kind) {
            let (level, chains) = Parser.precedence(op)
            guard level >= lowest else { break }
            guard level <= highest else {
                let hint =
                    op == .fallback
                    ? "group with parentheses: 'a ?? (b ?? c)'" : "join two comparisons with '&&'"
                throw unexpected("an operator other than \(kind.description)", hint: hint)
            }
            advance()
            let leftHeight = height
            try enter()
            let right = try operators(level + 1)
            leave()
            try raise(over: leftHeight)
            left = ExpressionSyntax(.binary(op, left, right), span(from: left.span.start))
            highest = chains ? level : level - 1
        }
        return left
    }

    private func prefix() throws(ParseFailure) -> ExpressionSyntax {
        switch kind {
        case .minus, .not:
            let token = advance()
            try enter()
            let operand = try prefix()
            leave()
            try raise(over: 0)
            let op: UnaryOperator = token.kind == .minus ? .negate : .not
            return ExpressionSyntax(.unary(op, operand), span(from: token.start))
        case .splitWord: return try split()
        case .drawWord: return try draw()
        case .deployWord: return try deploy()
        default: return try postfix()
        }
    }

    private func split() throws(ParseFailure) -> ExpressionSyntax {
        let start = advance().start
        let whole = try postfix()
        let wholeHeight = height
        try expect(.byWord, hint: "'split amount by weights else remainder'")
        let weights = try postfix()
        let weightsHeight = height
        try expect(.elseWord, hint: "where the whole goes when there is no weight: 'else remainder'")
        let remainder = try postfix()
        try raise(over: max(wholeHeight, weightsHeight))
        return ExpressionSyntax(
            .split(whole: whole, weights: weights, remainder: remainder), span(from: start))
    }

    private func draw() throws(ParseFailure) -> ExpressionSyntax {
        let start = advance().start
        let count = try postfix()
        let countHeight = height
        try expect(.fromWord, hint: "'draw count from members using beacon'")
        let members = try postfix()
        let membersHeight = height
        try expect(.usingWord, hint: "what the draw is decided by: 'using Round[key].beacon'")
        let beacon = try postfix()
        try raise(over: max(countHeight, membersHeight))
        return ExpressionSyntax(.draw(count: count, members: members, beacon: beacon), span(from: start))
    }

    func deploy() throws(ParseFailure) -> ExpressionSyntax {
        let start = try expect(.deployWord).start
        let contractName = try name("the name of a contract")
        guard kind == .leftParenthesis else { throw unexpected("'('") }
        let list = try arguments()
        let argumentsHeight = height
        let actor = accept(.asWord) ? try postfix() : nil
        try raise(over: argumentsHeight)
        return ExpressionSyntax(
            .deploy(contract: contractName, arguments: list, actor: actor), span(from: start))
    }

    // MARK: Postfix

    func postfix() throws(ParseFailure) -> ExpressionSyntax {
        var value = try primary()
        while true {
            let valueHeight = height
            switch kind {
            case .dot:
                advance()
                let member = try memberName()
                height = 0
                value = ExpressionSyntax(.member(value, member), span(from: value.span.start))
            case .leftParenthesis:
                let list = try arguments()
                value = ExpressionSyntax(.call(value, list), span(from: value.span.start))
            case .leftBracket:
                value = try element(of: value)
            default:
                return value
            }
            try raise(over: valueHeight)
        }
    }

    private func element(of value: ExpressionSyntax) throws(ParseFailure) -> ExpressionSyntax {
        let opening = advance()
        let index = try expression()
        if kind == .comma { throw secondIndex() }
        try close(.rightBracket, opening)
        return ExpressionSyntax(.index(value, index), span(from: value.span.start))
    }

    private func secondIndex() -> ParseFailure {
        unexpected("']'", hint: "one index; an element of a tensor is 't.at(i, j)'")
    }

    /// What stands behind a dot. (A function of its own: what recurses keeps small frames.)
    private func memberName() throws(ParseFailure) -> Identifier {
        if kind == .dot || kind == .range { throw rangeInsteadOfMember() }
        if kind == .asWord, nextKind == .leftParenthesis { throw actorAsMember() }
        return try name("the name of a member")
    }

    private func rejectComma(isRequired: Bool) throws(ParseFailure) {
        guard kind == .comma else { return }
        throw isRequired ? messageOfRequirement() : tuple()
    }

    /// `"(" [ arguments ] ")"`; leaves the greatest height of the values.
    func arguments() throws(ParseFailure) -> [ArgumentSyntax] {
        let opening = try expect(.leftParenthesis)
        var list: [ArgumentSyntax] = []
        var highest = 0
        if kind == .rightParenthesis {
            advance()
            height = 0
            return list
        }
        repeat {
            var label: Identifier?
            if kind.isName, nextKind == .colon {
                label = try name()
                advance()
            }
            list.append(ArgumentSyntax(label: label, value: try expression()))
            highest = max(highest, height)
        } while accept(.comma) && !skipsTrailingComma(before: .rightParenthesis)
        try close(.rightParenthesis, opening, orElse: "','")
        height = highest
        return list
    }

    // MARK: Primary

    func primary() throws(ParseFailure) -> ExpressionSyntax {
        switch kind {
        case .leftParenthesis: return try parenthesized()
        case .leftBracket: return try list()
        default: return try leaf()
        }
    }

    private func parenthesized() throws(ParseFailure) -> ExpressionSyntax {
        let isRequired = position > 0 && tokens[position - 1].kind == .requireWord
        let opening = advance()
        let value = try asActor(try expression())
        try rejectComma(isRequired: isRequired)
        try close(.rightParenthesis, opening)
        return ExpressionSyntax(value.kind, span(from: opening.start))
    }

    private func list() throws(ParseFailure) -> ExpressionSyntax {
        let opening = advance()
        var elements: [ExpressionSyntax] = []
        var highest = 0
        if kind != .rightBracket {
            repeat {
                elements.append(try expression())
                highest = max(highest, height)
            } while accept(.comma) && !skipsTrailingComma(before: .rightBracket)
        }
        try close(.rightBracket, opening, orElse: "','")
        height = highest
        try raise(over: 0)
        return ExpressionSyntax(.list(elements), span(from: opening.start))
    }

    private func leaf() throws(ParseFailure) -> ExpressionSyntax {
        if isNew { skipNew() }
        let token = current
        height = 1
        let value: ExpressionSyntax.Kind
        switch token.kind {
        case .integer: value = .integer(integerDigits(token))
        case .decimal: value = .decimal(decimalDigits(token))
        case .text: value = .text(textValue(token))
        case .hexBytes: value = .hexBytes(hexBytesValue(token))
        case .trueWord: value = .boolean(true)
        case .falseWord: value = .boolean(false)
        case .noneWord: value = .none
        case .dot:
            advance()
            let member = try name("the name of a case")
            return ExpressionSyntax(.implicitMember(member), span(from: token.start))
        case _ where token.kind.isName: value = .name(Identifier(text(token), span(token)))
        default: throw unexpected("an expression", hint: expressionHint())
        }
        advance()
        return ExpressionSyntax(token.isMalformed ? .invalid : value, span(token))
    }

    private func expressionHint() -> String? {
        let previous = position > 0 ? tokens[position - 1].kind : .end
        switch kind {
        case .assign where previous == .assign: return "'==' compares"
        case .star where previous == .star:
            return "there is no operator for powers: 'a * a', or pow(x, y, .nearest) of Fixed"
        case .less where previous == .less, .greater where previous == .greater:
            return "there are no shifts: multiply, or divide and round, by a power of two"
        case .ifWord: return "'condition ? a : b' chooses between values"
        case .matchWord: return "'match' is a statement: declare a var before it and assign in its cases"
        case _ where kind.isReserved: return "'\(kind.rawValue)' is a word of the language and cannot be a name"
        default: return nil
        }
    }
}
