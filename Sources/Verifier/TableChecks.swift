import Bytecode
import Crypto

/// The checks of everything in a module but its code.
struct TableChecks {
    let module: Module
    let types: TypeTable
    private let entryByName: [String: EntryPoint]

    init(module: Module, types: TypeTable) {
        self.module = module
        self.types = types
        entryByName = Dictionary(module.entries.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private func kind(_ type: Int) -> PreparedType.Kind { types.prepared[type].kind }

    private static func check<Element>(
        _ table: [Element], _ name: String, _ limit: Int
    ) throws(VerificationError) {
        guard table.count <= limit else {
            throw VerificationError(.limit, "\(table.count) \(name), at most \(limit) are allowed")
        }
    }

    /// Counts that must hold before anything else is looked at.
    static func checkCounts(_ module: Module) throws(VerificationError) {
        guard module.gasScheduleVersion == 1 else {
            throw VerificationError(.schedule, "there is no gas schedule \(module.gasScheduleVersion)")
        }
        try check(module.types, "types", ModuleLimits.types)
        try check(module.constants, "constants", ModuleLimits.constants)
        try check(module.assets, "assets", ModuleLimits.assets)
        try check(module.slots, "slots", ModuleLimits.slots)
        try check(module.rounds, "rounds", ModuleLimits.rounds)
        try check(module.sealed, "sealed values", ModuleLimits.sealed)
        try check(module.events, "events", ModuleLimits.signatures)
        try check(module.errors, "errors", ModuleLimits.signatures)
        try check(module.interfaces, "interfaces", ModuleLimits.interfaces)
        try check(module.imports, "imports", ModuleLimits.imports)
        try check(module.functions, "functions", ModuleLimits.functions)
        try check(module.entries, "entries", ModuleLimits.functions)
        for function in module.functions {
            try check(function.code, "words of code", ModuleLimits.functionWords)
            try check(function.registers, "registers", ModuleLimits.registers)
        }
        for interface in module.interfaces { try check(interface.methods, "methods", ModuleLimits.members) }
    }

    func checkAll() throws(VerificationError) {
        try checkConstants()
        try checkSlots()
        try checkAssets()
        try checkRounds()
        try checkSealed()
        for signature in module.events + module.errors {
            try Self.check(signature.parameters, "parameters", ModuleLimits.registers)
            for parameter in signature.parameters { try types.checkCopyable(parameter.type, signature.name) }
        }
        try checkInterfaces()
        try checkFunctions()
        try checkEntries()
    }

    // MARK: State

    private func checkConstants() throws(VerificationError) {
        for (index, constant) in module.constants.enumerated() {
            switch constant {
            case .integer(let value):
                guard value.bitWidth <= 4_096 else {
                    throw VerificationError(.limit, "constant \(index) has \(value.bitWidth) bits")
                }
            case .bytes32(let bytes):
                guard bytes.count == 32 else {
                    throw VerificationError(.limit, "constant \(index) has \(bytes.count) bytes instead of 32")
                }
            case .bytes(let bytes):
                try Self.check(bytes, "bytes in constant \(index)", ModuleLimits.constantBytes)
            case .tensor(let element, let dimensions, let data):
                guard Constant.tensorBytes(element, dimensions: dimensions) == data.count else {
                    throw VerificationError(.limit, "constant \(index): the dimensions of a tensor")
                }
            }
        }
    }

    private func checkSlots() throws(VerificationError) {
        for (index, slot) in module.slots.enumerated() {
            func refuse(_ text: String) -> VerificationError { VerificationError(.state, "slot \(index): \(text)") }
            try types.checkCopyable(slot.type, "slot \(index)")
            guard slot.keys.count <= ModuleLimits.slotKeys else { throw refuse("more than three keys") }
            for key in slot.keys {
                try types.checkCopyable(key, "a key of slot \(index)")
                guard isKey(key) else { throw refuse("a key type that cannot be one") }
            }
            if let capacity = slot.capacity {
                guard capacity >= 1, capacity < ModuleLimits.number else { throw refuse("a capacity of \(capacity)") }
                guard !slot.keys.isEmpty else { throw refuse("iterable without a key") }
            }
            switch slot.kind {
            case .plain: break
            case .vault(let asset):
                guard module.assets.indices.contains(asset) else { throw refuse("there is no asset \(asset)") }
                let type = types.prepared[slot.type]
                guard type.kind == .integer, !type.isSigned, type.bits == 256 else {
                    throw refuse("a vault is an integer of 256 bits without sign")
                }
            case .sealedCommitment(let sealed):
                guard module.sealed.indices.contains(sealed), module.sealed[sealed].commitmentSlot == index else {
                    throw refuse("not the commitment slot of sealed value \(sealed)")
                }
            case .sealedValue(let sealed):
                guard module.sealed.indices.contains(sealed), module.sealed[sealed].valueSlot == index else {
                    throw refuse("not the value slot of sealed value \(sealed)")
                }
            case .phase(let round):
                guard module.rounds.indices.contains(round), module.rounds[round].ownSlots.contains(index) else {
                    throw refuse("not a slot of round \(round)")
                }
            }
        }
    }

    private func isKey(_ type: Int) -> Bool {
        let prepared = types.prepared[type]
        switch prepared.kind {
        case .boolean, .integer, .bytes32, .bytes, .text: return true
        case .enumeration:
            return types.cases[Int(prepared.first)..<Int(prepared.first + prepared.count)].allSatisfy { $0.count == 0 }
        default: return false
        }
    }

    private func checkAssets() throws(VerificationError) {
        for (index, asset) in module.assets.enumerated() {
            guard case .bound(let slot) = asset.origin else { continue }
            guard module.slots.indices.contains(slot), module.slots[slot].kind == .plain,
                module.slots[slot].keys.isEmpty, kind(module.slots[slot].type) == .bytes32
            else { throw VerificationError(.state, "asset \(index): slot \(slot) cannot hold its id") }
        }
    }

    private func checkRounds() throws(VerificationError) {
        for (index, round) in module.rounds.enumerated() {
            func refuse(_ text: String) -> VerificationError { VerificationError(.state, "round \(index): \(text)") }
            try types.checkCopyable(round.key, "the key of round \(index)")
            guard isKey(round.key) else { throw refuse("a key type that cannot be one") }
            guard (1...ModuleLimits.phases).contains(round.phases.count) else {
                throw refuse("\(round.phases.count) phases")
            }
            for (number, phase) in round.phases.enumerated() {
                if let successor = phase.successor {
                    guard successor > number, successor < round.phases.count else {
                        throw refuse("phase \(number) leads to phase \(successor)")
                    }
                }
                guard phase.successor != nil || phase.duration == nil && !phase.hasCondition else {
                    throw refuse("phase \(number) ends and has no successor")
                }
                switch phase.duration {
                case .blocks(let count), .time(let count, _):
                    guard (1...Int(Int32.max)).contains(count) else { throw refuse("phase \(number) lasts \(count)") }
                case .slot, nil: break
                }
            }
            try checkOwnSlots(of: round, index)
        }
    }

    /// Phase, height and lengths are kept apart, in types that hold them, under the round's key and nothing else: the
    /// machine finds all of them by one overlay key.
    private func checkOwnSlots(of round: RoundDescriptor, _ index: Int) throws(VerificationError) {
        func refuse(_ text: String) -> VerificationError { VerificationError(.state, "round \(index): \(text)") }
        let slots = round.ownSlots
        for (position, number) in slots.enumerated() {
            guard module.slots.indices.contains(number), !slots[..<position].contains(number) else {
                throw refuse("slot \(number) is missing or used twice")
            }
            let slot = module.slots[number]
            guard slot.kind == .phase(round: index), slot.capacity == nil, slot.keys.count == 1,
                types.digests[slot.keys[0]] == types.digests[round.key]
            else { throw refuse("slot \(number) is not one of its own") }
            let type = types.prepared[slot.type]
            let isRight =
                switch position {
                case 0: type.bits >= 8
                case 1: type.bits >= (type.isSigned ? 64 : 63)
                default: type.bits == 32 && type.isSigned
                }
            guard type.kind == .integer, isRight else { throw refuse("slot \(number) has another type") }
        }
    }

    private func checkSealed() throws(VerificationError) {
        for (index, sealed) in module.sealed.enumerated() {
            func refuse(_ text: String) -> VerificationError {
                VerificationError(.state, "sealed value \(index): \(text)")
            }
            guard module.rounds.indices.contains(sealed.round) else {
                throw refuse("there is no round \(sealed.round)")
            }
            let round = module.rounds[sealed.round]
            try types.checkCopyable(sealed.value, "sealed value \(index)")
            guard sealed.commitPhase >= 0, sealed.commitPhase < sealed.revealPhase,
                sealed.revealPhase < round.phases.count
            else { throw refuse("the reveal does not follow the commitment") }
            for (slot, isValue) in [(sealed.commitmentSlot, false), (sealed.valueSlot, true)] {
                let kind: Slot.Kind = isValue ? .sealedValue(sealed: index) : .sealedCommitment(sealed: index)
                guard module.slots.indices.contains(slot), module.slots[slot].kind == kind,
                    module.slots[slot].keys.count == 2, types.fits(module.slots[slot].keys[0], round.key),
                    self.kind(module.slots[slot].keys[1]) == .bytes32
                else { throw refuse("slot \(slot) does not belong to it") }
                let type = module.slots[slot].type
                guard isValue ? types.digests[type] == types.digests[sealed.value] : self.kind(type) == .bytes32 else {
                    throw refuse("slot \(slot) has another type")
                }
            }
        }
    }

    // MARK: Entries

    /// The digest of a method's shape. Tokens are compared when a call passes them, by the id of their asset.
    private func add(_ type: Int, to digest: inout DigestBuilder) {
        if kind(type) == .token {
            digest.add("token")
        } else {
            digest.add(types.digests[type])
        }
    }

    /// The digest of every interface; its tables have been checked.
    func interfaceDigests() -> [Bytes32] {
        module.interfaces.map { interface in
            var digest = DigestBuilder()
            digest.add(interface.name)
            digest.add(interface.methods.count)
            for method in interface.methods {
                digest.add(method.name)
                digest.add(method.isView ? 1 : 0, method.parameters.count, method.result == nil ? 0 : 1)
                for parameter in method.parameters { add(parameter.type, to: &digest) }
                if let result = method.result { add(result, to: &digest) }
            }
            return digest.finish()
        }
    }

    private func checkBoundary(_ type: Int, _ place: () -> String) throws(VerificationError) {
        guard types.prepared.indices.contains(type) else {
            throw VerificationError(.index, "\(place()): there is no type \(type)")
        }
        if kind(type) == .tokenList { throw VerificationError(.type, "\(place()): a list of tokens") }
    }

    private func checkInterfaces() throws(VerificationError) {
        for (index, interface) in module.interfaces.enumerated() {
            for method in interface.methods {
                // Made when it is wanted: there may be thousands of methods.
                func place() -> String { "interface \(index), method \(method.name)" }
                try Self.check(method.parameters, "parameters", ModuleLimits.registers - 1)
                func checkPart(_ type: Int) throws(VerificationError) {
                    try checkBoundary(type, place)
                    if method.isView, kind(type) == .token {
                        throw VerificationError(.entry, "\(place()): a view with a token")
                    }
                }
                for parameter in method.parameters { try checkPart(parameter.type) }
                if let result = method.result { try checkPart(result) }
                if interface.isImplemented { try checkImplementation(method, place()) }
            }
        }
        for (index, item) in module.imports.enumerated() {
            guard module.interfaces.indices.contains(item.interface),
                module.interfaces[item.interface].methods.indices.contains(item.method)
            else { throw VerificationError(.index, "import \(index): there is no such method") }
        }
    }

    private func checkImplementation(_ method: MethodDescriptor, _ place: String) throws(VerificationError) {
        guard let entry = entryByName[method.name],
            entry.kind == (method.isView ? .view : .action), module.functions.indices.contains(entry.function)
        else { throw VerificationError(.entry, "\(place) is not implemented") }
        let function = module.functions[entry.function]
        var (promised, found) = (DigestBuilder(), DigestBuilder())
        for parameter in method.parameters { add(parameter.type, to: &promised) }
        guard function.parameterCount >= 0, function.parameterCount <= function.registers.count else {
            throw VerificationError(.index, "\(place): a parameter without register")
        }
        for type in function.registers.prefix(function.parameterCount) {
            try checkBoundary(type, { place })
            add(type, to: &found)
        }
        if let result = method.result { add(result, to: &promised) }
        if let result = function.result {
            try checkBoundary(result, { place })
            add(result, to: &found)
        }
        guard promised.finish() == found.finish(), (method.result == nil) == (function.result == nil) else {
            throw VerificationError(.entry, "\(place) is implemented with other types")
        }
    }

    private func checkFunctions() throws(VerificationError) {
        for (index, function) in module.functions.enumerated() {
            guard function.parameterCount >= 0, function.parameterCount <= function.registers.count else {
                throw VerificationError(.index, function: index, "a parameter without register")
            }
            for type in function.registers + (function.result.map { [$0] } ?? []) {
                guard types.prepared.indices.contains(type) else {
                    throw VerificationError(.index, function: index, "there is no type \(type)")
                }
            }
            if let during = function.during {
                guard module.rounds.indices.contains(during.round),
                    module.rounds[during.round].phases.indices.contains(during.phase)
                else { throw VerificationError(.phase, function: index, "there is no such phase") }
            }
        }
    }

    private func checkEntries() throws(VerificationError) {
        var names: Set<String> = []
        var initializers = 0
        for entry in module.entries {
            func refuse(_ text: String) -> VerificationError { VerificationError(.entry, "\(entry.name): \(text)") }
            guard module.functions.indices.contains(entry.function) else {
                throw VerificationError(.index, "\(entry.name): there is no function \(entry.function)")
            }
            let function = module.functions[entry.function]
            guard names.insert(entry.name).inserted else { throw refuse("the name stands twice") }
            guard entry.parameterNames.count == function.parameterCount else {
                throw refuse("\(entry.parameterNames.count) names for \(function.parameterCount) parameters")
            }
            let boundary = function.registers.prefix(function.parameterCount) + (function.result.map { [$0] } ?? [])
            for type in boundary { try checkBoundary(type, { entry.name }) }
            switch entry.kind {
            case .action: break
            case .view:
                guard function.isReadOnly else { throw refuse("a view that may change state") }
                guard !boundary.contains(where: { kind($0) == .token }) else { throw refuse("a view with a token") }
            case .initializer:
                initializers += 1
                guard function.result == nil else { throw refuse("an initialiser with a result") }
            }
        }
        guard initializers == 1 else { throw VerificationError(.entry, "\(initializers) initialisers instead of one") }
    }
}

extension RoundDescriptor {
    /// What only the instructions of rounds write.
    fileprivate var ownSlots: [Int] { [phaseSlot, enteredSlot] + durationSlots }
}
