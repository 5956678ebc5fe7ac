import Diagnostics
import Syntax

/// One thing that a line of an interactive session asks for, checked.
public enum InteractiveStep: Sendable {
    case statement(Statement)
    /// An expression whose value is to be shown.
    case value(Expression)
}

/// Checks an interactive session piece by piece. What was declared and bound before stays known; a piece with errors
/// leaves nothing behind. Numbers of types, contracts, functions and locals never change while a session goes on.
public final class InteractiveChecker {
    /// Everything declared so far.
    public private(set) var program = Program()
    private var sources = SourceProgram(files: [], imports: [])
    private var body: BodyChecker

    /// The locals of the session so far: statements refer to them by index.
    public var locals: [Local] { body.locals }

    public init() {
        let checker = Checker(sources, into: DiagnosticBag())
        body = BodyChecker(checker, kind: .test, scope: NameScope(parent: nil), contract: nil)
    }

    /// Makes the declarations of loaded files visible. False, and nothing changed, when something is wrong.
    public func add(_ loaded: SourceProgram, into bag: DiagnosticBag) -> Bool {
        var extended = sources
        var indices: [String: Int] = [:]
        for (index, file) in extended.files.enumerated() { indices[file.source.path] = index }
        var numbers: [Int] = []
        var fresh: [Int] = []
        for (index, file) in loaded.files.enumerated() {
            if let known = indices[file.source.path] {
                numbers.append(known)
            } else {
                numbers.append(extended.files.count)
                fresh.append(index)
                extended.files.append(file)
                extended.imports.append([])
            }
        }
        for index in fresh { extended.imports[numbers[index]] = loaded.imports[index].map { numbers[$0] } }
        return adopt(extended, into: bag)
    }

    /// Adds declarations typed into the session; they see everything before them.
    public func add(_ declarations: [DeclarationSyntax], of source: SourceFile, into bag: DiagnosticBag) -> Bool {
        var extended = sources
        extended.imports.append(Array(extended.files.indices))
        extended.files.append(FileSyntax(source: source, imports: [], declarations: declarations))
        return adopt(extended, into: bag)
    }

    private func adopt(_ extended: SourceProgram, into bag: DiagnosticBag) -> Bool {
        let own = DiagnosticBag()
        let checker = Checker(extended, into: own)
        onDeepStack { checker.run() }
        for diagnostic in own.diagnostics { bag.report(diagnostic) }
        guard !own.hasErrors else { return false }
        sources = extended
        program = checker.program
        let scope = NameScope(parent: nil)
        for file in checker.fileScopes { scope.names.merge(file.names) { first, _ in first } }
        body = continued(body, checker, scope)
        return true
    }

    private func continued(_ old: BodyChecker, _ checker: Checker, _ scope: NameScope) -> BodyChecker {
        let body = BodyChecker(checker, kind: .test, scope: scope, contract: nil)
        body.locals = old.locals
        body.blocks = old.blocks
        return body
    }

    /// Checks statements; a plain expression with a value becomes a value to show. Nil, and nothing changed, when
    /// something is wrong. A name may be bound anew.
    public func check(_ statements: [StatementSyntax], into bag: DiagnosticBag) -> [InteractiveStep]? {
        let own = DiagnosticBag()
        let trial = continued(body, Checker(body.checker, into: own), body.scope)
        let steps = onDeepStack { statements.flatMap { self.steps($0, trial) } }
        for diagnostic in own.diagnostics { bag.report(diagnostic) }
        guard !own.hasErrors else { return nil }
        body = continued(trial, body.checker, body.scope)
        return steps
    }

    private func steps(_ syntax: StatementSyntax, _ trial: BodyChecker) -> [InteractiveStep] {
        if case .expression(let expression) = syntax.kind, let value = shown(expression, trial) {
            return [.value(value)]
        }
        if case .binding(_, let name, _, _) = syntax.kind { trial.blocks[0][name.name] = nil }
        return trial.statement(syntax).statements.map { .statement($0) }
    }

    /// The expression when it has a value; nil when it is a statement of its own.
    private func shown(_ syntax: ExpressionSyntax, _ trial: BodyChecker) -> Expression? {
        if case .call(let callee, _) = syntax.kind {
            switch callee.kind {
            case .member(_, let name) where BodyChecker.statementMethods.contains(name.name): return nil
            case .name(let name) where ["burn", "send", "grant"].contains(name.name): return nil
            default: break
            }
        }
        let value = trial.value(syntax)
        if value.type.isRatio {
            trial.reportRoundingNeeded(value)
            return value.expression
        }
        if case .nothing = value.type { return nil }
        return value.expression
    }
}
