import Bytecode
import Crypto
import Machine
import Numerics

// What the state before the call tells.
extension BoundEvaluation {
    /// The combinations of keys; nil when some key is not known.
    func combinations(_ keys: [TermID]) -> [[ABIValue]]? {
        var result: [[ABIValue]] = [[]]
        for key in keys {
            guard let values = known(key).values, values.count * result.count <= Self.valueLimit else { return nil }
            result = result.flatMap { prefix in values.map { prefix + [$0] } }
        }
        return result
    }

    private func overlayKey(_ keys: [ABIValue], _ types: ArraySlice<TypeIndex>) -> Bytes32? {
        guard !keys.isEmpty else { return StateKeys.plain }
        guard let encoded = try? coding.encode(keys, as: Array(types)) else { return nil }
        let prepared = verified.prepared.types
        let isPadded = keys.count == 1 && types.first.map { prepared[$0].encodedBytesLimit <= 32 } ?? false
        return StateKeys.overlayKey(encodedKeys: encoded, isPadded: isPadded)
    }

    private func read(_ slot: Int, _ part: StateKeys.Part, _ key: Bytes32) -> [UInt8]? {
        state.read(StateKeys.slot(contract: call.contract, slot: slot, part: part, overlayKey: key))
    }

    func entries(_ slot: Int, _ keys: [TermID], _ content: (ABIValue?) -> ABIValue?) -> Known {
        guard isStateKnown, let combinations = combinations(keys) else { return .unknown }
        var found: [ABIValue] = []
        for keys in combinations {
            guard let key = overlayKey(keys, module.slots[slot].keys[...]) else { return .unknown }
            var stored: ABIValue?
            if let bytes = read(slot, .value, key) {
                guard let value = try? coding.decode(bytes, as: module.slots[slot].type) else { return .unknown }
                stored = value
            }
            guard let value = content(stored) else { return .unknown }
            found.append(value)
        }
        return Self.bundle(found)
    }

    private func storedCount(_ slot: Int, _ leading: [ABIValue]) -> Int? {
        guard let key = overlayKey(leading, module.slots[slot].keys.dropLast()) else { return nil }
        guard let bytes = read(slot, .count, key) else { return 0 }
        return Self.integer(bytes)
    }

    /// A small canonical integer.
    private static func integer(_ bytes: [UInt8]) -> Int? {
        guard let header = bytes.first, bytes.count <= 8, Int(header) == 2 * (bytes.count - 1) else { return nil }
        return bytes.dropFirst().reduce(0) { $0 << 8 | Int($1) }
    }

    func count(_ slot: Int, _ leading: [TermID]) -> Known {
        guard isStateKnown, let combinations = combinations(leading) else { return .unknown }
        var counts: [ABIValue] = []
        for keys in combinations {
            guard let count = storedCount(slot, keys) else { return .unknown }
            counts.append(.integer(BigInt(count)))
        }
        return Self.bundle(counts)
    }

    func keyAt(_ slot: Int, _ leading: [TermID], _ index: TermID) -> Known {
        guard isStateKnown, let combinations = combinations(leading), let last = module.slots[slot].keys.last else {
            return .unknown
        }
        var keys: [ABIValue] = []
        for prefix in combinations {
            guard let count = storedCount(slot, prefix), keys.count + count <= Self.valueLimit,
                let leadingKey = overlayKey(prefix, module.slots[slot].keys.dropLast())
            else { return .unknown }
            for position in 0..<count {
                let place = StateKeys.placeKey(leading: leadingKey, index: Int64(position), isPlain: prefix.isEmpty)
                guard let bytes = read(slot, .keyAt, place), let key = try? coding.decode(bytes, as: last) else {
                    return .unknown
                }
                keys.append(key)
            }
        }
        // Without any key there is nothing that could be met.
        if let exact = known(index).single, case .integer(let number) = exact, let position = number.asInt64,
            combinations.count == 1, keys.indices.contains(Int(position))
        {
            return .one(keys[Int(position)])
        }
        return .many(keys)
    }

    func zero(_ type: TypeIndex) -> ABIValue? {
        switch module.types[type] {
        case .boolean: return .boolean(false)
        case .integer, .token: return .integer(.zero)
        case .bytes: return .bytes([])
        case .text: return .text("")
        case .list: return .list([])
        case .option: return .option(nil)
        case .structure(_, let fields):
            var values: [ABIValue] = []
            for field in fields {
                guard let value = zero(field.type) else { return nil }
                values.append(value)
            }
            return .structure(values)
        case .bytes32, .enumeration, .tensor, .tokenList: return nil
        }
    }
}
