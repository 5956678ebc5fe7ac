import Bytecode
import Crypto
import Numerics
import Verifier

/// A contract that a transaction has met.
struct ContractRecord {
    var address: Address
    var module: PreparedModule
    /// Index among the modules that the machine keeps alive.
    var moduleIndex: Int32
    var isActive: Bool
    /// For each asset its number in the transaction, above it the checkpoint within which it was last paid for; -1
    /// until it is asked for.
    var assets: UnsafeMutablePointer<Int64>
    /// For each import the contract it was last called on and that one's function.
    var imports: UnsafeMutablePointer<ImportCache>
}

/// Where a call of an imported method went last.
struct ImportCache {
    /// 0: nowhere yet.
    var contract: UInt32
    var function: Int32
    /// The newest checkpoint within which the search was paid.
    var touched: UInt32 = 0
}

/// Where a call returns to.
struct Frame {
    /// Nil: out of the contract.
    var code: UnsafeRawPointer?
    var words: UnsafeMutablePointer<Int64>
}

/// An event in the buffer.
struct EventRecord: Sendable {
    var contract: UInt32
    var event: Int32
    var start: Int
    var count: Int
}

/// One step of a traced run.
public struct TraceStep: Sendable, Hashable {
    /// Number of the contract in the transaction, in order of first access, from 1.
    public var contract: UInt32
    public var address: Address
    public var function: Int
    public var word: Int
    /// Gas left before the instruction, its block being paid.
    public var gas: Int64
}

/// Everything that instructions work on, at a fixed address.
///
/// It is reached through an `UnsafeMutablePointer` only, never through a class, so that the interpreter meets neither
/// reference counts nor exclusivity checks.
struct Context {
    // The running contract.
    var gas: Int64 = 0
    var contract: UnsafeMutablePointer<ContractRecord>
    var contractNumber: UInt32 = 0
    var depth = 0
    var frames: UnsafeMutablePointer<Frame>
    var module: PreparedModule { contract.pointee.module }

    // The call's circumstances.
    var caller = Bytes32.zero
    var chain = Bytes32.zero
    var height: UInt64 = 0
    /// At least 1.
    var blockIntervalMilliseconds: Int64 = 1

    // Memory.
    var arena: Arena
    var overlay: Overlay
    let scratch: UnsafeMutablePointer<ByteBuffer>
    let eventBytes: UnsafeMutablePointer<ByteBuffer>
    var events: UnsafeMutablePointer<EventRecord>
    var eventCount = 0
    /// Attempts begun; those within one that failed for want of means are forgotten.
    var attemptCount = 0
    /// Within an attempt on a function of the running contract its checkpoint, else 0: what was paid for before that
    /// is to be paid for again.
    var freshSince: UInt32 = 0
    /// What the attempt has been charged a second time, to be given back at its end.
    var paidAgain: Int64 = 0
    /// Contracts that the attempt may still meet, known ones included.
    var contractsLeft = Int.max
    /// Values in memory that attempts have met again.
    var objectsMetAgain = 0
    let words: UnsafeMutablePointer<Int64>
    let homes: UnsafeMutablePointer<UInt64>
    let registerCapacity: Int
    let frameBase: UnsafeMutablePointer<Frame>
    var contracts: UnsafeMutablePointer<ContractRecord>
    var contractCount = 1
    var assets: UnsafeMutablePointer<AssetID>
    var assetCount = 0

    // What failed, and where.
    var status = Status.ok
    var errorIndex: Int32 = 0
    var isTraced = false
    /// Every contract's registers are a block of their own.
    let isExact: Bool

    /// The machine, for what only it can do: read the chain, keep objects alive.
    let machine: Unmanaged<Machine>

    static let eventLimit = 1 << 16
    static let eventBytesLimit = 4 << 20
    static let scratchBytesLimit = 64 << 20
    static let contractLimit = 1_024
    static let assetLimit = 1_024
}

typealias Words = UnsafeMutablePointer<Int64>
typealias Homes = UnsafeMutablePointer<UInt64>

extension UnsafeMutablePointer<Context> {
    /// Takes gas; false when there is not as much. What is left is then gone with the failure.
    @inline(__always)
    func charge(_ amount: Int64) -> Bool {
        pointee.gas &-= amount
        return pointee.gas >= 0
    }

