import Diagnostics
import Syntax
import Testing

@testable import Semantics

/// In which phases functions may run: what may be read there, and who writes what is meant to stay as it is.
@Suite struct PhaseReachTests {
    private static let round = """
            round R[k: Int] {
                var total: Int
                var members: Map<Address, Int, 8>
                sealed s: Int max 4 commit during a reveal during b else keep
                phase a for 5 blocks then b
                phase b for 5 blocks then c
                phase c
            }
        """

    private func summary(_ members: String) -> [String] {
        checkSource("contract C {\n\(Self.round)\n\(members)\n}").summary
    }

    @Test func aPrivateFunctionReadsWhenAllItsCallersMay() {
        let helper = "function read(k: Int) -> Int { return R[k].s.get(self) ?? 0 }"
        #expect(summary("\(helper) view late(k: Int) -> Int during R[k].b { return read(k) }") == [])
        #expect(
            summary(
                """
                \(helper)
                function twice(k: Int) -> Int { return read(k) + read(k) }
                view late(k: Int) -> Int during R[k].b { return twice(k) }
                action later(k: Int) during R[k].c { let same = k let x = read(same) require x == 0 }
                """) == [])
        // One caller that has no phase, an early one, another key, a changing key: each is enough to refuse it.
        for caller in [
            "view any(k: Int) -> Int { return read(k) }",
            "view early(k: Int) -> Int during R[k].a { return read(k) }",
            "view other(k: Int, l: Int) -> Int during R[k].b { return read(l) }",
            "view next(k: Int) -> Int during R[k].b { var l = k l += 1 return read(l) }",
        ] {
            let text = "\(helper)\nview late(k: Int) -> Int during R[k].b { return read(k) }\n\(caller)"
            #expect(summary(text) == ["E0605@10"], "\(caller)")
        }
        #expect(summary(helper) == ["E0605@10"])
    }

    @Test func loopsOverRevealedValuesInPrivateFunctions() {
        let helper = "function sum(k: Int) -> Int { var n = 0 for (author, x) in R[k].s { n += x } return n }"
        #expect(summary("\(helper) view late(k: Int) -> Int during R[k].c { return sum(k) }") == [])
        #expect(summary("\(helper) view early(k: Int) -> Int during R[k].a { return sum(k) }") == ["E0605@10"])
    }

    @Test func aConditionKnowsItsOwnPhase() {
        func source(_ phase: String) -> String {
            """
            contract C {
                round R[k: Int] {
                    sealed s: Int max 4 commit during a reveal during b else keep
                    phase a for 5 blocks \(phase == "a" ? "or when s.get(self) == 1" : "") then b
                    phase b for 5 blocks \(phase == "b" ? "or when s.get(self) == 1" : "") then c
                    phase c
                }
            }
            """
        }
        #expect(checkSource(source("b")).summary == [])
        #expect(checkSource(source("a")).summary == ["E0605@4"])
    }

    /// Lines of the writes to `field` that are reported when it is frozen in the phases.
    private func frozen(_ field: String, in phases: [Int], _ members: String) -> [String] {
        let bag = DiagnosticBag()
        let file = parse(SourceFile(path: "test.agon", text: "contract C {\n\(Self.round)\n\(members)\n}"), into: bag)
        let checker = Checker(SourceProgram(files: [file], into: bag), into: bag)
        checker.run()
        #expect(!bag.hasErrors)
        let reach = PhaseReach(checker, CallGraph(checker.program))
        let fields = checker.program.contracts[0].fields
        guard let index = fields.firstIndex(where: { $0.name == "R.\(field)" }) else { return ["no such field"] }
        checker.reportFrozenWrites(
            to: index, of: 0, in: PhaseSet(phases), declaredAt: Span(file.source, 0, 0), reason: "from b on", reach)
        return bag.sorted.map { "\($0.code.rawValue)@\($0.primary.span.file.position(of: $0.primary.span.start).line)" }
    }

    @Test func writesInOpenPhasesAreNotReported() {
        let members = """
            function join(k: Int, n: Int) { R[k].members[caller] = n }
            action enter(k: Int) during R[k].a { join(k, 1) R[k].total += 1 }
            action leave(k: Int) during R[k].a { R[k].members.remove(caller) }
            action start(k: Int) { open R[k] R[k].total = 7 join(k, 0) }
            """
        #expect(frozen("members", in: [1, 2], members) == [])
        #expect(frozen("total", in: [1, 2], members) == [])
        #expect(frozen("total", in: [0], members).count == 2)
    }

    @Test func writesInFrozenOrUnknownPhasesAre() {
        let members = """
            function join(k: Int, n: Int) { R[k].members[caller] = n }
            action enter(k: Int) during R[k].a { join(k, 1) }
            action late(k: Int) during R[k].b { join(k, 2) }
            action remove(k: Int) { R[k].members.remove(caller) }
            action other(k: Int, l: Int) during R[k].a { R[l].total += 1 }
            """
        #expect(frozen("members", in: [1, 2], members) == ["E0607@10", "E0607@13"])
        #expect(frozen("members", in: [2], members) == ["E0607@13"])
        #expect(frozen("total", in: [1, 2], members) == ["E0607@14"])
    }
}
