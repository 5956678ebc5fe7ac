import Bytecode
import Crypto
import Machine
import Verifier

/// The machine as the ledger's engine: reads artefacts, has them verified, runs them, and names what they changed.
///
/// Verified modules are kept from call to call, all of them up to a gibibyte of artefacts: a deployment pays more for
/// each byte of its artefact than verifying it twice takes, and no later call pays for the size of what it meets. An
/// engine belongs to one chain on one thread.
public final class MachineEngine: ExecutionEngine {
    /// A module with the bytes that it was made of, so that a new artefact at an address is never mistaken for it.
    private struct KnownModule {
        let artefact: [UInt8]
        let module: VerifiedModule
    }

    private let machine: Machine?
    private var knownModules: [Address: KnownModule] = [:]
    private var knownArtefactBytes = 0
    private static let knownArtefactBytesLimit = 1 << 30
    /// Of deployments that may yet be discarded; moved to the known ones when a call first meets the contract.
    private var deployedModules: [Address: KnownModule] = [:]
    private var deployedArtefactBytes = 0
    private static let deployedArtefactBytesLimit = 1 << 26

    /// An engine with a machine of its own. Where the system has no memory for one, every call reports a fault.
    ///
    /// - Parameter seed: keeps keys chosen by contracts from colliding in the machine's tables; no result depends on
    ///   it. A node that takes transactions from others gives a random one.
    public init(seed: UInt64 = 0) {
        machine = Machine(seed: seed)
    }

    public func call(_ request: EngineCall, context: EngineContext, state: any EngineState) -> EngineResult {
        guard let machine else { return fault(state) }
        guard state.artefact(of: request.contract) != nil else {
            return failure(LedgerFailure.noSuchContract, gasUsed: 0)
        }
        let result = machine.execute(
            CallRequest(
                contract: request.contract, entry: request.entry, arguments: request.arguments,
                caller: request.caller, gasLimit: Int64(clamping: request.gasLimit), isReadOnly: request.isReadOnly),
            in: context.block,
            state: EngineStateReader(engine: self, state: state))
        return engineResult(result)
    }

    public func deploy(_ request: EngineDeployment, context: EngineContext, state: any EngineState) -> EngineResult {
        guard let machine else { return fault(state) }
        let checkGas = LedgerCosts.artefactByteGas * UInt64(request.artefact.count)
        guard checkGas <= request.gasLimit else {
            return failure(BuiltinFailure.outOfGas.name, gasUsed: request.gasLimit)
        }
        let module: VerifiedModule
        switch MachineEngine.verified(request.artefact) {
        case .success(let verified): module = verified
        case .failure(let refusal):
            return failure(LedgerFailure.invalidArtefact, gasUsed: checkGas, trace: [refusal.description])
        }
        noteDeployment(module, of: request.artefact, at: request.contract)
        var result = engineResult(
            machine.deploy(
                DeployRequest(
                    module: module, address: request.contract, arguments: request.arguments,
                    deployer: request.caller, gasLimit: Int64(clamping: request.gasLimit - checkGas)),
                in: context.block,
                state: EngineStateReader(engine: self, state: state)))
        result.gasUsed += checkGas
        return result
    }

    /// Why an artefact is refused.
    public struct Refusal: Error, CustomStringConvertible {
        /// What the decoder or the verifier says, with its code.
        public let description: String
    }

    /// Reads and verifies an artefact.
    public static func verified(_ artefact: [UInt8]) -> Result<VerifiedModule, Refusal> {
        do throws(CodingError) {
            return verify(try Module(decoding: artefact)).mapError { Refusal(description: $0.description) }
        } catch {
            return .failure(Refusal(description: error.description))
        }
    }

    /// The verified module of a contract; nil when the address has none.
    fileprivate func module(at address: Address, state: any EngineState) -> VerifiedModule? {
        guard let artefact = state.artefact(of: address) else { return nil }
        if let known = knownModules[address], known.artefact == artefact { return known.module }
        if let deployed = deployedModules.removeValue(forKey: address), deployed.artefact == artefact {
            return keep(deployed.module, of: artefact, at: address)
        }
        // What was deployed was verified, so only damage leads to a refusal here.
        guard case .success(let module) = MachineEngine.verified(artefact) else {
            state.report(fault: "the artefact of contract \(address.addressText) is damaged")
            return nil
        }
        return keep(module, of: artefact, at: address)
    }

