/// E06xx: rounds, phases, sealed values, beacons, settlements.
let roundPages: [ErrorPage] = [
    ErrorPage(
        "E0601", "No such phase",
        "The round has no phase of this name.",
        wrong: """
            contract Race {
                round Heat[k: Int] {
                    phase entry for 10 blocks then running
                    phase running
                }
                action finish(k: Int) during Heat[k].runing {}
            }
            """,
        right: """
            contract Race {
                round Heat[k: Int] {
                    phase entry for 10 blocks then running
                    phase running
                }
                action finish(k: Int) during Heat[k].running {}
            }
            """),
    ErrorPage(
        "E0602", "A phase that nothing leads to",
        "The first phase is where a round begins; every other one is the `then` of a phase before it.",
        wrong: """
            contract Race {
                round Heat[k: Int] {
                    phase entry for 10 blocks then over
                    phase running for 10 blocks then over
                    phase over
                }
            }
            """,
        right: """
            contract Race {
                round Heat[k: Int] {
                    phase entry for 10 blocks then running
                    phase running for 10 blocks then over
                    phase over
                }
            }
            """),
    ErrorPage(
        "E0603", "Phases in the wrong order",
        """
        Phases go forward: a successor is declared further down, and a sealed value is revealed in a phase after that \
        of its commitment. So every round comes to an end.
        """,
        wrong: """
            contract Vote {
                round Poll[k: Int] {
                    sealed vote: Int max 10 commit during second reveal during first else keep
                    phase first for 10 blocks then second
                    phase second for 10 blocks then over
                    phase over
                }
            }
            """,
        right: """
            contract Vote {
                round Poll[k: Int] {
                    sealed vote: Int max 10 commit during first reveal during second else keep
                    phase first for 10 blocks then second
                    phase second for 10 blocks then over
                    phase over
                }
            }
            """),
    ErrorPage(
        "E0604", "A round without a last phase",
        "At least one phase of a round has no end: the state in which a round stays when all is done.",
        wrong: """
            contract Race {
                round Heat[k: Int] {
                    var started: Bool
                }
            }
            """,
        right: """
            contract Race {
                round Heat[k: Int] {
                    var started: Bool
                    phase open_
                }
            }
            """),
    ErrorPage(
        "E0605", "A sealed value read before it is revealed",
        """
        Values that were committed to are read where it is sure that the reveal phase has come: in an action or view \
        declared `during` that phase or a later one of the same key, or in a private function that only such call.
        """,
        wrong: """
            contract Vote {
                round Poll[k: Int] {
                    sealed vote: Int max 10 commit during commit reveal during reveal else keep
                    phase commit for 10 blocks then reveal
                    phase reveal
                }
                view mine(k: Int) -> Int? { return Poll[k].vote.get(caller) }
            }
            """,
        right: """
            contract Vote {
                round Poll[k: Int] {
                    sealed vote: Int max 10 commit during commit reveal during reveal else keep
                    phase commit for 10 blocks then reveal
                    phase reveal
                }
                view mine(k: Int) -> Int? during Poll[k].reveal { return Poll[k].vote.get(caller) }
            }
            """),
    ErrorPage(
        "E0606", "A sealed value declared wrongly",
        """
        What an author forfeits is taken by `expire_…`, which anybody may call once the reveal phase is over: so a \
        reveal phase whose `else` says `forfeit` leads on to another phase. v and w in `forfeit v to w` are different \
        vaults of one asset.
        """,
        wrong: """
            contract Vote {
                asset COIN native
                round Poll[k: Int] {
                    var bonds: Map<Address, Vault<COIN>>
                    var fines: Vault<COIN>
                    sealed vote: Int max 10 commit during commit reveal during reveal
                        else forfeit bonds[author] to fines
                    phase commit for 10 blocks then reveal
                    phase reveal
                }
            }
            """,
        right: """
            contract Vote {
                asset COIN native
                round Poll[k: Int] {
                    var bonds: Map<Address, Vault<COIN>>
                    var fines: Vault<COIN>
                    sealed vote: Int max 10 commit during commit reveal during reveal
                        else forfeit bonds[author] to fines
                    phase commit for 10 blocks then reveal
                    phase reveal for 10 blocks then over
                    phase over
                }
            }
            """),
    ErrorPage(
        "E0607", "A write to what is frozen",
        """
        A beacon or a settlement has frozen the field from a phase on: who knows the seed, or stands in the middle of \
        the fold, must not change it. Write it in an action that runs in an earlier phase only.
        """,
        wrong: """
            contract Lottery {
                round Draw[k: Int] {
                    var members: Map<Address, Int, 8>
                    beacon luck freezes members at drawn
                    phase entry for 10 blocks then drawn
                    phase drawn
                }
                action enter(k: Int) { Draw[k].members[caller] = 1 }
            }
            """,
        right: """
            contract Lottery {
                round Draw[k: Int] {
                    var members: Map<Address, Int, 8>
                    beacon luck freezes members at drawn
                    phase entry for 10 blocks then drawn
                    phase drawn
                }
                action enter(k: Int) during Draw[k].entry { Draw[k].members[caller] = 1 }
            }
            """),
    ErrorPage(
        "E0608", "A draw from what is not frozen",
        """
        What is drawn from, or gone through beside a seed, must be frozen by that beacon: else who knows the seed \
        could change the members until the draw suits them.
        """,
        wrong: """
            contract Lottery {
                round Draw[k: Int] {
                    var members: Map<Address, Int, 8>
                    beacon luck at drawn
                    phase entry for 10 blocks then drawn
                    phase drawn
                }
                view winner(k: Int) -> List<Address, 1> during Draw[k].drawn {
                    return draw 1 from Draw[k].members using Draw[k].luck
                }
            }
            """,
        right: """
            contract Lottery {
                round Draw[k: Int] {
                    var members: Map<Address, Int, 8>
                    beacon luck freezes members at drawn
                    phase entry for 10 blocks then drawn
                    phase drawn
                }
                view winner(k: Int) -> List<Address, 1> during Draw[k].drawn {
                    return draw 1 from Draw[k].members using Draw[k].luck
                }
            }
            """),
    ErrorPage(
        "E0609", "A beacon declared wrongly",
        """
        A beacon comes `at` a phase that is not the first, freezes fields of its own round, and takes contributions \
        before that phase.
        """,
        wrong: """
            contract Lottery {
                round Draw[k: Int] {
                    var members: Map<Address, Int, 8>
                    beacon luck freezes members at entry
                    phase entry for 10 blocks then drawn
                    phase drawn
                }
            }
            """,
        right: """
            contract Lottery {
                round Draw[k: Int] {
                    var members: Map<Address, Int, 8>
                    beacon luck freezes members at drawn
                    phase entry for 10 blocks then drawn
                    phase drawn
                }
            }
            """),
    ErrorPage(
        "E0610", "A seed used before its time",
        "A seed exists from the beacon's phase on: use it in an action or view declared `during` that phase or a later "
            + "one.",
        wrong: """
            contract Lottery {
                round Draw[k: Int] {
                    beacon luck at drawn
                    phase entry for 10 blocks then drawn
                    phase drawn
                }
                view seed(k: Int) -> Hash { return Draw[k].luck.seed }
            }
            """,
        right: """
            contract Lottery {
                round Draw[k: Int] {
                    beacon luck at drawn
                    phase entry for 10 blocks then drawn
                    phase drawn
                }
                view seed(k: Int) -> Hash during Draw[k].drawn { return Draw[k].luck.seed }
            }
            """),
    ErrorPage(
        "E0611", "A settlement declared wrongly",
        """
        A settlement goes over a map with a bound, of its own round, and the phase in which it runs is left only when \
        it `isDone`: a deadline would leave it unfinished. Its body depends on nobody who pushes it: no `caller`.
        """,
        wrong: """
            contract Pay {
                asset COIN native
                round Season[k: Int] {
                    var stakes: Map<Address, Amount, 1000>
                    var sum: Amount
                    settlement total over stakes as (member, stake) during paying gas 20_000 max 100 { sum += stake }
                    phase entry for 10 blocks then paying
                    phase paying for 10 blocks or when total.isDone then over
                    phase over
                }
            }
            """,
        right: """
            contract Pay {
                asset COIN native
                round Season[k: Int] {
                    var stakes: Map<Address, Amount, 1000>
                    var sum: Amount
                    settlement total over stakes as (member, stake) during paying gas 20_000 max 100 { sum += stake }
                    phase entry for 10 blocks then paying
                    phase paying when total.isDone then over
                    phase over
                }
            }
            """),
    ErrorPage(
        "E0612", "Too little gas for an element",
        """
        A warning. Each element of a settlement has the declared gas, and is set aside when that does not suffice. The \
        bound of the body, by itself and with all that it touches met for the first time, is more: an honest element \
        may be set aside. The bound is a number when nothing in the body depends on sizes; else none is shown.
        """,
        wrong: """
            contract Pay {
                asset COIN native
                round Season[k: Int] {
                    var stakes: Map<Address, Amount, 1000>
                    var sum: Amount
                    settlement total over stakes as (member, stake) during paying gas 5_000 max 100 { sum += stake }
                    phase entry for 10 blocks then paying
                    phase paying when total.isDone then over
                    phase over
                }
            }
            """,
        right: """
            contract Pay {
                asset COIN native
                round Season[k: Int] {
                    var stakes: Map<Address, Amount, 1000>
                    var sum: Amount
                    settlement total over stakes as (member, stake) during paying gas 20_000 max 100 { sum += stake }
                    phase entry for 10 blocks then paying
                    phase paying when total.isDone then over
                    phase over
                }
            }
            """),
]
