/// A general recogniser (Earley 1970, with Aycock and Horspool's treatment of empty productions) for a grammar read
/// from its EBNF. It also tells which ways a derivation went at the grammar's choice points.
struct GrammarRecognizer {
    let tokenizer: GrammarTokenizer
    private var productions: [Production] = []
    private var productionsOf: [[Int]] = []
    /// The nonterminal of each production.
    private var ruleOf: [Int] = []
    private var isNullable: [Bool] = []
    /// Terminals that each nonterminal can begin with.
    private var firstTerminals: [[Bool]] = []
    private var ruleNumbers: [String: Int] = [:]
    private var start = 0

    /// Symbols below `terminalCount` are terminals; the others, less that, nonterminals.
    private struct Production {
        let symbols: [Int]
        /// The way this production goes at a choice point.
        let choice: (point: Int, way: Int)?
    }

    private struct Item {
        let production: Int
        let dot: Int
        let origin: Int
        /// The item before the last symbol, and the completed item of that symbol; -1 for none.
        let before: Int
        let child: Int
    }

    init(_ grammar: Grammar) {
        tokenizer = GrammarTokenizer(grammar)
        let terminalCount = tokenizer.names.count
        let syntaxRules = grammar.ruleNames.filter { !GrammarTokenizer.lexicalRules.contains($0) }
        for (number, name) in syntaxRules.enumerated() { ruleNumbers[name] = number }
        productionsOf = Array(repeating: [], count: syntaxRules.count)
        start = ruleNumbers["file"] ?? 0
        for name in syntaxRules { add(grammar.rules[name]!, to: ruleNumbers[name]!, terminalCount) }
        computeNullable(terminalCount)
        computeFirst(terminalCount)
    }

    // MARK: Translation to plain productions

    private mutating func add(_ expression: GrammarExpression, to rule: Int, _ terminalCount: Int) {
        switch expression {
        case .alternatives(let parts, let point):
            for (way, part) in parts.enumerated() {
                append(Production(symbols: symbols(of: part, terminalCount), choice: (point, way)), to: rule)
            }
        default: append(Production(symbols: symbols(of: expression, terminalCount), choice: nil), to: rule)
        }
    }

    private mutating func append(_ production: Production, to rule: Int) {
        productionsOf[rule].append(productions.count)
        ruleOf.append(rule)
        productions.append(production)
    }

    private mutating func newRule() -> Int {
        productionsOf.append([])
        return productionsOf.count - 1
    }

    private mutating func symbols(of expression: GrammarExpression, _ terminalCount: Int) -> [Int] {
        switch expression {
        case .terminal(let text): return [tokenizer.numbers[text]!]
        case .reference(let name):
            // Many rules bear the name of the word they begin with.
            let isLexical = GrammarTokenizer.lexicalRules.contains(name)
            return [isLexical ? tokenizer.numbers[name]! : terminalCount + ruleNumbers[name]!]
        case .sequence(let parts):
            var result: [Int] = []
            for part in parts { result += symbols(of: part, terminalCount) }
            return result
        case .alternatives:
            let rule = newRule()
            add(expression, to: rule, terminalCount)
            return [terminalCount + rule]
        case .option(let inner, let point):
            let rule = newRule()
            append(Production(symbols: [], choice: (point, 0)), to: rule)
            append(Production(symbols: symbols(of: inner, terminalCount), choice: (point, 1)), to: rule)
            return [terminalCount + rule]
        case .repetition(let inner, let point):
            // none | many, many = one | many one
            let rule = newRule()
            let many = newRule()
            let one = symbols(of: inner, terminalCount)
            append(Production(symbols: [], choice: (point, 0)), to: rule)
            append(Production(symbols: [terminalCount + many], choice: nil), to: rule)
            append(Production(symbols: one, choice: (point, 1)), to: many)
            append(Production(symbols: [terminalCount + many] + one, choice: (point, 2)), to: many)
            return [terminalCount + rule]
        case .prose: return []
        }
    }

