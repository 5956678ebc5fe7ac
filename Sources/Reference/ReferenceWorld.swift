import Crypto
import Diagnostics
import Numerics
import Semantics

/// A chain in memory on which contracts run by evaluation of the typed tree.
public final class ReferenceWorld: World {
    public let chainID: Bytes32
    public let blockIntervalMilliseconds: Int
    /// A REPL replaces it by programs that extend it.
    public var program: Program
    var state = ReferenceState()
    private var lastRevision = 0
    private var checkpoints: [ReferenceState] = []
    /// Contracts under way, outermost first.
    private var active: [Bytes32] = []
    private let stepLimit: Int
    /// `try` calls that the last transaction came upon.
    public private(set) var attemptCount = 0
    /// Those among them, in order from 0, that are to fail as if their gas had run out: gas itself is not modelled.
    public var attemptsOutOfGas: Set<Int> = []

    /// Contracts that may be active at once.
    static let depthLimit = 8
    static let supplyLimit = (BigInt.one << 256) - 1

    /// `stepLimit` bounds every transaction by itself.
    public init(
        program: Program, chainID: Bytes32, stepLimit: Int = Evaluator.defaultSteps,
        blockIntervalMilliseconds: Int = ReferenceWorld.defaultBlockIntervalMilliseconds
    ) {
        self.program = program
        self.chainID = chainID
        self.blockIntervalMilliseconds = max(1, blockIntervalMilliseconds)
        self.stepLimit = stepLimit
    }

    public var height: Int { state.height }
    public var events: [EventRecord] { state.events }
    /// Equal numbers mean that nothing but the height has changed between them.
    public var revision: Int { state.revision }
    public var lastGasUsed: Int64 { 0 }
    public var totalGasUsed: Int64 { 0 }

    // MARK: Transactions

    public func deploy(_ contract: ContractID, arguments: [Value], actor: Bytes32) throws(Failure) -> Bytes32 {
        guard program.contracts.indices.contains(contract) else { throw .fault("no contract \(contract)") }
        let declaration = program.contracts[contract]
        let address = Addresses.contract(deployer: actor, nonce: state.deploymentCount)
        _ = try transaction { () throws(Failure) in
            state.deploymentCount += 1
            state.instances[address] = .init(contract: contract, fields: declaration.fields.map { _ in FieldStore() })
            return try enterFromOutside(declaration.initializer, at: address, arguments, actor: actor)
        }
        return address
    }

    public func call(
        _ function: FunctionID, of contract: ContractID, at address: Bytes32, arguments: [Value], actor: Bytes32
    ) throws(Failure) -> Value {
        guard state.instances[address]?.contract == contract else { throw .builtin(.noSuchContract) }
        return try transaction { () throws(Failure) in
            try enterFromOutside(function, at: address, arguments, actor: actor)
        }
    }

    /// Runs a body that succeeds or changes nothing, and checks that tokens were conserved.
    private func transaction(_ body: () throws(Failure) -> Value) throws(Failure) -> Value {
        let before = state
        attemptCount = 0
        state.isChanged = false
        do throws(Failure) {
            let value = try body()
            try checkConservation()
            noteChange()
            return value
        } catch {
            state = before
            throw error
        }
    }

    private func noteChange() {
        guard state.isChanged else { return }
        lastRevision += 1
        state.revision = lastRevision
    }

    private func enterFromOutside(
        _ id: FunctionID, at address: Bytes32, _ arguments: [Value], actor: Bytes32
    ) throws(Failure) -> Value {
        guard let instance = state.instances[address], program.functions.indices.contains(id) else {
            throw .fault("no function \(id)")
        }
        let parameters = program.functions[id].parameters
        guard parameters.count == arguments.count else { throw .builtin(.invalidArgument) }
        var values = arguments
        for (index, parameter) in parameters.enumerated() {
            guard case .token(let assetIndex) = parameter.type else { continue }
            guard case .integer(let amount) = arguments[index], IntegerType.amount.holds(amount) else {
                throw .builtin(.invalidArgument)
            }
            let asset = try assetID(assetIndex, of: instance.contract, at: address)
            guard amount <= balance(of: actor, asset: asset) else { throw .builtin(.insufficientAmount) }
            credit(-amount, of: asset, to: actor)
            values[index] = .token(asset: asset, amount: amount)
        }
        let result = try enter(address, id, values, caller: actor, evaluator: nil)
        guard case .token(let asset, let amount) = result else { return result }
        credit(amount, of: asset, to: actor)
        return .integer(amount)
    }

    /// Counts a `try` call; whether it is to run out of gas.
    func isNextAttemptOutOfGas() -> Bool {
        attemptCount += 1
        return attemptsOutOfGas.contains(attemptCount - 1)
    }

