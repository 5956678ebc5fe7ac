import Bytecode
import Crypto
import Machine
import Numerics
import Verifier

/// What bounds are evaluated against: the state before a call, and the bounds of the contracts in it.
public protocol BoundState: StateReader {
    /// The bounds of the contract at an address; nil when there is none.
    func bounds(at address: Address) -> ModuleBounds?
}

/// A call whose gas is to be bounded.
public struct BoundCall {
    public var contract: Address
    public var caller: Address
    public var arguments: [ABIValue]
    public var block: BlockContext

    public init(contract: Address, caller: Address, arguments: [ABIValue], block: BlockContext) {
        self.contract = contract
        self.caller = caller
        self.arguments = arguments
        self.block = block
    }
}

extension ModuleBounds {
    /// The most gas that a call of an entry takes, whether it succeeds or fails; nil when there is no bound.
    public func gas(of entry: String, _ call: BoundCall, state: any BoundState) -> Int64? {
        guard case .polynomial(let polynomial, let algebra, let shapes)? = solution(entry) else { return nil }
        let evaluation = BoundEvaluation(
            verified: verified, algebra: algebra, shapes: shapes, call: call,
            arguments: call.arguments.map { .one($0) }, state: state, isStateKnown: true, isJournalled: false,
            active: [call.contract])
        let value = evaluation.value(of: polynomial)
        return value >= Saturating.limit ? nil : Int64(value)
    }
}

/// Evaluates terms and bounds for one call.
final class BoundEvaluation {
    /// More values than this are as good as unknown.
    static let valueLimit = 4_096

    let verified: VerifiedModule
    let module: Module
    let algebra: Algebra
    let shapes: ShapeCosts
    let call: BoundCall
    let arguments: [Known]
    let state: any BoundState
    let isStateKnown: Bool
    let isJournalled: Bool
    let active: [Address]
    let coding: ABICoding
    private var terms: [TermID: Known] = [:]
    private var atoms: [AtomID: Int] = [:]

    init(
        verified: VerifiedModule, algebra: Algebra, shapes: ShapeCosts, call: BoundCall, arguments: [Known],
        state: any BoundState, isStateKnown: Bool, isJournalled: Bool, active: [Address]
    ) {
        self.verified = verified
        module = verified.module
        self.algebra = algebra
        self.shapes = shapes
        self.call = call
        self.arguments = arguments
        self.state = state
        self.isStateKnown = isStateKnown
        self.isJournalled = isJournalled
        self.active = active
        coding = ABICoding(types: module.types)
    }

    // MARK: Bounds

    /// At least zero; `Saturating.limit` when there is no bound.
    func value(of polynomial: Polynomial) -> Int {
        var total = polynomial.constant
        for part in polynomial.parts {
            var product = part.factor
            for atom in part.atoms {
                let factor = value(of: atom)
                if factor == 0 {
                    product = 0
                    break
                }
                product = Saturating.multiply(product, factor)
            }
            total = Saturating.add(total, product)
        }
        return max(0, total)
    }

    private func value(of atom: AtomID) -> Int {
        if let known = atoms[atom] { return known }
        let value = follow(algebra.atoms[atom])
        atoms[atom] = value
        return value
    }

    /// The value of an atom, which is not kept.
    func follow(_ atom: Atom) -> Int { max(0, Saturating.clamp(evaluate(atom))) }

