import ArgumentParser
import Bytecode
import Crypto
import Foundation
import Harness
import Ledger
import Node
import Season

/// Options are the subcommands' own: a command that has both would keep those that its subcommands have as well.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Run the contracts on a chain of their own: a season on real data, and others.",
        subcommands: [
            ArenaDemoCommand.self, DemoSeasonCommand.self, BrainDemoCommand.self, DemoLiquidCommand.self,
        ],
        defaultSubcommand: ArenaDemoCommand.self)
}

struct ArenaDemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "arena",
        abstract: "Run an arena season on real data; every figure of the table is read from the chain it leaves behind."
    )

    @Option(help: "Source of a reward rule of your own (file or folder).") var rule: String?
    @Option(name: .customLong("data"), help: "Data directory for the chain; an earlier demo's chain there is replaced.")
    var dataDirectory = "demo-chain"
    @Option(help: "Folder with the models and shards.") var models: String?
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        let root = try repositoryRoot()
        let arena = root.appendingPathComponent("contracts/arena")
        let project = try compile(arena.path)
        let whole = try compile(root.appendingPathComponent("contracts/aiarena/aiarena.agon").path)
        let ruleModule = try rule.map { try loadRule($0) } ?? find("GeometricRanking", in: project)
        let contracts = try SeasonContracts(
            token: find("ArenaToken", in: project), arena: find("AIArena", in: whole),
            scoring: find("Scoring", in: project), rule: ruleModule)
        let folder = models.map { URL(fileURLWithPath: $0) } ?? arena.appendingPathComponent("data")
        let bar = SeasonProgressBar()
        let runner = SeasonRunner(data: try SeasonData(directory: folder), contracts: contracts, progress: bar.show)
        let chain = try createDemoChain(
            in: dataDirectory, genesis: try runner.genesis(), producerKey: SeasonRunner.producerKey)
        defer { chain.close() }
        let report = try runner.run(on: chain)
        if json {
            answer(try report.json())
        } else {
            answer(report.text)
            note("the chain is in `\(dataDirectory)`: agon query --data \(dataDirectory) <contract>")
        }
    }

    private func find(_ name: String, in project: CompiledProject) throws -> Module {
        guard let module = project.modules.first(where: { $0.name == name }) else {
            throw UserError("C0401", "contracts/arena has no contract `\(name)`")
        }
        return module
    }

    /// The one reward rule among the contracts of a source.
    private func loadRule(_ path: String) throws -> Module {
        let project = try compile(path)
        let files = Set(try sourcePaths([path]))
        let rules = project.modules.indices.filter {
            files.contains(project.program.contracts[$0].span.file.path)
                && SeasonContracts.isRewardRule(project.modules[$0])
        }
        guard rules.count == 1 else {
            throw UserError("C0402", "`\(path)` has \(rules.count) contracts that implement RewardRule; one is wanted")
        }
        return project.modules[rules[0]]
    }
}

/// The new chain of a demo, in the place of an earlier one of that name, with its producer's key kept beside it.
func createDemoChain(in dataDirectory: String, genesis: Genesis, producerKey: SigningKey) throws -> Chain {
    try removeEarlierChain(in: dataDirectory, named: genesis.parameters.name)
    let chain = try Chain.create(
        directory: dataDirectory, genesis: genesis, engine: MachineEngine(seed: .random(in: 0 ... .max)),
        producerKey: producerKey)
    try KeyStore(dataDirectory: dataDirectory).keep(producerKey, as: ChainOptions.producerKeyName)
    return chain
}

/// Deletes a chain that a demo of this name made, and nothing else.
private func removeEarlierChain(in dataDirectory: String, named name: String) throws {
    let database = URL(fileURLWithPath: dataDirectory).appendingPathComponent(Chain.databaseName)
    guard FileManager.default.fileExists(atPath: database.path) else { return }
    let earlier = try Chain.open(directory: dataDirectory, engine: MachineEngine(seed: .random(in: 0 ... .max)))
    let isDemo = earlier.parameters.name == name
    earlier.close()
    guard isDemo else {
        throw UserError("C0403", "`\(dataDirectory)` holds another chain; choose a directory with --data")
    }
    note("replacing the chain that an earlier demo left in `\(dataDirectory)`; --data chooses another folder")
    for suffix in ["", "-wal", "-shm"] {
        let file = database.path + suffix
        if FileManager.default.fileExists(atPath: file) { try FileManager.default.removeItem(atPath: file) }
    }
}

/// The folder that holds `contracts` and `stdlib`: above the standard library that sources are compiled with.
func repositoryRoot() throws -> URL {
    guard let library = DiskSources.findStandardLibrary() else {
        throw UserError("C0107", "no standard library was found; set AGON_STDLIB to its folder")
    }
    return URL(fileURLWithPath: library).deletingLastPathComponent()
}
