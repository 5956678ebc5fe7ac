import Bytecode
import Crypto
import Machine
import Numerics
import Testing
import Verifier

@Suite struct ObjectTests {
    private let contract = address(50)

    /// One function, run once; the result's bytes or the failure's name.
    private func run(
        _ text: String, _ arguments: [UInt8] = [], configure: (inout ModuleBuilder) -> Void = { _ in }
    ) throws -> (bytes: [UInt8]?, failure: String?) {
        let chain = try TestChain()
        try chain.deploy(try assemble(text, configure: configure), at: contract)
        let result = chain.call(contract, "f", arguments)
        return (result.bytes, result.failureName)
    }

    private func types(_ builder: inout ModuleBuilder) {
        let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
        let point = builder.type(
            .structure(name: "P", fields: [.init(name: "x", type: integer), .init(name: "y", type: integer)]))
        _ = builder.type(.option(integer))
        _ = builder.type(
            .enumeration(
                name: "E",
                cases: [
                    .init(name: "a", payload: []), .init(name: "b", payload: [.init(name: "p", type: point)]),
                    .init(name: "c", payload: [.init(name: "n", type: integer), .init(name: "m", type: integer)]),
                ]))
        _ = builder.type(.list(point, capacity: 3))
    }

    @Test func structsAreBuiltReadAndChanged() throws {
        let text = """
            function f(Int, Int) -> #1
            registers #1, Int, #1
                newObject r2, r0, 0, 1
                copyObject r4, r2
                loadInteger r3, 7
                setField r4, r3, 1
                getField r3, r2, 1
                addImmediate r3, r3, 1
                setField r4, r3, 0
                return r4
            end
            """
        #expect(try run(text, encode(3) + encode(9), configure: types).bytes == encode(10) + encode(7))
    }

    @Test func enumsAndOptionsKeepTheirCase() throws {
        let payload = """
            function f(#3) -> Int
            registers Int, #1
                tag r1, r0
                getPayload r2, r0, 1, 0
                getField r1, r2, 0
                return r1
            end
            """
        #expect(try run(payload, [1] + encode(5) + encode(6), configure: types).bytes == encode(5))
        #expect(try run(payload, [0], configure: types).failure == "InvalidArgument")
        #expect(try run(payload, [2] + encode(5) + encode(6), configure: types).failure == "InvalidArgument")
        #expect(try run(payload, [3], configure: types).failure == "InvalidArgument")
        let tag = "function f(#3) -> Int\nregisters Int\ntag r1, r0\nreturn r1\nend"
        #expect(try run(tag, [2] + encode(5) + encode(6), configure: types).bytes == encode(2))
        let make = "function f(Int) -> #2\nregisters #2\nnewObject r1, r0, 1, 2\nreturn r1\nend"
        #expect(try run(make, encode(8), configure: types).bytes == [1] + encode(8))
        let none = "function f(Int) -> #2\nregisters #2\nnewObject r1, r0, 0, 2\nreturn r1\nend"
        #expect(try run(none, encode(8), configure: types).bytes == [0])
    }

    @Test func equalityIsByValue() throws {
        let text = "function f(#4, #4) -> Bool\nregisters Bool\nequalValue r2, r0, r1\nreturn r2\nend"
        func list(_ points: [(Int, Int)]) -> [UInt8] {
            [UInt8(points.count)] + points.flatMap { encode($0.0) + encode($0.1) }
        }
        let left = list([(1, 2), (3, 4)])
        #expect(try run(text, left + left, configure: types).bytes == [1])
        #expect(try run(text, left + list([(1, 2), (3, 5)]), configure: types).bytes == [0])
        #expect(try run(text, left + list([(1, 2)]), configure: types).bytes == [0])
        #expect(try run(text, list([]) + list([]), configure: types).bytes == [1])
    }

    @Test func listsGrowToTheirCapacity() throws {
        let text = """
            function f(Int) -> List<Int, 9>
            registers List<Int, 9>, Int
                newList r1, 1
                loadInteger r2, 0
                branchLessOrEqual r0, r2, done
            again:
                listAppend r1, r2
                loop r2, r0, again
            done:
                return r1
            end
            """
        let configure = { (builder: inout ModuleBuilder) in
            let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
            _ = builder.type(.list(integer, capacity: 9))
        }
        for count in 0...9 {
            let expected = [UInt8(count)] + (0..<count).flatMap { encode($0) }
            #expect(try run(text, encode(count), configure: configure).bytes == expected)
        }
        #expect(try run(text, encode(10), configure: configure).failure == "CapacityExceeded")
    }

