import Crypto

/// Runs contracts for the ledger: the machine, or a small stand-in of a test.
///
/// An engine is deterministic and total: it ends within the gas limit and reports every failure as a value. It reads
/// the state through the session and never changes it; the ledger applies what the result lists.
public protocol ExecutionEngine: AnyObject {
    /// Calls an entry of a contract.
    func call(_ request: EngineCall, context: EngineContext, state: any EngineState) -> EngineResult
    /// Checks an artefact and runs its `init` as the contract at an address that has no code yet.
    func deploy(_ request: EngineDeployment, context: EngineContext, state: any EngineState) -> EngineResult
}

/// What an engine may read.
public protocol EngineState: AnyObject {
    /// The value under a state key; nil when there is none.
    func value(for key: Bytes32) -> [UInt8]?
    /// The balance of an account, or of a contract outside its vaults.
    func balance(of address: Address, asset: AssetID) -> Amount
    /// How much of an asset exists.
    func supply(of asset: AssetID) -> Amount
    /// What a contract's vaults hold of an asset in all.
    func holding(of contract: Address, asset: AssetID) -> Amount
    /// The artefact of a contract; nil when the address has none.
    func artefact(of contract: Address) -> [UInt8]?
    /// The randomness of a block that is committed; nil when the block has none.
    func randomness(at height: UInt64) -> Hash?
    /// Reports that the engine cannot work, for a reason that is no part of consensus: nothing may be committed.
    func report(fault reason: String)
}

/// The block in which an engine runs.
public struct EngineContext: Hashable, Sendable {
    /// The chain's id.
    public var chainID: Hash
    /// The height of the block being made, or of the next block for a view.
    public var height: UInt64
    /// The chain's block interval, by which durations become blocks.
    public var blockIntervalMilliseconds: UInt64

    /// A context of its parts.
    public init(chainID: Hash, height: UInt64, blockIntervalMilliseconds: UInt64) {
        self.chainID = chainID
        self.height = height
        self.blockIntervalMilliseconds = blockIntervalMilliseconds
    }
}

/// A call of a contract's entry.
public struct EngineCall: Hashable, Sendable {
    /// The contract called.
    public var contract: Address
    /// The name of the action or view.
    public var entry: String
    /// The canonically encoded arguments, one after the other.
    public var arguments: [UInt8]
    /// Who calls.
    public var caller: Address
    /// The most gas that the call may use.
    public var gasLimit: UInt64
    /// Whether only a view may be called.
    public var isReadOnly: Bool

    /// A call of its parts.
    public init(
        contract: Address, entry: String, arguments: [UInt8], caller: Address, gasLimit: UInt64, isReadOnly: Bool
    ) {
        self.contract = contract
        self.entry = entry
        self.arguments = arguments
        self.caller = caller
        self.gasLimit = gasLimit
        self.isReadOnly = isReadOnly
    }
}

/// The creation of a contract.
public struct EngineDeployment: Hashable, Sendable {
    /// The address of the contract to be.
    public var contract: Address
    /// The artefact's bytes, not checked yet.
    public var artefact: [UInt8]
    /// The canonically encoded arguments of `init`.
    public var arguments: [UInt8]
    /// Who deploys.
    public var caller: Address
    /// The most gas that check and `init` may use.
    public var gasLimit: UInt64

    /// A deployment of its parts.
    public init(contract: Address, artefact: [UInt8], arguments: [UInt8], caller: Address, gasLimit: UInt64) {
        self.contract = contract
        self.artefact = artefact
        self.arguments = arguments
        self.caller = caller
        self.gasLimit = gasLimit
    }
}

/// Why a transaction or a view failed.
public struct ExecutionFailure: Hashable, Sendable {
    /// The stable name of the failure, such as `OutOfGas`, or of the contract's own error.
    public var code: String
    /// The canonically encoded payload of a contract's own error.
    public var payload: [UInt8]
    /// Where it happened, for people; no part of any encoding.
    public var trace: [String]

    /// A failure of its parts.
    public init(code: String, payload: [UInt8] = [], trace: [String] = []) {
        self.code = code
        self.payload = payload
        self.trace = trace
    }
}

/// How a run ended.
public enum ExecutionOutcome: Hashable, Sendable {
    /// It returned these canonically encoded results.
    case success([UInt8])
    /// It failed, and none of its effects remain.
    case failure(ExecutionFailure)

    /// Whether it succeeded.
    public var isSuccess: Bool {
        if case .success = self { return true }
        return false
    }
}

/// An event of a contract.
public struct Event: Hashable, Sendable {
    /// The contract that emitted it.
    public var contract: Address
    /// Its name in the contract's interface.
    public var name: String
    /// Its canonically encoded fields.
    public var payload: [UInt8]

    /// An event of its parts.
    public init(contract: Address, name: String, payload: [UInt8]) {
        self.contract = contract
        self.name = name
        self.payload = payload
    }
}

/// What a run did. The lists are empty after a failure.
public struct EngineResult: Hashable, Sendable {
    /// A storage entry written; a nil value removes it.
    public struct Write: Hashable, Sendable {
        /// The state key.
        public var key: Bytes32
        /// The new value.
        public var value: [UInt8]?

        /// A write of its parts.
        public init(key: Bytes32, value: [UInt8]?) {
            self.key = key
            self.value = value
        }
    }

    /// The new balance of an address.
    public struct BalanceWrite: Hashable, Sendable {
        /// The account, or the contract outside its vaults.
        public var address: Address
        /// The asset.
        public var asset: AssetID
        /// What it has afterwards.
        public var amount: Amount

        /// A balance of its parts.
        public init(address: Address, asset: AssetID, amount: Amount) {
            self.address = address
            self.asset = asset
            self.amount = amount
        }
    }

    /// What the vaults of a contract hold in all.
    public struct HoldingWrite: Hashable, Sendable {
        /// The contract.
        public var contract: Address
        /// The asset.
        public var asset: AssetID
        /// What they hold afterwards.
        public var amount: Amount

        /// A holding of its parts.
        public init(contract: Address, asset: AssetID, amount: Amount) {
            self.contract = contract
            self.asset = asset
            self.amount = amount
        }
    }

    /// What was minted and burned of an asset, and how much of it exists afterwards.
    public struct SupplyChange: Hashable, Sendable {
        /// The asset.
        public var asset: AssetID
        /// What came into being.
        public var minted: Amount
        /// What ceased to be.
        public var burned: Amount
        /// What exists afterwards.
        public var supply: Amount

        /// A change of its parts.
        public init(asset: AssetID, minted: Amount, burned: Amount, supply: Amount) {
            self.asset = asset
            self.minted = minted
            self.burned = burned
            self.supply = supply
        }
    }

    /// How it ended.
    public var outcome: ExecutionOutcome
    /// The gas it used, at most the limit.
    public var gasUsed: UInt64
    /// Its events in order.
    public var events: [Event] = []
    /// The storage entries written, each key once.
    public var writes: [Write] = []
    /// The balances changed, each once.
    public var balances: [BalanceWrite] = []
    /// The holdings changed, each once.
    public var holdings: [HoldingWrite] = []
    /// The changes of supplies.
    public var supplies: [SupplyChange] = []

    /// A result that changes nothing, to be filled in.
    public init(outcome: ExecutionOutcome, gasUsed: UInt64) {
        self.outcome = outcome
        self.gasUsed = gasUsed
    }
}
