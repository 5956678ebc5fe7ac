import Bounds
import Bytecode
import Foundation
import Harness
import Numerics
import Reference
import TestSupport
import Testing
import Verifier

import class Machine.Machine

private let sample = """
    contract Sample {
        asset COIN native
        var total: Int = 0
        var names: Map<Int<32>, Text<40>>
        var members: Map<Address, Amount, 64>
        var vaults: Map<Address, Vault<COIN>>
        event Told(who: Address, what: Text<100>)

        view plus(xs: List<Int<32>, 200>) -> Int {
            var sum: Int = 0
            for x in xs { sum += x }
            return sum
        }
        view pairs(n: Int<32>) -> Int {
            var sum: Int = 0
            for i in 0..<n max 50 { for j in 0..<n max 50 { sum += i * j } }
            return sum
        }
        view squares(n: Int<32>) -> List<Int, 300> {
            var found: List<Int, 300> = []
            for i in 0..<n max 300 { found.append(i * i) }
            return found
        }
        action join(weight: Amount) { members[caller] = weight }
        action leave() { members.remove(caller) }
        action twice() -> Amount {
            var sum: Amount = 0
            for (member, weight) in members { sum += weight }
            for (member, weight) in members { sum += weight }
            return sum
        }
        action name(number: Int<32>, text: Text<40>) {
            names[number] = text
            emit Told(caller, "named")
        }
        action pay(to: Address, tokens: Token<COIN>) {
            var rest = tokens
            vaults[to].put(rest.take(1))
            vaults[caller].put(rest)
        }
        action maybe(flag: Bool) {
            if flag { total += 1 } else { names.remove(1) }
        }
    }
    """

@Suite("Gas bounds")
struct GasBoundTests {
    private func project(_ text: String) throws -> CompiledProject {
        switch LargeStack.run({ CompiledProject.compile(text: text) }) {
        case .success(let project): return project
        case .failure(let failure):
            Issue.record("\(failure.diagnostics.map(\.message)) \(failure.internalError ?? "")")
            throw failure
        }
    }

