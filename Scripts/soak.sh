#!/usr/bin/env bash
# soak.sh: the long runs, one after the other; SOAK=0.01 makes each a hundredth as long. Every run prints its counts and seed; what
# they print is kept in soak-results.txt for `make report`. A run that fails ends the soak.
set -euo pipefail
cd "$(dirname "$0")/.."
factor=${SOAK:-1}
seed=${SEED:-1}
results=soak-results.txt
: >"$results"
output=$(mktemp)
trap 'rm -f "$output"' EXIT

# scaled COUNT [LEAST]: the count times the factor, at least LEAST or one.
scaled() {
    awk -v count="$1" -v least="${2:-1}" -v factor="$factor" 'BEGIN { n = int(count * factor); print n < least ? least : n }'
}

# run NAME PATTERN COMMAND…: the lines of its output that match go into the results, and there is one at least.
run() {
    local name=$1 pattern=$2 started=$SECONDS
    shift 2
    echo "== $name: $*"
    if ! "$@" >"$output" 2>&1; then
        tail -n 60 "$output"
        echo "$name: FAILED, by $*" | tee -a "$results"
        exit 1
    fi
    if ! grep -E "$pattern" "$output" | sed "s|^|$name: |" | tee -a "$results"; then
        echo "$name: FAILED, prints nothing of what it found, by $*" | tee -a "$results"
        exit 1
    fi
    echo "$name: $((SECONDS - started)) s, by $*" | tee -a "$results"
}

limits=()
[ "$factor" = 1 ] || limits=(--short)
make --no-print-directory agon
run programs '^counts:' Scripts/soak-programs.sh "$(scaled 1000000)" "$seed"
run splits '^counts:' Scripts/soak-splits.sh "$(scaled 10000000)" "$seed"
run mathematics '^counts:' Scripts/soak-math.sh "$(scaled 1000000)" "$seed"
run draws '^farthest|^producer|^strategy' ./agon bench --draw-adversary "$(scaled 1000000)" --seed "$seed"
run mutants '^[0-9]+ mutants|in all$|^ +[0-9]+  .* by the|violations' Scripts/mutants.sh "$(scaled 1000000)" "$seed"
run gas '^worst|entries,' ./agon gas contracts stdlib
run gas-search '^worst' ./agon bench --gas-search --seconds "$(scaled 600 5)" --seed "$seed"
run determinism '^counts:' Scripts/determinism.sh "$(scaled 20 2)" ${limits[@]+"${limits[@]}"}
run incentives '^\|' ./agon incentives contracts/rules --search "$(scaled 5000)"
echo "kept in $results"
