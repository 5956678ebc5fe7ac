#!/usr/bin/env bash
# The conformance suite in a release build, and its computed tables against what their scripts write. Wants ./agon.
set -euo pipefail
cd "$(dirname "$0")/.."
if command -v python3 >/dev/null; then
    Scripts/conformance_tables.py --check
    Scripts/conformance_opcodes.py --check
else
    echo "without python3 the computed tables are not compared with what their scripts write"
fi
./agon conformance
