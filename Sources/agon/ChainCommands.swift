import ArgumentParser
import Bytecode
import Crypto
import Foundation
import Harness
import Ledger
import Machine
import Node

struct DeployCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy", abstract: "Deploy a contract from source or artefact; prints its address.")

    @Argument(help: "Source file or folder, or an artefact (.agonc).") var path: String
    @Argument(help: "Arguments of `init`: values as Agon or JSON writes them; @name is the address of a key.")
    var arguments: [String] = []
    @Option(help: "Which contract, where the source has several.") var contract: String?
    @OptionGroup var chainOptions: ChainOptions
    @OptionGroup var sender: SenderOptions

    func run() throws {
        let module = try loadModule(path, contract: contract)
        let chain = try chainOptions.openOrCreate()
        defer { chain.close() }
        guard let entry = module.entries.first(where: { $0.kind == .initializer }) else {
            throw UserError("C0301", "the artefact has no initializer")
        }
        let encoded = try ArgumentReader(module: module, chain: chainOptions).encode(arguments, for: entry)
        try sender.send(
            .deploy(artefact: try module.encoded(), arguments: encoded), on: chain, keys: chainOptions.keys,
            module: module, entry: nil)
    }
}

struct CallCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "call", abstract: "Call an action of a contract in a transaction.")

    @Argument(help: "Address of the contract.") var address: String
    @Argument(help: "Name of the action.") var action: String
    @Argument(help: "Arguments: values as Agon or JSON writes them; @name is the address of a key.") var arguments:
        [String] = []
    @OptionGroup var chainOptions: ChainOptions
    @OptionGroup var sender: SenderOptions

    func run() throws {
        let chain = try chainOptions.open()
        defer { chain.close() }
        let contract = try chainOptions.address(address)
        let module = try chain.module(at: contract)
        let entry = try module.entry(action, kinds: [.action])
        let encoded = try ArgumentReader(module: module, chain: chainOptions).encode(arguments, for: entry)
        try sender.send(
            .call(contract: contract, entry: action, arguments: encoded), on: chain, keys: chainOptions.keys,
            module: module, entry: entry)
    }
}

struct TransferCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transfer", abstract: "Move native coin, or another asset, to an address.")

    @Argument(help: "Recipient: an address, or @name of a key.") var recipient: String
    @Argument(help: "Amount in the asset's smallest unit.") var amount: String
    @Option(help: "The asset (64 hexadecimal digits); the native coin unless given.") var asset: String?
    @OptionGroup var chainOptions: ChainOptions
    @OptionGroup var sender: SenderOptions

    func run() throws {
        let chain = try chainOptions.open()
        defer { chain.close() }
        guard let amount = Amount(amount) else { throw UserError("C0305", "`\(amount)` is not an amount") }
        try sender.send(
            .transfer(recipient: try chainOptions.address(recipient), asset: try assetID(asset), amount: amount),
            on: chain, keys: chainOptions.keys, module: nil, entry: nil)
    }
}

struct AdvanceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "advance", abstract: "Make empty blocks, so that deadlines pass.")

    @Argument(help: "How many blocks, at most 100000.") var blocks: Int
    @OptionGroup var chainOptions: ChainOptions

    func run() throws {
        guard (1...100_000).contains(blocks) else { throw UserError("C0306", "between 1 and 100000 blocks at a time") }
        let chain = try chainOptions.open()
        defer { chain.close() }
        answer("height \(try chain.advance(by: blocks).height)")
    }
}

/// An asset as text; nothing stands for the native coin.
private func assetID(_ text: String?) throws -> AssetID {
    guard let text else { return .nativeCoin }
    guard let asset = Bytes32(hex: text.hasPrefix("0x") ? String(text.dropFirst(2)) : text) else {
        throw UserError("C0303", "an asset is 64 hexadecimal digits")
    }
    return asset
}

