import Diagnostics
import Semantics
import Syntax
import Testing

/// Components and their uses.
@Suite struct ComponentTests {
    private static let pot = """
        component Pot<COIN> {
            var held: Vault<COIN>
            var count: Int
            function credit(t: Token<COIN>) { held.put(t) count += 1 }
            function step() { count += 1 }
        }

        """

    @Test func stateAndFunctionsAreNamedAfterTheUse() throws {
        let outcome = checkSource(
            Self.pot + """
                contract C {
                    asset A native
                    asset B issued
                    var count: Int
                    use one: Pot<A>
                    use two: Pot<B>
                    action f(t: Token<A>) { one.credit(t) }
                }
                """)
        let program = try #require(outcome.program, "\(outcome.rendered)")
        #expect(program.contracts.map(\.name) == ["C"])
        #expect(
            program.contracts[0].fields.map(\.name) == ["count", "one.held", "one.count", "two.held", "two.count"])
        guard case .vault(1) = program.contracts[0].fields[3].kind else {
            Issue.record("the second pot holds the second asset")
            return
        }
        let names = program.contracts[0].functions.map { program.functions[$0].name }
        #expect(Set(names) == ["init", "f", "one.credit", "one.step", "two.credit", "two.step"])
        #expect(program.functions.allSatisfy { $0.contract == 0 })
    }

    @Test func aFaultIsSaidOnceAndForWhichUse() {
        let outcome = checkSource(
            """
            component Pot<COIN> {
                var held: Vault<COIN>
                function more() { held.put(mint(COIN, 1)) }
                function lose() { held.takeAll() }
            }
            contract C {
                asset A issued
                asset B native
                use one: Pot<A>
                use two: Pot<B>
                use three: Pot<B>
            }
            """)
        #expect(outcome.program == nil)
        #expect(outcome.summary == ["E0506@3", "E0501@4"], "\(outcome.rendered)")
        let places = outcome.diagnostics.map { diagnostic in
            diagnostic.secondary.filter { $0.text == "used here" }.map { $0.span.text }
        }
        #expect(places == [["use two: Pot<B>"], ["use one: Pot<A>"]])
    }

    @Test func aComponentThatNothingUsesIsCheckedAllTheSame() throws {
        let outcome = checkSource("component Pot<A> { var v: Vault<A> function f() { v.takeAll() } }")
        #expect(outcome.summary == ["E0501@1"])
        #expect(outcome.diagnostics[0].secondary.isEmpty)
        let program = try #require(checkSource(Self.pot + "function f() {}").program)
        #expect(program.contracts.isEmpty)
        #expect(program.functions.map(\.name) == ["f"])
    }

    @Test func viewsCallOnlyWhatChangesNothing() {
        let outcome = checkSource(
            Self.pot + """
                contract C {
                    asset A native
                    use pot: Pot<A>
                    view v() -> Int { pot.step() return pot.count }
                }
                """)
        #expect(outcome.diagnostics.map(\.code) == [.viewWrites])
    }

    @Test func aLoopOverItsMapCallsNothingThatChangesTheMap() {
        let outcome = checkSource(
            """
            component Book {
                var notes: Map<Int, Int, 4>
                function drop(k: Int) { notes.remove(k) }
            }
            contract C {
                use book: Book
                action clear() { for (k, n) in book.notes { book.drop(k) } }
            }
            """)
        #expect(outcome.diagnostics.map(\.code) == [.loopMutation])
    }

    @Test func namesComeFromTheComponentsFile() throws {
        func load(_ main: String) -> DiagnosticBag {
            let files = TestFiles(texts: [
                "helpers.agon": "function twice(n: Int) -> Int { return 2 * n }",
                "pot.agon": """
                import "helpers.agon"
                component Pot { var n: Int function grow() { n = twice(n) } }
                """,
                "other.agon": "component Pot { }",
                "main.agon": main,
            ])
            let bag = DiagnosticBag()
            _ = check(loadProgram(entryPaths: ["main.agon"], provider: files, into: bag), into: bag)
            return bag
        }
        let use = "contract C { use pot: Pot function twice() { pot.grow() } }"
        #expect(load("import \"pot.agon\" " + use).diagnostics.isEmpty)
        #expect(load("import \"pot.agon\" import \"other.agon\" " + use).diagnostics.map(\.code) == [.notAValue])
        #expect(load(use).diagnostics.map(\.code) == [.unknownName])
    }

    @Test func numbersStayWhenASessionGoesOn() throws {
        let session = InteractiveChecker()
        let bag = DiagnosticBag()
        func add(_ text: String) -> Bool {
            let file = SourceFile(path: "line\(text.utf8.count)", text: text)
            return session.add(parse(file, into: bag).declarations, of: file, into: bag)
        }
        #expect(add(Self.pot + "contract C { asset A native use pot: Pot<A> view n() -> Int { return pot.count } }"))
        let names = session.program.functions.map(\.name)
        #expect(add("component Empty { function f() {} }"))
        #expect(add("contract D { asset A native use pot: Pot<A> action a() { pot.step() } }"))
        #expect(Array(session.program.functions.map(\.name).prefix(names.count)) == names)
    }
}