    /// Runs a function of the contract at `address`, called by another contract or from outside.
    func enter(
        _ address: Bytes32, _ id: FunctionID, _ arguments: [Value], caller: Bytes32, evaluator: Evaluator?
    ) throws(Failure) -> Value {
        guard let instance = state.instances[address] else { throw .builtin(.noSuchContract) }
        guard !active.contains(address) else { throw .builtin(.reentrancy) }
        guard active.count < Self.depthLimit else { throw .builtin(.callDepth) }
        for (parameter, value) in zip(program.functions[id].parameters, arguments) {
            guard case .token(let index) = parameter.type, case .token(let asset, _) = value else { continue }
            guard try assetID(index, of: instance.contract, at: address) == asset else {
                throw .builtin(.assetMismatch)
            }
        }
        active.append(address)
        defer { active.removeLast() }
        let activation = Evaluator.Activation(
            chain: self, contract: instance.contract, address: address, caller: caller)
        let runner =
            evaluator
            ?? Evaluator(program: program, world: nil, activation: activation, budget: .init(steps: stepLimit))
        return try runner.invoke(id, arguments, activation: activation, at: nil)
    }

    // MARK: Contracts

    public func checkInterface(_ interface: InterfaceID, at address: Bytes32) throws(Failure) {
        guard let instance = state.instances[address] else { throw .builtin(.noSuchContract) }
        guard program.contracts[instance.contract].interfaces.contains(where: { $0.interface == interface }) else {
            throw .builtin(.interfaceMismatch)
        }
    }

    func implementation(of interface: InterfaceID, method: Int, at address: Bytes32) throws(Failure) -> FunctionID {
        guard let instance = state.instances[address],
            let met = program.contracts[instance.contract].interfaces.first(where: { $0.interface == interface }),
            met.functions.indices.contains(method)
        else { throw .builtin(.interfaceMismatch) }
        return met.functions[method]
    }

    /// The contract at an address, if there is one.
    public func contract(at address: Bytes32) -> ContractID? { state.instances[address]?.contract }

    // MARK: State

    func read(_ field: FieldIndex, _ keys: [Value], at address: Bytes32) throws(Failure) -> Value? {
        guard let instance = state.instances[address], instance.fields.indices.contains(field) else {
            throw .fault("no state field \(field)")
        }
        return instance.fields[field].value(keys)
    }

    func write(_ field: FieldIndex, _ keys: [Value], _ value: Value, at address: Bytes32) throws(Failure) {
        guard let contract = state.instances[address]?.contract else { throw .builtin(.noSuchContract) }
        let capacity = program.contracts[contract].fields[field].capacity
        guard state.instances[address]?.fields[field].write(keys, value, capacity: capacity) == true else {
            throw .builtin(.capacityExceeded)
        }
    }

    func remove(_ field: FieldIndex, _ keys: [Value], at address: Bytes32) throws(Failure) {
        state.instances[address]?.fields[field].remove(keys)
    }

    func entries(of field: FieldIndex, under prefix: [Value], at address: Bytes32) throws(Failure) -> [FieldStore.Entry]
    {
        guard let instance = state.instances[address], instance.fields.indices.contains(field) else {
            throw .fault("no state field \(field)")
        }
        return instance.fields[field].entries(under: prefix)
    }

    func key(
        of field: FieldIndex, under prefix: [Value], position: BigInt, at address: Bytes32
    ) throws(Failure) -> Value? {
        guard let instance = state.instances[address], instance.fields.indices.contains(field) else {
            throw .fault("no state field \(field)")
        }
        return position.asInt64.flatMap { instance.fields[field].key(Int($0), under: prefix) }
    }

    /// The value of a state entry, and nil where there is none.
    public func stateValue(of field: FieldIndex, keys: [Value], at address: Bytes32) -> Value? {
        guard let instance = state.instances[address], instance.fields.indices.contains(field) else { return nil }
        return instance.fields[field].value(keys)
    }

    /// All entries of a state field by the canonical encoding of their keys; with `keys` all but the last key of an
    /// iterable map, its entries in iteration order.
    public func stateEntries(
        of field: FieldIndex, under keys: [Value]? = nil, at address: Bytes32
    ) -> [(keys: [Value], value: Value)] {
        guard let instance = state.instances[address], instance.fields.indices.contains(field) else { return [] }
        let store = instance.fields[field]
        return (keys.map { store.entries(under: $0) } ?? store.sorted).map { ($0.keys, $0.value) }
    }

    /// How many entries share all keys but the last, for each such beginning that was ever written; in no order.
    public func entryCounts(of field: FieldIndex, at address: Bytes32) -> [Int] {
        guard let instance = state.instances[address], instance.fields.indices.contains(field) else { return [] }
        return instance.fields[field].counts
    }

