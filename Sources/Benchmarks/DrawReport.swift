import Bytecode

/// The advantages as lines, one for each strategy and number of members.
public func drawReport(_ rows: [DrawAdvantage]) -> String {
    func column(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
    func percent(_ value: Double) -> String { fixed(value * 100, decimals: 2) + " %" }
    var lines = [
        "                                 share of               one winner          committee of 15       majority",
        "strategy                    seeds members    draws  measured   expected       seats     measured   expected",
    ]
    for row in rows {
        let name = row.strategy.name
        lines.append(
            name + column("\(row.strategy.choices)", max(0, 33 - name.count)) + column(percent(row.share), 8)
                + column("\(row.draws)", 9) + column(percent(row.winRate), 10)
                + column(percent(row.expectedWinRate), 11) + column(percent(row.seatRate), 12)
                + column(percent(row.majorityRate), 13) + column(percent(row.expectedMajorityRate), 11))
    }
    let worst = rows.map(\.deviation).max() ?? 0
    lines.append("farthest from what is expected: \(fixed(worst, decimals: 1)) standard deviations")
    return lines.joined(separator: "\n")
}

/// The advantages for programs.
public func drawJSON(_ rows: [DrawAdvantage]) -> String {
    func rate(_ value: Double) -> JSONValue { .number(fixed(value, decimals: 6)) }
    return JSONValue.array(
        rows.map { row in
            .object([
                .init("strategy", .string(row.strategy.name)),
                .init("seeds", .integer(row.strategy.choices)),
                .init("share", rate(row.share)),
                .init("draws", .integer(row.draws)),
                .init("winRate", rate(row.winRate)),
                .init("expectedWinRate", rate(row.expectedWinRate)),
                .init("seatRate", rate(row.seatRate)),
                .init("majorityRate", rate(row.majorityRate)),
                .init("expectedMajorityRate", rate(row.expectedMajorityRate)),
            ])
        }
    ).text(pretty: true)
}

/// A number that is not negative, with so many decimals.
private func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite, value < 1e9 else { return "∞" }
    let scale = (0..<decimals).reduce(1) { product, _ in product * 10 }
    let units = Int((value * Double(scale)).rounded())
    let fraction = String(units % scale)
    return "\(units / scale)." + String(repeating: "0", count: decimals - fraction.count) + fraction
}
