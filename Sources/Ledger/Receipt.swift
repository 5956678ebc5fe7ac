import Crypto

/// What became of a transaction in its block.
public struct Receipt: Hashable, Sendable {
    /// The transaction.
    public var transactionID: Hash
    /// How it ended.
    public var outcome: ExecutionOutcome
    /// All gas used, the intrinsic part included.
    public var gasUsed: UInt64
    /// The native coin paid to the producer, also upon failure.
    public var fee: Amount
    /// The native coin taken as a deposit for storage growth.
    public var depositCharged: Amount
    /// The native coin given back for storage released.
    public var depositRefunded: Amount
    /// The contract created.
    public var createdContract: Address?
    /// The events in order; none upon failure.
    public var events: [Event]

    /// A receipt of its parts.
    public init(
        transactionID: Hash, outcome: ExecutionOutcome, gasUsed: UInt64, fee: Amount, depositCharged: Amount,
        depositRefunded: Amount, createdContract: Address?, events: [Event]
    ) {
        self.transactionID = transactionID
        self.outcome = outcome
        self.gasUsed = gasUsed
        self.fee = fee
        self.depositCharged = depositCharged
        self.depositRefunded = depositRefunded
        self.createdContract = createdContract
        self.events = events
    }

    /// The digest that the block's receipts root is made of.
    public var hash: Hash {
        Blake2b.hash(domain: .receipt, encoded())
    }

    /// The canonical encoding; a failure's trace is not part of it.
    public func encoded() -> [UInt8] {
        var writer = CanonicalWriter()
        writer.write(transactionID)
        switch outcome {
        case .success(let result):
            writer.write(byte: 0)
            writer.write(counted: result)
        case .failure(let failure):
            writer.write(byte: 1)
            writer.write(failure.code)
            writer.write(counted: failure.payload)
        }
        writer.write(count: gasUsed)
        writer.write(fee)
        writer.write(depositCharged)
        writer.write(depositRefunded)
        if let createdContract {
            writer.write(byte: 1)
            writer.write(createdContract)
        } else {
            writer.write(byte: 0)
        }
        writer.write(count: events.count)
        for event in events {
            writer.write(event.contract)
            writer.write(event.name)
            writer.write(counted: event.payload)
        }
        return writer.bytes
    }

    /// Reads exactly one receipt.
    public static func decode(_ bytes: [UInt8]) throws(DecodingError) -> Receipt {
        var reader = CanonicalReader(bytes)
        let transactionID = try reader.readBytes32()
        let outcome: ExecutionOutcome
        switch try reader.readByte() {
        case 0:
            outcome = .success(try reader.readCounted("the result", limit: Limits.payloadByteCount))
        case 1:
            let code = try reader.readText("the failure", limit: Limits.nameByteCount)
            let payload = try reader.readCounted("the failure's payload", limit: Limits.payloadByteCount)
            outcome = .failure(ExecutionFailure(code: code, payload: payload))
        case let other:
            throw .unknownKind("outcome", UInt64(other))
        }
        let gasUsed = try reader.readUnsigned("the gas used")
        let fee = try reader.readAmount()
        let depositCharged = try reader.readAmount()
        let depositRefunded = try reader.readAmount()
        let createdContract: Address?
        switch try reader.readByte() {
        case 0: createdContract = nil
        case 1: createdContract = try reader.readBytes32()
        case let other: throw .unknownKind("option", UInt64(other))
        }
        var events: [Event] = []
        for _ in 0..<(try reader.readCount("the count of events", limit: Limits.eventCount)) {
            let contract = try reader.readBytes32()
            let name = try reader.readText("the event's name", limit: Limits.nameByteCount)
            let payload = try reader.readCounted("the event's payload", limit: Limits.payloadByteCount)
            events.append(Event(contract: contract, name: name, payload: payload))
        }
        try reader.requireEnd()
        return Receipt(
            transactionID: transactionID, outcome: outcome, gasUsed: gasUsed, fee: fee, depositCharged: depositCharged,
            depositRefunded: depositRefunded, createdContract: createdContract, events: events)
    }
}
