import Crypto

/// The events of a call, in order. An event is put together when it is read: a call that emits thousands costs two
/// copies of memory, not thousands of arrays.
public struct EventLog: RandomAccessCollection, Sendable, Hashable {
    /// A contract that emitted, with the names of its events.
    struct Emitter: Sendable {
        let address: Address
        let names: [String]
    }

    /// Records name their emitter by its number in the call.
    private let records: [EventRecord]
    private let bytes: [UInt8]
    private let emitters: [UInt32: Emitter]

    init(records: [EventRecord], bytes: [UInt8], emitters: [UInt32: Emitter]) {
        self.records = records
        self.bytes = bytes
        self.emitters = emitters
    }

    public init() { self.init(records: [], bytes: [], emitters: [:]) }

    public var startIndex: Int { 0 }
    public var endIndex: Int { records.count }

    public subscript(position: Int) -> EmittedEvent {
        let record = records[position]
        let emitter = emitters[record.contract]
        let names = emitter?.names ?? []
        let index = Int(record.event)
        return EmittedEvent(
            contract: emitter?.address ?? .zero, index: index, name: names.indices.contains(index) ? names[index] : "",
            payload: Array(bytes[record.start..<(record.start + record.count)]))
    }

    public static func == (left: EventLog, right: EventLog) -> Bool { left.elementsEqual(right) }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for event in self { hasher.combine(event) }
    }
}
