/// V01xx: why the verifier refuses a module. The compiler writes none of these; they come from artefacts that were
/// damaged or written by other hands. Examples are assembler text, as `agon build --emit bytecode` shows it.
let verifierPages: [ErrorPage] = [
    ErrorPage(
        "V0101", "A table or size beyond its limit",
        "A table has more entries than allowed, or a size (width, capacity, count of dimensions) is out of bounds.",
        wrong: """
            function f(List<Int, 70000>)
            returnNothing
            end
            """,
        right: """
            function f(List<Int, 7000>)
            returnNothing
            end
            """),
    ErrorPage(
        "V0102", "An index outside its table",
        "An instruction or a table names an entry that does not exist.",
        wrong: """
            function f()
            registers Int
            call r0, 9
            returnNothing
            end
            """,
        right: """
            function _g() -> Int
            registers Int
            loadInteger r0, 1
            return r0
            end
            function f()
            registers Int
            call r0, 0
            returnNothing
            end
            """),
    ErrorPage(
        "V0103", "A type that cannot be",
        "A type contains itself, nests too deep, or may not stand where it does, such as a token in a list.",
        wrong: """
            asset A issued
            function f(List<Token#0, 3>)
            returnNothing
            end
            """,
        right: """
            function f(List<Amount, 3>)
            returnNothing
            end
            """),
    ErrorPage(
        "V0104", "State declared wrongly",
        "A slot, round, sealed value or asset is ill-formed: a vault whose type is no amount, a phase that leads "
            + "backward.",
        wrong: """
            slot total Int max 3
            function f()
            returnNothing
            end
            """,
        right: """
            slot totals [Address] Int max 3
            function f()
            returnNothing
            end
            """),
    ErrorPage(
        "V0105", "An entry declared wrongly",
        "An action, view, initialiser or interface does not agree with its function: kind, parameters, result, name.",
        wrong: """
            function f() -> Int
            registers Int
            loadInteger r0, 1
            return r0
            end
            function init()
            returnNothing
            end
            entry f view 0
            entry init init 1
            """,
        right: """
            function f() -> Int readonly
            registers Int
            loadInteger r0, 1
            return r0
            end
            function init()
            returnNothing
            end
            entry f view 0
            entry init init 1
            """),
    ErrorPage(
        "V0106", "An instruction that does not exist",
        "An unknown opcode, a missing second word, or a field that must be zero and is not.",
        wrong: """
            function f()
            word 255
            returnNothing
            end
            """,
        right: """
            function f()
            returnNothing
            end
            """),
    ErrorPage(
        "V0107", "A jump to where none may go",
        "Jumps lead to instructions of the same function, and backward by `loop` only, which counts and charges.",
        wrong: """
            function f()
            again:
            jump again
            end
            """,
        right: """
            function f()
            jump onward
            onward:
            returnNothing
            end
            """),
    ErrorPage(
        "V0108", "A register of the wrong type",
        "A register does not exist, or is not of the type that the instruction works on.",
        wrong: """
            function f(Bool) -> Bool
            add r0, r0, r0
            return r0
            end
            """,
        right: """
            function f(Int) -> Int
            add r0, r0, r0
            return r0
            end
            """),
    ErrorPage(
        "V0109", "A register read before it is written",
        "On some path nothing has written the register that the instruction reads.",
        wrong: """
            function f() -> Int
            registers Int
            return r0
            end
            """,
        right: """
            function f() -> Int
            registers Int
            loadInteger r0, 1
            return r0
            end
            """),
    ErrorPage(
        "V0110", "A token copied, dropped or used twice",
        "Tokens are linear in bytecode as well: on every path each is used exactly once.",
        wrong: """
            asset A issued
            function f(Token#0)
            returnNothing
            end
            """,
        right: """
            asset A issued
            function f(Token#0) -> Token#0
            return r0
            end
            """),
    ErrorPage(
        "V0111", "A call that could go in circles",
        "A function calls only functions that stand before it, and the stack of all calls together has a limit.",
        wrong: """
            function f()
            registers Int
            call r0, 0
            returnNothing
            end
            """,
        right: """
            function _g()
            returnNothing
            end
            function f()
            registers Int
            call r0, 0
            returnNothing
            end
            """),
    ErrorPage(
        "V0112", "A change where none may happen",
        "A function that is marked as read-only changes state, moves tokens, emits events, or calls one that does.",
        wrong: """
            slot total Int
            function f(Int) readonly
            statePut r0, r0, 0
            returnNothing
            end
            """,
        right: """
            slot total Int
            function f(Int)
            statePut r0, r0, 0
            returnNothing
            end
            """),
    ErrorPage(
        "V0113", "A phase guard or seal out of place",
        "Sealed values are read behind a guard of their reveal phase, and the guard's round and phase are those of the "
            + "entry.",
        wrong: """
            phase stored [Int] Int 0
            phase entered [Int] Int 0
            round R Int 0 1: open 10 1, closed
            function f(Int, Int) during 0 0
            loadInteger r1, 0
            returnNothing
            end
            """,
        right: """
            phase stored [Int] Int 0
            phase entered [Int] Int 0
            round R Int 0 1: open 10 1, closed
            function f(Int, Int) during 0 0
            phaseGuard r1, r0, 0, 1
            returnNothing
            end
            """),
    ErrorPage(
        "V0114", "Code that runs past its end",
        "The last instruction of a function leaves it: a return, a failure, or a jump.",
        wrong: """
            function f()
            registers Int
            loadInteger r0, 1
            end
            """,
        right: """
            function f()
            registers Int
            loadInteger r0, 1
            returnNothing
            end
            """),
    ErrorPage(
        "V0115", "More work than verification may cost",
        "Verification takes time linear in the module's size; a module that would need more steps is refused.",
        wrong: .described(
            "a function of 240 parameters that emits all of them 2,000 times, in 2,000 instructions",
            bytes: { emitting(times: 2_000) }),
        right: """
            event E(Int)
            function f(Int)
            emit r0, 0
            emit r0, 0
            returnNothing
            end
            """),
    ErrorPage(
        "V0116", "An unknown gas schedule",
        "The artefact was made for a table of gas costs that this machine does not have. Compile the source again.",
        wrong: """
            schedule 255
            function f()
            returnNothing
            end
            """,
        right: """
            function f()
            returnNothing
            end
            """),
]

/// Each instruction passes all registers of its function: the work grows faster than the code.
private func emitting(times: Int) -> [UInt8] {
    let types = Array(repeating: "Int", count: 240).joined(separator: ", ")
    let code = Array(repeating: "emit r0, 0", count: times).joined(separator: "\n")
    return Array("event E(\(types))\nfunction f(\(types))\n\(code)\nreturnNothing\nend".utf8)
}
