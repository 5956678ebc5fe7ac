import Diagnostics
import Numerics
import Syntax

extension Checker {
    /// Fields, payloads and methods of all structs, enums and interfaces.
    func resolveDataTypes() {
        for (id, record) in structs.enumerated() {
            program.structs[id].fields = namedTypes(record.syntax.fields, record.scope, record.contract, of: "field")
        }
        for (id, record) in enums.enumerated() {
            if record.syntax.cases.isEmpty {
                report(.limitExceeded, "an enum needs at least one case", at: record.syntax.name.span)
            }
            var seen: [String: Span] = [:]
            program.enums[id].cases = record.syntax.cases.map { item in
                if let first = seen[item.name.name] {
                    reportDuplicate(item.name.name, at: item.name.span, first: first)
                }
                seen[item.name.name] = item.name.span
                return EnumType.Case(
                    name: item.name.name,
                    payload: namedTypes(item.payload, record.scope, record.contract, of: "payload"))
            }
        }
        rejectInfiniteTypes()
        for (id, record) in interfaces.enumerated() {
            var seen: [String: Span] = [:]
            program.interfaces[id].methods = record.syntax.methods.map { method in
                if let first = seen[method.name.name] {
                    reportDuplicate(method.name.name, at: method.name.span, first: first)
                }
                seen[method.name.name] = method.name.span
                let dimensions = DimensionNames(allowsNew: true)
                let parameters = namedTypes(method.parameters, record.scope, nil, of: "parameter", dimensions)
                dimensions.allowsNew = false
                let result = method.result.map { resolve($0, in: record.scope, contract: nil, dimensions: dimensions) }
                return InterfaceType.Method(
                    name: method.name.name, isView: method.isView, parameters: parameters, result: result ?? .nothing)
            }
        }
    }

    /// Names and types of a list of fields or parameters; a name given twice is reported.
    func namedTypes(
        _ syntax: [ParameterSyntax], _ scope: NameScope, _ contract: ContractID?, of role: String,
        _ dimensions: DimensionNames? = nil, allowsToken: Bool = false
    ) -> [NamedType] {
        if syntax.count > 64 {
            report(.limitExceeded, "more than 64 of one kind: \(role)", at: syntax[64].name.span)
        }
        var seen: [String: Span] = [:]
        return syntax.map { item in
            if let first = seen[item.name.name] { reportDuplicate(item.name.name, at: item.name.span, first: first) }
            seen[item.name.name] = item.name.span
            return NamedType(
                name: item.name.name,
                type: resolve(
                    item.type, in: scope, contract: contract, dimensions: dimensions, allowsToken: allowsToken))
        }
    }

    /// A struct or enum that contains itself gets `.invalid` in that place, so that nothing later runs in circles.
    private func rejectInfiniteTypes() {
        enum Mark { case open, closed }
        var structMarks: [StructID: Mark] = [:]
        var enumMarks: [EnumID: Mark] = [:]

        /// False when the type leads back to an open one or nests too deeply.
        func isFinite(_ type: Type, depth: Int) -> Bool {
            guard depth < 100 else { return false }
            switch type {
            case .list(let element, _): return isFinite(element, depth: depth + 1)
            case .option(let wrapped): return isFinite(wrapped, depth: depth + 1)
            case .structure(let id):
                if let mark = structMarks[id] { return mark == .closed }
                structMarks[id] = .open
                let fields = program.structs[id].fields
                for (index, field) in fields.enumerated() where !isFinite(field.type, depth: depth + 1) {
                    program.structs[id].fields[index].type = .invalid
                    reportInfinite(field.name, at: structs[id].syntax.fields[index].type.span)
                }
                structMarks[id] = .closed
                return true
            case .enumeration(let id):
                if let mark = enumMarks[id] { return mark == .closed }
                enumMarks[id] = .open
                for (index, item) in program.enums[id].cases.enumerated() {
                    for (position, field) in item.payload.enumerated() where !isFinite(field.type, depth: depth + 1) {
                        program.enums[id].cases[index].payload[position].type = .invalid
                        reportInfinite(
                            field.name, at: enums[id].syntax.cases[index].payload[position].type.span)
                    }
                }
                enumMarks[id] = .closed
                return true
            default: return true
            }
        }
        for id in program.structs.indices { _ = isFinite(.structure(id), depth: 0) }
        for id in program.enums.indices { _ = isFinite(.enumeration(id), depth: 0) }
    }

    private func reportInfinite(_ field: String, at span: Span) {
        report(
            .infiniteType, "\(field) would make its type contain itself", at: span,
            hint: "values have a finite size: keep an index or a key instead")
    }

