import Numerics

/// The tables of a module as lines of text, before, between or after its functions:
///
///     schedule NUMBER
///     struct Point { x: Int, y: Int }
///     enum Side { left, right(n: Int) }
///     type List<#0, 4>
///     constant 5                         constant bytes 0xfffe
///     constant hash 0x…                  constant tensor i8 [1, 2] 0x01ff
///     asset A issued                     asset A native                      asset A bound SLOT
///     slot name [Key, Key] Type max 8    vault name [Key] ASSET              (no keys: no brackets)
///     commitments name [Key, Key] SEALED                                     (of type Hash)
///     values name [Key, Key] Type SEALED
///     phase name [Key] Type ROUND                                            (what only the round itself writes)
///     round R Key SLOT SLOT: a 5 1, b 2hours 2 when, c slot7 3, d - 4 when, e
///                                        (phase slot, entry slot; length, successor)
///     sealed R.s ROUND Type SLOT SLOT PHASE PHASE                            (commitments, values; commit, reveal)
///     event E(Int, Address)              error F(Int)
///     interface I implemented: view price(Int) -> Amount, action pay(Token#0)    (without the word: only called)
///     import INTERFACE METHOD
///     entry name action FUNCTION         (or view, init; then every entry has to be written)
///
/// Numbers are indices into the tables. A length is blocks, a time, or the slot that holds it; `when`: a condition may
/// end the phase; `-` stands for no length or no successor. Nothing is checked beyond the
/// form: that is the verifier's work.
extension Assembler {
    /// A module of its own. Without `entry` lines the functions are its entries: `init` the initialiser (an empty one
    /// is made when there is none), names that begin with an underscore private, read-only functions views.
    public static func module(_ text: String, name: String) throws(CodingError) -> Module {
        var builder = ModuleBuilder(name: name)
        try assemble(text, into: &builder)
        guard builder.module.entries.isEmpty else { return builder.module }
        if !builder.module.functions.contains(where: { $0.name == "init" }) {
            try assemble("function init()\nreturnNothing\nend", into: &builder)
        }
        for (index, function) in builder.module.functions.enumerated() where !function.name.hasPrefix("_") {
            let kind: EntryPoint.Kind =
                function.name == "init" ? .initializer : (function.isReadOnly ? .view : .action)
            builder.module.entries.append(Self.entry(function.name, kind, index, of: builder.module))
        }
        return builder.module
    }

    private static func entry(
        _ name: String, _ kind: EntryPoint.Kind, _ function: Int, of module: Module
    ) -> EntryPoint {
        let count = module.functions.indices.contains(function) ? module.functions[function].parameterCount : 0
        return EntryPoint(
            name: name, kind: kind, function: function, parameterNames: (0..<max(0, count)).map { "p\($0)" },
            documentation: nil)
    }

    mutating func table(_ content: Substring) throws(CodingError) {
        let parts = content.split(separator: " ", maxSplits: 1)
        let rest = parts.count > 1 ? trimmed(parts[1]) : ""
        switch parts[0] {
        case "schedule": builder.module.gasScheduleVersion = try integer(rest)
        case "struct":
            let (name, body) = try braced(rest)
            builder.module.types.append(.structure(name: name, fields: try fields(body)))
        case "enum":
            let (name, body) = try braced(rest)
            var cases: [TypeDescriptor.Case] = []
            for part in splitTypes(body) {
                let (name, payload) = try called(part)
                cases.append(.init(name: name, payload: try fields(payload)))
            }
            builder.module.types.append(.enumeration(name: name, cases: cases))
        case "type": _ = try type(rest, anyIndex: true)
        case "constant": builder.module.constants.append(try constant(rest))
        case "asset": builder.module.assets.append(try asset(rest))
        case "slot", "vault", "commitments", "values", "phase": builder.module.slots.append(try slot(parts[0], rest))
        case "round": builder.module.rounds.append(try round(rest))
        case "sealed": builder.module.sealed.append(try sealed(rest))
        case "event": builder.module.events.append(try signature(rest))
        case "error": builder.module.errors.append(try signature(rest))
        case "interface": builder.module.interfaces.append(try interface(rest))
        case "import":
            let numbers = try integers(rest, count: 2)
            builder.module.imports.append(ImportedMethod(interface: numbers[0], method: numbers[1]))
        case "entry":
            let words = rest.split(separator: " ")
            let kinds: [Substring: EntryPoint.Kind] = ["action": .action, "view": .view, "init": .initializer]
            guard words.count == 3, let kind = kinds[words[1]] else {
                throw failure("Expected entry NAME KIND FUNCTION")
            }
            builder.module.entries.append(
                Self.entry(String(words[0]), kind, try integer(words[2]), of: builder.module))
        default: throw failure("Expected a function or a line of a table, found \"\(parts[0])\"")
        }
    }

    // MARK: Rows