    @Test func listOperations() throws {
        func list(_ values: [Int]) -> [UInt8] { [UInt8(values.count)] + values.flatMap { encode($0) } }
        func header(_ result: String, _ parameters: String = "List<Int, 9>") -> String {
            "function f(\(parameters)) -> \(result)\nregisters \(result)\n"
        }
        let values = [5, -3, 9, 5, 0]
        let sorted = header("List<Int, 9>") + "listSort r1, r0, ascending\nreturn r1\nend"
        #expect(try run(sorted, list(values)).bytes == list([-3, 0, 5, 5, 9]))
        #expect(try run(sorted, list([])).bytes == list([]))
        let order = header("List<Int, 9>") + "listOrder r1, r0, descending\nreturn r1\nend"
        #expect(try run(order, list(values)).bytes == list([2, 0, 3, 4, 1]))
        let ranks = header("List<Int, 9>") + "listRanks r1, r0, descending\nreturn r1\nend"
        #expect(try run(ranks, list(values)).bytes == list([1, 4, 0, 2, 3]))
        let sum = header("Int") + "listSum r1, r0\nreturn r1\nend"
        #expect(try run(sum, list(values)).bytes == encode(16))
        let contains = header("Bool", "List<Int, 9>, Int") + "listContains r2, r0, r1\nreturn r2\nend"
        #expect(try run(contains, list(values) + encode(9)).bytes == [1])
        #expect(try run(contains, list(values) + encode(8)).bytes == [0])
        let get = header("Int", "List<Int, 9>, Int") + "listGet r2, r0, r1\nreturn r2\nend"
        #expect(try run(get, list(values) + encode(2)).bytes == encode(9))
        for index in [5, -1, Int.max, Int.min] {
            #expect(try run(get, list(values) + encode(index)).failure == "IndexOutOfRange", "\(index)")
        }
        let set = header("Int", "List<Int, 9>, Int") + "listSet r0, r1, r1\nlistGet r2, r0, r1\nreturn r2\nend"
        #expect(try run(set, list(values) + encode(4)).bytes == encode(4))
        #expect(try run(set, list(values) + encode(5)).failure == "IndexOutOfRange")
        let split = header("List<Int, 9>", "Int, List<Int, 9>") + "splitAmount r2, r0, r1\nreturn r2\nend"
        #expect(try run(split, encode(100) + list([1, 1, 1])).bytes == list([33, 33, 34]))
        #expect(try run(split, encode(100) + list([0, 0])).bytes == list([0, 0]))
        #expect(try run(split, encode(100) + list([1, -1])).failure == "NegativeWeight")
        #expect(try run(split, encode(-1) + list([1])).failure == "Overflow")
        let repeated =
            "function f(Int, Int) -> List<Int, 9>\nregisters List<Int, 9>\nlistRepeat r2, r0, r1, 1\nreturn r2\nend"
        #expect(try run(repeated, encode(7) + encode(2)).bytes == list([7, 7]))
        #expect(try run(repeated, encode(7) + encode(0)).bytes == list([]))
        #expect(try run(repeated, encode(7) + encode(10)).failure == "CapacityExceeded")
        #expect(try run(repeated, encode(7) + encode(-1)).failure == "CapacityExceeded")
    }

    @Test func bytesAndText() throws {
        func bytes(_ values: [UInt8]) -> [UInt8] { [UInt8(values.count)] + values }
        let slice = """
            function f(Text<20>, Int, Int) -> Text<4>
            registers Text<4>
                byteSlice r3, r0, r1, r2
                return r3
            end
            """
        let text = bytes(Array("grüße".utf8))
        #expect(try run(slice, text + encode(0) + encode(2)).bytes == bytes(Array("gr".utf8)))
        #expect(try run(slice, text + encode(2) + encode(4)).bytes == bytes(Array("ü".utf8)))
        #expect(try run(slice, text + encode(2) + encode(3)).failure == "InvalidArgument")
        #expect(try run(slice, text + encode(0) + encode(5)).failure == "CapacityExceeded")
        #expect(try run(slice, text + encode(3) + encode(2)).failure == "IndexOutOfRange")
        #expect(try run(slice, text + encode(0) + encode(8)).failure == "IndexOutOfRange")
        #expect(try run(slice, bytes([0xFF]) + encode(0) + encode(0)).failure == "InvalidArgument")
        let join = """
            function f(Bytes<9>, Bytes<9>) -> Bytes<9>
            registers Bytes<9>
                byteConcatenate r2, r0, r1
                return r2
            end
            """
        #expect(try run(join, bytes([1, 2]) + bytes([3])).bytes == bytes([1, 2, 3]))
        #expect(try run(join, bytes([1, 2, 3, 4, 5]) + bytes([1, 2, 3, 4, 5])).failure == "CapacityExceeded")
        let get = "function f(Bytes<9>, Int) -> Int\nregisters Int\nbyteGet r2, r0, r1\nreturn r2\nend"
        #expect(try run(get, bytes([1, 200]) + encode(1)).bytes == encode(200))
        #expect(try run(get, bytes([1, 200]) + encode(2)).failure == "IndexOutOfRange")
    }

