import Foundation
import Harness
import Testing

import class Machine.Machine

/// Generated programs must do the same in the machine and in the reference evaluator. More of them: `AGON_PROGRAMS`.
@Suite("Machine against reference")
struct DifferentialTests {
    static let firstSeed: UInt64 = 0x5EED_0001
    static let programCount = ProcessInfo.processInfo.environment["AGON_PROGRAMS"].flatMap(Int.init) ?? 1_000
    static let callsPerProgram = 25
    /// Of so many programs one has every call followed, to hold its gas to that bound too.
    static let followedInterval = 8

    @Test("Generated programs agree in result, error, events and state")
    func generatedPrograms() throws {
        let machine = try #require(Machine())
        let disk = DiskSources(standardLibrary: nil)
        var totals = Totals()
        var census = InstructionCensus()
        for index in 0..<Self.programCount {
            let seed = Self.firstSeed + UInt64(index)
            let source = ProgramGenerator.source(seed: seed)
            switch LargeStack.run({ CompiledProject.compile(text: source, disk: disk) }) {
            case .failure(let failure):
                let reasons = failure.diagnostics.map {
                    "\($0.primary.span.location) \($0.code.rawValue) \($0.message)"
                }
                let text = (reasons + [failure.internalError ?? ""]).joined(separator: "\n")
                Issue.record("seed \(seed): a generated program does not compile\n\(text)\n\(source)")
                return
            case .success(let project):
                let following: BoundFollowing = index % Self.followedInterval == 0 ? .all : .none
                let outcome = LargeStack.run {
                    DifferentialRun.run(
                        project, on: machine, seed: seed, calls: Self.callsPerProgram, following: following)
                }
                totals.add(outcome)
                census.add(project)
                if let disagreement = outcome.disagreement {
                    Issue.record("seed \(seed): \(disagreement)\n\(source)")
                    return
                }
            }
        }
        print(totals.line(programs: Self.programCount))
        print("counts: \(census.foundCount) of \(census.instructionCount) instructions in generated programs")
        print("counts: \(totals.settlements.summary)")
        // One program in twenty has a settlement, and most of them come to its end.
        #expect(totals.settlements.settlements * 40 > Self.programCount)
        #expect(totals.settlements.elementsSetAside > 0 && totals.settlements.pushesOutOfGas > 0)
        #expect(census.missing.count <= 6, "\(census.missing)")
        // A generator that only makes failing calls would prove nothing.
        #expect(totals.succeeded * 4 > totals.failed)
    }

    @Test("Contracts of the repository agree under random calls", arguments: Self.sourcePaths)
    func repositoryContracts(path: String) throws {
        let machine = try #require(Machine())
        let sources = DiskSources(standardLibrary: Self.root + "/stdlib")
        guard case .success(let project) = LargeStack.run({ CompiledProject.compile(paths: [path], from: sources) })
        else {
            return
        }
        for seed in Self.firstSeed..<Self.firstSeed + 3 {
            let outcome = LargeStack.run { DifferentialRun.run(project, on: machine, seed: seed, calls: 60) }
            if let disagreement = outcome.disagreement { Issue.record("\(path), seed \(seed): \(disagreement)") }
        }
    }

    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    private static let sourcePaths = ["contracts", "Tests/Conformance/cases"].flatMap {
        DiskSources.sourcePaths(at: root + "/" + $0)
    }

    private struct Totals {
        var succeeded = 0
        var failed = 0
        var failures: [String: Int] = [:]
        var settlements = SettlementBatches.Tally()

        mutating func add(_ outcome: DifferentialRun.Outcome) {
            succeeded += outcome.succeeded
            failed += outcome.failed
            failures.merge(outcome.failures, uniquingKeysWith: +)
            settlements.add(outcome.settlements)
        }

        func line(programs: Int) -> String {
            let names = failures.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            return "counts: \(programs) generated programs, \(succeeded) calls succeeded, \(failed) failed (\(names))"
        }
    }
}
