import Crypto
import Numerics
import Reference
import Semantics

import class Machine.Machine

/// Two worlds in step: the machine, whose outcomes count, and the reference evaluator, which must agree with it in
/// result, error, events, balances and state.
public final class PairedWorld: World {
    public let machine: MachineWorld
    public let reference: ReferenceWorld
    /// The first disagreement, in words; from then on the reference is left alone.
    public private(set) var disagreement: String?
    /// Set when a transaction was too long for the reference evaluator, or where it is not asked; from then on the
    /// machine runs alone.
    public private(set) var isReferenceDropped = false
    /// Of both sides when their states were last found equal.
    private var agreedRevisions: (machine: Int, reference: Int)?
    private var checkpoints: [(machine: Int, reference: Int)] = []

    public init(
        project: CompiledProject, chainID: Bytes32, gasLimit: Int64 = MachineWorld.defaultGasLimit,
        machine: Machine? = nil, stepLimit: Int = Evaluator.defaultSteps,
        blockIntervalMilliseconds: Int = MachineWorld.defaultBlockIntervalMilliseconds
    ) {
        self.machine = MachineWorld(
            project: project, chainID: chainID, gasLimit: gasLimit, machine: machine,
            blockIntervalMilliseconds: blockIntervalMilliseconds)
        reference = ReferenceWorld(
            program: project.program, chainID: chainID, stepLimit: stepLimit,
            blockIntervalMilliseconds: blockIntervalMilliseconds)
    }

    /// Leaves the reference evaluator out.
    func dropReference() { isReferenceDropped = true }

    /// A REPL's program grows; its contracts keep their numbers.
    public func extend(to project: CompiledProject) {
        machine.extend(to: project)
        reference.program = project.program
    }

    public var height: Int { machine.height }
    public var chainID: Bytes32 { machine.chainID }
    public var blockIntervalMilliseconds: Int { machine.blockIntervalMilliseconds }
    public var events: [EventRecord] { machine.events }
    public var lastGasUsed: Int64 { machine.lastGasUsed }
    public var totalGasUsed: Int64 { machine.totalGasUsed }
    private var isComparing: Bool { disagreement == nil && !isReferenceDropped }

    // MARK: Transactions

    public func deploy(_ contract: ContractID, arguments: [Value], actor: Bytes32) throws(Failure) -> Bytes32 {
        let name = machine.project.program.contracts[contract].name
        let address = try inStep("deploy \(name)") { world throws(Failure) in
            .bytes32(try world.deploy(contract, arguments: arguments, actor: actor))
        }
        guard case .bytes32(let result) = address else { throw Failure(.fault, detail: "an address was expected") }
        return result
    }

    public func call(
        _ function: FunctionID, of contract: ContractID, at address: Bytes32, arguments: [Value], actor: Bytes32
    ) throws(Failure) -> Value {
        let program = machine.project.program
        let name = "\(program.contracts[contract].name).\(program.functions[function].name)"
        return try inStep(name) { world throws(Failure) in
            try world.call(function, of: contract, at: address, arguments: arguments, actor: actor)
        }
    }

    private enum Outcome {
        case value(Value)
        case failure(Failure)
    }

    /// Runs the same operation in both worlds and compares what came of it.
    private func inStep(
        _ name: String, _ operation: (any World) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let machineOutcome = outcome(machine, operation)
        if isComparing { compareOutcome(name, machineOutcome, operation) }
        switch machineOutcome {
        case .value(let value): return value
        case .failure(let failure): throw failure
        }
    }

    private func outcome(_ world: any World, _ operation: (any World) throws(Failure) -> Value) -> Outcome {
        do throws(Failure) {
            return .value(try operation(world))
        } catch {
            return .failure(error)
        }
    }

    private func compareOutcome(
        _ name: String, _ machineOutcome: Outcome, _ operation: (any World) throws(Failure) -> Value
    ) {
        // Gas and memory are not modelled; but for a failure that they cause nothing has changed on either side.
        if case .failure(let failure) = machineOutcome, Self.unmodelled.contains(failure.cause) { return }
        let checkpoint = reference.checkpoint()
        // The reference knows no gas: it is told which `try` calls had too little of it.
        reference.attemptsOutOfGas = Set(machine.attemptsWithoutMeans)
        let referenceOutcome = outcome(reference, operation)
        if case .failure(let failure) = referenceOutcome, failure.cause == .limit {
            isReferenceDropped = true
            reference.discard(checkpoint: checkpoint)
            return
        }
        if let difference = self.difference(machineOutcome, referenceOutcome) {
            disagreement = "\(name): \(difference)"
        }
        reference.discard(checkpoint: checkpoint)
    }

