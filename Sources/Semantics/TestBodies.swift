import Diagnostics
import Syntax

extension Checker {
    /// Tests, properties, invariants and benches.
    func check(_ record: TestRecord) {
        switch record.syntax {
        case .own(let syntax):
            check(syntax, BodyChecker(self, kind: .test, scope: record.scope, contract: record.contract), in: record)
        case .ofSuite(let syntax): checkTests(of: syntax, record)
        }
    }

    /// One test; of a suite's test `bindings` give the suite's parameters their values.
    func check(
        _ syntax: TestSyntax, _ body: BodyChecker, in test: TestRecord, bindings: [SuiteBinding] = [],
        use: (suite: SuiteUse, span: Span)? = nil
    ) {
        guard !syntax.isBroken else { return }
        var kind = Test.Kind.test
        var statements: [Statement]
        switch syntax.kind {
        case .test:
            bind(bindings, body)
            statements = body.statements(syntax.body.statements).statements
        case .property(let parameters):
            kind = .property(body.generated(parameters))
            bind(bindings, body)
            statements = body.statements(syntax.body.statements).statements
        case .invariant(let steps, let always):
            bind(bindings, body)
            statements = body.statements(syntax.body.statements).statements
            kind = .invariant(
                steps: steps.compactMap { body.step($0) },
                always: always.map { TestBlock(statements: body.block($0).statements, span: $0.span) })
            checkSteps(steps, of: syntax)
        case .bench(let size, let sizes):
            let list = body.sizes(sizes)
            let local = body.declareLocal(size, .integer(.int))
            kind = .bench(size: local, sizes: list)
            bind(bindings, body)
            body.isInBench = true
            statements = body.statements(syntax.body.statements).statements
            if !body.hasMeasure {
                report(
                    .benchMeasure, "this bench measures nothing", at: syntax.nameSpan,
                    hint: "put the calls to be measured into measure { … }")
            }
        }
        var checked = Test(
            kind: kind, name: use.map { "\($0.suite.title): \(syntax.name)" } ?? syntax.name, contract: test.contract,
            locals: body.locals, body: bindings.map(\.statement) + statements, span: use?.span ?? syntax.nameSpan,
            bodySpan: syntax.body.span)
        checked.preface = bindings.map(\.source)
        checked.suite = use?.suite
        program.tests.append(checked)
    }

    /// Makes a suite's parameters visible.
    private func bind(_ bindings: [SuiteBinding], _ body: BodyChecker) {
        for binding in bindings {
            body.enter(
                binding.name,
                BodyChecker.LocalName(id: binding.local, span: binding.name.span, isVariable: false, range: nil))
        }
    }

    private func checkSteps(_ steps: [StepSyntax], of test: TestSyntax) {
        if steps.isEmpty {
            report(
                .wrongArguments, "this invariant has no steps", at: test.nameSpan,
                hint: "add a step: step name() { … }, or explore contract by [actors]")
        }
        var first: [String: Span] = [:]
        for case .step(let name, _, _) in steps {
            if let span = first[name.name] { reportDuplicate(name.name, at: name.span, first: span) }
            first[name.name] = first[name.name] ?? name.span
        }
    }
}

extension TestSyntax {
    /// Could some of it not be read?
    var isBroken: Bool {
        switch kind {
        case .test, .property, .bench: body.isBroken
        case .invariant(let steps, let always):
            body.isBroken || always.contains(where: \.isBroken)
                || steps.contains { if case .step(_, _, let body) = $0 { body.isBroken } else { false } }
        }
    }
}

extension BodyChecker {
    /// Declares parameters whose values are generated; the limits of each see those before it.
    func generated(_ parameters: [GeneratedSyntax]) -> [Generated] {
        parameters.map { parameter in
            let type = checker.resolve(
                parameter.type, in: scope, contract: contract, dimensions: DimensionNames(allowsNew: false),
                allowsToken: false)
            let range = parameter.range.flatMap { self.range($0.from, $0.to, of: type, parameter) }
            if !type.isInvalid, !isGeneratable(type) {
                report(
                    .cannotGenerate, "no values of type \(name(type)) can be generated", at: parameter.type.span,
                    hint: "generate what it is made of and build it in the block")
            }
            return Generated(local: declareLocal(parameter.name, type), range: range)
        }
    }