    private mutating func constant(_ text: Substring) throws(CodingError) -> Constant {
        let words = text.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else {
            guard let number = ABIJSON.integer(String(text)) else { throw failure("Expected a constant") }
            return .integer(number)
        }
        if words[0] == "tensor" {
            guard let open = words[1].firstIndex(of: "["), let close = words[1].firstIndex(of: "]"), open < close,
                let element = TypeDescriptor.TensorElement.allCases.first(where: {
                    $0.name == String(trimmed(words[1][..<open]))
                })
            else { throw failure("Expected tensor ELEMENT [SIZES] BYTES") }
            var sizes: [Int] = []
            for part in splitTypes(words[1][words[1].index(after: open)..<close]) { sizes.append(try integer(part)) }
            return .tensor(
                element, dimensions: sizes, data: try bytes(trimmed(words[1][words[1].index(after: close)...])))
        }
        switch words[0] {
        case "bytes": return .bytes(try bytes(words[1]))
        case "hash": return .bytes32(try bytes(words[1]))
        default: throw failure("Expected bytes, hash or tensor")
        }
    }

    private func asset(_ text: Substring) throws(CodingError) -> AssetDescriptor {
        let words = text.split(separator: " ")
        guard words.count >= 2 else { throw failure("Expected asset NAME ORIGIN") }
        switch (words[1], words.count) {
        case ("issued", 2): return AssetDescriptor(name: String(words[0]), origin: .issued)
        case ("native", 2): return AssetDescriptor(name: String(words[0]), origin: .native)
        case ("bound", 3):
            return AssetDescriptor(name: String(words[0]), origin: .bound(slot: try integer(words[2])))
        default: throw failure("Expected issued, native or bound SLOT")
        }
    }

    private mutating func slot(_ kind: Substring, _ text: Substring) throws(CodingError) -> Slot {
        let words = text.split(separator: " ", maxSplits: 1)
        guard words.count == 2 else { throw failure("Expected a name and more") }
        var rest = trimmed(words[1])
        var keys: [TypeIndex] = []
        if rest.hasPrefix("[") {
            guard let close = closingBracket(rest) else { throw failure("Expected ]") }
            for part in splitTypes(rest[..<close].dropFirst()) { keys.append(try type(part, anyIndex: true)) }
            rest = trimmed(rest[rest.index(after: close)...])
        }
        let name = String(words[0])
        switch kind {
        case "vault":
            let asset = try integer(rest)
            let amount = builder.type(.integer(.amount, bits: 256, isSigned: false))
            return Slot(name: name, kind: .vault(asset: asset), keys: keys, type: amount, capacity: nil)
        case "commitments":
            let sealed = try integer(rest)
            let hash = builder.type(.bytes32(.hash))
            return Slot(name: name, kind: .sealedCommitment(sealed: sealed), keys: keys, type: hash, capacity: nil)
        case "values", "phase":
            guard let space = rest.lastIndex(of: " ") else { throw failure("Expected a type and a number") }
            let type = try type(rest[..<space], anyIndex: true)
            let owner = try integer(rest[rest.index(after: space)...])
            return Slot(
                name: name, kind: kind == "phase" ? .phase(round: owner) : .sealedValue(sealed: owner), keys: keys,
                type: type, capacity: nil)
        default:
            var capacity: Int?
            if let range = rest.firstRange(of: " max ") {
                capacity = try integer(rest[range.upperBound...])
                rest = rest[..<range.lowerBound]
            }
            return Slot(
                name: name, kind: .plain, keys: keys, type: try type(rest, anyIndex: true), capacity: capacity)
        }
    }

    private mutating func round(_ text: Substring) throws(CodingError) -> RoundDescriptor {
        guard let colon = text.firstIndex(of: ":") else { throw failure("Expected phases after a colon") }
        let head = text[..<colon].split(separator: " ")
        guard head.count == 4 else { throw failure("Expected round NAME KEY SLOT SLOT: PHASES") }
        var phases: [RoundDescriptor.Phase] = []
        for part in splitTypes(text[text.index(after: colon)...]) {
            let words = part.split(separator: " ")
            guard words.count == 1 || words.count == 3 || words.count == 4 && words[3] == "when" else {
                throw failure("Expected NAME LENGTH SUCCESSOR when")
            }
            phases.append(
                .init(
                    name: String(words[0]), duration: words.count == 1 ? nil : try duration(words[1]),
                    hasCondition: words.count == 4, successor: words.count == 1 ? nil : try optional(words[2])))
        }
        return RoundDescriptor(
            name: String(head[0]), key: try type(head[1], anyIndex: true), phases: phases,
            phaseSlot: try integer(head[2]), enteredSlot: try integer(head[3]))
    }

    private func duration(_ word: Substring) throws(CodingError) -> RoundDescriptor.Duration? {
        if word == "-" { return nil }
        if word.hasPrefix("slot") { return .slot(try integer(word.dropFirst(4))) }
        for unit in TimeUnit.allCases where word.hasSuffix(unit.name) {
            return .time(count: try integer(word.dropLast(unit.name.count)), unit)
        }
        return .blocks(try integer(word))
    }

