import Numerics

extension Type {
    /// What to do with an option where a value is wanted.
    var optionHint: String? {
        guard case .option = self else { return nil }
        return "take the value out: `if let x = …`, `require let x = …` or `… ?? default`"
    }

    static let invalidType = Type.invalid

    var isInvalid: Bool { if case .invalid = self { true } else { false } }
    var isInteger: Bool { if case .integer = self { true } else { false } }
    var isFixed: Bool {
        switch self {
        case .fixed, .exactFixed: true
        default: false
        }
    }
    var isRatio: Bool { if case .ratio = self { true } else { false } }
    var isNumber: Bool { isInteger || isFixed || isRatio }
    var isToken: Bool {
        switch self {
        case .token, .tokenList: true
        default: false
        }
    }
    var isExact: Bool {
        switch self {
        case .integer(let type): type.name == .exact
        case .exactFixed: true
        default: false
        }
    }
    var element: Type? { if case .list(let element, _) = self { element } else { nil } }

    /// The type that a binding without annotation gets.
    var bindingType: Type {
        switch self {
        case .integer(let type) where type.name == .exact: .integer(.int)
        case .exactFixed: .fixed
        default: self
        }
    }
}

extension Program {
    /// The type as it is written in sources.
    public func name(_ type: Type, in contract: ContractID? = nil) -> String {
        switch type {
        case .boolean: return "Bool"
        case .integer(let type):
            switch type.name {
            case .int: return type.bits == 256 ? "Int" : "Int<\(type.bits)>"
            case .amount: return "Amount"
            case .height: return "Height"
            case .exact: return "an exact integer of up to \(type.bits) bits"
            }
        case .fixed: return "Fixed"
        case .exactFixed(let bits): return "an exact Fixed of up to \(bits) bits"
        case .ratio: return "Ratio"
        case .address: return "Address"
        case .hash: return "Hash"
        case .asset: return "Asset"
        case .bytes(let capacity): return "Bytes<\(capacity)>"
        case .text(let capacity): return "Text<\(capacity)>"
        case .list(let element, let capacity): return "List<\(name(element, in: contract)), \(capacity)>"
        case .option(let wrapped): return wrapped.isInvalid ? "none" : name(wrapped, in: contract) + "?"
        case .structure(let id): return structs[id].name
        case .enumeration(let id): return enums[id].name
        case .interface(let id): return interfaces[id].name
        case .tensor(let element, let dimensions):
            let sizes = dimensions.map { dimension in
                switch dimension {
                case .constant(let size): "\(size)"
                case .named(let name): name
                }
            }
            return "Tensor<\(element.rawValue), [\(sizes.joined(separator: ", "))]>"
        case .token(let asset): return "Token<\(assetName(asset, contract))>"
        case .tokenList(let asset): return "the parts of a Token<\(assetName(asset, contract))>"
        case .nothing: return "no value"
        case .contract(let id): return "contract \(contracts[id].name)"
        case .invalid: return "an unknown type"
        }
    }

    private func assetName(_ asset: AssetIndex, _ contract: ContractID?) -> String {
        guard let contract, contracts[contract].assets.indices.contains(asset) else { return "asset \(asset)" }
        return contracts[contract].assets[asset].name
    }

    /// Does the type have a zero value?
    func hasZeroValue(_ type: Type) -> Bool {
        switch type {
        case .boolean, .integer, .fixed, .exactFixed, .bytes, .text, .list, .option, .invalid: true
        case .structure(let id): structs[id].fields.allSatisfy { hasZeroValue($0.type) }
        default: false
        }
    }

    /// Copyable values: they may be stored, passed, compared and hashed.
    func isCopyable(_ type: Type) -> Bool {
        switch type {
        case .token, .tokenList, .ratio, .nothing, .contract: false
        default: true
        }
    }

    func isKeyType(_ type: Type) -> Bool {
        switch type {
        case .boolean, .integer, .address, .hash, .asset, .interface, .bytes, .text, .invalid: true
        case .enumeration(let id): enums[id].cases.allSatisfy { $0.payload.isEmpty }
        default: false
        }
    }
}
