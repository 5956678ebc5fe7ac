import ArgumentParser
import Bytecode
import Ledger
import Node
import Season

struct DemoSeasonCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "season",
        abstract:
            "Run a season of the arena at the size of its public deployment, on a chain in memory, and print what each "
                + "call cost."
    )

    @Option(help: "Training nodes, at most 256 to a task.") var nodes = 600
    @Option(help: "Validators, at most 1,024 to a task.") var validators = 1_000
    @Option(help: "Delegators.") var delegators = 60_000
    @Option(help: "Tasks that run side by side, at most 64.") var tasks = 16
    @Flag(help: "Print Markdown.") var markdown = false

    func run() throws {
        let size = try CrowdSeason.Size(nodes: nodes, validators: validators, delegators: delegators, tasks: tasks)
        let root = try repositoryRoot()
        let project = try compile(root.appendingPathComponent("contracts/aiarena").path)
        func module(_ name: String) throws -> Module {
            guard let module = project.modules.first(where: { $0.name == name }) else {
                throw UserError("C0401", "contracts/aiarena has no contract `\(name)`")
            }
            return module
        }
        let season = CrowdSeason(
            size: size, token: try module("ArenaToken"), arena: try module("AIArena"),
            progress: SeasonProgressBar().show)
        let chain = try Chain.inMemory(
            genesis: try season.genesis(), engine: MachineEngine(seed: .random(in: 0 ... .max)),
            producerKey: SeasonRunner.producerKey)
        defer { chain.close() }
        let report = try season.run(on: chain)
        answer(markdown ? report.markdown : report.text)
    }
}
