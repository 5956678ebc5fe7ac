/// E07xx totality, E08xx contracts and calls, E09xx tests.
let rulePages: [ErrorPage] = [
    ErrorPage(
        "E0701", "Functions that call themselves",
        """
        No function calls itself, directly or through others, and no constant is made of itself. So every call ends, \
        and its gas has a bound. Use a loop with a bound.
        """,
        wrong: """
            function factorial(n: Int) -> Int {
                if n < 2 { return 1 }
                return n * factorial(n - 1)
            }
            """,
        right: """
            function factorial(n: Int) -> Int {
                var product = 1
                for i in 1..<n + 1 max 50 { product *= i }
                return product
            }
            """),
    ErrorPage(
        "E0702", "A loop without a bound",
        """
        How often a loop runs at most is known: by constants, a list's capacity, or `max n` (more iterations then fail \
        with `LoopBound`). A map can be gone through when it is declared with a bound: `Map<K, V, n>`.
        """,
        wrong: """
            function sum(n: Int) -> Int {
                var total = 0
                for i in 0..<n { total += i }
                return total
            }
            """,
        right: """
            function sum(n: Int) -> Int {
                var total = 0
                for i in 0..<n max 1000 { total += i }
                return total
            }
            """),
    ErrorPage(
        "E0703", "A bound that is too large",
        "A loop runs at most 4,294,967,295 times. Nothing could pay for more.",
        wrong: """
            function sum(n: Int) -> Int {
                var total = 0
                for i in 0..<n max 5_000_000_000 { total += 1 }
                return total
            }
            """,
        right: """
            function sum(n: Int) -> Int {
                var total = 0
                for i in 0..<n max 5_000_000 { total += 1 }
                return total
            }
            """),
    ErrorPage(
        "E0704", "A loop that changes what it goes through",
        """
        The map that a loop goes through stays as it is until the loop is left: neither the body nor what it calls \
        writes it. Gather the keys in a list first.
        """,
        wrong: """
            contract Tally {
                var votes: Map<Int, Int, 8>
                action clear() {
                    for k in votes.keys { votes.remove(k) }
                }
            }
            """,
        right: """
            contract Tally {
                var votes: Map<Int, Int, 8>
                action clear() {
                    var keys: List<Int, 8> = []
                    for k in votes.keys { keys.append(k) }
                    for k in keys { votes.remove(k) }
                }
            }
            """),
    ErrorPage(
        "E0705", "A jump that leads nowhere",
        """
        `break` and `continue` belong to a loop. The body of a loop over the parts of a split token is not left early: \
        the parts that remain would be lost.
        """,
        wrong: """
            function f(n: Int) {
                if n > 0 { break }
            }
            """,
        right: """
            function f(n: Int) {
                for i in 0..<10 {
                    if n > i { break }
                }
            }
            """),
    ErrorPage(
        "E0801", "A view that writes",
        """
        A view changes nothing, neither itself nor through what it calls: no assignments to state, no events, no \
        tokens moved. What changes state is an `action`.
        """,
        wrong: """
            contract Counter {
                var n: Int
                view next() -> Int {
                    n += 1
                    return n
                }
            }
            """,
        right: """
            contract Counter {
                var n: Int
                action next() -> Int {
                    n += 1
                    return n
                }
            }
            """),
    ErrorPage(
        "E0802", "An interface that is not met",
        """
        A contract that names an interface has each of its methods, of the same kind, with the same parameter types \
        and result.
        """,
        wrong: """
            interface Pricing { view price(units: Int) -> Amount }
            contract Flat: Pricing {
                view price(units: Amount) -> Amount { return 5 }
            }
            """,
        right: """
            interface Pricing { view price(units: Int) -> Amount }
            contract Flat: Pricing {
                view price(units: Int) -> Amount { return 5 }
            }
            """),
    ErrorPage(
        "E0803", "Nothing of the kind here",
        """
        `caller`, `self`, `height`, `chain` and state exist where a contract runs. Free functions and constants are \
        pure: pass what they need as parameters. A test looks at a contract from outside, through its actions and views.
        """,
        wrong: """
            function isOwner(owner: Address) -> Bool { return owner == caller }
            """,
        right: """
            function isOwner(owner: Address, who: Address) -> Bool { return owner == who }
            """),
    ErrorPage(
        "E0804", "Beyond a limit",
        """
        Capacities, numbers of members, and the size of code have limits, so that every artefact can be checked in \
        bounded time. The message names the limit.
        """,
        wrong: """
            function f(xs: List<Int, 70_000>) -> Int { return 1 }
            """,
        right: """
            function f(xs: List<Int, 65_536>) -> Int { return 1 }
            """),
    ErrorPage(
        "E0901", "Only in tests",
        """
        `deploy`, `actor`, `grant`, `advance`, `expect` and `as` act on a test's world. A contract meets the others \
        through interfaces and transactions.
        """,
        wrong: """
            contract Clock {
                action wait() { advance 3 blocks }
            }
            """,
        right: """
            contract Clock {
                view now() -> Height { return height }
                test "time passes" {
                    let clock = deploy Clock()
                    let start = clock.now()
                    advance 3 blocks
                    expect clock.now() == start + 3
                }
            }
            """),
    ErrorPage(
        "E0902", "Values of this type cannot be generated",
        """
        The cases of a property are generated from types: every copyable type except interfaces. `in a..<b` limits \
        numbers and lists of numbers only.
        """,
        wrong: """
            property "flags" (flag: Bool in 0..<1) { expect flag || !flag }
            """,
        right: """
            property "flags" (flag: Bool) { expect flag || !flag }
            """),
    ErrorPage(
        "E0903", "A bench and its measure",
        "A bench measures the calls in its `measure` block; one stands in each bench and nowhere else.",
        wrong: """
            function double(n: Int<16>) -> Int<17> { return n * 2 }
            bench "doubling" for n in [1, 10] { let m = double(n) }
            """,
        right: """
            interface Doubling { view double(n: Int<16>) -> Int<32> }
            contract Doubler: Doubling {
                view double(n: Int<16>) -> Int<32> { return n * 2 }
            }
            bench "doubling" for n in [1, 10] {
                let doubler = deploy Doubler()
                measure { let m = doubler.double(n) }
            }
            """),
]
