import Bytecode
import Crypto
import Machine
import Numerics
import Testing
import Verifier

/// A contract that remembers, and another that tries to make it forget.
private func tables(_ builder: inout ModuleBuilder, isImplemented: Bool) {
    let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
    let amount = builder.type(.integer(.amount, bits: 256, isSigned: false))
    let address = builder.type(.bytes32(.address))
    let list = builder.type(.list(integer, capacity: 8))
    _ = builder.type(.bytes32(.interface(0)))
    builder.module.assets = [AssetDescriptor(name: "A", origin: .issued)]
    builder.module.interfaces = [
        InterfaceDescriptor(
            name: "Memory",
            methods: ["flag", "member", "members", "first", "list", "held"].map {
                .init(name: $0, isView: true, parameters: [], result: integer)
            } + [.init(name: "take", isView: false, parameters: [], result: integer)],
            isImplemented: isImplemented)
    ]
    builder.module.imports = (0..<7).map { ImportedMethod(interface: 0, method: $0) }
    builder.module.slots = [
        Slot(name: "flag", kind: .plain, keys: [], type: integer, capacity: nil),
        Slot(name: "map", kind: .plain, keys: [address], type: integer, capacity: 8),
        Slot(name: "list", kind: .plain, keys: [], type: list, capacity: nil),
        Slot(name: "pot", kind: .vault(asset: 0), keys: [], type: amount, capacity: nil),
    ]
}

private let victimSource = """
    function setUp()
    registers Int, Address, List<Int, 8>, Token#0
        loadInteger r0, 1000000000
        statePut r0, r0, 0
        selfAddress r1
        statePut r0, r1, 1
        newList r2, 3
        listAppend r2, r0
        listAppend r2, r0
        statePut r2, r0, 2
        mint r3, r0, 0
        vaultPut r3, r0, 3
        returnNothing
    end
    function flag() -> Int readonly
    registers Int
        stateGet r0, r0, 0
        return r0
    end
    function member() -> Int readonly
    registers Int, Address
        selfAddress r1
        stateGet r0, r1, 1
        return r0
    end
    function members() -> Int readonly
    registers Int
        stateCount r0, r0, 1
        return r0
    end
    function first() -> Int readonly
    registers Int, Address, Bool, Address
        loadInteger r0, 0
        stateKeyAt r1, r0, r0, 1
        selfAddress r3
        equalBytes32 r2, r1, r3
        branchFalse r2, other
        loadInteger r0, 1
    other:
        return r0
    end
    function list() -> Int readonly
    registers Int, List<Int, 8>
        stateGet r1, r0, 2
        listCount r0, r1
        return r0
    end
    function held() -> Int readonly
    registers Int
        vaultAmount r0, r0, 3
        return r0
    end
    function take() -> Int
    registers Int, Token#0
        loadInteger r0, 1
        vaultTake r1, r0, r0, 3
        vaultPut r1, r0, 3
        vaultAmount r0, r0, 3
        return r0
    end
    """

/// For each method a function that first calls it with little gas and then in earnest.
private let attackerSource = (0..<7).map { method in
    """
    function probe\(method)(Interface#0, Int) -> Int
    registers Int
        tryCall r2, r0, r1, \(method), failed
    failed:
        interfaceCall r2, r0, \(method)
        return r2
    end
    """
}.joined(separator: "\n")

@Suite struct AdversaryTryCallTests {
    /// An entry whose reading ran out of gas must not count as read: whoever chooses the gas of a call would choose
    /// what the called contract remembers.
    @Test func whatRanOutOfGasIsReadAgain() throws {
        let (victim, attacker) = (address(50), address(60))
        let chain = try TestChain()
        try chain.deploy(try assemble(victimSource) { tables(&$0, isImplemented: true) }, at: victim)
        try chain.deploy(try assemble(attackerSource) { tables(&$0, isImplemented: false) }, at: attacker)
        #expect(chain.failure(victim, "setUp") == nil)
        let expected = [1_000_000_000, 1_000_000_000, 1, 1, 2, 1_000_000_000, 1_000_000_000]
        for method in 0..<7 {
            var wrong: [Int] = []
            // Around the price of each entry that the method reads.
            for base in [0, 2_000, 4_000, 6_000, 7_000, 8_000, 9_000, 11_000, 13_000] {
                for gas in base..<(base + 500) {
                    let result = chain.machine.execute(
                        CallRequest(
                            contract: attacker, entry: "probe\(method)", arguments: victim.bytes + encode(gas),
                            caller: address(1), gasLimit: 1_000_000),
                        in: chain.block, state: chain)
                    if result.integer != BigInt(expected[method]) { wrong.append(gas) }
                }
            }
            #expect(wrong.isEmpty, "method \(method): \(wrong)")
        }
    }

