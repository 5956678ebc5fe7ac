import Bytecode
import Harness
import Testing
import Verifier

@testable import Benchmarks

/// The search for underpriced programs: what it makes, and that it finds what is planted. Not what anything takes.
struct GasSearchTests {
    private static func genomes(_ count: Int, seed: UInt64) -> [SearchGenome] {
        var random = SplitMix64(seed: seed)
        var genomes = SearchVocabulary.rows.indices.map { SearchGenome(alone: $0, &random) }
        genomes += (0..<count).map { _ in SearchGenome(&random) }
        return genomes + genomes.suffix(count).map { $0.mutated(&random) }
    }

    @Test func programsFollowFromTheSeed() throws {
        let (first, second) = (Self.genomes(40, seed: 5), Self.genomes(40, seed: 5))
        #expect(first == second)
        #expect(first != Self.genomes(40, seed: 6))
        for genome in first.suffix(20) {
            #expect(try SearchProgram(genome).module == SearchProgram(genome).module)
        }
    }

    @Test func everyProgramVerifies() throws {
        for genome in Self.genomes(40, seed: 1) {
            let program = try SearchProgram(genome)
            if case .failure(let error) = verify(program.module) {
                Issue.record("\(genome): \(error)\n\(program.bodyText)")
            }
        }
    }

    @Test func textsNameProgramsAgain() {
        for genome in Self.genomes(40, seed: 2) { #expect(SearchGenome("\(genome)") == genome) }
        for text in ["", "1/2:3/", "a", "1.2//", String(repeating: "1.", count: 16) + "/9999:1/"] {
            #expect(SearchGenome(text) == nil)
        }
        #expect(throws: BenchmarkError.self) { try GasSearch.again("nothing") }
    }

    @Test func everyInstructionThatIsNoEndOccurs() throws {
        var seen: Set<Opcode> = []
        for genome in Self.genomes(0, seed: 3) {
            for function in try SearchProgram(genome).module.functions {
                var word = 0
                while word < function.code.count, let opcode = Instruction(word: function.code[word]).opcode {
                    seen.insert(opcode)
                    word += OpcodeTable[opcode].words
                }
            }
        }
        let missing = Opcode.allCases.filter { !seen.contains($0) }
        // Seals take a round of their own; `agon bench --opcodes` times them.
        #expect(Set(missing) == [.sealCommit, .sealReveal])
    }

    /// Time as if every word of code took what its price says, but for one instruction.
    private final class PlantedMeter: SearchMeter {
        let planted: Opcode
        let calibrationNanoseconds = 6_500.0
        init(planted: Opcode) { self.planted = planted }

        func measure(_ module: VerifiedModule, repetitions: Int) -> SearchMeasurement? {
            guard let entry = module.entry(named: "run") else { return nil }
            let code = module.module.functions[entry.function].code
            var (time, gas, word) = (0.0, 0.0, 0)
            while word < code.count, let opcode = Instruction(word: code[word]).opcode {
                let cost = Double(OpcodeTable[opcode].cost)
                gas += cost
                time += opcode == planted ? 9 * cost : cost
                word += OpcodeTable[opcode].words
            }
            return SearchMeasurement(nanosecondsPerRound: time, gasPerRound: gas, nanosecondsPerGas: time / gas)
        }
    }

    @Test(arguments: [Opcode.mulMod, .tensorSize, .stateRemove, .getPayload])
    func whatIsUnderpricedIsFound(_ planted: Opcode) throws {
        var search = GasSearch(seed: 11, meter: PlantedMeter(planted: planted))
        let result = search.run(seconds: 20, programs: 700)
        let worst = try #require(result.findings.first)
        #expect(worst.body.contains("\(planted) "), "seed 11: \(worst.body)")
        #expect(worst.measurement.nanosecondsPerGas > 1)
        #expect(gasSearchReport(result, seed: 11).contains("--gas-program \(worst.genome)"))
    }

    @Test func callsOfGeneratedSourcesAreMadeAgain() throws {
        var search = try SourceSearch()
        let result = search.run(firstSeed: 40, seconds: 60, programs: 12)
        let worst = try #require(result.findings.first)
        #expect((40..<52).contains(worst.seed))
        #expect(result.findings.count == Set(result.findings.map(\.seed)).count)
        #expect(result.calls >= 12)
        let again = try SourceSearch.again(seed: worst.seed)
        let same = try #require(again.findings.first { $0.number == worst.number })
        #expect(same.call == worst.call && same.gas == worst.gas && same.gas > 400)
        let report = sourceSearchReport(result)
        #expect(report.contains("--gas-source \(worst.seed)") && report.contains("calibration: "))
    }

    @Test func transactionsOfEveryGroupRun() throws {
        var costs = try TransactionCosts()
        let names = [
            "2000 reads of nothing of 1 bytes", "push of 1000 elements that store, and fail",
            "push of 500 elements that compute, and fail", "deployment of 2 compiled functions",
            "first touch of 50 contracts of 2 functions, after a restart",
        ]
        let kinds = TransactionCosts.allKinds.filter { names.contains($0.name) }
        #expect(kinds.count == names.count)
        let measurements = try costs.measure(kinds, repetitions: 1)
        #expect(Set(measurements.map(\.group)) == Set(TransactionMeasurement.Group.allCases))
        #expect(measurements.allSatisfy { $0.gas > 100_000 && $0.nanoseconds > 0 })
        let report = transactionReport(measurements, calibrationNanoseconds: costs.calibrationNanoseconds)
        #expect(report.contains("worst of deployments: ") && report.contains("calibration: "))
    }

    @Test func programsRun() throws {
        // One that runs whatever the machine takes for it.
        var random = SplitMix64(seed: 4)
        let row = try #require(SearchVocabulary.row("add {i}"))
        var genome = SearchGenome(alone: row, &random)
        genome.work = []
        let result = try GasSearch.again("\(genome)")
        #expect(result.findings.first?.measurement.gasPerRound ?? 0 >= 6)
    }
}
