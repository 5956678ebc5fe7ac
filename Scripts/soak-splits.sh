#!/usr/bin/env bash
# soak-splits.sh [COUNT] [SEED]: random splits by weights of all sizes; every part and their sum against the definition.
set -euo pipefail
cd "$(dirname "$0")/.."
AGON_FUZZ=1 swift build -c release --product agon-soak --scratch-path .build-soak
.build-soak/release/agon-soak splits "${1:-10000000}" "${2:-1}"
