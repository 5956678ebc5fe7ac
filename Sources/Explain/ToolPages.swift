/// A0101, C0xxx and D0xxx: what the command says about its arguments, files, keys and the demo.
let commandPages: [ErrorPage] = [
    ErrorPage(
        "A0101", "An argument that cannot be read",
        """
        Arguments are written as in the language: numbers, `true`, `"text"`, `[1, 2]`, `0x…`, an address or `@name` of \
        a key; or as JSON. A shell takes quotes for itself: write `'"text"'`. The message says which type is wanted. \
        In these examples `$coin` is the address that `agon deploy coin 1000` has printed.
        """,
        wrong: "agon call $coin pay @bob many",
        right: "agon call $coin pay @bob 25"),
    ErrorPage(
        "C0100", "A file or folder that cannot be used",
        "Reading or writing failed: see whether it exists and you may use it.",
        wrong: "agon build coin --output coin/coin.agon",
        right: "agon build coin --output out"),
    ErrorPage(
        "C0101", "A name without letters",
        "A new project's contract is named after its folder, so the name has letters.",
        wrong: "agon new +++", right: "agon new pool"),
    ErrorPage(
        "C0102", "It exists already", "`agon new` never writes over what is there. Choose another name.",
        wrong: "agon new pool && agon new pool", right: "agon new pool && agon new race"),
    ErrorPage(
        "C0103", "No such file", "There is nothing at the path.",
        wrong: "agon check nowhere",
        right: "agon check coin"),
    ErrorPage(
        "C0104", "No source in the folder", "The folder, with those in it, holds no file whose name ends in `.agon`.",
        wrong: "mkdir empty && agon check empty",
        right: "agon check coin"),
    ErrorPage(
        "C0105", "No such contract in the file",
        "`--contract` names one of the contracts of the file; the message lists them.",
        wrong: "agon deploy coin 1000 --contract Cion",
        right: "agon deploy coin 1000 --contract Coin"),
    ErrorPage(
        "C0106", "Several contracts to choose from",
        "The file has more than one contract, or none; choose by `--contract NAME`.",
        wrong: #"printf 'contract A {}\ncontract B {}\n' >two.agon && agon deploy two.agon"#,
        right: #"printf 'contract A {}\ncontract B {}\n' >two.agon && agon deploy two.agon --contract A"#),
    ErrorPage(
        "C0107", "No standard library",
        """
        The folder `stdlib` was not found beside the program or above the working directory. Set `AGON_STDLIB` to \
        where it is.
        """),
    ErrorPage(
        "C0110", "No suite is used",
        "The table of incentives is made of suites: put a rule under one by `test NameOfTheSuite(…)` in its source.",
        wrong: "agon incentives coin",
        right: "agon incentives myrule"),
    ErrorPage(
        "C0111", "No such test",
        "`--filter` chooses the tests whose name contains a text, and no test's name contains this one.",
        wrong: "agon test coin --filter moves-tokens",
        right: "agon test coin --filter 'moves tokens'"),
    ErrorPage(
        "C0108", "No such code", "`agon explain` knows no page of this name.", wrong: "agon explain E9999",
        right: "agon explain E0401"),
    ErrorPage(
        "C0201", "A key's name that cannot be", "Keys are named with letters, digits, `-` and `_`.",
        wrong: "agon keys new my/key", right: "agon keys new my-key"),
    ErrorPage(
        "C0202", "A key of this name exists", "Keys are never written over.",
        wrong: "agon keys new alice && agon keys new alice", right: "agon keys new alice && agon keys new carol"),
    ErrorPage("C0203", "No random bytes", "The system gave no random bytes, so no key was made."),
    ErrorPage("C0204", "A key that cannot be written", "The file could not be made, or exists already."),
    ErrorPage(
        "C0205", "No such key", "No key has this name. `agon keys` lists those that exist.",
        wrong: "agon call $coin pay @bob 1 --as carol",
        right: "agon call $coin pay @bob 1 --as default"),
    ErrorPage("C0206", "A damaged key file", "The file does not hold 64 hexadecimal digits."),
    ErrorPage("C0207", "No such amount", "The amount is not a whole number below 2^256."),
    ErrorPage("C0208", "The key does not sign", "The key's bytes are no key of the signature scheme."),
    ErrorPage("C0209", "The transaction did not fit", "The transaction's gas limit passes what a block has room for."),
    ErrorPage(
        "C0210", "Another number of arguments", "The message shows the entry's parameters.",
        wrong: "agon call $coin pay @bob",
        right: "agon call $coin pay @bob 1"),
    ErrorPage(
        "C0211", "An argument of another type", "The message says which argument, and what is wrong with it.",
        wrong: "agon call $coin pay @bob many",
        right: "agon call $coin pay @bob 25"),
    ErrorPage(
        "C0212", "No contract at the address", "Look at the address that `agon deploy` printed, and at `--data`.",
        wrong: "agon call @bob pay @bob 1",
        right: "agon call $coin pay @bob 1"),
    ErrorPage(
        "C0301", "An artefact without initialiser", "Compile the source again: every contract has an initialiser."),
    ErrorPage("C0302", "No such transaction", "The chain in this data directory has no transaction with this hash."),
    ErrorPage(
        "C0303", "Not an asset", "An asset is written with 64 hexadecimal digits, as `agon query` shows it.",
        wrong: "agon query @bob --asset POINT",
        right: "agon query @bob --asset $(agon query $coin id)"),
    ErrorPage(
        "C0304", "No such action or view", "Actions are called by `agon call`, views read by `agon query`.",
        wrong: "agon call $coin id",
        right: "agon query $coin id"),
    ErrorPage(
        "C0305", "Not an amount", "An amount is a whole number from 0 to 2^256 − 1.",
        wrong: "agon transfer @bob lots", right: "agon transfer @bob 100"),
    ErrorPage(
        "C0306", "Too many blocks at once", "`agon advance` makes 1 to 100,000 blocks.",
        wrong: "agon advance 0", right: "agon advance 10"),
    ErrorPage(
        "C0401", "The demo lacks a contract", "`contracts/arena` has no contract of the name that the demo needs."),
    ErrorPage(
        "C0402", "Not one reward rule",
        "The file given by `--rule` has exactly one contract that implements `RewardRule`."),
    ErrorPage(
        "C0403", "Another chain lies there",
        "The demo writes over its own chains only. Choose another directory by `--data`."),
    ErrorPage("D0101", "A file of the demo cannot be read", "A data file of the season is missing or unreadable."),
    ErrorPage("D0102", "A damaged manifest", "The list of the season's data files is not what it should be."),
    ErrorPage("D0103", "A damaged model", "A file with a model's weights is not what it should be."),
    ErrorPage("D0104", "A damaged shard", "A file with images is not what it should be."),
    ErrorPage(
        "D0105", "A contract the season cannot use",
        "The contract does not compile, or lacks an action or view the season calls."),
    ErrorPage("D0106", "The chain refused", "A transaction or query of the season failed; the message says why."),
    ErrorPage("D0107", "The season has no chain", "The chain of the season could not be made or opened."),
    ErrorPage(
        "D0108", "The figures do not add up",
        "What was paid, vested and burned differs from what was minted. Please report it."),
]

/// Names with a point: what ledger and node say about transactions, blocks, files of the chain, addresses.
let chainPages: [ErrorPage] = [
    ErrorPage("transaction.malformed", "Not a transaction", "The bytes do not decode as a transaction."),
    ErrorPage(
        "transaction.chain", "For another chain",
        "A transaction names the chain it is for, so that it cannot be repeated on another."),
    ErrorPage(
        "transaction.signature", "Not the sender's signature", "The signature does not fit the sender and the contents."
    ),
    ErrorPage(
        "transaction.expired", "Valid no longer",
        "The height until which the transaction may be included has passed. Sign it again."),
    ErrorPage(
        "transaction.nonce-used", "A nonce used before",
        "Each transaction of a sender has the next number; this one was used."),
    ErrorPage("transaction.nonce-ahead", "A nonce ahead", "Transactions with lower numbers must come first."),
    ErrorPage("transaction.gas-price", "Too low a gas price", "The price is below the chain's minimum."),
    ErrorPage(
        "transaction.gas-limit-low", "Too low a gas limit",
        "The limit does not even cover what any such transaction uses.",
        wrong: "agon call $coin pay @bob 1 --gas 10",
        right: "agon call $coin pay @bob 1"),
    ErrorPage(
        "transaction.gas-limit-high", "Too high a gas limit", "The limit is above that of a block.",
        wrong: "agon call $coin pay @bob 1 --gas 20000000000",
        right: "agon call $coin pay @bob 1"),
    ErrorPage(
        "transaction.fee", "The fee cannot be paid", "The sender has less than gas limit × gas price.",
        wrong: "agon transfer @default 1 --as bob",
        right: "agon transfer @bob 100000000000 && agon transfer @default 1 --as bob"),
    ErrorPage(
        "transaction.block-full", "The block is full",
        "The rest of the block has no room for the gas limit; it may fit the next."),
    ErrorPage("transaction.duplicate", "Submitted already", "The same transaction waits in the queue."),
    ErrorPage("transaction.queue-full", "The queue is full", "Too many transactions wait. Try again after a block."),
    ErrorPage(
        "InsufficientBalance", "The sender has less",
        "A transfer, or a deposit for storage, takes more than the sender has.",
        wrong: "agon transfer @bob 5000 --asset $(agon query $coin id)",
        right: "agon transfer @bob 5 --asset $(agon query $coin id)"),
    ErrorPage(
        "DepositLimit", "More storage than allowed",
        "The state that the transaction adds needs a larger deposit than its limit."),
    ErrorPage(
        "NotConserved", "Effects that do not add up",
        "The ledger found an asset out of balance and undid the transaction. Please report it."),
    ErrorPage(
        "InvalidArtefact", "A module that cannot be deployed",
        "The artefact does not decode or the verifier refuses it."),
    ErrorPage(
        "TooLarge", "A record that is too large", "A value or payload is larger than a record of the state may be."),
    ErrorPage("encoding.truncated", "Bytes that end too early", "The encoding ends inside a value."),
    ErrorPage("encoding.trailing", "Bytes behind the end", "Something follows the end of the value."),
    ErrorPage("encoding.canonical", "Not the one form", "Each value has one encoding; another one is refused."),
    ErrorPage("encoding.size", "Larger than allowed", "A length passes the limit of its field."),
    ErrorPage("encoding.kind", "An unknown kind", "The number that says what follows has no meaning."),
    ErrorPage("genesis.size", "A genesis file that is too large", "The file passes the limit."),
    ErrorPage("genesis.syntax", "A genesis file that is not JSON", "The file is not UTF-8 text, or not JSON."),
    ErrorPage("genesis.missing", "A field is missing", "The genesis file lacks the field that the message names."),
    ErrorPage(
        "genesis.unknown", "An unknown field",
        "The genesis file has a field that means nothing: maybe a slip of the pen."),
    ErrorPage("genesis.value", "A value that cannot be used", "The message names the field and the reason."),
    ErrorPage("ledger.unreadable", "The state cannot be read", "The storage failed. Nothing was written."),
    ErrorPage("ledger.engine", "Contracts cannot be executed", "The machine could not be set up."),
    ErrorPage("ledger.damaged", "A damaged record", "A record of the ledger is not as the ledger writes it."),
    ErrorPage(
        "ledger.conservation", "Amounts do not add up",
        "The books of an asset are wrong outside of execution. Please report it."),
    ErrorPage(
        "ledger.block", "A block that does not follow",
        "The block's header does not follow from its parent and transactions."),
    ErrorPage(
        "ledger.producer-key", "Not the producer's key",
        "Only the holder of the producer key in the genesis makes blocks."),
    ErrorPage("state.root", "The state tree lacks its root", "The data directory is damaged."),
    ErrorPage("state.fork", "A damaged fork of the state tree", "The data directory is damaged."),
    ErrorPage(
        "chain.missing", "No chain in the directory",
        "Make one with the command that the message names, or choose another by `--data`.",
        wrong: "agon query --data nowhere",
        right: "agon query --data chain"),
    ErrorPage("chain.exists", "A chain exists already", "A chain is never written over. Choose another directory."),
    ErrorPage("chain.locked", "Another process uses the chain", "One process at a time opens a data directory."),
    ErrorPage(
        "chain.storage", "The chain's data cannot be used",
        "Reading or writing the data directory failed: is the disk full?"),
    ErrorPage("chain.damaged", "The chain's data is damaged", "The directory was changed outside of this program."),
    ErrorPage(
        "chain.format", "Data of another version", "This program does not know the format of the data directory."),
    ErrorPage("chain.failed", "Writing failed before", "Open the chain again; nothing was half written."),
    ErrorPage(
        "address.length", "An address of another length", "A character is missing or too many.",
        wrong: "agon query ag1qq",
        right: "agon query @bob"),
    ErrorPage(
        "address.prefix", "Not an address", "Addresses begin with `ag1`.",
        wrong: "agon query bx${coin#ag}",
        right: "agon query @bob"),
    ErrorPage("address.case", "Upper and lower case mixed", "An address is all lower or all upper case."),
    ErrorPage("address.character", "A character that cannot occur", "The message says which character of the address."),
    ErrorPage(
        "address.checksum", "A typing error in an address", "The checksum does not fit: some character is wrong."),
    ErrorPage("address.padding", "Bits beyond the address", "The text carries more than 32 bytes."),
]
