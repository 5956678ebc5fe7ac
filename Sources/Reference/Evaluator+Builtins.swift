import Crypto
import Diagnostics
import Numerics
import Semantics

extension Evaluator {
    func builtin(_ builtin: Builtin, _ arguments: [Expression], _ expression: Expression) throws(Failure) -> Value {
        let span = expression.span
        let values = try evaluate(all: arguments)
        switch builtin {
        case .caller: return .bytes32(try contract(at: span).caller)
        case .selfAddress: return .bytes32(try contract(at: span).address)
        case .gasUsed: return .integer(BigInt(try testWorld(at: span).lastGasUsed))
        case .height: return .integer(BigInt(try surroundings(at: span).height))
        case .chain: return .bytes32(try surroundings(at: span).chainID)
        case .minimum, .maximum, .absolute, .mulMod: return try number(builtin, values, at: span)
        case .exp, .ln, .log2, .sqrt, .pow, .integerSquareRoot: return try mathematics(builtin, values, at: span)
        case .listCount, .listSum, .listContains, .listSorted, .listOrder, .listRanks, .repeating:
            return try list(builtin, values, expression)
        case .blockRandomness:
            let world = try surroundings(at: span)
            guard case .integer(let number)? = values.first, let height = number.asInt64, height >= 0,
                height < world.height
            else { throw .builtin(.seedNotReady, at: span) }
            return .bytes32(TestRandomness.ofBlock(at: UInt64(height)))
        case .sample: return try sample(values, expression)
        case .byteCount, .byteSlice, .byteConcatenate, .fromBytes: return try bytes(builtin, values, at: span)
        case .encode:
            guard values.count == 1, let encoded = CanonicalEncoding.encode(values[0]) else { break }
            return .bytes(encoded)
        case .toBytes(let count, let isLittleEndian):
            guard values.count == 1, case .integer(let value) = values[0] else { break }
            return .bytes(try digits(of: value, count: count, isLittleEndian: isLittleEndian, at: span))
        case .hash, .sha256, .verifySignature, .verifyVRF: return try cryptography(builtin, values, arguments, at: span)
        case .commitment(let roundIndex, let sealedIndex):
            let activation = try contract(at: span)
            return try commitment(
                activation.contract, roundIndex, sealedIndex, address: activation.address,
                chainID: activation.chain.chainID, values, at: span)
        case .tensorMatmul, .tensorAdd, .tensorRelu, .tensorArgmax, .tensorCountEqual, .tensorRequantize, .tensorAt,
            .tensorSize:
            return try tensor(builtin, values, expression)
        }
        throw .fault("wrong arguments", at: span)
    }

    /// The integer's digits to the base 256.
    private func digits(
        of value: BigInt, count: Int, isLittleEndian: Bool, at span: Span
    ) throws(Failure) -> [UInt8] {
        guard !value.isNegative else { throw .builtin(.overflow, at: span) }
        var rest = value
        var digits: [UInt8] = []
        for _ in 0..<count {
            guard let division = rest.quotientAndRemainder(dividingBy: 256), let byte = division.remainder.asInt64
            else { break }
            digits.append(UInt8(truncatingIfNeeded: byte))
            rest = division.quotient
        }
        guard rest.isZero, digits.count == count else { throw .builtin(.overflow, at: span) }
        return isLittleEndian ? digits : digits.reversed()
    }

    // MARK: Numbers

    private func number(_ builtin: Builtin, _ values: [Value], at span: Span) throws(Failure) -> Value {
        switch (builtin, values.count) {
        case (.minimum, 2): return try order(values[0], values[1], at: span) <= 0 ? values[0] : values[1]
        case (.maximum, 2): return try order(values[0], values[1], at: span) >= 0 ? values[0] : values[1]
        case (.absolute, 1):
            switch values[0] {
            case .integer(let value): return .integer(value.magnitude)
            case .fixed(let raw): return .fixed(raw.magnitude)
            case .ratio(let value): return .ratio(value < Ratio(.zero) ? -value : value)
            default: break
            }
        case (.mulMod, 3):
            guard case .integer(let a) = values[0], case .integer(let b) = values[1], case .integer(let m) = values[2]
            else { break }
            guard let remainder = (a * b).floorModulo(m) else { throw .builtin(.divisionByZero, at: span) }
            return .integer(remainder)
        default: break
        }
        throw .fault("numbers were expected", at: span)
    }

    // MARK: Lists

    private func list(_ builtin: Builtin, _ values: [Value], _ expression: Expression) throws(Failure) -> Value {
        let span = expression.span
        if case .repeating = builtin, values.count == 2, case .integer(let count) = values[1],
            case .list(_, let capacity) = expression.type
        {
            guard !count.isNegative, count <= BigInt(capacity), let length = count.asInt64 else {
                throw .builtin(.capacityExceeded, at: span)
            }
            return .list(Array(repeating: values[0], count: Int(length)))
        }
        guard case .list(let elements)? = values.first else { throw .fault("a list was expected", at: span) }
        switch builtin {
        case .listCount: return .integer(BigInt(elements.count))
        case .listSum:
            var isFixed = false
            if case .fixed = expression.type { isFixed = true }
            if case .exactFixed = expression.type { isFixed = true }
            var sum = BigInt.zero
            for element in elements {
                switch element {
                case .integer(let value), .fixed(let value): sum += value
                default: throw .fault("a sum of what is no number", at: span)
                }
            }
            return isFixed ? .fixed(sum) : .integer(sum)
        case .listContains where values.count == 2: return .boolean(elements.contains { $0.isEqual(to: values[1]) })
        case .listSorted(let direction):
            return .list(try sortedIndices(elements, direction, at: span).map { elements[$0] })
        case .listOrder(let direction):
            return .list(try sortedIndices(elements, direction, at: span).map { .integer(BigInt($0)) })
        case .listRanks(let direction):
            var ranks = [Value](repeating: .nothing, count: elements.count)
            for (rank, index) in try sortedIndices(elements, direction, at: span).enumerated() {
                ranks[index] = .integer(BigInt(rank))
            }
            return .list(ranks)
        default: throw .fault("wrong arguments", at: span)
        }
    }