struct QueryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query",
        abstract: "Read a chain: a contract's view, its interface, an account, a receipt, the head.")

    @Argument(help: "Address of a contract or account (@name: of a key); nothing: the head.") var address: String?
    @Argument(help: "Name of a view; nothing: the contract's interface or the account's balance.") var view: String?
    @Argument(help: "Arguments of the view.") var arguments: [String] = []
    @Option(help: "Show the receipt of this transaction instead.") var receipt: String?
    @Option(help: "Ask as this address (`caller` in the view).") var caller: String?
    @Option(help: "The asset of the balance (64 hexadecimal digits); the native coin unless given.") var asset: String?
    @Flag(help: "For an account: prove its balance against the state root.") var proof = false
    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var chainOptions: ChainOptions

    func run() throws {
        let chain = try chainOptions.open()
        defer { chain.close() }
        if let receipt {
            try showReceipt(receipt, chain)
        } else if let address {
            let place = try chainOptions.address(address)
            if let view {
                try showView(view, at: place, chain)
            } else if try chain.artefact(of: place) != nil {
                let module = try chain.module(at: place)
                answer(json ? module.interfaceWithGasBounds().text(pretty: true) : module.outline)
            } else {
                try showAccount(place, chain)
            }
        } else {
            showHead(chain)
        }
    }

    private func showReceipt(_ text: String, _ chain: Chain) throws {
        guard let id = Bytes32(hex: text), let found = try chain.receipt(of: id) else {
            throw UserError("C0302", "no transaction `\(text)` on this chain")
        }
        try ReceiptReport(found.receipt, module: nil, chain: chain, height: found.height).print(asJSON: json)
    }

    private func showView(_ name: String, at contract: Address, _ chain: Chain) throws {
        let module = try chain.module(at: contract)
        let entry = try module.entry(name, kinds: [.view])
        let encoded = try ArgumentReader(module: module, chain: chainOptions).encode(arguments, for: entry)
        let asker = try caller.map { try chainOptions.address($0) } ?? .zero
        let result = try chain.view(contract: contract, entry: name, arguments: encoded, caller: asker)
        switch result.outcome {
        case .success(let bytes):
            let type = module.functions[entry.function].result
            if json {
                let value = type.map { decoded(bytes, $0, module) } ?? .null
                answer(
                    Bytecode.JSONValue.object([
                        .init("result", value), .init("gasUsed", .string(String(result.gasUsed))),
                    ]).text(pretty: true))
            } else {
                answer(type.map { decodedText(bytes, $0, module) } ?? "nothing")
                note("gas \(result.gasUsed)")
            }
        case .failure(let failure):
            note("error[\(failure.code)]: the view failed")
            for line in failure.trace { note("  at \(line)") }
            throw AlreadyReported()
        }
    }

    private func showAccount(_ address: Address, _ chain: Chain) throws {
        let asset = try assetID(asset)
        if proof {
            let key = StateKeys.balance(asset: asset, address: address)
            let (value, proof) = try chain.proof(of: key)
            answer(
                Bytecode.JSONValue.object([
                    .init("stateRoot", .string(chain.head.stateRoot.hex)), .init("key", .string(key.hex)),
                    .init("value", value.map { .string(ABIJSON.hexadecimal($0)) } ?? .null), .init("proof", proof.json),
                ]).text(pretty: true))
            return
        }
        let balance = try chain.balance(of: address, asset: asset)
        let nonce = try chain.nonce(of: address)
        if json {
            answer(
                Bytecode.JSONValue.object([
                    .init("address", .string(address.addressText)), .init("balance", .string(balance.description)),
                    .init("nonce", .string(String(nonce))),
                ]).text(pretty: true))
        } else {
            answer("balance \(balance), nonce \(nonce)")
        }
    }

    private func showHead(_ chain: Chain) {
        let head = chain.head
        if json {
            answer(
                Bytecode.JSONValue.object([
                    .init("chain", .string(head.chainID.hex)), .init("height", .string(String(head.height))),
                    .init("hash", .string(head.hash.hex)), .init("stateRoot", .string(head.stateRoot.hex)),
                ]).text(pretty: true))
        } else {
            answer("height \(head.height), block \(head.hash.hex), state root \(head.stateRoot.hex)")
        }
    }
}

extension Module {
    /// The contract and its entries, a line each, for people to read.
    fileprivate var outline: String {
        let coding = ABICoding(self)
        let lines = entries.map { entry in
            let function = functions[entry.function]
            let parameters = zip(entry.parameterNames, function.registers).map { "\($0): \(coding.typeText($1))" }
            let result = function.result.map { " -> \(coding.typeText($0))" } ?? ""
            let name = entry.kind == .initializer ? "init" : "\(entry.kind == .view ? "view" : "action") \(entry.name)"
            return "    \(name)(\(parameters.joined(separator: ", ")))\(result)"
        }
        return (["contract \(name)"] + lines).joined(separator: "\n")
    }

    /// The entry of that name, of one of these kinds.
    func entry(_ name: String, kinds: [EntryPoint.Kind]) throws -> EntryPoint {
        if let entry = entries.first(where: { $0.name == name && kinds.contains($0.kind) }) { return entry }
        let isView = kinds == [.view]
        let other: EntryPoint.Kind = isView ? .action : .view
        if entries.contains(where: { $0.name == name && $0.kind == other }) {
            throw UserError(
                "C0304", isView ? "`\(name)` is an action: use agon call" : "`\(name)` is a view: use agon query")
        }
        let known = entries.filter { kinds.contains($0.kind) }.map(\.name)
        let kind = isView ? "view" : "action"
        throw UserError(
            "C0304",
            "`\(self.name)` has no \(kind) `\(name)`"
                + (known.isEmpty ? ", nor any other" : "; it has: \(known.joined(separator: ", "))"))
    }
}
