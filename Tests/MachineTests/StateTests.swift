import Bytecode
import Crypto
import Machine
import Numerics
import TestSupport
import Testing
import Verifier

/// Slots: 0 plain integer, 1 by address, 2 iterable by integer (at most 5), 3 iterable at the second of two keys, 4
/// list.
func stateModule() throws -> Module {
    try assemble(
        """
        function setPlain(Int)
            statePut r0, r0, 0
            returnNothing
        end
        function plain() -> Int readonly
        registers Int
            stateGet r0, r0, 0
            return r0
        end
        function put(Int<64>, Int)
            statePut r1, r0, 2
            returnNothing
        end
        function get(Int<64>) -> Int readonly
        registers Int
            stateGet r1, r0, 2
            return r1
        end
        function remove(Int<64>)
            stateRemove r0, 2
            returnNothing
        end
        function contains(Int<64>) -> Bool readonly
        registers Bool
            stateContains r1, r0, 2
            return r1
        end
        function find(Int<64>) -> Int? readonly
        registers Int?
            stateFind r1, r0, 2
            return r1
        end
        function count() -> Int readonly
        registers Int
            stateCount r0, r0, 2
            return r0
        end
        function keyAt(Int) -> Int<64> readonly
        registers Int<64>
            stateKeyAt r1, r1, r0, 2
            return r1
        end
        function put2(Address, Text<9>, Int)
            statePut r2, r0, 3
            returnNothing
        end
        function get2(Address, Text<9>) -> Int readonly
        registers Int
            stateGet r2, r0, 3
            return r2
        end
        function remove2(Address, Text<9>)
            stateRemove r0, 3
            returnNothing
        end
        function keyAt2(Address, Int) -> Text<9> readonly
        registers Text<9>
            stateKeyAt r2, r0, r1, 3
            return r2
        end
        function count2(Address) -> Int readonly
        registers Int
            stateCount r1, r0, 3
            return r1
        end
        function setList(List<Int<8>, 4>)
            statePut r0, r0, 4
            returnNothing
        end
        function list() -> List<Int<8>, 4> readonly
        registers List<Int<8>, 4>
            stateGet r0, r0, 4
            return r0
        end
        function spoil()
        registers List<Int<8>, 4>, Int
            stateGet r0, r0, 4
            loadInteger r1, 7
            listAppend r0, r1
            returnNothing
        end
        function extend()
        registers List<Int<8>, 4>, Int
            stateGet r0, r0, 4
            copyObject r0, r0
            loadInteger r1, 7
            listAppend r0, r1
            statePut r0, r0, 4
            returnNothing
        end
        function spoilAfterPut(List<Int<8>, 4>)
        registers Int
            statePut r0, r0, 4
            loadInteger r1, 7
            listAppend r0, r1
            returnNothing
        end
        """
    ) { builder in
        let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
        let short = builder.type(.integer(.int, bits: 64, isSigned: true))
        let byte = builder.type(.integer(.int, bits: 8, isSigned: true))
        let address = builder.type(.bytes32(.address))
        let text = builder.type(.text(capacity: 9))
        let list = builder.type(.list(byte, capacity: 4))
        builder.module.slots = [
            Slot(name: "plain", kind: .plain, keys: [], type: integer, capacity: nil),
            Slot(name: "byAddress", kind: .plain, keys: [address], type: integer, capacity: nil),
            Slot(name: "iterable", kind: .plain, keys: [short], type: integer, capacity: 5),
            Slot(name: "nested", kind: .plain, keys: [address, text], type: integer, capacity: 40),
            Slot(name: "list", kind: .plain, keys: [], type: list, capacity: nil),
        ]
    }
}

@Suite struct StateTests {
    @Test func plainEntriesLastAndUseTheDocumentedKey() throws {
        let chain = try TestChain()
        try chain.deploy(try stateModule(), at: address(50))
        #expect(chain.call(address(50), "plain").integer == 0)
        let result = chain.call(address(50), "setPlain", encode(-5))
        let key = StateKeys.slot(contract: address(50), slot: 0, overlayKey: StateKeys.plain)
        #expect(result.writes == [StateWrite(key: key, value: encode(-5))])
        #expect(chain.call(address(50), "plain").integer == -5)
        // The formula of Documentation/machine.md, written out.
        let bytes = address(50).bytes + [0, 0, 0, 0] + [UInt8](repeating: 0, count: 32)
        #expect(key == Blake2b.hash(bytes))
    }

