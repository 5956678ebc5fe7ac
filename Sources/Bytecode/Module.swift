import Numerics

/// Index into a module's type table.
public typealias TypeIndex = Int

/// A type as the machine knows it.
public enum TypeDescriptor: Hashable, Sendable {
    public enum IntegerKind: UInt8, Hashable, Sendable {
        case int, amount, height
        /// Raw value of an 18-decimal Fixed.
        case fixed
    }
    public enum Bytes32Kind: Hashable, Sendable {
        case address, hash, asset
        /// Index into the module's interfaces.
        case interface(Int)
    }
    public enum TensorElement: UInt8, Hashable, Sendable, CaseIterable { case i8, i16, i32, i64 }

    case boolean
    case integer(IntegerKind, bits: Int, isSigned: Bool)
    case bytes32(Bytes32Kind)
    case bytes(capacity: Int)
    case text(capacity: Int)
    case list(TypeIndex, capacity: Int)
    case option(TypeIndex)
    case structure(name: String, fields: [Field])
    case enumeration(name: String, cases: [Case])
    /// Dimension 0: any size.
    case tensor(TensorElement, dimensions: [Int])
    /// Index into the module's assets.
    case token(Int)
    case tokenList(Int)

    public struct Field: Hashable, Sendable {
        public var name: String
        public var type: TypeIndex
        public init(name: String, type: TypeIndex) {
            self.name = name
            self.type = type
        }
    }
    public struct Case: Hashable, Sendable {
        public var name: String
        public var payload: [Field]
        public init(name: String, payload: [Field]) {
            self.name = name
            self.payload = payload
        }
    }
}

public enum Constant: Hashable, Sendable {
    case integer(BigInt)
    case bytes32([UInt8])
    case bytes([UInt8])
    /// No dimension is 0; the elements are little-endian two's complement, row-major.
    case tensor(TypeDescriptor.TensorElement, dimensions: [Int], data: [UInt8])

    /// How many bytes the elements of a constant tensor have; nil when it cannot be one: no or too many dimensions, an
    /// empty one, or more than `ModuleLimits.constantBytes`.
    public static func tensorBytes(_ element: TypeDescriptor.TensorElement, dimensions: [Int]) -> Int? {
        guard (1...ModuleLimits.tensorRank).contains(dimensions.count) else { return nil }
        var bytes = element.byteCount
        for dimension in dimensions {
            guard dimension >= 1, dimension <= ModuleLimits.constantBytes else { return nil }
            bytes *= dimension
            guard bytes <= ModuleLimits.constantBytes else { return nil }
        }
        return bytes
    }
}

public struct AssetDescriptor: Hashable, Sendable {
    public enum Origin: Hashable, Sendable {
        case issued
        case native
        /// Kept in this slot, of type asset; not set: `assetNotBound`.
        case bound(slot: Int)
    }
    public var name: String
    public var origin: Origin
    public init(name: String, origin: Origin) {
        self.name = name
        self.origin = origin
    }
}

/// A place for state.
public struct Slot: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        case plain
        case vault(asset: Int)
        case sealedCommitment(sealed: Int)
        case sealedValue(sealed: Int)
        /// The stored phase of a round, the height of its entry, or the length of one of its phases.
        case phase(round: Int)
    }
    public var name: String
    public var kind: Kind
    /// At most three.
    public var keys: [TypeIndex]
    public var type: TypeIndex
    /// Iterable at the last key: the most entries under the leading keys.
    public var capacity: Int?
    public init(name: String, kind: Kind, keys: [TypeIndex], type: TypeIndex, capacity: Int?) {
        self.name = name
        self.kind = kind
        self.keys = keys
        self.type = type
        self.capacity = capacity
    }
}

/// Units of time in which a phase may be measured.
public enum TimeUnit: UInt8, Hashable, Sendable, CaseIterable {
    case seconds, minutes, hours, days
    public var name: String { String(describing: self) }
    public var milliseconds: Int {
        switch self {
        case .seconds: 1_000
        case .minutes: 60_000
        case .hours: 3_600_000
        case .days: 86_400_000
        }
    }
}

public struct RoundDescriptor: Hashable, Sendable {
    /// How long a phase lasts at most.
    public enum Duration: Hashable, Sendable {
        case blocks(Int)
        /// As many blocks as the chain needs for that time, a part of a block being a block.
        case time(count: Int, TimeUnit)
        /// As many blocks as this slot says; none when that is not above zero.
        case slot(Int)
    }
    public struct Phase: Hashable, Sendable {
        public var name: String
        public var duration: Duration?
        /// `roundLeave` may end it before its time.
        public var hasCondition: Bool
        public var successor: Int?
        public init(name: String, duration: Duration?, hasCondition: Bool = false, successor: Int?) {
            self.name = name
            self.duration = duration
            self.hasCondition = hasCondition
            self.successor = successor
        }
    }
    public var name: String
    public var key: TypeIndex
    public var phases: [Phase]
    /// 0 not open, else the index of a phase plus one.
    public var phaseSlot: Int
    /// The height at which the stored phase was entered.
    public var enteredSlot: Int
    /// The slots of lengths, in the order of the phases.
    public var durationSlots: [Int] {
        phases.compactMap { if case .slot(let slot) = $0.duration { slot } else { nil } }
    }
    public init(name: String, key: TypeIndex, phases: [Phase], phaseSlot: Int, enteredSlot: Int) {
        self.name = name
        self.key = key
        self.phases = phases
        self.phaseSlot = phaseSlot
        self.enteredSlot = enteredSlot
    }
}

