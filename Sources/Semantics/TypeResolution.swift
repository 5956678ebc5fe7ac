import Diagnostics
import Numerics
import Syntax

/// The sizes that a signature names.
final class DimensionNames {
    var names: [String] = []
    /// In signatures: a new name stands for a size.
    var allowsNew: Bool
    init(allowsNew: Bool) { self.allowsNew = allowsNew }
}

/// Types of state: what only state can hold around a value type.
indirect enum StateType {
    case plain(Type)
    case vault(AssetIndex)
    case map(key: Type, value: StateType, capacity: Int?)
}

extension Checker {
    /// Largest capacity of a collection.
    static let capacityLimit = 65_536
    /// Keys of an iterable map; more than one block can run over are settled in batches.
    static let mapCapacityLimit = 1_000_000

    /// A type of values: variables, parameters, results, fields, elements.
    func resolve(
        _ syntax: TypeSyntax, in scope: NameScope, contract: ContractID?, dimensions: DimensionNames? = nil,
        allowsToken: Bool = false
    ) -> Type {
        let type = resolveBase(syntax, in: scope, contract: contract, dimensions: dimensions)
        if type.isToken {
            if syntax.isOptional || !allowsToken {
                report(
                    .tokenNotAllowedHere,
                    syntax.isOptional ? "an optional token is not supported" : "a token cannot be held here",
                    at: syntax.span, hint: "a token is a local, a parameter or a result; state holds a Vault")
                return .invalid
            }
            return type
        }
        return syntax.isOptional && !type.isInvalid ? .option(type) : type
    }

    private func resolveBase(
        _ syntax: TypeSyntax, in scope: NameScope, contract: ContractID?, dimensions: DimensionNames?
    ) -> Type {
        let name = syntax.name.name
        guard let builtin = BuiltinType(rawValue: name) else {
            return resolveDeclared(syntax, in: scope)
        }
        func expectArguments(_ range: ClosedRange<Int>) -> Bool {
            guard range.contains(syntax.arguments.count) else {
                let wanted =
                    range.lowerBound == range.upperBound
                    ? "\(range.lowerBound)" : "\(range.lowerBound) or \(range.upperBound)"
                report(
                    .typeArgument, "\(name) takes \(wanted) type argument\(wanted == "1" ? "" : "s")", at: syntax.span,
                    hint: writtenForm(builtin), fixIt: missingCapacity(builtin, syntax))
                return false
            }
            return true
        }
        switch builtin {
        case .Bool: return expectArguments(0...0) ? .boolean : .invalid
        case .Amount: return expectArguments(0...0) ? .integer(.amount) : .invalid
        case .Height: return expectArguments(0...0) ? .integer(.height) : .invalid
        case .Fixed: return expectArguments(0...0) ? .fixed : .invalid
        case .Address: return expectArguments(0...0) ? .address : .invalid
        case .Hash: return expectArguments(0...0) ? .hash : .invalid
        case .Asset: return expectArguments(0...0) ? .asset : .invalid
        case .Int:
            guard expectArguments(0...1) else { return .invalid }
            guard let argument = syntax.arguments.first else { return .integer(.int) }
            guard let bits = integer(argument, syntax, in: scope) else { return .invalid }
            guard (2...4096).contains(bits) else {
                report(.typeArgument, "Int<\(bits)> is not between Int<2> and Int<4096>", at: syntax.span)
                return .invalid
            }
            return .integer(IntegerType(name: .int, bits: bits, isSigned: true))
        case .Bytes, .Text:
            guard expectArguments(0...1) else { return .invalid }
            var capacity = builtin == .Bytes ? 1024 : 256
            if let argument = syntax.arguments.first {
                guard let given = self.capacity(argument, syntax, in: scope) else { return .invalid }
                capacity = given
            }
            return builtin == .Bytes ? .bytes(capacity: capacity) : .text(capacity: capacity)
        case .List:
            guard expectArguments(2...2) else { return .invalid }
            guard let element = typeArgument(syntax.arguments[0], syntax, in: scope, contract: contract),
                let capacity = capacity(syntax.arguments[1], syntax, in: scope), !element.isInvalid
            else { return .invalid }
            return .list(element, capacity: capacity)
        case .Tensor:
            return expectArguments(2...2) ? resolveTensor(syntax, in: scope, dimensions) : .invalid
        case .Token:
            guard expectArguments(1...1), let asset = asset(syntax.arguments[0], syntax, in: scope) else {
                return .invalid
            }
            return .token(asset)
        case .Vault, .Map:
            report(
                .notAllowedHere, "\(name) is a type of state only", at: syntax.span,
                hint: "declare it as `var name: \(name)<…>` in the contract or a round")
            return .invalid
        case .Ratio:
            report(
                .notAllowedHere, "a Ratio lives inside expressions only", at: syntax.span,
                hint: "round it with floor, ceil or round and keep the number")
            return .invalid
        }
    }