    private static let unmodelled: [Failure.Cause] = [BuiltinError.outOfGas, .outOfMemory, .insufficientGas].map {
        .language(.builtin($0))
    }

    private func difference(_ machineOutcome: Outcome, _ referenceOutcome: Outcome) -> String? {
        let program = machine.project.program
        switch (machineOutcome, referenceOutcome) {
        case (.value(let left), .value(let right)):
            guard left == right else { return "the machine gives \(left), the reference \(right)" }
        case (.failure(let left), .failure(let right)):
            guard left.cause == right.cause, left.payload == right.payload else {
                return "the machine fails with \(left.name(in: program)) \(left.detail), the reference with "
                    + "\(right.name(in: program)) \(right.detail)"
            }
        case (.value(let value), .failure(let failure)):
            return "the machine gives \(value), the reference fails with \(failure.name(in: program)) \(failure.detail)"
        case (.failure(let failure), .value(let value)):
            return "the machine fails with \(failure.name(in: program)) \(failure.detail), the reference gives \(value)"
        }
        return stateDifference()
    }

    /// Views and failed calls change nothing: what was equal is then not compared once more.
    private func stateDifference() -> String? {
        let revisions = (machine: machine.revision, reference: reference.revision)
        if let agreedRevisions, agreedRevisions == revisions { return nil }
        guard machine.events == reference.events else { return "events differ" }
        let difference = StateComparison.difference(machine, reference)
        agreedRevisions = difference == nil ? revisions : nil
        return difference
    }

    /// A disagreement as a failure of the test.
    public func checkAgreement() throws(Failure) {
        if let disagreement {
            throw Failure(.fault, detail: "machine and reference disagree: \(disagreement)")
        }
    }

    // MARK: Everything else

    public func checkInterface(_ interface: InterfaceID, at address: Bytes32) throws(Failure) {
        try machine.checkInterface(interface, at: address)
    }

    public func advance(blocks: BigInt) throws(Failure) {
        try machine.advance(blocks: blocks)
        try reference.advance(blocks: blocks)
    }

    public func balance(of address: Bytes32, asset: Bytes32) -> BigInt { machine.balance(of: address, asset: asset) }

    public func holding(of asset: Bytes32, in address: Bytes32) throws(Failure) -> BigInt {
        let held = machine.holding(of: asset, in: address)
        if isComparing, try reference.holding(of: asset, in: address) != held {
            throw Failure(.fault, detail: "machine and reference disagree: what \(AddressText.encode(address)) holds")
        }
        return held
    }

    public func assetID(
        _ index: AssetIndex, of contract: ContractID, at address: Bytes32
    ) throws(Failure) -> Bytes32 {
        let id = try machine.assetID(index, of: contract, at: address)
        if isComparing, try reference.assetID(index, of: contract, at: address) != id {
            throw Failure(.fault, detail: "machine and reference disagree: an asset of \(AddressText.encode(address))")
        }
        return id
    }

    public func grant(_ amount: BigInt, to address: Bytes32) throws(Failure) {
        try machine.grant(amount, to: address)
        if isComparing { try reference.grant(amount, to: address) }
    }

    public func checkpoint() -> Int {
        checkpoints.append((machine.checkpoint(), reference.checkpoint()))
        return checkpoints.count - 1
    }

    public func rollBack(to checkpoint: Int) {
        guard checkpoints.indices.contains(checkpoint) else { return }
        machine.rollBack(to: checkpoints[checkpoint].machine)
        reference.rollBack(to: checkpoints[checkpoint].reference)
        checkpoints.removeSubrange(checkpoint...)
    }

    public func discard(checkpoint: Int) {
        guard checkpoints.indices.contains(checkpoint) else { return }
        machine.discard(checkpoint: checkpoints[checkpoint].machine)
        reference.discard(checkpoint: checkpoints[checkpoint].reference)
        checkpoints.removeSubrange(checkpoint...)
    }
}
