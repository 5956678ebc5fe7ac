import Bytecode
import Diagnostics
import Numerics
import Semantics

extension FunctionLowering {
    /// The value of an expression: in `target` when given (written by the last instruction, so that the expression may
    /// still read what was there), else wherever it is cheapest.
    func value(_ expression: Expression, into target: Register? = nil) -> Operand {
        switch expression.kind {
        case .local(let local):
            let register = register(of: local)
            guard let target, target != register else { return Operand(register, isTemporary: false) }
            code.emit(.move, target, register, at: expression.span)
            return Operand(target, isTemporary: false)
        case .integer(let number):
            guard let target else { return constant(number, at: expression.span) }
            emitLoad(.integer(number), into: target, at: expression.span)
            return Operand(target, isTemporary: false)
        case .boolean, .bytes, .bytes32, .tensor, .none, .some, .makeStruct, .makeEnum, .makeList, .field, .index,
            .splitAmount:
            return aggregate(expression, into: target)
        case .arithmetic, .negate, .toFixed, .round, .check: return number(expression, into: target)
        case .not, .compare, .equal, .and, .or: return truth(expression, into: target)
        case .choose, .fallback: return alternative(expression, into: target)
        case .stateGet, .stateFind, .stateContains, .mapCount, .mapKeyAt, .roundPhase, .phaseEntered, .vaultAmount,
            .vaultTake, .vaultTakeAll, .tokenAmount, .tokenTake, .emptyToken, .mint, .assetID:
            return stateOrToken(expression, into: target)
        case .mapKeys(let field, let keys, let places): return mapKeys(field, keys, places, expression, into: target)
        case .call, .interfaceCall, .toInterface, .interfaceAddress: return callOrConversion(expression, into: target)
        case .builtin(let builtin, let arguments):
            return self.builtin(builtin, arguments, expression, into: target)
        case .deploy, .contractCall, .contractAddress, .contractAsset, .actor, .balance, .holdings, .testKey,
            .testProof,
            .contractCommitment:
            // Tests alone have these, and tests are not compiled.
            return result(.loadBoolean, expression, into: target)
        }
    }

    /// Emits an instruction whose first operand is the result.
    func result(
        _ opcode: Opcode, _ expression: Expression, _ b: Register? = nil, _ c: Register? = nil, literal: Int = 0,
        immediate: Int = 0, registerImmediate: Register? = nil, freeing operands: [Operand] = [], into target: Register?
    ) -> Operand {
        free(operands)
        let register = destination(target, expression.type)
        code.emit(
            opcode, register, b, c, literal: literal, immediate: immediate, registerImmediate: registerImmediate,
            at: expression.span)
        return Operand(register, isTemporary: target == nil)
    }

    // MARK: Ownership

    /// Whether the local's object may be changed in place by someone, so that it must not gain a second name.
    private func isBorrowed(_ local: LocalID) -> Bool {
        local < function.parameterCount || changedLocals.contains(local)
    }

