import Numerics

/// Reads the artefact; see `Module.init(decoding:)`.
struct ModuleDecoder {
    var reader: ByteReader

    func failure(_ code: CodingError.Code, _ message: String) -> CodingError {
        CodingError(code, message, at: reader.offset)
    }

    func failure(_ fault: ByteReader.Fault) -> CodingError {
        switch fault {
        case .truncated: failure(.truncated, "The artefact ends too early")
        case .nonCanonical: failure(.nonCanonicalNumber, "A number is not in its shortest form")
        }
    }

    mutating func module() throws(CodingError) -> Module {
        guard let magic = try? reader.raw(Module.magic.count), Array(magic) == Module.magic else {
            throw failure(.notAnArtefact, "This is not an Agon artefact")
        }
        let version = try number(limit: 255)
        guard version == Module.formatVersion else {
            throw failure(.unknownVersion, "Artefact layout \(version) is not known; this is layout 1")
        }
        let schedule = try number(limit: ModuleLimits.number)
        var module = Module(name: try name(), gasScheduleVersion: schedule)
        module.documentation = try text(limit: ModuleLimits.documentationBytes)
        module.sourceNames = try table(limit: ModuleLimits.sources) { (self) throws(CodingError) in try self.name() }
        module.types = try table(limit: ModuleLimits.types) { (self) throws(CodingError) in try self.type() }
        module.constants = try table(limit: ModuleLimits.constants) { (self) throws(CodingError) in
            try self.constant()
        }
        module.assets = try table(limit: ModuleLimits.assets) { (self) throws(CodingError) in
            let name = try self.name()
            switch try self.byte() {
            case 0: return AssetDescriptor(name: name, origin: .issued)
            case 1: return AssetDescriptor(name: name, origin: .native)
            case 2:
                return AssetDescriptor(name: name, origin: .bound(slot: try self.number(limit: ModuleLimits.number)))
            default: throw self.unknownTag("asset")
            }
        }
        module.slots = try table(limit: ModuleLimits.slots) { (self) throws(CodingError) in try self.slot() }
        module.rounds = try table(limit: ModuleLimits.rounds) { (self) throws(CodingError) in try self.round() }
        module.sealed = try table(limit: ModuleLimits.sealed) { (self) throws(CodingError) in
            SealedDescriptor(
                name: try self.name(), round: try self.index(), value: try self.index(),
                commitmentSlot: try self.index(), valueSlot: try self.index(), commitPhase: try self.index(),
                revealPhase: try self.index())
        }
        module.events = try signatures()
        module.errors = try signatures()
        module.interfaces = try table(limit: ModuleLimits.interfaces) { (self) throws(CodingError) in
            let name = try self.name()
            let isImplemented = try self.flag()
            let methods = try self.table(limit: ModuleLimits.members) { (self) throws(CodingError) in
                MethodDescriptor(
                    name: try self.name(), isView: try self.flag(), parameters: try self.fields(),
                    result: try self.optional())
            }
            return InterfaceDescriptor(name: name, methods: methods, isImplemented: isImplemented)
        }
        module.imports = try table(limit: ModuleLimits.imports) { (self) throws(CodingError) in
            ImportedMethod(interface: try self.index(), method: try self.index())
        }
        module.functions = try table(limit: ModuleLimits.functions) { (self) throws(CodingError) in
            try self.function()
        }
        module.entries = try table(limit: ModuleLimits.functions) { (self) throws(CodingError) in
            let name = try self.name()
            guard let kind = EntryPoint.Kind(rawValue: try self.byte()) else { throw self.unknownTag("entry") }
            let function = try self.index()
            let parameters = try self.table(limit: ModuleLimits.members) { (self) throws(CodingError) in
                try self.name()
            }
            return EntryPoint(
                name: name, kind: kind, function: function, parameterNames: parameters,
                documentation: try self.text(limit: ModuleLimits.documentationBytes))
        }
        guard reader.remaining == 0 else { throw failure(.trailingBytes, "Bytes follow the end of the artefact") }
        return module
    }

    // MARK: Parts

    func unknownTag(_ what: String) -> CodingError { failure(.unknownTag, "Unknown kind of \(what)") }