    // MARK: Assets

    /// All balances that ever were; in no order.
    public var balances: [(owner: Bytes32, asset: Bytes32, amount: BigInt)] {
        state.balances.map { ($0.key.owner, $0.key.asset, $0.value) }
    }

    /// All assets that were ever issued; in no order.
    public var supplies: [(asset: Bytes32, amount: BigInt)] { state.supplies.map { ($0.key, $0.value) } }

    /// AssetNotBound before `init` has bound it.
    public func assetID(_ index: AssetIndex, of contract: ContractID, at address: Bytes32) throws(Failure) -> Bytes32 {
        guard state.instances[address]?.contract == contract else { throw .builtin(.noSuchContract) }
        let assets = program.contracts[contract].assets
        guard assets.indices.contains(index) else { throw .fault("no asset \(index)") }
        switch assets[index].origin {
        case .native: return .zero
        case .issued:
            let name = Array(assets[index].name.utf8)
            return Blake2b.hash(Array("agon.asset.1".utf8) + address.bytes + CanonicalEncoding.count(name.count) + name)
        case .bound(let field):
            guard case .bytes32(let asset)? = try read(field, [], at: address) else { throw .builtin(.assetNotBound) }
            return asset
        }
    }

    public func balance(of address: Bytes32, asset: Bytes32) -> BigInt {
        state.balances[.init(owner: address, asset: asset)] ?? .zero
    }

    func credit(_ amount: BigInt, of asset: Bytes32, to address: Bytes32) {
        state.balances[.init(owner: address, asset: asset), default: .zero] += amount
    }

    /// Overflow when the supply would pass 2^256 − 1.
    func issue(_ amount: BigInt, of asset: Bytes32) throws(Failure) {
        let supply = (state.supplies[asset] ?? .zero) + amount
        guard supply <= Self.supplyLimit else { throw .builtin(.overflow) }
        state.supplies[asset] = supply
    }

    func retire(_ amount: BigInt, of asset: Bytes32) {
        state.supplies[asset, default: .zero] -= amount
    }

    public func grant(_ amount: BigInt, to address: Bytes32) throws(Failure) {
        guard IntegerType.amount.holds(amount) else { throw .builtin(.overflow) }
        try issue(amount, of: .nativeCoin)
        credit(amount, of: .nativeCoin, to: address)
        noteChange()
    }

    /// What the vaults of each contract hold of each asset, where they hold any; in no order.
    public func holdings() throws(Failure) -> [(contract: Bytes32, asset: Bytes32, amount: BigInt)] {
        var sums: [ReferenceState.BalanceKey: BigInt] = [:]
        for (address, instance) in state.instances {
            for (field, store) in zip(program.contracts[instance.contract].fields, instance.fields) {
                guard case .vault(let index) = field.kind else { continue }
                for case .integer(let amount) in store.sorted.map(\.value) where !amount.isZero {
                    let asset = try assetID(index, of: instance.contract, at: address)
                    sums[.init(owner: address, asset: asset), default: .zero] += amount
                }
            }
        }
        return sums.map { ($0.key.owner, $0.key.asset, $0.value) }
    }

    public func holding(of asset: Bytes32, in address: Bytes32) throws(Failure) -> BigInt {
        try holdings().first { $0.contract == address && $0.asset == asset }?.amount ?? .zero
    }

    /// What balances and vaults hold is what was issued. Between transactions no token is anywhere else.
    private func checkConservation() throws(Failure) {
        var held: [Bytes32: BigInt] = [:]
        for (key, amount) in state.balances { held[key.asset, default: .zero] += amount }
        for holding in try holdings() { held[holding.asset, default: .zero] += holding.amount }
        let assets = Set(held.keys).union(state.supplies.keys)
        guard assets.allSatisfy({ held[$0] ?? .zero == state.supplies[$0] ?? .zero }) else {
            throw .fault("tokens were not conserved")
        }
    }

    // MARK: Time and checkpoints

    public func advance(blocks: BigInt) throws(Failure) {
        guard let height = (BigInt(state.height) + blocks).asInt64 else { throw .builtin(.overflow) }
        state.height = Int(height)
    }

    public func checkpoint() -> Int {
        checkpoints.append(state)
        return checkpoints.count - 1
    }

    public func rollBack(to checkpoint: Int) {
        guard checkpoints.indices.contains(checkpoint) else { return }
        state = checkpoints[checkpoint]
        checkpoints.removeSubrange(checkpoint...)
    }

    /// Forgets a checkpoint and all later ones; the world stays as it is.
    public func discard(checkpoint: Int) {
        guard checkpoints.indices.contains(checkpoint) else { return }
        checkpoints.removeSubrange(checkpoint...)
    }
}
