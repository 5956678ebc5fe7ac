import Crypto
import Harness
import Numerics
import Reference
import Semantics
import Testing

/// A settlement in batches of any size, by anybody, between all that may happen meanwhile, ends where one push ends.
@Suite("Settlements in batches")
struct SettlementRunTests {
    private static let source = """
        contract Fold {
            asset A issued
            asset TIP issued
            error Poison(member: Int)
            round R[k: Int] {
                var stakes: Map<Int, Int, 1_000_000>
                var total: Amount
                var pot: Vault<A>
                var rest: Vault<A>
                var tips: Vault<TIP>
                var rewards: Map<Int, Vault<A>>
                var log: List<Int, 4_000>
                settlement payout over stakes as (member, stake)
                    splits pot by stake of total as share else rest
                    during paying gas 400_000 max 1_000 fee 2 from tips freezes total
                {
                    log.append(member)
                    require member % 11 != 5 else Poison(member)
                    if member % 13 == 7 { spin(1_000_000) }
                    rewards[member % 29].put(share)
                }
                phase joining for 10 blocks then paying
                phase paying when payout.isDone then over
                phase over
            }
            function spin(n: Int) {
                var x: Int<512> = 0
                for i in 0..<n max 1_000_000 { x = i }
                require x >= 0
            }
            action begin(k: Int, pot: Amount, tips: Amount) {
                open R[k]
                R[k].pot.put(mint(A, pot))
                R[k].tips.put(mint(TIP, tips))
            }
            action add(k: Int, member: Int, stake: Int) during R[k].joining {
                R[k].stakes[member] = stake
                if stake > 0 { R[k].total += stake }
            }
            action collect(k: Int, member: Int) { send(R[k].rewards[member].takeAll(), self) }
            action give(k: Int, n: Amount) { R[k].rest.put(mint(A, n)) }
            action clear(k: Int) during R[k].over {
                send(R[k].rest.takeAll(), self)
                send(R[k].tips.takeAll(), self)
            }
        }
        """

    /// One world with a fold of random stakes that is ready to be pushed.
    private struct Bed {
        let world: any World
        let project: CompiledProject
        let address: Bytes32
        var functions: [String: FunctionID] = [:]

        init(_ project: CompiledProject, _ world: any World, stakes: [Int]) throws {
            self.project = project
            self.world = world
            for id in project.program.contracts[0].functions { functions[project.program.functions[id].name] = id }
            address = try world.deploy(0, arguments: [], actor: Actors.address(named: "owner"))
            try call("begin", [1, 1_000_003, 100_000])
            for (member, stake) in stakes.enumerated() { try call("add", [1, member, stake]) }
            try world.advance(blocks: 10)
        }

        @discardableResult
        func call(_ name: String, _ arguments: [Int], by actor: String = "owner") throws -> Int? {
            let function = try #require(functions[name])
            let value = try world.call(
                function, of: 0, at: address, arguments: arguments.map { .integer(BigInt($0)) },
                actor: Actors.address(named: actor))
            if case .integer(let number) = value { return number.asInt64.map { Int($0) } }
            return nil
        }
    }

    private static func compiled() throws -> CompiledProject { try CompiledProject.compile(text: source).get() }

    @Test("Any batches end where one push ends", arguments: [UInt64(0x5E77_1E01), 0x5E77_1E02, 0x5E77_1E03])
    func batches(seed: UInt64) throws {
        let project = try Self.compiled()
        var random = SplitMix64(seed: seed)
        let stakes = (0..<150).map { _ in Int(random.next() % 40) - 3 }
        let parts = MachineWorld(project: project, chainID: TestRunner.chainID)
        let many = try Bed(project, parts, stakes: stakes)
        var left = 150
        while left > 0 {
            switch random.next() % 4 {
            case 0: try many.call("collect", [1, Int(random.next() % 29)])
            case 1: try many.call("give", [1, 0])
            case 2: try parts.advance(blocks: 1)
            default: break
            }
            let size = Int(random.next() % 12)
            let handled = try many.call("settle_payout", [1, size], by: "pusher")
            #expect(handled == min(size, left), "seed \(seed)")
            left -= min(size, left)
        }
        // The next phase is entered with the last element, in both at one height.
        let whole = MachineWorld(project: project, chainID: TestRunner.chainID)
        let one = try Bed(project, whole, stakes: stakes)
        try whole.advance(blocks: BigInt(parts.height - whole.height))
        #expect(try one.call("settle_payout", [1, 1_000], by: "pusher") == 150)
        // Everything that may still be taken is, so that only the fold's own effects are compared.
        for world in [whole, parts] { try world.advance(blocks: BigInt(500 - world.height)) }
        for bed in [one, many] {
            for member in 0..<29 { try bed.call("collect", [1, member]) }
            try bed.call("clear", [1])
        }
        #expect(whole.stateDigest == parts.stateDigest, "seed \(seed)")
    }

    @Test("Machine and reference agree on folds with failing elements")
    func agreement() throws {
        let project = try Self.compiled()
        var random = SplitMix64(seed: 0x5E77_1E10)
        let world = PairedWorld(project: project, chainID: TestRunner.chainID)
        let bed = try Bed(project, world, stakes: (0..<60).map { _ in Int(random.next() % 40) - 3 })
        for size in [7, 0, 1, 30, 100] { try bed.call("settle_payout", [1, size], by: "pusher") }
        #expect(world.disagreement == nil)
        #expect(!world.isReferenceDropped)
        try bed.call("clear", [1])
    }

    @Test("Without the gas for an element nothing has changed")
    func gas() throws {
        let project = try Self.compiled()
        let before = MachineWorld(project: project, chainID: TestRunner.chainID)
        let bed = try Bed(project, before, stakes: [3, 1, 4, 1, 5])
        let digest = before.stateDigest
        var reached: Set<String> = []
        for limit in stride(from: Int64(20_000), through: 700_000, by: 17_000) {
            before.gasLimit = limit
            do throws(Failure) {
                _ = try before.call(
                    bed.functions["settle_payout"] ?? -1, of: 0, at: bed.address,
                    arguments: [.integer(1), .integer(5)], actor: Actors.address(named: "pusher"))
                reached.insert("done")
                break
            } catch {
                reached.insert(error.name(in: project.program))
                #expect(before.stateDigest == digest)
            }
        }
        #expect(reached == ["OutOfGas", "InsufficientGas", "done"])
    }
}
