import Bytecode
import Glibc
import Machine
import MathematicsOracle
import Numerics

/// The figures of one workload.
public struct BenchmarkRow: Sendable {
    public let name: String
    public let iterations: Int
    public let nanosecondsPerIteration: Double
    /// The same work in C; nil where there is no twin.
    public let nativeNanosecondsPerIteration: Double?
    public let gasPerIteration: Double
    /// In full, decimal.
    public let result: String

    public var ratio: Double? { nativeNanosecondsPerIteration.map { nanosecondsPerIteration / $0 } }
}

/// Runs the workloads in the machine and in C, by turns in one process, and checks every result.
public enum BenchmarkSuite {
    public static var names: [String] { Workload.all.map(\.name) }

    /// The figures, medians of `rounds` turns.
    /// - Parameters:
    ///   - names: which workloads; nil: all.
    ///   - report: told each row as it is ready.
    public static func run(
        _ names: [String]? = nil, rounds: Int = 9, report: (BenchmarkRow) -> Void = { _ in }
    ) throws(BenchmarkError) -> [BenchmarkRow] {
        let chosen = try (names ?? self.names).map(workload)
        let bed = try BenchmarkBed()
        var rows: [BenchmarkRow] = []
        for workload in chosen {
            let row = try measure(workload, bed, rounds: max(1, rounds))
            report(row)
            rows.append(row)
        }
        return rows
    }

    /// The code of a workload's function and of those it calls in its module.
    public static func disassembly(of name: String) throws(BenchmarkError) -> String {
        let workload = try workload(name)
        let module = try BenchmarkBed.module(workload.contract)
        guard let entry = module.entry(named: workload.entry) else {
            throw BenchmarkError(code: .source, message: "there is no \(workload.entry)")
        }
        return module.callees(of: entry.function).map { module.disassembly(ofFunction: $0) }.joined(separator: "\n")
    }

    /// The rows as a JSON array.
    public static func json(_ rows: [BenchmarkRow]) -> String {
        func number(_ value: Double?) -> JSONValue { value.map { .number(rounded($0)) } ?? .null }
        return JSONValue.array(
            rows.map { row in
                .object([
                    .init("name", .string(row.name)),
                    .init("iterations", .integer(row.iterations)),
                    .init("nanosecondsPerIteration", number(row.nanosecondsPerIteration)),
                    .init("nativeNanosecondsPerIteration", number(row.nativeNanosecondsPerIteration)),
                    .init("ratio", number(row.ratio)),
                    .init("result", .string(row.result)),
                ])
            }
        ).text(pretty: true)
    }

    /// Three decimals.
    private static func rounded(_ value: Double) -> String {
        let thousandths = Int((value * 1_000).rounded())
        let fraction = String(thousandths % 1_000)
        return "\(thousandths / 1_000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
    }

