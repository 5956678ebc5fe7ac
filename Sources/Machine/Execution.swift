import Bytecode
import Crypto
import Verifier

/// What the machine reads of the chain: the state before the transaction, and the contracts.
public protocol StateReader {
    /// The bytes under a state key; nil when there are none.
    func read(_ key: Bytes32) -> [UInt8]?
    /// The verified code of a contract.
    func module(at address: Bytes32) -> VerifiedModule?
    /// The randomness of a block before the one that the transaction runs in; nil when that block has none.
    func randomness(at height: UInt64) -> Bytes32?
}

/// The block that a transaction runs in.
public struct BlockContext: Sendable, Hashable {
    public var chainID: Bytes32
    public var height: UInt64
    /// By which durations in units of time become blocks; at least 1.
    public var blockIntervalMilliseconds: UInt64

    public init(chainID: Bytes32, height: UInt64, blockIntervalMilliseconds: UInt64) {
        self.chainID = chainID
        self.height = height
        self.blockIntervalMilliseconds = blockIntervalMilliseconds
    }
}

/// A call of an action or a view from outside.
public struct CallRequest: Sendable, Hashable {
    public var contract: Address
    /// The name of the entry.
    public var entry: String
    /// The arguments in canonical encoding, one after the other; a token argument is its amount.
    public var arguments: [UInt8]
    public var caller: Address
    /// In gas, zero or more.
    public var gasLimit: Int64
    /// Refuse everything but views.
    public var isReadOnly: Bool

    public init(
        contract: Address, entry: String, arguments: [UInt8], caller: Address, gasLimit: Int64, isReadOnly: Bool = false
    ) {
        self.contract = contract
        self.entry = entry
        self.arguments = arguments
        self.caller = caller
        self.gasLimit = gasLimit
        self.isReadOnly = isReadOnly
    }
}

/// The construction of a contract: its initialiser runs at an address that has no code yet.
public struct DeployRequest: Sendable {
    public var module: VerifiedModule
    public var address: Address
    /// The arguments of `init` in canonical encoding.
    public var arguments: [UInt8]
    public var deployer: Address
    public var gasLimit: Int64

    public init(module: VerifiedModule, address: Address, arguments: [UInt8], deployer: Address, gasLimit: Int64) {
        self.module = module
        self.address = address
        self.arguments = arguments
        self.deployer = deployer
        self.gasLimit = gasLimit
    }
}

/// Which error ended a call.
public enum FailureCode: Sendable, Hashable, CustomStringConvertible {
    case builtin(BuiltinFailure)
    /// An error that the failing contract declares, by its index in the module.
    case declared(index: Int, name: String)

    /// The name that the ABI uses.
    public var name: String {
        switch self {
        case .builtin(let failure): failure.name
        case .declared(_, let name): name
        }
    }
    public var description: String { name }
}

/// A place in the source of a contract.
public struct SourcePosition: Sendable, Hashable, CustomStringConvertible {
    public var file: String
    public var line: Int
    public var column: Int

    public init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
    public var description: String { "\(file):\(line):\(column)" }
}

/// Where a function stood when a call failed.
public struct TraceFrame: Sendable, Hashable {
    public var contract: Address
    /// The name of the function.
    public var function: String
    /// The word of the function's code.
    public var word: Int
    public var position: SourcePosition?

    public init(contract: Address, function: String, word: Int, position: SourcePosition?) {
        self.contract = contract
        self.function = function
        self.word = word
        self.position = position
    }
}

/// Why a call failed.
public struct Failure: Sendable, Hashable, Error {
    public var code: FailureCode
    /// The error's payload in canonical encoding.
    public var payload: [UInt8]
    /// The contract in which the error was raised.
    public var contract: Address
    public var position: SourcePosition?
    /// The active functions, the failing one first.
    public var trace: [TraceFrame]

    public init(
        code: FailureCode, payload: [UInt8] = [], contract: Address, position: SourcePosition? = nil,
        trace: [TraceFrame] = []
    ) {
        self.code = code
        self.payload = payload
        self.contract = contract
        self.position = position
        self.trace = trace
    }
}

/// An event as the receipt holds it.
public struct EmittedEvent: Sendable, Hashable {
    public var contract: Address
    /// Its index in the module.
    public var index: Int
    public var name: String
    /// The payload in canonical encoding.
    public var payload: [UInt8]

    public init(contract: Address, index: Int, name: String, payload: [UInt8]) {
        self.contract = contract
        self.index = index
        self.name = name
        self.payload = payload
    }
}

/// One changed entry of the state; no value: removed.
public struct StateWrite: Sendable, Hashable {
    public var key: Bytes32
    public var value: [UInt8]?

    public init(key: Bytes32, value: [UInt8]?) {
        self.key = key
        self.value = value
    }
}

/// What a transaction minted and burned of an asset; magnitudes are big-endian without leading zeros.
public struct SupplyChange: Sendable, Hashable {
    public var asset: AssetID
    public var minted: [UInt8]
    public var burned: [UInt8]

    public init(asset: AssetID, minted: [UInt8], burned: [UInt8]) {
        self.asset = asset
        self.minted = minted
        self.burned = burned
    }
}

/// An entry of the books that a call changed. The ledger adds these up on its own, so they name what the state key
/// hides.
public struct BookEntry: Sendable, Hashable {
    public enum Kind: UInt8, Sendable, Hashable {
        case balance, supply, holding
    }

    public var kind: Kind
    public var asset: AssetID
    /// The address of the balance or the contract of the vaults; zero for a supply.
    public var holder: Address
    /// The new amount, a big-endian magnitude without leading zeros; empty: the entry is removed.
    public var amount: [UInt8]

    public init(kind: Kind, asset: AssetID, holder: Address, amount: [UInt8]) {
        self.kind = kind
        self.asset = asset
        self.holder = holder
        self.amount = amount
    }
}

/// What became of a call. After a failure there are no events, writes, book entries and supply changes.
public struct ExecutionResult: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
        /// The result in canonical encoding; empty when there is none. A token result is its amount.
        case success([UInt8])
        case failure(Failure)
    }

    public var outcome: Outcome
    /// At most the limit.
    public var gasUsed: Int64
    public var events: EventLog
    /// Ascending by key; without the books.
    public var writes: [StateWrite]
    /// The changed entries of the books, each once.
    public var bookEntries: [BookEntry]
    /// Ascending by asset.
    public var supplyChanges: [SupplyChange]

    public init(
        outcome: Outcome, gasUsed: Int64, events: EventLog = EventLog(), writes: [StateWrite] = [],
        bookEntries: [BookEntry] = [], supplyChanges: [SupplyChange] = []
    ) {
        self.outcome = outcome
        self.gasUsed = gasUsed
        self.events = events
        self.writes = writes
        self.bookEntries = bookEntries
        self.supplyChanges = supplyChanges
    }
}