    /// Insertion sort of the indices: stable, so that of equal elements the lower index comes first either way.
    private func sortedIndices(_ elements: [Value], _ direction: SortDirection, at span: Span) throws(Failure) -> [Int]
    {
        var sorted: [Int] = []
        for index in elements.indices {
            var position = sorted.count
            while position > 0 {
                let order = try order(elements[sorted[position - 1]], elements[index], at: span)
                guard direction == .ascending ? order > 0 : order < 0 else { break }
                position -= 1
            }
            sorted.insert(index, at: position)
        }
        return sorted
    }

    // MARK: Bytes

    private func bytes(_ builtin: Builtin, _ values: [Value], at span: Span) throws(Failure) -> Value {
        guard case .bytes(let content)? = values.first else { throw .fault("bytes were expected", at: span) }
        switch builtin {
        case .byteCount: return .integer(BigInt(content.count))
        case .fromBytes(let isLittleEndian):
            var value = BigInt(0)
            for byte in isLittleEndian ? content.reversed() : content { value = value * 256 + BigInt(Int(byte)) }
            return .integer(value)
        case .byteSlice where values.count == 3:
            guard case .integer(let from) = values[1], case .integer(let to) = values[2] else { break }
            guard let start = from.asInt64, let end = to.asInt64, 0 <= start, start <= end, end <= content.count else {
                throw .builtin(.indexOutOfRange, at: span)
            }
            return .bytes(Array(content[Int(start)..<Int(end)]))
        case .byteConcatenate where values.count == 2:
            guard case .bytes(let other) = values[1] else { break }
            return .bytes(content + other)
        default: break
        }
        throw .fault("wrong arguments", at: span)
    }

    // MARK: Cryptography

    private func cryptography(
        _ builtin: Builtin, _ values: [Value], _ arguments: [Expression], at span: Span
    ) throws(Failure) -> Value {
        switch (builtin, values.count) {
        case (.hash, 1):
            if case .bytes = arguments[0].type, case .bytes(let content) = values[0] {
                return .bytes32(Blake2b.hash(content))
            }
            guard let encoded = CanonicalEncoding.encode(values[0]) else { break }
            return .bytes32(Blake2b.hash(encoded))
        case (.sha256, 1):
            guard case .bytes(let content) = values[0] else { break }
            return .bytes32(Sha2.sha256(content))
        case (.verifySignature, 3):
            guard case .bytes32(let key) = values[0], case .bytes(let message) = values[1],
                case .bytes(let signature) = values[2]
            else { break }
            guard let parsed = Crypto.Signature(signature) else { return .boolean(false) }
            return .boolean(PublicKey(key).verifies(parsed, of: message))
        case (.verifyVRF, 3):
            guard case .bytes32(let key) = values[0], case .bytes(let input) = values[1],
                case .bytes(let proof) = values[2]
            else { break }
            guard let output = VerifiableRandom.verify(proof: proof, input: input, key: PublicKey(key)),
                let beginning = Bytes32(output.prefix(Bytes32.byteCount))
            else { return .option(nil) }
            return .option(.bytes32(beginning))
        default: break
        }
        throw .fault("wrong arguments", at: span)
    }

    // MARK: Tensors

    private func tensor(_ builtin: Builtin, _ values: [Value], _ expression: Expression) throws(Failure) -> Value {
        let span = expression.span
        guard case .tensor(let first)? = values.first else { throw .fault("a tensor was expected", at: span) }
        switch builtin {
        case .tensorMatmul:
            guard case .tensor(let second)? = values.last else { break }
            return .tensor(try TensorMath.product(first, second))
        case .tensorAdd:
            guard case .tensor(let second)? = values.last else { break }
            return .tensor(try TensorMath.sum(first, second))
        case .tensorRelu: return .tensor(try TensorMath.map(first, to: first.element) { max(0, $0) })
        case .tensorArgmax: return .tensor(try TensorMath.greatestIndices(first))
        case .tensorCountEqual:
            guard case .tensor(let second)? = values.last else { break }
            guard first.dimensions == second.dimensions else { throw .builtin(.shapeMismatch, at: span) }
            return .integer(BigInt(zip(first.elements, second.elements).count { $0 == $1 }))
        case .tensorRequantize:
            guard values.count == 3, case .integer(let multiplier) = values[1], case .integer(let shift) = values[2]
            else { break }
            return .tensor(try TensorMath.requantize(first, multiplier: multiplier, shift: shift))
        case .tensorAt:
            guard values.count == first.dimensions.count + 1 else { throw .builtin(.shapeMismatch, at: span) }
            var position = 0
            for (value, size) in zip(values.dropFirst(), first.dimensions) {
                guard case .integer(let number) = value else { throw .fault("an index was expected", at: span) }
                position = position * size + (try index(number, below: size))
            }
            return .integer(BigInt(first.elements[position]))
        case .tensorSize(let axis):
            guard first.dimensions.indices.contains(axis) else { throw .builtin(.shapeMismatch, at: span) }
            return .integer(BigInt(first.dimensions[axis]))
        default: break
        }
        throw .fault("wrong arguments", at: span)
    }
}
