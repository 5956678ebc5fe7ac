import Crypto
import Diagnostics
import Numerics
import Semantics

extension Evaluator {
    func execute(_ statements: [Statement]) throws(Failure) -> Completion {
        for statement in statements {
            let completion = try execute(statement)
            guard case .normal = completion else { return completion }
        }
        return .normal
    }

    private func execute(_ statement: Statement) throws(Failure) -> Completion {
        try step(at: statement.span)
        lastSpan = statement.span
        do throws(Failure) {
            switch statement.kind {
            case .bind, .assign, .evaluate, .append: try change(statement)
            case .conditional, .conditionalBinding, .match: return try branch(statement)
            case .forRange, .forLists, .forMap, .forSealed, .forTokens: return try loop(statement)
            case .result(let expression):
                guard let expression else { return .result(.nothing) }
                return .result(try evaluate(expression))
            case .fail(let error, let arguments):
                throw Failure(.language(error), payload: try evaluate(all: arguments), span: statement.span)
            case .breakLoop: return .breakLoop
            case .continueLoop: return .continueLoop
            case .attempt(let result, let call, let gas, let then, let failed):
                return try attempt(result, call, gas: gas, then: then, failed: failed)
            case .emit, .mapRemove, .vaultPut, .tokenJoin, .tokenClose, .burn, .send: try act(statement)
            case .openRound, .leavePhase, .phaseGuard, .sealCommit, .sealReveal: try actOnRound(statement)
            case .advance, .expect, .expectFailure, .grant, .assume, .maximise: try command(statement)
            case .measure(let body): return try measure(body, at: statement.span)
            }
            return .normal
        } catch {
            throw error.placed(at: statement.span)
        }
    }

    private func change(_ statement: Statement) throws(Failure) {
        switch statement.kind {
        case .bind(let local, let expression): bind(local, try evaluate(expression))
        case .assign(let place, let expression):
            let resolved = try resolve(place, at: statement.span)
            let value = try evaluate(expression)
            try modify(resolved, at: statement.span) { target throws(Failure) in target = value }
        case .append(let place, let expression):
            let resolved = try resolve(place, at: statement.span)
            let value = try evaluate(expression)
            guard case .list(_, let capacity) = resolved.type else {
                throw .fault("append to what is not a list", at: statement.span)
            }
            try modify(resolved, at: statement.span) { target throws(Failure) in
                guard case .list(var elements) = target else { throw .fault("append to what is not a list") }
                guard elements.count < capacity else { throw .builtin(.capacityExceeded) }
                target = .nothing
                elements.append(value)
                target = .list(elements)
            }
        default: _ = try evaluate(effectOf: statement)
        }
    }

    private func evaluate(effectOf statement: Statement) throws(Failure) -> Value {
        guard case .evaluate(let expression) = statement.kind else { return .nothing }
        return try evaluate(expression)
    }

    private func branch(_ statement: Statement) throws(Failure) -> Completion {
        switch statement.kind {
        case .conditional(let condition, let then, let otherwise):
            return try execute(boolean(condition) ? then : otherwise)
        case .conditionalBinding(let local, let expression, let then, let otherwise):
            guard case .option(let payload) = try evaluate(expression) else {
                throw .fault("an option was expected", at: expression.span)
            }
            guard let payload else { return try execute(otherwise) }
            bind(local, payload)
            return try execute(then)
        case .match(let subject, let cases, let otherwise):
            let (index, payload) = try alternative(evaluate(subject), at: subject.span)
            if let matching = cases.first(where: { $0.index == index }) {
                // A case may leave its payload unnamed.
                for (local, value) in zip(matching.bindings, payload) { bind(local, value) }
                return try execute(matching.body)
            }
            guard let otherwise else { throw .fault("no case matches", at: statement.span) }
            return try execute(otherwise)
        default: return .normal
        }
    }

    private func alternative(_ value: Value, at span: Span) throws(Failure) -> (Int, [Value]) {
        switch value {
        case .enumeration(let index, let payload): return (index, payload)
        case .option(nil): return (0, [])
        case .option(let payload?): return (1, [payload])
        default: throw .fault("neither enum nor option", at: span)
        }
    }

    // MARK: Loops

