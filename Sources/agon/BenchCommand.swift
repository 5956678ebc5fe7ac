import ArgumentParser
import Benchmarks
import Harness

struct BenchCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bench", abstract: "Time the machine beside native code, in one process.")

    @Argument(help: "Names of workloads; all of them unless given.") var names: [String] = []
    @Option(help: "Show the machine code of a workload instead.") var disassemble: String?
    @Option(help: "Rounds; a figure is the median.") var rounds = 9
    @Flag(help: "Time every instruction against its price in gas instead.") var opcodes = false
    @Flag(help: "Time the verification of hostile modules of several sizes instead.") var verifier = false
    @Flag(help: "Time transactions instead: state of all sizes, settlements, deployments, first touches.")
    var transactions = false
    @Option(help: "Entries of state beside those that the transactions touch, up to a million.") var entries = 8_000
    @Flag(
        help:
            "Search for programs, and a quarter of the time for sources, that take the most time for their gas instead."
    )
    var gasSearch = false
    @Option(help: "Seconds that the search takes.") var seconds = 60.0
    @Option(help: "Time a program that the search has found, by its text, instead.") var gasProgram: String?
    @Option(help: "Time the calls of the generated source of this seed instead.") var gasSource: UInt64?
    @Option(help: "Play so many draws against adversaries who choose among seeds instead.") var drawAdversary: Int?
    @Option(help: "Seed of the draws, or of the search.") var seed: UInt64 = 1
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard (0...TransactionCosts.otherEntriesLimit).contains(entries) else {
            throw ValidationError("--entries is from 0 to \(TransactionCosts.otherEntriesLimit).")
        }
    }

    func run() throws {
        if let disassemble {
            answer(try BenchmarkSuite.disassembly(of: disassemble))
            return
        }
        if let drawAdversary {
            let rows = try DrawAdversary(seed: seed).run(draws: drawAdversary)
            answer(json ? drawJSON(rows) : drawReport(rows))
            return
        }
        if opcodes {
            answer(opcodeReport(try measureOpcodes()))
            return
        }
        if gasSearch {
            var search = try GasSearch(seed: seed)
            answer(gasSearchReport(search.run(seconds: 0.75 * seconds), seed: seed))
            var sources = try SourceSearch()
            // Seeds side by side give different programs.
            let result = sources.run(firstSeed: seed &* 1_000_000, seconds: 0.25 * seconds)
            answer("\n" + sourceSearchReport(result))
            return
        }
        if let gasProgram {
            answer(gasSearchReport(try GasSearch.again(gasProgram), seed: seed))
            return
        }
        if let gasSource {
            answer(sourceSearchReport(try SourceSearch.again(seed: gasSource)))
            answer("\n" + ProgramGenerator.source(seed: gasSource))
            return
        }
        if transactions {
            var costs = try TransactionCosts(otherEntries: entries)
            let measurements = try costs.measure()
            answer(transactionReport(measurements, calibrationNanoseconds: costs.calibrationNanoseconds))
            return
        }
        if verifier {
            answer(verifierReport(try measureVerifier()))
            return
        }
        if !json { answer(BenchmarkSuite.heading) }
        let rows = try BenchmarkSuite.run(names.isEmpty ? nil : names, rounds: rounds) { row in
            if !json { answer(BenchmarkSuite.text(row)) }
        }
        if json { answer(BenchmarkSuite.json(rows)) }
    }
}
