#!/usr/bin/env bash
# The command as a user meets it: results on standard output, the rest on standard error, exit codes 0 (done), 1 (user's error); never another.
set -uo pipefail
cd "$(dirname "$0")/.."
agon=$PWD/agon
export AGON_STDLIB=$PWD/stdlib
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
repository=$PWD
cd "$work"
passed=0
failed=0

# expect NAME CODE PATTERN COMMAND…: exit code and a pattern over both channels.
expect() {
    local name=$1 code=$2 pattern=$3
    shift 3
    local output status
    output=$(timeout 120 "$@" 2>&1 </dev/null)
    status=$?
    if [ "$status" -eq "$code" ] && grep -qE -- "$pattern" <<<"$output"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED %s: exit %s (wanted %s), output:\n%s\n' "$name" "$status" "$code" "$(head -c 2000 <<<"$output")"
    fi
}

# quiet NAME COMMAND…: nothing on standard error.
quiet() {
    local name=$1
    shift
    if [ -z "$("$@" 2>&1 >/dev/null </dev/null)" ]; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        echo "FAILED $name: wrote to standard error"
    fi
}

expect "help" 0 'SUBCOMMANDS' "$agon" --help
expect "version" 0 '^[0-9]+\.' "$agon" --version
expect "unknown command" 1 'Error|Unexpected' "$agon" frobnicate
expect "misspelt command" 1 'there is no command `chekc`; did you mean `check`' "$agon" chekc myrule
expect "a negative argument" 1 '`-5` was taken for an option; put `--` before' "$agon" advance -5
expect "missing argument" 1 'Missing' "$agon" new
expect "new" 0 'myrule/myrule.agon' "$agon" new myrule
expect "new twice" 1 'C0102' "$agon" new myrule
expect "new without letters" 1 'C0101' "$agon" new +++
expect "new token" 0 'coin/coin.agon' "$agon" new coin --template token
for name in token list RewardRule 1st; do
    expect "new $name" 0 "$name/$name.agon" "$agon" new "$name"
    expect "new $name compiles" 0 '^$' "$agon" check "$name"
done
expect "new token named token" 0 '1 passed' bash -c "rm -r token && '$agon' new token --template token && '$agon' test token"
expect "check" 0 '' "$agon" check myrule
quiet "check is silent" "$agon" check myrule
expect "check absent" 1 'C0103' "$agon" check nowhere
expect "test" 0 '^4 passed, 0 failed$' "$agon" test myrule
expect "test coin" 0 '^1 passed, 0 failed$' "$agon" test coin
expect "no such test" 1 'C0111' "$agon" test coin --filter nothing
expect "results that cannot be written" 1 'C0100.*No space' bash -c "'$agon' explain --list >/dev/full"
expect "a reader that leaves" 0 '^Text and syntax' bash -c "set -o pipefail; '$agon' explain --list | head -1"
expect "test json" 0 '"passed" : true' "$agon" test --json coin
expect "gas" 0 'Coin.pay' "$agon" gas coin
expect "gas as a table" 0 '^\| `Coin.pay` \| [0-9]+ \| [0-9,]+ \| [0-9,]+ \|$' "$agon" gas --markdown --of Coin coin
expect "whose gas stands beside ours" 0 '^- \[B\] BRAIN-chain' "$agon" gas --sources
expect "build" 0 'Coin.agonc' "$agon" build coin -o out
expect "build again, same bytes" 0 "$("$agon" build coin -o out2 2>/dev/null | awk '{print $4}')" "$agon" build coin -o out3
mkdir -p "else where" && cp -r coin "else where/coin"
expect "build elsewhere, same bytes" 0 "$("$agon" build coin -o out4 2>/dev/null | awk '{print $4}')" "$agon" build "$PWD/else where/coin" -o out5
expect "build from elsewhere, same bytes" 0 '' bash -c "cd 'else where' && '$agon' build ../coin -o ../out6 && cmp ../out4/Coin.agonc ../out6/Coin.agonc"
expect "build interface" 0 '"name": ?"Coin"' "$agon" build coin --emit interface
expect "build bytecode" 0 'return' "$agon" build coin --emit bytecode

