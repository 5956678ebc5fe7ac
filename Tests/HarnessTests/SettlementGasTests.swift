import Crypto
import Harness
import Numerics
import Reference
import Semantics
import Testing

/// Which elements a fold sets aside for want of gas follows from the elements, never from what the same transaction
/// did before them: at any gas, batches of any size end in the same state.
@Suite("Gas of an element in batches")
struct SettlementGasTests {
    /// Elements touch together: an integer, a wide integer, objects of every kind, maps with a bound, vaults, a
    /// balance, a supply, other contracts' state by two of their methods, attempts within attempts; some fail. `push`
    /// is a fold whose gas is an argument.
    private static let source = """
        interface Notes {
            view last() -> Text<60>
            action note(who: Int, text: Text<60>) -> Int
        }
        contract Book: Notes {
            var notes: Map<Int, Text<60>, 100>
            var newest: Text<60>
            var log: List<Int, 100>
            view last() -> Text<60> { return newest }
            action note(who: Int, text: Text<60>) -> Int {
                require who % 7 != 4
                notes[who % 5] = text
                newest = text
                log.append(who)
                return log.count
            }
        }
        enum Mood { case calm case torn(n: Int<900>, t: Text<30>) }
        struct Mark { name: Bytes<40> sizes: List<Int, 40> mood: Mood owner: Address last: Int? }
        contract Fold {
            asset A issued
            asset N native
            asset B
            let books: List<Notes, 3>
            var number: Int
            var wide: Int<2000> = 1
            var mark: Mark
            var other: Mark
            var grid: Tensor<i32, [2, 3]> = [[1, 2, 3], [4, 5, 6]]
            var maybe: List<Text<20>, 30>?
            var members: Map<Int, Amount, 100>
            var names: Map<Text<60>, Int, 100>
            var pots: Map<Int, Vault<A>, 50>
            var pot: Vault<A>
            var outside: Vault<B>
            var failed: List<Int, 100>
            init(asset_: Asset, books_: List<Notes, 3>) {
                B = asset_
                books = books_
                mark = Mark(0x00, [], .calm, self, none)
                other = Mark(0x00, [], .calm, self, none)
            }
            function inner(i: Int) -> Int {
                number += 1
                pot.put(mint(A, 3))
                mark.last = i
                require i % 3 != 1
                return number
            }
            function element(i: Int) {
                number += i
                wide = wide < 1 ? 3 : (wide * 7) % 1_000_000_000_000_000_000_000_000_000_000_000_000_000_000_000
                var some = mark
                some.sizes.append(i)
                some.mood = i % 4 == 1 ? .calm : .torn(2 * i, "torn")
                mark = some
                if mark == other { number += 1000 }
                other = mark
                grid = add(grid, grid)
                if let texts = maybe {
                    var more = texts
                    more.append("more")
                    maybe = more
                } else { maybe = ["first"] }
                try let n = inner(i) gas 80_000 { number += n } failed { members[1] += 1 }
                let book = books[i % 2]
                try let n = book.note(i, "from the fold") gas 60_000 { number += n } failed { members.remove(i - 1) }
                names[book.last()] = i
                members[i % 6] += 2
                pots[i % 3].put(mint(A, 5))
                send(pot.takeAll(), caller)
                outside.put(empty(B))
                if i % 4 == 2 { burn(pots[i % 3].take(2)) }
                require i % 5 != 3
                try let n = books[2].note(i, "once more") gas 50_000 { number += n } failed {}
            }
            action push(first: Int, count: Int, g: Int) -> Int {
                number += 0
                for i in first..<first + count max 30 {
                    try element(i) gas g {} failed { failed.append(i) }
                }
                return failed.count
            }
        }
        """

    private struct Bed {
        let world: MachineWorld
        let fold: Bytes32
        let push: FunctionID
        let contract: ContractID
        let count = 12

        init(checksBounds: Bool) throws {
            let project = try CompiledProject.compile(text: SettlementGasTests.source).get()
            let world = MachineWorld(project: project, chainID: TestRunner.chainID)
            self.world = world
            world.checksBounds = checksBounds
            let owner = Actors.address(named: "owner")
            let book = try #require(project.program.contracts.firstIndex { $0.name == "Book" })
            contract = try #require(project.program.contracts.firstIndex { $0.name == "Fold" })
            let books = try (0..<3).map { _ in try world.deploy(book, arguments: [], actor: owner) }
            fold = try world.deploy(
                contract, arguments: [.bytes32(Bytes32.zero), .list(books.map { .bytes32($0) })], actor: owner)
            push = try #require(
                project.program.contracts[contract].functions.first { project.program.functions[$0].name == "push" })
        }

