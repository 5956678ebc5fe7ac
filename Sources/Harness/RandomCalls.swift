import Crypto
import Numerics
import Reference
import Semantics

/// Deploys the contracts of a program and makes random calls on them; equal seeds draw equal calls.
public struct RandomCalls {
    public private(set) var succeeded = 0
    public private(set) var failed = 0
    /// Failures by name.
    public private(set) var failures: [String: Int] = [:]
    /// What was done, in words.
    public var log: [String] { notes.map(text) }
    private var notes: [Note] = []

    private let program: Program
    private let world: any World
    var values: ValueGenerator
    private var deployed: [(address: Bytes32, contract: ContractID)] = []
    /// Sealed values by function of reveal, to be opened later.
    private var sealed: [FunctionID: [(arguments: [Value], address: Bytes32)]] = [:]

    /// One line of the log; most logs are never read.
    private enum Note {
        case call(String, [NamedType], [Value])
        case advance(Int)
        case push(BigInt, gas: Int64)
        case failure(Failure)
    }

    static let actors = ["alice", "bob", "carol"].map { Actors.address(named: $0) }

    public init(_ program: Program, in world: any World, seed: UInt64) {
        self.program = program
        self.world = world
        values = ValueGenerator(program: program, random: SplitMix64(seed: seed), addresses: Self.actors + [.zero])
    }

    /// Gives every actor some coin and deploys every contract that can be given its arguments.
    public mutating func prepare() {
        for actor in Self.actors { try? world.grant(1_000, to: actor) }
        for contract in program.contracts.indices { _ = deploy(contract) }
    }

    /// Where the contract is then; nil when that failed, or when its arguments cannot be drawn.
    mutating func deploy(_ contract: ContractID) -> (address: Bytes32, contract: ContractID)? {
        let declaration = program.contracts[contract]
        let initializer = program.functions[declaration.initializer]
        guard let arguments = values.values(initializer.parameters.map(\.type)) else { return nil }
        let actor = Self.actors[0]
        notes.append(.call("deploy \(declaration.name)", initializer.parameters, arguments))
        do throws(Failure) {
            let address = try world.deploy(contract, arguments: arguments, actor: actor)
            deployed.append((address, contract))
            values.contracts = deployed
            values.addresses.append(address)
            succeeded += 1
            return (address, contract)
        } catch {
            count(error)
            return nil
        }
    }

    /// One call, or a few blocks.
    public mutating func step() {
        if values.random.oneIn(6) {
            advance(blocks: 1 + values.random.below(3))
            return
        }
        guard let target = values.random.pick(deployed) else { return }
        let entries = program.contracts[target.contract].functions.filter { id in
            switch program.functions[id].kind {
            case .action, .view: true
            case .function, .initializer: false
            }
        }
        let actor = anyActor()
        let sealed = program.contracts[target.contract].rounds.flatMap(\.sealed).flatMap {
            [$0.commitFunction, $0.commitFunction, $0.revealFunction, $0.revealFunction, $0.expireFunction]
        }
        let made = sealed + program.contracts[target.contract].rounds.flatMap(\.settlements).map(\.pushFunction)
        let choices = !made.isEmpty && values.random.oneIn(4) ? made : entries
        guard let function = values.random.pick(choices), let arguments = arguments(function, target, actor: actor)
        else { return }
        call(function, target, arguments, actor: actor)
    }

    mutating func anyActor() -> Bytes32 { values.random.pick(Self.actors) ?? .zero }

    mutating func advance(blocks: Int) {
        guard blocks > 0 else { return }
        notes.append(.advance(blocks))
        try? world.advance(blocks: BigInt(blocks))
    }

    /// A push of a settlement, made by somebody else, is to appear in the log.
    mutating func notePush(_ count: BigInt, gas: Int64) { notes.append(.push(count, gas: gas)) }

    /// A call by anybody, with random arguments but for one.
    mutating func call(
        _ function: FunctionID, _ target: (address: Bytes32, contract: ContractID), with argument: Value, at index: Int
    ) {
        let actor = anyActor()
        guard var arguments = arguments(function, target, actor: actor), arguments.indices.contains(index) else {
            return
        }
        arguments[index] = argument
        call(function, target, arguments, actor: actor)
    }

    private mutating func call(
        _ function: FunctionID, _ target: (address: Bytes32, contract: ContractID), _ arguments: [Value], actor: Bytes32
    ) {
        let declaration = program.functions[function]
        notes.append(.call(declaration.name, declaration.parameters, arguments))
        do throws(Failure) {
            _ = try world.call(
                function, of: target.contract, at: target.address, arguments: arguments, actor: actor)
            succeeded += 1
        } catch {
            count(error)
        }
    }

    private mutating func count(_ failure: Failure) {
        notes.append(.failure(failure))
        failed += 1
        failures[failure.name(in: program), default: 0] += 1
    }

    private func text(_ note: Note) -> String {
        switch note {
        case .call(let name, let parameters, let arguments):
            ValueText(program: program).text(name: name, arguments, parameters)
        case .advance(let blocks): "advance \(blocks)"
        case .push(let count, let gas): "push \(count) with \(gas) gas"
        case .failure(let failure): "  fails with \(failure.name(in: program))"
        }
    }

    /// Random arguments; commitments are made to values that a later reveal knows.
    private mutating func arguments(
        _ function: FunctionID, _ target: (address: Bytes32, contract: ContractID), actor: Bytes32
    ) -> [Value]? {
        let types = program.functions[function].parameters.map(\.type)
        for round in program.contracts[target.contract].rounds {
            for field in round.sealed {
                if function == field.commitFunction {
                    return commitment(round, field, target, author: actor) ?? values.values(types)
                }
                if function == field.revealFunction, !values.random.oneIn(6),
                    let known = values.random.pick((sealed[function] ?? []).filter { $0.address == target.address })
                {
                    return known.arguments
                }
            }
        }
        return values.values(types)
    }

    private mutating func commitment(
        _ round: Round, _ field: Round.Sealed, _ target: (address: Bytes32, contract: ContractID), author: Bytes32
    ) -> [Value]? {
        guard let key = values.value(round.keyType), let value = values.value(field.valueType) else { return nil }
        let salt = Blake2b.hash([UInt8(truncatingIfNeeded: values.random.next())])
        let name = Value.bytes(Array("\(round.name).\(field.name)".utf8))
        guard let tail = CanonicalEncoding.encode(all: [name, key, .bytes32(author), value, .bytes32(salt)]) else {
            return nil
        }
        let hash = Blake2b.hash(Array("agon.seal.1".utf8) + world.chainID.bytes + target.address.bytes + tail)
        sealed[field.revealFunction, default: []].append(
            ([key, .bytes32(author), value, .bytes32(salt)], target.address))
        return [key, .bytes32(hash)]
    }
}
