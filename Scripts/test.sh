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
        # What failed may lie far above the end.
        grep -E 'recorded an issue|error:' "$log/$name" || true
        echo "FAILED: $name"
        exit 1
    fi
    summary+=("$(printf '%-16s %4d s' "$name" $((SECONDS - started)))")
    while IFS= read -r line; do [ -z "$line" ] || summary+=("                    $line"); done <<<"$(counts "$log/$name")"
}

# The lines of a log that say how many tests of which kind it ran.
counts() {
    grep -E 'Test run with|[0-9]+ passed, [0-9]+ failed|^counts:|^grammar, |^fault sweep|^kill test|mutants from seed|ran to the end|refused by the decoder|violations' "$1" |
        sed -E 's/^[^A-Za-z0-9]*//' | cut -c1-180 || true
}

step build-debug swift build --build-tests
step unit-tests swift test --skip-build
step build-release make --no-print-directory agon
step contract-tests ./agon test contracts stdlib
step conformance Scripts/conformance.sh
step determinism Scripts/determinism.sh 4 --short
step command-tests Scripts/test-command.sh
step mutants Scripts/mutants.sh "${AGON_MUTANTS:-100000}"

echo
printf '%s\n' "${summary[@]}"

# All tests that count one by one; a failed step has ended the script above.
unit=$(grep -oE 'Test run with [0-9]+ tests' "$log/unit-tests" | tail -n 1 | grep -oE '[0-9]+')
others=$(grep -hoE '^[0-9]+ passed, 0 failed$' "$log/contract-tests" "$log/command-tests" | awk '{ sum += $1 } END { print sum }')
echo "$((unit + others)) passed, 0 failed"
