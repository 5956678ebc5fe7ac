/// What became of one step of an invariant over all its runs.
public struct StepCount: Sendable, Codable, Hashable {
    public struct Failure: Sendable, Codable, Hashable {
        public var error: String
        public var count: Int
        /// Where it was raised (`path:line:column`), of errors that say nothing of themselves, such as `Overflow`.
        public var place: String?
    }
    public var name: String
    /// How often it was taken, failures included and discards excepted.
    public var calls: Int = 0
    /// By error; what a failed step did was undone.
    public var failures: [Failure] = []
    /// Cases that an assumption discarded, or for which there were no arguments.
    public var discards: Int = 0

    mutating func countFailure(_ error: String, at place: String? = nil) {
        if let index = failures.firstIndex(where: { $0.error == error && $0.place == place }) {
            failures[index].count += 1
        } else {
            failures.append(Failure(error: error, count: 1, place: place))
        }
    }

    /// Says so of a step that tried nothing: nothing is known of what it would do.
    private func mark(failedCount: Int) -> String {
        if calls == 0 { return "NEVER TAKEN" }
        return failedCount == calls ? "NEVER SUCCEEDED: " : ""
    }

    /// A table: step, calls, discards, failures by error, the most frequent first; steps without any success are
    /// marked.
    static func lines(_ steps: [StepCount]) -> [String] {
        var rows = [["step", "calls", "failed", "discarded", "errors"]]
        for step in steps {
            let failures = step.failures.sorted {
                ($1.count, $0.error, $0.place ?? "") < ($0.count, $1.error, $1.place ?? "")
            }
            let sum = failures.reduce(0) { $0 + $1.count }
            let errors =
                step.mark(failedCount: sum)
                + failures.map { "\($0.error) \($0.count)" + ($0.place.map { " at \($0)" } ?? "") }
                .joined(separator: ", ")
            rows.append([step.name, "\(step.calls)", "\(sum)", "\(step.discards)", errors])
        }
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let name = row[0] + String(repeating: " ", count: widths[0] - row[0].count)
            let numbers = (1..<4).map { String(repeating: " ", count: widths[$0] - row[$0].count) + row[$0] }
            return ([name] + numbers + (row[4].isEmpty ? [] : [row[4]])).joined(separator: "  ")
        }
    }
}
