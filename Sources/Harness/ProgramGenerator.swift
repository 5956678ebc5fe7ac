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
    /// Maps that a loop runs over.
    var frozenMaps: [String] = []

    public init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// The source of one file.
    public static func source(seed: UInt64) -> String {
        var generator = ProgramGenerator(seed: seed)
        return generator.file()
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
        for index in 0..<random.below(3) {
            let members = (0...random.below(3)).map {
                GeneratedDeclarations.Member(name: "m\($0)", type: anyType(depth: 1))
            }
            block("struct Shape\(index) {") { generator in
                for member in members { generator.line("\(member.name): \(member.type.text)") }
            }
            declarations.structures.append(members)
        }
        for index in 0..<random.below(3) { enumeration(index) }
        for _ in 0..<random.below(3) { function(isFree: true) }
        let hasPeer = random.oneIn(2)
        if hasPeer { peer() }
        contract(hasPeer: hasPeer)
        return lines.joined(separator: "\n") + "\n"
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

    private mutating func function(isFree: Bool) {
        let name = freshName("function")
        let parameters = (0..<random.below(4)).map { _ in parameter() }
        let result = anyType()
        let writes = !isFree && random.oneIn(2)
        (usesState, writesState) = (!isFree, writes)
        let list = parameters.map { "\($0.name): \($0.type.text)" }.joined(separator: ", ")
        body("function \(name)(\(list)) -> \(result.text) {", parameters, result: result)
        declarations.callables.append(
            .init(
                name: name, parameters: parameters.map(\.type), result: result, usesState: !isFree, writesState: writes)
        )
    }

    private mutating func body(_ head: String, _ parameters: [GeneratedName], result: GeneratedType?) {
        statementsLeft = 4 + random.below(14)
        block(head) { generator in
            generator.scope += parameters
            generator.statements(depth: 0)
            if let result { generator.line("return \(generator.expression(result, depth: 3))") }
        }
        (usesState, writesState) = (false, false)
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
            generator.line("asset COIN issued")
            generator.line("asset FEE native")
            let hasRound = generator.random.oneIn(2)
            generator.state(hasPeer: hasPeer)
            for _ in 0..<generator.random.below(3) { generator.signature("event") }
            for _ in 0..<generator.random.below(3) { generator.signature("error") }
            generator.initializer(hasPeer: hasPeer, hasRound: hasRound)
            for _ in 0..<generator.random.below(3) { generator.function(isFree: false) }
            for _ in 0...(1 + generator.random.below(2)) { generator.action() }
            for _ in 0...generator.random.below(2) { generator.view() }
            generator.tokenActions()
            if hasRound { generator.round() }
        }
    }

    private mutating func state(hasPeer: Bool) {
        for index in 0...(1 + random.below(4)) {
            let type = anyType()
            guard hasZero(type) else { continue }
            let name = "field\(index)"
            line("var \(name): \(type.text)")
            declarations.state.append(GeneratedName(name: name, type: type, isVariable: true))
        }
        for index in 0...random.below(3) {
            let keys: [GeneratedType] = [
                .int(bits: 256), .int(bits: 16), .address, .boolean, .text(capacity: 8), .amount,
            ]
            let map = GeneratedDeclarations.Map(
                name: "map\(index)", key: random.pick(keys) ?? .amount, value: anyType(depth: 1),
                capacity: random.oneIn(2) ? 1 + random.below(5) : nil)
            let capacity = map.capacity.map { ", \($0)" } ?? ""
            line("var \(map.name): Map<\(map.key.text), \(map.value.text)\(capacity)>")
            declarations.maps.append(map)
        }
        line("var vault0: Vault<COIN>")
        line("var vault1: Vault<COIN>")
        line("var fees: Vault<FEE>")
        line("var vaults: Map<Address, Vault<COIN>>")
        declarations.vaults = ["vault0", "vault1"]
        declarations.vaultMaps = ["vaults"]
        if hasPeer {
            line("let peer: Peer")
            declarations.peer = "peer"
        }
    }

    private mutating func signature(_ word: String) {
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

    private mutating func initializer(hasPeer: Bool, hasRound: Bool) {
        block("init(\(hasPeer ? "peerAddress: Peer" : "")) {") { generator in
            if hasPeer { generator.line("peer = peerAddress") }
            generator.line("vault0.put(mint(COIN, 1_000_000))")
            if hasRound { generator.line("open Game[1]") }
            if hasRound { generator.line("open Game[3]") }
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

    /// Actions that move tokens across the boundary.
    private mutating func tokenActions() {
        block("action give(amount: Amount) -> Token<COIN> {") { generator in
            if generator.random.oneIn(2) {
                generator.line("return mint(COIN, amount)")
            } else {
                generator.line("return vault0.take(amount)")
            }
        }
        block("action pay(t: Token<COIN>, keep: Amount) {") { generator in
            generator.line("var rest = t")
            generator.line("vaults[caller].put(rest.take(keep))")
            generator.line(generator.random.oneIn(2) ? "burn(rest)" : "vault1.put(rest)")
        }
        block("action payFee(fee: Token<FEE>) {") { generator in
            generator.line("require fee.amount > 2")
            generator.line("fees.put(fee)")
        }
        block("action forget(who: Address) {") { $0.line("vaults.remove(who)") }
        block("view worth(who: Address) -> Amount {") { $0.line("return vaults[who].amount") }
    }

    /// A round with a sealed value.
    private mutating func round() {
        block("round Game[game: Int] {") { generator in
            generator.line("var pot: Vault<COIN>")
            generator.line("var points: Map<Address, Int, 4>")
            generator.line("var count: Int")
            generator.line("sealed bid: Amount max 3 commit during bidding reveal during opening else keep")
            let days = 1 + generator.random.below(4)
            generator.line("phase bidding for \(days) blocks then opening")
            generator.line(
                generator.random.oneIn(2)
                    ? "phase opening for 3 blocks or when bid.allRevealed then done"
                    : "phase opening for 2 blocks or when count > 2 then done")
            generator.line("phase done")
        }
        block("action start(game: Int) {") { $0.line("open Game[game]") }
        block("action score(game: Int, x: Int) during Game[game].bidding {") { generator in
            generator.line("Game[game].count += 1")
            generator.line("Game[game].points[caller] = x")
            generator.line("Game[game].pot.put(vault0.take(5))")
        }
        block("action settle(game: Int) -> Amount during Game[game].done {") { generator in
            generator.line("var best: Amount = 0")
            generator.block("for (author, value) in Game[game].bid {") { inner in
                inner.line("vaults[author].put(mint(COIN, value % 100))")
                inner.block("if value > best {") { $0.line("best = value") }
            }
            generator.line("vault0.put(Game[game].pot.takeAll())")
            generator.line("return best")
        }
        block("view standing(game: Int) -> Int {") { generator in
            generator.line("var sum: Int = Game[game].count")
            generator.block("for (who, x) in Game[game].points {") { inner in
                inner.block("if who == caller {") { $0.line("sum += x") }
            }
            generator.line("return sum")
        }
    }
}
