import Diagnostics
import Syntax

// A component is state and functions that contracts share: each `use` gives the contract fields, functions, events and
// errors of its own, named "use.member". Types and constants in a component are the same for all its uses.

final class ComponentRecord {
    let syntax: ComponentSyntax
    /// Inside the file's scope; knows types and constants, and that the other names are taken.
    let scope: NameScope
    let file: Int
    /// Structs, enums and constants in it.
    var numberedMembers: [(name: Identifier, symbol: Symbol)] = []
    var isUsed = false
    init(_ syntax: ComponentSyntax, scope: NameScope, file: Int) {
        self.syntax = syntax
        self.scope = scope
        self.file = file
    }
}

/// One `use` in a contract.
final class UseRecord {
    /// The name that the contract gives.
    let name: String
    let component: ComponentRecord
    /// What the component's names mean in this use; inside the component's scope.
    let scope: NameScope
    /// Where it stands; nil for the use that checks a component which nothing uses.
    let span: Span?
    let assets: [Identifier]
    var functions: [FunctionID] = []
    /// The use itself is wrong and reported: what follows from that is not.
    var isBroken = false
    /// Numbers of the first event and error, in the contract.
    var firstEvent = 0
    var firstError = 0
    init(name: String, component: ComponentRecord, span: Span?, assets: [Identifier]) {
        self.name = name
        self.component = component
        self.span = span
        self.assets = assets
        scope = NameScope(parent: component.scope)
        component.isUsed = true
    }

    func qualified(_ name: String) -> String { "\(self.name).\(name)" }
}

extension Checker {
    /// Before all else, so that contracts find the components of their own file and of imported ones.
    func findComponents() {
        for (index, file) in sources.files.enumerated() {
            var named: [String: ComponentRecord] = [:]
            for case .component(let syntax) in file.declarations {
                let record = ComponentRecord(syntax, scope: NameScope(parent: fileScopes[index]), file: index)
                components.append(record)
                if named[syntax.name.name] == nil { named[syntax.name.name] = record }
            }
            componentsOfFile.append(named)
        }
    }

    private func component(named name: String, from file: Int) -> ComponentRecord? {
        if let own = componentsOfFile[file][name] { return own }
        for imported in sources.imports[file] {
            if let found = componentsOfFile[imported][name] { return found }
        }
        return nil
    }

    /// Numbers for the functions of a contract's uses. Uses of unknown components are reported when names are known.
    func reserveUses(_ record: ContractRecord, file: Int) {
        for case .use(let syntax) in record.syntax.members {
            guard let component = component(named: syntax.component.name, from: file) else {
                record.uses.append(nil)
                continue
            }
            let use = UseRecord(
                name: syntax.name.name, component: component, span: syntax.span, assets: syntax.assets)
            record.uses.append(use)
            reserveFunctions(of: use, record)
        }
    }

    private func reserveFunctions(of use: UseRecord, _ record: ContractRecord) {
        for case .function(let syntax) in use.component.syntax.members {
            let id = addFunction(
                syntax, name: use.qualified(syntax.name.name), span: syntax.name.span, scope: use.scope,
                contract: record.id)
            functions[id].use = use
            use.functions.append(id)
        }
    }

    /// A component that no contract uses is put into one that is taken away after checking.
    func addUnusedComponents() {
        contractCount = contracts.count
        functionCount = program.functions.count
        for component in components where !component.isUsed {
            let name = component.syntax.name
            let syntax = ContractSyntax(
                name: name, interfaces: [], members: [], span: name.span, documentation: nil)
            let record = ContractRecord(
                id: contracts.count, syntax: syntax, scope: NameScope(parent: fileScopes[component.file]))
            contracts.append(record)
            program.contracts.append(Contract(name: name.name, span: name.span, documentation: nil))
            program.contracts[record.id].initializer = addFunction(
                nil, name: "init", span: name.span, scope: record.scope, contract: record.id)
            let use = UseRecord(name: name.name, component: component, span: nil, assets: component.syntax.assets)
            record.uses.append(use)
            for asset in use.assets {
                use.scope.names[asset.name] = DeclaredName(
                    symbol: .asset(record.assetSpans.count), span: asset.span)
                record.assetSpans.append(asset.span)
                program.contracts[record.id].assets.append(Asset(name: asset.name, origin: .issued))
            }
            reserveFunctions(of: use, record)
            enterMembers(of: use, record)
        }
    }

    func removeUnusedComponents() {
        contracts.removeSubrange(contractCount...)
        program.contracts.removeSubrange(contractCount...)
        functions.removeSubrange(functionCount...)
        program.functions.removeSubrange(functionCount...)
    }

    /// Every member's name, once for all uses.
    func collectMembers(of component: ComponentRecord) {
        for asset in component.syntax.assets { declare(asset, .componentMember, in: component.scope) }
        for (name, symbol) in component.numberedMembers { declare(name, symbol, in: component.scope) }
        for member in component.syntax.members {
            switch member {
            case .function(let syntax):
                declare(syntax.name, .componentMember, in: component.scope, isCallable: true)
            case .event(let syntax): declare(syntax.name, .componentMember, in: component.scope)
            case .error(let syntax):
                reportIfBuiltin(error: syntax.name)
                declare(syntax.name, .componentMember, in: component.scope)
            case .state(let syntax):
                declare(syntax.name, .componentMember, in: component.scope)
                if syntax.isConstant, syntax.initial == nil {
                    report(
                        .missingInitialValue, "a component has no init that could set \(syntax.name.name)",
                        at: syntax.name.span, hint: "give it an initial value, or let a function set a var")
                }
            default: break
            }
        }
    }

