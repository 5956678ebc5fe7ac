import Diagnostics

extension Parser {
    func contract() throws(ParseFailure) -> ContractSyntax {
        let first = try expect(.contractWord)
        let comment = documentation(before: first)
        var contractName = Identifier("?", span(first))
        if kind == .leftBrace {
            _ = unexpected("the name of the contract")
            gaps.hidesNames = true
        } else {
            contractName = try name("the name of the contract")
        }
        var interfaces: [Identifier] = []
        if kind.isName, nextKind.isName, ["is", "implements", "extends"].contains(text(current)) {
            report(
                Diagnostic(
                    .unexpectedToken, "expected ':' or '{', found \(describe(current))", at: span(current),
                    hint: "interfaces stand behind ':'", fixIt: FixIt(Span(source, previousEnd, current.end), ":")))
            advance()
            repeat { interfaces.append(try name("the name of an interface")) } while accept(.comma)
        } else if kind == .colon {
            let isBlock = Parser.beginsDeclaration(nextKind) || [.letWord, .varWord].contains(nextKind)
            if isBlock { throw unexpected("'{'", hint: bracesHint(.leftBrace)) }
            advance()
            repeat { interfaces.append(try name("the name of an interface")) } while accept(.comma)
        }
        let opening = try expect(.leftBrace)
        var members: [DeclarationSyntax] = []
        while kind != .rightBrace {
            openBrackets = 0
            if skipInvalid() { continue }
            let before = position
            let braces = openBraces
            // A declaration that cannot be a member: this contract's brace is missing.
            if kind == .end || kind == .contractWord || kind == .interfaceWord || kind == .importWord
                || kind == .componentWord
            {
                _ = unexpected("a member or '}'", also: [Label(span(opening), "opened here")])
                noteGap(from: position, lacksDeclaration: true)
                return ContractSyntax(
                    name: contractName, interfaces: interfaces, members: members, span: span(from: first.start),
                    documentation: comment)
            }
            do throws(ParseFailure) {
                members.append(try member())
            } catch {
                noteFailure(from: before)
                recoverInMembers(braces: braces)
                if position == before { advance() }
                noteGap(from: before, lacksDeclaration: true)
            }
        }
        advance()
        return ContractSyntax(
            name: contractName, interfaces: interfaces, members: members, span: span(from: first.start),
            documentation: comment)
    }

    private func member() throws(ParseFailure) -> DeclarationSyntax {
        switch kind {
        case .constWord: return .constant(try constant())
        case .structWord: return .structure(try structure())
        case .enumWord: return .enumeration(try enumeration())
        case .assetWord: return .asset(try asset())
        case .letWord, .varWord: return .state(try state())
        case .initWord: return .function(try function(.initializer))
        case .roleWord: return .role(try role())
        case .eventWord: return .event(try event())
        case .errorWord: return .error(try failureDeclaration())
        case .actionWord: return .function(try function(.action))
        case .viewWord: return .function(try function(.view))
        case .functionWord: return .function(try function(.function))
        case .roundWord: return .round(try round())
        case .useWord: return .use(try use())
        case .testWord where nextKind.isName: return .suiteUse(try suiteUse())
        case .testWord, .propertyWord, .invariantWord, .benchWord: return .test(try test())
        default:
            throw unexpectedWord(
                "a member of the contract",
                among: [
                    "const", "struct", "enum", "asset", "let", "var", "init", "role", "event", "error", "action",
                    "view",
                    "function", "round", "use", "test", "property", "invariant", "bench",
                ])
        }
    }

    func event() throws(ParseFailure) -> EventSyntax {
        try expect(.eventWord)
        let eventName = try name("the name of the event")
        return EventSyntax(name: eventName, parameters: try parameters(canBeEmpty: true))
    }

    func failureDeclaration() throws(ParseFailure) -> EventSyntax {
        try expect(.errorWord)
        let errorName = try name("the name of the error")
        let payload = kind == .leftParenthesis ? try parameters(canBeEmpty: false) : []
        return EventSyntax(name: errorName, parameters: payload)
    }

    private func asset() throws(ParseFailure) -> AssetSyntax {
        advance()
        let assetName = try name("the name of the asset")
        let origin: AssetSyntax.Origin = accept(.issuedWord) ? .issued : accept(.nativeWord) ? .native : .bound
        return AssetSyntax(name: assetName, origin: origin)
    }

    func state() throws(ParseFailure) -> StateSyntax {
        let isConstant = advance().kind == .letWord
        let stateName = try name("the name of the state variable")
        if kind == .assign { throw missingStateType(stateName) }
        try expect(.colon, hint: "state has a type: 'var \(shortened(stateName.name)): Type'")
        let type = try type()
        let initial = accept(.assign) ? try expression() : nil
        return StateSyntax(isConstant: isConstant, name: stateName, type: type, initial: initial)
    }

    private func role() throws(ParseFailure) -> RoleSyntax {
        advance()
        let roleName = try name("the name of the role")
        try expect(.assign)
        return RoleSyntax(name: roleName, predicate: try expression())
    }

    // MARK: Rounds

