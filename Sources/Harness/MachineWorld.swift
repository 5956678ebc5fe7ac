import Bounds
import Bytecode
import Crypto
import Diagnostics
import Machine
import Numerics
import Reference
import Semantics
import Verifier

private typealias Failure = Reference.Failure

/// A chain in memory on which contracts run in the machine: the same code, gas and state as on a real chain, without
/// blocks and signatures.
public final class MachineWorld: World {
    public let chainID: Bytes32
    public let blockIntervalMilliseconds: Int
    public var height: Int { state.height }
    public private(set) var events: [EventRecord] {
        get { state.events }
        set { state.events = newValue }
    }
    /// Gas that the last call or deployment used.
    public private(set) var lastGasUsed: Int64 = 0
    /// Of the last call: the `try` calls that failed for want of gas or memory (`Machine.attemptsWithoutMeans`).
    public var attemptsWithoutMeans: [Int] { machine?.attemptsWithoutMeans ?? [] }
    /// Gas used since the world began, failed calls included.
    public private(set) var totalGasUsed: Int64 = 0
    /// Told of every call and deployment with its gas.
    public var onCall: ((MeasuredCall) -> Void)?
    /// Hold every call to its contract's gas bound; one that takes more is a fault.
    public var checksBounds = true
    /// Calls whose gas is held to what following them gives, too.
    public var following = BoundFollowing.none

    /// Told of every run of the machine, before its effects are applied.
    public var onExecution: ((Execution) -> Void)?

    /// Nil when the system had no memory for one: then every call fails.
    private let machine: Machine?
    private(set) var project: CompiledProject
    private(set) var state = State()
    private var checkpoints: [State] = []
    /// Of every call, in gas.
    public var gasLimit: Int64

    /// What a block would commit; a value, so that a checkpoint is a copy.
    struct State {
        var height = 1
        var deploymentCount: UInt64 = 0
        var entries: [Bytes32: [UInt8]] = [:]
        var contracts: [Bytes32: ContractID] = [:]
        var events: [EventRecord] = []
        /// Another number after every change but that of the height; equal numbers mean equal contents.
        var revision = 0
    }
    private var lastRevision = 0
    /// Equal numbers mean that nothing but the height has changed between them.
    var revision: Int { state.revision }

    private func noteChange() {
        lastRevision += 1
        state.revision = lastRevision
    }

    /// Gas for one call in tests.
    public static let defaultGasLimit: Int64 = 10_000_000_000

    /// Worlds may share a machine; it belongs to one thread and keeps nothing between calls but its memory.
    public init(
        project: CompiledProject, chainID: Bytes32, gasLimit: Int64 = MachineWorld.defaultGasLimit,
        machine: Machine? = nil, blockIntervalMilliseconds: Int = MachineWorld.defaultBlockIntervalMilliseconds
    ) {
        self.project = project
        self.blockIntervalMilliseconds = max(1, blockIntervalMilliseconds)
        self.machine = machine ?? Machine()
        self.machine?.notesAttempts = true
        self.chainID = chainID
        self.gasLimit = gasLimit
    }

    /// A REPL's program grows; its contracts keep their numbers.
    public func extend(to project: CompiledProject) { self.project = project }

    /// BLAKE2b-256 over all entries of state in order of their keys, each key followed by its value's length and bytes.
    public var stateDigest: Bytes32 {
        var bytes: [UInt8] = []
        for (key, value) in state.entries.map({ ($0.key.bytes, $0.value) }).sorted(by: {
            $0.0.lexicographicallyPrecedes($1.0)
        }) {
            bytes += key + CanonicalEncoding.count(value.count) + value
        }
        return Blake2b.hash(bytes)
    }

    // MARK: Transactions

    public func deploy(
        _ contract: ContractID, arguments: [Value], actor: Bytes32
    ) throws(Reference.Failure) -> Bytes32 {
        guard project.verified.indices.contains(contract) else {
            throw Failure(.fault, detail: "no contract \(contract)")
        }
        guard let encoded = CanonicalEncoding.encode(all: arguments) else {
            throw Failure(.fault, detail: "an argument has no encoding")
        }
        let address = Addresses.contract(deployer: actor, nonce: state.deploymentCount)
        let request = DeployRequest(
            module: project.verified[contract], address: address, arguments: encoded, deployer: actor,
            gasLimit: gasLimit)
        let machine = try runner()
        let before = state
        state.contracts[address] = contract
        let result = machine.deploy(request, in: block, state: reader)
        note(.deployment(request), result)
        do throws(Reference.Failure) {
            try measure(result, contract, "init", address, encoded, actor)
            _ = try commit(result)
        } catch {
            state = before
            throw error
        }
        state.deploymentCount += 1
        noteChange()
        return address
    }

