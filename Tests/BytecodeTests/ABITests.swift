import Bytecode
import Numerics
import TestSupport
import Testing

struct ABITests {
    let module: Module
    let coding: ABICoding

    init() throws {
        module = try sampleModule()
        coding = ABICoding(types: module.types)
    }

    func index(_ text: String) -> TypeIndex {
        module.types.indices.first { coding.typeText($0) == text } ?? -1
    }

    /// Interfaces show the names of assets, not their numbers.
    @Test func typesAreSpelledByNames() {
        var builder = ModuleBuilder(name: "M")
        builder.module.assets = [AssetDescriptor(name: "POINT", origin: .issued)]
        builder.module.interfaces = [InterfaceDescriptor(name: "Rule", methods: [], isImplemented: false)]
        let token = builder.type(.token(0))
        let rule = builder.type(.bytes32(.interface(0)))
        #expect(ABICoding(builder.module).typeText(token) == "Token<POINT>")
        #expect(ABICoding(builder.module).typeText(rule) == "Rule")
        #expect(ABICoding(types: builder.module.types).typeText(token) == "Token#0")
    }

    /// What `agon query` prints is what the language and the REPL write.
    @Test func valuesAreWrittenAsTheLanguageWritesThem() {
        let text = ABIText(types: module.types, formatAddress: { "ag1…\($0.count)" })
        let expected: [(String, ABIValue, String)] = [
            ("Int", .integer(-5), "-5"), ("Amount", .integer(12), "12"), ("Bool", .boolean(true), "true"),
            ("Fixed", .integer(700_000_000_000_000_000), "0.7"), ("Bytes<1024>", .bytes([5, 6]), "0x0506"),
            ("Text<16>", .text("a\"\n"), "\"a\\\"\\n\""),
            ("List<Fixed, 3>", .list([.integer(500_000_000_000_000_000), .integer(0)]), "[0.5, 0]"),
            ("Address?", .option(nil), "none"),
            ("Address?", .option(.bytes32([UInt8](repeating: 9, count: 32))), "ag1…32"),
            ("Point", .structure([.integer(3), .boolean(false)]), "Point(x: 3, flags: false)"),
            ("Shape", .enumeration(caseIndex: 0, payload: []), ".empty"),
            (
                "Shape", .enumeration(caseIndex: 1, payload: [.structure([.integer(3), .boolean(true)])]),
                ".dot(at: Point(x: 3, flags: true))"
            ),
            (
                "Tensor<i16, [0, 2]>", .tensor(dimensions: [1, 2], data: [1, 0, 0xFF, 0xFF]),
                "Tensor<i16, [1, 2]> [1, -1]"
            ),
        ]
        for (type, value, shown) in expected { #expect(text.text(value, as: index(type)) == shown) }
    }

    /// (type, value, encoding) written down by hand from Documentation/machine.md.
    var vectors: [(String, ABIValue, [UInt8])] {
        let address = [UInt8](repeating: 9, count: 32)
        return [
            ("Int", .integer(0), [0]),
            ("Int", .integer(1), [2, 1]),
            ("Int", .integer(-1), [3, 1]),
            ("Amount", .integer(256), [4, 1, 0]),
            ("Fixed", .integer(700_000_000_000_000_000), [16, 0x09, 0xB6, 0xE6, 0x4A, 0x8E, 0xC6, 0, 0]),
            ("Bool", .boolean(true), [1]),
            ("Address", .bytes32(address), address),
            ("Bytes<1024>", .bytes([5, 6]), [2, 5, 6]),
            ("Text<16>", .text("é"), [2, 0xC3, 0xA9]),
            ("List<Fixed, 3>", .list([.integer(1), .integer(0)]), [2, 2, 1, 0]),
            ("Address?", .option(nil), [0]),
            ("Address?", .option(.bytes32(address)), [1] + address),
            ("Address??", .option(.option(nil)), [1, 0]),
            ("Point", .structure([.integer(3), .boolean(false)]), [2, 3, 0]),
            ("Shape", .enumeration(caseIndex: 0, payload: []), [0]),
            (
                "Shape", .enumeration(caseIndex: 1, payload: [.structure([.integer(3), .boolean(true)])]),
                [1, 2, 3, 1]
            ),
            ("Tensor<i16, [0, 2]>", .tensor(dimensions: [1, 2], data: [1, 0, 0xFF, 0xFF]), [1, 2, 1, 0, 255, 255]),
            ("Token#0", .integer(5), [2, 5]),
        ]
    }

    @Test func valuesHaveTheDocumentedEncoding() throws {
        for (type, value, bytes) in vectors {
            #expect(try coding.encode(value, as: index(type)) == bytes, "\(type)")
            #expect(try coding.decode(bytes, as: index(type)) == value, "\(type)")
        }
    }

    @Test func valuesGoThroughJSON() throws {
        let json = ABIJSON(types: module.types)
        for (type, value, _) in vectors {
            let text = try json.json(value, as: index(type)).text(pretty: true)
            #expect(try json.value(JSONValue(parsing: text), as: index(type)) == value, "\(type): \(text)")
        }
    }

    @Test func jsonFormsAreTheDocumentedOnes() throws {
        let json = ABIJSON(types: module.types)
        #expect(try json.json(.integer(700_000_000_000_000_000), as: index("Fixed")) == .string("0.7"))
        #expect(try json.json(.integer(-1), as: index("Fixed")) == .string("-0.000000000000000001"))
        #expect(try json.json(.integer(12), as: index("Int")) == .string("12"))
        #expect(try json.json(.bytes([0xAB]), as: index("Bytes<1024>")) == .string("0xab"))
        #expect(try json.json(.enumeration(caseIndex: 0, payload: []), as: index("Shape")).text() == "\"empty\"")
        let elements = try JSONValue(parsing: #"{"dimensions": [1, 2], "elements": [1, -1]}"#)
        let tensor = try json.value(elements, as: index("Tensor<i16, [0, 2]>"))
        #expect(tensor == .tensor(dimensions: [1, 2], data: [1, 0, 0xFF, 0xFF]))
        #expect(throws: CodingError.self) { try json.value(.string("1.5"), as: index("Int")) }
        #expect(throws: CodingError.self) { try json.value(.string("0.0000000000000000001"), as: index("Fixed")) }
        #expect(throws: CodingError.self) { try json.value(.string("-1"), as: index("Amount")) }
    }

    @Test func otherEncodingsAreRefused() {
        let refused: [(String, [UInt8])] = [
            ("Int", [1]), ("Int", [4, 0, 1]), ("Int", [0x80, 0]), ("Int", [2]), ("Int", [2, 1, 0]),
            ("Int", [66] + [1] + [UInt8](repeating: 0, count: 32)), ("Amount", [3, 1]), ("Bool", [2]),
            ("Text<16>", [1, 0xFF]), ("Text<16>", [17] + [UInt8](repeating: 65, count: 17)),
            ("List<Fixed, 3>", [4, 0, 0, 0, 0]), ("Address?", [2]), ("Shape", [2]), ("Address", [1]),
            ("Tensor<i16, [0, 2]>", [1, 3, 0, 0, 0, 0, 0, 0]), ("Tensor<i16, [0, 2]>", [0xFF, 0xFF, 0xFF, 0x7F, 2]),
            ("TokenList#0", [0]),
        ]
        for (type, bytes) in refused {
            #expect(throws: CodingError.self, "\(type) \(bytes)") { try coding.decode(bytes, as: index(type)) }
        }
    }

    @Test func whatDecodesIsCanonical() throws {
        for seed in 0..<3_000 {
            var random = SplitMix64(seed: UInt64(seed))
            let (type, _, bytes) = vectors[random.below(vectors.count)]
            var mutant = bytes
            switch random.below(3) {
            case 0: mutant[random.below(mutant.count)] ^= 1 << UInt8(random.below(8))
            case 1: mutant.insert(UInt8(random.below(4)), at: random.below(mutant.count))
            default: mutant.remove(at: random.below(mutant.count))
            }
            guard let value = try? coding.decode(mutant, as: index(type)) else { continue }
            #expect(try coding.encode(value, as: index(type)) == mutant, "seed \(seed)")
        }
    }

    @Test func typesThatContainThemselvesEndInAnError() {
        let endless = ABICoding(types: [.option(0), .list(1, capacity: 1_000_000)])
        #expect(throws: CodingError.self) { try endless.decode([UInt8](repeating: 1, count: 100), as: 0) }
        #expect(throws: CodingError.self) { try endless.decode([UInt8](repeating: 1, count: 100), as: 1) }
        let swarm = ABICoding(types: [
            .structure(name: "Empty", fields: []), .list(0, capacity: 1 << 20), .list(1, capacity: 1 << 20),
        ])
        let bytes: [UInt8] = [0xFF, 0x01] + [UInt8]([[UInt8]](repeating: [0xFF, 0xFF, 0x3F], count: 255).joined())
        #expect { try swarm.decode(bytes, as: 2) } throws: { ($0 as? CodingError)?.code == .valueTooLarge }
    }

    @Test func theInterfaceIsValidJSON() throws {
        let text = module.interfaceJSON().text(pretty: true)
        let json = try JSONValue(parsing: text)
        #expect(json == module.interfaceJSON())
        guard case .array(let entries)? = json["entries"] else {
            Issue.record("no entries")
            return
        }
        #expect(entries.count == 2)
        #expect(entries[1]["documentation"] == .string("Adds up."))
    }
}

struct JSONTests {
    @Test func textsAreReadAndWritten() throws {
        let text = #"{"a":[1,-2.5e3,true,null,"\"\\\n\u0001é😀"],"b":{}}"#
        #expect(try JSONValue(parsing: text).text() == text)
        #expect(try JSONValue(parsing: #""😀\/""#) == .string("😀/"))
    }

    @Test(arguments: [
        "", "{", "[1,]", "01", "1.", "tru", "\"", "\"\\x\"", "\"\\ud800\"", "{\"a\":1,\"a\":2}", "1 2", "{1:2}", "-",
        "\u{1}", "[1 2]",
    ])
    func malformedTextsAreRefused(_ text: String) {
        #expect(throws: CodingError.self) { try JSONValue(parsing: text) }
    }

    @Test func depthIsLimited() {
        #expect { try JSONValue(parsing: String(repeating: "[", count: 100_000)) } throws: {
            ($0 as? CodingError)?.code == .jsonDepth
        }
    }
}
