import Bytecode
import Numerics
import Tensors
import Verifier

extension Status {
    init(tensor error: TensorError) {
        switch error {
        case .shapeMismatch, .emptyAxis, .innerDimensionTooLarge: self = Status(.shapeMismatch)
        case .tooLarge: self = Status(.outOfMemory)
        case .invalidScale: self = Status(.invalidArgument)
        case .elementOverflow: self = Status(.overflow)
        }
    }
}

extension UnsafeMutablePointer<Context> {
    func tensors(_ code: UnsafeRawPointer, _ words: Words, _ homes: Homes) -> Status {
        do throws(TensorError) {
            return try runTensors(code, words, homes)
        } catch {
            return Status(tensor: error)
        }
    }

    /// The shape in a tensor's header.
    private func shape(_ tensor: UnsafeMutableRawPointer, rank: Int) throws(TensorError) -> TensorShape {
        func size(_ axis: Int) -> UInt32 {
            tensor.load(fromByteOffset: ObjectLayout.dimensionsOffset + 4 * axis, as: UInt32.self)
        }
        return try TensorShape(rank: rank, size(0), size(1), size(2), size(3))
    }

    private func bytes(_ tensor: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Int8> {
        (tensor + ObjectLayout.elementsOffset).assumingMemoryBound(to: Int8.self)
    }

    private func integers(_ tensor: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Int32> {
        (tensor + ObjectLayout.elementsOffset).assumingMemoryBound(to: Int32.self)
    }

    /// A tensor whose elements are yet to be written; nil with `status` set.
    private func makeTensor(_ shape: TensorShape, elementBytes: Int, gas: UInt64) -> UnsafeMutableRawPointer? {
        guard charge(Int64(clamping: gas)) else {
            pointee.status = Status(.outOfGas)
            return nil
        }
        guard let target = allocate(ObjectLayout.elementsOffset + shape.elementCount * elementBytes) else { return nil }
        target.writeHeader(type: 0, count: shape.elementCount, capacity: shape.elementCount, tag: 0)
        for axis in 0..<4 {
            target.storeBytes(
                of: UInt32(shape[axis]), toByteOffset: ObjectLayout.dimensionsOffset + 4 * axis, as: UInt32.self)
        }
        return target
    }

    private func runTensors(
        _ code: UnsafeRawPointer, _ words: Words, _ homes: Homes
    ) throws(TensorError) -> Status {
        let (a, b, c) = (fieldA(code), fieldB(code), fieldC(code))
        let immediate = fieldImmediate(code)
        let left = object(words[b])
        switch code.load(as: Opcode.self) {
        case .tensorMatmul:
            let right = object(words[c])
            let (leftShape, rightShape) = (try shape(left, rank: 2), try shape(right, rank: 2))
            let result = try TensorShape.matrixProduct(leftShape, rightShape)
            let gas = TensorCosts.gasOfMatrixProduct(leftShape, rightShape)
            guard let target = makeTensor(result, elementBytes: 4, gas: gas) else { return pointee.status }
            TensorOperations.matrixProduct(
                bytes(left), leftShape, bytes(right), rightShape, into: integers(target))
            words[a] = reference(target)
        case .tensorAdd:
            let right = object(words[c])
            let ranks = (Int(type(Int32(immediate & 0xFFFF)).rank), Int(type(Int32(immediate >> 16)).rank))
            let result = try TensorShape.sum(try shape(left, rank: ranks.0), try shape(right, rank: ranks.1))
            let gas = TensorCosts.add.gas(elements: result.elementCount)
            guard let target = makeTensor(result, elementBytes: 4, gas: gas) else { return pointee.status }
            try TensorOperations.add(
                integers(left), count: result.elementCount, integers(right), rightCount: Int(right.count),
                into: integers(target))
            words[a] = reference(target)
        case .tensorRequantize: return try requantize(a, left, multiplier: words[c], shift: words[immediate], words)
        case .tensorRelu:
            let elementBytes = Int(type(Int32(immediate & 0xFFFF)).elementBytes)
            let result = try shape(left, rank: 4)
            let gas = TensorCosts.map.gas(elements: result.elementCount)
            guard let target = makeTensor(result, elementBytes: elementBytes, gas: gas) else { return pointee.status }
            if elementBytes == 1 {
                TensorOperations.relu(bytes(left), count: result.elementCount, into: bytes(target))
            } else {
                TensorOperations.relu(integers(left), count: result.elementCount, into: integers(target))
            }
            words[a] = reference(target)
        case .tensorArgmax:
            let type = type(Int32(immediate & 0xFFFF))
            let source = try shape(left, rank: Int(type.rank))
            let result = try source.withoutLastAxis()
            let gas = TensorCosts.argmax.gas(elements: source.elementCount)
            guard let target = makeTensor(result, elementBytes: 4, gas: gas) else { return pointee.status }
            if type.elementBytes == 1 {
                TensorOperations.argmax(
                    bytes(left), rows: source.rowCount, rowLength: source.last, into: integers(target))
            } else {
                TensorOperations.argmax(
                    integers(left), rows: source.rowCount, rowLength: source.last, into: integers(target))
            }
            words[a] = reference(target)
        case .tensorCountEqual:
            return try countEqual(
                a, left, object(words[c]), type(Int32(immediate & 0xFFFF)), type(Int32(immediate >> 16)), words)
        case .tensorAt: return at(a, left, c, type(Int32(immediate & 0xFFFF)), words, homes)
        default:
            let offset = ObjectLayout.dimensionsOffset + 4 * immediate
            words[a] = Int64(left.load(fromByteOffset: offset, as: UInt32.self)) << 1
        }
        return .ok
    }

    private func requantize(
        _ a: Int, _ source: UnsafeMutableRawPointer, multiplier: Int64, shift: Int64, _ words: Words
    ) throws(TensorError) -> Status {
        guard CellWord.areSmall(multiplier, shift), let factor = Int32(exactly: CellWord.smallValue(multiplier)),
            let places = Int(exactly: CellWord.smallValue(shift))
        else { return Status(.invalidArgument) }
        let result = try shape(source, rank: 4)
        let gas = TensorCosts.requantise.gas(elements: result.elementCount)
        guard let target = makeTensor(result, elementBytes: 1, gas: gas) else { return pointee.status }
        try TensorOperations.requantise(
            integers(source), count: result.elementCount, multiplier: factor, shift: places, into: bytes(target))
        words[a] = reference(target)
        return .ok
    }

    private func countEqual(
        _ a: Int, _ left: UnsafeMutableRawPointer, _ right: UnsafeMutableRawPointer, _ leftType: PreparedType,
        _ rightType: PreparedType, _ words: Words
    ) throws(TensorError) -> Status {
        let result = try shape(left, rank: 4)
        guard result == (try shape(right, rank: 4)) else { return Status(.shapeMismatch) }
        guard charge(Int64(clamping: TensorCosts.equalCount.gas(elements: result.elementCount))) else {
            return Status(.outOfGas)
        }
        let count: Int
        switch (leftType.elementBytes, rightType.elementBytes) {
        case (1, 1): count = TensorOperations.equalCount(bytes(left), bytes(right), count: result.elementCount)
        case (4, 1): count = TensorOperations.equalCount(integers(left), bytes(right), count: result.elementCount)
        default: count = TensorOperations.equalCount(integers(left), integers(right), count: result.elementCount)
        }
        words[a] = Int64(count) << 1
        return .ok
    }

    private func at(
        _ a: Int, _ source: UnsafeMutableRawPointer, _ base: Int, _ type: PreparedType, _ words: Words, _ homes: Homes
    ) -> Status {
        var position = 0
        for axis in 0..<Int(type.rank) {
            let size = source.load(fromByteOffset: ObjectLayout.dimensionsOffset + 4 * axis, as: UInt32.self)
            let index = words[base + axis]
            guard index & 1 == 0, index >= 0, index >> 1 < Int64(size) else { return Status(.indexOutOfRange) }
            position = position * Int(size) + Int(index >> 1)
        }
        let element = source + ObjectLayout.elementsOffset + position * Int(type.elementBytes)
        let value: Int64
        switch type.elementBytes {
        case 1: value = Int64(element.load(as: Int8.self))
        case 2: value = Int64(element.load(as: Int16.self))
        case 4: value = Int64(element.load(as: Int32.self))
        default: value = element.load(as: Int64.self)
        }
        CellInteger.fromInt64(CellDestination(word: words + a, home: homes + 4 * a), value)
        return .ok
    }
}
