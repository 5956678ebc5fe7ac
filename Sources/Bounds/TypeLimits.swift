import Bytecode
import Machine
import Numerics
import Verifier

/// The largest figures of a type's values.
struct TypeLimits {
    var bytes: Int
    var encoding: Int
    /// Without the checks of interfaces.
    var decoding: Int
    var sharing: Int
    var comparing: Int
    var interfaces: Int
}

extension ShapeCosts {
    func limits(of type: TypeDescriptor) -> TypeLimits {
        func sum(_ parts: [TypeLimits], _ start: TypeLimits) -> TypeLimits {
            parts.reduce(into: start) { total, part in
                total.bytes = Saturating.add(total.bytes, part.bytes)
                total.encoding = Saturating.add(total.encoding, part.encoding)
                total.decoding = Saturating.add(total.decoding, part.decoding)
                total.sharing = Saturating.add(total.sharing, part.sharing)
                total.comparing = Saturating.add(total.comparing, part.comparing)
                total.interfaces = Saturating.add(total.interfaces, part.interfaces)
            }
        }
        func part(_ index: TypeIndex) -> TypeLimits {
            limits.indices.contains(index)
                ? limits[index]
                : TypeLimits(bytes: 0, encoding: 0, decoding: 0, sharing: 0, comparing: 0, interfaces: 0)
        }
        let cell = Self.cell
        var flat = TypeLimits(bytes: 1, encoding: cell, decoding: cell, sharing: 0, comparing: cell, interfaces: 0)
        switch type {
        case .boolean: return flat
        case .bytes32(let kind):
            flat.bytes = 32
            if case .interface = kind { flat.interfaces = 1 }
            return flat
        case .integer(_, let bits, _): return integerLimits(bits: bits)
        case .token: return integerLimits(bits: 256)
        case .tokenList: return flat
        case .bytes(let capacity), .text(let capacity):
            let isText = if case .text = type { true } else { false }
            return TypeLimits(
                bytes: capacity + 5, encoding: cell + Self.bytes(capacity),
                decoding: cell + Self.bytes(ObjectLayout.contentOffset + capacity) + (isText ? capacity : 0),
                sharing: cell, comparing: cell + Self.bytes(capacity), interfaces: 0)
        case .list(let element, let capacity):
            let inner = part(element)
            func times(_ figure: Int) -> Int { Saturating.multiply(capacity, figure) }
            return TypeLimits(
                bytes: Saturating.add(5, times(inner.bytes)), encoding: Saturating.add(cell, times(inner.encoding)),
                decoding: Saturating.add(cell + 18, times(Saturating.add(inner.decoding, 10))),
                sharing: Saturating.add(cell, times(inner.sharing == 0 ? 0 : inner.sharing + cell)),
                comparing: Saturating.add(cell, times(inner.comparing)), interfaces: times(inner.interfaces))
        case .option(let wrapped):
            return sum(
                [part(wrapped)],
                TypeLimits(
                    bytes: 1, encoding: cell, decoding: cell + Self.object(1), sharing: cell, comparing: cell,
                    interfaces: 0))
        case .structure(_, let fields):
            return sum(
                fields.map { part($0.type) },
                TypeLimits(
                    bytes: 0, encoding: cell, decoding: cell + Self.object(fields.count), sharing: cell,
                    comparing: cell, interfaces: 0))
        case .enumeration(_, let cases):
            var result = TypeLimits(bytes: 0, encoding: 0, decoding: 0, sharing: 0, comparing: 0, interfaces: 0)
            for item in cases {
                let total = sum(
                    item.payload.map { part($0.type) },
                    TypeLimits(
                        bytes: 2, encoding: cell, decoding: cell + Self.object(item.payload.count), sharing: cell,
                        comparing: cell, interfaces: 0))
                result = TypeLimits(
                    bytes: max(result.bytes, total.bytes), encoding: max(result.encoding, total.encoding),
                    decoding: max(result.decoding, total.decoding), sharing: max(result.sharing, total.sharing),
                    comparing: max(result.comparing, total.comparing),
                    interfaces: max(result.interfaces, total.interfaces))
            }
            return result
        case .tensor(let element, let dimensions):
            var count = 1
            for size in dimensions {
                count = Saturating.multiply(count, size == 0 ? MachineLimits.tensorElements : size)
            }
            let bytes = Saturating.multiply(min(count, MachineLimits.tensorElements), element.byteCount)
            return TypeLimits(
                bytes: bytes + 16, encoding: cell + Self.bytes(bytes),
                decoding: cell + Self.bytes(bytes + ObjectLayout.elementsOffset), sharing: cell,
                comparing: cell + Self.bytes(bytes + 16), interfaces: 0)
        }
    }

    private func integerLimits(bits: Int) -> TypeLimits {
        let wide = bits > 64 * NumericLimits.homeLimbs
        let limbs = (bits + 63) / 64
        return TypeLimits(
            bytes: Self.integerBytes(bits), encoding: Self.cell + (wide ? 2 * limbs : 0),
            decoding: Self.cell + (bits + 7) / 8 / 4, sharing: 0,
            comparing: Self.cell + (wide ? Int(MachineCosts.wideComparison) : 0), interfaces: 0)
    }
}