printf 'contract Broken { view f() -> Int { return tru + unknown } \n action g( { } }' >broken.agon
expect "errors have codes" 1 'error\[E0' "$agon" check broken.agon
printf 'function half(n: uint256) : Int { return n / 2; }\n' >habits.agon
expect "fixes are applied" 0 'fixed\[E0401\] habits.agon:1:[0-9]+: `n / 2` became `floor\(n / 2\)`' "$agon" check --fix habits.agon
expect "fixed is clean" 0 '^$' "$agon" check habits.agon
expect "fixed is written" 0 'function half\(n: Amount\) *-> Int \{ return floor\(n / 2\) \}' cat habits.agon
expect "nothing to fix" 0 '^$' "$agon" check --fix habits.agon
expect "explain" 0 'A token used twice' "$agon" explain e0502
expect "explain a failure" 0 'WrongPhase: ' "$agon" explain WrongPhase
expect "explain all" 0 'transaction.fee' "$agon" explain --list
expect "explain what is not" 1 'C0108.*did you mean E0401' "$agon" explain E04O1
expect "explain as a document" 0 '^### E0101' "$agon" explain --markdown
mkdir many && for i in 1 2 3; do printf 'contract C { action f() { a%s = 1; b = 2; c = 3; d = 4; } }\n' $i >many/$i.agon; done
expect "many errors are folded" 1 "E0101.*as above" "$agon" check many
expect "and counted" 1 '^24 errors in 3 files$' "$agon" check many --limit 2
expect "a limit below nothing" 1 'from 0' "$agon" check many --limit=-1
expect "errors as json" 1 '"code" ?: ?"E0' "$agon" check --json broken.agon
printf '\xff\xfe\x00contract' >bytes.agon
expect "not UTF-8" 1 'E0107|E0101' "$agon" check bytes.agon
head -c 300000 /dev/zero | tr '\0' '(' >deep.agon
expect "nested deeply" 1 'error\[E0' "$agon" check deep.agon
head -c 20000000 /dev/zero | tr '\0' 'a' >huge.agon
expect "too large" 1 'E0106' "$agon" check huge.agon
: >empty.agon
expect "empty file" 0 '' "$agon" check empty.agon
head -c 200 out/Coin.agonc >cut.agonc
expect "truncated artefact" 1 'error\[' "$agon" deploy cut.agonc 1000
head -c 5000 /dev/urandom >noise.agonc
expect "random artefact" 1 'error\[' "$agon" deploy noise.agonc

expect "run" 0 '^0\.875$' "$agon" run "$repository/stdlib/statistics.agon" weightedMean '[0.5, 1.0]' '[1, 3]'
expect "run unknown" 1 "error" "$agon" run "$repository/stdlib/statistics.agon" mean

