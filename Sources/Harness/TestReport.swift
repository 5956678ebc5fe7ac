import Bounds
import Diagnostics
import Numerics
import Reference
import Semantics

/// What became of one `test`.
public struct TestResult: Sendable, Codable {
    public var name: String
    /// The contract it stands in.
    public var contract: String?
    public var file: String
    public var line: Int
    public var passed: Bool
    /// Did the reference evaluator follow to the end? False where a call was too long for it.
    public var compared: Bool
    /// Gas of all calls and deployments, failed ones included.
    public var gasUsed: Int64
    /// A hash of everything that its runs of the machine yielded, in hexadecimal.
    public var digest = ""
    public var failure: TestFailure?
    /// What the random choices of a property or invariant followed from.
    public var seed: UInt64?
    /// Cases that a property was tried with, discarded ones excepted; runs of an invariant.
    public var cases: Int?
    /// What the assumptions of a property discarded.
    public var discards: [Discard]?
    /// What became of the steps of an invariant.
    public var steps: [StepCount]?
    /// What a bench measured, when it was run for all its sizes.
    public var bench: BenchTable?
    /// The greatest value that `maximise` met, and the case that led to it.
    public var search: SearchResult?
    /// The suite it comes from, and what the suite was used with.
    public var suite: String?
    public var suiteArguments: [String]?
    /// The name of the suite's first parameter: what kind of thing is put under it.
    public var suiteSubject: String?
}

/// What a search for the greatest value of `maximise` found.
public struct SearchResult: Sendable, Codable {
    /// Exact, as a decimal number.
    public var greatest: String
    /// Cases that were tried beyond the ordinary ones.
    public var attempts: Int
    /// The case as the source of a test.
    public var source: [String]
}

/// Why a test failed, ready to print.
public struct TestFailure: Sendable, Codable {
    public struct Operand: Sendable, Codable, Hashable {
        public var source: String
        public var value: String
    }
    public struct Frame: Sendable, Codable {
        public var name: String
        /// `path:line:column`
        public var location: String?
    }
    /// The stable name of the error; `ExpectationFailed` for an `expect` that does not hold.
    public var error: String
    /// One sentence, without the error's name.
    public var message: String
    public var location: String?
    /// The source line with the place marked beneath.
    public var excerpt: [String]
    /// Both sides of a comparison that does not hold.
    public var operands: [Operand]
    /// Innermost first.
    public var trace: [Frame]
    /// The elements that settlements had set aside before; nil without any.
    public var setAside: [String]?
    /// The smallest failing case that was found, as the source of a test.
    public var source: [String] = []
    /// A command that runs this test alone.
    public var reproduce: String
}

/// The measured gas of an entry over a run of tests.
public struct GasMeasure: Sendable, Codable {
    public var contract: String
    public var entry: String
    public var calls: Int
    public var least: Int64
    public var most: Int64
    public var total: Int64
    /// The calls that succeeded, and the gas of these.
    public var succeeded = 0
    public var succeededTotal: Int64 = 0
    public var succeededMost: Int64 = 0
    /// The bound as a formula of sizes; nil when it has none.
    public var bound: String?
    /// Why there is no bound.
    public var unbounded: String?
    /// For each call that succeeded its bound divided by the gas it took: by the formula, evaluated for its arguments
    /// and state, and by the lesser of that and what following it gave.
    public var ratios: [Double] = []
    public var closestRatios: [Double] = []

    private enum CodingKeys: String, CodingKey { case contract, entry, calls, least, most, total, bound, unbounded }

    init(_ call: MeasuredCall, contract: String, bound: EntryBound?) {
        self.contract = contract
        entry = call.entry
        calls = 1
        least = call.gasUsed
        most = call.gasUsed
        total = call.gasUsed
        if call.succeeded {
            succeeded = 1
            succeededTotal = call.gasUsed
            succeededMost = call.gasUsed
        }
        self.bound = bound?.formula
        unbounded = bound?.reason
        guard call.succeeded, call.gasUsed > 0 else { return }
        if let limit = call.bound { ratios = [Double(limit) / Double(call.gasUsed)] }
        if let limit = call.closestBound { closestRatios = [Double(limit) / Double(call.gasUsed)] }
    }

    mutating func add(_ other: GasMeasure) {
        calls += other.calls
        least = min(least, other.least)
        most = max(most, other.most)
        total += other.total
        succeeded += other.succeeded
        succeededTotal += other.succeededTotal
        succeededMost = max(succeededMost, other.succeededMost)
        ratios += other.ratios
        closestRatios += other.closestRatios
    }

    /// The middle ratio; nil without any.
    public var medianRatio: Double? { Self.median(ratios) }
    public var worstRatio: Double? { ratios.max() }
    public var worstClosestRatio: Double? { closestRatios.max() }
    /// The formula is far off for some call, and following it is not: what it does depends on more than sizes.
    public var dependsOnData: Bool {
        guard let worstRatio, let worstClosestRatio else { return false }
        return worstRatio > 4 && worstClosestRatio * 2 <= worstRatio
    }

