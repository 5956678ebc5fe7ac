import Diagnostics
import Semantics
import Syntax
import TestSupport
import Testing

/// What could not be read hides nothing of what could, and adds no errors of its own.
@Suite struct RecoveryTests {
    @Test(arguments: [
        Fault(
            "declarations that cannot be read",
            """
            contract Bank {
                asset POINT issued
                var total: Amount = 0
                var stakes: Map<Address, Vault<POINT>>
                error TooSmall(least: Amount)
                action fill(n: Amount) {
                    stakes[caller].put(mint(POINT, n))
                    total += nn //! E0201
                }
                action broken(n: Amount { //! E0104
                    total += n
                }
                view half() -> Amount { return total / 2 } //! E0401
                var counter Int //! E0104
                action count() { counter += 1 }
                action body() {
                    let x = = 3 //! E0104
                    total = x + unknown
                }
                action other() { total = "text" } //! E0301
            }
            struct P { x: Int y } //! E0104
            function f(p: P) -> Int { return p.x }
            function g() -> Int { return undefinedThing } //! E0201
            test "t" {
                let b = deploy Bank()
                b.broken(1)
                b.fill(3)
                b.nothing() //! E0204
            }
            """),
        Fault(
            "braces within a member",
            """
            contract C {
                struct P { x: Int y } //! E0104
                var n: Int
                action f(p: Int) {
                    match p { case a => { n = 1 } case .b { n = 2 } } //! E0104
                    n = true
                }
                action g() { n = true } //! E0301
                enum E { case a case b( } //! E0104
                view h() -> Int { return n + q } //! E0201
            }
            """),
        Fault(
            "an init that cannot be read",
            """
            contract C {
                let owner: Address
                asset COIN
                init(a: , id: Asset) { owner = a } //! E0104
                view who() -> Address { return owner }
            }
            test "t" {
                let c = deploy C(actor("a"), 3)
                expect c.who() == 4
                expect 4 //! E0301
            }
            """),
        Fault(
            "a round with a member that cannot be read",
            """
            contract C {
                round R[k: Int] {
                    var n Int //! E0104
                    sealed s: Int max 3 commit during first reveal //! E0104
                    phase first for 5 blocks then last
                    phase last for blocks then closed //! E0104
                    phase closed
                }
                action open_(k: Int) { open R[k] }
                action f(k: Int) during R[k].first { R[k].n = 3 }
                action g(k: Int) during R[k].last { R[k].n = missing } //! E0201
            }
            test "t" {
                let c = deploy C()
                c.commit_s(1, hash(2))
                c.open_(true) //! E0301
            }
            """),
        Fault(
            "an interface whose method cannot be read",
            """
            interface I { view price(n: Int) -> Amount action pay( } //! E0104
            contract C: I {
                view price(n: Int) -> Amount { return n }
                view other() -> Int { return true } //! E0301
            }
            """),
        Fault(
            "an import that cannot be read",
            """
            import { mean } "numbers.agon" //! E0104
            function f() -> Int { return mean(1, 2) }
            function g() -> Int { return true } //! E0301
            """),
        Fault(
            "a comment without end",
            """
            function f() -> Int { return later() }
            function g() -> Int { return true } //! E0301
            /* function later() -> Int { return 1 } //! E0108
            """),
        Fault(
            "an invariant with a step that cannot be read",
            """
            contract C { action f() { } view n() -> Int { return 1 } }
            invariant "i" {
                let c = deploy C()
                let sum: Int = 0
                step s(n Int) { sum = n } //! E0104
                always { expect c.n() == sum + absent }
            }
            test "t" { expect absent == 1 } //! E0201
            """),
    ]) func reportsTheRest(fault: Fault) {
        let outcome = checkSource(fault.source)
        #expect(outcome.summary == fault.expected, "\(outcome.rendered)")
    }

    /// Imports that are not found hide names, and nothing else.
    @Test func aFileThatIsNotThere() {
        let text = """
            import "absent.agon"
            function f(p: Point) -> Int { return half(p.x) }
            function g() -> Int { return true }
            """
        let bag = DiagnosticBag()
        let sources = loadProgram(entryPaths: ["a.agon"], provider: TestFiles(texts: ["a.agon": text]), into: bag)
        _ = check(sources, into: bag)
        #expect(Outcome(program: nil, diagnostics: bag.sorted).summary == ["E0205@1", "E0301@3"])
    }

    /// What an imported file could not say is not missed by those that import it.
    @Test func aBrokenImport() {
        let files = TestFiles(texts: [
            "a.agon": "import \"b.agon\"\nfunction f() -> Int { return half(4) + nothing }",
            "b.agon": "function half(n Int, -> Int { return 1 }\n",
        ])
        let bag = DiagnosticBag()
        let sources = loadProgram(entryPaths: ["a.agon"], provider: files, into: bag)
        _ = check(sources, into: bag)
        #expect(Set(bag.diagnostics.map(\.code)) == [.unknownName, .unexpectedToken])
        #expect(bag.diagnostics.filter { $0.code == .unknownName }.map { $0.primary.span.text } == ["nothing"])
    }

    /// A sound program from which one word or mark is taken, so that it cannot be read, has errors of syntax alone:
    /// everything else about it is right. Braces, whose place nobody can know, are left where they are.
    @Test func nothingFollowsFromWhatIsMissing() {
        let seed: UInt64 = 41
        var random = SplitMix64(seed: seed)
        var brokenCount = 0
        for (number, text) in validPrograms.enumerated() {
            let tokens = tokenize(SourceFile(path: "test.agon", text: text), into: DiagnosticBag()).tokens
            for token in tokens where random.below(9) == 0 && token.end > token.start {
                guard token.kind != .leftBrace, token.kind != .rightBrace else { continue }
                var bytes = Array(text.utf8)
                for index in token.start..<token.end { bytes[index] = 0x20 }
                let outcome = checkSource(String(decoding: bytes, as: UTF8.self))
                let codes = outcome.diagnostics.map(\.code.rawValue)
                guard codes.contains(where: { $0.hasPrefix("E01") }) else { continue }
                brokenCount += 1
                #expect(
                    codes.allSatisfy { $0.hasPrefix("E01") },
                    "seed \(seed), program \(number) without the token at \(token.start):\n\(outcome.rendered)")
            }
        }
        #expect(brokenCount > 100)
    }
}
