#!/usr/bin/env bash
# soak-math.sh [COUNT] [SEED]: exp, ln, log2, sqrt and pow at random, extreme, exact and nearly tied inputs, rounded three
# ways, against MPFR.
set -euo pipefail
cd "$(dirname "$0")/.."
AGON_FUZZ=1 swift build -c release --product agon-soak --scratch-path .build-soak
.build-soak/release/agon-soak mathematics "${1:-1000000}" "${2:-1}"
