import Crypto
import Ledger

/// Reads at the last committed block.
extension Chain {
    /// What the account or the contract outside its vaults has of an asset.
    public func balance(of address: Address, asset: AssetID = .nativeCoin) throws -> Amount {
        try read { $0.balance(of: address, asset: asset) }
    }

    /// The count of an account's included transactions: the nonce of its next one, when none wait.
    public func nonce(of address: Address) throws -> UInt64 {
        try read { $0.nonce(of: address) }
    }

    /// The nonce after the account's waiting transactions.
    public func nextNonce(of address: Address) throws -> UInt64 {
        queue.nonce(of: address, startingAt: try nonce(of: address))
    }

    /// How much of an asset exists.
    public func supply(of asset: AssetID) throws -> Amount {
        try read { $0.supply(of: asset) }
    }

    /// What a contract's vaults hold of an asset in all.
    public func holding(of contract: Address, asset: AssetID) throws -> Amount {
        try read { $0.holding(of: contract, asset: asset) }
    }

    /// The artefact of a contract; nil when the address has none.
    public func artefact(of contract: Address) throws -> [UInt8]? {
        try read { $0.artefact(of: contract) }
    }

    /// The bytes of code and storage that the deposits stand for.
    public func storedByteCount() throws -> UInt64 {
        try read { $0.storedByteCount }
    }

    /// The value under a state key; nil when there is none.
    public func stateValue(for key: Bytes32) throws -> [UInt8]? {
        try read { $0.value(for: key) }
    }

    /// The value under a state key with the proof of it, or of its absence, against the head's state root.
    public func proof(of key: Bytes32) throws -> (value: [UInt8]?, proof: StateProof) {
        let value = try stateValue(for: key)
        let proof = try StateTree.prove(root: head.stateRoot, key: key, tree: try readStore())
        return (value, proof)
    }

    /// Calls a view of a contract as it would run in the next block.
    public func view(
        contract: Address, entry: String, arguments: [UInt8] = [], caller: Address = .zero,
        gasLimit: UInt64 = Chain.viewGasLimit
    ) throws -> EngineResult {
        try session().view(
            contract: contract, entry: entry, arguments: arguments, caller: caller, gasLimit: gasLimit)
    }

    /// The gas limit of a view that names none.
    public static let viewGasLimit: UInt64 = 1_000_000_000_000

    /// Runs code against the committed state and the context of the next block, for tools.
    public func withState<Result>(_ body: (LedgerState, EngineContext) throws -> Result) throws -> Result {
        let session = try session()
        let result = try body(session.state, session.context)
        if let fault = session.state.fault { throw fault }
        return result
    }

    /// The header of a block; nil above the head.
    public func header(at height: UInt64) throws -> BlockHeader? {
        guard height <= head.height else { return nil }
        return try readStore().header(at: height)
    }

    /// A block; nil above the head.
    public func block(at height: UInt64) throws -> Block? {
        guard height <= head.height else { return nil }
        return try readStore().block(at: height)
    }

    /// The receipts of a block in the order of its transactions; nil above the head.
    public func receipts(at height: UInt64) throws -> [Receipt]? {
        guard height <= head.height else { return nil }
        return try readStore().receipts(at: height)
    }

    /// The receipt of an included transaction and the height of its block; nil for one that was not included.
    public func receipt(of transactionID: Hash) throws -> (receipt: Receipt, height: UInt64)? {
        let store = try readStore()
        guard let place = try store.place(of: transactionID) else { return nil }
        guard let receipts = try store.receipts(at: place.height), place.index < receipts.count,
            receipts[place.index].transactionID == transactionID
        else { throw StoreError.damaged("the place of transaction \(transactionID)") }
        return (receipts[place.index], place.height)
    }

    /// Walks all blocks from the first to the head and checks that each names its parent and holds what it commits to,
    /// and that its randomness is proved.
    public func verifyHistory() throws {
        var parentHash = Hash.zero
        var parent: BlockHeader?
        for height in 0...head.height {
            guard let block = try block(at: height), try receipts(at: height) != nil,
                block.header.parentHash == parentHash, block.header.chainID == chainID
            else { throw StoreError.damaged("block \(height)") }
            if let key = parameters.producerKey, let parent {
                guard let randomness = block.header.randomness, randomness.isValid(after: parent, key: key) else {
                    throw StoreError.damaged("the randomness of block \(height)")
                }
            }
            parentHash = block.header.hash
            parent = block.header
        }
        guard parentHash == head.hash else { throw StoreError.damaged("the head") }
    }

    private func read<Result>(_ body: (LedgerState) -> Result) throws -> Result {
        let state = try readState()
        let result = body(state)
        if let fault = state.fault { throw fault }
        return result
    }
}
