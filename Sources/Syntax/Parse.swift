import Diagnostics

/// The deepest that blocks, brackets, types and operators' right sides may stand in one another.
public let nestingLimit = 64

/// The longest that a name may be.
public let nameLimitBytes = 100

/// The greatest depth of a tree: nesting and the links of chains (`a + b + …`, `a.b.c…`) together. Every recursion
/// over a tree is at most this deep, however long the source is.
public let treeDepthLimit = 128

/// Reads a file. Everything that is wrong with it is reported into the bag; the tree holds what could be read.
public func parse(_ source: SourceFile, into bag: DiagnosticBag) -> FileSyntax {
    let reportedCount = bag.diagnostics.count
    let parser = Parser(tokenize(source, into: bag), bag)
    var file = parser.file()
    let hidesText: Set<DiagnosticCode> = [.unterminatedComment, .sourceTooLarge, .invalidUTF8]
    for diagnostic in bag.diagnostics[reportedCount...] where diagnostic.code == .unexpectedToken {
        file.gaps.lines.insert(source.position(of: diagnostic.primary.span.start).line)
    }
    if bag.diagnostics[reportedCount...].contains(where: { hidesText.contains($0.code) }) {
        file.gaps.hidesNames = true
    }
    return file
}

/// What a line of an interactive session holds.
public struct InteractiveSyntax: Sendable {
    public var imports: [ImportSyntax]
    public var declarations: [DeclarationSyntax]
    /// A plain expression is a statement of kind `expression`.
    public var statements: [StatementSyntax]
    /// The text is right as far as it goes but ends too early: more lines are to be asked for, and what was reported is
    /// to be dropped.
    public var isIncomplete: Bool
}

/// Reads imports, declarations, statements and expressions in any order, as an interactive session takes them.
public func parseStatements(_ source: SourceFile, into bag: DiagnosticBag) -> InteractiveSyntax {
    let inner = DiagnosticBag()
    let parser = Parser(tokenize(source, into: inner), inner)
    var result = parser.interactive()
    for diagnostic in inner.diagnostics { bag.report(diagnostic) }
    // Only the end of the text is wrong: an open bracket, an operator without its right side, an open comment.
    let errors = inner.diagnostics.filter { $0.severity == .error }
    result.isIncomplete =
        !errors.isEmpty && errors.allSatisfy { $0.code == .unterminatedComment || parser.isAtEnd($0) }
    return result
}
