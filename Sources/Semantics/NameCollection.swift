import Diagnostics
import Syntax

extension Checker {
    /// Gives every declaration its name and its number. Numbers follow the order of the text, so that declarations
    /// added at the end of the last file leave all others in place.
    func collectNames() {
        for _ in sources.files { fileScopes.append(NameScope(parent: nil)) }
        findComponents()
        for (index, file) in sources.files.enumerated() {
            currentFile = index
            for declaration in file.declarations { collect(declaration, in: fileScopes[index], contract: nil) }
        }
        for index in sources.files.indices { bringIn(sources.imports[index], to: index) }
        for component in components { collectMembers(of: component) }
        for contract in contracts { collectMembers(contract) }
        addUnusedComponents()
    }

    private func bringIn(_ imports: [Int], to index: Int) {
        let scope = fileScopes[index]
        for imported in imports where imported != index {
            for (name, declared) in fileScopes[imported].names {
                if let own = scope.names[name] {
                    reportDuplicate(name, at: own.span, first: declared.span)
                } else if let other = scope.imported[name], !isSame(other.span, declared.span) {
                    scope.imported[name] = DeclaredName(symbol: .ambiguous, span: declared.span)
                } else {
                    scope.imported[name] = declared
                }
            }
        }
    }

    private func isSame(_ left: Span, _ right: Span) -> Bool { left.file === right.file && left.start == right.start }

    private func collect(_ declaration: DeclarationSyntax, in scope: NameScope, contract: ContractID?) {
        guard let (name, symbol) = number(declaration, in: scope, contract: contract) else { return }
        declare(name, symbol, in: scope, isCallable: symbol.isFunction)
    }

    /// Numbers a declaration that may stand at top level; nil for those without a name and for pure members.
    private func number(
        _ declaration: DeclarationSyntax, in scope: NameScope, contract: ContractID?
    ) -> (Identifier, Symbol)? {
        switch declaration {
        case .structure(let syntax):
            structs.append(TypeRecord(syntax, scope, contract))
            program.structs.append(StructType(name: syntax.name.name, fields: []))
            return (syntax.name, .structure(structs.count - 1))
        case .enumeration(let syntax):
            enums.append(TypeRecord(syntax, scope, contract))
            program.enums.append(EnumType(name: syntax.name.name, cases: []))
            return (syntax.name, .enumeration(enums.count - 1))
        case .interface(let syntax):
            interfaces.append(TypeRecord(syntax, scope, contract))
            program.interfaces.append(InterfaceType(name: syntax.name.name, methods: []))
            return (syntax.name, .interface(interfaces.count - 1))
        case .constant(let syntax):
            constants.append(ConstantRecord(syntax, scope, contract))
            return (syntax.name, .constant(constants.count - 1))
        case .function(let syntax):
            let id = addFunction(
                syntax, name: syntax.name.name, span: syntax.name.span, scope: scope, contract: contract)
            return (syntax.name, .function(id))
        case .contract(let syntax):
            let record = ContractRecord(id: contracts.count, syntax: syntax, scope: NameScope(parent: scope))
            contracts.append(record)
            program.contracts.append(
                Contract(name: syntax.name.name, span: syntax.name.span, documentation: syntax.documentation))
            reserveFunctions(record)
            for member in syntax.members {
                switch member {
                case .structure, .enumeration, .constant, .test, .suiteUse:
                    guard let named = number(member, in: record.scope, contract: record.id) else { continue }
                    record.numberedMembers.append(named)
                default: break
                }
            }
            return (syntax.name, .contract(record.id))
        case .component(let syntax):
            guard numberedComponentCount < components.count else { return nil }
            let component = components[numberedComponentCount]
            numberedComponentCount += 1
            for member in syntax.members {
                switch member {
                case .structure, .enumeration, .constant:
                    guard let named = number(member, in: component.scope, contract: nil) else { continue }
                    component.numberedMembers.append(named)
                default: break
                }
            }
            return (syntax.name, .component)
        case .test(let syntax):
            tests.append(TestRecord(.own(syntax), scope, contract))
            return nil
        case .suiteUse(let syntax):
            tests.append(TestRecord(.ofSuite(syntax), scope, contract))
            return nil
        case .suite(let syntax):
            suites.append(SuiteRecord(syntax, scope))
            return (syntax.name, .suite(suites.count - 1))
        case .asset, .state, .role, .event, .error, .round, .use: return nil
        }
    }

