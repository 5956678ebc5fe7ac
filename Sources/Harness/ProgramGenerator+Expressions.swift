extension ProgramGenerator {
    /// An expression that can be bound to the type.
    mutating func expression(_ type: GeneratedType, depth: Int) -> String {
        if depth > 0, random.oneIn(6), let call = call(type, depth: depth) { return call }
        if depth > 0, random.oneIn(8) {
            return
                "(\(condition(depth - 1)) ? \(expression(type, depth: depth - 1))"
                + " : \(expression(type, depth: depth - 1)))"
        }
        if depth > 0, random.oneIn(8), let option = name(of: .option(type)) {
            return "(\(option) ?? \(expression(type, depth: depth - 1)))"
        }
        switch type {
        case .boolean: return condition(depth)
        case .int, .amount:
            return boundInteger(type, depth)
        case .fixed: return fixed(depth)
        case .address, .hash, .bytes, .text: return opaque(type, depth)
        case .list(let element, let capacity): return list(type, element, capacity, depth)
        case .option(let wrapped):
            if let name = name(of: type), !random.oneIn(3) { return name }
            if usesState, random.oneIn(3), let map = maps(to: wrapped) { return "\(map.name).get(\(key(map)))" }
            return random.oneIn(3) ? "none" : expression(wrapped, depth: max(0, depth - 1))
        case .structure(let index):
            if let name = name(of: type), random.oneIn(2) { return name }
            let members = declarations.structures[index].map {
                "\($0.name): \(expression($0.type, depth: max(0, depth - 1)))"
            }
            return "Shape\(index)(\(members.joined(separator: ", ")))"
        case .enumeration(let index):
            if let name = name(of: type), random.oneIn(2) { return name }
            let cases = declarations.enumerations[index]
            let option = cases[random.below(cases.count)]
            let payload = option.payload.map { expression($0.type, depth: max(0, depth - 1)) }
            return "Kind\(index).\(option.name)" + (payload.isEmpty ? "" : "(\(payload.joined(separator: ", ")))")
        }
    }

    /// A name of the type in scope, or a state field; nil when there is none.
    mutating func name(of type: GeneratedType) -> String? {
        var names = scope.filter { $0.type == type }.map(\.name)
        if usesState { names += readableState.filter { $0.type == type }.map(\.name) }
        for holder in scope {
            guard case .structure(let index) = holder.type else { continue }
            names += declarations.structures[index].filter { $0.type == type }.map { "\(holder.name).\($0.name)" }
        }
        return random.pick(names)
    }

    private var readableState: [GeneratedName] { declarations.state + declarations.readable }

    private mutating func names(where matches: (GeneratedType) -> Bool) -> [GeneratedName] {
        scope.filter { matches($0.type) } + (usesState ? readableState.filter { matches($0.type) } : [])
    }

    private mutating func call(_ type: GeneratedType, depth: Int) -> String? {
        let candidates = declarations.callables.filter {
            $0.result == type && (!$0.usesState || usesState) && (!$0.writesState || writesState && frozenMaps.isEmpty)
        }
        guard let callee = random.pick(candidates) else { return nil }
        let arguments = callee.parameters.map { expression($0, depth: depth - 2) }
        return "\(callee.name)(\(arguments.joined(separator: ", ")))"
    }

    // MARK: Truth values

    mutating func condition(_ depth: Int) -> String {
        guard depth > 0 else { return name(of: .boolean) ?? (random.oneIn(2) ? "true" : "false") }
        switch random.below(8) {
        case 0: return "(\(condition(depth - 1)) && \(condition(depth - 1)))"
        case 1: return "(\(condition(depth - 1)) || \(condition(depth - 1)))"
        case 2: return "!(\(condition(depth - 1)))"
        case 3, 4:
            let comparison = random.pick(["<", "<=", ">", ">=", "==", "!="]) ?? "<"
            return "(\(integer(depth - 1).text) \(comparison) \(integer(depth - 1).text))"
        case 5:
            let comparison = random.pick(["<", "<=", ">", ">="]) ?? "<"
            return random.oneIn(2)
                ? "(\(fixed(depth - 1)) \(comparison) \(fixed(depth - 1)))"
                : "(\(ratio(depth - 1).text) \(comparison) \(integer(depth - 1).text))"
        case 6 where random.oneIn(4):
            let equality = random.oneIn(2) ? "==" : "!="
            return "(\(condition(depth - 1)) \(equality) \(condition(depth - 1)))"
        case 6:
            if random.oneIn(3), let found = membership(depth) { return found }
            let known = names { type in
                switch type {
                case .boolean, .fixed, .int, .amount: false
                default: true
                }
            }
            guard let subject = random.pick(known) else { return condition(depth - 1) }
            return "(\(subject.name) \(random.oneIn(2) ? "==" : "!=") \(expression(subject.type, depth: depth - 1)))"
        default:
            if usesState, let map = random.pick(declarations.maps) { return "\(map.name).contains(\(key(map)))" }
            return name(of: .boolean) ?? "false"
        }
    }

    /// Whether a list holds a value.
    private mutating func membership(_ depth: Int) -> String? {
        let lists = names { type in
            if case .list = type { return true }
            return false
        }
        guard let list = random.pick(lists), case .list(let element, _) = list.type else { return nil }
        return "\(list.name).contains(\(expression(element, depth: depth - 1)))"
    }

    // MARK: Numbers

    /// Bits beyond which generated expressions do not grow; the language allows 4,096.
    private static let bitLimit = 1_500

    /// An integer and the most bits that its magnitude may need.
    mutating func integer(_ depth: Int) -> (text: String, bits: Int) {
        guard depth > 0 else { return integerLeaf() }
        let (left, leftBits) = integer(depth - 1)
        switch random.below(13) {
        case 0, 1:
            let (right, rightBits) = integer(depth - 1)
            return ("(\(left) + \(right))", max(leftBits, rightBits) + 1)
        case 2:
            let (right, rightBits) = integer(depth - 1)
            return ("(\(left) - \(right))", max(leftBits, rightBits) + 1)
        case 3, 4:
            let (right, rightBits) = integer(depth - 1)
            guard leftBits + rightBits < Self.bitLimit else { return (left, leftBits) }
            return ("(\(left) * \(right))", leftBits + rightBits)
        case 5:
            return ("(\(left) % \(divisor()))", max(leftBits, 257))
        case 6: return ("(-\(left))", leftBits)
        case 7:
            let (right, rightBits) = integer(depth - 1)
            return ("\(random.oneIn(2) ? "min" : "max")(\(left), \(right))", max(leftBits, rightBits))
        case 8: return ("abs(\(left))", leftBits)
        case 9:
            guard leftBits < 600 else { return (left, leftBits) }
            let (right, rightBits) = integer(depth - 1)
            guard rightBits < 600 else { return (left, leftBits) }
            let modulus = random.pick(["1_000_000_007", "97", "2", "340282366920938463463374607431768211297"]) ?? "2"
            return ("mulMod(\(left), \(right), \(modulus))", 256)
        case 10: return (rounded(depth), 256)
        case 11:
            guard random.oneIn(8) else { return ("isqrt(abs(\(left)))", leftBits) }
            // A variable's range is its type's: what never has a root is not compiled.
            let name = freshName("square")
            line("var \(name): Int = \(rounded(depth))")
            return ("isqrt(\(name))", 256)
        default: return integerOfCollection(depth) ?? (left, leftBits)
        }
    }

    /// An integer that mostly fits the type, and that the compiler cannot prove never to fit.
    private mutating func boundInteger(_ type: GeneratedType, _ depth: Int) -> String {
        let (text, bits) = integer(depth)
        let room = type.integerBits ?? 256
        if type != .amount, bits < room { return text }
        if random.oneIn(8), let unknown = unknownInteger() {
            return "(\(unknown) \(random.oneIn(2) ? "+" : "-") \(random.below(100)))"
        }
        if type == .amount, !random.oneIn(3), let name = name(of: .amount) { return name }
        return "abs(\(text)) % \(random.pick([7, 100, 1_000_003]) ?? 7)"
    }

    /// An integer of whose value the compiler knows nothing.
    private mutating func unknownInteger() -> String? {
        var names = scope.filter { $0.isParameter && $0.type.integerBits != nil }.map(\.name)
        if usesState { names += declarations.state.filter { $0.type.integerBits != nil }.map(\.name) }
        return random.pick(names)
    }

    /// Zero at times, but not to the compiler's knowledge.
    private mutating func divisor() -> String {
        if random.oneIn(3), let unknown = unknownInteger() { return unknown }
        return "\(1 + random.below(1_000))"
    }

    private mutating func integerLeaf() -> (text: String, bits: Int) {
        let known = names { $0.integerBits != nil }
        if !random.oneIn(3), let choice = random.pick(known) { return (choice.name, choice.type.integerBits ?? 256) }
        if usesState, random.oneIn(6) {
            if let vault = random.pick(declarations.vaults) { return ("\(vault).amount", 256) }
        }
        if usesState, random.oneIn(8), !isForElements { return ("height", 63) }
        if let constant = random.oneIn(8) ? random.pick(declarations.constants) : nil { return (constant, 65) }
        switch random.below(8) {
        case 0: return ("0", 1)
        case 1: return ("1", 1)
        case 2: return ("\(random.below(1 << 16))", 16)
        case 3: return ("1_000_000_000_000_000_000", 60)
        case 4: return ("4_611_686_018_427_387_904", 63)
        case 5: return ("18_446_744_073_709_551_616", 65)
        case 6: return ("(-\(1 + random.below(300)))", 9)
        default: return ("\(random.below(20))", 5)
        }
    }

    /// A rounded quotient, by a statement before: its type is what the annotation says.
    mutating func rounded(_ depth: Int) -> String {
        let name = freshName("quotient")
        let rounding = random.pick(["floor", "ceil", "round"]) ?? "floor"
        let (quotient, bits) = ratio(depth - 1)
        // What never fits is not compiled: a factor that may be zero keeps it possible.
        let text = bits > 255 ? "(\(quotient) * (\(condition(0)) ? 1 : 0))" : quotient
        line("let \(name): Int = \(rounding)(\(text))")
        scope.append(GeneratedName(name: name, type: .int(bits: 256), isVariable: false))
        return name
    }

    /// A quotient and the most bits that its magnitude may need. Half of them may divide by zero.
    private mutating func ratio(_ depth: Int) -> (text: String, bits: Int) {
        let (dividend, bits) =
            random.oneIn(4) ? (fixed(max(0, depth - 1)), Self.fixedBits) : integer(max(0, depth - 1))
        let quotient = "(\(dividend) / \(divisor()))"
        switch random.below(6) {
        case 0:
            let (factor, factorBits) = integer(0)
            return ("(\(quotient) * \(factor))", bits + factorBits)
        case 1: return ("(\(quotient) + \(1 + random.below(9)) / \(1 + random.below(9)))", bits + 4)
        case 2:
            let (other, otherBits) = integer(0)
            return ("(\(quotient) - \(other))", max(bits, otherBits) + 1)
        default: return (quotient, bits)
        }
    }

    /// Of the whole part of a Fixed expression: its values, of 196 bits, and small factors.
    private static let fixedBits = 220

    private mutating func integerOfCollection(_ depth: Int) -> (text: String, bits: Int)? {
        let lists = names { type in
            if case .list = type { return true }
            return false
        }
        if let choice = random.pick(lists), case .list(let element, let capacity) = choice.type {
            if element.integerBits != nil || element == .fixed, random.oneIn(4) {
                let direction = random.oneIn(2) ? ".ascending" : ".descending"
                return ("\(choice.name).\(random.oneIn(2) ? "order" : "ranks")(\(direction)).sum()", 40)
            }
            switch (random.below(4), element) {
            case (0, .int(let bits)) where bits <= 256: return ("\(choice.name).sum()", bits + 3)
            case (0, .amount): return ("\(choice.name).sum()", 259)
            case (1, .int), (1, .amount):
                return ("\(choice.name)[\(random.oneIn(4) ? random.below(capacity) : 0)]", element.integerBits ?? 256)
            default: return ("\(choice.name).count", 16)
            }
        }
        if usesState, let map = random.pick(declarations.maps) {
            if map.value.integerBits != nil { return ("\(map.name)[\(key(map))]", map.value.integerBits ?? 256) }
            if map.capacity != nil { return ("\(map.name).count", 32) }
        }
        return nil
    }

    /// A Fixed whose exact value stays near the range of the type.
    mutating func fixed(_ depth: Int) -> String {
        guard depth > 0 else {
            if !random.oneIn(3), let name = name(of: .fixed) { return name }
            let literals = [
                "0.5", "1.0", "0.000000000000000001", "2.718281828459045235", "1000000.25", "(-0.75)", "0.0",
            ]
            return random.pick(literals) ?? "1.0"
        }
        switch random.below(9) {
        case 0: return "(\(fixed(depth - 1)) + \(fixed(depth - 1)))"
        case 1: return "(\(fixed(depth - 1)) - \(fixed(depth - 1)))"
        case 2: return "(\(fixed(depth - 1)) * \(1 + random.below(20)))"
        case 3: return "abs(\(fixed(depth - 1)))"
        case 4: return "\(random.oneIn(2) ? "min" : "max")(\(fixed(depth - 1)), \(fixed(depth - 1)))"
        case 5, 6:
            let name = freshName("product")
            let rounding = random.pick(["floor", "ceil", "round"]) ?? "floor"
            let operands =
                random.oneIn(2)
                ? "\(fixed(depth - 1)) * \(fixed(depth - 1))" : "\(fixed(depth - 1)) / \(1 + random.below(50))"
            line("let \(name): Fixed = \(rounding)(\(operands))")
            scope.append(GeneratedName(name: name, type: .fixed, isVariable: false))
            return name
        case 7: return mathematics(depth)
        default: return fixed(0)
        }
    }

    /// A function whose operand is within its domain more often than not.
    private mutating func mathematics(_ depth: Int) -> String {
        // A variable's range is its type's: what is never in the domain is not compiled.
        let name = freshName("argument")
        line("var \(name): Fixed = \(fixed(depth - 1))")
        let rounding = random.pick([".down", ".up", ".nearest"]) ?? ".down"
        let positive = random.oneIn(8) ? name : "max(abs(\(name)), 0.000000000000000003)"
        switch random.below(7) {
        case 0: return "exp(\(name), \(rounding))"
        case 1: return "ln(\(positive), \(rounding))"
        case 2: return "log2(\(positive), \(rounding))"
        case 3: return "sqrt(\(positive), \(rounding))"
        default:
            let exponents = ["2.0", "0.5", "-1.0", "-0.5", "3", "0.2", "0.000000000000000001", "-2.5", "0.0"]
            guard !random.oneIn(3) else {
                let exponent = freshName("exponent")
                line("let \(exponent): Fixed = \(fixed(depth - 1))")
                return "pow(\(positive), \(exponent), \(rounding))"
            }
            return "pow(\(positive), \(random.pick(exponents) ?? "2.0"), \(rounding))"
        }
    }

    // MARK: Everything else

    private mutating func opaque(_ type: GeneratedType, _ depth: Int) -> String {
        if let name = name(of: type), !random.oneIn(4) { return name }
        switch type {
        case .address: return usesState ? party() : zeros(1 + random.below(3))
        case .hash:
            if usesState, random.oneIn(8) {
                return random.oneIn(2) || declarations.vaults.isEmpty ? "chain" : "hash(COIN)"
            }
            guard depth > 0 else { return zeros(random.below(4)) }
            let subject = anyType(depth: 1)
            let name = freshName("hashed")
            line("let \(name): \(subject.text) = \(expression(subject, depth: depth - 1))")
            return "hash(\(name))"
        case .bytes(let capacity):
            let count = 1 + random.below(capacity)
            return "0x" + (0..<count).map { _ in random.pick(["00", "ff", "7e", "80", "01"]) ?? "00" }.joined()
        case .text(let capacity):
            let count = random.below(capacity + 1)
            return "\"" + (0..<count).map { _ in random.pick(["a", "b", "Z", " ", "0"]) ?? "a" }.joined() + "\""
        default: return ""
        }
    }

    /// Who calls, or the contract.
    mutating func party() -> String {
        let isCaller = random.oneIn(2)
        return isCaller && !isForElements ? "caller" : "self"
    }

    private func zeros(_ last: Int) -> String {
        "0x" + String(repeating: "00", count: 31) + "0\(last)"
    }

    private mutating func list(_ type: GeneratedType, _ element: GeneratedType, _ capacity: Int, _ depth: Int) -> String
    {
        if let name = name(of: type), !random.oneIn(3) {
            let isNumber = element.integerBits != nil || element == .fixed
            guard isNumber, random.oneIn(3) else { return name }
            return "\(name).sorted(\(random.oneIn(2) ? ".ascending" : ".descending"))"
        }
        let shorter = names { given in
            if case .list(element, let room) = given { return room < capacity }
            return false
        }
        if random.oneIn(2), let name = random.pick(shorter) { return name.name }
        if depth > 0, random.oneIn(5) {
            return "repeating(\(expression(element, depth: depth - 1)), \(random.below(capacity + 1)))"
        }
        let count = random.below(capacity + 1)
        return "[" + (0..<count).map { _ in expression(element, depth: max(0, depth - 1)) }.joined(separator: ", ")
            + "]"
    }

    /// A map whose values are of the type.
    mutating func maps(to type: GeneratedType) -> GeneratedDeclarations.Map? {
        random.pick(declarations.maps.filter { $0.value == type })
    }

    /// A key that other keys are likely to meet.
    mutating func key(_ map: GeneratedDeclarations.Map) -> String {
        if random.oneIn(3), let name = name(of: map.key) { return name }
        switch map.key {
        case .boolean: return random.oneIn(2) ? "true" : "false"
        case .address: return party()
        case .text: return random.oneIn(2) ? "\"k\"" : "\"\""
        case .bytes: return random.oneIn(2) ? "0x01" : "0x0001"
        case .hash: return zeros(random.below(3))
        default: return "\(random.below(4))"
        }
    }
}
