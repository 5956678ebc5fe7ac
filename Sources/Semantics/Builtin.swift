import Numerics

public enum Builtin: Hashable, Sendable {
    // Context.
    case caller, selfAddress, height, chain
    /// Tests: gas of the last call.
    case gasUsed
    // Numbers.
    case minimum, maximum, absolute, mulMod
    case exp(Rounding)
    case ln(Rounding)
    case log2(Rounding)
    case sqrt(Rounding)
    /// (base, exponent)
    case pow(Rounding)
    /// The floor of an integer's square root.
    case integerSquareRoot
    // Lists.
    case listCount, listSum, listContains
    case listSorted(SortDirection)
    case listOrder(SortDirection)
    case listRanks(SortDirection)
    /// (value, count)
    case repeating
    // Bytes and Text.
    case byteCount, byteSlice, byteConcatenate
    /// The canonical encoding of any copyable value.
    case encode
    /// An integer, not negative, in exactly so many bytes; Overflow.
    case toBytes(count: Int, isLittleEndian: Bool)
    case fromBytes(isLittleEndian: Bool)
    // Hashes and signatures.
    /// BLAKE2b-256 of the canonical encoding; of Bytes: of the bytes.
    case hash
    case sha256
    /// (height) -> Hash; fails SeedNotReady.
    case blockRandomness
    /// (seed, population, count): so many distinct numbers below the population, or all when it is less, every ordered
    /// choice being equally likely. Fails CapacityExceeded when the count passes the result's capacity,
    /// InvalidArgument.
    case sample
    /// (publicKey, message, signature)
    case verifySignature
    /// (publicKey, input, proof) -> Hash?
    case verifyVRF
    /// (key, author, value, salt) -> Hash, inside the contract.
    case commitment(roundIndex: Int, sealedIndex: Int)
    // Tensors.
    case tensorMatmul, tensorAdd, tensorRelu, tensorArgmax, tensorCountEqual
    /// (tensor, multiplier, shift)
    case tensorRequantize
    /// (tensor, indices…)
    case tensorAt
    /// (tensor, axis constant folded as integer) -> size
    case tensorSize(axis: Int)
}