    @Test func iterableMapsFollowAModel() throws {
        let chain = try TestChain()
        try chain.deploy(try stateModule(), at: address(50))
        var generator = SplitMix64(seed: 11)
        var keys: [Int] = []
        var values: [Int: Int] = [:]
        for round in 0..<400 {
            let key = generator.below(9) - 4
            switch generator.below(3) {
            case 0, 1:
                let value = generator.below(1000)
                let failure = chain.failure(address(50), "put", encode(key) + encode(value))
                if values[key] == nil && keys.count == 5 {
                    #expect(failure == "CapacityExceeded", "round \(round)")
                    continue
                }
                #expect(failure == nil, "round \(round)")
                if values[key] == nil { keys.append(key) }
                values[key] = value
            default:
                #expect(chain.failure(address(50), "remove", encode(key)) == nil, "round \(round)")
                if let index = keys.firstIndex(of: key) {
                    keys[index] = keys[keys.count - 1]
                    keys.removeLast()
                    values[key] = nil
                }
            }
            #expect(chain.call(address(50), "count").integer == BigInt(keys.count))
            for (index, key) in keys.enumerated() {
                #expect(chain.call(address(50), "keyAt", encode(index)).integer == BigInt(key), "round \(round)")
                #expect(chain.call(address(50), "get", encode(key)).integer == values[key].map { BigInt($0) })
            }
            #expect(chain.failure(address(50), "keyAt", encode(keys.count)) == "IndexOutOfRange")
            #expect(chain.failure(address(50), "keyAt", encode(-1)) == "IndexOutOfRange")
            #expect(chain.call(address(50), "contains", encode(key)).bytes == [values[key] == nil ? 0 : 1])
            let found = values[key].map { [1] + encode($0) } ?? [0]
            #expect(chain.call(address(50), "find", encode(key)).bytes == found)
        }
        for key in keys { chain.call(address(50), "remove", encode(key)) }
        #expect(chain.state.isEmpty, "an empty map leaves nothing behind")
    }

    @Test func mapsWithinMapsAreApart() throws {
        let chain = try TestChain()
        try chain.deploy(try stateModule(), at: address(50))
        func text(_ value: String) -> [UInt8] { [UInt8(value.utf8.count)] + value.utf8 }
        for owner in 1...3 as ClosedRange<UInt64> {
            for name in 0..<Int(owner) {
                let arguments = address(owner).bytes + text("n\(name)") + encode(Int(owner) * 10 + name)
                #expect(chain.failure(address(50), "put2", arguments) == nil)
            }
        }
        #expect(chain.call(address(50), "get2", address(3).bytes + text("n2")).integer == 32)
        #expect(chain.call(address(50), "get2", address(2).bytes + text("n2")).integer == 0)
        #expect(chain.call(address(50), "count2", address(3).bytes).integer == 3)
        #expect(chain.failure(address(50), "remove2", address(3).bytes + text("n0")) == nil)
        #expect(chain.call(address(50), "keyAt2", address(3).bytes + encode(0)).bytes == text("n2"))
        #expect(chain.call(address(50), "count2", address(3).bytes).integer == 2)
        #expect(chain.call(address(50), "count2", address(2).bytes).integer == 2)
    }

    @Test func sharedObjectsAreNotChangedInPlace() throws {
        let chain = try TestChain()
        try chain.deploy(try stateModule(), at: address(50))
        // Absent: the zero value, which all contracts of the module share.
        #expect(chain.failure(address(50), "spoil") == "SharedObject")
        #expect(chain.failure(address(50), "setList", [2, 2, 5, 3, 6]) == nil)
        #expect(chain.call(address(50), "list").bytes == [2, 2, 5, 3, 6])
        #expect(chain.failure(address(50), "spoil") == "SharedObject")
        #expect(chain.failure(address(50), "spoilAfterPut", [1, 2, 1]) == "SharedObject")
        #expect(chain.failure(address(50), "extend") == nil)
        #expect(chain.call(address(50), "list").bytes == [3, 2, 5, 3, 6, 2, 7])
        #expect(chain.failure(address(50), "extend") == nil)
        #expect(chain.failure(address(50), "extend") == "CapacityExceeded")
    }

    @Test func widthsAreCheckedWhereValuesEnterState() throws {
        let chain = try TestChain()
        let module = try assemble(
            """
            function put(Int)
                statePut r0, r0, 0
                returnNothing
            end
            function putList(Int)
            registers List<Int<8>, 4>
                newList r1, 3
                listAppend r1, r0
                statePut r1, r0, 1
                returnNothing
            end
            """
        ) { builder in
            let byte = builder.type(.integer(.int, bits: 8, isSigned: true))
            _ = builder.type(.integer(.int, bits: 256, isSigned: true))
            _ = builder.type(.boolean)
            let list = builder.type(.list(byte, capacity: 4))
            builder.module.slots = [
                Slot(name: "byte", kind: .plain, keys: [], type: byte, capacity: nil),
                Slot(name: "list", kind: .plain, keys: [], type: list, capacity: nil),
            ]
        }
        try chain.deploy(module, at: address(50))
        for entry in ["put", "putList"] {
            #expect(chain.failure(address(50), entry, encode(127)) == nil)
            #expect(chain.failure(address(50), entry, encode(-128)) == nil)
            #expect(chain.failure(address(50), entry, encode(128)) == "Overflow")
            #expect(chain.failure(address(50), entry, encode(-129)) == "Overflow")
        }
    }

    @Test func damagedStateIsReportedAsSuch() throws {
        let chain = try TestChain()
        try chain.deploy(try stateModule(), at: address(50))
        let key = StateKeys.slot(contract: address(50), slot: 0, overlayKey: StateKeys.plain)
        for bytes: [UInt8] in [[], [1], [2, 0], [2, 1, 9], [200]] {
            chain.state[key] = bytes
            #expect(chain.failure(address(50), "plain") == "DamagedState", "\(bytes)")
        }
    }

    @Test func readOnlyCallsRunViewsAlone() throws {
        let chain = try TestChain()
        try chain.deploy(try stateModule(), at: address(50))
        #expect(chain.call(address(50), "plain", isReadOnly: true).integer == 0)
        #expect(chain.call(address(50), "setPlain", encode(1), isReadOnly: true).failureName == "NoSuchEntry")
    }
}