public struct SealedDescriptor: Hashable, Sendable {
    /// "Round.field", bound into commitments.
    public var name: String
    public var round: Int
    public var value: TypeIndex
    public var commitmentSlot: Int
    public var valueSlot: Int
    public var commitPhase: Int
    public var revealPhase: Int
    public init(
        name: String, round: Int, value: TypeIndex, commitmentSlot: Int, valueSlot: Int, commitPhase: Int,
        revealPhase: Int
    ) {
        self.name = name
        self.round = round
        self.value = value
        self.commitmentSlot = commitmentSlot
        self.valueSlot = valueSlot
        self.commitPhase = commitPhase
        self.revealPhase = revealPhase
    }
}

/// An event or an error.
public struct SignatureDescriptor: Hashable, Sendable {
    public var name: String
    public var parameters: [TypeDescriptor.Field]
    public init(name: String, parameters: [TypeDescriptor.Field]) {
        self.name = name
        self.parameters = parameters
    }
}

/// A method as its callers see it.
public struct MethodDescriptor: Hashable, Sendable {
    public var name: String
    public var isView: Bool
    public var parameters: [TypeDescriptor.Field]
    public var result: TypeIndex?
    public init(name: String, isView: Bool, parameters: [TypeDescriptor.Field], result: TypeIndex?) {
        self.name = name
        self.isView = isView
        self.parameters = parameters
        self.result = result
    }
}

public struct InterfaceDescriptor: Hashable, Sendable {
    public var name: String
    public var methods: [MethodDescriptor]
    /// Does this contract implement it? (Otherwise it only calls it.)
    public var isImplemented: Bool
    public init(name: String, methods: [MethodDescriptor], isImplemented: Bool) {
        self.name = name
        self.methods = methods
        self.isImplemented = isImplemented
    }
}

/// A method of another contract that this one calls.
public struct ImportedMethod: Hashable, Sendable {
    public var interface: Int
    public var method: Int
    public init(interface: Int, method: Int) {
        self.interface = interface
        self.method = method
    }
}

public struct FunctionDescriptor: Hashable, Sendable {
    public var name: String
    public var parameterCount: Int
    /// Type of every register; the parameters come first. At most 250.
    public var registers: [TypeIndex]
    public var result: TypeIndex?
    /// Promises that neither it nor its callees change state.
    public var isReadOnly: Bool
    /// Checked by a `phaseGuard` in its first block: round and phase.
    public var during: During?
    public var code: [UInt64]
    /// (word index, source position), ascending by word; a position holds until the next entry.
    public var positions: [Position]

    public struct During: Hashable, Sendable {
        public var round: Int
        public var phase: Int
        public init(round: Int, phase: Int) {
            self.round = round
            self.phase = phase
        }
    }
    public struct Position: Hashable, Sendable {
        public var word: Int
        /// Index into the module's source names.
        public var file: Int
        public var line: Int
        public var column: Int
        public init(word: Int, file: Int, line: Int, column: Int) {
            self.word = word
            self.file = file
            self.line = line
            self.column = column
        }
    }
    public init(
        name: String, parameterCount: Int, registers: [TypeIndex], result: TypeIndex?, isReadOnly: Bool,
        during: During?,
        code: [UInt64], positions: [Position]
    ) {
        self.name = name
        self.parameterCount = parameterCount
        self.registers = registers
        self.result = result
        self.isReadOnly = isReadOnly
        self.during = during
        self.code = code
        self.positions = positions
    }
}

/// An entry of the ABI: an action, a view, or `init`.
public struct EntryPoint: Hashable, Sendable {
    public enum Kind: UInt8, Hashable, Sendable { case action, view, initializer }
    public var name: String
    public var kind: Kind
    public var function: Int
    public var parameterNames: [String]
    public var documentation: String?
    public init(name: String, kind: Kind, function: Int, parameterNames: [String], documentation: String?) {
        self.name = name
        self.kind = kind
        self.function = function
        self.parameterNames = parameterNames
        self.documentation = documentation
    }
}

/// What a compiler hands to the verifier: one contract.
public struct Module: Hashable, Sendable {
    public var name: String
    public var gasScheduleVersion: Int
    public var types: [TypeDescriptor] = []
    public var constants: [Constant] = []
    public var assets: [AssetDescriptor] = []
    public var slots: [Slot] = []
    public var rounds: [RoundDescriptor] = []
    public var sealed: [SealedDescriptor] = []
    public var events: [SignatureDescriptor] = []
    public var errors: [SignatureDescriptor] = []
    public var interfaces: [InterfaceDescriptor] = []
    public var imports: [ImportedMethod] = []
    /// A function calls only functions before it.
    public var functions: [FunctionDescriptor] = []
    public var entries: [EntryPoint] = []
    public var sourceNames: [String] = []
    public var documentation: String?

    public init(name: String, gasScheduleVersion: Int = 1) {
        self.name = name
        self.gasScheduleVersion = gasScheduleVersion
    }
}
