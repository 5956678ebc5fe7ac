/// The least-squares polynomial of lowest degree that describes points well.
public struct PolynomialFit: Sendable, Codable, Hashable {
    /// From the constant term upwards.
    public var coefficients: [Double]
    /// The largest distance between a point and the curve, as a part of the point's value.
    public var worstError: Double

    /// Degrees tried; one less than the number of points is the most, as a curve through all points says nothing.
    private static let highestDegree = 3
    /// A curve this near to all points is good enough.
    private static let goodError = 0.01

    /// Nil for fewer than two points.
    public init?(_ points: [(x: Double, y: Double)]) {
        guard points.count >= 2 else { return nil }
        var best: PolynomialFit?
        for degree in 0...max(0, min(Self.highestDegree, points.count - 2)) {
            guard let coefficients = Self.leastSquares(points, degree: degree) else { break }
            var fit = PolynomialFit(coefficients: coefficients, worstError: 0)
            fit.worstError = points.map { abs(fit.value(at: $0.x) - $0.y) / max(1, abs($0.y)) }.max() ?? 0
            // A higher degree has to be worth it.
            if best.map({ fit.worstError < $0.worstError / 2 }) ?? true { best = fit }
            if let best, best.worstError <= Self.goodError { break }
        }
        guard let best else { return nil }
        self = best
    }

    private init(coefficients: [Double], worstError: Double) {
        self.coefficients = coefficients
        self.worstError = worstError
    }

    public func value(at x: Double) -> Double { coefficients.reversed().reduce(0) { $0 * x + $1 } }

    /// `1200 + 35 n + 0.5 n^2`
    public func text(_ name: String) -> String {
        var text = ""
        for (power, coefficient) in coefficients.enumerated() {
            let magnitude = abs(coefficient)
            let rounded = magnitude >= 100 ? magnitude.rounded() : (magnitude * 1_000).rounded() / 1_000
            guard rounded > 0 || coefficients.count == 1 else { continue }
            let number = rounded == rounded.rounded() && rounded < 1e15 ? "\(Int(rounded))" : "\(rounded)"
            let unit = power == 0 ? "" : power == 1 ? " \(name)" : " \(name)^\(power)"
            text += text.isEmpty ? (coefficient < 0 ? "-" : "") : (coefficient < 0 ? " - " : " + ")
            text += number + unit
        }
        return text.isEmpty ? "0" : text
    }

    /// Solves the normal equations for x scaled to its largest value; nil when they have no single solution.
    private static func leastSquares(_ points: [(x: Double, y: Double)], degree: Int) -> [Double]? {
        let scale = max(1, points.map { abs($0.x) }.max() ?? 1)
        let size = degree + 1
        var rows = (0..<size).map { row in
            var cells = (0..<size).map { column in points.reduce(0) { $0 + power($1.x / scale, row + column) } }
            cells.append(points.reduce(0) { $0 + power($1.x / scale, row) * $1.y })
            return cells
        }
        for pivot in 0..<size {
            let best = (pivot..<size).max { abs(rows[$0][pivot]) < abs(rows[$1][pivot]) } ?? pivot
            rows.swapAt(pivot, best)
            guard abs(rows[pivot][pivot]) > 1e-12 else { return nil }
            for row in 0..<size where row != pivot {
                let factor = rows[row][pivot] / rows[pivot][pivot]
                for column in pivot...size { rows[row][column] -= factor * rows[pivot][column] }
            }
        }
        return (0..<size).map { rows[$0][size] / rows[$0][$0] / power(scale, $0) }
    }

    private static func power(_ base: Double, _ exponent: Int) -> Double {
        (0..<exponent).reduce(1) { value, _ in value * base }
    }
}