    mutating func byte() throws(CodingError) -> UInt8 {
        do { return try reader.byte() } catch { throw failure(error) }
    }

    mutating func raw(_ count: Int) throws(CodingError) -> [UInt8] {
        do { return Array(try reader.raw(count)) } catch { throw failure(error) }
    }

    mutating func word() throws(CodingError) -> UInt64 {
        do { return try reader.word() } catch { throw failure(error) }
    }

    mutating func number(limit: Int) throws(CodingError) -> Int {
        let value: Int
        do { value = try reader.count() } catch { throw failure(error) }
        guard value <= limit else {
            throw failure(.limitExceeded, "The number \(value) is above the limit of \(limit)")
        }
        return value
    }

    mutating func index() throws(CodingError) -> Int { try number(limit: ModuleLimits.number) }

    mutating func flag() throws(CodingError) -> Bool {
        let value = try byte()
        guard value <= 1 else { throw unknownTag("truth value") }
        return value == 1
    }

    mutating func optional() throws(CodingError) -> Int? {
        let value = try number(limit: ModuleLimits.number - 1)
        if try flag() { return value }
        guard value == 0 else { throw failure(.nonCanonicalNumber, "An absent number has a value") }
        return nil
    }

    mutating func table<Element>(
        limit: Int, _ body: (inout ModuleDecoder) throws(CodingError) -> Element
    ) throws(CodingError) -> [Element] {
        let count = try number(limit: limit)
        var elements: [Element] = []
        // No more than the bytes left can hold.
        elements.reserveCapacity(min(count, reader.remaining, 256))
        for _ in 0..<count { elements.append(try body(&self)) }
        return elements
    }

