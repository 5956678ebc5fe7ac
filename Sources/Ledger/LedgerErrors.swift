import Crypto

/// Why a transaction is not included in a block. It changes nothing and costs nothing.
public enum TransactionError: CodedError, Equatable {
    /// The bytes are no transaction.
    case malformed(DecodingError)
    /// It is for another chain.
    case wrongChain(Hash)
    /// The signature is not the sender's.
    case wrongSignature
    /// It could be included until a height that has passed.
    case expired(validUntilHeight: UInt64, height: UInt64)
    /// The nonce was used already.
    case nonceUsed(given: UInt64, expected: UInt64)
    /// The nonce is ahead: other transactions must come first.
    case nonceAhead(given: UInt64, expected: UInt64)
    /// The gas price is below the chain's minimum.
    case gasPriceTooLow(given: UInt64, minimum: UInt64)
    /// The gas limit does not cover what any such transaction uses.
    case gasLimitTooLow(given: UInt64, needed: UInt64)
    /// The gas limit passes the block's.
    case gasLimitTooHigh(given: UInt64, limit: UInt64)
    /// The sender does not have the fee that the gas limit may lead to.
    case cannotPayFee(balance: Amount, needed: Amount?)
    /// The block has no room for the gas limit.
    case blockFull
    /// The same transaction waits already.
    case alreadySubmitted
    /// Too many transactions wait already.
    case queueFull(limit: Int)

    public var code: String {
        switch self {
        case .malformed: "transaction.malformed"
        case .wrongChain: "transaction.chain"
        case .wrongSignature: "transaction.signature"
        case .expired: "transaction.expired"
        case .nonceUsed: "transaction.nonce-used"
        case .nonceAhead: "transaction.nonce-ahead"
        case .gasPriceTooLow: "transaction.gas-price"
        case .gasLimitTooLow: "transaction.gas-limit-low"
        case .gasLimitTooHigh: "transaction.gas-limit-high"
        case .cannotPayFee: "transaction.fee"
        case .blockFull: "transaction.block-full"
        case .alreadySubmitted: "transaction.duplicate"
        case .queueFull: "transaction.queue-full"
        }
    }

    public var message: String {
        switch self {
        case .malformed(let error): "the transaction is malformed: \(error.message)"
        case .wrongChain(let chain): "the transaction is for another chain, \(chain)"
        case .wrongSignature: "the signature is not the sender's"
        case .expired(let last, let height): "the transaction was valid until height \(last), the next is \(height)"
        case .nonceUsed(let given, let expected): "nonce \(given) was used already, the next is \(expected)"
        case .nonceAhead(let given, let expected): "nonce \(given) is ahead, the next is \(expected)"
        case .gasPriceTooLow(let given, let minimum): "gas price \(given) is below the minimum of \(minimum)"
        case .gasLimitTooLow(let given, let needed): "gas limit \(given) is below the \(needed) used in any case"
        case .gasLimitTooHigh(let given, let limit): "gas limit \(given) is above the block's limit of \(limit)"
        case .cannotPayFee(let balance, let needed):
            "the sender has \(balance) of the native coin and the fee may reach "
                + (needed.map(\.description) ?? "more than 2^256")
        case .blockFull: "the block has no room left"
        case .alreadySubmitted: "the transaction was submitted already"
        case .queueFull(let limit): "\(limit) transactions wait already"
        }
    }
}

/// A fault below the ledger: nothing may be committed after it.
public enum LedgerFault: CodedError {
    /// The store could not be read.
    case unreadableState(String)
    /// The engine cannot work here.
    case engine(String)
    /// A record of the ledger itself is not as the ledger writes it.
    case damagedRecord(Bytes32)
    /// Amounts do not add up outside of execution.
    case notConserved(AssetID)
    /// A block's header does not follow from its parent and its transactions.
    case wrongBlock(String)
    /// The key at hand is not the producer's, or there is none.
    case producerKey(expected: PublicKey)

    public var code: String {
        switch self {
        case .unreadableState: "ledger.unreadable"
        case .engine: "ledger.engine"
        case .damagedRecord: "ledger.damaged"
        case .notConserved: "ledger.conservation"
        case .wrongBlock: "ledger.block"
        case .producerKey: "ledger.producer-key"
        }
    }

    public var message: String {
        switch self {
        case .unreadableState(let reason): "the state cannot be read: \(reason)"
        case .engine(let reason): "contracts cannot be executed: \(reason)"
        case .damagedRecord(let key): "the state's record \(key) is damaged"
        case .notConserved(let asset): "the amounts of asset \(asset) do not add up"
        case .wrongBlock(let reason): "the block is wrong: \(reason)"
        case .producerKey(let expected):
            "only the holder of the producer key \(expected) can make blocks of this chain, and the key is not at hand"
        }
    }
}

/// The names of the failures that the ledger itself puts into receipts; they are spelled like the language's own.
public enum LedgerFailure {
    /// The sender does not have what it transfers, or what a deposit takes.
    public static let insufficientBalance = "InsufficientBalance"
    /// The storage growth needs more than the transaction's deposit limit.
    public static let depositLimit = "DepositLimit"
    /// The engine's effects on an asset did not add up; all were undone.
    public static let notConserved = "NotConserved"
    /// The address has no contract.
    public static let noSuchContract = "NoSuchContract"
    /// The artefact does not decode or does not pass the verifier.
    public static let invalidArtefact = "InvalidArtefact"
    /// A value or payload is larger than a record may be.
    public static let tooLarge = "TooLarge"
}
