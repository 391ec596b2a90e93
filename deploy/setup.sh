#!/bin/sh
# Creates .venv from a locked requirements file and installs the package into it: setup.sh REQUIREMENTS
# Works on a python3 that refuses system-wide installs and on one without ensurepip.
set -eu
requirements=$1
python=${PYTHON:-python3}

say() { printf '%s\n' "$*" >&2; }

command -v "$python" >/dev/null 2>&1 || { say "python3 is not installed: on Debian or Ubuntu, 'apt install python3 python3-venv' brings it."; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
    || { say "Open Chair needs Python 3.11 or newer; this is $("$python" -V 2>&1). Set PYTHON=/path/to/a/newer/python3."; exit 1; }

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c '' 2>/dev/null; then
    rm -rf .venv
    "$python" -m venv .venv >/dev/null 2>&1 \
        || { rm -rf .venv; "$python" -m pip --version >/dev/null 2>&1 && "$python" -m venv --without-pip .venv; } \
        || { say "Neither pip nor venv is there: on Debian or Ubuntu, 'apt install python3-venv' brings both."; exit 1; }
fi
if .venv/bin/python -m pip --version >/dev/null 2>&1; then
    pip() { .venv/bin/python -m pip "$@"; }
else
    pip() { "$python" -m pip --python .venv/bin/python "$@"; }
fi

say "Installing what $requirements lists (the first time takes a minute) ..."
PIP_DISABLE_PIP_VERSION_CHECK=1 pip install --quiet --require-hashes -r "$requirements"
PIP_DISABLE_PIP_VERSION_CHECK=1 pip install --quiet --no-deps --no-build-isolation --no-index -e .
touch .venv/.ready
if [ "$requirements" = requirements-dev.txt ]; then touch .venv/.dev-ready; fi
