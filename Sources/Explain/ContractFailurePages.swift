/// Failures that the language raises itself: rounds, sealed values, calls between contracts, resources.
let contractFailurePages: [ErrorPage] = [
    ErrorPage(
        "RoundExists", "A round opened twice",
        "`open R[k]` for a key that has an instance already. Keys are not used again.",
        wrong: """
            contract Race {
                round Heat[k: Int] { phase running }
                action start(k: Int) { open Heat[k] }
                test "twice" {
                    let race = deploy Race()
                    race.start(1)
                    race.start(1)
                }
            }
            """,
        right: """
            contract Race {
                round Heat[k: Int] { phase running }
                action start(k: Int) { if !Heat[k].isOpen { open Heat[k] } }
                test "twice" {
                    let race = deploy Race()
                    race.start(1)
                    race.start(1)
                }
            }
            """),
    ErrorPage(
        "NoSuchRound", "A round that was never opened",
        "Any access to an instance that is not open fails, except `R[k].isOpen`.",
        wrong: """
            contract Race {
                round Heat[k: Int] { var laps: Int phase running }
                view laps(k: Int) -> Int { return Heat[k].laps }
                test "of none" { expect (deploy Race()).laps(7) == 0 }
            }
            """,
        right: """
            contract Race {
                round Heat[k: Int] { var laps: Int phase running }
                view laps(k: Int) -> Int { return Heat[k].isOpen ? Heat[k].laps : 0 }
                test "of none" { expect (deploy Race()).laps(7) == 0 }
            }
            """),
    ErrorPage(
        "WrongPhase", "Not in this phase",
        """
        The action is declared `during` a phase, and the round is in another one: too early, or the window of n blocks \
        is over. A phase entered at height h for n blocks covers h … h + n − 1.
        """,
        wrong: """
            contract Race {
                round Heat[k: Int] {
                    phase entry for 10 blocks then running
                    phase running
                }
                action start(k: Int) { open Heat[k] }
                action enter(k: Int) during Heat[k].entry {}
                test "too late" {
                    let race = deploy Race()
                    race.start(1)
                    advance 10 blocks
                    race.enter(1)
                }
            }
            """,
        right: """
            contract Race {
                round Heat[k: Int] {
                    phase entry for 10 blocks then running
                    phase running
                }
                action start(k: Int) { open Heat[k] }
                action enter(k: Int) during Heat[k].entry {}
                test "in time" {
                    let race = deploy Race()
                    race.start(1)
                    advance 9 blocks
                    race.enter(1)
                }
            }
            """),
    sealedPage(
        "AlreadyCommitted", "A second commitment",
        "An author commits once; a commitment cannot be replaced after others have shown theirs.",
        wrong: """
            vote.commit_choice(1, sealed_) as a
            vote.commit_choice(1, sealed_) as a
            """,
        right: "vote.commit_choice(1, sealed_) as a"),
    sealedPage(
        "NotCommitted", "Nothing was committed to",
        "`reveal_…` or `expire_…` for an author without a commitment.",
        wrong: """
            advance 5 blocks
            vote.reveal_choice(1, a, 7, hash("salt"))
            """,
        right: """
            vote.commit_choice(1, sealed_) as a
            advance 5 blocks
            vote.reveal_choice(1, a, 7, hash("salt"))
            """),
    sealedPage(
        "AlreadyRevealed", "Revealed before",
        "The value of this author is known already. Anyone may relay a reveal; the second one has nothing to do.",
        wrong: """
            vote.commit_choice(1, sealed_) as a
            advance 5 blocks
            vote.reveal_choice(1, a, 7, hash("salt"))
            vote.reveal_choice(1, a, 7, hash("salt"))
            """,
        right: """
            vote.commit_choice(1, sealed_) as a
            advance 5 blocks
            vote.reveal_choice(1, a, 7, hash("salt"))
            """),
    sealedPage(
        "CommitmentMismatch", "Not what was committed to",
        """
        The value, salt, author, key, contract or chain differs from what the commitment was made of. All of them are \
        in the hash, so nobody can copy the commitment of somebody else.
        """,
        wrong: """
            vote.commit_choice(1, sealed_) as a
            advance 5 blocks
            vote.reveal_choice(1, a, 8, hash("salt"))
            """,
        right: """
            vote.commit_choice(1, sealed_) as a
            advance 5 blocks
            vote.reveal_choice(1, a, 7, hash("salt"))
            """),
    ErrorPage(
        "SeedNotReady", "No seed yet",
        """
        A beacon's seed is made of the randomness of the block that entered its phase, and can be used from the block \
        after that one. On a chain without block randomness there is none.
        """,
        wrong: """
            contract Lottery {
                round Draw[k: Int] {
                    beacon luck at drawn
                    phase entry for 5 blocks then drawn
                    phase drawn
                }
                action start(k: Int) { open Draw[k] }
                view seed(k: Int) -> Hash during Draw[k].drawn { return Draw[k].luck.seed }
                test "at once" {
                    let lottery = deploy Lottery()
                    lottery.start(1)
                    advance 5 blocks
                    expect lottery.seed(1) != hash(1)
                }
            }
            """,
        right: """
            contract Lottery {
                round Draw[k: Int] {
                    beacon luck at drawn
                    phase entry for 5 blocks then drawn
                    phase drawn
                }
                action start(k: Int) { open Draw[k] }
                view seed(k: Int) -> Hash during Draw[k].drawn { return Draw[k].luck.seed }
                test "a block later" {
                    let lottery = deploy Lottery()
                    lottery.start(1)
                    advance 6 blocks
                    expect lottery.seed(1) != hash(1)
                }
            }
            """),
    ErrorPage(
        "Reentrancy", "A contract entered while it is active",
        """
        A contract that waits for a call cannot be entered again, neither directly nor through others: what it has \
        begun is not finished. Finish the work first, or let the other side fetch.
        """,
        wrong: """
            interface Echo { view value() -> Int }
            contract Self: Echo {
                view value() -> Int { return 1 }
                view through(echo: Echo) -> Int { return echo.value() }
                test "back again" {
                    let one = deploy Self()
                    expect one.through(Echo(one)) == 1
                }
            }
            """,
        right: """
            interface Echo { view value() -> Int }
            contract Self: Echo {
                view value() -> Int { return 1 }
                view through(echo: Echo) -> Int { return echo.value() }
                test "another one" {
                    let one = deploy Self()
                    let other = deploy Self()
                    expect one.through(Echo(other)) == 1
                }
            }
            """),
    ErrorPage(
        "CallDepth", "Calls too deep",
        "Contracts call each other at most 8 deep.",
        wrong: """
            interface Link { view length() -> Int<32> }
            contract Chain: Link {
                let next: Link?
                init(next_: Link?) { next = next_ }
                view length() -> Int<32> {
                    if let link = next { return link.length() + 1 }
                    return 1
                }
                test "nine links" {
                    var end: Link? = none
                    for i in 0..<8 { end = Link(deploy Chain(end)) }
                    let first = deploy Chain(end)
                    expect first.length() == 9
                }
            }
            """,
        right: """
            interface Link { view length() -> Int<32> }
            contract Chain: Link {
                let next: Link?
                init(next_: Link?) { next = next_ }
                view length() -> Int<32> {
                    if let link = next { return link.length() + 1 }
                    return 1
                }
                test "five links" {
                    var end: Link? = none
                    for i in 0..<4 { end = Link(deploy Chain(end)) }
                    let first = deploy Chain(end)
                    expect first.length() == 5
                }
            }
            """),
    ErrorPage(
        "InsufficientGas", "Less gas than promised",
        """
        A `try … gas g` gives the callee g units and needs them to be there: with less, the caller could make a call \
        fail by sending little gas. Send more, or promise less.
        """,
        wrong: """
            contract Pot {
                var n: Int
                action f() {
                    try let r = twice(2) gas 9_000_000_000_000 { n = r } failed { n = 0 }
                }
                function twice(m: Int<16>) -> Int<32> { return m * 2 }
                test "too much" {
                    let pot = deploy Pot()
                    pot.f()
                }
            }
            """,
        right: """
            contract Pot {
                var n: Int
                action f() {
                    try let r = twice(2) gas 9_000 { n = r } failed { n = 0 }
                }
                function twice(m: Int<16>) -> Int<32> { return m * 2 }
                test "enough" {
                    let pot = deploy Pot()
                    pot.f()
                }
            }
            """),
    ErrorPage(
        "InterfaceMismatch", "A contract without the interface",
        "The contract at the address does not implement the interface that it is converted to.",
        wrong: """
            interface Pricing { view price() -> Int }
            contract Shop {
                view price(pricing: Address) -> Int { return Pricing(pricing).price() }
            }
            test "priced by another shop" {
                let shop = deploy Shop()
                let other = deploy Shop()
                expect shop.price(other.address) == 1
            }
            """,
        right: """
            interface Pricing { view price() -> Int }
            contract Flat: Pricing { view price() -> Int { return 1 } }
            contract Shop {
                view price(pricing: Address) -> Int { return Pricing(pricing).price() }
            }
            test "priced" {
                let shop = deploy Shop()
                let flat = deploy Flat()
                expect shop.price(flat.address) == 1
            }
            """),
    ErrorPage(
        "NoSuchContract", "Nothing at this address",
        "The address belongs to no contract.",
        wrong: """
            interface Pricing { view price() -> Int }
            contract Shop {
                view price(pricing: Address) -> Int { return Pricing(pricing).price() }
            }
            test "priced by nobody" {
                let shop = deploy Shop()
                expect shop.price(actor("nobody")) == 1
            }
            """,
        right: """
            interface Pricing { view price() -> Int }
            contract Flat: Pricing { view price() -> Int { return 1 } }
            contract Shop {
                view price(pricing: Address) -> Int { return Pricing(pricing).price() }
            }
            test "priced" {
                let shop = deploy Shop()
                let flat = deploy Flat()
                expect shop.price(flat.address) == 1
            }
            """),
]

/// A page about sealed values: its examples differ by the steps in a test.
func sealedPage(_ code: String, _ title: String, _ text: String, wrong: String, right: String) -> ErrorPage {
    func source(_ steps: String) -> String {
        let opening = """
            contract Vote {
                round Poll[k: Int] {
                    sealed choice: Int max 10 commit during commit reveal during reveal else keep
                    phase commit for 5 blocks then reveal
                    phase reveal for 5 blocks then over
                    phase over
                }
                action start(k: Int) { open Poll[k] }
                test "voting" {
                    let vote = deploy Vote()
                    let a = actor("a")
                    vote.start(1)
                    let sealed_ = commitment(vote, Poll.choice, 1, a, 7, hash("salt"))

            """
        let lines = steps.split(separator: "\n").map { "        " + $0 + "\n" }
        return opening + lines.joined() + "    }\n}"
    }
    return ErrorPage(code, title, text, wrong: .source(source(wrong)), right: source(right))
}
