import Crypto
import Harness
import Machine

/// A call of a generated program, with what it took when it was measured again at the end.
public struct SourceFinding: Sendable {
    /// Of the program: `ProgramGenerator.source(seed:)`.
    public let seed: UInt64
    /// Among all calls and deployments of the program's run, from 0.
    public let number: Int
    /// The entry called, and how that ended.
    public let call: String
    public let nanoseconds: Double
    public let gas: Double
    /// Beyond what a call of an empty entry takes, as in `SearchMeasurement`: whatever a call does may be done many
    /// times in one.
    public let nanosecondsPerGas: Double
}

/// What a search over generated programs did.
public struct SourceSearchResult: Sendable {
    /// The dearest time for its gas first.
    public let findings: [SourceFinding]
    public let programs: Int
    public let calls: Int
    /// The least that the calibration took.
    public let calibrationNanoseconds: Double
}

/// Looks among programs of the generator, over the whole language and through the whole compiler, for the calls that
/// take the most time for their gas: so that what the compiler emits is covered where the vocabulary of `GasSearch` is
/// not.
///
/// The programs follow from the first seed, and the calls of each from its own.
public struct SourceSearch {
    private struct Candidate {
        let seed: UInt64
        let number: Int
        let execution: Execution
        var score: Double
    }

    private static let poolCount = 48
    private static let callCount = 16
    private static let callGas: Int64 = 5_000_000
    /// A call with less gas than this beyond an empty one says nothing of its code.
    private static let leastGas = 400.0
    /// Time that one reading of the clock is to cover, at least.
    private static let batchNanoseconds = 20_000.0

    private let timed: Machine
    private let runner: Machine
    private let disk = DiskSources(standardLibrary: nil)
    private let empty: Execution
    private var pool: [Candidate] = []
    private var callCount = 0
    private var calibrationNanoseconds = Double.infinity

    /// Throws when there is no memory for machines.
    public init() throws(BenchmarkError) {
        guard let timed = Machine(seed: 1), let runner = Machine(seed: 1) else {
            throw BenchmarkError(code: .failed, message: "there is not enough memory for a machine")
        }
        self.timed = timed
        self.runner = runner
        let text = "contract Empty {\n    action nothing() {}\n}\n"
        guard let call = Self.executions(text, seed: 0, on: runner, disk).last(where: \.isCall) else {
            throw BenchmarkError(code: .source, message: "an empty contract does not run")
        }
        empty = call
    }

    /// Programs of the seeds from the first on for so many seconds of CPU time, or so many of them; gives the worst
    /// calls, one of each program.
    public mutating func run(
        firstSeed: UInt64, seconds: Double, programs limit: Int = .max, findings count: Int = 8
    ) -> SourceSearchResult {
        let start = SearchBed.now()
        var programs = 0
        while programs < limit, SearchBed.now() - start < 0.85 * seconds * 1e9 || programs == 0 {
            consider(firstSeed &+ UInt64(programs))
            programs += 1
        }
        return result(programs, count)
    }

    /// Every call of one program, measured anew.
    public static func again(seed: UInt64) throws(BenchmarkError) -> SourceSearchResult {
        var search = try SourceSearch()
        search.considerAll(seed)
        return search.result(1, .max)
    }

    private mutating func result(_ programs: Int, _ count: Int) -> SourceSearchResult {
        var findings = pool.prefix(count == .max ? count : 2 * count).compactMap { finding($0) }
        findings.sort { $0.nanosecondsPerGas > $1.nanosecondsPerGas }
        return SourceSearchResult(
            findings: Array(findings.prefix(count)), programs: programs, calls: callCount,
            calibrationNanoseconds: calibrationNanoseconds)
    }

    // MARK: Programs

    /// All that the random calls of a program's text run.
    private static func executions(
        _ text: String, seed: UInt64, on machine: Machine, _ disk: DiskSources
    ) -> [Execution] {
        guard case .success(let project) = CompiledProject.compile(text: text, disk: disk) else { return [] }
        let world = MachineWorld(project: project, chainID: TestRunner.chainID, gasLimit: callGas, machine: machine)
        world.checksBounds = false
        var executions: [Execution] = []
        world.onExecution = { executions.append($0) }
        var calls = RandomCalls(project.program, in: world, seed: seed)
        calls.prepare()
        for _ in 0..<callCount { calls.step() }
        return executions
    }

