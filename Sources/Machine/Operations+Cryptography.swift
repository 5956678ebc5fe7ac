import Bytecode
import Crypto
import Numerics
import Verifier

extension UnsafeMutablePointer<Context> {
    func cryptography(_ code: UnsafeRawPointer, _ words: Words, _ homes: Homes) -> Status {
        let (a, b) = (fieldA(code), fieldB(code))
        let immediate = fieldImmediate(code)
        switch code.load(as: Opcode.self) {
        case .hashValue:
            let typeIndex = Int32(truncatingIfNeeded: immediate)
            guard let hash = hash(words[b], homes + 4 * b, typeIndex) else { return pointee.status }
            hash.store(word: words + a, home: homes + 4 * a)
            return .ok
        case .sha256:
            let bytes = content(object(words[b]))
            guard charge(2 * Int64(bytes.count)) else { return Status(.outOfGas) }
            Sha2.sha256(bytes).store(word: words + a, home: homes + 4 * a)
            return .ok
        case .commitment:
            guard let hash = commitment(immediate, b, words, homes) else { return pointee.status }
            hash.store(word: words + a, home: homes + 4 * a)
            return .ok
        case .verifySignature:
            let message = content(object(words[b + 1]))
            guard charge(MachineCosts.signedByte * Int64(message.count)) else { return Status(.outOfGas) }
            let key = PublicKey(Bytes32(home: homes + 4 * b))
            let signature = Signature(Array(content(object(words[b + 2]))))
            let isValid = signature.map { key.verifies($0, of: Array(message)) } ?? false
            words[a] = isValid ? 2 : 0
            return .ok
        default:
            let input = content(object(words[b + 1]))
            guard charge(MachineCosts.signedByte * Int64(input.count)) else { return Status(.outOfGas) }
            let proof = Array(content(object(words[b + 2])))
            let key = PublicKey(Bytes32(home: homes + 4 * b))
            let output = VerifiableRandom.verify(proof: proof, input: Array(input), key: key)
            guard let output, let hash = Bytes32(output.prefix(Bytes32.byteCount)) else {
                return makeOption(nil, words + a)
            }
            return hash.withUnsafeBytes { bytes in
                withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 4) { home -> Status in
                    guard let base = home.baseAddress, let source = bytes.baseAddress else {
                        return Status(.outOfMemory)
                    }
                    UnsafeMutableRawPointer(base).copyMemory(from: source, byteCount: Bytes32.byteCount)
                    return makeOption(CellOperand(word: 1, home: base), words + a)
                }
            }
        }
    }

    /// The bytes of bytes or text.
    private func content(_ source: UnsafeMutableRawPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: source + ObjectLayout.contentOffset, count: Int(source.count))
    }

    /// The hash of a value's encoding, of bytes and text their content; nil with `status` set.
    private func hash(_ word: Int64, _ home: UnsafePointer<UInt64>, _ typeIndex: Int32) -> Bytes32? {
        let bytes: UnsafeRawBufferPointer
        if type(typeIndex).kind == .bytes {
            bytes = content(object(word))
        } else {
            pointee.scratch.pointee.count = 0
            let status = encode(word, home, typeIndex, of: pointee.contract, to: pointee.scratch)
            guard status.isOK else {
                pointee.status = status
                return nil
            }
            bytes = pointee.scratch.pointee.buffer(from: 0)
        }
        guard charge(Int64(bytes.count) / MachineCosts.hashedBytesPerGas) else {
            pointee.status = Status(.outOfGas)
            return nil
        }
        return Blake2b.hash(bytes)
    }
}
