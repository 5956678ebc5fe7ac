import ArgumentParser
import Bytecode
import Crypto
import Foundation
import Harness
import Ledger
import Node

/// The options of every command that works on a chain.
struct ChainOptions: ParsableArguments {
    @Option(name: .customLong("data"), help: "Data directory of the chain.") var dataDirectory = "chain"

    var keys: KeyStore { KeyStore(dataDirectory: dataDirectory) }

    func open() throws -> Chain {
        let producerKey = try keys.names().contains(Self.producerKeyName) ? keys.load(Self.producerKeyName) : nil
        return try Chain.open(
            directory: dataDirectory, engine: MachineEngine(seed: .random(in: 0 ... .max)), producerKey: producerKey)
    }

    /// The key under which a local chain's block randomness is proved.
    static let producerKeyName = "producer"

    /// Opens the chain; where there is none, makes a local one whose key `default` is rich.
    func openOrCreate() throws -> Chain {
        let database = URL(fileURLWithPath: dataDirectory).appendingPathComponent(Chain.databaseName)
        guard !FileManager.default.fileExists(atPath: database.path) else { return try open() }
        let key = try keys.names().contains("default") ? keys.load("default") : keys.create("default")
        let producerKey =
            try keys.names().contains(Self.producerKeyName)
            ? keys.load(Self.producerKeyName) : keys.create(Self.producerKeyName)
        guard let riches = Amount("1000000000000000000000000000") else { throw UserError("C0207", "no such amount") }
        let genesis = try Genesis(
            parameters: ChainParameters(
                name: "local", blockIntervalMilliseconds: 1_000, blockGasLimit: 10_000_000_000, minimumGasPrice: 1,
                gasScheduleVersion: Genesis.gasScheduleVersion, storageDepositPerByte: 1, producer: key.address,
                producerKey: producerKey.publicKey),
            accounts: [Genesis.Account(address: key.address, balance: riches)])
        let chain = try Chain.create(
            directory: dataDirectory, genesis: genesis, engine: MachineEngine(seed: .random(in: 0 ... .max)),
            producerKey: producerKey)
        note("made a local chain in `\(dataDirectory)`; its key is `default`, \(key.address.addressText)")
        return chain
    }

    /// An address as text: `ag…`, or `@name` of a key.
    func address(_ text: String) throws -> Address {
        if text.hasPrefix("@") { return try keys.load(String(text.dropFirst())).address }
        return try Address(addressText: text)
    }
}

/// The options of a command that sends a transaction.
struct SenderOptions: ParsableArguments {
    @Option(name: .customLong("as"), help: "Name of the key that signs and pays.") var keyName = "default"
    @Option(name: .customLong("gas"), help: "Gas limit.") var gasLimit: UInt64 = 1_000_000_000
    @Flag(help: "Say what it would do and cost, and change nothing.") var dryRun = false
    @Flag(help: "Print JSON.") var json = false

    /// Signs and sends a transaction, makes a block, and prints the receipt.
    /// - Throws: `AlreadyReported` when the transaction failed.
    func send(_ body: TransactionBody, on chain: Chain, keys: KeyStore, module: Module?, entry: EntryPoint?) throws {
        let key = try keys.load(keyName)
        let transaction = Transaction(
            chainID: chain.chainID, sender: key.publicKey, nonce: try chain.nextNonce(of: key.address),
            validUntilHeight: chain.head.height + 100, gasLimit: gasLimit,
            gasPrice: chain.parameters.minimumGasPrice, body: body)
        let receipt: Receipt
        if dryRun {
            receipt = try chain.simulate(transaction)
        } else {
            guard let signed = transaction.signed(by: key) else { throw UserError("C0208", "the key does not sign") }
            let id = try chain.submit(signed)
            let produced = try chain.produceBlock()
            if let rejection = produced.rejections.first(where: { $0.transactionID == id }) { throw rejection.error }
            guard let found = produced.receipts.first(where: { $0.transactionID == id }) else {
                throw UserError("C0209", "the transaction did not fit into a block")
            }
            receipt = found
        }
        try ReceiptReport(receipt, module: module, entry: entry, chain: chain, height: chain.head.height).print(
            asJSON: json)
        if !receipt.outcome.isSuccess { throw AlreadyReported() }
    }
}

/// Arguments on a command line: Agon values, or JSON objects; `@name` is the address of a key.
struct ArgumentReader {
    let module: Module
    let chain: ChainOptions

    func encode(_ texts: [String], for entry: EntryPoint) throws -> [UInt8] {
        let types = Array(module.functions[entry.function].registers.prefix(entry.parameterNames.count))
        guard texts.count == types.count else {
            let wanted = zip(entry.parameterNames, types).map { "\($0): \(ABICoding(module).typeText($1))" }
            throw UserError(
                "C0210",
                "`\(entry.name)` takes \(types.count) argument\(types.count == 1 ? "" : "s"), not \(texts.count): "
                    + "(\(wanted.joined(separator: ", ")))"
            )
        }
        let reader = ArgumentText(types: module.types)
        var values: [ABIValue] = []
        for (position, text) in texts.enumerated() {
            let plain = text.hasPrefix("@") ? try chain.address(text).addressText : text
            do {
                values.append(try reader.value(plain, as: types[position]))
            } catch {
                throw UserError("C0211", "argument `\(entry.parameterNames[position])`: \(error)")
            }
        }
        return try ABICoding(types: module.types).encode(values, as: types)
    }
}

/// ABI values as JSON with checksummed addresses.
func abiJSON(_ module: Module) -> ABIJSON {
    ABIJSON(types: module.types, addresses: ArgumentText.addressStyle)
}

extension Chain {
    /// The interface of the contract at an address.
    func module(at address: Address) throws -> Module {
        guard let artefact = try artefact(of: address) else {
            throw UserError("C0212", "there is no contract at \(address.addressText)")
        }
        return try Module(decoding: artefact)
    }
}
