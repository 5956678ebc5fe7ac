import Diagnostics
import Semantics
import Syntax

/// What the standard library declares under a name that a source does not know: the import is named, and offered as a
/// fix.
struct ImportHints {
    private let provider: any SourceProvider
    /// Paths of the standard library's files by the names that they declare; found when first asked for.
    private lazy var pathsByName: [String: String] = Self.index(provider)

    init(_ provider: some SourceProvider) { self.provider = provider }

    /// The diagnostics, with the import where it would help.
    mutating func added(to diagnostics: [Diagnostic]) -> [Diagnostic] {
        diagnostics.map { diagnostic in
            guard diagnostic.code == .unknownName || diagnostic.code == .unknownType else { return diagnostic }
            let span = diagnostic.primary.span
            guard let path = pathsByName[span.text], path != span.file.path else { return diagnostic }
            let line = "import \"\(path)\""
            return Diagnostic(
                diagnostic.code, diagnostic.message, at: span, label: diagnostic.primary.text,
                also: diagnostic.secondary,
                hint: "the standard library has it: \(line)", fixIt: Self.insertion(line, in: span.file),
                severity: diagnostic.severity)
        }
    }

    /// Behind the last import, else at the beginning.
    private static func insertion(_ line: String, in file: SourceFile) -> FixIt {
        let syntax = parse(file, into: DiagnosticBag())
        guard let last = syntax.imports.map(\.span.end).max() else {
            return FixIt(Span(file, 0, 0), line + "\n\n")
        }
        return FixIt(Span(file, last, last), "\n" + line)
    }

    private static func index(_ provider: any SourceProvider) -> [String: String] {
        var paths: [String: String] = [:]
        for file in provider.neighbours(of: "stdlib/any.agon").sorted() where !file.hasSuffix("_test.agon") {
            let path = "stdlib/\(file)"
            guard let source = provider.read(path) else { continue }
            for declaration in parse(source, into: DiagnosticBag()).declarations {
                guard let name = declaration.exportedName, paths[name] == nil else { continue }
                paths[name] = path
            }
        }
        return paths
    }
}

extension DeclarationSyntax {
    /// The name by which importing files know it.
    fileprivate var exportedName: String? {
        switch self {
        case .structure(let syntax): syntax.name.name
        case .enumeration(let syntax): syntax.name.name
        case .interface(let syntax): syntax.name.name
        case .contract(let syntax): syntax.name.name
        case .component(let syntax): syntax.name.name
        case .constant(let syntax): syntax.name.name
        case .function(let syntax): syntax.name.name
        case .suite(let syntax): syntax.name.name
        case .test, .suiteUse, .asset, .state, .role, .event, .error, .round, .use: nil
        }
    }
}
