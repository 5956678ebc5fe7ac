import Bytecode
import Crypto
import Machine
import Numerics
import TestSupport
import Testing
import Verifier

/// One module for all parts: `apply` changes an iterable map and may then fail; `batch` tries several such changes and
/// may then fail; `run` tries two batches.
private func stepModule() throws -> Module {
    try assemble(
        """
        function apply(Int)
        registers Int, Int, Int, Int
            moduloImmediate r1, r0, 2
            loadInteger r4, 2
            divide r2, r0, r4, floor
            moduloImmediate r3, r2, 2
            divide r2, r2, r4, floor
            loadInteger r4, 0
            branchEqual r3, r4, put
            stateRemove r2, 0
            jump changed
        put:
            statePut r0, r2, 0
        changed:
            branchEqual r1, r4, fine
            failBuiltin Overflow
        fine:
            returnNothing
        end
        function batch(Interface#0, List<Int, 16>, Int)
        registers Int, Int, Int, Int
            listCount r4, r1
            loadInteger r3, 0
            branchLessOrEqual r4, r3, done
        again:
            loadInteger r5, 1000000
            listGet r6, r1, r3
            tryCall r6, r0, r5, 0, failed
        failed:
            loop r3, r4, again
        done:
            loadInteger r5, 0
            branchEqual r2, r5, fine
            failBuiltin Overflow
        fine:
            returnNothing
        end
        function run(Interface#0, Interface#0, List<Int, 16>, Int, List<Int, 16>, Int)
        registers Int, Interface#0, List<Int, 16>, Int
            loadInteger r6, 20000000
            move r7, r1
            move r8, r2
            move r9, r3
            tryCall r7, r0, r6, 1, next
        next:
            move r7, r1
            move r8, r4
            move r9, r5
            tryCall r7, r0, r6, 1, done
        done:
            returnNothing
        end
        function entries() -> List<Int, 16> readonly
        registers List<Int, 16>, Int, Int, Int
            newList r0, 2
            stateCount r1, r1, 0
            loadInteger r2, 0
            branchLessOrEqual r1, r2, done
        again:
            stateKeyAt r3, r0, r2, 0
            listAppend r0, r3
            stateGet r3, r3, 0
            listAppend r0, r3
            loop r2, r1, again
        done:
            return r0
        end
        """
    ) { builder in
        let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
        let own = builder.type(.bytes32(.interface(0)))
        let list = builder.type(.list(integer, capacity: 16))
        func field(_ type: TypeIndex) -> TypeDescriptor.Field { .init(name: "p", type: type) }
        builder.module.interfaces = [
            InterfaceDescriptor(
                name: "Step",
                methods: [
                    .init(name: "apply", isView: false, parameters: [field(integer)], result: nil),
                    .init(
                        name: "batch", isView: false, parameters: [field(own), field(list), field(integer)],
                        result: nil),
                ], isImplemented: true)
        ]
        builder.module.imports = [ImportedMethod(interface: 0, method: 0), ImportedMethod(interface: 0, method: 1)]
        builder.module.slots = [Slot(name: "m", kind: .plain, keys: [integer], type: integer, capacity: 6)]
    }
}

/// The iterable map as a list of pairs whose last one fills a hole.
private struct MapModel: Equatable {
    var pairs: [(key: Int, value: Int)] = []

    static func == (left: MapModel, right: MapModel) -> Bool {
        left.pairs.elementsEqual(right.pairs) { $0.key == $1.key && $0.value == $1.value }
    }

    /// What one call of `apply` leaves.
    func applying(_ operation: Int) -> MapModel {
        if operation % 2 == 1 { return self }
        var next = self
        let key = operation / 4
        let place = pairs.firstIndex { $0.key == key }
        if operation / 2 % 2 == 1 {
            if let place {
                let last = next.pairs.removeLast()
                if place < next.pairs.count { next.pairs[place] = last }
            }
        } else if let place {
            next.pairs[place].value = operation
        } else if pairs.count < 6 {
            next.pairs.append((key, operation))
        }
        return next
    }
}

