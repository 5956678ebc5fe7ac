import Numerics
import Reference
import Semantics

/// What one `bench` measured.
public struct BenchTable: Sendable, Codable {
    public struct Row: Sendable, Codable {
        public var size: Int64
        /// Gas of the calls inside `measure`.
        public var gas: Int64
    }
    /// What the sizes are called.
    public var sizeName: String
    public var rows: [Row]
    public var fit: PolynomialFit?

    var lines: [String] {
        let texts = rows.map { row in
            ["\(row.size)", "\(row.gas)", fit.map { "\(Int64($0.value(at: Double(row.size)).rounded()))" } ?? ""]
        }
        let table = [[sizeName, "gas", "fitted"]] + texts
        let widths = (0..<3).map { column in table.map { $0[column].count }.max() ?? 0 }
        var lines = table.map { cells in
            zip(cells, widths).map { String(repeating: " ", count: $1 - $0.count) + $0 }.joined(separator: "  ")
        }
        if let fit {
            let percent = (fit.worstError * 1_000).rounded() / 10
            lines.append("gas = \(fit.text(sizeName)), within \(percent) %")
        }
        return lines
    }
}

/// Runs one `bench`: for all its sizes, or for the first one alone.
struct BenchRun {
    let bed: TestBed
    let size: LocalID
    let sizes: Expression

    struct Outcome {
        var table: BenchTable
        var failure: Failure?
    }

    func run(allSizes: Bool) -> Outcome {
        var outcome = Outcome(
            table: BenchTable(sizeName: bed.test.locals[size].name, rows: [], fit: nil), failure: nil)
        var values: [Value] = []
        let first = bed.world()
        outcome.failure = bed.failure(in: first) { () throws(Failure) in
            guard case .list(let list) = try bed.evaluator(first).value(of: sizes, locals: bed.test.locals) else {
                throw Failure(.fault, detail: "a list of sizes was expected", span: sizes.span)
            }
            values = list
        }
        for case .integer(let number) in allSizes ? values[...] : values.prefix(1) where outcome.failure == nil {
            let world = bed.world()
            let evaluator = bed.evaluator(world)
            evaluator.bind(size, .integer(number))
            outcome.failure = bed.failure(in: world) { () throws(Failure) in
                try evaluator.run(
                    bed.test.body, locals: bed.test.locals,
                    named: "bench \"\(bed.test.name)\" with \(bed.test.locals[size].name) = \(number)")
            }
            outcome.table.rows.append(.init(size: number.asInt64 ?? .max, gas: evaluator.measuredGas))
        }
        if outcome.failure == nil {
            outcome.table.fit = PolynomialFit(outcome.table.rows.map { (Double($0.size), Double($0.gas)) })
        }
        return outcome
    }
}