    /// Calls made one after the other on a fresh contract, with what each took and may take.
    private func measured(
        _ calls: [(entry: String, arguments: [Value], actor: String)]
    ) throws -> [MeasuredCall] {
        let project = try project(sample)
        let world = MachineWorld(project: project, chainID: TestRunner.chainID)
        var found: [MeasuredCall] = []
        for name in ["alice", "bob"] { try world.grant(1_000, to: Actors.address(named: name)) }
        let address = try world.deploy(0, arguments: [], actor: Actors.address(named: "alice"))
        world.onCall = { found.append($0) }
        for call in calls {
            let id = try #require(
                project.program.contracts[0].functions.first { project.program.functions[$0].name == call.entry })
            _ = try world.call(
                id, of: 0, at: address, arguments: call.arguments, actor: Actors.address(named: call.actor))
        }
        return found
    }

    private func numbers(_ count: Int) -> Value { .list((0..<count).map { .integer(BigInt($0)) }) }

    @Test("Bounds hold closely at every size")
    func sizes() throws {
        var calls: [(String, [Value], String)] = []
        for count in [0, 1, 3, 17, 200] { calls.append(("plus", [numbers(count)], "alice")) }
        for count in [0, 1, 7, 50] { calls.append(("pairs", [.integer(BigInt(count))], "alice")) }
        for count in [0, 1, 5, 33, 300] { calls.append(("squares", [.integer(BigInt(count))], "alice")) }
        for call in try measured(calls) {
            let bound = try #require(call.bound)
            #expect(bound >= call.gasUsed, "\(call.entry)")
            #expect(bound <= call.gasUsed * 2, "\(call.entry): \(call.gasUsed) of at most \(bound)")
        }
    }

    @Test("What is dear once is counted once, and only where it happens")
    func entries() throws {
        let alice = Actors.address(named: "alice")
        let name = Value.bytes(Array("abc".utf8))
        let calls = try measured([
            ("join", [.integer(5)], "alice"), ("join", [.integer(6)], "alice"), ("join", [.integer(7)], "bob"),
            ("twice", [], "alice"), ("leave", [], "alice"), ("leave", [], "alice"),
            ("name", [.integer(1), name], "bob"), ("maybe", [.boolean(true)], "bob"),
            ("maybe", [.boolean(false)], "bob"),
            ("pay", [.bytes32(alice), .token(asset: .nativeCoin, amount: 10)], "bob"),
            ("pay", [.bytes32(alice), .token(asset: .nativeCoin, amount: 10)], "alice"),
        ])
        #expect(calls.count == 11)
        for call in calls {
            let bound = try #require(call.bound)
            #expect(bound >= call.gasUsed, "\(call.entry)")
            #expect(
                Double(bound) <= Double(call.gasUsed) * 1.5, "\(call.entry): \(call.gasUsed) of at most \(bound)")
        }
        // A second entry under a key is far cheaper than the first, and its bound knows.
        let (first, second) = (try #require(calls[0].bound), try #require(calls[1].bound))
        #expect(second * 2 < first)
    }

    @Test("Formulas name the sizes they depend on")
    func formulas() throws {
        let project = try project(sample)
        let bounds = ModuleBounds(project.verified[0]).formulas
        for (entry, size) in [("plus", "·count(xs) + "), ("pairs", "·n·n + "), ("twice", "·count(members) + ")] {
            let formula = try #require(bounds[entry])
            #expect(formula.contains(size), "\(entry): \(formula)")
        }
        #expect(bounds["join"].flatMap { Int($0) } != nil)
        #expect(bounds.count == project.modules[0].entries.count)
        #expect(bounds == ModuleBounds(project.verified[0]).formulas)
        let json = project.modules[0].interfaceWithGasBounds().text(pretty: false)
        let figure = try #require(bounds["maybe"])
        #expect(json.contains("\"gasBound\":\"\(figure)\""))
    }

    @Test("A call's bound follows its arguments")
    func monotone() throws {
        let calls = try measured([("plus", [numbers(10)], "alice"), ("plus", [numbers(100)], "alice")])
        let bound = try #require(calls[0].bound)
        #expect(bound < calls[1].gasUsed)
    }

    @Test("Calls of other contracts are bounded by the callee's own bound")
    func external() throws {
        let project = try project(
            """
            interface Adding { view add(xs: List<Int, 100>) -> Int }
            contract Adder: Adding {
                view add(xs: List<Int, 100>) -> Int {
                    var sum: Int = 0
                    for x in xs { sum += x }
                    return sum
                }
            }
            contract User {
                let adder: Adding
                init(target: Adding) { adder = target }
                view use(n: Int<32>) -> Int { return adder.add(repeating(1, n)) }
            }
            """)
        let world = MachineWorld(project: project, chainID: TestRunner.chainID)
        let actor = Actors.address(named: "alice")
        var found: [MeasuredCall] = []
        let adder = try world.deploy(0, arguments: [], actor: actor)
        let user = try world.deploy(1, arguments: [.bytes32(adder)], actor: actor)
        world.onCall = { found.append($0) }
        let id = try #require(
            project.program.contracts[1].functions.first { project.program.functions[$0].name == "use" })
        for count in [0, 10, 100] {
            _ = try world.call(id, of: 1, at: user, arguments: [.integer(BigInt(count))], actor: actor)
        }
        #expect(found.count == 3)
        for call in found {
            let bound = try #require(call.bound)
            #expect(bound >= call.gasUsed)
            #expect(Double(bound) <= Double(call.gasUsed) * 1.6, "\(call.gasUsed) of at most \(bound)")
        }
        let formula = ModuleBounds(project.verified[1]).formulas["use"]
        #expect(formula?.contains("gas(Adding.add)") == true, "\(formula ?? "none")")
    }

    @Test("Generated programs stay within their bounds, and most calls have one")
    func generated() throws {
        let machine = try #require(Machine())
        var (calls, bounded, followed) = (0, 0, 0)
        // AGON_BOUND_PROGRAMS: more of them.
        let count = ProcessInfo.processInfo.environment["AGON_BOUND_PROGRAMS"].flatMap { Int($0) } ?? 60
        for index in 0..<count {
            let seed = 0xB0D5_0001 + UInt64(index)
            let source = ProgramGenerator.source(seed: seed)
            let project = try project(source)
            let violation = LargeStack.run { () -> MeasuredCall? in
                let world = MachineWorld(
                    project: project, chainID: TestRunner.chainID, gasLimit: 20_000_000, machine: machine)
                world.following = .all
                var violation: MeasuredCall?
                world.onCall = { call in
                    calls += 1
                    if call.followed != nil { followed += 1 }
                    guard let bound = call.closestBound else { return }
                    bounded += 1
                    if bound < call.gasUsed { violation = violation ?? call }
                }
                var run = RandomCalls(project.program, in: world, seed: seed)
                run.prepare()
                for _ in 0..<20 { run.step() }
                return violation
            }
            if let violation {
                Issue.record("seed \(seed): \(violation)\n\(source)")
                return
            }
        }
        #expect(calls > 10 * count)
        #expect(bounded * 10 > calls * 8, "\(bounded) of \(calls) calls have a bound")
        #expect(followed * 10 > calls * 8, "\(followed) of \(calls) calls were followed")
    }

    @Test("Broken code is bounded or not, without a trap")
    func mutants() throws {
        let modules = try project(sample).modules
        var random = TestSupport.SplitMix64(seed: 0xB0D5_1001)
        var accepted = 0
        for _ in 0..<1_500 {
            var module = modules[0]
            let function = random.below(module.functions.count)
            guard !module.functions[function].code.isEmpty else { continue }
            for _ in 0...random.below(2) {
                let word = random.below(module.functions[function].code.count)
                let shift = UInt64(8 * random.below(8))
                module.functions[function].code[word] ^= UInt64(1 + random.below(7)) << shift
            }
            guard case .success(let verified) = verify(module) else { continue }
            accepted += 1
            _ = LargeStack.run { ModuleBounds(verified).formulas }
        }
        #expect(accepted > 50)
    }

    @Test("Deep nests of loops end in a bound or a reason, soon")
    func nests() throws {
        let depth = 12
        let open = (0..<depth).map { "for i\($0) in 0..<n max 3 { var v\($0): List<Int, 9> = [] v\($0).append(sum) " }
        let text =
            "contract Nest { view deep(n: Int<8>) -> Int { var sum: Int = 0 " + open.joined() + "sum += 1 "
            + String(repeating: "} ", count: depth) + "return sum } }"
        let project = try project(text)
        let clock = ContinuousClock()
        let time = clock.measure { _ = LargeStack.run { ModuleBounds(project.verified[0]).formulas } }
        #expect(time < .seconds(20))
    }
}
