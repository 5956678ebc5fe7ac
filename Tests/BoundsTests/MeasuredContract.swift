import Bounds
import Harness
import Numerics
import Reference
import TestSupport
import Testing

/// Contracts of one text, deployed in a world whose calls are measured.
final class MeasuredContract {
    let project: CompiledProject
    let world: MachineWorld
    private(set) var calls: [MeasuredCall] = []
    private var addresses: [Value] = []

    init(_ text: String) throws {
        switch LargeStack.run({ CompiledProject.compile(text: text) }) {
        case .success(let project): self.project = project
        case .failure(let failure):
            Issue.record("\(failure.diagnostics.map(\.message)) \(failure.internalError ?? "")")
            throw failure
        }
        world = MachineWorld(project: project, chainID: TestRunner.chainID)
        world.following = .all
        world.onCall = { [unowned self] in calls.append($0) }
        for name in ["alice", "bob"] { try world.grant(1_000, to: Actors.address(named: name)) }
    }

    var formulas: [String: String] { ModuleBounds(project.verified[project.verified.count - 1]).formulas }

    /// Deploys a contract; gives the value that means it.
    @discardableResult
    func deploy(_ contract: Int = 0, _ arguments: [Value] = []) throws -> Value {
        let address = try world.deploy(contract, arguments: arguments, actor: Actors.address(named: "alice"))
        calls.removeAll()
        addresses.append(.bytes32(address))
        return .bytes32(address)
    }

    /// Calls an entry of the contract that was deployed last, by a fault of ours alone with a failure.
    @discardableResult
    func call(_ entry: String, _ arguments: [Value] = [], as actor: String = "alice") throws -> MeasuredCall {
        let contract = addresses.count - 1
        guard case .bytes32(let address)? = addresses.last else { throw Unknown() }
        let id = try #require(
            project.program.contracts[contract].functions.first { project.program.functions[$0].name == entry })
        do throws(Reference.Failure) {
            _ = try world.call(
                id, of: contract, at: address, arguments: arguments, actor: Actors.address(named: actor))
        } catch {
            if case .fault = error.cause { throw error }
        }
        return try #require(calls.last)
    }

    struct Unknown: Error {}
}
