import Bytecode
import Crypto
import Ledger
import Node
import Numerics

/// The chain of a season: signed transactions in, receipts checked, figures by query.
final class SeasonChain {
    private let chain: Chain
    private var nextNonces: [Address: UInt64] = [:]
    /// What each waiting transaction is for, by its id.
    private var purposes: [Hash: String] = [:]
    private var entryNames: [Hash: String] = [:]

    private(set) var transactionCount = 0
    private(set) var queryCount = 0
    private(set) var gasUsed: UInt64 = 0
    /// What each call of an entry ("Contract.entry") used, in order.
    private(set) var gasByEntry: [String: [UInt64]] = [:]

    /// The gas limit of a call, and of a deployment or a settlement.
    static let callGasLimit: UInt64 = 20_000_000
    static let largeGasLimit: UInt64 = 1_000_000_000

    init(_ chain: Chain) { self.chain = chain }

    var chainID: Hash { chain.chainID }
    var height: UInt64 { chain.head.height }
    var stateRoot: Hash { chain.head.stateRoot }

    func close() { chain.close() }

    // MARK: Transactions

    /// Deploys a contract in a block of its own.
    func deploy(_ module: Module, _ arguments: [ABIValue], by deployer: Participant) throws -> DeployedContract {
        let initializer = module.entries.first { $0.kind == .initializer }?.name ?? "init"
        let encoded = try DeployedContract.encode(arguments, for: initializer, of: module)
        let transaction = try submit(
            .deploy(artefact: try module.encoded(), arguments: encoded), by: deployer,
            gasLimit: SeasonChain.largeGasLimit, purpose: "deploy \(module.name)")
        try commit()
        guard let address = transaction.createdContract else {
            throw SeasonError(.refused, "deploy \(module.name): no contract was created")
        }
        return DeployedContract(module: module, address: address)
    }

    /// Queues a call of an action.
    func call(
        _ contract: DeployedContract, _ entry: String, _ arguments: [ABIValue], by caller: Participant,
        gasLimit: UInt64 = SeasonChain.callGasLimit
    ) throws {
        let name = "\(contract.module.name).\(entry)"
        try submit(
            .call(
                contract: contract.address, entry: entry, arguments: try contract.encode(arguments, for: entry)),
            by: caller, gasLimit: gasLimit, purpose: "\(caller.name): \(name)", entryName: name)
    }

    @discardableResult
    private func submit(
        _ body: TransactionBody, by sender: Participant, gasLimit: UInt64, purpose: String, entryName: String? = nil
    ) throws -> Transaction {
        let nonce = try nextNonces[sender.address] ?? chain.nonce(of: sender.address)
        let transaction = Transaction(
            chainID: chain.chainID, sender: sender.key.publicKey, nonce: nonce, validUntilHeight: height + 1_000,
            gasLimit: gasLimit, gasPrice: chain.parameters.minimumGasPrice, body: body)
        guard let signed = transaction.signed(by: sender.key) else {
            throw SeasonError(.refused, "\(purpose): the key does not fit the sender")
        }
        let id = try chain.submit(signed)
        purposes[id] = purpose
        entryNames[id] = entryName
        nextNonces[sender.address] = nonce + 1
        return transaction
    }

    /// Makes blocks until nothing waits; each transaction must succeed. Returns the gas they used.
    @discardableResult
    func commit() throws -> UInt64 {
        var gas: UInt64 = 0
        repeat {
            let produced = try chain.produceBlock()
            if let rejection = produced.rejections.first {
                throw SeasonError(.refused, "\(purpose(of: rejection.transactionID)): \(rejection.error)")
            }
            for receipt in produced.receipts {
                if case .failure(let failure) = receipt.outcome {
                    let trace = failure.trace.isEmpty ? "" : " at " + failure.trace.joined(separator: ", ")
                    throw SeasonError(.refused, "\(purpose(of: receipt.transactionID)): \(failure.code)\(trace)")
                }
                if let name = entryNames[receipt.transactionID] {
                    gasByEntry[name, default: []].append(receipt.gasUsed)
                }
                gas += receipt.gasUsed
            }
            transactionCount += produced.receipts.count
            guard !produced.receipts.isEmpty || chain.pendingTransactions.isEmpty else {
                throw SeasonError(.refused, "a transaction that waits can never be included")
            }
        } while !chain.pendingTransactions.isEmpty
        gasUsed += gas
        return gas
    }

    private func purpose(of id: Hash) -> String { purposes[id] ?? id.hex }

    /// Makes empty blocks.
    func advance(by blockCount: Int) throws { try chain.advance(by: blockCount) }

    // MARK: Queries

    /// Calls a view at the head.
    func query(_ contract: DeployedContract, _ view: String, _ arguments: [ABIValue] = []) throws -> ABIValue {
        queryCount += 1
        let result = try chain.view(
            contract: contract.address, entry: view, arguments: try contract.encode(arguments, for: view))
        switch result.outcome {
        case .success(let bytes): return try contract.decodeResult(bytes, of: view)
        case .failure(let failure):
            let trace = failure.trace.isEmpty ? "" : " at " + failure.trace.joined(separator: ", ")
            throw SeasonError(.refused, "query \(contract.module.name).\(view): \(failure.code)\(trace)")
        }
    }

    /// What an account has of an asset.
    func balance(of address: Address, asset: AssetID) throws -> BigInt {
        queryCount += 1
        return BigInt(bigEndianMagnitude: try chain.balance(of: address, asset: asset).magnitudeBytes)
    }

    /// What a contract's vaults hold of an asset.
    func holding(of contract: DeployedContract, asset: AssetID) throws -> BigInt {
        queryCount += 1
        return BigInt(bigEndianMagnitude: try chain.holding(of: contract.address, asset: asset).magnitudeBytes)
    }
}