    private func loop(_ statement: Statement) throws(Failure) -> Completion {
        switch statement.kind {
        case .forRange(let local, let from, let to, let maximum, let body):
            let start = try integer(from)
            let end = try integer(to)
            if let maximum, end - start > BigInt(maximum) { throw .builtin(.loopBound) }
            var index = start
            while index < end {
                bind(local, .integer(index))
                if let outcome = try round(body) { return outcome }
                index += .one
            }
        case .forLists(let lists, let index, let body):
            let rows = try inStep(lists)
            for (position, row) in rows.enumerated() {
                for (list, value) in zip(lists, row) { bind(list.local, value) }
                if let index { bind(index, .integer(BigInt(position))) }
                if let outcome = try round(body) { return outcome }
            }
        case .forMap(let key, let value, let field, let keys, let body):
            let activation = try contract(at: statement.span)
            let prefix = try evaluate(all: keys)
            for entry in try activation.chain.entries(of: field, under: prefix, at: activation.address) {
                guard let last = entry.keys.last else { continue }
                bind(key, last)
                if let value { bind(value, entry.value) }
                if let outcome = try round(body) { return outcome }
            }
        case .forSealed(let author, let value, let roundIndex, let sealedIndex, let key, let body):
            let activation = try contract(at: statement.span)
            let sealed = program.contracts[activation.contract].rounds[roundIndex].sealed[sealedIndex]
            let prefix = [try evaluate(key)]
            for entry in try activation.chain.entries(of: sealed.commitmentField, under: prefix, at: activation.address)
            {
                guard let last = entry.keys.last,
                    let revealed = try activation.chain.read(sealed.valueField, entry.keys, at: activation.address)
                else { continue }
                bind(author, last)
                bind(value, revealed)
                if let outcome = try round(body) { return outcome }
            }
        case .forTokens(let part, let tokenExpression, let weights, let remainder, let lists, let body):
            return try splitToken(part, tokenExpression, weights, remainder, lists, body, at: statement.span)
        default: break
        }
        return .normal
    }

    /// Runs a loop's body once; non-nil when the loop ends here, with how the loop statement completes.
    private func round(_ body: [Statement]) throws(Failure) -> Completion? {
        switch try execute(body) {
        case .normal, .continueLoop: nil
        case .breakLoop: .normal
        case .result(let value): .result(value)
        }
    }

    private func inStep(_ lists: [(local: LocalID, list: Expression)]) throws(Failure) -> [[Value]] {
        var columns: [[Value]] = []
        for list in lists { columns.append(try self.list(list.list)) }
        guard let count = columns.first?.count else { return [] }
        guard columns.allSatisfy({ $0.count == count }) else { throw .builtin(.lengthMismatch) }
        return (0..<count).map { row in columns.map { $0[row] } }
    }

    private func splitToken(
        _ part: LocalID, _ tokenExpression: Expression, _ weightsExpression: Expression, _ remainder: VaultPlace,
        _ lists: [(local: LocalID, list: Expression)], _ body: [Statement], at span: Span
    ) throws(Failure) -> Completion {
        let token = try token(tokenExpression)
        let weights = try list(weightsExpression)
        let vault = try resolve(remainder)
        let rows = try inStep(lists)
        let parts = try apportion(token.amount, weights)
        guard lists.isEmpty || rows.count == parts.count else { throw .builtin(.lengthMismatch) }
        // What no weight claims is put into the vault, nothing included.
        let rest = parts.reduce(token.amount) { $0 - $1 }
        try deposit((token.asset, rest), into: vault, at: span)
        for (position, amount) in parts.enumerated() {
            bind(part, .token(asset: token.asset, amount: amount))
            if !lists.isEmpty {
                for (list, value) in zip(lists, rows[position]) { bind(list.local, value) }
            }
            if let outcome = try round(body) { return outcome }
        }
        return .normal
    }

    /// Part i is ⌊P·S_i/S_n⌋ − ⌊P·S_{i−1}/S_n⌋ with S_i the sum of the first i weights; all are zero when S_n is.
    func apportion(_ whole: BigInt, _ weights: [Value]) throws(Failure) -> [BigInt] {
        var sums: [BigInt] = [.zero]
        for weight in weights {
            let number: BigInt
            switch weight {
            case .integer(let value), .fixed(let value): number = value
            default: throw .fault("a weight is not a number")
            }
            guard !number.isNegative else { throw .builtin(.negativeWeight) }
            sums.append((sums.last ?? .zero) + number)
        }
        guard let total = sums.last, !total.isZero else { return weights.map { _ in .zero } }
        let shares = sums.map { (whole * $0).floorDivide(total) ?? .zero }
        return (1..<sums.count).map { shares[$0] - shares[$0 - 1] }
    }

    // MARK: Calls that may fail

    /// The gas given is not modelled: the callee fails by its own failures alone, or because the world was told so.
    private func attempt(
        _ result: LocalID?, _ call: Expression, gas: Expression, then: [Statement], failed: [Statement]
    ) throws(Failure) -> Completion {
        let activation = try contract(at: call.span)
        var address: Bytes32?
        let values: [Value]
        switch call.kind {
        case .interfaceCall(_, _, let target, let arguments):
            address = try bytes32(target)
            values = try evaluate(all: arguments)
        case .call(_, let arguments): values = try evaluate(all: arguments)
        default: throw .fault("only a call can be tried", at: call.span)
        }
        guard !(try integer(gas)).isNegative else { throw .builtin(.overflow, at: gas.span) }
        let before = activation.chain.state
        var failure: Failure?
        do throws(Failure) {
            if activation.chain.isNextAttemptOutOfGas() { throw .builtin(.outOfGas, at: call.span) }
            let value: Value
            if case .interfaceCall(let interface, let method, _, _) = call.kind, let address {
                value = try callInterface(interface, method, address, values, result: call.type, at: call.span)
            } else {
                value = try callFunction(call, values)
            }
            if let result { bind(result, value) }
        } catch {
            // Limits and faults are no outcome that a program could see.
            guard case .language = error.cause else { throw error }
            failure = error
        }
        guard failure != nil else { return try execute(then) }
        activation.chain.state = before
        for case .token(let asset, let amount) in values {
            activation.chain.credit(amount, of: asset, to: activation.address)
        }
        return try execute(failed)
    }

