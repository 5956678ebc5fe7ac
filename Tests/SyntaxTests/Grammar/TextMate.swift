import Foundation

/// As much of the TextMate grammar format as grammar/agon.tmLanguage.json uses: `match` with `captures`, `begin` and
/// `end` with `patterns`, `include` of a part of the repository. Written from the format's description, and sharing
/// nothing with the lexer.
struct TextMateGrammar {
    private final class Rule: Decodable {
        var name: String?
        var match: String?
        var begin: String?
        var end: String?
        var include: String?
        var captures: [String: Capture]?
        var patterns: [Rule]?
        var comment: String?

        struct Capture: Decodable { var name: String }
    }

    private struct File: Decodable {
        var scopeName: String
        var patterns: [Rule]
        var repository: [String: Rule]
    }

    /// A rule with its expressions made.
    private final class Compiled {
        let name: String?
        let expression: NSRegularExpression
        let end: NSRegularExpression?
        let captures: [(group: Int, name: String)]
        let inner: [Compiled]

        init(
            name: String?, expression: NSRegularExpression, end: NSRegularExpression?, captures: [(Int, String)],
            inner: [Compiled]
        ) {
            self.name = name
            self.expression = expression
            self.end = end
            self.captures = captures
            self.inner = inner
        }
    }

    /// A run of characters (in UTF-16 units of its line) and the innermost scope that it is given.
    struct Span {
        var range: NSRange
        var scope: String
    }

    private let rules: [Compiled]

    init(_ data: Data) throws {
        let file = try JSONDecoder().decode(File.self, from: data)
        func compile(_ rule: Rule) throws -> [Compiled] {
            if let include = rule.include {
                guard include.hasPrefix("#"), let part = file.repository[String(include.dropFirst())] else {
                    throw Missing(name: include)
                }
                return try compile(part)
            }
            if let pattern = rule.match ?? rule.begin {
                return [
                    Compiled(
                        name: rule.name, expression: try NSRegularExpression(pattern: pattern),
                        end: try rule.end.map { try NSRegularExpression(pattern: $0) },
                        captures: (rule.captures ?? [:]).compactMap { key, value in Int(key).map { ($0, value.name) } }
                            .sorted { $0.0 < $1.0 },
                        inner: try (rule.patterns ?? []).flatMap(compile))
                ]
            }
            return try (rule.patterns ?? []).flatMap(compile)
        }
        rules = try file.patterns.flatMap(compile)
    }

    struct Missing: Error { var name: String }

    /// The scopes of all lines of a text. Where nothing matches there is no span.
    func spans(_ text: String) -> [[Span]] {
        var open: Compiled?
        return text.components(separatedBy: "\n").map { line in
            var spans: [Span] = []
            let length = (line as NSString).length
            var position = 0
            while position <= length {
                let rest = NSRange(location: position, length: length - position)
                if let rule = open {
                    let end = rule.end?.firstMatch(in: line, range: rest)?.range
                    let (inner, found) = first(rule.inner, line, rest)
                    if let inner, let found, found.range.location < end?.location ?? .max {
                        fill(&spans, from: position, to: found.range.location, rule.name)
                        spans.append(Span(range: found.range, scope: inner.name ?? rule.name ?? ""))
                        position = NSMaxRange(found.range)
                        continue
                    }
                    fill(&spans, from: position, to: end.map { NSMaxRange($0) } ?? length, rule.name)
                    guard let end else { break }
                    open = nil
                    position = NSMaxRange(end)
                    if position >= length { break }
                } else {
                    let (rule, found) = first(rules, line, rest)
                    guard let rule, let found else { break }
                    if rule.end != nil {
                        spans.append(Span(range: found.range, scope: rule.name ?? ""))
                        open = rule
                    } else if rule.captures.isEmpty {
                        spans.append(Span(range: found.range, scope: rule.name ?? ""))
                    } else {
                        for (group, name) in rule.captures where found.range(at: group).location != NSNotFound {
                            spans.append(Span(range: found.range(at: group), scope: name))
                        }
                    }
                    position = NSMaxRange(found.range)
                }
            }
            return spans
        }
    }

    private func fill(_ spans: inout [Span], from start: Int, to end: Int, _ scope: String?) {
        guard end > start else { return }
        spans.append(Span(range: NSRange(location: start, length: end - start), scope: scope ?? ""))
    }

    /// The rule that matches first; of several at one place the first in order.
    private func first(
        _ rules: [Compiled], _ line: String, _ range: NSRange
    ) -> (Compiled?, NSTextCheckingResult?) {
        var best: (Compiled, NSTextCheckingResult)?
        for rule in rules {
            guard
                let found = rule.expression.firstMatch(
                    in: line, options: [.withTransparentBounds, .withoutAnchoringBounds], range: range)
            else { continue }
            if found.range.location < best?.1.range.location ?? .max { best = (rule, found) }
            if found.range.location == range.location { break }
        }
        return (best?.0, best?.1)
    }
}