    private mutating func computeNullable(_ terminalCount: Int) {
        isNullable = Array(repeating: false, count: productionsOf.count)
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for rule in productionsOf.indices where !isNullable[rule] {
                isNullable[rule] = productionsOf[rule].contains { number in
                    productions[number].symbols.allSatisfy { $0 >= terminalCount && isNullable[$0 - terminalCount] }
                }
                if isNullable[rule] { hasChanged = true }
            }
        }
    }

    private mutating func computeFirst(_ terminalCount: Int) {
        firstTerminals = Array(repeating: Array(repeating: false, count: terminalCount), count: productionsOf.count)
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for rule in productionsOf.indices {
                for number in productionsOf[rule] {
                    for symbol in productions[number].symbols {
                        guard symbol >= terminalCount else {
                            if !firstTerminals[rule][symbol] { hasChanged = true }
                            firstTerminals[rule][symbol] = true
                            break
                        }
                        for terminal in 0..<terminalCount
                        where firstTerminals[symbol - terminalCount][terminal] && !firstTerminals[rule][terminal] {
                            firstTerminals[rule][terminal] = true
                            hasChanged = true
                        }
                        if !isNullable[symbol - terminalCount] { break }
                    }
                }
            }
        }
    }

    // MARK: Recognition

    func accepts(_ bytes: [UInt8]) -> Bool { derive(bytes, counting: nil) }

    /// Whether the text is of the language; counts into `coverage[point][way]` the ways one derivation went.
    func accepts(_ bytes: [UInt8], coverage: inout [[Int]]) -> Bool {
        var choices: [(point: Int, way: Int)] = []
        let isAccepted = derive(bytes, counting: { choices.append(($0, $1)) })
        for choice in choices { coverage[choice.point][choice.way] += 1 }
        return isAccepted
    }

    private func derive(_ bytes: [UInt8], counting count: ((Int, Int) -> Void)?) -> Bool {
        guard let tokens = tokenizer.tokens(bytes) else { return false }
        let terminalCount = tokenizer.names.count
        var items: [Item] = []
        // For each position: items waiting for a nonterminal.
        var waiting: [[Int: [Int]]] = []
        var scanned: [Item] = productionsOf[start].map {
            Item(production: $0, dot: 0, origin: 0, before: -1, child: -1)
        }
        var current: [Int] = []
        for position in 0...tokens.count {
            var seen: Set<Int> = []
            current = []
            waiting.append([:])
            func push(_ item: Item) {
                let key = (item.production * 32 + item.dot) * (tokens.count + 1) + item.origin
                guard seen.insert(key).inserted else { return }
                items.append(item)
                current.append(items.count - 1)
            }
            for item in scanned { push(item) }
            scanned = []
            let next = position < tokens.count ? tokens[position] : []
            var index = 0
            while index < current.count {
                let number = current[index]
                index += 1
                let item = items[number]
                let symbols = productions[item.production].symbols
                guard item.dot < symbols.count else {
                    for parent in waiting[item.origin][ruleOf[item.production], default: []] {
                        let before = items[parent]
                        push(
                            Item(
                                production: before.production, dot: before.dot + 1, origin: before.origin,
                                before: parent, child: number))
                    }
                    continue
                }
                let symbol = symbols[item.dot]
                if symbol < terminalCount {
                    if next.contains(symbol) {
                        scanned.append(
                            Item(
                                production: item.production, dot: item.dot + 1, origin: item.origin, before: number,
                                child: -1))
                    }
                    continue
                }
                let rule = symbol - terminalCount
                waiting[position][rule, default: []].append(number)
                if isNullable[rule] {
                    push(
                        Item(
                            production: item.production, dot: item.dot + 1, origin: item.origin, before: number,
                            child: -1))
                }
                if next.contains(where: { firstTerminals[rule][$0] }) {
                    for production in productionsOf[rule] {
                        push(Item(production: production, dot: 0, origin: position, before: -1, child: -1))
                    }
                }
            }
            if current.isEmpty { return false }
        }
        let final = current.first {
            let item = items[$0]
            return item.origin == 0 && ruleOf[item.production] == start
                && item.dot == productions[item.production].symbols.count
        }
        guard let final else { return false }
        if let count { walk(final, items, count) }
        return true
    }

    /// Counts the choices of the derivation that the back pointers describe.
    private func walk(_ final: Int, _ items: [Item], _ count: (Int, Int) -> Void) {
        let terminalCount = tokenizer.names.count
        var pending = [final]
        while let completed = pending.popLast() {
            var item = items[completed]
            if let choice = productions[item.production].choice { count(choice.point, choice.way) }
            while item.before >= 0 {
                let symbol = productions[item.production].symbols[item.dot - 1]
                if item.child >= 0 {
                    pending.append(item.child)
                } else if symbol >= terminalCount {
                    countEmpty(symbol - terminalCount, count)
                }
                item = items[item.before]
            }
        }
    }

    private func countEmpty(_ rule: Int, _ count: (Int, Int) -> Void) {
        let terminalCount = tokenizer.names.count
        for number in productionsOf[rule] {
            let production = productions[number]
            guard production.symbols.allSatisfy({ $0 >= terminalCount && isNullable[$0 - terminalCount] }) else {
                continue
            }
            if let choice = production.choice { count(choice.point, choice.way) }
            for symbol in production.symbols { countEmpty(symbol - terminalCount, count) }
            return
        }
    }
}
