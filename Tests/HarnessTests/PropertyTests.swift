import Crypto
import Foundation
import Numerics
import Testing

@testable import Harness

@Suite("Properties")
struct PropertyTests {
    private func results(_ text: String, seed: UInt64? = nil, cases: Int? = nil) throws -> [TestResult] {
        let project = try CompiledProject.compile(text: text, path: "p.agon").get()
        return TestRunner(seed: seed, cases: cases).run(project).results
    }

    /// A property with a fault, and the values of the smallest case that shows it.
    static let planted: [(text: String, bindings: [String])] = [
        (
            "property \"p\" (xs: List<Int, 20> in 0..<1000) { expect xs.sum() <= 100 }",
            ["var xs: List<Int, 20> = [101]"]
        ),
        (
            """
            property "p" (xs: List<Int, 20>) {
                var seen: List<Int, 20> = []
                for x in xs {
                    expect !seen.contains(x)
                    seen.append(x)
                }
            }
            """,
            ["var xs: List<Int, 20> = [0, 0]"]
        ),
        (
            "property \"p\" (pot: Amount, members: Int in 1..<9) { expect floor(pot / members) * members == pot }",
            ["var pot: Amount = 1", "var members: Int = 2"]
        ),
        (
            "property \"p\" (n: Int<16>) { expect n > -300 }",
            ["var n: Int<16> = -300"]
        ),
        (
            "property \"p\" (n: Int<64>) { let m: Int<64> = n + 1 expect m > n }",
            ["var n: Int<64> = 9223372036854775807"]
        ),
        (
            "property \"p\" (x: Fixed in 0..<1000) { expect x * 3 < 100 }",
            ["var x: Fixed = 34"]
        ),
        (
            "property \"p\" (a: Int in 0..<500, b: Int in 0..<500) { expect a + b < 700 || b % 2 == 0 }",
            ["var a: Int = 201", "var b: Int = 499"]
        ),
        (
            "property \"p\" (t: Text<9>, b: Bytes<6>, f: Bool) { expect t.count < 3 || b.count < 2 || !f }",
            ["var t: Text<9> = \"aaa\"", "var b: Bytes<6> = 0x0000", "var f: Bool = true"]
        ),
        (
            "property \"p\" (xs: List<List<Int, 4>, 4>) { var n = 0 for x in xs { n += x.count } expect n < 3 }",
            ["var xs: List<List<Int, 4>, 4> = [[0, 0, 0]]"]
        ),
        (
            "property \"p\" (xs: List<Amount, 9>) { expect xs.count < 2 || xs.sorted(.ascending) == xs }",
            ["var xs: List<Amount, 9> = [1, 0]"]
        ),
        (
            "property \"p\" (o: Int?) { if let n = o { expect n < 10 } }",
            ["var o: Int? = 10"]
        ),
        (
            """
            struct P { x: Int<32> y: Amount }
            enum E { case none_ case some_(p: P) }
            property "p" (e: E) { match e { case .some_(p) { expect p.x + p.y < 7 } else { } } }
            """,
            ["var e: E = E.some_(p: P(x: 0, y: 7))"]
        ),
    ]

    @Test("Planted faults are found and shrunk to the smallest case, whatever the seed", arguments: planted)
    func faults(text: String, bindings: [String]) throws {
        for seed: UInt64 in 1...6 {
            let result = try #require(try results(text, seed: seed).first)
            let failure = try #require(result.failure, "seed \(seed)")
            let found = failure.source.map { $0.trimmingCharacters(in: .whitespaces) }
            #expect(Array(found.dropFirst().prefix(bindings.count)) == bindings, "seed \(seed)")
            #expect(failure.reproduce == "agon test p.agon --filter p --seed \(seed)")
        }
    }

    @Test("The smallest case is a test that fails in the same way", arguments: planted.map(\.text))
    func pasted(text: String) throws {
        let failure = try #require(try results(text).first?.failure)
        let pasted = try results(text + "\n" + failure.source.joined(separator: "\n"))
        let last = try #require(pasted.last)
        #expect(last.failure?.error == failure.error)
        #expect(last.failure?.operands == failure.operands)
    }

    @Test("Equal seeds give equal runs, and a name gives a seed")
    func determinism() throws {
        let text = """
            property "a" (xs: List<Int, 9>, h: Hash, a: Address) { expect xs.sum() != 77 || hash(h) != hash(a) }
            property "b" (n: Int<32>, d: Fixed) { expect n < 1_000 || d < 5 }
            """
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(try encoder.encode(results(text)) == encoder.encode(results(text)))
        let own = try results(text)
        #expect(own[0].seed != own[1].seed)
        #expect(own[0].passed && own[0].cases == PropertyRun.defaultCases)
    }

