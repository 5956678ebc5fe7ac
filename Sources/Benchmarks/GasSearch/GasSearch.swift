import Bytecode
import Harness
import Verifier

/// A program that the search found, smallest first form, with what it took when it was measured again at the end.
public struct GasFinding: Sendable {
    /// By which it can be run again.
    public let genome: String
    /// What a round does, and what the function `work` does when something comes to it; assembler.
    public let body: String
    public let work: String?
    public let measurement: SearchMeasurement
}

/// What a search did.
public struct GasSearchResult: Sendable {
    /// The dearest time for its gas first.
    public let findings: [GasFinding]
    /// Programs measured, and those that failed and were passed over.
    public let measured: Int
    public let failed: Int
    /// The least that the calibration took.
    public let calibrationNanoseconds: Double
}

/// Looks for programs that take the most time for their gas, by small changes to the worst so far.
///
/// Which programs are tried follows from the seed and from what was measured; a program follows from its text alone.
public struct GasSearch {
    private struct Candidate {
        var genome: SearchGenome
        var score: Double
    }

    private static let poolCount = 64
    /// Programs of the pool that may have a piece in common, so that one bad price does not hide the others.
    private static let sameRowCount = 4
    private let bed: any SearchMeter
    private var random: SplitMix64
    private var pool: [Candidate] = []
    private var seen: Set<SearchGenome> = []
    private var measured = 0
    private var failed = 0

    /// Throws when there is no memory for a machine.
    public init(seed: UInt64) throws(BenchmarkError) {
        self.init(seed: seed, meter: try SearchBed())
    }

    init(seed: UInt64, meter: any SearchMeter) {
        bed = meter
        random = SplitMix64(seed: seed)
    }

    /// Searches for so many seconds of CPU time, or until so many programs were measured, and gives the worst findings,
    /// each with other instructions than the others.
    public mutating func run(seconds: Double, programs: Int = .max, findings count: Int = 12) -> GasSearchResult {
        let start = SearchBed.now()
        func isOver(_ part: Double) -> Bool { SearchBed.now() - start > part * seconds * 1e9 }
        // Every piece by itself first.
        for row in SearchVocabulary.rows.indices where !isOver(0.8) && measured < programs {
            for _ in 0..<2 { consider(SearchGenome(alone: row, &random)) }
        }
        while !isOver(0.8) && measured + failed < programs {
            if random.number(below: 8) == 0 || pool.isEmpty {
                consider(SearchGenome(&random))
            } else {
                // Of three the worst.
                let parent = (0..<3).map { _ in random.number(below: pool.count) }.min() ?? 0
                consider(pool[parent].genome.mutated(&random))
            }
        }
        var findings: [GasFinding] = []
        var signatures: Set<[Int]> = []
        for candidate in pool where findings.count < 2 * count && (!isOver(1) || findings.isEmpty) {
            let genome = shorten(candidate)
            guard signatures.insert(genome.signature).inserted, let finding = Self.finding(genome, bed) else {
                continue
            }
            findings.append(finding)
        }
        findings.sort { $0.measurement.nanosecondsPerGas > $1.measurement.nanosecondsPerGas }
        return GasSearchResult(
            findings: Array(findings.prefix(count)), measured: measured, failed: failed,
            calibrationNanoseconds: bed.calibrationNanoseconds)
    }

    /// Measures the program of a text anew; throws when it is none, or fails.
    public static func again(_ text: String) throws(BenchmarkError) -> GasSearchResult {
        let bed = try SearchBed()
        guard let genome = SearchGenome(text), let finding = finding(genome, bed) else {
            throw BenchmarkError(code: .unknownName, message: "this is no program of the search, or it fails")
        }
        return GasSearchResult(
            findings: [finding], measured: 1, failed: 0, calibrationNanoseconds: bed.calibrationNanoseconds)
    }

    private static func finding(_ genome: SearchGenome, _ bed: any SearchMeter) -> GasFinding? {
        guard let program = try? SearchProgram(genome), case .success(let module) = verify(program.module),
            let measurement = bed.measure(module, repetitions: 15)
        else { return nil }
        return GasFinding(
            genome: "\(genome)", body: program.bodyText, work: program.workText, measurement: measurement)
    }

    private mutating func score(_ genome: SearchGenome, repetitions: Int) -> Double? {
        measured += 1
        guard let program = try? SearchProgram(genome), case .success(let module) = verify(program.module),
            let measurement = bed.measure(module, repetitions: repetitions)
        else {
            failed += 1
            return nil
        }
        return measurement.nanosecondsPerGas
    }

    /// Measures a program, and takes it among the worst when it still is one after longer measurement.
    private mutating func consider(_ genome: SearchGenome) {
        guard seen.insert(genome).inserted, let first = score(genome, repetitions: 2) else { return }
        let signature = genome.signature
        let same = pool.firstIndex { $0.genome.signature == signature }
        let least = same.map { pool[$0].score } ?? (pool.count < Self.poolCount ? 0 : pool.last?.score ?? 0)
        guard first > least, let score = score(genome, repetitions: 7), score > least else { return }
        if let same { pool.remove(at: same) }
        let place = pool.firstIndex { $0.score < score } ?? pool.count
        pool.insert(Candidate(genome: genome, score: score), at: place)
        for row in Set(signature) where row >= 0 {
            let sharing = pool.indices.filter { pool[$0].genome.signature.contains(row) }
            if sharing.count > Self.sameRowCount, let last = sharing.last { pool.remove(at: last) }
        }
        if pool.count > Self.poolCount { pool.removeLast() }
    }

    /// Leaves out what the score does not need.
    private mutating func shorten(_ candidate: Candidate) -> SearchGenome {
        var best = candidate
        var isShorter = true
        while isShorter {
            isShorter = false
            for genome in best.genome.shortened {
                guard let score = score(genome, repetitions: 5), score >= 0.97 * best.score else { continue }
                best = Candidate(genome: genome, score: score)
                isShorter = true
                break
            }
        }
        return best.genome
    }
}

/// The findings as lines, the worst first.
public func gasSearchReport(_ result: GasSearchResult, seed: UInt64) -> String {
    var lines = [
        "seed \(seed): \(result.measured) programs measured, \(result.failed) that failed passed over",
        "  ns/gas          ns         gas  a round",
    ]
    for finding in result.findings {
        let measurement = finding.measurement
        lines.append(
            hundredths(measurement.nanosecondsPerGas, 8) + hundredths(measurement.nanosecondsPerRound, 12)
                + hundredths(measurement.gasPerRound, 12) + "  " + finding.body)
        if let work = finding.work { lines.append(String(repeating: " ", count: 34) + "work: \(work)") }
        lines.append(String(repeating: " ", count: 34) + "--gas-program \(finding.genome)")
    }
    lines.append(Calibration.line(result.calibrationNanoseconds))
    if let worst = result.findings.first {
        lines.append("worst: \(hundredths(worst.measurement.nanosecondsPerGas, 0)) ns per gas")
    }
    return lines.joined(separator: "\n")
}
