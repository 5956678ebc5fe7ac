import Bytecode
import Crypto
import Numerics
import Testing
import Verifier

@testable import Machine

/// The second lock on conservation, with the first one broken on purpose: the books are falsified in the midst of a
/// transaction, and code is changed after its verification.
@Suite struct BooksLockTests {
    private static let bank = address(50)
    private static let asset = Addresses.asset(issuer: bank, name: "A")
    private static let alice = address(1)
    private static let bob = address(2)

    /// Acts when the machine reads the entry of the slot `trigger`.
    private final class Saboteur: StateReader {
        let chain: TestChain
        var act: (UnsafeMutablePointer<Context>) -> Void = { _ in }
        var count = 0

        init(_ chain: TestChain) { self.chain = chain }

        func randomness(at height: UInt64) -> Bytes32? { nil }
        func read(_ key: Bytes32) -> [UInt8]? {
            if key == StateKeys.slot(contract: BooksLockTests.bank, slot: 1, overlayKey: StateKeys.plain) {
                count += 1
                act(chain.machine.context)
            }
            return chain.read(key)
        }
        func module(at address: Address) -> VerifiedModule? { chain.module(at: address) }
    }

    private static func module() throws -> Module {
        try assemble(
            """
            function create(Amount, Address)
            registers Token#0
                mint r2, r0, 0
                send r2, r1
                returnNothing
            end
            function store(Token#0)
                vaultPut r0, r0, 0
                returnNothing
            end
            function run(Token#0, Address, Amount, Amount)
            registers Token#0, Token#0, Int
                tokenTake r4, r0, r2
                vaultPut r0, r0, 0
                vaultTake r5, r0, r3, 0
                burn r5
                mint r5, r3, 0
                send r5, r1
                stateGet r6, r0, 1
                send r4, r1
                returnNothing
            end
            function twice(Token#0, Address)
            registers Int
                send r0, r1
                stateGet r2, r0, 1
                loadInteger r2, 7
                returnNothing
            end
            """
        ) { builder in
            let amount = builder.type(.integer(.amount, bits: 256, isSigned: false))
            let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
            builder.module.assets = [AssetDescriptor(name: "A", origin: .issued)]
            builder.module.slots = [
                Slot(name: "pot", kind: .vault(asset: 0), keys: [], type: amount, capacity: nil),
                Slot(name: "trigger", kind: .plain, keys: [], type: integer, capacity: nil),
            ]
        }
    }

    private func start() throws -> (TestChain, Saboteur) {
        let chain = try TestChain()
        try chain.deploy(try Self.module(), at: Self.bank)
        for amount in [BigInt(1_000), BigInt(1) << 80] {
            let created = chain.call(Self.bank, "create", encode(amount) + Self.alice.bytes)
            #expect(created.failureName == nil)
            #expect(chain.failure(Self.bank, "store", encode(500), from: Self.alice) == nil)
        }
        return (chain, Saboteur(chain))
    }

    private func run(
        _ chain: TestChain, _ reader: Saboteur, _ entry: String = "run", _ arguments: [UInt8]? = nil
    ) -> ExecutionResult {
        let values = encode(100) + Self.bob.bytes + encode(30) + encode(20)
        return chain.machine.execute(
            CallRequest(
                contract: Self.bank, entry: entry, arguments: arguments ?? values, caller: Self.alice,
                gasLimit: 1_000_000),
            in: chain.block, state: reader)
    }

    /// A book, and the amount by which it is falsified.
    struct Falsification: Sendable, CustomStringConvertible {
        var kind: UInt32
        var holder: Address
        var amount: Int64
        var isVault = false
        var description: String { "book \(kind) by \(amount)" }
    }

    private static func falsify(_ context: UnsafeMutablePointer<Context>, _ item: Falsification) {
        guard let number = context.pointee.overlay.find(0, Book.asset, asset),
            let contract = context.pointee.overlay.find(0, Book.contract, bank)
        else { return }
        let slot = Book.slot(item.kind, asset: Int32(truncatingIfNeeded: number.pointee.word >> 1))
        let entry =
            item.isVault
            ? context.pointee.overlay.find(UInt32(truncatingIfNeeded: contract.pointee.word), 0, StateKeys.plain)
            : context.pointee.overlay.find(0, slot, item.holder)
        guard let entry else { return }
        if entry.pointee.word & 1 == 0 {
            entry.pointee.word += 2 * item.amount
        } else {
            entry.pointee.home.0 = entry.pointee.home.0 &+ UInt64(bitPattern: item.amount)
        }
    }

    @Test func nothingFalsifiedNothingFound() throws {
        let (chain, reader) = try start()
        let result = run(chain, reader)
        #expect(result.failureName == nil)
        #expect(reader.count == 1)
        #expect(result.supplyChanges == [SupplyChange(asset: Self.asset, minted: [20], burned: [20])])
        // What was put aside does not outlive its transaction.
        #expect(chain.machine.openings.isEmpty)
    }

