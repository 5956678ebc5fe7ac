import Diagnostics
import Semantics
import Syntax
import Testing

@Suite struct InteractiveCheckerTests {
    /// The codes of what was wrong with the line; empty when it was taken.
    private func enter(_ text: String, _ session: InteractiveChecker) -> (steps: [InteractiveStep], codes: [String]) {
        let bag = DiagnosticBag()
        let source = SourceFile(path: "<session>", text: text)
        let line = parseStatements(source, into: bag)
        var steps: [InteractiveStep] = []
        if !bag.hasErrors, !line.declarations.isEmpty { _ = session.add(line.declarations, of: source, into: bag) }
        if !bag.hasErrors { steps = session.check(line.statements, into: bag) ?? [] }
        return (steps, bag.diagnostics.map(\.code.rawValue))
    }

    @Test func aSessionRemembers() throws {
        let session = InteractiveChecker()
        #expect(enter("const base = 40", session).codes == [])
        #expect(enter("let x = base + 2", session).codes == [])
        guard case .value(let value)? = enter("x * 2", session).steps.first else {
            Issue.record("no value")
            return
        }
        #expect(value.span.text == "x * 2")
        #expect(enter("var y = x", session).codes == [])
        #expect(enter("y += 1", session).codes == [])
        #expect(session.locals.map(\.name) == ["x", "y"])
    }

    @Test func aBadLineLeavesNothing() {
        let session = InteractiveChecker()
        #expect(enter("let x = 1 let y = z", session).codes == ["E0201"])
        #expect(session.locals.isEmpty)
        #expect(enter("const c = 1 const d = nothing", session).codes == ["E0201"])
        #expect(enter("c", session).codes == ["E0201"])
        #expect(enter("const c = 2", session).codes == [])
        #expect(enter("1 / 2", session).codes == ["E0401"])
    }

    @Test func namesMayBeBoundAnew() {
        let session = InteractiveChecker()
        #expect(enter("let x = 1", session).codes == [])
        #expect(enter("let x = true", session).codes == [])
        #expect(enter("expect x", session).codes == [])
        #expect(session.locals.count == 2)
    }

    @Test func contractsAreDeployedAndCalled() {
        let session = InteractiveChecker()
        #expect(
            enter(
                "contract C { struct S { a: Int } var n: Int"
                    + " action add(k: Int) { n += k } view get() -> Int { return n } }",
                session
            ).codes == [])
        #expect(enter("let alice = actor(\"alice\")  let c = deploy C() as alice", session).codes == [])
        #expect(enter("struct T { b: Int }", session).codes == [])
        #expect(session.program.structs.map(\.name) == ["S", "T"])
        #expect(enter("c.add(2) as alice", session).steps.count == 1)
        guard case .value? = enter("c.get()", session).steps.first else {
            Issue.record("no value")
            return
        }
        #expect(enter("advance 3 blocks", session).codes == [])
        #expect(enter("c.nothing()", session).codes == ["E0204"])
    }

    @Test func filesAreAdded() {
        let session = InteractiveChecker()
        let bag = DiagnosticBag()
        let files = TestFiles(texts: ["a.agon": "import \"b\" const a = b", "b.agon": "const b = 1"])
        #expect(session.add(loadProgram(entryPaths: ["b.agon"], provider: files, into: bag), into: bag))
        #expect(session.add(loadProgram(entryPaths: ["a.agon"], provider: files, into: bag), into: bag))
        #expect(enter("a + b", session).codes == [])
    }
}
