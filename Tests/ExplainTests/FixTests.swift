import Diagnostics
import Harness
import Testing

/// A text with a mistake, and the same after `agon check --fix`.
struct Mending: Sendable, CustomTestStringConvertible {
    var name: String
    var before: String
    var after: String
    /// Codes that remain: what a fix cannot know.
    var left: Set<String> = []
    var testDescription: String { name }

    init(_ name: String, _ before: String, _ after: String, left: Set<String> = []) {
        self.name = name
        self.before = before
        self.after = after
        self.left = left
    }

    static let all = [
        Mending(
            "rounding", "function f(n: Int) -> Int { return n / 2 }",
            "function f(n: Int) -> Int { return floor(n / 2) }"),
        Mending(
            "what the standard library declares", "function f(xs: List<Fixed, 8>) -> Fixed { return median(xs) }",
            "import \"stdlib/statistics.agon\"\n\nfunction f(xs: List<Fixed, 8>) -> Fixed { return median(xs) }"),
        Mending(
            "an event without emit", "contract C {\n    event Paid()\n    action a() { Paid() }\n}",
            "contract C {\n    event Paid()\n    action a() { emit Paid() }\n}"),
        Mending("a name and a type", "function f(n Int) -> Int { return n }", "function f(n: Int) -> Int { return n }"),
        Mending("a result", "function f(n: Int) -> Int { n }", "function f(n: Int) -> Int { return n }"),
        Mending(
            "a negation", "function f(a: Bool) -> Bool { return not (a) }",
            "function f(a: Bool) -> Bool { return ! (a) }"),
        Mending(
            "a name", "function f(count: Int) -> Int { return cuont }", "function f(count: Int) -> Int { return count }"
        ),
        Mending("a type", "function f(n: uint256) -> Int { return n }", "function f(n: Amount) -> Int { return n }"),
        Mending("an import", "import \"stdlib/statistcs.agon\"", "import \"stdlib/statistics.agon\""),
        Mending(
            "a member", "function f(xs: List<Int, 3>) -> Int { return xs.length }",
            "function f(xs: List<Int, 3>) -> Int { return xs.count }"),
        Mending(
            "a method", "function f() -> Int {\n    var xs: List<Int, 3> = []\n    xs.push(1)\n    return xs[0]\n}",
            "function f() -> Int {\n    var xs: List<Int, 3> = []\n    xs.append(1)\n    return xs[0]\n}"),
        Mending(
            "an error", "contract C {\n    error TooSmall\n    action a(n: Int) { require n > 0 else TooSmal }\n}",
            "contract C {\n    error TooSmall\n    action a(n: Int) { require n > 0 else TooSmall }\n}"),
        Mending(
            "a case", "enum E { case red case blue }\nfunction f() -> E { return .bleu }",
            "enum E { case red case blue }\nfunction f() -> E { return .blue }"),
        Mending(
            "a role", "contract C {\n    role owner = caller == self\n    action a() by ownr {}\n}",
            "contract C {\n    role owner = caller == self\n    action a() by owner {}\n}"),
        Mending(
            "a phase",
            "contract C {\n    round R[k: Int] { phase running }\n    action a(k: Int) during R[k].runing {}\n}",
            "contract C {\n    round R[k: Int] { phase running }\n    action a(k: Int) during R[k].running {}\n}"),
        Mending(
            "a label nearly right",
            "struct P { left: Int right: Int }\nfunction f() -> P { return P(left: 1, rihgt: 2) }",
            "struct P { left: Int right: Int }\nfunction f() -> P { return P(left: 1, right: 2) }"),
        Mending(
            "labels out of order", "struct P { x: Int y: Int }\nfunction f() -> P { return P(y: 1 + 1, x: 2) }",
            "struct P { x: Int y: Int }\nfunction f() -> P { return P(x: 2, y: 1 + 1) }"),
        Mending(
            "a label of something else", "struct P { x: Int y: Int }\nfunction f() -> P { return P(x: 1, width: 2) }",
            "struct P { x: Int y: Int }\nfunction f() -> P { return P(x: 1, width: 2) }", left: ["E0302"]),
        Mending(
            "a let that changes", "function f() -> Int {\n    let n = 0\n    n += 1\n    return n\n}",
            "function f() -> Int {\n    var n = 0\n    n += 1\n    return n\n}"),
        Mending(
            "a loop without bound", "function f(n: Int) { for i in 0..<n { let m = i } }",
            "function f(n: Int) { for i in 0..<n max 1000 { let m = i } }"),
        Mending(
            "a list without capacity", "function f(xs: List<Int>) -> Int { return xs.count }",
            "function f(xs: List<Int, 16>) -> Int { return xs.count }"),
        Mending("semicolons", "const a = 1;\nconst b = 2;", "const a = 1\nconst b = 2"),
        Mending("a result behind a colon", "function f(): Int { return 1 }", "function f() -> Int { return 1 }"),
        Mending("a result without arrow", "function f() Int { return 1 }", "function f() -> Int { return 1 }"),
        Mending(
            "Solidity's function",
            "contract C {\n    function public f(uint256 a) public returns (uint256) { return a; }\n}",
            "contract C {\n    function f(a: Amount) -> Amount { return a }\n}"),
        Mending(
            "Solidity's state", "contract C {\n    mapping(address => uint256) public balances;\n}",
            "contract C {\n    var balances: Map<Address, Amount>\n}"),
        Mending(
            "Solidity's context", "contract C {\n    view me() -> Address { return msg.sender }\n}",
            "contract C {\n    view me() -> Address { return caller }\n}"),
        Mending(
            "assert", "contract C {\n    action a(n: Int) { assert(n > 0) }\n}",
            "contract C {\n    action a(n: Int) { require(n > 0) }\n}"),
        Mending(
            "a message", "contract C {\n    action a(n: Int) { require(n > 0, \"too small\") }\n}",
            "contract C {\n    action a(n: Int) { require(n > 0) }\n}"),
        Mending(
            "contract is", "interface I { action a() }\ncontract C is I { action a() {} }",
            "interface I { action a() }\ncontract C: I { action a() {} }"),
        Mending("a constructor", "contract C {\n    constructor() {}\n}", "contract C {\n    init() {}\n}"),
        Mending(
            "let mut", "function f() -> Int {\n    let mut n = 0\n    n += 1\n    return n\n}",
            "function f() -> Int {\n    var n = 0\n    n += 1\n    return n\n}"),
        Mending(
            "const in a function", "function f() -> Int {\n    const n = 1\n    return n\n}",
            "function f() -> Int {\n    let n = 1\n    return n\n}"),
        Mending(
            "a type before a variable", "function f() -> Int {\n    Int n = 1\n    return n\n}",
            "function f() -> Int {\n    var n: Int = 1\n    return n\n}"),
        Mending(
            "a variable without value", "function f() -> Int {\n    var n: Int\n    return n\n}",
            "function f() -> Int {\n    var n: Int = 0\n    return n\n}"),
        Mending(
            "counting", "function f() -> Int {\n    var n = 0\n    n++\n    return n\n}",
            "function f() -> Int {\n    var n = 0\n    n += 1\n    return n\n}"),
        Mending(
            "a fat arrow", "enum E { case a case b }\nfunction f(e: E) {\n    match e { case .a => {} case .b {} }\n}",
            "enum E { case a case b }\nfunction f(e: E) {\n    match e { case .a  {} case .b {} }\n}"),
        Mending(
            "a range", "function f() { for i in 0..3 { let n = i } }", "function f() { for i in 0..<3 { let n = i } }"),
        Mending(
            "a closed range", "function f() { for i in 0...3 { let n = i } }",
            "function f() { for i in 0..<1 + 3 { let n = i } }"),
        Mending("cases", "enum E { red, green, blue }", "enum E { case red case green case blue }"),
        Mending("fields", "struct S { a: Int, b: Int, }", "struct S { a: Int b: Int }"),
        Mending(
            "a comma too many", "function f() -> Int { return max(1, 2,) }",
            "function f() -> Int { return max(1, 2) }"),
        Mending(
            "words for signs", "function f(a: Bool, b: Bool) -> Bool { return a and not b }",
            "function f(a: Bool, b: Bool) -> Bool { return a && ! b }"),
        Mending(
            "null", "function f(n: Int?) -> Bool { return n == null }",
            "function f(n: Int?) -> Bool { return n == none }"),
        Mending(
            "imported names", "import { median } from \"stdlib/statistics.agon\"", "import \"stdlib/statistics.agon\""),
        Mending(
            "what becomes of the unrevealed",
            """
            contract C {
                round R[k: Int] {
                    sealed s: Int max 4 commit during a reveal during b
                    phase a for 5 blocks then b
                    phase b
                }
            }
            """,
            """
            contract C {
                round R[k: Int] {
                    sealed s: Int max 4 commit during a reveal during b else keep
                    phase a for 5 blocks then b
                    phase b
                }
            }
            """),
        Mending(
            "what a beacon freezes",
            """
            contract C {
                round R[k: Int] {
                    var members: Map<Address, Int, 8>
                    beacon luck at b
                    phase a for 5 blocks then b
                    phase b
                }
                view one(k: Int) -> List<Address, 1> during R[k].b { return draw 1 from R[k].members using R[k].luck }
            }
            """,
            """
            contract C {
                round R[k: Int] {
                    var members: Map<Address, Int, 8>
                    beacon luck freezes members at b
                    phase a for 5 blocks then b
                    phase b
                }
                view one(k: Int) -> List<Address, 1> during R[k].b { return draw 1 from R[k].members using R[k].luck }
            }
            """),
    ]
}

