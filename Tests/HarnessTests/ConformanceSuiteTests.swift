import Diagnostics
import Harness
import Testing

import class Machine.Machine

/// The suite's own eyes: a case that does not hold is seen, whatever kind it is of.
@Suite struct ConformanceSuiteTests {
    private func result(_ text: String) throws -> BytecodeCaseResult {
        let machine = try #require(Machine())
        return BytecodeCaseFile(path: "case.agasm", text: text, read: { _ in nil }).run(on: machine)
    }

    private static let module = """
        asset A issued
        event Happened(Int)
        error Wrong(Int)
        slot n Int
        case all
        function f(Int) -> Int
        emit r0, 0
        return r0
        end
        function g(Int)
        fail r0, 0
        end
        function h(Amount) -> Token#0
        registers Token#0
        mint r1, r0, 0
        return r1
        end

        """

    @Test(arguments: [
        "f [1] = 1", "f [1] = 1\n> emits Happened [1]", "g [2] fails Wrong", "g [2] fails Wrong [2]", "h [5] = 5",
        "h [5] = 5\n> balance 0 @1 = 5", "accepted", "cut 3 refused B0101", "store 0 0x0207\n> f [1] = 1",
    ])
    func whatHoldsPasses(step: String) throws {
        #expect(try result(Self.module + "> \(step)\n").complaints.isEmpty)
    }

    @Test(arguments: [
        "f [1] = 2", "f [1] fails Overflow", "f [1] = 1 gas 1", "f [true] = 1", "f [1, 2] = 1",
        "f [1] = 1\n> emits Happened [2]",
        "f [1] = 1\n> emits Other [1]", "f [1] = 1\n> emits Happened [1]\n> emits Happened [1]", "g [2]",
        "g [2] fails Overflow", "g [2] fails Wrong [3]",
        "h [5] = 5\n> balance 0 @1 = 6", "refused V0101", "cut 3 refused B0102", "cut 3 refused V0101", "k [1] = 1",
        "f [1] sideways", "f", "byte 1 = 0x00",
    ])
    func whatDoesNotHoldIsSeen(step: String) throws {
        #expect(try result(Self.module + "> \(step)\n").complaints.count == 1)
    }

    @Test func linesThatAreCasesAreSeen() throws {
        let accepted = "function f(Int) -> Int | return r0"
        #expect(try result("accept | \(accepted)\nrun [1] = 1 | \(accepted)").complaints.isEmpty)
        #expect(try result("refuse V0108 | \(accepted)").complaints.count == 1)
        #expect(try result("run [1] = 2 | \(accepted)").complaints.count == 1)
        #expect(try result("accept | function f(Bool) -> Int | return r0").complaints.count == 1)
        #expect(try result("refuse V0109 | function f(Bool) -> Int | return r0").complaints.count == 1)
        #expect(try result("refuse B0302 | function f(Bool) -> Int | retrun r0").complaints.isEmpty)
        #expect(try result("refuse B0301 | function f(Bool) -> Int | retrun r0").complaints.count == 1)
        #expect(try result("case nothing is expected\nfunction f()\nreturnNothing\nend").complaints.count == 1)
        #expect(try result("tables nowhere\naccept | function f() | returnNothing").complaints.count == 1)
    }

    @Test(arguments: [
        "const a = 1 // expect: E0301", "const a = true + 1", "const a = true + 1 // expect: E0202",
        "test \"t\" { expect 1 == 2 }", "test \"t\" { // expect: failure\n    expect 1 == 1\n}",
        "test \"t\" { expect failure Overflow { expect 1 == 1 } }",
    ])
    func sourcesThatAreNotAsTheySayAreSeen(text: String) {
        let source = SourceFile(path: "case.agon", text: text)
        #expect(ConformanceCase(source).run(provider: MemorySources(["case.agon": text])).count >= 1)
    }

    @Test func assertionsAreCounted() {
        func count(_ text: String) -> Int { ConformanceCase(SourceFile(path: "case.agon", text: text)).assertionCount }
        #expect(count("const a = 1") == 1)
        #expect(count("const a = x // expect: E0201\nconst b = y // expect: E0201 E0301") == 3)
        #expect(count("test \"expect\" { expect true expect failure Overflow { } } // holds: E0301") == 3)
    }
}
