#!/usr/bin/env bash
# report.sh: one table of the figures of this repository, each with the command that makes it again (seeds are in the commands or the
# values), as Markdown; details beneath. Long runs are made short here; what the last `make soak` left in soak-results.txt follows at
# the end. Progress goes to standard error. With everything built it takes less than ten minutes on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."
make --no-print-directory agon >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

echo "| figure | value | command |"
echo "|---|---|---|"

# row NAME PATTERN COMMAND…: the lines of the command's output that match, in one.
row() {
    local name=$1 pattern=$2 value started=$SECONDS
    shift 2
    echo "-- $name: $*" >&2
    if ! "$@" >"$work/out" 2>&1; then
        tail -n 20 "$work/out" >&2
        echo "| $name | **failed** | \`$*\` |"
        status=1
        return
    fi
    value=$(grep -E "$pattern" "$work/out" |
        sed -E 's/^ *([0-9]+) +([0-9]+) +([0-9]+)  in all$/\1 refused by the decoder, \2 by the verifier, \3 accepted/' |
        sed -E 's/^[^A-Za-z0-9]*//; s/^counts: //; s/\|/\\|/g; s/  +/ /g' | awk 'NR > 1 { printf "; " } { printf "%s", $0 }' || true)
    if [ -z "$value" ]; then
        value="**nothing printed**"
        status=1
    fi
    echo "| $name | $value | \`$*\` |"
    echo "   $((SECONDS - started)) s" >&2
}

# kept NAME: the output of the last row, for what follows the table.
kept() { cp "$work/out" "$work/$1"; }

row "tests of contracts and standard library, in both worlds" '^[0-9]+ passed' ./agon test contracts stdlib
row "conformance" '^counts:' ./agon conformance
row "gas bounds: bound to gas used, of every call of the tests" 'entries,' ./agon gas contracts stdlib
row "gas search: most time for its gas" '^seed|^worst|^calibration' ./agon bench --gas-search --seconds 20 --seed 1
row "the dearest instruction for its gas" '^worst' ./agon bench --opcodes
row "verifier, hostile modules" '^worst' ./agon bench --verifier
row "generated programs, machine against reference" '^counts:' Scripts/soak-programs.sh 10000 1
row "splits against the definition" '^counts:' Scripts/soak-splits.sh 1000000 1
row "exp, ln, log2, sqrt, pow against MPFR" '^counts:' Scripts/soak-math.sh 20000 1
row "draws by adversaries, measured and computed shares" '^farthest' ./agon bench --draw-adversary 20000 --seed 1
kept draws
row "mutants of artefacts, under the address sanitizer" '^[0-9]+ mutants|in all$|violations' Scripts/mutants.sh 20000 1
kept mutants
row "equal artefacts, results and roots in processes of different surroundings" '^counts:' Scripts/determinism.sh 4 --short
locks=$(grep -h '^// lock: ' contracts/museum/wrong/*.agon | sort | uniq -c | awk 'NR > 1 { printf ", " } { printf "%s %s", $1, $4 }')
row "museum: each exhibit caught by its lock ($locks)" 'Test run with' swift test --filter MuseumTests

echo
echo "Mutants refused, by reason (\`Scripts/mutants.sh 20000 1\`):"
echo
sed -n '/^refused, by reason:/,/ violations$/p' "$work/mutants" | sed 's/^/    /'
echo
echo "Draws: what an adversary with a tenth of the places gains by choosing among seeds (\`./agon bench --draw-adversary 20000 --seed 1\`):"
echo
grep -E '^ |^strategy| 10\.00 % ' "$work/draws" | sed 's/^/    /'
echo
echo "Incentives (\`./agon incentives contracts/rules --search 150\`): the largest unfair gain found, as a share of the pot."
echo
./agon incentives contracts/rules --search 150
echo
echo "Transactions that touch much state, settlements, deployments, first touches of contracts (\`./agon bench --transactions\`):"
echo
./agon bench --transactions | sed 's/^/    /'
echo
echo "Machine beside native code (\`./agon bench\`):"
echo
./agon bench | sed 's/^/    /'
if [ -s soak-results.txt ]; then
    echo
    echo "The last \`make soak\`:"
    echo
    sed 's/^/    /' soak-results.txt
fi
exit $status
