import Diagnostics
import Syntax
import TestSupport
import Testing

@testable import Harness

/// The deepest that the language lets blocks, values and calls stand in one another, from the text to the result on
/// machine and reference evaluator. Where the stack does not suffice, the process ends: that is the failure of these.
@Suite("Deep nesting")
struct DeepNestingTests {
    /// A contract whose view `run` gives 5 back through so many levels of one construct.
    struct Shape: CustomTestStringConvertible, Sendable {
        let name: String
        let text: @Sendable (_ levels: Int) -> String
        var testDescription: String { name }

        init(_ name: String, _ text: @escaping @Sendable (Int) -> String) {
            self.name = name
            self.text = text
        }

        func program(_ levels: Int) -> String {
            """
            struct Pair { left: Int<64> right: Int<64> }
            function same(x: Int<64>) -> Int<64> { return x }
            contract Deep {
                view run(a: Int<64>, b: Bool, c: Int<64>?, list: List<Int<64>, 2>) -> Int<64> {
                    \(text(levels))
                }
                test "deep" {
                    let deep = deploy Deep()
                    expect deep.run(5, true, none, [0, 5]) == 5
                }
            }
            """
        }
    }

    private static func times(_ count: Int, _ text: String) -> String { String(repeating: text, count: count) }

    static let shapes: [Shape] = [
        Shape("if") { times($0, "if b { ") + "return a" + times($0, " }") + " return 0" },
        Shape("else if") { "if !b { }" + times($0, " else if !b { }") + " else { return a } return 0" },
        Shape("if let") { times($0, "if let x = c { } else { ") + "return a" + times($0, " }") + " return 0" },
        Shape("match") {
            times($0, "match c { case .none { ") + "return a" + times($0, " } else { } }") + " return 0"
        },
        Shape("for") { levels in
            let heads = (0..<levels).map { "for i\($0) in 0..<1 { " }.joined()
            return heads + "return a" + times(levels, " }") + " return 0"
        },
        Shape("calls") { "return " + times($0, "same(") + "a" + times($0, ")") },
        Shape("parentheses") { "return " + times($0, "(0 + ") + "a" + times($0, ")") },
        Shape("built-in calls") { "return " + times($0, "max(0, ") + "a" + times($0, ")") },
        Shape("conditions") { "return " + times($0, "!b ? 0 : ") + "a" },
        Shape("signs") { "return b == " + times($0 / 2 * 2, "!") + "b ? a : 0" },
        Shape("indices") { "return list[" + times($0, "list[") + "1" + times($0, "] > 0 ? 1 : 0") + "]" },
        Shape("structs") { "return " + times($0, "Pair(left: 0, right: ") + "a" + times($0, ").right") },
        Shape("a chain") { "return a" + times($0, " + 0") },
        Shape("blocks and values") { levels in
            let half = levels / 2
            return times(half, "if b { ") + "return " + times(levels - half, "same(") + "a"
                + times(levels - half, ")") + times(half, " }") + " return 0"
        },
    ]

    private static func isTooDeep(_ text: String) -> Bool {
        let bag = DiagnosticBag()
        _ = parse(SourceFile(path: "deep.agon", text: text), into: bag)
        return bag.diagnostics.contains { $0.code == .nestingTooDeep }
    }

    @Test("The deepest program that can be read is compiled and run", arguments: shapes)
    func deepest(_ shape: Shape) async throws {
        let levels = try #require((1...treeDepthLimit).last { !Self.isTooDeep(shape.program($0)) })
        #expect(levels >= nestingLimit / 3 && levels < treeDepthLimit)
        let text = shape.program(levels)
        // Twice what a system's threads have: reading and lowering take their caller's stack, checking and running a
        // thread of their own.
        await SmallStack.run(bytes: 2 * SmallStack.bytes) {
            switch CompiledProject.compile(text: text) {
            case .failure(let failure):
                Issue.record("\(shape.name), \(levels) levels: \(failure.diagnostics.map(\.message)) \(failure)")
            case .success(let project):
                let results = TestRunner().run(project).results
                #expect(results.map(\.passed) == [true] && results.map(\.compared) == [true], "\(levels) levels")
            }
        }
    }

    /// As many calls within one another as the reference evaluator follows, each out of a chain as high as can be.
    @Test("The deepest calls out of the highest chains")
    func calls() async throws {
        let count = 250
        let functions = (0..<count).map { number in
            let value = number == 0 ? "a" : "f\(number - 1)(a)"
            return "    function f\(number)(a: Int<64>) -> Int<64> { return \(value)\(Self.times(118, " + 0")) }"
        }
        let text = """
            contract Deep {
            \(functions.joined(separator: "\n"))
                view run(a: Int<64>) -> Int<64> { return f\(count - 1)(a) }
                test "deep" {
                    let deep = deploy Deep()
                    expect deep.run(5) == 5
                }
            }
            """
        await SmallStack.run(bytes: 2 * SmallStack.bytes) {
            guard case .success(let project) = CompiledProject.compile(text: text) else {
                Issue.record("does not compile")
                return
            }
            let results = TestRunner().run(project).results
            #expect(results.map(\.passed) == [true] && results.map(\.compared) == [true])
        }
    }
}
