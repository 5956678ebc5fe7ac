/// E03xx: types.
let typePages: [ErrorPage] = [
    ErrorPage(
        "E0301", "Another type is wanted",
        """
        The value has not the type that its place wants. Nothing is converted silently except what loses nothing: \
        integers mix, a literal takes the type wanted, a T goes where a `T?` is wanted. An option is unwrapped by \
        `??`, `if let` or `require let`.
        """,
        wrong: """
            function price(offer: Int?) -> Int {
                let n: Int = offer
                return n
            }
            """,
        right: """
            function price(offer: Int?) -> Int {
                let n: Int = offer ?? 0
                return n
            }
            """),
    ErrorPage(
        "E0302", "Arguments that do not fit",
        """
        A call gives one argument for each parameter, in order. Labels are optional; where they stand they are the \
        names of the parameters in their order. The same holds for structs, events, errors and enum cases with a \
        payload.
        """,
        wrong: """
            struct Point { x: Int y: Int }
            function origin() -> Point { return Point(x: 0) }
            """,
        right: """
            struct Point { x: Int y: Int }
            function origin() -> Point { return Point(x: 0, y: 0) }
            """),
    ErrorPage(
        "E0303", "Type arguments that do not fit",
        """
        What stands between `<` and `>` is not what the type takes: `List<T, n>` and `Tensor<e, [d, …]>` state their \
        sizes, `Map<K, V>` has keys that can be compared, `Int<N>` has 2 ≤ N ≤ 4096. A list states its capacity, so \
        that each loop over it has a bound and each value a largest size.
        """,
        wrong: """
            function sum(xs: List<Int>) -> Int { return xs.sum() }
            """,
        right: """
            function sum(xs: List<Int, 16>) -> Int { return floor(xs.sum() / 1) }
            """),
    ErrorPage(
        "E0304", "Not allowed in this place",
        """
        The construct exists, but not here: maps and vaults live in state, a `Ratio` inside an expression, `zip` in a \
        `for`, an action is called from outside only. The message says where it belongs.
        """,
        wrong: """
            contract Pot {
                var total: Int
                action count() { total += 1 }
                action countTwice() { count() count() }
            }
            """,
        right: """
            contract Pot {
                var total: Int
                action count() { increase() }
                action countTwice() { increase() increase() }
                function increase() { total += 1 }
            }
            """),
    ErrorPage(
        "E0305", "Cannot be assigned",
        """
        A `let`, a parameter and the name of a loop are bound once. What changes is a `var`; `let` state is set in \
        `init` exactly once. Where the declaration is a local `let`, making it a `var` is offered as a fix.
        """,
        wrong: """
            function count() -> Int {
                let n = 0
                n += 1
                return n
            }
            """,
        right: """
            function count() -> Int {
                var n = 0
                n += 1
                return n
            }
            """),
    ErrorPage(
        "E0306", "A path without a result",
        """
        Every path of a function with a result ends in `return` or `fail`. A loop may run no times at all, so what \
        follows it counts.
        """,
        wrong: """
            function sign(n: Int) -> Int {
                if n > 0 { return 1 }
            }
            """,
        right: """
            function sign(n: Int) -> Int {
                if n > 0 { return 1 }
                return 0
            }
            """),
    ErrorPage(
        "E0307", "A match that leaves cases out",
        "A `match` handles every case, by name or in `else`. So a case added later cannot be overlooked.",
        wrong: """
            enum Verdict { case guilty case free }
            function fine(v: Verdict) -> Int {
                var amount = 0
                match v {
                    case .guilty { amount = 100 }
                }
                return amount
            }
            """,
        right: """
            enum Verdict { case guilty case free }
            function fine(v: Verdict) -> Int {
                var amount = 0
                match v {
                    case .guilty { amount = 100 }
                    case .free {}
                }
                return amount
            }
            """),
    ErrorPage(
        "E0308", "A type that contains itself",
        """
        Values have a largest size that the compiler knows; a struct or enum that contains itself, through whatever \
        others, has none. Put the parts into a list or map and refer to them by index or key.
        """,
        wrong: """
            struct Tree { value: Int children: List<Tree, 2> }
            """,
        right: """
            struct Node { value: Int children: List<Int, 2> }
            """),
    ErrorPage(
        "E0309", "Nothing tells the type",
        """
        `[]`, `none` and `.name` take their type from the place where they stand; here nothing gives one. Write it.
        """,
        wrong: """
            function f() {
                let scores = []
            }
            """,
        right: """
            function f() {
                let scores: List<Int, 4> = []
            }
            """),
    ErrorPage(
        "E0310", "Never set",
        """
        State that is declared with `let`, or whose type has no zero value (`Address`, `Hash`, enums), gets its value \
        in its declaration or on every path of `init` before it is read.
        """,
        wrong: """
            contract Pot {
                let owner: Address
            }
            """,
        right: """
            contract Pot {
                let owner: Address
                init() { owner = caller }
            }
            """),
    ErrorPage(
        "E0311", "A type without zero value",
        """
        `m[k]` gives the zero value where the map has no k. `Address`, `Hash`, enums and structs with such fields have \
        none: read them by `m.get(k)`, which gives an option.
        """,
        wrong: """
            contract Register {
                var owners: Map<Int, Address>
                view owner(k: Int) -> Address { return owners[k] }
            }
            """,
        right: """
            contract Register {
                var owners: Map<Int, Address>
                view owner(k: Int) -> Address? { return owners.get(k) }
            }
            """),
    ErrorPage(
        "E0312", "Shapes that do not fit",
        """
        The sizes of tensors are part of their types: `matmul` takes [n, k] and [k, m], `add` equal shapes or a row. A \
        size with a name stands for the same number throughout a signature; different names may differ.
        """,
        wrong: """
            function f(a: Tensor<i8, [2, 3]>, b: Tensor<i8, [2, 4]>) -> Tensor<i32, [2, 4]> {
                return matmul(a, b)
            }
            """,
        right: """
            function f(a: Tensor<i8, [2, 3]>, b: Tensor<i8, [3, 4]>) -> Tensor<i32, [2, 4]> {
                return matmul(a, b)
            }
            """),
    ErrorPage(
        "E0313", "Never reached",
        "No path leads to this statement: what stands before it always leaves. Remove it, or the reason why.",
        wrong: """
            function f() -> Int {
                fail Overflow
                let n = 1
                return n
            }
            """,
        right: """
            function f() -> Int {
                let n = 1
                return n
            }
            """),
    ErrorPage(
        "E0314", "A result that nobody uses",
        """
        The expression does nothing but give a value, and the value is lost. Bind it, or remove the call.
        """,
        wrong: """
            function f(xs: List<Int, 3>) {
                xs.sum()
            }
            """,
        right: """
            function f(xs: List<Int, 3>) -> Int<300> {
                return xs.sum()
            }
            """),
]