    public func call(
        _ function: FunctionID, of contract: ContractID, at address: Bytes32, arguments: [Value], actor: Bytes32
    ) throws(Reference.Failure) -> Value {
        guard state.contracts[address] == contract else { throw Failure(.language(.builtin(.noSuchContract))) }
        guard let encoded = CanonicalEncoding.encode(all: arguments) else {
            throw Failure(.fault, detail: "an argument has no encoding")
        }
        let declaration = project.program.functions[function]
        var isView = false
        if case .view = declaration.kind { isView = true }
        let request = CallRequest(
            contract: address, entry: declaration.name, arguments: encoded, caller: actor, gasLimit: gasLimit,
            isReadOnly: isView)
        let result = try runner().execute(request, in: block, state: reader)
        note(.call(request), result)
        try measure(result, contract, declaration.name, address, encoded, actor)
        let bytes = try commit(result)
        guard let value = CanonicalDecoding.decode(bytes, as: [declaration.result], in: project.program)?.first else {
            throw Failure(.fault, detail: "the result of \(declaration.name) is no value of its type")
        }
        return value
    }

    private func runner() throws(Reference.Failure) -> Machine {
        guard let machine else { throw Failure(.limit, detail: "the system has no memory for a machine") }
        return machine
    }

    private var block: BlockContext {
        BlockContext(
            chainID: chainID, height: UInt64(state.height),
            blockIntervalMilliseconds: UInt64(blockIntervalMilliseconds))
    }
    private var reader: Reader { Reader(state: state, modules: project.verified, bounds: project.bounds) }

    private struct Reader: BoundState {
        let state: State
        let modules: [VerifiedModule]
        let bounds: ProjectBounds
        func read(_ key: Bytes32) -> [UInt8]? { state.entries[key] }
        func module(at address: Bytes32) -> VerifiedModule? { state.contracts[address].map { modules[$0] } }
        func randomness(at height: UInt64) -> Bytes32? { TestRandomness.ofBlock(at: height) }
        func bounds(at address: Bytes32) -> ModuleBounds? { state.contracts[address].map { bounds[$0] } }
    }

    /// Counts a call's gas, and holds it to the bound by the state before it.
    private func measure(
        _ result: ExecutionResult, _ contract: ContractID, _ entry: String, _ address: Bytes32, _ arguments: [UInt8],
        _ actor: Bytes32
    ) throws(Reference.Failure) {
        lastGasUsed = result.gasUsed
        totalGasUsed += result.gasUsed
        var call = MeasuredCall(contract: contract, entry: entry, gasUsed: result.gasUsed, succeeded: false)
        if case .success = result.outcome { call.succeeded = true }
        if checksBounds {
            call.bound = project.gasBound(
                of: contract, entry: entry, at: address, arguments: arguments, caller: actor, in: block, state: reader)
            let isLoose = call.bound.map { $0 / 2 > call.gasUsed } ?? true
            if following == .all || following == .loose && isLoose {
                call.followed = project.gasBound(
                    of: contract, entry: entry, at: address, arguments: arguments, caller: actor, in: block,
                    state: reader, follows: true)
            }
        }
        onCall?(call)
        if let bound = call.closestBound, bound < call.gasUsed {
            let name = "\(project.program.contracts[contract].name).\(entry)"
            throw Failure(.fault, detail: "\(name) took \(call.gasUsed) gas, more than its bound of \(bound)")
        }
    }

    private func note(_ request: Execution.Request, _ result: ExecutionResult) {
        onExecution?(Execution(request: request, block: block, state: reader, result: result))
    }

    /// Applies what a call did and gives its result's bytes.
    private func commit(_ result: ExecutionResult) throws(Reference.Failure) -> [UInt8] {
        switch result.outcome {
        case .failure(let failure): throw converted(failure)
        case .success(let bytes):
            if !(result.writes.isEmpty && result.bookEntries.isEmpty && result.events.isEmpty) { noteChange() }
            for write in result.writes { state.entries[write.key] = write.value }
            for entry in result.bookEntries { set(BigInt(bigEndianMagnitude: entry.amount), at: Self.key(entry)) }
            for event in result.events { state.events.append(try converted(event)) }
            return bytes
        }
    }

    // MARK: Failures and events

    private func converted(_ event: EmittedEvent) throws(Reference.Failure) -> EventRecord {
        guard let contract = state.contracts[event.contract] else {
            throw Failure(.fault, detail: "an event of a contract that does not exist")
        }
        let parameters = project.program.contracts[contract].events[event.index].parameters
        guard
            let values = CanonicalDecoding.decode(event.payload, as: parameters.map(\.type), in: project.program)
        else { throw Failure(.fault, detail: "the payload of event \(event.name) does not decode") }
        return EventRecord(address: event.contract, contract: contract, index: event.index, values: values)
    }

    private func converted(_ failure: MachineFailure) -> Reference.Failure {
        let contract = state.contracts[failure.contract]
        let span = span(failure.position, of: contract)
        let trace = failure.trace.map { frame in
            let contract = state.contracts[frame.contract]
            let owner = contract.map { project.program.contracts[$0].name + "." } ?? ""
            return Failure.TraceEntry(name: owner + frame.function, span: self.span(frame.position, of: contract))
        }
        switch failure.code {
        case .builtin(let code):
            guard let error = BuiltinError(rawValue: code.name) else {
                return Failure(.fault, detail: "the machine failed with \(code.name)", span: span, trace: trace)
            }
            return Failure(.language(.builtin(error)), span: span, trace: trace)
        case .declared(let index, let name):
            guard let contract, project.program.contracts[contract].errors.indices.contains(index) else {
                return Failure(.fault, detail: "unknown error \(name)", span: span, trace: trace)
            }
            let types = project.program.contracts[contract].errors[index].parameters.map(\.type)
            guard let payload = CanonicalDecoding.decode(failure.payload, as: types, in: project.program) else {
                return Failure(.fault, detail: "the payload of \(name) does not decode", span: span, trace: trace)
            }
            return Failure(
                .language(.declared(contract: contract, index: index)), payload: payload, span: span, trace: trace)
        }
    }

