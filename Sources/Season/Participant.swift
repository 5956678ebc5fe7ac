import Crypto

/// Someone with a name and a key of its own.
///
/// Keys and salts are derived from names, so that a season can be replayed to the same state root. They protect
/// nothing.
struct Participant: Sendable {
    let name: String
    let key: SigningKey

    init(name: String) {
        self.name = name
        key = SigningKey(seed: Blake2b.hash(domain: HashDomain("agon.season.key"), Array(name.utf8)))
    }

    var address: Address { key.address }

    /// The salt of this participant's commitment for a purpose: unknown to whoever lacks the key.
    func salt(for purpose: String) -> Hash {
        Blake2b.hash(domain: HashDomain("agon.season.salt"), key.seed.bytes, Array(purpose.utf8))
    }
}
