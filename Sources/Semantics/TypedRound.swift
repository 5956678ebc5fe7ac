import Diagnostics

/// Units of time in which a phase may be measured.
public enum TimeUnit: String, CaseIterable, Sendable {
    case seconds, minutes, hours, days
    public var milliseconds: Int {
        switch self {
        case .seconds: 1_000
        case .minutes: 60_000
        case .hours: 3_600_000
        case .days: 86_400_000
        }
    }
}

public struct Round: Sendable {
    /// The type of a phase's length in blocks where a field keeps it: `Int<32>`.
    public static let durationType = IntegerType(name: .int, bits: 32, isSigned: true)
    /// The time from block to block in tests and the REPL.
    public static let testBlockIntervalMilliseconds = 6_000
    /// How long a phase lasts at most.
    public enum Duration: Hashable, Sendable {
        case blocks(Int)
        /// As many blocks as the chain needs for that time, a part of a block being a block.
        case time(count: Int, TimeUnit)
        /// As many blocks as this field says; none when it is not above zero. Set by `openRound`.
        case field(FieldIndex)
    }
    public struct Phase: Sendable {
        public var name: String
        public var duration: Duration?
        public var successor: Int?
        public var hasCondition: Bool
        public init(name: String, duration: Duration?, successor: Int?, hasCondition: Bool) {
            self.name = name
            self.duration = duration
            self.successor = successor
            self.hasCondition = hasCondition
        }
    }
    public struct Sealed: Sendable {
        public var name: String
        public var valueType: Type
        public var capacity: Int
        public var commitmentField: FieldIndex
        public var valueField: FieldIndex
        public var commitPhase: Int
        public var revealPhase: Int
        public var commitFunction: FunctionID
        public var revealFunction: FunctionID
        public var expireFunction: FunctionID
        public init(
            name: String, valueType: Type, capacity: Int, commitmentField: FieldIndex, valueField: FieldIndex,
            commitPhase: Int, revealPhase: Int, commitFunction: FunctionID, revealFunction: FunctionID,
            expireFunction: FunctionID
        ) {
            self.name = name
            self.valueType = valueType
            self.capacity = capacity
            self.commitmentField = commitmentField
            self.valueField = valueField
            self.commitPhase = commitPhase
            self.revealPhase = revealPhase
            self.commitFunction = commitFunction
            self.revealFunction = revealFunction
            self.expireFunction = expireFunction
        }
    }
    /// A seed that is fixed when a phase is entered.
    public struct Beacon: Sendable {
        public var name: String
        /// In which there is a seed, and after which.
        public var phase: Int
        /// From which on the fields stay as they are.
        public var frozenFrom: Int
        public var frozenFields: [FieldIndex]
        /// Its contributions.
        public var sealedIndex: Int?
        /// Height at which the phase was entered, once it is stored; else 0. Key: the round's key.
        public var heightField: FieldIndex
        /// (key) -> Height: that height, computed where it is not stored; 0 before the phase.
        public var heightFunction: FunctionID
        /// (key) -> Hash: the seed; fails WrongPhase, SeedNotReady.
        public var seedFunction: FunctionID
        public init(
            name: String, phase: Int, frozenFrom: Int, frozenFields: [FieldIndex], sealedIndex: Int?,
            heightField: FieldIndex, heightFunction: FunctionID, seedFunction: FunctionID
        ) {
            self.name = name
            self.phase = phase
            self.frozenFrom = frozenFrom
            self.frozenFields = frozenFields
            self.sealedIndex = sealedIndex
            self.heightField = heightField
            self.heightFunction = heightFunction
            self.seedFunction = seedFunction
        }
    }
    /// A fold over an iterable map of the round that anybody may push forward.
    public struct Settlement: Sendable {
        public var name: String
        public var mapField: FieldIndex
        public var phase: Int
        /// Gas of each element, and elements of one push.
        public var elementGas: Int
        /// Where the gas is written.
        public var gasSpan: Span?
        public var maximum: Int
        /// (key, count) -> elements handled.
        public var pushFunction: FunctionID
        /// Of the contract's events: (key, element, amount).
        public var setAsideEvent: Int
        public init(
            name: String, mapField: FieldIndex, phase: Int, elementGas: Int, maximum: Int, pushFunction: FunctionID,
            setAsideEvent: Int
        ) {
            self.name = name
            self.mapField = mapField
            self.phase = phase
            self.elementGas = elementGas
            self.maximum = maximum
            self.pushFunction = pushFunction
            self.setAsideEvent = setAsideEvent
        }
    }
    public var name: String
    public var keyType: Type
    public var phases: [Phase]
    public var sealed: [Sealed]
    public var beacons: [Beacon] = []
    public var settlements: [Settlement] = []
    /// The `let` fields, in order: what an instance is opened with.
    public var parameters: [FieldIndex] = []
    /// (key, parameters…): opens an instance; fails RoundExists.
    public var openFunction: FunctionID
    /// Stored phase: 0 not open, else index in `phases` plus one. Key: the round's key.
    public var phaseField: FieldIndex
    /// Height at which the stored phase was entered.
    public var enteredField: FieldIndex
    /// (key) -> Int: brings the stored phase up to date and gives its index in `phases`; fails NoSuchRound.
    public var advanceFunction: FunctionID
    /// (key) -> Int: the same without storing, for views.
    public var currentFunction: FunctionID
    public init(
        name: String, keyType: Type, phases: [Phase], sealed: [Sealed], phaseField: FieldIndex,
        enteredField: FieldIndex,
        openFunction: FunctionID, advanceFunction: FunctionID, currentFunction: FunctionID
    ) {
        self.name = name
        self.keyType = keyType
        self.phases = phases
        self.sealed = sealed
        self.phaseField = phaseField
        self.enteredField = enteredField
        self.openFunction = openFunction
        self.advanceFunction = advanceFunction
        self.currentFunction = currentFunction
    }
}
