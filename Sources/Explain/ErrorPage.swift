/// What a code means: the page that `agon explain` shows.
public struct ErrorPage: Sendable {
    /// An example of how not to do it.
    public enum Wrong: Sendable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
        case source(String)
        /// A source too large or too strange to be printed: what it is, and its bytes.
        case described(String, bytes: @Sendable () -> [UInt8])

        public init(stringLiteral text: String) { self = .source(text) }
    }

    /// `E0401`, `Overflow`, `chain.locked`.
    public let code: String
    /// A few words.
    public let title: String
    /// What it means, why the rule is there, and what to do.
    public let text: String
    /// Nil where no input of a user's shows it in a few lines. Of a diagnostic: a source with this code and no other.
    /// Of a failure: a source with one test that fails with it. Of the verifier: assembler text. Of the command: a
    /// command. What no source brings about is shown as a case in assembly, which begins with tables or `case`, and
    /// which `agon conformance` runs.
    public let wrong: Wrong?
    /// The same put right.
    public let right: String?

    init(_ code: String, _ title: String, _ text: String, wrong: Wrong? = nil, right: String? = nil) {
        self.code = code
        self.title = title
        self.text = text
        self.wrong = wrong
        self.right = right
    }

    /// All pages, grouped by what they are about, in the order in which a list shows them.
    public static let groups: [(title: String, pages: [ErrorPage])] = [
        ("Text and syntax", syntaxPages), ("Names and imports", namePages), ("Types", typePages),
        ("Numbers and rounding", numberPages), ("Tokens and assets", tokenPages),
        ("Rounds, phases, sealed values, beacons, settlements", roundPages),
        ("Totality, contracts, tests", rulePages),
        ("Failures of running contracts", failurePages + contractFailurePages + machineFailurePages),
        ("The verifier", verifierPages), ("Artefacts, values and assembler", codingPages),
        ("The command", commandPages), ("Transactions, blocks and the chain", chainPages),
    ]

    public static let all: [ErrorPage] = groups.flatMap(\.pages)

    /// Is it a case in assembly, with tables before it or without?
    public static func isAssemblyCase(_ example: String) -> Bool {
        example.split(separator: "\n").contains { $0.hasPrefix("case ") }
    }

    /// The page of a code, whatever the case of its letters.
    public static func page(_ code: String) -> ErrorPage? {
        all.first { $0.code.lowercased() == code.lowercased() }
    }

    /// As the terminal shows it, lines of at most `columnCount` columns.
    public func text(columnCount: Int = 88) -> String {
        var lines = ["\(code): \(title)", ""] + wrapped(text, columnCount)
        func append(_ heading: String, _ example: String) {
            lines += ["", heading, ""]
            lines += example.split(separator: "\n", omittingEmptySubsequences: false).map {
                $0.isEmpty ? "" : "    \($0)"
            }
        }
        switch wrong {
        case .source(let source):
            append(Self.isAssemblyCase(source) ? "Wrong (as `agon conformance FILE.agasm` runs it):" : "Wrong:", source)
        case .described(let what, _): lines += ["", "Wrong: \(what)"]
        case nil: break
        }
        if let right { append("Right:", right) }
        return lines.joined(separator: "\n")
    }

    /// All pages as a document.
    public static func markdown() -> String {
        var lines = [
            "# Every code", "",
            "This page is made by `agon explain --markdown` from the pages that `agon explain CODE` shows. Codes never "
                + "change their",
            "meaning. Diagnostics of sources are E…; failures of running contracts have names; V… are the verifier's, "
                + "B… those of",
            "artefacts and encoded values, C… and D… those of the command; names with a point come from the chain.", "",
        ]
        for group in groups {
            lines += ["## \(group.title)", ""]
            for page in group.pages {
                lines += ["### \(page.code): \(page.title)", ""]
                lines += wrapped(page.text, 120)
                switch page.wrong {
                case .source(let source): lines += ["", "Wrong:", ""] + indented(source)
                case .described(let what, _): lines += ["", "Wrong: \(what)"]
                case nil: break
                }
                if let right = page.right { lines += ["", "Right:", ""] + indented(right) }
                lines.append("")
            }
        }
        lines.removeLast()
        return lines.joined(separator: "\n") + "\n"
    }

    /// Examples that are commands, a line each: code, whether it is the wrong or the right one, and the command, with
    /// tabulators between.
    public static func commands() -> String {
        var lines: [String] = []
        for page in all {
            guard case .source(let wrong) = page.wrong, let right = page.right, wrong.contains("agon ") else {
                continue
            }
            for (kind, command) in [("wrong", wrong), ("right", right)] where !command.contains("\n") {
                lines.append("\(page.code)\t\(kind)\t\(command)")
            }
        }
        return lines.joined(separator: "\n")
    }

    /// One line for each code.
    public static func list() -> String {
        let width = all.map(\.code.count).max() ?? 0
        var lines: [String] = []
        for group in groups {
            lines += [lines.isEmpty ? [] : [""], ["\(group.title):"]].flatMap { $0 }
            for page in group.pages {
                lines.append("  " + page.code + String(repeating: " ", count: width - page.code.count + 2) + page.title)
            }
        }
        return lines.joined(separator: "\n")
    }
}

private func indented(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.isEmpty ? "" : "    \($0)" }
}

/// The words of a text in lines of at most `columnCount` columns.
private func wrapped(_ text: String, _ columnCount: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
        if !line.isEmpty, line.count + 1 + word.count > columnCount {
            lines.append(line)
            line = ""
        }
        line += line.isEmpty ? String(word) : " " + word
    }
    if !line.isEmpty { lines.append(line) }
    return lines
}
