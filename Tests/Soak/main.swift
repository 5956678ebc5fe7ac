// Long runs. Usage: agon-soak splits|mathematics|programs|source [count] [seed] [seconds]. Generated programs end
// early, with what they counted, after the seconds and at SIGINT or SIGTERM; `source` shows the program of a seed.
import Glibc
import Harness
import MathematicsCases
import SplitCases

let arguments = Array(CommandLine.arguments.dropFirst())
let numbers = arguments.dropFirst().map { Int($0) ?? -1 }
let kind = arguments.first ?? ""
let count = numbers.first ?? (kind == "splits" ? 10_000_000 : 1_000_000)
let seed = numbers.count > 1 ? numbers[1] : 1
let seconds = numbers.count > 2 ? numbers[2] : 1_000_000
guard ["splits", "mathematics", "programs", "source"].contains(kind), count > 0, seed >= 0, seconds > 0 else {
    print("usage: agon-soak splits|mathematics|programs|source [count] [seed] [seconds]")
    exit(1)
}

func end(_ summary: String, _ failures: [String]) -> Never {
    for failure in failures { print(failure) }
    print("counts: \(summary), seed \(seed)")
    exit(failures.isEmpty ? 0 : 1)
}

if kind == "source" {
    print(ProgramGenerator.source(seed: UInt64(seed)), terminator: "")
    exit(0)
}
if kind == "programs" {
    StopSignal.watch()
    var programs = ProgramRun(firstSeed: UInt64(seed), limit: count, timeLimitSeconds: seconds)
    LargeStack.run { programs.run { StopSignal.isRaised } }
    print(programs.tally)
    print("counts: \(programs.summary), seeds from \(seed)")
    exit(programs.failureCount == 0 ? 0 : 1)
}
if kind == "mathematics" {
    var cases = MathematicsCases(seed: UInt64(seed))
    let report = cases.run(count)
    end(report.summary, report.failures)
}
guard var splits = SplitCases(seed: UInt64(seed)) else {
    print("there is no memory")
    exit(1)
}
let report = splits.run(count)
splits.deallocate()
end(report.summary, report.failures)
