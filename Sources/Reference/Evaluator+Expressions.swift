import Crypto
import Diagnostics
import Numerics
import Semantics

extension Evaluator {
    func evaluate(_ expression: Expression) throws(Failure) -> Value {
        try step(at: expression.span)
        do throws(Failure) {
            switch expression.kind {
            case .integer, .boolean, .bytes, .bytes32, .tensor, .none, .some, .local: return try simple(expression)
            case .stateGet, .stateFind, .stateContains, .mapCount, .mapKeys, .mapKeyAt, .roundPhase, .phaseEntered,
                .vaultAmount, .vaultTake, .vaultTakeAll, .tokenAmount,
                .tokenTake, .emptyToken, .mint, .assetID:
                return try stateOrToken(expression)
            case .arithmetic, .negate, .not, .compare, .equal, .and, .or, .choose, .fallback, .toFixed, .round, .check:
                return try operation(expression)
            case .call, .interfaceCall, .toInterface, .interfaceAddress: return try callOrConversion(expression)
            case .makeStruct, .makeEnum, .makeList, .field, .index, .splitAmount: return try aggregate(expression)
            case .builtin(let builtin, let arguments): return try self.builtin(builtin, arguments, expression)
            case .deploy, .contractCall, .contractAddress, .contractAsset, .actor, .balance, .holdings, .testKey,
                .testProof,
                .contractCommitment:
                return try testExpression(expression)
            }
        } catch {
            throw error.placed(at: expression.span)
        }
    }

    private func simple(_ expression: Expression) throws(Failure) -> Value {
        switch expression.kind {
        case .integer(let number):
            switch expression.type {
            case .fixed, .exactFixed: return .fixed(number)
            default: return .integer(number)
            }
        case .boolean(let flag): return .boolean(flag)
        case .bytes(let content): return .bytes(content)
        case .bytes32(let content):
            guard let value = Bytes32(content) else {
                throw .fault("a literal of \(content.count) bytes", at: expression.span)
            }
            return .bytes32(value)
        case .tensor(let elements):
            guard case .tensor(let element, let dimensions) = expression.type else { break }
            let sizes = dimensions.compactMap { if case .constant(let size) = $0 { size } else { nil } }
            guard let tensor = TensorValue(element: element, dimensions: sizes, elements: elements) else { break }
            return .tensor(tensor)
        case .some(let payload): return .option(try evaluate(payload))
        case .local(let id): return try local(id, at: expression.span)
        default: return .option(nil)
        }
        throw .fault("a tensor that does not fit its type", at: expression.span)
    }

    // MARK: Operators

    private func operation(_ expression: Expression) throws(Failure) -> Value {
        let span = expression.span
        switch expression.kind {
        case .arithmetic(let operation, let left, let right):
            let leftValue = try evaluate(left)
            return try arithmetic(operation, leftValue, evaluate(right), at: span)
        case .negate(let operand):
            switch try evaluate(operand) {
            case .integer(let value): return .integer(-value)
            case .fixed(let raw): return .fixed(-raw)
            case .ratio(let value): return .ratio(-value)
            default: throw .fault("negation of what is no number", at: span)
            }
        case .not(let operand): return .boolean(try !boolean(operand))
        case .compare(let comparison, let left, let right):
            let leftValue = try evaluate(left)
            return .boolean(try compare(comparison, leftValue, evaluate(right), at: span))
        case .equal(let left, let right):
            let leftValue = try evaluate(left)
            return .boolean(try leftValue.isEqual(to: evaluate(right)))
        case .and(let left, let right): return .boolean(try boolean(left) ? boolean(right) : false)
        case .or(let left, let right): return .boolean(try boolean(left) ? true : boolean(right))
        case .choose(let condition, let then, let otherwise): return try evaluate(boolean(condition) ? then : otherwise)
        case .fallback(let option, let otherwise):
            guard case .option(let payload) = try evaluate(option) else {
                throw .fault("an option was expected", at: span)
            }
            if let payload { return payload }
            return try evaluate(otherwise)
        case .toFixed(let operand): return .fixed(try integer(operand) * FixedPoint.scale)
        case .round(let rounding, let operand):
            guard let number = try evaluate(operand).exactNumber else {
                throw .fault("a number was expected", at: span)
            }
            switch expression.type {
            case .fixed, .exactFixed: return .fixed((number * Ratio(FixedPoint.scale)).rounded(rounding))
            default: return .integer(number.rounded(rounding))
            }
        case .check(let operand):
            let value = try evaluate(operand)
            try check(value, fits: expression.type)
            return value
        default: return .nothing
        }
    }

