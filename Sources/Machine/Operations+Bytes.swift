import Numerics
import Verifier

// Values as bytes: canonical encodings, and integers of a fixed number of bytes for what others hash and sign.

extension UnsafeMutablePointer<Context> {
    /// The verifier has put the type of the operand into the low half, that of the result above.
    func encodeValue(_ a: Int, _ b: Int, types: Int, _ words: Words, _ homes: Homes) -> Status {
        pointee.scratch.pointee.count = 0
        let status = encode(
            words[b], homes + 4 * b, Int32(types & 0xFFFF), of: pointee.contract, to: pointee.scratch)
        guard status.isOK else { return status }
        let bytes = pointee.scratch.pointee.buffer(from: 0)
        guard charge(MachineCosts.bytes(bytes.count)) else { return Status(.outOfGas) }
        guard let target = newBytes(bytes.count, type: Int32(types >> 16 & 0xFFFF)) else { return pointee.status }
        if let source = bytes.baseAddress {
            (target + ObjectLayout.contentOffset).copyMemory(from: source, byteCount: bytes.count)
        }
        words[a] = reference(target)
        return .ok
    }

    /// `overflow` for an integer below zero or of more bytes. The verifier has put the type of the result above the
    /// form.
    func integerToBytes(_ a: Int, _ operand: CellOperand, formAndType: Int, _ words: Words) -> Status {
        let count = formAndType & 127
        guard CellInteger.fitsUnsigned(operand, bits: 8 * count) else { return Status(.overflow) }
        guard let target = newBytes(count, type: Int32(truncatingIfNeeded: formAndType >> 8)) else {
            return pointee.status
        }
        CellInteger.storeBytes(
            of: operand, to: target + ObjectLayout.contentOffset, count: count,
            isLittleEndian: formAndType & 128 != 0)
        words[a] = reference(target)
        return .ok
    }

    func integerFromBytes(_ target: CellDestination, _ source: UnsafeMutableRawPointer, form: Int) -> Status {
        let count = Int(source.count)
        guard count <= 64 else { return Status(.capacityExceeded) }
        let content = UnsafeRawBufferPointer(start: source + ObjectLayout.contentOffset, count: count)
        return arithmetic { _, arena in
            CellInteger.fromBytes(target, content, isLittleEndian: form & 128 != 0, arena: arena)
        }
    }
}
