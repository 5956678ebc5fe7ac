import Crypto
import Numerics
import Semantics

/// The canonical encoding of values (Documentation/machine.md), written for the reference alone.
public enum CanonicalEncoding {
    /// The bytes of one value; nil for values that have none (ratios and contracts' results without a value have none).
    public static func encode(_ value: Value) -> [UInt8]? {
        var bytes: [UInt8] = []
        return append(value, to: &bytes) ? bytes : nil
    }

    /// The concatenated bytes of several values.
    public static func encode(all values: [Value]) -> [UInt8]? {
        var bytes: [UInt8] = []
        for value in values {
            guard append(value, to: &bytes) else { return nil }
        }
        return bytes
    }

    /// An unsigned count in minimal LEB128.
    public static func count(_ value: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = UInt64(max(0, value))
        while rest >= 128 {
            bytes.append(UInt8(rest % 128) + 128)
            rest /= 128
        }
        bytes.append(UInt8(rest))
        return bytes
    }

    private static func integer(_ value: BigInt) -> [UInt8] {
        let magnitude = value.bigEndianMagnitude
        return count(2 * magnitude.count + (value.isNegative ? 1 : 0)) + magnitude
    }

    private static func append(_ value: Value, to bytes: inout [UInt8]) -> Bool {
        switch value {
        case .nothing: break
        case .integer(let number), .fixed(let number): bytes += integer(number)
        case .token(_, let amount): bytes += integer(amount)
        case .ratio: return false
        case .boolean(let flag): bytes.append(flag ? 1 : 0)
        case .bytes(let content): bytes += count(content.count) + content
        case .bytes32(let content): bytes += content.bytes
        case .contract(_, let address): bytes += address.bytes
        case .list(let elements):
            bytes += count(elements.count)
            return append(elements, to: &bytes)
        case .option(nil): bytes.append(0)
        case .option(let payload?):
            bytes.append(1)
            return append(payload, to: &bytes)
        case .structure(let fields): return append(fields, to: &bytes)
        case .enumeration(let index, let payload):
            bytes += count(index)
            return append(payload, to: &bytes)
        case .tensor(let tensor): append(tensor, to: &bytes)
        }
        return true
    }

    private static func append(_ values: [Value], to bytes: inout [UInt8]) -> Bool {
        for value in values {
            guard append(value, to: &bytes) else { return false }
        }
        return true
    }

    private static func append(_ tensor: TensorValue, to bytes: inout [UInt8]) {
        for dimension in tensor.dimensions { bytes += count(dimension) }
        for element in tensor.elements {
            var rest = UInt64(bitPattern: element)
            for _ in 0..<tensor.element.bytes {
                bytes.append(UInt8(rest & 0xFF))
                rest >>= 8
            }
        }
    }
}
