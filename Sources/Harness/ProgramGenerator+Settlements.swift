// Calls that may fail, and folds in batches.

extension ProgramGenerator {
    /// `try` of an own function, with gas that is plenty or not enough.
    mutating func ownAttempt(_ depth: Int) {
        let candidates = declarations.callables.filter { !$0.writesState || frozenMaps.isEmpty }
        guard depth < 3, let callee = random.pick(candidates) else { return }
        let arguments = callee.parameters.map { expression($0, depth: 1) }.joined(separator: ", ")
        let name = freshName("tried")
        let gas = random.pick(["300", "3_000", "12_000", "2_000_000", "2_000_000"]) ?? "300"
        block("try let \(name) = \(callee.name)(\(arguments)) gas \(gas) {", "} failed {") { generator in
            generator.scope.append(GeneratedName(name: name, type: callee.result, isVariable: false))
            generator.statements(depth: depth + 1)
        }
        indentation += 1
        let names = scope.count
        statements(depth: depth + 1)
        scope.removeSubrange(names...)
        indentation -= 1
        line("}")
    }

    /// A round whose map is settled in batches, with elements that fail by themselves, by their weight or for want of
    /// gas.
    mutating func settlement() {
        let isOfVaults = random.oneIn(4)
        let splits = !isOfVaults && !random.oneIn(4)
        let called = random.oneIn(2) ? elementFunction() : nil
        block("round Fold[fold: Int] {") { generator in
            generator.line("var weights: Map<Int<16>, \(isOfVaults ? "Vault<COIN>" : "Int<40>"), 12>")
            generator.line("var total: Amount")
            generator.line("var mark: Int<64>")
            generator.line("var pot: Vault<COIN>")
            generator.line("var left: Vault<COIN>")
            generator.line("var tips: Vault<FEE>")
            generator.line("var paid: Map<Int<16>, Vault<COIN>>")
            generator.line("var seen: List<Int<16>, 8>")
            generator.line("settlement pay over weights as (who, weight)")
            generator.indentation += 1
            if splits { generator.line("splits pot by weight of total as share else left") }
            let gas = generator.random.pick(["9_000", "40_000", "120_000", "120_000", "400_000", "400_000"]) ?? "80_000"
            let most = generator.random.oneIn(2) ? 12 : 1 + generator.random.below(6)
            let fee = generator.random.oneIn(2) ? " fee \(generator.random.below(3)) from tips" : ""
            generator.line("during paying gas \(gas) max \(most)\(fee) freezes mark")
            generator.indentation -= 1
            generator.block("{") {
                $0.settlementBody(splits: splits, weight: isOfVaults ? .amount : .int(bits: 40), called)
            }
            generator.line("phase joining for \(2 + generator.random.below(4)) blocks then paying")
            generator.line("phase paying when pay.isDone then served")
            generator.line("phase served")
        }
        block("action join(fold: Int, who: Int<16>, weight: Int<40>) during Fold[fold].joining {") { generator in
            if isOfVaults {
                generator.line("Fold[fold].weights[who].put(mint(COIN, abs(weight)))")
            } else {
                generator.line("Fold[fold].weights[who] = weight")
                generator.line("if weight > 0 { Fold[fold].total += weight }")
            }
            generator.line("Fold[fold].mark = weight")
            generator.line("Fold[fold].pot.put(mint(COIN, abs(who)))")
        }
        block("action tip(fold: Int, t: Token<FEE>) {") { $0.line("Fold[fold].tips.put(t)") }
        block("action collect(fold: Int, who: Int<16>) -> Token<COIN> {") { generator in
            generator.line("return Fold[fold].paid[who].takeAll()")
        }
        block("view folded(fold: Int, who: Int<16>) -> List<Int, 8> {") { generator in
            generator.line("let done = Fold[fold].pay.isDone ? 1 : 0")
            generator.line("let aside = Fold[fold].pay.isSetAside(who) ? 1 : 0")
            let held = "Fold[fold].left.amount % 1000, Fold[fold].paid[who].amount % 1000"
            generator.line("return [Fold[fold].pay.processed, Fold[fold].pay.setAsideCount, done, aside, \(held)]")
        }
    }

    /// A function over the whole language, but for what the compiler refuses for elements.
    private mutating func elementFunction() -> GeneratedDeclarations.Callable? {
        forElements { generator in
            generator.function(isFree: false, alwaysWrites: true)
            return generator.declarations.callables.last
        }
    }

    /// Writes code that neither asks who pushes, and when, nor calls what may ask.
    private mutating func forElements<Result>(_ write: (inout ProgramGenerator) -> Result) -> Result {
        let callables = declarations.callables
        declarations.callables.removeAll { $0.usesState }
        isForElements = true
        defer {
            declarations.callables = callables
            isForElements = false
        }
        return write(&self)
    }

    /// A call of such a function, or a `try` of it with gas that is plenty or not enough.
    private mutating func elementCall(_ function: GeneratedDeclarations.Callable, weight: GeneratedType) {
        let names = scope.count
        scope += [
            GeneratedName(name: "who", type: .int(bits: 16), isVariable: false),
            GeneratedName(name: "weight", type: weight, isVariable: false),
        ]
        usesState = true
        let arguments = forElements { generator in
            function.parameters.map { generator.expression($0, depth: 1) }.joined(separator: ", ")
        }
        usesState = false
        scope.removeSubrange(names...)
        let call = "\(function.name)(\(arguments))"
        guard !random.oneIn(3) else { return line("emit Trace([hash(\(call))])") }
        let gas = random.pick(["3_000", "12_000", "40_000"]) ?? "3_000"
        block("try let tried = \(call) gas \(gas) {", "} failed {") { $0.line("emit Trace([hash(tried)])") }
        indentation += 1
        line("seen.append(who)")
        indentation -= 1
        line("}")
    }

    private mutating func settlementBody(
        splits: Bool, weight: GeneratedType, _ called: GeneratedDeclarations.Callable?
    ) {
        if random.oneIn(2) { line("seen.append(who)") }
        if let called { elementCall(called, weight: weight) }
        let modulus = 2 + random.below(4)
        line("require (who + weight) % \(modulus) != 1")
        if random.oneIn(3) {
            line("var spent: Int = 0")
            block("for i in 0..<abs(who) max 40_000 {") { $0.line("spent += i % 7") }
            line("require spent >= 0")
        }
        if random.oneIn(6) { line("if mark % 2 == 0 { fail InvalidArgument }") }
        if random.oneIn(3) { line("emit Trace([hash(who), hash(weight)])") }
        if splits {
            line(random.oneIn(2) ? "paid[who].put(share)" : "if who > 5 { burn(share) return } paid[who].put(share)")
        } else {
            line("paid[who].put(mint(COIN, 3))")
        }
    }
}
