import Bytecode
import Crypto
import Glibc
import Machine
import Numerics
import Verifier

/// What a program took, in thread CPU time and in gas, for each round.
public struct SearchMeasurement: Sendable {
    public let nanosecondsPerRound: Double
    public let gasPerRound: Double
    /// Nanoseconds for a unit of gas as they would be on an undisturbed machine: the time is divided by how much slower
    /// than then the calibration ran beside it.
    public let nanosecondsPerGas: Double
}

/// What tells the search how long a program takes.
protocol SearchMeter: AnyObject {
    /// What a round takes; nil for a program that fails.
    func measure(_ module: VerifiedModule, repetitions: Int) -> SearchMeasurement?
    /// The least that the calibration took so far.
    var calibrationNanoseconds: Double { get }
}

/// Where programs of the search run: they stand at two addresses, and the state holds nothing else.
final class SearchBed: StateReader, SearchMeter {
    private static let contract = Bytes32(1, 1, 1, 1)
    /// Gas that a timed run takes, at least, unless a hundred thousand rounds do not.
    private static let runGas = 400_000.0

    private let machine: Machine
    private let block = BlockContext(chainID: .zero, height: 1, blockIntervalMilliseconds: 1_000)
    private var current: VerifiedModule?
    private(set) var calibrationNanoseconds = Double.infinity

    init() throws(BenchmarkError) {
        guard let machine = Machine(seed: 1) else {
            throw BenchmarkError(code: .failed, message: "there is not enough memory for a machine")
        }
        self.machine = machine
    }

    func read(_ key: Bytes32) -> [UInt8]? { nil }
    func randomness(at height: UInt64) -> Bytes32? { Bytes32(5, 5, 5, 5) }
    func module(at address: Bytes32) -> VerifiedModule? {
        address == Self.contract || address == OpcodeProgram.callee ? current : nil
    }

    /// CPU time of this thread in nanoseconds: other programs on the machine do not count.
    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    /// The gas of a run of so many rounds, the call itself included; nil when it fails.
    private func run(_ rounds: Int, time: inout Double) -> Double? {
        let header: [UInt8] = rounds < 256 ? [2, UInt8(rounds)] : [4, UInt8(rounds >> 8), UInt8(rounds & 255)]
        let request = CallRequest(
            contract: Self.contract, entry: "run", arguments: header + SearchProgram.arguments,
            caller: Bytes32(3, 3, 3, 3), gasLimit: 1 << 40)
        let start = Self.now()
        let result = machine.execute(request, in: block, state: self)
        time = min(time, Self.now() - start)
        guard case .success = result.outcome else { return nil }
        return Double(result.gasUsed)
    }

    /// What a round takes: the difference of a short and a long run, the least of `repetitions` times each. Nil for a
    /// program that fails.
    func measure(_ module: VerifiedModule, repetitions: Int) -> SearchMeasurement? {
        current = module
        defer { current = nil }
        var (first, short, long, unit) = (Double.infinity, Double.infinity, Double.infinity, Double.infinity)
        guard let shortGas = run(1, time: &first), let two = run(2, time: &first), two > shortGas else { return nil }
        let rounds = min(60_000, max(2, Int(Self.runGas / (two - shortGas)) + 1))
        var longGas = 0.0
        for _ in 0..<max(1, repetitions) {
            unit = min(unit, Calibration.nanoseconds())
            guard run(1, time: &short) != nil, let gas = run(1 + rounds, time: &long) else { return nil }
            longGas = gas
        }
        unit = min(unit, Calibration.nanoseconds())
        calibrationNanoseconds = min(calibrationNanoseconds, unit)
        let time = max(0, long - short) / Double(rounds)
        let gas = (longGas - shortGas) / Double(rounds)
        return SearchMeasurement(
            nanosecondsPerRound: time, gasPerRound: gas,
            nanosecondsPerGas: time / gas * Calibration.referenceNanoseconds / unit)
    }
}

/// A loop of the same work always, by whose time one sees how fast the machine is just now.
enum Calibration {
    /// About what the loop takes on the reference machine, an undisturbed Zen 4 guest.
    static let referenceNanoseconds = 6_700.0

    /// What the loop takes now.
    @inline(never)
    static func nanoseconds() -> Double {
        var value: UInt64 = 88_172_645_463_325_252
        let start = SearchBed.now()
        for _ in 0..<4_000 {
            value ^= value << 13
            value ^= value >> 7
            value ^= value << 17
        }
        let taken = SearchBed.now() - start
        // Never so: the result has to be wanted.
        return value == 0 ? 0 : taken
    }

    /// How disturbed the machine was, for a reader of times: the least that the loop took meanwhile.
    static func line(_ leastNanoseconds: Double) -> String {
        "calibration: \(hundredths(leastNanoseconds, 0)) ns at the least, "
            + "\(hundredths(referenceNanoseconds, 0)) on an undisturbed reference machine"
    }
}

/// With two places after the point, at least so wide.
func hundredths(_ value: Double, _ width: Int) -> String {
    guard value.isFinite else { return "-" }
    let number = Int((value * 100).rounded())
    let digits = "\(number / 100).\(number % 100 < 10 ? "0" : "")\(number % 100)"
    return String(repeating: " ", count: max(0, width - digits.count)) + digits
}
