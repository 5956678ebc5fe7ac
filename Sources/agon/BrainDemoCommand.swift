import ArgumentParser
import Bytecode
import Foundation
import Harness
import Ledger
import Node
import Season

struct BrainDemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "brain",
        abstract: "Serve requests for the output of classifiers by committees; one member lies, one withholds.")

    @Option(name: .customLong("data"), help: "Data directory for the chain; an earlier demo's chain there is replaced.")
    var dataDirectory = "brain-chain"
    @Option(help: "Folder with the models and shards.") var models: String?
    @Flag(help: "Print JSON.") var json = false
    @Flag(help: "Run the publication's throughput experiment instead.") var throughput = false

    func run() throws {
        if throughput { return answer(BrainThroughput.table(of: BrainThroughput().run())) }
        let root = try repositoryRoot()
        let project = try compile(root.appendingPathComponent("contracts/brain").path)
        let contracts = BrainContracts(
            coin: try find("BrainCoin", in: project), brain: try find("Brain", in: project),
            inference: try find("Inference", in: project), log: try find("OutputLog", in: project))
        let folder = models.map { URL(fileURLWithPath: $0) } ?? root.appendingPathComponent("contracts/arena/data")
        let bar = SeasonProgressBar()
        let demo = try BrainDemo(data: try SeasonData(directory: folder), contracts: contracts, progress: bar.show)
        let chain = try createDemoChain(
            in: dataDirectory, genesis: try demo.genesis(), producerKey: BrainDemo.producerKey)
        defer { chain.close() }
        let report = try demo.run(on: chain)
        if json {
            answer(try report.json())
        } else {
            answer(report.text)
            note("the chain is in `\(dataDirectory)`: agon query --data \(dataDirectory) <contract>")
        }
    }

    private func find(_ name: String, in project: CompiledProject) throws -> Module {
        guard let module = project.modules.first(where: { $0.name == name }) else {
            throw UserError("C0401", "contracts/brain has no contract `\(name)`")
        }
        return module
    }
}
