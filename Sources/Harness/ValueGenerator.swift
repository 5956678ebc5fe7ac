import Crypto
import Numerics
import Reference
import Semantics

/// Draws random values of checked types: mostly small and alike, so that maps collide and amounts suffice, now and then
/// at the edges of their type.
struct ValueGenerator {
    let program: Program
    var random: SplitMix64
    /// Addresses that mean something: actors and contracts.
    var addresses: [Bytes32]
    /// Contracts by address, for interface arguments.
    var contracts: [(address: Bytes32, contract: ContractID)] = []
    /// Elements of a drawn list.
    static let lengthLimit = 6

    /// Nil for types that have no values outside contracts.
    mutating func value(_ type: Type) -> Value? {
        switch type {
        case .boolean: return .boolean(random.oneIn(2))
        case .integer(let integer): return .integer(number(integer))
        case .token: return .integer(BigInt(random.below(60)))
        case .fixed: return .fixed(fixed())
        case .address: return .bytes32(random.pick(addresses) ?? .zero)
        case .hash, .asset:
            return .bytes32(random.oneIn(3) ? .zero : Blake2b.hash([UInt8(truncatingIfNeeded: random.below(3))]))
        case .interface(let id):
            let fitting = contracts.filter { entry in
                program.contracts[entry.contract].interfaces.contains { $0.interface == id }
            }
            return random.pick(fitting).map { .bytes32($0.address) }
        case .bytes(let capacity):
            return .bytes((0..<length(capacity)).map { _ in UInt8(truncatingIfNeeded: random.next()) })
        case .text(let capacity):
            return .bytes((0..<length(capacity)).map { _ in random.pick(Array("abk Z0".utf8)) ?? 0x61 })
        case .list(let element, let capacity):
            return values((0..<length(capacity)).map { _ in element }).map { .list($0) }
        case .option(let wrapped): return random.oneIn(3) ? .option(nil) : value(wrapped).map { .option($0) }
        case .structure(let id): return values(program.structs[id].fields.map(\.type)).map { .structure($0) }
        case .enumeration(let id):
            let index = random.below(program.enums[id].cases.count)
            guard program.enums[id].cases.indices.contains(index) else { return nil }
            return values(program.enums[id].cases[index].payload.map(\.type)).map { .enumeration(index, $0) }
        case .tensor(let element, let dimensions): return tensor(element, dimensions)
        case .nothing, .exactFixed, .ratio, .tokenList, .contract, .invalid: return nil
        }
    }

    mutating func values(_ types: [Type]) -> [Value]? {
        var values: [Value] = []
        for type in types {
            guard let value = value(type) else { return nil }
            values.append(value)
        }
        return values
    }

    private mutating func length(_ capacity: Int) -> Int { random.below(min(capacity, Self.lengthLimit) + 1) }

    private mutating func number(_ type: IntegerType) -> BigInt {
        let magnitudeBits = max(1, type.isSigned ? type.bits - 1 : type.bits)
        var value: BigInt
        switch random.below(12) {
        case 0: value = (.one << magnitudeBits) - 1
        case 1: return type.isSigned ? -(.one << magnitudeBits) : .zero
        case 2: value = (.one << random.below(magnitudeBits)) - BigInt(random.below(2))
        case 3: value = BigInt(random.next() >> UInt64(random.below(64)))
        case 4, 5: value = BigInt(random.below(1_000))
        default: value = BigInt(random.below(5))
        }
        if type.isSigned, random.oneIn(4) { value = -value }
        return type.holds(value) ? value : BigInt(random.below(2))
    }

    private mutating func fixed() -> BigInt {
        switch random.below(6) {
        case 0: return BigInt(random.below(3))
        case 1: return -FixedPoint.scale * BigInt(random.below(200))
        case 2: return BigInt(random.next() >> 1)
        default: return FixedPoint.scale * BigInt(random.below(7)) + BigInt(random.below(2))
        }
    }

    private mutating func tensor(_ element: TensorElement, _ dimensions: [TensorDimension]) -> Value? {
        let sizes = dimensions.map { dimension in
            if case .constant(let size) = dimension { return size }
            return 2
        }
        let count = sizes.reduce(1, *)
        guard count <= 4_096 else { return nil }
        let elements = (0..<count).map { _ in
            let drawn = Int64(truncatingIfNeeded: random.next())
            return element == .i64 ? drawn : drawn >> (64 - 8 * Int64(element.bytes))
        }
        return TensorValue(element: element, dimensions: sizes, elements: elements).map { .tensor($0) }
    }
}
