/// Many diagnostics as few: what is said of one file again and again is said once with its places, and beyond a number
/// of full ones only counts are left.
public struct DiagnosticDigest: Sendable {
    /// To be shown in full.
    public private(set) var shown: [Diagnostic] = []
    /// The same as one that is shown, at other places of its file.
    public private(set) var repeated: [(first: Diagnostic, others: [Span])] = []
    /// Left out, by file, in the order of their first.
    public private(set) var omitted: [(path: String, count: Int)] = []
    private let all: [Diagnostic]

    /// The same words at more places than these are not shown again.
    static let repeatLimit = 2
    /// Places that are listed of what is not shown again.
    private static let listedPlaceLimit = 12

    /// - Parameter limit: how many are shown in full.
    public init(_ diagnostics: [Diagnostic], limit: Int) {
        all = Self.distinct(diagnostics)
        var counts: [String: Int] = [:]
        var groups: [String: Int] = [:]
        for diagnostic in all {
            let path = diagnostic.primary.span.file.path
            let kind = "\(diagnostic.code.rawValue) \(path) \(diagnostic.message)"
            counts[kind, default: 0] += 1
            if counts[kind, default: 0] > Self.repeatLimit {
                if let index = groups[kind] {
                    repeated[index].others.append(diagnostic.primary.span)
                } else {
                    groups[kind] = repeated.count
                    repeated.append((diagnostic, [diagnostic.primary.span]))
                }
            } else if shown.count < limit {
                shown.append(diagnostic)
            } else if let index = omitted.firstIndex(where: { $0.path == path }) {
                omitted[index].count += 1
            } else {
                omitted.append((path, 1))
            }
        }
    }

    /// Each once: a file that several others import is checked with each of them.
    public static func distinct(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        var seen: Set<String> = []
        return diagnostics.filter { diagnostic in
            let span = diagnostic.primary.span
            return seen.insert("\(diagnostic.code.rawValue) \(span.file.path) \(span.start) \(diagnostic.message)")
                .inserted
        }
    }

    /// As text; empty for none.
    public func text(_ renderer: TextRenderer) -> String {
        guard !all.isEmpty else { return "" }
        var text = shown.map { renderer.render($0) + "\n" }.joined()
        for (first, others) in repeated {
            let places = others.prefix(Self.listedPlaceLimit).map { span in
                let (line, column) = span.file.position(of: span.start)
                return "\(line):\(column)"
            }
            let more = others.count > places.count ? " and \(others.count - places.count) more" : ""
            text += "\(first.severity.rawValue)[\(first.code.rawValue)]: \(printable(first.message)), as above\n"
            text += "  --> \(printable(first.primary.span.file.path)): \(places.joined(separator: ", "))\(more)\n\n"
        }
        for (path, count) in omitted { text += "\(printable(path)): \(count) more\n" }
        if !omitted.isEmpty { text += "\n" }
        return text + summary + "\n"
    }

    /// `26 errors in 3 files`
    private var summary: String {
        let errors = all.count { $0.severity == .error }
        let warnings = all.count - errors
        var counts: [String] = []
        // Of a source and what it imports no more than a number are kept.
        let orMore = errors >= DiagnosticBag.countLimit ? " or more" : ""
        if errors > 0 { counts.append(errors == 1 ? "1 error" : "\(errors) errors\(orMore)") }
        if warnings > 0 { counts.append(warnings == 1 ? "1 warning" : "\(warnings) warnings") }
        let files = Set(all.map(\.primary.span.file.path)).count
        return counts.joined(separator: ", ") + (files > 1 ? " in \(files) files" : "")
    }
}
