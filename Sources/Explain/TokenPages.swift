/// E05xx: tokens and assets.
let tokenPages: [ErrorPage] = [
    ErrorPage(
        "E0501", "A token that gets lost",
        """
        A `Token` is money in the hand: on every path it is put into a vault, sent, joined, returned, passed on, \
        burned or, when empty, closed. What `take` and `takeAll` give is used as well.
        """,
        wrong: """
            contract Pot {
                asset COIN native
                action join(bond: Token<COIN>) {}
            }
            """,
        right: """
            contract Pot {
                asset COIN native
                var pot: Vault<COIN>
                action join(bond: Token<COIN>) { pot.put(bond) }
            }
            """),
    ErrorPage(
        "E0502", "A token used twice",
        """
        A token moves; it cannot be copied. Once it is put or sent it is gone. To give parts of it to several, make it \
        a `var` and `take` from it, or `split` it.
        """,
        wrong: """
            contract Pot {
                asset COIN native
                var pot: Vault<COIN>
                action join(bond: Token<COIN>) {
                    pot.put(bond)
                    send(bond, caller)
                }
            }
            """,
        right: """
            contract Pot {
                asset COIN native
                var pot: Vault<COIN>
                action join(bond: Token<COIN>) {
                    var rest = bond
                    pot.put(rest.take(1))
                    send(rest, caller)
                }
            }
            """),
    ErrorPage(
        "E0503", "No place for a token",
        """
        Tokens are parameters, results and locals. In state money lies in a `Vault`; lists, structs, options and maps \
        hold no tokens, and a view takes none.
        """,
        wrong: """
            contract Pot {
                asset COIN native
                var held: Token<COIN>
            }
            """,
        right: """
            contract Pot {
                asset COIN native
                var held: Vault<COIN>
            }
            """),
    ErrorPage(
        "E0504", "Another asset is wanted",
        "A token and a vault carry their asset in their type; one asset never passes for another.",
        wrong: """
            contract Pot {
                asset COIN native
                asset POINT issued
                var pot: Vault<COIN>
                action join(points: Token<POINT>) { pot.put(points) }
            }
            """,
        right: """
            contract Pot {
                asset COIN native
                asset POINT issued
                var pot: Vault<POINT>
                action join(points: Token<POINT>) { pot.put(points) }
            }
            """),
    ErrorPage(
        "E0505", "A token used up on one path only",
        """
        After an `if` or `match` the token must be in the same state whichever branch ran. Use it in each branch, or \
        in none.
        """,
        wrong: """
            contract Pot {
                asset COIN native
                var pot: Vault<COIN>
                action join(bond: Token<COIN>, keep: Bool) {
                    if keep { pot.put(bond) }
                }
            }
            """,
        right: """
            contract Pot {
                asset COIN native
                var pot: Vault<COIN>
                action join(bond: Token<COIN>, keep: Bool) {
                    if keep { pot.put(bond) } else { send(bond, caller) }
                }
            }
            """),
    ErrorPage(
        "E0506", "Not issued by this contract",
        "`mint` and `burn` work on assets that this contract issues: `asset A issued`.",
        wrong: """
            contract Pot {
                asset COIN native
                action gift() -> Token<COIN> { return mint(COIN, 1) }
            }
            """,
        right: """
            contract Pot {
                asset POINT issued
                action gift() -> Token<POINT> { return mint(POINT, 1) }
            }
            """),
    ErrorPage(
        "E0507", "An asset that is not bound yet",
        """
        `asset A` without `issued` or `native` is chosen when the contract is deployed: `init` binds it with `A = id` \
        before any other use. Token parameters of `init` come before its first statement, so they cannot be of such an \
        asset.
        """,
        wrong: """
            contract Pot {
                asset COIN
                var pot: Vault<COIN>
            }
            """,
        right: """
            contract Pot {
                asset COIN
                var pot: Vault<COIN>
                init(coin: Asset) { COIN = coin }
            }
            """),
]
