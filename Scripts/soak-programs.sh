#!/usr/bin/env bash
# soak-programs.sh [COUNT] [SEED] [SECONDS]: generated programs in the machine and in the reference evaluator, by PROCESSES processes
# (as many as there are cores); every program has a seed of its own, and each process works on seeds of its own. SIGINT and SIGTERM
# end the run with what it has counted.
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-1000000}
seed=${2:-1}
seconds=${3:-1000000}
processes=${PROCESSES:-$(nproc)}
if ! AGON_FUZZ=1 swift build -c release --product agon-soak --scratch-path .build-soak >/dev/null; then
    AGON_FUZZ=1 swift build -c release --product agon-soak --scratch-path .build-soak
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
share=$(((count + processes - 1) / processes))
pids=()
for ((number = 0; number < processes; number++)); do
    .build-soak/release/agon-soak programs "$share" $((seed + number * share)) "$seconds" >"$work/$number" &
    pids+=($!)
done
trap 'kill -TERM "${pids[@]}" 2>/dev/null || true' INT TERM
status=0
for number in "${!pids[@]}"; do
    # A signal ends the wait, not the process.
    while kill -0 "${pids[number]}" 2>/dev/null; do wait "${pids[number]}" || true; done
    grep -q '^counts:' "$work/$number" || { echo "process $number ended early; its last lines:"; tail -n 20 "$work/$number"; status=1; }
    sed '/^tally:/d; s/^counts:/process '"$number"':/' "$work/$number"
done
cat "$work"/* | awk -v seed="$seed" '
    /^tally:/ { programs += $2; calls += $3; succeeded += $4; bounded += $5; failures += $6; bytes += $7
        settlements += $8; elements += $9; aside += $10; pushes += $11; dry += $12 }
    END {
        printf "counts: %d generated programs of %d bytes on average, %d calls of which %d %% succeeded, gas bounds at every call of %d; %d settlements at once and in batches (%d elements, %d set aside; %d pushes, %d out of gas); %s, seeds from %d\n",
            programs, programs ? bytes / programs : 0, calls, calls ? succeeded * 100 / calls : 0, bounded, settlements, elements, aside, pushes, dry,
            failures ? failures " disagree" : "machine and reference agree on all", seed
        exit failures > 0
    }' || status=1
exit $status