    private func evaluate(_ atom: Atom) -> Int {
        switch atom {
        case .value(let term, let fallback):
            let limit = fallback.map { value(of: $0) } ?? Saturating.limit
            switch known(term) {
            case .sized(.number(let number)): return min(number, limit)
            case .unknown, .sized: return limit
            case let found:
                guard let values = found.values else { return limit }
                var most = 0
                for case .integer(let number) in values { most = max(most, Self.small(number)) }
                return min(most, limit)
            }
        case .flag(let term, let isTrue):
            if case .boolean(let outcome)? = known(term).single { return outcome == isTrue ? 1 : 0 }
            return 1
        case .measure(let measure, let term, let fallback):
            let limit = value(of: fallback)
            guard let values = known(term).values else { return limit }
            return min(limit, values.map { ValueCosts.figure(measure, $0) }.max() ?? 0)
        case .maximum(let left, let right): return max(value(of: left), value(of: right))
        case .minimum(let left, let right): return min(value(of: left), value(of: right))
        case .positive(let content): return value(of: content)
        case .product(let left, let right): return Saturating.multiply(value(of: left), value(of: right))
        case .levels(let content): return Algebra.levels(value(of: content))
        case .roundedUp(let content, let multiple):
            return Saturating.multiply(Saturating.ceilingQuotient(value(of: content), multiple), multiple)
        case .share(let content, let divisor): return Saturating.ceilingQuotient(value(of: content), divisor)
        case .external(let index): return external(algebra.externals[index])
        case .journal: return isJournalled ? 1 : 0
        }
    }

    /// The gas of another contract's function with these arguments.
    private func external(_ external: ExternalCall) -> Int {
        guard case .bytes32(let bytes)? = known(external.address).single, let address = Bytes32(bytes) else {
            return Saturating.limit
        }
        // These calls fail before they cost anything.
        guard !active.contains(address), active.count < MachineLimits.callDepth,
            let bounds = state.bounds(at: address)
        else { return 0 }
        let imported = module.imports[external.item]
        let name = module.interfaces[imported.interface].methods[imported.method].name
        switch bounds.method(name) {
        case nil: return 0
        case .some(.none): return Saturating.limit
        case .polynomial(let polynomial, let algebra, let shapes)?:
            let inner = BoundEvaluation(
                verified: bounds.verified, algebra: algebra, shapes: shapes,
                call: BoundCall(contract: address, caller: call.contract, arguments: [], block: call.block),
                arguments: external.arguments.map(argument), state: state,
                isStateKnown: isStateKnown && external.isStateKnown,
                isJournalled: isJournalled || external.isTry, active: active + [address])
            return inner.value(of: polynomial)
        }
    }

    func argument(_ argument: ExternalCall.Argument) -> Known {
        if let value = known(argument.term).single { return .one(value) }
        return .sized(sized(argument.shape))
    }

    private func sized(_ shape: Shape) -> Sized {
        switch shape {
        case .plain, .any, .parts: .unknown
        case .integer(let number): number.high.map { .number(value(of: $0)) } ?? .unknown
        case .bytes(let count): .bytes(value(of: count))
        case .list(let count, let element): .list(value(of: count), sized(element))
        case .structure(let fields): .fields(fields.map(sized))
        case .variant(let cases): .cases(cases.map { $0.map(sized) })
        case .tensor(let sizes): .sizes(sizes.map { value(of: $0) })
        }
    }

    private static func small(_ number: BigInt) -> Int {
        number.asInt64.map { Saturating.clamp(Int($0)) } ?? (number.isNegative ? 0 : Saturating.limit)
    }

    // MARK: Terms

    func known(_ term: TermID) -> Known {
        if let known = terms[term] { return known }
        if case .literal(let index) = algebra.terms[term] { return .one(algebra.literals[index]) }
        let result = evaluate(algebra.terms[term])
        terms[term] = result
        return result
    }

    /// The value of a term that is made; nil when it has none yet, or is one.
    func follow(_ term: Term) -> ABIValue? {
        switch term {
        case .fresh, .counter, .every, .integer, .boolean, .literal: return nil
        case .operation(let opcode, let immediate, let operands) where opcode != .listGet:
            var values: [ABIValue] = []
            for operand in operands {
                guard let value = algebra.value(of: operand) else { return evaluate(term).single }
                values.append(value)
            }
            return TermArithmetic.apply(opcode, immediate, values)
        default: return evaluate(term).single
        }
    }