    /// Failures that `tryCall` lets through mean a damaged store or machine; code must not be able to feign them.
    @Test func fatalFailuresCannotBeRaised() throws {
        for failure in BuiltinFailure.allCases {
            let isFatal = failure == .damagedState || failure == .conservationViolated || failure == .booksUnbalanced
            let code = try refusal("function f()\nfailBuiltin \(failure.name)\nend")
            #expect((code != nil) == isFatal, "\(failure)")
        }
    }

    /// A record of the books that ran out of gas is no damaged one.
    @Test func booksRunOutOfGasLikeState() throws {
        let chain = try TestChain()
        let contract = address(70)
        try chain.deploy(
            try assemble(
                """
                function give(Address, Token#0)
                    send r1, r0
                    returnNothing
                end
                """
            ) { $0.module.assets = [AssetDescriptor(name: "Coin", origin: .native)] }, at: contract)
        let balance = encode(BigInt(negative: false, bigEndianMagnitude: [UInt8](repeating: 7, count: 31)))
        chain.state[StateKeys.balance(asset: .nativeCoin, address: address(1))] = balance
        chain.state[StateKeys.balance(asset: .nativeCoin, address: address(2))] = balance
        var gas: Int64 = 0
        while true {
            let name = chain.failure(contract, "give", address(2).bytes + encode(1), gas: gas)
            if name == nil { break }
            #expect(name == "OutOfGas", "\(gas)")
            gas += 1
            if gas > 60_000 { break }
        }
        #expect(gas < 60_000)
    }

    /// Every checkpoint notes an entry anew, so that a loop of calls within a call could fill the memory.
    @Test func notedValuesAreBounded() throws {
        func tables(_ builder: inout ModuleBuilder) {
            let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
            let own = builder.type(.bytes32(.interface(0)))
            builder.module.interfaces = [
                InterfaceDescriptor(
                    name: "Writer",
                    methods: [
                        .init(name: "write", isView: false, parameters: [.init(name: "n", type: integer)], result: nil),
                        .init(
                            name: "repeatWrites", isView: false,
                            parameters: [.init(name: "w", type: own), .init(name: "n", type: integer)], result: nil),
                    ], isImplemented: true)
            ]
            builder.module.imports = [
                ImportedMethod(interface: 0, method: 0), ImportedMethod(interface: 0, method: 1),
            ]
            builder.module.slots = [Slot(name: "m", kind: .plain, keys: [integer], type: integer, capacity: nil)]
        }
        let module = try assemble(
            """
            function write(Int)
            registers Int
                loadInteger r1, 0
            again:
                statePut r1, r1, 0
                loop r1, r0, again
                returnNothing
            end
            function repeatWrites(Interface#0, Int)
            registers Int, Int, Int
                loadInteger r2, 0
                loadInteger r3, 20000000
                loadInteger r4, 1000
            again:
                loadInteger r4, 1000
                tryCall r4, r0, r3, 0, failed
            failed:
                loop r2, r1, again
                returnNothing
            end
            function start(Interface#0, Interface#0, Int) -> Bool
            registers Int, Interface#0, Int, Bool
                loadInteger r3, 2100000000
                move r4, r1
                move r5, r2
                tryCall r4, r0, r3, 1, failed
                loadBoolean r6, 1
                return r6
            failed:
                loadBoolean r6, 0
                return r6
            end
            """, configure: tables)
        let chain = try TestChain()
        let contracts = [address(50), address(60), address(70)]
        for contract in contracts { try chain.deploy(module, at: contract) }
        let arguments = contracts[1].bytes + contracts[2].bytes
        let few = chain.call(contracts[0], "start", arguments + encode(100), gas: 6_000_000_000)
        #expect(few.bytes == [1] && few.writes.count == 1_000)
        // The calls beyond the limit fail; what the ones before them wrote stays.
        let many = chain.call(contracts[0], "start", arguments + encode(3_000), gas: 6_000_000_000)
        #expect(many.bytes == [1] && many.writes.count == 1_000)
    }
}
