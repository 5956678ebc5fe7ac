// Long runs. Usage: agon-soak splits|mathematics|programs [count] [seed].
import Glibc
import MathematicsCases
import SplitCases

let arguments = Array(CommandLine.arguments.dropFirst())
let numbers = arguments.dropFirst().map { Int($0) ?? -1 }
let kind = arguments.first ?? ""
let count = numbers.first ?? (kind == "splits" ? 10_000_000 : 1_000_000)
let seed = numbers.count > 1 ? numbers[1] : 1
guard ["splits", "mathematics", "programs"].contains(kind), count > 0, seed >= 0 else {
    print("usage: agon-soak splits|mathematics|programs [count] [seed]")
    exit(1)
}

func end(_ summary: String, _ failures: [String]) -> Never {
    for failure in failures { print(failure) }
    print("counts: \(summary), seed \(seed)")
    exit(failures.isEmpty ? 0 : 1)
}

if kind == "programs" {
    var programs = ProgramRun()
    programs.run(count, firstSeed: UInt64(seed))
    end(programs.summary, programs.failures)
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