    @Test func hashesAreOfTheEncoding() throws {
        let value = "function f(Int) -> Hash\nregisters Hash\nhashValue r1, r0\nreturn r1\nend"
        #expect(try run(value, encode(300)).bytes == Blake2b.hash(encode(300)).bytes)
        let bytes = "function f(Bytes<9>) -> Hash\nregisters Hash\nhashValue r1, r0\nreturn r1\nend"
        #expect(try run(bytes, [3, 1, 2, 3]).bytes == Blake2b.hash([1, 2, 3]).bytes)
        let sha = "function f(Bytes<9>) -> Hash\nregisters Hash\nsha256 r1, r0\nreturn r1\nend"
        #expect(try run(sha, [3, 1, 2, 3]).bytes == Sha2.sha256([1, 2, 3]).bytes)
    }

    @Test func signaturesAndRandomnessAreVerified() throws {
        let key = SigningKey(seed: address(4))
        let message: [UInt8] = [1, 2, 3]
        let verifySignature = """
            function f(Hash, Bytes<9>, Bytes<64>) -> Bool
            registers Bool
                verifySignature r3, r0
                return r3
            end
            """
        let signature = key.sign(message).bytes
        let publicKey = key.publicKey.encoded.bytes
        #expect(try run(verifySignature, publicKey + [3] + message + [64] + signature).bytes == [1])
        #expect(try run(verifySignature, publicKey + [3, 1, 2, 4] + [64] + signature).bytes == [0])
        #expect(try run(verifySignature, publicKey + [3] + message + [63] + signature.dropLast()).bytes == [0])
        let verifyVRF = """
            function f(Hash, Bytes<9>, Bytes<80>) -> Hash?
            registers Hash?
                verifyVRF r3, r0
                return r3
            end
            """
        let proof = try #require(VerifiableRandom.prove(message, key: key))
        let output = try #require(VerifiableRandom.verify(proof: proof, input: message, key: key.publicKey))
        #expect(try run(verifyVRF, publicKey + [3] + message + [80] + proof).bytes == [1] + output.prefix(32))
        #expect(try run(verifyVRF, publicKey + [2, 1, 2] + [80] + proof).bytes == [0])
    }

    @Test func contextIsReadable() throws {
        for (mnemonic, expected) in [
            ("caller", address(1)), ("selfAddress", contract), ("chain", address(99)),
        ] {
            let text = "function f() -> Hash\nregisters Hash\n\(mnemonic) r0\nreturn r0\nend"
            #expect(try run(text).bytes == expected.bytes)
        }
        #expect(try run("function f() -> Height\nregisters Height\nheight r0\nreturn r0\nend").bytes == encode(10))
    }

    /// Two references to one part make a value exponentially longer than its memory: gas stops the walk.
    @Test func sharedPartsCannotOutgrowTheirGas() throws {
        var text = "function f() -> Hash\nregisters Int, #1"
        for level in 2...12 { text += ", #\(level)" }
        text += ", Hash\nloadInteger r0, 64\n"
        text += "loadInteger r0, 1\nnewList r1, 1\n" + String(repeating: "listAppend r1, r0\n", count: 60)
        for level in 2...12 {
            text +=
                "newList r\(level), \(level)\n" + String(repeating: "listAppend r\(level), r\(level - 1)\n", count: 60)
        }
        text += "hashValue r13, r12\nreturn r13\nend"
        let result = try run(text) { builder in
            let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
            var element = integer
            for _ in 1...12 { element = builder.type(.list(element, capacity: 64)) }
        }
        #expect(result.failure == "OutOfGas")
    }

    @Test func theArenaIsCapped() throws {
        let machine = try #require(Machine(seed: 1, arenaBytes: 1 << 16))
        let chain = try TestChain(machine: machine)
        let text = """
            function f(Int)
            registers List<Int, 100>, Int, Int
                loadInteger r2, 0
                loadInteger r3, 100
            again:
                listRepeat r1, r2, r3, 1
                loop r2, r0, again
                returnNothing
            end
            """
        let module = try assemble(text) { builder in
            let integer = builder.type(.integer(.int, bits: 256, isSigned: true))
            _ = builder.type(.list(integer, capacity: 100))
        }
        try chain.deploy(module, at: contract)
        #expect(chain.failure(contract, "f", encode(15)) == nil)
        #expect(chain.failure(contract, "f", encode(20)) == "OutOfMemory")
        #expect(chain.failure(contract, "f", encode(15)) == nil, "the next call has all memory again")
    }
}
