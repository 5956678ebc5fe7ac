#!/usr/bin/env bash
# soak-programs.sh [COUNT] [SEED]: generated programs in the machine and in the reference evaluator, by as many processes as
# there are cores; every program has a seed of its own, and each process works on seeds of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
count=${1:-1000000}
seed=${2:-1}
cores=$(nproc)
AGON_FUZZ=1 swift build -c release --product agon-soak --scratch-path .build-soak
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
share=$(((count + cores - 1) / cores))
pids=()
for ((number = 0; number < cores; number++)); do
    .build-soak/release/agon-soak programs "$share" $((seed + number * share)) >"$work/$number" 2>&1 &
    pids+=($!)
done
status=0
for pid in "${pids[@]}"; do wait "$pid" || status=1; done
cat "$work"/*
exit $status
