import Diagnostics
import Testing

@testable import Semantics

/// What settlements may be, and what may happen while one runs.
@Suite struct SettlementTests {
    /// What is wrong with a settlement is said once; its push is not missed.
    @Test func nothingFollowsFromABrokenSettlement() {
        let text =
            Source(map: "Map<Address, Amount>").text + """

                test "t" {
                    let c = deploy C()
                    c.settle_payout(1, 2)
                }
                """
        #expect(checkSource(text).diagnostics.map(\.code) == [.settlementDeclaration])
        let total = Source(splits: "splits pot by stake of rate as share else rest").text
        #expect(
            checkSource(total).diagnostics.allSatisfy { $0.code == .settlementDeclaration || $0.code == .typeMismatch })
    }

    /// A contract whose parts can be replaced one by one.
    private struct Source {
        var state = ""
        var map = "Map<Address, Amount, 1_000_000>"
        var over = "stakes as (member, stake)"
        var splits = "splits pot by stake of total as share else rest"
        var phase = "paying"
        var limits = "gas 50_000 max 100"
        var tail = "fee 3 from tips freezes rate"
        var body = "rewards[member].put(share)"
        var ends = "when payout.isDone then over"
        var members = ""

        var text: String {
            """
            contract C {
                asset A issued
                asset B issued
                var outside: Vault<A>
                \(state)
                round R[k: Int] {
                    var stakes: \(map)
                    var total: Amount
                    var rate: Int
                    var pot: Vault<A>
                    var rest: Vault<A>
                    var tips: Vault<B>
                    var rewards: Map<Address, Vault<A>>
                    settlement payout over \(over) \(splits)
                        during \(phase) \(limits) \(tail)
                    { \(body) }
                    phase joining for 5 blocks then paying
                    phase paying \(ends)
                    phase over
                }
                \(members)
            }
            """
        }
    }

    private func codes(_ change: (inout Source) -> Void) -> [String] {
        var source = Source()
        change(&source)
        return checkSource(source.text).summary
    }

    private let plain = "for x in [1] { require x == 1 }"

    @Test func soundOnesPass() {
        #expect(codes { _ in } == [])
        #expect(codes { $0.tail = "" } == [])
        #expect(codes { $0.ends = "when total > 0 && payout.isDone && rate == 1 then over" } == [])
        #expect(
            codes {
                $0.limits = "gas each max most"
                $0.state = "const each = 10_000\n    const most = 7"
            } == [])
        // Without a pot; vaults as elements; names of its own for what it hands out.
        #expect(
            codes {
                $0.splits = ""
                $0.body = "require stake < 5"
            } == [])
        #expect(
            codes {
                $0.map = "Map<Address, Vault<A>, 10>"
                $0.body = "require stake < 5 rewards[member].put(share)"
            } == [])
        #expect(codes { $0.body = "if stake == 3 { outside.put(share) return } rewards[member].put(share)" } == [])
        #expect(codes { $0.splits = "splits pot by (stake * rate - 1) of 100 as share else outside" } == [])
        #expect(
            codes {
                $0.splits = "splits pot by weight(k, member) of pot.amount as share else rest"
                $0.members = "function weight(k: Int, who: Address) -> Int { return R[k].rate }"
            } == [])
        #expect(
            codes {
                $0.members = """
                    view done(k: Int) -> Bool { return R[k].payout.isDone }
                    view far(k: Int) -> Int { return R[k].payout.processed + R[k].payout.setAsideCount }
                    view aside(k: Int, who: Address) -> Amount { return R[k].payout.setAside(who) }
                    view isAside(k: Int, who: Address) -> Bool { return R[k].payout.isSetAside(who) }
                    """
            } == [])
    }

    /// Who is called within a call might otherwise decide by `Reentrancy` or `CallDepth` which elements fail.
    @Test func noContractPushes() {
        let pusher = "\ninterface Pusher { action settle_payout(k: Int, count: Int<32>) -> Int<32> }\n"
        let text = Source().text.replacing("contract C {", with: "contract C: Pusher {") + pusher
        #expect(checkSource(text).summary == ["E0802@1"])
    }

    @Test func wordsStayNames() {
        #expect(
            checkSource(
                """
                contract C {
                    var settlement: Int
                    var fee: Int
                    action from(over: Int, of: Int, splits: Int) { settlement = over + of + splits fee = 1 }
                    view freezes() -> Int { return fee }
                }
                """
            ).summary == [])
    }

    @Test func whatIsSettledAndWhen() {
        #expect(codes { $0.over = "total as (member, stake)" } == ["E0611@14"])
        #expect(codes { $0.over = "rewards as (member, stake)" } == ["E0611@14"])
        #expect(codes { $0.over = "stake as (member, amount)" } == ["E0611@14"])
        #expect(codes { $0.map = "Map<Address, Map<Int, Amount, 4>>" }.contains("E0611@14"))
        #expect(codes { $0.phase = "payin" } == ["E0601@15"])
        #expect(codes { $0.ends = "for 9 blocks or when payout.isDone then over" } == ["E0611@18"])
        #expect(codes { $0.ends = "when total > 0 then over" } == ["E0611@18"])
        #expect(codes { $0.ends = "when payout.isDone || total > 0 then over" } == ["E0611@18"])
        #expect(codes { $0.phase = "over" } == ["E0611@19"])
        #expect(codes { $0.limits = "gas 0 max 100" } == ["E0804@15"])
        #expect(codes { $0.limits = "gas 50 max 10_001" } == ["E0804@15"])
        #expect(codes { $0.limits = "gas total max 10" }.count == 1)
        #expect(codes { $0.tail = "freezes nothing" } == ["E0611@15"])
    }

    @Test func splitting() {
        #expect(codes { $0.splits = "splits outside by stake of total as share else rest" } == ["E0611@14"])
        #expect(codes { $0.splits = "splits pot by stake of total as share else pot" } == ["E0611@14"])
        #expect(codes { $0.splits = "splits pot by stake of total as share else tips" } == ["E0504@14"])
        #expect(codes { $0.splits = "splits pot by stake of rate as share else rest" } == ["E0611@14"])
        #expect(codes { $0.splits = "splits pot by stake of 4 / 2 as share else rest" }.count > 0)
        #expect(codes { $0.splits = "splits total by stake of total as share else rest" } == ["E0301@14"])
        #expect(codes { $0.splits = "splits pot by (stake / 2) of total as share else rest" } == ["E0401@14"])
        #expect(codes { $0.splits = "splits pot by member of total as share else rest" } == ["E0301@14"])
        #expect(codes { $0.tail = "fee 3 from pot" } == ["E0611@15"])
        #expect(codes { $0.tail = "fee rate from tips" } == ["E0404@15"])
        #expect(codes { $0.tail = "fee 3 from total" } == ["E0301@15"])
        // The share is a token like any other.
        #expect(codes { $0.body = "require stake > 0" } == ["E0501@14"])
        #expect(codes { $0.body = "rewards[member].put(share) outside.put(share)" } == ["E0502@16"])
        #expect(
            codes {
                $0.over = "stakes as (rate, stake)"
                $0.body = "outside.put(share)"
            } == ["E0202@14"])
    }

    @Test func whatIsFrozen() {
        #expect(
            codes { $0.members = "action a(k: Int) during R[k].paying { R[k].stakes[caller] = 1 }" } == ["E0607@21"])
        #expect(codes { $0.members = "action a(k: Int) { R[k].stakes[caller] = 1 }" } == ["E0607@21"])
        #expect(codes { $0.members = "action a(k: Int) during R[k].paying { R[k].rate = 1 }" } == ["E0607@21"])
        #expect(
            codes { $0.members = "action a(k: Int, t: Token<A>) during R[k].paying { R[k].pot.put(t) }" } == [
                "E0607@21"
            ])
        #expect(
            codes { $0.members = "action a(k: Int) during R[k].paying { send(R[k].rest.takeAll(), caller) }" }
                == ["E0607@21"])
        for allowed in [
            "action a(k: Int) during R[k].joining { R[k].stakes[caller] = 1 R[k].rate = 2 }",
            "action a(k: Int) during R[k].over { R[k].stakes.remove(caller) send(R[k].rest.takeAll(), caller) }",
            "action a(k: Int, t: Token<A>) during R[k].paying { R[k].rest.put(t) }",
            "action a(k: Int) during R[k].paying { R[k].total = 1 send(R[k].rewards[caller].takeAll(), caller) }",
        ] {
            #expect(codes { $0.members = allowed } == [], "\(allowed)")
        }
        // The body itself is held to it, through what it calls as well.
        #expect(codes { $0.body = "stakes[member] = 0 rewards[member].put(share)" } == ["E0607@16"])
        #expect(codes { $0.body = "rate = 3 rewards[member].put(share)" } == ["E0607@16"])
        #expect(codes { $0.body = "pot.put(share)" } == ["E0607@16"])
        #expect(codes { $0.body = "rewards[member].put(rest.takeAll()) rewards[member].put(share)" } == ["E0607@16"])
        #expect(
            codes {
                $0.body = "change(k) rewards[member].put(share)"
                $0.members = "function change(k: Int) { R[k].rate = 3 }"
            } == ["E0607@21"])
    }

    @Test func anElementDependsOnNoPush() {
        #expect(codes { $0.body = "require member != caller rewards[member].put(share)" } == ["E0611@16"])
        #expect(codes { $0.body = "require height > 5 rewards[member].put(share)" } == ["E0611@16"])
        #expect(codes { $0.body = "require payout.processed > 5 rewards[member].put(share)" } == ["E0611@16"])
        #expect(codes { $0.body = "require tips.amount > 5 rewards[member].put(share)" } == ["E0611@16"])
        #expect(
            codes {
                $0.splits = "splits pot by weight(member) of total as share else rest"
                $0.members = "function weight(who: Address) -> Int { return caller == who ? 1 : 2 }"
            } == ["E0611@21"])
        // Other rounds know the time by themselves.
        #expect(
            codes { $0.body = "require !R[k + 1].isOpen || R[k + 1].phase == .over rewards[member].put(share)" } == [])
    }

    @Test func namesItMakes() {
        #expect(codes { $0.members = "action settle_payout() {}" } == ["E0202@21"])
        #expect(codes { $0.members = "event payout_setAside(n: Int)" }.count == 1)
        #expect(codes { $0.members = "action a(k: Int) { emit payout_setAside(k, caller, 1) }" } == ["E0304@21"])
        #expect(codes { $0.members = "view v(k: Int) -> Bool { return R[k].payout.done }" } == ["E0204@21"])
        #expect(codes { $0.members = "view v(k: Int) -> Amount { return R[k].payout.setAside(1) }" } == ["E0301@21"])
        #expect(codes { $0.members = "view v(k: Int) -> Amount { return R[k].payout.aside(caller) }" } == ["E0204@21"])
        #expect(codes { $0.members = "view v(k: Int) -> Bool { return R[k].payout }" } == ["E0207@21"])
    }

    @Test func triedFunctionsTakeNoTokens() {
        let vaults = "contract C { asset A issued var v: Vault<A>"
        func summary(_ members: String) -> [String] { checkSource("\(vaults)\n\(members)\n}").summary }
        #expect(
            summary(
                "function f(n: Int) -> Int { return n } action a() { try let x = f(1) gas 500 { require x == 1 } "
                    + "failed {} }"
            )
                == [])
        #expect(
            summary(
                "function f(t: Token<A>) { v.put(t) }\naction a() { let t = v.take(1)\ntry f(t) gas 500 {} failed {} }")
                == ["E0503@4"])
        #expect(
            summary(
                "function f() -> Token<A> { return v.take(1) }\naction a() { try let t = f() gas 500 { v.put(t) } "
                    + "failed {} }"
            )
                == ["E0503@3"])
        #expect(summary("action a() { try 1 + 2 gas 500 {} failed {} }") != [])
        #expect(summary("action a() { try min(1, 2) gas 500 {} failed {} }") == ["E0304@2"])
    }
}
