import Bytecode
import Crypto
import Machine

/// One run of the machine: what it was asked, on which state, and how it ended.
public struct Execution {
    public enum Request {
        case call(CallRequest)
        case deployment(DeployRequest)
    }

    public let request: Request
    public let block: BlockContext
    /// The state before.
    public let state: any StateReader
    public let result: ExecutionResult

    /// The same run on another machine, with another limit of gas unless nil is given.
    public func repeated(on machine: Machine, gasLimit: Int64? = nil) -> ExecutionResult {
        switch request {
        case .call(var request):
            request.gasLimit = gasLimit ?? request.gasLimit
            return machine.execute(request, in: block, state: state)
        case .deployment(var request):
            request.gasLimit = gasLimit ?? request.gasLimit
            return machine.deploy(request, in: block, state: state)
        }
    }
}

/// A hash over runs of the machine: every result, failure, gas, event, entry of state and of the books. Equal
/// transcripts are equal in every consequence.
public struct Transcript: Sendable {
    public private(set) var digest = Bytes32.zero
    public private(set) var count = 0

    public init() {}

    public mutating func add(_ result: ExecutionResult) {
        var bytes = TranscriptBytes()
        switch result.outcome {
        case .success(let value):
            bytes.add(1)
            bytes.add(value)
        case .failure(let failure):
            bytes.add(2)
            bytes.add(failure.code.name)
            bytes.add(failure.payload)
            bytes.add(failure.contract.bytes)
            bytes.add(failure.trace.count)
            for frame in failure.trace {
                bytes.add(frame.contract.bytes)
                bytes.add(frame.function)
                bytes.add(frame.word)
            }
        }
        bytes.add(Int(result.gasUsed))
        bytes.add(result.events.count)
        for event in result.events {
            bytes.add(event.contract.bytes)
            bytes.add(event.name)
            bytes.add(event.payload)
        }
        bytes.add(result.writes.count)
        for write in result.writes {
            bytes.add(write.key.bytes)
            bytes.add(write.value == nil ? 0 : 1)
            bytes.add(write.value ?? [])
        }
        bytes.add(result.bookEntries.count)
        for entry in result.bookEntries {
            bytes.add(Int(entry.kind.rawValue))
            bytes.add(entry.asset.bytes)
            bytes.add(entry.holder.bytes)
            bytes.add(entry.amount)
        }
        bytes.add(result.supplyChanges.count)
        for change in result.supplyChanges {
            bytes.add(change.asset.bytes)
            bytes.add(change.minted)
            bytes.add(change.burned)
        }
        count += 1
        add(bytes.bytes)
    }

    /// Folds anything else in.
    public mutating func add(_ bytes: [UInt8]) { digest = Blake2b.hash(digest.bytes + bytes) }
}

/// Bytes from which their parts can be told.
private struct TranscriptBytes {
    private(set) var bytes: [UInt8] = []

    mutating func add(_ number: Int) {
        withUnsafeBytes(of: UInt64(bitPattern: Int64(number)).littleEndian) { bytes += $0 }
    }
    mutating func add(_ part: [UInt8]) {
        add(part.count)
        bytes += part
    }
    mutating func add(_ text: String) { add(Array(text.utf8)) }
}