    /// Assets, state, rounds, events and errors of a contract.
    func resolveMembers(_ record: ContractRecord) {
        var eventIndex = 0
        var errorIndex = 0
        var assetIndex = 0
        for member in record.syntax.members {
            switch member {
            case .asset(let syntax):
                let origin: Asset.Origin
                switch syntax.origin {
                case .issued: origin = .issued
                case .native: origin = .native
                case .bound:
                    let field = addField(
                        StateField(
                            name: "asset.\(syntax.name.name)", kind: .plain, keyTypes: [], valueType: .asset,
                            capacity: nil, roundIndex: nil, isConstant: true),
                        FieldRecord(span: syntax.name.span, initial: nil, mustBeSet: true, isSynthesized: true), record)
                    origin = .bound(field)
                }
                program.contracts[record.id].assets[assetIndex].origin = origin
                assetIndex += 1
            case .event(let syntax):
                program.contracts[record.id].events[eventIndex].parameters =
                    namedTypes(syntax.parameters, record.scope, record.id, of: "parameter")
                eventIndex += 1
            case .error(let syntax):
                program.contracts[record.id].errors[errorIndex].parameters =
                    namedTypes(syntax.parameters, record.scope, record.id, of: "parameter")
                errorIndex += 1
            default: break
            }
        }
        for case .state(let syntax) in record.syntax.members {
            guard let index = addState(syntax, roundIndex: nil, keyTypes: [], record) else {
                // The name stays known, so that uses do not add to the errors.
                declare(syntax.name, .field(addInvalidField(syntax, record)), in: record.scope)
                continue
            }
            declare(syntax.name, .field(index), in: record.scope)
        }
        for case let use? in record.uses { within(use) { resolveMembers(of: use, record) } }
        for index in record.rounds.indices { resolveRound(index, record) }
        if program.contracts[record.id].fields.count > 1_000 {
            report(.limitExceeded, "a contract has at most 1000 pieces of state", at: record.syntax.name.span)
        }
    }

    func addField(_ field: StateField, _ facts: FieldRecord, _ record: ContractRecord) -> FieldIndex {
        program.contracts[record.id].fields.append(field)
        record.fields.append(facts)
        return record.fields.count - 1
    }

    func addInvalidField(_ syntax: StateSyntax, _ record: ContractRecord) -> FieldIndex {
        addField(
            StateField(
                name: syntax.name.name, kind: .plain, keyTypes: [], valueType: .invalid, capacity: nil,
                roundIndex: nil, isConstant: false),
            FieldRecord(span: syntax.name.span, initial: nil, mustBeSet: false, isSynthesized: false), record)
    }

    /// A field for a declared piece of state; nil after a report.
    func addState(
        _ syntax: StateSyntax, roundIndex: Int?, keyTypes: [Type], use: UseRecord? = nil, _ record: ContractRecord
    ) -> FieldIndex? {
        guard var state = resolveState(syntax.type, in: use?.scope ?? record.scope, contract: record.id) else {
            return nil
        }
        var keys = keyTypes
        var capacity: Int?
        var isMap = false
        while case .map(let key, let value, let bound) = state {
            keys.append(key)
            capacity = bound
            state = value
            isMap = true
        }
        var kind = StateField.Kind.plain
        var valueType = Type.integer(.amount)
        switch state {
        case .vault(let asset): kind = .vault(asset)
        case .plain(let type): valueType = type
        case .map: return nil
        }
        var isVault = false
        if case .vault = kind { isVault = true }
        if isMap || isVault {
            if syntax.isConstant {
                report(
                    .notAllowedHere, "a \(isMap ? "map" : "vault") changes: declare it with var", at: syntax.name.span)
                if roundIndex != nil { return nil }
            }
            if let initial = syntax.initial {
                report(.notAllowedHere, "a \(isMap ? "map" : "vault") starts empty", at: initial.span)
            }
        }
        let hasZero = isMap || isVault || program.hasZeroValue(valueType)
        let isOpened = roundIndex != nil && syntax.isConstant
        if roundIndex != nil || use != nil, !isOpened, !hasZero, syntax.initial == nil {
            report(
                .missingInitialValue, "\(typeName(valueType, in: record.id)) has no zero value", at: syntax.name.span,
                hint: "give \(syntax.name.name) an initial value, or make it an Option")
        }
        let owner = use?.name ?? roundIndex.map { program.contracts[record.id].rounds[$0].name }
        return addField(
            StateField(
                name: owner.map { "\($0).\(syntax.name.name)" } ?? syntax.name.name, kind: kind, keyTypes: keys,
                valueType: valueType, capacity: capacity, roundIndex: roundIndex, isConstant: syntax.isConstant),
            FieldRecord(
                span: syntax.name.span, initial: isMap || isVault ? nil : syntax.initial,
                mustBeSet: roundIndex == nil && use == nil && !isMap && !isVault && (syntax.isConstant || !hasZero),
                isSynthesized: false, use: use), record)
    }

