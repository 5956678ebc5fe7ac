import Diagnostics
import Semantics
import Syntax
import Testing

/// What checking one source text gave.
struct Outcome {
    var program: Program?
    var diagnostics: [Diagnostic]

    /// `E0301@4` for each diagnostic, in order of the text.
    var summary: [String] {
        diagnostics.map { diagnostic in
            let span = diagnostic.primary.span
            return "\(diagnostic.code.rawValue)@\(span.file.position(of: span.start).line)"
        }
    }

    var rendered: String {
        diagnostics.map { diagnostic in
            var text = "\(diagnostic.code.rawValue) \(diagnostic.primary.span.location): \(diagnostic.message)"
            if !diagnostic.primary.text.isEmpty { text += " [\(diagnostic.primary.text)]" }
            for label in diagnostic.secondary { text += "\n  also \(label.span.location): \(label.text)" }
            if let hint = diagnostic.hint { text += "\n  hint: \(hint)" }
            return text
        }.joined(separator: "\n")
    }
}

func checkSource(_ text: String) -> Outcome {
    let bag = DiagnosticBag()
    let file = parse(SourceFile(path: "test.agon", text: text), into: bag)
    let program = check(files: [file], into: bag)
    return Outcome(program: program, diagnostics: bag.sorted)
}

/// Files by path.
struct TestFiles: SourceProvider {
    var texts: [String: String]
    func read(_ path: String) -> SourceFile? { texts[path].map { SourceFile(path: path, text: $0) } }
}
