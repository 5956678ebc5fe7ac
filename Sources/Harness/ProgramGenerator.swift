/// Writes random well-typed programs: source text, so that a run goes through the whole pipeline.
///
/// Programs fail at run time now and then, as contracts do; they never fail to compile. Equal seeds give equal
/// programs.
public struct ProgramGenerator {
    var random: SplitMix64
    var declarations = GeneratedDeclarations()
    /// Names in scope, innermost last.
    var scope: [GeneratedName] = []
    /// The lines of the block being written.
    var lines: [String] = []
    var indentation = 0
    var nameCount = 0
    /// Statements that the function may still hold.
    var statementsLeft = 0
    var isInLoop = false
    /// May the code use state, and write it?
    var usesState = false
    var writesState = false
    /// Is the code for the elements of settlements, which may know neither who pushes nor when?
    var isForElements = false
    /// What the function being written gives; nil for nothing.
    var result: GeneratedType?
    /// Types that recur, so that values of one type meet.
    var pool: [GeneratedType] = []
    /// Maps that a loop runs over.
    var frozenMaps: [String] = []
    /// How much the program holds of everything.
    let size: Size

    /// Most programs hold little, so that many of them run in little time; each part of the language occurs among them,
    /// and all of them meet in the large ones.
    enum Size {
        case tiny, small, large

        static func drawn(_ random: inout SplitMix64) -> Size {
            switch random.below(40) {
            case 0: .large
            case 1...5: .small
            default: .tiny
            }
        }
    }

