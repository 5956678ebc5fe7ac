import Crypto

/// A block under way: transactions are applied one after the other, then the block is finished.
///
/// The order of a transaction's steps is the rule of consensus:
/// 1. checks that keep it out of the block at no cost;
/// 2. the nonce advances and the fee for the whole gas limit is set aside: this stands whatever follows;
/// 3. execution, deposits and the audit, whose effects remain together or not at all;
/// 4. the fee for the gas used goes to the producer, the rest back to the sender.
public final class BlockSession {
    /// The chain's rules.
    public let parameters: ChainParameters
    /// The chain and the height of the block under way.
    public let context: EngineContext
    /// The state as it stands.
    public let state: LedgerState
    /// The gas that the transactions so far used.
    public private(set) var gasUsed: UInt64 = 0
    /// The transactions so far.
    public private(set) var transactions: [SignedTransaction] = []
    /// Their receipts.
    public private(set) var receipts: [Receipt] = []

    private let engine: any ExecutionEngine
    /// The gas limits of the transactions so far would bar small ones; what they used counts instead.
    private var remainingBlockGas: UInt64 { parameters.blockGasLimit - min(gasUsed, parameters.blockGasLimit) }

    /// Begins the block after a header.
    public init(
        parameters: ChainParameters, parent: BlockHeader, source: any StateSource, engine: any ExecutionEngine
    ) {
        self.parameters = parameters
        context = EngineContext(
            chainID: parent.chainID, height: parent.height &+ 1,
            blockIntervalMilliseconds: parameters.blockIntervalMilliseconds)
        state = LedgerState(source: source)
        self.engine = engine
    }

    /// Applies a transaction, or throws a ``TransactionError`` when it may not be included, or a ``LedgerFault``
    /// after which the session is of no use.
    ///
    /// - Parameter isSignatureChecked: the caller has found the signature to be the sender's.
    @discardableResult
    public func apply(_ signed: SignedTransaction, isSignatureChecked: Bool = false) throws -> Receipt {
        let transaction = signed.transaction
        let encoded = signed.encoded()
        guard transactions.count < Limits.blockTransactionCount else { throw TransactionError.blockFull }
        try checkForm(transaction, encodedByteCount: encoded.count)
        guard isSignatureChecked || signed.isSignatureValid else { throw TransactionError.wrongSignature }
        let receipt = try run(transaction, id: signed.id, encodedByteCount: encoded.count)
        transactions.append(signed)
        receipts.append(receipt)
        return receipt
    }

    /// Refuses what certainly cannot be included, without executing anything. A nonce ahead of its turn passes.
    public func check(_ signed: SignedTransaction) throws {
        let transaction = signed.transaction
        try checkForm(transaction, encodedByteCount: signed.encoded().count)
        guard signed.isSignatureValid else { throw TransactionError.wrongSignature }
        let sender = transaction.sender.address
        let expected = state.nonce(of: sender)
        let balance = state.balance(of: sender, asset: .nativeCoin)
        if let fault = state.fault { throw fault }
        guard transaction.nonce >= expected else {
            throw TransactionError.nonceUsed(given: transaction.nonce, expected: expected)
        }
        let reserve = Amount(transaction.gasPrice).multiplied(by: transaction.gasLimit)
        guard let reserve, reserve <= balance else {
            throw TransactionError.cannotPayFee(balance: balance, needed: reserve)
        }
    }

    /// What a transaction would do here, without its signature and without any effect. It may be applied with a zero
    /// gas price, which leaves the fee out.
    public static func simulate(
        _ transaction: Transaction, parameters: ChainParameters, parent: BlockHeader, source: any StateSource,
        engine: any ExecutionEngine
    ) throws -> Receipt {
        var rules = parameters
        if transaction.gasPrice == 0 { rules.minimumGasPrice = 0 }
        let session = BlockSession(parameters: rules, parent: parent, source: source, engine: engine)
        // A signature has a fixed size, so any will do for the fee.
        let signed = SignedTransaction(
            transaction: transaction, signature: Signature(commitment: .zero, response: .zero))
        let encodedByteCount = signed.encoded().count
        try session.checkForm(transaction, encodedByteCount: encodedByteCount)
        return try session.run(transaction, id: signed.id, encodedByteCount: encodedByteCount)
    }

    /// Calls a view on the state as it stands.
    public func view(contract: Address, entry: String, arguments: [UInt8], caller: Address, gasLimit: UInt64) throws
        -> EngineResult
    {
        let result = engine.call(
            EngineCall(
                contract: contract, entry: entry, arguments: arguments, caller: caller,
                gasLimit: min(gasLimit, UInt64(Int64.max)), isReadOnly: true),
            context: context, state: state)
        if let fault = state.fault { throw fault }
        return result
    }

    /// The state's changes over the whole block, in ascending order of their keys.
    public func finish() throws -> [EngineResult.Write] {
        if let fault = state.fault { throw fault }
        do {
            return try state.changes()
        } catch {
            throw LedgerFault.unreadableState("\(error)")
        }
    }

    // MARK: Steps