    /// Whether the value is an object that nobody else holds.
    func isFresh(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .makeStruct, .makeEnum, .makeList, .none, .some, .splitAmount: true
        case .call(let function, _): freshResults.contains(function)
        case .interfaceCall, .mapKeys: true
        case .builtin(let builtin, _):
            switch builtin {
            case .listSorted, .listOrder, .listRanks, .repeating, .verifyVRF, .sample: true
            default: false
            }
        case .choose(_, let then, let otherwise): isFresh(then) && isFresh(otherwise)
        default: false
        }
    }

    /// The value, safe to gain a second name.
    func settled(_ expression: Expression, into target: Register? = nil) -> Operand {
        guard isObject(expression.type), case .local(let local) = expression.kind, isBorrowed(local) else {
            return value(expression, into: target)
        }
        return result(.copyObject, expression, register(of: local), into: target)
    }

    /// The value, as an object of its own.
    func owned(_ expression: Expression, into target: Register? = nil) -> Operand {
        guard isObject(expression.type), !isFresh(expression) else { return value(expression, into: target) }
        let source = value(expression)
        return result(.copyObject, expression, source.register, freeing: [source], into: target)
    }

    /// Values in consecutive registers of these types. `escaping`: they gain a second name there.
    func run(_ expressions: [Expression], types: [TypeIndex], escaping: Bool = false) -> Run {
        if expressions.isEmpty { return Run(base: nil, operands: [], block: []) }
        if expressions.count == 1 {
            let operand = escaping ? settled(expressions[0]) : value(expressions[0])
            return Run(base: operand.register, operands: [operand], block: [])
        }
        if let registers = localRun(expressions, escaping: escaping) {
            return Run(base: registers.first, operands: [], block: [])
        }
        let block = code.block(types)
        for (expression, register) in zip(expressions, block) {
            _ = escaping ? settled(expression, into: register) : value(expression, into: register)
        }
        return Run(base: block.first, operands: [], block: block)
    }

    /// Locals that stand side by side already.
    private func localRun(_ expressions: [Expression], escaping: Bool) -> [Register]? {
        var found: [Register] = []
        for expression in expressions {
            guard case .local(let local) = expression.kind, let register = registers[local],
                !(escaping && isObject(expression.type))
            else { return nil }
            found.append(register)
        }
        return code.areConsecutive(found) ? found : nil
    }

    func free(_ run: Run) {
        free(run.operands)
        code.freeBlock(run.block)
    }

    func registerTypes(_ expressions: [Expression]) -> [TypeIndex] { expressions.map { registerType($0.type) } }

    func registerTypes(_ types: [Type]) -> [TypeIndex] { types.map { registerType($0) } }

    // MARK: Aggregates

    private func aggregate(_ expression: Expression, into target: Register?) -> Operand {
        let span = expression.span
        switch expression.kind {
        case .boolean(let flag): return result(.loadBoolean, expression, immediate: flag ? 1 : 0, into: target)
        case .bytes(let content):
            return result(
                .loadConstant, expression, immediate: tables.builder.constant(.bytes(content)), into: target)
        case .bytes32(let content):
            return result(
                .loadConstant, expression, immediate: tables.builder.constant(.bytes32(content)), into: target)
        case .tensor(let elements):
            return result(
                .loadConstant, expression, immediate: tables.tensor(elements, expression.type), into: target)
        case .none: return result(.newObject, expression, immediate: tables.type(expression.type), into: target)
        case .some(let payload):
            return newObject([payload], types: registerTypes([payload]), caseIndex: 1, expression, into: target)
        case .makeStruct(let id, let fields):
            let types = registerTypes(tables.program.structs[id].fields.map(\.type))
            return newObject(fields, types: types, caseIndex: 0, expression, into: target)
        case .makeEnum(let id, let index, let payload):
            let types = registerTypes(tables.program.enums[id].cases[index].payload.map(\.type))
            return newObject(payload, types: types, caseIndex: index, expression, into: target)
        case .makeList(let elements):
            if elements.isEmpty {
                return result(.newList, expression, immediate: tables.type(expression.type), into: target)
            }
            // Built aside: the elements may read what the target holds.
            let list = code.temporary(registerType(expression.type))
            code.emit(.newList, list, immediate: tables.type(expression.type), at: span)
            for element in elements {
                let operand = settled(element)
                code.emit(.listAppend, list, operand.register, at: element.span)
                free(operand)
            }
            guard let target else { return Operand(list, isTemporary: true) }
            code.emit(.move, target, list, at: span)
            code.free(list)
            return Operand(target, isTemporary: false)
        case .field(let base, let index):
            let operand = value(base)
            return result(
                .getField, expression, operand.register, immediate: index, freeing: [operand], into: target)
        case .index(let base, let position):
            let container = value(base)
            let index = value(position)
            var opcode = Opcode.byteGet
            if case .list = base.type { opcode = .listGet }
            return result(
                opcode, expression, container.register, index.register, freeing: [container, index], into: target)
        case .splitAmount(let whole, let weights):
            let amount = value(whole)
            let list = value(weights)
            return result(
                .splitAmount, expression, amount.register, list.register, freeing: [amount, list], into: target)
        default: return value(expression, into: target)
        }
    }

    private func newObject(
        _ fields: [Expression], types: [TypeIndex], caseIndex: Int, _ expression: Expression, into target: Register?
    ) -> Operand {
        let run = run(fields, types: types, escaping: true)
        free(run)
        return result(
            .newObject, expression, run.base, literal: caseIndex, immediate: tables.type(expression.type), into: target)
    }

    // MARK: Alternatives

    private func alternative(_ expression: Expression, into target: Register?) -> Operand {
        let end = code.newLabel()
        let other = code.newLabel()
        switch expression.kind {
        case .choose(let condition, let then, let otherwise):
            branch(condition, on: false, to: other)
            let register = destination(target, expression.type)
            _ = settled(then, into: register)
            code.emit(.jump, to: end, at: then.span)
            code.place(other)
            _ = settled(otherwise, into: register)
            code.place(end)
            return Operand(register, isTemporary: target == nil)
        case .fallback(let option, let otherwise):
            let subject = value(option)
            branchOnTag(of: subject.register, isNot: 1, to: other, at: option.span)
            free(subject)
            let register = destination(target, expression.type)
            code.emit(.getPayload, register, subject.register, literal: 1, at: expression.span)
            code.emit(.jump, to: end, at: option.span)
            code.place(other)
            _ = settled(otherwise, into: register)
            code.place(end)
            return Operand(register, isTemporary: target == nil)
        default: return value(expression, into: target)
        }
    }

    /// Branches when the enum or option is of another case.
    func branchOnTag(of subject: Register, isNot index: Int, to label: CodeLabel, at span: Span) {
        branchOnTag(of: subject, .branchNotEqual, index, to: label, at: span)
    }

    /// Branches when the enum or option is of that case.
    func branchOnTag(of subject: Register, is index: Int, to label: CodeLabel, at span: Span) {
        branchOnTag(of: subject, .branchEqual, index, to: label, at: span)
    }

    private func branchOnTag(
        of subject: Register, _ opcode: Opcode, _ index: Int, to label: CodeLabel, at span: Span
    ) {
        let tag = code.temporary(tables.wideInteger())
        code.emit(.tag, tag, subject, at: span)
        let wanted = constant(BigInt(index), at: span)
        code.emit(opcode, tag, wanted.register, to: label, at: span)
        free(wanted)
        code.free(tag)
    }

    // MARK: Calls

    private func callOrConversion(_ expression: Expression, into target: Register?) -> Operand {
        switch expression.kind {
        case .call(let id, let arguments):
            let callee = tables.program.functions[id]
            let window =
                arguments.isEmpty && isNothing(callee.result) ? [] : callWindow(callee.parameters, callee.result)
            place(arguments, in: window)
            code.emit(
                .call, window.first ?? Register(zone: .window, index: 0), immediate: numbers[id] ?? 0,
                at: expression.span)
            return callResult(window, arguments.count, expression, into: target)
        case .interfaceCall(let interface, let method, let contract, let arguments):
            let signature = tables.program.interfaces[interface].methods[method]
            let address = value(contract)
            let window = callWindow(signature.parameters, signature.result)
            place(arguments, in: window)
            if !signature.isView { callsWriters = true }
            code.emit(
                .interfaceCall, window.first ?? Register(zone: .window, index: 0), address.register,
                immediate: tables.imported(interface, method: method), at: expression.span)
            free(address)
            return callResult(window, arguments.count, expression, into: target)
        case .toInterface(let interface, let operand):
            let address = value(operand)
            return result(
                .toInterface, expression, address.register, immediate: tables.interface(interface),
                freeing: [address], into: target)
        case .interfaceAddress(let operand):
            let interface = value(operand)
            return result(.move, expression, interface.register, freeing: [interface], into: target)
        default: return value(expression, into: target)
        }
    }

    private func isNothing(_ type: Type) -> Bool { if case .nothing = type { true } else { false } }

    func callWindow(_ parameters: [NamedType], _ result: Type) -> [Register] {
        code.window(registerTypes(parameters.map(\.type)) + (isNothing(result) ? [] : [registerType(result)]))
    }

    /// Puts arguments into a call's window. What comes before another call waits outside, for that call takes the
    /// window.
    func place(_ arguments: [Expression], in window: [Register]) {
        let waiting = (arguments.lastIndex { $0.usesWindow } ?? -1) + 1
        let operands = arguments.prefix(waiting).map { value($0) }
        for (operand, register) in zip(operands, window) {
            code.emit(.move, register, operand.register, at: arguments[0].span)
        }
        free(operands)
        for (argument, register) in zip(arguments, window).dropFirst(waiting) { _ = value(argument, into: register) }
    }

    /// Moves a call's result out of the window.
    private func callResult(
        _ window: [Register], _ argumentCount: Int, _ expression: Expression, into target: Register?
    ) -> Operand {
        guard window.count > argumentCount else {
            return Operand(Register(zone: .window, index: 0), isTemporary: false)
        }
        return result(.move, expression, window[argumentCount], into: target)
    }
}
