#!/usr/bin/env bash
# soak.sh: the long runs, one after the other; SOAK=0.01 makes each a hundredth as long. Every run prints its count and seed; what
# they print is kept in soak-results.txt for `make report`.
set -euo pipefail
cd "$(dirname "$0")/.."
factor=${SOAK:-1}
seed=${SEED:-1}
results=soak-results.txt
: >"$results"
# scaled COUNT: at least one.
scaled() { awk -v count="$1" -v factor="$factor" 'BEGIN { n = int(count * factor); print n < 1 ? 1 : n }'; }
# run NAME COMMAND…: its last lines go into the results; a failure ends the soak.
run() {
    local name=$1 started=$SECONDS
    shift
    echo "== $name: $*"
    "$@" 2>&1 | tee /dev/stderr | grep -E '^counts:|passed|violations|ran to the end|refused by|worst|seed' | sed "s|^|$name: |" >>"$results"
    echo "$name: $((SECONDS - started)) s, by $*" >>"$results"
}
make --no-print-directory agon
run programs Scripts/soak-programs.sh "$(scaled 1000000)" "$seed"
run splits Scripts/soak-splits.sh "$(scaled 10000000)" "$seed"
run mathematics Scripts/soak-math.sh "$(scaled 1000000)" "$seed"
run draws ./agon bench --draw-adversary "$(scaled 1000000)" --seed "$seed"
run mutants Scripts/mutants.sh "$(scaled 1000000)"
run determinism Scripts/determinism.sh 20
run incentives ./agon incentives contracts --search "$(scaled 5000)"
echo "kept in $results"
