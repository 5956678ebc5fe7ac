import Crypto

/// What a transaction asks for.
public enum TransactionBody: Hashable, Sendable {
    /// Moves an amount of an asset from the sender to an address.
    case transfer(recipient: Address, asset: AssetID, amount: Amount)
    /// Creates a contract from an artefact and runs its `init` with canonically encoded arguments.
    case deploy(artefact: [UInt8], arguments: [UInt8])
    /// Calls an action of a contract with canonically encoded arguments.
    case call(contract: Address, entry: String, arguments: [UInt8])
}

/// A transaction before it is signed.
public struct Transaction: Hashable, Sendable {
    /// The chain on which alone it is valid.
    public var chainID: Hash
    /// The key of the account that sends it, pays for it and signs it.
    public var sender: PublicKey
    /// The count of the sender's transactions included before it.
    public var nonce: UInt64
    /// The last height at which it may be included.
    public var validUntilHeight: UInt64
    /// The most gas that it may use.
    public var gasLimit: UInt64
    /// The native coin paid per unit of gas used, in its smallest unit.
    public var gasPrice: UInt64
    /// The most native coin that storage growth may take as a deposit.
    public var depositLimit: Amount
    /// What it asks for.
    public var body: TransactionBody

    /// Makes an unsigned transaction.
    public init(
        chainID: Hash, sender: PublicKey, nonce: UInt64, validUntilHeight: UInt64, gasLimit: UInt64, gasPrice: UInt64,
        depositLimit: Amount = .max, body: TransactionBody
    ) {
        self.chainID = chainID
        self.sender = sender
        self.nonce = nonce
        self.validUntilHeight = validUntilHeight
        self.gasLimit = gasLimit
        self.gasPrice = gasPrice
        self.depositLimit = depositLimit
        self.body = body
    }

    /// What the signature covers: the digest of the encoding under its own domain.
    public var signingHash: Hash {
        Blake2b.hash(domain: .transactionSigning, encoded())
    }

    /// The address of the contract that this transaction creates, when it deploys one.
    public var createdContract: Address? {
        guard case .deploy = body else { return nil }
        return Addresses.contract(deployer: sender.address, nonce: nonce)
    }

    /// Signs with the sender's key; nil when the key is another's.
    public func signed(by key: SigningKey) -> SignedTransaction? {
        guard key.publicKey == sender else { return nil }
        return SignedTransaction(transaction: self, signature: key.sign(signingHash.bytes))
    }

    /// The canonical encoding.
    public func encoded() -> [UInt8] {
        var writer = CanonicalWriter()
        encode(into: &writer)
        return writer.bytes
    }

    func encode(into writer: inout CanonicalWriter) {
        writer.write(byte: Transaction.encodingVersion)
        writer.write(chainID)
        writer.write(sender.encoded)
        writer.write(count: nonce)
        writer.write(count: validUntilHeight)
        writer.write(count: gasLimit)
        writer.write(count: gasPrice)
        writer.write(depositLimit)
        switch body {
        case .transfer(let recipient, let asset, let amount):
            writer.write(byte: Kind.transfer.rawValue)
            writer.write(recipient)
            writer.write(asset)
            writer.write(amount)
        case .deploy(let artefact, let arguments):
            writer.write(byte: Kind.deploy.rawValue)
            writer.write(counted: artefact)
            writer.write(counted: arguments)
        case .call(let contract, let entry, let arguments):
            writer.write(byte: Kind.call.rawValue)
            writer.write(contract)
            writer.write(entry)
            writer.write(counted: arguments)
        }
    }

    static func decode(from reader: inout CanonicalReader) throws(DecodingError) -> Transaction {
        let version = try reader.readByte()
        guard version == encodingVersion else { throw .unknownKind("transaction version", UInt64(version)) }
        let chainID = try reader.readBytes32()
        let sender = PublicKey(try reader.readBytes32())
        let nonce = try reader.readUnsigned("the nonce")
        let validUntilHeight = try reader.readUnsigned("the last valid height")
        let gasLimit = try reader.readUnsigned("the gas limit")
        let gasPrice = try reader.readUnsigned("the gas price")
        let depositLimit = try reader.readAmount()
        let kind = try reader.readByte()
        let body: TransactionBody
        switch Kind(rawValue: kind) {
        case .transfer:
            let recipient = try reader.readBytes32()
            let asset = try reader.readBytes32()
            body = .transfer(recipient: recipient, asset: asset, amount: try reader.readAmount())
        case .deploy:
            let artefact = try reader.readCounted("the artefact", limit: Limits.artefactByteCount)
            let arguments = try reader.readCounted("the arguments", limit: Limits.argumentByteCount)
            body = .deploy(artefact: artefact, arguments: arguments)
        case .call:
            let contract = try reader.readBytes32()
            let entry = try reader.readText("the entry's name", limit: Limits.entryNameByteCount)
            let arguments = try reader.readCounted("the arguments", limit: Limits.argumentByteCount)
            body = .call(contract: contract, entry: entry, arguments: arguments)
        case nil:
            throw .unknownKind("transaction kind", UInt64(kind))
        }
        return Transaction(
            chainID: chainID, sender: sender, nonce: nonce, validUntilHeight: validUntilHeight, gasLimit: gasLimit,
            gasPrice: gasPrice, depositLimit: depositLimit, body: body)
    }

    private static let encodingVersion: UInt8 = 1

    private enum Kind: UInt8 {
        case transfer = 0
        case deploy = 1
        case call = 2
    }
}

/// A transaction with its sender's signature.
public struct SignedTransaction: Hashable, Sendable {
    /// What was signed.
    public var transaction: Transaction
    /// The signature of ``Transaction/signingHash``.
    public var signature: Signature

    /// Joins a transaction and a signature, which need not fit.
    public init(transaction: Transaction, signature: Signature) {
        self.transaction = transaction
        self.signature = signature
    }

    /// Names the transaction: the digest of the whole encoding.
    public var id: Hash {
        Blake2b.hash(domain: .transaction, encoded())
    }

    /// Whether the signature is the sender's.
    public var isSignatureValid: Bool {
        transaction.sender.verifies(signature, of: transaction.signingHash.bytes)
    }

    /// The canonical encoding.
    public func encoded() -> [UInt8] {
        var writer = CanonicalWriter()
        transaction.encode(into: &writer)
        writer.write(signature.commitment)
        writer.write(signature.response)
        return writer.bytes
    }

    /// Reads exactly one transaction; the signature is not checked.
    public static func decode(_ bytes: [UInt8]) throws(DecodingError) -> SignedTransaction {
        guard bytes.count <= Limits.transactionByteCount else {
            throw .tooLarge("the transaction", limit: Limits.transactionByteCount)
        }
        var reader = CanonicalReader(bytes)
        let transaction = try Transaction.decode(from: &reader)
        let commitment = try reader.readBytes32()
        let signature = Signature(commitment: commitment, response: try reader.readBytes32())
        try reader.requireEnd()
        return SignedTransaction(transaction: transaction, signature: signature)
    }
}