    private func range(
        _ from: ExpressionSyntax, _ to: ExpressionSyntax, of type: Type, _ parameter: GeneratedSyntax
    ) -> (from: Expression, to: Expression)? {
        var number = type
        while let element = number.element { number = element }
        guard number.isNumber else {
            if !number.isInvalid {
                report(
                    .cannotGenerate, "limits are for numbers and lists of numbers", at: from.span.joined(to.span),
                    also: [Label(parameter.type.span, "this is \(name(type))")],
                    hint: "discard what does not fit: assume condition")
            }
            return nil
        }
        // The end is not taken, so it may lie one beyond the type.
        let wanted = number.isFixed ? Type.fixed : .integer(IntegerType(name: .int, bits: 4_096, isSigned: true))
        return (value(from, as: wanted), value(to, as: wanted))
    }

    private func isGeneratable(_ type: Type) -> Bool {
        var seen: Set<Type> = []
        return isGeneratable(type, &seen)
    }

    /// `seen`: structs and enums that are looked at already; a type that wrongly contains itself ends here.
    private func isGeneratable(_ type: Type, _ seen: inout Set<Type>) -> Bool {
        switch type {
        case .boolean, .integer, .fixed, .address, .hash, .asset, .bytes, .text, .invalid: true
        case .list(let element, _): isGeneratable(element, &seen)
        case .option(let wrapped): isGeneratable(wrapped, &seen)
        case .structure(let id):
            !seen.insert(type).inserted || program.structs[id].fields.allSatisfy { isGeneratable($0.type, &seen) }
        case .enumeration(let id):
            !seen.insert(type).inserted
                || !program.enums[id].cases.isEmpty
                    && program.enums[id].cases.allSatisfy { $0.payload.allSatisfy { isGeneratable($0.type, &seen) } }
        case .tensor(_, let dimensions):
            dimensions.allSatisfy { if case .constant = $0 { true } else { false } }
        case .exactFixed, .ratio, .interface, .token, .tokenList, .nothing, .contract: false
        }
    }

    /// The sizes of a bench: a list of integers.
    func sizes(_ syntax: ExpressionSyntax) -> Expression {
        if case .list(let items) = syntax.kind, !items.isEmpty {
            return value(syntax, as: .list(.integer(.int), capacity: items.count))
        }
        let checked = someValue(syntax)
        guard !checked.isInvalid else { return checked.expression }
        guard let element = checked.type.element, element.isInteger else {
            report(
                .typeMismatch, "the sizes of a bench are a list of integers, found \(name(checked.type))",
                at: syntax.span)
            return checked.expression
        }
        return checked.expression
    }

    /// A step of an invariant; nil when it is of no use, which has been reported.
    func step(_ syntax: StepSyntax) -> TestStep? {
        switch syntax {
        case .step(let name, let parameters, let body):
            return inBlock {
                let generated = self.generated(parameters)
                let checked = statements(body.statements)
                return .step(
                    name: name.name, parameters: generated, body: checked.statements, source: body.span)
            }
        case .explore(let name, let actors):
            guard let local = findLocal(name.name) else {
                report(
                    .unknownName, "there is no deployed contract \(name.name)", at: name.span,
                    hint: didYouMean(name.name, among: blocks.flatMap { $0.keys.sorted() }).map {
                        "did you mean \($0)?"
                    }
                        ?? "deploy it first: let \(name.name) = deploy …")
                return nil
            }
            guard case .contract(let contract) = locals[local.id].type else {
                if !locals[local.id].type.isInvalid {
                    report(
                        .typeMismatch, "\(name.name) is no deployed contract but \(self.name(locals[local.id].type))",
                        at: name.span, also: [Label(local.span, "declared here")])
                }
                return nil
            }
            return .explore(local.id, contract: contract, actors: self.actors(actors))
        }
    }

    private func actors(_ syntax: ExpressionSyntax) -> Expression {
        if case .list(let items) = syntax.kind, !items.isEmpty {
            return value(syntax, as: .list(.address, capacity: items.count))
        }
        let checked = someValue(syntax)
        guard !checked.isInvalid else { return checked.expression }
        guard case .list(.address, _) = checked.type else {
            report(
                .typeMismatch, "who acts is a list of addresses, found \(name(checked.type))", at: syntax.span,
                hint: "explore contract by [alice, bob]")
            return checked.expression
        }
        return checked.expression
    }
}
