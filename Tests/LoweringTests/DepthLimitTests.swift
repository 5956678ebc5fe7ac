import Diagnostics
import Lowering
import Testing
import Verifier

/// What the machine bounds and the language alone does not: the compiler refuses it with a diagnostic, and never writes
/// a module that the verifier refuses.
@Suite("Limits of depth")
struct DepthLimitTests {
    /// The complaint about the only contract of a program; nil when its module verifies.
    private func complaint(_ text: String) throws -> String? {
        switch lower(0, of: try checked(text)) {
        case .failure(let diagnostic):
            #expect(diagnostic.code == .limitExceeded)
            return diagnostic.message
        case .success(let module):
            if case .failure(let error) = verify(module) { Issue.record("\(error)") }
            return nil
        }
    }

    /// Functions that each try the one before.
    private func attempts(_ count: Int) -> String {
        let functions = (1...count).map { number in
            "    function f\(number)(a: Int<8>) -> Int<8> { "
                + "try let x = f\(number - 1)(a) gas 9_000 { return x } failed { return 0 } }"
        }
        return """
            contract Trying {
                function f0(a: Int<8>) -> Int<8> { return a }
            \(functions.joined(separator: "\n"))
                view run(a: Int<8>) -> Int<8> { return f\(count)(a) }
            }
            """
    }

    @Test("Attempts within attempts")
    func attempts() throws {
        #expect(try complaint(attempts(8)) == nil)
        #expect(try complaint(attempts(9)) == "f9 tries calls within calls that it tries, more than 8 deep")
    }

    @Test("Types within types")
    func types() throws {
        func lists(_ levels: Int) -> String {
            let count = levels - 1
            let type = String(repeating: "List<", count: count) + "Bool" + String(repeating: ", 1>", count: count)
            return "contract Nested { view count(a: \(type)) -> Int { return a.count } }"
        }
        #expect(try complaint(lists(16)) == nil)
        #expect(try complaint(lists(17)) == "types of Nested stand in one another deeper than 16 levels")
        func structs(_ levels: Int) -> String {
            let types = (1..<levels).map { "struct S\($0) { part: \($0 == 1 ? "Bool" : "S\($0 - 1)") }\n" }.joined()
            return types + "contract Nested { view same(a: S\(levels - 1)) -> Bool { return a == a } }"
        }
        #expect(try complaint(structs(16)) == nil)
        #expect(try complaint(structs(17)) == "types of Nested stand in one another deeper than 16 levels")
    }

    @Test("Registers of functions that call one another")
    func registers() throws {
        /// Each passes its 64 parameters on: a caller's registers end where its callee's begin.
        func chain(_ count: Int) -> String {
            let names = (0..<64).map { "a\($0)" }
            let parameters = names.map { "\($0): Bool" }.joined(separator: ", ")
            let arguments = names.joined(separator: ", ")
            let functions = (0..<count).map { number in
                let value = number == 0 ? "a0" : "f\(number - 1)(\(arguments))"
                return "    function f\(number)(\(parameters)) -> Bool { return \(value) }"
            }
            return """
                contract Chain {
                \(functions.joined(separator: "\n"))
                    view run(\(parameters)) -> Bool { return f\(count - 1)(\(arguments)) }
                }
                """
        }
        #expect(try complaint(chain(200)) == nil)
        let message = try #require(try complaint(chain(260)))
        #expect(message.contains("and the functions that it calls need") && message.contains("more than 16384"))
    }
}