    private mutating func sealed(_ text: Substring) throws(CodingError) -> SealedDescriptor {
        let words = text.split(separator: " ")
        guard words.count == 7 else { throw failure("Expected sealed NAME ROUND TYPE SLOT SLOT PHASE PHASE") }
        return SealedDescriptor(
            name: String(words[0]), round: try integer(words[1]), value: try type(words[2], anyIndex: true),
            commitmentSlot: try integer(words[3]), valueSlot: try integer(words[4]),
            commitPhase: try integer(words[5]), revealPhase: try integer(words[6]))
    }

    private mutating func signature(_ text: Substring) throws(CodingError) -> SignatureDescriptor {
        let (name, parameters) = try called(text)
        return SignatureDescriptor(name: name, parameters: try unnamed(parameters))
    }

    private mutating func interface(_ text: Substring) throws(CodingError) -> InterfaceDescriptor {
        guard let colon = text.firstIndex(of: ":") else { throw failure("Expected methods after a colon") }
        let head = text[..<colon].split(separator: " ")
        guard let name = head.first, head.count == 1 || head[1] == "implemented" else {
            throw failure("Expected interface NAME implemented: METHODS")
        }
        var methods: [MethodDescriptor] = []
        for part in splitTypes(text[text.index(after: colon)...]) {
            let words = part.split(separator: " ", maxSplits: 1)
            guard words.count == 2, words[0] == "view" || words[0] == "action" else {
                throw failure("Expected view or action")
            }
            var call = words[1]
            var result: TypeIndex?
            if let arrow = call.firstRange(of: "->") {
                result = try type(call[arrow.upperBound...], anyIndex: true)
                call = trimmed(call[..<arrow.lowerBound])
            }
            let (name, parameters) = try called(call)
            methods.append(
                MethodDescriptor(
                    name: name, isView: words[0] == "view", parameters: try unnamed(parameters), result: result))
        }
        return InterfaceDescriptor(name: String(name), methods: methods, isImplemented: head.count == 2)
    }

    // MARK: Parts

    /// The bracket that closes the first one.
    private func closingBracket(_ text: Substring) -> Substring.Index? {
        var depth = 0
        for index in text.indices {
            if text[index] == "[" { depth += 1 }
            if text[index] == "]" { depth -= 1 }
            if depth == 0 { return index }
        }
        return nil
    }

    private func braced(_ text: Substring) throws(CodingError) -> (name: String, body: Substring) {
        guard let open = text.firstIndex(of: "{"), text.hasSuffix("}") else { throw failure("Expected NAME { … }") }
        return (String(trimmed(text[..<open])), trimmed(text[text.index(after: open)...].dropLast()))
    }

    private func called(_ text: Substring) throws(CodingError) -> (name: String, parameters: Substring) {
        guard let open = text.firstIndex(of: "(") else { return (String(trimmed(text)), "") }
        guard text.hasSuffix(")") else { throw failure("Expected )") }
        return (String(trimmed(text[..<open])), trimmed(text[text.index(after: open)...].dropLast()))
    }

    private mutating func fields(_ text: Substring) throws(CodingError) -> [TypeDescriptor.Field] {
        var fields: [TypeDescriptor.Field] = []
        for part in splitTypes(text) {
            guard let colon = part.firstIndex(of: ":") else { throw failure("Expected NAME: TYPE") }
            let type = try type(part[part.index(after: colon)...], anyIndex: true)
            fields.append(.init(name: String(trimmed(part[..<colon])), type: type))
        }
        return fields
    }

    /// Parameters by their types alone; they are called p0, p1, ….
    private mutating func unnamed(_ text: Substring) throws(CodingError) -> [TypeDescriptor.Field] {
        var fields: [TypeDescriptor.Field] = []
        for part in splitTypes(text) {
            fields.append(.init(name: "p\(fields.count)", type: try type(part, anyIndex: true)))
        }
        return fields
    }

    private func integer(_ text: Substring) throws(CodingError) -> Int {
        guard let number = Int(trimmed(text)) else { throw failure("Expected a number, found \"\(text)\"") }
        return number
    }

    private func optional(_ text: Substring) throws(CodingError) -> Int? { text == "-" ? nil : try integer(text) }

    private func integers(_ text: Substring, count: Int) throws(CodingError) -> [Int] {
        var numbers: [Int] = []
        for word in text.split(separator: " ") { numbers.append(try integer(word)) }
        guard numbers.count == count else { throw failure("Expected \(count) numbers") }
        return numbers
    }

    private func bytes(_ text: Substring) throws(CodingError) -> [UInt8] {
        guard let bytes = ABIJSON.bytes(String(trimmed(text))) else { throw failure("Expected hexadecimal digits") }
        return bytes
    }
}
