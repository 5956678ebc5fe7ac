import Numerics

/// Writes the artefact; see `Module.encoded`.
struct ModuleEncoder {
    var writer = ByteWriter()

    mutating func module(_ module: Module) throws(CodingError) {
        writer.raw(Module.magic)
        try number(Module.formatVersion, limit: 255)
        try number(module.gasScheduleVersion, limit: ModuleLimits.number)
        try name(module.name)
        try text(module.documentation, limit: ModuleLimits.documentationBytes)
        try table(module.sourceNames, limit: ModuleLimits.sources) { (self, source) throws(CodingError) in
            try self.name(source)
        }
        try table(module.types, limit: ModuleLimits.types) { (self, type) throws(CodingError) in try self.type(type) }
        try table(module.constants, limit: ModuleLimits.constants) { (self, constant) throws(CodingError) in
            try self.constant(constant)
        }
        try table(module.assets, limit: ModuleLimits.assets) { (self, asset) throws(CodingError) in
            try self.name(asset.name)
            switch asset.origin {
            case .issued: self.writer.byte(0)
            case .native: self.writer.byte(1)
            case .bound(let slot):
                self.writer.byte(2)
                try self.number(slot, limit: ModuleLimits.number)
            }
        }
        try table(module.slots, limit: ModuleLimits.slots) { (self, slot) throws(CodingError) in try self.slot(slot) }
        try table(module.rounds, limit: ModuleLimits.rounds) { (self, round) throws(CodingError) in
            try self.round(round)
        }
        try table(module.sealed, limit: ModuleLimits.sealed) { (self, sealed) throws(CodingError) in
            try self.name(sealed.name)
            for value in [
                sealed.round, sealed.value, sealed.commitmentSlot, sealed.valueSlot, sealed.commitPhase,
                sealed.revealPhase,
            ] {
                try self.number(value, limit: ModuleLimits.number)
            }
        }
        for signatures in [module.events, module.errors] {
            try table(signatures, limit: ModuleLimits.signatures) { (self, signature) throws(CodingError) in
                try self.name(signature.name)
                try self.fields(signature.parameters)
            }
        }
        try table(module.interfaces, limit: ModuleLimits.interfaces) { (self, interface) throws(CodingError) in
            try self.name(interface.name)
            self.writer.byte(interface.isImplemented ? 1 : 0)
            try self.table(interface.methods, limit: ModuleLimits.members) { (self, method) throws(CodingError) in
                try self.name(method.name)
                self.writer.byte(method.isView ? 1 : 0)
                try self.fields(method.parameters)
                try self.optional(method.result)
            }
        }
        try table(module.imports, limit: ModuleLimits.imports) { (self, method) throws(CodingError) in
            try self.number(method.interface, limit: ModuleLimits.number)
            try self.number(method.method, limit: ModuleLimits.number)
        }
        try table(module.functions, limit: ModuleLimits.functions) { (self, function) throws(CodingError) in
            try self.function(function)
        }
        try table(module.entries, limit: ModuleLimits.functions) { (self, entry) throws(CodingError) in
            try self.name(entry.name)
            self.writer.byte(entry.kind.rawValue)
            try self.number(entry.function, limit: ModuleLimits.number)
            try self.table(entry.parameterNames, limit: ModuleLimits.members) { (self, name) throws(CodingError) in
                try self.name(name)
            }
            try self.text(entry.documentation, limit: ModuleLimits.documentationBytes)
        }
    }

    // MARK: Parts

    mutating func number(_ value: Int, limit: Int) throws(CodingError) {
        guard value >= 0, value <= limit else {
            throw CodingError(.limitExceeded, "The number \(value) lies outside 0 … \(limit)", at: writer.bytes.count)
        }
        writer.count(value)
    }

    mutating func optional(_ value: Int?) throws(CodingError) {
        if let value {
            try number(value, limit: ModuleLimits.number - 1)
            writer.byte(1)
        } else {
            writer.count(0)
            writer.byte(0)
        }
    }

    mutating func table<Element>(
        _ elements: [Element], limit: Int,
        _ body: (inout ModuleEncoder, Element) throws(CodingError) -> Void
    ) throws(CodingError) {
        try number(elements.count, limit: limit)
        for element in elements { try body(&self, element) }
    }

    mutating func name(_ text: String) throws(CodingError) {
        let bytes = Array(text.utf8)
        try number(bytes.count, limit: ModuleLimits.nameBytes)
        writer.raw(bytes)
    }

    mutating func text(_ text: String?, limit: Int) throws(CodingError) {
        guard let text else {
            writer.byte(0)
            return
        }
        writer.byte(1)
        let bytes = Array(text.utf8)
        try number(bytes.count, limit: limit)
        writer.raw(bytes)
    }

    mutating func fields(_ fields: [TypeDescriptor.Field]) throws(CodingError) {
        try table(fields, limit: ModuleLimits.members) { (self, field) throws(CodingError) in
            try self.name(field.name)
            try self.number(field.type, limit: ModuleLimits.number)
        }
    }

