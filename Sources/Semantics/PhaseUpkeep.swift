import Diagnostics

extension Checker {
    /// An action that ran during a phase asks the conditions once more when all is done, so that a phase ends in the
    /// block in which its condition comes true, and the time of the next one runs from there. For bodies that are
    /// right.
    func keepPhasesUpToDate() {
        for id in program.functions.indices {
            guard program.functions[id].kind == .action, let contract = program.functions[id].contract,
                let (round, key) = guardedInstance(of: program.functions[id]),
                program.contracts[contract].rounds[round].phases.contains(where: \.hasCondition)
            else { continue }
            var upkeep = PhaseUpkeep(
                advance: program.contracts[contract].rounds[round].advanceFunction, key: key,
                locals: program.functions[id].locals)
            var body = upkeep.rewrite(program.functions[id].body)
            if program.functions[id].result == .nothing { body.append(upkeep.step(at: program.functions[id].span)) }
            program.functions[id].body = body
            program.functions[id].locals = upkeep.locals
        }
    }

    /// The instance whose phase the function asks for at its head.
    private func guardedInstance(of function: Function) -> (round: Int, key: Expression)? {
        for statement in function.body {
            if case .phaseGuard(let round, let key, _, _) = statement.kind { return (round, key) }
        }
        return nil
    }
}

private struct PhaseUpkeep {
    let advance: FunctionID
    let key: Expression
    var locals: [Local]

    func step(at span: Span) -> Statement {
        Statement(.evaluate(Expression(.call(advance, [key]), .integer(.int), span)), span)
    }

    mutating func rewrite(_ statements: [Statement]) -> [Statement] {
        var rewritten: [Statement] = []
        for statement in statements {
            guard case .result(let value) = statement.kind else {
                rewritten.append(statement.mappingBlocks { rewrite($0) })
                continue
            }
            guard let value else {
                rewritten += [step(at: statement.span), statement]
                continue
            }
            locals.append(Local(name: "result", type: value.type, isVariable: false))
            let result = locals.count - 1
            rewritten += [
                Statement(.bind(result, value), statement.span), step(at: statement.span),
                Statement(.result(Expression(.local(result), value.type, value.span)), statement.span),
            ]
        }
        return rewritten
    }
}
