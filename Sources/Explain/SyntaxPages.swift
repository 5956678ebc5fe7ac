/// E01xx: text and syntax.
let syntaxPages: [ErrorPage] = [
    ErrorPage(
        "E0101", "A character that has no meaning",
        """
        The text holds a character that begins no token. Outside of texts and comments a source is written in letters, \
        digits and the signs of the grammar; there are no bit operators and no semicolons. A `&` alone is mostly meant \
        as `&&`, a `|` as `||`. Nowhere, not even in a comment, may a character turn the direction of what is shown \
        (U+202A to U+202E, U+2066 to U+2069): a reader would see other text than the compiler.
        """,
        wrong: """
            const total = 1; const seats = 2
            """,
        right: """
            const total = 1 const seats = 2
            """),
    ErrorPage(
        "E0102", "A text without its end",
        """
        A text begins with `"` and ends with `"` on the same line. A line end within a text is written `\\n`.
        """,
        wrong: """
            const name = "arena
            const seats = 5
            """,
        right: """
            const name = "arena"
            const seats = 5
            """),
    ErrorPage(
        "E0103", "Not a number",
        """
        Numbers are digits with single `_` between them, and at most 18 digits after a point: 60_000, 0.25. \
        `0x` begins bytes, not a number: an even count of hexadecimal digits.
        """,
        wrong: """
            const blocks = 10__000
            """,
        right: """
            const blocks = 10_000
            """),
    ErrorPage(
        "E0104", "Something else belongs here",
        """
        The grammar (`grammar/agon.ebnf`) wants another token at this place. The message says what, and where the \
        bracket was opened if one is missing. Words of other languages are recognised and the word of this one is named.
        """,
        wrong: """
            contract Pot {
                func half(n: Int) -> Int { return floor(n / 2) }
            }
            """,
        right: """
            contract Pot {
                function half(n: Int) -> Int { return floor(n / 2) }
            }
            """),
    ErrorPage(
        "E0105", "Nested too deep",
        """
        Blocks and brackets nest at most 64 levels deep, 128 together with the operators of one chain. A text made by \
        hand never comes near; name a part of the expression with `let`.
        """,
        wrong: .described(
            "seventy opening brackets in one expression: const deep = ((((…1…))))",
            bytes: {
                let (opening, closing) = (String(repeating: "(", count: 70), String(repeating: ")", count: 70))
                return Array("const deep = \(opening)1\(closing)\n".utf8)
            }),
        right: """
            const deep = ((((1))))
            """),
    ErrorPage(
        "E0106", "A source that is too large",
        "A source file has at most 10,000,000 bytes. Divide it into files that import each other.",
        wrong: .described(
            "a file of 10,000,001 blanks", bytes: { [UInt8](repeating: 0x20, count: 10_000_001) }),
        right: """
            import "stdlib/statistics.agon"
            """),
    ErrorPage(
        "E0107", "A source that is not UTF-8",
        "Sources are UTF-8. Save the file in that encoding; letters beyond ASCII stand in texts and comments only.",
        wrong: .described(
            "a file written in Latin-1, in which ü is the one byte FC: // für",
            bytes: { Array("// f".utf8) + [0xFC] + Array("r\nconst seats = 5\n".utf8) }),
        right: """
            // für
            const seats = 5
            """),
    ErrorPage(
        "E0108", "A comment without its end",
        "A comment that begins with `/*` ends with `*/`. Such comments do not nest; `//` reaches to the end of the "
            + "line.",
        wrong: """
            const seats = 5
            /* chosen by lot
            """,
        right: """
            const seats = 5
            /* chosen by lot */
            """),
    ErrorPage(
        "E0109", "No such escape",
        #"""
        After a backslash a text has `"`, `\`, `n` or `t`, nothing else.
        """#,
        wrong: #"""
            const path = "a\b"
            """#,
        right: #"""
            const path = "a\\b"
            """#),
    ErrorPage(
        "E0110", "A comment that looks like a division",
        """
        A warning. In some languages `a // 2` divides and rounds down; here `//` begins a comment, and the value is a. \
        A number alone behind `//`, with a value before it on the same line, is taken for such a slip.
        """,
        wrong: """
            function half(n: Int) -> Int {
                return n // 2
            }
            """,
        right: """
            function half(n: Int) -> Int {
                return floor(n / 2) // rounded down
            }
            """),
]