@Suite struct FixTests {
    private func fixing(_ text: String) -> SourceFixing {
        SourceFixing(path: "example.agon", provider: MemorySources(["example.agon": text], disk: library))
    }

    /// Spaces that a removed word leaves behind are the author's to tidy.
    private func words(_ text: String) -> [Substring] { text.split(whereSeparator: { $0 == " " || $0 == "\n" }) }

    @Test(arguments: Mending.all) func mends(mending: Mending) {
        let result = fixing(mending.before)
        let text = result.texts["example.agon"].map { String(decoding: $0, as: UTF8.self) } ?? mending.before
        #expect(words(text) == words(mending.after), "\(text)")
        #expect(
            Set(result.diagnostics.map(\.code.rawValue)) == mending.left, "\(TextRenderer().render(result.diagnostics))"
        )
        #expect(result.applied.isEmpty == (mending.before == mending.after))
        // Mended is mended: a second run changes nothing.
        #expect(fixing(text).texts.isEmpty)
    }

    /// A diagnostic's hint and fix agree with what applying it does: the code is gone, wherever the fix stands.
    @Test(arguments: PageFix.all) func everyFixOfAnExampleHelps(page: PageFix) {
        let result = fixing(page.text)
        #expect(!result.applied.isEmpty)
        #expect(
            !result.diagnostics.contains { $0.code.rawValue == page.code },
            "\(TextRenderer().render(result.diagnostics))")
    }

    @Test func otherBytesStayAsTheyAre() {
        let text = "// für\r\nfunction f(count: Int) -> Int {\r\n\treturn cuont /* … */\r\n}\r\n"
        let mended = fixing(text).texts["example.agon"].map { String(decoding: $0, as: UTF8.self) }
        #expect(mended == text.replacing("cuont", with: "count"))
    }

    @Test func whatOverlapsWaitsForTheNextRound() {
        // The quotient is rounded around a name that is misspelt: two fixes at one place.
        let result = fixing("function f(count: Int) -> Int { return cuont / 2 }")
        #expect(result.diagnostics.isEmpty)
        #expect(result.applied.map(\.code) == ["E0201", "E0401"])
    }

    @Test func theStandardLibraryIsLeftAlone() {
        let sources = MemorySources(
            ["example.agon": "import \"stdlib/broken.agon\"", "stdlib/broken.agon": "const a = 1;"], disk: library)
        let result = SourceFixing(path: "example.agon", provider: sources)
        #expect(result.texts.isEmpty && result.applied.isEmpty && !result.diagnostics.isEmpty)
    }
}
