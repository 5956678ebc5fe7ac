#!/usr/bin/env bash
# determinism.sh [PROCESSES] [--debug] [--short]: what compiling and testing every contract, the standard library and the conformance
# cases yields, and the roots of a demo chain, are the same in fresh processes with other hash seeds, locales, time zones, working
# directories, and sources in another folder, named in another way; with --debug also in a debug build, with --short by few cases
# of properties and invariants. Wants ./agon.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
count=20
builds="release"
limits=()
for argument in "$@"; do
    case $argument in
        --debug) builds="release and debug" ;;
        --short) limits=(--cases 5 --steps 10) ;;
        *) count=$argument ;;
    esac
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
locales=(C C.UTF-8 POSIX en_US.UTF-8 de_DE.UTF-8 tr_TR.UTF-8 ja_JP.UTF-8)
zones=(UTC Asia/Kathmandu America/St_Johns Pacific/Chatham Africa/Monrovia Antarctica/Troll)

# digests AGON NAME NUMBER: what one process yields, in surroundings of that number. Names of sources are shown without the way to them.
digests() {
    local agon=$1 name=$2 number=$3 place before
    place="$work/$(printf 'folder/%.0s' $(seq 0 $((number % 4))))place $number/é"
    mkdir -p "$place/Tests"
    cp -r "$root/contracts" "$root/stdlib" "$place"
    cp -r "$root/Tests/Conformance" "$place/Tests"
    case $((number % 3)) in
        0) cd "$place" && before="" ;;
        1) cd "$work" && before="$place/" ;;
        2) cd "$place/Tests/Conformance" && before="../../" ;;
    esac
    export LANG=${locales[number % ${#locales[@]}]} LC_ALL=${locales[(number / 2) % ${#locales[@]}]}
    export TZ=${zones[number % ${#zones[@]}]} AGON_STDLIB=$place/stdlib AGON_UNUSED=$number
    # The runtime draws a hash seed for each process, save that one of three runs without.
    if [ $((number % 3)) -eq 2 ]; then export SWIFT_DETERMINISTIC_HASHING=1; fi
    "$agon" test --digest ${limits[@]+"${limits[@]}"} "${before}contracts" "${before}stdlib" "${before}Tests/Conformance" |
        sed -E 's,^([0-9a-f]{64})  .*(contracts/|stdlib/|Tests/Conformance/),\1  \2,' >"$work/$name"
}

# roots NUMBER: the head of a demo chain, without the hash of its block, which holds the time when it was made.
roots() {
    mkdir -p "$work/demo $1"
    cd "$root"
    export LANG=${locales[$1 % ${#locales[@]}]} TZ=${zones[$1 % ${#zones[@]}]}
    ./agon demo --json --data "$work/demo $1/chain" >/dev/null 2>&1
    ./agon query --json --data "$work/demo $1/chain" | grep -viE "time|\"hash\"" >"$work/roots-$1"
}

# same A B: fails with the lines that differ.
same() {
    if ! diff "$work/$1" "$work/$2" >"$work/difference"; then
        echo "FAILED: $1 and $2 differ:"
        head -n 20 "$work/difference"
        exit 1
    fi
}

# Subshells keep the surroundings of one process from the next; as many run at once as there are cores.
cores=$(nproc)
for ((first = 0; first < count; first += cores)); do
    pids=()
    for ((number = first; number < count && number < first + cores; number++)); do
        (digests "$root/agon" "process-$number" "$number") &
        pids+=($!)
    done
    for pid in "${pids[@]}"; do wait "$pid"; done
    for ((number = first; number < count && number < first + cores; number++)); do same process-0 "process-$number"; done
done
[ "$(wc -l <"$work/process-0")" -gt 10 ] || { echo "FAILED: nothing was compared"; exit 1; }
demos=$((count < 3 ? count : 3))
for ((number = 0; number < demos; number++)); do
    (roots "$number")
    same roots-0 "roots-$number"
done
[ -s "$work/roots-0" ] || { echo "FAILED: no demo chain"; exit 1; }
if [ "$builds" != release ]; then
    swift build --product agon >&2
    (digests "$root/.build/debug/agon" debug "$count")
    same process-0 debug
fi
echo "counts: $(tail -n 1 "$work/process-0"); equal in $count processes ($builds), each with sources in a folder of its own; $demos demo chains with equal heads"
