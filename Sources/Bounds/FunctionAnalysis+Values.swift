import Bytecode
import Machine
import Numerics
import Verifier

// Values of registers and what handling them costs.
extension FunctionAnalysis {
    func type(_ register: Int) -> TypeIndex { code.descriptor.registers[register] }

    /// What a register holds; where nothing is known, whatever its type allows.
    func value(_ register: Int, _ state: PathState) -> AbstractValue {
        if state.registers.indices.contains(register), let value = state.registers[register] { return value }
        // Other registers may name the same list and have made it longer.
        if case .list = module.types[type(register)] {
            return AbstractValue(
                term: algebra.fresh(), shape: .list(count: Polynomial(MachineLimits.listElements), element: .any))
        }
        return AbstractValue(term: algebra.fresh(), shape: shapes.shape(of: type(register)))
    }

    func number(_ value: AbstractValue) -> Number {
        if isFollowing, case .integer(let number)? = algebra.value(of: value.term) { return Number(number) }
        if case .integer(let number) = value.shape { return number }
        return Number(bits: NumericLimits.integerBits, low: nil, high: nil)
    }

    /// What bounds the elements of a list of integers.
    func elementNumber(_ list: AbstractValue, _ shape: Shape) -> Number {
        guard isFollowing, case .list(let items)? = algebra.value(of: list.term), !items.isEmpty else {
            return number(AbstractValue(term: algebra.fresh(), shape: shape))
        }
        var result: Number?
        for item in items {
            guard case .integer(let integer) = item else {
                return number(AbstractValue(term: algebra.fresh(), shape: shape))
            }
            let next = Number(integer)
            guard let known = result, case .integer(let joined) = shapes.join(.integer(known), .integer(next)) else {
                result = next
                continue
            }
            result = joined
        }
        return result ?? Number(bits: NumericLimits.integerBits, low: nil, high: nil)
    }

    /// An upper bound of a count, which is never negative where it is accepted.
    func size(_ term: TermID, _ state: PathState) -> Polynomial? {
        high(of: term, state).map { algebra.positive($0) }
    }

    func integer(bits: Int, low: Int?, high: Polynomial? = nil, term: TermID? = nil) -> AbstractValue {
        let term = term ?? algebra.fresh()
        if let high { naturalHighs[term] = high }
        var bits = min(bits, NumericLimits.integerBits)
        if let high, let low, low >= 0 {
            let most = max(1, algebra.limit(of: high))
            if most < Saturating.limit { bits = min(bits, Int.bitWidth - most.leadingZeroBitCount) }
        }
        let number = Number(bits: bits, low: low, high: high)
        return AbstractValue(term: term, shape: .integer(number))
    }

    func plain(_ term: TermID) -> AbstractValue { AbstractValue(term: term, shape: .plain) }

    /// An object that no register but this one refers to.
    func made(_ shape: Shape, term: TermID? = nil, isAmortized: Bool = false) -> AbstractValue {
        AbstractValue(
            term: term ?? algebra.fresh(), shape: ShapeCosts.capped(shape), identity: algebra.newSerial(),
            isOwned: true, isAmortized: isAmortized)
    }

    /// A value that the state or a caller gives.
    func given(_ type: TypeIndex, term: TermID) -> AbstractValue {
        AbstractValue(term: term, shape: shapes.shape(of: type, term: term))
    }

    func count(_ list: AbstractValue, _ type: TypeIndex) -> Polynomial {
        switch list.shape {
        case .list(let count, _), .parts(let count), .bytes(let count): return count
        default:
            switch module.types[type] {
            case .list(_, let capacity), .bytes(let capacity), .text(let capacity): return Polynomial(capacity)
            default: return Polynomial(MachineLimits.listElements)
            }
        }
    }

    func element(_ list: AbstractValue, _ type: TypeIndex) -> (shape: Shape, type: TypeIndex) {
        guard case .list(let element, _) = module.types[type] else { return (.any, type) }
        if case .list(_, let shape) = list.shape {
            if case .any = shape { return (shapes.shape(of: element), element) }
            return (shape, element)
        }
        return (shapes.shape(of: element), element)
    }

    /// Sizes of a tensor along its axes, four at most.
    func sizes(_ tensor: AbstractValue, _ type: TypeIndex) -> [Polynomial] {
        if case .tensor(let sizes) = tensor.shape { return sizes }
        if case .tensor(let sizes) = shapes.shape(of: type) { return sizes }
        return []
    }

