import Bytecode
import Crypto
import Foundation
import Harness
import Machine
import Synchronization
import Testing

/// Every call and deployment that the contracts' tests and the conformance cases make is run again with other limits of
/// gas, and counted by a naive counter.
@Suite struct GasLimitTests {
    /// All that the naive counter knows: instructions as a trace tells them, and their table. A block's cost is added
    /// up when it is entered; what an instruction takes beside is the rest between two steps, which must not be
    /// negative.
    private struct NaiveCounter {
        /// What is taken, in order.
        private(set) var charges: [Int64] = []
        /// Gas within an attempt is set apart, so that its steps do not follow from one another.
        private(set) var hasAttempts = false
        private(set) var stepCount = 0

        init?(_ steps: [TraceStep], state: any StateReader, limit: Int64, used: Int64) {
            guard let first = steps.first, let entry = Self.block(first, in: state) else { return nil }
            stepCount = steps.count
            charges = [limit - first.gas - entry, entry]
            for (index, step) in steps.enumerated() {
                guard let opcode = Self.instruction(step, state)?.opcode else { return nil }
                if opcode == .tryCall || opcode == .tryLocal { hasAttempts = true }
                let next = index + 1 < steps.count ? steps[index + 1] : nil
                let taken = step.gas - (next?.gas ?? limit - used)
                var block: Int64 = 0
                if let next, Self.entersBlock(opcode, step, next) {
                    guard let cost = Self.block(next, in: state) else { return nil }
                    block = cost
                }
                charges += [taken - block, block]
            }
        }

        private static func entersBlock(_ opcode: Opcode, _ step: TraceStep, _ next: TraceStep) -> Bool {
            switch opcode {
            case .jump, .branchTrue, .branchFalse, .branchLess, .branchLessOrEqual, .branchEqual, .branchNotEqual,
                .loop,
                .call:
                true
            case .interfaceCall: next.address != step.address && next.word == 0
            default: false
            }
        }

        private static func instruction(_ step: TraceStep, _ state: any StateReader) -> Instruction? {
            state.module(at: step.address).map {
                Instruction(word: $0.module.functions[step.function].code[step.word])
            }
        }

        /// Base costs from a step to the end of its block.
        private static func block(_ step: TraceStep, in state: any StateReader) -> Int64? {
            guard let code = state.module(at: step.address)?.module.functions[step.function].code else { return nil }
            var (cost, word): (Int64, Int) = (0, step.word)
            while word < code.count, let opcode = Instruction(word: code[word]).opcode {
                let row = OpcodeTable[opcode]
                cost += Int64(row.cost)
                switch opcode {
                case .jump, .branchTrue, .branchFalse, .branchLess, .branchLessOrEqual, .branchEqual, .branchNotEqual,
                    .loop, .`return`, .returnNothing, .fail, .failBuiltin, .tryCall, .tryLocal:
                    return cost
                default: word += row.words
                }
            }
            return cost
        }
    }

    /// Limits for each run, besides the edges; `AGON_GAS_LIMITS=all` takes every charge of runs that are not long.
    private static let limitsPerRun: Int? = {
        guard let text = ProcessInfo.processInfo.environment["AGON_GAS_LIMITS"] else { return 6 }
        return Int(text)
    }()

    private struct Counts {
        var runs = 0
        var traced = 0
        var attempting = 0
        var steps = 0
        var limits = 0
        var complaints: [String] = []
    }

    private final class Auditor: Sendable {
        private let counts = Mutex(Counts())
        var total: Counts { counts.withLock { $0 } }

