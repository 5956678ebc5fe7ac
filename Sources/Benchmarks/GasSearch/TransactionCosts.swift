import Bytecode
import Crypto
import Ledger
import Machine
import Node
import Numerics

/// What a whole transaction took, from its bytes in the queue to the committed block, on a chain in memory.
public struct TransactionMeasurement: Sendable {
    public let name: String
    public let nanoseconds: Double
    public let gas: Double
    /// As in `SearchMeasurement`.
    public let nanosecondsPerGas: Double
}

/// Transactions whose time is spent around the machine: entries of state of all sizes, events, transfers. The machine's
/// part is searched by `GasSearch`; here is what state tree, receipts and reading and writing of entries cost.
public struct TransactionCosts {
    /// A call of the contract `Store`, by the text of its arguments.
    private struct Shape {
        let name: String
        let entry: String
        /// Entries, and bytes of each.
        let count: Int
        let byteCount: Int
        /// Do the entries have to be there before?
        var needsEntries = false
    }

    private static let shapes: [Shape] =
        [(1_000, 8), (200, 1_000), (20, 65_000)].flatMap { count, byteCount in
            [
                Shape(name: "new entries", entry: "put", count: count, byteCount: byteCount),
                Shape(name: "changed entries", entry: "put", count: count, byteCount: byteCount, needsEntries: true),
                Shape(name: "read entries", entry: "get", count: count, byteCount: byteCount, needsEntries: true),
                Shape(name: "removed entries", entry: "remove", count: count, byteCount: byteCount, needsEntries: true),
            ]
        } + [
            Shape(name: "reads of nothing", entry: "get", count: 2_000, byteCount: 1),
            Shape(name: "events", entry: "tell", count: 1_000, byteCount: 1),
            Shape(name: "large events", entry: "tell", count: 20, byteCount: 60_000),
            Shape(name: "nothing", entry: "tell", count: 0, byteCount: 1),
        ]

    /// Entries of state that are there besides.
    private static let background = 8_000

    private let chain: Chain
    private let key = SigningKey(seed: Bytes32(7, 7, 7, 7))
    private let contract: Address
    private var nextEntry = 1 << 20

    /// A chain with the contract and some state.
    public init() throws {
        contract = Addresses.contract(deployer: key.address, nonce: 0)
        chain = try Chain.inMemory(
            genesis: try Genesis(
                parameters: ChainParameters(name: "costs", blockGasLimit: 100_000_000_000),
                accounts: [Genesis.Account(address: key.address, balance: Amount(1 << 62))]),
            engine: MachineEngine(), clock: ManualClock())
        _ = try run(.deploy(artefact: try Self.artefact(), arguments: []))
        for first in stride(from: 0, to: Self.background, by: 2_000) {
            _ = try run(call("put", first: first, count: 2_000, byteCount: 8))
        }
    }

    /// Times every kind of transaction, the best of so many, those that take longest for their gas first.
    public mutating func measure(repetitions: Int = 3) throws -> [TransactionMeasurement] {
        var measurements: [TransactionMeasurement] = []
        for shape in Self.shapes {
            var best: TransactionMeasurement?
            for _ in 0..<repetitions {
                let first = nextEntry
                nextEntry += shape.count
                if shape.needsEntries {
                    // Other bytes than those that are put then.
                    _ = try run(call("put", first: first, count: shape.count, byteCount: shape.byteCount + 1))
                }
                let unit = Calibration.nanoseconds()
                let (time, gas) = try run(
                    call(shape.entry, first: first, count: shape.count, byteCount: shape.byteCount))
                let measurement = TransactionMeasurement(
                    name: "\(shape.count) \(shape.name) of \(shape.byteCount) bytes", nanoseconds: time, gas: gas,
                    nanosecondsPerGas: time / gas * Calibration.referenceNanoseconds
                        / max(unit, Calibration.nanoseconds()))
                if best.map({ $0.nanosecondsPerGas > measurement.nanosecondsPerGas }) ?? true { best = measurement }
            }
            if let best { measurements.append(best) }
        }
        return measurements.sorted { $0.nanosecondsPerGas > $1.nanosecondsPerGas }
    }

    private func call(_ entry: String, first: Int, count: Int, byteCount: Int) throws -> TransactionBody {
        let coding = ABICoding(types: [.integer(.int, bits: 256, isSigned: true)])
        let arguments = try coding.encode([first, count, byteCount].map { .integer(BigInt($0)) }, as: [0, 0, 0])
        return .call(contract: contract, entry: entry, arguments: arguments)
    }

    /// Makes a block of one transaction; its time and its gas.
    private func run(_ body: TransactionBody) throws -> (nanoseconds: Double, gas: Double) {
        let transaction = Transaction(
            chainID: chain.chainID, sender: key.publicKey, nonce: try chain.nextNonce(of: key.address),
            validUntilHeight: chain.head.height + 10, gasLimit: 50_000_000_000, gasPrice: 1, body: body
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

/// The measurements as lines, the worst first.
public func transactionReport(_ measurements: [TransactionMeasurement]) -> String {
    func number(_ value: Double, _ width: Int) -> String {
        let hundredths = Int((value * 100).rounded())
        let digits = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
        return String(repeating: " ", count: max(0, width - digits.count)) + digits
    }
    return
        (["  ns/gas             ns             gas  transaction"]
        + measurements.map {
            number($0.nanosecondsPerGas, 8) + number($0.nanoseconds, 15) + number($0.gas, 16) + "  " + $0.name
        }).joined(separator: "\n")
}
