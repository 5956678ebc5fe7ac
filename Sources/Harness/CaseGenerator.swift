import Crypto
import Numerics
import Reference
import Semantics

/// How the values of one case are drawn: the first cases are the edges, all later ones are random, small ones first.
struct CasePlan {
    enum Style {
        case simplest, ones, largest, least, fullLists, edges, random
    }
    let style: Style
    /// Number of the case among those of its style.
    let number: Int
    /// From 0 to 100.
    let size: Int

    init(case number: Int, of count: Int) {
        size = min(100, number * 100 / max(1, count))
        self.number = max(0, number - Self.firstStyles.count)
        style =
            number < Self.firstStyles.count
            ? Self.firstStyles[number] : number < Self.edgeCount ? .edges : .random
    }

    private static let firstStyles: [Style] = [.simplest, .ones, .largest, .least, .fullLists]
    /// Cases before the random ones.
    static let edgeCount = 40
}

/// Values of checked types from recorded choices; index 0 stands for the simplest value everywhere.
struct CaseGenerator {
    let program: Program
    let plan: CasePlan
    /// What addresses are drawn from; not empty.
    let addresses: [Bytes32]
    /// Elements of lists, bytes and texts that the case may still have.
    private var elementsLeft = 2_048

    /// The numbers that a parameter is limited to: `from..<to`, raw values for Fixed.
    typealias Limits = (from: BigInt, to: BigInt)

    init(program: Program, plan: CasePlan, addresses: [Bytes32]) {
        self.program = program
        self.plan = plan
        self.addresses = addresses
    }

    /// Choices that one case may take.
    private static let choiceLimit = 200_000

    /// A value of a type that the checker lets be generated; nil when the limits leave none, or it would be too large.
    mutating func value(_ type: Type, _ limits: Limits? = nil, from source: inout ChoiceSource) -> Value? {
        guard source.choices.count < Self.choiceLimit else { return nil }
        switch type {
        case .boolean: return .boolean(source.flag { $0.oneIn(2) })
        case .integer(let integer): return number(integer, limits, from: &source).map { .integer($0) }
        case .fixed: return fixed(limits, from: &source).map { .fixed($0) }
        case .address:
            return .bytes32(
                addresses[source.choose(below: addresses.count) { [count = addresses.count] in $0.below(count) }])
        case .hash, .asset:
            let number = source.choose(below: 256) { $0.oneIn(4) ? 0 : $0.below(256) }
            return .bytes32(number == 0 ? .zero : Blake2b.hash([UInt8(truncatingIfNeeded: number)]))
        case .bytes(let capacity):
            return elements(capacity, from: &source) { generator, source in
                .integer(generator.magnitude(255, isLimited: true, from: &source))
            }.map { .bytes($0.map { UInt8(truncatingIfNeeded: $0.integer?.asInt64 ?? 0) }) }
        case .text(let capacity):
            return elements(capacity, from: &source) { _, source in
                .integer(BigInt(source.choose(below: Self.letters.count) { $0.below(Self.letters.count) }))
            }.map { .bytes($0.map { Self.letters[Int($0.integer?.asInt64 ?? 0)] }) }
        case .list(let element, let capacity):
            return elements(capacity, isSortable: element.isPlainNumber, from: &source) { generator, source in
                generator.value(element, limits, from: &source)
            }.map { .list($0) }
        case .option(let wrapped):
            guard source.flag({ !$0.oneIn(3) }) else { return .option(nil) }
            return value(wrapped, from: &source).map { .option($0) }
        case .structure(let id): return values(program.structs[id].fields, from: &source).map { .structure($0) }
        case .enumeration(let id):
            let cases = program.enums[id].cases
            guard !cases.isEmpty else { return nil }
            let index = source.choose(below: cases.count) { $0.below(cases.count) }
            return values(cases[index].payload, from: &source).map { .enumeration(index, $0) }
        case .tensor(let element, let dimensions): return tensor(element, dimensions, from: &source)
        case .token, .interface, .nothing, .exactFixed, .ratio, .tokenList, .contract, .invalid: return nil
        }
    }

    private mutating func values(_ types: [NamedType], from source: inout ChoiceSource) -> [Value]? {
        var values: [Value] = []
        for type in types {
            guard let value = value(type.type, from: &source) else { return nil }
            values.append(value)
        }
        return values
    }

    /// The characters of generated texts; all can stand in a literal.
    private static let letters = Array("abcXYZ019 _-./:,".utf8)

