// Long runs. Usage: agon-soak splits [count] [seed].
import Glibc
import SplitCases

let arguments = Array(CommandLine.arguments.dropFirst())
let numbers = arguments.dropFirst().map { Int($0) ?? -1 }
let count = numbers.first ?? 10_000_000
let seed = numbers.count > 1 ? numbers[1] : 1
guard arguments.first == "splits", count > 0, seed >= 0 else {
    print("usage: agon-soak splits [count] [seed]")
    exit(1)
}
guard var splits = SplitCases(seed: UInt64(seed)) else {
    print("there is no memory")
    exit(1)
}
let report = splits.run(count)
splits.deallocate()
for failure in report.failures { print(failure) }
print("counts: \(report.summary), seed \(seed)")
exit(report.failures.isEmpty ? 0 : 1)
