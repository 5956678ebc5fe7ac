import Bytecode
import Crypto
import Machine
import Numerics
import Testing
import Verifier

/// The interface that the contracts of these tests speak: a bank keeps tokens of the native coin.
private func bankTables(_ builder: inout ModuleBuilder, isImplemented: Bool) {
    let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
    let token = builder.type(.token(0))
    let list = builder.type(.list(integer, capacity: 4))
    let interface = builder.type(.bytes32(.interface(0)))
    let amount = builder.type(.integer(.amount, bits: 256, isSigned: false))
    builder.module.assets = [AssetDescriptor(name: "Coin", origin: .native)]
    func field(_ type: TypeIndex) -> TypeDescriptor.Field { .init(name: "p", type: type) }
    builder.module.interfaces = [
        InterfaceDescriptor(
            name: "Bank",
            methods: [
                .init(name: "store", isView: false, parameters: [field(token), field(integer)], result: integer),
                .init(name: "fetch", isView: false, parameters: [], result: token),
                .init(name: "reverse", isView: true, parameters: [field(list)], result: list),
                .init(name: "nest", isView: false, parameters: [field(interface), field(integer)], result: integer),
            ], isImplemented: isImplemented)
    ]
    builder.module.slots = [
        Slot(name: "pot", kind: .vault(asset: 0), keys: [], type: amount, capacity: nil),
        Slot(name: "count", kind: .plain, keys: [], type: integer, capacity: nil),
    ]
    let error = SignatureDescriptor(name: "Refused", parameters: [.init(name: "code", type: integer)])
    builder.module.errors = [error]
    builder.module.events = [SignatureDescriptor(name: "Stored", parameters: [.init(name: "code", type: integer)])]
    builder.module.imports = (0..<4).map { ImportedMethod(interface: 0, method: $0) }
}

private func bankModule() throws -> Module {
    try assemble(
        """
        function store(Token#0, Int) -> Int
        registers Int, Int
            vaultPut r0, r0, 0
            stateGet r2, r2, 1
            addImmediate r2, r2, 1
            statePut r2, r2, 1
            emit r1, 0
            loadInteger r3, 100
            branchLess r1, r3, fine
            fail r1, 0
        fine:
            return r2
        end
        function fetch() -> Token#0
        registers Token#0
            vaultTakeAll r0, r0, 0
            return r0
        end
        function reverse(List<Int, 4>) -> List<Int, 4> readonly
        registers List<Int, 4>, Int, Int, Int
            newList r1, 2
            listCount r2, r0
            loadInteger r3, 0
            branchLessOrEqual r2, r3, done
        again:
            subtract r4, r2, r3
            addImmediate r4, r4, -1
            listGet r4, r0, r4
            listAppend r1, r4
            loop r3, r2, again
        done:
            return r1
        end
        function nest(Interface#0, Int) -> Int
        registers Int, Int, Interface#0, Int, Int
            addImmediate r2, r1, -1
            loadInteger r3, 0
            branchLessOrEqual r1, r3, bottom
            move r4, r0
            move r5, r2
            interfaceCall r4, r0, 3
            return r6
        bottom:
            return r3
        end
        """
    ) { bankTables(&$0, isImplemented: true) }
}

private func customerModule() throws -> Module {
    try assemble(
        """
        function deposit(Interface#0, Token#0, Int) -> Int
        registers Token#0, Int, Int
            move r3, r1
            move r4, r2
            interfaceCall r3, r0, 0
            return r5
        end
        function attempt(Interface#0, Token#0, Int, Int) -> Int
        registers Token#0, Int, Int, Int
            loadInteger r7, 5
            statePut r7, r7, 1
            move r4, r1
            move r5, r2
            tryCall r4, r0, r3, 0, failed
            return r6
        failed:
            loadInteger r7, -1
            return r7
        end
        function count() -> Int readonly
        registers Int
            stateGet r0, r0, 1
            return r0
        end
        function ask(Interface#0, List<Int, 4>) -> List<Int, 4> readonly
        registers List<Int, 4>, List<Int, 4>
            move r2, r1
            interfaceCall r2, r0, 2
            return r3
        end
        """
    ) { bankTables(&$0, isImplemented: false) }
}

@Suite struct CallTests {
    private let bank = address(50)
    private let customer = address(60)
    private let alice = address(1)

    private func makeChain() throws -> TestChain {
        let chain = try TestChain()
        try chain.deploy(try bankModule(), at: bank)
        try chain.deploy(try customerModule(), at: customer)
        chain.state[StateKeys.balance(asset: .nativeCoin, address: alice)] = encode(1000)
        return chain
    }

    private func balance(_ chain: TestChain, _ holder: Address) -> BigInt? {
        chain.state[StateKeys.balance(asset: .nativeCoin, address: holder)].flatMap(decodeInteger)
    }