@Suite struct AdversaryStateTests {
    /// Insertions and swapping removals undone at two levels of tried calls leave exactly what a model holds.
    @Test func iterableMapsSurviveUndoing() throws {
        let seed: UInt64 = 20_26
        var generator = SplitMix64(seed: seed)
        let module = try stepModule()
        let chain = try TestChain()
        let (driver, middle, keeper) = (address(50), address(60), address(70))
        for contract in [driver, middle, keeper] { try chain.deploy(module, at: contract) }
        func random(_ bound: UInt64) -> Int { Int(generator.next() % bound) }
        var model = MapModel()
        for round in 0..<400 {
            var arguments = middle.bytes + keeper.bytes
            for _ in 0..<2 {
                let operations = (0..<random(9)).map { _ in random(36) }
                let fails = random(3) == 0
                arguments += [UInt8(operations.count)] + operations.flatMap { encode($0) } + encode(fails ? 1 : 0)
                if !fails { model = operations.reduce(model) { $0.applying($1) } }
            }
            let result = chain.call(driver, "run", arguments, gas: 100_000_000)
            try #require(result.failureName == nil, "seed \(seed), round \(round)")
            let expected = [UInt8(2 * model.pairs.count)] + model.pairs.flatMap { encode($0.key) + encode($0.value) }
            try #require(chain.call(keeper, "entries").bytes == expected, "seed \(seed), round \(round)")
        }
    }

    /// Keys that collide under one seed do not under another: a node's seed is its own.
    @Test func chosenKeysCollideUnderNoOtherSeed() throws {
        func mix(_ value: UInt64) -> UInt64 {
            var bits = value
            bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
            bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
            return bits ^ (bits >> 31)
        }
        let module = try assemble(
            """
            function touch(List<Hash, 8000>)
            registers Int, Int, Hash, Bool
                listCount r1, r0
                loadInteger r2, 0
            again:
                listGet r3, r0, r2
                stateContains r4, r3, 0
                loop r2, r1, again
                returnNothing
            end
            """
        ) { builder in
            let hash = builder.type(.bytes32(.hash))
            let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
            builder.module.slots = [Slot(name: "m", kind: .plain, keys: [hash], type: integer, capacity: nil)]
        }
        // With the first word equal to the seed's first half, the second word has no part in the hash.
        let half = mix(7 &+ 0x9E37_79B9_7F4A_7C15)
        var arguments: [UInt8] = [0xC0, 0x3E]
        for number in 0..<8_000 { arguments += Bytes32(half, UInt64(number), 3, 4).bytes }
        func time(seed: UInt64) throws -> Duration {
            let chain = try TestChain(machine: Machine(seed: seed))
            try chain.deploy(module, at: address(50))
            var best = Duration.seconds(100)
            for _ in 0..<3 {
                best = min(
                    best,
                    ContinuousClock().measure {
                        #expect(chain.failure(address(50), "touch", arguments, gas: 100_000_000) == nil)
                    })
            }
            return best
        }
        let (known, unknown) = (try time(seed: 7), try time(seed: 8))
        print("8000 keys chosen for a seed: \(known) under it, \(unknown) under another")
        #expect(known > unknown * 2)
    }

    /// What a receipt keeps is paid like what a transaction brings.
    @Test func bytesOfReceiptsArePaid() throws {
        let module = try assemble(
            """
            function emitted(Bytes<4000>)
                emit r0, 0
                returnNothing
            end
            function returned(Bytes<4000>) -> Bytes<4000>
                return r0
            end
            function failed(Bytes<4000>)
                fail r0, 0
            end
            """
        ) { builder in
            let bytes = builder.type(.bytes(capacity: 4_000))
            builder.module.events = [SignatureDescriptor(name: "E", parameters: [.init(name: "x", type: bytes)])]
            builder.module.errors = [SignatureDescriptor(name: "F", parameters: [.init(name: "x", type: bytes)])]
        }
        let chain = try TestChain()
        try chain.deploy(module, at: address(50))
        for entry in ["emitted", "returned", "failed"] {
            let short = chain.call(address(50), entry, [0])
            #expect(entry != "emitted" || short.gasUsed >= 20 * 64)
            let long = chain.call(address(50), entry, [0xA0, 0x1F] + [UInt8](repeating: 1, count: 4_000))
            #expect(long.gasUsed - short.gasUsed >= 20 * 4_000, "\(entry)")
        }
    }
}
