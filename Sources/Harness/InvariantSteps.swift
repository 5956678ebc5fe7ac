import Crypto
import Numerics
import Reference
import Semantics

/// What the steps of one run have to choose from, and what they have done so far.
struct StepMaker {
    /// A step that can be taken: one of the test, or an action of an explored contract.
    struct Candidate {
        let name: String
        let kind: Kind
        enum Kind {
            case step(parameters: [Generated], body: [Statement], source: String)
            case action(FunctionID, of: ContractID, at: Bytes32, receiver: String, actors: [Bytes32])
        }
    }

    /// A step as it was taken.
    struct Taken {
        let candidate: Int
        let blocks: BigInt
        /// Of the parameters, or of the action.
        let arguments: [Value]
        let actor: Bytes32
        /// What was committed to, where the action is a commitment.
        var sealed: Sealed?
        /// The step failed, and what it did was undone.
        var isUndone = false
    }

    /// A sealed value that can be revealed: arguments of the reveal.
    struct Sealed {
        let reveal: FunctionID
        let address: Bytes32
        let field: String
        let arguments: [Value]
    }

    let program: Program
    let world: PairedWorld
    let addresses: [Bytes32]
    private var sealed: [Sealed] = []

    init(program: Program, world: PairedWorld, addresses: [Bytes32]) {
        self.program = program
        self.world = world
        self.addresses = addresses
    }

    mutating func remember(_ taken: Taken) {
        if let value = taken.sealed { sealed.append(value) }
    }

    // MARK: Time

    /// Blocks that pass before a step: mostly none, else a few, or up to the edge of a phase and its neighbours.
    func blocks(_ source: inout ChoiceSource) -> BigInt {
        let edges = source.isDrawing ? self.edges : []
        return source.choose(limit: 1 << 30) { random in
            switch random.below(10) {
            case 0: BigInt(1 + random.below(3))
            case 1: (random.pick(edges) ?? 1) + BigInt(random.below(3) - 1)
            default: .zero
            }
        }
    }

    /// How far away the ends of the phases are in which instances of rounds are now.
    private var edges: [BigInt] {
        var edges: [BigInt] = []
        for (address, contract) in world.machine.deployed {
            for round in program.contracts[contract].rounds {
                for entry in world.reference.stateEntries(of: round.phaseField, at: address).prefix(8) {
                    guard let key = entry.keys.first,
                        let end = world.reference.moment(of: round, key: key, at: address)?.end
                    else { continue }
                    let distance = end - BigInt(world.height)
                    if distance.signum > 0 { edges.append(distance) }
                }
            }
        }
        return edges
    }

    // MARK: Actions

    /// Arguments of an action; nil when there is no value for one of them.
    func arguments(
        _ function: FunctionID, of contract: ContractID, at address: Bytes32, actor: Bytes32, plan: CasePlan,
        _ source: inout ChoiceSource
    ) -> (values: [Value], sealed: Sealed?)? {
        var generator = CaseGenerator(program: program, plan: plan, addresses: addresses)
        for round in program.contracts[contract].rounds {
            for field in round.sealed {
                if function == field.commitFunction {
                    return commitment(round, field, at: address, in: contract, author: actor, &generator, &source)
                }
                let known = sealed.filter { $0.reveal == function && $0.address == address }
                if function == field.revealFunction, !known.isEmpty {
                    let index = source.choose(below: known.count) { $0.below(known.count) }
                    return (known[index].arguments, nil)
                }
            }
        }
        var values: [Value] = []
        for parameter in program.functions[function].parameters {
            guard
                let value = argument(
                    parameter.type, of: contract, at: address, actor: actor, &generator, &source)
            else { return nil }
            values.append(value)
        }
        return (values, nil)
    }

    private func argument(
        _ type: Type, of contract: ContractID, at address: Bytes32, actor: Bytes32, _ generator: inout CaseGenerator,
        _ source: inout ChoiceSource
    ) -> Value? {
        switch type {
        case .token(let asset):
            guard let id = try? world.reference.assetID(asset, of: contract, at: address) else { return nil }
            let balance = world.balance(of: actor, asset: id)
            return generator.number(.zero, balance, isLimited: true, from: &source).map { .integer($0) }
        case .interface(let id):
            let fitting = world.machine.deployed.filter { entry in
                program.contracts[entry.contract].interfaces.contains { $0.interface == id }
            }
            guard !fitting.isEmpty else { return nil }
            return .bytes32(fitting[source.choose(below: fitting.count) { $0.below(fitting.count) }].address)
        default:
            // Keys that are in use are more telling than new ones.
            let keys = usedKeys(type, of: contract, at: address)
            if !keys.isEmpty, !source.flag({ $0.oneIn(3) }) {
                return keys[source.choose(below: keys.count) { $0.below(keys.count) }]
            }
            return generator.value(type, from: &source)
        }
    }

    /// Keys of a type in the state of a contract, a few of them.
    private func usedKeys(_ type: Type, of contract: ContractID, at address: Bytes32) -> [Value] {
        var keys: [Value] = []
        for (index, field) in program.contracts[contract].fields.enumerated() {
            guard let position = field.keyTypes.firstIndex(of: type) else { continue }
            for entry in world.reference.stateEntries(of: index, at: address).prefix(16)
            where keys.count < 16 && !keys.contains(entry.keys[position]) {
                keys.append(entry.keys[position])
            }
        }
        return keys
    }

    private func commitment(
        _ round: Round, _ field: Round.Sealed, at address: Bytes32, in contract: ContractID, author: Bytes32,
        _ generator: inout CaseGenerator, _ source: inout ChoiceSource
    ) -> (values: [Value], sealed: Sealed?)? {
        guard
            let key = argument(
                round.keyType, of: contract, at: address, actor: author, &generator, &source),
            let value = generator.value(field.valueType, from: &source)
        else { return nil }
        let number = source.choose(below: 256) { $0.below(256) }
        let salt = Value.bytes32(Blake2b.hash([UInt8(truncatingIfNeeded: number)]))
        let name = "\(round.name).\(field.name)"
        let opened: [Value] = [key, .bytes32(author), value, salt]
        guard let tail = CanonicalEncoding.encode(all: [.bytes(Array(name.utf8))] + opened) else { return nil }
        let hash = Blake2b.hash(Array("agon.seal.1".utf8) + world.chainID.bytes + address.bytes + tail)
        let sealed = Sealed(reveal: field.revealFunction, address: address, field: name, arguments: opened)
        return ([key, .bytes32(hash)], sealed)
    }
}
