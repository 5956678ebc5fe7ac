import Bytecode
import Crypto
import Numerics

// One call that is followed: terms are values as soon as they are known, numbers of the bound are figures, and loops
// are executed pass by pass. What is not known is bounded as it is for all calls.
extension FunctionAnalysis {
    /// Instructions executed for one call that is followed, and those after which loops are multiplied again.
    static let followedStepLimit = 400_000
    static let unrolledStepLimit = 300_000

    var isFollowing: Bool { algebra.knowledge != nil }

    /// The term of what is made of known values; a new one where something is not known, or no call is followed.
    func followed(_ terms: [TermID], _ make: ([ABIValue]) -> ABIValue?) -> TermID {
        guard isFollowing else { return algebra.fresh() }
        var values: [ABIValue] = []
        for term in terms {
            guard let value = algebra.value(of: term) else { return algebra.fresh() }
            values.append(value)
        }
        return make(values).map { algebra.literal($0) } ?? algebra.fresh()
    }

    /// A number that is known.
    func figure(_ term: TermID) -> Int? {
        if case .integer(let figure) = algebra.terms[term] { figure } else { nil }
    }

    // MARK: Loops

    /// A loop whose counter and end are known, pass by pass, for as long as that does not take too much; what is left
    /// of it is multiplied.
    func unrolledLoop(
        _ index: Int, _ before: PathState
    ) throws(Unbounded) -> (state: PathState?, exits: Exits) {
        let loop = code.loops[index]
        guard let (_, instruction) = code.instruction(loop.end) else { throw Unbounded(reason: "no instruction") }
        let (counter, end) = (instruction.a, instruction.b)
        _ = try steadyChanges(loop, counter: counter, end: end)
        guard var position = figure(value(counter, before).term), let last = figure(value(end, before).term) else {
            return try multipliedLoop(index, before)
        }
        let all = Exits()
        var state = before
        while true {
            let isRest = steps > Self.unrolledStepLimit
            let (finish, exits) =
                isRest ? try multipliedLoop(index, state) : try pass(loop, index, state)
            add(exits.failures, to: all)
            all.returns += exits.returns
            all.jumps += exits.jumps
            guard var next = finish, !isRest else { return (finish, all) }
            position += 1
            next.registers[counter] = integer(
                bits: 64, low: position, high: Polynomial(position), term: algebra.term(.integer(position)))
            if position >= last {
                next.cost += code.followingGas(loop.end)
                return (next, all)
            }
            next.cost += code.takenGas(loop.end)
            state = next
        }
    }

    private func pass(
        _ loop: FunctionCode.Loop, _ index: Int, _ state: PathState
    ) throws(Unbounded) -> (finish: PathState?, exits: Exits) {
        let exits = Exits()
        return (try execute(from: loop.head, to: loop.end, state, inside: index, exits), exits)
    }

    // MARK: Values

    static func setting(_ field: Int, of object: ABIValue, to content: ABIValue) -> ABIValue? {
        guard case .structure(var fields) = object, fields.indices.contains(field) else { return nil }
        fields[field] = content
        return .structure(fields)
    }

    static func setting(at index: ABIValue, of list: ABIValue, to content: ABIValue) -> ABIValue? {
        guard case .list(var items) = list, case .integer(let number) = index,
            let place = number.asInt64.map({ Int($0) }), items.indices.contains(place)
        else { return nil }
        items[place] = content
        return .list(items)
    }

    static func appending(_ content: ABIValue, to list: ABIValue) -> ABIValue? {
        guard case .list(let items) = list, items.count < BoundEvaluation.valueLimit else { return nil }
        return .list(items + [content])
    }

    static func repeating(_ content: ABIValue, count: ABIValue) -> ABIValue? {
        guard case .integer(let number) = count, let times = number.asInt64,
            (0...Int64(BoundEvaluation.valueLimit)).contains(times)
        else { return nil }
        return .list([ABIValue](repeating: content, count: Int(times)))
    }

    private static func integers(_ list: ABIValue) -> [BigInt]? {
        guard case .list(let items) = list else { return nil }
        var numbers: [BigInt] = []
        for item in items {
            guard case .integer(let number) = item else { return nil }
            numbers.append(number)
        }
        return numbers
    }

    /// Of equal elements the one with the lower index comes first.
    static func sorted(_ list: ABIValue, _ opcode: Opcode, isDescending: Bool) -> ABIValue? {
        guard let numbers = integers(list) else { return nil }
        let order = numbers.indices.sorted { first, second in
            let (one, other) = isDescending ? (second, first) : (first, second)
            return numbers[one] == numbers[other] ? first < second : numbers[one] < numbers[other]
        }
        switch opcode {
        case .listSort: return .list(order.map { .integer(numbers[$0]) })
        case .listOrder: return .list(order.map { .integer(BigInt($0)) })
        default:
            var ranks = [ABIValue](repeating: .integer(.zero), count: order.count)
            for (rank, index) in order.enumerated() { ranks[index] = .integer(BigInt(rank)) }
            return .list(ranks)
        }
    }

    /// Parts of a total by weights, as the machine divides it.
    static func parts(of total: ABIValue, by weights: ABIValue) -> ABIValue? {
        guard case .integer(let amount) = total, !amount.isNegative, let weights = integers(weights),
            !weights.contains(where: \.isNegative)
        else { return nil }
        let sum = weights.reduce(BigInt.zero, +)
        if sum.isZero { return .list(weights.map { _ in .integer(.zero) }) }
        var (prefix, paid) = (BigInt.zero, BigInt.zero)
        var parts: [ABIValue] = []
        for weight in weights {
            prefix += weight
            guard let reached = (amount * prefix).floorDivide(sum) else { return nil }
            parts.append(.integer(reached - paid))
            paid = reached
        }
        return .list(parts)
    }

    // MARK: Bytes

    func encoded(_ value: ABIValue, _ type: TypeIndex) -> [UInt8]? {
        try? algebra.knowledge?.coding.encode(value, as: type)
    }

    static func integer(_ content: ABIValue, isLittleEndian: Bool) -> ABIValue? {
        guard case .bytes(let bytes) = content, bytes.count <= 64 else { return nil }
        return .integer(BigInt(bigEndianMagnitude: isLittleEndian ? Array(bytes.reversed()) : bytes))
    }

    func hash(of value: ABIValue, _ type: TypeIndex) -> ABIValue? {
        if case .bytes(let bytes) = value { return .bytes32(Blake2b.hash(bytes).bytes) }
        return encoded(value, type).map { .bytes32(Blake2b.hash($0).bytes) }
    }
}
