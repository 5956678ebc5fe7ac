import Diagnostics
import Syntax

// A suite is tests with parameters; `test Name(arguments)` runs them for one choice of arguments. Its text is checked
// anew for each use, since what a parameter is of interface type becomes the contract that is given: so a suite's tests
// may call whatever the interface declares on any contract that meets it.

final class SuiteRecord {
    let syntax: SuiteSyntax
    let scope: NameScope
    init(_ syntax: SuiteSyntax, _ scope: NameScope) {
        self.syntax = syntax
        self.scope = scope
    }
}

/// A parameter of a suite with what a use gives it.
struct SuiteBinding {
    var name: Identifier
    var local: LocalID
    var statement: Statement
    /// The same as a line of source.
    var source: String
}

extension SuiteUse {
    var title: String { "\(name)(\(arguments.joined(separator: ", ")))" }
}

extension Checker {
    /// The tests of one use of a suite.
    func checkTests(of syntax: SuiteUseSyntax, _ record: TestRecord) {
        guard let suite = suite(named: syntax.suite, record.scope) else { return }
        let parameters = suite.syntax.parameters
        guard syntax.arguments.count == parameters.count else {
            let wanted = parameters.map(\.name.name).joined(separator: ", ")
            report(
                .wrongArguments,
                "\(syntax.suite.name) takes \(parameters.count) argument\(parameters.count == 1 ? "" : "s"), "
                    + "found \(syntax.arguments.count)", at: syntax.span,
                also: [Label(suite.syntax.name.span, "declared here")],
                hint: "write test \(syntax.suite.name)(\(wanted))")
            return
        }
        for (argument, parameter) in zip(syntax.arguments, parameters) {
            guard let label = argument.label, label.name != parameter.name.name else { continue }
            report(
                .wrongArguments, "this argument is called \(parameter.name.name)", at: label.span,
                also: [Label(parameter.name.span, "declared here")],
                hint: "labels are the parameters' names, in order", fixIt: FixIt(label.span, parameter.name.name))
            return
        }
        for test in suite.syntax.tests {
            let errorCount = bag.diagnostics.count
            let given = BodyChecker(self, kind: .test, scope: record.scope, contract: record.contract)
            let bindings = zip(syntax.arguments, parameters).compactMap { binding($1, $0.value, suite, given) }
            guard bindings.count == parameters.count, bag.diagnostics.count == errorCount else { return }
            let body = BodyChecker(self, kind: .test, scope: suite.scope, contract: nil)
            body.locals = given.locals
            let outer = currentSuiteUse
            currentSuiteUse = syntax.span
            defer { currentSuiteUse = outer }
            check(test, body, in: record, bindings: bindings, use: (Self.suiteUse(syntax, of: suite), syntax.span))
        }
    }

    private func suite(named name: Identifier, _ scope: NameScope) -> SuiteRecord? {
        let declared = scope.find(name.name)
        if case .suite(let index) = declared?.symbol { return suites[index] }
        let names = scope.visibleNames.filter {
            if case .suite = scope.find($0)?.symbol { true } else { false }
        }
        let suggestion = didYouMean(name.name, among: names)
        report(
            .unknownName,
            declared.map { "\(name.name) is \($0.symbol.kindName), not a suite" } ?? "there is no suite \(name.name)",
            at: name.span, also: declared.map { [Label($0.span, "declared here")] } ?? [],
            hint: suggestion.map { "did you mean \($0)?" } ?? (declared == nil ? "is an import missing?" : nil),
            fixIt: suggestion.map { FixIt(name.span, $0) })
        return nil
    }

    /// Arguments as they stand in the source, each on one line.
    private static func suiteUse(_ syntax: SuiteUseSyntax, of suite: SuiteRecord) -> SuiteUse {
        SuiteUse(
            name: syntax.suite.name,
            arguments: syntax.arguments.map {
                $0.value.span.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            },
            subject: suite.syntax.parameters.first?.name.name)
    }

    /// Nil after a report.
    private func binding(
        _ parameter: ParameterSyntax, _ argument: ExpressionSyntax, _ suite: SuiteRecord, _ body: BodyChecker
    ) -> SuiteBinding? {
        let type = resolve(
            parameter.type, in: suite.scope, contract: nil, dimensions: DimensionNames(allowsNew: false),
            allowsToken: false)
        guard !type.isInvalid else { return nil }
        let value: Expression
        let span = argument.span
        if case .interface(let interface) = type {
            let checked = body.someValue(argument)
            guard !checked.isInvalid else { return nil }
            guard case .contract(let contract) = checked.type,
                program.contracts[contract].interfaces.contains(where: { $0.interface == interface })
            else {
                let wanted = program.interfaces[interface].name
                report(
                    .typeMismatch,
                    "\(parameter.name.name) is to be a deployed \(wanted), found \(body.name(checked.type))",
                    at: span, also: [Label(parameter.type.span, "asked for here")],
                    hint: "deploy a contract that is declared as one: contract C: \(wanted)")
                return nil
            }
            value = checked.expression
        } else {
            value = body.value(argument, as: type)
        }
        let local = body.addTemporary(value.type, parameter.name.name)
        let written = span.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let annotation = if case .contract = value.type { "" } else { ": \(body.name(value.type))" }
        return SuiteBinding(
            name: parameter.name, local: local, statement: Statement(.bind(local, value), span),
            source: "let \(parameter.name.name)\(annotation) = \(written)")
    }
}
