import Bytecode
import Diagnostics
import Numerics
import Semantics

extension FunctionLowering {
    /// A list of statements; registers of the locals bound in it are free afterwards.
    func statements(_ list: [Statement]) {
        inScope {
            for statement in list {
                guard code.isReachable else { break }
                self.statement(statement)
            }
        }
    }

    func inScope(_ body: () -> Void) {
        scopes.append([])
        body()
        for local in scopes.removeLast().reversed() {
            if let register = registers[local] { code.free(register) }
            registers[local] = nil
        }
    }

    private func statement(_ statement: Statement) {
        let span = statement.span
        switch statement.kind {
        case .bind(let local, let expression): bind(local, expression)
        case .assign(let place, let expression): change(place, expression, isAppend: false, at: span)
        case .append(let place, let expression): change(place, expression, isAppend: true, at: span)
        case .evaluate(let expression): free(value(expression))
        case .conditional(let condition, let then, let otherwise): conditional(condition, then, otherwise)
        case .conditionalBinding(let local, let option, let then, let otherwise):
            conditionalBinding(local, option, then, otherwise)
        case .match(let subject, let cases, let otherwise): match(subject, cases, otherwise, at: span)
        case .forRange, .forLists, .forMap, .forSealed, .forTokens: loop(statement)
        case .result(let expression): returns(expression, at: span)
        case .fail(let error, let arguments): fail(error, arguments, at: span)
        case .breakLoop: if let loop = loops.last { code.emit(.jump, to: loop.end, at: span) }
        case .continueLoop: if let loop = loops.last { code.emit(.jump, to: loop.next, at: span) }
        case .emit(let event, let arguments):
            let types = registerTypes(tables.contract.events[event].parameters.map(\.type))
            let run = run(arguments, types: types)
            code.emit(.emit, run.base, immediate: event, at: span)
            free(run)
        case .attempt(let result, let call, let gas, let then, let failed):
            attempt(result, call, gas, then, failed, at: span)
        case .mapRemove, .vaultPut, .tokenJoin, .tokenClose, .burn, .send: act(statement)
        case .openRound, .leavePhase, .phaseGuard, .sealCommit, .sealReveal: actOnRound(statement)
        case .advance, .expect, .expectFailure, .grant, .assume, .measure, .maximise:
            // Tests alone have these, and tests are not compiled.
            break
        }
    }

    func bind(_ local: LocalID, _ expression: Expression) {
        // The register is taken after the value's temporaries are known, but written by the last instruction.
        let register = register(of: local)
        _ = changedLocals.contains(local) ? owned(expression, into: register) : settled(expression, into: register)
    }

    // MARK: Branches

    private func conditional(_ condition: Expression, _ then: [Statement], _ otherwise: [Statement]) {
        let other = code.newLabel()
        // `require`: what fails stands aside, without a jump on the way that goes well.
        if then.isEmpty {
            branch(condition, on: true, to: other)
            statements(otherwise)
            code.place(other)
            return
        }
        branch(condition, on: false, to: other)
        statements(then)
        orElse(other, otherwise, at: condition.span)
    }

    /// The second half of a branch whose first half has just ended.
    private func orElse(_ other: CodeLabel, _ otherwise: [Statement], at span: Span) {
        if otherwise.isEmpty {
            code.place(other)
            return
        }
        let end = code.newLabel()
        code.emit(.jump, to: end, at: span)
        code.place(other)
        statements(otherwise)
        code.place(end)
    }

    private func conditionalBinding(
        _ local: LocalID, _ option: Expression, _ then: [Statement], _ otherwise: [Statement]
    ) {
        if then.isEmpty {
            requireBinding(local, option, otherwise)
            return
        }
        let other = code.newLabel()
        inScope {
            let subject = value(option)
            branchOnTag(of: subject.register, isNot: 1, to: other, at: option.span)
            code.emit(.getPayload, register(of: local), subject.register, literal: 1, at: option.span)
            free(subject)
            statements(then)
        }
        orElse(other, otherwise, at: option.span)
    }

    /// `require let` binds for the rest of the block around it.
    private func requireBinding(_ local: LocalID, _ option: Expression, _ otherwise: [Statement]) {
        let register = register(of: local)
        let isPresent = code.newLabel()
        let end = code.newLabel()
        let subject = value(option)
        branchOnTag(of: subject.register, is: 1, to: isPresent, at: option.span)
        statements(otherwise)
        code.emit(.jump, to: end, at: option.span)
        code.place(isPresent)
        code.emit(.getPayload, register, subject.register, literal: 1, at: option.span)
        code.place(end)
        free(subject)
    }

    private func match(_ expression: Expression, _ cases: [MatchCase], _ otherwise: [Statement]?, at span: Span) {
        let subject = value(expression)
        let end = code.newLabel()
        let tag = code.temporary(tables.wideInteger())
        code.emit(.tag, tag, subject.register, at: expression.span)
        for (position, item) in cases.enumerated() {
            guard code.isReachable else { break }
            let next = code.newLabel()
            // Without `else` the cases are exhaustive, and the last needs no test.
            if otherwise != nil || position + 1 < cases.count {
                let wanted = constant(BigInt(item.index), at: span)
                code.emit(.branchNotEqual, tag, wanted.register, to: next, at: span)
                free(wanted)
            }
            inScope {
                for (field, local) in item.bindings.enumerated() {
                    code.emit(
                        .getPayload, register(of: local), subject.register, literal: item.index, immediate: field,
                        at: span)
                }
                statements(item.body)
            }
            code.emit(.jump, to: end, at: span)
            code.place(next)
        }
        code.free(tag)
        free(subject)
        if let otherwise { statements(otherwise) }
        code.place(end)
    }