    /// Numbers for all functions of a contract, those that the compiler makes included.
    private func reserveFunctions(_ record: ContractRecord) {
        for case .function(let syntax) in record.syntax.members {
            let span = syntax.name.span
            if syntax.kind == .initializer {
                if let first = record.initializerSyntax {
                    reportDuplicate("init", at: span, first: first.name.span)
                } else {
                    record.initializerSyntax = syntax
                }
                continue
            }
            record.sourceFunctions.append(
                addFunction(syntax, name: syntax.name.name, span: span, scope: record.scope, contract: record.id))
        }
        for case .round(let syntax) in record.syntax.members {
            let round = RoundRecord(syntax)
            let name = syntax.name.name
            let span = syntax.name.span
            func reserve(_ functionName: String) -> FunctionID {
                addFunction(nil, name: functionName, span: span, scope: record.scope, contract: record.id)
            }
            let open = reserve("open_\(name)")
            let advance = reserve("advance_\(name)")
            let current = reserve("current_\(name)")
            round.touchFunction = reserve("touch_\(name)")
            round.lookFunction = reserve("look_\(name)")
            var typed = Round(
                name: name, keyType: .invalid, phases: [], sealed: [], phaseField: -1, enteredField: -1,
                openFunction: open, advanceFunction: advance, currentFunction: current)
            for sealed in syntax.sealed {
                let nameSpan = sealed.name.span
                func reserveAction(_ prefix: String) -> FunctionID {
                    let id = addFunction(
                        nil, name: "\(prefix)_\(sealed.name.name)", span: nameSpan, scope: record.scope,
                        contract: record.id)
                    declare(Identifier(program.functions[id].name, nameSpan), .function(id), in: record.scope)
                    return id
                }
                typed.sealed.append(
                    Round.Sealed(
                        name: sealed.name.name, valueType: .invalid, capacity: 0, commitmentField: -1, valueField: -1,
                        commitPhase: 0, revealPhase: 0, commitFunction: reserveAction("commit"),
                        revealFunction: reserveAction("reveal"), expireFunction: reserveAction("expire")))
            }
            for beacon in syntax.beacons {
                typed.beacons.append(
                    Round.Beacon(
                        name: beacon.name.name, phase: 0, frozenFrom: 0, frozenFields: [],
                        sealedIndex: beacon.contributions, heightField: -1,
                        heightFunction: reserve("height_\(name)_\(beacon.name.name)"),
                        seedFunction: reserve("seed_\(name)_\(beacon.name.name)")))
            }
            reserveSettlements(round, &typed, record)
            record.rounds.append(round)
            program.contracts[record.id].rounds.append(typed)
        }
        program.contracts[record.id].initializer = addFunction(
            nil, name: "init", span: record.initializerSyntax?.name.span ?? record.syntax.name.span,
            scope: record.scope, contract: record.id)
        reserveUses(record, file: currentFile)
    }

    func addFunction(
        _ syntax: FunctionSyntax?, name: String, span: Span, scope: NameScope, contract: ContractID?
    ) -> FunctionID {
        functions.append(FunctionRecord(syntax, scope, nameSpan: span, contract: contract))
        let kind: Function.Kind =
            switch syntax?.kind {
            case .action: .action
            case .view: .view
            case .initializer: .initializer
            case .function, nil: .function
            }
        program.functions.append(
            Function(
                name: name, kind: kind, contract: contract, parameterCount: 0, locals: [], result: .nothing, body: [],
                writesState: false, during: nil, roleName: syntax?.role?.name, span: span,
                documentation: syntax?.documentation))
        return program.functions.count - 1
    }