    public init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        size = Size.drawn(&random)
    }

    /// The source of one file.
    public static func source(seed: UInt64) -> String {
        var generator = ProgramGenerator(seed: seed)
        return generator.file()
    }

    /// True once in so many draws, by the program's size.
    mutating func oneIn(tiny: Int, small: Int, large: Int) -> Bool {
        random.oneIn(bySize(tiny: tiny, small: small, large: large))
    }

    /// Below a bound by the program's size.
    mutating func below(tiny: Int, small: Int, large: Int) -> Int {
        random.below(bySize(tiny: tiny, small: small, large: large))
    }

    /// How deep expressions go.
    var fullDepth: Int { bySize(tiny: 2, small: 3, large: 3) }

    private func bySize(tiny: Int, small: Int, large: Int) -> Int {
        switch size {
        case .tiny: tiny
        case .small: small
        case .large: large
        }
    }

    mutating func freshName(_ prefix: String) -> String {
        nameCount += 1
        return prefix + "_\(nameCount)"
    }

    mutating func line(_ text: String) {
        lines.append(String(repeating: "    ", count: indentation) + text)
    }

    mutating func block(_ head: String, _ tail: String = "}", _ body: (inout ProgramGenerator) -> Void) {
        line(head)
        indentation += 1
        let names = scope.count
        body(&self)
        scope.removeSubrange(names...)
        indentation -= 1
        line(tail)
    }

    // MARK: Types

    mutating func scalarType() -> GeneratedType {
        switch random.below(10) {
        case 0: .boolean
        case 1, 2: .int(bits: 256)
        case 3: .int(bits: random.pick([8, 16, 33, 64, 100, 255, 257, 512]) ?? 64)
        case 4, 5: .amount
        case 6, 7: .fixed
        case 8: .address
        default: random.oneIn(2) ? .bytes(capacity: 1 + random.below(40)) : .text(capacity: 1 + random.below(20))
        }
    }

    mutating func anyType(depth: Int = 2) -> GeneratedType {
        guard depth > 0 else { return scalarType() }
        if !random.oneIn(3), let type = random.pick(pool) { return type }
        switch random.below(9) {
        case 0, 1: return .list(anyType(depth: depth - 1), capacity: 1 + random.below(6))
        case 2: return .list(.int(bits: 256), capacity: 2 + random.below(6))
        case 3:
            let wrapped = anyType(depth: depth - 1)
            if case .option = wrapped { return wrapped }
            return .option(wrapped)
        case 4 where !declarations.structures.isEmpty: return .structure(random.below(declarations.structures.count))
        case 5 where !declarations.enumerations.isEmpty:
            return .enumeration(random.below(declarations.enumerations.count))
        case 6: return .hash
        default: return scalarType()
        }
    }

    /// Has the type a zero value?
    func hasZero(_ type: GeneratedType) -> Bool {
        switch type {
        case .address, .hash, .enumeration: false
        case .structure(let index): declarations.structures[index].allSatisfy { hasZero($0.type) }
        default: true
        }
    }

    // MARK: Declarations

    private mutating func file() -> String {
        for index in 0..<below(tiny: 2, small: 2, large: 3) {
            let members = (0...random.below(3)).map {
                GeneratedDeclarations.Member(name: "m\($0)", type: anyType(depth: 1))
            }
            block("struct Shape\(index) {") { generator in
                for member in members { generator.line("\(member.name): \(member.type.text)") }
            }
            declarations.structures.append(members)
        }
        for index in 0..<below(tiny: 2, small: 2, large: 3) { enumeration(index) }
        if oneIn(tiny: 8, small: 4, large: 2) {
            let value = random.pick(["7", "-3", "2 * 500 + 1", "18_446_744_073_709_551_616"]) ?? "7"
            line("const limit = \(value)")
            declarations.constants.append("limit")
        }
        pool = (0...3).map { _ in anyType() }
        for _ in 0..<functionCount() { function(isFree: true) }
        let hasPeer = oneIn(tiny: 16, small: 6, large: 2)
        if hasPeer { peer() }
        if oneIn(tiny: 24, small: 8, large: 2) { component() }
        contract(hasPeer: hasPeer)
        return lines.joined(separator: "\n") + "\n"
    }

    private mutating func functionCount() -> Int {
        switch size {
        case .tiny: random.oneIn(6) ? 1 : 0
        case .small: random.below(2)
        case .large: random.below(3)
        }
    }

    private mutating func enumeration(_ index: Int) {
        var cases: [(name: String, payload: [GeneratedDeclarations.Member])] = []
        for number in 0...(1 + random.below(3)) {
            let payload = (0..<random.below(3)).map { GeneratedDeclarations.Member(name: "p\($0)", type: scalarType()) }
            cases.append(("case\(number)", payload))
        }
        block("enum Kind\(index) {") { generator in
            for option in cases {
                let payload = option.payload.map { "\($0.name): \($0.type.text)" }.joined(separator: ", ")
                generator.line("case \(option.name)" + (payload.isEmpty ? "" : "(\(payload))"))
            }
        }
        declarations.enumerations.append(cases)
    }

    private mutating func parameter() -> GeneratedName {
        GeneratedName(name: freshName("a"), type: anyType(), isVariable: false, isParameter: true)
    }

    mutating func function(isFree: Bool, _ prefix: String = "", alwaysWrites: Bool = false) {
        let name = freshName("function")
        let parameters = (0..<random.below(4)).map { _ in parameter() }
        let result = anyType()
        let writes = !isFree && (alwaysWrites || random.oneIn(2))
        (usesState, writesState) = (!isFree, writes)
        let list = parameters.map { "\($0.name): \($0.type.text)" }.joined(separator: ", ")
        body("\(prefix)function \(name)(\(list)) -> \(result.text) {", parameters, result: result)
        declarations.callables.append(
            .init(
                name: name, parameters: parameters.map(\.type), result: result, usesState: !isFree, writesState: writes)
        )
    }

    private mutating func body(_ head: String, _ parameters: [GeneratedName], result: GeneratedType?) {
        statementsLeft = 2 + below(tiny: 4, small: 7, large: 16)
        self.result = result
        block(head) { generator in
            generator.scope += parameters
            generator.statements(depth: 0)
            generator.trace(generator.scope)
            if let result { generator.line("return \(generator.expression(result, depth: generator.fullDepth))") }
        }
        (usesState, writesState) = (false, false)
    }

    /// Makes values seen: a wrong one would otherwise often go unnoticed.
    mutating func trace(_ names: [GeneratedName]) {
        guard writesState, !names.isEmpty else { return }
        let hashes = names.suffix(8).map { "hash(\($0.name))" }
        line("emit Trace([\(hashes.joined(separator: ", "))])")
    }

    /// An interface with two methods, and a contract that implements it and sometimes fails.
    private mutating func peer() {
        block("interface Peer {") { generator in
            generator.line("view peek(x: Int, ys: List<Amount, 4>) -> List<Int, 4>")
            generator.line("action poke(x: Int) -> Int")
        }
        block("contract Helper: Peer {") { generator in
            generator.line("error Refused(x: Int, why: Text<20>)")
            generator.line("event Poked(x: Int, by_: Address)")
            generator.line("var total: Int = 0")
            generator.block("view peek(x: Int, ys: List<Amount, 4>) -> List<Int, 4> {") { inner in
                inner.line("var result: List<Int, 4> = []")
                inner.block("for y in ys {") { $0.line("result.append(x + y)") }
                inner.line("return result")
            }
            generator.block("action poke(x: Int) -> Int {") { inner in
                inner.line("total += x")
                inner.line("emit Poked(x, caller)")
                inner.line("require x % 3 != 1 else Refused(x, \"one\")")
                inner.line("require x % 5 != 4")
                inner.line("return total")
            }
        }
    }

    private mutating func contract(hasPeer: Bool) {
        block("contract Subject {") { generator in
            let parts = generator.parts(hasPeer: hasPeer)
            generator.line("event Trace(hashes: List<Hash, 8>)")
            if parts.hasTokens {
                generator.line("asset COIN issued")
                generator.line("asset FEE native")
            }
            generator.state(hasPeer: hasPeer, hasTokens: parts.hasTokens)
            generator.uses()
            if parts.hasRoles { generator.roles() }
            for _ in 0..<generator.below(tiny: 2, small: 2, large: 3) { generator.signature("event") }
            for _ in 0..<generator.below(tiny: 2, small: 2, large: 3) { generator.signature("error") }
            generator.initializer(parts)
            for _ in 0..<generator.functionCount() { generator.function(isFree: false) }
            let isLarge = generator.size == .large
            for _ in 0..<(isLarge ? 2 + generator.random.below(2) : 1) { generator.action() }
            for _ in 0..<generator.random.below(2) + (isLarge ? 1 : 0) { generator.view() }
            if hasPeer, generator.random.oneIn(2) { generator.askedView() }
            if parts.hasTokens { generator.tokenActions() }
            if parts.hasBound { generator.boundEntries() }
            if generator.oneIn(tiny: 24, small: 12, large: 4) { generator.heightEntries() }
            if parts.hasRoles { generator.roleActions() }
            generator.componentEntries()
            if generator.oneIn(tiny: 32, small: 12, large: 4) { generator.byteViews() }
            if generator.oneIn(tiny: 48, small: 16, large: 6) { generator.tensorViews() }
            if parts.hasRound { generator.round() }
            if parts.hasFold { generator.settlement() }
        }
    }

    mutating func state(hasPeer: Bool, hasTokens: Bool) {
        for index in 0...below(tiny: 2, small: 3, large: 5) {
            let type = anyType()
            guard hasZero(type) else { continue }
            let name = "field\(index)"
            line("var \(name): \(type.text)")
            declarations.state.append(GeneratedName(name: name, type: type, isVariable: true))
        }
        for index in 0..<(size == .tiny ? random.below(2) : 1 + below(tiny: 1, small: 1, large: 3)) {
            let keys: [GeneratedType] = [
                .int(bits: 256), .int(bits: 16), .address, .boolean, .text(capacity: 8), .amount, .hash,
                .bytes(capacity: 4), .int(bits: 512),
            ]
            let map = GeneratedDeclarations.Map(
                name: "map\(index)", key: random.pick(keys) ?? .amount, value: anyType(depth: 1),
                capacity: random.oneIn(2) ? 1 + random.below(5) : nil)
            let capacity = map.capacity.map { ", \($0)" } ?? ""
            line("var \(map.name): Map<\(map.key.text), \(map.value.text)\(capacity)>")
            declarations.maps.append(map)
        }
        declarations.vaults = []
        if hasTokens {
            line("var vault0: Vault<COIN>")
            line("var vault1: Vault<COIN>")
            line("var fees: Vault<FEE>")
            line("var vaults: Map<Address, Vault<COIN>>")
            declarations.vaults = ["vault0", "vault1"]
        }
        if hasPeer {
            line("let peer: Peer")
            declarations.peer = "peer"
        }
    }

    mutating func signature(_ word: String) {
        let name = freshName(word == "event" ? "Event" : "Error")
        let parameters = (0..<(word == "event" ? 1 : 0) + random.below(3)).map { _ in anyType(depth: 1) }
        let list = parameters.enumerated().map { "p\($0.offset): \($0.element.text)" }.joined(separator: ", ")
        line("\(word) \(name)" + (parameters.isEmpty ? "" : "(\(list))"))
        if word == "event" {
            declarations.events.append((name, parameters))
        } else {
            declarations.errors.append((name, parameters))
        }
    }

    /// What a contract has besides state, functions and entries.
    private struct Parts {
        var hasPeer = false
        var hasRound = false
        var hasFold = false
        var hasRoles = false
        var hasTokens = false
        /// An asset that the deployer names.
        var hasBound = false
    }

    private mutating func parts(hasPeer: Bool) -> Parts {
        var parts = Parts(hasPeer: hasPeer)
        parts.hasRound = oneIn(tiny: 24, small: 8, large: 2)
        parts.hasFold = oneIn(tiny: 32, small: 10, large: 3)
        parts.hasRoles = oneIn(tiny: 24, small: 8, large: 2)
        let needsTokens = parts.hasRound || parts.hasFold || parts.hasRoles || declarations.component.isDeclared
        parts.hasTokens = needsTokens || oneIn(tiny: 3, small: 1, large: 1)
        parts.hasBound = parts.hasTokens && oneIn(tiny: 8, small: 6, large: 3)
        return parts
    }

    private mutating func initializer(_ parts: Parts) {
        guard parts.hasPeer || parts.hasTokens else { return }
        let parameters = (parts.hasPeer ? ["peerAddress: Peer"] : []) + (parts.hasBound ? ["money: Asset"] : [])
        block("init(\(parameters.joined(separator: ", "))) {") { generator in
            if parts.hasPeer { generator.line("peer = peerAddress") }
            if parts.hasBound { generator.line("BOUND = \(generator.random.oneIn(3) ? "COIN" : "money")") }
            if parts.hasRoles { generator.line("owner = caller") }
            if parts.hasTokens { generator.line("vault0.put(mint(COIN, 1_000_000))") }
            if parts.hasRound {
                for game in 0..<4 { generator.line("open Game[\(game)](\(game * 2 - 2), caller)") }
            }
            if parts.hasFold { for fold in 0..<4 { generator.line("open Fold[\(fold)]") } }
        }
    }

    private mutating func action() {
        let name = freshName("act")
        let parameters = (0..<random.below(4)).map { _ in parameter() }
        let result: GeneratedType? = random.oneIn(3) ? nil : anyType()
        (usesState, writesState) = (true, true)
        let list = parameters.map { "\($0.name): \($0.type.text)" }.joined(separator: ", ")
        body("action \(name)(\(list))\(result.map { " -> " + $0.text } ?? "") {", parameters, result: result)
    }

    private mutating func view() {
        let name = freshName("look")
        let parameters = (0..<random.below(4)).map { _ in parameter() }
        let result = anyType()
        (usesState, writesState) = (true, false)
        let list = parameters.map { "\($0.name): \($0.type.text)" }.joined(separator: ", ")
        body("view \(name)(\(list)) -> \(result.text) {", parameters, result: result)
    }
}