    // MARK: Numbers

    private func number(
        _ type: IntegerType, _ limits: Limits?, from source: inout ChoiceSource
    ) -> BigInt? {
        let bits = type.isSigned ? type.bits - 1 : type.bits
        var least = type.isSigned ? -(.one << bits) : BigInt.zero
        var most = (BigInt.one << bits) - 1
        if let limits {
            least = max(least, limits.from)
            most = min(most, limits.to - 1)
        }
        return number(least, most, isLimited: limits != nil, from: &source)
    }

    /// From `least` to `most`, the nearest to zero being the simplest.
    func number(
        _ least: BigInt, _ most: BigInt, isLimited: Bool, from source: inout ChoiceSource
    ) -> BigInt? {
        guard least <= most else { return nil }
        if !least.isNegative { return least + magnitude(most - least, isLimited: isLimited, from: &source) }
        if most.isNegative { return most - magnitude(most - least, isLimited: isLimited, from: &source) }
        let isNegative = sign(from: &source)
        let magnitude = magnitude(isNegative ? -least : most, isLimited: isLimited, from: &source)
        return isNegative ? -magnitude : magnitude
    }

    private func sign(from source: inout ChoiceSource) -> Bool {
        source.flag { random in
            switch plan.style {
            case .least: true
            case .simplest, .ones, .largest: false
            case .fullLists, .edges, .random: random.oneIn(3)
            }
        }
    }

    /// Whole numbers are simpler than fractions: the fraction is chosen first, so that it is the first to go.
    private func fixed(_ limits: Limits?, from source: inout ChoiceSource) -> BigInt? {
        let scale = FixedPoint.scale
        let half = BigInt.one << 255
        let least = max(-half, limits?.from ?? -half)
        let most = min(half - 1, (limits?.to ?? half) - 1)
        let isLimited = limits != nil
        guard least <= most else { return nil }
        let isNegative = most.isNegative || (least.isNegative && sign(from: &source))
        let near = isNegative ? min(most, .zero) : max(least, .zero)
        let room = isNegative ? near - least : most - near
        guard room >= scale else {
            let distance = magnitude(room, isLimited: isLimited, from: &source)
            return isNegative ? near - distance : near + distance
        }
        let fraction = source.choose(limit: scale - 1) { random in
            switch plan.style {
            case .simplest, .ones: return .zero
            case .largest, .least: return room.floorModulo(scale) ?? .zero
            case .fullLists, .edges, .random: break
            }
            switch random.below(6) {
            case 0: return .one
            case 1: return scale - 1
            case 2: return random.uniform(upTo: scale - 1)
            case 3: return BigInt(1 + random.below(9)) * 100_000_000_000_000_000
            default: return .zero
            }
        }
        let whole = magnitude((room - fraction).floorDivide(scale) ?? .zero, isLimited: isLimited, from: &source)
        let distance = whole * scale + fraction
        return isNegative ? near - distance : near + distance
    }

    /// From 0 to `limit`. Where the author set limits, every value is as likely as the next, else small ones are.
    private func magnitude(_ limit: BigInt, isLimited: Bool, from source: inout ChoiceSource) -> BigInt {
        // The first number of the case, behind its sign and fraction: it goes through all edges in turn.
        let isFirst = source.choices.count < 3
        return source.choose(limit: limit) { random in
            switch plan.style {
            case .simplest: return .zero
            case .ones: return .one
            case .largest, .least: return limit
            case .edges: return edge(limit, isFirst ? plan.number : nil, &random)
            case .fullLists: return BigInt(random.below(4))
            case .random: break
            }
            switch random.below(8) {
            case 0: return edge(limit, nil, &random)
            case 1, 2: return BigInt(random.below(3 + plan.size / 8))
            case 3, 4, 5:
                return isLimited ? random.uniform(upTo: limit) : BigInt(random.below(10 + plan.size * plan.size))
            case 6: return random.uniform(upTo: (.one << min(limit.bitWidth, 1 + random.below(16 + plan.size))) - 1)
            default: return random.uniform(upTo: limit)
            }
        }
    }

