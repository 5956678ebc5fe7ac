/// Gas for the variable part of instructions; the base parts are in `OpcodeTable`. One unit is meant to be a nanosecond
/// on the reference machine. Everything is taken before the work is done.
enum MachineCosts {
    /// The first access of a transaction to an entry of state: a search in the state tree and a hash.
    static let coldRead: Int64 = 2_000
    /// The first change of an entry: its encoding, a hash and a path of the state tree.
    static let coldWrite: Int64 = 5_000
    /// A change within an open `tryCall` notes the old value.
    static let journal: Int64 = 10
    /// For each cell encoded, decoded, compared, copied or marked.
    static let cell: Int64 = 4
    /// Bytes encoded, decoded, copied or allocated for one unit.
    static let bytesPerGasShift: Int64 = 2
    /// A BLAKE2b-256 that an access makes of its keys.
    static let keyHash: Int64 = 250
    /// Bytes hashed for one unit.
    static let hashedBytesPerGas: Int64 = 1
    /// A contract that a transaction meets for the first time.
    static let coldContract: Int64 = 5_000
    /// A byte that a receipt keeps: of an event, a result, a declared error. As much as a byte of a transaction.
    static let receiptByte: Int64 = 20
    /// Bytes that an event counts for beside its payload: contract and name.
    static let eventBytes = 64
    /// For each element of a sum or a search.
    static let element: Int64 = 2
    /// For each comparison of a sort: an element times the logarithm of the count.
    static let comparison: Int64 = 3
    /// For each part of a split.
    static let part: Int64 = 20
    /// The check that a contract implements an interface.
    static let interfaceCheck: Int64 = 60
    /// Finding the function of a method anew, when the last call went to another contract.
    static let methodSearch: Int64 = 300
    /// A comparison with an integer wider than 256 bits.
    static let wideComparison: Int64 = 30
    /// The signature check of a byte of message.
    static let signedByte: Int64 = 4

    /// For each index drawn, beside the hashes of its random words.
    static let drawnIndex: Int64 = 60

    static func bytes(_ count: Int) -> Int64 { Int64(count) &>> bytesPerGasShift }

    /// A sort of `count` elements: n ⌈log2 n⌉ comparisons.
    static func sort(_ count: Int) -> Int64 {
        let levels = Int64(count.bitWidth - max(0, count - 1).leadingZeroBitCount)
        return Int64(count) * (levels + 2) * comparison
    }
}
