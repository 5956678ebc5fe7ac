#!/usr/bin/env bash
# report.sh: one table of the figures of this repository, each with the command and seed that makes it again, as Markdown. Long runs
# are made short here; what the last `make soak` left in soak-results.txt follows beneath. Progress goes to standard error.
set -euo pipefail
cd "$(dirname "$0")/.."
make --no-print-directory agon >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

echo "| figure | value | command |"
echo "|---|---|---|"

# row NAME PATTERN COMMAND…: the last line of the command's output that matches the pattern.
row() {
    local name=$1 pattern=$2 value
    shift 2
    echo "-- $name: $*" >&2
    if ! "$@" >"$work/out" 2>&1; then
        tail -n 20 "$work/out" >&2
        echo "| $name | **failed** | \`$*\` |"
        return
    fi
    value=$(grep -E "$pattern" "$work/out" | tail -n 1 | sed -E 's/^counts: //; s/\|/\\|/g; s/  +/ /g; s/^ //')
    echo "| $name | ${value:-**nothing printed**} | \`$*\` |"
}

row "tests of contracts and standard library, in both worlds" ' passed' ./agon test contracts stdlib
row "conformance" 'assertion' ./agon conformance
row "gas bounds: ratio to the gas used" 'median' ./agon gas contracts stdlib
row "generated programs" '^counts:' Scripts/soak-programs.sh 4000 1
row "splits" '^counts:' Scripts/soak-splits.sh 1000000 1
row "exp, ln, log2, sqrt, pow against MPFR" '^counts:' Scripts/soak-math.sh 20000 1
row "draws by adversaries" 'deviation|expect|draws' ./agon bench --draw-adversary 20000 --seed 1
row "mutants of artefacts, address sanitizer" 'violation' Scripts/mutants.sh 20000
row "equal digests and roots" '^counts:' Scripts/determinism.sh 4
row "worst instruction" 'worst|ns' ./agon bench --opcodes
row "worst program found" 'worst: ' ./agon bench --gas-search --seconds 60 --seed 1
row "worst transactions" 'ns/gas|new entries|changed entries' ./agon bench --transactions
row "verifier, hostile modules" '.' ./agon bench --verifier
echo "| exhibits of the museum | $(find contracts/museum/wrong -name '*.agon' | wc -l) | \`swift test --filter MuseumTests\` |"

echo
echo "Incentives (\`./agon incentives contracts --search 200\`): the largest unfair gain found, as a share of the pot."
echo
./agon incentives contracts --search 200
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
