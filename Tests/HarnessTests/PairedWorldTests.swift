import Harness
import Numerics
import Reference
import Semantics
import Testing

@Suite("Two worlds in step")
struct PairedWorldTests {
    private static let source = """
        contract Counter {
            asset FEE native
            var total: Int
            var fees: Vault<FEE>
            event Added(n: Int)
            error TooMuch(n: Int)
            action add(n: Int) {
                require n < 10 else TooMuch(n)
                total += n
                emit Added(n)
            }
            action pay(t: Token<FEE>) { fees.put(t) }
            view value() -> Int { return total }
        }
        """
    private static let alice = Actors.address(named: "alice")

    /// The functions of the contract by name.
    private static func functions(_ project: CompiledProject) -> [String: FunctionID] {
        var functions: [String: FunctionID] = [:]
        for id in project.program.contracts[0].functions { functions[project.program.functions[id].name] = id }
        return functions
    }

    @Test("Agreement is silent")
    func agreement() throws {
        let project = try CompiledProject.compile(text: Self.source).get()
        let world = PairedWorld(project: project, chainID: TestRunner.chainID)
        let functions = Self.functions(project)
        try world.grant(100, to: Self.alice)
        let address = try world.deploy(0, arguments: [], actor: Self.alice)
        let add = try #require(functions["add"])
        _ = try world.call(add, of: 0, at: address, arguments: [.integer(3)], actor: Self.alice)
        let pay = try #require(functions["pay"])
        _ = try world.call(pay, of: 0, at: address, arguments: [.integer(30)], actor: Self.alice)
        let value = try #require(functions["value"])
        #expect(
            try world.call(value, of: 0, at: address, arguments: [], actor: Self.alice) == .integer(3))
        #expect(world.balance(of: Self.alice, asset: .zero) == 70)
        #expect(world.events.count == 1)
        let failure = #expect(throws: Failure.self) {
            try world.call(add, of: 0, at: address, arguments: [.integer(10)], actor: Self.alice)
        }
        #expect(failure?.name(in: project.program) == "TooMuch")
        #expect(failure?.payload == [.integer(10)])
        #expect(failure?.span != nil)
        #expect(world.disagreement == nil)
    }

    @Test("A checkpoint restores both worlds")
    func checkpoints() throws {
        let project = try CompiledProject.compile(text: Self.source).get()
        let world = PairedWorld(project: project, chainID: TestRunner.chainID)
        try world.grant(100, to: Self.alice)
        let checkpoint = world.checkpoint()
        try world.advance(blocks: 7)
        try world.grant(11, to: Self.alice)
        world.rollBack(to: checkpoint)
        #expect(world.height == 1)
        #expect(world.reference.height == 1)
        #expect(world.balance(of: Self.alice, asset: .zero) == 100)
        #expect(world.reference.balance(of: Self.alice, asset: .zero) == 100)
    }

    @Test("A difference in the books is found at the next call")
    func differenceIsFound() throws {
        let project = try CompiledProject.compile(text: Self.source).get()
        let world = PairedWorld(project: project, chainID: TestRunner.chainID)
        let address = try world.deploy(0, arguments: [], actor: Self.alice)
        try world.reference.grant(1, to: Self.alice)
        let add = try #require(Self.functions(project)["add"])
        _ = try world.call(add, of: 0, at: address, arguments: [.integer(3)], actor: Self.alice)
        #expect(world.disagreement?.contains("balance") == true)
        #expect(throws: Failure.self) { try world.checkAgreement() }
    }

    @Test("A difference in a contract's state is found at the next call")
    func differenceInStateIsFound() throws {
        let project = try CompiledProject.compile(text: Self.source).get()
        let world = PairedWorld(project: project, chainID: TestRunner.chainID)
        let address = try world.deploy(0, arguments: [], actor: Self.alice)
        let add = try #require(Self.functions(project)["add"])
        _ = try world.reference.call(add, of: 0, at: address, arguments: [.integer(3)], actor: Self.alice)
        _ = try world.call(add, of: 0, at: address, arguments: [.integer(3)], actor: Self.alice)
        #expect(world.disagreement != nil)
    }

    @Test("A difference is found by a view, and again after what was equal is restored")
    func differenceIsFoundByView() throws {
        let project = try CompiledProject.compile(text: Self.source).get()
        let world = PairedWorld(project: project, chainID: TestRunner.chainID)
        let address = try world.deploy(0, arguments: [], actor: Self.alice)
        let functions = Self.functions(project)
        let (add, view) = (try #require(functions["add"]), try #require(functions["value"]))
        let checkpoint = world.checkpoint()
        _ = try world.call(add, of: 0, at: address, arguments: [.integer(3)], actor: Self.alice)
        world.rollBack(to: checkpoint)
        _ = try world.call(view, of: 0, at: address, arguments: [], actor: Self.alice)
        #expect(world.disagreement == nil)
        try world.reference.grant(1, to: Self.alice)
        _ = try world.call(view, of: 0, at: address, arguments: [], actor: Self.alice)
        #expect(world.disagreement != nil)
    }
}
