import Crypto
import Numerics
import Semantics

/// An event as a world recorded it.
public struct EventRecord: Hashable, Sendable {
    /// The address of the contract that emitted it.
    public let address: Bytes32
    public let contract: ContractID
    /// Index into the contract's events.
    public let index: Int
    public let values: [Value]

    public init(address: Bytes32, contract: ContractID, index: Int, values: [Value]) {
        self.address = address
        self.contract = contract
        self.index = index
        self.values = values
    }
}

/// What tests and the REPL act upon: the same body runs against the reference evaluator and against the machine.
///
/// Every operation either succeeds or changes nothing.
public protocol World: AnyObject {
    /// The block height that the next transaction sees.
    var height: Int { get }
    /// Identifies the chain: `chain` in contracts.
    var chainID: Bytes32 { get }
    /// By which durations in units of time become blocks; at least 1.
    var blockIntervalMilliseconds: Int { get }

    /// Deploys a contract in a transaction of its own and gives its address: that of the deployer and the number of
    /// deployments before. A Token argument is an amount, taken from the actor's balance.
    func deploy(_ contract: ContractID, arguments: [Value], actor: Bytes32) throws(Failure) -> Bytes32

    /// Calls an action or view in a transaction of its own. A Token argument is an amount, taken from the actor's
    /// balance; a Token result is credited to the actor and comes back as its amount.
    func call(
        _ function: FunctionID, of contract: ContractID, at address: Bytes32, arguments: [Value], actor: Bytes32
    ) throws(Failure) -> Value

    /// Whether a contract that implements the interface lives at the address: NoSuchContract, InterfaceMismatch.
    func checkInterface(_ interface: InterfaceID, at address: Bytes32) throws(Failure)

    /// Lets `blocks` ≥ 0 pass; Overflow when the height would pass 2^63 − 1.
    func advance(blocks: BigInt) throws(Failure)

    /// The free balance of an account or contract; vaults do not count.
    func balance(of address: Bytes32, asset: Bytes32) -> BigInt

    /// What all vaults of the contract at an address hold of an asset; nothing where no contract is.
    func holding(of asset: Bytes32, in address: Bytes32) throws(Failure) -> BigInt

    /// The id of an asset of a deployed contract: NoSuchContract, AssetNotBound.
    func assetID(_ index: AssetIndex, of contract: ContractID, at address: Bytes32) throws(Failure) -> Bytes32

    /// Issues native coin to an address; Overflow when the supply would pass 2^256 − 1.
    func grant(_ amount: BigInt, to address: Bytes32) throws(Failure)

    /// Gas of the last call or deployment, failed ones included; 0 where gas is not modelled.
    var lastGasUsed: Int64 { get }
    /// Gas used since the world began, failed calls included; 0 where gas is not modelled.
    var totalGasUsed: Int64 { get }

    /// Remembers the whole world.
    func checkpoint() -> Int
    /// Restores what `checkpoint` remembered, and forgets it and all later ones.
    func rollBack(to checkpoint: Int)
    /// Forgets a checkpoint and all later ones; the world stays as it is.
    func discard(checkpoint: Int)

    /// All events since the world began, those of failed transactions excepted.
    var events: [EventRecord] { get }
}

extension World {
    /// The block interval of tests and the REPL.
    public static var defaultBlockIntervalMilliseconds: Int { Round.testBlockIntervalMilliseconds }
}

/// Addresses of tests and the REPL.
public enum Actors {
    /// Acts where a test names nobody.
    public static let defaultName = "tester"
    private static let domain = HashDomain("agon.actor.v1")

    /// The address that `actor(name)` stands for.
    public static func address(named name: String) -> Bytes32 {
        Blake2b.hash(domain: domain, Array(name.utf8))
    }

    /// The key with which an address proves values of the verifiable random function: `vrfKey` and `vrfProof` in tests.
    public static func provingKey(of address: Bytes32) -> SigningKey {
        SigningKey(seed: Blake2b.hash(domain: HashDomain("agon.actor.vrf.1"), address.bytes))
    }
}
