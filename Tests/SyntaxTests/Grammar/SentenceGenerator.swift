import TestSupport

/// Makes sentences from a grammar. At each choice point it prefers ways it has gone least; each sentence also heads
/// for one way that no sentence went before, as long as there is one.
struct SentenceGenerator {
    private let grammar: Grammar
    private var random: SplitMix64
    /// How often each way of each choice point was gone.
    private(set) var coverage: [[Int]]
    /// Levels of rules that the shortest sentence of a rule needs.
    private var heights: [String: Int] = [:]

    private static let unreachable = 1_000
    private static let depthLimit = 34
    private static let tokenLimit = 220
    /// Expressions are ended early: otherwise they would be nearly all of every sentence.
    private static let expressionTokenLimit = 9
    private var expressionStart: Int?
    /// The choice point and way that the sentence heads for, and the rules that lead there.
    private var target: (point: Int, way: Int)?
    private var leadingRules: Set<String> = []

    init(_ grammar: Grammar, seed: UInt64) {
        self.grammar = grammar
        random = SplitMix64(seed: seed)
        coverage = grammar.points.map { Array(repeating: 0, count: $0.ways) }
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for name in grammar.ruleNames {
                let height = height(grammar.rules[name]!) + 1
                if height < heights[name] ?? Self.unreachable {
                    heights[name] = height
                    hasChanged = true
                }
            }
        }
    }

    private func height(_ expression: GrammarExpression) -> Int {
        switch expression {
        case .terminal, .prose: 0
        case .reference(let name): heights[name] ?? Self.unreachable
        case .sequence(let parts): parts.map { height($0) }.max() ?? 0
        case .alternatives(let parts, _): parts.map { height($0) }.min() ?? 0
        case .option, .repetition: 0
        }
    }

    /// The tokens of one sentence.
    mutating func sentence() -> [String] {
        var tokens: [String] = []
        headForSomethingNew()
        expand(.reference("file"), lexical: "", depth: 0, &tokens)
        return tokens
    }

    private mutating func headForSomethingNew() {
        target = nil
        leadingRules = []
        for (point, ways) in coverage.enumerated() where target == nil {
            if let way = ways.firstIndex(of: 0) { target = (point, way) }
        }
        guard target != nil else { return }
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for name in grammar.ruleNames where !leadingRules.contains(name) && leads(grammar.rules[name]!) {
                leadingRules.insert(name)
                hasChanged = true
            }
        }
    }

    /// Whether the target can be met within.
    private func leads(_ expression: GrammarExpression) -> Bool {
        guard let target else { return false }
        switch expression {
        case .terminal, .prose: return false
        case .reference(let name): return leadingRules.contains(name)
        case .sequence(let parts): return parts.contains { leads($0) }
        case .alternatives(let parts, let point): return point == target.point || parts.contains { leads($0) }
        case .option(let inner, let point), .repetition(let inner, let point):
            return point == target.point || leads(inner)
        }
    }

    /// The way that leads to the target, if this choice point is on the way.
    private mutating func directed(_ point: Int, _ parts: [GrammarExpression], isOptional: Bool, depth: Int) -> Int? {
        guard let goal = target, depth < 2 * Self.depthLimit else { return nil }
        if goal.point == point {
            target = nil
            return goal.way
        }
        let leading = parts.indices.filter { leads(parts[$0]) }
        guard !leading.isEmpty else { return nil }
        return isOptional ? 1 : leading[random.below(leading.count)]
    }

    private mutating func expand(
        _ expression: GrammarExpression, lexical: String, depth: Int, _ tokens: inout [String]
    ) {
        let isShort =
            depth > Self.depthLimit || tokens.count > Self.tokenLimit
            || tokens.count - (expressionStart ?? tokens.count) > Self.expressionTokenLimit
        switch expression {
        case .terminal(let text): tokens.append(text)
        case .reference(let name):
            let isOutermost = name == "expression" && expressionStart == nil
            if isOutermost { expressionStart = tokens.count }
            expand(grammar.rules[name]!, lexical: name, depth: depth + 1, &tokens)
            if isOutermost { expressionStart = nil }
        case .prose: tokens.append(lexicalSample(lexical))
        case .sequence(let parts):
            for part in parts { expand(part, lexical: lexical, depth: depth, &tokens) }
        case .alternatives(let parts, let point):
            let lowest = parts.map { height($0) }.min() ?? 0
            let ways = parts.indices.filter { !isShort || height(parts[$0]) == lowest }
            let way = choose(point, ways, directed(point, parts, isOptional: false, depth: depth))
            expand(parts[way], lexical: lexical, depth: depth, &tokens)
        case .option(let inner, let point):
            let goal = directed(point, [inner], isOptional: true, depth: depth)
            if choose(point, isShort ? [0] : [0, 1], goal) == 1 {
                expand(inner, lexical: lexical, depth: depth, &tokens)
            }
        case .repetition(let inner, let point):
            let goal = directed(point, [inner], isOptional: true, depth: depth)
            let way = choose(point, isShort ? [0] : [0, 1, 2], goal)
            let times = way < 2 ? way : 2 + random.below(2)
            for _ in 0..<times { expand(inner, lexical: lexical, depth: depth, &tokens) }
        }
    }

    /// The goal's way; else mostly the way gone least, sometimes any.
    private mutating func choose(_ point: Int, _ ways: [Int], _ goal: Int?) -> Int {
        var way = goal ?? ways[random.below(ways.count)]
        if goal == nil, random.below(3) > 0 {
            let least = ways.map { coverage[point][$0] }.min() ?? 0
            let rare = ways.filter { coverage[point][$0] == least }
            way = rare[random.below(rare.count)]
        }
        coverage[point][way] += 1
        return way
    }

    // MARK: Lexical rules, by name

    private mutating func lexicalSample(_ rule: String) -> String {
        switch rule {
        case "Name":
            let words = grammar.contextualWords.sorted()
            let names = ["x", "Node", "_", "a1_b", "caller", "T", "structure", "Let", "no_ne"]
            return random.below(3) == 0 ? words[random.below(words.count)] : names[random.below(names.count)]
        case "Integer": return ["0", "7", "1_000", "007", "123456789012345678901234567890"][random.below(5)]
        case "Decimal": return ["0.5", "1_0.2_5", "3.000000000000000001", "00.0"][random.below(4)]
        case "HexBytes": return ["0x00", "0xDEADbeef", "0xaB"][random.below(3)]
        case "Text": return [#""""#, #""a b""#, #""\" \\ \n \t""#, #""é界 // /* ""#][random.below(4)]
        default: return ""
        }
    }

    /// The tokens with white space, comments and line ends between them.
    mutating func text(_ tokens: [String]) -> String {
        var text = ""
        for token in tokens {
            text += token
            // Brackets and commas need no space on either side, but it is harmless.
            let isClosed = ["(", ")", "[", "]", "{", "}", ","].contains(token)
            switch random.below(24) {
            case 0: text += " // c \" {\n"
            case 1: text += " /* c ( */"
            case 2...5: text += "\n"
            case 6: text += "\t\r\n"
            default: text += isClosed && random.below(2) == 0 ? "" : " "
            }
        }
        return text
    }

    /// The tokens with one to three of them deleted, doubled, swapped or replaced.
    mutating func mutated(_ tokens: [String]) -> [String] {
        var result = tokens
        for _ in 0...random.below(3) where !result.isEmpty {
            let place = random.below(result.count)
            switch random.below(5) {
            case 0: result.remove(at: place)
            case 1: result.insert(result[place], at: place)
            case 2: result.swapAt(place, random.below(result.count))
            case 3: result[place] = anyToken()
            default: result.insert(anyToken(), at: place)
            }
        }
        return result
    }

    private mutating func anyToken() -> String {
        let rules = GrammarTokenizer.lexicalRules
        let number = random.below(grammar.terminals.count + rules.count * 4)
        if number < grammar.terminals.count { return grammar.terminals[number] }
        return lexicalSample(rules[number % rules.count])
    }
}