    @Test func callsPassTokensAndValues() throws {
        let chain = try makeChain()
        let result = chain.call(customer, "deposit", bank.bytes + encode(300) + encode(7))
        #expect(result.integer == 1)
        #expect(result.events.map(\.contract) == [bank])
        #expect(result.events.map(\.payload) == [encode(7)])
        #expect(balance(chain, alice) == 700)
        let list: [UInt8] = [3, 2, 1, 2, 2, 2, 3]
        #expect(chain.call(customer, "ask", bank.bytes + list).bytes == [3, 2, 3, 2, 2, 2, 1])
    }

    @Test func failuresPassOnOrAreUndone() throws {
        let chain = try makeChain()
        let failed = chain.call(customer, "deposit", bank.bytes + encode(300) + encode(100))
        guard case .failure(let failure) = failed.outcome else {
            Issue.record("the bank took it")
            return
        }
        #expect(failure.code == .declared(index: 0, name: "Refused"))
        #expect(failure.payload == encode(100))
        #expect(failure.contract == bank)
        #expect(failure.trace.map(\.contract) == [bank, customer])
        #expect(failed.events.isEmpty && failed.writes.isEmpty && failed.bookEntries.isEmpty)

        // Undone: the bank's count and vault are as before; the tokens are the customer contract's own.
        let caught = chain.call(customer, "attempt", bank.bytes + encode(300) + encode(100) + encode(100_000))
        #expect(caught.integer == -1)
        #expect(caught.events.isEmpty)
        #expect(balance(chain, alice) == 700)
        #expect(balance(chain, customer) == 300)
        #expect(balance(chain, bank) == nil)
        #expect(chain.call(customer, "count").integer == 5)
        let kept = chain.call(customer, "attempt", bank.bytes + encode(300) + encode(99) + encode(100_000))
        #expect(kept.integer == 1)
        #expect(chain.books[.holding]?[.nativeCoin]?[bank] == 300)
    }

    @Test func callsWithTooLittleGasFailAtEveryLimit() throws {
        let chain = try makeChain()
        let arguments = bank.bytes + encode(10) + encode(7)
        var (caught, kept) = (0, 0)
        for gas in stride(from: 0, to: 80_000, by: 211) {
            let twin = try makeChain()
            let result = twin.call(customer, "attempt", arguments + encode(gas))
            if result.integer == -1 {
                caught += 1
                #expect(balance(twin, customer) == 10)
                #expect(result.events.isEmpty)
            } else {
                kept += 1
                #expect(result.integer == 1)
            }
        }
        #expect(caught > 10 && kept > 10)
        #expect(chain.failure(customer, "attempt", arguments + encode(2_000_000)) == "InsufficientGas")
        #expect(chain.failure(customer, "attempt", arguments + encode(-1)) == "Overflow")
    }

    @Test func contractsAreNotEnteredTwice() throws {
        let chain = try makeChain()
        #expect(chain.call(bank, "nest", bank.bytes + encode(0)).integer == 0)
        #expect(chain.failure(bank, "nest", bank.bytes + encode(1)) == "Reentrancy")
    }

    @Test func interfacesAreChecked() throws {
        let chain = try makeChain()
        #expect(chain.failure(customer, "ask", customer.bytes + [0]) == "InterfaceMismatch")
        #expect(chain.failure(customer, "ask", address(77).bytes + [0]) == "NoSuchContract")
    }

    @Test func depthIsBounded() throws {
        let chain = try TestChain()
        // Each contract passes the call on to the next address.
        let text = """
            function nest(Interface#0, Int) -> Int
            registers Interface#0, Int, Int, Interface#0, Int, Int, Interface#0
                loadInteger r4, 0
                branchLessOrEqual r1, r4, bottom
                stateGet r8, r8, 0
                move r5, r8
                addImmediate r6, r1, -1
                interfaceCall r5, r8, 0
                addImmediate r7, r7, 1
                return r7
            bottom:
                return r4
            end
            function point(Interface#0)
                statePut r0, r0, 0
                returnNothing
            end
            """
        for number in 0..<12 as Range<UInt64> {
            let module = try assemble(text) { builder in
                let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
                let interface = builder.type(.bytes32(.interface(0)))
                builder.module.interfaces = [
                    InterfaceDescriptor(
                        name: "Chain",
                        methods: [
                            .init(
                                name: "nest", isView: false,
                                parameters: [.init(name: "p", type: interface), .init(name: "p", type: integer)],
                                result: integer)
                        ], isImplemented: true)
                ]
                builder.module.imports = [ImportedMethod(interface: 0, method: 0)]
                builder.module.slots = [Slot(name: "next", kind: .plain, keys: [], type: interface, capacity: nil)]
            }
            try chain.deploy(module, at: address(100 + number))
        }
        for number in 0..<11 as Range<UInt64> {
            #expect(chain.failure(address(100 + number), "point", address(101 + number).bytes) == nil)
        }
        let start = address(100).bytes
        #expect(chain.call(address(100), "nest", start + encode(7)).integer == 7)
        #expect(chain.failure(address(100), "nest", start + encode(8)) == "CallDepth")
    }
}
