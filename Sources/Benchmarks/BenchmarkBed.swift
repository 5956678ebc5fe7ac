import Bytecode
import Crypto
import Diagnostics
import Lowering
import Machine
import Numerics
import Semantics
import Syntax
import Verifier

/// Why a benchmark has no figures.
public struct BenchmarkError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        case unknownName = "benchmark.name"
        case source = "benchmark.source"
        case failed = "benchmark.failed"
        case wrongResult = "benchmark.result"
    }
    public let code: Code
    public let message: String
    public var description: String { "\(message) [\(code.rawValue)]" }
}

/// A machine with the workloads' contracts deployed: compiled, verified and metered like any contract.
final class BenchmarkBed {
    private final class Chain: StateReader {
        var entries: [Bytes32: [UInt8]] = [:]
        var modules: [Bytes32: VerifiedModule] = [:]
        func read(_ key: Bytes32) -> [UInt8]? { entries[key] }
        func module(at address: Bytes32) -> VerifiedModule? { modules[address] }
        func randomness(at height: UInt64) -> Bytes32? { nil }
    }

    private static let actor = Address(filledWith: 0xAA)
    private static let gasLimit = Int64.max / 4
    private let machine: Machine
    private let chain = Chain()
    private let block = BlockContext(
        chainID: Bytes32(filledWith: 1), height: 1, blockIntervalMilliseconds: 1_000)
    private var addresses: [Workload.ContractSource: Address] = [:]

    init() throws(BenchmarkError) {
        guard let machine = Machine() else {
            throw BenchmarkError(code: .failed, message: "there is not enough memory for a machine")
        }
        self.machine = machine
        _ = try deploy(Workload.loops, [])
        _ = try deploy(Workload.rewards, [])
        _ = try deploy(Workload.mathematics, [])
        let token = try deploy(Workload.balances, [.integer(BigInt.one << 128)])
        let payer = try deploy(Workload.payer, [.bytes32(token.bytes)])
        // The payer needs something to pay with.
        _ = try keep(run(token, "transfer", [.bytes32(payer.bytes), .integer(BigInt.one << 64)]), "transfer")
    }

    // MARK: Contracts

    /// The module of a contract among the embedded sources.
    static func module(_ source: Workload.ContractSource) throws(BenchmarkError) -> Module {
        guard let text = EmbeddedSources.all[source.file] else {
            throw BenchmarkError(code: .source, message: "there is no workload \(source.file)")
        }
        let bag = DiagnosticBag()
        let file = parse(SourceFile(path: source.file, bytes: text), into: bag)
        guard let program = check(files: [file], into: bag),
            let id = program.contracts.firstIndex(where: { $0.name == source.name })
        else {
            let first = bag.sorted.first.map { "\($0.primary.span.location): \($0.message)" } ?? "nothing"
            throw BenchmarkError(code: .source, message: "\(source.name) in \(source.file) does not compile: \(first)")
        }
        switch lower(id, of: program) {
        case .success(let module): return module
        case .failure(let diagnostic): throw BenchmarkError(code: .source, message: diagnostic.message)
        }
    }

    private func deploy(
        _ source: Workload.ContractSource, _ arguments: [ABIValue]
    ) throws(BenchmarkError) -> Address {
        let module: VerifiedModule
        switch verify(try Self.module(source)) {
        case .success(let verified): module = verified
        case .failure(let error):
            throw BenchmarkError(code: .source, message: "\(source.name) does not verify: \(error)")
        }
        let address = Address(filledWith: UInt8(0xC0 + addresses.count))
        let encoded = try encode(arguments, module, module.initializer)
        let result = machine.deploy(
            DeployRequest(
                module: module, address: address, arguments: encoded, deployer: Self.actor, gasLimit: Self.gasLimit),
            in: block, state: chain)
        _ = try keep(result, source.name)
        chain.modules[address] = module
        addresses[source] = address
        return address
    }

    private func encode(
        _ arguments: [ABIValue], _ module: VerifiedModule, _ entry: EntryPoint?
    ) throws(BenchmarkError) -> [UInt8] {
        guard let entry else { throw BenchmarkError(code: .source, message: "an entry is missing") }
        let function = module.module.functions[entry.function]
        do {
            return try ABICoding(types: module.module.types)
                .encode(arguments, as: Array(function.registers.prefix(function.parameterCount)))
        } catch {
            throw BenchmarkError(code: .source, message: "\(entry.name): \(error)")
        }
    }

    /// Writes the changes of a call into the state.
    private func keep(_ result: ExecutionResult, _ name: String) throws(BenchmarkError) -> [UInt8] {
        guard case .success(let bytes) = result.outcome else {
            throw BenchmarkError(code: .failed, message: "\(name) failed: \(result.outcome)")
        }
        for write in result.writes { chain.entries[write.key] = write.value }
        return bytes
    }

    // MARK: Calls

    private func run(_ address: Address, _ entry: String, _ arguments: [ABIValue]) throws(BenchmarkError)
        -> ExecutionResult
    {
        guard let module = chain.modules[address] else {
            throw BenchmarkError(code: .source, message: "there is no contract for \(entry)")
        }
        return machine.execute(
            CallRequest(
                contract: address, entry: entry, arguments: try encode(arguments, module, module.entry(named: entry)),
                caller: Self.actor, gasLimit: Self.gasLimit),
            in: block, state: chain)
    }

    /// A call that is ready to be made again and again; nothing of the state changes.
    struct PreparedCall {
        fileprivate let request: CallRequest
        fileprivate let module: VerifiedModule
        fileprivate let result: TypeIndex?
    }

    func prepare(
        _ source: Workload.ContractSource, _ entry: String, _ arguments: [ABIValue]
    ) throws(BenchmarkError) -> PreparedCall {
        guard let address = addresses[source], let module = chain.modules[address],
            let point = module.entry(named: entry)
        else { throw BenchmarkError(code: .source, message: "there is no \(entry) in \(source.name)") }
        let request = CallRequest(
            contract: address, entry: entry, arguments: try encode(arguments, module, point), caller: Self.actor,
            gasLimit: Self.gasLimit)
        return PreparedCall(
            request: request, module: module, result: module.module.functions[point.function].result)
    }

    func run(_ call: PreparedCall) -> ExecutionResult { machine.execute(call.request, in: block, state: chain) }

    /// The value that a call gave.
    func value(_ result: ExecutionResult, of call: PreparedCall) throws(BenchmarkError) -> ABIValue {
        guard case .success(let bytes) = result.outcome, let type = call.result else {
            throw BenchmarkError(code: .failed, message: "\(call.request.entry) failed: \(result.outcome)")
        }
        do {
            return try ABICoding(types: call.module.module.types).decode(bytes, as: type)
        } catch {
            throw BenchmarkError(code: .failed, message: "\(call.request.entry): \(error)")
        }
    }
}

extension Bytes32 {
    /// One byte, 32 times.
    init(filledWith byte: UInt8) {
        let word = 0x0101_0101_0101_0101 * UInt64(byte)
        self.init(word, word, word, word)
    }
}
