import Crypto

/// Where the ledger's own records stand in the state. Contract storage stands under keys that the machine derives.
public enum StateKeys {
    /// The nonce of an account.
    public static func account(_ address: Address) -> Bytes32 {
        Blake2b.hash(domain: .accountKey) { $0.update(address) }
    }

    /// The balance that an account, or a contract outside its vaults, has of an asset; absent when it is nothing.
    public static func balance(of address: Address, asset: AssetID) -> Bytes32 {
        Blake2b.hash(domain: .balanceKey) { stream in
            stream.update(asset)
            stream.update(address)
        }
    }

    /// The artefact of a contract.
    public static func code(of contract: Address) -> Bytes32 {
        Blake2b.hash(domain: .codeKey) { $0.update(contract) }
    }

    /// How much of an asset exists.
    public static func supply(of asset: AssetID) -> Bytes32 {
        Blake2b.hash(domain: .supplyKey) { $0.update(asset) }
    }

    /// How much of an asset a contract's vaults hold in all; absent when it is nothing.
    public static func holding(of contract: Address, asset: AssetID) -> Bytes32 {
        Blake2b.hash(domain: .holdingKey) { stream in
            stream.update(asset)
            stream.update(contract)
        }
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