    private mutating func executions(_ seed: UInt64) -> [Execution] {
        let found = LargeStack.run { [runner, disk] in
            Self.executions(ProgramGenerator.source(seed: seed), seed: seed, on: runner, disk)
        }
        callCount += found.count
        return found
    }

    /// Keeps the worst call of a program when it is among the worst of all, twice measured.
    private mutating func consider(_ seed: UInt64) {
        let executions = executions(seed)
        let scores = executions.map { score($0, batches: 2) ?? 0 }
        guard let worst = scores.max(), let number = scores.firstIndex(of: worst) else { return }
        let least = pool.count < Self.poolCount ? 0 : pool.last?.score ?? 0
        guard worst > least, let score = score(executions[number], batches: 8), score > least else { return }
        insert(Candidate(seed: seed, number: number, execution: executions[number], score: score))
        if pool.count > Self.poolCount { pool.removeLast() }
    }

    private mutating func considerAll(_ seed: UInt64) {
        for (number, execution) in executions(seed).enumerated() {
            guard let score = score(execution, batches: 8) else { continue }
            insert(Candidate(seed: seed, number: number, execution: execution, score: score))
        }
    }

    private mutating func insert(_ candidate: Candidate) {
        let place = pool.firstIndex { $0.score < candidate.score } ?? pool.count
        pool.insert(candidate, at: place)
    }

    // MARK: Times

    private mutating func finding(_ candidate: Candidate) -> SourceFinding? {
        guard let measured = measure(candidate.execution, batches: 25) else { return nil }
        return SourceFinding(
            seed: candidate.seed, number: candidate.number, call: candidate.execution.text,
            nanoseconds: measured.nanoseconds, gas: measured.gas, nanosecondsPerGas: measured.nanosecondsPerGas)
    }

    private mutating func score(_ execution: Execution, batches: Int) -> Double? {
        measure(execution, batches: batches)?.nanosecondsPerGas
    }

    /// Nil for a call that hardly does anything.
    private mutating func measure(
        _ execution: Execution, batches: Int
    ) -> (nanoseconds: Double, gas: Double, nanosecondsPerGas: Double)? {
        let gas = Double(execution.result.gasUsed)
        let ownGas = gas - Double(empty.result.gasUsed)
        guard ownGas >= Self.leastGas else { return nil }
        var (unit, time, emptyTime) = (Double.infinity, Double.infinity, Double.infinity)
        for _ in 0..<batches {
            unit = min(unit, Calibration.nanoseconds())
            time = min(time, nanoseconds(execution))
            emptyTime = min(emptyTime, nanoseconds(empty))
        }
        calibrationNanoseconds = min(calibrationNanoseconds, unit)
        let ratio = max(0, time - emptyTime) / ownGas * Calibration.referenceNanoseconds / unit
        return (time, gas, ratio)
    }

    /// The mean of as many runs as the clock needs.
    private func nanoseconds(_ execution: Execution) -> Double {
        var start = SearchBed.now()
        _ = execution.repeated(on: timed)
        let first = max(1, SearchBed.now() - start)
        guard first < Self.batchNanoseconds else { return first }
        let count = Int(Self.batchNanoseconds / first) + 1
        start = SearchBed.now()
        for _ in 0..<count { _ = execution.repeated(on: timed) }
        return (SearchBed.now() - start) / Double(count)
    }
}

extension Execution {
    fileprivate var isCall: Bool {
        if case .call = request { return true }
        return false
    }

    /// What was asked for, and how it ended.
    fileprivate var text: String {
        let name =
            switch request {
            case .call(let request): request.entry
            case .deployment: "init"
            }
        if case .failure(let failure) = result.outcome { return "\(name), which fails with \(failure.code.name)" }
        return name
    }
}

/// The findings as lines, the worst first.
public func sourceSearchReport(_ result: SourceSearchResult) -> String {
    var lines = [
        "\(result.calls) calls of \(result.programs) generated programs measured",
        "  ns/gas          ns         gas  call",
    ]
    for finding in result.findings {
        lines.append(
            hundredths(finding.nanosecondsPerGas, 8) + hundredths(finding.nanoseconds, 12) + hundredths(finding.gas, 12)
                + "  call \(finding.number): \(finding.call), --gas-source \(finding.seed)")
    }
    lines.append(Calibration.line(result.calibrationNanoseconds))
    if let worst = result.findings.first {
        lines.append("worst of generated sources: \(hundredths(worst.nanosecondsPerGas, 0)) ns per gas")
    }
    return lines.joined(separator: "\n")
}
