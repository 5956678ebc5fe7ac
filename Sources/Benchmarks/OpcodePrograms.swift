import Bytecode
import Crypto
import Numerics

/// A program that spends nearly all its time in one instruction.
public struct OpcodeProgram: Sendable {
    /// The instruction, and what it works on when it has several programs.
    public let name: String
    public let opcode: Opcode
    /// Types of the parameters after the number of rounds, and their arguments in canonical encoding.
    let parameters: String
    let parameterCount: Int
    public let arguments: [UInt8]
    let registers: String
    /// Code before the loop, and the body that a round repeats.
    let setup: String
    let body: String
    /// Code behind the loop.
    private var ending = ""
    /// How often a round repeats the body.
    let copies: Int
    public let rounds: Int

    init(
        _ name: String, _ opcode: Opcode, parameters: String = "", parameterCount: Int = 0, arguments: [UInt8] = [],
        _ registers: String,
        _ setup: String, _ body: String, copies: Int = 8, rounds: Int = 500
    ) {
        self.name = name
        self.opcode = opcode
        self.parameters = parameters
        self.parameterCount = parameterCount
        self.arguments = arguments
        self.registers = registers
        self.setup = setup
        self.body = body
        self.copies = copies
        self.rounds = rounds
    }

    func endingWith(_ text: String) -> OpcodeProgram {
        var program = self
        program.ending = text
        return program
    }

    /// The module: an action `run`, its first argument the number of rounds. Labels in the body end in `#`, which
    /// becomes the number of the copy.
    public func module() throws(CodingError) -> Module {
        var builder = ModuleBuilder(name: "Opcode")
        OpcodeTables.fill(&builder)
        func lines(_ text: String) -> String { text.replacing("; ", with: "\n") }
        let copies = (0..<self.copies).map { lines(body).replacing("#", with: "\($0)") }.joined(separator: "\n")
        let header = parameters.isEmpty ? "Int" : "Int, \(parameters)"
        let text = """
            function _identity(Int) -> Int readonly
            return r0
            end
            function _commit(Int, Address, Hash)
            sealCommit r0, r2, 0
            returnNothing
            end
            function run(\(header))
            registers Int, \(registers)
            \(lines(setup))
            loadInteger r\(counter), 0
            again:
            \(copies)
            loop r\(counter), r0, again
            \(lines(ending))
            returnNothing
            end
            function noop(Int) -> Int
            return r0
            end
            function init()
            returnNothing
            end
            """
        try Assembler.assemble(text, into: &builder)
        for (index, function) in builder.module.functions.enumerated() where !function.name.hasPrefix("_") {
            builder.module.entries.append(
                EntryPoint(
                    name: function.name, kind: function.name == "init" ? .initializer : .action, function: index,
                    parameterNames: (0..<function.parameterCount).map { "p\($0)" }, documentation: nil))
        }
        return builder.module
    }

    /// The register that counts rounds: the first after the parameters.
    private var counter: Int { 1 + parameterCount }
}

/// The tables that the programs share.
enum OpcodeTables {
    static let prime = (BigInt(1) << 256) - (BigInt(1) << 32) - 977

    static func fill(_ builder: inout ModuleBuilder) {
        let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
        let amount = builder.type(.integer(.amount, bits: 256, isSigned: false))
        let address = builder.type(.bytes32(.address))
        let hash = builder.type(.bytes32(.hash))
        let list = builder.type(.list(integer, capacity: 1_024))
        let point = builder.type(
            .structure(name: "Point", fields: [.init(name: "x", type: integer), .init(name: "y", type: integer)]))
        _ = builder.type(.option(integer))
        _ = builder.type(.list(point, capacity: 1_024))
        let wide = builder.type(.integer(.int, bits: 4_096, isSigned: true))
        func field(_ type: TypeIndex) -> TypeDescriptor.Field { .init(name: "p", type: type) }
        func slot(_ name: String, _ keys: [TypeIndex], _ type: TypeIndex, _ capacity: Int? = nil) -> Slot {
            Slot(name: name, kind: .plain, keys: keys, type: type, capacity: capacity)
        }
        builder.module.assets = [AssetDescriptor(name: "A", origin: .issued)]
        builder.module.slots = [
            slot("plain", [], integer), slot("byAddress", [address], integer),
            slot("iterable", [integer], integer, 1 << 20),
            Slot(name: "vault", kind: .vault(asset: 0), keys: [], type: amount, capacity: nil),
            slot("byPair", [address, integer], integer), slot("list", [], list),
            Slot(
                name: "commitments", kind: .sealedCommitment(sealed: 0), keys: [integer, address], type: hash,
                capacity: nil),
            Slot(
                name: "values", kind: .sealedValue(sealed: 0), keys: [integer, address], type: integer, capacity: nil),
        ]
        addRounds(&builder, key: integer)
        builder.module.sealed = [
            SealedDescriptor(
                name: "R.s", round: 0, value: integer, commitmentSlot: 6, valueSlot: 7, commitPhase: 0, revealPhase: 1)
        ]
        addConstants(&builder)
        builder.module.events = [
            SignatureDescriptor(name: "E", parameters: [field(integer)]),
            SignatureDescriptor(name: "T", parameters: [field(address), field(address), field(amount)]),
            SignatureDescriptor(name: "W", parameters: [field(wide)]),
        ]
        builder.module.interfaces = [
            InterfaceDescriptor(
                name: "Noop",
                methods: [
                    .init(name: "noop", isView: false, parameters: [field(integer)], result: integer)
                ], isImplemented: true)
        ]
        builder.module.imports = [ImportedMethod(interface: 0, method: 0)]
    }