    /// Parameters and results of all functions of the source.
    func resolveSignatures() {
        for (id, record) in functions.enumerated() {
            guard let syntax = record.syntax else { continue }
            within(record.use) { resolveSignature(id, syntax, record) }
        }
        for record in contracts {
            guard let syntax = record.initializerSyntax else { continue }
            let id = program.contracts[record.id].initializer
            program.functions[id].kind = .initializer
            resolveSignature(id, syntax, functions[id])
        }
        for record in contracts where record.initializerSyntax == nil {
            program.functions[program.contracts[record.id].initializer].kind = .initializer
        }
    }

    private func resolveSignature(_ id: FunctionID, _ syntax: FunctionSyntax, _ record: FunctionRecord) {
        let dimensions = DimensionNames(allowsNew: true)
        let allowsToken = record.contract != nil
        let parameters = namedTypes(
            syntax.parameters, record.scope, record.contract, of: "parameter", dimensions, allowsToken: allowsToken)
        dimensions.allowsNew = false
        let result =
            syntax.result.map {
                resolve(
                    $0, in: record.scope, contract: record.contract, dimensions: dimensions,
                    allowsToken: allowsToken && syntax.kind != .view)
            } ?? .nothing
        program.functions[id].parameterCount = parameters.count
        program.functions[id].locals = parameters.map { Local(name: $0.name, type: $0.type, isVariable: false) }
        program.functions[id].result = result
        if syntax.kind == .view {
            for (index, parameter) in parameters.enumerated() where parameter.type.isToken {
                report(.tokenNotAllowedHere, "a view cannot take tokens", at: syntax.parameters[index].type.span)
            }
        }
    }

    /// A contract meets its interfaces exactly: kind, parameter types and result of every method.
    func checkInterfaces(_ record: ContractRecord) {
        var seen: Set<Int> = []
        for name in record.syntax.interfaces {
            guard let declared = record.scope.find(name.name) else {
                let suggestion = didYouMean(name.name, among: record.scope.visibleNames)
                report(
                    .unknownName, "there is no interface \(name.name)", at: name.span,
                    hint: suggestion.map { "did you mean \($0)?" } ?? "is an import missing?")
                continue
            }
            guard case .interface(let id) = declared.symbol else {
                report(
                    .unknownType, "\(name.name) is \(declared.symbol.kindName), not an interface", at: name.span,
                    also: [Label(declared.span, "declared here")])
                continue
            }
            guard seen.insert(id).inserted else {
                report(.duplicateName, "\(name.name) is named twice", at: name.span)
                continue
            }
            var met: [FunctionID] = []
            var missing: [Int] = []
            for (index, method) in program.interfaces[id].methods.enumerated() {
                if let function = function(meeting: method, in: record) {
                    met.append(function)
                } else {
                    missing.append(index)
                }
            }
            if !missing.isEmpty { reportNotMet(id, missing, name, record) }
            program.contracts[record.id].interfaces.append((interface: id, functions: met))
        }
    }

    private func function(meeting method: InterfaceType.Method, in record: ContractRecord) -> FunctionID? {
        record.sourceFunctions.first { id in
            let function = program.functions[id]
            let types = Self.withNumberedSizes(function.parameters.map(\.type) + [function.result])
            return function.name == method.name && function.kind == (method.isView ? .view : .action)
                && types == Self.withNumberedSizes(method.parameters.map(\.type) + [method.result])
        }
    }

    /// Names of sizes do not matter, only which ones are equal: each becomes its number in order of appearance.
    private static func withNumberedSizes(_ types: [Type]) -> [Type] {
        var numbers: [String: Int] = [:]
        return types.map { type in
            guard case .tensor(let element, let dimensions) = type else { return type }
            return .tensor(
                element,
                dimensions.map { dimension in
                    guard case .named(let name) = dimension else { return dimension }
                    let number = numbers[name] ?? numbers.count
                    numbers[name] = number
                    return .named("\(number)")
                })
        }
    }

    private func reportNotMet(
        _ id: InterfaceID, _ missing: [Int], _ interface: Identifier, _ record: ContractRecord
    ) {
        var labels: [Label] = []
        var wanted: [String] = []
        for index in missing {
            let method = program.interfaces[id].methods[index]
            let parameters = method.parameters.map { "\($0.name): \(typeName($0.type, in: nil))" }.joined(
                separator: ", ")
            let result = method.result == .nothing ? "" : " -> \(typeName(method.result, in: nil))"
            wanted.append("\(method.isView ? "view" : "action") \(method.name)(\(parameters))\(result)")
            labels.append(Label(interfaces[id].syntax.methods[index].name.span, "asked for here"))
            if let near = record.sourceFunctions.first(where: { program.functions[$0].name == method.name }) {
                labels.append(Label(functions[near].nameSpan, "this one differs"))
            }
        }
        let names = missing.map { program.interfaces[id].methods[$0].name }.joined(separator: ", ")
        report(
            .interfaceNotMet, "\(record.syntax.name.name) does not meet \(interface.name): it lacks \(names)",
            at: interface.span, also: labels, hint: "declare: \(wanted.joined(separator: "; "))")
    }
}