        /// The state after all elements, pushed in batches of these sizes in turn, and how many failed.
        func end(_ sizes: [Int], gas: Int) throws -> (digest: Bytes32, failed: Int) {
            let mark = world.checkpoint()
            defer { world.rollBack(to: mark) }
            var (first, turn, failed) = (0, 0, 0)
            while first < count {
                let size = min(sizes[turn % sizes.count], count - first)
                let result = try world.call(
                    push, of: contract, at: fold,
                    arguments: [first, size, gas].map { .integer(BigInt($0)) }, actor: Actors.address(named: "pusher"))
                if case .integer(let number) = result { failed = Int(number.asInt64 ?? -1) }
                first += size
                turn += 1
            }
            return (world.stateDigest, failed)
        }
    }

    @Test("At any gas any batches end in the same state")
    func batches() throws {
        let bed = try Bed(checksBounds: false)
        let others = [[12], [2], [5, 1], [1, 11]]
        var ends: Set<Bytes32> = []
        func outcome(_ gas: Int) throws -> Bytes32 {
            let one = try bed.end([1], gas: gas)
            ends.insert(one.digest)
            for sizes in others {
                let end = try bed.end(sizes, gas: gas)
                #expect(
                    end.digest == one.digest,
                    "gas \(gas), batches of \(sizes): \(end.failed) set aside, not \(one.failed)")
            }
            return one.digest
        }
        // Where neighbours differ some element's need lies between: to the unit.
        func refine(_ low: Int, _ lowEnd: Bytes32, _ high: Int, _ highEnd: Bytes32) throws {
            if lowEnd == highEnd || high - low <= 1 { return }
            let middle = (low + high) / 2
            let end = try outcome(middle)
            try refine(low, lowEnd, middle, end)
            try refine(middle, end, high, highEnd)
        }
        #expect(try bed.end([1], gas: 0).failed == bed.count)
        let plenty = try bed.end([1], gas: 2_000_000)
        #expect(plenty.failed == 2)
        var (low, lowEnd) = (0, try outcome(0))
        for gas in stride(from: 4_003, through: 840_000, by: 4_003) {
            let end = try outcome(gas)
            try refine(low, lowEnd, gas, end)
            (low, lowEnd) = (gas, end)
        }
        #expect(lowEnd == plenty.digest)
        #expect(ends.count > 5)
    }

    @Test("What an attempt pays again it gets back: a large batch is cheaper than small ones")
    func gasIsGivenBack() throws {
        let bed = try Bed(checksBounds: true)
        func used(_ sizes: [Int]) throws -> Int64 {
            let before = bed.world.totalGasUsed
            _ = try bed.end(sizes, gas: 600_000)
            return bed.world.totalGasUsed - before
        }
        let (one, many) = (try used([12]), try used([1]))
        #expect(2 * one < many, "\(one) \(many)")
    }

    @Test("Elements that fill the memory of a push are not set aside: the push fails, and smaller ones do")
    func memory() throws {
        let project = try CompiledProject.compile(
            text: """
                contract Log {
                    round R[k: Int] {
                        var members: Map<Int, Bool, 1_000>
                        var log: List<Int, 8_000>
                        settlement note over members as (member, flag)
                            during noting gas 3_000_000 max 1_000
                        { log.append(member) }
                        phase joining for 10 blocks then noting
                        phase noting when note.isDone then over
                        phase over
                    }
                    action begin(k: Int, n: Int, first: Int) {
                        open R[k]
                        var log: List<Int, 8_000> = []
                        for i in 0..<first max 8_000 { log.append(i) }
                        R[k].log = log
                        for i in 0..<n max 1_000 { R[k].members[i] = true }
                    }
                }
                """
        ).get()
        let world = MachineWorld(project: project, chainID: TestRunner.chainID)
        world.checksBounds = false
        let owner = Actors.address(named: "owner")
        let address = try world.deploy(0, arguments: [], actor: owner)
        func call(_ name: String, _ arguments: [Int]) throws -> Value {
            let function = try #require(
                project.program.contracts[0].functions.first { project.program.functions[$0].name == name })
            return try world.call(
                function, of: 0, at: address, arguments: arguments.map { .integer(BigInt($0)) }, actor: owner)
        }
        _ = try call("begin", [1, 160, 7_500])
        try world.advance(blocks: 10)
        let digest = world.stateDigest
        // Each element copies a list of more than 300 KB; the machine has 64 MiB.
        do {
            _ = try call("settle_note", [1, 160])
            Issue.record("a push of all has the room")
        } catch let failure as Failure {
            #expect(failure.name(in: project.program) == "OutOfMemory")
        }
        #expect(world.stateDigest == digest)
        for _ in 0..<4 { #expect(try call("settle_note", [1, 40]) == .integer(40)) }
        #expect(world.events.isEmpty)
    }
}