    /// The place in the project's sources: the rest of the line from the position on.
    private func span(_ position: SourcePosition?, of contract: ContractID?) -> Span? {
        guard let position, let contract else { return nil }
        let home = project.program.contracts[contract].span.file
        let candidates = [home] + project.sources.files.map(\.source)
        let found = candidates.first { ImportPath.name(of: $0.path, inContractAt: home.path) == position.file }
        guard let file = found else { return nil }
        guard file.lineOffsets.indices.contains(position.line - 1) else { return nil }
        let start = file.lineOffsets[position.line - 1] + position.column - 1
        let end = position.line < file.lineOffsets.count ? file.lineOffsets[position.line] - 1 : file.bytes.count
        return Span(file, start, max(start, end))
    }

    // MARK: Books

    public func checkInterface(_ interface: InterfaceID, at address: Bytes32) throws(Reference.Failure) {
        guard let contract = state.contracts[address] else { throw Failure(.language(.builtin(.noSuchContract))) }
        guard project.program.contracts[contract].interfaces.contains(where: { $0.interface == interface }) else {
            throw Failure(.language(.builtin(.interfaceMismatch)))
        }
    }

    /// All deployed contracts, by address.
    public var deployed: [(address: Bytes32, contract: ContractID)] {
        state.contracts.map { (address: $0.key, contract: $0.value) }.sorted { $0.address < $1.address }
    }

    public func contract(at address: Bytes32) -> ContractID? { state.contracts[address] }

    public func balance(of address: Bytes32, asset: Bytes32) -> BigInt {
        number(at: StateKeys.balance(asset: asset, address: address))
    }

    /// What exists of an asset.
    public func supply(of asset: Bytes32) -> BigInt { number(at: StateKeys.supply(asset: asset)) }

    private static func key(_ entry: BookEntry) -> Bytes32 {
        switch entry.kind {
        case .balance: StateKeys.balance(asset: entry.asset, address: entry.holder)
        case .supply: StateKeys.supply(asset: entry.asset)
        case .holding: StateKeys.holding(contract: entry.holder, asset: entry.asset)
        }
    }

    /// What a contract's vaults hold of an asset.
    public func holding(of asset: Bytes32, in address: Bytes32) -> BigInt {
        number(at: StateKeys.holding(contract: address, asset: asset))
    }

    public func assetID(
        _ index: AssetIndex, of contract: ContractID, at address: Bytes32
    ) throws(Reference.Failure) -> Bytes32 {
        let assets = project.program.contracts[contract].assets
        guard state.contracts[address] == contract, assets.indices.contains(index) else {
            throw Failure(.language(.builtin(.noSuchContract)))
        }
        switch assets[index].origin {
        case .native: return .nativeCoin
        case .issued: return Addresses.asset(issuer: address, name: assets[index].name)
        case .bound(let field):
            let key = StateKeys.slot(contract: address, slot: field, overlayKey: StateKeys.plain)
            guard let bytes = state.entries[key], let id = Bytes32(bytes) else {
                throw Failure(.language(.builtin(.assetNotBound)))
            }
            return id
        }
    }

    private func number(at key: Bytes32) -> BigInt {
        guard let bytes = state.entries[key],
            case .integer(let number)? = CanonicalDecoding.decode(bytes, as: [.integer(.amount)], in: project.program)?
                .first
        else { return .zero }
        return number
    }

    private func set(_ number: BigInt, at key: Bytes32) {
        state.entries[key] = number.isZero ? nil : CanonicalEncoding.encode(.integer(number))
    }

    public func grant(_ amount: BigInt, to address: Bytes32) throws(Reference.Failure) {
        let supply = supply(of: .nativeCoin) + amount
        guard IntegerType.amount.holds(amount), IntegerType.amount.holds(supply) else {
            throw Failure(.language(.builtin(.overflow)))
        }
        noteChange()
        set(supply, at: StateKeys.supply(asset: .nativeCoin))
        set(
            balance(of: address, asset: .nativeCoin) + amount,
            at: StateKeys.balance(asset: .nativeCoin, address: address))
    }

    // MARK: Time and checkpoints

    public func advance(blocks: BigInt) throws(Reference.Failure) {
        guard let height = (BigInt(state.height) + blocks).asInt64 else {
            throw Failure(.language(.builtin(.overflow)))
        }
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

    public func discard(checkpoint: Int) {
        guard checkpoints.indices.contains(checkpoint) else { return }
        checkpoints.removeSubrange(checkpoint...)
    }
}
