#!/usr/bin/env bash
# mutants.sh [COUNT] [SEED]: mutants of valid artefacts under the address sanitizer: refused, or run within gas and with supplies conserved.
set -euo pipefail
cd "$(dirname "$0")/.."
AGON_FUZZ=1 swift build --product agon-mutants --sanitize=address --scratch-path .build-asan
SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 .build-asan/debug/agon-mutants "${1:-100000}" "${2:-1}"