    /// The upper of the two in the middle when they are even in number; nil of none.
    public static func median(_ ratios: [Double]) -> Double? {
        ratios.isEmpty ? nil : ratios.sorted()[ratios.count / 2]
    }
}

/// All results of a run.
public struct TestReport: Sendable, Codable {
    public var results: [TestResult] = []
    public var gas: [GasMeasure] = []

    public init(results: [TestResult] = [], gas: [GasMeasure] = []) {
        self.results = results
        self.gas = gas
    }

    public var passedCount: Int { results.count { $0.passed } }
    public var failedCount: Int { results.count - passedCount }
    /// The last line of every run.
    public var summary: String { "\(passedCount) passed, \(failedCount) failed" }

    public mutating func append(_ other: TestReport) {
        results += other.results
        for measure in other.gas {
            if let index = gas.firstIndex(where: { $0.contract == measure.contract && $0.entry == measure.entry }) {
                gas[index].add(measure)
            } else {
                gas.append(measure)
            }
        }
    }

    /// The report as lines of text; the last one is the summary.
    public func lines(verbose: Bool = true) -> [String] {
        var lines: [String] = []
        var file = ""
        for result in results where verbose || !result.passed {
            if result.file != file {
                file = result.file
                lines.append(file)
            }
            lines += result.lines
            if let failure = result.failure { lines += failure.lines.map { "        " + $0 } }
        }
        return lines + [summary]
    }
}

extension TestResult {
    var lines: [String] {
        let owner = contract.map { $0 + ": " } ?? ""
        var facts: [String] = []
        if let cases { facts.append("\(cases) \(steps == nil ? "cases" : "runs")") }
        if let discards, !discards.isEmpty { facts.append("\(discards.reduce(0) { $0 + $1.count }) discarded") }
        if let seed { facts.append("seed \(seed)") }
        facts.append("\(gasUsed) gas")
        var text = facts.joined(separator: ", ")
        if !compared { text += "; too long for the reference evaluator" }
        var lines = ["  \(passed ? "pass" : "FAIL")  \(owner)\(name)  (\(text))"]
        if !passed, let discards {
            lines += discards.map { "        discarded \($0.count) at \($0.location)" }
        }
        if let steps, !steps.isEmpty { lines += StepCount.lines(steps).map { "        " + $0 } }
        if let bench { lines += bench.lines.map { "        " + $0 } }
        if let search {
            lines.append("        greatest found: \(search.greatest)")
            if search.attempts > 0 { lines += search.source.map { "            " + $0 } }
        }
        return lines
    }
}

extension TestFailure {
    /// A failure of the run rather than of an evaluation.
    init(error: String, message: String, at span: Span, reproduce: String) {
        self.init(
            error: error, message: message, location: span.location, excerpt: Self.excerpt(span), operands: [],
            trace: [], reproduce: reproduce)
    }

    var lines: [String] {
        var lines = [message.isEmpty ? error : "\(error): \(message)"]
        if let location { lines.append("at \(location)") }
        lines += excerpt
        lines += operands.map { "\($0.source) is \($0.value)" }
        lines += trace.map { "in \($0.name)" + ($0.location.map { " at \($0)" } ?? "") }
        if let setAside { lines += setAside.map { "set aside \($0)" } }
        if !source.isEmpty {
            lines.append("the smallest case found:")
            lines += source.map { "    " + $0 }
        }
        return lines + ["run again: \(reproduce)"]
    }

    init(_ failure: Failure, in program: Program, reproduce: String) {
        let values = ValueText(program: program)
        error = failure.name(in: program)
        message = failure.detail
        if case .language(.declared(let contract, let index)) = failure.cause, !failure.payload.isEmpty {
            let parameters = program.contracts[contract].errors[index].parameters
            message = values.text(name: error, failure.payload, parameters)
        } else if failure.cause == .expectation, message.isEmpty {
            message = "the condition does not hold"
        }
        location = failure.span?.location
        excerpt = failure.span.map(Self.excerpt) ?? []
        operands = failure.operands.map {
            Operand(
                source: $0.expression.span.text.split(whereSeparator: \.isWhitespace).joined(separator: " "),
                value: values.text($0.value, as: $0.expression.type))
        }
        trace = failure.trace.map { Frame(name: $0.name, location: $0.span?.location) }
        setAside = failure.notes.isEmpty ? nil : failure.notes
        self.reproduce = reproduce
    }

    /// The first line of a span with its part underlined.
    static func excerpt(_ span: Span) -> [String] {
        let (line, column) = span.file.position(of: span.start)
        let text = span.file.lineText(line)
        let bytes = Array(text.utf8)
        let first = min(column - 1, bytes.count)
        let last = min(max(first + span.end - span.start, first + 1), max(bytes.count, first + 1))
        // Tabs stay tabs, and a character of several bytes takes one column.
        let before = String(String(decoding: bytes[..<first], as: UTF8.self).map { $0 == "\t" ? $0 : " " })
        let marked = String(decoding: bytes[first..<min(last, bytes.count)], as: UTF8.self).count
        let margin = String(repeating: " ", count: "\(line)".count)
        return [
            "\(line) | \(text)",
            "\(margin) | " + before + String(repeating: "^", count: max(1, marked)),
        ]
    }
}
