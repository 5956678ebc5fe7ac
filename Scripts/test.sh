#!/usr/bin/env bash
# Every test of the repository, with the time each step took and how many tests of which kind there were.
set -euo pipefail
cd "$(dirname "$0")/.."
summary=()
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT

# step NAME COMMAND…: runs it, keeps its output, shows the output when it fails.
step() {
    local name=$1 started=$SECONDS
    shift
    echo "== $name"
    if ! "$@" >"$log/$name" 2>&1; then
        tail -n 200 "$log/$name"
        echo "FAILED: $name"
        exit 1
    fi
    summary+=("$(printf '%-28s %4d s  %s' "$name" $((SECONDS - started)) "$(counts "$log/$name")")")
    echo "${summary[-1]}"
}

# The line of a log that says how many tests it ran.
counts() { grep -E 'Test run with|passed, [0-9]+ failed|mutants:|^counts:' "$1" | tail -n 3 | sed -E 's/^[^A-Za-z0-9]*//' | paste -sd ';' || true; }

step build-debug swift build --build-tests
step unit-tests swift test --skip-build
step build-release make --no-print-directory agon
step contract-tests ./agon test contracts stdlib
step command-tests Scripts/test-command.sh
step mutants Scripts/mutants.sh "${AGON_MUTANTS:-100000}"

echo
printf '%s\n' "${summary[@]}"