    static let falsifications: [Falsification] = {
        let books: [(kind: UInt32, holder: Address)] = [
            (Book.balance, alice), (Book.balance, bob), (Book.holding, bank), (Book.supply, .zero),
            (Book.minted, .zero), (Book.burned, .zero),
        ]
        var list: [Falsification] = []
        for amount in [Int64(1), -1, 5, 70_000] {
            for book in books { list.append(Falsification(kind: book.kind, holder: book.holder, amount: amount)) }
            list.append(Falsification(kind: Book.balance, holder: .zero, amount: amount, isVault: true))
        }
        return list
    }()

    /// The count in flight stays right, so the first lock is content.
    @Test(arguments: falsifications) func aFalsifiedBookIsFound(item: Falsification) throws {
        let (chain, reader) = try start()
        reader.act = { Self.falsify($0, item) }
        let result = run(chain, reader)
        #expect(result.failureName == "BooksUnbalanced")
        #expect(result.writes.isEmpty && result.bookEntries.isEmpty && result.supplyChanges.isEmpty)
        #expect(result.events.isEmpty)
        // The next transaction starts from untouched books.
        reader.act = { _ in }
        #expect(run(chain, reader).failureName == nil)
    }

    /// A book that is falsified together with its counterpart balances, as it must: vault and holding, minted and
    /// supply and balance.
    @Test func whatBalancesPasses() throws {
        let (chain, reader) = try start()
        reader.act = { context in
            Self.falsify(context, Falsification(kind: Book.balance, holder: Self.alice, amount: -3))
            Self.falsify(context, Falsification(kind: Book.balance, holder: Self.bob, amount: 3))
        }
        #expect(run(chain, reader).failureName == nil)
        reader.act = { context in
            for kind in [Book.supply, Book.minted] {
                Self.falsify(context, Falsification(kind: kind, holder: .zero, amount: 3))
            }
            Self.falsify(context, Falsification(kind: Book.balance, holder: Self.alice, amount: 3))
        }
        #expect(run(chain, reader).failureName == nil)
    }

    /// The audit costs nothing, whatever it has to look up: an empty vault that is removed changes the books of no
    /// asset.
    @Test func theAuditCostsNoGas() throws {
        let chain = try TestChain()
        let module = try assemble("function clear(Address)\nstateRemove r0, 0\nreturnNothing\nend") { builder in
            let amount = builder.type(.integer(.amount, bits: 256, isSigned: false))
            let address = builder.type(.bytes32(.address))
            builder.module.assets = [AssetDescriptor(name: "A", origin: .issued)]
            builder.module.slots = [
                Slot(name: "pots", kind: .vault(asset: 0), keys: [address], type: amount, capacity: nil)
            ]
        }
        try chain.deploy(module, at: Self.bank)
        let key = StateKeys.slot(contract: Self.bank, slot: 0, overlayKey: Self.alice)
        chain.state[key] = [0]
        let full = chain.call(Self.bank, "clear", Self.alice.bytes)
        #expect(full.writes == [StateWrite(key: key, value: nil)])
        chain.state[key] = [0]
        #expect(chain.call(Self.bank, "clear", Self.alice.bytes, gas: full.gasUsed) == full)
        chain.state[key] = [0]
        #expect(chain.call(Self.bank, "clear", Self.alice.bytes, gas: full.gasUsed - 1).failureName == "OutOfGas")
    }

    // MARK: Code changed behind the verifier

    /// Overwrites an instruction of a verified module.
    private func patch(_ chain: TestChain, _ function: String, _ wanted: Opcode, with instruction: Instruction) throws {
        let module = try #require(chain.modules[Self.bank])
        let index = try #require(module.module.functions.firstIndex { $0.name == function })
        let offset = Int(module.prepared.functions[index].codeOffset)
        let code = UnsafeMutablePointer(mutating: module.prepared.code)
        let words = module.module.functions[index].code
        let word = try #require(words.indices.last { Instruction(word: words[$0]).opcode == wanted })
        code[offset + word] = instruction.word
    }

    private static func setInFlight(_ context: UnsafeMutablePointer<Context>, to amount: Int64) {
        guard let number = context.pointee.overlay.find(0, Book.asset, asset) else { return }
        let slot = Book.slot(Book.inFlight, asset: Int32(truncatingIfNeeded: number.pointee.word >> 1))
        context.pointee.overlay.find(0, slot, .zero)?.pointee.word = 2 * amount
    }

    @Test func aDroppedTokenMeetsBothLocks() throws {
        let (chain, reader) = try start()
        try patch(chain, "run", .send, with: Instruction(.loadInteger, a: 6, immediate: 0))
        #expect(run(chain, reader).failureName == "ConservationViolated")
        reader.act = { Self.setInFlight($0, to: 0) }
        #expect(run(chain, reader).failureName == "BooksUnbalanced")
    }

    @Test func aTokenSpentTwiceMeetsBothLocks() throws {
        let (chain, reader) = try start()
        let arguments = encode(100) + Self.bob.bytes
        #expect(run(chain, reader, "twice", arguments).failureName == nil)
        try patch(chain, "twice", .loadInteger, with: Instruction(.send, a: 0, b: 1, immediate: 0))
        #expect(run(chain, reader, "twice", arguments).failureName == "ConservationViolated")
        reader.act = { Self.setInFlight($0, to: 100) }
        #expect(run(chain, reader, "twice", arguments).failureName == "BooksUnbalanced")
    }
}
