/// Failures that no source brings about, or only with more than an example has room for. Their examples are cases in
/// assembly.
let machineFailurePages: [ErrorPage] = [
    ErrorPage(
        "AssetMismatch", "Another asset than the callee wants",
        "A token passed to another contract is not of the asset that its parameter is bound to there.",
        wrong: """
            asset A issued
            asset Coin native
            interface I: action pay(Token#0) -> Int, action give(Token#1) -> Int
            interface I implemented: action pay(Token#0) -> Int, action give(Token#1) -> Int
            import\u{20}0 0
            import\u{20}0 1
            function pay(Token#0) -> Int
            registers Int
            tokenAmount r1, r0
            burn r0
            return r1
            end
            function give(Token#1) -> Int
            registers Int, Address
            tokenAmount r1, r0
            caller r2
            send r0, r2
            return r1
            end
            case two contracts, each with an asset A of its own
            function own(Amount, Interface#0) -> Int
            registers Token#0, Int
            mint r2, r0, 0
            interfaceCall r2, r1, 0
            return r3
            end
            function coin(Token#1, Interface#0) -> Int
            registers Token#1, Int
            move r2, r0
            interfaceCall r2, r1, 1
            return r3
            end
            module Other
            > grant @1 10
            > own [4, @51] fails AssetMismatch
            """,
        right: """
            asset A issued
            asset Coin native
            interface I: action pay(Token#0) -> Int, action give(Token#1) -> Int
            interface I implemented: action pay(Token#0) -> Int, action give(Token#1) -> Int
            import\u{20}0 0
            import\u{20}0 1
            function pay(Token#0) -> Int
            registers Int
            tokenAmount r1, r0
            burn r0
            return r1
            end
            function give(Token#1) -> Int
            registers Int, Address
            tokenAmount r1, r0
            caller r2
            send r0, r2
            return r1
            end
            case two contracts, each with an asset A of its own
            function own(Amount, Interface#0) -> Int
            registers Token#0, Int
            mint r2, r0, 0
            interfaceCall r2, r1, 0
            return r3
            end
            function coin(Token#1, Interface#0) -> Int
            registers Token#1, Int
            move r2, r0
            interfaceCall r2, r1, 1
            return r3
            end
            module Other
            > grant @1 10
            > coin [4, @51] = 4
            """),
    ErrorPage(
        "AssetNotBound", "An asset used before it is bound",
        "The asset is chosen in `init`, and the code ran before that.",
        wrong: """
            slot id Asset
            asset A bound 0
            case bound by what the slot holds
            function bind(Asset)
            statePut r0, r0, 0
            returnNothing
            end
            function f() -> Asset readonly
            registers Asset
            assetID r0, 0
            return r0
            end
            > f [] fails AssetNotBound
            """,
        right: """
            slot id Asset
            asset A bound 0
            case bound by what the slot holds
            function bind(Asset)
            statePut r0, r0, 0
            returnNothing
            end
            function f() -> Asset readonly
            registers Asset
            assetID r0, 0
            return r0
            end
            > bind [@77]
            > f [] = @77
            """),
    ErrorPage(
        "NoSuchEntry", "No such action or view",
        "The contract has no action or view of this name, or an action was called where only a view may run.",
        wrong: """
            case by name
            function f() -> Int readonly
            registers Int
            loadInteger r0, 1
            return r0
            end
            > g [] fails NoSuchEntry
            """,
        right: """
            case by name
            function f() -> Int readonly
            registers Int
            loadInteger r0, 1
            return r0
            end
            > f [] = 1
            """),
    ErrorPage(
        "OutOfGas", "The gas is used up",
        """
        The gas limit of the transaction, or of the `try`, does not cover the work. All is undone. `agon gas` shows \
        what calls cost. Inside a `try` the failure stays there.
        """,
        wrong: """
            case a loop
            function f(Int) -> Int readonly
            registers Int
            loadInteger r1, 0
            again:
            loop r1, r0, again
            return r1
            end
            > f [10] = 10
            > limit 20
            > f [1000] fails OutOfGas
            """,
        right: """
            case a loop
            function f(Int) -> Int readonly
            registers Int
            loadInteger r1, 0
            again:
            loop r1, r0, again
            return r1
            end
            > limit 100000
            > f [1000] = 1000
            """),
    ErrorPage(
        "OutOfMemory", "More memory than a transaction may use",
        "Values alive at one time pass the machine's limit. Work on less at once: several transactions, or a "
            + "settlement.",
        wrong: """
            type List<Int, 65536>
            case lists of 65,536 elements
            function f(Int, Int, Int, Int) -> Int readonly
            registers List<Int, 65536>
            again:
            listRepeat r4, r0, r1, 1
            loop r2, r3, again
            return r2
            end
            > limit 1000000000
            > f [1, 65536, 0, 30] fails OutOfMemory
            """,
        right: """
            type List<Int, 65536>
            case lists of 65,536 elements
            function f(Int, Int, Int, Int) -> Int readonly
            registers List<Int, 65536>
            again:
            listRepeat r4, r0, r1, 1
            loop r2, r3, again
            return r2
            end
            > limit 1000000000
            > f [1, 65536, 0, 20] = 20
            """),
    ErrorPage(
        "SharedObject", "A defect of the compiler",
        "A shared value was about to be changed in place. Please report the source: no source should lead here.",
        wrong: """
            struct P { x: Int }
            slot s P
            function put(P)
            statePut r0, r0, 0
            returnNothing
            end
            case changed in place
            function f(Int) -> P
            registers P, P
            stateGet r1, r0, 0
            setField r1, r0, 0
            return r1
            end
            > put [{"x": 1}]
            > f [5] fails SharedObject
            """,
        right: """
            struct P { x: Int }
            slot s P
            function put(P)
            statePut r0, r0, 0
            returnNothing
            end
            case a copy is changed
            function f(Int) -> P
            registers P, P
            stateGet r1, r0, 0
            copyObject r2, r1
            setField r2, r0, 0
            return r2
            end
            > put [{"x": 1}]
            > f [5] = {"x": 5}
            """),
    ErrorPage(
        "DamagedState", "The stored state is damaged",
        "An entry of the state does not decode as its type: the data directory was damaged outside of the machine.",
        wrong: """
            slot number Int
            case what the store holds
            function f() -> Int readonly
            registers Int
            stateGet r0, r0, 0
            return r0
            end
            > store 0 0x02
            > f [] fails DamagedState
            """,
        right: """
            slot number Int
            case what the store holds
            function f() -> Int readonly
            registers Int
            stateGet r0, r0, 0
            return r0
            end
            > store 0 0x0205
            > f [] = 5
            """),
    ErrorPage(
        "ConservationViolated", "A defect of the machine",
        "Tokens appeared or vanished within a transaction; all of it is undone. Please report the transaction."),
    ErrorPage(
        "BooksUnbalanced", "A defect of the machine",
        """
        Balances, vaults and supplies changed by something else than what was minted and burned; all of it is undone. \
        Please report the transaction.
        """),
]
