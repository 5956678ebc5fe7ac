import Bytecode
import Crypto
import Machine

/// The rules of a chain, fixed for its life.
public struct ChainParameters: Hashable, Sendable {
    /// The chain's name, for people.
    public var name: String
    /// The time from block to block, in milliseconds; durations in contracts convert by it.
    public var blockIntervalMilliseconds: UInt64
    /// The most gas that the transactions of a block may have as their limits together.
    public var blockGasLimit: UInt64
    /// The least gas price that is included, in the smallest unit of the native coin.
    public var minimumGasPrice: UInt64
    /// The version of the gas schedule.
    public var gasScheduleVersion: UInt64
    /// The deposit for each byte stored, in the smallest unit of the native coin.
    public var storageDepositPerByte: UInt64
    /// Who receives the fees.
    public var producer: Address
    /// Under which every block's randomness is proved; nil for a chain without block randomness, on which no beacon
    /// ever has a seed.
    public var producerKey: PublicKey?

    /// Parameters of their parts.
    public init(
        name: String, blockIntervalMilliseconds: UInt64 = 1000, blockGasLimit: UInt64 = 10_000_000_000,
        minimumGasPrice: UInt64 = 1, gasScheduleVersion: UInt64 = 1, storageDepositPerByte: UInt64 = 1000,
        producer: Address = SystemAddresses.fees, producerKey: PublicKey? = nil
    ) {
        self.name = name
        self.blockIntervalMilliseconds = blockIntervalMilliseconds
        self.blockGasLimit = blockGasLimit
        self.minimumGasPrice = minimumGasPrice
        self.gasScheduleVersion = gasScheduleVersion
        self.storageDepositPerByte = storageDepositPerByte
        self.producer = producer
        self.producerKey = producerKey
    }
}

/// The start of a chain: its parameters and the first holders of the native coin.
public struct Genesis: Hashable, Sendable {
    /// A first holder.
    public struct Account: Hashable, Sendable {
        /// The address.
        public var address: Address
        /// Its native coin, in the smallest unit.
        public var balance: Amount

        /// A holder of its parts.
        public init(address: Address, balance: Amount) {
            self.address = address
            self.balance = balance
        }
    }

    /// The rules.
    public var parameters: ChainParameters
    /// The first holders, in ascending order of distinct addresses.
    public private(set) var accounts: [Account]

    /// A genesis of its parts; throws when an address occurs twice, or a size or the sum of balances is too large.
    public init(parameters: ChainParameters, accounts: [Account]) throws(GenesisError) {
        let sorted = accounts.sorted { $0.address < $1.address }
        for (first, second) in zip(sorted, sorted.dropFirst()) where first.address == second.address {
            throw .invalid("accounts", "the address \(first.address.addressText) occurs twice")
        }
        guard sorted.count <= Limits.genesisAccountCount else {
            throw .invalid("accounts", "there are more than \(Limits.genesisAccountCount)")
        }
        guard parameters.name.utf8.count <= Limits.nameByteCount else {
            throw .invalid("chain", "the name is longer than \(Limits.nameByteCount) bytes")
        }
        guard parameters.blockIntervalMilliseconds > 0 else {
            throw .invalid("blockIntervalMilliseconds", "it must be above zero")
        }
        guard (1...UInt64(Int64.max)).contains(parameters.blockGasLimit) else {
            throw .invalid("blockGasLimit", "it must be from 1 to 2^63 − 1")
        }
        guard parameters.gasScheduleVersion == Genesis.gasScheduleVersion else {
            throw .invalid("gasScheduleVersion", "only version \(Genesis.gasScheduleVersion) is known")
        }
        if let key = parameters.producerKey, !VerifiableRandom.accepts(key: key) {
            throw .invalid("producerKey", "it is no key of the verifiable random function")
        }
        self.parameters = parameters
        self.accounts = sorted
        guard supply != nil else { throw .invalid("accounts", "the balances sum up to more than 2^256 − 1") }
    }

    /// The one version of the gas schedule.
    public static let gasScheduleVersion: UInt64 = 1

    /// All native coin; nil never occurs in a genesis that was made.
    var supply: Amount? {
        var sum = Amount.zero
        for account in accounts {
            guard let next = sum.adding(account.balance) else { return nil }
            sum = next
        }
        return sum
    }

    /// The chain's id: the digest of everything here, so two chains never share transactions by mistake.
    public var chainID: Hash {
        Blake2b.hash(domain: .genesis, encoded())
    }

    /// The canonical encoding.
    public func encoded() -> [UInt8] {
        var writer = CanonicalWriter()
        writer.write(parameters.name)
        writer.write(count: parameters.blockIntervalMilliseconds)
        writer.write(count: parameters.blockGasLimit)
        writer.write(count: parameters.minimumGasPrice)
        writer.write(count: parameters.gasScheduleVersion)
        writer.write(count: parameters.storageDepositPerByte)
        writer.write(parameters.producer)
        writer.write(count: accounts.count)
        for account in accounts {
            writer.write(account.address)
            writer.write(account.balance)
        }
        // At the end and only where there is one, so that a chain without it keeps its id.
        if let key = parameters.producerKey { writer.write(key.encoded) }
        return writer.bytes
    }

    /// The entries of the first state, in ascending order of their keys.
    public func stateEntries() -> [EngineResult.Write] {
        var entries: [EngineResult.Write] = []
        for account in accounts where !account.balance.isZero {
            entries.append(
                EngineResult.Write(
                    key: StateKeys.balance(asset: .nativeCoin, address: account.address),
                    value: account.balance.canonicalBytes))
        }
        if let supply, !supply.isZero {
            entries.append(
                EngineResult.Write(key: StateKeys.supply(asset: .nativeCoin), value: supply.canonicalBytes))
        }
        return entries.sorted { $0.key < $1.key }
    }

    /// The header of block 0 over the first state's root. Its timestamp is zero, so equal genesis files give equal
    /// blocks.
    public func header(stateRoot: Hash) -> BlockHeader {
        BlockHeader(
            chainID: chainID, height: 0, parentHash: .zero, timestampMilliseconds: 0, producer: parameters.producer,
            gasUsed: 0, transactionsRoot: BlockHeader.transactionsRoot(of: []),
            receiptsRoot: BlockHeader.receiptsRoot(of: []), stateRoot: stateRoot)
    }
}

/// Why a genesis file is refused.
public enum GenesisError: CodedError, Equatable {
    /// The file is larger than ``Limits/genesisByteCount``.
    case tooLarge
    /// The bytes are not UTF-8.
    case notText
    /// The text is not JSON.
    case syntax(CodingError)
    /// A field is missing.
    case missingField(String)
    /// A field that no genesis file has.
    case unknownField(String)
    /// A field whose value cannot be used, and why.
    case invalid(String, String)

    public var code: String {
        switch self {
        case .tooLarge: "genesis.size"
        case .notText, .syntax: "genesis.syntax"
        case .missingField: "genesis.missing"
        case .unknownField: "genesis.unknown"
        case .invalid: "genesis.value"
        }
    }

    public var message: String {
        switch self {
        case .tooLarge: "the genesis file is larger than \(Limits.genesisByteCount) bytes"
        case .notText: "the genesis file is not UTF-8 text"
        case .syntax(let error): "the genesis file is not JSON: \(error.message)"
        case .missingField(let field): "the genesis file lacks the field \(field)"
        case .unknownField(let field): "the genesis file has the unknown field \(field)"
        case .invalid(let field, let reason): "the genesis file's \(field) cannot be used: \(reason)"
        }
    }
}