    /// Round 0 for seals; round 1 with as many phases as there can be, all but the last of a length in state.
    private static func addRounds(_ builder: inout ModuleBuilder, key: TypeIndex) {
        let length = builder.type(.integer(.int, bits: 32, isSigned: true))
        func add(_ name: String, _ type: TypeIndex, round: Int) -> Int {
            builder.module.slots.append(
                Slot(name: name, kind: .phase(round: round), keys: [key], type: type, capacity: nil))
            return builder.module.slots.count - 1
        }
        let (phase, entered) = (add("R.phase", key, round: 0), add("R.entered", key, round: 0))
        builder.module.rounds.append(
            RoundDescriptor(
                name: "R", key: key,
                phases: [
                    .init(name: "commit", duration: .blocks(5), hasCondition: true, successor: 1),
                    .init(name: "reveal", duration: nil, successor: nil),
                ], phaseSlot: phase, enteredSlot: entered))
        let (deepPhase, deepEntered) = (add("Deep.phase", key, round: 1), add("Deep.entered", key, round: 1))
        let last = ModuleLimits.phases - 1
        let phases = (0...last).map { number -> RoundDescriptor.Phase in
            let slot = number < last ? add("Deep.\(number)", length, round: 1) : nil
            return .init(
                name: "p\(number)", duration: slot.map { .slot($0) }, successor: slot.map { _ in number + 1 })
        }
        builder.module.rounds.append(
            RoundDescriptor(name: "Deep", key: key, phases: phases, phaseSlot: deepPhase, enteredSlot: deepEntered))
    }

    private static func addConstants(_ builder: inout ModuleBuilder) {
        let key = SigningKey(seed: Bytes32(1, 2, 3, 4))
        let message = (0..<200).map { UInt8($0) }
        builder.module.constants =
            [
                .integer((BigInt(1) << 100) - 159), .integer((BigInt(1) << 250) - 207), .integer(prime),
                .bytes32((1...32).map { UInt8($0) }), .bytes((0..<200).map { UInt8($0) }),
                .integer((BigInt(1) << 2_000) - 1),
                .integer((BigInt(1) << 4_000) - 1), .bytes([UInt8](repeating: 7, count: 64)),
                .bytes([UInt8](repeating: 7, count: 80)), .integer(-(BigInt(1) << 70)),
                .integer(BigInt(41_446_531_673_892_822_312)), .bytes32((1...32).map { UInt8(33 - $0) }),
                .bytes((0..<200).map { $0 == 199 ? 1 : UInt8($0) }), .bytes32(key.publicKey.encoded.bytes),
                .bytes(key.sign(message).bytes), .bytes(VerifiableRandom.prove(message, key: key) ?? []),
            ] + mathematics.map { .integer($0) }
    }

    /// Operands that fast paths leave open, from constant 16 on: 2^195 and a little more, e^100, 3^64 and a little
    /// more, 1/64, 3^60 and a little more, two, the largest number, 3^100, 1/100, -1.
    private static let mathematics: [BigInt] = {
        let unit = BigInt(FixedPoint.unit)
        return [
            (unit << 195) + 1, FixedPoint.exp(100 * unit, rounding: .halfEven) ?? unit,
            BigInt(3).power(64) * unit + 1, unit >> 6, BigInt(3).power(60) * unit + 1, 2 * unit,
            (BigInt(1) << 255) - 1, BigInt(3).power(100) * unit, 10_000_000_000_000_000, -unit,
        ]
    }()
}
