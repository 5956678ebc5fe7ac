import Crypto

/// What stands for the randomness of blocks in worlds without a producer: tests, the REPL.
public enum TestRandomness {
    /// BLAKE2b-256 over the text `agon.test.randomness` and the height in eight bytes, little-endian.
    public static func ofBlock(at height: UInt64) -> Bytes32 {
        Blake2b.stream { stream in
            stream.update(Array("agon.test.randomness".utf8))
            stream.update(height)
        }
    }
}