    @Test("Edges are tried: limits of the type, zero, powers of two, empty and full lists")
    func edges() throws {
        let unwanted = [
            "(n: Int<128>) { expect n != 0 }", "(n: Int<128>) { expect n != 1 }", "(n: Int<128>) { expect n != -1 }",
            "(n: Int<16>) { expect n != 32_767 }", "(n: Int<16>) { expect n != -32_768 }",
            "(n: Amount in 5..<90) { expect n != 5 }", "(n: Amount in 5..<90) { expect n != 89 }",
            "(xs: List<Int, 64>) { expect xs.count != 0 }", "(xs: List<Int, 64>) { expect xs.count != 64 }",
            "(xs: List<Int, 8>) { expect xs.count < 3 || xs.sorted(.ascending) != xs || xs[0] == xs[2] }",
            "(xs: List<Int, 8>) { expect xs.count < 3 || xs[0] != xs[1] || xs[0] == 0 }",
            "(n: Int<64>) { expect n != 256 && n != 65_536 && n != 4_294_967_296 }",
        ]
        for parameters in unwanted {
            let result = try #require(try results("property \"p\" \(parameters)").first)
            #expect(result.passed == false, "never tried: \(parameters)")
        }
    }

    @Test("Discarded cases are counted by place, and too many are a failure")
    func discards() throws {
        let text = """
            property "some" (n: Int in 0..<100_000) {
                assume n % 2 == 0
                assume n % 3 == 0
                expect n % 6 == 0
            }
            property "nearly all" (n: Int) { assume n == 123_456 }
            """
        let some = try results(text)[0]
        #expect(some.passed)
        #expect(some.discards?.map(\.location).sorted() == ["p.agon:2:12", "p.agon:3:12"])
        let all = try results(text)[1]
        #expect(all.failure?.error == "TooManyDiscards")
        #expect(all.cases == 0)
    }

    @Test("What a condition is made of is shown: both sides, each part of an and, all of an or, the values of a call")
    func operands() throws {
        func operands(_ condition: String) throws -> [String] {
            let result = try results("property \"p\" (n: Int in 3..<4, xs: List<Int, 2>) { expect \(condition) }").first
            return try #require(result?.failure).operands.map { "\($0.source) is \($0.value)" }
        }
        #expect(try operands("n + 1 == n") == ["n + 1 is 4", "n is 3"])
        #expect(try operands("n > 2 && n < 3") == ["n is 3", "3 is 3"])
        #expect(try operands("n < 2 || n > 5") == ["n is 3", "2 is 2", "n is 3", "5 is 5"])
        #expect(try operands("xs.contains(n)") == ["xs is []", "n is 3"])
    }

    @Test("Types whose values would be huge fail in words")
    func hugeTypes() throws {
        var text = "struct S0 { a: Int b: Int }\n"
        for level in 1..<24 { text += "struct S\(level) { a: S\(level - 1) b: S\(level - 1) }\n" }
        let result = try results(text + "property \"p\" (s: S23) { expect s == s }").first
        #expect(result?.failure?.error == "InvalidArgument")
    }

    @Test("A property runs as many cases as are asked for")
    func caseCount() throws {
        #expect(try results("property \"p\" (n: Int) { expect n == n }", cases: 17).first?.cases == 17)
        // Two values are two cases.
        #expect(try results("property \"p\" (b: Bool) { expect b || !b }").first?.cases == 2)
    }

    @Test("The same seed draws the same values on every machine")
    func drawnValues() {
        var all: [UInt8] = []
        for number in 0..<200 {
            var source = ChoiceSource(random: SplitMix64(seed: UInt64(number)))
            var generator = CaseGenerator(
                program: CompiledProject.empty.program, plan: CasePlan(case: number, of: 200), addresses: [.zero])
            _ = generator.value(.list(.option(.fixed), capacity: 9), from: &source)
            _ = generator.value(.integer(.int), (-50, 700), from: &source)
            for choice in source.choices { all += choice.index.bigEndianMagnitude + [0xFF] }
        }
        #expect(Blake2b.hash(all).hex == "03e93999613c794fdacc706979fcc9926300c9ed36305ccc8c82c5e8ac5eb999")
    }

    @Test("A case is played back from its choices")
    func playback() {
        let generatorProgram = CompiledProject.empty.program
        for number in 0..<60 {
            let plan = CasePlan(case: number, of: 60)
            let seed = UInt64(number)
            var source = ChoiceSource(random: SplitMix64(seed: seed))
            var generator = CaseGenerator(program: generatorProgram, plan: plan, addresses: [.zero])
            let value = generator.value(.list(.option(.fixed), capacity: 9), from: &source)
            var again = ChoiceSource(playing: source.choices.map(\.index))
            var other = CaseGenerator(
                program: generatorProgram, plan: CasePlan(case: CasePlan.edgeCount, of: CasePlan.edgeCount),
                addresses: [.zero])
            #expect(other.value(.list(.option(.fixed), capacity: 9), from: &again) == value, "seed \(seed)")
            #expect(again.choices == source.choices && again.spans == source.spans, "seed \(seed)")
        }
    }
}
