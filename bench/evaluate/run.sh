#!/usr/bin/env bash
# Counting, evaluating and comparing ten million rows, against DuckDB, Polars and pandas.
#   bench/evaluate/run.sh <build> <python> [<rows>]
set -euo pipefail
build=$(realpath "$1")
python=$2
rows=${3:-10000000}
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$python" make_table.py "$folder" "$rows"
POLARS_MAX_THREADS=2 "$python" measure.py "$build" "$folder"
