import Semantics
import Testing

/// What sources become: conversions, checks and what the compiler adds.
@Suite struct TypedTreeTests {
    private func body(_ name: String, _ source: String) -> String {
        let outcome = checkSource(source)
        guard let program = outcome.program else { return outcome.rendered }
        return TreePrinter.body(name, of: program)
    }

    @Test func checksStandOnlyWhereValuesMayNotFit() {
        #expect(body("f", "function f(a: Int<8>, b: Int<8>) -> Int<9> { return a + b }") == "return add(a, b)")
        #expect(body("f", "function f(a: Int<8>, b: Int<8>) -> Int<8> { return a + b }") == "return check(add(a, b))")
        #expect(body("f", "function f(a: Amount) -> Int { return a }") == "return check(a)")
        #expect(body("f", "function f(a: Height) -> Amount { return a }") == "return a")
        #expect(body("f", "function f(a: Int) -> Int<4> { return a % 7 }") == "return remainder(a, 7)")
        #expect(body("f", "function f(a: Int) -> Amount { return abs(a) }") == "return absolute(a)")
    }

    @Test func literalsAreFolded() {
        #expect(body("f", "function f() -> Fixed { return 2 }") == "return 2000000000000000000f")
        #expect(body("f", "function f() -> Int { return -(3 + 4) * 2 }") == "return -14")
        #expect(body("f", "const c = 10 - 3 function f() -> Int { return c % 4 }") == "return 3")
        #expect(
            body("f", "const c: Fixed = floor(1 / 3) function f() -> Fixed { return c }")
                == "return 333333333333333333f")
    }

    @Test func quotientsKeepOneDivision() {
        let form = "return check(floor(divide(multiply(a, b), c)))"
        for expression in ["a * b / c", "a / c * b", "b * (a / c)"] {
            let text = body(
                "f", "function f(a: Amount, b: Amount, c: Amount) -> Amount { return floor(\(expression)) }")
            #expect(text == form || text == form.replacingOperands, "\(expression): \(text)")
        }
        #expect(
            body("f", "function f(a: Fixed, n: Int) -> Fixed { return a * n + 1 }")
                == "return check(add(multiply(a, n), 1000000000000000000))")
    }

    @Test func keysOfCompoundAssignmentsAreEvaluatedOnce() {
        let source = """
            contract C {
                var m: Map<Int, Int>
                var n: Int
                action a(k: Int) { m[k] += 2 }
                action b() { m[n] *= 2 }
            }
            """
        #expect(body("a", source) == "m[k] = check(add(m[k], 2))")
        #expect(body("b", source) == "key := n; m[key] = check(multiply(m[key], 2))")
    }

    static let round = """
        contract C {
            round R[k: Int] {
                var x: Int = 7
                var go: Bool
                phase first for 3 blocks or when go then last
                phase last
            }
            round S[k: Int] {
                var y: Int = 1
                phase only
            }
            action start(k: Int) { open S[k] S[k].y = 2 }
            action set(k: Int) { R[k].x = 1 }
            action guarded(k: Int, l: Int) during R[k].first { R[k].x = R[l].x }
            view get(k: Int) -> Int { return R[k].x }
            view done(k: Int) -> Bool { return R[k].phase != .last && R[k].isOpen }
            function shared(k: Int) -> Int { return R[k].x }
            function own(k: Int) -> Int { return R[k].x }
            view asks(k: Int) -> Int { return shared(k) }
            action uses(k: Int) { R[k].x = own(k) + shared(k) }
        }
        """

    @Test func phasesAreBroughtUpToDateBeforeAccess() {
        #expect(body("set", Self.round) == "R.x[touch_R(k)] = 1")
        #expect(body("get", Self.round) == "return R.x[look_R(k)]")
        #expect(
            body("guarded", Self.round)
                == "phase := advance_R(k); guard phase of k in [0]; R.x[k] = R.x[touch_R(l)]; advance_R(k)")
        #expect(body("shared", Self.round) == "return R.x[look_R(k)]")
        #expect(body("own", Self.round) == "return R.x[touch_R(k)]")
        #expect(body("touch_R", Self.round) == "advance_R(k); return k")
    }

    @Test func opening() {
        #expect(body("start", Self.round) == "open_S(k); S.y[k] = 2")
        #expect(body("open_S", Self.round) == "open k ; S.y[k] = 1")
    }

    @Test func openingWithValues() {
        let source = """
            contract C {
                let base: Int<16> = 3
                round R[k: Int] {
                    let blocks: Int<8>
                    var left: Int = blocks
                    phase a for blocks + base blocks then b
                    phase b for 2 hours then c
                    phase c
                }
                action start(n: Int<8>) { open R[4](blocks: n) }
            }
            """
        #expect(body("start", source) == "key := 4; open_R(key, n)")
        #expect(body("open_R", source) == "open k add(blocks, base); R.blocks[k] = blocks; R.left[k] = blocks")
        #expect(body("current_R", source) == "return phase(k)")
    }

    @Test func phasesAdvanceStepByStep() {
        func phases(_ leave: String) -> String {
            "current := phase(k); if equal(current, 0) {if R.go[k] {\(leave)current = 1}}; return current"
        }
        #expect(body("current_R", Self.round) == phases(""))
        #expect(body("advance_R", Self.round) == phases("leave 0 of k; "))
    }

    @Test func aWindowOfNoBlocksIsPassedOver() {
        let source = """
            contract C {
                let n: Int<8> = 0
                round R[k: Int] {
                    phase a when true then b
                    phase b for n blocks then c
                    phase c
                }
            }
            """
        #expect(
            body("advance_R", source)
                == "current := phase(k); if equal(current, 0) {if true {leave 0 of k; current = 1}}; "
                + "if equal(current, 1) {if lessOrEqual(R.b.blocks[k], 0) {current = 2}}; return current")
    }

    @Test func splittingAnAmount() {
        let source = """
            contract C {
                var rest: Amount
                action a(pot: Amount, w: List<Int, 4>) { let parts = split pot by w else rest }
            }
            """
        #expect(
            body("a", source)
                == "whole := pot; parts := split(whole, w); if equal(listSum(parts), 0) "
                + "{rest = check(add(rest, whole))}; parts := parts")
    }

    @Test func loopBounds() {
        let source = "function f(n: Int, xs: List<Int, 9>) { for i in 0..<n max 5 {} for i in 0..<xs.count {} }"
        #expect(body("f", source) == "for i in 0..<n max 5 {}; for i in 0..<listCount(xs) max - {}")
    }

    @Test func calleesComeFirst() throws {
        let program = try #require(checkSource(Self.round).program)
        for contract in program.contracts {
            let order = contract.functions
            #expect(order.contains(contract.initializer))
            let names = order.map { program.functions[$0].name }
            #expect((names.firstIndex(of: "advance_R") ?? 99) < (names.firstIndex(of: "touch_R") ?? -1))
            #expect((names.firstIndex(of: "own") ?? 99) < (names.firstIndex(of: "uses") ?? -1))
        }
        let writers = program.functions.filter(\.writesState).map(\.name)
        #expect(
            writers
                == ["start", "set", "guarded", "own", "uses", "open_R", "advance_R", "touch_R", "open_S"].sorted {
                    a, b in
                    (program.functions.firstIndex { $0.name == a } ?? 0)
                        < (program.functions.firstIndex { $0.name == b } ?? 0)
                })
    }
}

extension String {
    /// The same product the other way round.
    fileprivate var replacingOperands: String {
        split(separator: "multiply(a, b)", omittingEmptySubsequences: false).joined(separator: "multiply(b, a)")
    }
}
