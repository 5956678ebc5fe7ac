/// Gas for the variable part of instructions; the base parts are in `OpcodeTable`. One unit is meant to be a nanosecond
/// on the reference machine. Everything is taken before the work is done.
public enum MachineCosts {
    /// The first access of a transaction to an entry of state: a search in the state tree and a hash.
    public static let coldRead: Int64 = 2_000
    /// The first change of an entry: its encoding, a hash and a path of the tree of a state of a million entries.
    public static let coldWrite: Int64 = 10_000
    /// A change within an open `tryCall` notes the old value.
    public static let journal: Int64 = 10
    /// For each cell encoded, decoded, compared, copied or marked.
    public static let cell: Int64 = 4
    /// Bytes encoded, decoded, copied or allocated for one unit.
    public static let bytesPerGasShift: Int64 = 2
    /// For each byte of an object's encoding whenever it is put into state: it is hashed and written out.
    public static let storedByte: Int64 = 1
    /// A BLAKE2b-256 that an access makes of its keys.
    public static let keyHash: Int64 = 250
    /// Bytes hashed for one unit.
    public static let hashedBytesPerGas: Int64 = 1
    /// A contract that a transaction meets for the first time. Its verification was paid when it was deployed.
    public static let coldContract: Int64 = 5_000
    /// A byte that a receipt keeps: of an event, a result, a declared error. As much as a byte of a transaction.
    public static let receiptByte: Int64 = 20
    /// Bytes that an event counts for beside its payload: contract and name.
    public static let eventBytes = 64
    /// For each element of a sum or a search.
    public static let element: Int64 = 2
    /// Elements up to which a list lies in the processor's nearer caches.
    public static let nearElements: UInt32 = 4_096
    /// For reading or writing an element of a longer list.
    public static let farElement: Int64 = 10
    /// For each comparison of a sort: an element times the logarithm of the count.
    public static let comparison: Int64 = 3
    /// For each phase of a round that time or conditions pass over.
    public static let phase: Int64 = 20
    /// For each part of a split.
    public static let part: Int64 = 20
    /// The check that a contract implements an interface.
    public static let interfaceCheck: Int64 = 60
    /// Finding the function of a method anew, when the last call went to another contract.
    public static let methodSearch: Int64 = 300
    /// A comparison with an integer wider than 256 bits.
    public static let wideComparison: Int64 = 30
    /// The signature check of a byte of message.
    public static let signedByte: Int64 = 4
    /// For each index drawn, beside the hashes of its random words.
    public static let drawnIndex: Int64 = 60

    public static func bytes(_ count: Int) -> Int64 { Int64(count) &>> bytesPerGasShift }

    /// A sort of `count` elements: n ⌈log2 n⌉ comparisons.
    public static func sort(_ count: Int) -> Int64 {
        let levels = Int64(count.bitWidth - max(0, count - 1).leadingZeroBitCount)
        return Int64(count) * (levels + 2) * comparison
    }
}