    /// Arena memory, charged by the byte; nil with `status` set.
    func allocate(_ bytes: Int) -> UnsafeMutableRawPointer? {
        if !charge(MachineCosts.bytes(bytes)) {
            pointee.status = Status(.outOfGas)
            return nil
        }
        guard let block = pointee.arena.allocate(bytes: bytes) else {
            pointee.status = Status(.outOfMemory)
            return nil
        }
        return block
    }

    func type(_ index: Int32) -> PreparedType { pointee.contract.pointee.module.types[Int(index)] }

    /// Runs an integer operation that charges for wide operands.
    @inline(__always)
    func arithmetic(_ operation: (UnsafeMutablePointer<Int64>, Arena) -> ArithmeticStatus) -> Status {
        var gas = pointee.gas
        let status = operation(&gas, pointee.arena)
        pointee.gas = gas
        return Status(arithmetic: status)
    }
}

/// Copies a cell: the word, and the home when it is live.
@inline(__always)
func copyCell(
    _ toWord: UnsafeMutablePointer<Int64>, _ toHome: UnsafeMutablePointer<UInt64>, _ word: Int64,
    _ home: UnsafePointer<UInt64>
) {
    if word & 3 == 1 {
        UnsafeMutableRawPointer(toHome).storeBytes(
            of: UnsafeRawPointer(home).loadUnaligned(as: SIMD4<UInt64>.self), as: SIMD4<UInt64>.self)
    }
    toWord.pointee = word
}

/// The object at which a reference points; a verified register of an object type always holds one.
@inline(__always)
func object(_ word: Int64) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(bitPattern: Int(truncatingIfNeeded: word)).unsafelyUnwrapped
}

@inline(__always)
func reference(_ object: UnsafeMutableRawPointer) -> Int64 { Int64(Int(bitPattern: object)) }

extension UnsafeMutableRawPointer {
    @inline(__always) var count: UInt32 {
        get { load(fromByteOffset: ObjectLayout.countOffset, as: UInt32.self) }
        nonmutating set { storeBytes(of: newValue, toByteOffset: ObjectLayout.countOffset, as: UInt32.self) }
    }
    @inline(__always) var capacity: UInt32 {
        get { load(fromByteOffset: ObjectLayout.capacityOffset, as: UInt32.self) }
        nonmutating set { storeBytes(of: newValue, toByteOffset: ObjectLayout.capacityOffset, as: UInt32.self) }
    }
    @inline(__always) var tag: UInt32 {
        get { load(fromByteOffset: ObjectLayout.tagOffset, as: UInt32.self) }
        nonmutating set { storeBytes(of: newValue, toByteOffset: ObjectLayout.tagOffset, as: UInt32.self) }
    }
    @inline(__always) var isShared: Bool { load(as: UInt32.self) & ObjectLayout.sharedFlag != 0 }
    @inline(__always) func markShared() {
        storeBytes(of: load(as: UInt32.self) | ObjectLayout.sharedFlag, as: UInt32.self)
    }
    /// The cells of a list.
    @inline(__always) var listCells: UnsafeMutablePointer<UInt64> {
        get {
            UnsafeMutablePointer(
                bitPattern: load(fromByteOffset: ObjectLayout.listCellsOffset, as: Int.self)
            ).unsafelyUnwrapped
        }
        nonmutating set {
            storeBytes(of: Int(bitPattern: newValue), toByteOffset: ObjectLayout.listCellsOffset, as: Int.self)
        }
    }
    /// The cells of a struct, enum or option.
    @inline(__always) var contentCells: UnsafeMutablePointer<UInt64> {
        (self + ObjectLayout.contentOffset).assumingMemoryBound(to: UInt64.self)
    }
    @inline(__always) func writeHeader(type: Int32, count: Int, capacity: Int, tag: UInt32) {
        storeBytes(of: UInt32(bitPattern: type), as: UInt32.self)
        self.count = UInt32(truncatingIfNeeded: count)
        self.capacity = UInt32(truncatingIfNeeded: capacity)
        self.tag = tag
    }
}
