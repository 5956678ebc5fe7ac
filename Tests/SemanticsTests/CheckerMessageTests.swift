import Diagnostics
import Testing

/// Messages as people read them, whole.
@Suite struct CheckerMessageTests {
    private func rendered(_ source: String) -> String { TextRenderer().render(checkSource(source).diagnostics) }

    /// `message [hint]` of every error of a body of a contract's action, which has state, an event and an error.
    private func messages(_ body: String) -> [String] {
        let source = """
            interface Rule { view price() -> Int }
            contract Flat: Rule { view price() -> Int { return 1 } }
            contract C {
                error Low
                event Paid(n: Int)
                let rule: Rule
                var total: Int
                var counts: Map<Int, Int>
                init(given: Rule) { rule = given }
                function half(n: Int) -> Int { return floor(n / 2) }
                action a(n: Int) {
                    \(body)
                }
            }
            test "t" { let c = deploy C(Rule(deploy Flat())) }
            """
        return checkSource(source).diagnostics.map { $0.message + ($0.hint.map { " [\($0)]" } ?? "") }
    }

    /// What newcomers write where names, members and conversions are other ones here.
    @Test(arguments: [
        ("print(n)", "there is no function print", "by events"), ("log(n)", "there is no function log", "by events"),
        ("revert(n)", "there is no function revert", "'fail Error'"),
        ("let m = random()", "there is no function random", "beacon"),
        ("let m = Int(n)", "there is no function Int", "let n: Int"),
        ("let m = uint(n)", "there is no function uint", "let n: Amount"),
        ("let m = address(0)", "there is no function address", "Address?"),
        ("total = self.total", "Address has no member total", "without self: total"),
        ("total = self.half(n)", "Address has no method half", "without self: half(…)"),
        ("self.total = n", "self cannot be assigned", "without self"),
        ("total = 0xff", "expected Int, found Bytes<1>", "fromBigEndian"),
        ("let m = n as Amount", "calling as someone is for tests", "let n: Amount"),
        ("if n { total = n }", "expected Bool, found Int", "n != 0"),
        ("total = counts.get(n) + 1", "+ wants numbers, found Int?", "?? default"),
        ("let t: Tensor<i32, [1]> = [n]", "this must be a constant integer", "elements of a written tensor"),
    ]) func habits(body: String, message: String, hint: String) {
        let found = messages(body)
        #expect(found.count == 1 && found[0].hasPrefix(message) && found[0].contains(hint), "\(found)")
    }

    /// A suggestion is of what can stand there: no error, event or mint in the place of a function.
    @Test func suggestionsForCalls() {
        #expect(messages("lwo(n)") == ["there is no lwo here"])
        #expect(messages("total = hafl(n)") == ["there is no hafl here [did you mean half?]"])
    }

    @Test func whatIsCalled() {
        let text = rendered(
            """
            contract C { view price() -> Int { return 1 } }
            test "t" {
                let c = deploy C()
                expect c.price == 1
            }
            """)
        #expect(text.contains("price of contract C is no value by itself"))
        #expect(text.contains("hint: price is called: price(…)"))
    }

    @Test func aContractWhereAnInterfaceIsWanted() {
        let text = rendered(
            """
            interface Rule { view price() -> Int }
            contract Flat: Rule { view price() -> Int { return 1 } }
            contract Shop { let rule: Rule init(given: Rule) { rule = given } }
            test "t" { let shop = deploy Shop(deploy Flat()) }
            """)
        #expect(text.contains("fix: replace it with 'Rule(deploy Flat())'"))
    }

    @Test func aParameterNamedAsTheStateItSets() {
        let found = checkSource("contract C {\n    let owner: Address\n    init(owner: Address) { owner = owner }\n}\n")
        #expect(found.diagnostics.map(\.message) == ["owner is already declared"])
    }

    /// The nearer of two declarations is meant: its members are not looked for in the other.
    @Test func aNameDeclaredTwiceHasNoFollowUps() {
        let text = rendered(
            """
            struct Grant { total: Amount }
            contract C {
                struct Grant { total: Amount isPaused: Bool }
                var grants: Map<Address, Grant>
                action pause() { grants[caller] = Grant(total: 1, isPaused: true) }
            }
            """)
        #expect(text.contains("Grant is already declared"))
        #expect(text.hasSuffix("1 error\n\n") || text.hasSuffix("\n1 error\n"))
    }

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