expect "deploy on a new chain" 0 '^ag1' "$agon" deploy coin 1000
coin=$("$agon" deploy coin 1000 2>/dev/null)
expect "keys" 0 'default' "$agon" keys
bob=$("$agon" keys new bob)
expect "query a view" 0 '^0x[0-9a-f]{64}$' "$agon" query "$coin" id
asset=$("$agon" query "$coin" id 2>/dev/null | cut -c3-)
expect "call" 0 'gas [0-9]+' "$agon" call "$coin" pay @bob 400
expect "balance" 0 'balance 400' "$agon" query @bob --asset "$asset"
expect "failing call" 1 'ZeroAmount' "$agon" call "$coin" pay @bob 0
expect "nothing moved" 0 'balance 400' "$agon" query @bob --asset "$asset"
expect "dry run" 0 'gas [0-9]+' "$agon" call "$coin" pay @bob 100 --dry-run
expect "dry run changes nothing" 0 'balance 400' "$agon" query @bob --asset "$asset"
expect "bob cannot pay yet" 1 'error\[' "$agon" call "$coin" pay @default 1 --as bob
expect "transfer" 0 'fee [0-9]+' "$agon" transfer @bob 100000000000
expect "bob pays" 0 'event Paid' "$agon" call "$coin" pay @default 1 --as bob
expect "transfer of an asset" 0 'fee' "$agon" transfer @default 1 --asset "$asset" --as bob
expect "transfer of too much" 1 'error\[' "$agon" transfer @default 1000000 --asset "$asset" --as bob
expect "transfer of nonsense" 1 'C0305' "$agon" transfer @bob lots
expect "advance" 0 'height [0-9]+' "$agon" advance 10
expect "advance too far" 1 'C0306' "$agon" advance 0
expect "proof" 0 '"proof"' "$agon" query @bob --proof
expect "receipt as json" 0 '"gasUsed"' "$agon" call "$coin" pay "$bob" 1 --json
expect "wrong number of arguments" 1 'C0210' "$agon" call "$coin" pay
expect "wrong argument" 1 'C0211' "$agon" call "$coin" pay @bob many
expect "no such action" 1 'C0304' "$agon" call "$coin" steal
expect "no such contract" 1 'C0212' "$agon" call @bob pay 1 1
expect "bad address" 1 'error\[' "$agon" query ag1nonsense
expect "no such key" 1 'C0205' "$agon" call "$coin" pay @bob 1 --as carol
expect "gas limit too low" 1 'gas-limit-low' "$agon" call "$coin" pay @bob 1 --gas 10
expect "not enough gas" 1 'OutOfGas' "$agon" call "$coin" pay @bob 1 --gas 110000
expect "head" 0 'height [0-9]+' "$agon" query

# The commands that pages of codes show: the wrong one says the code, the right one does its work. Each has a copy of
# this chain with a key `bob` that owns nothing.
mkdir -p examples/prepared && cd examples/prepared
cp -r ../../coin ../../myrule .
coin_outside=$coin
coin=$("$agon" deploy coin 1000 2>/dev/null)
"$agon" keys new bob >/dev/null
cd ..
agon() { "$agon" "$@"; }
while IFS=$'\t' read -r code kind command; do
    rm -rf example && cp -r prepared example
    output=$(cd example && eval "$command" 2>&1 </dev/null)
    status=$?
    if { [ "$kind" = right ] && [ $status -eq 0 ]; } ||
        { [ "$kind" = wrong ] && [ $status -eq 1 ] && grep -qF "[$code]" <<<"$output"; }; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED the %s example of %s: exit %s, output:\n%s\n' "$kind" "$code" "$status" "$(head -c 1000 <<<"$output")"
    fi
