import Bounds
import Crypto
import Diagnostics
import Harness
import Numerics
import Reference
import Testing

/// What an author is told of the gas of a settlement's elements: by the compiler, by the bound, by a failing test.
@Suite("Gas of a settlement's elements")
struct ElementGasTests {
    private static func source(gas: String, test: String = "") -> String {
        """
        contract Fold {
            asset A issued
            error Poor(member: Int)
            round R[k: Int] {
                var stakes: Map<Int, Int, 1_000>
                var total: Amount
                var pot: Vault<A>
                var rest: Vault<A>
                var rewards: Map<Int, Vault<A>>
                settlement payout over stakes as (member, stake)
                    splits pot by stake of total as share else rest
                    during paying gas \(gas) max 200 freezes total
                {
                    require stake < 100 else Poor(member)
                    rewards[member].put(share)
                }
                phase joining for 10 blocks then paying
                phase paying when payout.isDone then over
                phase over
            }
            action begin(k: Int, pot: Amount) {
                open R[k]
                R[k].pot.put(mint(A, pot))
            }
            action add(k: Int, member: Int, stake: Int) during R[k].joining {
                R[k].stakes[member] = stake
                R[k].total += stake
            }
            \(test)
        }
        """
    }

    private static func compiled(gas: String, test: String = "") throws -> CompiledProject {
        try CompiledProject.compile(text: source(gas: gas, test: test)).get()
    }

    /// How many elements batches of a size set aside, with stakes of every length.
    private func setAside(_ project: CompiledProject, batch: Int) throws -> Int {
        let world = MachineWorld(project: project, chainID: TestRunner.chainID)
        let owner = Actors.address(named: "owner")
        let address = try world.deploy(0, arguments: [], actor: owner)
        func call(_ name: String, _ arguments: [Int]) throws {
            let function = try #require(
                project.program.contracts[0].functions.first { project.program.functions[$0].name == name })
            _ = try world.call(
                function, of: 0, at: address, arguments: arguments.map { .integer(BigInt($0)) }, actor: owner)
        }
        try call("begin", [1, 1_000_000_007])
        for member in 0..<20 { try call("add", [1, member, member * 7 % 93 + 1]) }
        try world.advance(blocks: 10)
        for _ in stride(from: 0, to: 20, by: batch) { try call("settle_payout", [1, batch]) }
        return world.events.count
    }

    @Test("Too little gas is a warning, and the number in it always suffices")
    func warning() throws {
        let project = try Self.compiled(gas: "1_000")
        let warnings = project.warnings
        #expect(warnings.map(\.code) == [.elementGasTooSmall])
        let warning = try #require(warnings.first)
        #expect(warning.severity == .warning)
        #expect(warning.primary.span.text == "1_000")
        let hint = try #require(warning.hint)
        let needed = try #require(Int(hint.split(separator: " ")[1]))
        let enough = try Self.compiled(gas: "\(needed)")
        #expect(enough.warnings.isEmpty)
        #expect(try Self.compiled(gas: "\(needed - 1)").warnings.count == 1)
        for batch in [1, 3, 20] {
            #expect(try setAside(enough, batch: batch) == 0)
            // The bound is no idle figure: with half of it all are set aside.
            #expect(try setAside(Self.compiled(gas: "\(needed / 2)"), batch: batch) == 20)
        }
    }

    @Test("The bound of a push names its count, and an element's gas once")
    func formula() throws {
        let project = try Self.compiled(gas: "400_000")
        let formula = try #require(ModuleBounds(project.verified[0]).formulas["settle_payout"])
        let factor = try #require(formula.split(separator: "·min(count, 200)").first.flatMap { Int($0) }, "\(formula)")
        #expect(factor < 400_000, "\(formula)")
    }

    @Test("A failing test names the elements that were set aside")
    func report() throws {
        let text = Self.source(
            gas: "400_000",
            test: """
                test "all are paid" {
                        let fold = deploy Fold() as actor("owner")
                        fold.begin(1, 100)
                        fold.add(1, 5, 60)
                        fold.add(1, 7, 140)
                        advance 10 blocks
                        fold.settle_payout(1, 10)
                        expect 1 == 2
                    }
                """)
        let report = try TestRunner().run(file: "f.agon", from: MemorySources(["f.agon": text])).get()
        let lines = report.lines()
        #expect(lines.contains { $0.hasSuffix("set aside by Fold.payout: k 1, element 7, amount 70") }, "\(lines)")
    }
}
