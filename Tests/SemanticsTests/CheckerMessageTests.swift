import Diagnostics
import Testing

/// Messages as people read them, whole.
@Suite struct CheckerMessageTests {
    private func rendered(_ source: String) -> String { TextRenderer().render(checkSource(source).diagnostics) }

    @Test func aTokenUsedTwice() {
        let text = rendered(
            """
            contract Pool {
                asset COIN native
                var vault: Vault<COIN>
                action join(bond: Token<COIN>) {
                    vault.put(bond)
                    send(bond, caller)
                }
            }
            """)
        #expect(
            text == """
                error[E0502]: the token bond is already used up
                 --> test.agon:6:14
                  |
                4 |     action join(bond: Token<COIN>) {
                  |                 ---- declared here
                5 |         vault.put(bond)
                  |                   ---- used up here
                6 |         send(bond, caller)
                  |              ^^^^ used again here
                  = hint: a token is used exactly once: take a part of it with take(…)

                1 error

                """)
    }

    @Test func aRatioWithoutRounding() {
        #expect(
            rendered("function half(n: Int) -> Int {\n    return n / 2\n}\n") == """
                error[E0401]: a Ratio does not become a number without rounding
                 --> test.agon:2:12
                  |
                2 |     return n / 2
                  |            ^^^^^ exact, maybe not whole
                  = hint: say which way: floor(…), ceil(…) or round(…)
                  = fix: replace it with 'floor(n / 2)'

                1 error

                """)
    }

    @Test func aNameThatNearlyExists() {
        #expect(
            rendered("function f(count: Int) -> Int {\n    return cuont\n}\n") == """
                error[E0201]: there is no cuont here
                 --> test.agon:2:12
                  |
                2 |     return cuont
                  |            ^^^^^ not declared
                  = hint: did you mean count?
                  = fix: replace it with 'count'

                1 error

                """)
    }

    @Test func recursion() {
        let text = rendered(
            "function a(n: Int) -> Int { return b(n) }\nfunction b(n: Int) -> Int { return a(n - 1) }\n")
        #expect(
            text == """
                error[E0701]: functions call each other in a circle: a → b → a
                 --> test.agon:1:36
                  |
                1 | function a(n: Int) -> Int { return b(n) }
                  |                                    ^^^^ the circle begins here
                2 | function b(n: Int) -> Int { return a(n - 1) }
                  |                                    -------- b calls on
                  = hint: nothing may call itself: use a bounded loop

                1 error

                """)
    }

    @Test func aSealedValueReadEarly() {
        let text = rendered(
            """
            contract C {
                round R[k: Int] {
                    sealed vote: Int max 4 commit during commit reveal during reveal else keep
                    phase commit for 5 blocks then reveal
                    phase reveal for 5 blocks then done
                    phase done
                }
                view early(k: Int) -> Int? { return R[k].vote.get(caller) }
            }
            """)
        #expect(
            text == """
                error[E0605]: vote may not be revealed yet
                 --> test.agon:8:41
                  |
                8 |     view early(k: Int) -> Int? { return R[k].vote.get(caller) }
                  |                                         ^^^^^^^^^^^^^^^^^^^^^ read before reveal is sure
                  = hint: declare the function `during R[key].reveal` or a later phase

                1 error

                """)
    }
}