    private func evaluate(_ term: Term) -> Known {
        switch term {
        case .fresh, .counter, .every: return .unknown
        case .literal(let index): return .one(algebra.literals[index])
        case .parameter(let index): return arguments.indices.contains(index) ? arguments[index] : .unknown
        case .caller: return .one(.bytes32(call.caller.bytes))
        case .contract: return .one(.bytes32(call.contract.bytes))
        case .chain: return .one(.bytes32(call.block.chainID.bytes))
        case .height: return .one(.integer(BigInt(Int64(clamping: call.block.height))))
        case .integer(let value): return .one(.integer(BigInt(value)))
        case .boolean(let value): return .one(.boolean(value))
        case .constant(let index):
            switch module.constants[index] {
            case .integer(let number): return .one(.integer(number))
            case .bytes32(let bytes): return .one(.bytes32(bytes))
            case .bytes, .tensor: return .unknown
            }
        case .asset(let index): return asset(index)
        case .state(let slot, let keys):
            return entries(slot, keys) { stored in
                guard let stored else { return self.zero(self.module.slots[slot].type) }
                return stored
            }
        case .contains(let slot, let keys): return entries(slot, keys) { .boolean($0 != nil) }
        case .find(let slot, let keys): return entries(slot, keys) { .option($0) }
        case .count(let slot, let leading): return count(slot, leading)
        case .keyAt(let slot, let leading, let index): return keyAt(slot, leading, index)
        case .operation(let opcode, let immediate, let operands):
            return operation(opcode, immediate, operands.map(known))
        case .object(let type, let tag, let fields):
            var values: [ABIValue] = []
            for field in fields {
                guard let value = known(field).single else { return .unknown }
                values.append(value)
            }
            switch module.types[type] {
            case .structure: return .one(.structure(values))
            case .option: return .one(.option(tag == 0 ? nil : values.first))
            default: return .one(.enumeration(caseIndex: tag, payload: values))
            }
        case .choice(let condition, let first, let second):
            if case .boolean(let outcome)? = known(condition).single { return known(outcome ? first : second) }
            guard let left = known(first).values, let right = known(second).values else { return .unknown }
            return Self.bundle(left + right)
        case .moment(let round, let part, let keys): return moment(round, part, keys)
        case .later(let round, let phase, _):
            guard case .integer(let number)? = known(phase).single, let first = Saturating.exact(number), first >= 0
            else { return .unknown }
            let last = module.rounds[round].phases.count - 1
            return first < last ? .many((first...last).map { .integer(BigInt($0)) }) : .one(.integer(number))
        }
    }

    private func moment(_ index: Int, _ part: MomentPart, _ keys: [TermID]) -> Known {
        var wanted = -1
        if case .entered(let phase) = part { wanted = phase }
        let moment = RoundMoment(module.rounds[index], block: call.block, wanted: wanted) { slot in
            guard case .integer(let number)? = stored(slot, keys) else { return nil }
            return Saturating.exact(number)
        }
        guard let moment else { return .unknown }
        switch part {
        case .phase: return .one(.integer(BigInt(moment.phase)))
        case .entered: return .one(.integer(BigInt(moment.wantedEntry)))
        case .passedCount: return .one(.integer(BigInt(moment.passedCount)))
        case .reads(let slot): return .one(.boolean(moment.lengthSlots.contains(slot)))
        }
    }

    /// What an entry held before the call, its default where it is not there.
    private func stored(_ slot: Int, _ keys: [TermID]) -> ABIValue? {
        entries(slot, keys) { $0 ?? self.zero(self.module.slots[slot].type) }.single
    }

    static func bundle(_ values: [ABIValue]) -> Known {
        values.count > valueLimit ? .unknown : (values.count == 1 ? .one(values[0]) : .many(values))
    }

    private func asset(_ index: Int) -> Known {
        let asset = module.assets[index]
        switch asset.origin {
        case .native: return .one(.bytes32(AssetID.nativeCoin.bytes))
        case .issued: return .one(.bytes32(Addresses.asset(issuer: call.contract, name: asset.name).bytes))
        case .bound(let slot): return entries(slot, []) { $0 }
        }
    }
}
