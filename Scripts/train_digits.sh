#!/bin/sh
# Makes the classifiers and shards of the demo, in an environment of its own. With --check it compares instead of writing.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
environment="$root/.venv"
if [ ! -x "$environment/bin/python" ]; then
    python3 -m venv "$environment"
fi
"$environment/bin/python" -c 'import numpy, sklearn' 2>/dev/null ||
    "$environment/bin/pip" install --quiet 'scikit-learn==1.9.1' 'numpy==2.4.6'
exec "$environment/bin/python" "$root/Scripts/train_digits.py" "$@"
