import Bytecode
import Crypto
import Machine
import Numerics
import Testing
import Verifier

/// Where values of a test come from: addresses by number, encodings by type.
func address(_ number: UInt64) -> Address { Bytes32(number, 0, 0, 7) }

struct AssemblyFailure: Error, CustomStringConvertible {
    var description: String
}

/// Assembles a module whose functions are its entries: `init` is the initialiser (made when there is none), names that
/// begin with an underscore are private, read-only functions are views.
func assemble(
    _ text: String, name: String = "Test", configure: (inout ModuleBuilder) -> Void = { _ in }
) throws -> Module {
    var builder = ModuleBuilder(name: name)
    configure(&builder)
    try Assembler.assemble(text, into: &builder)
    if !builder.module.functions.contains(where: { $0.name == "init" }) {
        try Assembler.assemble("function init()\nreturnNothing\nend", into: &builder)
    }
    for (index, function) in builder.module.functions.enumerated() where !function.name.hasPrefix("_") {
        builder.module.entries.append(
            EntryPoint(
                name: function.name,
                kind: function.name == "init" ? .initializer : (function.isReadOnly ? .view : .action), function: index,
                parameterNames: (0..<function.parameterCount).map { "p\($0)" }, documentation: nil))
    }
    return builder.module
}

func verified(_ module: Module) throws -> VerifiedModule {
    switch verify(module) {
    case .success(let verified): return verified
    case .failure(let error): throw AssemblyFailure(description: error.description)
    }
}

/// The code with which a module is refused; nil when it passes.
func refusal(_ module: Module) -> VerificationError.Code? {
    if case .failure(let error) = verify(module) { return error.code }
    return nil
}

func refusal(
    _ text: String, configure: (inout ModuleBuilder) -> Void = { _ in }
) throws -> VerificationError.Code? {
    refusal(try assemble(text, configure: configure))
}

/// State and contracts in memory; applies what calls change, and checks the books against each other.
final class TestChain: StateReader {
    var state: [Bytes32: [UInt8]] = [:]
    var modules: [Address: VerifiedModule] = [:]
    var height: UInt64 = 10
    let machine: Machine
    /// Supplies and holders by asset, as the book entries told.
    var books: [BookEntry.Kind: [AssetID: [Address: BigInt]]] = [:]

    init(machine: Machine? = Machine(seed: 1)) throws {
        guard let machine else { throw AssemblyFailure(description: "no memory for a machine") }
        self.machine = machine
    }

    func read(_ key: Bytes32) -> [UInt8]? { state[key] }
    func module(at address: Address) -> VerifiedModule? { modules[address] }
    /// Block 3 has none.
    func randomness(at height: UInt64) -> Bytes32? { height == 3 ? nil : Bytes32(height, 1, 1, 1) }

    var block: BlockContext {
        BlockContext(chainID: address(99), height: height, blockIntervalMilliseconds: 6_000)
    }

    func apply(_ result: ExecutionResult) {
        for write in result.writes { state[write.key] = write.value }
        for entry in result.bookEntries {
            let key =
                switch entry.kind {
                case .balance: StateKeys.balance(asset: entry.asset, address: entry.holder)
                case .supply: StateKeys.supply(asset: entry.asset)
                case .holding: StateKeys.holding(contract: entry.holder, asset: entry.asset)
                }
            state[key] = entry.amount.isEmpty ? nil : [UInt8(2 * entry.amount.count)] + entry.amount
            books[entry.kind, default: [:]][entry.asset, default: [:]][entry.holder] =
                BigInt(negative: false, bigEndianMagnitude: entry.amount)
        }
    }

    func deploy(
        _ module: Module, at address: Address, _ arguments: [UInt8] = [], gas: Int64 = 1_000_000
    ) throws {
        let verified = try verified(module)
        let request = DeployRequest(
            module: verified, address: address, arguments: arguments, deployer: Bytes32(1, 1, 1, 1), gasLimit: gas)
        let result = machine.deploy(request, in: block, state: self)
        if case .failure(let failure) = result.outcome { throw failure }
        apply(result)
        modules[address] = verified
    }

    @discardableResult
    func call(
        _ contract: Address, _ entry: String, _ arguments: [UInt8] = [], from caller: Address = address(1),
        gas: Int64 = 1_000_000, isReadOnly: Bool = false
    ) -> ExecutionResult {
        let result = machine.execute(
            CallRequest(
                contract: contract, entry: entry, arguments: arguments, caller: caller, gasLimit: gas,
                isReadOnly: isReadOnly),
            in: block, state: self)
        apply(result)
        return result
    }

    /// The failure's name, or nil after success.
    func failure(
        _ contract: Address, _ entry: String, _ arguments: [UInt8] = [], from caller: Address = address(1),
        gas: Int64 = 1_000_000
    ) -> String? {
        if case .failure(let failure) = call(contract, entry, arguments, from: caller, gas: gas).outcome {
            return failure.code.name
        }
        return nil
    }
}

extension ExecutionResult {
    var bytes: [UInt8]? {
        if case .success(let bytes) = outcome { return bytes }
        return nil
    }
    var failureName: String? {
        if case .failure(let failure) = outcome { return failure.code.name }
        return nil
    }
    /// A result that is one integer.
    var integer: BigInt? { bytes.flatMap(decodeInteger) }
}

// An encoding of its own, so that the machine's is not checked against itself.

func encode(_ value: BigInt) -> [UInt8] {
    let magnitude = value.bigEndianMagnitude
    let header = 2 * magnitude.count + (value.isNegative ? 1 : 0)
    return (header < 128 ? [UInt8(header)] : [UInt8(header & 127) | 128, UInt8(header >> 7)]) + magnitude
}

func encode(_ value: Int) -> [UInt8] { encode(BigInt(value)) }

func decodeInteger(_ bytes: [UInt8]) -> BigInt? {
    guard let first = bytes.first else { return nil }
    let (header, start) = first < 128 ? (Int(first), 1) : (Int(first & 127) | Int(bytes[1]) << 7, 2)
    guard bytes.count == start + header / 2 else { return nil }
    return BigInt(negative: header & 1 == 1, bigEndianMagnitude: Array(bytes[start...]))
}