    /// `List<T>` needs a capacity; sixteen is a beginning.
    private func missingCapacity(_ type: BuiltinType, _ syntax: TypeSyntax) -> FixIt? {
        guard type == .List, syntax.arguments.count == 1, !syntax.isOptional, syntax.span.text.hasSuffix(">") else {
            return nil
        }
        return FixIt(Span(syntax.span.file, syntax.span.end - 1, syntax.span.end - 1), ", 16")
    }

    /// How a type with arguments is written.
    private func writtenForm(_ type: BuiltinType) -> String? {
        switch type {
        case .List: "a list has a capacity: List<Int, 16>"
        case .Map: "write Map<Key, Value>, or Map<Key, Value, 100> to loop over it"
        case .Token, .Vault: "name the asset: \(type.rawValue)<COIN>"
        case .Tensor: "write Tensor<i8, [8, 8]>"
        default: nil
        }
    }

    /// What other languages call our types.
    static let foreignTypes = [
        "uint": "Amount", "uint256": "Amount", "UInt": "Amount", "UInt256": "Amount", "u256": "Amount",
        "u128": "Amount", "uint128": "Amount", "UInt128": "Amount", "uint64": "Amount", "u64": "Amount",
        "UInt64": "Amount", "int256": "Int", "i256": "Int", "i64": "Int", "integer": "Int", "Integer": "Int",
        "String": "Text", "string": "Text", "str": "Text", "Float": "Fixed", "float": "Fixed", "Double": "Fixed",
        "double": "Fixed", "Decimal": "Fixed", "decimal": "Fixed", "Array": "List", "Vec": "List", "Boolean": "Bool",
        "boolean": "Bool", "bool": "Bool", "address": "Address", "bytes": "Bytes", "u32": "Amount", "uint32": "Amount",
        "u8": "Amount", "uint8": "Amount", "usize": "Int", "i32": "Int", "int32": "Int", "int": "Int",
        "bytes32": "Hash", "mapping": "Map", "Mapping": "Map", "Dictionary": "Map",
    ]

    private func resolveDeclared(_ syntax: TypeSyntax, in scope: NameScope) -> Type {
        let name = syntax.name.name
        guard let declared = scope.find(name) else {
            let candidates = BuiltinType.allCases.map(\.rawValue) + scope.visibleNames.filter { isType($0, scope) }
            let suggestion = Checker.foreignTypes[name] ?? didYouMean(name, among: candidates)
            report(
                .unknownType, "there is no type \(name)", at: syntax.name.span,
                hint: suggestion.map { "did you mean \($0)?" },
                fixIt: suggestion.map { FixIt(syntax.name.span, $0) })
            return .invalid
        }
        if !syntax.arguments.isEmpty {
            report(.typeArgument, "\(name) takes no type arguments", at: syntax.span)
            return .invalid
        }
        switch declared.symbol {
        case .structure(let id): return .structure(id)
        case .enumeration(let id): return .enumeration(id)
        case .interface(let id): return .interface(id)
        default:
            report(
                .unknownType, "\(name) is \(declared.symbol.kindName), not a type", at: syntax.name.span,
                also: [Label(declared.span, "declared here")])
            return .invalid
        }
    }

