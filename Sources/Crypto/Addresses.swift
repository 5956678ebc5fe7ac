/// How addresses and asset ids come about.
public enum Addresses {
    private static let accountDomain = HashDomain("agon.address.account.v1")
    private static let contractDomain = HashDomain("agon.address.contract.v1")

    /// The address of the account that a key controls: BLAKE2b-256(domain ‖ public key).
    public static func account(of key: PublicKey) -> Address {
        Blake2b.hash(domain: accountDomain) { $0.update(key.encoded) }
    }

    /// The address of a contract: BLAKE2b-256(domain ‖ deployer ‖ nonce of the deploying transaction).
    public static func contract(deployer: Address, nonce: UInt64) -> Address {
        Blake2b.hash(domain: contractDomain) { stream in
            stream.update(deployer)
            stream.update(nonce)
        }
    }

    /// The id of the asset that a contract issues: BLAKE2b-256(`agon.asset.1` ‖ contract ‖ canonical text of its
    /// name). Only the first 127 bytes of the name count.
    public static func asset(issuer: Address, name: String) -> AssetID {
        let text = Array(name.utf8.prefix(127))
        return Blake2b.stream { stream in
            stream.update(Array("agon.asset.1".utf8))
            stream.update(issuer)
            stream.update([UInt8(text.count)] + text)
        }
    }
}