    private func arithmetic(
        _ operation: ArithmeticOperator, _ left: Value, _ right: Value, at span: Span
    ) throws(Failure) -> Value {
        switch (operation, left, right) {
        case (.add, .integer(let a), .integer(let b)): return .integer(a + b)
        case (.subtract, .integer(let a), .integer(let b)): return .integer(a - b)
        case (.multiply, .integer(let a), .integer(let b)): return .integer(a * b)
        case (.remainder, .integer(let a), .integer(let b)):
            guard let remainder = a.floorModulo(b) else { throw .builtin(.divisionByZero, at: span) }
            return .integer(remainder)
        case (.add, .fixed(let a), .fixed(let b)): return .fixed(a + b)
        case (.subtract, .fixed(let a), .fixed(let b)): return .fixed(a - b)
        case (.multiply, .fixed(let a), .integer(let b)), (.multiply, .integer(let b), .fixed(let a)):
            return .fixed(a * b)
        default: break
        }
        guard let a = left.exactNumber, let b = right.exactNumber else {
            throw .fault("numbers were expected", at: span)
        }
        switch operation {
        case .add: return .ratio(a + b)
        case .subtract: return .ratio(a - b)
        case .multiply: return .ratio(a * b)
        case .divide:
            guard let quotient = a.divided(by: b) else { throw .builtin(.divisionByZero, at: span) }
            return .ratio(quotient)
        case .remainder: throw .fault("remainder of what is no integer", at: span)
        }
    }

    func compare(_ comparison: ComparisonOperator, _ left: Value, _ right: Value, at span: Span) throws(Failure) -> Bool
    {
        let order = try order(left, right, at: span)
        switch comparison {
        case .less: return order < 0
        case .lessOrEqual: return order <= 0
        case .greater: return order > 0
        case .greaterOrEqual: return order >= 0
        }
    }

    /// -1, 0 or 1; numbers by value, 32 bytes and byte strings lexicographically.
    func order(_ left: Value, _ right: Value, at span: Span) throws(Failure) -> Int {
        switch (left, right) {
        case (.bytes32(let a), .bytes32(let b)): return order(a.bytes, b.bytes)
        case (.bytes(let a), .bytes(let b)): return order(a, b)
        default:
            guard let a = left.exactNumber, let b = right.exactNumber else {
                throw .fault("values have no order", at: span)
            }
            return a.compare(b)
        }
    }

    private func order(_ left: [UInt8], _ right: [UInt8]) -> Int {
        left == right ? 0 : (left.lexicographicallyPrecedes(right) ? -1 : 1)
    }

    private func check(_ value: Value, fits type: Type) throws(Failure) {
        switch (value, type) {
        case (.integer(let number), .integer(let integerType)):
            guard integerType.holds(number) else { throw .builtin(.overflow) }
        case (.fixed(let raw), .fixed):
            guard raw.fitsSigned(bits: 256) else { throw .builtin(.overflow) }
        case (.bytes(let content), .bytes(let capacity)), (.bytes(let content), .text(let capacity)):
            guard content.count <= capacity else { throw .builtin(.capacityExceeded) }
        case (.list(let elements), .list(_, let capacity)):
            guard elements.count <= capacity else { throw .builtin(.capacityExceeded) }
        case (.tensor(let tensor), .tensor(_, let dimensions)):
            for (dimension, size) in zip(dimensions, tensor.dimensions) {
                if case .constant(let wanted) = dimension, wanted != size { throw .builtin(.shapeMismatch) }
            }
        default: break
        }
    }

    // MARK: Aggregates

    private func aggregate(_ expression: Expression) throws(Failure) -> Value {
        switch expression.kind {
        case .makeStruct(_, let fields): return .structure(try evaluate(all: fields))
        case .makeEnum(_, let index, let payload): return .enumeration(index, try evaluate(all: payload))
        case .makeList(let elements): return .list(try evaluate(all: elements))
        case .field(let base, let index):
            guard case .structure(let fields) = try evaluate(base), fields.indices.contains(index) else {
                throw .fault("a struct was expected", at: base.span)
            }
            return fields[index]
        case .index(let base, let position):
            let container = try evaluate(base)
            let index = try integer(position)
            switch container {
            case .list(let elements): return elements[try self.index(index, below: elements.count)]
            case .bytes(let content): return .integer(BigInt(Int(content[try self.index(index, below: content.count)])))
            default: throw .fault("what has no elements was indexed", at: base.span)
            }
        case .splitAmount(let whole, let weights):
            let amount = try integer(whole)
            return .list(try apportion(amount, list(weights)).map { .integer($0) })
        default: return .nothing
        }
    }