    mutating func type(_ type: TypeDescriptor) throws(CodingError) {
        switch type {
        case .boolean: writer.byte(0)
        case .integer(let kind, let bits, let isSigned):
            writer.byte(1)
            writer.byte(kind.rawValue)
            try number(bits, limit: NumericLimits.intermediateBits)
            writer.byte(isSigned ? 1 : 0)
        case .bytes32(let kind):
            writer.byte(2)
            switch kind {
            case .address: writer.byte(0)
            case .hash: writer.byte(1)
            case .asset: writer.byte(2)
            case .interface(let index):
                writer.byte(3)
                try number(index, limit: ModuleLimits.number)
            }
        case .bytes(let capacity):
            writer.byte(3)
            try number(capacity, limit: ModuleLimits.capacity)
        case .text(let capacity):
            writer.byte(4)
            try number(capacity, limit: ModuleLimits.capacity)
        case .list(let element, let capacity):
            writer.byte(5)
            try number(element, limit: ModuleLimits.number)
            try number(capacity, limit: ModuleLimits.capacity)
        case .option(let element):
            writer.byte(6)
            try number(element, limit: ModuleLimits.number)
        case .structure(let name, let fields):
            writer.byte(7)
            try self.name(name)
            try self.fields(fields)
        case .enumeration(let name, let cases):
            writer.byte(8)
            try self.name(name)
            try table(cases, limit: ModuleLimits.members) { (self, item) throws(CodingError) in
                try self.name(item.name)
                try self.fields(item.payload)
            }
        case .tensor(let element, let dimensions):
            writer.byte(9)
            writer.byte(element.rawValue)
            try table(dimensions, limit: ModuleLimits.tensorRank) { (self, size) throws(CodingError) in
                try self.number(size, limit: Int(UInt32.max))
            }
        case .token(let asset):
            writer.byte(10)
            try number(asset, limit: ModuleLimits.number)
        case .tokenList(let asset):
            writer.byte(11)
            try number(asset, limit: ModuleLimits.number)
        }
    }

    mutating func constant(_ constant: Constant) throws(CodingError) {
        switch constant {
        case .integer(let value):
            writer.byte(0)
            let magnitude = value.bigEndianMagnitude
            guard magnitude.count <= NumericLimits.integerBits / 8 else {
                throw CodingError(.limitExceeded, "An integer constant is wider than \(NumericLimits.integerBits) bits")
            }
            writer.count(2 * magnitude.count + (value.isNegative ? 1 : 0))
            writer.raw(magnitude)
        case .bytes32(let bytes):
            guard bytes.count == 32 else {
                throw CodingError(.notEncodable, "A 32-byte constant has \(bytes.count) bytes")
            }
            writer.byte(1)
            writer.raw(bytes)
        case .bytes(let bytes):
            writer.byte(2)
            try number(bytes.count, limit: ModuleLimits.constantBytes)
            writer.raw(bytes)
        case .tensor(let element, let dimensions, let data):
            guard Constant.tensorBytes(element, dimensions: dimensions) == data.count else {
                throw CodingError(.notEncodable, "A constant tensor's sizes \(dimensions) do not fit its elements")
            }
            writer.byte(3)
            writer.byte(element.rawValue)
            try table(dimensions, limit: ModuleLimits.tensorRank) { (self, dimension) throws(CodingError) in
                try self.number(dimension, limit: ModuleLimits.constantBytes)
            }
            writer.raw(data)
        }
    }

    mutating func slot(_ slot: Slot) throws(CodingError) {
        try name(slot.name)
        switch slot.kind {
        case .plain: writer.byte(0)
        case .vault(let asset):
            writer.byte(1)
            try number(asset, limit: ModuleLimits.number)
        case .sealedCommitment(let sealed):
            writer.byte(2)
            try number(sealed, limit: ModuleLimits.number)
        case .sealedValue(let sealed):
            writer.byte(3)
            try number(sealed, limit: ModuleLimits.number)
        case .phase(let round):
            writer.byte(4)
            try number(round, limit: ModuleLimits.number)
        }
        try table(slot.keys, limit: ModuleLimits.slotKeys) { (self, key) throws(CodingError) in
            try self.number(key, limit: ModuleLimits.number)
        }
        try number(slot.type, limit: ModuleLimits.number)
        try optional(slot.capacity)
    }

    mutating func round(_ round: RoundDescriptor) throws(CodingError) {
        try name(round.name)
        try number(round.key, limit: ModuleLimits.number)
        try table(round.phases, limit: ModuleLimits.phases) { (self, phase) throws(CodingError) in
            try self.name(phase.name)
            try self.duration(phase.duration)
            self.writer.byte(phase.hasCondition ? 1 : 0)
            try self.optional(phase.successor)
        }
        try number(round.phaseSlot, limit: ModuleLimits.number)
        try number(round.enteredSlot, limit: ModuleLimits.number)
    }

    private mutating func duration(_ duration: RoundDescriptor.Duration?) throws(CodingError) {
        switch duration {
        case nil: writer.byte(0)
        case .blocks(let count):
            writer.byte(1)
            try number(count, limit: ModuleLimits.number)
        case .time(let count, let unit):
            writer.byte(2)
            try number(count, limit: ModuleLimits.number)
            writer.byte(unit.rawValue)
        case .slot(let slot):
            writer.byte(3)
            try number(slot, limit: ModuleLimits.number)
        }
    }

    mutating func function(_ function: FunctionDescriptor) throws(CodingError) {
        try name(function.name)
        try number(function.parameterCount, limit: ModuleLimits.registers)
        try table(function.registers, limit: ModuleLimits.registers) { (self, type) throws(CodingError) in
            try self.number(type, limit: ModuleLimits.number)
        }
        try optional(function.result)
        writer.byte(function.isReadOnly ? 1 : 0)
        try optional(function.during?.round)
        try optional(function.during?.phase)
        try table(function.code, limit: ModuleLimits.functionWords) { (self, word) throws(CodingError) in
            self.writer.word(word)
        }
        try table(function.positions, limit: ModuleLimits.functionWords) { (self, position) throws(CodingError) in
            for value in [position.word, position.file, position.line, position.column] {
                try self.number(value, limit: ModuleLimits.number)
            }
        }
    }
}