/// E04xx: numbers and rounding.
let numberPages: [ErrorPage] = [
    ErrorPage(
        "E0401", "A quotient that nobody rounded",
        """
        `/` gives an exact `Ratio`; so does `Fixed * Fixed`. To become a number it is rounded, and the author says \
        which way: `floor(…)`, `ceil(…)` or `round(…)` (half to even). Whoever pays should round down. `floor` is \
        offered as a fix.
        """,
        wrong: """
            function half(n: Int) -> Int { return n / 2 }
            """,
        right: """
            function half(n: Int) -> Int { return floor(n / 2) }
            """),
    ErrorPage(
        "E0402", "Wider than any integer",
        """
        Sums and products are exact: their width grows with their operands', up to 4,096 bits. Where more could come \
        out, bind an intermediate result with a type: the check of its width then happens at run time.
        """,
        wrong: """
            function product(a: Int<4096>, b: Int<4096>) -> Int { return a * b }
            """,
        right: """
            function product(a: Int<2048>, b: Int<2048>) -> Int<4096> { return a * b }
            """),
    ErrorPage(
        "E0403", "A constant out of range",
        """
        The value is known and can never fit: a number beyond its type, an index beyond the list's capacity, a divisor \
        of zero, bytes of the wrong length.
        """,
        wrong: """
            const level: Int<8> = 200
            """,
        right: """
            const level: Int<16> = 200
            """),
    ErrorPage(
        "E0404", "Not a constant",
        """
        Sizes, capacities, bounds and `const` are known when the contract is compiled. They are made of literals, \
        constants and built-in functions of these.
        """,
        wrong: """
            function sum(n: Int) -> Int {
                var total: Int = 0
                for i in 0..<n max n { total += i }
                return total
            }
            """,
        right: """
            const limit = 100
            function sum(n: Int) -> Int {
                var total: Int = 0
                for i in 0..<n max limit { total += i }
                return total
            }
            """),
]
