import Crypto

/// Where the ledger's own records stand in the state. Contract storage and the books of balances, supplies and holdings
/// stand under the keys of the machine's `StateKeys`.
public enum LedgerKeys {
    /// The nonce of an account.
    public static func account(_ address: Address) -> Bytes32 {
        Blake2b.hash(domain: .accountKey) { $0.update(address) }
    }

    /// The artefact of a contract.
    public static func code(of contract: Address) -> Bytes32 {
        Blake2b.hash(domain: .codeKey) { $0.update(contract) }
    }

    /// How many bytes of code and contract storage the deposits stand for.
    public static let storedByteCount = Blake2b.hash(domain: .storedByteCountKey)
}

/// Addresses that no key controls.
public enum SystemAddresses {
    /// Holds the storage deposits.
    public static let deposits = Blake2b.hash(domain: .systemAddress, Array("deposits".utf8))
    /// Holds the fee for a transaction's whole gas limit while it is executed, where nothing can spend it.
    public static let reserve = Blake2b.hash(domain: .systemAddress, Array("reserve".utf8))
    /// Receives the fees of a chain whose genesis names no producer.
    public static let fees = Blake2b.hash(domain: .systemAddress, Array("fees".utf8))
}
