import Crypto

/// The domains under which the ledger hashes.
extension HashDomain {
    static let transactionSigning = HashDomain("agon.transaction.signing.1")
    static let transaction = HashDomain("agon.transaction.1")
    static let receipt = HashDomain("agon.receipt.1")
    static let block = HashDomain("agon.block.1")
    static let genesis = HashDomain("agon.genesis.1")
    static let randomness = HashDomain("agon.randomness.1")
    static let list = HashDomain("agon.list.1")
    static let stateValue = HashDomain("agon.state.value.1")
    static let accountKey = HashDomain("agon.key.account.1")
    static let codeKey = HashDomain("agon.key.code.1")
    static let storedByteCountKey = HashDomain("agon.key.stored.1")
    static let systemAddress = HashDomain("agon.address.system.1")
}
