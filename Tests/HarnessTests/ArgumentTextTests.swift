import Bytecode
import Harness
import Testing

@Suite("Arguments as text")
struct ArgumentTextTests {
    private static let types: [TypeDescriptor] = [
        .integer(.int, bits: 256, isSigned: true), .integer(.fixed, bits: 256, isSigned: true), .boolean,
        .text(capacity: 20), .bytes(capacity: 4), .list(0, capacity: 3), .option(0),
        .structure(name: "Point", fields: [.init(name: "x", type: 0), .init(name: "y", type: 1)]),
        .enumeration(
            name: "Kind",
            cases: [.init(name: "none_", payload: []), .init(name: "one", payload: [.init(name: "n", type: 0)])]),
        .bytes32(.address), .bytes32(.hash), .tensor(.i8, dimensions: [2]), .list(7, capacity: 2),
        .list(6, capacity: 2),
    ]
    private static let text = ArgumentText(types: types, addressNames: ["alice": .zero])

    @Test("Literals of every type")
    func literals() throws {
        let cases: [(String, TypeIndex, ABIValue)] = [
            ("7", 0, .integer(7)), (" -1_000 ", 0, .integer(-1000)), ("0.5", 1, .integer(500_000_000_000_000_000)),
            ("3", 1, .integer(3_000_000_000_000_000_000)), ("true", 2, .boolean(true)),
            ("\"a\\\"b\\n\"", 3, .text("a\"b\n")), ("0xff00", 4, .bytes([255, 0])),
            ("[1, 2,3]", 5, .list([.integer(1), .integer(2), .integer(3)])), ("[]", 5, .list([])),
            ("none", 6, .option(nil)), ("4", 6, .option(.integer(4))),
            ("Point(x: 1, y: 2.5)", 7, .structure([.integer(1), .integer(2_500_000_000_000_000_000)])),
            ("Point(1, 2)", 7, .structure([.integer(1), .integer(2_000_000_000_000_000_000)])),
            (".none_", 8, .enumeration(caseIndex: 0, payload: [])),
            ("Kind.one(n: 3)", 8, .enumeration(caseIndex: 1, payload: [.integer(3)])),
            ("alice", 9, .bytes32([UInt8](repeating: 0, count: 32))),
            ("{\"x\": 1, \"y\": 2}", 7, .structure([.integer(1), .integer(2_000_000_000_000_000_000)])),
            (" [{\"x\": 1, \"y\": 2}]", 12, .list([.structure([.integer(1), .integer(2_000_000_000_000_000_000)])])),
            ("null", 6, .option(nil)), ("[1, null]", 13, .list([.option(.integer(1)), .option(nil)])),
            ("{\"dimensions\": [2], \"elements\": [1, -1]}", 11, .tensor(dimensions: [2], data: [1, 255])),
        ]
        for (literal, type, value) in cases {
            #expect(try Self.text.value(literal, as: type) == value, "\(literal)")
        }
    }

    @Test("What is no literal of the type is refused with the code of such errors")
    func refusals() {
        let cases: [(String, TypeIndex)] = [
            ("", 0), ("x", 0), ("1 2", 0), ("0.1234567890123456789", 1), ("yes", 2), ("\"open", 3), ("\"\\q\"", 3),
            ("\"123456789012345678901\"", 3), ("0xf", 4), ("0x0102030405", 4), ("[1,", 5), ("[1,2,3,4]", 5),
            ("Point(1)", 7), ("Point(1,2,3)", 7), ("Dot(1,2)", 7), (".two", 8), ("ag1nonsense", 9), ("0x00", 10),
            ("[{\"x\": 1}]", 12), ("[{\"x\": 1, \"y\": 2, \"z\": 3}]", 12), ("[{\"x\": 1", 12), ("null", 0),
            ("[1]", 11), ("{", 11), (String(repeating: "[", count: 5_000), 5),
        ]
        for (literal, type) in cases {
            #expect(throws: ArgumentText.ParseError.self, "\(literal)") { try Self.text.value(literal, as: type) }
        }
    }

    @Test("What was given is repeated in part when it is long")
    func longArguments() {
        let long = "[" + String(repeating: "9", count: 10_000)
        for type in [0, 5] {
            do throws(ArgumentText.ParseError) {
                _ = try Self.text.value(long, as: type)
                Issue.record("taken")
            } catch {
                #expect(error.message.count < 120)
            }
        }
    }
}
