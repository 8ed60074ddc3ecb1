#!/usr/bin/env bash
# Builds and runs the benchmarks: every bench/<name>/run.sh, which prints what it measured.
# The libraries that they measure against live in a virtual environment of their own.
#   scripts/bench.sh <jobs> [<name>...]
set -euo pipefail
cd "$(dirname "$0")/.."
jobs=$1
shift

venv=build/bench-venv
if [ -f bench/requirements.txt ] && ! cmp -s bench/requirements.txt "$venv/requirements.txt"; then
  [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
  "$venv/bin/python" -m pip install --quiet --progress-bar off -r bench/requirements.txt
  cp bench/requirements.txt "$venv/requirements.txt"
fi
cmake --preset release -DEVENFACE_BENCH=ON --log-level=WARNING > /dev/null
cmake --build --preset release -j "$jobs"

names=("$@")
[ ${#names[@]} -gt 0 ] || for folder in bench/*/; do names+=("$(basename "$folder")"); done
for name in "${names[@]}"; do
  [ -x "bench/$name/run.sh" ] || continue
  echo "== $name"
  "bench/$name/run.sh" build/release "$PWD/$venv/bin/python"
done
