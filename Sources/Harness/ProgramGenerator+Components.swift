// A component and the contract's uses of it.

extension ProgramGenerator {
    /// State, tokens and functions of their own, under names that a contract's may also have.
    mutating func component() {
        let outer = declarations
        block("component Store<COIN, FEE> {") { generator in
            generator.line("event Trace(hashes: List<Hash, 8>)")
            generator.state(hasPeer: false, hasTokens: true)
            for _ in 0..<generator.random.below(3) { generator.signature("event") }
            for _ in 0..<generator.random.below(3) { generator.signature("error") }
            generator.function(isFree: false, "private ")
            generator.declarations.component.privateFunction = generator.declarations.callables.last?.name
            for _ in 0...generator.random.below(2) { generator.function(isFree: false) }
            generator.block("function fill(t: Token<COIN>) -> Amount {") { inner in
                inner.line("let n = t.amount")
                inner.line("vault0.put(t)")
                inner.line("return n")
            }
            generator.block("function drain(n: Amount) -> Token<COIN> {") { $0.line("return vault0.take(n)") }
        }
        let own = declarations
        declarations = outer
        let known = Set(outer.callables.map(\.name))
        declarations.component.functions = own.callables.filter {
            !known.contains($0.name) && $0.name != own.component.privateFunction
        }
        declarations.component.state = own.state
        declarations.component.isDeclared = true
    }

    /// One or two uses; their functions can be called and their state read.
    mutating func uses() {
        guard declarations.component.isDeclared else { return }
        declarations.component.uses = random.oneIn(2) ? ["store"] : ["store", "other"]
        for use in declarations.component.uses {
            line("use \(use): Store<COIN, FEE>")
            for function in declarations.component.functions {
                var called = function
                called.name = "\(use).\(function.name)"
                declarations.callables.append(called)
            }
            declarations.readable += declarations.component.state.map {
                GeneratedName(name: "\(use).\($0.name)", type: $0.type, isVariable: false)
            }
        }
    }

    /// Tokens into a component and out of it, and what it holds.
    mutating func componentEntries() {
        for use in declarations.component.uses {
            block("action fill_\(use)(n: Amount) -> Amount {") { $0.line("return \(use).fill(mint(COIN, n))") }
            block("action drain_\(use)(n: Amount) {") { $0.line("vault1.put(\(use).drain(n))") }
            block("view held_\(use)() -> Amount {") {
                $0.line("return \(use).vault0.amount + \(use).vaults[caller].amount")
            }
        }
    }
}
