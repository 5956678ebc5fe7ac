#!/usr/bin/env bash
# write-gas-tables.sh [--check] [--all]: writes the output of commands into the documents, between a line
# `<!-- table: COMMAND -->`, or `text` for output that is no table, and `<!-- end of table -->`. With --check nothing is
# written: it fails, and shows the difference, where a document holds something else. A `slow` one is left alone without
# --all. AGON names the command, ./agon by default.
set -euo pipefail
cd "$(dirname "$0")/.."
export AGON_STDLIB=$PWD/stdlib
agon=${AGON:-./agon}
isCheck=false
isAll=false
for option in "$@"; do
    case $option in
    --check) isCheck=true ;;
    --all) isAll=true ;;
    *) echo "usage: $0 [--check] [--all]" >&2 && exit 1 ;;
    esac
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The document with every table written anew.
written() {
    local line command indent isSkipping=false
    while IFS= read -r line || [ -n "$line" ]; do
        if [ "$line" = '<!-- end of table -->' ]; then isSkipping=false; fi
        if ! $isSkipping; then printf '%s\n' "$line"; fi
        case $line in
        '<!-- table: '* | '<!-- text: '*) ;;
        '<!-- slow table: '* | '<!-- slow text: '*) $isAll || continue ;;
        *) continue ;;
        esac
        indent=
        case $line in *'text: '*) indent='    ' ;; esac
        command=${line#*: }
        command=${command% -->}
        # Every command is one of ours.
        [[ $command == './agon '* ]] || { echo "$1: not a command of this repository: $command" >&2 && return 1; }
        # shellcheck disable=SC2086
        $agon ${command#./agon } >"$work/output" 2>"$work/errors" || { cat "$work/errors" >&2 && return 1; }
        sed "s/^/$indent/; s/[[:space:]]*$//" "$work/output"
        isSkipping=true
    done <"$1"
}

status=0
for document in $(grep -lE '^<!-- (slow )?(table|text): ' -r Documentation --include='*.md' | sort); do
    if ! written "$document" >"$work/new"; then
        status=1
    elif ! diff -u "$document" "$work/new" >"$work/difference"; then
        if $isCheck; then
            cat "$work/difference"
            echo "$document: Scripts/write-gas-tables.sh writes other figures"
            status=1
        else
            cp "$work/new" "$document"
            echo "$document: written"
        fi
    fi
done
exit $status
