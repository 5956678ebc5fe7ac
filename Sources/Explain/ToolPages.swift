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

/// A0101, C0xxx and D0xxx: what the command says about its arguments, files, keys and the demo.
let commandPages: [ErrorPage] = [
    ErrorPage(
        "A0101", "An argument that cannot be read",
        """
        Arguments are written as in the language: numbers, `true`, `"text"`, `[1, 2]`, `0x…`, an address or `@name` of \
        a key. The message says which type is wanted. In these examples `$coin` is the address that `agon deploy coin \
        1000` has printed.
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
        "The folder `stdlib` was not found beside the program or above the working directory. Set `AGON_STDLIB`."),
    ErrorPage(
        "C0110", "No suite is used",
        "The table of incentives is made of suites: put a rule under one by `test NameOfTheSuite(…)` in its source.",
        wrong: "agon incentives coin",
        right: "agon incentives myrule"),
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