    // MARK: Ends

    private func returns(_ expression: Expression?, at span: Span) {
        guard let expression else {
            code.emit(.returnNothing, at: span)
            return
        }
        if case .nothing = expression.type {
            free(value(expression))
            code.emit(.returnNothing, at: span)
            return
        }
        // A local's object needs no copy: the local ends here.
        if case .local(let local) = expression.kind, local >= function.parameterCount {
            if isObject(expression.type), !changedLocals.contains(local) { givesFreshResults = false }
            code.emit(.return, register(of: local), at: span)
            return
        }
        if isObject(expression.type), !isFresh(expression), !isParameter(expression) { givesFreshResults = false }
        let operand = settled(expression)
        code.emit(.return, operand.register, at: span)
        free(operand)
    }

    private func isParameter(_ expression: Expression) -> Bool {
        if case .local(let local) = expression.kind { local < function.parameterCount } else { false }
    }

    private func fail(_ error: ErrorReference, _ arguments: [Expression], at span: Span) {
        switch error {
        case .builtin(let failure):
            failBuiltin(BuiltinFailure(name: failure.rawValue) ?? .requirementFailed, at: span)
        case .declared(let contract, let index):
            let parameters = tables.program.contracts[contract].errors[index].parameters
            let run = run(arguments, types: registerTypes(parameters.map(\.type)))
            code.emit(.fail, run.base, immediate: index, at: span)
            free(run)
        }
    }

    // MARK: Calls that may fail

    private func attempt(
        _ local: LocalID?, _ call: Expression, _ gas: Expression, _ then: [Statement], _ failed: [Statement],
        at span: Span
    ) {
        let parameters: [NamedType]
        let arguments: [Expression]
        var address: Operand?
        switch call.kind {
        case .interfaceCall(let interface, let method, let contract, let values):
            parameters = tables.program.interfaces[interface].methods[method].parameters
            arguments = values
            address = value(contract)
        case .call(let id, let values):
            parameters = tables.program.functions[id].parameters
            arguments = values
        default: return
        }
        let other = code.newLabel()
        // The gas is worked out before the window is filled, as it may itself call; arguments come first all the same.
        let types = registerTypes(parameters.map(\.type))
        let block = gas.usesWindow ? arguments.indices.map { code.temporary(types[$0]) } : []
        for (argument, register) in zip(arguments, block) { _ = value(argument, into: register) }
        let window = callWindow(parameters, call.type)
        if block.isEmpty { place(arguments, in: window) }
        let limit = value(gas)
        for (register, source) in zip(window, block) {
            code.emit(.move, register, source, at: span)
            code.free(source)
        }
        let base = window.first ?? Register(zone: .window, index: 0)
        if case .interfaceCall(let interface, let method, _, _) = call.kind {
            if !tables.program.interfaces[interface].methods[method].isView { callsWriters = true }
            code.emit(
                .tryCall, base, address?.register, limit.register,
                immediate: tables.imported(interface, method: method), to: other, at: span)
        } else if case .call(let id, _) = call.kind {
            code.emit(.tryLocal, base, limit.register, immediate: numbers[id] ?? 0, to: other, at: span)
        }
        free([address, limit].compactMap { $0 })
        inScope {
            if let local, window.count > arguments.count {
                code.emit(.move, register(of: local), window[arguments.count], at: span)
            }
            statements(then)
        }
        orElse(other, failed, at: span)
    }

    // MARK: State and tokens

    private func act(_ statement: Statement) {
        let span = statement.span
        switch statement.kind {
        case .mapRemove(let field, let keyExpressions):
            let run = keys(keyExpressions, of: field)
            code.emit(.stateRemove, nil, run.base, immediate: field, at: span)
            free(run)
        case .vaultPut(let place, let expression):
            let run = keys(place.keys, of: place.field)
            let token = value(expression)
            code.emit(.vaultPut, token.register, run.base, immediate: place.field, at: span)
            free(token)
            free(run)
        case .tokenJoin(let local, let expression):
            let token = value(expression)
            code.emit(.tokenJoin, register(of: local), token.register, at: span)
            free(token)
        case .tokenClose(let expression): consume(.tokenClose, expression, at: span)
        case .burn(let expression): consume(.burn, expression, at: span)
        case .send(let expression, let address):
            let token = value(expression)
            let receiver = value(address)
            code.emit(.send, token.register, receiver.register, at: span)
            free([token, receiver])
        default: break
        }
    }

    private func consume(_ opcode: Opcode, _ expression: Expression, at span: Span) {
        let token = value(expression)
        code.emit(opcode, token.register, at: span)
        free(token)
    }
}
