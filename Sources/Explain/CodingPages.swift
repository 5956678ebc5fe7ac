/// B0xxx: artefacts, encoded values, JSON and assembler text.
let codingPages: [ErrorPage] = [
    ErrorPage(
        "B0101", "Not an artefact",
        "The file does not begin as an artefact (.agonc) does. `agon build` makes artefacts.",
        wrong: """
            case an artefact
            function init()
            returnNothing
            end
            > byte 0 = 0x00 refused B0101
            """,
        right: """
            case an artefact
            function init()
            returnNothing
            end
            > accepted
            """),
    ErrorPage(
        "B0102", "An artefact of another version",
        "This program does not read the artefact's format. Compile the source again.",
        wrong: """
            case an artefact
            function init()
            returnNothing
            end
            > byte 4 = 0x02 refused B0102
            """,
        right: """
            case an artefact
            function init()
            returnNothing
            end
            > accepted
            """),
    ErrorPage(
        "B0103", "An artefact that ends too early", "The bytes end inside a table. The file was cut off.",
        wrong: """
            case an artefact
            function init()
            returnNothing
            end
            > cut 9 refused B0103
            """,
        right: """
            case an artefact
            function init()
            returnNothing
            end
            > accepted
            """),
    ErrorPage(
        "B0104", "Bytes behind the artefact",
        "Something follows the end of the artefact. It is refused, so that one module has one hash.",
        wrong: """
            case an artefact
            function init()
            returnNothing
            end
            > append 0x00 refused B0104
            """,
        right: """
            case an artefact
            function init()
            returnNothing
            end
            > accepted
            """),
    ErrorPage(
        "B0105", "A number not in its shortest form",
        "Numbers in artefacts have one encoding; a longer one is refused.",
        wrong: """
            case an artefact
            function init()
            returnNothing
            end
            > byte 12 = 0x80 refused B0105
            """,
        right: """
            case an artefact
            function init()
            returnNothing
            end
            > accepted
            """),
    ErrorPage(
        "B0106", "An artefact beyond a limit", "A length or count is larger than the format allows.",
        wrong: """
            case an artefact
            function init()
            returnNothing
            end
            > byte 6 = 0xff refused B0106
            """,
        right: """
            case an artefact
            function init()
            returnNothing
            end
            > accepted
            """),
    ErrorPage(
        "B0107", "A text that is not UTF-8", "A name or text in the artefact is not UTF-8.",
        wrong: """
            case an artefact
            function init()
            returnNothing
            end
            > byte 7 = 0xff refused B0107
            """,
        right: """
            case an artefact
            function init()
            returnNothing
            end
            > accepted
            """),
    ErrorPage(
        "B0108", "An unknown tag", "A byte that says which kind of entry follows has no meaning.",
        wrong: """
            case an artefact
            function init()
            returnNothing
            end
            > byte -4 = 0x03 refused B0108
            """,
        right: """
            case an artefact
            function init()
            returnNothing
            end
            > accepted
            """),
    ErrorPage(
        "B0109", "A module that cannot be written", "A field of the module is outside of what the format can hold."),
    ErrorPage("B0201", "A value that ends too early", "The encoding of an argument or result ends inside the value."),
    ErrorPage("B0202", "Bytes behind the value", "Something follows the end of the encoded value."),
    ErrorPage("B0203", "A value not in its one form", "Values have one encoding each; another one is refused."),
    ErrorPage("B0204", "A value out of range", "The number does not fit the type of the parameter."),
    ErrorPage("B0205", "A value of another type", "The value has not the shape of the parameter's type."),
    ErrorPage("B0206", "A value's text that is not UTF-8", "A `Text` holds UTF-8 only. Use `Bytes` for other bytes."),
    ErrorPage("B0207", "A value that is too large", "The value has more elements or bytes than its type's capacity."),
    ErrorPage(
        "B0208", "A type without an encoding",
        "Tokens, vaults and maps are not passed as bytes; a token parameter takes an amount."),
    ErrorPage(
        "B0301", "Assembler text that cannot be read", "The line is no header, label, register list or instruction.",
        wrong: """
            case assembly
            function f()
            registers Int
            loadInteger r0 = 1
            returnNothing
            end
            > refused B0301
            """,
        right: """
            case assembly
            function f()
            registers Int
            loadInteger r0, 1
            returnNothing
            end
            > accepted
            """),
    ErrorPage(
        "B0302", "An unknown name in assembler text",
        "The mnemonic, type or label does not exist, or a label stands twice.",
        wrong: """
            case assembly
            function f()
            jump nowhere
            returnNothing
            end
            > refused B0302
            """,
        right: """
            case assembly
            function f()
            jump onward
            onward:
            returnNothing
            end
            > accepted
            """),
    ErrorPage(
        "B0303", "An operand out of range", "A register or immediate does not fit its field.",
        wrong: """
            case assembly
            function f()
            registers Int
            loadInteger r0, 2147483648
            returnNothing
            end
            > refused B0303
            """,
        right: """
            case assembly
            function f()
            registers Int
            loadInteger r0, 2147483647
            returnNothing
            end
            > accepted
            """),
    ErrorPage("B0401", "Not JSON", "The text is not JSON (RFC 8259)."),
    ErrorPage("B0402", "JSON nested too deep", "Arrays and objects nest deeper than the reader allows."),
    ErrorPage("B0403", "Another JSON value is wanted", "The value at this place is not of the kind wanted."),
]
