import Bytecode
import Crypto
import Ledger
import Machine
import Node
import Numerics

/// What a whole transaction took, from its bytes in the queue to the committed block, on a chain in memory.
public struct TransactionMeasurement: Sendable {
    /// What kind of work it is about, among whose transactions the worst is named.
    public enum Group: String, CaseIterable, Sendable {
        case state = "entries and events"
        case settlements = "pushes of settlements"
        case deployments = "deployments"
        case touches = "first touches of contracts"
    }
    public let group: Group
    public let name: String
    public let nanoseconds: Double
    public let gas: Double
    /// As in `SearchMeasurement`.
    public let nanosecondsPerGas: Double
}

/// Transactions whose time is spent around the machine, or in ways that programs of `GasSearch` do not take: entries of
/// state of all sizes, events, pushes of settlements, deployments, first touches of contracts.
public struct TransactionCosts {
    /// One kind of transaction; what has to be there before is made anew for every measurement.
    struct Kind: Sendable {
        let group: TransactionMeasurement.Group
        let name: String
        let prepare: @Sendable (inout TransactionCosts) throws -> TransactionBody
    }

    /// Calls of the contract `Store`.
    private static let storeKinds: [Kind] =
        [(1_000, 8), (200, 1_000), (20, 65_000)].flatMap { count, byteCount in
            [
                stored("new entries", "put", count, byteCount),
                stored("changed entries", "put", count, byteCount, needsEntries: true),
                stored("read entries", "get", count, byteCount, needsEntries: true),
                stored("removed entries", "remove", count, byteCount, needsEntries: true),
            ]
        } + [
            stored("reads of nothing", "get", 2_000, 1), stored("events", "tell", 1_000, 1),
            stored("large events", "tell", 20, 60_000), stored("nothing", "tell", 0, 1),
        ]

    /// So many entries, or events, of so many bytes each. `needsEntries`: they have to be there before.
    private static func stored(
        _ name: String, _ entry: String, _ count: Int, _ byteCount: Int, needsEntries: Bool = false
    ) -> Kind {
        Kind(group: .state, name: "\(count) \(name) of \(byteCount) bytes") { costs in
            let first = costs.freshNumber(count)
            if needsEntries {
                // Other bytes than those that are put then.
                _ = try costs.run(costs.call("put", [first, count, byteCount + 1]))
            }
            return try costs.call(entry, [first, count, byteCount])
        }
    }

    /// Most entries of state that may be there besides; the numbers of others begin above.
    public static let otherEntriesLimit = 1_000_000

    let engine = ForgetfulEngine()
    private let chain: Chain
    private let key = SigningKey(seed: Bytes32(7, 7, 7, 7))
    private let store: Address
    private var nextNumber = 1 << 20
    /// Contracts and artefacts that measurements share, by name.
    var contracts: [String: Address] = [:]
    var artefacts: [String: [UInt8]] = [:]
    /// The least that the calibration took so far.
    public private(set) var calibrationNanoseconds = Double.infinity

    /// A chain with the contract, and so many entries of state, up to the limit, beside those that are measured.
    public init(otherEntries: Int = 8_000) throws {
        store = Addresses.contract(deployer: key.address, nonce: 0)
        chain = try Chain.inMemory(
            genesis: try Genesis(
                parameters: ChainParameters(name: "costs", blockGasLimit: 4_000_000_000_000),
                accounts: [Genesis.Account(address: key.address, balance: Amount(1 << 62))]),
            engine: engine, clock: ManualClock())
        _ = try run(.deploy(artefact: try Self.artefact(), arguments: []))
        let count = min(otherEntries, Self.otherEntriesLimit)
        for first in stride(from: 0, to: count, by: 2_000) {
            _ = try run(call("put", [first, min(2_000, count - first), 8]))
        }
    }

    /// Times every kind of transaction, the best of so many, those that take longest for their gas first.
    public mutating func measure(repetitions: Int = 3) throws -> [TransactionMeasurement] {
        try measure(Self.allKinds, repetitions: repetitions)
    }

    static var allKinds: [Kind] { storeKinds + settlementKinds + deploymentKinds + touchKinds }

