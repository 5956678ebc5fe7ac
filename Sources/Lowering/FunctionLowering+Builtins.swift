import Bytecode
import Diagnostics
import Numerics
import Semantics

extension FunctionLowering {
    func builtin(
        _ builtin: Builtin, _ arguments: [Expression], _ expression: Expression, into target: Register?
    ) -> Operand {
        switch builtin {
        case .caller: return result(.caller, expression, into: target)
        case .selfAddress: return result(.selfAddress, expression, into: target)
        case .height: return result(.height, expression, into: target)
        case .chain: return result(.chain, expression, into: target)
        case .gasUsed:
            // Tests alone have it, and tests are not compiled.
            return result(.loadBoolean, expression, into: target)
        case .minimum: return plain(.minimum, arguments, expression, into: target)
        case .maximum: return plain(.maximum, arguments, expression, into: target)
        case .absolute: return plain(.absolute, arguments, expression, into: target)
        case .mulMod: return withThird(.mulMod, arguments, expression, into: target)
        case .exp(let rounding):
            return plain(.exp, arguments, expression, immediate: Int(rounding.rawValue), into: target)
        case .ln(let rounding):
            return plain(.ln, arguments, expression, immediate: Int(rounding.rawValue), into: target)
        case .log2(let rounding):
            return plain(.log2, arguments, expression, immediate: Int(rounding.rawValue), into: target)
        case .sqrt(let rounding):
            return plain(.sqrt, arguments, expression, immediate: Int(rounding.rawValue), into: target)
        case .pow(let rounding):
            return plain(.pow, arguments, expression, immediate: Int(rounding.rawValue), into: target)
        case .integerSquareRoot: return plain(.isqrt, arguments, expression, into: target)
        case .listCount: return plain(.listCount, arguments, expression, into: target)
        case .listSum: return plain(.listSum, arguments, expression, into: target)
        case .listContains: return plain(.listContains, arguments, expression, into: target)
        case .listSorted(let direction):
            return plain(.listSort, arguments, expression, immediate: code(direction), into: target)
        case .listOrder(let direction):
            return plain(.listOrder, arguments, expression, immediate: code(direction), into: target)
        case .listRanks(let direction):
            return plain(.listRanks, arguments, expression, immediate: code(direction), into: target)
        case .repeating:
            let element = settled(arguments[0])
            let count = value(arguments[1])
            return result(
                .listRepeat, expression, element.register, count.register, immediate: tables.type(expression.type),
                freeing: [element, count], into: target)
        case .byteCount: return plain(.byteCount, arguments, expression, into: target)
        case .byteSlice: return withThird(.byteSlice, arguments, expression, into: target)
        case .byteConcatenate: return plain(.byteConcatenate, arguments, expression, into: target)
        case .encode: return plain(.encodeValue, arguments, expression, into: target)
        case .toBytes(let count, let isLittleEndian):
            return plain(
                .integerToBytes, arguments, expression, immediate: count | (isLittleEndian ? 128 : 0), into: target)
        case .fromBytes(let isLittleEndian):
            return plain(
                .integerFromBytes, arguments, expression, immediate: isLittleEndian ? 128 : 0, into: target)
        case .hash: return plain(.hashValue, arguments, expression, into: target)
        case .sha256: return plain(.sha256, arguments, expression, into: target)
        case .blockRandomness: return plain(.blockRandomness, arguments, expression, into: target)
        case .sample: return sample(arguments, expression, into: target)
        case .verifySignature: return consecutive(.verifySignature, arguments, expression, into: target)
        case .verifyVRF: return consecutive(.verifyVRF, arguments, expression, into: target)
        case .commitment(let round, let sealed):
            return consecutive(
                .commitment, arguments, expression, immediate: tables.sealedIndex(round: round, sealed: sealed),
                into: target)
        case .tensorMatmul: return plain(.tensorMatmul, arguments, expression, into: target)
        case .tensorAdd: return plain(.tensorAdd, arguments, expression, into: target)
        case .tensorRelu: return plain(.tensorRelu, arguments, expression, into: target)
        case .tensorArgmax: return plain(.tensorArgmax, arguments, expression, into: target)
        case .tensorCountEqual: return plain(.tensorCountEqual, arguments, expression, into: target)
        case .tensorRequantize: return withThird(.tensorRequantize, arguments, expression, into: target)
        case .tensorAt:
            let tensor = value(arguments[0])
            let indices = Array(arguments.dropFirst())
            let run = run(indices, types: registerTypes(indices))
            free(run)
            return result(.tensorAt, expression, tensor.register, run.base, freeing: [tensor], into: target)
        case .tensorSize(let axis):
            return plain(.tensorSize, arguments, expression, immediate: axis, into: target)
        }
    }

    /// Fails CapacityExceeded, before anything is drawn, when more is asked for than the result may hold.
    private func sample(_ arguments: [Expression], _ expression: Expression, into target: Register?) -> Operand {
        let operands = arguments.prefix(3).map { value($0) }
        if case .list(_, let capacity) = expression.type, !isKnown(arguments[2], atMost: capacity) {
            let bound = constant(BigInt(capacity), at: expression.span)
            let fits = code.newLabel()
            code.emit(.branchLessOrEqual, operands[2].register, bound.register, to: fits, at: expression.span)
            failBuiltin(.capacityExceeded, at: expression.span)
            code.place(fits)
            free(bound)
        }
        return result(
            .drawIndices, expression, operands[0].register, operands[1].register,
            registerImmediate: operands[2].register, freeing: operands, into: target)
    }

    private func isKnown(_ expression: Expression, atMost limit: Int) -> Bool {
        if case .integer(let number) = expression.kind { number <= BigInt(limit) } else { false }
    }

    private func code(_ direction: SortDirection) -> Int { direction == .ascending ? 0 : 1 }

    /// One or two operands.
    private func plain(
        _ opcode: Opcode, _ arguments: [Expression], _ expression: Expression, immediate: Int = 0,
        into target: Register?
    ) -> Operand {
        let operands = arguments.prefix(2).map { value($0) }
        return result(
            opcode, expression, operands.first?.register, operands.count > 1 ? operands[1].register : nil,
            immediate: immediate, freeing: operands, into: target)
    }

    /// Three operands, the last one named by the immediate.
    private func withThird(
        _ opcode: Opcode, _ arguments: [Expression], _ expression: Expression, into target: Register?
    ) -> Operand {
        let operands = arguments.prefix(3).map { value($0) }
        return result(
            opcode, expression, operands[0].register, operands[1].register, registerImmediate: operands[2].register,
            freeing: operands, into: target)
    }

    /// Operands side by side.
    private func consecutive(
        _ opcode: Opcode, _ arguments: [Expression], _ expression: Expression, immediate: Int = 0,
        into target: Register?
    ) -> Operand {
        let run = run(arguments, types: registerTypes(arguments))
        free(run)
        return result(opcode, expression, run.base, immediate: immediate, into: target)
    }
}
