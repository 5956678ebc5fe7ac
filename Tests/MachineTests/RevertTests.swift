import Bytecode
import Crypto
import Machine
import Numerics
import TestSupport
import Testing
import Verifier

/// A failed `tryCall` leaves no trace: random writes before, within and after calls that fail or not, against a model
/// that copies its whole state.
@Suite struct RevertTests {
    /// Slot 0: iterable map of integers; slot 1: vault of asset 0; event 0. `step` writes, and fails when told to.
    private func worker() throws -> Module {
        try assemble(
            """
            function put(Int<64>, Int, Bool)
                statePut r1, r0, 0
                emit r1, 0
                branchFalse r2, done
                fail r1, 0
            done:
                returnNothing
            end
            function drop(Int<64>, Int, Bool)
                stateRemove r0, 0
                emit r1, 0
                branchFalse r2, done
                fail r1, 0
            done:
                returnNothing
            end
            function get(Int<64>) -> Int readonly
            registers Int
                stateGet r1, r0, 0
                return r1
            end
            function count() -> Int readonly
            registers Int
                stateCount r0, r0, 0
                return r0
            end
            function keyAt(Int) -> Int<64> readonly
            registers Int<64>
                stateKeyAt r1, r1, r0, 0
                return r1
            end
            """
        ) { tables(&$0, isImplemented: true) }
    }

    private func tables(_ builder: inout ModuleBuilder, isImplemented: Bool) {
        let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
        let short = builder.type(.integer(.int, bits: 64, isSigned: true))
        let boolean = builder.type(.boolean)
        func field(_ type: TypeIndex) -> TypeDescriptor.Field { .init(name: "p", type: type) }
        builder.module.slots = [Slot(name: "m", kind: .plain, keys: [short], type: integer, capacity: 6)]
        builder.module.events = [SignatureDescriptor(name: "E", parameters: [field(integer)])]
        builder.module.errors = [SignatureDescriptor(name: "No", parameters: [field(integer)])]
        let parameters = [field(short), field(integer), field(boolean)]
        builder.module.interfaces = [
            InterfaceDescriptor(
                name: "Worker",
                methods: [
                    .init(name: "put", isView: false, parameters: parameters, result: nil),
                    .init(name: "drop", isView: false, parameters: parameters, result: nil),
                ], isImplemented: isImplemented)
        ]
        builder.module.imports = [ImportedMethod(interface: 0, method: 0), ImportedMethod(interface: 0, method: 1)]
    }

    private enum Step {
        case call(isDrop: Bool, isTried: Bool, fails: Bool, key: Int, value: Int)
    }

    /// A caller whose `run` makes the steps one after the other.
    private func driver(_ steps: [Step]) throws -> Module {
        var text = """
            function run(Interface#0)
            registers Int, Int<64>, Int, Bool
                loadInteger r1, 120000

            """
        for (index, step) in steps.enumerated() {
            guard case .call(let isDrop, let isTried, let fails, let key, let value) = step else { continue }
            text += "loadInteger r2, \(key)\nloadInteger r3, \(value)\nloadBoolean r4, \(fails ? 1 : 0)\n"
            if isTried {
                text += "tryCall r2, r0, r1, \(isDrop ? 1 : 0), next\(index)\nnext\(index):\n"
            } else {
                text += "interfaceCall r2, r0, \(isDrop ? 1 : 0)\n"
            }
        }
        return try assemble(text + "returnNothing\nend") { tables(&$0, isImplemented: false) }
    }

    @Test func randomSequencesFollowAModel() throws {
        let seed: UInt64 = 23
        var generator = SplitMix64(seed: seed)
        let (contract, caller) = (address(50), address(60))
        for round in 0..<60 {
            let chain = try TestChain()
            try chain.deploy(try worker(), at: contract)
            var keys: [Int] = []
            var values: [Int: Int] = [:]
            for transaction in 0..<4 {
                var steps: [Step] = []
                var (newKeys, newValues) = (keys, values)
                var events: [Int] = []
                for _ in 0..<(1 + generator.below(8)) {
                    let key = generator.below(5)
                    let value = generator.below(1_000)
                    let isDrop = generator.below(3) == 0
                    let isTried = generator.below(3) != 0
                    let fails = isTried && generator.below(2) == 0
                    steps.append(.call(isDrop: isDrop, isTried: isTried, fails: fails, key: key, value: value))
                    if fails { continue }
                    events.append(value)
                    if isDrop {
                        guard let index = newKeys.firstIndex(of: key) else { continue }
                        newKeys[index] = newKeys[newKeys.count - 1]
                        newKeys.removeLast()
                        newValues[key] = nil
                    } else {
                        if newValues[key] == nil { newKeys.append(key) }
                        newValues[key] = value
                    }
                }
                let module = try driver(steps)
                chain.modules[caller] = try verified(module)
                let result = chain.call(caller, "run", contract.bytes)
                #expect(result.failureName == nil, "seed \(seed), round \(round), transaction \(transaction)")
                #expect(result.events.map(\.payload) == events.map { encode($0) })
                (keys, values) = (newKeys, newValues)
                #expect(chain.call(contract, "count").integer == BigInt(keys.count))
                for (index, key) in keys.enumerated() {
                    #expect(
                        chain.call(contract, "keyAt", encode(index)).integer == BigInt(key),
                        "seed \(seed), round \(round), transaction \(transaction)")
                    #expect(chain.call(contract, "get", encode(key)).integer == values[key].map { BigInt($0) })
                }
            }
        }
    }
}
