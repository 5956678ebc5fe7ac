#!/usr/bin/env bash
# determinism.sh [PROCESSES] [--debug]: what compiling and testing every contract, the standard library and the conformance
# cases yields, and the roots of a demo chain, are the same in fresh processes with other hash seeds, locales, time zones
# and working directories; with --debug also in a debug build. Wants ./agon.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
count=${1:-20}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
locales=(C C.UTF-8 POSIX en_US.UTF-8 de_DE.UTF-8 tr_TR.UTF-8 ja_JP.UTF-8)
zones=(UTC Asia/Kathmandu America/St_Johns Pacific/Chatham Africa/Monrovia Antarctica/Troll)
sources=("$root/contracts" "$root/stdlib" "$root/Tests/Conformance")

# digests AGON NAME NUMBER: what one process yields, in surroundings of that number.
digests() {
    local agon=$1 name=$2 number=$3
    local place="$work/place $number/é"
    mkdir -p "$place"
    (
        cd "$place"
        export LANG=${locales[number % ${#locales[@]}]} LC_ALL=${locales[(number / 2) % ${#locales[@]}]}
        export TZ=${zones[number % ${#zones[@]}]} AGON_STDLIB=$root/stdlib AGON_UNUSED=$number
        # The runtime draws a hash seed for each process, save that one of three runs without.
        if [ $((number % 3)) -eq 2 ]; then export SWIFT_DETERMINISTIC_HASHING=1; fi
        "$agon" test --digest "${sources[@]}"
    ) >"$work/$name"
}

# roots NUMBER: the head of a demo chain, without the hash of its block, which holds the time when it was made.
roots() {
    (
        mkdir -p "$work/demo $1"
        cd "$root"
        export LANG=${locales[$1 % ${#locales[@]}]} TZ=${zones[$1 % ${#zones[@]}]}
        ./agon demo --json --data "$work/demo $1/chain" >/dev/null 2>&1
        ./agon query --json --data "$work/demo $1/chain"
    ) | grep -viE "time|\"hash\"" >"$work/roots-$1"
}

# same A B: fails with the lines that differ.
same() {
    if ! diff "$work/$1" "$work/$2" >"$work/difference"; then
        echo "FAILED: $1 and $2 differ:"
        head -n 20 "$work/difference"
        exit 1
    fi
}

for ((number = 0; number < count; number++)); do
    digests "$root/agon" "process-$number" "$number"
    same process-0 "process-$number"
done
[ "$(wc -l <"$work/process-0")" -gt 10 ] || { echo "FAILED: nothing was compared"; exit 1; }
demos=$((count < 3 ? count : 3))
for ((number = 0; number < demos; number++)); do
    roots "$number"
    same roots-0 "roots-$number"
done
[ -s "$work/roots-0" ] || { echo "FAILED: no demo chain"; exit 1; }
builds="release"
if [ "${2:-}" = --debug ]; then
    swift build --product agon >&2
    digests "$root/.build/debug/agon" debug "$count"
    same process-0 debug
    builds="release and debug"
fi
echo "counts: $(tail -n 1 "$work/process-0"); equal in $count processes ($builds); $demos demo chains with equal heads"
