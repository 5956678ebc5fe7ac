import Bytecode
import Numerics
import Reference
import Semantics
import Testing

@Suite("Reference evaluator")
struct ReferenceTests {
    @Test("The two canonical encoders agree")
    func encodersAgree() throws {
        let coding = ABICoding(types: [
            .integer(.int, bits: 4_096, isSigned: true), .boolean, .bytes(capacity: 200), .list(0, capacity: 8),
            .option(0),
            .structure(name: "S", fields: [.init(name: "a", type: 0), .init(name: "b", type: 4)]),
            .enumeration(
                name: "E",
                cases: [.init(name: "x", payload: []), .init(name: "y", payload: [.init(name: "p", type: 0)])]),
            .tensor(.i16, dimensions: [2, 0]),
        ])
        let edges: [BigInt] = [0, 1, -1, 127, 128, 255, -256, 65_536, (.one << 64) - 1, -(.one << 255), .one << 4_000]
        for edge in edges {
            let pairs: [(Value, ABIValue, TypeIndex)] = [
                (.integer(edge), .integer(edge), 0),
                (.list([.integer(edge), .integer(0)]), .list([.integer(edge), .integer(0)]), 3),
                (.option(.integer(edge)), .option(.integer(edge)), 4),
                (
                    .structure([.integer(edge), .option(nil)]), .structure([.integer(edge), .option(nil)]), 5
                ),
                (.enumeration(1, [.integer(edge)]), .enumeration(caseIndex: 1, payload: [.integer(edge)]), 6),
            ]
            for (value, abiValue, type) in pairs {
                #expect(CanonicalEncoding.encode(value) == (try coding.encode(abiValue, as: type)))
            }
        }
        let long = [UInt8](repeating: 7, count: 200)
        #expect(CanonicalEncoding.encode(.bytes(long)) == (try coding.encode(.bytes(long), as: 2)))
        let tensor = try #require(TensorValue(element: .i16, dimensions: [2, 1], elements: [-2, 300]))
        let raw = ABIValue.tensor(dimensions: [2, 1], data: [0xFE, 0xFF, 0x2C, 0x01])
        #expect(CanonicalEncoding.encode(.tensor(tensor)) == (try coding.encode(raw, as: 7)))
    }

    @Test("Decoding accepts the one encoding of a value and nothing else")
    func decoding() {
        let program = Program()
        let types: [Type] = [.integer(.int), .list(.boolean, capacity: 3), .option(.text(capacity: 4))]
        let values: [Value] = [.integer(-300), .list([.boolean(true)]), .option(.bytes([0x61]))]
        let bytes = CanonicalEncoding.encode(all: values) ?? []
        #expect(CanonicalDecoding.decode(bytes, as: types, in: program) == values)
        for length in bytes.indices {
            #expect(CanonicalDecoding.decode(Array(bytes[..<length]), as: types, in: program) == nil)
        }
        #expect(CanonicalDecoding.decode(bytes + [0], as: types, in: program) == nil)
        for wrong: [UInt8] in [[1], [2, 0], [0x82, 0x00, 1], [0x80, 0x00]] {
            #expect(CanonicalDecoding.decode(wrong, as: [.integer(.int)], in: program) == nil)
        }
        #expect(CanonicalDecoding.decode([2], as: [.boolean], in: program) == nil)
        #expect(CanonicalDecoding.decode([1, 0xFF], as: [.text(capacity: 4)], in: program) == nil)
        #expect(CanonicalDecoding.decode([4, 0, 0, 0, 0], as: [.bytes(capacity: 3)], in: program) == nil)
    }
}
