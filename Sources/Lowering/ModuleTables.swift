import Bytecode
import Diagnostics
import Numerics
import Semantics

/// The tables of the module that is being written, and the program's types as module types.
final class ModuleTables {
    let program: Program
    let contractID: ContractID
    var builder: ModuleBuilder
    private var typeIndices: [Type: TypeIndex] = [:]
    private var interfaceIndices: [InterfaceID: Int] = [:]
    private var sourceIndices: [String: Int] = [:]

    var contract: Contract { program.contracts[contractID] }

    init(program: Program, contractID: ContractID) {
        self.program = program
        self.contractID = contractID
        builder = ModuleBuilder(name: program.contracts[contractID].name)
    }

    /// The number of the source file at a path.
    func source(_ path: String) -> Int {
        if let index = sourceIndices[path] { return index }
        let index = builder.source(ImportPath.name(of: path, inContractAt: contract.span.file.path))
        sourceIndices[path] = index
        return index
    }

    /// Every integer in a local or temporary register has this type; widths are checked by instructions.
    func wideInteger() -> TypeIndex {
        builder.type(.integer(.int, bits: NumericLimits.integerBits, isSigned: true))
    }

    /// The type of a register that holds such values: one for all numbers.
    func registerType(_ type: Type) -> TypeIndex {
        switch type {
        case .integer, .fixed, .exactFixed, .ratio: wideInteger()
        default: self.type(type)
        }
    }

    func type(_ type: Type) -> TypeIndex {
        if let index = typeIndices[type] { return index }
        let index = builder.type(descriptor(type))
        typeIndices[type] = index
        return index
    }

    private func descriptor(_ type: Type) -> TypeDescriptor {
        switch type {
        case .boolean, .nothing, .invalid: return .boolean
        case .integer(let integer):
            switch integer.name {
            case .amount: return .integer(.amount, bits: integer.bits, isSigned: false)
            case .height: return .integer(.height, bits: integer.bits, isSigned: false)
            case .int, .exact:
                let bits = integer.name == .exact ? NumericLimits.integerBits : integer.bits
                return .integer(.int, bits: bits, isSigned: true)
            }
        case .fixed: return .integer(.fixed, bits: 256, isSigned: true)
        case .exactFixed, .ratio: return .integer(.int, bits: NumericLimits.integerBits, isSigned: true)
        case .address, .contract: return .bytes32(.address)
        case .hash: return .bytes32(.hash)
        case .asset: return .bytes32(.asset)
        case .interface(let id): return .bytes32(.interface(interface(id)))
        case .bytes(let capacity): return .bytes(capacity: capacity)
        case .text(let capacity): return .text(capacity: capacity)
        case .list(let element, let capacity): return .list(self.type(element), capacity: capacity)
        case .option(let wrapped): return .option(self.type(wrapped))
        case .structure(let id):
            let structure = program.structs[id]
            return .structure(name: structure.name, fields: fields(structure.fields))
        case .enumeration(let id):
            let enumeration = program.enums[id]
            return .enumeration(
                name: enumeration.name,
                cases: enumeration.cases.map { .init(name: $0.name, payload: fields($0.payload)) })
        case .tensor(let element, let dimensions):
            let sizes = dimensions.map { dimension in
                if case .constant(let size) = dimension { size } else { 0 }
            }
            return .tensor(Self.element(element), dimensions: sizes)
        case .token(let asset): return .token(asset)
        case .tokenList(let asset): return .tokenList(asset)
        }
    }

