/// E02xx: names and imports.
let namePages: [ErrorPage] = [
    ErrorPage(
        "E0201", "Nothing has this name",
        """
        The name is not declared where it is used. A name is visible in its block after its declaration, a member in \
        its contract, a declaration of another file after `import`, and imports are not passed on: import the file \
        that declares the name. A name that differs by a letter or two is offered as a fix.
        """,
        wrong: """
            function half(amount: Amount) -> Amount {
                return floor(amuont / 2)
            }
            """,
        right: """
            function half(amount: Amount) -> Amount {
                return floor(amount / 2)
            }
            """),
    ErrorPage(
        "E0202", "A name that is taken",
        """
        One name has one meaning: what is visible already cannot be declared again, not even in an inner block, and \
        the names of built-in functions, types and errors are taken. So a reader never has to ask which of two is meant.
        """,
        wrong: """
            function sum(n: Int) -> Int {
                let n = 1
                return n
            }
            """,
        right: """
            function sum(n: Int) -> Int {
                let next = n + 1
                return next
            }
            """),
    ErrorPage(
        "E0203", "No such type",
        """
        The name is not that of a type. Types are the built-in ones (`Bool Int Amount Height Fixed Address Hash Asset \
        Bytes Text List Map Token Vault Tensor`), structs, enums and interfaces. Names known from other languages \
        (`uint256`, `String`, `mapping`) are recognised.
        """,
        wrong: """
            struct Stake { owner: Address amount: uint256 }
            """,
        right: """
            struct Stake { owner: Address amount: Amount }
            """),
    ErrorPage(
        "E0204", "No such member",
        """
        The value has no field, case or function of this name. The message says what the type is; the language page \
        lists what each type offers.
        """,
        wrong: """
            struct Point { x: Int y: Int }
            function length(p: Point, xs: List<Int, 4>) -> Int {
                return p.x + xs.length
            }
            """,
        right: """
            struct Point { x: Int y: Int }
            function length(p: Point, xs: List<Int, 4>) -> Int {
                return p.x + xs.count
            }
            """),
    ErrorPage(
        "E0205", "No such file to import",
        """
        There is no source at the path. It is relative to the importing file, with `.agon` at its end, or begins with \
        `stdlib/` for the standard library (`AGON_STDLIB` names its folder where it is not found).
        """,
        wrong: """
            import "stdlib/statistcs.agon"
            """,
        right: """
            import "stdlib/statistics.agon"
            """),
    ErrorPage(
        "E0206", "Files import each other in a circle",
        """
        An import may not lead back to the file it began with. Move what both files need into a third one.
        """,
        wrong: """
            import "example.agon"
            const seats = 5
            """,
        right: """
            const seats = 5
            """),
    ErrorPage(
        "E0207", "Not a value",
        """
        The name stands for something that cannot be computed with: a type, a contract, an event, an error, a map. A \
        struct is made by `Point(x: 1, y: 2)`, a map is read by its keys, an event goes with `emit`.
        """,
        wrong: """
            contract Tally {
                var votes: Map<Int, Int>
                view all() -> Int {
                    let copy = votes
                    return 0
                }
            }
            """,
        right: """
            contract Tally {
                var votes: Map<Int, Int>
                view one(choice: Int) -> Int {
                    let copy = votes[choice]
                    return copy
                }
            }
            """),
]