done < <("$agon" explain --commands)
cd ..
coin=$coin_outside
expect "no chain" 1 'error\[' "$agon" query --data nowhere
mkdir damaged && head -c 9000 /dev/urandom >damaged/chain.sqlite
expect "damaged chain" 1 'error\[' "$agon" query --data damaged
expect "demo with a rule of one's own" 0 'conservation .*, exactly' "$agon" demo --rule myrule
expect "the demo leaves its chain" 0 'height [0-9]+' "$agon" query --data demo-chain
expect "demo again" 0 'replacing the chain that an earlier demo left' "$agon" demo
expect "demo with another contract" 1 'C0402' "$agon" demo --rule coin
expect "demo spares other chains" 1 'C0403' "$agon" demo --data chain
expect "demo brain" 0 'balance .*, exactly' "$agon" demo brain
expect "the brain leaves its chain" 0 'height [0-9]+' "$agon" query --data brain-chain
expect "demo brain again" 0 '"votes" : 1[01]' "$agon" demo brain --json
expect "demo brain spares other chains" 1 'C0403' "$agon" demo brain --data chain
expect "demo liquid" 0 'outcomes are the contract.s, exactly' "$agon" demo liquid --voters 6 --graphs 1
expect "demo liquid too large" 1 'D0102' "$agon" demo liquid --voters 49
expect "throughput" 0 'BRAIN / naive +45[0-9]' "$agon" demo brain --throughput
expect "a season at scale" 0 'conservation .*, exactly' "$agon" demo season --nodes 6 --validators 8 --delegators 20 --tasks 2
expect "a season too large" 1 'D0102' "$agon" demo season --tasks 65
expect "bench" 0 '"nativeNanosecondsPerIteration"' "$agon" bench loop_sum --rounds 1 --json
expect "search for underpriced programs" 0 'worst: [0-9.]+ ns per gas' "$agon" bench --gas-search --seconds 1
expect "calls of a generated source" 0 'call [0-9]+: .*--gas-source 7' "$agon" bench --gas-source 7
expect "no program of the search" 1 'error\[' "$agon" bench --gas-program nothing
expect "bench unknown" 1 'error\[' "$agon" bench nothing
expect "conformance" 0 'counts: [0-9]+ assertions in 1 files, 0 failed' "$agon" conformance "$repository/Tests/Conformance/codes/recursion_direct.agon"
expect "conformance in assembly" 0 'opcodes|files +[0-9]+ assertions' "$agon" conformance "$repository/Tests/Conformance/bytecode/opcodes/add.agasm" --export cases
expect "exported cases" 0 '"artefact"' cat cases/add.agasm.json
expect "conformance of nothing" 1 'C0103' "$agon" conformance nowhere
printf 'run [1] = 3 | function f(Int) -> Int readonly | return r0\n' >wrong.agasm
expect "a case that does not hold" 1 'gives "?1' "$agon" conformance wrong.agasm
expect "bench code" 0 'moduloImmediate' "$agon" bench --disassemble loop_sum
printf 'let x = 2 + 3\nx * 2\n:quit\n' >session
printf 'let w = deploy Wheat()\nlet m = deploy BatchMarket(w.WHEAT)\nm.start(1)\n:state m\n' >market
expect "a phase by its name" 0 'Batch.phase\[1\] = \.collecting' bash -c "'$agon' repl '$repository/contracts/examples/batch_market.agon' <market"
expect "the word of another shell" 1 'write `:quit`' bash -c "echo exit | '$agon' repl"
output=$("$agon" repl <session 2>&1)
if [ "$output" = $'agon> let x = 2 + 3\nagon> x * 2\n10\nagon> :quit' ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED repl: $output"; fi
expect "search" 0 'greatest found: ' "$agon" test "$repository/contracts/rules/incentives_test.agon" --filter 'NoGainFromSplitting(deploy Geo' --search 20
expect "search too long" 1 'from 1 to 1000000' "$agon" incentives --search 0
expect "no suites" 1 'C0110' "$agon" incentives coin
# The tables in the documents, of gas and of incentives, are what the commands print; `Scripts/write-gas-tables.sh` writes them anew.
if AGON=$agon "$repository/Scripts/write-gas-tables.sh" --check >tables 2>&1; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    echo "FAILED the tables are not what the commands print; Scripts/write-gas-tables.sh writes them:"
    grep -E '^[-+]|error' tables | head -n 40
fi
# Every contract has its page.
absent=$(
    cd "$repository"
    for source in contracts/*/*.agon contracts/museum/wrong/*.agon; do
        folder=$(cut -d/ -f2 <<<"$source")
        case $folder in
        arena | museum) page=Documentation/$folder.md ;;
        *) page=Documentation/contracts/$folder.md ;;
        esac
        name=$(basename "$source" .agon)
        case $name in *_test) continue ;; esac
        grep -qsw -- "$name" "$page" || echo "$source in $page"
    done
)
if [ -z "$absent" ]; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    printf 'FAILED contracts that their page does not name:\n%s\n' "$absent"
fi

"$agon" --help >&- 2>/dev/null
[ $? -le 1 ] && passed=$((passed + 1)) || { failed=$((failed + 1)); echo "FAILED closed standard output"; }

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