    private func isType(_ name: String, _ scope: NameScope) -> Bool {
        switch scope.find(name)?.symbol {
        case .structure, .enumeration, .interface: true
        default: false
        }
    }

    private func typeArgument(
        _ argument: TypeSyntax.Argument, _ syntax: TypeSyntax, in scope: NameScope, contract: ContractID?
    ) -> Type? {
        guard case .type(let type) = argument else {
            report(.typeArgument, "\(syntax.name.name) wants a type here", at: syntax.span)
            return nil
        }
        return resolve(type, in: scope, contract: contract)
    }

    private func resolveTensor(_ syntax: TypeSyntax, in scope: NameScope, _ dimensions: DimensionNames?) -> Type {
        guard case .type(let elementSyntax) = syntax.arguments[0],
            let element = TensorElement(rawValue: elementSyntax.name.name), elementSyntax.arguments.isEmpty
        else {
            report(.typeArgument, "the elements of a tensor are i8, i16, i32 or i64", at: syntax.span)
            return .invalid
        }
        guard case .dimensions(let list, let span) = syntax.arguments[1] else {
            report(.typeArgument, "a tensor's sizes stand in brackets", at: syntax.span, hint: "Tensor<i8, [n, 64]>")
            return .invalid
        }
        guard (1...4).contains(list.count) else {
            report(.typeArgument, "a tensor has one to four dimensions", at: span)
            return .invalid
        }
        var sizes: [TensorDimension] = []
        for dimension in list {
            switch dimension {
            case .integer(let digits, let span):
                guard let size = Int(digits), (1...(1 << 24)).contains(size) else {
                    report(.limitExceeded, "a tensor's size is between 1 and 16777216", at: span)
                    return .invalid
                }
                sizes.append(.constant(size))
            case .name(let name):
                guard let size = self.dimension(name, in: scope, dimensions) else { return .invalid }
                sizes.append(size)
            }
        }
        return .tensor(element, sizes)
    }

    private func dimension(_ name: Identifier, in scope: NameScope, _ dimensions: DimensionNames?) -> TensorDimension? {
        if let declared = scope.find(name.name) {
            guard case .constant(let index) = declared.symbol else {
                report(
                    .typeArgument, "\(name.name) is \(declared.symbol.kindName), not a size", at: name.span,
                    also: [Label(declared.span, "declared here")])
                return nil
            }
            guard let size = constantInteger(index, at: name.span) else { return nil }
            guard (1...(1 << 24)).contains(size) else {
                report(.limitExceeded, "a tensor's size is between 1 and 16777216", at: name.span)
                return nil
            }
            return .constant(size)
        }
        if let dimensions {
            if dimensions.names.contains(name.name) { return .named(name.name) }
            if dimensions.allowsNew {
                reportIfReserved(name)
                dimensions.names.append(name.name)
                return .named(name.name)
            }
        }
        report(
            .unknownName, "there is no size \(name.name)", at: name.span,
            hint: "sizes are integers, constants, or names that a parameter's type introduces")
        return nil
    }

    /// The asset that `Token<A>` and `Vault<A>` name.
    private func asset(_ argument: TypeSyntax.Argument, _ syntax: TypeSyntax, in scope: NameScope) -> AssetIndex? {
        guard case .type(let type) = argument, type.arguments.isEmpty, !type.isOptional else {
            report(.typeArgument, "\(syntax.name.name) wants the name of an asset", at: syntax.span)
            return nil
        }
        guard let declared = scope.find(type.name.name) else {
            report(
                .unknownName, "there is no asset \(type.name.name)", at: type.span,
                hint: "declare it in the contract: asset \(type.name.name)")
            return nil
        }
        guard case .asset(let index) = declared.symbol else {
            report(
                .typeArgument, "\(type.name.name) is \(declared.symbol.kindName), not an asset", at: type.span,
                also: [Label(declared.span, "declared here")])
            return nil
        }
        return index
    }