    private func round() throws(ParseFailure) -> RoundSyntax {
        let start = advance().start
        let roundName = try name("the name of the round")
        let bracket = try expect(.leftBracket, hint: "a round has a key: 'round Name[key: Type]'")
        let keyName = try name("the name of the key")
        try expect(.colon)
        let keyType = try type()
        try close(.rightBracket, bracket)
        let opening = try expect(.leftBrace)
        var result = RoundSyntax(
            name: roundName, keyName: keyName, keyType: keyType, state: [], sealed: [], beacons: [],
            settlements: [], phases: [], span: roundName.span
        )
        while kind != .rightBrace {
            openBrackets = 0
            if skipInvalid() { continue }
            let before = position
            let braces = openBraces
            if kind == .end || Parser.beginsDeclaration(kind) {
                _ = unexpected(
                    "'let', 'var', 'sealed', 'beacon', 'settlement', 'phase' or '}'",
                    also: [Label(span(opening), "opened here")])
                noteGap(from: position, lacksDeclaration: true)
                result.span = span(from: start)
                return result
            }
            do throws(ParseFailure) {
                switch kind {
                case .varWord, .letWord: result.state.append(try roundState())
                case .sealedWord: result.sealed.append(try sealed())
                case .beaconWord: try beacon(into: &result)
                case .settlementWord: result.settlements.append(try settlement())
                case .phaseWord: result.phases.append(try phase())
                default:
                    throw unexpectedWord(
                        "'let', 'var', 'sealed', 'beacon', 'settlement', 'phase' or '}'",
                        among: ["let", "var", "sealed", "beacon", "settlement", "phase"])
                }
            } catch {
                noteFailure(from: before)
                recoverInMembers(braces: braces)
                if position == before { advance() }
                noteGap(from: before, lacksDeclaration: true)
            }
        }
        advance()
        result.span = span(from: start)
        return result
    }

    /// A `let` of a round is given where an instance is opened.
    private func roundState() throws(ParseFailure) -> StateSyntax {
        guard kind == .letWord else { return try state() }
        advance()
        let stateName = try name("the name of what an instance is opened with")
        try expect(.colon, hint: "state has a type: 'let \(shortened(stateName.name)): Type'")
        let result = StateSyntax(isConstant: true, name: stateName, type: try type(), initial: nil)
        if kind == .assign {
            throw unexpected("the next member", hint: "its value is given by 'open'; a fixed value is a 'const'")
        }
        return result
    }

    private func sealed() throws(ParseFailure) -> SealedSyntax {
        advance()
        let sealedName = try name("the name of the sealed value")
        try expect(.colon)
        return try sealed(sealedName, try type())
    }

    /// What follows the type of a sealed value, or stands for the contributions to a beacon.
    private func sealed(_ sealedName: Identifier, _ type: TypeSyntax) throws(ParseFailure) -> SealedSyntax {
        try expect(.maxWord, hint: "how many authors there can be: 'max n'")
        let maximum = try primary()
        let role = accept(.byWord) ? try name("the name of a role") : nil
        try expect(.commitWord)
        try expect(.duringWord)
        let commitPhase = try name("the name of a phase")
        try expect(.revealWord)
        try expect(.duringWord)
        let revealPhase = try name("the name of a phase")
        guard accept(.elseWord) else {
            throw unexpected(
                "'else'", hint: "what happens to a value that is not revealed: 'else keep' or 'else forfeit v to w'",
                fixIt: FixIt(Span(source, previousEnd, previousEnd), " else keep"))
        }
        let unrevealed: SealedSyntax.Unrevealed
        if accept(.keepWord) {
            unrevealed = .keep
        } else if accept(.forfeitWord) {
            let from = try postfix()
            try expect(.toWord)
            unrevealed = .forfeit(from: from, to: try postfix())
        } else {
            throw unexpectedWord("'keep' or 'forfeit'", among: ["keep", "forfeit"])
        }
        return SealedSyntax(
            name: sealedName, type: type, maximum: maximum, role: role, commitPhase: commitPhase,
            revealPhase: revealPhase, unrevealed: unrevealed)
    }

    /// Contributions are sealed values of the beacon's name.
    private func beacon(into round: inout RoundSyntax) throws(ParseFailure) {
        advance()
        let beaconName = try name("the name of the beacon")
        var frozen: [Identifier] = []
        if accept(.freezesWord) {
            repeat { frozen.append(try name("the name of a field of the round")) } while accept(.comma)
        }
        try expect(.atWord, hint: "the phase in which there is a seed: 'at phase'")
        let phase = try name("the name of a phase")
        var contributions: Int?
        if kind == .mixingWord {
            let word = advance()
            let hash = TypeSyntax(
                name: Identifier("Hash", span(word)), arguments: [], isOptional: false, span: span(word))
            contributions = round.sealed.count
            round.sealed.append(try sealed(beaconName, hash))
        }
        round.beacons.append(
            BeaconSyntax(name: beaconName, frozen: frozen, phase: phase, contributions: contributions))
    }

    /// What a length counts.
    func timeUnit() throws(ParseFailure) -> PhaseSyntax.Duration.Unit {
        guard let unit = PhaseSyntax.Duration.Unit(rawValue: kind.rawValue) else {
            if current.startsLine || !kind.isName {
                throw unexpected(
                    "'blocks', 'seconds', 'minutes', 'hours' or 'days'",
                    fixIt: FixIt(Span(source, previousEnd, previousEnd), " blocks"))
            }
            throw unexpectedWord(
                "'blocks', 'seconds', 'minutes', 'hours' or 'days'",
                among: PhaseSyntax.Duration.Unit.allCases.map(\.rawValue))
        }
        advance()
        return unit
    }

    private func phase() throws(ParseFailure) -> PhaseSyntax {
        advance()
        var result = PhaseSyntax(
            name: try name("the name of the phase"), duration: nil, condition: nil, successor: nil)
        if accept(.forWord) {
            let length = try expression()
            result.duration = PhaseSyntax.Duration(length: length, unit: try timeUnit())
            if accept(.orWord) {
                try expect(.whenWord)
                result.condition = try expression()
            }
        } else if accept(.whenWord) {
            result.condition = try expression()
        } else {
            return result
        }
        try expect(.thenWord, hint: "a phase that ends names the next: 'then next'")
        result.successor = try name("the name of the next phase")
        return result
    }
}
