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
                3 |         sealed vote: Int max 4 commit during commit reveal during reveal else keep
                  |                                                                   ------ values come with this phase
                ...
                8 |     view early(k: Int) -> Int? { return R[k].vote.get(caller) }
                  |                                         ^^^^^^^^^^^^^^^^^^^^^ read before reveal is sure
                  = hint: declare it `during R[key].reveal` or a later phase

                1 error

                """)
    }

    @Test func aDrawFromWhatIsNotFrozen() {
        let text = rendered(
            """
            contract C {
                round R[k: Int] {
                    var members: Map<Address, Amount, 4>
                    beacon luck at chosen
                    phase open_ for 5 blocks then chosen
                    phase chosen
                }
                view two(k: Int) -> List<Address, 2> during R[k].chosen {
                    return draw 2 from R[k].members using R[k].luck
                }
            }
            """)
        #expect(
            text == """
                error[E0608]: members could have been changed by someone who knew the seed
                 --> test.agon:9:28
                  |
                4 |         beacon luck at chosen
                  |                ---- does not freeze it
                ...
                9 |         return draw 2 from R[k].members using R[k].luck
                  |                            ^^^^^^^^^^^^ drawn from
                  = hint: let the beacon freeze it: beacon luck freezes members
                  = fix: insert ' freezes members'

                1 error

                """)
    }

    /// The message and the hint of the only error of a source.
    private func only(_ source: String) -> String {
        let found = checkSource(source).diagnostics
        return found.count == 1 ? "\(found[0].message) [\(found[0].hint ?? "")]" : "\(found.count) errors"
    }

    @Test func aPrivateFunctionHasNoPhaseToDeclare() {
        let text = only(
            """
            contract C {
                round R[k: Int] {
                    sealed vote: Int max 4 commit during commit reveal during reveal else keep
                    phase commit for 5 blocks then reveal
                    phase reveal for 5 blocks then done
                    phase done
                }
                function early(k: Int) -> Int? { return R[k].vote.get(caller) }
            }
            """)
        #expect(
            text.contains("whatever calls early with this key must be declared `during R[key].reveal` or a later phase")
        )
    }

    @Test func wordsOfOtherLanguages() {
        #expect(only("function f(n: UInt256) -> Int { return 1 }") == "there is no type UInt256 [did you mean Amount?]")
        #expect(only("function f(n: String) -> Int { return 1 }") == "there is no type String [did you mean Text?]")
        #expect(
            only("function f(n: Int?) -> Bool { return n == null }") == "there is no null here [did you mean none?]")
    }

    @Test func countsAndForms() {
        #expect(
            only("function f(a: List<Int>) -> Int { return 1 }")
                == "List takes 2 type arguments [a list has a capacity: List<Int, 16>]")
        #expect(
            only("function f(a: Int) -> Int { return a }\nfunction g() -> Int { return f() }")
                == "f takes 1 argument, found 0 [write f(a: Int)]")
        #expect(only("function f(a: Int) -> Int { }").hasPrefix("not every path of f returns its Int"))
    }

    @Test func aCommitmentOfNoContractIsReportedOnce() {
        let text = only(
            """
            test "t" {
                let court = deploy Court()
                expect commitment(court, Dispute.votes, 1, actor("a"), 1, hash("s")) == hash("x")
            }
            """)
        #expect(text.contains("Court"))
    }
}