    private func noteDeployment(_ module: VerifiedModule, of artefact: [UInt8], at address: Address) {
        if deployedArtefactBytes + artefact.count > MachineEngine.deployedArtefactBytesLimit {
            deployedModules.removeAll()
            deployedArtefactBytes = 0
        }
        deployedArtefactBytes += artefact.count
        deployedModules[address] = KnownModule(artefact: artefact, module: module)
    }

    private func keep(_ module: VerifiedModule, of artefact: [UInt8], at address: Address) -> VerifiedModule {
        if knownArtefactBytes + artefact.count > MachineEngine.knownArtefactBytesLimit {
            knownModules.removeAll()
            knownArtefactBytes = 0
        }
        knownArtefactBytes += artefact.count - (knownModules[address]?.artefact.count ?? 0)
        knownModules[address] = KnownModule(artefact: artefact, module: module)
        return module
    }

    // MARK: Results

    private func failure(_ code: String, gasUsed: UInt64, trace: [String] = []) -> EngineResult {
        EngineResult(outcome: .failure(ExecutionFailure(code: code, trace: trace)), gasUsed: gasUsed)
    }

    private func fault(_ state: any EngineState) -> EngineResult {
        state.report(fault: "the system has no memory for the machine")
        return failure(BuiltinFailure.outOfMemory.name, gasUsed: 0)
    }

    private func engineResult(_ result: ExecutionResult) -> EngineResult {
        let gasUsed = UInt64(max(0, result.gasUsed))
        switch result.outcome {
        case .failure(let failure):
            let trace = failure.trace.map { frame in
                "\(frame.function) of \(frame.contract.addressText)"
                    + (frame.position.map { " at \($0)" } ?? " at word \(frame.word)")
            }
            return EngineResult(
                outcome: .failure(
                    ExecutionFailure(code: failure.code.name, payload: failure.payload, trace: trace)),
                gasUsed: gasUsed)
        case .success(let bytes):
            var converted = EngineResult(outcome: .success(bytes), gasUsed: gasUsed)
            converted.events = result.events.map { event in
                Event(contract: event.contract, name: event.name, payload: event.payload)
            }
            converted.writes = result.writes.map { EngineResult.Write(key: $0.key, value: $0.value) }
            guard takeBooks(of: result, into: &converted) else {
                return failure(LedgerFailure.notConserved, gasUsed: gasUsed)
            }
            return converted
        }
    }

    /// Sorts the changed books; false when they are not well-formed.
    private func takeBooks(of result: ExecutionResult, into converted: inout EngineResult) -> Bool {
        var supplies: [AssetID: Amount] = [:]
        for entry in result.bookEntries {
            guard let amount = Amount(magnitudeBytes: entry.amount) else { return false }
            switch entry.kind {
            case .balance:
                converted.balances.append(
                    EngineResult.BalanceWrite(address: entry.holder, asset: entry.asset, amount: amount))
            case .holding:
                converted.holdings.append(
                    EngineResult.HoldingWrite(contract: entry.holder, asset: entry.asset, amount: amount))
            case .supply:
                supplies[entry.asset] = amount
            }
        }
        for change in result.supplyChanges {
            guard let minted = Amount(magnitudeBytes: change.minted),
                let burned = Amount(magnitudeBytes: change.burned),
                let supply = supplies.removeValue(forKey: change.asset)
            else { return false }
            converted.supplies.append(
                EngineResult.SupplyChange(asset: change.asset, minted: minted, burned: burned, supply: supply))
        }
        // What was neither minted nor burned must be as before, which the ledger checks.
        for asset in supplies.keys.sorted() {
            guard let supply = supplies[asset] else { continue }
            converted.supplies.append(
                EngineResult.SupplyChange(asset: asset, minted: .zero, burned: .zero, supply: supply))
        }
        return true
    }
}

/// The state as the machine reads it.
private struct EngineStateReader: StateReader {
    let engine: MachineEngine
    let state: any EngineState

    func read(_ key: Bytes32) -> [UInt8]? { state.value(for: key) }
    func randomness(at height: UInt64) -> Bytes32? { state.randomness(at: height) }
    func module(at address: Bytes32) -> VerifiedModule? { engine.module(at: address, state: state) }
}

extension EngineContext {
    fileprivate var block: BlockContext {
        BlockContext(
            chainID: chainID, height: height, blockIntervalMilliseconds: blockIntervalMilliseconds)
    }
}