    private func checkForm(_ transaction: Transaction, encodedByteCount: Int) throws {
        guard encodedByteCount <= Limits.transactionByteCount else {
            throw TransactionError.malformed(.tooLarge("the transaction", limit: Limits.transactionByteCount))
        }
        guard transaction.chainID == context.chainID else {
            throw TransactionError.wrongChain(transaction.chainID)
        }
        guard transaction.validUntilHeight >= context.height else {
            throw TransactionError.expired(validUntilHeight: transaction.validUntilHeight, height: context.height)
        }
        guard transaction.gasPrice >= parameters.minimumGasPrice else {
            throw TransactionError.gasPriceTooLow(given: transaction.gasPrice, minimum: parameters.minimumGasPrice)
        }
        let intrinsicGas = LedgerCosts.intrinsicGas(of: transaction, encodedByteCount: encodedByteCount)
        guard transaction.gasLimit >= intrinsicGas else {
            throw TransactionError.gasLimitTooLow(given: transaction.gasLimit, needed: intrinsicGas)
        }
        guard transaction.gasLimit <= parameters.blockGasLimit else {
            throw TransactionError.gasLimitTooHigh(given: transaction.gasLimit, limit: parameters.blockGasLimit)
        }
        guard transaction.gasLimit <= remainingBlockGas else { throw TransactionError.blockFull }
    }

    private func run(_ transaction: Transaction, id: Hash, encodedByteCount: Int) throws -> Receipt {
        let sender = transaction.sender.address
        try reserveFee(of: transaction, sender: sender)

        let intrinsicGas = LedgerCosts.intrinsicGas(of: transaction, encodedByteCount: encodedByteCount)
        let gasLimit = transaction.gasLimit - intrinsicGas
        var result = execute(transaction, sender: sender, gasLimit: gasLimit)
        result.gasUsed = min(result.gasUsed, gasLimit)
        var deposit = StorageDeposit()
        if case .success = result.outcome {
            if let failure = takeEffect(result, of: transaction, sender: sender, deposit: &deposit) {
                result.outcome = .failure(failure)
            }
        }
        if let fault = state.fault { throw fault }
        if result.outcome.isSuccess {
            state.mergeTransaction()
        } else {
            state.discardTransaction()
            result.outcome = .failure(recordable(result.outcome))
            result.events = []
            deposit = StorageDeposit()
        }

        let gasUsed = intrinsicGas + result.gasUsed
        let fee = try payFee(of: transaction, sender: sender, gasUsed: gasUsed)
        self.gasUsed += gasUsed
        return Receipt(
            transactionID: id, outcome: result.outcome, gasUsed: gasUsed, fee: fee,
            depositCharged: deposit.charged, depositRefunded: deposit.refunded,
            createdContract: result.outcome.isSuccess ? transaction.createdContract : nil, events: result.events)
    }

    private func reserveFee(of transaction: Transaction, sender: Address) throws {
        let expected = state.nonce(of: sender)
        let balance = state.balance(of: sender, asset: .nativeCoin)
        if let fault = state.fault { throw fault }
        guard transaction.nonce >= expected else {
            throw TransactionError.nonceUsed(given: transaction.nonce, expected: expected)
        }
        // The last nonce has no successor.
        guard transaction.nonce == expected, expected < .max else {
            throw TransactionError.nonceAhead(given: transaction.nonce, expected: expected)
        }
        let reserve = Amount(transaction.gasPrice).multiplied(by: transaction.gasLimit)
        guard let reserve, let rest = balance.subtracting(reserve) else {
            throw TransactionError.cannotPayFee(balance: balance, needed: reserve)
        }
        state.setNonce(expected + 1, of: sender)
        state.setBalance(rest, of: sender, asset: .nativeCoin)
        try credit(reserve, to: SystemAddresses.reserve)
        try mergeBalanced()
    }

    private func payFee(of transaction: Transaction, sender: Address, gasUsed: UInt64) throws -> Amount {
        let price = Amount(transaction.gasPrice)
        guard let fee = price.multiplied(by: gasUsed),
            let rest = price.multiplied(by: transaction.gasLimit - gasUsed),
            let reserve = fee.adding(rest),
            let kept = state.balance(of: SystemAddresses.reserve, asset: .nativeCoin).subtracting(reserve)
        else { throw LedgerFault.notConserved(.nativeCoin) }
        state.setBalance(kept, of: SystemAddresses.reserve, asset: .nativeCoin)
        try credit(fee, to: parameters.producer)
        try credit(rest, to: sender)
        try mergeBalanced()
        return fee
    }

    private func credit(_ amount: Amount, to address: Address) throws {
        guard let sum = state.balance(of: address, asset: .nativeCoin).adding(amount) else {
            throw LedgerFault.notConserved(.nativeCoin)
        }
        state.setBalance(sum, of: address, asset: .nativeCoin)
    }

    private func mergeBalanced() throws {
        if let fault = state.fault { throw fault }
        if let asset = state.unbalancedAsset() { throw LedgerFault.notConserved(asset) }
        state.mergeTransaction()
    }

    private func execute(_ transaction: Transaction, sender: Address, gasLimit: UInt64) -> EngineResult {
        switch transaction.body {
        case .transfer(let recipient, let asset, let amount):
            return TransferExecution.run(
                from: sender, to: recipient, asset: asset, amount: amount, state: state)
        case .deploy(let artefact, let arguments):
            return engine.deploy(
                EngineDeployment(
                    contract: Addresses.contract(deployer: sender, nonce: transaction.nonce), artefact: artefact,
                    arguments: arguments, caller: sender, gasLimit: gasLimit),
                context: context, state: state)
        case .call(let contract, let entry, let arguments):
            return engine.call(
                EngineCall(
                    contract: contract, entry: entry, arguments: arguments, caller: sender, gasLimit: gasLimit,
                    isReadOnly: false),
                context: context, state: state)
        }
    }
}
