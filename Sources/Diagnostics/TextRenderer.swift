/// Diagnostics as text for people: the lines in question with every span underlined and labelled.
///
///     error[E0104]: expected ')', found '{'
///       --> pool.agon:3:12
///        |
///      3 |     foo(a {
///        |           ^ expected ')'
///        |        - opened here
///        = hint: …
public struct TextRenderer: Sendable {
    /// Whether to colour by ANSI escape sequences. What the source contains never reaches the terminal as a control
    /// character.
    public var usesColour: Bool

    public init(usesColour: Bool = false) { self.usesColour = usesColour }

    /// All diagnostics in the order given, and a line that counts them; empty for none.
    public func render(_ diagnostics: [Diagnostic]) -> String {
        guard !diagnostics.isEmpty else { return "" }
        var text = ""
        for diagnostic in diagnostics { text += render(diagnostic) + "\n" }
        let errors = diagnostics.count { $0.severity == .error }
        let warnings = diagnostics.count - errors
        var counts: [String] = []
        if errors > 0 { counts.append(errors == 1 ? "1 error" : "\(errors) errors") }
        if warnings > 0 { counts.append(warnings == 1 ? "1 warning" : "\(warnings) warnings") }
        return text + counts.joined(separator: ", ") + "\n"
    }

    /// One diagnostic, its last line ended.
    public func render(_ diagnostic: Diagnostic) -> String {
        let title: Style = diagnostic.severity == .error ? .error : .warning
        var text = paint("\(diagnostic.severity.rawValue)[\(diagnostic.code.rawValue)]", title)
        text += paint(": " + printable(diagnostic.message), .strong) + "\n"

        let marks =
            [Mark(diagnostic.primary, isPrimary: true)] + diagnostic.secondary.map { Mark($0, isPrimary: false) }
        let width = String(marks.map(\.line).max() ?? 1).utf8.count
        let margin = String(repeating: " ", count: width)
        var remaining = marks
        var isFirst = true
        while let first = remaining.first {
            let here = remaining.filter { $0.file === first.file }
            remaining.removeAll { $0.file === first.file }
            let arrow = isFirst ? "-->" : ":::"
            text += margin + paint(arrow, .margin) + " " + printable(first.label.span.location) + "\n"
            text += margin + paint(" |", .margin) + "\n"
            text += excerpt(here, width: width, style: title)
            isFirst = false
        }
        if let hint = diagnostic.hint {
            text += margin + paint(" = ", .margin) + paint("hint: ", .strong) + printable(hint) + "\n"
        }
        if let fixIt = diagnostic.fixIt {
            // Line ends around what is inserted are shown by nothing.
            let shown = fixIt.replacement.split(separator: "\n").joined(separator: " ")
            let what =
                fixIt.replacement.isEmpty
                ? "remove it"
                : fixIt.span.start == fixIt.span.end ? "insert '\(shown)'" : "replace it with '\(shown)'"
            text += margin + paint(" = ", .margin) + paint("fix: ", .strong) + printable(what) + "\n"
        }
        return text
    }

    // MARK: Excerpts

    /// A label on the line where its span begins.
    private struct Mark {
        let label: Label
        let isPrimary: Bool
        let line: Int
        var file: SourceFile { label.span.file }

        init(_ label: Label, isPrimary: Bool) {
            self.label = label
            self.isPrimary = isPrimary
            line = label.span.file.position(of: label.span.start).line
        }
    }

    private func excerpt(_ marks: [Mark], width: Int, style: Style) -> String {
        var text = ""
        var previous: Int?
        for line in Set(marks.map(\.line)).sorted() {
            if let previous {
                if line == previous + 2 {
                    text += numbered(previous + 1, width, marks[0].file.excerptLine(previous + 1, around: nil))
                } else if line > previous + 1 {
                    text += paint(String(repeating: " ", count: width - 1) + "...", .margin) + "\n"
                }
            }
            previous = line
            let here = marks.filter { $0.line == line }
            let shown = here[0].file.excerptLine(line, around: here[0].label.span.start)
            text += numbered(line, width, shown)
            for mark in here {
                let (start, length) = shown.columns(mark.label.span.start, mark.label.span.end)
                let underline = String(repeating: mark.isPrimary ? "^" : "-", count: length)
                let label = mark.label.text.isEmpty ? "" : " " + printable(mark.label.text)
                text += String(repeating: " ", count: width) + paint(" |", .margin) + " "
                text += String(repeating: " ", count: start)
                text += paint(underline + label, mark.isPrimary ? style : .margin) + "\n"
            }
        }
        return text
    }

    private func numbered(_ line: Int, _ width: Int, _ shown: ExcerptLine) -> String {
        let digits = String(line)
        let number = String(repeating: " ", count: max(0, width - digits.utf8.count)) + digits
        return paint(number + " |", .margin) + (shown.text.isEmpty ? "" : " " + shown.text) + "\n"
    }

    // MARK: Colour

    private enum Style: String {
        case error = "1;31"
        case warning = "1;33"
        case margin = "1;34"
        case strong = "1"
    }

    private func paint(_ text: String, _ style: Style) -> String {
        usesColour && !text.isEmpty ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}
