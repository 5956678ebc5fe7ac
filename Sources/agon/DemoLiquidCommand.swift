import ArgumentParser
import Bytecode
import Ledger
import Node
import Season

struct DemoLiquidCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "liquid",
        abstract:
            "Simulate voters who delegate for accuracy and power, and measure the outcomes by the contract's function.",
        discussion: "Prints Markdown; in brackets what a run of the same set-up elsewhere found.")

    @Option(help: "Voters, 2 to 48.") var voters = 30
    @Option(help: "Random networks for each point.") var graphs = 20
    @Option(help: "Seed of networks, accuracies and moves.") var seed: UInt64 = 1

    func run() throws {
        let size = try LiquidDemo.Size(voters: voters, graphs: graphs)
        let folder = try repositoryRoot().appendingPathComponent("contracts/liquid/power_meter.agon")
        guard let meter = try compile(folder.path).modules.first(where: { $0.name == "PowerMeter" }) else {
            throw UserError("C0401", "contracts/liquid has no contract `PowerMeter`")
        }
        let demo = LiquidDemo(size: size, meter: meter, seed: seed, progress: SeasonProgressBar().show)
        let chain = try Chain.inMemory(
            genesis: try demo.genesis(), engine: MachineEngine(seed: .random(in: 0 ... .max)),
            producerKey: SeasonRunner.producerKey)
        defer { chain.close() }
        let report = try demo.run(on: chain)
        answer(report.text)
        note("\(Int(report.seconds.rounded())) s")
    }
}
