import Bytecode
import Crypto
import Machine
import Numerics
import Reference
import Semantics

extension SettlementBatches {
    /// All that a settlement leaves behind, in both worlds, but who of the callers has what.
    struct Ending {
        private let height: Int
        private let events: [EventRecord]
        /// The machine's entries.
        private let entries: [Bytes32: [UInt8]]
        /// What the callers have together, for each asset that either world knows of.
        private let sums: [BigInt]
        /// The entries of every field in the reference evaluator, each with the contract's and the field's name;
        /// supplies, holdings and balances.
        private let lines: [(name: String, bytes: [UInt8])]

        init(_ world: PairedWorld, callers: [Bytes32]) {
            height = world.height
            events = world.events
            let reference = world.reference
            let assets = reference.supplies.map(\.asset).sorted()
            var entries = world.machine.state.entries
            for asset in assets {
                for caller in callers { entries[StateKeys.balance(asset: asset, address: caller)] = nil }
            }
            self.entries = entries
            sums = assets.flatMap { asset in
                [world.machine as any World, reference].map { side in
                    callers.reduce(BigInt.zero) { $0 + side.balance(of: $1, asset: asset) }
                }
            }
            lines = world.isReferenceDropped ? [] : Self.lines(reference, world.machine.deployed, callers)
        }

        private static func lines(
            _ reference: ReferenceWorld, _ deployed: [(address: Bytes32, contract: ContractID)], _ callers: [Bytes32]
        ) -> [(name: String, bytes: [UInt8])] {
            var lines: [(name: String, bytes: [UInt8])] = []
            for (address, contract) in deployed {
                let declaration = reference.program.contracts[contract]
                for (index, field) in declaration.fields.enumerated() {
                    let encoded = reference.stateEntries(of: index, at: address).map { entry in
                        CanonicalEncoding.encode(all: entry.keys + [entry.value]) ?? []
                    }
                    lines.append(("\(declaration.name).\(field.name)", Array(encoded.joined())))
                }
            }
            func add(_ name: String, _ amounts: [(key: [UInt8], amount: BigInt)]) {
                let sorted = amounts.filter { !$0.amount.isZero }.sorted { $0.key.lexicographicallyPrecedes($1.key) }
                lines.append(
                    (name, sorted.flatMap { $0.key + (CanonicalEncoding.encode(.integer($0.amount)) ?? []) }))
            }
            add("supplies", reference.supplies.map { ($0.asset.bytes, $0.amount) })
            add("vaults", ((try? reference.holdings()) ?? []).map { ($0.contract.bytes + $0.asset.bytes, $0.amount) })
            add(
                "balances",
                reference.balances.filter { !callers.contains($0.owner) }
                    .map { ($0.owner.bytes + $0.asset.bytes, $0.amount) })
            return lines
        }

        private static func text(_ event: EventRecord, _ program: Program) -> String {
            let signature = program.contracts[event.contract].events[event.index]
            return ValueText(program: program).text(name: signature.name, event.values, signature.parameters)
        }

        /// The first difference in words; nil when there is none.
        func difference(from other: Ending, _ program: Program) -> String? {
            if height != other.height { return "the heights are \(height) and \(other.height)" }
            if let pair = zip(events, other.events).first(where: { $0 != $1 }) {
                return "the events \(Self.text(pair.0, program)) and \(Self.text(pair.1, program))"
            }
            if events.count != other.events.count { return "\(events.count) events and \(other.events.count)" }
            if lines.count == other.lines.count,
                let pair = zip(lines, other.lines).first(where: { $0.bytes != $1.bytes })
            {
                return "the reference's \(pair.0.name) differs"
            }
            if entries != other.entries {
                let keys = Set(entries.keys).union(other.entries.keys)
                return "\(keys.count { entries[$0] != other.entries[$0] }) of the machine's entries differ"
            }
            return sums == other.sums ? nil : "the callers have \(sums) and \(other.sums) together"
        }
    }
}