    private func collectMembers(_ record: ContractRecord) {
        for (name, symbol) in record.numberedMembers { declare(name, symbol, in: record.scope) }
        var functionIDs = record.sourceFunctions.makeIterator()
        for member in record.syntax.members {
            switch member {
            case .function(let syntax):
                guard syntax.kind != .initializer, let id = functionIDs.next() else { continue }
                declare(syntax.name, .function(id), in: record.scope, isCallable: syntax.kind == .function)
            case .structure, .enumeration, .constant, .test, .suiteUse: break
            case .interface(let syntax):
                report(.notAllowedHere, "an interface stands outside contracts", at: syntax.name.span)
            case .contract(let syntax):
                report(.notAllowedHere, "a contract cannot stand inside another", at: syntax.name.span)
            case .suite(let syntax):
                report(.notAllowedHere, "a suite stands outside contracts", at: syntax.name.span)
            case .component(let syntax):
                report(.notAllowedHere, "a component stands outside contracts", at: syntax.name.span)
            case .asset(let syntax):
                declare(syntax.name, .asset(record.assetSpans.count), in: record.scope)
                record.assetSpans.append(syntax.name.span)
                program.contracts[record.id].assets.append(Asset(name: syntax.name.name, origin: .native))
            case .role(let syntax):
                declare(syntax.name, .role(record.roles.count), in: record.scope)
                record.roles.append(syntax)
            case .event(let syntax):
                declare(syntax.name, .event(program.contracts[record.id].events.count), in: record.scope)
                program.contracts[record.id].events.append(Signature(name: syntax.name.name, parameters: []))
            case .error(let syntax):
                reportIfBuiltin(error: syntax.name)
                declare(syntax.name, .error(program.contracts[record.id].errors.count), in: record.scope)
                program.contracts[record.id].errors.append(Signature(name: syntax.name.name, parameters: []))
            case .state, .round, .use:
                break
            }
        }
        collectUses(record)
        collectSettlementEvents(record)
    }

    func reportIfBuiltin(error name: Identifier) {
        guard BuiltinError(rawValue: name.name) != nil else { return }
        report(
            .duplicateName, "\(name.name) is an error of the language itself", at: name.span,
            hint: "choose another name")
    }

    /// Enters a name unless it is taken, by the language or by a visible declaration.
    func declare(_ name: Identifier, _ symbol: Symbol, in scope: NameScope, isCallable: Bool = false) {
        reportIfReserved(name, isCallable: isCallable)
        if let first = scope.find(name.name) {
            reportDuplicate(name.name, at: name.span, first: first.span)
            // What follows means the nearer of the two: it is not told of the other's members.
            guard scope.names[name.name] == nil else { return }
        }
        scope.names[name.name] = DeclaredName(symbol: symbol, span: name.span)
    }

    func reportIfReserved(_ name: Identifier, isCallable: Bool = false) {
        let isTaken =
            ContextName(rawValue: name.name) != nil || BuiltinType(rawValue: name.name) != nil
            || isCallable && BuiltinFunction(rawValue: name.name) != nil
        guard isTaken else { return }
        report(
            .duplicateName, "\(name.name) already has a meaning in the language", at: name.span,
            hint: "choose another name")
    }

    /// The later of the two in the text is the one that is wrong.
    func reportDuplicate(_ name: String, at place: Span, first other: Span) {
        let isSwapped = place.file === other.file && place.start < other.start
        let (span, first) = isSwapped ? (other, place) : (place, other)
        report(
            .duplicateName, "\(name) is already declared", at: span, label: "declared again",
            also: [Label(first, "first declared here")], hint: "one name has one meaning: choose another")
    }
}