    mutating func measure(_ kinds: [Kind], repetitions: Int) throws -> [TransactionMeasurement] {
        var measurements: [TransactionMeasurement] = []
        for kind in kinds {
            var best: TransactionMeasurement?
            for _ in 0..<repetitions {
                let body = try kind.prepare(&self)
                let unit = Calibration.nanoseconds()
                let (time, gas) = try run(body)
                // The lesser of the two never makes a transaction look cheaper than it was.
                let undisturbed = min(unit, Calibration.nanoseconds())
                calibrationNanoseconds = min(calibrationNanoseconds, unit)
                let measurement = TransactionMeasurement(
                    group: kind.group, name: kind.name, nanoseconds: time, gas: gas,
                    nanosecondsPerGas: time / gas * Calibration.referenceNanoseconds / undisturbed)
                if best.map({ $0.nanosecondsPerGas > measurement.nanosecondsPerGas }) ?? true { best = measurement }
            }
            if let best { measurements.append(best) }
        }
        return measurements.sorted { $0.nanosecondsPerGas > $1.nanosecondsPerGas }
    }

    // MARK: What kinds are made of

    /// The first of so many numbers that nothing has used.
    mutating func freshNumber(_ count: Int = 1) -> Int {
        defer { nextNumber += count }
        return nextNumber
    }

    /// A call of the contract `Store`, or another, whose arguments are integers.
    func call(_ entry: String, _ arguments: [Int], of contract: Address? = nil) throws -> TransactionBody {
        let coding = ABICoding(types: [.integer(.int, bits: 256, isSigned: true)])
        let encoded = try coding.encode(
            arguments.map { .integer(BigInt($0)) }, as: Array(repeating: 0, count: arguments.count))
        return .call(contract: contract ?? store, entry: entry, arguments: encoded)
    }

    /// Deploys an artefact whose `init` takes nothing.
    mutating func deploy(_ artefact: [UInt8]) throws -> Address {
        let address = Addresses.contract(deployer: key.address, nonce: try chain.nextNonce(of: key.address))
        _ = try run(.deploy(artefact: artefact, arguments: []))
        return address
    }

    func advance() throws { _ = try chain.advance(by: 1) }

    /// Makes a block of one transaction; its time and its gas.
    func run(_ body: TransactionBody) throws -> (nanoseconds: Double, gas: Double) {
        let transaction = Transaction(
            chainID: chain.chainID, sender: key.publicKey, nonce: try chain.nextNonce(of: key.address),
            validUntilHeight: chain.head.height + 10, gasLimit: 2_000_000_000_000, gasPrice: 1, body: body
        ).signed(by: key)
        guard let transaction else { throw OpcodeProgramFailure(description: "a transaction cannot be signed") }
        let start = SearchBed.now()
        try chain.submit(transaction)
        let produced = try chain.produceBlock()
        let taken = SearchBed.now() - start
        guard let receipt = produced.receipts.first else {
            throw OpcodeProgramFailure(description: "a transaction was refused: \(produced.rejections)")
        }
        if case .failure(let failure) = receipt.outcome {
            throw OpcodeProgramFailure(description: "a transaction failed: \(failure.code) \(failure.trace)")
        }
        return (taken, Double(receipt.gasUsed))
    }

    private static func artefact() throws -> [UInt8] {
        func loop(_ body: String) -> String {
            """
            registers Bytes<65536>, Bytes<65536>, Int, Int, Int
            loadConstant r3, 0
            loadInteger r5, 0
            byteSlice r4, r3, r5, r2
            add r7, r0, r1
            move r6, r0
            branchLessOrEqual r1, r5, done
            again:
            \(body)
            loop r6, r7, again
            done:
            returnNothing
            end
            """
        }
        let content = String(repeating: "5a", count: 65_500)
        return try Assembler.module(
            """
            constant bytes 0x\(content)
            slot values [Int] Bytes<65536>
            event Told(Bytes<65536>)
            function put(Int, Int, Int)
            \(loop("statePut r4, r6, 0"))
            function get(Int, Int, Int)
            \(loop("stateGet r4, r6, 0"))
            function remove(Int, Int, Int)
            \(loop("stateRemove r6, 0"))
            function tell(Int, Int, Int)
            \(loop("emit r4, 0"))
            """, name: "Store"
        ).encoded()
    }
}

/// The measurements as lines, the worst first, the worst of each group, and how fast the machine was
/// (`TransactionCosts.calibrationNanoseconds`).
public func transactionReport(_ measurements: [TransactionMeasurement], calibrationNanoseconds: Double) -> String {
    let rows = measurements.map {
        hundredths($0.nanosecondsPerGas, 8) + hundredths($0.nanoseconds, 16) + hundredths($0.gas, 17) + "  " + $0.name
    }
    let worst = TransactionMeasurement.Group.allCases.compactMap { group in
        measurements.first { $0.group == group }.map {
            "worst of \(group.rawValue): \(hundredths($0.nanosecondsPerGas, 0)) ns per gas, \($0.name)"
        }
    }
    return
        (["  ns/gas              ns              gas  transaction"] + rows + worst
        + [Calibration.line(calibrationNanoseconds)]).joined(separator: "\n")
}
