import Crypto

/// The randomness of a block: the output of the producer's verifiable random function, and its proof.
///
/// The function's input is the chain, the height and the randomness before, so there is one right value for each
/// block of a chain: the producer knows it before everybody else and can neither choose nor change it.
public struct BlockRandomness: Hashable, Sendable {
    /// The first 32 bytes of the function's output (RFC 9381).
    public let output: Hash
    /// The proof of it.
    public let proof: [UInt8]

    /// Randomness of its parts, not checked yet; nil when the bytes are not as many as a proof has.
    public init?(output: Hash, proof: [UInt8]) {
        guard proof.count == VerifiableRandom.proofByteCount else { return nil }
        self.output = output
        self.proof = proof
    }

    /// The randomness of the block after `parent`; nil when no point can be derived from the input (odds below 2^-200).
    public static func make(after parent: BlockHeader, key: SigningKey) -> BlockRandomness? {
        guard let proof = VerifiableRandom.prove(input(after: parent), key: key),
            let output = VerifiableRandom.output(ofTrustedProof: proof).flatMap({ Hash($0.prefix(Hash.byteCount)) })
        else { return nil }
        return BlockRandomness(output: output, proof: proof)
    }

    /// Whether this is the randomness of the block after `parent` under the producer's key.
    public func isValid(after parent: BlockHeader, key: PublicKey) -> Bool {
        let input = BlockRandomness.input(after: parent)
        guard let found = VerifiableRandom.verify(proof: proof, input: input, key: key) else { return false }
        return Hash(found.prefix(Hash.byteCount)) == output
    }

    /// What the function is applied to: domain, chain id, the height of the block (8 bytes, little-endian), the
    /// randomness of the block before (zero after the genesis block).
    static func input(after parent: BlockHeader) -> [UInt8] {
        let height = withUnsafeBytes(of: (parent.height &+ 1).littleEndian) { Array($0) }
        let previous = parent.randomness?.output ?? .zero
        return HashDomain.randomness.prefix + parent.chainID.bytes + height + previous.bytes
    }
}