    /// Names of the contract's uses, and what the components' names mean in them.
    func collectUses(_ record: ContractRecord) {
        var uses = record.uses.makeIterator()
        var position = 0
        for case .use(let syntax) in record.syntax.members {
            guard let use = uses.next() else { return }
            declare(syntax.name, .use(position), in: record.scope)
            position += 1
            guard let use else {
                reportUnknownComponent(syntax.component, record)
                continue
            }
            if case .ambiguous? = record.scope.find(syntax.component.name)?.symbol {
                report(
                    .notAValue, "\(syntax.component.name) is declared in two imported files",
                    at: syntax.component.span)
            }
            bindAssets(of: use, syntax, record)
            enterMembers(of: use, record)
        }
    }

    private func reportUnknownComponent(_ name: Identifier, _ record: ContractRecord) {
        if let declared = record.scope.find(name.name) {
            report(
                .unknownName, "\(name.name) is \(declared.symbol.kindName), not a component", at: name.span,
                also: [Label(declared.span, "declared here")])
            return
        }
        let candidates = record.scope.visibleNames.filter {
            if case .component = record.scope.find($0)?.symbol { true } else { false }
        }
        let suggestion = didYouMean(name.name, among: candidates)
        report(
            .unknownName, "there is no component \(name.name)", at: name.span,
            hint: suggestion.map { "did you mean \($0)?" } ?? "is an import missing?",
            fixIt: suggestion.map { FixIt(name.span, $0) })
    }

    private func bindAssets(of use: UseRecord, _ syntax: UseSyntax, _ record: ContractRecord) {
        let wanted = use.component.syntax.assets
        if syntax.assets.count != wanted.count {
            let names = wanted.map(\.name).joined(separator: ", ")
            report(
                .typeArgument,
                "\(syntax.component.name) takes \(wanted.count) asset\(wanted.count == 1 ? "" : "s"), "
                    + "found \(syntax.assets.count)", at: syntax.span,
                also: [Label(use.component.syntax.name.span, "declared here")],
                hint: "write \(syntax.component.name)\(wanted.isEmpty ? "" : "<\(names)>")")
        }
        for (position, parameter) in wanted.enumerated() {
            let given = syntax.assets.indices.contains(position) ? syntax.assets[position] : nil
            let declared = given.flatMap { record.scope.find($0.name) }
            if let given, declared == nil {
                report(
                    .unknownName, "there is no asset \(given.name)", at: given.span,
                    hint: "declare it in the contract: asset \(given.name)")
            }
            if let given, let declared {
                if case .asset = declared.symbol {
                    use.scope.names[parameter.name] = DeclaredName(symbol: declared.symbol, span: parameter.span)
                    continue
                }
                report(
                    .typeArgument, "\(given.name) is \(declared.symbol.kindName), not an asset", at: given.span,
                    also: [Label(declared.span, "declared here")])
            }
            // So that the component's own text adds nothing to the report.
            use.isBroken = true
        }
    }

    /// Functions, events and errors of a use, in the contract's tables; state follows when types are known.
    private func enterMembers(of use: UseRecord, _ record: ContractRecord) {
        use.firstEvent = program.contracts[record.id].events.count
        use.firstError = program.contracts[record.id].errors.count
        var functionIDs = use.functions.makeIterator()
        for member in use.component.syntax.members {
            switch member {
            case .function(let syntax):
                guard let id = functionIDs.next() else { continue }
                enter(syntax.name, .function(id), in: use)
            case .event(let syntax):
                enter(syntax.name, .event(program.contracts[record.id].events.count), in: use)
                program.contracts[record.id].events.append(
                    Signature(name: use.qualified(syntax.name.name), parameters: []))
            case .error(let syntax):
                enter(syntax.name, .error(program.contracts[record.id].errors.count), in: use)
                program.contracts[record.id].errors.append(
                    Signature(name: use.qualified(syntax.name.name), parameters: []))
            default: break
            }
        }
    }

    private func enter(_ name: Identifier, _ symbol: Symbol, in use: UseRecord) {
        if use.scope.names[name.name] == nil {
            use.scope.names[name.name] = DeclaredName(symbol: symbol, span: name.span)
        }
    }

    /// Payloads and state of a use.
    func resolveMembers(of use: UseRecord, _ record: ContractRecord) {
        var event = use.firstEvent
        var error = use.firstError
        for member in use.component.syntax.members {
            switch member {
            case .event(let syntax):
                program.contracts[record.id].events[event].parameters =
                    namedTypes(syntax.parameters, use.scope, record.id, of: "parameter")
                event += 1
            case .error(let syntax):
                program.contracts[record.id].errors[error].parameters =
                    namedTypes(syntax.parameters, use.scope, record.id, of: "parameter")
                error += 1
            case .state(let syntax):
                let field = addState(syntax, roundIndex: nil, keyTypes: [], use: use, record)
                enter(syntax.name, .field(field ?? addInvalidField(syntax, record)), in: use)
            default: break
            }
        }
    }

    /// What is reported meanwhile stands in a component's text: it is said once, and says for which use.
    func within<Result>(_ use: UseRecord?, _ body: () -> Result) -> Result {
        let outer = currentUse
        currentUse = use
        defer { currentUse = outer }
        return body()
    }
}
