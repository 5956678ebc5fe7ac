/// Failures of running contracts that the language raises itself: values, collections, tokens.
let failurePages: [ErrorPage] = [
    ErrorPage(
        "Overflow", "A value does not fit its type",
        """
        Arithmetic is exact; where a value is bound, assigned, passed, returned or stored, its width is checked, and \
        one that does not fit fails. Nothing ever wraps around. Use a wider type, or refuse such input earlier.
        """,
        wrong: """
            function double(n: Int<8>) -> Int<8> { return n * 2 }
            test "twice 100" { expect double(100) == 200 }
            """,
        right: """
            function double(n: Int<8>) -> Int<9> { return n * 2 }
            test "twice 100" { expect double(100) == 200 }
            """),
    ErrorPage(
        "DivisionByZero", "A division by zero",
        "The divisor of `/`, `%` or `mulMod` is zero. Say before what then holds.",
        wrong: """
            function mean(sum: Int, count: Int) -> Int { return floor(sum / count) }
            test "of nothing" { expect mean(0, 0) == 0 }
            """,
        right: """
            function mean(sum: Int, count: Int) -> Int { return count == 0 ? 0 : floor(sum / count) }
            test "of nothing" { expect mean(0, 0) == 0 }
            """),
    ErrorPage(
        "OutOfDomain", "No such logarithm, root or power",
        """
        `ln` and `log2` want numbers above zero; `sqrt`, `isqrt` and `pow` numbers that are not negative, and `pow` of \
        zero an exponent that is not negative. Refuse other input before, or say what then holds.
        """,
        wrong: """
            function bits(x: Fixed) -> Fixed { return log2(x, .nearest) }
            test "of nothing" { expect bits(0) == 0 }
            """,
        right: """
            function bits(x: Fixed) -> Fixed { return x > 0 ? log2(x, .nearest) : 0 }
            test "of nothing" { expect bits(0) == 0 }
            """),
    ErrorPage(
        "IndexOutOfRange", "An index beyond the end",
        "Elements are numbered 0 to count − 1. `slice(from, to)` wants 0 ≤ from ≤ to ≤ count.",
        wrong: """
            function last(xs: List<Int, 4>) -> Int { return xs[xs.count] }
            test "of two" { expect last([1, 2]) == 2 }
            """,
        right: """
            function last(xs: List<Int, 4>) -> Int { return xs[xs.count - 1] }
            test "of two" { expect last([1, 2]) == 2 }
            """),
    ErrorPage(
        "CapacityExceeded", "No room left",
        """
        A list, a map with a bound, a text, or the number of authors of a sealed value has reached the size in its \
        declaration.
        """,
        wrong: """
            function three() -> List<Int, 2> {
                var xs: List<Int, 2> = []
                for i in 0..<3 { xs.append(i) }
                return xs
            }
            test "three" { expect three().count == 3 }
            """,
        right: """
            function three() -> List<Int, 3> {
                var xs: List<Int, 3> = []
                for i in 0..<3 { xs.append(i) }
                return xs
            }
            test "three" { expect three().count == 3 }
            """),
    ErrorPage(
        "LoopBound", "More iterations than declared",
        "The range of a `for … max n` holds more than n numbers. Nothing of the loop has been done.",
        wrong: """
            function sum(n: Int) -> Int {
                var total: Int = 0
                for i in 0..<n max 10 { total += i }
                return total
            }
            test "up to twenty" { expect sum(20) == 190 }
            """,
        right: """
            function sum(n: Int) -> Int {
                var total: Int = 0
                for i in 0..<n max 100 { total += i }
                return total
            }
            test "up to twenty" { expect sum(20) == 190 }
            """),
    ErrorPage(
        "LengthMismatch", "Lists of different lengths",
        "`zip`, and weighted operations on two lists, want lists of equal length: an element without partner is a "
            + "mistake.",
        wrong: """
            function dot(xs: List<Int<16>, 4>, ys: List<Int<16>, 4>) -> Int {
                var sum: Int = 0
                for (x, y) in zip(xs, ys) { sum += x * y }
                return sum
            }
            test "two and three" { expect dot([1, 2], [1, 2, 3]) == 5 }
            """,
        right: """
            function dot(xs: List<Int<16>, 4>, ys: List<Int<16>, 4>) -> Int {
                var sum: Int = 0
                for (x, y) in zip(xs, ys) { sum += x * y }
                return sum
            }
            test "two and two" { expect dot([1, 2], [1, 2]) == 5 }
            """),
    ErrorPage(
        "RequirementFailed", "A requirement without a name",
        "The condition of a `require` without `else` does not hold. With `else Error(…)` the caller learns which and "
            + "why.",
        wrong: """
            contract Pot {
                var total: Int
                action add(n: Int) {
                    require n > 0
                    total += n
                }
                test "nothing" {
                    let pot = deploy Pot()
                    pot.add(0)
                }
            }
            """,
        right: """
            contract Pot {
                error TooSmall(least: Int)
                var total: Int
                action add(n: Int) {
                    require n > 0 else TooSmall(1)
                    total += n
                }
                test "nothing" {
                    let pot = deploy Pot()
                    expect failure TooSmall { pot.add(0) }
                }
            }
            """),
    ErrorPage(
        "NotAuthorized", "The caller has not the role",
        "The action is declared `by` a role, and its predicate does not hold for the caller.",
        wrong: """
            contract Switch {
                let owner: Address
                var isOn: Bool
                init() { owner = caller }
                role holder = caller == owner
                action turn() by holder { isOn = !isOn }
                test "by somebody" {
                    let switch_ = deploy Switch() as actor("owner")
                    switch_.turn() as actor("somebody")
                }
            }
            """,
        right: """
            contract Switch {
                let owner: Address
                var isOn: Bool
                init() { owner = caller }
                role holder = caller == owner
                action turn() by holder { isOn = !isOn }
                test "by the owner" {
                    let switch_ = deploy Switch() as actor("owner")
                    switch_.turn() as actor("owner")
                }
            }
            """),
    ErrorPage(
        "InsufficientAmount", "Not as much is there",
        "`take(n)` from a token or vault that holds less than n, or a token parameter beyond the caller's balance.",
        wrong: """
            contract Pot {
                asset POINT issued
                var pot: Vault<POINT>
                action draw_(n: Amount) -> Token<POINT> { return pot.take(n) }
                test "from an empty pot" {
                    let pot = deploy Pot()
                    pot.draw_(1)
                }
            }
            """,
        right: """
            contract Pot {
                asset POINT issued
                var pot: Vault<POINT>
                action fill(n: Amount) { pot.put(mint(POINT, n)) }
                action draw_(n: Amount) -> Token<POINT> { return pot.take(min(n, pot.amount)) }
                test "what is there" {
                    let pot = deploy Pot()
                    pot.fill(5)
                    pot.draw_(10)
                }
            }
            """),
    ErrorPage(
        "TokenNotEmpty", "A token closed that is not empty",
        "`close()` ends a token of amount zero. A token that may hold something is put or sent.",
        wrong: """
            contract Pot {
                asset POINT issued
                action f() { mint(POINT, 1).close() }
                test "closed" {
                    let pot = deploy Pot()
                    pot.f()
                }
            }
            """,
        right: """
            contract Pot {
                asset POINT issued
                action f() { burn(mint(POINT, 1)) }
                test "burned" {
                    let pot = deploy Pot()
                    pot.f()
                }
            }
            """),
    ErrorPage(
        "VaultNotEmpty", "A vault removed that is not empty",
        "Removing an entry of a map of vaults would lose what lies in it. Empty it first.",
        wrong: """
            contract Pot {
                asset POINT issued
                var stakes: Map<Address, Vault<POINT>>
                action join() { stakes[caller].put(mint(POINT, 1)) }
                action leave() { stakes.remove(caller) }
                test "leaving" {
                    let pot = deploy Pot()
                    pot.join() as actor("a")
                    pot.leave() as actor("a")
                }
            }
            """,
        right: """
            contract Pot {
                asset POINT issued
                var stakes: Map<Address, Vault<POINT>>
                action join() { stakes[caller].put(mint(POINT, 1)) }
                action leave() {
                    send(stakes[caller].takeAll(), caller)
                    stakes.remove(caller)
                }
                test "leaving" {
                    let pot = deploy Pot()
                    pot.join() as actor("a")
                    pot.leave() as actor("a")
                }
            }
            """),
    ErrorPage(
        "NegativeWeight", "A weight below zero",
        "The weights of a `split` are zero or more. Decide before what a negative score earns.",
        wrong: """
            function parts(ws: List<Int<32>, 3>) -> List<Amount, 3> {
                var rest: Amount = 0
                return split 100 by ws else rest
            }
            test "a fine" { expect parts([1, -1, 2]).count == 3 }
            """,
        right: """
            function parts(ws: List<Int<32>, 3>) -> List<Amount, 3> {
                var rest: Amount = 0
                var weights: List<Int<32>, 3> = []
                for w in ws { weights.append(max(w, 0)) }
                return split 100 by weights else rest
            }
            test "no fine" { expect parts([1, -1, 2]) == [33, 0, 67] }
            """),
    ErrorPage(
        "IntegerTooWide", "A quotient beyond every integer",
        "An exact number grew beyond 4,096 bits where the compiler could not see it, as the numerator of a `Ratio` "
            + "may.",
        wrong: """
            case squaring
            function f(Int<4096>, Int, Int) -> Int<4096> readonly
            again:
            multiply r0, r0, r0
            loop r1, r2, again
            return r0
            end
            > f [2, 0, 12] fails IntegerTooWide
            """,
        right: """
            case squaring
            function f(Int<4096>, Int, Int) -> Int<4096> readonly
            again:
            multiply r0, r0, r0
            loop r1, r2, again
            return r0
            end
            > f [2, 0, 3] = 256
            """),
    ErrorPage(
        "ShapeMismatch", "Sizes of tensors that differ",
        "A size that has a name only in the signature turned out different from what the operation needs.",
        wrong: """
            case sizes that are known when it runs
            function f(Tensor<i32, [0, 0]>, Tensor<i32, [0, 0]>) -> Tensor<i32, [0, 0]> readonly
            registers Tensor<i32, [0, 0]>
            tensorAdd r2, r0, r1
            return r2
            end
            > f [{"dimensions": [1, 2], "elements": [1, 2]}, {"dimensions": [2, 1], "elements": [3, 4]}] \
            fails ShapeMismatch
            """,
        right: """
            case sizes that are known when it runs
            function f(Tensor<i32, [0, 0]>, Tensor<i32, [0, 0]>) -> Tensor<i32, [0, 0]> readonly
            registers Tensor<i32, [0, 0]>
            tensorAdd r2, r0, r1
            return r2
            end
            > f [{"dimensions": [1, 2], "elements": [1, 2]}, {"dimensions": [1, 2], "elements": [3, 4]}] \
            = {"dimensions": [1, 2], "elements": [4, 6]}
            """),
    sealedPage(
        "InvalidArgument", "An argument that cannot be used",
        """
        An operation was given a value outside of what it is for: a negative count, a second `expire_…` for one \
        author, bytes that are not a key.
        """,
        wrong: """
            vote.commit_choice(1, sealed_) as a
            advance 10 blocks
            vote.expire_choice(1, a)
            vote.expire_choice(1, a)
            """,
        right: """
            vote.commit_choice(1, sealed_) as a
            advance 10 blocks
            vote.expire_choice(1, a)
            """),
]