    // MARK: Tests

    private func command(_ statement: Statement) throws(Failure) {
        let world = try testWorld(at: statement.span)
        switch statement.kind {
        case .advance(let blocks):
            let count = try integer(blocks)
            guard !count.isNegative else { throw .builtin(.invalidArgument, at: statement.span) }
            try world.advance(blocks: count)
        case .grant(let address, let amount):
            let receiver = try bytes32(address)
            try world.grant(integer(amount), to: receiver)
        case .expect(let condition): try expect(condition, at: statement.span)
        case .assume(let condition):
            guard try boolean(condition) else {
                throw Failure(.assumption, detail: "the assumption does not hold", span: condition.span)
            }
        case .maximise(let expression):
            let number: BigInt
            switch try evaluate(expression) {
            case .integer(let value): number = value * BigInt(1_000_000_000_000_000_000)
            case .fixed(let value): number = value
            default: throw Failure(.fault, detail: "a number was expected", span: expression.span)
            }
            maximum = maximum.map { max($0, number) } ?? number
        case .expectFailure(let error, let payload, let body):
            let wanted = try evaluate(all: payload)
            let checkpoint = world.checkpoint()
            let before = locals
            var failure: Failure?
            do throws(Failure) {
                _ = try execute(body)
            } catch {
                guard case .language = error.cause else { throw error }
                failure = error
            }
            world.rollBack(to: checkpoint)
            locals = before
            try compare(failure, error, wanted, at: statement.span)
        default: break
        }
    }

    private func measure(_ body: [Statement], at span: Span) throws(Failure) -> Completion {
        let world = try testWorld(at: span)
        let before = world.totalGasUsed
        let completion = try execute(body)
        measuredGas += world.totalGasUsed - before
        return completion
    }

    private func compare(
        _ failure: Failure?, _ wanted: ErrorReference?, _ payload: [Value], at span: Span
    ) throws(Failure) {
        let wantedName = wanted.map { Failure(.language($0)).name(in: program) } ?? "a failure"
        guard let failure else {
            throw Failure(.expectation, detail: "expected \(wantedName), but nothing failed", span: span)
        }
        guard let wanted else { return }
        guard failure.cause == .language(wanted) else {
            throw Failure(
                .expectation, detail: "expected \(wantedName), but it failed with \(failure.name(in: program))",
                span: span,
                trace: failure.trace)
        }
        guard payload.isEmpty || payload == failure.payload else {
            throw Failure(
                .expectation, detail: "\(wantedName) carries other values than expected", span: span,
                trace: failure.trace)
        }
    }

    /// Evaluates each side of a comparison once, so that a failing expectation can show them.
    private func expect(_ condition: Expression, at span: Span) throws(Failure) {
        let left: Expression
        let right: Expression
        let isInverted: Bool
        switch condition.kind {
        case .equal(let first, let second), .compare(_, let first, let second):
            (left, right, isInverted) = (first, second, false)
        case .not(let inner):
            guard case .equal(let first, let second) = inner.kind else {
                return try expectPlain(condition, at: span)
            }
            (left, right, isInverted) = (first, second, true)
        case .and(let first, let second):
            try expect(first, at: span)
            return try expect(second, at: span)
        case .or(let first, let second): return try expect(oneOf: first, second, of: condition)
        default: return try expectPlain(condition, at: span)
        }
        let leftValue = try evaluate(left)
        let rightValue = try evaluate(right)
        let holds: Bool
        if case .compare(let comparison, _, _) = condition.kind {
            holds = try compare(comparison, leftValue, rightValue, at: condition.span)
        } else {
            holds = leftValue.isEqual(to: rightValue) != isInverted
        }
        guard holds else {
            throw Failure(
                .expectation, span: condition.span,
                operands: [.init(expression: left, value: leftValue), .init(expression: right, value: rightValue)])
        }
    }

    /// What both sides of an "or" were made of is shown when neither holds.
    private func expect(oneOf first: Expression, _ second: Expression, of condition: Expression) throws(Failure) {
        var operands: [Failure.Operand] = []
        for side in [first, second] {
            do throws(Failure) {
                return try expect(side, at: condition.span)
            } catch {
                guard error.cause == .expectation else { throw error }
                operands += error.operands
            }
        }
        throw Failure(.expectation, span: condition.span, operands: operands)
    }

    /// Values that a condition uses, shown when it does not hold.
    private func expectPlain(_ condition: Expression, at span: Span) throws(Failure) {
        guard try !boolean(condition) else { return }
        var shown: [LocalID] = []
        var operands: [Failure.Operand] = []
        condition.visit { expression in
            guard case .local(let id) = expression.kind, !shown.contains(id), locals.indices.contains(id),
                let value = locals[id]
            else { return }
            shown.append(id)
            if case .contract = value { return }
            operands.append(.init(expression: expression, value: value))
        }
        throw Failure(.expectation, span: condition.span, operands: operands)
    }
}