    /// The constant that a tensor literal is.
    func tensor(_ elements: [Int64], _ type: Type) -> Int {
        guard case .tensor(let element, let dimensions) = descriptor(type) else { return 0 }
        let data = elements.flatMap { value in
            (0..<element.byteCount).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        return builder.constant(.tensor(element, dimensions: dimensions, data: data))
    }

    static func element(_ element: Semantics.TensorElement) -> TypeDescriptor.TensorElement {
        switch element {
        case .i8: .i8
        case .i16: .i16
        case .i32: .i32
        case .i64: .i64
        }
    }

    func fields(_ fields: [NamedType]) -> [TypeDescriptor.Field] {
        fields.map { TypeDescriptor.Field(name: $0.name, type: type($0.type)) }
    }

    /// The interface's place in the module, entered when first met.
    func interface(_ id: InterfaceID) -> Int {
        if let index = interfaceIndices[id] { return index }
        let interface = program.interfaces[id]
        let isImplemented = contract.interfaces.contains { $0.interface == id }
        let index = builder.module.interfaces.count
        interfaceIndices[id] = index
        // Its methods may speak of the interface itself, so the place is taken first.
        builder.module.interfaces.append(
            InterfaceDescriptor(name: interface.name, methods: [], isImplemented: isImplemented))
        builder.module.interfaces[index].methods = interface.methods.map { method in
            MethodDescriptor(
                name: method.name, isView: method.isView, parameters: fields(method.parameters),
                result: result(method.result))
        }
        return index
    }

    func result(_ type: Type) -> TypeIndex? {
        if case .nothing = type { nil } else { self.type(type) }
    }

    func imported(_ id: InterfaceID, method: Int) -> Int {
        builder.imported(ImportedMethod(interface: interface(id), method: method))
    }

    /// Index into the module's sealed values.
    func sealedIndex(round: Int, sealed: Int) -> Int {
        contract.rounds.prefix(round).reduce(sealed) { $0 + $1.sealed.count }
    }

    // MARK: Declarations

    /// Fills the tables that the contract's declarations determine.
    func declare() {
        builder.module.documentation = contract.documentation
        for (id, _) in contract.interfaces { _ = interface(id) }
        builder.module.assets = contract.assets.map { asset in
            let origin: AssetDescriptor.Origin =
                switch asset.origin {
                case .issued: .issued
                case .native: .native
                case .bound(let field): .bound(slot: field)
                }
            return AssetDescriptor(name: asset.name, origin: origin)
        }
        for (index, field) in contract.fields.enumerated() { declare(field, index) }
        for (roundIndex, round) in contract.rounds.enumerated() { declare(round, roundIndex) }
        builder.module.events = contract.events.map {
            SignatureDescriptor(name: $0.name, parameters: fields($0.parameters))
        }
        builder.module.errors = contract.errors.map {
            SignatureDescriptor(name: $0.name, parameters: fields($0.parameters))
        }
    }

    private func declare(_ field: StateField, _ index: Int) {
        let kind: Slot.Kind
        switch field.kind {
        case .plain: kind = .plain
        case .vault(let asset): kind = .vault(asset: asset)
        case .sealedCommitment(let round):
            let position = contract.rounds[round].sealed.firstIndex { $0.commitmentField == index } ?? 0
            kind = .sealedCommitment(sealed: sealedIndex(round: round, sealed: position))
        case .sealedValue(let round):
            let position = contract.rounds[round].sealed.firstIndex { $0.valueField == index } ?? 0
            kind = .sealedValue(sealed: sealedIndex(round: round, sealed: position))
        case .phase(let round): kind = .phase(round: round)
        }
        builder.module.slots.append(
            Slot(
                name: field.name, kind: kind, keys: field.keyTypes.map { type($0) }, type: type(field.valueType),
                capacity: field.capacity))
    }

    private func duration(_ duration: Round.Duration) -> RoundDescriptor.Duration {
        switch duration {
        case .blocks(let count): .blocks(count)
        case .field(let field): .slot(field)
        case .time(let count, .seconds): .time(count: count, .seconds)
        case .time(let count, .minutes): .time(count: count, .minutes)
        case .time(let count, .hours): .time(count: count, .hours)
        case .time(let count, .days): .time(count: count, .days)
        }
    }

    private func declare(_ round: Round, _ index: Int) {
        builder.module.rounds.append(
            RoundDescriptor(
                name: round.name, key: type(round.keyType),
                phases: round.phases.map {
                    .init(
                        name: $0.name, duration: $0.duration.map(duration), hasCondition: $0.hasCondition,
                        successor: $0.successor)
                }, phaseSlot: round.phaseField, enteredSlot: round.enteredField))
        for sealed in round.sealed {
            builder.module.sealed.append(
                SealedDescriptor(
                    name: "\(round.name).\(sealed.name)", round: index, value: type(sealed.valueType),
                    commitmentSlot: sealed.commitmentField, valueSlot: sealed.valueField,
                    commitPhase: sealed.commitPhase, revealPhase: sealed.revealPhase))
        }
    }
}