    /// 0, 1, 2, the limit and its neighbours, powers of two and theirs; one by its number, or any.
    private func edge(_ limit: BigInt, _ number: Int?, _ random: inout SplitMix64) -> BigInt {
        let plain: [BigInt] = [.zero, .one, 2, limit, limit - 1, limit >> 1]
        let exponents = Self.telling.filter { $0 < limit.bitWidth }
        let number = number ?? random.below(2 * (plain.count + 3 * exponents.count))
        if number < plain.count { return plain[number] }
        let (index, offset) = (number - plain.count).quotientAndRemainder(dividingBy: 3)
        // Beyond the list: any power of two.
        let exponent = index < exponents.count ? exponents[index] : random.below(max(1, limit.bitWidth))
        return (.one << exponent) + BigInt(1 - offset)
    }

    /// Exponents at which widths end.
    private static let telling = [8, 16, 32, 64, 128, 7, 15, 31, 63, 127, 255]

    // MARK: Lists

    /// Some lists have equal elements, some are sorted.
    private enum Shape { case free, equal, sorted }

    /// Elements, each announced by a flag; nil when one cannot be made.
    private mutating func elements(
        _ capacity: Int, isSortable: Bool = false, from source: inout ChoiceSource,
        _ element: (inout CaseGenerator, inout ChoiceSource) -> Value?
    ) -> [Value]? {
        let most = max(0, min(capacity, elementsLeft))
        var target = 0
        var shape = Shape.free
        if var random = source.random {
            target = length(most, &random)
            if plan.style == .random { shape = random.pick([.equal, .sorted, .free, .free, .free, .free]) ?? .free }
            source.random = random
        }
        var drawn: [ArraySlice<BigInt>] = []
        if shape == .sorted, isSortable { drawn = sortedDraws(target, source, element) }
        var values: [Value] = []
        var first: ArraySlice<BigInt> = []
        while true {
            let start = source.choices.count
            // A full list ends with a flag too: it stays in place when elements are left out.
            let hasMore = source.choose(below: values.count < most ? 2 : 1) { _ in values.count < target ? 1 : 0 } == 1
            guard hasMore else { return values }
            elementsLeft -= 1
            if shape == .equal, !values.isEmpty { source.force(first) }
            if values.count < drawn.count { source.force(drawn[values.count]) }
            guard let value = element(&self, &source) else { return values.isEmpty ? [] : nil }
            source.force([])
            if values.isEmpty { first = source.choices[(start + 1)...].map(\.index)[...] }
            values.append(value)
            source.closeSpan(from: start)
        }
    }

    /// The choices of `count` numbers in rising order.
    private func sortedDraws(
        _ count: Int, _ source: ChoiceSource, _ element: (inout CaseGenerator, inout ChoiceSource) -> Value?
    ) -> [ArraySlice<BigInt>] {
        guard var random = source.random else { return [] }
        random = SplitMix64(seed: random.next())
        var generator = self
        var scratch = ChoiceSource(random: random)
        var draws: [(number: Ratio, choices: ArraySlice<BigInt>)] = []
        for _ in 0..<count {
            let start = scratch.choices.count
            guard let number = element(&generator, &scratch)?.exactNumber else { return [] }
            draws.append((number, scratch.choices[start...].map(\.index)[...]))
        }
        return draws.sorted { $0.number < $1.number }.map(\.choices)
    }

    private func length(_ most: Int, _ random: inout SplitMix64) -> Int {
        switch plan.style {
        case .simplest: return 0
        case .ones: return 1
        case .largest, .least, .fullLists: return most
        case .edges, .random: break
        }
        if random.oneIn(most <= 64 ? 12 : 60) { return most }
        return random.below(min(most, 2 + plan.size * min(most, 30) / 100) + 1)
    }

    private func tensor(
        _ element: TensorElement, _ dimensions: [TensorDimension], from source: inout ChoiceSource
    ) -> Value? {
        var sizes: [Int] = []
        for case .constant(let size) in dimensions { sizes.append(size) }
        let count = sizes.reduce(1) { min($0 * max($1, 0), 1 << 20) }
        guard sizes.count == dimensions.count, count <= 65_536 else { return nil }
        let least = BigInt(element.range.lowerBound)
        let most = BigInt(element.range.upperBound)
        var elements: [Int64] = []
        for _ in 0..<count {
            elements.append(number(least, most, isLimited: false, from: &source)?.asInt64 ?? 0)
        }
        return TensorValue(element: element, dimensions: sizes, elements: elements).map { .tensor($0) }
    }
}

extension Value {
    fileprivate var integer: BigInt? { if case .integer(let value) = self { value } else { nil } }
}

extension Type {
    fileprivate var isPlainNumber: Bool {
        switch self {
        case .integer, .fixed: true
        default: false
        }
    }
}