    func index(_ number: BigInt, below count: Int) throws(Failure) -> Int {
        guard let index = number.asInt64, index >= 0, index < count else { throw .builtin(.indexOutOfRange) }
        return Int(index)
    }

    // MARK: Calls

    /// A call of a function of the same contract, or of a free one.
    func callFunction(_ call: Expression, _ values: [Value]) throws(Failure) -> Value {
        guard case .call(let function, _) = call.kind else { throw .fault("no call", at: call.span) }
        let isFree = program.functions.indices.contains(function) && program.functions[function].contract == nil
        return try invoke(function, values, activation: isFree ? nil : activation, at: call.span)
    }

    private func callOrConversion(_ expression: Expression) throws(Failure) -> Value {
        let span = expression.span
        switch expression.kind {
        case .call(_, let arguments): return try callFunction(expression, evaluate(all: arguments))
        case .interfaceCall(let interface, let method, let target, let arguments):
            let address = try bytes32(target)
            return try callInterface(
                interface, method, address, evaluate(all: arguments), result: expression.type, at: span)
        case .toInterface(let interface, let operand):
            let address = try bytes32(operand)
            if let activation {
                try activation.chain.checkInterface(interface, at: address)
            } else {
                try testWorld(at: span).checkInterface(interface, at: address)
            }
            return .bytes32(address)
        case .interfaceAddress(let operand): return .bytes32(try bytes32(operand))
        default: return .nothing
        }
    }

    /// Calls a method of another contract; tokens among the arguments move to it.
    func callInterface(
        _ interface: InterfaceID, _ method: Int, _ address: Bytes32, _ arguments: [Value], result: Type, at span: Span
    ) throws(Failure) -> Value {
        let activation = try contract(at: span)
        let chain = activation.chain
        try chain.checkInterface(interface, at: address)
        let function = try chain.implementation(of: interface, method: method, at: address)
        let value = try chain.enter(address, function, arguments, caller: activation.address, evaluator: self)
        if case .token(let index) = result, case .token(let asset, _) = value,
            try assetID(index, activation, at: span) != asset
        {
            throw .builtin(.assetMismatch, at: span)
        }
        return value
    }

    // MARK: Tests

    private func testExpression(_ expression: Expression) throws(Failure) -> Value {
        let world = try testWorld(at: expression.span)
        switch expression.kind {
        case .deploy(let contract, let arguments, let actor):
            let values = try evaluate(all: arguments)
            let address = try world.deploy(contract, arguments: values, actor: self.actor(actor))
            return .contract(contract, address)
        case .contractCall(let contract, let function, let target, let arguments, let actor):
            let address = try contractAddress(target)
            let values = try evaluate(all: arguments)
            return try world.call(function, of: contract, at: address, arguments: values, actor: self.actor(actor))
        case .contractAddress(let target): return .bytes32(try contractAddress(target))
        case .contractAsset(let target, let contract, let index):
            return .bytes32(try world.assetID(index, of: contract, at: try contractAddress(target)))
        case .actor(let name, let number):
            let digits = try number.map { number throws(Failure) in try integer(number).description } ?? ""
            return .bytes32(Actors.address(named: name + digits))
        case .holdings(let owner, let asset):
            let address = try bytes32(owner)
            return .integer(try world.holding(of: try bytes32(asset), in: address))
        case .balance(let owner, let asset):
            let address = try bytes32(owner)
            return .integer(world.balance(of: address, asset: try bytes32(asset)))
        case .testKey(let owner): return .bytes32(Actors.provingKey(of: try bytes32(owner)).publicKey.encoded)
        case .testProof(let owner, let input):
            let address = try bytes32(owner)
            guard case .bytes(let bytes) = try evaluate(input) else {
                throw .fault("bytes were expected", at: expression.span)
            }
            guard let proof = VerifiableRandom.prove(bytes, key: Actors.provingKey(of: address)) else {
                throw .builtin(.invalidArgument, at: expression.span)
            }
            return .bytes(proof)
        case .contractCommitment(let target, let contract, let roundIndex, let sealedIndex, let arguments):
            let address = try contractAddress(target)
            return try commitment(
                contract, roundIndex, sealedIndex, address: address, chainID: world.chainID, evaluate(all: arguments),
                at: expression.span)
        default: return .nothing
        }
    }

    private func actor(_ expression: Expression?) throws(Failure) -> Bytes32 {
        guard let expression else { return Actors.address(named: Actors.defaultName) }
        return try bytes32(expression)
    }

    private func contractAddress(_ expression: Expression) throws(Failure) -> Bytes32 {
        switch try evaluate(expression) {
        case .contract(_, let address), .bytes32(let address): return address
        default: throw .fault("a contract was expected", at: expression.span)
        }
    }
}