    /// A constant integer as type argument.
    private func integer(_ argument: TypeSyntax.Argument, _ syntax: TypeSyntax, in scope: NameScope) -> Int? {
        switch argument {
        case .integer(let digits, let span):
            guard let value = Int(digits) else {
                report(.limitExceeded, "\(syntax.name.name) cannot be this large", at: span)
                return nil
            }
            return value
        case .type(let type):
            guard type.arguments.isEmpty, !type.isOptional, let declared = scope.find(type.name.name),
                case .constant(let index) = declared.symbol
            else {
                report(.notConstant, "\(syntax.name.name) wants an integer or a constant here", at: type.span)
                return nil
            }
            return constantInteger(index, at: type.span)
        case .dimensions(_, let span):
            report(.typeArgument, "only tensors have sizes in brackets", at: span)
            return nil
        }
    }

    private func capacity(
        _ argument: TypeSyntax.Argument, _ syntax: TypeSyntax, in scope: NameScope, limit: Int = capacityLimit
    ) -> Int? {
        guard let value = integer(argument, syntax, in: scope) else { return nil }
        guard (1...limit).contains(value) else {
            report(
                .limitExceeded, "a capacity of \(value) is not between 1 and \(limit)", at: syntax.span,
                hint: value > limit ? "keep more in a Map<K, V, n> of the contract's state" : nil)
            return nil
        }
        return value
    }

    /// A type of state; nil after a report.
    func resolveState(_ syntax: TypeSyntax, in scope: NameScope, contract: ContractID, depth: Int = 0) -> StateType? {
        guard syntax.name.name == "Map" || syntax.name.name == "Vault" else {
            let type = resolve(syntax, in: scope, contract: contract)
            return type.isInvalid ? nil : .plain(type)
        }
        if syntax.isOptional {
            report(.typeArgument, "\(syntax.name.name) cannot be optional", at: syntax.span)
            return nil
        }
        if syntax.name.name == "Vault" {
            guard syntax.arguments.count == 1 else {
                report(.typeArgument, "Vault takes the name of an asset", at: syntax.span)
                return nil
            }
            return asset(syntax.arguments[0], syntax, in: scope).map { .vault($0) }
        }
        guard (2...3).contains(syntax.arguments.count), case .type(let keySyntax) = syntax.arguments[0],
            case .type(let valueSyntax) = syntax.arguments[1]
        else {
            report(
                .typeArgument, "Map takes a key type, a value type and, to be iterated, a bound", at: syntax.span,
                hint: "Map<Address, Amount> or Map<Address, Amount, 100>")
            return nil
        }
        guard depth < 2 else {
            report(.typeArgument, "maps nest two levels deep at most", at: syntax.span)
            return nil
        }
        let key = resolve(keySyntax, in: scope, contract: contract)
        guard let value = resolveState(valueSyntax, in: scope, contract: contract, depth: depth + 1) else { return nil }
        var bound: Int?
        if syntax.arguments.count == 3 {
            guard let given = capacity(syntax.arguments[2], syntax, in: scope, limit: Self.mapCapacityLimit) else {
                return nil
            }
            bound = given
        }
        if case .map = value, bound != nil {
            report(.typeArgument, "only the innermost map can have a bound", at: syntax.span)
            return nil
        }
        guard !key.isInvalid else { return nil }
        guard program.isKeyType(key) else {
            report(.typeArgument, "\(typeName(key, in: contract)) cannot be a map key", at: keySyntax.span)
            return nil
        }
        return .map(key: key, value: value, capacity: bound)
    }
}
