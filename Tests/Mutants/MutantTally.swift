/// How mutants ended, by the field that was changed.
struct MutantTally {
    enum Verdict {
        case refusedByDecoder(code: String)
        case refusedByVerifier(code: String)
        case accepted
    }

    private struct Row {
        var (decoder, verifier, accepted) = (0, 0, 0)
    }

    private var fields: [String: Row] = [:]
    private var reasons: [String: Int] = [:]
    private var outcomes: [String: Int] = [:]

    mutating func addMutant(of field: String, _ verdict: Verdict) {
        switch verdict {
        case .refusedByDecoder(let code):
            fields[field, default: Row()].decoder += 1
            reasons["\(code) by the decoder", default: 0] += 1
        case .refusedByVerifier(let code):
            fields[field, default: Row()].verifier += 1
            reasons["\(code) by the verifier", default: 0] += 1
        case .accepted: fields[field, default: Row()].accepted += 1
        }
    }

    /// How a run of a mutant ended.
    mutating func addOutcome(_ outcome: String) { outcomes[outcome, default: 0] += 1 }

    func printed() -> String {
        func padded(_ number: Int) -> String {
            let text = "\(number)"
            return String(repeating: " ", count: max(1, 9 - text.count)) + text
        }
        var lines = ["  decoder verifier accepted  field changed"]
        for (field, row) in fields.sorted(by: { $0.key < $1.key }) {
            lines.append(padded(row.decoder) + padded(row.verifier) + padded(row.accepted) + "  " + field)
        }
        let total = fields.values.reduce(into: Row()) {
            $0.decoder += $1.decoder
            $0.verifier += $1.verifier
            $0.accepted += $1.accepted
        }
        lines.append(padded(total.decoder) + padded(total.verifier) + padded(total.accepted) + "  in all")
        lines.append("refused, by reason:")
        lines += reasons.sorted { $0.key < $1.key }.map { padded($0.value) + "  " + $0.key }
        lines.append("runs of those accepted:")
        lines += outcomes.sorted { $0.key < $1.key }.map { padded($0.value) + "  " + $0.key }
        return lines.joined(separator: "\n")
    }
}