    // MARK: Costs of values

    func measured(_ measure: Measure, _ value: AbstractValue, _ fallback: Polynomial) -> Polynomial {
        if fallback.isConstant, fallback.constant <= 8 { return fallback }
        guard algebra.termFacts[value.term].isMeasurable else { return fallback }
        return algebra.polynomial(.measure(measure, value.term, fallback: fallback))
    }

    func encoding(_ value: AbstractValue, _ type: TypeIndex) -> Polynomial {
        measured(.encoding, value, shapes.encoding(value.shape, type))
    }

    func encodedBytes(_ value: AbstractValue, _ type: TypeIndex) -> Polynomial {
        if case .bytes32 = module.types[type] { return Polynomial(32) }
        if case .boolean = module.types[type] { return Polynomial(1) }
        return measured(.bytes, value, shapes.encodedBytes(value.shape, type))
    }

    func decoding(_ value: AbstractValue, _ type: TypeIndex) -> Polynomial {
        measured(.decoding, value, shapes.decoding(value.shape, type))
    }

    /// Gas to have interfaces checked that come from outside; each may be a contract not met before.
    func interfaceChecks(_ value: AbstractValue, _ type: TypeIndex, _ state: inout PathState) -> Polynomial {
        if case .bytes32(.interface) = module.types[type] {
            return Polynomial(Int(MachineCosts.interfaceCheck)) + meetContract(value.term, &state)
        }
        return shapes.interfaces(value.shape, type) * Int(MachineCosts.interfaceCheck + MachineCosts.coldContract)
    }

    /// The cost of a contract, where it has not been met before.
    func meetContract(_ address: TermID, _ state: inout PathState) -> Polynomial {
        let key = EntryKey(place: .contract, keys: [address])
        if address == algebra.term(.contract) || warmth(key, state).contains(.read) { return .zero }
        state.warm[key] = .read
        return payOnce(key, 0, Polynomial(Int(MachineCosts.coldContract)))
    }

    // MARK: Changes in place

    /// Makes ready for a change of the object in a register.
    func beginChange(_ register: Int, _ state: inout PathState) throws(Unbounded) -> AbstractValue {
        let changed = value(register, state)
        guard changed.isOwned else { throw Unbounded(reason: "a value with a second name that is changed in place") }
        for index in state.registers.indices where index != register {
            if let other = state.registers[index], other.identity == changed.identity { state.registers[index] = nil }
        }
        return changed
    }

    /// Notes that something else refers to a register's object from now on.
    func share(_ register: Int, _ state: inout PathState) {
        guard let value = state.registers.indices.contains(register) ? state.registers[register] : nil,
            value.identity != 0
        else { return }
        for index in state.registers.indices where state.registers[index]?.identity == value.identity {
            state.registers[index]?.isOwned = false
        }
    }

    /// Pays the growth of a list that is about to be appended to, once for all that is appended later.
    func settleGrowth(_ register: Int, _ state: inout PathState) {
        guard state.registers.indices.contains(register), let list = state.registers[register], !list.isAmortized
        else { return }
        let growth = count(list, type(register)) * 20 + Self.appendGrowth
        state.cost += growth
        state.registers[register]?.isAmortized = true
    }

    /// Gas for memory that an append costs on average: a list grows to twice its size, ten for each element.
    static let appendGrowth = 40

    // MARK: Integers

    /// Gas that operands wider than 256 bits add.
    func linear(_ left: Number, _ right: Number) -> Int {
        left.isWide || right.isWide ? Int(NumericCosts.linear(left.limbs, right.limbs)) : 0
    }

    func product(_ left: Number, _ right: Number) -> Int {
        left.isWide || right.isWide ? Int(NumericCosts.product(left.limbs, right.limbs)) : 0
    }

    /// The dearest quotient: of a shorter divisor the quotient is longer.
    func quotient(_ dividend: Int, _ divisor: Int) -> Int {
        var most = 0
        for limbs in 0...max(0, divisor) { most = max(most, Int(NumericCosts.quotient(dividend, limbs))) }
        return most
    }

    func productQuotient(_ left: Number, _ right: Number, _ divisor: Number) -> Int {
        guard left.isWide || right.isWide || divisor.isWide else { return 0 }
        return Int(NumericCosts.product(left.limbs, right.limbs))
            + quotient(left.limbs + right.limbs, divisor.limbs)
    }
}