    mutating func string(limit: Int) throws(CodingError) -> String {
        let count = try number(limit: limit)
        let bytes: ArraySlice<UInt8>
        do { bytes = try reader.raw(count) } catch { throw failure(error) }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw failure(.invalidText, "A text is not valid UTF-8")
        }
        return text
    }

    mutating func name() throws(CodingError) -> String { try string(limit: ModuleLimits.nameBytes) }

    mutating func text(limit: Int) throws(CodingError) -> String? {
        try flag() ? try string(limit: limit) : nil
    }

    mutating func fields() throws(CodingError) -> [TypeDescriptor.Field] {
        try table(limit: ModuleLimits.members) { (self) throws(CodingError) in
            TypeDescriptor.Field(name: try self.name(), type: try self.index())
        }
    }

    mutating func signatures() throws(CodingError) -> [SignatureDescriptor] {
        try table(limit: ModuleLimits.signatures) { (self) throws(CodingError) in
            SignatureDescriptor(name: try self.name(), parameters: try self.fields())
        }
    }

    mutating func type() throws(CodingError) -> TypeDescriptor {
        switch try byte() {
        case 0: return .boolean
        case 1:
            guard let kind = TypeDescriptor.IntegerKind(rawValue: try byte()) else { throw unknownTag("integer") }
            return .integer(kind, bits: try number(limit: NumericLimits.intermediateBits), isSigned: try flag())
        case 2:
            switch try byte() {
            case 0: return .bytes32(.address)
            case 1: return .bytes32(.hash)
            case 2: return .bytes32(.asset)
            case 3: return .bytes32(.interface(try index()))
            default: throw unknownTag("32-byte value")
            }
        case 3: return .bytes(capacity: try number(limit: ModuleLimits.capacity))
        case 4: return .text(capacity: try number(limit: ModuleLimits.capacity))
        case 5: return .list(try index(), capacity: try number(limit: ModuleLimits.capacity))
        case 6: return .option(try index())
        case 7: return .structure(name: try name(), fields: try fields())
        case 8:
            let name = try name()
            let cases = try table(limit: ModuleLimits.members) { (self) throws(CodingError) in
                TypeDescriptor.Case(name: try self.name(), payload: try self.fields())
            }
            return .enumeration(name: name, cases: cases)
        case 9:
            guard let element = TypeDescriptor.TensorElement(rawValue: try byte()) else { throw unknownTag("tensor") }
            let dimensions = try table(limit: ModuleLimits.tensorRank) { (self) throws(CodingError) in
                try self.number(limit: Int(UInt32.max))
            }
            return .tensor(element, dimensions: dimensions)
        case 10: return .token(try index())
        case 11: return .tokenList(try index())
        default: throw unknownTag("type")
        }
    }

    mutating func constant() throws(CodingError) -> Constant {
        switch try byte() {
        case 0:
            let header = try number(limit: NumericLimits.integerBits / 4 + 1)
            let magnitude = try raw(header / 2)
            guard magnitude.first != 0, header != 1 else {
                throw failure(.nonCanonicalNumber, "An integer is not in its shortest form")
            }
            return .integer(BigInt(negative: header % 2 == 1, bigEndianMagnitude: magnitude))
        case 1: return .bytes32(try raw(32))
        case 2: return .bytes(try raw(try number(limit: ModuleLimits.constantBytes)))
        case 3:
            guard let element = TypeDescriptor.TensorElement(rawValue: try byte()) else { throw unknownTag("tensor") }
            let dimensions = try table(limit: ModuleLimits.tensorRank) { (self) throws(CodingError) in
                try self.number(limit: ModuleLimits.constantBytes)
            }
            guard let bytes = Constant.tensorBytes(element, dimensions: dimensions) else {
                throw failure(.limitExceeded, "A constant tensor cannot have the sizes \(dimensions)")
            }
            return .tensor(element, dimensions: dimensions, data: try raw(bytes))
        default: throw unknownTag("constant")
        }
    }

    mutating func slot() throws(CodingError) -> Slot {
        let name = try name()
        let kind: Slot.Kind
        switch try byte() {
        case 0: kind = .plain
        case 1: kind = .vault(asset: try index())
        case 2: kind = .sealedCommitment(sealed: try index())
        case 3: kind = .sealedValue(sealed: try index())
        case 4: kind = .phase(round: try index())
        default: throw unknownTag("slot")
        }
        let keys = try table(limit: ModuleLimits.slotKeys) { (self) throws(CodingError) in try self.index() }
        return Slot(name: name, kind: kind, keys: keys, type: try index(), capacity: try optional())
    }

    mutating func round() throws(CodingError) -> RoundDescriptor {
        let name = try name()
        let key = try index()
        let phases = try table(limit: ModuleLimits.phases) { (self) throws(CodingError) in
            RoundDescriptor.Phase(
                name: try self.name(), duration: try self.duration(), hasCondition: try self.flag(),
                successor: try self.optional())
        }
        return RoundDescriptor(
            name: name, key: key, phases: phases, phaseSlot: try index(), enteredSlot: try index())
    }

    private mutating func duration() throws(CodingError) -> RoundDescriptor.Duration? {
        switch try byte() {
        case 0: return nil
        case 1: return .blocks(try index())
        case 2:
            let count = try index()
            guard let unit = TimeUnit(rawValue: try byte()) else { throw unknownTag("unit of time") }
            return .time(count: count, unit)
        case 3: return .slot(try index())
        default: throw unknownTag("duration")
        }
    }

    mutating func function() throws(CodingError) -> FunctionDescriptor {
        let name = try name()
        let parameterCount = try number(limit: ModuleLimits.registers)
        let registers = try table(limit: ModuleLimits.registers) { (self) throws(CodingError) in try self.index() }
        let result = try optional()
        let isReadOnly = try flag()
        let round = try optional()
        let phase = try optional()
        guard (round == nil) == (phase == nil) else { throw failure(.unknownTag, "A phase without a round") }
        var during: FunctionDescriptor.During?
        if let round, let phase { during = FunctionDescriptor.During(round: round, phase: phase) }
        let code = try table(limit: ModuleLimits.functionWords) { (self) throws(CodingError) in
            try self.word()
        }
        let positions = try table(limit: ModuleLimits.functionWords) { (self) throws(CodingError) in
            FunctionDescriptor.Position(
                word: try self.index(), file: try self.index(), line: try self.index(), column: try self.index())
        }
        return FunctionDescriptor(
            name: name, parameterCount: parameterCount, registers: registers, result: result, isReadOnly: isReadOnly,
            during: during, code: code, positions: positions)
    }
}
