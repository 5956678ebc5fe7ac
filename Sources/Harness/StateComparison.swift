import Bytecode
import Crypto
import Machine
import Numerics
import Reference
import Semantics

/// Holds the machine's state, byte for byte, against the reference's.
enum StateComparison {
    /// The first difference in words; nil when there is none.
    static func difference(_ machine: MachineWorld, _ reference: ReferenceWorld) -> String? {
        let program = machine.project.program
        let text = ValueText(program: program)
        var explained: Set<Bytes32> = []
        // Entries that hold the order of iterable maps: each has its key and its index, each map its count.
        var leastOrderEntries = 0
        var emptiedMaps = 0
        for (address, contract) in machine.state.contracts.sorted(by: { $0.key < $1.key }) {
            let declaration = program.contracts[contract]
            for (index, field) in declaration.fields.enumerated() {
                for entry in reference.stateEntries(of: index, at: address) {
                    let key = stateKey(index, field, entry.keys, at: address)
                    explained.insert(key)
                    guard machine.state.entries[key] != CanonicalEncoding.encode(entry.value) else { continue }
                    let keys = zip(field.keyTypes, entry.keys).map { "[\(text.text($1, as: $0))]" }.joined()
                    let found = machine.state.entries[key].map { "the bytes \(ABIJSON.hexadecimal($0))" } ?? "nothing"
                    return "\(declaration.name).\(field.name)\(keys): the reference holds "
                        + "\(text.text(entry.value, as: field.valueType)), the machine \(found)"
                }
                guard field.capacity != nil || isSealed(field) else { continue }
                for count in reference.entryCounts(of: index, at: address) {
                    leastOrderEntries += count == 0 ? 0 : 2 * count + 1
                    emptiedMaps += count == 0 ? 1 : 0
                }
            }
        }
        if let difference = books(machine, reference, &explained) { return difference }
        let others = machine.state.entries.keys.count { !explained.contains($0) }
        guard (leastOrderEntries...leastOrderEntries + emptiedMaps).contains(others) else {
            return "the machine holds \(others) entries that the reference does not explain, "
                + "\(leastOrderEntries) of them expected"
        }
        return nil
    }

    private static func isSealed(_ field: StateField) -> Bool {
        if case .sealedCommitment = field.kind { return true }
        return false
    }

    /// Balances, supplies and the sums of vaults.
    private static func books(
        _ machine: MachineWorld, _ reference: ReferenceWorld, _ explained: inout Set<Bytes32>
    ) -> String? {
        for (owner, asset, amount) in reference.balances {
            let key = StateKeys.balance(asset: asset, address: owner)
            explained.insert(key)
            guard machine.balance(of: owner, asset: asset) == amount else {
                return "balance of \(AddressText.encode(owner)): the reference holds \(amount), "
                    + "the machine \(machine.balance(of: owner, asset: asset))"
            }
        }
        for (asset, amount) in reference.supplies {
            explained.insert(StateKeys.supply(asset: asset))
            guard machine.supply(of: asset) == amount else {
                return
                    "supply of 0x\(asset.hex): the reference says \(amount), the machine \(machine.supply(of: asset))"
            }
            for address in machine.state.contracts.keys {
                explained.insert(StateKeys.holding(contract: address, asset: asset))
            }
        }
        for (address, asset, amount) in (try? reference.holdings()) ?? [] {
            guard machine.holding(of: asset, in: address) == amount else {
                return "vaults of \(AddressText.encode(address)): the reference holds \(amount), "
                    + "the machine \(machine.holding(of: asset, in: address))"
            }
        }
        return nil
    }

    private static func stateKey(_ slot: Int, _ field: StateField, _ keys: [Value], at address: Bytes32) -> Bytes32 {
        guard !keys.isEmpty else { return StateKeys.slot(contract: address, slot: slot, overlayKey: StateKeys.plain) }
        let encoded = CanonicalEncoding.encode(all: keys) ?? []
        let isPadded = field.keyTypes.count == 1 && (longestEncoding(field.keyTypes[0]) ?? .max) <= Bytes32.byteCount
        return StateKeys.slot(
            contract: address, slot: slot, overlayKey: StateKeys.overlayKey(encodedKeys: encoded, isPadded: isPadded))
    }

    /// Bytes that the encoding of a key takes at most; nil where keys cannot be of the type.
    private static func longestEncoding(_ type: Type) -> Int? {
        switch type {
        case .boolean: return 1
        case .integer(let integer):
            // The least signed value has a magnitude of one bit more than the greatest, as many as the type has bits.
            let magnitudeBytes = (integer.bits + 7) / 8
            return CanonicalEncoding.count(2 * magnitudeBytes + 1).count + magnitudeBytes
        case .fixed: return CanonicalEncoding.count(65).count + 32
        case .address, .hash, .asset, .interface: return 32
        case .bytes(let capacity), .text(let capacity): return CanonicalEncoding.count(capacity).count + capacity
        case .enumeration: return 1
        default: return nil
        }
    }
}
