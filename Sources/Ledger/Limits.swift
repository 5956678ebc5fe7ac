/// The sizes that no input may pass; decoders check them before they allocate.
public enum Limits {
    /// The bytes of one encoded transaction.
    public static let transactionByteCount = 4 << 20
    /// The bytes of an artefact in a deploy transaction.
    public static let artefactByteCount = 1 << 20
    /// The bytes of the encoded arguments of a call or a deployment.
    public static let argumentByteCount = 2 << 20
    /// The UTF-8 bytes of an entry's name.
    public static let entryNameByteCount = 255
    /// The transactions of a block.
    public static let blockTransactionCount = 1 << 16
    /// The bytes of one encoded block.
    public static let blockByteCount = 64 << 20
    /// The events of one receipt.
    public static let eventCount = 1 << 16
    /// The bytes of one event's name and of a failure's code.
    public static let nameByteCount = 255
    /// The bytes of one event's payload, of a result and of a failure's payload.
    public static let payloadByteCount = 4 << 20
    /// The bytes of one encoded receipt.
    public static let receiptByteCount = 64 << 20
    /// The bytes of a value in the state.
    public static let stateValueByteCount = 4 << 20
    /// The accounts of a genesis file.
    public static let genesisAccountCount = 1 << 16
    /// The bytes of a genesis file.
    public static let genesisByteCount = 16 << 20
}