    /// A row as a line of text.
    public static func text(_ row: BenchmarkRow) -> String {
        func column(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(0, width - text.count)) + text
        }
        let name = row.name + String(repeating: " ", count: max(0, 12 - row.name.count))
        return name + column(rounded(row.nanosecondsPerIteration), 12)
            + column(row.nativeNanosecondsPerIteration.map(rounded) ?? "-", 12)
            + column(row.ratio.map(rounded) ?? "-", 9) + column(rounded(row.gasPerIteration), 12)
            + column(rounded(row.nanosecondsPerIteration / row.gasPerIteration), 9) + "  " + row.result
    }

    public static let heading =
        "workload    ns/iteration   native ns    ratio   gas/iter.   ns/gas  result"

    // MARK: Measuring

    private static func workload(_ name: String) throws(BenchmarkError) -> Workload {
        guard let workload = Workload.all.first(where: { $0.name == name }) else {
            throw BenchmarkError(
                code: .unknownName, message: "there is no workload \(name); there are \(names.joined(separator: ", "))")
        }
        return workload
    }

    /// CPU time of this thread in nanoseconds: other programs on the machine do not count.
    private static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    private static func median(_ values: [UInt64]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? Double(sorted[middle]) : Double(sorted[middle - 1] + sorted[middle]) / 2
    }

    private static func measure(
        _ workload: Workload, _ bed: BenchmarkBed, rounds: Int
    ) throws(BenchmarkError) -> BenchmarkRow {
        let call = try bed.prepare(workload.contract, workload.entry, workload.arguments)
        let first = bed.run(call)
        guard case .integer(let number) = try bed.value(first, of: call) else {
            throw BenchmarkError(code: .failed, message: "\(workload.name) gives no number")
        }
        try check(number, workload, bed)
        var times: [UInt64] = []
        var nativeTimes: [UInt64] = []
        for _ in 0..<rounds {
            let start = now()
            let result = bed.run(call)
            times.append(now() - start)
            guard result.outcome == first.outcome, result.gasUsed == first.gasUsed else {
                throw BenchmarkError(code: .wrongResult, message: "\(workload.name) does not repeat itself")
            }
            guard let native = workload.native else { continue }
            let nativeStart = now()
            let value = native()
            nativeTimes.append(now() - nativeStart)
            // The twin of `reward` floors every part, as the peers do: its result is that of `reward_heap`.
            if workload.name != "reward", value != number.low64 {
                throw BenchmarkError(code: .wrongResult, message: "\(workload.name) differs from its twin in C")
            }
        }
        let count = Double(workload.iterations)
        return BenchmarkRow(
            name: workload.name, iterations: workload.iterations, nanosecondsPerIteration: median(times) / count,
            nativeNanosecondsPerIteration: nativeTimes.isEmpty ? nil : median(nativeTimes) / count,
            gasPerIteration: Double(first.gasUsed) / count, result: number.description)
    }

    private static func check(
        _ number: BigInt, _ workload: Workload, _ bed: BenchmarkBed
    ) throws(BenchmarkError) {
        let isRight: Bool
        switch workload.expectation {
        case .low64(let expected): isRight = number.low64 == expected
        case .number(let expected): isRight = number == expected
        }
        guard isRight else {
            throw BenchmarkError(code: .wrongResult, message: "\(workload.name) gives \(number)")
        }
        switch workload.name {
        case "reward": try checkParts(bed)
        default: if let function = FixedFunction(rawValue: workload.name) { try checkValues(function, bed) }
        }
    }

    /// Every part of the pot, and their sum.
    private static func checkParts(_ bed: BenchmarkBed) throws(BenchmarkError) {
        let inputs = RewardInputs(count: Workload.nodes)
        let call = try bed.prepare(
            Workload.rewards, "reward_parts",
            [inputs.scoreList, inputs.stakeList, .integer(Workload.pot), .integer(Workload.ratio)])
        let expected = inputs.parts(of: Workload.pot, ratio: Workload.ratio)
        guard try bed.value(bed.run(call), of: call) == .list(expected.map { .integer($0) }),
            expected.reduce(.zero, +) == Workload.pot
        else { throw BenchmarkError(code: .wrongResult, message: "reward pays other parts than its definition") }
    }

    /// Every value against MPFR.
    private static func checkValues(_ function: FixedFunction, _ bed: BenchmarkBed) throws(BenchmarkError) {
        let count = Workload.points
        let call = try bed.prepare(Workload.mathematics, "\(function.rawValue)_values", [.integer(BigInt(count))])
        guard case .list(let values) = try bed.value(bed.run(call), of: call), values.count == count else {
            throw BenchmarkError(code: .wrongResult, message: "\(function.rawValue)_values gives no \(count) values")
        }
        for (index, value) in values.enumerated() where value != .integer(function.value(index)) {
            throw BenchmarkError(
                code: .wrongResult, message: "\(function.rawValue) \(index) is not correctly rounded")
        }
    }
}

extension Module {
    /// The function and all that it calls, itself last.
    func callees(of function: Int) -> [Int] {
        var found: Set<Int> = []
        var waiting = [function]
        while let next = waiting.popLast() {
            guard functions.indices.contains(next), found.insert(next).inserted else { continue }
            var word = 0
            let code = functions[next].code
            while word < code.count {
                let instruction = Instruction(word: code[word])
                guard let opcode = instruction.opcode else { break }
                if opcode == .call { waiting.append(Int(instruction.immediate)) }
                word += OpcodeTable[opcode].words
            }
        }
        return found.sorted()
    }
}
