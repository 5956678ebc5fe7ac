/// The figures of the simulations of delegation.
public struct LiquidReport: Sendable {
    /// Means over the graphs of a point.
    public struct Row: Sendable {
        public let density: Double
        public let exponent: Double
        public let iterated: LiquidMeasures
        public let oneShot: LiquidMeasures
    }

    /// What a run of the authors' set-up elsewhere found (exact power, 30 voters, 20 graphs for a point, accuracies of
    /// mean 0.726); the publication itself prints curves.
    struct Reference: Sendable {
        let iterated: LiquidMeasures
        let oneShotDelegators: Double
        let oneShotGini: Double

        init(
            _ delegators: Double, _ gini: Double, _ chain: Double, _ accuracy: Double, _ one: Double, _ oneGini: Double
        ) {
            iterated = LiquidMeasures(
                delegators: delegators, gini: gini, longestChain: chain, accuracy: accuracy, converged: 1)
            oneShotDelegators = one
            oneShotGini = oneGini
        }
    }

    /// In the order of `LiquidDemo.exponents`.
    static let references = [
        Reference(0.967, 0.442, 8.4, 1.000, 0.948, 0.264), Reference(0.943, 0.275, 2.2, 0.993, 0.733, 0.247),
        Reference(0.877, 0.235, 2.0, 0.983, 0.472, 0.209), Reference(0.815, 0.197, 1.8, 0.964, 0.282, 0.173),
        Reference(0.443, 0.111, 1.05, 0.855, 0.062, 0.058),
    ]
    /// Gini of iterated better response by density, in the order of `LiquidDemo.densities`.
    static let densityReferences = [0, 0.011, 0.014, 0.026, 0.055, 0.090, 0.072, 0.119, 0.100, 0.130]

    let size: LiquidDemo.Size
    let seed: UInt64
    public let meanAccuracy: Double
    public let byExponent: [Row]
    public let byDensity: [Row]
    /// Outcomes whose power the contract measured.
    public let measuredCount: Int
    public let seconds: Double

    /// The tables and lines that the command prints, as Markdown: each figure with the reference behind it.
    public var text: String {
        func both(_ here: Double, _ there: Double, _ places: Int = 3) -> String {
            "\(Self.text(here, places)) (\(Self.text(there, places)))"
        }
        var lines = [
            "| power to the | delegators | Gini of power | longest chain | accuracy | one shot: delegators | Gini |",
            "|---|---|---|---|---|---|---|",
        ]
        for (row, other) in zip(byExponent, Self.references) {
            lines.append(
                "| \(Self.text(row.exponent, 2)) | \(both(row.iterated.delegators, other.iterated.delegators)) "
                    + "| \(both(row.iterated.gini, other.iterated.gini)) "
                    + "| \(both(row.iterated.longestChain, other.iterated.longestChain, 2)) "
                    + "| \(both(row.iterated.accuracy, other.iterated.accuracy)) "
                    + "| \(both(row.oneShot.delegators, other.oneShotDelegators)) "
                    + "| \(both(row.oneShot.gini, other.oneShotGini)) |")
        }
        lines += ["", "| density | Gini of power | one shot: Gini |", "|---|---|---|"]
        for (row, other) in zip(byDensity, Self.densityReferences) {
            lines.append(
                "| \(Self.text(row.density, 1)) | \(both(row.iterated.gini, other)) | "
                    + "\(Self.text(row.oneShot.gini, 3)) |"
            )
        }
        let converged = (byExponent + byDensity).map(\.iterated.converged).reduce(0, +)
        lines.append("")
        lines.append(
            "\(size.voters) voters of mean accuracy \(Self.text(meanAccuracy, 3)), \(size.graphs) graphs for a point, "
                + "seed "
                + "\(seed); \(Self.text(100 * converged / Double(byExponent.count + byDensity.count), 1)) % converged; "
                + "the "
                + "powers of all \(measuredCount) outcomes are the contract's, exactly")
        return lines.joined(separator: "\n")
    }

    private static func text(_ value: Double, _ places: Int) -> String {
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((value * Double(scale)).rounded())
        let fraction = String(scaled % scale)
        return "\(scaled / scale)." + String(repeating: "0", count: places - fraction.count) + fraction
    }
}

/// What came of games of delegation.
public struct LiquidMeasures: Sendable {
    /// Voters who delegate, of all.
    public var delegators = 0.0
    /// Of the powers: 0 when all have the same.
    public var gini = 0.0
    /// Delegations from the last of the longest chain to its guru.
    public var longestChain = 0.0
    /// Of the gurus, by the votes behind them.
    public var accuracy = 0.0
    /// Games in which in the end nobody wanted to move.
    public var converged = 0.0

    static func += (sum: inout LiquidMeasures, other: LiquidMeasures) {
        sum.delegators += other.delegators
        sum.gini += other.gini
        sum.longestChain += other.longestChain
        sum.accuracy += other.accuracy
        sum.converged += other.converged
    }

    static func / (sum: LiquidMeasures, count: Double) -> LiquidMeasures {
        LiquidMeasures(
            delegators: sum.delegators / count, gini: sum.gini / count, longestChain: sum.longestChain / count,
            accuracy: sum.accuracy / count, converged: sum.converged / count)
    }
}