        func audit(_ execution: Execution, on machine: Machine, path: String) {
            var counts = counts.withLock { $0 }
            counts.runs += 1
            let full = execution.result
            var charges: [Int64] = []
            var hasAttempts = false
            func complain(_ text: String) { counts.complaints.append("\(path): \(text)") }
            // Long runs would make long traces.
            if case .call(let request) = execution.request, full.gasUsed < 2_000_000 {
                let (result, steps) = machine.trace(request, in: execution.block, state: execution.state)
                if result != full { complain("\(request.entry): a traced run ends otherwise") }
                if let counter = NaiveCounter(
                    steps, state: execution.state, limit: request.gasLimit, used: full.gasUsed)
                {
                    counts.traced += 1
                    counts.steps += counter.stepCount
                    charges = counter.charges
                    hasAttempts = counter.hasAttempts
                    if hasAttempts { counts.attempting += 1 }
                    let sum = charges.reduce(0, +)
                    if sum != full.gasUsed { complain("\(request.entry): \(sum) by the counter, \(full.gasUsed) used") }
                    if !hasAttempts, let charge = charges.first(where: { $0 < 0 }) {
                        complain("\(request.entry): a charge of \(charge)")
                    }
                }
            } else {
                hasAttempts = mayAttempt(execution)
            }
            for limit in limits(charges, full.gasUsed, seed: counts.runs) {
                counts.limits += 1
                let result = execution.repeated(on: machine, gasLimit: limit)
                let isOutOfGas =
                    if case .failure(let failure) = result.outcome { failure.code == .builtin(.outOfGas) } else {
                        false
                    }
                if limit >= full.gasUsed && !hasAttempts && result != full { complain("another end at \(limit)") }
                if result.gasUsed > limit { complain("\(result.gasUsed) used of \(limit)") }
                if limit < full.gasUsed, !hasAttempts, !isOutOfGas || result.gasUsed != limit {
                    complain("\(full.gasUsed) needed, \(limit) given: \(result.outcome), \(result.gasUsed) used")
                }
                if isOutOfGas && result.gasUsed != limit {
                    complain("out of gas, but \(result.gasUsed) of \(limit) used")
                }
            }
            self.counts.withLock { $0 = counts }
        }

        /// Whether the code that runs may hold an attempt; other contracts may.
        private func mayAttempt(_ execution: Execution) -> Bool {
            let module: Module?
            switch execution.request {
            case .call(let request): module = execution.state.module(at: request.contract)?.module
            case .deployment(let request): module = request.module.module
            }
            guard let module, module.imports.isEmpty else { return true }
            return module.functions.contains { function in
                // A second word that looks like one does no harm: the run is judged less strictly.
                function.code.contains { Instruction(word: $0).opcode == .tryLocal }
            }
        }

        private func limits(_ charges: [Int64], _ used: Int64, seed: Int) -> [Int64] {
            var limits: Set<Int64> = [0, used - 1, used, used + 1]
            var (sum, sums): (Int64, [Int64]) = (0, [])
            for charge in charges {
                sum += charge
                sums.append(sum)
            }
            if let limitsPerRun {
                var generator = SplitMix64(seed: UInt64(seed))
                for _ in 0..<limitsPerRun {
                    if sums.isEmpty {
                        limits.insert(Int64(generator.next() % UInt64(used + 1)))
                    } else {
                        limits.insert(sums[Int(generator.next() % UInt64(sums.count))] - Int64(generator.next() & 1))
                    }
                }
            } else {
                for sum in sums.prefix(20_000) { limits.formUnion([sum - 1, sum]) }
            }
            return limits.filter { $0 >= 0 }.sorted()
        }
    }

    @Test func machineAndNaiveCounterAgreeOnTheCorpus() throws {
        let auditor = Auditor()
        let folders = ["contracts", "stdlib", "Tests/Conformance/cases"]
        var sources = 0
        for path in folders.flatMap(RepositoryPaths.sourcePaths) {
            guard let machine = Machine(seed: 5) else { continue }
            let box = MachineBox(machine)
            // All cases of properties and invariants where all limits are asked for; else a few.
            var runner = Self.limitsPerRun == nil ? TestRunner() : TestRunner(cases: 4, steps: 10)
            runner.onExecution = { auditor.audit($0, on: box.machine, path: path) }
            // Cases that are not to compile have nothing to run.
            if case .success = runner.run(file: path, from: RepositoryPaths.sources) { sources += 1 }
        }
        let counts = auditor.total
        print(
            "counts: gas of \(counts.runs) calls and deployments in \(sources) sources at \(counts.limits) limits; "
                + "\(counts.traced) counted naively over \(counts.steps) instructions, \(counts.attempting) with "
                + "attempts"
        )
        #expect(counts.traced > 100)
        #expect(counts.complaints.isEmpty, "\(counts.complaints.prefix(20).joined(separator: "\n"))")
    }
}

/// The runner works on a thread of its own, one at a time.
private final class MachineBox: @unchecked Sendable {
    let machine: Machine
    init(_ machine: Machine) { self.machine = machine }
}
