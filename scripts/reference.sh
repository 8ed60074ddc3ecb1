#!/usr/bin/env bash
# Holds the program against the field's reference libraries, which live in a virtual
# environment of their own.
#   scripts/reference.sh [<tables>]
set -euo pipefail
cd "$(dirname "$0")/.."

venv=build/reference-venv
requirements=tests/side_by_side/requirements.txt
if ! cmp -s "$requirements" "$venv/requirements.txt"; then
  [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --progress-bar off -r "$requirements"
  cp "$requirements" "$venv/requirements.txt"
fi
"$venv/bin/python" tests/side_by_side/check.py build/release/bin/evenface --tables "${1:-200}"
